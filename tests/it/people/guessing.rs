//! Guessing is slow, and neither keeps an owner out nor an office behind one address.

use axum::http::StatusCode;
use domain::account::Role;
use luodi::service::sign_in::{delay_ms, near_network};

use super::{Client, LIMITED, PASSWORD, each, mailed_path, mails};

const WRONG: &str = "not the right sentence";

#[test]
fn the_delay_grows_with_failures_up_to_its_bound() {
    let delays: Vec<u64> = [0, 5, 6, 7, 8, 9, 40].map(|failures| delay_ms(failures, 2_000)).to_vec();
    assert_eq!(delays, [0, 0, 250, 500, 1_000, 2_000, 2_000]);
    assert_eq!(near_network("203.0.113.77"), "203.0.113.0/24");
    assert_eq!(near_network("2001:db8:1:2::3"), "2001:db8:1::/48");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_cannot_lock_an_owner_out() {
    for (test, clock) in each(LIMITED).await {
        Client::joined(&test, "officer@example.com", Role::Officer, Some("T1")).await;
        let mut known = Client::new(&test, "203.0.113.7");
        assert_eq!(known.sign_in("officer@example.com", PASSWORD).await.location, "/staff");
        let mut stranger = Client::new(&test, "198.51.100.9");
        for _ in 0..30 {
            let wrong = stranger.sign_in("officer@example.com", WRONG).await;
            assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", test.db.name);
        }
        let mut elsewhere = Client::new(&test, "192.0.2.1");
        assert_eq!(elsewhere.sign_in("officer@example.com", PASSWORD).await.location, "/staff", "slow, and let in");
        let mut last = StatusCode::OK;
        for _ in 0..25 {
            last = stranger.sign_in("officer@example.com", WRONG).await.status;
        }
        assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
        let right = stranger.sign_in("officer@example.com", PASSWORD).await;
        assert_eq!(right.status, StatusCode::TOO_MANY_REQUESTS, "past the limit nothing tells right from wrong");
        assert_eq!(known.sign_in("officer@example.com", PASSWORD).await.location, "/staff", "a known browser");

        let mut phone = Client::new(&test, "192.0.2.2");
        assert_eq!(phone.sign_in("officer@example.com", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(mails(&test, "officer@example.com").await.len(), 1, "one link, however often they try");
        let path = mailed_path(&test, "officer@example.com", "unlock").await;
        for _ in 0..3 {
            let page = Client::new(&test, "192.0.2.99").get(&path).await;
            assert_eq!(page.status, StatusCode::OK, "a scanner's look does nothing");
            assert!(page.set_cookies.is_empty() && page.text.contains("officer@example.com"));
        }
        assert_eq!(phone.post(&path, &[]).await.location, "/staff/sign-in?done=known");
        assert_eq!(phone.sign_in("officer@example.com", PASSWORD).await.location, "/staff");
        assert_eq!(stranger.post(&path, &[]).await.status, StatusCode::NOT_FOUND, "the link works once");
        clock.pass(3_600);
        assert_eq!(stranger.sign_in("officer@example.com", WRONG).await.status, StatusCode::UNPROCESSABLE_ENTITY);

        let failures = "SELECT CAST(COUNT(*) AS TEXT) FROM audit WHERE action = 'account.sign_in_failed'";
        assert_eq!(test.db.rows(failures).await, ["51"], "fifty in the hour, one in the next");
        let lines = test.db.rows("SELECT detail FROM audit WHERE action = 'account.sign_in_failed'").await;
        assert!(lines.iter().all(|line| line == "password 198.51.100.0/24"), "{:?}", lines.last());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_behind_one_address_signs_in_and_its_slips_count_little() {
    for (test, _) in each(LIMITED).await {
        for at in 0..12 {
            let email = format!("p{at}@example.com");
            Client::joined(&test, &email, Role::Officer, Some("T1")).await;
            let mut desk = Client::new(&test, "203.0.113.200");
            assert_eq!(desk.sign_in(&email, WRONG).await.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(desk.sign_in(&email, PASSWORD).await.location, "/staff", "{} {at}", test.db.name);
            assert_eq!(desk.sign_in(&email, PASSWORD).await.location, "/staff", "right ones are not counted");
        }
        let used = "SELECT CAST(MAX(used) AS TEXT) FROM quota WHERE name LIKE 'sign_in_net:%'";
        assert_eq!(test.db.rows(used).await, ["12"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_browser_counts_for_itself_and_loses_its_credit_after_ten_failures() {
    for (test, _) in each(LIMITED).await {
        Client::joined(&test, "officer@example.com", Role::Officer, Some("T1")).await;
        let mut known = Client::new(&test, "203.0.113.7");
        known.sign_in("officer@example.com", PASSWORD).await;
        for _ in 0..80 {
            known.sign_in("officer@example.com", WRONG).await;
        }
        let last = known.sign_in("officer@example.com", PASSWORD).await;
        assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS, "{}", test.db.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tries_at_once_are_all_counted() {
    for (test, _) in each(LIMITED).await {
        Client::joined(&test, "officer@example.com", Role::Officer, Some("T1")).await;
        let tries = (0..70)
            .map(|_| async { Client::new(&test, "198.51.100.9").sign_in("officer@example.com", WRONG).await.status });
        let mut judged = 0;
        let mut waiting: Vec<_> = tries.map(Box::pin).collect();
        // All begin before any ends.
        std::future::poll_fn(|context| {
            waiting.retain_mut(|one| match one.as_mut().poll(context) {
                std::task::Poll::Ready(status) => {
                    judged += usize::from(status == StatusCode::UNPROCESSABLE_ENTITY);
                    false
                }
                std::task::Poll::Pending => true,
            });
            if waiting.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
        })
        .await;
        assert_eq!(judged, 50, "{}", test.db.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_replaced_by_a_post_within_twenty_minutes() {
    for (test, clock) in each(&[]).await {
        let mut signed_in = Client::joined(&test, "officer@example.com", Role::Officer, Some("T1")).await;
        let mut visitor = Client::new(&test, "192.0.2.1");
        for email in ["officer@example.com", "nobody@example.com", "not an address"] {
            let asked = visitor.post("/staff/forgot", &[("email", email)]).await;
            assert_eq!(asked.location, "/staff/sign-in?done=asked", "the answer tells nothing");
        }
        assert!(mails(&test, "nobody@example.com").await.is_empty());
        let old = mailed_path(&test, "officer@example.com", "reset").await;
        clock.pass(20 * 60 + 1);
        assert_eq!(visitor.post(&old, &[("password", "another long sentence")]).await.status, StatusCode::NOT_FOUND);
        visitor.post("/staff/forgot", &[("email", "officer@example.com")]).await;
        let path = mailed_path(&test, "officer@example.com", "reset").await;
        for prefix in ["", "/en"] {
            let mut scanner = Client::new(&test, "192.0.2.50");
            assert_eq!(scanner.get(&format!("{prefix}{path}")).await.status, StatusCode::OK);
        }
        for bad in ["short", "Password2026!", "luodi-officer-2026"] {
            let refused = visitor.post(&path, &[("password", bad)]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
        }
        assert_eq!(signed_in.get("/staff").await.status, StatusCode::OK, "nothing has changed so far");
        let done = visitor.post(&path, &[("password", "another long sentence")]).await;
        assert_eq!(done.location, "/staff/sign-in?done=reset");
        assert_eq!(signed_in.get("/staff").await.status, StatusCode::SEE_OTHER, "every session has ended");
        assert_eq!(visitor.sign_in("officer@example.com", PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(visitor.sign_in("officer@example.com", "another long sentence").await.location, "/staff");
        assert_eq!(visitor.post(&path, &[("password", PASSWORD)]).await.status, StatusCode::NOT_FOUND, "once");
    }
}
