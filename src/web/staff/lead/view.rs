//! The content of a lead's page.

use std::collections::BTreeMap;

use domain::follow_up::{FundsOrigin, FundsSource, VisitOutcome};
use domain::lead::{HandoverState, LastWord, LeadState, NoteKind, Stage};
use domain::matching::{Match, Verdict};
use domain::requirement::{FieldError, Word};
use serde::Serialize;

use super::answers::{self, AnswerLink};
use super::moves::{Moves, moves};
use crate::db::desk::Duplicate;
use crate::db::handover::Handover;
use crate::db::lead::Inquiry;
use crate::db::requirement::StoredContact;
use crate::i18n::{LabelledValue, Locale, field, moment, stored_facts, tell, word};
use crate::service::lead_json::{self, TimelineLine};
use crate::service::leads::LeadView;
use crate::web::pages::{Page, WrongField, card, wrong_fields};
use crate::web::problem::Problem;
use crate::web::staff::due::due;
use crate::web::view::{FormContent, MatchView, OptionView, criterion, listing_url};

/// The refused input with which the page is shown again.
#[derive(Default)]
pub(super) struct Tried {
    /// The form that was refused.
    pub(super) form: &'static str,
    /// The values of inputs, `note-text`.
    pub(super) values: BTreeMap<String, String>,
    /// The listings ticked.
    pub(super) listings: Vec<String>,
    pub(super) errors: Vec<FieldError>,
    /// The stage that was chosen, where another person was faster.
    pub(super) conflict: Option<Stage>,
}

impl Tried {
    fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }
}

#[derive(Serialize)]
pub(super) struct LeadContext {
    id: String,
    number: String,
    park: String,
    company: String,
    stage: String,
    due: Option<String>,
    due_code: &'static str,
    owner: String,
    owner_code: String,
    source: String,
    referrer: Option<String>,
    next_step: String,
    conflict: Option<Conflict>,
    errors: Vec<WrongField>,
    /// The form that was refused; blank for none.
    form: &'static str,
    /// The input of that form, and the text of a template.
    values: BTreeMap<String, String>,
    facts: Vec<LabelledValue>,
    text: Option<String>,
    listings: Vec<SiteAsked>,
    instead: Vec<Instead>,
    history: Vec<HistoryLine>,
    contact: Vec<LabelledValue>,
    may_reveal: bool,
    may_work: bool,
    is_open: bool,
    moves: Moves,
    version: i64,
    note_kinds: Vec<OptionView>,
    outcomes: Vec<OptionView>,
    seen: Vec<OptionView>,
    /// Sources of amounts paid in; empty before the signature.
    funds_sources: Vec<OptionView>,
    funds_origins: Vec<OptionView>,
    may_answer: bool,
    templates: Vec<AnswerLink>,
    workers: Vec<OptionView>,
    is_mine: bool,
    handovers: Vec<HandoverView>,
    may_propose: bool,
    parks: Vec<OptionView>,
    others: Vec<Double>,
}

#[derive(Serialize)]
struct Conflict {
    stage: String,
    note: String,
}

/// A listing that was asked for.
#[derive(Serialize)]
struct SiteAsked {
    kind: String,
    name: String,
    number: String,
    state: String,
    state_code: String,
    status: Option<String>,
    status_code: String,
    /// `None` for a kind of another version, which has no page.
    url: Option<String>,
    callers: Option<String>,
    #[serde(rename = "match")]
    found: Option<MatchView>,
}

/// A listing of the park that fits better, with what differs.
#[derive(Serialize)]
struct Instead {
    name: String,
    url: String,
    score: u32,
    differs: Vec<String>,
    offer: String,
}

#[derive(Serialize)]
struct HistoryLine {
    at: String,
    kind: String,
    words: String,
    note: String,
    who: Option<String>,
    /// Id of a failed mail that can be sent again.
    resend: Option<String>,
}

#[derive(Serialize)]
struct HandoverView {
    to: String,
    state: String,
    state_code: String,
    reason: String,
    at: String,
}

