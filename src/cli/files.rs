//! Commands that export tables, and matching over the database.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use domain::account::Scope;
use domain::listing::Kind;
use domain::requirement::FIELDS;
use serde_json::Value;

use super::pure::{parse_limit, requirement};
use super::{ExportTable, operate, print};
use crate::db::requirement::RequirementRow;
use crate::service::context::Context;
use crate::service::{exports, matching, policy_files};
use crate::tables::{Format, Out, write, write_rows};

/// `luodi match` over the database.
pub(super) async fn match_database(file: &str, limit: &str) -> anyhow::Result<ExitCode> {
    let (requirement, limit) = (requirement(file)?, parse_limit(limit)?);
    let app = operate::context().await?;
    print(&serde_json::to_string(&matching::answer(&app, &requirement, limit))?)?;
    Ok(ExitCode::SUCCESS)
}

/// `luodi export`
pub(super) async fn export(table: ExportTable, format: &str, out: Option<&Path>) -> anyhow::Result<ExitCode> {
    let format = Format::from_word(format).with_context(|| format!("--format {format} must be csv or xlsx"))?;
    let app = operate::context().await?;
    let bytes = match table {
        ExportTable::Parks => listings(&app, Kind::Park, format).await?,
        ExportTable::Plots => listings(&app, Kind::Plot, format).await?,
        ExportTable::Spaces => listings(&app, Kind::Space, format).await?,
        ExportTable::Requirements => requirements(&app, format).await?,
        ExportTable::Policies => return policies(&app, out).await,
        ExportTable::Leads => return lead_rows(&app, format, out).await.map(|()| ExitCode::SUCCESS),
    };
    match out {
        Some(path) => std::fs::write(path, bytes).with_context(|| path.display().to_string())?,
        None => std::io::Write::write_all(&mut std::io::stdout().lock(), &bytes)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes every policy as a Markdown file.
async fn policies(app: &Context, out: Option<&Path>) -> anyhow::Result<ExitCode> {
    let folder = out.context("--out must name the folder of the Markdown files")?;
    let count = policy_files::write(folder, &app.db.policies().await?)?;
    print(&format!("{count} policies"))?;
    Ok(ExitCode::SUCCESS)
}

async fn listings(app: &Context, kind: Kind, format: Format) -> anyhow::Result<Vec<u8>> {
    let records = app.db.listings_of(kind).await?;
    Ok(write(kind, &records, format)?)
}

/// Returns the rows of requirements without company and contact.
async fn requirements(app: &Context, format: Format) -> anyhow::Result<Vec<u8>> {
    let all = app.db.open_requirements().await?;
    let others = unknown_fields(&all);
    let fields: Vec<&str> = FIELDS.iter().copied().chain(others.iter().map(String::as_str)).collect();
    let header: Vec<&str> = ["id", "created_at"].into_iter().chain(fields.iter().copied()).collect();
    let rows = all.iter().map(|stored| {
        let body = stored.requirement.to_json();
        [Out::text(stored.id.as_str()), Out::text(stored.created_at.rfc3339())]
            .into_iter()
            .chain(fields.iter().map(|name| cell(&body, name)))
            .collect()
    });
    Ok(write_rows(&header, rows, format)?)
}

/// Returns the names of fields of another version, whose columns follow those of this one.
fn unknown_fields(all: &[RequirementRow]) -> BTreeSet<String> {
    let kept = all.iter().flat_map(|stored| stored.requirement.kept());
    kept.map(|kept| kept.field.clone()).filter(|field| !FIELDS.contains(&field.as_str())).collect()
}

/// Returns the cell of a field as stored; a body that is no object is one cell under an empty name.
fn cell(body: &Value, name: &str) -> Out {
    match if name.is_empty() && !body.is_object() { body } else { &body[name] } {
        Value::Null => Out::text(""),
        Value::String(text) => Out::text(text.as_str()),
        Value::Number(number) => Out::number(number.to_string()),
        other => Out::text(other.to_string()),
    }
}

/// One row per inquiry, then the leads that staff typed in, see [`exports::leads`].
async fn lead_rows(app: &Context, format: Format, out: Option<&Path>) -> anyhow::Result<()> {
    if let Some(path) = out {
        let file = std::fs::File::create(path).with_context(|| path.display().to_string())?;
        exports::leads(app, &Scope::All, format, file).await?;
        return Ok(());
    }
    let mut file = tempfile::tempfile()?;
    exports::leads(app, &Scope::All, format, file.try_clone()?).await?;
    std::io::Seek::rewind(&mut file)?;
    std::io::copy(&mut file, &mut std::io::stdout().lock())?;
    Ok(())
}
