//! Leads as the API's JSON: masked, with what the caller's role may do.

use domain::account::Role;
use domain::contact::{Mail, Phone, masked_text};
use domain::lead::{EventKind, SITE_PATH, SPACE_PATH, Stage, Standing, next_stages};
use domain::listing::{Detail, Kind, SpaceKind};
use domain::requirement::Word as _;
use domain::stored::{Stored, StoredRequirement};
use domain::time::Moment;
use serde_json::{Value, json};

use super::context::Context;
use super::inventory;
use crate::db::lead::{Inquiry, LeadEvent, LeadRow};
use crate::db::letters::MailRow;
use crate::db::requirement::StoredContact;
use crate::i18n::{self, Locale};

/// The locale of texts for staff.
const STAFF: Locale = Locale::ZhHans;

/// Returns the stages of a lead's path: the long one for land and factories, the short one for space that is let to young
/// firms.
pub(super) fn path(app: &Context, row: &LeadRow) -> &'static [Stage] {
    let listing =
        (row.inquiry.kind == Kind::Space).then(|| app.inventory.listing(Kind::Space, &row.inquiry.listing)).flatten();
    match listing.map(|listing| listing.detail) {
        Some(Detail::Space(space)) if space.kind != SpaceKind::Factory => SPACE_PATH,
        _ => SITE_PATH,
    }
}

/// Returns a lead's position; `None` at a stage of another version, from which no move is known.
pub fn standing(app: &Context, row: &LeadRow) -> Option<Standing> {
    Some(Standing::of(path(app, row), row.lead.stage.known()?, row.stood.into_iter()))
}

/// Returns the stages to which a role may move a lead.
pub(super) fn next(app: &Context, role: Role, row: &LeadRow) -> Vec<Stage> {
    let is_ended_otherwise = !row.lead.is_open() && !row.lead.stage.known().is_some_and(Stage::is_final);
    let is_withdrawn = row.lead.state == domain::lead::LeadState::Withdrawn;
    if is_ended_otherwise || is_withdrawn {
        return Vec::new();
    }
    standing(app, row).map(|standing| next_stages(standing, role)).unwrap_or_default()
}

/// Returns the availability of a listing: its `status`, blank where none is stated, `sold` for the record of a past deal, `off` where it is gone.
#[must_use]
pub fn status_of(app: &Context, inquiry: &Inquiry) -> String {
    let record = inquiry.kind.known().and_then(|kind| app.inventory.record(kind, &inquiry.listing));
    match record {
        None => "off".to_owned(),
        Some(record) if inventory::is_withdrawn(&record) && record.get("status").is_empty() => "sold".to_owned(),
        Some(record) => record.get("status").to_owned(),
    }
}

fn listing(app: &Context, inquiry: &Inquiry) -> Value {
    let mut listing = json!({
        "id": inquiry.listing,
        "kind": inquiry.kind.word(),
        "name": inquiry.listing_name,
        "status": status_of(app, inquiry),
    });
    if listing["status"] == "" {
        listing["status"] = Value::Null;
    }
    listing
}

fn asked(app: &Context, inquiry: &Inquiry) -> Value {
    let mut listing = listing(app, inquiry);
    listing["number"] = json!(inquiry.number);
    listing["state"] = json!(inquiry.state.word());
    listing
}

/// Returns a lead as contract §8 shows it.
#[must_use]
pub fn lead(app: &Context, role: Role, row: &LeadRow) -> Value {
    let lead = &row.lead;
    let is_open = lead.is_open();
    let due_on = is_open.then(|| lead.due_at.day());
    let stages: Vec<&str> = next(app, role, row).into_iter().map(Stage::word).collect();
    json!({
        "id": lead.id,
        "number": row.inquiry.number,
        "version": lead.version,
        "park": if lead.park.is_empty() { &row.inquiry.park } else { &lead.park },
        "park_name": app.inventory.park_name(if lead.park.is_empty() { &row.inquiry.park } else { &lead.park }),
        "listing": listing(app, &row.inquiry),
        "listings": row.inquiries.iter().map(|inquiry| asked(app, inquiry)).collect::<Vec<_>>(),
        "company": row.company.as_ref().filter(|_| sees_words(row)),
        "need": need(row),
        "stage": lead.stage.word(),
        "next_stages": stages,
        "owner": row.owner,
        "due_on": due_on.map(|day| day.to_string()),
        "is_overdue": due_on.is_some_and(|day| day < app.clock.now().day()),
        "answered_at": lead.answered_at.map(Moment::rfc3339),
        "last_word": lead.last_word.as_ref().map(|word| word.word().to_owned()),
        "source": lead.source.word(),
        "consent_basis": lead.basis.as_ref().map(|basis| basis.word().to_owned()),
        "created_at": lead.created_at.rfc3339(),
        "updated_at": lead.updated_at.rfc3339(),
        "state": if is_open { "open" } else { closed_state(row) },
    })
}

/// Returns the need in words; none after a withdrawal, which leaves the listing alone.
fn need(row: &LeadRow) -> String {
    if sees_words(row) { i18n::need(STAFF, &StoredRequirement::parse(&row.requirement)) } else { String::new() }
}

/// Whether company and words may be shown: not after a withdrawal, also of the one inquiry.
#[must_use]
pub fn sees_words(row: &LeadRow) -> bool {
    row.lead.state != domain::lead::LeadState::Withdrawn
}

/// Whether another park has taken the lead over: it stays readable, without the contact data.
#[must_use]
pub(super) fn is_handed_over(row: &LeadRow) -> bool {
    row.lead.state == domain::lead::LeadState::Closed && !row.lead.stage.known().is_some_and(Stage::is_final)
}

