//! Demo inventory of the development profile: real parks and plots, and samples marked 示例. Compiled in, so that it
//! loads from any working directory; production never loads it.

mod line;
mod place;
mod sample;

use std::collections::HashSet;

use chrono::NaiveDate;
use domain::listing::Kind;
use domain::record::{Policies, Table as _};

use self::line::Line;
use self::place::SamplePlace;
use self::sample::{SampleCells, samples};
use crate::db::import::StoredTable;
use crate::service::context::App;
use crate::service::imports::{self, ImportOptions};
use crate::tables::{Limits, Reader};

const PARKS: &str = include_str!("../config/data/parks.csv");
/// Samples on real parks; those of [`made`] leave these as they are.
const SAMPLE_PARKS: &str = include_str!("../config/data/demo_parks.csv");
const PLOTS: &str = include_str!("../config/data/plots.csv");
const POLICIES: &str = include_str!("../config/data/policies.csv");
const LIBRARY: &str = include_str!("../config/data/policy_library.csv");

/// Imports the demo inventory.
///
/// # Errors
/// [`anyhow::Error`] from the database, or from a file that is unreadable as a whole.
pub async fn load(app: &App) -> anyhow::Result<()> {
    for (kind, file) in [(Kind::Park, PARKS), (Kind::Park, SAMPLE_PARKS), (Kind::Plot, PLOTS)] {
        load_file(app, kind, file).await?;
    }
    for (kind, file) in made(app.clock.now().day()) {
        load_file(app, kind, &file).await?;
    }
    load_file(app, Policies, POLICIES).await?;
    load_file(app, Policies, LIBRARY).await?;
    tracing::info!(listings = app.inventory.len(), "demo inventory loaded");
    Ok(())
}

/// Returns the samples that are made from the small tables, as CSV: what is invented of parks, then plots and spaces.
#[must_use]
pub fn made(today: NaiveDate) -> [(Kind, String); 3] {
    let places = SamplePlace::all(&Line::all(PARKS));
    [Kind::Park, Kind::Plot, Kind::Space].map(|kind| {
        let mut rows = samples(kind, &places, today);
        if kind == Kind::Park {
            let mut known: HashSet<String> =
                Line::all(SAMPLE_PARKS).iter().map(|park| park.get("code").to_owned()).collect();
            rows.retain(|park| known.insert(cell(park, "code").to_owned()));
        }
        (kind, csv_of(kind, &rows))
    })
}

/// Writes the columns of which a row has a cell; an import leaves other columns as they are.
fn csv_of(kind: Kind, rows: &[SampleCells]) -> String {
    let present: HashSet<&str> = rows.iter().flatten().map(|(name, _)| *name).collect();
    let names = kind.columns().iter().map(|column| column.name).filter(|name| present.contains(name));
    let names: Vec<&str> = names.collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let lines = rows.iter().map(|row| names.iter().map(|name| cell(row, name)).collect::<Vec<_>>());
    // Memory takes every record, and all records of a table have the same length.
    let written = std::iter::once(names.clone()).chain(lines).try_for_each(|line| writer.write_record(line));
    debug_assert!(written.is_ok());
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

fn cell<'a>(row: &'a SampleCells, name: &str) -> &'a str {
    row.iter().find(|(column, _)| *column == name).map_or("", |(_, value)| value.as_str())
}

async fn load_file<T: StoredTable>(app: &App, table: T, file: &str) -> anyhow::Result<()> {
    let sheets = Reader::new(Limits::command_line())
        .read_bytes(file.as_bytes())
        .map_err(|error| anyhow::anyhow!("a demo file: {}", error.code()))?;
    let options = ImportOptions { file: "demo".to_owned(), by: "demo".to_owned(), ..ImportOptions::default() };
    let report = imports::import(app, table, sheets, options).await?;
    anyhow::ensure!(report.refused.is_none(), "a demo file: {:?}", report.refused);
    Ok(())
}
