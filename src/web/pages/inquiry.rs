//! The inquiry: notice, consent park by park, contact data; one post stores the requirement and sends it.

use std::collections::BTreeSet;

use axum::http::{HeaderValue, StatusCode, header};
use domain::record::Record;
use domain::requirement::{FieldError, Requirement};
use serde::Serialize;
use serde_json::{Value, json};

use super::context::{Answer, Page};
use super::errors::{WrongField, wrong_fields};
use super::forms::{Form, Guards, Query};
use super::front::understood_page;
use super::matches::{Picked, matches_page};
use crate::error::Error;
use crate::i18n::{Fact, requirement_facts, say, tell, word};
use crate::ids::sha256_hex;
use crate::service::idempotency::Call;
use crate::service::inquiries::{self, Send};
use crate::service::notice;
use crate::service::requirements::{self, Submit};
use crate::web::extract::Network;
use crate::web::problem::Problem;
use crate::web::view::{CONTACT_FIELDS, Draft, FieldView, Pair, Shown, form_fields, listing_url};

#[derive(Serialize)]
struct Inquiry {
    /// The stored requirement that these inquiries belong to; its contact data are known.
    reference: Option<String>,
    draft: Vec<Pair>,
    guards: Guards,
    facts: Vec<Fact>,
    fields: Vec<FieldView>,
    notice: NoticeView,
    parks: Vec<ParkView>,
    /// Picked listings that cannot be sent an inquiry.
    unreachable: Vec<Unreachable>,
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
    inbox: String,
    checked: bool,
    listings: Vec<Asked>,
}

#[derive(Serialize)]
struct Asked {
    id: String,
    kind: String,
    name: String,
}

#[derive(Serialize)]
struct Unreachable {
    name: String,
    url: String,
}

#[derive(Default, Serialize)]
struct Wrong {
    consent: Option<String>,
    parks: Option<String>,
}

/// What one request for this page carries.
struct Step {
    reference: Option<String>,
    draft: Draft,
    requirement: Requirement,
    guards: Guards,
    listings: Vec<String>,
    parks: Vec<String>,
    consent: bool,
}

/// What is wrong with a step, field by field or as a whole.
#[derive(Default)]
struct Faults {
    fields: Vec<FieldError>,
    whole: Option<String>,
    status: Option<StatusCode>,
    retry_after: Option<u64>,
}

/// `GET /inquiry?listings=`: from a listing's page, with the requirement where the link carries one.
pub(super) async fn start(page: Page, query: Query) -> Answer {
    let form = Form(query.0);
    begin(&page, &form)
}

/// `POST /inquiry`: the picked listings first, then with `step=send` the inquiry itself.
pub(super) async fn submit(page: Page, Network(network): Network, form: Form) -> Answer {
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
        Ok(reference) => Ok(page.see(&format!("/requirements/{reference}"))),
        Err(error) => match faults_of(&page, error) {
            Ok(faults) => inquiry_page(&page, &step, &faults),
            Err(error) => Err(error.into()),
        },
    }
}

fn begin(page: &Page, form: &Form) -> Answer {
    let step = match read(page, form) {
        Ok(step) => step,
        Err(answer) => return *answer,
    };
    if step.listings.is_empty() {
        let errors = vec![FieldError::new("listings", "pick_first")];
        return matches_page(page, step.draft, Picked { errors, reference: step.reference, ..Picked::default() });
    }
    inquiry_page(page, &step, &Faults::default())
}

/// The step of a form; wrong fields of the requirement lead back to what was understood.
fn read(page: &Page, form: &Form) -> Result<Step, Box<Answer>> {
    let mut draft = Draft::from_form(&form.0);
    let (reading, corrected) = draft.read(page.today());
    match draft.requirement() {
        Err(wrong) => Err(Box::new(understood_page(page, &draft, &reading, &corrected, Err(wrong)))),
        Ok(requirement) => Ok(Step {
            reference: form.all("reference").into_iter().next(),
            guards: Guards::of(&page.app, form),
            listings: form.all("listings"),
            parks: form.all("parks"),
            consent: form.get("consent") == "yes",
            draft,
            requirement,
        }),
    }
}

