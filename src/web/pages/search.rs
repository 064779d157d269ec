//! Full-text search over listings and policies.

use domain::listing::Kind;
use domain::requirement::{FieldError, Word as _};
use serde::Serialize;

use super::beside::badge_of;
use super::context::{Page, PageResult};
use super::forms::Query;
use crate::i18n::{LabelledValue, Locale, field, say, tell, word};
use crate::search::{self, DocKind, Facets, FigureBound, HitPage, LAST_PAGE, LONGEST_TEXT, WordFilter};
use crate::service::search as words;
use crate::web::problem::Problem;
use crate::web::view::{Badge, Pager, address, encode, listing_url, local_url, name_of};

/// Hits per page.
const PER_PAGE: u32 = 20;

#[derive(Default, Serialize)]
struct SearchView {
    q: String,
    asked: bool,
    total: String,
    /// Words of the query that were taken as figures.
    filters: Vec<LabelledValue>,
    /// The same query with its figures as words.
    plain: String,
    /// The matches of a requirement with these figures.
    matches: String,
    facets: Vec<Facet>,
    hits: Vec<HitView>,
    pages: Pager,
}

#[derive(Serialize)]
struct Facet {
    label: String,
    count: u64,
    url: String,
    active: bool,
}

#[derive(Serialize)]
struct HitView {
    kind: String,
    name: String,
    url: String,
    pieces: Vec<SnippetPiece>,
    badge: Badge,
}

/// Part of a highlighted snippet.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct SnippetPiece {
    text: String,
    hit: bool,
}

/// `GET /search?q=&type=`
pub(super) async fn show(page: Page, query: Query) -> PageResult {
    let q: String = query.get("q").trim().chars().take(LONGEST_TEXT).collect();
    if q.is_empty() {
        return page.show("search.html", SearchView::default());
    }
    let kind = DocKind::from_word(query.get("type"));
    let plain = query.get("plain");
    let (text, bounds, filters) = words::words_and_figures(&page.app, &q, !plain.is_empty());
    let ask = |number| ask(&page, &text, &bounds, kind, number);
    let mut number = u32::try_from(query.page()).unwrap_or(1).min(LAST_PAGE);
    let mut found = ask(number).await?;
    let count = pages(&found);
    // A bookmarked page number may exceed the present number of pages.
    if number > count.max(1) {
        number = count.max(1);
        found = ask(number).await?;
    }
    let kept = [("q", q.as_str()), ("type", kind.map_or("", DocKind::word)), ("plain", plain)];
    let context = SearchView {
        asked: true,
        plain: address(&page.url("/search"), [("q", q.as_str()), ("plain", "yes")].into_iter()),
        matches: address(
            &page.url("/matches"),
            wanted(&filters).iter().map(|(name, value)| (name.as_str(), value.as_str())),
        ),
        filters: filters.iter().map(|filter| in_words(page.locale, filter)).collect(),
        total: found.total.to_string(),
        facets: facets(&page, &q, kind, &found.facets),
        hits: found.hits.iter().map(|hit| view(&page, hit)).collect(),
        pages: Pager::new(&page.url("/search"), &kept, number as usize, count as usize),
        q,
    };
    page.show("search.html", context)
}

/// Returns the fields of a requirement that states the figures of a query.
fn wanted(filters: &[WordFilter]) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for filter in filters {
        let has_ends = matches!(filter.field, "land_mu" | "floor_m2");
        for end in ["min", "max"] {
            let Some(value) = filter.value.get(end) else { continue };
            let name = if has_ends { format!("{}.{end}", filter.field) } else { filter.field.to_owned() };
            pairs.push((name, value.to_string()));
        }
    }
    pairs
}

/// Returns a figure of the query as a requirement's field tells it.
fn in_words(locale: Locale, filter: &WordFilter) -> LabelledValue {
    let stated = |name: &str| filter.value.get(name).map(ToString::to_string);
    let value = match (stated("min"), stated("max")) {
        (Some(min), Some(max)) => format!("{min}–{max}"),
        (Some(min), None) => format!("≥ {min}"),
        (None, Some(max)) => format!("≤ {max}"),
        (None, None) => String::new(),
    };
    let told = say(locale, "search.figure", &[("value", &value), ("text", &filter.text)]);
    LabelledValue { name: filter.field.to_owned(), label: field(locale, filter.field), value: told }
}

