//! Leads that staff type in: of calls, WeChat, fairs and referrals. Clock and reports treat them like the others.

use domain::contact::{Mail, Phone, visible_name};
use domain::inquiry::InquiryState;
use domain::lead::{ConsentBasis, Source, Stage};
use domain::listing::Kind;
use domain::requirement::{FieldCode, FieldError, Requirement, Word as _};
use domain::time::Moment;

use super::accounts::Actor;
use super::context::App;
use super::idempotency::{self, Answered, Call, Outcome};
use super::{assignment, due, lead_json, work};
use crate::db;
use crate::db::idempotency::StoredAnswer;
use crate::db::lead::{Inquiry, NewLead};
use crate::db::requirement::{NewConsent, RequirementRow, StoredContact};
use crate::db::rows::Rows;
use crate::db::words::{AuditAction, ConsentPurpose, RequirementState};
use crate::error::{Error, Result};
use crate::ids;

/// Longest name, in characters.
const LONGEST_NAME: usize = 100;

/// A lead as typed in.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields of contract §8")]
pub struct TypedIn {
    pub park: String,
    pub listing: Option<String>,
    pub company: String,
    pub contact: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub requirement: Requirement,
    pub text: Option<String>,
    pub source: String,
    /// The person or firm that referred the lead.
    pub referrer: Option<String>,
    pub basis: String,
    pub note: String,
}

/// Its checked parts.
struct Checked {
    contact: StoredContact,
    source: Source,
    basis: ConsentBasis,
    listing: (Kind, String, String),
}

/// Stores a lead that staff typed in and answers it.
///
/// # Errors
/// [`Error::Forbidden`] for observers; [`Error::NotFound`] for a park outside the scope; [`Error::Invalid`] with every
/// wrong field.
pub async fn create(app: &App, actor: &Actor, call: &Call, new: TypedIn) -> Result<Answered> {
    if !new.park.is_empty() && !actor.scope.covers(&new.park) {
        return Err(Error::NotFound);
    }
    if !actor.role.works_leads() {
        return Err(Error::Forbidden);
    }
    idempotency::answer(app, call, store(app, actor, call, new)).await
}

async fn store(app: &App, actor: &Actor, call: &Call, new: TypedIn) -> Result<StoredAnswer> {
    let checked = check(app, &new)?;
    let now = app.clock.now();
    let requirement = RequirementRow {
        id: ids::row_id(),
        reference: ids::reference(),
        requirement: new.requirement.clone().into(),
        free_text: new.text.clone().filter(|text| !text.trim().is_empty()),
        contact: Some(checked.contact.clone()),
        locale: "zh-Hans".to_owned(),
        created_at: now,
        erased_at: None,
        state: RequirementState::Open.into(),
    };
    let (own, actor, call) = (app.clone(), actor.clone(), call.clone());
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let lead = lead(&own, &actor, &requirement, &checked, &new, now);
                rows(&own, &requirement, &checked, &lead, &actor, now).write(tx).await?;
                db::requirement::audit(tx, &actor.id, AuditAction::LeadCreate, &lead.id, "", now).await?;
                assignment::arrived(&own, tx, &[(lead.id.clone(), lead.park.clone())], now).await?;
                let row = db::lead::locked(tx, &actor.scope, &lead.id).await?.ok_or(Error::NotFound)?;
                let body = lead_json::lead(&own, actor.role, &row).to_string();
                Outcome::about(&call, 201, body, Some(&lead.id), now).write(tx).await
            })
        })
        .await
}

fn lead(
    app: &App,
    actor: &Actor,
    requirement: &RequirementRow,
    checked: &Checked,
    new: &TypedIn,
    now: Moment,
) -> NewLead {
    let (kind, listing, listing_name) = checked.listing.clone();
    let inquiry = Inquiry {
        id: ids::row_id(),
        number: ids::inquiry_number(now),
        requirement_id: requirement.id.clone(),
        kind: kind.into(),
        listing,
        listing_name,
        park: new.park.clone(),
        state: InquiryState::TypedIn.into(),
        created_at: now,
        updated_at: now,
    };
    NewLead {
        id: ids::row_id(),
        inquiry,
        park: new.park.clone(),
        source: checked.source,
        basis: Some(checked.basis),
        basis_note: Some(new.note.trim().to_owned()),
        referrer: new.referrer.clone().filter(|name| !name.trim().is_empty()),
        // The officer who took the call works it, unless somebody else is named later.
        owner_id: actor.is_person().then(|| actor.id.clone()),
        stage: Stage::Registered,
        due_at: due::after_move(app, &new.park, Stage::Registered, now),
        is_hidden: false,
    }
}