/// A lead of the same enterprise.
#[derive(Serialize)]
struct Double {
    number: String,
    /// `None` outside the reader's parks.
    url: Option<String>,
    park: String,
    because: String,
}

fn options<T: Word + PartialEq>(locale: Locale, group: &str, chosen: &str) -> Vec<OptionView> {
    let option = |kind: &&str| OptionView {
        value: (*kind).to_owned(),
        label: word(locale, group, kind),
        checked: *kind == chosen,
    };
    T::words().iter().map(option).collect()
}

/// The kinds of notes with one chosen.
pub(in crate::web::staff) fn note_kinds(locale: Locale, chosen: &str) -> Vec<OptionView> {
    options::<NoteKind>(locale, "note_kind", chosen)
}

pub(super) fn context(page: &Page, view: &LeadView, tried: &Tried) -> Result<LeadContext, Problem> {
    let (locale, actor, row) = (page.locale, page.staff()?, &view.page.row);
    let (due, due_code) = due(locale, &row.lead, page.app.clock.now());
    let may_work = actor.role.works_leads() && row.lead.state != LeadState::Withdrawn;
    let is_open = row.lead.is_open();
    let asks = |step: &Handover| step.state.known().is_some_and(HandoverState::is_open);
    Ok(LeadContext {
        id: row.lead.id.clone(),
        number: row.inquiry.number.clone(),
        park: page.app.inventory.park_name(&row.lead.park),
        company: row.company.clone().unwrap_or_else(|| tell(locale, "staff.no_company")),
        stage: word(locale, "stage", row.lead.stage.word()),
        due,
        due_code,
        owner: row.owner.clone().unwrap_or_else(|| tell(locale, "staff.unowned")),
        owner_code: row.owner.clone().unwrap_or_default(),
        source: word(locale, "source", row.lead.source.word()),
        referrer: row.lead.referrer.clone().filter(|_| actor.role.reveals_contacts()),
        next_step: tell(locale, &format!("step.{}", next_step(page, view))),
        conflict: tried.conflict.map(|to| Conflict {
            stage: word(locale, "stage", to.word()),
            note: tried.value(&format!("{}-note", tried.form)).to_owned(),
        }),
        errors: errors(locale, tried),
        form: tried.form,
        values: tried.values.clone(),
        facts: stored_facts(locale, &view.page.requirement.requirement),
        text: view.free_text.clone(),
        listings: row.inquiries.iter().map(|inquiry| asked(page, view, inquiry)).collect(),
        instead: view.page.alternatives.iter().map(|found| instead(page, view, found)).collect(),
        history: history(page, view, may_work)?,
        contact: masked(page, view),
        may_reveal: actor.role.reveals_contacts() && view.masked.is_some(),
        may_work,
        is_open,
        moves: moves(locale, view, tried.value(&format!("{}-to", tried.form))),
        version: row.lead.version,
        note_kinds: note_kinds(locale, tried.value("note-kind")),
        outcomes: options::<VisitOutcome>(locale, "visit_outcome", tried.value("visit-outcome")),
        seen: seen(view, &tried.listings),
        funds_sources: match view.is_signed {
            true => options::<FundsSource>(locale, "funds_source", tried.value("funds-funds_source")),
            false => Vec::new(),
        },
        funds_origins: options::<FundsOrigin>(locale, "funds_origin", tried.value("funds-funds_origin")),
        may_answer: may_work && view.masked.as_ref().is_some_and(|(_, _, email)| !email.is_empty()),
        templates: answers::links(page, &row.lead.id),
        workers: workers(view),
        is_mine: row.owner.as_ref().is_some_and(|owner| *owner == actor.email),
        handovers: view.handovers.iter().map(|it| handover(page, it)).collect(),
        may_propose: may_work && is_open && !view.handovers.iter().any(asks),
        parks: receivers(page, &row.lead.park),
        others: view.page.duplicates.iter().map(|it| double(page, it)).collect::<Result<_, _>>()?,
    })
}

