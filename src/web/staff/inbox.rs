//! The desk: lists of leads with their numbers, filters that stay in the address, and saved views.

use std::collections::HashMap;

use axum::http::StatusCode;
use domain::lead::{Bucket, Stage};
use domain::record::Record;
use domain::requirement::Word as _;
use domain::stored::StoredRequirement;
use serde::Serialize;

use super::due::due;
use crate::db::desk::{DeskCounts, LastLine};
use crate::db::lead::LeadRow;
use crate::error::Error;
use crate::i18n::{Locale, moment, need, say, tell, word};
use crate::service::desk::{self, Filters};
use crate::service::{desk_views, lead_json, parks};
use crate::web::extract::Id;
use crate::web::pages::{Form, Page, PageResult, Query, WrongField, wrong_fields};
use crate::web::view::{OptionView, address, encode};

#[derive(Serialize)]
struct InboxView {
    lists: Vec<DeskList>,
    /// Word of the list that is shown; empty for all leads.
    bucket: String,
    stages: Vec<OptionView>,
    owners: Vec<OptionView>,
    q: String,
    /// Whether leads are grouped by stage.
    is_grouped: bool,
    errors: Vec<WrongField>,
    /// Parks of the reader whose inbox takes no mail.
    refusing: Vec<RefusingPark>,
    groups: Vec<LeadGroup>,
    next: Option<String>,
    views: Vec<ViewLink>,
    may_type_in: bool,
}

/// A park whose inbox takes no mail.
#[derive(Serialize)]
struct RefusingPark {
    url: String,
    words: String,
}

/// One list of the desk with its number of leads.
#[derive(Serialize)]
struct DeskList {
    word: String,
    label: String,
    url: String,
    count: Option<i64>,
    is_shown: bool,
}

/// Leads under one heading; without one where they are not grouped.
#[derive(Serialize)]
struct LeadGroup {
    label: Option<String>,
    leads: Vec<InboxRow>,
}

/// A saved view.
#[derive(Serialize)]
struct ViewLink {
    id: String,
    name: String,
    url: String,
    is_shown: bool,
}

#[derive(Serialize)]
struct InboxRow {
    url: String,
    number: String,
    park: Option<String>,
    company: String,
    need: String,
    listing: String,
    stage: String,
    owner: Option<String>,
    is_unowned: bool,
    due: Option<String>,
    due_code: &'static str,
    last_word: Option<String>,
    /// The last words themselves.
    said: Option<String>,
    received: String,
}

/// Word of the grouping by stage.
const BY_STAGE: &str = "stage";
/// Words of the filter by owner besides addresses.
const OWNERS: [&str; 2] = ["me", "none"];
/// Characters of the last words that a row shows.
const SHOWN_WORDS: usize = 60;

/// `GET /staff`: the desk.
pub(super) async fn show(page: Page, query: Query) -> PageResult {
    desk_page(&page, StatusCode::OK, &query, Vec::new()).await
}

async fn desk_page(page: &Page, status: StatusCode, query: &Query, mut errors: Vec<WrongField>) -> PageResult {
    let actor = page.staff()?;
    let given = |name: &str| Some(query.get(name)).filter(|text| !text.trim().is_empty());
    let mut filters = Filters {
        bucket: given("bucket"),
        stage: given("stage"),
        owner: given("owner"),
        q: given("q"),
        updated_since: None,
        cursor: given("cursor"),
    };
    let found = match desk::list(&page.app, actor, filters).await {
        // A filter that cannot be read is named, and the whole desk shown.
        Err(Error::Invalid(wrong)) => {
            errors.extend(wrong_fields(page.locale, &wrong));
            filters = Filters::default();
            desk::list(&page.app, actor, filters).await?
        }
        other => other?,
    };
    let is_grouped = query.get("group") == BY_STAGE;
    let said = desk::last_lines(&page.app, actor, &found.rows).await?;
    let chosen = filters.stage.and_then(Stage::from_word);
    let refusing = parks::refusing(&page.app, &actor.scope).await?;
    let context = InboxView {
        refusing: refusing.iter().map(|park| refusing_park(page, park)).collect(),
        lists: lists(page, filters, is_grouped, &found.counts),
        bucket: filters.bucket.unwrap_or_default().to_owned(),
        stages: stages(page.locale, Stage::WORDS.iter().map(|&(_, stage)| stage), chosen),
        owners: owners(page, filters.owner.unwrap_or_default()),
        q: filters.q.unwrap_or_default().to_owned(),
        is_grouped,
        errors,
        groups: groups(page, &found.rows, &said, is_grouped)?,
        next: found.next.map(|next| address_of(page, &Filters { cursor: Some(&next), ..filters }, is_grouped)),
        views: views(page, filters, is_grouped).await?,
        may_type_in: actor.role.works_leads(),
    };
    page.show_as(status, "staff/inbox.html", context)
}

