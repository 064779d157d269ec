//! The inquiry form: notice, consent per park, contact data; one post stores the requirement and sends it.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::http::{HeaderValue, Method, StatusCode, header};
use domain::record::Record;
use domain::requirement::{FieldCode, FieldError, Requirement};
use domain::time::MILLIS_PER_SECOND;
use serde::Serialize;
use serde_json::{Value, json};

use super::context::{Page, PageResult};
use super::errors::{WrongField, wrong_fields};
use super::forms::{Form, Guards, Query};
use super::front::understood_page;
use super::matches::{Picked, matches_page};
use crate::error::{Code, Error};
use crate::i18n::{LabelledValue, requirement_facts, say, tell, word};
use crate::ids::sha256_hex;
use crate::service::idempotency::Call;
use crate::service::inquiries::{self, Send};
use crate::service::requirements::{self, Submit};
use crate::service::{first_inquiry, notice};
use crate::web::extract::Network;
use crate::web::problem::Problem;
use crate::web::view::{CONTACT_FIELDS, FieldView, FormContent, FormPair, Shown, form_fields, name_of};

#[derive(Serialize)]
struct InquiryForm {
    /// Reference of a requirement that is stored already, with its contact data.
    reference: Option<String>,
    draft: Vec<FormPair>,
    guards: Guards,
    facts: Vec<LabelledValue>,
    fields: Vec<FieldView>,
    notice: NoticeView,
    parks: Vec<ParkView>,
    errors: Vec<WrongField>,
    wrong: Wrong,
    consent: bool,
}

#[derive(Serialize)]
struct NoticeView {
    version: &'static str,
    paragraphs: Vec<String>,
}

#[derive(Serialize)]
struct ParkView {
    code: String,
    name: String,
    /// Address that receives the inquiry; `None` where the operator asks the park by other means.
    inbox: Option<String>,
    checked: bool,
    /// Whether a listing of it can still be asked for.
    is_offered: bool,
    listings: Vec<AskedListing>,
}

#[derive(Serialize)]
struct AskedListing {
    id: String,
    kind: String,
    name: String,
    /// Sold or taken off: shown, and not sent with the form.
    is_withdrawn: bool,
}

#[derive(Default, Serialize)]
struct Wrong {
    consent: Option<String>,
    parks: Option<String>,
}

/// The input of one request for this page.
struct InquiryInput {
    reference: Option<String>,
    draft: FormContent,
    requirement: Requirement,
    guards: Guards,
    listings: Vec<String>,
    parks: Vec<String>,
    consent: bool,
    /// The version of the notice that the form showed; blank where it was not sent.
    notice_version: String,
}

/// Reasons for a refusal, by field or as a whole.
#[derive(Default)]
struct Faults {
    fields: Vec<FieldError>,
    whole: Option<String>,
    /// Listings that were sold or taken off since they were picked.
    withdrawn: Vec<Arc<Record>>,
    status: Option<StatusCode>,
    retry_after: Option<u64>,
    /// The post may have been carried out: the form keeps its key, so that a repeat is a replay.
    is_uncertain: bool,
}

/// `GET /inquiry?listings=`: from a listing's page, with the requirement where the link carries one.
pub(super) async fn start(page: Page, query: Query) -> PageResult {
    let form = Form(query.0);
    begin(&page, &form)
}

/// `POST /inquiry`: shows the form for the picked listings, or with `step=send` sends the inquiry.
pub(super) async fn submit(page: Page, Network(network): Network, form: Form) -> PageResult {
    if form.get("step") != "send" {
        return begin(&page, &form);
    }
    let step = match read(&page, &form) {
        Ok(step) => step,
        Err(answer) => return *answer,
    };
    let submit = submission(&page, &step, network);
    let faults = check(&page, &step, &submit);
    if !faults.fields.is_empty() {
        return inquiry_page(&page, &step, &faults);
    }
    match carry_out(&page, &step, submit).await {
        Ok(reference) => Ok(page.see_own(&reference)),
        Err(error) => match faults_of(&page, &step, error) {
            Ok(faults) => inquiry_page(&page, &step, &faults),
            Err(error) => Err(error.into()),
        },
    }
}

