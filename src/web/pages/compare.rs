//! Side-by-side comparison of listings, judged against the requirement in the URL, which contains no personal data.

use std::sync::Arc;

use domain::listing::Kind;
use domain::matching::Match;
use domain::record::{Record, columns};
use serde::Serialize;

use super::beside::badge_of;
use super::context::{Page, PageResult};
use super::forms::{Form, Query};
use super::listing::{above, park_column, park_facilities};
use crate::i18n::{LabelledValue, Locale, column, region_name, tell, word};
use crate::service::matching;
use crate::web::view::{Badge, FormContent, address, criterion, facts, listing_url, name_of, qr};

/// Column under whose label a listing's division is shown.
const REGION: &str = "county_code";
/// Most listings in one comparison: more columns do not fit on a page.
const MOST: usize = 6;
/// Ids that are looked up per request; further ones are ignored.
const MOST_IDS: usize = 50;

#[derive(Serialize)]
struct Compare {
    ids: String,
    columns: Vec<ColumnView>,
    sections: Vec<SectionView>,
    /// Whether a cell contains [`DASH`], so that the page explains it.
    has_dash: bool,
    missing: Option<String>,
    qr: String,
}

#[derive(Serialize)]
struct ColumnView {
    name: String,
    kind: String,
    url: String,
    badge: Badge,
    /// URL of the comparison without this listing.
    without: Option<String>,
}

#[derive(Serialize)]
struct SectionView {
    label: String,
    rows: Vec<RowView>,
}

#[derive(Serialize)]
struct RowView {
    label: String,
    cells: Vec<String>,
    /// Whether the listings differ in this row, apart from cells where it does not apply.
    differs: bool,
}

/// Shown where a row does not apply to a listing.
const DASH: &str = "–";

/// One listing with the data of its column.
struct Compared {
    record: Arc<Record>,
    name: String,
    facts: Vec<LabelledValue>,
    found: Option<Match>,
}

/// `POST /compare`: redirects with the ticked ids and the requirement in the URL, without text or contact.
pub(super) async fn pick(page: Page, form: Form) -> PageResult {
    let draft = FormContent::from_form(&form.0);
    let ids = form.all("listings");
    let query = ids.iter().map(|id| ("ids", id.as_str())).chain(draft.query());
    Ok(page.see(&address("/compare", query)))
}

/// `GET /compare?ids=`
pub(super) async fn show(page: Page, query: Query) -> PageResult {
    let draft = FormContent::from_form(&query.0);
    let (records, missing) = records(&page, &query);
    let requirement = draft.query().next().is_some().then(|| draft.requirement().ok()).flatten();
    let judge = |record: &Record| matching::judge(&page.app, record.kind(), record.id(), requirement.as_ref()?);
    let compared: Vec<Compared> = records
        .into_iter()
        .map(|record| Compared {
            name: name(&page, &record),
            facts: all_facts(&page, &record),
            found: judge(&record),
            record,
        })
        .collect();
    let ids: Vec<&str> = compared.iter().map(|it| it.record.id()).collect();
    let link = |ids: &mut dyn Iterator<Item = &str>| {
        let ids: Vec<(&str, String)> = ids.map(|id| ("ids", id.to_owned())).collect();
        address("/compare", ids.iter().map(|(name, id)| (*name, id.as_str())).chain(draft.query()))
    };
    let without =
        |id: &str| (ids.len() > 1).then(|| page.url(&link(&mut ids.iter().copied().filter(|own| *own != id))));
    let sections = sections(page.locale, &compared);
    let context = Compare {
        columns: compared.iter().map(|it| column_view(&page, it, without(it.record.id()))).collect(),
        has_dash: sections.iter().flat_map(|it| &it.rows).flat_map(|it| &it.cells).any(|cell| cell == DASH),
        sections,
        missing: (!missing.is_empty()).then(|| missing.join(&tell(page.locale, "format.list"))),
        qr: if ids.is_empty() { String::new() } else { qr(&page.public_url(&link(&mut ids.iter().copied()))) },
        ids: ids.join(","),
    };
    page.show("compare.html", context)
}

/// Looks up each id once; returns the listings and the unknown ids. An id may contain a comma, so the whole text is
/// tried first.
fn records(page: &Page, query: &Query) -> (Vec<Arc<Record>>, Vec<String>) {
    let (mut records, mut missing): (Vec<Arc<Record>>, Vec<String>) = (Vec::new(), Vec::new());
    let mut take = |id: &str| match page.app.inventory.find(id) {
        Some(record) if records.iter().any(|other| Arc::ptr_eq(other, &record)) => true,
        Some(record) => {
            if records.len() < MOST {
                records.push(record);
            }
            true
        }
        None => false,
    };
    for value in query.all("ids").into_iter().take(MOST_IDS) {
        if take(&value) {
            continue;
        }
        for id in value.split([',', ',', '、']).map(str::trim).filter(|id| !id.is_empty()).take(MOST_IDS) {
            if !take(id) {
                missing.push(id.to_owned());
            }
        }
    }
    (records, missing)
}

