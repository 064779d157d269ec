//! Claims, leases and settling on both databases; the worker's loop is in `worker`.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use domain::requirement::Word as _;
use domain::time::Moment;
use luodi::db::Db;
use luodi::db::outbox::{Attempt, Claimed, DeliveryOutcome, LeaseRequest};
use luodi::db::words::AttemptOutcome;
use luodi::worker::retry::RetryTable;

use crate::database::each;
use crate::mailbag::queue;

pub(crate) const NOW: Moment = Moment(1_790_000_000_000);
pub(crate) const LEASE_SECONDS: i64 = 60;

fn claim(at_most: u64) -> LeaseRequest {
    LeaseRequest { at_most, lease_seconds: LEASE_SECONDS, newest_first: true, takes_over: true }
}

async fn claim_one(db: &Db, now: Moment) -> Option<Claimed> {
    db.claim(claim(1), now).await.expect("claims").pop()
}

fn attempt(outcome: &str) -> Attempt {
    let outcome = AttemptOutcome::from_word(outcome).expect("an outcome");
    Attempt { outcome, detail: "rcpt: 550 5.1.1 no such user".to_owned() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_claimants_of_two_processes_get_each_row_exactly_once() {
    for test in each().await {
        for number in 0..60 {
            queue(&test, &format!("r{number:03}"), "park@example.com", NOW).await;
        }
        let processes = [Arc::new(test.another().await), Arc::new(test.another().await)];
        let mut claimants = tokio::task::JoinSet::new();
        for number in 0..8 {
            let db = Arc::clone(&processes[number % 2]);
            claimants.spawn(async move {
                let mut ids = Vec::new();
                loop {
                    let rows = db.claim(claim(3), NOW).await.expect("claims");
                    if rows.is_empty() {
                        return ids;
                    }
                    ids.extend(rows.into_iter().map(|row| row.id));
                }
            });
        }
        let shares = claimants.join_all().await;
        let all: Vec<_> = shares.concat();
        assert_eq!(all.len(), 60, "{}", test.name);
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), 60, "{}", test.name);
    }
}

#[tokio::test]
async fn a_lease_keeps_the_row_until_it_ends_and_its_loss_is_recorded() {
    for test in each().await {
        queue(&test, "a", "park@example.com", NOW).await;
        let first = claim_one(&test.db, NOW).await.expect("a row");
        assert_eq!((first.attempts, first.recipient.as_deref()), (1, Some("park@example.com")));
        let payload = String::from_utf8(first.payload.expect("bytes")).expect("ASCII");
        assert!(payload.contains("Message-ID: <a@luodi.example.com>\r\n"));
        assert!(claim_one(&test.db, NOW.plus_seconds(LEASE_SECONDS - 1)).await.is_none());
        assert_eq!(test.db.next_due().await.expect("reads"), Some(NOW.plus_seconds(LEASE_SECONDS)));
        let second = claim_one(&test.db, NOW.plus_seconds(LEASE_SECONDS)).await.expect("the row again");
        assert_eq!((second.id.as_str(), second.attempts), ("a", 2));
        assert_ne!(second.lease_token, first.lease_token);
        let attempts = test.rows("SELECT outcome, lease_token FROM outbox_attempt").await;
        assert_eq!(attempts, [format!("lease_expired|{}", first.lease_token)]);
    }
}

