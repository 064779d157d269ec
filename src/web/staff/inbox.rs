//! The inbox of leads and the list of tasks.

use axum::extract::Path;
use domain::account::Role;
use domain::lead::{Bucket, Stage};
use domain::record::Record;
use domain::requirement::Word as _;
use domain::stored::{Stored, StoredRequirement};
use domain::time::{Moment, SECONDS_PER_DAY};
use serde::Serialize;

use crate::db::desk::DeskCounts;
use crate::db::lead::{Lead, LeadRow};
use crate::db::task::StaffTask;
use crate::db::words::TaskKind;
use crate::error::Error;
use crate::i18n::{LabelledValue, Locale, date, moment, need, say, stored_facts, tell, word};
use crate::mail::BounceReason;
use crate::service::accounts::Actor;
use crate::service::desk::{self, Filters};
use crate::service::tasks::{self, OfferedLead};
use crate::service::work::page_call;
use crate::service::{handovers, leads, parks};
use crate::web::pages::{Page, PageResult, Query, WrongField, wrong_fields};
use crate::web::view::{OptionView, address, encode};

#[derive(Serialize)]
struct InboxView {
    lists: Vec<DeskList>,
    /// Word of the list that is shown; empty for all leads.
    bucket: String,
    stages: Vec<OptionView>,
    q: String,
    /// Whether only leads of the reader are shown.
    mine: bool,
    errors: Vec<WrongField>,
    /// Parks of the reader whose inbox takes no mail.
    refusing: Vec<RefusingPark>,
    leads: Vec<InboxRow>,
    next: Option<String>,
}

/// A park whose inbox takes no mail.
#[derive(Serialize)]
struct RefusingPark {
    url: String,
    words: String,
}

/// One list of the desk with its number of leads.
#[derive(Serialize)]
struct DeskList {
    word: String,
    label: String,
    url: String,
    count: Option<i64>,
    is_shown: bool,
}

#[derive(Serialize)]
struct InboxRow {
    url: String,
    number: String,
    park: Option<String>,
    company: String,
    need: String,
    listing: String,
    stage: String,
    owner: String,
    due: Option<String>,
    due_code: &'static str,
    last_word: Option<String>,
    received: String,
}

#[derive(Serialize)]
struct Tasks {
    tasks: Vec<TaskView>,
}

#[derive(Serialize)]
struct TaskView {
    at: String,
    words: String,
    /// Shown in red.
    is_pressing: bool,
    /// The reason of a bounce.
    advice: Option<String>,
    /// The step to take.
    todo: String,
    detail: String,
    /// The address of the lead concerned.
    url: Option<String>,
    /// The fields of a suspected requirement; park, company and address of a mail that came back.
    facts: Vec<LabelledValue>,
    text: Option<String>,
    /// The buttons that the reader's role has.
    buttons: Vec<TaskButton>,
}

/// A button that ends a task.
#[derive(Serialize)]
struct TaskButton {
    url: String,
    label: String,
}

/// Returns the due day of a lead's next step in words, and its urgency: `done`, `overdue`, `soon` or `later`.
pub(super) fn due(locale: Locale, lead: &Lead, now: Moment) -> (Option<String>, &'static str) {
    if !lead.is_open() {
        return (None, "done");
    }
    let due_at = lead.due_at;
    let day = date(locale, due_at.day());
    if due_at < now {
        (Some(say(locale, "staff.overdue", &[("date", &day)])), "overdue")
    } else {
        let is_soon = due_at < now.plus_seconds(SECONDS_PER_DAY);
        (Some(say(locale, "staff.due", &[("date", &day)])), if is_soon { "soon" } else { "later" })
    }
}

/// `GET /staff`: the desk.
pub(super) async fn show(page: Page, query: Query) -> PageResult {
    let actor = page.staff()?;
    let given = |name: &str| Some(query.get(name)).filter(|text| !text.trim().is_empty());
    let mut filters = Filters {
        bucket: given("bucket"),
        stage: given("stage"),
        owner: given("owner"),
        q: given("q"),
        updated_since: None,
        cursor: given("cursor"),
    };
    let mut errors = Vec::new();
    let found = match desk::list(&page.app, actor, filters).await {
        // A filter that cannot be read is named, and the whole desk shown.
        Err(Error::Invalid(wrong)) => {
            errors = wrong_fields(page.locale, &wrong);
            filters = Filters::default();
            desk::list(&page.app, actor, filters).await?
        }
        other => other?,
    };
    let sees_all = actor.scope.parks().is_none_or(|parks| parks.len() > 1);
    let stage = filters.stage.and_then(Stage::from_word);
    let refusing = parks::refusing(&page.app, &actor.scope).await?;
    let context = InboxView {
        refusing: refusing.iter().map(|park| refusing_park(&page, park)).collect(),
        lists: lists(&page, filters, &found.counts),
        bucket: filters.bucket.unwrap_or_default().to_owned(),
        stages: stages(page.locale, Stage::WORDS.iter().map(|&(_, stage)| stage), stage),
        q: filters.q.unwrap_or_default().to_owned(),
        mine: filters.owner == Some("me"),
        errors,
        leads: found.rows.iter().map(|lead| row(&page, lead, sees_all)).collect(),
        next: found.next.map(|next| address_of(&page, &Filters { cursor: Some(&next), ..filters })),
    };
    page.show("staff/inbox.html", context)
}