/// Everything that is wrong with a step, in the order of its page.
fn check(page: &Page, step: &Step, submit: &Submit) -> Faults {
    let mut fields = Vec::new();
    if step.reference.is_none()
        && let Err(Error::Invalid(wrong)) = requirements::check_contact(submit)
    {
        fields.extend(wrong);
    }
    if !step.consent {
        fields.push(FieldError::new("consent", "consent_missing"));
    }
    if asked(page, step).is_empty() {
        fields.push(FieldError::new("parks", "parks_missing"));
    }
    Faults { fields, ..Faults::default() }
}

/// What the form is shown again for; anything else is an error page.
fn faults_of(page: &Page, error: Error) -> Result<Faults, Error> {
    let code = |code: &str| {
        let own = format!("error.code.{code}");
        tell(page.locale, if crate::i18n::has(&own) { &own } else { "error.code.other" })
    };
    match error {
        Error::Invalid(fields) => Ok(Faults { fields, ..Faults::default() }),
        Error::Refused(it, _) => Ok(Faults { whole: Some(code(it)), ..Faults::default() }),
        Error::Conflict(it) => {
            Ok(Faults { whole: Some(code(it)), status: Some(StatusCode::CONFLICT), ..Faults::default() })
        }
        // What was typed is not to be lost with what could not be stored.
        Error::TooMany(_) | Error::Unavailable(_) | Error::Full(_) => {
            let problem = Problem::from(error);
            Ok(Faults {
                whole: Some(problem.detail(page.locale)),
                status: Some(problem.status),
                retry_after: problem.retry_after,
                ..Faults::default()
            })
        }
        other => Err(other),
    }
}

/// Stores the requirement, where it is not yet, and sends the inquiries; the form's key makes both safe to repeat.
async fn carry_out(page: &Page, step: &Step, submit: Submit) -> Result<String, Error> {
    let reference = match &step.reference {
        Some(reference) => reference.clone(),
        None => store(page, step, submit).await?,
    };
    let send =
        Send { listings: asked(page, step), notice_version: notice::VERSION.to_owned(), parks: step.parks.clone() };
    let body = json!([send.listings, send.parks]);
    let path = format!("page inquiries {reference}");
    inquiries::send(&page.app, &call(step, &path, &body), &reference, send).await?;
    Ok(reference)
}

/// The requirement as it is to be stored.
fn submission(page: &Page, step: &Step, network: String) -> Submit {
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
        notice_version: notice::VERSION.to_owned(),
        network: Some(network),
        suspicion: suspicion(page, &step.guards),
    }
}

async fn store(page: &Page, step: &Step, submit: Submit) -> Result<String, Error> {
    let body = json!([
        submit.requirement,
        submit.company,
        submit.contact,
        submit.phone,
        submit.email,
        submit.text,
        submit.uscc
    ]);
    let answered = requirements::submit(&page.app, &call(step, "page requirement", &body), submit).await?;
    reference(&answered.body)
}

/// Why a form looks filled in by a machine: a field that people do not see, or no time to read.
fn suspicion(page: &Page, guards: &Guards) -> Option<&'static str> {
    let limits = &page.app.config.limits;
    let shown_at: i64 = guards.shown_at.parse().unwrap_or_default();
    let least = if limits.enabled { limits.least_fill_seconds * 1000 } else { 0 };
    match page.app.clock.now().0 - shown_at {
        _ if guards.is_trapped => Some("trap"),
        taken if taken < least => Some("too_fast"),
        _ => None,
    }
}

fn call(step: &Step, path: &str, body: &Value) -> Call {
    Call { path: path.to_owned(), key: step.guards.key.clone(), body_hash: sha256_hex(body.to_string().as_bytes()) }
}

fn reference(body: &str) -> Result<String, Error> {
    let body: Value = serde_json::from_str(body).map_err(|error| Error::Internal(error.into()))?;
    let reference = body.get("reference").and_then(Value::as_str);
    reference.map(str::to_owned).ok_or_else(|| Error::Internal(anyhow::anyhow!("an answer without a reference")))
}

