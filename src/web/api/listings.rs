//! Published listings, the ranking, and text search.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::freshness::{FactAge, Precedence, checked_on, is_past};
use domain::industry::IndustryCode;
use domain::listing::{Kind, Listing};
use domain::record::Record;
use domain::region::DivisionCode;
use domain::requirement::{FieldCode, FieldError, Word as _};
use serde_json::{Map, Value, json};

use super::schema::ProblemShape;
use super::{ApiResult, answers};
use crate::error::Error;
use crate::i18n::{self, Locale};
use crate::search::{DocKind, LAST_PAGE, LONGEST_PAGE, LONGEST_TEXT};
use crate::service::context::{App, Context};
use crate::service::inventory::{self, Filter, ListCursor};
use crate::service::search::{self, SearchAnswer, SearchRequest};
use crate::web::extract::{self, Id, Params};
use crate::web::problem::Problem;

/// Listings per page where the client names no number.
const PER_PAGE: usize = 20;
/// Largest page.
pub(super) const MOST_PER_PAGE: usize = 100;
/// Last page number; beyond the last listing a page is empty, and the product of both limits cannot overflow.
pub(super) const LAST_LISTING_PAGE: usize = 1_000_000;
/// Words of the kinds, in refusals.
const KINDS: &str = "plot, space, park";
/// Longest search text, in characters.
const LONGEST_QUERY: usize = 200;

/// Lists published listings, one page per call. With `cursor` none is left out and none comes twice where listings are added or
/// removed meanwhile.
#[utoipa::path(get, path = "/api/v1/listings",
    params(("kind" = Option<String>, Query), ("region" = Option<String>, Query), ("industry" = Option<String>, Query),
           ("q" = Option<String>, Query), ("page" = Option<usize>, Query), ("per_page" = Option<usize>, Query),
           ("cursor" = Option<String>, Query, description = "`next` of the page before, instead of `page`")),
    responses((status = 200, body = answers::ListingPageShape, description = "`items`, `page`, `pages`, `total`, `next`"),
              (status = 422, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn list_listings(State(app): State<App>, params: Params) -> ApiResult {
    params.only(&["kind", "region", "industry", "q", "page", "per_page", "cursor"])?;
    let mut filter = filter(&params).map_err(Problem::invalid)?;
    if let Some(text) = params.get("cursor") {
        let wrong = || FieldError::new("cursor", FieldCode::UnknownCode).with("value", text);
        filter.after = Some(parse_cursor(text).ok_or_else(|| Problem::invalid(vec![wrong()]))?);
        filter.page = 1;
    }
    let page = inventory::list(&app, &filter);
    let next = page.items.last().filter(|_| page.has_more).map(|record| cursor(&app, record));
    let items: Vec<Value> = page.items.iter().map(|record| item(&app, record)).collect();
    Ok(super::json(
        StatusCode::OK,
        &json!({ "items": items, "page": page.page, "pages": page.pages, "total": page.total, "next": next }),
    ))
}

/// The cursor behind a listing: its place in the order of lists, not to be read by clients.
fn cursor(app: &Context, record: &Record) -> String {
    let place = app.beside.place(record, app.clock.now().day());
    URL_SAFE_NO_PAD.encode(format!("{} {} {}", place.word(), record.kind().word(), record.id()))
}

fn parse_cursor(text: &str) -> Option<ListCursor> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    let mut parts = text.splitn(3, ' ');
    let (place, kind, id) = (parts.next()?, parts.next()?, parts.next()?);
    Some((Precedence::from_word(place)?, Kind::from_word(kind)?, id.to_owned()))
}

/// Builds the filter of a query string.
pub(in crate::web) fn filter(params: &Params) -> Result<Filter, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut coded = |name: &str, code: FieldCode, known: bool| {
        if let Some(value) = params.get(name).filter(|_| !known) {
            errors.push(FieldError::new(name, code).with("value", value).with("accepted", KINDS));
        }
    };
    let kind = params.get("kind").and_then(Kind::from_word);
    let region = params.get("region").and_then(DivisionCode::understood);
    let industry = params.get("industry").and_then(IndustryCode::parse);
    coded("kind", FieldCode::UnknownWord, kind.is_some());
    coded("region", FieldCode::UnknownCode, region.is_some());
    coded("industry", FieldCode::UnknownCode, industry.is_some());
    let q = params.get("q").unwrap_or_default().to_owned();
    if q.chars().count() > LONGEST_QUERY {
        errors.push(FieldError::new("q", FieldCode::TooLong).with("max", LONGEST_QUERY.to_string()));
    }
    let mut number = |name, most, default| {
        params.number(name, 1..=most, default).unwrap_or_else(|error| {
            errors.push(error);
            default
        })
    };
    let (page, per_page) = (number("page", LAST_LISTING_PAGE, 1), number("per_page", MOST_PER_PAGE, PER_PAGE));
    let filter = Filter { kind, region, industry, q, page, per_page, after: None };
    if errors.is_empty() { Ok(filter) } else { Err(errors) }
}