fn refusing_park(page: &Page, park: &Record) -> RefusingPark {
    let args = [("park", park.get("name")), ("address", park.get("inbox_email"))];
    RefusingPark {
        url: page.url(&format!("/staff/parks/{}", encode(park.id()))),
        words: say(page.locale, "staff.refusing", &args),
    }
}

/// Returns the address of the desk with these filters.
fn address_of(page: &Page, filters: &Filters<'_>) -> String {
    let pairs = [
        ("bucket", filters.bucket),
        ("stage", filters.stage),
        ("owner", filters.owner),
        ("q", filters.q),
        ("cursor", filters.cursor),
    ];
    address(&page.url("/staff"), pairs.into_iter().filter_map(|(name, value)| Some((name, value?))))
}

/// The lists of the desk with their numbers, then all leads.
fn lists(page: &Page, filters: Filters<'_>, counts: &DeskCounts) -> Vec<DeskList> {
    let counts = [counts.overdue, counts.today, counts.to_answer, counts.new, counts.waiting];
    let list = |word: &'static str, count: Option<i64>| {
        let bucket = Some(word).filter(|word| *word != "all");
        DeskList {
            word: word.to_owned(),
            label: page.tell(&format!("bucket.{word}")),
            url: address_of(page, &Filters { bucket, cursor: None, ..filters }),
            count,
            is_shown: filters.bucket == bucket,
        }
    };
    let own = Bucket::words().into_iter().zip(counts).map(|(word, count)| list(word, Some(count)));
    own.chain([list("all", None)]).collect()
}

/// Stages to choose from.
pub(super) fn stages(locale: Locale, stages: impl Iterator<Item = Stage>, chosen: Option<Stage>) -> Vec<OptionView> {
    let option = |stage: Stage| OptionView {
        value: stage.word().to_owned(),
        label: word(locale, "stage", stage.word()),
        checked: chosen == Some(stage),
    };
    stages.map(option).collect()
}

fn row(page: &Page, row: &LeadRow, sees_all: bool) -> InboxRow {
    let locale = page.locale;
    let (due, due_code) = due(locale, &row.lead, page.app.clock.now());
    InboxRow {
        url: page.url(&format!("/staff/leads/{}", row.lead.id)),
        number: row.inquiry.number.clone(),
        park: sees_all.then(|| page.app.inventory.park_name(&row.lead.park)),
        company: row.company.clone().unwrap_or_else(|| tell(locale, "staff.no_company")),
        need: need(locale, &StoredRequirement::parse(&row.requirement)),
        listing: row.inquiry.listing_name.clone(),
        owner: row.owner.clone().unwrap_or_else(|| tell(locale, "staff.unowned")),
        last_word: row.lead.last_word.as_ref().map(|side| word(locale, "last_word", side.word())),
        stage: word(locale, "stage", row.lead.stage.word()),
        due,
        due_code,
        received: say(locale, "staff.received", &[("date", &moment(locale, row.lead.created_at))]),
    }
}

/// `POST /staff/tasks/{id}/{action}`: done, clear or reject.
pub(super) async fn finish(page: Page, Path((id, action)): Path<(String, String)>) -> PageResult {
    tasks::done(&page.app, page.staff()?, &page_call(), &id, Some(&action)).await?;
    Ok(page.see("/staff/tasks"))
}

/// `POST /staff/handovers/{lead}/{answer}`: accept or decline, of the receiving park.
pub(super) async fn answer(page: Page, Path((lead, answer)): Path<(String, String)>) -> PageResult {
    let accepts = match answer.as_str() {
        "accept" => true,
        "decline" => false,
        _ => return Err(Error::NotFound.into()),
    };
    handovers::answer(&page.app, page.staff()?, &page_call(), &lead, accepts).await?;
    Ok(page.see("/staff/tasks"))
}

