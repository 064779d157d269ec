//! Leads as a file, without contact data: each look at these must be recorded, which an export cannot do. Read in pages and
//! written as they come.

use std::fs::File;

use domain::account::Scope;
use domain::inquiry::InquiryState;
use domain::lead::Stage;
use domain::requirement::{FieldCode, FieldError};
use domain::time::Moment;

use super::accounts::Actor;
use super::context::Context;
use super::looks::{self, DayLimit};
use crate::db;
use crate::db::lead::{Inquiry, LeadRow};
use crate::db::words::AuditAction;
use crate::error::{Error, Result};
use crate::tables::{Format, Out, RowWriter, WriteError};

/// Columns of exported leads.
const COLUMNS: [&str; 16] = [
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
/// Leads per query.
const PAGE: u64 = 1_000;
/// Longest reason, in characters.
const LONGEST_REASON: usize = 500;

fn failed(error: WriteError) -> Error {
    Error::Internal(error.into())
}

/// Writes the leads of a scope: one row per inquiry, oldest lead first, then those that staff typed in.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`]; the file is then incomplete.
pub async fn leads(app: &Context, scope: &Scope, format: Format, file: File) -> Result<()> {
    let mut writer = RowWriter::begin(&COLUMNS, format, file).map_err(failed)?;
    let (mut after, mut typed_in) = (String::new(), Vec::new());
    loop {
        let page = app.db.leads_after(scope, &after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.lead.id);
        for row in &page {
            if row.inquiry.state == InquiryState::TypedIn {
                typed_in.push(row.lead.id.clone());
            } else {
                write(app, &mut writer, row)?;
            }
        }
    }
    for ids in typed_in.chunks(PAGE as usize) {
        for row in app.db.leads_by_id(scope, ids).await? {
            write(app, &mut writer, &row)?;
        }
    }
    tokio::task::spawn_blocking(move || writer.end()).await.map_err(|e| anyhow::anyhow!(e))?.map_err(failed)
}

fn write(app: &Context, writer: &mut RowWriter, row: &LeadRow) -> Result<()> {
    row.inquiries.iter().try_for_each(|inquiry| writer.write(&cells(app, row, inquiry))).map_err(failed)
}

fn cells(app: &Context, row: &LeadRow, inquiry: &Inquiry) -> Vec<Out> {
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
        lead.answered_at.map(Moment::rfc3339).unwrap_or_default(),
        row.requirement.clone(),
        lead.source.word().to_owned(),
        row.owner.clone().unwrap_or_default(),
        lead.state.word().to_owned(),
    ];
    cells.into_iter().map(Out::text).collect()
}

/// Whether an actor may take leads away as a file.
#[must_use]
pub fn may_export(actor: &Actor) -> bool {
    actor.role.decides_leads()
}

/// Records an export and counts it against the limit of the day, before anything of it is read.
///
/// # Errors
/// [`Error::Forbidden`] for all but managers and admins; [`Error::NotFound`] for a park outside the scope;
/// [`Error::Invalid`] without a reason; [`Error::TooMany`] past the limit of the day.
pub async fn begin(app: &Context, actor: &Actor, park: Option<&str>, reason: &str) -> Result<Scope> {
    if park.is_some_and(|park| !actor.scope.covers(park)) {
        return Err(Error::NotFound);
    }
    if !may_export(actor) {
        return Err(Error::Forbidden);
    }
    let reason = reason.trim();
    let wrong = |code| Error::Invalid(vec![FieldError::new("reason", code).with("max", LONGEST_REASON.to_string())]);
    if reason.is_empty() {
        return Err(wrong(FieldCode::Missing));
    }
    if reason.chars().count() > LONGEST_REASON {
        return Err(wrong(FieldCode::TooLong));
    }
    record(app, actor, park.unwrap_or("*"), "leads").await?;
    Ok(park.map_or_else(|| actor.scope.clone(), |park| Scope::Park(park.to_owned())))
}

/// Counts an export and writes its audit line. The line holds park and table alone, so that an erasure leaves it whole.
///
/// # Errors
/// [`Error::TooMany`] past the limit of the day.
pub(super) async fn record(app: &Context, actor: &Actor, park: &str, table: &str) -> Result<()> {
    looks::take(app, actor, DayLimit::Exports).await?;
    let (by, subject, detail, now) = (actor.id.clone(), park.to_owned(), table.to_owned(), app.clock.now());
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(
                async move { Ok(db::requirement::audit(tx, &by, AuditAction::Export, &subject, &detail, now).await?) },
            )
        })
        .await
}

/// The words of a row of a park's ledger, without contact data.
pub(super) fn ledger_cells(
    app: &Context,
    row: &LeadRow,
    words: impl Fn(&str, &str) -> String,
    need: String,
) -> Vec<Out> {
    let lead = &row.lead;
    let day = |at: Moment| at.day().to_string();
    let stage = lead.stage.known().map_or_else(|| lead.stage.word().to_owned(), |it: Stage| words("stage", it.word()));
    let cells = [
        row.inquiry.number.clone(),
        row.company.clone().unwrap_or_default(),
        need,
        row.inquiry.listing_name.clone(),
        words("lead_source", lead.source.word()),
        stage,
        row.owner.clone().unwrap_or_default(),
        day(lead.created_at),
        lead.answered_at.map(day).unwrap_or_default(),
        if lead.is_open() { day(lead.due_at) } else { String::new() },
        app.inventory.park_name(&lead.park),
    ];
    cells.into_iter().map(Out::text).collect()
}