async fn ask(
    page: &Page,
    q: &str,
    bounds: &[FigureBound],
    kind: Option<DocKind>,
    number: u32,
) -> Result<HitPage, Problem> {
    let asked = search::SearchQuery::new(q, number, PER_PAGE)
        .and_then(|asked| asked.only(kind.into_iter().collect(), Vec::new(), Vec::new()))
        .map_err(|error| Problem::invalid(vec![FieldError::new(error.field(), error.code())]))?
        .within(bounds.to_vec());
    Ok(words::search(&page.app, &asked).await?)
}

/// Number of pages that can be shown.
fn pages(found: &HitPage) -> u32 {
    u32::try_from(found.total.div_ceil(u64::from(PER_PAGE))).unwrap_or(LAST_PAGE).min(LAST_PAGE)
}

fn facets(page: &Page, q: &str, chosen: Option<DocKind>, facets: &Facets) -> Vec<Facet> {
    let facet = |(kind, count): (&DocKind, &u64)| {
        let active = chosen == Some(*kind);
        // The chosen facet links back to all kinds.
        let only = if active { "" } else { kind.word() };
        Facet {
            label: kind_in_words(page.locale, *kind),
            count: *count,
            url: address(&page.url("/search"), [("q", q), ("type", only)].into_iter()),
            active,
        }
    };
    facets.kinds.iter().map(facet).collect()
}

fn kind_in_words(locale: Locale, kind: DocKind) -> String {
    match kind {
        DocKind::Policy => tell(locale, "search.policy"),
        kind => word(locale, "kind", kind.word()),
    }
}

fn view(page: &Page, hit: &search::Hit) -> HitView {
    let (locale, kind) = (page.locale, Kind::from_word(hit.kind.word()));
    let url = match kind {
        Some(kind) => listing_url(locale, kind, &hit.id),
        None => local_url(locale, &format!("/policies/{}", encode(&hit.id))),
    };
    let record = kind.and_then(|kind| page.app.inventory.record(kind, &hit.id));
    HitView {
        kind: kind_in_words(locale, hit.kind),
        name: name(page, hit),
        url,
        pieces: pieces(&hit.highlight),
        badge: record.map(|record| badge_of(page, &record)).unwrap_or_default(),
    }
}

/// The title in the index is Chinese; in English a listing has the name of its page.
fn name(page: &Page, hit: &search::Hit) -> String {
    let listing = Kind::from_word(hit.kind.word()).and_then(|kind| page.app.inventory.listing(kind, &hit.id));
    match (page.locale, listing) {
        (Locale::En, Some(listing)) => name_of(page.locale, &listing),
        _ => hit.title.clone(),
    }
}

/// Splits an index's highlight into parts: the template escapes each one, so that an index cannot inject markup.
fn pieces(highlight: &str) -> Vec<SnippetPiece> {
    let mut pieces = Vec::new();
    let mut push = |text: &str, hit: bool| {
        if !text.is_empty() {
            pieces.push(SnippetPiece { text: unescaped(text), hit });
        }
    };
    let mut parts = highlight.split("<em>");
    push(parts.next().unwrap_or_default(), false);
    for part in parts {
        let (hit, rest) = part.split_once("</em>").unwrap_or((part, ""));
        push(hit, true);
        push(rest, false);
    }
    pieces
}

fn unescaped(text: &str) -> String {
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&amp;", "&")];
    entities.iter().fold(text.to_owned(), |text, (entity, character)| text.replace(entity, character))
}

#[cfg(test)]
mod tests {
    use super::{SnippetPiece, pieces};

    #[test]
    fn a_highlight_comes_apart_into_text_that_is_escaped_anew() {
        let piece = |text: &str, hit| SnippetPiece { text: text.to_owned(), hit };
        let expected = [piece("a<b ", false), piece("宁波", true), piece(" &lt;", false)];
        assert_eq!(pieces("a&lt;b <em>宁波</em> &amp;lt;"), expected);
    }
}