fn begin(page: &Page, form: &Form) -> PageResult {
    let step = match read(page, form) {
        Ok(step) => step,
        Err(answer) => return *answer,
    };
    if step.listings.is_empty() {
        let errors = vec![FieldError::new("listings", FieldCode::PickFirst)];
        return matches_page(page, step.draft, Picked { errors, ..Picked::of(&form.0) });
    }
    inquiry_page(page, &step, &Faults::default())
}

/// Parses a form; wrong fields of the requirement answer with the page of what was understood.
fn read(page: &Page, form: &Form) -> Result<InquiryInput, Box<PageResult>> {
    let mut draft = FormContent::from_form(&form.0);
    let (reading, corrected) = draft.read(page.today(), page.rates());
    match draft.requirement() {
        Err(wrong) => Err(Box::new(understood_page(page, &draft, &reading, &corrected, Err(wrong)))),
        Ok(requirement) => Ok(InquiryInput {
            reference: Some(draft.reference.clone()).filter(|reference| !reference.is_empty()),
            guards: Guards::of(&page.app, form),
            listings: form.all("listings"),
            parks: form.all("parks"),
            consent: form.get("consent") == "yes",
            notice_version: form.get("notice_version").to_owned(),
            draft,
            requirement,
        }),
    }
}

/// Every fault of a step that needs no database, in the order of its page.
fn check(page: &Page, step: &InquiryInput, submit: &Submit) -> Faults {
    let mut fields = Vec::new();
    if step.reference.is_none()
        && let Err(Error::Invalid(wrong)) = requirements::check_contact(submit)
    {
        fields.extend(wrong);
    }
    let is_outdated = step.notice_version != notice::VERSION;
    if is_outdated {
        fields.push(FieldError::new("consent", FieldCode::NoticeOutdated));
    } else if !step.consent {
        fields.push(FieldError::new("consent", FieldCode::ConsentMissing));
    }
    if asked(page, step).is_empty() {
        fields.push(FieldError::new("parks", FieldCode::ParksMissing));
    }
    // Alone it is left to the service: the post may repeat one that was accepted under that notice.
    if is_outdated && step.consent && fields.len() == 1 {
        fields.clear();
    }
    Faults { fields, ..Faults::default() }
}

/// The faults for which the form is shown again.
///
/// # Errors
/// Every other [`Error`] variant, to be shown as an error page.
fn faults_of(page: &Page, step: &InquiryInput, error: Error) -> Result<Faults, Error> {
    let code = |code: Code| {
        let own = format!("error.code.{code}");
        tell(page.locale, if crate::i18n::has(&own) { &own } else { "error.code.other" })
    };
    match error {
        Error::Invalid(fields) => Ok(Faults { fields, ..Faults::default() }),
        Error::Refused(Code::NoticeOutdated, _) => {
            Ok(Faults { fields: vec![FieldError::new("consent", FieldCode::NoticeOutdated)], ..Faults::default() })
        }
        Error::Refused(it, _) => Ok(Faults { whole: Some(code(it)), ..Faults::default() }),
        Error::Conflict(Code::ListingWithdrawn) => {
            let withdrawn = inquiries::withdrawn(&page.app, &asked(page, step));
            let whole = withdrawn.is_empty().then(|| code(Code::ListingWithdrawn));
            Ok(Faults { whole, withdrawn, status: Some(StatusCode::CONFLICT), ..Faults::default() })
        }
        // With the same post, which is still at work.
        Error::Conflict(it) => Ok(Faults {
            whole: Some(code(it)),
            status: Some(StatusCode::CONFLICT),
            is_uncertain: true,
            ..Faults::default()
        }),
        // The typed values must not be lost with the write that failed.
        Error::TooMany(_) | Error::Unavailable(_) | Error::Full(_) => {
            let is_uncertain = matches!(error, Error::Unavailable(_));
            let problem = Problem::from(error);
            Ok(Faults {
                whole: Some(problem.detail(page.locale, &Method::POST)),
                status: Some(problem.status),
                retry_after: problem.retry_after,
                is_uncertain,
                ..Faults::default()
            })
        }
        other => Err(other),
    }
}

