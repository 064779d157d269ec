//! Side-by-side comparison of listings, judged against the requirement in the URL, which contains no personal data.

use domain::listing::Kind;
use domain::record::{Record, columns};
use serde::Serialize;

use super::beside::badge_of;
use super::context::{Page, PageResult};
use super::forms::{Form, Query};
use super::listing::{above, park_column, park_facilities};
use super::shortlist::{Listed, Shortlist};
use super::units::UnitOption;
use crate::i18n::{LabelledValue, Locale, Notation, column, region_name, say, tell, word};
use crate::web::view::{
    Badge, FormContent, FormPair, SameRow, address, criterion, facts, listing_url, qr, same_rows, source_rows,
};

/// Column under whose label a listing's division is shown.
const REGION: &str = "county_code";

#[derive(Serialize)]
struct Compare {
    ids: String,
    columns: Vec<ColumnView>,
    sections: Vec<SectionView>,
    units: Vec<UnitOption>,
    /// Whether a cell contains [`DASH`], so that the page explains it.
    has_dash: bool,
    missing: Option<String>,
    left_out: Option<String>,
    /// The requirement, for the inquiry and the shared link.
    need: Vec<FormPair>,
    brief: String,
    pack: String,
    /// The answer that the listings were chosen from; none without a requirement.
    back: Option<String>,
    qr: String,
}

