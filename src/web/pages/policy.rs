//! The policy library: its list, one policy with what is related to it, and its feed.

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Redirect};
use domain::policy::{PolicyTarget, PolicyTie, is_in_force, targets};
use domain::record::{Policies, Record};
use domain::region::DivisionCode;
use serde::Serialize;

use super::context::{Page, PageResult};
use super::forms::Query;
use crate::error::Error;
use crate::i18n::{self, LabelledValue, Locale, column, date, free_word, industry, region_name, say, tell};
use crate::service::policies::{self, PolicyFilter, PolicyInLibrary};
use crate::web::extract::Id;
use crate::web::view::{
    Crumb, OptionView, address, breadcrumb_json, encode, listing_url, markdown, named_places, policy_json, qr,
    web_address,
};

/// Longest entry of the filter, in characters; the rest is cut off.
const LONGEST_ENTRY: usize = 100;
/// Entries of the feed.
const FED: usize = 50;

#[derive(Serialize)]
struct PolicyPage {
    article: PolicyArticle,
    trail: Vec<Crumb>,
    newer: Option<PolicyRow>,
    older: Option<PolicyRow>,
    related: Vec<PolicyRow>,
    qr: String,
    report_url: String,
    contact: String,
    structured: String,
    breadcrumb_json: String,
}

/// Content of a policy, on its page and in a preview.
#[derive(Serialize)]
pub(crate) struct PolicyArticle {
    pub(crate) title: String,
    demo: bool,
    expired: bool,
    facts: Vec<LabelledValue>,
    targets: Vec<TargetView>,
    paragraphs: Vec<String>,
    /// The body as HTML.
    body: String,
    needs: Vec<String>,
    source: Option<String>,
}

#[derive(Serialize)]
struct TargetView {
    indicator: String,
    value: String,
    year: Option<i32>,
    is_past: bool,
}

/// A policy in a list.
#[derive(Serialize)]
struct PolicyRow {
    title: String,
    url: String,
    /// Issuer, number, date and place, as far as known.
    about: String,
    demo: bool,
    expired: bool,
    /// Reasons for which it is shown beside another one.
    because: Vec<String>,
}

const TOLD: [&str; 9] =
    ["issuer", "document_no", "issued_on", "valid_until", "region_code", "industries", "kind", "tags", "licence"];

/// `GET /policies/{id}`
pub(super) async fn show(page: Page, Id(id): Id<String>) -> PageResult {
    let PolicyInLibrary { policy, newer, older, related } = match policies::get(&page.app, &id) {
        Err(Error::NotFound) => return moved(&page, &id).await,
        found => found?,
    };
    let path = url(&policy);
    let trail = trail(&page, &policy);
    let beside = |other: &Record<Policies>| row(&page, other, &[]);
    let context = PolicyPage {
        article: article(&page, &policy),
        newer: newer.as_ref().map(beside),
        older: older.as_ref().map(beside),
        related: related.iter().map(|(other, ties)| row(&page, other, ties)).collect(),
        qr: qr(&page.public_url(&path)),
        report_url: address(&page.url("/report"), [("kind", "policy"), ("id", policy.id())].into_iter()),
        contact: page.app.config.site.contact.clone(),
        structured: policy_json(&page.app.config.server.base_url, &path, &policy),
        breadcrumb_json: breadcrumb_json(&page.app.config.server.base_url, &trail),
        trail,
    };
    page.show("policy.html", context)
}

/// Leads to the address that a policy has now.
async fn moved(page: &Page, id: &str) -> PageResult {
    let code = page.app.db.policy_moved(id).await.map_err(Error::from)?.ok_or(Error::NotFound)?;
    policies::get(&page.app, &code)?;
    Ok(Redirect::permanent(&page.url(&format!("/policies/{}", encode(&code)))).into_response())
}

