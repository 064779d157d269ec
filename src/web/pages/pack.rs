//! The answer pack: an answer or a shortlist as a workbook, with the rows, units, sources and days of the comparison.

use axum::http::{HeaderValue, header};
use axum::response::IntoResponse as _;
use domain::matching::Answer;
use domain::requirement::Requirement;

use super::context::{Page, PageResult};
use super::forms::Query;
use super::shortlist::{Listed, Shortlist, listed, side_by_side};
use super::sift::Sift;
use crate::error::Error;
use crate::i18n::{moment, requirement_facts, say, word};
use crate::service::matching;
use crate::tables::{BookSheet, Format, Out, write_ledger};
use crate::web::view::{AskedPlaces, SameCell, SameRow, SideBySide, criterion, listing_url, same_rows, source_rows};

/// Listings of an answer in its pack, the best of each group first.
const MOST_LISTINGS: usize = 50;
/// In a cell whose row does not apply to the listing.
const DASH: &str = "–";

/// `GET /pack`: the listings of `ids`, else the best of the answer.
pub(super) async fn download(page: Page, query: Query) -> PageResult {
    let list = Shortlist::of(&page, &query.0);
    let requirement = list.requirement.clone().unwrap_or_default();
    let listed = if list.listed.is_empty() { best(&page, &requirement, &Sift::of(&query.0)) } else { list.listed };
    let sheets = [need_sheet(&page, list.requirement.as_ref()), figures(&page, &listed), reasons(&page, &listed)];
    let sheets: Vec<BookSheet> = sheets.into_iter().filter(|sheet| sheet.rows.len() > 1).collect();
    let bytes = write_ledger(&sheets).map_err(|error| Error::Internal(error.into()))?;
    let name = format!("attachment; filename=\"answer-{}.xlsx\"", page.today());
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(Format::Xlsx.media_type()));
    if let Ok(value) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// Returns the best listings of an answer, in its order and with its filters.
fn best(page: &Page, requirement: &Requirement, sift: &Sift) -> Vec<Listed> {
    let mut found = if sift.is_any() {
        matching::answer_to_sift(&page.app, requirement)
    } else {
        matching::answer(&page.app, requirement, MOST_LISTINGS)
    };
    sift.apply(page, requirement, &mut found);
    let Answer { matched, to_confirm, near, .. } = found;
    let places = AskedPlaces::of(requirement);
    let all = matched.into_iter().chain(to_confirm).chain(near).take(MOST_LISTINGS);
    let records = all.filter_map(|it| page.app.inventory.record(it.listing.kind, &it.listing.id));
    (1..).zip(records).map(|(at, record)| listed(page, record, Some(requirement), &places, at)).collect()
}

fn heading(page: &Page, keys: &[&str]) -> Vec<Out> {
    keys.iter().map(|key| Out::text(page.tell(key))).collect()
}

fn need_sheet(page: &Page, requirement: Option<&Requirement>) -> BookSheet {
    let mut rows = vec![heading(page, &["compare.fact", "pack.value"])];
    let facts = requirement.map(|it| requirement_facts(page.notation(), it)).unwrap_or_default();
    rows.extend(facts.into_iter().map(|fact| vec![Out::text(fact.label), Out::text(fact.value)]));
    let made = moment(page.locale, page.app.clock.now());
    rows.push(vec![Out::text(page.tell("pack.made")), Out::text(made)]);
    rows.push(vec![Out::text(page.tell("pack.blank")), Out::text(page.tell("pack.blank_text"))]);
    BookSheet { name: Some(page.tell("pack.sheet_need")), rows }
}

/// One line per listing: what it is and where, then the rows of the comparison.
fn figures(page: &Page, listed: &[Listed]) -> BookSheet {
    let beside: Vec<SideBySide<'_>> = listed.iter().map(|it| side_by_side(page, it)).collect();
    let mut same = same_rows(page.notation(), &beside);
    same.extend(source_rows(page.locale, &beside));
    let own = ["pack.number", "pack.name", "pack.kind", "pack.group", "pack.park", "pack.address"];
    let mut head = heading(page, &own);
    head.extend(same.iter().map(|row| Out::text(with_unit(page, row))));
    let line = |(at, it): (usize, &Listed)| {
        let record = &it.record;
        let park = record.get(super::listing::park_column(record.kind()));
        let group = it.found.as_ref().map(|_| page.tell(&format!("group.{}", it.placed.code))).unwrap_or_default();
        let path = listing_url(page.locale, record.kind(), record.id());
        let mut cells = vec![
            Out::text(record.id()),
            Out::text(it.name.as_str()),
            Out::text(word(page.locale, "kind", record.kind().word())),
            Out::text(group),
            Out::text(if park.is_empty() { String::new() } else { page.park_name(park) }),
            Out::text(format!("{}{path}", page.app.config.server.base_url.trim_end_matches('/'))),
        ];
        cells.extend(same.iter().map(|row| cell(&row.cells[at])));
        cells
    };
    let rows = std::iter::once(head).chain(listed.iter().enumerate().map(line)).collect();
    BookSheet { name: Some(page.tell("pack.sheet_listings")), rows }
}

fn with_unit(page: &Page, row: &SameRow) -> String {
    match row.unit.as_str() {
        "" => row.label.clone(),
        unit => say(page.locale, "format.in_unit", &[("label", &row.label), ("unit", unit)]),
    }
}

/// A figure as a number; silence stays blank.
fn cell(cell: &SameCell) -> Out {
    match cell {
        SameCell::Figure(figure) => Out::number(figure.to_string()),
        SameCell::Words(words) => Out::text(words.as_str()),
        SameCell::Silent => Out::text(""),
        SameCell::Absent => Out::text(DASH),
    }
}

/// One line per listing and criterion.
fn reasons(page: &Page, listed: &[Listed]) -> BookSheet {
    let keys = ["criterion", "verdict", "need", "offer", "gap", "points", "most_points"];
    let mut head = heading(page, &["pack.number", "pack.name"]);
    head.extend(keys.map(|key| Out::text(page.tell(&format!("pack.{key}")))));
    let mut rows = vec![head];
    for it in listed {
        for judged in it.found.iter().flat_map(|found| &found.criteria) {
            let view = criterion(page.notation(), it.record.kind(), judged);
            rows.push(vec![
                Out::text(it.record.id()),
                Out::text(it.name.as_str()),
                Out::text(view.label),
                Out::text(view.verdict),
                Out::text(view.need),
                Out::text(view.offer),
                Out::text(view.gap.unwrap_or_default()),
                Out::number(view.points.to_string()),
                Out::number(view.max_points.to_string()),
            ]);
        }
    }
    BookSheet { name: Some(page.tell("pack.sheet_reasons")), rows }
}
