//! Full-text search over listings and policies, its facets and suggestions.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use domain::industry::IndustryCode;
use domain::listing::Kind;
use domain::region::{DivisionCode, divisions};
use domain::requirement::{FieldError, Word as _};
use serde::Serialize;
use serde_json::Value;

use super::beside::badge_of;
use super::context::{Page, PageResult};
use super::forms::Query;
use crate::i18n::{self, LabelledValue, Locale, field, say, tell, word};
use crate::search::{self, DocKind, FACETS, HitPage, LAST_PAGE, LONGEST_TEXT, Rewording, WordFilter};
use crate::service::search::{self as words, PLAIN, SearchAnswer, SearchRequest};
use crate::service::suggest::{self, Suggestion};
use crate::web::problem::Problem;
use crate::web::view::{Badge, FormContent, Pager, address, encode, listing_url, local_url, name_of, reading_of};

/// Hits per page.
const PER_PAGE: u32 = 20;

#[derive(Default, Serialize)]
struct SearchView {
    q: String,
    asked: bool,
    total: String,
    /// Words of the query that were taken as figures, places and trades.
    filters: Vec<TakenView>,
    /// Figures that nothing fulfils, in their words.
    dropped: String,
    /// Words that were taken for others.
    reworded: Vec<Rewording>,
    /// The same query with all of them as words.
    plain: String,
    /// The matches of a requirement with these conditions; blank where there is none.
    matches: String,
    /// Other texts to search for.
    suggestions: Vec<SuggestedLink>,
    fallback: bool,
    facets: Vec<FacetView>,
    hits: Vec<HitView>,
    pages: Pager,
}

#[derive(Serialize)]
struct TakenView {
    told: LabelledValue,
    /// The query with these words as words.
    without: String,
}

#[derive(Serialize)]
struct FacetView {
    label: String,
    values: Vec<Facet>,
}

#[derive(Serialize)]
struct Facet {
    label: String,
    count: u64,
    url: String,
    active: bool,
}

#[derive(Serialize)]
struct SuggestedLink {
    text: String,
    hint: String,
    url: String,
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

/// Values of a facet that the page shows.
const SHOWN: usize = 8;

/// The search of a page's address.
struct PageSearch {
    asked: SearchRequest,
    kind: Option<DocKind>,
    /// Every parameter but the page, as it was given.
    kept: Vec<(&'static str, String)>,
}

impl PageSearch {
    fn new(query: &Query, q: &str) -> Self {
        let kind = DocKind::from_word(query.get("type"));
        let mut kept = vec![("q", q.to_owned()), ("plain", query.get("plain").to_owned())];
        kept.push(("type", kind.map_or("", DocKind::word).to_owned()));
        kept.extend(FACETS.iter().map(|facet| (*facet, query.get(facet).trim().to_owned())));
        let having = kept.iter().filter(|(name, value)| FACETS.contains(name) && !value.is_empty());
        let asked = SearchRequest {
            text: q.to_owned(),
            plain: query.get("plain").to_owned(),
            kinds: kind.into_iter().collect(),
            having: having.map(|(name, value)| ((*name).to_owned(), vec![value.clone()])).collect(),
            per_page: PER_PAGE,
            ..SearchRequest::default()
        };
        Self { asked, kind, kept }
    }

    fn get(&self, name: &str) -> &str {
        self.kept.iter().find(|(own, _)| *own == name).map_or("", |(_, value)| value.as_str())
    }

    /// Returns the address with one parameter changed.
    fn with(&self, page: &Page, name: &str, value: &str) -> String {
        let own = self.kept.iter().map(|(own, kept)| (*own, if *own == name { value } else { kept.as_str() }));
        address(&page.url("/search"), own)
    }

