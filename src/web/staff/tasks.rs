//! The list of tasks: whom, what, and what to do.

use domain::account::Role;
use domain::requirement::Word as _;
use domain::stored::Stored;
use serde::Serialize;

use crate::db::task::StaffTask;
use crate::db::words::TaskKind;
use crate::error::Error;
use crate::i18n::{LabelledValue, Locale, date, moment, say, stored_facts, tell};
use crate::mail::BounceReason;
use crate::service::accounts::Actor;
use crate::service::tasks::{self, OfferedLead};
use crate::service::work::page_call;
use crate::service::{handovers, held_texts, leads, wrong_reports};
use crate::web::extract::Id;
use crate::web::pages::{Page, PageResult};

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

/// `POST /staff/tasks/{id}/{action}`: done, clear or reject.
pub(super) async fn finish(page: Page, Id((id, action)): Id<(String, String)>) -> PageResult {
    tasks::done(&page.app, page.staff()?, &page_call(), &id, Some(&action)).await?;
    Ok(page.see("/staff/tasks"))
}

/// `POST /staff/handovers/{lead}/{answer}`: accept or decline, of the receiving park.
pub(super) async fn answer(page: Page, Id((lead, answer)): Id<(String, String)>) -> PageResult {
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

/// Path of the page on which a task is done: those of reports and webhooks have its id, other tasks that of a lead.
fn task_path(kind: &Stored<TaskKind>, id: &str, lead: Option<String>) -> Option<String> {
    match kind.known() {
        Some(TaskKind::ListingReported) => Some(format!("/staff/reports/{id}")),
        Some(TaskKind::WebhookHeld) => Some(format!("/staff/webhooks/{id}")),
        _ => Some(format!("/staff/leads/{}", lead?)),
    }
}

/// `GET /staff/tasks`: hand-overs to the reader's parks first, then the others, newest first.
pub(super) async fn show(page: Page) -> PageResult {
    let actor = page.staff()?;
    let mut views: Vec<TaskView> =
        tasks::offers(&page.app, actor).await?.iter().map(|offer| offer_view(&page, actor, offer)).collect();
    views.extend(overdue_view(&page, actor).await?);
    views.extend(held_view(&page, actor));
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

/// The way to the texts whose promises are held back; the task ends with the last of them.
fn held_view(page: &Page, actor: &Actor) -> Option<TaskView> {
    let count = held_texts::count(&page.app, actor);
    (count > 0).then(|| TaskView {
        at: date(page.locale, page.today()),
        words: say(page.locale, "promises.task", &[("n", &count.to_string())]),
        is_pressing: false,
        advice: None,
        todo: page.tell("promises.todo"),
        detail: String::new(),
        url: Some(page.url("/staff/promises")),
        facts: Vec::new(),
        text: None,
        buttons: Vec::new(),
    })
}

/// The way to the reports whose deadline has passed.
async fn overdue_view(page: &Page, actor: &Actor) -> Result<Option<TaskView>, Error> {
    let count = wrong_reports::count_overdue(&page.app, actor).await?;
    Ok((count > 0).then(|| TaskView {
        at: date(page.locale, page.today()),
        words: say(page.locale, "wrong_report.late", &[("n", &count.to_string())]),
        is_pressing: true,
        advice: None,
        todo: page.tell("wrong_report.late_todo"),
        detail: String::new(),
        url: Some(page.url("/staff/reports")),
        facts: Vec::new(),
        text: None,
        buttons: Vec::new(),
    }))
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