fn name(page: &Page, record: &Record) -> String {
    let listing = page.app.inventory.listing(record.kind(), record.id());
    listing.map_or_else(|| record.id().to_owned(), |listing| name_of(page.locale, &listing))
}

fn all_facts(page: &Page, record: &Record) -> Vec<LabelledValue> {
    let fact =
        |name: &str, value: String| LabelledValue { name: name.to_owned(), label: column(page.locale, name), value };
    let listing = page.app.inventory.listing(record.kind(), record.id());
    let region = listing.and_then(|listing| listing.division).map(|code| region_name(page.locale, code));
    let mut all = vec![fact(REGION, region.unwrap_or_else(|| tell(page.locale, "format.silent")))];
    if let Some(park) = above(record) {
        all.push(fact(park_column(record.kind()), page.park_name(park)));
    }
    let told = facts(page.locale, record);
    let inherited = park_facilities(page, record);
    all.extend(told.facts.into_iter().chain(inherited).chain(told.indicators).filter(|fact| fact.name != REGION));
    all
}

fn column_view(page: &Page, compared: &Compared, without: Option<String>) -> ColumnView {
    let record = &compared.record;
    ColumnView {
        name: compared.name.clone(),
        kind: word(page.locale, "kind", record.kind().word()),
        url: listing_url(page.locale, record.kind(), record.id()),
        badge: badge_of(page, record),
        without,
    }
}

/// Section of verdicts, then sections of facts.
fn sections(locale: Locale, compared: &[Compared]) -> Vec<SectionView> {
    let section = |key: &str, rows| SectionView { label: tell(locale, key), rows };
    let all = [
        section("listing.match", judged_rows(locale, compared)),
        section("listing.facts", fact_rows(locale, compared)),
    ];
    all.into_iter().filter(|section| !section.rows.is_empty()).collect()
}

/// One row per fact of any listing; columns of several kinds with the same label share a row.
fn fact_rows(locale: Locale, compared: &[Compared]) -> Vec<RowView> {
    let mut labels: Vec<&str> = Vec::new();
    for fact in compared.iter().flat_map(|it| &it.facts) {
        if !labels.contains(&fact.label.as_str()) {
            labels.push(&fact.label);
        }
    }
    let cell = |it: &Compared, label: &str| match it.facts.iter().find(|fact| fact.label == label) {
        Some(fact) => fact.value.clone(),
        None if applies(locale, it.record.kind(), label) => tell(locale, "format.silent"),
        None => DASH.to_owned(),
    };
    labels.into_iter().map(|label| row(label.to_owned(), compared.iter().map(|it| cell(it, label)).collect())).collect()
}

/// Whether records of a kind have a column with this label.
fn applies(locale: Locale, kind: Kind, label: &str) -> bool {
    let reckoned = if kind == Kind::Plot { &["price_per_mu"][..] } else { &[] };
    let own = columns(kind).iter().map(|column| column.name);
    own.chain(reckoned.iter().copied()).any(|name| column(locale, name) == label)
}

/// Score and one row per judged criterion; empty without a requirement.
fn judged_rows(locale: Locale, compared: &[Compared]) -> Vec<RowView> {
    if compared.iter().all(|it| it.found.is_none()) {
        return Vec::new();
    }
    let score = |it: &Compared| it.found.as_ref().map_or_else(|| DASH.to_owned(), |found| found.score.to_string());
    let mut rows = vec![row(tell(locale, "matches.points"), compared.iter().map(score).collect())];
    let mut criteria: Vec<domain::matching::Criterion> =
        compared.iter().filter_map(|it| it.found.as_ref()).flat_map(|it| &it.criteria).map(|it| it.criterion).collect();
    criteria.sort();
    criteria.dedup();
    let cell = |it: &Compared, wanted| {
        let found = it.found.as_ref()?;
        let judged = found.criteria.iter().find(|judged| judged.criterion == wanted)?;
        let view = criterion(locale, it.record.kind(), judged);
        Some(format!("{} {}", view.verdict, view.gap.unwrap_or_default()).trim_end().to_owned())
    };
    rows.extend(criteria.into_iter().map(|wanted| {
        let label = word(locale, "criterion", wanted.id());
        row(label, compared.iter().map(|it| cell(it, wanted).unwrap_or_else(|| DASH.to_owned())).collect())
    }));
    rows
}

fn row(label: String, cells: Vec<String>) -> RowView {
    let mut said = cells.iter().filter(|cell| *cell != DASH);
    let first = said.next();
    let differs = said.any(|cell| Some(cell) != first);
    RowView { label, cells, differs }
}
