//! Commands that export tables, and matching over the database.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use domain::account::Scope;
use domain::inquiry::InquiryState;
use domain::listing::Kind;
use domain::requirement::FIELDS;
use serde_json::Value;

use super::pure::{parse_limit, requirement};
use super::{ExportTable, operate, print};
use crate::db::lead::{Inquiry, LeadRow};
use crate::db::requirement::RequirementRow;
use crate::service::context::Context;
use crate::service::{leads, matching};
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
        ExportTable::Leads => lead_rows(&app, format).await?,
    };
    match out {
        Some(path) => std::fs::write(path, bytes).with_context(|| path.display().to_string())?,
        None => std::io::Write::write_all(&mut std::io::stdout().lock(), &bytes)?,
    }
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

/// Columns of exported leads.
const LEADS: [&str; 16] = [
    "number",
    "listing_kind",
    "listing",
    "listing_name",
    "park",
    "park_name",
    "state",
    "stage",
    "company",
    "created_at",
    "due_at",
    "answered_at",
    "requirement",
    "source",
    "owner",
    "lead_state",
];

/// One row per inquiry, then the leads that staff typed in, without contact data: each reveal must be recorded, which an
/// export cannot do.
async fn lead_rows(app: &Context, format: Format) -> anyhow::Result<Vec<u8>> {
    let all = leads::all(app, &Scope::All).await?;
    let is_typed_in = |row: &LeadRow| row.inquiry.state == InquiryState::TypedIn;
    let (typed_in, asked): (Vec<LeadRow>, Vec<LeadRow>) = all.into_iter().partition(is_typed_in);
    let rows = asked.iter().chain(&typed_in).flat_map(|row| row.inquiries.iter().map(|own| lead_cells(app, row, own)));
    Ok(write_rows(&LEADS, rows, format)?)
}

fn lead_cells(app: &Context, row: &LeadRow, inquiry: &Inquiry) -> Vec<Out> {
    let lead = &row.lead;
    let due_at = if lead.is_open() { lead.due_at.rfc3339() } else { String::new() };
    let cells = [
        inquiry.number.clone(),
        inquiry.kind.word().to_owned(),
        inquiry.listing.clone(),
        inquiry.listing_name.clone(),
        inquiry.park.clone(),
        app.inventory.park_name(&inquiry.park),
        inquiry.state.word().to_owned(),
        lead.stage.word().to_owned(),
        row.company.clone().unwrap_or_default(),
        inquiry.created_at.rfc3339(),
        due_at,
        lead.answered_at.map(domain::time::Moment::rfc3339).unwrap_or_default(),
        row.requirement.clone(),
        lead.source.word().to_owned(),
        row.owner.clone().unwrap_or_default(),
        lead.state.word().to_owned(),
    ];
    cells.into_iter().map(Out::text).collect()
}
