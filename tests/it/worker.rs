//! The worker's loop against a relay that fails on order: what it believes, what it leaves in the database, how it ends.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::time::Moment;
use luodi::clock::{Clock, SystemClock};
use luodi::db::Db;
use luodi::mail::{MemoryMailer, Phase, PhaseLimits, RelayUrl, SendOutcome, SmtpMailer};
use luodi::worker::retry::RetryTable;
use luodi::worker::{Pace, Worker};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::database::{TestDb, each, postgres, sqlite};
use crate::fault_relay::{At, Does, Offers, Relay, Situation};
use crate::mailbag::queue;
use crate::matrix::late;

const PATIENCE: Duration = Duration::from_secs(20);
/// Limit of each SMTP phase where a relay answers too late.
const SHORT_LIMIT: Duration = Duration::from_millis(500);

struct Running {
    stop: CancellationToken,
    task: JoinHandle<()>,
    wake: Arc<Notify>,
}

impl Running {
    async fn end(self) {
        self.stop.cancel();
        tokio::time::timeout(PATIENCE, self.task).await.expect("ends").expect("without a panic");
    }
}

fn pace() -> Pace {
    Pace {
        slots: 4,
        lease: Duration::from_secs(10),
        poll: Duration::from_millis(100),
        retry: RetryTable { longest: Duration::from_millis(200) },
        drain: Duration::from_secs(5),
    }
}

fn worker(db: Db, mailer: Arc<dyn luodi::mail::Mailer>, pace: Pace) -> Worker {
    Worker {
        db,
        mailer,
        clock: Arc::new(SystemClock),
        envelope_from: "bounce@luodi.example.com".to_owned(),
        pace,
        wake: Arc::new(Notify::new()),
    }
}

fn start(worker: Worker) -> Running {
    let stop = CancellationToken::new();
    let wake = Arc::clone(&worker.wake);
    Running { task: tokio::spawn(worker.run(stop.clone())), stop, wake }
}

fn smtp(relay: &Relay, limit: Duration) -> Arc<SmtpMailer> {
    smtp_at(&relay.url(), limit)
}

fn smtp_at(url: &str, limit: Duration) -> Arc<SmtpMailer> {
    let url = RelayUrl::parse(url).expect("a URL");
    Arc::new(SmtpMailer::new(url, "luodi.example.com", PhaseLimits::capped(limit), None).expect("a mailer"))
}

/// Waits until a query says what it should, and shows what it said last where it never does.
async fn until(test: &TestDb, sql: &str, expected: &[&str]) {
    let mut seen = Vec::new();
    let watching = async {
        let mut look = tokio::time::interval(Duration::from_millis(20));
        loop {
            look.tick().await;
            seen = test.rows(sql).await;
            if seen == expected {
                return;
            }
        }
    };
    let in_time = tokio::time::timeout(PATIENCE, watching).await.is_ok();
    assert!(in_time, "{}: {seen:?} is not {expected:?}", test.name);
}

fn now() -> Moment {
    SystemClock.now()
}

