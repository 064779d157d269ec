//! The service under the commands of a history: two contexts over one database, as two processes have them.

use std::sync::Arc;

use domain::account::{Role, Scope};
use domain::lead::{LeadState, Stage};
use domain::listing::Kind;
use domain::requirement::{Requirement, Word as _};
use domain::time::Moment;
use luodi::error::Error;
use luodi::service::accounts::{self, Actor};
use luodi::service::context::{App, Context};
use luodi::service::idempotency::{Answered, Call};
use luodi::service::work::{self, MoveIn};
use luodi::service::{erasure, inquiries, leads, notice, requirements};
use serde_json::{Value, json};

use super::model::{Command, LISTINGS, Made, Model, Move, Person, SHELVED_TO};
use crate::app::{SetClock, TestApp};
use crate::database::TestDb;

const SPACES: &str = "space_no,name,kind,province,city,county,park_code,available_m2\n\
    S1,示例孵化空间,incubator,浙江省,台州市,温岭市,T2,800\n\
    S2,示例标准厂房,factory,浙江省,宁波市,北仑区,T1,5000\n";

/// Role and park of everybody who works here.
const STAFF: [(&str, Option<&str>); 7] = [
    ("admin", None),
    ("manager", Some("T1")),
    ("officer", Some("T1")),
    ("observer", Some("T1")),
    ("officer", Some("T2")),
    ("observer", Some("T2")),
    ("officer", Some("T3")),
];

pub(super) struct Program {
    pub(super) name: &'static str,
    processes: [App; 2],
    clock: Arc<SetClock>,
    db: TestDb,
}

impl Program {
    pub(super) async fn over(test: TestApp) -> Self {
        test.import(Kind::Space, SPACES).await;
        let (context, db) = test.into_context();
        let clock = Arc::new(SetClock::default());
        let other =
            Context::assemble(context.config.clone(), db.another().await, context.mailer.clone(), clock.clone());
        let other = other.await.expect("a context");
        let processes = [Context { clock: clock.clone(), ..context }, other].map(Arc::new);
        Self { name: db.name, processes, clock, db }
    }

    pub(super) fn set_clock(&self, now: i64) {
        self.clock.set(Moment(now));
    }

    pub(super) async fn people(&self) -> Vec<Person> {
        let mut people = Vec::new();
        for (at, (role, park)) in STAFF.into_iter().enumerate() {
            let email = format!("staff{at}@example.com");
            let named = Role::from_word(role).expect("a role");
            accounts::invite(&self.processes[0], &email, named, park).await.expect("a link");
            let account = self.one(&format!("SELECT id FROM account WHERE email = '{email}'")).await;
            people.push(Person { role, park, account });
        }
        people
    }

    /// Carries a command out and says what came of it.
    pub(super) async fn run(&self, command: &Command, model: &Model, step: usize) -> (String, Made) {
        let app = &self.processes[step % 2];
        let actor = |who: usize| actor(&model.people[who]);
        let lead = |at: usize| model.leads[at].id.as_str();
        let mut made = Made::default();
        let answer = match command {
            Command::Submit { is_suspected } => {
                made.need = Some(self.submit(app, *is_suspected, step).await);
                "ok".to_owned()
            }
            Command::Ask { need, listings } => {
                let answered = ask(app, &model.needs[*need].reference, listings, step).await;
                if let Ok(answered) = &answered {
                    made.numbers = numbers(answered);
                    made.leads = self.leads_of(&model.needs[*need].id).await;
                }
                class(&answered)
            }
            Command::Erase { need, key } => match erase(app, &model.needs[*need].reference, *key).await {
                Ok(answered) if answered.replayed => "replayed".to_owned(),
                other => class(&other),
            },
            Command::Clear { need, who } => {
                let task = model.needs[*need].doubt.as_ref().map_or("none", |(task, _)| task);
                class(&leads::clear(app, &actor(*who), task).await)
            }
            Command::Advance(wanted) => self.advance(app, wanted, model).await,
            Command::Reveal { lead: at, who } => reveal(app, &actor(*who), lead(*at)).await,
            Command::Show { lead: at, who } => shown(leads::show(app, &actor(*who), lead(*at)).await),
            Command::Inbox { who, stage } => {
                let found = leads::inbox(app, &actor(*who), Stage::from_word(stage), 1).await.expect("an inbox");
                let ids: Vec<_> = found.rows.iter().map(|row| row.lead.id.as_str()).collect();
                format!("{} more {}", ids.join(","), found.more)
            }
            Command::Fail { lead: at } => {
                self.fail(&model.leads[*at].mails, lead(*at)).await;
                "ok".to_owned()
            }
            Command::Resend { lead: at, who, mail } => {
                let id = model.leads[*at].mails.get(*mail).map_or("none", String::as_str);
                let answer = class(&work::resend(app, &actor(*who), &work::page_call(), lead(*at), Some(id)).await);
                if answer == "ok" {
                    made.mail = Some(self.one(&format!("SELECT id FROM outbox WHERE resend_of = '{id}'")).await);
                }
                answer
            }
            Command::Duel([one, other]) => {
                let [here, there] = &self.processes;
                let (one, other) = tokio::join!(self.advance(here, one, model), self.advance(there, other, model));
                format!("{one}, {other}")
            }
            Command::MoveAndErase(wanted) => {
                let need = &model.needs[model.leads[wanted.lead].need];
                let [here, there] = &self.processes;
                let (moved, erased) = tokio::join!(self.advance(here, wanted, model), erase(there, &need.reference, 0));
                format!("{moved}, {}", class(&erased))
            }
            Command::RevealAndErase { lead: at, who } => {
                let need = &model.needs[model.leads[*at].need];
                let [here, there] = &self.processes;
                let who = actor(*who);
                let (seen, erased) = tokio::join!(reveal(here, &who, lead(*at)), erase(there, &need.reference, 0));
                format!("{seen}, {}", class(&erased))
            }
        };
        (answer, made)
    }