/// Words the errors, each linked to the input of its form.
fn errors(locale: Locale, tried: &Tried) -> Vec<WrongField> {
    let mut errors = wrong_fields(locale, &tried.errors);
    for error in &mut errors {
        error.field = format!("{}-{}", tried.form, error.field);
    }
    errors
}

/// Returns the word of what is to be done next.
fn next_step(page: &Page, view: &LeadView) -> String {
    let row = &view.page.row;
    let is_gone = |inquiry: &Inquiry| {
        let status = lead_json::status_of(&page.app, inquiry);
        status == "sold" || status == "off"
    };
    let is_signed = row.lead.stage.known().is_some_and(Stage::is_signed);
    let offered = view.handovers.last().and_then(|it| it.state.known()).filter(|state| state.is_open());
    match () {
        () if row.lead.state == LeadState::Withdrawn => "withdrawn".to_owned(),
        () if !row.lead.is_open() => "closed".to_owned(),
        () if row.lead.last_word.as_ref().is_some_and(|word| *word == LastWord::Enterprise) => "answer".to_owned(),
        () if !is_signed && row.inquiries.iter().all(is_gone) => "instead".to_owned(),
        () if offered == Some(HandoverState::Proposed) => "handover".to_owned(),
        () if offered.is_some() => "handover_park".to_owned(),
        () => row.lead.stage.word().to_owned(),
    }
}

fn asked(page: &Page, view: &LeadView, inquiry: &Inquiry) -> SiteAsked {
    let locale = page.locale;
    let draft = FormContent::of_requirement(view.page.requirement.requirement.known());
    let status = lead_json::status_of(&page.app, inquiry);
    let found = view.page.matches.iter().find(|found| *found.listing.id == *inquiry.listing);
    let known = inquiry.kind.known();
    let is_listed = |kind: &domain::listing::Kind| page.app.inventory.record(*kind, &inquiry.listing).is_some();
    SiteAsked {
        kind: word(locale, "kind", inquiry.kind.word()),
        name: inquiry.listing_name.clone(),
        number: inquiry.number.clone(),
        state: word(locale, "inquiry_state", inquiry.state.word()),
        state_code: inquiry.state.word().to_owned(),
        status: (!status.is_empty()).then(|| word(locale, "status", &status)),
        status_code: status,
        url: known.map(|kind| listing_url(locale, kind, &inquiry.listing)),
        callers: known.filter(is_listed).map(|kind| {
            let id = crate::web::view::encode(&inquiry.listing);
            page.url(&format!("/staff/listings/{}/{id}/callers", kind.word()))
        }),
        found: found.map(|found| card(page, &draft, found, &[])),
    }
}

fn instead(page: &Page, view: &LeadView, found: &Match) -> Instead {
    Instead {
        name: found.listing.name.to_string(),
        url: listing_url(page.locale, found.listing.kind, &found.listing.id),
        score: found.score,
        differs: differences(page.locale, view.page.matches.first(), found),
        offer: answers::offer(page, &view.page.row.lead.id, &found.listing.id),
    }
}

/// Returns the criteria that another listing meets and the present one does not, with both offers.
pub(super) fn differences(locale: Locale, present: Option<&Match>, other: &Match) -> Vec<String> {
    let better = |judged: &&domain::matching::Judged| {
        let own = present.and_then(|own| own.criteria.iter().find(|it| it.criterion == judged.criterion));
        judged.verdict == Verdict::Met && own.is_none_or(|own| own.verdict != Verdict::Met)
    };
    let line = |judged: &domain::matching::Judged| {
        let view = criterion(locale, other.listing.kind, judged);
        if view.offer.is_empty() { view.label } else { format!("{} {}", view.label, view.offer) }
    };
    other.criteria.iter().filter(better).map(line).collect()
}

fn history(page: &Page, view: &LeadView, may_work: bool) -> Result<Vec<HistoryLine>, Problem> {
    let lines = lead_json::lines(page.locale, page.staff()?.role, &view.page.events, &view.page.mails);
    let line = |it: TimelineLine| HistoryLine {
        at: moment(page.locale, it.at),
        kind: it.kind,
        words: it.title,
        note: it.note,
        who: it.by,
        resend: it.mail.filter(|mail| may_work && view.page.failed.contains(mail)),
    };
    Ok(lines.into_iter().rev().map(line).collect())
}

