//! Lists of listings: filtered, in one order, a page at a time.

use std::cmp::Ordering;
use std::sync::Arc;

use chrono::NaiveDate;
use domain::freshness::Precedence;
use domain::industry::IndustryCode;
use domain::listing::Kind;
use domain::record::Record;
use domain::region::DivisionCode;

use super::list_rows::{ListRows, PLACES, Passing, RowFilter};

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
    let found: Vec<(Kind, Passing)> =
        kinds.into_iter().map(|kind| (kind, rows_of[kind as usize].passing(facts, today, is_wanted))).collect();
    let counts: Vec<_> = found.iter().map(|(_, passing)| passing.counts()).collect();
    let total: usize = counts.iter().flatten().sum();
    // One stretch for each place and kind, each by id.
    let mut stretches: Vec<Stretch> = Vec::new();
    for place in PLACES {
        let of_place = found.iter().zip(&counts);
        stretches.extend(of_place.map(|((kind, passing), counts)| Stretch {
            place,
            kind: *kind,
            passing,
            first: 0,
            rows: counts[place as usize],
        }));
    }
    if let Some(after) = &filter.after {
        stretches.iter_mut().for_each(|stretch| stretch.leave_out_before(after));
    }
    let per_page = filter.per_page.clamp(1, MOST_PER_PAGE);
    let page = filter.page.max(1);
    let mut before = (page - 1).saturating_mul(per_page);
    let left: usize = stretches.iter().map(|stretch| stretch.rows).sum();
    let has_more = left > before.saturating_add(per_page);
    let mut items = Vec::new();
    for stretch in stretches {
        let skipped = before.min(stretch.rows);
        before -= skipped;
        let rest = per_page - items.len();
        if skipped < stretch.rows && rest > 0 {
            items.extend(stretch.passing.of(stretch.place, stretch.first).skip(skipped).take(rest).cloned());
        }
    }
    ResultPage { items, page, pages: total.div_ceil(per_page).max(1), total, has_more }
}

/// The rows of one kind and place that a list shows, by id.
struct Stretch<'p> {
    place: Precedence,
    kind: Kind,
    passing: &'p Passing<'p>,
    /// The row from which they are shown.
    first: usize,
    /// Their number.
    rows: usize,
}

impl Stretch<'_> {
    fn leave_out_before(&mut self, after: &ListCursor) {
        match (self.place, self.kind).cmp(&(after.0, after.1)) {
            Ordering::Less => self.rows = 0,
            Ordering::Equal => {
                self.first = self.passing.behind(&after.2);
                self.rows = self.passing.of(self.place, self.first).count();
            }
            Ordering::Greater => {}
        }
    }
}

/// Whether the name, place, industries or id of a record contain a word in lower case.
fn says(record: &Record, word: &str) -> bool {
    ["name", "location", "leading_industries", "industry_limit"]
        .iter()
        .any(|column| record.get(column).to_lowercase().contains(word))
        || record.id().to_lowercase().contains(word)
}
