//! The list of imports, with those that are under way, and what an undo found.

use axum::http::StatusCode;
use domain::account::Scope;
use domain::kind::Kind;
use domain::lead_sheet::SheetKind;
use domain::record::Record;
use domain::requirement::Word as _;
use domain::time::Moment;
use serde::Serialize;

use crate::db::import::Import;
use crate::db::import_job::ImportJob;
use crate::error::Error;
use crate::i18n::{field_error, moment, say, word};
use crate::service::import_jobs;
use crate::service::imports::UndoReport;
use crate::service::listings::may_keep;
use crate::web::pages::{Page, PageResult, WrongField};
use crate::web::staff::listings::base;
use crate::web::upload::UploadLimits;
use crate::web::view::OptionView;

/// The table of an import that is no kind of listing.
const POLICIES: &str = "policy";
/// Listings that a refused undo names at once.
const MOST_NAMED: usize = 200;

#[derive(Serialize)]
struct ImportsPage {
    kinds: Vec<OptionView>,
    parks: Vec<OptionView>,
    errors: Vec<WrongField>,
    jobs: Vec<JobRow>,
    imports: Vec<ImportRowView>,
    templates: Vec<TemplateLink>,
    may_keep: bool,
    /// Largest file, bytes and in words; the sentence about a larger one.
    most_bytes: usize,
    most: String,
    too_large: String,
    undo: Option<UndoView>,
}

#[derive(Serialize)]
struct TemplateLink {
    label: String,
    url: String,
}

#[derive(Serialize)]
struct JobRow {
    url: String,
    file: String,
    kind: String,
    state: String,
    code: String,
    at: String,
    who: String,
}

#[derive(Serialize)]
struct ImportRowView {
    id: String,
    file: String,
    kind: String,
    park: Option<String>,
    at: String,
    who: String,
    counts: String,
    undone: Option<String>,
    can_undo: bool,
    is_unfinished: bool,
}

/// Outcome of an undo: counts, or the listings that refuse it.
#[derive(Serialize)]
pub(super) struct UndoView {
    is_refused: bool,
    words: String,
    listings: Vec<TemplateLink>,
}

pub(super) async fn list_page(
    page: &Page,
    status: StatusCode,
    errors: Vec<WrongField>,
    undo: Option<UndoView>,
) -> PageResult {
    let actor = page.staff()?;
    let (jobs, imports) = import_jobs::list(&page.app, actor).await?;
    let names = page.app.db.account_names().await.map_err(Error::from)?;
    let who = |id: &str| match id {
        "operator" => page.tell("staff.imports.operator"),
        "demo" => page.tell("staff.imports.demo"),
        id => names.get(id).cloned().unwrap_or_else(|| id.to_owned()),
    };
    let keeps = may_keep(actor).is_ok();
    let sees_all = actor.scope == Scope::All;
    let all = [Kind::Plot, Kind::Space, Kind::Park].map(SheetKind::Listing).into_iter().chain([SheetKind::Leads]);
    let may = |kind: &SheetKind| import_jobs::may_import(actor, Some(*kind)).is_ok() || *kind != SheetKind::Leads;
    let kinds = all.filter(|kind| sees_all || *kind != SheetKind::Listing(Kind::Park)).filter(may);
    let kind_words = |kind: SheetKind| word(page.locale, "kind", kind.word());
    let limits = UploadLimits::spreadsheet(&page.app.config.server);
    let context = ImportsPage {
        most_bytes: limits.bytes,
        most: limits.megabytes(),
        too_large: field_error(page.locale, &limits.too_large("file")),
        parks: if sees_all { park_options(page) } else { Vec::new() },
        errors,
        jobs: jobs.iter().map(|job| job_row(page, job, who(&job.actor))).collect(),
        imports: imports.into_iter().map(|import| import_row(page, &import, who(&import.by), keeps)).collect(),
        templates: kinds
            .clone()
            .map(|kind| TemplateLink {
                label: kind_words(kind),
                url: page.url(&format!("/staff/imports/templates/{}", kind.word())),
            })
            .collect(),
        kinds: kinds
            .map(|kind| OptionView { value: kind.word().to_owned(), label: kind_words(kind), checked: false })
            .collect(),
        may_keep: keeps,
        undo,
    };
    page.show_as(status, "staff/imports.html", context)
}

fn park_options(page: &Page) -> Vec<OptionView> {
    let records = page.app.inventory.records();
    let parks = records.iter().filter(|record| record.kind() == Kind::Park && !record.get("inbox_email").is_empty());
    let option = |record: &std::sync::Arc<Record>| OptionView {
        value: record.id().to_owned(),
        label: format!("{}（{}）", record.get("name"), record.id()),
        checked: false,
    };
    parks.map(option).collect()
}

fn job_row(page: &Page, job: &ImportJob, who: String) -> JobRow {
    JobRow {
        url: page.url(&format!("/staff/imports/{}", job.id)),
        file: job.file.clone(),
        kind: word(page.locale, "kind", job.kind.word()),
        state: word(page.locale, "job_state", job.state.word()),
        code: job.state.word().to_owned(),
        at: moment(page.locale, job.created_at),
        who,
    }
}

fn import_row(page: &Page, import: &Import, who: String, may_keep: bool) -> ImportRowView {
    let day = |text: &str| Moment::from_rfc3339(text).map_or_else(|| text.to_owned(), |at| moment(page.locale, at));
    let count = |name: &str| import.counts[name].as_u64().unwrap_or_default().to_string();
    let names = ["read", "created", "updated", "unchanged", "rejected"];
    let counts = names.map(count);
    let args: Vec<(&str, &str)> = names.iter().copied().zip(counts.iter().map(String::as_str)).collect();
    ImportRowView {
        id: import.id.clone(),
        file: import.file.clone(),
        kind: if import.kind == POLICIES {
            page.tell("search.policy")
        } else {
            word(page.locale, "kind", &import.kind)
        },
        park: import.park.as_deref().map(|park| page.app.inventory.park_name(park)),
        at: day(&import.at),
        who,
        counts: say(page.locale, "staff.imports.counts", &args),
        undone: import.undone_at.as_deref().map(day),
        can_undo: may_keep && import.is_done(),
        is_unfinished: import.is_unfinished(),
    }
}

pub(super) fn undo_view(page: &Page, kind: Option<Kind>, done: &UndoReport) -> UndoView {
    let Some(refusal) = &done.refused else {
        let args = [("restored", done.restored.to_string()), ("removed", done.removed.to_string())];
        let args = [(args[0].0, args[0].1.as_str()), (args[1].0, args[1].1.as_str())];
        let words = say(page.locale, "staff.imports.undone", &args);
        return UndoView { is_refused: false, words, listings: Vec::new() };
    };
    let link = |id: &String| TemplateLink {
        label: id.clone(),
        url: kind.map_or_else(String::new, |kind| page.url(&base(kind, id))),
    };
    let key = format!("import.refused.{}", refusal.code);
    UndoView {
        is_refused: true,
        words: say(page.locale, &key, &[("ids", &refusal.ids.len().to_string())]),
        listings: refusal.ids.iter().take(MOST_NAMED).map(link).collect(),
    }
}
