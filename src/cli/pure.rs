//! Commands without a database: reading text, matching over files.

use std::io::{BufRead as _, Read as _};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use chrono::NaiveDate;
use domain::listing::Kind;
use domain::matching::{Index, Ranking};
use domain::record::Record;
use domain::requirement::Requirement;

use super::{print, say};
use crate::clock::{Clock as _, SystemClock};
use crate::config::Config;
use crate::error::Code;
use crate::i18n::{self, Locale, worded_reading};
use crate::service::imports::{settle_alone, told};
use crate::service::inventory::listings;
use crate::service::matching::MOST;
use crate::tables::{Limits, Reader};
use crate::web::extract::parse_json;

/// `luodi read`
pub(super) fn read(text: &str, lines: bool, now: Option<&str>) -> anyhow::Result<ExitCode> {
    let now = match now {
        Some(day) => domain::time::parse_day(day).with_context(|| format!("--now {day} is no day like 2026-11-24"))?,
        None => today(),
    };
    // Reading needs no configuration: without a valid one foreign amounts are asked about.
    let rates = Config::load().map(|config| config.reading.rates.0).unwrap_or_default();
    let show = |text: &str| {
        let reading = domain::reader::read_with(text, now, &rates);
        print(&serde_json::to_string(&worded_reading(Locale::ZhHans, &reading))?)
    };
    if text != "-" {
        if lines {
            return text.lines().try_for_each(show).map(|()| ExitCode::SUCCESS);
        }
        show(text)?;
    } else if lines {
        for line in std::io::stdin().lock().lines() {
            show(&line?)?;
        }
    } else {
        show(&standard_input()?)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn standard_input() -> anyhow::Result<String> {
    let mut text = String::new();
    std::io::stdin().lock().read_to_string(&mut text).context("standard input is not UTF-8")?;
    Ok(text)
}

pub(super) fn today() -> NaiveDate {
    SystemClock.now().day()
}

/// Files of `luodi match`.
pub(super) struct FileInventory {
    pub(super) plots: Option<PathBuf>,
    pub(super) parks: Option<PathBuf>,
    pub(super) spaces: Option<PathBuf>,
}

impl FileInventory {
    pub(super) const fn is_named(&self) -> bool {
        self.plots.is_some() || self.parks.is_some() || self.spaces.is_some()
    }
}

/// `luodi match` over files alone.
pub(super) fn match_files(file: &str, limit: &str, files: &FileInventory) -> anyhow::Result<ExitCode> {
    let (requirement, limit) = (requirement(file)?, parse_limit(limit)?);
    let mut records: Vec<Record> = Vec::new();
    let mut code = ExitCode::SUCCESS;
    for (kind, path) in [(Kind::Park, &files.parks), (Kind::Plot, &files.plots), (Kind::Space, &files.spaces)] {
        let Some(path) = path else { continue };
        let sheets = Reader::new(Limits::command_line())
            .read(path)
            .map_err(|error| anyhow::anyhow!("{}: {}", path.display(), error.message(Locale::ZhHans)))?;
        let plan =
            settle_alone(kind, sheets).map_err(|refusal| anyhow::anyhow!("{}: {}", path.display(), refusal.reason))?;
        for note in &plan.rejected {
            say(&format!("{}: {}", path.display(), serde_json::to_string(&told(note))?));
            code = ExitCode::from(2);
        }
        records.extend(plan.settled.into_iter().map(|settled| settled.after));
    }
    let index = Index::build(listings(&records), Ranking::default());
    print(&serde_json::to_string(&index.answer(&requirement, limit, today()))?)?;
    Ok(code)
}

/// Reads a requirement from a file or standard input.
pub(super) fn requirement(file: &str) -> anyhow::Result<Requirement> {
    let text =
        if file == "-" { standard_input()? } else { std::fs::read_to_string(file).with_context(|| file.to_owned())? };
    let json = parse_json(text.as_bytes()).map_err(|problem| match problem.code {
        code @ Code::DuplicateField => anyhow::anyhow!("the requirement gives a field twice: {code}"),
        code => anyhow::anyhow!("the requirement is no JSON: {code}"),
    })?;
    Requirement::from_json(&json).map_err(|errors| {
        let lines =
            errors.iter().map(|e| format!("{}: {} ({})", e.field, e.code, i18n::field_error(Locale::ZhHans, e)));
        anyhow::anyhow!("the requirement is invalid: {}", lines.collect::<Vec<_>>().join("; "))
    })
}

/// `--limit`
pub(super) fn parse_limit(text: &str) -> anyhow::Result<usize> {
    match text.parse() {
        Ok(limit) if limit <= MOST => Ok(limit),
        _ => bail!("--limit {text} must be a number from 0 to {MOST}"),
    }
}