/// The listings whose park was ticked: nothing goes to the others.
fn asked(page: &Page, step: &Step) -> Vec<String> {
    let is_asked = |id: &&String| {
        page.app.inventory.find(id).is_some_and(|record| step.parks.iter().any(|code| code == park_of(&record)))
    };
    step.listings.iter().filter(is_asked).cloned().collect()
}

fn park_of(record: &Record) -> &str {
    if record.kind() == domain::listing::Kind::Park { record.id() } else { record.get("park_code") }
}

fn inquiry_page(page: &Page, step: &Step, faults: &Faults) -> Answer {
    let locale = page.locale;
    let none = BTreeSet::new();
    let shown = Shown { locale, draft: &step.draft, requirement: None, errors: &faults.fields, corrected: &none };
    let notice = notice::current(&page.app.config.site, locale.tag());
    let wrong =
        |field: &str, key: &str| faults.fields.iter().any(|error| error.field == field).then(|| tell(locale, key));
    let mut errors = wrong_fields(locale, &faults.fields);
    if let Some(message) = &faults.whole {
        errors.push(WrongField {
            field: "parks".to_owned(),
            label: page.tell("inquiry.title"),
            message: message.clone(),
        });
    }
    let context = Inquiry {
        reference: step.reference.clone(),
        draft: step.draft.pairs_without_contact(),
        guards: step.guards.clone(),
        facts: requirement_facts(locale, &step.requirement),
        fields: form_fields(shown, CONTACT_FIELDS),
        notice: NoticeView {
            version: notice.version,
            paragraphs: notice.text.split("\n\n").map(|paragraph| paragraph.trim().to_owned()).collect(),
        },
        parks: parks(page, step),
        unreachable: unreachable(page, step),
        wrong: Wrong {
            consent: wrong("consent", "error.field.consent_missing"),
            parks: wrong("parks", "error.field.parks_missing"),
        },
        // Consent is given anew each time: a form that comes back comes back unticked.
        consent: false,
        errors,
    };
    let right = context.errors.is_empty();
    let status = faults.status.unwrap_or(if right { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY });
    let mut response = page.show_as(status, "inquiry.html", context)?;
    if let Some(seconds) = faults.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Ok(response)
}

/// The parks of the picked listings that can be sent an inquiry, each with its listings, in the order picked.
fn parks(page: &Page, step: &Step) -> Vec<ParkView> {
    let inventory = &page.app.inventory;
    let mut parks: Vec<ParkView> = Vec::new();
    for record in step.listings.iter().filter_map(|id| inventory.find(id)) {
        let code = park_of(&record);
        let Some(inbox) = inventory.inbox(code) else { continue };
        let asked = Asked {
            id: record.id().to_owned(),
            kind: word(page.locale, "kind", record.kind().word()),
            name: name(page, &record),
        };
        match parks.iter_mut().find(|park| park.code == code) {
            Some(park) if park.listings.iter().any(|other| other.id == asked.id) => {}
            Some(park) => park.listings.push(asked),
            None => parks.push(ParkView {
                code: code.to_owned(),
                name: say(
                    page.locale,
                    "listing.name_with_number",
                    &[("name", &inventory.park_name(code)), ("number", code)],
                ),
                inbox,
                checked: step.parks.iter().any(|ticked| ticked == code),
                listings: vec![asked],
            }),
        }
    }
    parks
}

fn name(page: &Page, record: &Record) -> String {
    let listing = page.app.inventory.listing(record.kind(), record.id());
    listing.map_or_else(|| record.id().to_owned(), |listing| listing.name.to_string())
}

fn unreachable(page: &Page, step: &Step) -> Vec<Unreachable> {
    let inventory = &page.app.inventory;
    let picked = step.listings.iter().filter_map(|id| inventory.find(id));
    let view = |record: std::sync::Arc<Record>| Unreachable {
        name: name(page, &record),
        url: listing_url(page.locale, record.kind(), record.id()),
    };
    picked.filter(|record| inventory.inbox(park_of(record)).is_none()).map(view).collect()
}