#[tokio::test]
async fn a_lost_lease_settles_nothing_and_is_recorded_all_the_same() {
    for test in each().await {
        queue(&test, "a", "park@example.com", NOW).await;
        let first = claim_one(&test.db, NOW).await.expect("a row");
        let later = NOW.plus_seconds(LEASE_SECONDS);
        let second = claim_one(&test.db, later).await.expect("the row again");
        assert!(!test.db.settle(&first, DeliveryOutcome::Failed, attempt("permanent"), later).await.expect("settles"));
        assert_eq!(
            test.rows("SELECT state, lease_token FROM outbox").await,
            [format!("queued|{}", second.lease_token)]
        );
        assert!(test.db.settle(&second, DeliveryOutcome::Sent, attempt("sent"), later).await.expect("settles"));
        assert_eq!(test.rows("SELECT state, lease_token FROM outbox").await, ["sent|"]);
        let outcomes = test.rows("SELECT outcome FROM outbox_attempt ORDER BY id").await;
        assert_eq!(outcomes, ["lease_expired", "permanent", "sent"]);
        assert_eq!(test.rows("SELECT id FROM staff_task").await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn success_and_failure_reach_the_inquiry_and_failure_opens_a_task() {
    for test in each().await {
        queue(&test, "good", "park@example.com", NOW).await;
        queue(&test, "poor", "park@example.com", NOW).await;
        for row in test.db.claim(claim(2), NOW).await.expect("claims") {
            let (verdict, outcome) =
                if row.id == "good" { (DeliveryOutcome::Sent, "sent") } else { (DeliveryOutcome::Failed, "permanent") };
            assert!(test.db.settle(&row, verdict, attempt(outcome), NOW).await.expect("settles"));
        }
        let mails = test.rows("SELECT id, state, CAST(settled_at AS TEXT), last_error FROM outbox ORDER BY id").await;
        let detail = "permanent: rcpt: 550 5.1.1 no such user";
        assert_eq!(mails, [format!("good|sent|{}|", NOW.0), format!("poor|failed|{}|{detail}", NOW.0)]);
        assert_eq!(test.rows("SELECT id, state FROM inquiry ORDER BY id").await, ["good|sent", "poor|failed"]);
        let tasks = test.rows("SELECT kind, park_code, inquiry_id, outbox_id, detail FROM staff_task").await;
        assert_eq!(tasks, [format!("mail_failed|park-1|poor|poor|{detail}")]);
    }
}

#[tokio::test]
async fn a_mail_cancelled_while_it_was_out_stays_cancelled() {
    for test in each().await {
        queue(&test, "a", "park@example.com", NOW).await;
        let row = claim_one(&test.db, NOW).await.expect("a row");
        test.execute("UPDATE outbox SET state = 'cancelled'; UPDATE inquiry SET state = 'cancelled'").await;
        assert!(!test.db.settle(&row, DeliveryOutcome::Sent, attempt("sent"), NOW).await.expect("settles"));
        let states = test.rows("SELECT o.state, i.state FROM outbox o JOIN inquiry i ON i.id = o.inquiry_id").await;
        assert_eq!(states, ["cancelled|cancelled"]);
        assert_eq!(test.rows("SELECT outcome FROM outbox_attempt").await, ["sent"]);
        assert!(claim_one(&test.db, NOW.plus_seconds(3_600)).await.is_none());
    }
}

#[tokio::test]
async fn a_later_verdict_sets_the_time_and_spends_an_attempt_unless_the_relay_was_at_fault() {
    for test in each().await {
        queue(&test, "a", "park@example.com", NOW).await;
        let at = NOW.plus_seconds(30);
        let row = claim_one(&test.db, NOW).await.expect("a row");
        let paused = DeliveryOutcome::Later { at, uncounted: true };
        assert!(test.db.settle(&row, paused, attempt("relay_paused"), NOW).await.expect("settles"));
        assert_eq!(test.rows("SELECT state, CAST(attempts AS TEXT) FROM outbox").await, ["queued|0"]);
        assert!(claim_one(&test.db, NOW.plus_seconds(29)).await.is_none());
        let row = claim_one(&test.db, at).await.expect("the row again");
        let counted = DeliveryOutcome::Later { at: at.plus_seconds(120), uncounted: false };
        assert!(test.db.settle(&row, counted, attempt("transient"), at).await.expect("settles"));
        assert_eq!(test.rows("SELECT state, CAST(attempts AS TEXT) FROM outbox").await, ["queued|1"]);
        assert_eq!(test.rows("SELECT state FROM inquiry").await, ["queued"]);
        assert!(claim_one(&test.db, at.plus_seconds(119)).await.is_none());
        assert!(claim_one(&test.db, at.plus_seconds(120)).await.is_some());
    }
}

#[tokio::test]
async fn a_released_row_is_free_at_once_and_leaves_no_attempt() {
    for test in each().await {
        queue(&test, "a", "park@example.com", NOW).await;
        let row = claim_one(&test.db, NOW).await.expect("a row");
        test.db.release(vec![row], NOW).await.expect("releases");
        let row = claim_one(&test.db, NOW).await.expect("the row again");
        assert_eq!(row.attempts, 1);
        assert_eq!(test.rows("SELECT outcome FROM outbox_attempt").await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn the_oldest_mail_and_the_newest_take_turns() {
    for test in each().await {
        for (seconds, id) in (0..).zip(["tried", "old", "middle", "new"]) {
            queue(&test, id, "park@example.com", NOW.plus_seconds(seconds)).await;
        }
        test.execute("UPDATE outbox SET attempts = 3 WHERE id = 'tried'").await;
        let mut order = Vec::new();
        for newest_first in [true, false, true, false] {
            let rows =
                test.db.claim(LeaseRequest { newest_first, ..claim(1) }, NOW.plus_seconds(9)).await.expect("claims");
            order.extend(rows.into_iter().map(|row| row.id));
        }
        assert_eq!(order, ["new", "tried", "middle", "old"], "{}", test.name);
    }
}

#[tokio::test]
async fn a_claim_takes_all_that_is_due_whatever_goes_first() {
    for test in each().await {
        for id in ["a", "b", "c"] {
            queue(&test, id, "park@example.com", NOW).await;
        }
        test.execute("UPDATE outbox SET attempts = 1 WHERE id = 'b'").await;
        let rows = test.db.claim(claim(10), NOW).await.expect("claims");
        assert_eq!(rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["c", "a", "b"], "{}", test.name);
    }
}

const DAY: Duration = Duration::from_secs(86_400);

fn wait(table: RetryTable, row: &str, attempts: i64, ambiguous: bool) -> i64 {
    table.next(row, attempts, ambiguous, Moment(0), Moment(0)).map_or(-1, |at| at.0)
}

#[test]
fn waits_follow_the_table_within_a_fifth() {
    let table = RetryTable { longest: DAY };
    for (attempts, seconds) in (1..).zip([30, 120, 600, 1_800, 3_600, 7_200, 14_400, 14_400, 14_400]) {
        let waits: Vec<_> = (0..200).map(|row| wait(table, &format!("row{row}"), attempts, false)).collect();
        let (least, most) = (waits.iter().min().copied(), waits.iter().max().copied());
        assert!(waits.iter().all(|&ms| ms >= seconds * 800 && ms <= seconds * 1_200), "{least:?} {most:?}");
        assert!(least < Some(seconds * 850) && most > Some(seconds * 1_150), "{least:?} {most:?}");
    }
}

#[test]
fn an_ambiguous_attempt_waits_ten_minutes_at_least() {
    let table = RetryTable { longest: DAY };
    assert!((0..200).all(|row| wait(table, &format!("row{row}"), 1, true) >= 600_000));
    assert!(wait(table, "row", 6, true) >= 7_200 * 800);
}

#[test]
fn the_cap_holds_for_every_wait() {
    let table = RetryTable { longest: Duration::from_secs(1) };
    assert!((1..20).all(|attempts| (800..=1_000).contains(&wait(table, "row", attempts, false))));
    assert_eq!(wait(table, "row", 1, true), 1_000);
    assert_eq!(table.relay_pause(9), Duration::from_secs(1));
    assert_eq!(wait(RetryTable { longest: Duration::ZERO }, "row", 1, false), 200);
}

#[test]
fn after_five_days_attempts_end() {
    let table = RetryTable { longest: DAY };
    let five_days = Moment(0).plus_seconds(5 * 86_400);
    assert_eq!(table.next("row", 30, false, Moment(0), five_days), None);
    assert!(table.next("row", 30, true, Moment(1), five_days).is_some());
}

#[test]
fn a_relay_that_refuses_us_is_asked_ever_more_rarely() {
    let table = RetryTable { longest: DAY };
    let minutes: Vec<_> = [1, 2, 5, 6, 200].iter().map(|&n| table.relay_pause(n).as_secs() / 60).collect();
    assert_eq!(minutes, [1, 2, 16, 30, 30]);
}