/// Sends the inquiries, and stores the requirement with them where it is new. Returns its reference; a repeat under the
/// form's key returns the same one.
async fn carry_out(page: &Page, step: &InquiryInput, submit: Submit) -> Result<String, Error> {
    let send = Send {
        listings: asked(page, step),
        notice_version: step.notice_version.clone(),
        parks: step.parks.clone(),
        // Said beside each such park, whose tick is the consent to it.
        via_operator: true,
    };
    let Some(known) = &step.reference else { return store(page, step, submit, send).await };
    let body = json!([send.listings, send.parks]);
    let path = format!("page inquiries {known}");
    inquiries::send(&page.app, &call(step, &path, &body), known, send).await?;
    Ok(known.clone())
}

/// Returns the submission of a step.
fn submission(page: &Page, step: &InquiryInput, network: String) -> Submit {
    let draft = &step.draft;
    let text = |name: &str| draft.get(name).to_owned();
    Submit {
        requirement: step.requirement.clone(),
        company: text("company"),
        contact: text("contact"),
        phone: text("phone"),
        email: text("email"),
        text: Some(draft.text.clone()).filter(|text| !text.trim().is_empty()),
        uscc: Some(text("uscc")).filter(|code| !code.is_empty()),
        locale: page.locale.tag().to_owned(),
        notice_version: step.notice_version.clone(),
        network: Some(network),
        suspicion: suspicion(page, &step.guards),
    }
}

async fn store(page: &Page, step: &InquiryInput, submit: Submit, send: Send) -> Result<String, Error> {
    let body = json!([
        submit.requirement,
        submit.company,
        submit.contact,
        submit.phone,
        submit.email,
        submit.text,
        submit.uscc,
        step.listings,
        step.parks
    ]);
    let answered = first_inquiry::submit(&page.app, &call(step, "page inquiry", &body), submit, send).await?;
    reference(&answered.body)
}

/// The reason to suspect an automated post: the hidden field is filled in, or the form was submitted too fast.
pub(super) fn suspicion(page: &Page, guards: &Guards) -> Option<&'static str> {
    let limits = &page.app.config.limits;
    let shown_at: i64 = guards.shown_at.parse().unwrap_or_default();
    let least = if limits.enabled { limits.least_fill_seconds * MILLIS_PER_SECOND } else { 0 };
    match page.app.clock.now().0 - shown_at {
        _ if guards.is_trapped => Some("trap"),
        taken if taken < least => Some("too_fast"),
        _ => None,
    }
}

fn call(step: &InquiryInput, path: &str, body: &Value) -> Call {
    Call { path: path.to_owned(), key: step.guards.key.clone(), body_hash: sha256_hex(body.to_string().as_bytes()) }
}

fn reference(body: &str) -> Result<String, Error> {
    let body: Value = serde_json::from_str(body).map_err(|error| Error::Internal(error.into()))?;
    let reference = body.get("reference").and_then(Value::as_str);
    reference.map(str::to_owned).ok_or_else(|| Error::Internal(anyhow::anyhow!("an answer without a reference")))
}

/// Returns the listings whose park was ticked; nothing goes to the others.
fn asked(page: &Page, step: &InquiryInput) -> Vec<String> {
    let is_asked = |id: &&String| {
        page.app.inventory.find(id).is_some_and(|record| step.parks.iter().any(|code| code == park_of(&record)))
    };
    step.listings.iter().filter(is_asked).cloned().collect()
}

/// Value of the tick for listings that belong to no park: the operator asks on.
const NO_PARK: &str = "operator";

fn park_of(record: &Record) -> &str {
    match record.get("park_code") {
        _ if record.kind() == domain::listing::Kind::Park => record.id(),
        "" => NO_PARK,
        code => code,
    }
}

