//! Private page of a requirement: states of its inquiries, reveals of its contact, erasure.

use axum::response::Response;
use domain::inquiry::InquiryState;
use domain::lead::HandoverState;
use domain::listing::Kind;
use serde::Serialize;

use super::context::{Page, PageResult};
use super::forms::Form;
use super::matches::{Picked, matches_page};
use crate::db::handover::Handover;
use crate::i18n::{self, LabelledValue, Locale, date, moment, say, stored_facts, word};
use crate::service::requirements::{self, InquiryView, RequirementStatus};
use crate::service::work::page_call;
use crate::service::{erasure, handovers, notice};
use crate::web::extract::Id;
use crate::web::view::{FormContent, encode, listing_url, name_of, qr};

#[derive(Serialize)]
pub(super) struct StatusPage {
    reference: String,
    /// Name of it in addresses, see [`Page::handle`].
    handle: String,
    state: String,
    facts: Vec<LabelledValue>,
    inquiries: Vec<InquiryRow>,
    accesses: Vec<AccessLine>,
    handovers: Vec<HandoverLine>,
    /// Public address by the reference.
    link: String,
    qr: String,
    has_receipt: bool,
    wrong: Option<String>,
    message: Option<RefusedMessage>,
}

/// A message that was refused: shown again beside its fault.
#[derive(Serialize)]
pub(super) struct RefusedMessage {
    pub(super) number: String,
    pub(super) text: String,
    pub(super) fault: String,
}

/// Faults of the forms of the page.
#[derive(Default)]
pub(super) struct RefusedForm {
    pub(super) erasure: Option<String>,
    pub(super) message: Option<RefusedMessage>,
}

/// A proposed hand-over, which its owner may answer, or one that was answered.
#[derive(Serialize)]
struct HandoverLine {
    id: String,
    from: String,
    to: String,
    reason: String,
    state: String,
    is_asked: bool,
}

#[derive(Serialize)]
struct InquiryRow {
    number: String,
    kind: String,
    name: String,
    /// `None` for a kind of another version, which has no page.
    url: Option<String>,
    park: String,
    code: String,
    state: String,
    is_refused: bool,
    steps: Vec<StepLine>,
    /// The park's phone number for services.
    phone: Option<String>,
    operator_phone: Option<String>,
    /// The owner of its lead, where the park tells enterprises.
    owner: Option<String>,
    /// Whether the day has passed by which the park had to act.
    is_late: bool,
    /// Whether it was not withdrawn.
    is_live: bool,
}

/// A step of an inquiry with its time, or what is expected when.
#[derive(Serialize)]
struct StepLine {
    label: String,
    at: Option<String>,
    is_done: bool,
}

#[derive(Serialize)]
struct AccessLine {
    at: String,
    park: String,
    what: String,
}

/// `GET /requirements/{reference}`, from a link of a mail, and by the handle that it leads a browser to.
pub(super) async fn show(page: Page, Id(named): Id<String>) -> PageResult {
    let reference = page.reference_of(&named)?;
    let status = requirements::status(&page.app, &reference).await?;
    if page.is_navigation && named == reference {
        return Ok(page.see_own(&reference));
    }
    page.show("requirement.html", status_page(&page, &status, RefusedForm::default()))
}

/// `GET /requirements/{reference}/matches`: matches in the present inventory.
pub(super) async fn matches(page: Page, Id(named): Id<String>) -> PageResult {
    let reference = page.reference_of(&named)?;
    let stored = requirements::by_reference(&page.app, &reference).await?;
    let mut draft = FormContent::of_requirement(stored.requirement.known());
    draft.reference = stored.reference;
    matches_page(&page, draft, Picked::default())
}

/// `GET /requirements/{reference}/erase`: reached by a bookmark or reload of the form's response; redirects to the
/// page.
pub(super) async fn back(page: Page, Id(named): Id<String>) -> Response {
    page.see(&format!("/requirements/{}", encode(&named)))
}

/// `POST /requirements/{reference}/erase`
pub(super) async fn erase(page: Page, Id(named): Id<String>, form: Form) -> PageResult {
    let reference = page.reference_of(&named)?;
    if form.get("sure") != "yes" {
        let status = requirements::status(&page.app, &reference).await?;
        let refused = RefusedForm { erasure: Some(page.tell("requirement.erase_missing")), ..RefusedForm::default() };
        return page.show_form(false, "requirement.html", status_page(&page, &status, refused));
    }
    erasure::erase(&page.app, &page_call(), &reference).await?;
    page.show("erased.html", ())
}