    async fn advance(&self, app: &App, wanted: &Move, model: &Model) -> String {
        let (who, lead) = (actor(&model.people[wanted.who]), &model.leads[wanted.lead].id);
        let to = Stage::from_word(wanted.to).expect("a stage");
        let (amount, next) = (Some("1200.5".to_owned()), (wanted.to == "shelved").then(|| SHELVED_TO.0.to_owned()));
        let new = MoveIn {
            to: to.word().to_owned(),
            version: wanted.version,
            reason: wanted.note.clone(),
            next_on: next,
            amount_wan: amount,
            signed_on: Some("2026-11-24".into()),
        };
        class(&work::advance(app, &who, &work::page_call(), lead, new).await)
    }

    async fn submit(&self, app: &App, is_suspected: bool, step: usize) -> (String, String, Option<String>) {
        let need = Requirement::from_json(&json!({ "land_mu": { "min": 20 } })).expect("a requirement");
        let submit = TestApp::submit(need, is_suspected.then_some("too fast"));
        let answered = requirements::submit(app, &call("/api/v1/requirements", step), submit).await.expect("stored");
        let body: Value = serde_json::from_str(&answered.body).expect("JSON");
        let reference = body["reference"].as_str().expect("a reference").to_owned();
        let id = self.one(&format!("SELECT id FROM requirement WHERE reference = '{reference}'")).await;
        let tasks = self.db.rows(&format!("SELECT id FROM staff_task WHERE requirement_id = '{id}'")).await;
        (reference, id, tasks.into_iter().next())
    }

    /// Leads of a requirement by number, each with its first mail.
    async fn leads_of(&self, need: &str) -> std::collections::BTreeMap<String, (String, String)> {
        let sql = format!(
            "SELECT i.number, l.id, o.id FROM inquiry i JOIN lead l ON l.id = i.lead_id \
             JOIN outbox o ON o.inquiry_id = i.id AND o.resend_of IS NULL AND o.purpose = 'inquiry' WHERE i.requirement_id = '{need}'"
        );
        let rows = self.db.rows(&sql).await;
        let cells = rows.iter().map(|row| row.split('|').map(str::to_owned).collect::<Vec<_>>());
        cells.map(|row| (row[0].clone(), (row[1].clone(), row[2].clone()))).collect()
    }

    /// Marks a lead's last mail as the worker does after a permanent refusal.
    async fn fail(&self, mails: &[String], lead: &str) {
        let mail = mails.last().expect("a mail");
        self.db.execute(&format!("UPDATE outbox SET state = 'failed' WHERE id = '{mail}'")).await;
        let inquiry = format!("(SELECT inquiry_id FROM lead WHERE id = '{lead}')");
        self.db.execute(&format!("UPDATE inquiry SET state = 'failed' WHERE id = {inquiry}")).await;
    }