/// The first part of the recipient says what goes wrong the first time; later attempts go well.
fn by_recipient() -> impl Fn(At, &Situation) -> Option<Does> + Send + Sync + 'static {
    let tries: Mutex<HashMap<String, usize>> = Mutex::default();
    move |at, situation| {
        let recipient = situation.recipient.clone()?;
        let fault = recipient.split(['.', '@']).next().unwrap_or_default();
        let mut tries = tries.lock().expect("no panic");
        let tried = tries.entry(recipient.clone()).or_default();
        if at == At::Rcpt {
            *tried += 1;
        }
        match (fault, at, *tried) {
            ("busy", At::Rcpt, 1) => Some(Does::Says("451 4.2.1 later")),
            ("nobody", At::Rcpt, _) => Some(Does::Says("550 5.1.1 no such user")),
            ("policy", At::Dot, _) => Some(Does::Says("554 5.7.1 refused")),
            ("full", At::Dot, 1) => Some(Does::Says("452 4.2.2 full")),
            ("cut", At::Body, 1) => Some(Does::Drops),
            ("mute", At::Dot, 1) => Some(Does::TakesAndDrops),
            ("late", At::Dot, 1) => Some(Does::Delays(Duration::from_millis(900))),
            ("slow", At::Data, 1) => Some(late(SHORT_LIMIT)),
            _ => None,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_mail_ends_sent_or_failed_and_every_double_is_explained() {
    for test in each().await {
        let relay = Relay::scripted(Offers::default(), by_recipient()).await.expect("a relay");
        let kinds = ["fine", "busy", "nobody", "policy", "full", "cut", "mute", "late", "slow"];
        for kind in kinds {
            for number in 0..3 {
                queue(&test, &format!("{kind}-{number}"), &format!("{kind}.{number}@example.com"), now()).await;
            }
        }
        let running = start(worker(test.db.clone(), smtp(&relay, SHORT_LIMIT), pace()));
        let count = "SELECT CAST(COUNT(*) AS TEXT) FROM outbox WHERE state = 'queued'";
        until(&test, count, &["0"]).await;
        running.end().await;

        let failed = test.rows("SELECT id FROM outbox WHERE state = 'failed' ORDER BY id").await;
        let expected: Vec<_> =
            ["nobody", "policy"].iter().flat_map(|kind| (0..3).map(move |n| format!("{kind}-{n}"))).collect();
        assert_eq!(failed, expected);
        assert_eq!(
            test.rows("SELECT outbox_id FROM staff_task WHERE done_at IS NULL ORDER BY outbox_id").await,
            expected
        );
        let inquiries =
            test.rows("SELECT DISTINCT o.state, i.state FROM outbox o JOIN inquiry i ON i.id = o.inquiry_id").await;
        assert!(inquiries.iter().all(|pair| ["sent|sent", "failed|failed"].contains(&pair.as_str())), "{inquiries:?}");

        let accepted = relay.accepted();
        for id in test.rows("SELECT id FROM outbox WHERE state = 'sent'").await {
            let message_id = format!("{id}@luodi.example.com");
            let same: Vec<_> = accepted.iter().filter(|mail| mail.message_id.as_ref() == Some(&message_id)).collect();
            assert!(same.iter().any(|mail| mail.answer_delivered), "{id}: believed sent, never answered");
            assert!(same.iter().all(|mail| mail.sha256 == same[0].sha256), "{id}: other bytes");
            let ambiguous = test
                .rows(&format!("SELECT id FROM outbox_attempt WHERE outbox_id = '{id}' AND outcome = 'ambiguous'"))
                .await;
            assert!(same.len() <= 1 + ambiguous.len(), "{id}: {} copies, {} explained", same.len(), ambiguous.len());
        }
        let withheld = accepted.iter().filter(|mail| !mail.answer_delivered).count();
        assert!(withheld >= 3, "the fault was not injected");
        assert!(relay.most_open() <= 8, "{} conversations at once", relay.most_open());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_share_the_work_and_double_nothing() {
    for test in each().await {
        let relay = Relay::healthy().await.expect("a relay");
        for number in 0..60 {
            queue(&test, &format!("m{number}"), "park@example.com", now()).await;
        }
        let slow_poll = || Pace { poll: Duration::from_millis(50), ..pace() };
        let processes = [test.another().await, test.another().await]
            .map(|db| start(worker(db, smtp(&relay, Duration::from_secs(5)), slow_poll())));
        until(&test, "SELECT CAST(COUNT(*) AS TEXT) FROM outbox WHERE state = 'sent'", &["60"]).await;
        for process in processes {
            process.end().await;
        }
        assert_eq!(relay.accepted().len(), 60, "{}", test.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_that_refuses_our_credentials_pauses_mail_and_fails_none() {
    let test = sqlite().await;
    let heals = Arc::new(AtomicBool::new(false));
    let refused = Arc::new(AtomicUsize::new(0));
    let (healed, refusals) = (Arc::clone(&heals), Arc::clone(&refused));
    let script = move |at: At, _: &Situation| {
        (at == At::Auth && !healed.load(Ordering::SeqCst)).then(|| {
            refusals.fetch_add(1, Ordering::SeqCst);
            Does::Says("535 5.7.8 wrong password")
        })
    };
    let relay = Relay::scripted(Offers { auth: true, ..Offers::default() }, script).await.expect("a relay");
    for number in 0..6 {
        queue(&test, &format!("m{number}"), "park@example.com", now()).await;
    }
    let url = format!("smtp://user:password@{}", relay.address());
    let running = start(worker(test.db.clone(), smtp_at(&url, Duration::from_secs(5)), pace()));
    until(&test, "SELECT CAST(COUNT(*) >= 6 AS TEXT) FROM outbox_attempt WHERE outcome = 'relay_paused'", &["1"]).await;
    assert_eq!(test.rows("SELECT DISTINCT state FROM outbox").await, ["queued"]);
    heals.store(true, Ordering::SeqCst);
    until(&test, "SELECT DISTINCT state FROM outbox", &["sent"]).await;
    running.end().await;
    assert_eq!(test.rows("SELECT DISTINCT CAST(attempts AS TEXT) FROM outbox").await, ["1"]);
    assert_eq!(test.rows("SELECT id FROM staff_task").await, Vec::<String>::new());
}

/// T04. An outcome for which the disk has no room is settled once it has, however long its lease has been over.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_whose_outcome_finds_no_room_is_not_sent_again_and_again() {
    let Some(test) = postgres().await else { return };
    let full = "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
                $$BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END$$;
                CREATE TRIGGER full_disk BEFORE INSERT ON outbox_attempt EXECUTE FUNCTION full_disk()";
    test.execute(full).await;
    queue(&test, "a", "park@example.com", now()).await;
    let mailer = MemoryMailer::default();
    let short = Pace { lease: Duration::from_secs(1), ..pace() };
    let running = start(worker(test.db.clone(), Arc::new(mailer.clone()), short));
    let long_over =
        "SELECT CAST(lease_until + 2500 < extract(epoch FROM clock_timestamp()) * 1000 AS TEXT) FROM outbox";
    until(&test, long_over, &["true"]).await;
    test.execute("DROP TRIGGER full_disk ON outbox_attempt").await;
    until(&test, "SELECT state FROM outbox", &["sent"]).await;
    running.end().await;
    assert_eq!(mailer.sent().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ring_is_answered_long_before_the_next_look() {
    let test = sqlite().await;
    let mailer = MemoryMailer::default();
    let rarely = Pace { poll: Duration::from_secs(3_600), ..pace() };
    let running = start(worker(test.db.clone(), Arc::new(mailer.clone()), rarely));
    for number in 0..20 {
        queue(&test, &format!("m{number}"), "park@example.com", now()).await;
        running.wake.notify_waiters();
        let sent = format!("SELECT state FROM outbox WHERE id = 'm{number}'");
        until(&test, &sent, &["sent"]).await;
    }
    running.end().await;
    assert_eq!(mailer.sent().len(), 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repetition_comes_at_its_time_however_rarely_the_outbox_is_looked_at() {
    let test = sqlite().await;
    let mailer = MemoryMailer::default();
    for _ in 0..5 {
        mailer.plan(SendOutcome::Transient { phase: Phase::Rcpt, code: Some(451), text: "later".into() });
    }
    queue(&test, "a", "park@example.com", now()).await;
    let rarely = Pace { poll: Duration::from_secs(3_600), ..pace() };
    let running = start(worker(test.db.clone(), Arc::new(mailer), rarely));
    until(&test, "SELECT state, CAST(attempts AS TEXT) FROM outbox", &["sent|6"]).await;
    running.end().await;
}

/// A relay that answers a whole mail only after `wait`, and rings when it has it. A lease alone does not show that an
/// attempt has begun: a stop between the two gives the mail back.
async fn late_to_accept(wait: Does) -> (Relay, Arc<Notify>) {
    let handed_over = Arc::new(Notify::new());
    let bell = Arc::clone(&handed_over);
    let script = move |at: At, _: &Situation| {
        (at == At::Dot).then(|| {
            bell.notify_one();
            wait.clone()
        })
    };
    (Relay::scripted(Offers::default(), script).await.expect("a relay"), handed_over)
}

async fn in_time(event: impl Future<Output = ()>) {
    tokio::time::timeout(PATIENCE, event).await.expect("happens");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_waits_for_the_answer_that_is_due() {
    let test = sqlite().await;
    let (relay, handed_over) = late_to_accept(Does::Delays(Duration::from_millis(500))).await;
    queue(&test, "a", "park@example.com", now()).await;
    let running = start(worker(test.db.clone(), smtp(&relay, Duration::from_secs(5)), pace()));
    in_time(handed_over.notified()).await;
    running.end().await;
    assert_eq!(test.rows("SELECT state FROM outbox").await, ["sent"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conversation_longer_than_its_lease_keeps_the_mail_and_sends_it_once() {
    for test in each().await {
        let (relay, handed_over) = late_to_accept(Does::Delays(Duration::from_secs(5))).await;
        queue(&test, "a", "park@example.com", now()).await;
        let short = Pace { lease: Duration::from_secs(2), ..pace() };
        let one = start(worker(test.db.clone(), smtp(&relay, Duration::from_secs(20)), short.clone()));
        in_time(handed_over.notified()).await;
        // Another process, which would take the mail once its lease ends.
        let other = start(worker(test.another().await, smtp(&relay, Duration::from_secs(20)), short));
        until(&test, "SELECT state FROM outbox", &["sent"]).await;
        one.end().await;
        other.end().await;
        assert_eq!(test.rows("SELECT outcome FROM outbox_attempt").await, ["sent"], "{}", test.name);
        assert_eq!(relay.taken().len(), 1, "{}", test.name);
    }
}

/// The system's clock and a shift, which jumps.
#[derive(Default)]
struct JumpingClock(AtomicI64);

impl Clock for JumpingClock {
    fn now(&self) -> Moment {
        SystemClock.now().plus_seconds(self.0.load(Ordering::SeqCst))
    }
}

/// T13. The lease is over by the clock, its holder is alive.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_jumps_over_a_lease_sends_no_mail_twice() {
    for test in each().await {
        let (relay, handed_over) = late_to_accept(Does::Delays(Duration::from_secs(3))).await;
        let clock = Arc::new(JumpingClock::default());
        let long = Pace { lease: Duration::from_secs(30), ..pace() };
        let jumping = |db: Db| Worker {
            clock: Arc::<JumpingClock>::clone(&clock),
            ..worker(db, smtp(&relay, Duration::from_secs(20)), long.clone())
        };
        let processes = [start(jumping(test.db.clone())), start(jumping(test.another().await))];
        queue(&test, "a", "park@example.com", now()).await;
        in_time(handed_over.notified()).await;
        clock.0.store(86_400, Ordering::SeqCst);
        until(&test, "SELECT state FROM outbox", &["sent"]).await;
        for process in processes {
            process.end().await;
        }
        assert_eq!(test.rows("SELECT outcome FROM outbox_attempt").await, ["sent"], "{}", test.name);
        assert_eq!(relay.taken().len(), 1, "{}", test.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_that_cannot_wait_leaves_the_mail_queued_as_of_unknown_fate() {
    let test = sqlite().await;
    let limit = Duration::from_secs(60);
    let (relay, handed_over) = late_to_accept(late(limit)).await;
    queue(&test, "a", "park@example.com", now()).await;
    let hasty = Pace { drain: Duration::from_millis(100), lease: Duration::from_secs(600), ..pace() };
    let running = start(worker(test.db.clone(), smtp(&relay, limit), hasty));
    in_time(handed_over.notified()).await;
    running.end().await;
    assert_eq!(test.rows("SELECT state, lease_token FROM outbox").await, ["queued|"]);
    assert_eq!(test.rows("SELECT outcome, detail FROM outbox_attempt").await, ["ambiguous|dot: the process stopped"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_without_bytes_fails_visibly_and_holds_up_nobody() {
    let test = sqlite().await;
    queue(&test, "a", "park@example.com", now()).await;
    queue(&test, "b", "park@example.com", now()).await;
    test.execute("UPDATE outbox SET payload = NULL WHERE id = 'a'").await;
    let running = start(worker(test.db.clone(), Arc::new(MemoryMailer::default()), pace()));
    until(&test, "SELECT id, state FROM outbox ORDER BY id", &["a|failed", "b|sent"]).await;
    running.end().await;
    assert_eq!(test.rows("SELECT outbox_id, detail FROM staff_task").await, ["a|cannot_build: the row has no bytes"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_five_days_a_mail_ends_as_failed() {
    let test = sqlite().await;
    let mailer = MemoryMailer::default();
    mailer.plan(SendOutcome::Transient { phase: Phase::Connect, code: None, text: "refused".into() });
    queue(&test, "a", "park@example.com", now().plus_seconds(-5 * 86_400)).await;
    let running = start(worker(test.db.clone(), Arc::new(mailer), pace()));
    until(&test, "SELECT state FROM outbox", &["failed"]).await;
    running.end().await;
    assert_eq!(test.rows("SELECT detail FROM staff_task").await, ["transient: connect: refused"]);
}

/// Panics at every mail to this address, and sends the others.
struct Stumbling(&'static str, MemoryMailer);

#[async_trait::async_trait]
impl luodi::mail::Mailer for Stumbling {
    async fn send(&self, mail: &luodi::mail::Built) -> SendOutcome {
        assert_ne!(mail.recipient, self.0, "poison");
        self.1.send(mail).await
    }

    async fn check(&self) -> Result<String, SendOutcome> {
        self.1.check().await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_that_makes_the_mailer_panic_three_times_is_given_to_a_person_and_holds_up_nobody() {
    for test in each().await {
        let mailer = MemoryMailer::default();
        for number in 0..5 {
            queue(&test, &format!("m{number}"), &format!("park{number}@example.com"), now()).await;
        }
        let stumbling = Arc::new(Stumbling("park2@example.com", mailer.clone()));
        let running = start(worker(test.db.clone(), stumbling, pace()));
        until(&test, "SELECT id FROM outbox WHERE state = 'failed'", &["m2"]).await;
        until(&test, "SELECT CAST(COUNT(*) AS TEXT) FROM outbox WHERE state = 'sent'", &["4"]).await;
        running.end().await;
        let outcomes = "SELECT outcome FROM outbox_attempt WHERE outbox_id = 'm2' ORDER BY at, id";
        assert_eq!(test.rows(outcomes).await, ["ambiguous", "ambiguous", "cannot_build"], "{}", test.name);
        let tasks = test.rows("SELECT outbox_id, kind, detail FROM staff_task").await;
        assert!(tasks.len() == 1 && tasks[0].starts_with("m2|mail_failed|cannot_build: "), "{tasks:?}");
        assert_eq!(mailer.sent().len(), 4);
    }
}