fn refusing_park(page: &Page, park: &Record) -> RefusingPark {
    let args = [("park", park.get("name")), ("address", park.get("inbox_email"))];
    RefusingPark {
        url: page.url(&format!("/staff/parks/{}", encode(park.id()))),
        words: say(page.locale, "staff.refusing", &args),
    }
}

/// Returns the query of filters; a saved view has no search text.
fn query_of(filters: &Filters<'_>, is_grouped: bool) -> String {
    let pairs = [
        ("bucket", filters.bucket),
        ("stage", filters.stage),
        ("owner", filters.owner),
        ("q", filters.q),
        ("group", is_grouped.then_some(BY_STAGE)),
        ("cursor", filters.cursor),
    ];
    address("", pairs.into_iter().filter_map(|(name, value)| Some((name, value?))))
}

/// Returns the address of the desk with these filters.
fn address_of(page: &Page, filters: &Filters<'_>, is_grouped: bool) -> String {
    format!("{}{}", page.url("/staff"), query_of(filters, is_grouped))
}

/// The lists of the desk with their numbers, then all leads.
fn lists(page: &Page, filters: Filters<'_>, is_grouped: bool, counts: &DeskCounts) -> Vec<DeskList> {
    let counts = [counts.overdue, counts.today, counts.to_answer, counts.new, counts.waiting];
    let list = |word: &'static str, count: Option<i64>| {
        let bucket = Some(word).filter(|word| *word != "all");
        DeskList {
            word: word.to_owned(),
            label: page.tell(&format!("bucket.{word}")),
            url: address_of(page, &Filters { bucket, cursor: None, ..filters }, is_grouped),
            count,
            is_shown: filters.bucket == bucket,
        }
    };
    let own = Bucket::words().into_iter().zip(counts).map(|(word, count)| list(word, Some(count)));
    own.chain([list("all", None)]).collect()
}

/// Stages to choose from.
fn stages(locale: Locale, stages: impl Iterator<Item = Stage>, chosen: Option<Stage>) -> Vec<OptionView> {
    let option = |stage: Stage| OptionView {
        value: stage.word().to_owned(),
        label: word(locale, "stage", stage.word()),
        checked: chosen == Some(stage),
    };
    stages.map(option).collect()
}

/// Owners to choose from: the reader, none, and the one that the address names.
fn owners(page: &Page, chosen: &str) -> Vec<OptionView> {
    let option = |value: &str, label: String| OptionView { value: value.to_owned(), label, checked: value == chosen };
    let named = Some(chosen).filter(|owner| !owner.is_empty() && !OWNERS.contains(owner));
    let all = OWNERS.map(|value| option(value, page.tell(&format!("desk_owner.{value}"))));
    all.into_iter().chain(named.map(|email| option(email, email.to_owned()))).collect()
}

fn groups(
    page: &Page,
    rows: &[LeadRow],
    said: &HashMap<String, LastLine>,
    is_grouped: bool,
) -> Result<Vec<LeadGroup>, crate::web::problem::Problem> {
    let sees_all = page.staff()?.scope.parks().is_none_or(|parks| parks.len() > 1);
    let view = |it: &LeadRow| row(page, it, said.get(&it.lead.id), sees_all);
    if !is_grouped {
        return Ok(vec![LeadGroup { label: None, leads: rows.iter().map(view).collect() }]);
    }
    let of_stage = |&(name, _): &(&'static str, Stage)| {
        let own: Vec<InboxRow> = rows.iter().filter(|it| it.lead.stage.word() == name).map(view).collect();
        let label = format!("{} {}", word(page.locale, "stage", name), own.len());
        (!own.is_empty()).then_some(LeadGroup { label: Some(label), leads: own })
    };
    Ok(Stage::WORDS.iter().filter_map(of_stage).collect())
}

