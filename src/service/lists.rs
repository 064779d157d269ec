//! Lists of listings: filtered, in one order, a page at a time.

use std::cmp::Ordering;
use std::sync::Arc;

use chrono::NaiveDate;
use domain::freshness::Precedence;
use domain::industry::IndustryCode;
use domain::listing::Kind;
use domain::record::Record;
use domain::region::DivisionCode;

use super::list_rows::{ListRows, PLACES, RowFilter};

/// Largest page of a list.
const MOST_PER_PAGE: usize = 200;

/// The filter of a list of listings.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// One kind; `None` for all.
    pub kind: Option<Kind>,
    /// A division that contains the listing.
    pub region: Option<DivisionCode>,
    /// An industry that may settle there.
    pub industry: Option<IndustryCode>,
    /// Words contained in its name, place, industries or id.
    pub q: String,
    /// The page, from 1.
    pub page: usize,
    /// Listings per page, 1 to 200.
    pub per_page: usize,
    /// The last listing of the page before: only those behind it count, from which pages are numbered.
    pub after: Option<ListCursor>,
}

/// A place in the order of lists: precedence, kind and id.
pub type ListCursor = (Precedence, Kind, String);

/// One page of a list.
#[derive(Clone, Debug)]
pub struct ResultPage<T> {
    /// Its items.
    pub items: Vec<T>,
    /// Its number, from 1.
    pub page: usize,
    /// The number of pages.
    pub pages: usize,
    /// The number of items on all pages.
    pub total: usize,
    /// Whether there are items behind this page.
    pub has_more: bool,
}

/// Returns a page of the rows of each kind.
pub(super) fn page(rows_of: &[ListRows; 3], filter: &Filter, today: NaiveDate) -> ResultPage<Arc<Record>> {
    let words = filter.q.trim().to_lowercase();
    let says = |record: &Record| words.split_whitespace().all(|word| says(record, word));
    let is_wanted: Option<&dyn Fn(&Record) -> bool> = if words.is_empty() { None } else { Some(&says) };
    let facts = RowFilter { region: filter.region, industry: filter.industry };
    let kinds: Vec<Kind> = Kind::ALL.into_iter().filter(|own| filter.kind.is_none_or(|kind| kind == *own)).collect();
    let found: Vec<(Kind, Vec<Vec<u32>>)> =
        kinds.into_iter().map(|kind| (kind, rows_of[kind as usize].passing(facts, today, is_wanted))).collect();
    // One stretch for each place and kind, each by id.
    let mut stretches: Vec<(Precedence, Kind, &[u32])> = Vec::new();
    for place in PLACES {
        stretches.extend(found.iter().map(|(kind, places)| (place, *kind, places[place as usize].as_slice())));
    }
    let total: usize = stretches.iter().map(|(_, _, rows)| rows.len()).sum();
    if let Some(after) = &filter.after {
        stretches.iter_mut().for_each(|stretch| stretch.2 = behind_cursor(rows_of, *stretch, after));
    }
    let per_page = filter.per_page.clamp(1, MOST_PER_PAGE);
    let page = filter.page.max(1);
    let first = (page - 1).saturating_mul(per_page);
    let left: usize = stretches.iter().map(|(_, _, rows)| rows.len()).sum();
    let rows = stretches.into_iter().flat_map(|(_, kind, rows)| rows.iter().map(move |at| (kind, *at)));
    let items = rows.skip(first).take(per_page).map(|(kind, at)| rows_of[kind as usize].at(at).clone()).collect();
    let has_more = left > first.saturating_add(per_page);
    ResultPage { items, page, pages: total.div_ceil(per_page).max(1), total, has_more }
}

/// Whether the name, place, industries or id of a record contain a word in lower case.
fn says(record: &Record, word: &str) -> bool {
    ["name", "location", "leading_industries", "industry_limit"]
        .iter()
        .any(|column| record.get(column).to_lowercase().contains(word))
        || record.id().to_lowercase().contains(word)
}

/// The rows of a stretch that are behind a cursor.
fn behind_cursor<'r>(
    rows_of: &[ListRows; 3],
    (place, kind, rows): (Precedence, Kind, &'r [u32]),
    after: &ListCursor,
) -> &'r [u32] {
    let from = match (place, kind).cmp(&(after.0, after.1)) {
        Ordering::Less => rows.len(),
        Ordering::Equal => rows.partition_point(|at| rows_of[kind as usize].at(*at).id() <= after.2.as_str()),
        Ordering::Greater => 0,
    };
    &rows[from..]
}