    async fn find(&self, page: &Page, number: u32) -> Result<SearchAnswer, Problem> {
        let asked = SearchRequest { page: number, ..self.asked.clone() };
        asked.check().map_err(|error| Problem::invalid(vec![FieldError::new(error.field(), error.code())]))?;
        Ok(words::find(&page.app, &asked).await?)
    }
}

/// `GET /search?q=&type=`, with one parameter per facet.
pub(super) async fn show(page: Page, query: Query) -> PageResult {
    let q: String = query.get("q").trim().chars().take(LONGEST_TEXT).collect();
    if q.is_empty() {
        return page.show("search.html", SearchView::default());
    }
    let request = PageSearch::new(&query, &q);
    let mut number = u32::try_from(query.page()).unwrap_or(1).clamp(1, LAST_PAGE);
    let mut found = request.find(&page, number).await?;
    let count = pages(&found.hits);
    // A bookmarked page number may exceed the present number of pages.
    if number > count.max(1) {
        number = count.max(1);
        found = request.find(&page, number).await?;
    }
    let kept: Vec<(&str, &str)> = request.kept.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let context = SearchView {
        asked: true,
        plain: request.with(&page, "plain", PLAIN),
        matches: matches(&page, &found, &q),
        filters: found.filters.iter().map(|filter| taken(&page, &request, filter)).collect(),
        dropped: found.dropped.iter().map(|filter| filter.text.as_str()).collect::<Vec<_>>().join(" "),
        suggestions: suggestions(&page, &q),
        total: found.hits.total.to_string(),
        fallback: found.hits.is_fallback,
        facets: facets(&page, &request, &found),
        hits: found.hits.hits.iter().map(|hit| view(&page, hit)).collect(),
        pages: Pager::new(&page.url("/search"), &kept, number as usize, count as usize),
        reworded: found.reworded,
        q,
    };
    page.show("search.html", context)
}

/// `GET /search/suggest?q=`: an array of texts with a hint each, for the script.
pub(super) async fn suggest(page: Page, query: Query) -> Response {
    Json(suggested(&page, query.get("q").trim_start())).into_response()
}

fn suggested(page: &Page, typed: &str) -> Vec<Suggestion> {
    suggest::suggest(&page.app, page.locale, typed)
}

fn suggestions(page: &Page, q: &str) -> Vec<SuggestedLink> {
    let link = |it: Suggestion| SuggestedLink {
        url: address(&page.url("/search"), [("q", it.text.as_str())].into_iter()),
        text: it.text,
        hint: it.hint,
    };
    suggested(page, q).into_iter().map(link).collect()
}

/// Returns the address of the matches of the requirement that a query states; blank where it states none.
fn matches(page: &Page, found: &SearchAnswer, q: &str) -> String {
    let text = found.reworded.iter().fold(search::spelled_out(q).0, |text, it| text.replace(&it.from, &it.to));
    let reading = reading_of(&text, page.today(), page.rates());
    let draft = FormContent::of_requirement(&reading.requirement);
    let pairs: Vec<(&str, &str)> = draft.query().collect();
    if pairs.is_empty() { String::new() } else { address(&page.url("/matches"), pairs.into_iter()) }
}

fn taken(page: &Page, request: &PageSearch, filter: &WordFilter) -> TakenView {
    let kept: Vec<&str> = [request.get("plain"), filter.field].into_iter().filter(|it| !it.is_empty()).collect();
    TakenView { told: in_words(page.locale, filter), without: request.with(page, "plain", &kept.join(",")) }
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
    let value = if value.is_empty() { codes_in_words(locale, filter) } else { value };
    let told = say(locale, "search.figure", &[("value", &value), ("text", &filter.text)]);
    LabelledValue { name: filter.field.to_owned(), label: field(locale, filter.field), value: told }
}

/// Returns the names of a filter's places or trade.
fn codes_in_words(locale: Locale, filter: &WordFilter) -> String {
    let codes = filter.value.as_array().cloned().unwrap_or_else(|| vec![filter.value.clone()]);
    let facet = if filter.field == "regions" { "region" } else { "industry" };
    let names = codes.iter().filter_map(|code| Some(value_in_words(locale, facet, code.as_str()?)));
    names.collect::<Vec<_>>().join(&tell(locale, "format.list"))
}

/// Number of pages that can be shown.
fn pages(found: &HitPage) -> u32 {
    u32::try_from(found.total.div_ceil(u64::from(PER_PAGE))).unwrap_or(LAST_PAGE).min(LAST_PAGE)
}

fn facets(page: &Page, request: &PageSearch, found: &SearchAnswer) -> Vec<FacetView> {
    let (facets, around) = (&found.hits.facets, place(request, found));
    let chosen = request.kind.map_or("", DocKind::word);
    let kinds = facets.kinds.iter().map(|(kind, count)| (kind.word().to_owned(), *count));
    let mut all = vec![("type", values(page, request, "type", chosen, kinds.collect()))];
    for facet in FACETS {
        let counts = facets.tags.get(facet).into_iter().flatten().map(|(value, count)| (value.clone(), *count));
        let counts = counts.filter(|(value, _)| is_shown(facet, value, request.get(facet), around)).collect();
        all.push((facet, values(page, request, facet, request.get(facet), counts)));
    }
    let view =
        |(facet, values): (&str, Vec<Facet>)| FacetView { label: page.tell(&format!("search.by.{facet}")), values };
    all.into_iter().filter(|(_, values)| !values.is_empty()).map(view).collect()
}

/// Returns the division whose parts are offered: the chosen one, else the only one that the text names; `None` offers provinces.
fn place(request: &PageSearch, found: &SearchAnswer) -> Option<DivisionCode> {
    let named: Vec<&Value> = found
        .filters
        .iter()
        .filter(|it| it.field == "regions")
        .filter_map(|it| it.value.as_array())
        .flatten()
        .collect();
    let only = if let [code] = named[..] { code.as_str() } else { None };
    DivisionCode::parse(request.get("region")).or_else(|| only.and_then(DivisionCode::parse))
}

/// Whether a value is of the level that is offered: provinces, then the divisions inside the chosen one; divisions of
/// industry.
fn is_shown(facet: &str, value: &str, chosen: &str, around: Option<DivisionCode>) -> bool {
    match facet {
        "region" => {
            let code = DivisionCode::parse(value);
            let parent = code.and_then(|code| divisions().get(code)).and_then(|row| row.parent);
            value == chosen || parent == around
        }
        "industry" => IndustryCode::parse(value).is_some_and(|code| code.digits() == 2) || value == chosen,
        _ => true,
    }
}

/// Returns the values of a facet with most results; the chosen one is first and links back to all.
fn values(page: &Page, request: &PageSearch, facet: &str, chosen: &str, mut counts: Vec<(String, u64)>) -> Vec<Facet> {
    counts.sort_by(|(a, m), (b, n)| (b == chosen).cmp(&(a == chosen)).then(n.cmp(m)).then(a.cmp(b)));
    let view = |(value, count): (String, u64)| Facet {
        label: value_in_words(page.locale, facet, &value),
        count,
        url: request.with(page, facet, if value == chosen { "" } else { &value }),
        active: value == chosen,
    };
    counts.into_iter().take(SHOWN).map(view).collect()
}

fn value_in_words(locale: Locale, facet: &str, value: &str) -> String {
    match facet {
        "type" => DocKind::from_word(value).map_or_else(String::new, |kind| kind_in_words(locale, kind)),
        "region" => DivisionCode::parse(value).map_or_else(String::new, |code| i18n::division(locale, code)),
        "industry" => IndustryCode::parse(value).map_or_else(String::new, |code| i18n::industry(locale, code)),
        "area" => tell(locale, &format!("search.area.{value}")),
        "facility" => word(locale, "facilities", value),
        facet => word(locale, facet, value),
    }
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