/// Returns what a policy says.
pub(crate) fn article(page: &Page, policy: &Record<Policies>) -> PolicyArticle {
    let lines = |name: &str, between: char| -> Vec<String> {
        let parts = policy.get(name).split(between).map(str::trim).filter(|text| !text.is_empty());
        parts.map(str::to_owned).collect()
    };
    let target = |it: PolicyTarget| TargetView {
        is_past: it.is_past(page.today()),
        indicator: it.indicator,
        value: it.value,
        year: it.year,
    };
    PolicyArticle {
        title: policy.get("title").to_owned(),
        demo: policy.yes_no("demo") == Some(true),
        expired: !is_in_force(policy, page.today()),
        facts: facts(page.locale, policy),
        targets: targets(policy).into_iter().map(target).collect(),
        paragraphs: lines("summary", '\n'),
        body: markdown(policy.get("body")),
        needs: lines("needs", ';'),
        source: web_address(policy.get("source_url")),
    }
}

fn url(policy: &Record<Policies>) -> String {
    format!("/policies/{}", encode(policy.id()))
}

fn trail(page: &Page, policy: &Record<Policies>) -> Vec<Crumb> {
    let mut trail = vec![
        Crumb { label: page.tell("nav.home"), url: Some(page.url("/")) },
        Crumb { label: page.tell("policy.library"), url: Some(page.url("/policies")) },
    ];
    let kind = policy.get("kind");
    if !kind.is_empty() {
        let list = address(&page.url("/policies"), [("kind", kind)].into_iter());
        trail.push(Crumb { label: free_word(page.locale, kind), url: Some(list) });
    }
    trail.push(Crumb { label: policy.get("title").to_owned(), url: None });
    trail
}

fn row(page: &Page, policy: &Record<Policies>, ties: &[PolicyTie]) -> PolicyRow {
    let told = ["issuer", "document_no", "issued_on", "region_code"];
    let parts: Vec<String> =
        told.iter().filter(|name| !policy.get(name).is_empty()).map(|name| value(page.locale, policy, name)).collect();
    PolicyRow {
        title: policy.get("title").to_owned(),
        url: page.url(&url(policy)),
        about: parts.join(" · "),
        demo: policy.yes_no("demo") == Some(true),
        expired: !is_in_force(policy, page.today()),
        because: ties.iter().map(|tie| because(page.locale, tie)).collect(),
    }
}

/// Returns the reason for which two policies are related, in words.
fn because(locale: Locale, tie: &PolicyTie) -> String {
    let same = |key: &str, what: &str| say(locale, key, &[("what", what)]);
    match tie {
        PolicyTie::Region(None) => tell(locale, "policy.same_country"),
        PolicyTie::Region(Some(code)) => same("policy.same_region", &region_name(locale, *code)),
        PolicyTie::Kind(kind) => same("policy.same_kind", &free_word(locale, kind)),
        PolicyTie::Industry(code) => same("policy.same_industry", &industry(locale, *code)),
        PolicyTie::Tag(tag) => same("policy.same_tag", tag),
    }
}

#[derive(Serialize)]
struct Library {
    action: String,
    trail: Vec<Crumb>,
    region: String,
    region_wrong: bool,
    with_past: bool,
    kinds: Vec<OptionView>,
    provinces: Vec<String>,
    rows: Vec<PolicyRow>,
}

/// `GET /policies?region=&kind=&past=`
pub(super) async fn library(page: Page, query: Query) -> PageResult {
    let typed = |name: &str| query.get(name).trim().chars().take(LONGEST_ENTRY).collect::<String>();
    let (region, kind) = (typed("region"), typed("kind"));
    let place = named_places(&region).into_iter().next();
    let with_past = query.get("past") == "yes";
    let filter = PolicyFilter { region: place, kind: kind.clone(), with_past };
    let found = policies::list(&page.app, &filter);
    let context = Library {
        action: page.url("/policies"),
        trail: vec![
            Crumb { label: page.tell("nav.home"), url: Some(page.url("/")) },
            Crumb { label: page.tell("policy.library"), url: None },
        ],
        region_wrong: !region.is_empty() && place.is_none(),
        region,
        with_past,
        kinds: policies::kinds(&page.app)
            .into_iter()
            .map(|own| OptionView { label: free_word(page.locale, &own), checked: own == kind, value: own })
            .collect(),
        provinces: i18n::provinces(page.locale),
        rows: found.iter().map(|policy| row(&page, policy, &[])).collect(),
    };
    page.show("policies.html", context)
}