#[derive(Serialize)]
struct ColumnView {
    id: String,
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

/// `POST /compare`: redirects with the ticked ids and the requirement in the URL, without text or contact.
pub(super) async fn pick(page: Page, form: Form) -> PageResult {
    let draft = FormContent::from_form(&form.0);
    let mut ids = form.all("ids");
    ids.extend(form.all("listings"));
    let mut seen = std::collections::BTreeSet::new();
    ids.retain(|id| seen.insert(id.clone()));
    let query = ids.iter().map(|id| ("ids", id.as_str())).chain(draft.query());
    Ok(page.see(&address("/compare", query)))
}

/// `GET /compare?ids=`
pub(super) async fn show(page: Page, query: Query) -> PageResult {
    let list = Shortlist::of(&page, &query.0);
    let ids: Vec<&str> = list.ids().collect();
    let without = |id: &str| {
        let others = ids.iter().copied().filter(|own| *own != id);
        (ids.len() > 1).then(|| page.url(&list.address("/compare", others)))
    };
    let own = |path: &str| list.address(path, list.ids());
    let sections = sections(&page, &list);
    let names = |names: &[String]| (!names.is_empty()).then(|| names.join(&page.tell("format.list")));
    let context = Compare {
        columns: list.listed.iter().map(|it| column_view(&page, it, without(it.record.id()))).collect(),
        has_dash: sections.iter().flat_map(|it| &it.rows).flat_map(|it| &it.cells).any(|cell| cell == DASH),
        sections,
        units: page.unit_switch(list.listed.iter().map(|it| it.record.kind())),
        missing: names(&list.missing),
        left_out: names(&list.left_out).map(|names| say(page.locale, "compare.left_out", &[("names", &names)])),
        need: list.need(),
        brief: page.url(&own("/brief")),
        pack: page.url(&own("/pack")),
        back: list.requirement.as_ref().map(|_| page.url(&own("/matches"))),
        qr: if ids.is_empty() { String::new() } else { qr(&page.public_url(&own("/compare"))) },
        ids: ids.join(","),
    };
    page.show("compare.html", context)
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
    let told = facts(page.notation(), record);
    let inherited = park_facilities(page, record);
    all.extend(told.facts.into_iter().chain(inherited).chain(told.indicators).filter(|fact| fact.name != REGION));
    all
}

fn column_view(page: &Page, it: &Listed, without: Option<String>) -> ColumnView {
    let record = &it.record;
    ColumnView {
        id: record.id().to_owned(),
        name: it.name.clone(),
        kind: word(page.locale, "kind", record.kind().word()),
        url: listing_url(page.locale, record.kind(), record.id()),
        badge: badge_of(page, record),
        without,
    }
}

/// Figures in the same units, verdicts, facts, sources.
fn sections(page: &Page, list: &Shortlist) -> Vec<SectionView> {
    let locale = page.locale;
    let section = |key: &str, rows| SectionView { label: tell(locale, key), rows };
    let beside = list.side_by_side(page);
    let same = |rows: Vec<SameRow>| rows.into_iter().map(|it| same_row(locale, &it)).collect();
    let all = [
        section("compare.figures", same(same_rows(page.notation(), &beside))),
        section("listing.match", judged_rows(page.notation(), &list.listed)),
        section("listing.facts", fact_rows(page, &list.listed)),
        section("listing.evidence", same(source_rows(locale, &beside))),
    ];
    all.into_iter().filter(|section| !section.rows.is_empty()).collect()
}

fn same_row(locale: Locale, same: &SameRow) -> RowView {
    let label = match same.unit.as_str() {
        "" => same.label.clone(),
        unit => say(locale, "format.in_unit", &[("label", &same.label), ("unit", unit)]),
    };
    row(label, same.cells.iter().map(|cell| cell.in_words(locale, DASH)).collect())
}

/// One row per fact of any listing; columns of several kinds with the same label share a row.
fn fact_rows(page: &Page, listed: &[Listed]) -> Vec<RowView> {
    let notation = page.notation();
    let all: Vec<(Kind, Vec<LabelledValue>)> =
        listed.iter().map(|it| (it.record.kind(), all_facts(page, &it.record))).collect();
    let mut labels: Vec<&str> = Vec::new();
    for fact in all.iter().flat_map(|(_, facts)| facts) {
        if !labels.contains(&fact.label.as_str()) {
            labels.push(&fact.label);
        }
    }
    let cell =
        |(kind, facts): &(Kind, Vec<LabelledValue>), label: &str| match facts.iter().find(|fact| fact.label == label) {
            Some(fact) => fact.value.clone(),
            None if applies(notation, *kind, label) => tell(notation.locale, "format.silent"),
            None => DASH.to_owned(),
        };
    labels.into_iter().map(|label| row(label.to_owned(), all.iter().map(|it| cell(it, label)).collect())).collect()
}

/// Whether records of a kind have a column with this label.
fn applies(notation: Notation, kind: Kind, label: &str) -> bool {
    let reckoned = if kind == Kind::Plot { &["price_per_mu"][..] } else { &[] };
    let own = columns(kind).iter().map(|column| column.name);
    own.chain(reckoned.iter().copied()).any(|name| column(notation, name) == label)
}

/// Score and one row per judged criterion; empty without a requirement.
fn judged_rows(notation: Notation, listed: &[Listed]) -> Vec<RowView> {
    let locale = notation.locale;
    if listed.iter().all(|it| it.found.is_none()) {
        return Vec::new();
    }
    let score = |it: &Listed| it.found.as_ref().map_or_else(|| DASH.to_owned(), |found| found.score.to_string());
    let mut rows = vec![row(tell(locale, "matches.points"), listed.iter().map(score).collect())];
    let mut criteria: Vec<domain::matching::Criterion> =
        listed.iter().filter_map(|it| it.found.as_ref()).flat_map(|it| &it.criteria).map(|it| it.criterion).collect();
    criteria.sort();
    criteria.dedup();
    let cell = |it: &Listed, wanted| {
        let found = it.found.as_ref()?;
        let judged = found.criteria.iter().find(|judged| judged.criterion == wanted)?;
        let view = criterion(notation, it.record.kind(), judged);
        Some(format!("{} {}", view.verdict, view.gap.unwrap_or_default()).trim_end().to_owned())
    };
    rows.extend(criteria.into_iter().map(|wanted| {
        let label = word(locale, "criterion", wanted.id());
        row(label, listed.iter().map(|it| cell(it, wanted).unwrap_or_else(|| DASH.to_owned())).collect())
    }));
    rows
}

fn row(label: String, cells: Vec<String>) -> RowView {
    let mut said = cells.iter().filter(|cell| *cell != DASH);
    let first = said.next();
    let differs = said.any(|cell| Some(cell) != first);
    RowView { label, cells, differs }
}
