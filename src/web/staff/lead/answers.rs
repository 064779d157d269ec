//! Templates of answers to the enterprise, in the language in which it wrote.

use domain::matching::Match;
use serde::Serialize;

use super::view::differences;
use crate::i18n::{Locale, say, tell};
use crate::service::leads::LeadView;
use crate::web::pages::Page;
use crate::web::view::address;

/// The words of the templates.
const TEMPLATES: [&str; 4] = ["first", "visit", "more", "none"];
/// The template that offers another listing, which is named beside it.
const INSTEAD: &str = "instead";

/// A link that fills the answer in.
#[derive(Serialize)]
pub(super) struct AnswerLink {
    label: String,
    url: String,
}

/// The links of a lead's page, in their order.
pub(super) fn links(page: &Page, lead: &str) -> Vec<AnswerLink> {
    let link = |word: &&str| AnswerLink {
        label: page.tell(&format!("answer.{word}")),
        url: of_template(page, lead, &[("answer", word)]),
    };
    TEMPLATES.iter().map(link).collect()
}

/// The address that fills in an answer that offers a listing instead.
pub(super) fn offer(page: &Page, lead: &str, listing: &str) -> String {
    of_template(page, lead, &[("answer", INSTEAD), ("other", listing)])
}

fn of_template(page: &Page, lead: &str, pairs: &[(&str, &str)]) -> String {
    let path = page.url(&format!("/staff/leads/{lead}"));
    format!("{}#answer", address(&path, pairs.iter().copied()))
}

/// Returns the text of a template; `None` for an unknown one.
pub(super) fn draft(page: &Page, view: &LeadView, template: &str, other: &str) -> Option<String> {
    let locale = Locale::from_tag(&view.page.requirement.locale).unwrap_or(page.locale);
    let row = &view.page.row;
    let offered = view.page.alternatives.iter().find(|found| *found.listing.id == *other);
    let word = match offered {
        Some(_) => (template == INSTEAD).then_some(INSTEAD),
        None => TEMPLATES.into_iter().find(|word| *word == template),
    }?;
    let (name, differs) = offered.map(|found| named(locale, view, found)).unwrap_or_default();
    let park = page.app.inventory.park_name(&row.inquiry.park);
    let args = [
        ("number", row.inquiry.number.as_str()),
        ("listing", row.inquiry.listing_name.as_str()),
        ("park", park.as_str()),
        ("other", name.as_str()),
        ("differs", differs.as_str()),
    ];
    Some(say(locale, &format!("answer_text.{word}"), &args))
}

/// Name of a listing, and what is better than in the present ones.
fn named(locale: Locale, view: &LeadView, found: &Match) -> (String, String) {
    let differs = differences(locale, view.page.matches.first(), found).join(&tell(locale, "format.list"));
    (found.listing.name.to_string(), differs)
}
