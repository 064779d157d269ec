//! Policies as a folder of Markdown files: the cells as TOML between lines of `+++`, then the body.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use domain::record::{Policies, Record, Table as _};
use toml::Value;

/// Line before and after the cells.
const FENCE: &str = "+++";
/// Between the entries of a list in a cell.
const LIST: &str = ";";
/// Characters of a file's name beside letters and digits.
const NAME_CHARACTERS: &str = "-_.";

/// Returns the policies of a folder as one CSV table for the importer, in the order of the files' names. A file that names no
/// code has its own name as the code.
///
/// # Errors
/// [`anyhow::Error`] naming a file that cannot be read or has no cells in this form.
pub fn as_csv(folder: &Path) -> anyhow::Result<Vec<u8>> {
    let columns: Vec<&str> = Policies.columns().iter().map(|column| column.name).collect();
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(&columns)?;
    for path in files(folder)? {
        let name = || path.display().to_string();
        let text = std::fs::read_to_string(&path).with_context(name)?;
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let cells = cells(&text, &stem).with_context(name)?;
        table.write_record(columns.iter().map(|column| cells.get(*column).map_or("", String::as_str)))?;
    }
    Ok(table.into_inner()?)
}

fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "md"));
    paths.sort();
    if paths.is_empty() {
        bail!("{} has no file that ends with .md", folder.display());
    }
    Ok(paths)
}

type FileCells = std::collections::BTreeMap<String, String>;

fn cells(text: &str, stem: &str) -> anyhow::Result<FileCells> {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let rest = text.strip_prefix("+++\n").context("the first line is not +++")?;
    let (head, body) = rest.split_once("\n+++").context("no line of +++ ends the cells")?;
    let head: toml::Table = head.parse().context("the cells are no TOML")?;
    let mut cells = FileCells::new();
    for (name, value) in &head {
        if Policies.column(name).is_none() || name == "body" {
            bail!("there is no cell {name}");
        }
        cells.insert(name.clone(), cell(name, value)?);
    }
    cells.entry("policy_id".to_owned()).or_insert_with(|| stem.to_owned());
    cells.insert("body".to_owned(), body.trim().to_owned());
    Ok(cells)
}

fn cell(name: &str, value: &Value) -> anyhow::Result<String> {
    Ok(match value {
        Value::String(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Boolean(is_so) => if *is_so { "yes" } else { "no" }.to_owned(),
        Value::Datetime(day) => day.to_string(),
        Value::Array(entries) => {
            let entries: anyhow::Result<Vec<String>> = entries.iter().map(|entry| cell(name, entry)).collect();
            entries?.join(LIST)
        }
        Value::Float(_) | Value::Table(_) => {
            bail!("{name} is neither text, number, day, yes or no, nor a list of such")
        }
    })
}

/// Writes each policy into a file of its own; returns their number.
///
/// # Errors
/// [`anyhow::Error`] where the folder cannot be made, or two codes would have one file.
pub fn write(folder: &Path, policies: &[Record<Policies>]) -> anyhow::Result<usize> {
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let mut written: Vec<PathBuf> = Vec::new();
    for policy in policies {
        let path = folder.join(format!("{}.md", file_name(policy.id())));
        if written.contains(&path) {
            bail!("two policies would be {}", path.display());
        }
        std::fs::write(&path, file(policy)?).with_context(|| path.display().to_string())?;
        written.push(path);
    }
    Ok(written.len())
}

fn file_name(code: &str) -> String {
    let is_kept = |c: char| c.is_alphanumeric() || NAME_CHARACTERS.contains(c);
    code.chars().map(|c| if is_kept(c) { c } else { '_' }).collect()
}

fn file(policy: &Record<Policies>) -> anyhow::Result<String> {
    let mut head = String::new();
    for column in Policies.columns() {
        let text = policy.get(column.name);
        if column.name != "body" && !text.is_empty() {
            let one = toml::Table::from_iter([(column.name.to_owned(), Value::String(text.to_owned()))]);
            head.push_str(&toml::to_string(&one)?);
        }
    }
    Ok(format!("{FENCE}\n{head}{FENCE}\n\n{}\n", policy.get("body")))
}
