//! Lists of listings with filters and pagination.

use domain::industry::IndustryCode;
use domain::listing::Kind;
use domain::record::Record;
use domain::region::DivisionCode;
use serde::Serialize;

use super::beside::badge_of;
use super::context::{Page, PageResult};
use super::forms::Query;
use super::units::UnitOption;
use crate::i18n::{self, LabelledValue, region_name, word};
use crate::service::inventory::{self, Filter};
use crate::web::view::{FreshMark, Pager, facts_among, kind_url, listing_url, name_of, named_industry, named_places};

/// Listings per page.
const PER_PAGE: usize = 20;
/// Longest entry of the filter, in characters; the rest is cut off.
const LONGEST_ENTRY: usize = 100;
/// Columns shown in a list row, of all kinds.
const TOLD: [&str; 13] = [
    "area",
    "land_use",
    "industry_code_gb4754",
    "tax_wan_mu",
    "start_price_wan",
    "kind",
    "available_m2",
    "rent_yuan_m2_month",
    "level",
    "type",
    "leading_industries",
    "available_land_mu",
    "facilities",
];

#[derive(Serialize)]
struct List {
    title: String,
    action: String,
    filter: FilterView,
    provinces: Vec<String>,
    units: Vec<UnitOption>,
    rows: Vec<ListRow>,
    total: usize,
    pages: Pager,
}

#[derive(Serialize)]
struct FilterView {
    q: String,
    region: String,
    region_wrong: Option<String>,
    industry: String,
    industry_wrong: Option<String>,
}

/// One row of a list.
#[derive(Serialize)]
struct ListRow {
    id: String,
    kind: String,
    name: String,
    url: String,
    region: String,
    facts: Vec<LabelledValue>,
    demo: bool,
    status: Option<String>,
    old: Option<String>,
    marks: Vec<FreshMark>,
    source: Option<String>,
}

/// `GET /plots`
pub(super) async fn plots(page: Page, query: Query) -> PageResult {
    page.cached(|| list(&page, Kind::Plot, "list.plots", &query)).await
}

/// `GET /spaces`
pub(super) async fn spaces(page: Page, query: Query) -> PageResult {
    page.cached(|| list(&page, Kind::Space, "list.spaces", &query)).await
}

/// `GET /parks`
pub(super) async fn parks(page: Page, query: Query) -> PageResult {
    page.cached(|| list(&page, Kind::Park, "list.parks", &query)).await
}

fn list(page: &Page, kind: Kind, title: &str, query: &Query) -> PageResult {
    let typed = |name: &str| query.get(name).trim().chars().take(LONGEST_ENTRY).collect::<String>();
    let (q, region, industry) = (typed("q"), typed("region"), typed("industry"));
    let division: Option<DivisionCode> = named_places(&region).into_iter().next();
    let code: Option<IndustryCode> = if industry.is_empty() { None } else { named_industry(&industry) };
    let wrong = |typed: &str, found: bool, key: &str| (!typed.is_empty() && !found).then(|| page.tell(key));
    let mut filter = Filter {
        kind: Some(kind),
        region: division,
        industry: code,
        q: q.clone(),
        page: query.page(),
        per_page: PER_PAGE,
        after: None,
    };
    let mut found = inventory::list(&page.app, &filter);
    // A bookmarked page number may exceed the present number of pages.
    if found.page > found.pages {
        filter.page = found.pages;
        found = inventory::list(&page.app, &filter);
    }
    let action = kind_url(page.locale, kind);
    let kept = [("q", q.as_str()), ("region", region.as_str()), ("industry", industry.as_str())];
    let context = List {
        title: page.tell(title),
        pages: Pager::new(&action, &kept, found.page, found.pages),
        units: page.unit_switch([kind]),
        rows: found.items.iter().map(|record| row(page, record)).collect(),
        total: found.total,
        provinces: i18n::provinces(page.locale),
        filter: FilterView {
            region_wrong: wrong(&region, division.is_some(), "list.region_wrong"),
            industry_wrong: wrong(&industry, code.is_some(), "list.industry_wrong"),
            q,
            region,
            industry,
        },
        action,
    };
    page.show("list.html", context)
}

fn row(page: &Page, record: &Record) -> ListRow {
    let (kind, id) = (record.kind(), record.id());
    let listing = page.app.inventory.listing(kind, id);
    let signs = badge_of(page, record);
    let told = facts_among(page.notation(), record, |name| TOLD.contains(&name));
    let name = listing.as_ref().map_or_else(|| id.to_owned(), |listing| name_of(page.locale, listing));
    ListRow {
        kind: word(page.locale, "kind", kind.word()),
        url: listing_url(page.locale, kind, id),
        region: listing
            .and_then(|listing| listing.division)
            .map(|code| region_name(page.locale, code))
            .unwrap_or_default(),
        facts: told.facts.into_iter().chain(told.indicators).collect(),
        demo: signs.demo,
        status: signs.status,
        old: signs.old,
        marks: signs.marks,
        source: signs.source,
        id: id.to_owned(),
        name,
    }
}
