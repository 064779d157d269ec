//! Words over listings and policies.

use serde::Serialize;

use super::context::{Answer, Page};
use super::forms::Query;
use crate::i18n::word;
use crate::service::inventory::Filter;
use crate::web::view::{Pager, listing_url};

/// Hits a page.
const PER_PAGE: usize = 20;

#[derive(Serialize)]
struct Search {
    q: String,
    asked: bool,
    total: usize,
    facets: Vec<Facet>,
    hits: Vec<Hit>,
    pages: Pager,
}

#[derive(Serialize)]
struct Facet {
    label: String,
    count: usize,
    url: String,
    active: bool,
}

#[derive(Serialize)]
struct Hit {
    kind: String,
    name: String,
    url: String,
    pieces: Vec<PieceView>,
}

#[derive(Serialize)]
struct PieceView {
    text: String,
    hit: bool,
}

/// `GET /search?q=`
pub(super) async fn show(page: Page, query: Query) -> Answer {
    let q: String = query.get("q").trim().chars().take(200).collect();
    let found =
        page.app.inventory.list(&Filter { q: q.clone(), page: query.page(), per_page: PER_PAGE, ..Filter::default() });
    let hits = found.items.iter().map(|record| Hit {
        kind: word(page.locale, "kind", record.kind().word()),
        name: page
            .app
            .inventory
            .listing(record.kind(), record.id())
            .map_or_else(|| record.id().to_owned(), |listing| listing.name.to_string()),
        url: listing_url(page.locale, record.kind(), record.id()),
        pieces: Vec::new(),
    });
    let context = Search {
        asked: !q.is_empty(),
        total: found.total,
        facets: Vec::new(),
        hits: hits.collect(),
        pages: Pager::new(&page.url("/search"), &[("q", &q)], found.page, found.pages),
        q,
    };
    page.show("search.html", context)
}