fn closed_state(row: &LeadRow) -> &'static str {
    if row.lead.state == domain::lead::LeadState::Withdrawn { "withdrawn" } else { "closed" }
}

/// Returns masked contact data: person, phone, mail address.
pub(super) fn mask(contact: &StoredContact) -> (String, String, String) {
    let phone = Phone::parse(&contact.phone).map(|phone| phone.masked()).unwrap_or_default();
    let email = Mail::parse(&contact.email).map(|mail| mail.masked()).unwrap_or_default();
    let first: String = contact.person.chars().take(1).collect();
    (if first.is_empty() { first } else { format!("{first}**") }, phone, email)
}

/// Returns the kind under which the timeline shows an event.
fn timeline_kind(event: &LeadEvent) -> String {
    match &event.kind {
        Stored::Known(EventKind::Received) => EventKind::Stage.word().to_owned(),
        Stored::Known(EventKind::Resend) => EventKind::MailOut.word().to_owned(),
        Stored::Known(EventKind::Funds) => EventKind::Note.word().to_owned(),
        kind => kind.word().to_owned(),
    }
}

/// Returns an event in words: its title with the facts, and its note.
#[must_use]
pub fn event_text(locale: Locale, event: &LeadEvent) -> String {
    let stage = |stage: &Option<Stored<Stage>>| {
        stage.as_ref().map_or_else(String::new, |it| i18n::word(locale, "stage", it.word()))
    };
    let fact = |name: &str| {
        let value = event.facts.as_ref().and_then(|facts| facts.get(name)).filter(|value| !value.is_null());
        value.map_or_else(String::new, |value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    };
    let of_kind = |group: &str, name: &str| match fact(name) {
        word if word.is_empty() => word,
        word => i18n::word(locale, group, &word),
    };
    let args = [
        ("from", stage(&event.from)),
        ("to", stage(&event.to)),
        ("kind", of_kind("note_kind", "note")),
        ("step", of_kind("handover_state", "handover")),
        ("park", fact("park")),
        ("owner", fact("owner")),
        ("listing", fact("listing")),
        ("number", fact("number")),
        ("change", of_kind("listing_change", "change")),
        ("amount", fact("amount_wan")),
        ("day", fact("signed_on")),
        ("next", fact("next_on")),
        ("funds", fact("funds_wan")),
        ("paid", fact("paid_on")),
        ("source", of_kind("funds_source", "source")),
        ("origin", of_kind("funds_origin", "origin")),
        ("seen", fact("seen")),
        ("outcome", of_kind("visit_outcome", "outcome")),
        ("why", of_kind("assigned", "assigned")),
    ];
    let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut text = match &event.kind {
        Stored::Known(kind) => i18n::say(locale, &format!("event.{}", kind.word()), &args),
        Stored::Unknown(word) => i18n::say(locale, "event.other", &[("kind", word)]),
    };
    let more = [
        ("amount_wan", "event.signed_facts"),
        ("origin", "event.origin"),
        ("seen", "event.seen"),
        ("outcome", "event.outcome"),
        ("assigned", "event.assigned"),
        ("next_on", "event.next_on"),
    ];
    for (name, key) in more {
        if !fact(name).is_empty() {
            text.push_str(&i18n::say(locale, key, &args));
        }
    }
    // A title may end in a fact that the event lacks.
    text.truncate(text.trim_end().len());
    text
}

/// One line of a timeline.
#[derive(Clone, Debug)]
pub struct TimelineLine {
    /// Time of the event.
    pub at: Moment,
    /// The word of contract §8.
    pub kind: String,
    /// Address of the account; `None` for the service itself.
    pub by: Option<String>,
    /// The event with its facts, in words.
    pub title: String,
    /// The words of a person; blank where there are none.
    pub note: String,
    /// Id of the mail, where the line is about one.
    pub mail: Option<String>,
}

/// Returns the timeline of a lead, oldest first: its history, and the service's mails about its inquiries. Phones and
/// addresses are masked for roles that see no contact data.
#[must_use]
pub fn lines(locale: Locale, role: Role, events: &[LeadEvent], mails: &[MailRow]) -> Vec<TimelineLine> {
    let shown = |text: String| if role.reveals_contacts() { text } else { masked_text(&text) };
    let line = |event: &LeadEvent| TimelineLine {
        at: event.at,
        kind: timeline_kind(event),
        by: event.by.clone(),
        title: shown(event_text(locale, event)),
        note: shown(event.note.clone()),
        mail: None,
    };
    let sent = |mail: &MailRow| {
        let state = i18n::word(locale, "mail_state", mail.state.word());
        TimelineLine {
            at: mail.created_at,
            kind: EventKind::MailOut.word().to_owned(),
            by: None,
            title: i18n::say(locale, "event.mail", &[("to", &mail.recipient), ("state", &state)]),
            note: String::new(),
            mail: Some(mail.id.clone()),
        }
    };
    let mut lines: Vec<TimelineLine> = events.iter().map(line).chain(mails.iter().map(sent)).collect();
    // The sort is stable: events of one moment keep their order.
    lines.sort_by_key(|line| line.at);
    lines
}

/// Returns the timeline of a lead as JSON, oldest first.
#[must_use]
pub fn timeline(role: Role, events: &[LeadEvent], mails: &[MailRow]) -> Vec<Value> {
    let entry = |line: TimelineLine| {
        let text = if line.note.is_empty() { line.title } else { format!("{}：{}", line.title, line.note) };
        json!({ "at": line.at.rfc3339(), "kind": line.kind, "by": line.by, "text": text })
    };
    lines(STAFF, role, events, mails).into_iter().map(entry).collect()
}