fn row(page: &Page, row: &LeadRow, said: Option<&LastLine>, sees_all: bool) -> InboxRow {
    let locale = page.locale;
    let (due, due_code) = due(locale, &row.lead, page.app.clock.now());
    let sees = lead_json::sees_words(row);
    // A lead that has ended wants nobody.
    let is_unowned = row.owner.is_none() && row.lead.is_open();
    InboxRow {
        url: page.url(&format!("/staff/leads/{}", row.lead.id)),
        number: row.inquiry.number.clone(),
        park: sees_all.then(|| page.app.inventory.park_name(&row.lead.park)),
        company: row.company.clone().filter(|_| sees).unwrap_or_else(|| tell(locale, "staff.no_company")),
        need: if sees { need(locale, &StoredRequirement::parse(&row.requirement)) } else { String::new() },
        listing: row.inquiry.listing_name.clone(),
        owner: row.owner.clone().or_else(|| is_unowned.then(|| tell(locale, "staff.unowned"))),
        is_unowned,
        last_word: row.lead.last_word.as_ref().map(|side| word(locale, "last_word", side.word())),
        said: said.filter(|line| sees && !line.note.is_empty()).map(|line| shortened(&line.note)),
        stage: word(locale, "stage", row.lead.stage.word()),
        due,
        due_code,
        received: say(locale, "staff.received", &[("date", &moment(locale, row.lead.created_at))]),
    }
}

fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= SHOWN_WORDS {
        return line;
    }
    line.chars().take(SHOWN_WORDS).chain(['…']).collect()
}

async fn views(
    page: &Page,
    filters: Filters<'_>,
    is_grouped: bool,
) -> Result<Vec<ViewLink>, crate::web::problem::Problem> {
    let shown = query_of(&Filters { q: None, cursor: None, ..filters }, is_grouped);
    let views = desk_views::list(&page.app, page.staff()?).await?;
    let link = |view: crate::db::desk_view::DeskView| ViewLink {
        url: format!("{}{}", page.url("/staff"), view.filters),
        is_shown: view.filters == shown,
        id: view.id,
        name: view.name,
    };
    Ok(views.into_iter().map(link).collect())
}

/// `POST /staff/views`: saves the filters under a name, without the search text.
pub(super) async fn save_view(page: Page, form: Form) -> PageResult {
    let given = |name: &str| Some(form.get(name).trim()).filter(|text| !text.is_empty());
    let filters = Filters {
        bucket: given("bucket").filter(|word| Bucket::from_word(word).is_some()),
        stage: given("stage").filter(|word| Stage::from_word(word).is_some()),
        owner: given("owner"),
        ..Filters::default()
    };
    let query = query_of(&filters, form.get("group") == BY_STAGE);
    match desk_views::save(&page.app, page.staff()?, form.get("view"), query.clone()).await {
        Ok(()) => Ok(page.see(&joined(&query, "view_saved"))),
        Err(Error::Invalid(wrong)) => {
            let kept = Query(form.0.iter().filter(|(name, _)| name != "view").cloned().collect());
            desk_page(&page, StatusCode::UNPROCESSABLE_ENTITY, &kept, wrong_fields(page.locale, &wrong)).await
        }
        Err(error) => Err(error.into()),
    }
}

fn joined(query: &str, done: &str) -> String {
    if query.is_empty() { format!("/staff?done={done}") } else { format!("/staff{query}&done={done}") }
}

/// `POST /staff/views/{id}/remove`
pub(super) async fn remove_view(page: Page, Id(id): Id<String>) -> PageResult {
    desk_views::remove(&page.app, page.staff()?, &id).await?;
    Ok(page.see("/staff?done=view_removed"))
}
