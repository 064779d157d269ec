//! What is done now and then: staff are told of mails that wait too long, the text index of what has changed.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::account::Scope;
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
        let (soon, days) = (now.plus_seconds(5 * 3_600).0, now.plus_seconds(2 * 86_400).0);
        for id in ["usual", "ahead", "leased"] {
            queue(&test.db, id, "park@example.com", now).await;
        }
        test.db.execute(&format!("UPDATE outbox SET next_at = {soon} WHERE id = 'usual'")).await;
        test.db.execute(&format!("UPDATE outbox SET next_at = {days} WHERE id = 'ahead'")).await;
        let leased = format!("next_at = {days}, lease_until = {days}, lease_token = 't'");
        test.db.execute(&format!("UPDATE outbox SET {leased} WHERE id = 'leased'")).await;
        test.db.execute(&format!("INSERT INTO job_lease (name, holder, until) VALUES ('gone', 'h', {days})")).await;
        sweep(&test.app).await.expect("sweeps");
        let left = async |table: &str, column: &str, key: &str| {
            let name = if table == "outbox" { "id" } else { "name" };
            let sql = format!("SELECT CAST({column} AS TEXT) FROM {table} WHERE {name} = '{key}'");
            test.db.rows(&sql).await[0].parse::<i64>().expect("a time")
        };
        assert_eq!(left("outbox", "next_at", "usual").await, soon, "{}", test.db.name);
        let quarter = now.plus_seconds(900).0..=test.app.clock.now().plus_seconds(900).0;
        for (table, column, key) in
            [("outbox", "next_at", "ahead"), ("outbox", "lease_until", "leased"), ("job_lease", "until", "gone")]
        {
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
