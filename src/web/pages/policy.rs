//! Page of one policy: issuer, dates, validity, region; the full text is linked at its source.

use domain::record::{Policies, Record};
use domain::region::DivisionCode;
use serde::Serialize;

use super::context::{Page, PageResult};
use crate::i18n::{LabelledValue, Locale, column, date, industry, region_name, tell};
use crate::service::policies;
use crate::web::extract::Id;
use crate::web::view::{Crumb, web_address};

#[derive(Serialize)]
struct PolicyPage {
    title: String,
    trail: Vec<Crumb>,
    demo: bool,
    expired: bool,
    facts: Vec<LabelledValue>,
    paragraphs: Vec<String>,
    source: Option<String>,
}

const TOLD: [&str; 8] =
    ["issuer", "document_no", "issued_on", "valid_until", "region_code", "industries", "kind", "tags"];

/// `GET /policies/{id}`
pub(super) async fn show(page: Page, Id(id): Id<String>) -> PageResult {
    let record = policies::get(&page.app, &id).await?;
    let title = record.get("title").to_owned();
    let paragraphs = record.get("summary").split('\n').map(str::trim).filter(|text| !text.is_empty());
    let context = PolicyPage {
        trail: vec![
            Crumb { label: page.tell("nav.home"), url: Some(page.url("/")) },
            Crumb { label: page.tell("search.policy"), url: None },
            Crumb { label: title.clone(), url: None },
        ],
        title,
        demo: record.yes_no("demo") == Some(true),
        expired: record.day("valid_until").is_some_and(|day| day < page.today()),
        facts: facts(page.locale, &record),
        paragraphs: paragraphs.map(str::to_owned).collect(),
        source: web_address(record.get("source_url")),
    };
    page.show("policy.html", context)
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
        "tags" => list(text.split(';').map(str::to_owned).collect()),
        _ => text.to_owned(),
    }
}