fn rows(
    app: &App,
    requirement: &RequirementRow,
    checked: &Checked,
    lead: &NewLead,
    actor: &Actor,
    now: Moment,
) -> Rows {
    let consent = NewConsent {
        requirement_id: requirement.id.clone(),
        purpose: ConsentPurpose::Provide,
        receiver: lead.park.clone(),
        receiver_name: app.inventory.park_name(&lead.park),
        receiver_contact: app.inventory.inbox(&lead.park).unwrap_or_default(),
        data_kinds: "company,contact,phone,email,requirement",
        // The basis that staff recorded stands in for a notice.
        notice_version: checked.basis.word().to_owned(),
        notice_hash: String::new(),
    };
    let mut rows = Rows::default();
    rows.add(db::requirement::row(requirement));
    rows.add(db::requirement::consents([consent], now));
    rows.add(db::lead::inquiry_rows([(&lead.inquiry, lead.id.as_str())]));
    db::lead::add_leads(&mut rows, std::slice::from_ref(lead), Some(&actor.id));
    rows
}

/// Checks every field.
///
/// # Errors
/// [`Error::Invalid`] with every wrong field.
fn check(app: &App, new: &TypedIn) -> Result<Checked> {
    let mut errors = Vec::new();
    let mut fail = |field: &str, code: FieldCode, value: &str| {
        errors.push(FieldError::new(field, code).with("value", value).with("max", LONGEST_NAME.to_string()));
    };
    if new.park.is_empty() {
        fail("park", FieldCode::Missing, "");
    } else if app.inventory.record(Kind::Park, &new.park).is_none() {
        fail("park", FieldCode::UnknownCode, &new.park);
    }
    let company = visible_name(&new.company, LONGEST_NAME).map(str::to_owned);
    if company.is_none() {
        let code = if new.company.trim().is_empty() { FieldCode::Missing } else { FieldCode::NotVisible };
        fail("company", code, &new.company);
    }
    let given = |text: &Option<String>| text.as_deref().map(str::trim).unwrap_or_default().to_owned();
    let (person, phone, email) = (given(&new.contact), given(&new.phone), given(&new.email));
    if !person.is_empty() && visible_name(&person, LONGEST_NAME).is_none() {
        fail("contact", FieldCode::NotVisible, &person);
    }
    let parsed_phone = Phone::parse(&phone);
    if !phone.is_empty() && parsed_phone.is_none() {
        fail("phone", FieldCode::BadPhone, &phone);
    }
    let parsed_email = Mail::parse(&email);
    if !email.is_empty() && parsed_email.is_none() {
        fail("email", FieldCode::BadMail, &email);
    }
    let source = Source::from_word(&new.source).filter(|source| *source != Source::Web);
    if source.is_none() {
        let code = if new.source.is_empty() { FieldCode::Missing } else { FieldCode::UnknownWord };
        fail("source", code, &new.source);
    }
    let basis = ConsentBasis::from_word(&new.basis);
    if basis.is_none() {
        let code = if new.basis.is_empty() { FieldCode::Missing } else { FieldCode::UnknownWord };
        fail("consent.basis", code, &new.basis);
    }
    let referrer = given(&new.referrer);
    if !referrer.is_empty() && visible_name(&referrer, LONGEST_NAME).is_none() {
        fail("referrer", FieldCode::NotVisible, &referrer);
    }
    if new.note.chars().count() > work::LONGEST_NOTE {
        fail("consent.note", FieldCode::TooLong, "");
    }
    let listing = listing(app, new);
    if listing.is_none() {
        fail("listing", FieldCode::UnknownListing, new.listing.as_deref().unwrap_or_default());
    }
    match (company, source, basis, listing) {
        (Some(company), Some(source), Some(basis), Some(listing)) if errors.is_empty() => {
            let contact = StoredContact {
                company,
                person,
                phone: parsed_phone.map(|phone| phone.e164().to_owned()).unwrap_or_default(),
                email: parsed_email.map(|mail| mail.as_str().to_owned()).unwrap_or_default(),
                uscc: None,
            };
            Ok(Checked { contact, source, basis, listing })
        }
        _ => Err(Error::Invalid(errors)),
    }
}

/// Returns kind, id and name of the listing, which must be the park's; the park itself where none is named.
fn listing(app: &App, new: &TypedIn) -> Option<(Kind, String, String)> {
    let Some(id) = new.listing.as_deref().filter(|id| !id.is_empty()) else {
        return Some((Kind::Park, new.park.clone(), app.inventory.park_name(&new.park)));
    };
    let record = app.inventory.find(id)?;
    let park = if record.kind() == Kind::Park { record.id() } else { record.get("park_code") };
    let name = app.inventory.listing(record.kind(), id).map_or_else(|| id.to_owned(), |it| it.name.to_string());
    (park == new.park).then(|| (record.kind(), id.to_owned(), name))
}
