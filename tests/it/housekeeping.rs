//! What is done now and then: staff are told of mails that wait too long, the text index of what has changed.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::account::Scope;
use domain::time::Moment;
use luodi::search::{Digests, Doc, Guarded, Health, HitPage, IndexChange, Memory, SearchError, SearchQuery, TextIndex};
use luodi::service::context::Context;
use luodi::service::housekeeping::sweep;
use luodi::service::search;

use crate::app::TestApp;
use crate::mailbag::queue;

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_waits_two_hours_becomes_a_task_a_day_a_pressing_one_and_none_once_it_has_left() {
    for test in TestApp::each().await {
        let now = test.app.clock.now();
        for (id, hours) in [("fresh", 1), ("late", 3), ("day", 25)] {
            queue(&test.db, id, "park@example.com", now.plus_seconds(-hours * 3_600)).await;
        }
        let open = async || {
            let tasks = test.app.db.open_tasks(&Scope::Park("park-1".into())).await.expect("tasks");
            let mut open: Vec<_> =
                tasks.into_iter().map(|task| format!("{} {}", task.outbox_id.unwrap_or_default(), task.kind)).collect();
            open.sort();
            open
        };
        for _ in 0..2 {
            sweep(&test.app).await.expect("sweeps");
            assert_eq!(open().await, ["day mail_overdue", "late mail_late"], "{}", test.db.name);
        }
        let yesterday = now.plus_seconds(-25 * 3_600).0;
        test.db.execute(&format!("UPDATE outbox SET created_at = {yesterday} WHERE id = 'late'")).await;
        test.db.execute("UPDATE outbox SET state = 'sent' WHERE id = 'day'").await;
        sweep(&test.app).await.expect("sweeps");
        assert_eq!(open().await, ["late mail_overdue"], "{}", test.db.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn retries_and_leases_that_a_clock_set_back_left_ahead_come_in_a_quarter_of_an_hour() {
    for test in TestApp::each().await {
        let now = test.app.clock.now();
        let then = |minutes: i64| now.plus_seconds(minutes * 60).0;
        let (later, days) = (then(5 * 60), then(2 * 24 * 60));
        for (id, created, set) in [
            ("usual", now, format!("next_at = {later}, attempts = 5")),
            ("skewed", now.plus_seconds(50), format!("next_at = {later}, attempts = 5")),
            ("retry", now, format!("next_at = {days}, attempts = 5")),
            ("tried", now, format!("next_at = {}, attempts = 1", then(70))),
            ("written", Moment(then(60)), format!("next_at = {}, attempts = 1", then(62))),
            ("untried", Moment(then(60)), format!("next_at = {}", then(60))),
            ("leased", now, format!("next_at = {0}, lease_until = {0}, lease_token = 't', attempts = 1", then(61))),
        ] {
            queue(&test.db, id, "park@example.com", created).await;
            test.db.execute(&format!("UPDATE outbox SET {set} WHERE id = '{id}'")).await;
        }
        let columns = "id, outbox_id, at, lease_token, outcome, detail";
        for (id, at) in [("usual", then(-1)), ("tried", then(55))] {
            let values = format!("'{id}', '{id}', {at}, 't', 'transient', ''");
            test.db.execute(&format!("INSERT INTO outbox_attempt ({columns}) VALUES ({values})")).await;
        }
        test.db.execute(&format!("INSERT INTO job_lease (name, holder, until) VALUES ('gone', 'h', {days})")).await;
        sweep(&test.app).await.expect("sweeps");
        let left = async |table: &str, column: &str, key: &str| {
            let name = if table == "outbox" { "id" } else { "name" };
            let sql = format!("SELECT CAST({column} AS TEXT) FROM {table} WHERE {name} = '{key}'");
            test.db.rows(&sql).await[0].parse::<i64>().expect("a time")
        };
        let after = test.app.clock.now();
        for id in ["usual", "skewed"] {
            assert_eq!(left("outbox", "next_at", id).await, later, "{} {id}", test.db.name);
        }
        assert!((now.0..=after.0).contains(&left("outbox", "next_at", "untried").await), "{}", test.db.name);
        let quarter = then(15)..=after.plus_seconds(900).0;
        for (table, column, key) in [
            ("outbox", "next_at", "retry"),
            ("outbox", "next_at", "tried"),
            ("outbox", "next_at", "written"),
            ("outbox", "next_at", "leased"),
            ("outbox", "lease_until", "leased"),
            ("job_lease", "until", "gone"),
        ] {
            assert!(quarter.contains(&left(table, column, key).await), "{} {table} {key}", test.db.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_of_a_day_that_a_receiver_asked_for_is_no_trace_of_a_clock_set_back() {
    for test in TestApp::each().await {
        let now = test.app.clock.now();
        let columns =
            "id, park_code, address, shown, format, events, secret, account_id, created_at, lease_until, next_at";
        for (id, hours) in [("asked", 23), ("ahead", 48)] {
            let at = now.plus_seconds(hours * 3_600).0;
            let values = format!("'{id}', '', 'https://a.example/x', 'x', 'json', '', '', 'x', 1, 0, {at}");
            test.db.execute(&format!("INSERT INTO webhook ({columns}) VALUES ({values})")).await;
        }
        sweep(&test.app).await.expect("sweeps");
        let left = test.db.rows("SELECT CAST(next_at AS TEXT) FROM webhook ORDER BY id").await;
        let left: Vec<i64> = left.iter().map(|at| at.parse().expect("a time")).collect();
        assert_eq!(left[1], now.plus_seconds(23 * 3_600).0, "{}", test.db.name);
        assert!(left[0] <= test.app.clock.now().plus_seconds(900).0, "{}", test.db.name);
    }
}

/// An index that never answers.
struct Silent;

#[async_trait]
impl TextIndex for Silent {
    async fn apply(&self, _: &[IndexChange]) -> Result<(), SearchError> {
        std::future::pending().await
    }

    async fn search(&self, _: &SearchQuery) -> Result<HitPage, SearchError> {
        std::future::pending().await
    }

    async fn rebuild(&self, _: Vec<Doc>) -> Result<(), SearchError> {
        Ok(())
    }

    async fn digests(&self) -> Result<Digests, SearchError> {
        Ok(Digests::new())
    }

    async fn health(&self) -> Result<Health, SearchError> {
        std::future::pending().await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_on_their_way_to_an_index_that_does_not_answer_wait_again() {
    let (context, _db) = TestApp::sqlite().await.into_context();
    let context = Context { text: Arc::new(Guarded::new(Arc::new(Silent), Arc::new(Memory::new()))), ..context };
    context.text.rebuild(Vec::new()).await.expect("an index");
    let before = context.text_changes.lock().expect("no panic").clone();
    assert!(!before.is_empty(), "what was imported waits");
    let cut = tokio::time::timeout(Duration::from_millis(50), search::apply(&context)).await;
    assert!(cut.is_err(), "it does not end by itself");
    assert_eq!(*context.text_changes.lock().expect("no panic"), before);
}