fn inquiry_page(page: &Page, step: &InquiryInput, faults: &Faults) -> PageResult {
    let locale = page.locale;
    let none = BTreeSet::new();
    let shown = Shown { locale, draft: &step.draft, requirement: None, errors: &faults.fields, corrected: &none };
    let notice = notice::current(&page.app.config, locale.tag());
    let mut errors = wrong_fields(locale, &faults.fields);
    let wrong = |name: &str| errors.iter().find(|error| error.field == name).map(|error| error.message.clone());
    let wrong = Wrong { consent: wrong("consent"), parks: wrong("parks") };
    errors.extend(errors_of_the_whole(page, faults));
    let is_refused = !errors.is_empty();
    let context = InquiryForm {
        reference: step.reference.clone(),
        draft: step.draft.pairs_without_contact(),
        guards: if is_refused && !faults.is_uncertain { step.guards.with_new_key() } else { step.guards.clone() },
        facts: requirement_facts(locale, &step.requirement),
        fields: form_fields(shown, CONTACT_FIELDS),
        notice: NoticeView {
            version: notice.version,
            paragraphs: notice.text.split("\n\n").map(|paragraph| paragraph.trim().to_owned()).collect(),
        },
        parks: parks(page, step),
        wrong,
        // Consent is given per submission: a refused form is shown unticked.
        consent: false,
        errors,
    };
    let usual = if is_refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let status = faults.status.unwrap_or(usual);
    let mut response = page.show_as(status, "inquiry.html", context)?;
    if let Some(seconds) = faults.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Ok(response)
}

/// Errors of no single field: withdrawn listings by name, then the refusal of the whole form.
fn errors_of_the_whole(page: &Page, faults: &Faults) -> Vec<WrongField> {
    let error = |label: String, message: String| WrongField { field: "parks".to_owned(), label, message };
    let withdrawn = faults.withdrawn.iter().map(|it| error(name(page, it), page.tell("inquiry.withdrawn_meanwhile")));
    let whole = faults.whole.iter().map(|message| error(page.tell("inquiry.title"), message.clone()));
    withdrawn.chain(whole).collect()
}

/// Returns the parks of the picked listings, each with its listings, in the order picked.
fn parks(page: &Page, step: &InquiryInput) -> Vec<ParkView> {
    let inventory = &page.app.inventory;
    let withdrawn = inquiries::withdrawn(&page.app, &step.listings);
    let mut parks: Vec<ParkView> = Vec::new();
    for record in step.listings.iter().filter_map(|id| inventory.find(id)) {
        let code = park_of(&record);
        let inbox = inventory.inbox(code);
        let asked = AskedListing {
            id: record.id().to_owned(),
            kind: word(page.locale, "kind", record.kind().word()),
            name: name(page, &record),
            is_withdrawn: withdrawn.iter().any(|other| other.id() == record.id()),
        };
        match parks.iter_mut().find(|park| park.code == code) {
            Some(park) if park.listings.iter().any(|other| other.id == asked.id) => {}
            Some(park) => park.listings.push(asked),
            None => parks.push(park_view(page, code, inbox, asked)),
        }
    }
    for park in &mut parks {
        park.is_offered = park.listings.iter().any(|listing| !listing.is_withdrawn);
        park.checked = park.is_offered && step.parks.contains(&park.code);
    }
    parks
}

fn park_view(page: &Page, code: &str, inbox: Option<String>, first: AskedListing) -> ParkView {
    let named = page.park_name(code);
    let name = match code {
        NO_PARK => page.tell("listing.no_park"),
        _ => say(page.locale, "listing.name_with_number", &[("name", &named), ("number", code)]),
    };
    ParkView { code: code.to_owned(), name, inbox, checked: false, is_offered: false, listings: vec![first] }
}

fn name(page: &Page, record: &Record) -> String {
    let listing = page.app.inventory.listing(record.kind(), record.id());
    listing.map_or_else(|| record.id().to_owned(), |listing| name_of(page.locale, &listing))
}
