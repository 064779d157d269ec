//! Two bursts of commands on one lead, from two processes at once: one history, in which nothing is lost and nothing counts
//! twice.

use std::sync::Arc;

use domain::account::{Role, Scope};
use domain::lead::NoteKind;
use luodi::error::{Code, Error};
use luodi::service::accounts::Actor;
use luodi::service::context::{App, Context};
use luodi::service::idempotency::Call;
use luodi::service::work::{self, MoveIn, NoteIn};

use crate::app::TestApp;
use crate::desk::{asked, only};

/// Commands of one burst.
const COMMANDS: usize = 200;

/// What became of the commands of a burst.
#[derive(Default, Debug)]
struct Outcome {
    notes: usize,
    moves: usize,
    conflicts: usize,
}

/// There and back between two stages, so that every version has a next one.
async fn move_on(app: &App, officer: &Actor, call: &Call, id: &str) -> Result<(), Error> {
    let row = app.db.lead_row(&officer.scope, id).await?.expect("a lead");
    let to = if row.lead.stage.word() == "shelved" { "registered" } else { "shelved" };
    let next_on = Some(app.clock.now().day().to_string());
    let new = MoveIn { to: to.into(), version: row.lead.version, next_on, ..MoveIn::default() };
    work::advance(app, officer, call, id, new).await.map(drop)
}

async fn burst(app: App, id: String, officer: Actor) -> Outcome {
    let mut outcome = Outcome::default();
    let tasks = (0..COMMANDS).map(|at| {
        let (app, id, officer) = (app.clone(), id.clone(), officer.clone());
        tokio::spawn(async move {
            // A busy database answers 503: the client repeats the call under its key, whether or not it was carried out.
            let call = work::page_call();
            loop {
                let done = if at % 2 == 0 {
                    let note = NoteIn { kind: NoteKind::Other, text: format!("记 {at}"), next_on: None };
                    work::note(&app, &officer, &call, &id, note).await.map(drop)
                } else {
                    move_on(&app, &officer, &call, &id).await
                };
                if !matches!(done, Err(Error::Unavailable(_))) {
                    return (at % 2 == 0, done);
                }
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        match task.await.expect("ends") {
            (true, Ok(())) => outcome.notes += 1,
            (false, Ok(())) => outcome.moves += 1,
            (false, Err(Error::Conflict(Code::LeadChanged))) => outcome.conflicts += 1,
            // A stage that another command has just reached is no next one.
            (false, Err(Error::Invalid(_))) => outcome.conflicts += 1,
            (_, other) => panic!("{other:?}"),
        }
    }
    outcome
}

#[tokio::test(flavor = "multi_thread")]
async fn two_bursts_of_200_commands_at_once_keep_one_history() {
    for test in TestApp::each().await {
        let name = test.db.name;
        asked(&test, "b", &["P1"], &["T2"]).await;
        let key = test.key("k", Role::Officer, &["T2"]).await;
        let lead = only(&test, &key).await;
        let id = lead["id"].as_str().expect("an id").to_owned();
        let parks = Scope::Park("T2".into());
        let account = test.db.rows("SELECT id FROM account").await.remove(0);
        let officer = Actor { id: account, email: "key".into(), role: Role::Officer, scope: parks.clone() };
        let config = test.app.config.clone();
        let other = Context::assemble(config, test.db.another().await, test.app.mailer.clone(), test.app.clock.clone());
        let other = Arc::new(other.await.expect("a second process"));
        let (one, two) = tokio::join!(
            burst(test.app.clone(), id.clone(), officer.clone()),
            burst(other, id.clone(), officer.clone())
        );
        let (notes, moves) = (one.notes + two.notes, one.moves + two.moves);
        assert_eq!(notes, COMMANDS, "{name}: every note is taken");
        assert!(moves > 0 && one.conflicts + two.conflicts + moves == COMMANDS, "{name}: {one:?} {two:?}");
        let events = test.app.db.lead_events(&parks, &id).await.expect("a history");
        let kinds = |wanted: &str| events.iter().filter(|event| event.kind.word() == wanted).count();
        assert_eq!((kinds("note"), kinds("stage")), (notes, moves), "{name}");
        let row = test.app.db.lead_row(&parks, &id).await.expect("reads").expect("a lead");
        assert_eq!(row.lead.version, 1 + i64::try_from(moves).expect("small"), "{name}: each move raised it by one");
        // There and back: no two moves left the same version, so that they alternate and the last one is where the lead is.
        let leaving = |wanted: &str| {
            let from = |event: &&luodi::db::lead::LeadEvent| event.from.as_ref().is_some_and(|it| it.word() == wanted);
            events.iter().filter(|event| event.kind.word() == "stage").filter(from).count()
        };
        assert_eq!((leaving("registered"), leaving("shelved")), (moves.div_ceil(2), moves / 2), "{name}");
        let stands = if moves % 2 == 0 { "registered" } else { "shelved" };
        assert_eq!(row.lead.stage.word(), stands, "{name}: the lead is where its history ends");
    }
}