#[derive(Serialize)]
struct Feed {
    id: String,
    updated: String,
    entries: Vec<FeedEntry>,
}

#[derive(Serialize)]
struct FeedEntry {
    title: String,
    url: String,
    day: String,
    summary: String,
}

/// `GET /sitemap.xml`: the pages of policies, parks, plots and spaces, and the lists (sitemaps.org).
pub(super) async fn sitemap(page: Page) -> PageResult {
    let lists = ["/", "/policies", "/parks", "/plots", "/spaces"].map(|path| page.public_url(path));
    let all = page.app.policies.all();
    let policies = all.iter().map(|policy| page.public_url(&url(policy)));
    let records = page.app.inventory.records();
    let listings = records.iter().filter(|record| record.yes_no("demo") != Some(true));
    let base = page.app.config.server.base_url.trim_end_matches('/');
    let listings = listings.map(|record| format!("{base}{}", listing_url(page.locale, record.kind(), record.id())));
    let urls: Vec<String> = lists.into_iter().chain(policies).chain(listings).take(MAPPED).collect();
    let shown = page.show("sitemap.xml", Sitemap { urls })?;
    Ok(([(CONTENT_TYPE, "application/xml; charset=utf-8")], shown.into_body()).into_response())
}

#[derive(Serialize)]
struct Sitemap {
    urls: Vec<String>,
}

/// Addresses that a sitemap may have.
const MAPPED: usize = 50_000;

/// `GET /policies.atom`: the newest policies in force (RFC 4287).
pub(super) async fn feed(page: Page) -> PageResult {
    let found = policies::list(&page.app, &PolicyFilter::default());
    let day = |policy: &Record<Policies>| policy.get("issued_on").to_owned();
    let entry = |policy: &Record<Policies>| FeedEntry {
        title: policy.get("title").to_owned(),
        url: page.public_url(&url(policy)),
        day: day(policy),
        summary: policy.get("summary").to_owned(),
    };
    let dated = found.iter().filter(|policy| policy.day("issued_on").is_some());
    let entries: Vec<FeedEntry> = dated.take(FED).map(entry).collect();
    let updated = entries.first().map_or_else(|| page.today().to_string(), |newest| newest.day.clone());
    let shown = page.show("policies.atom", Feed { id: page.public_url("/policies"), updated, entries })?;
    Ok(([(CONTENT_TYPE, "application/atom+xml; charset=utf-8")], shown.into_body()).into_response())
}

fn facts(locale: Locale, record: &Record<Policies>) -> Vec<LabelledValue> {
    let stated = TOLD.iter().filter(|name| !record.get(name).is_empty());
    let fact = |name: &&str| LabelledValue {
        name: (*name).to_owned(),
        label: label(locale, name),
        value: value(locale, record, name),
    };
    stated.map(fact).collect()
}

fn label(locale: Locale, name: &str) -> String {
    column(locale, if name == "kind" { "policy_kind" } else { name })
}

fn value(locale: Locale, record: &Record<Policies>, name: &str) -> String {
    let text = record.get(name);
    let list = |words: Vec<String>| words.join(&tell(locale, "format.list"));
    match name {
        "issued_on" | "valid_until" => record.day(name).map_or_else(|| text.to_owned(), |day| date(locale, day)),
        "region_code" => DivisionCode::parse(text).map_or_else(|| text.to_owned(), |code| region_name(locale, code)),
        "industries" => list(record.codes(name).into_iter().map(|code| industry(locale, code)).collect()),
        "kind" => free_word(locale, text),
        "tags" => list(text.split(';').map(str::to_owned).collect()),
        _ => text.to_owned(),
    }
}