    /// What the database holds, as [`Model::rows`] has it.
    pub(super) async fn rows(&self) -> [Vec<String>; 4] {
        let sql = [
            "SELECT l.id, l.park_code, l.stage, CAST(l.version AS TEXT), l.owner_id, CAST(l.created_at AS TEXT), \
             CAST(l.updated_at AS TEXT), CAST(l.due_at AS TEXT), CAST(l.answered_at AS TEXT), \
             CASE WHEN l.hidden THEN 'hidden' ELSE 'shown' END, i.state, l.state, l.last_word, \
             CASE WHEN l.touched THEN 'touched' ELSE 'new' END \
             FROM lead l JOIN inquiry i ON i.id = l.inquiry_id ORDER BY l.id",
            "SELECT lead_id, CAST(at AS TEXT), kind, from_stage, to_stage, note, account_id FROM lead_event \
             ORDER BY lead_id, at, id",
            "SELECT subject, actor, action, detail FROM audit WHERE action IN ('lead.advance', 'contact.reveal') \
             ORDER BY subject, at, id",
            "SELECT requirement_id, CAST(at AS TEXT), account_id, park_code, what FROM access \
             ORDER BY requirement_id, at, id",
        ];
        let mut all = [const { Vec::new() }; 4];
        for (rows, sql) in all.iter_mut().zip(sql) {
            *rows = self.db.rows(sql).await;
        }
        all
    }

    async fn one(&self, sql: &str) -> String {
        self.db.rows(sql).await.pop().expect(sql)
    }
}

fn actor(person: &Person) -> Actor {
    Actor {
        id: person.account.clone(),
        email: "staff@example.com".into(),
        role: Role::from_word(person.role).expect("a role"),
        scope: person.park.map_or(Scope::All, |park| Scope::Park(park.into())),
    }
}

fn call(path: &str, key: usize) -> Call {
    Call { path: path.into(), key: format!("key{key}"), body_hash: "the same".into() }
}

async fn ask(app: &App, reference: &str, listings: &[usize], step: usize) -> Result<Answered, Error> {
    let send = inquiries::Send {
        listings: listings.iter().map(|at| LISTINGS[*at].0.to_owned()).collect(),
        notice_version: notice::VERSION.into(),
        parks: vec!["T1".into(), "T2".into()],
        via_operator: false,
    };
    inquiries::send(app, &call(&format!("/api/v1/requirements/{reference}/inquiries"), step), reference, send).await
}

async fn erase(app: &App, reference: &str, key: usize) -> Result<Answered, Error> {
    erasure::erase(app, &call(&format!("/api/v1/requirements/{reference}"), key), reference).await
}

async fn reveal(app: &App, who: &Actor, lead: &str) -> String {
    let seen = TestApp::reveal(app, who, lead).await;
    if let Ok(contact) = &seen {
        assert_eq!((contact.phone.as_str(), contact.person.as_str()), ("+8613800138000", "王工"));
    }
    class(&seen)
}

fn shown(view: Result<leads::LeadView, Error>) -> String {
    let view = match view {
        Ok(view) => view,
        other => return class(&other),
    };
    let is_left = view.page.row.lead.state != LeadState::Withdrawn;
    // Observers see none.
    assert!(view.masked.is_none_or(|(_, phone, _)| is_left && phone == "138****8000"));
    let mut next: Vec<_> = view.next.iter().map(|stage| stage.word()).collect();
    next.sort_unstable();
    let (lead, events, mails) = (&view.page.row.lead, view.page.events.len(), view.page.mails.len());
    format!("{} {} next {} events {events} mails {mails}", lead.stage.word(), lead.version, next.join(","))
}

fn numbers(answered: &Answered) -> Vec<String> {
    let body: Value = serde_json::from_str(&answered.body).expect("JSON");
    let listed = body["inquiries"].as_array().expect("a list");
    listed.iter().map(|inquiry| inquiry["number"].as_str().expect("a number").to_owned()).collect()
}

/// What came of a use case, in one phrase.
fn class<T>(result: &Result<T, Error>) -> String {
    match result {
        Ok(_) => "ok".to_owned(),
        Err(Error::Invalid(errors)) => format!("invalid {} {}", errors[0].field, errors[0].code),
        Err(Error::Conflict(code)) => format!("conflict {code}"),
        Err(other) => other.to_string(),
    }
}
