//! The audit's chain: what is sealed cannot be altered unseen, and an erasure leaves it whole.

use domain::account::Role;
use luodi::clock::Clock as _;
use luodi::service::accounts;
use luodi::service::audit::{ChainFault, drop_before, seal, verify};

use super::{Client, SetClock, each, leads};
use crate::app::TestApp;

/// Three batches of lines, some of them about an enterprise.
async fn three_batches(test: &TestApp, clock: &SetClock) {
    leads(test, "audit", &["P1"], &["T2"]).await;
    assert!(seal(&test.app).await.expect("sealed") > 1);
    for email in ["a@example.com", "b@example.com"] {
        clock.pass(60);
        accounts::invite(&test.app, email, Role::Officer, Some("T1")).await.expect("a link");
        assert_eq!(seal(&test.app).await.expect("sealed"), 1);
    }
    assert_eq!(seal(&test.app).await.expect("nothing left"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_bad_batch_is_named() {
    for at in 0..5 {
        for (test, clock) in each(&[]).await {
            three_batches(&test, &clock).await;
            let sound = verify(&test.app, None).await.expect("a report");
            assert_eq!((sound.batches, sound.unsealed, sound.fault), (3, 0, None), "{}", test.db.name);
            let (sql, expected) = [
                ("UPDATE audit SET actor = 'somebody' WHERE batch = 2", (2, ChainFault::Content)),
                ("DELETE FROM audit WHERE batch = 2", (2, ChainFault::Lines)),
                ("UPDATE audit_seal SET digest = chain WHERE number = 1", (1, ChainFault::Chain)),
                ("DELETE FROM audit_seal WHERE number = 2", (3, ChainFault::Gap)),
                ("DELETE FROM audit_seal WHERE number = 3", (3, ChainFault::Unknown)),
            ][at];
            test.db.execute(sql).await;
            let report = verify(&test.app, None).await.expect("a report");
            assert_eq!(report.fault, Some(expected), "{}: {sql}", test.db.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn erasure_and_retention_leave_the_chain_whole() {
    for (test, clock) in each(&[]).await {
        three_batches(&test, &clock).await;
        let head = verify(&test.app, None).await.expect("a report").head;
        let reference = test.db.rows("SELECT reference FROM requirement").await.remove(0);
        let erased = test.delete_with(&format!("/api/v1/requirements/{reference}"), "erase").await;
        assert_eq!(erased.status.as_u16(), 204);
        seal(&test.app).await.expect("sealed");
        let report = verify(&test.app, Some(&head)).await.expect("a report");
        assert_eq!((report.fault, report.holds_head), (None, Some(true)), "{}", test.db.name);
        clock.pass(3_600);
        assert_eq!(drop_before(&test.app, clock.now().plus_seconds(-3_600)).await.expect("dropped"), Some(2));
        seal(&test.app).await.expect("sealed");
        assert_eq!(test.db.rows("SELECT id FROM audit WHERE batch < 3").await.len(), 0);
        let report = verify(&test.app, Some(&head)).await.expect("a report");
        assert_eq!((report.fault, report.holds_head), (None, Some(true)), "{}", test.db.name);
        let foreign = verify(&test.app, Some("another")).await.expect("a report");
        assert_eq!(foreign.holds_head, Some(false));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_line_holds_anything_of_a_person() {
    for (test, _) in each(&[]).await {
        let ids = leads(&test, "lines", &["P1"], &["T2"]).await;
        let mut officer = Client::joined(&test, "two@example.com", Role::Officer, Some("T2")).await;
        officer.post(&format!("/staff/leads/{}/reveal", ids[0]), &[]).await;
        officer.sign_in("two@example.com", "wrong").await;
        officer.sign_in("somebody@example.com", "wrong").await;
        for line in test.db.rows("SELECT actor, action, subject, detail FROM audit").await {
            for personal in ["@", "13800138000", "水泵", "王工", "203.0.113.7"] {
                assert!(!line.contains(personal), "{}: {line}", test.db.name);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_and_two_sealers_at_once_leave_one_chain() {
    for (test, _) in each(&[]).await {
        let app = &test.app;
        let invite = async |range: std::ops::Range<usize>| {
            for at in range {
                accounts::invite(app, &format!("w{at}@example.com"), Role::Officer, Some("T1")).await.expect("a link");
            }
        };
        let sealer = async || {
            for _ in 0..20 {
                // The database takes one of two seals of the same number.
                drop(seal(app).await);
            }
        };
        tokio::join!(invite(0..20), invite(20..40), sealer(), sealer());
        seal(app).await.expect("sealed");
        let report = verify(app, None).await.expect("a report");
        let lines = test.db.rows("SELECT CAST(COUNT(*) AS TEXT) FROM audit").await;
        assert_eq!(
            (report.fault, report.unsealed, report.lines.to_string()),
            (None, 0, lines[0].clone()),
            "{}",
            test.db.name
        );
    }
}
