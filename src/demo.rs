//! Demo inventory of the development profile: real parks and plots, and samples marked 示例. Compiled in, so that it
//! loads from any working directory; production never loads it.

use domain::listing::Kind;
use domain::record::Policies;

use crate::service::context::App;
use crate::service::inventory::{Keep, Records, store};
use crate::tables::{Limits, Reader, parse};

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
    let reader = Reader::new(Limits::command_line());
    let refused = |errors| anyhow::anyhow!("a demo file's header: {errors:?}");
    for (kind, file) in LISTINGS {
        let parsed = parse(kind, reader.read_bytes(file.as_bytes())?).map_err(refused)?;
        let records = parsed.records.into_iter().map(|(_, record)| record).collect();
        store(app, Records::Listings(kind, records), Keep::Store).await?;
    }
    let parsed = parse(Policies, reader.read_bytes(POLICIES.as_bytes())?).map_err(refused)?;
    let records = parsed.records.into_iter().map(|(_, record)| record).collect();
    store(app, Records::Policies(records), Keep::Store).await?;
    tracing::info!(listings = app.inventory.len(), "demo inventory loaded");
    Ok(())
}