/// The listings that a visitor may have seen: those asked for, and those offered instead.
fn seen(view: &LeadView, ticked: &[String]) -> Vec<OptionView> {
    let asked = view.page.row.inquiries.iter().map(|it| (it.listing.clone(), it.listing_name.clone()));
    let offered = view.page.alternatives.iter().map(|it| (it.listing.id.to_string(), it.listing.name.to_string()));
    let option = |(id, label): (String, String)| OptionView { checked: ticked.contains(&id), value: id, label };
    asked.chain(offered).map(option).collect()
}

fn workers(view: &LeadView) -> Vec<OptionView> {
    let owner = view.page.row.owner.as_deref();
    let option = |account: &crate::db::account::Account| OptionView {
        value: account.email.clone(),
        label: account.email.clone(),
        checked: owner == Some(account.email.as_str()),
    };
    view.workers.iter().map(option).collect()
}

fn handover(page: &Page, it: &Handover) -> HandoverView {
    HandoverView {
        to: page.app.inventory.park_name(&it.to),
        state: word(page.locale, "handover_state", it.state.word()),
        state_code: it.state.word().to_owned(),
        reason: it.reason.clone(),
        at: moment(page.locale, it.created_at),
    }
}

/// Parks that the list of receivers shows at most; any other is typed by its code.
const MOST_PARKS: usize = 300;

/// The parks that can receive a hand-over: those with an inbox.
fn receivers(page: &Page, own: &str) -> Vec<OptionView> {
    let records = page.app.inventory.records();
    let parks = records.iter().filter(|it| it.kind() == domain::listing::Kind::Park && it.id() != own);
    let reachable = parks.filter(|it| page.app.inventory.inbox(it.id()).is_some());
    let option = |it: &std::sync::Arc<domain::record::Record>| OptionView {
        value: it.id().to_owned(),
        label: page.app.inventory.park_name(it.id()),
        checked: false,
    };
    reachable.take(MOST_PARKS).map(option).collect()
}

/// Another park's lead is named without its address.
fn double(page: &Page, it: &Duplicate) -> Result<Double, Problem> {
    let lead = &it.row.lead;
    let parts: Vec<String> = it.because.iter().map(|part| field(page.locale, part)).collect();
    let because = parts.join(&tell(page.locale, "format.list"));
    Ok(Double {
        number: it.row.inquiry.number.clone(),
        url: page.staff()?.scope.covers(&lead.park).then(|| page.url(&format!("/staff/leads/{}", lead.id))),
        park: page.app.inventory.park_name(&lead.park),
        because: if because.is_empty() { tell(page.locale, "staff.same_need") } else { because },
    })
}

fn fact(locale: Locale, name: &str, value: &str) -> LabelledValue {
    LabelledValue { name: name.to_owned(), label: field(locale, name), value: value.to_owned() }
}

/// Contact data in full, line by line.
pub(in crate::web::staff) fn contact_facts(locale: Locale, contact: &StoredContact) -> Vec<LabelledValue> {
    // People here dial without the country's prefix.
    let phone = contact.phone.strip_prefix("+86").unwrap_or(&contact.phone);
    let all = [("contact", contact.person.as_str()), ("phone", phone), ("email", &contact.email)];
    let uscc = contact.uscc.as_deref().map(|code| ("uscc", code));
    let stated = all.into_iter().chain(uscc).filter(|(_, value)| !value.is_empty());
    stated.map(|(name, value)| fact(locale, name, value)).collect()
}

fn masked(page: &Page, view: &LeadView) -> Vec<LabelledValue> {
    let all =
        view.masked.iter().flat_map(|(person, phone, email)| [("contact", person), ("phone", phone), ("email", email)]);
    let stated = all.filter(|(_, value)| !value.is_empty());
    stated.map(|(name, value)| fact(page.locale, name, value)).collect()
}