/// Shows one listing with all its public columns.
#[utoipa::path(get, path = "/api/v1/listings/{id}",
    params(("id" = String, Path), ("kind" = Option<String>, Query, description = "Where two kinds share an id")),
    responses((status = 200, body = answers::ListingItemShape, description = "The listing; `record` holds its cells"),
              (status = 404, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn show_listing(State(app): State<App>, Id(id): Id<String>, params: Params) -> ApiResult {
    params.only(&["kind"])?;
    let kind = params.get("kind").map(|word| {
        let wrong = || FieldError::new("kind", FieldCode::UnknownWord).with("value", word).with("accepted", KINDS);
        Kind::from_word(word).ok_or_else(|| Problem::invalid(vec![wrong()]))
    });
    let record = match kind.transpose()? {
        Some(kind) => app.inventory.record(kind, &id),
        None => app.inventory.find(&id),
    };
    let record = record.ok_or(Error::NotFound)?;
    let mut body = item(&app, &record);
    let cells = domain::record::columns(record.kind()).iter().map(|column| column.name);
    // `inbox_email` stays private; `inquiry` tells whether the park has one.
    let public = cells.filter(|name| *name != "inbox_email" && !record.get(name).is_empty());
    body["record"] =
        Value::Object(public.map(|name| (name.to_owned(), record.get(name).into())).collect::<Map<_, _>>());
    Ok(super::json(StatusCode::OK, &body))
}

fn item(app: &Context, record: &Record) -> Value {
    let listing: Option<Listing> = app.inventory.listing(record.kind(), record.id());
    let listing = listing.as_ref();
    let park = listing.and_then(|listing| listing.park.as_deref());
    let inquiry = if park.is_some_and(|park| app.inventory.inbox(park).is_some()) {
        json!({ "possible": true })
    } else {
        json!({ "possible": false, "code": "no_inbox" })
    };
    let region = listing.and_then(|listing| listing.division);
    let (kind, id, now) = (record.kind(), record.id(), app.clock.now());
    let checked = checked_on(record, &app.beside.evidence(kind, id));
    json!({
        "id": record.id(),
        "kind": record.kind().word(),
        "name": listing.map_or(record.id(), |listing| &*listing.name),
        "park": park,
        "park_name": park.map(|park| app.inventory.park_name(park)),
        "region": region,
        "region_name": region.map(|code| i18n::region_name(Locale::ZhHans, code)),
        "status": Some(record.get("status")).filter(|status| !status.is_empty()),
        "offered": listing.is_some_and(Listing::is_offered),
        "dated": listing.and_then(|listing| listing.dated.clone()),
        "demo": listing.is_some_and(|listing| listing.demo),
        "inquiry": inquiry,
        // The oldest check of its key facts, and what is held for others.
        "checked_on": checked,
        "freshness": checked.map(|on| FactAge::of(on, now.day())),
        "held": app.beside.held(record, now),
        "past": is_past(record, now.day()),
    })
}

/// Shows the weights and formulas of the ranking.
#[utoipa::path(get, path = "/api/v1/ranking", responses((status = 200, body = answers::RankingTableShape, description = "`version` and every criterion's weight and formula")))]
pub(super) async fn show_ranking(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    let locale = extract::locale(&headers);
    let ranking = app.inventory.with_index(|index| index.ranking().clone());
    let lines = ranking.lines().into_iter().map(|line| {
        let formula = serde_json::to_value(line.formula).unwrap_or_default();
        let words = i18n::tell(locale, &format!("formula.{}", formula.as_str().unwrap_or_default()));
        json!({
            "criterion": line.criterion,
            "name": i18n::word(locale, "criterion", line.criterion.id()),
            "weight": line.max_points,
            "max_points": line.max_points,
            "legal": line.legal,
            "formula": words,
        })
    });
    let lines: Vec<Value> = lines.collect();
    Ok(super::json(StatusCode::OK, &json!({ "version": ranking.version, "criteria": lines })))
}

/// Searches listings and policies by text.
#[utoipa::path(get, path = "/api/v1/search",
    params(("q" = Option<String>, Query), ("kind" = Option<String>, Query, description = "plot, space, park or policy"),
           ("region" = Option<String>, Query), ("industry" = Option<String>, Query),
           ("level" = Option<String>, Query, description = "Level of a park, as `facets.level` names it"),
           ("status" = Option<String>, Query, description = "Availability, as `facets.status` names it"),
           ("facility" = Option<String>, Query, description = "A facility's code, as `facets.facility` names it"),
           ("area" = Option<String>, Query, description = "A band as `facets.area` names it"),
           ("page" = Option<usize>, Query), ("per_page" = Option<usize>, Query),
           ("plain" = Option<String>, Query,
            description = "Fields of `filters` whose words are searched as words, joined by commas; `yes`: all")),
    responses((status = 200, body = answers::HitPageShape, description = "`hits`, `facets`, `total`"),
              (status = 422, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn search_listings(State(app): State<App>, params: Params) -> ApiResult {
    params.only(&[
        "q", "kind", "region", "industry", "level", "status", "facility", "area", "page", "per_page", "plain",
    ])?;
    let asked = asked(&params).map_err(Problem::invalid)?;
    let SearchAnswer { hits, filters, reworded, dropped } = search::find(&app, &asked).await?;
    Ok(super::json(
        StatusCode::OK,
        &json!({ "hits": hits.hits, "facets": hits.facets, "total": hits.total, "filters": filters,
            "reworded": reworded, "dropped": dropped, "fallback": hits.is_fallback }),
    ))
}

/// Builds the search of a query string.
fn asked(params: &Params) -> Result<SearchRequest, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut coded = |name: &str, code: FieldCode, known: bool| {
        if let Some(value) = params.get(name).filter(|_| !known) {
            errors.push(FieldError::new(name, code).with("value", value).with("accepted", "plot, space, park, policy"));
        }
    };
    let kind = params.get("kind").and_then(DocKind::from_word);
    let region = params.get("region").and_then(DivisionCode::understood);
    let industry = params.get("industry").and_then(IndustryCode::parse);
    coded("kind", FieldCode::UnknownWord, kind.is_some());
    coded("region", FieldCode::UnknownCode, region.is_some());
    coded("industry", FieldCode::UnknownCode, industry.is_some());
    let mut number = |name, most: u32, default| {
        params.number(name, 1..=most as usize, default).unwrap_or_else(|error| {
            errors.push(error);
            default
        })
    };
    let (page, per_page) = (number("page", LAST_PAGE, 1), number("per_page", LONGEST_PAGE, PER_PAGE));
    let having = ["level", "status", "facility", "area"];
    let having = having.iter().filter_map(|name| Some(((*name).to_owned(), vec![params.get(name)?.to_owned()])));
    let asked = SearchRequest {
        text: params.get("q").unwrap_or_default().trim().to_owned(),
        plain: params.get("plain").unwrap_or_default().to_owned(),
        kinds: kind.into_iter().collect(),
        regions: region.into_iter().collect(),
        industries: industry.into_iter().collect(),
        having: having.collect(),
        page: page as u32,
        per_page: per_page as u32,
    };
    match asked.check() {
        Ok(()) if errors.is_empty() => Ok(asked),
        Ok(()) => Err(errors),
        Err(error) => {
            errors.push(FieldError::new(error.field(), error.code()).with("max", LONGEST_TEXT.to_string()));
            Err(errors)
        }
    }
}
