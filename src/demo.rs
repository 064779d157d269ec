//! Demo inventory of the development profile: real parks and plots, and samples marked 示例. Compiled in, so that it
//! loads from any working directory; production never loads it.

use domain::listing::Kind;
use domain::record::Policies;

use crate::db::import::StoredTable;
use crate::service::context::App;
use crate::service::imports::{self, ImportOptions};
use crate::tables::{Limits, Reader};

const LISTINGS: [(Kind, &str); 5] = [
    (Kind::Park, include_str!("../config/data/parks.csv")),
    (Kind::Park, include_str!("../config/data/demo_parks.csv")),
    (Kind::Plot, include_str!("../config/data/plots.csv")),
    (Kind::Plot, include_str!("../config/data/demo_plots.csv")),
    (Kind::Space, include_str!("../config/data/demo_spaces.csv")),
];
const POLICIES: &str = include_str!("../config/data/policies.csv");

/// Imports the demo inventory.
///
/// # Errors
/// [`anyhow::Error`] from the database, or from a file that is unreadable as a whole.
pub async fn load(app: &App) -> anyhow::Result<()> {
    for (kind, file) in LISTINGS {
        load_file(app, kind, file).await?;
    }
    load_file(app, Policies, POLICIES).await?;
    tracing::info!(listings = app.inventory.len(), "demo inventory loaded");
    Ok(())
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