/// `POST /requirements/{reference}/handovers/{id}`: the enterprise's word on a hand-over.
pub(super) async fn answer_handover(page: Page, Id((named, id)): Id<(String, String)>, form: Form) -> PageResult {
    let reference = page.reference_of(&named)?;
    let accepts = form.get("accept") == "yes";
    handovers::consent(&page.app, &page_call(), &reference, &id, accepts, notice::VERSION).await?;
    Ok(page.see(&format!("/requirements/{}", page.handle(&reference))))
}

fn handover_line(page: &Page, it: &Handover) -> HandoverLine {
    HandoverLine {
        id: it.id.clone(),
        from: page.park_name(&it.from),
        to: page.park_name(&it.to),
        reason: it.reason.clone(),
        state: word(page.locale, "handover_state", it.state.word()),
        is_asked: it.state == HandoverState::Proposed,
    }
}

pub(super) fn status_page(page: &Page, status: &RequirementStatus, refused: RefusedForm) -> StatusPage {
    let locale = page.locale;
    let link = page.public_url(&format!("/requirements/{}", status.reference));
    StatusPage {
        state: word(locale, "requirement_state", status.state.word()),
        facts: stored_facts(locale, &status.requirement),
        inquiries: status.inquiries.iter().map(|inquiry| inquiry_row(page, inquiry)).collect(),
        accesses: status
            .accesses
            .iter()
            .map(|access| AccessLine {
                at: moment(locale, access.at),
                park: access.park_name.clone(),
                what: word(locale, "access", access.what.word()),
            })
            .collect(),
        handovers: status.handovers.iter().map(|it| handover_line(page, it)).collect(),
        qr: qr(&link),
        link,
        handle: page.handle(&status.reference),
        reference: status.reference.clone(),
        has_receipt: status.has_receipt,
        wrong: refused.erasure,
        message: refused.message,
    }
}

/// The name at the time of the inquiry; in English that of the listing as it is now.
fn listing_name(page: &Page, inquiry: &InquiryView) -> String {
    let now = inquiry.kind.known().filter(|_| page.locale == Locale::En);
    let listing = now.and_then(|kind| page.app.inventory.listing(kind, &inquiry.listing));
    listing.map_or_else(|| inquiry.listing_name.clone(), |listing| name_of(page.locale, &listing))
}

fn inquiry_row(page: &Page, inquiry: &InquiryView) -> InquiryRow {
    let phone = page.app.inventory.record(Kind::Park, &inquiry.park).map(|park| park.get("service_phone").to_owned());
    let operator = &page.app.config.site.phone;
    InquiryRow {
        number: inquiry.number.clone(),
        kind: word(page.locale, "kind", inquiry.kind.word()),
        name: listing_name(page, inquiry),
        url: inquiry.kind.known().map(|kind| listing_url(page.locale, kind, &inquiry.listing)),
        park: i18n::park_name(page.locale, &inquiry.park, &inquiry.park_name),
        code: inquiry.state.word().to_owned(),
        state: word(page.locale, "inquiry_state", inquiry.state.word()),
        is_refused: inquiry.is_refused,
        steps: steps(page, inquiry),
        phone: phone.filter(|phone| !phone.is_empty()),
        operator_phone: Some(operator.clone()).filter(|phone| !phone.is_empty()),
        owner: inquiry.lead.as_ref().and_then(|lead| lead.owner.clone()),
        is_late: inquiry.lead.as_ref().and_then(|lead| lead.due_on).is_some_and(|day| day < page.today()),
        is_live: inquiry.state != InquiryState::Cancelled,
    }
}

/// Returns what has happened to an inquiry and what comes next, in order.
fn steps(page: &Page, inquiry: &InquiryView) -> Vec<StepLine> {
    let locale = page.locale;
    let step = |key: &str, at: Option<String>, is_done| StepLine { label: page.tell(key), at, is_done };
    let (sent, lead) = (inquiry.sent_at, inquiry.lead.as_ref());
    let answered = lead.and_then(|it| it.answered_at);
    let mut steps = vec![
        step("requirement.step_registered", Some(moment(locale, inquiry.created_at)), true),
        step("requirement.step_sent", sent.map(|at| moment(locale, at)), sent.is_some()),
    ];
    let due = lead.and_then(|it| it.due_on).map(|day| say(locale, "requirement.due", &[("day", &date(locale, day))]));
    steps.push(step("requirement.step_answered", answered.map(|at| moment(locale, at)).or(due), answered.is_some()));
    if let Some(lead) = lead {
        let label =
            say(locale, "requirement.step_stage", &[("stage", &word(locale, "stage_plain", lead.stage.word()))]);
        steps.push(StepLine { label, at: None, is_done: true });
    }
    steps
}