/// Returns the reason of a bounce and the step to take; `detail` begins with the word of its group.
pub(super) fn bounce_advice(locale: Locale, detail: &str) -> Option<String> {
    let group = detail.split(' ').next().and_then(BounceReason::from_word)?;
    Some(tell(locale, &format!("bounce.{}", group.word())))
}

fn advice(locale: Locale, task: &StaffTask) -> Option<String> {
    let is_bounce = [TaskKind::MailBounced, TaskKind::InboxPaused].iter().any(|kind| task.kind == *kind);
    is_bounce.then(|| bounce_advice(locale, &task.detail)).flatten()
}

fn returned_facts(locale: Locale, returned: &leads::ReturnedMail) -> Vec<LabelledValue> {
    let fact = |key: &str, value: &str| LabelledValue {
        name: key.to_owned(),
        label: tell(locale, &format!("task.{key}")),
        value: value.to_owned(),
    };
    let all = [("park", &returned.park), ("company", &returned.company), ("address", &returned.address)];
    all.into_iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| fact(key, value)).collect()
}

/// Path of the page on which a task is done: a report's has its id, other tasks that of a lead.
fn task_path(kind: &Stored<TaskKind>, id: &str, lead: Option<String>) -> Option<String> {
    let is_report = *kind == TaskKind::ListingReported;
    is_report.then(|| format!("/staff/reports/{id}")).or_else(|| Some(format!("/staff/leads/{}", lead?)))
}

/// `GET /staff/tasks`: hand-overs to the reader's parks first, then the others, newest first.
pub(super) async fn show_tasks(page: Page) -> PageResult {
    let actor = page.staff()?;
    let mut views: Vec<TaskView> =
        tasks::offers(&page.app, actor).await?.iter().map(|offer| offer_view(&page, actor, offer)).collect();
    for found in leads::tasks(&page.app, actor).await? {
        let todo = tasks::todo(&page.app, page.locale, &found.task).await?;
        views.push(task_view(&page, actor, found, todo));
    }
    page.show("staff/tasks.html", Tasks { tasks: views })
}

/// The buttons of a task for those who work leads.
fn buttons(page: &Page, actor: &Actor, path: &str, actions: &[&str]) -> Vec<TaskButton> {
    let button = |action: &&str| TaskButton {
        url: page.url(&format!("{path}/{action}")),
        label: page.tell(&format!("task.{action}")),
    };
    if actor.role.works_leads() { actions.iter().map(button).collect() } else { Vec::new() }
}

fn offer_view(page: &Page, actor: &Actor, offer: &OfferedLead) -> TaskView {
    let (handover, names) = (&offer.handover, &page.app.inventory);
    TaskView {
        at: moment(page.locale, handover.created_at),
        words: page.tell("task.handover"),
        is_pressing: false,
        advice: Some(format!("{} → {}", names.park_name(&handover.from), names.park_name(&handover.to))),
        todo: page.tell("todo.handover"),
        detail: handover.reason.clone(),
        url: None,
        facts: stored_facts(page.locale, &offer.requirement),
        text: None,
        buttons: buttons(page, actor, &format!("/staff/handovers/{}", handover.lead_id), &["accept", "decline"]),
    }
}

fn task_view(page: &Page, actor: &Actor, found: leads::Task, todo: String) -> TaskView {
    let leads::Task { task, suspected, returned } = found;
    let actions: &[&str] = match task.kind == TaskKind::Suspected {
        true if actor.role == Role::Admin => &["clear", "reject"],
        true => &[],
        false => &["done"],
    };
    TaskView {
        at: moment(page.locale, task.created_at),
        words: match &task.kind {
            Stored::Known(kind) => page.tell(&format!("task.{}", kind.word())),
            Stored::Unknown(word) => say(page.locale, "task.other", &[("kind", word)]),
        },
        is_pressing: task.kind == TaskKind::MailOverdue,
        advice: advice(page.locale, &task),
        todo,
        detail: task.detail,
        url: task_path(&task.kind, &task.id, task.lead_id).map(|path| page.url(&path)),
        facts: match &returned {
            Some(returned) => returned_facts(page.locale, returned),
            None => suspected.iter().flat_map(|it| stored_facts(page.locale, &it.requirement)).collect(),
        },
        text: suspected.and_then(|it| it.free_text),
        buttons: buttons(page, actor, &format!("/staff/tasks/{}", task.id), actions),
    }
}
