//! Contact data in full, on a page of their own that opens once.

use domain::lead::NoteKind;
use domain::requirement::Word as _;
use serde::Serialize;

use super::lead::{contact_facts, note_kinds};
use crate::i18n::LabelledValue;
use crate::service::{leads, looks};
use crate::web::extract::Id;
use crate::web::pages::{Page, PageResult, Query};
use crate::web::view::OptionView;

#[derive(Serialize)]
struct ContactPage {
    id: String,
    number: String,
    company: String,
    /// `None` where this look is over.
    contact: Option<Vec<LabelledValue>>,
    /// Kinds of the note that is offered after the call.
    note_kinds: Vec<OptionView>,
}

/// `POST /staff/leads/{id}/reveal`: records the look, and leads to the page that shows the data once.
pub(super) async fn begin(page: Page, Id(id): Id<String>) -> PageResult {
    let ticket = looks::begin(&page.app, page.staff()?, &id).await?;
    Ok(page.see(&format!("/staff/leads/{id}/contact?look={ticket}")))
}

/// `GET /staff/leads/{id}/contact`: a reload, a step back or a copied address shows that the look is over.
pub(super) async fn show(page: Page, Id(id): Id<String>, query: Query) -> PageResult {
    let actor = page.staff()?;
    let view = leads::show(&page.app, actor, &id).await?;
    let contact = looks::open(&page.app, actor, &id, query.get("look")).await?;
    let context = ContactPage {
        number: view.page.row.inquiry.number.clone(),
        company: view.page.row.company.clone().unwrap_or_else(|| page.tell("staff.no_company")),
        note_kinds: note_kinds(page.locale, NoteKind::Phone.word()),
        contact: contact.map(|contact| contact_facts(page.locale, &contact)),
        id,
    };
    page.show("staff/contact.html", context)
}
