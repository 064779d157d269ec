//! One's own account: password, sessions, second factor; and that a post comes from a page of this site.

use axum::http::StatusCode;
use domain::account::Role;
use domain::time::Moment;
use luodi::clock::Clock as _;
use luodi::service::{accounts, totp};

use super::{Client, PASSWORD, each, id_of, over};
use crate::database;
use crate::templates::{Seen, check, select};

/// RFC 6238 appendix B, SHA-1, the last six of eight digits.
#[test]
fn codes_are_those_of_the_standard() {
    let secret = totp::base32(b"12345678901234567890");
    assert_eq!(secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    for (second, code) in [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ] {
        assert_eq!(totp::code_at(&secret, Moment(second * 1_000)), code);
        let step = totp::step_of(&secret, code, Moment((second + 30) * 1_000));
        assert_eq!(step, Some(second / 30), "a step late");
        assert_eq!(totp::step_of(&secret, code, Moment((second + 90) * 1_000)), None, "three steps late");
    }
}

fn shown_secret(page: &str) -> String {
    let html = scraper::Html::parse_document(page);
    let text: String = select(&html, "code.reference")[0].text().collect();
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_is_asked_for_once_set_up_and_a_code_counts_once() {
    for (test, clock) in each(&[]).await {
        let mut me = Client::joined(&test, "officer@example.com", Role::Officer, Some("T1")).await;
        for wrong in ["", "not the right one"] {
            let refused = me.post("/staff/me/factor", &[("current", wrong)]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "a session alone sets no factor up");
        }
        assert_eq!(me.post("/staff/me/factor", &[("current", PASSWORD)]).await.location, "/staff/me/factor");
        let secret = shown_secret(&me.get("/staff/me/factor").await.text);
        assert_eq!(
            me.post("/staff/me/factor/confirm", &[("code", "000000")]).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        let mut other = Client::new(&test, "192.0.2.1");
        assert_eq!(other.sign_in("officer@example.com", PASSWORD).await.location, "/staff", "nothing is proved so far");
        let code = totp::code_at(&secret, clock.now());
        let shown = me.post("/staff/me/factor/confirm", &[("code", &code)]).await;
        let html = scraper::Html::parse_document(&shown.text);
        let codes: Vec<String> = select(&html, "code.reference").iter().map(|it| it.text().collect()).collect();
        assert_eq!(codes.len(), 10);
        assert!(codes.iter().all(|code| code.chars().filter(|c| *c != '-').count() == 24), "120 bits: {codes:?}");
        assert!(!me.get("/staff/me/factor").await.text.contains(&codes[0]), "shown once");
        assert!(!test.db.rows("SELECT hash FROM recovery_code").await.contains(&codes[0]), "hashed");

        let step = other.sign_in("officer@example.com", PASSWORD).await;
        assert_eq!((step.status, step.set_cookies.len()), (StatusCode::OK, 0), "a password alone opens nothing");
        let seen = Seen { status: step.status, text: step.text.clone(), location: String::new(), cache: String::new() };
        check("staff/code.html", "", &seen);
        let html = scraper::Html::parse_document(&step.text);
        let ticket = select(&html, "input[name=ticket]")[0].attr("value").expect("a ticket").to_owned();
        let used = other.post("/staff/sign-in/code", &[("ticket", &ticket), ("code", &code)]).await;
        assert_eq!(used.status, StatusCode::UNPROCESSABLE_ENTITY, "the code that proved it is used");
        clock.pass(60);
        let code = totp::code_at(&secret, clock.now());
        let fields = [("ticket", ticket.as_str()), ("code", code.as_str()), ("next", "/staff/tasks")];
        assert_eq!(other.post("/staff/sign-in/code", &fields).await.location, "/staff/tasks", "{}", test.db.name);
        let again = Client::new(&test, "192.0.2.1").post("/staff/sign-in/code", &fields).await;
        assert!(again.set_cookies.is_empty(), "neither ticket nor code works twice");

        for (at, expected) in [(0, StatusCode::SEE_OTHER), (0, StatusCode::UNPROCESSABLE_ENTITY)] {
            let mut lost = Client::new(&test, "192.0.2.3");
            let page = lost.sign_in("officer@example.com", PASSWORD).await.text;
            let html = scraper::Html::parse_document(&page);
            let ticket = select(&html, "input[name=ticket]")[0].attr("value").expect("a ticket").to_owned();
            let code = codes[at].to_lowercase();
            let answer = lost.post("/staff/sign-in/code", &[("ticket", &ticket), ("code", &code)]).await;
            assert_eq!(answer.status, expected, "a recovery code works once");
        }
        let off = me.post("/staff/me/factor/remove", &[("current", PASSWORD)]).await;
        assert_eq!(off.location, "/staff/me?done=factor_off");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_in_production_sets_a_second_factor_up_before_anything_else() {
    let strong = [
        ("LUODI_PROFILE", "production"),
        ("LUODI__SERVER__BASE_URL", "https://luodi.example.org"),
        ("LUODI__SERVER__TRUSTED_HOPS", "1"),
        ("SMTP_URL", "smtps://user:word@relay.example.org"),
        ("LUODI__MAIL__FROM", "luodi <post@luodi.example.org>"),
        ("LUODI__SITE__OPERATOR", "运营方"),
        ("LUODI__SITE__CONTACT", "privacy@luodi.example.org"),
    ];
    let (test, clock) = over(database::sqlite().await, &strong).await;
    let mut admin = Client::joined(&test, "admin@example.org", Role::Admin, None).await;
    for path in ["/staff", "/staff/people", "/staff/tasks"] {
        assert_eq!(admin.get(path).await.location, "/staff/me/factor", "{path}");
    }
    assert_eq!(admin.get("/staff/me").await.status, StatusCode::OK);
    admin.post("/staff/me/factor", &[("current", PASSWORD)]).await;
    let secret = shown_secret(&admin.get("/staff/me/factor").await.text);
    admin.post("/staff/me/factor/confirm", &[("code", &totp::code_at(&secret, clock.now()))]).await;
    assert_eq!(admin.get("/staff/people").await.status, StatusCode::OK);
    assert_eq!(admin.post("/staff/me/factor/remove", &[("current", PASSWORD)]).await.status, StatusCode::FORBIDDEN);
    let mut officer = Client::joined(&test, "officer@example.org", Role::Officer, Some("T1")).await;
    assert_eq!(officer.get("/staff").await.status, StatusCode::OK, "others may");
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_listed_and_end_one_by_one_or_all_at_once() {
    for (test, _) in each(&[("LUODI__SERVER__TRUSTED_HOPS", "1")]).await {
        let mut here = Client::joined(&test, "officer@example.com", Role::Officer, Some("T1")).await;
        let mut clients: Vec<Client<'_>> =
            ["192.0.2.1", "192.0.2.2", "198.51.100.3"].map(|at| Client::new(&test, at)).into();
        for client in &mut clients {
            client.sign_in("officer@example.com", PASSWORD).await;
        }
        let page = here.get("/staff/me").await.text;
        assert!(page.contains("Firefox · Windows · 192.0.2.0&#x2f;24") && page.contains("通过一次性链接登录"));
        let html = scraper::Html::parse_document(&page);
        let other = select(&html, "button[name=session]");
        assert_eq!(other.len(), 3, "all but the present one can be ended");
        let one = other[0].attr("value").expect("a session").to_owned();
        let bare = here.post("/staff/me/sessions", &[("session", &one)]).await;
        assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY, "a session alone ends no other");
        here.post("/staff/me/sessions", &[("session", &one), ("current", PASSWORD)]).await;
        let mut alive = 0;
        for client in &mut clients {
            alive += usize::from(client.get("/staff").await.status == StatusCode::OK);
        }
        assert_eq!(alive, 2, "{}", test.db.name);
        here.post("/staff/me/sessions", &[("current", PASSWORD)]).await;
        for client in &mut clients {
            assert_eq!(client.get("/staff").await.status, StatusCode::SEE_OTHER);
        }
        assert_eq!(here.get("/staff").await.status, StatusCode::OK);
        let mut foreign = Client::joined(&test, "two@example.com", Role::Officer, Some("T2")).await;
        let own = luodi::ids::token_hash(&here.cookies["luodi"]);
        foreign.post("/staff/me/sessions", &[("session", &own), ("current", PASSWORD)]).await;
        assert_eq!(here.get("/staff").await.status, StatusCode::OK, "another's session is not there");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_changed_by_who_knows_the_old_one_and_other_sessions_end() {
    for (test, _) in each(&[]).await {
        let mut here = Client::joined(&test, "officer@example.com", Role::Officer, Some("T1")).await;
        let mut there = Client::new(&test, "192.0.2.1");
        there.sign_in("officer@example.com", PASSWORD).await;
        let change = |current, password| [("current", current), ("password", password)];
        for (current, password) in [
            ("not the right one", "another long sentence"),
            (PASSWORD, "short"),
            (PASSWORD, "Password2026!"),
            (PASSWORD, "示例一号园区1234567"),
            (PASSWORD, "officer.example.com"),
        ] {
            let refused = here.post("/staff/me/password", &change(current, password)).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{password}");
        }
        let done = here.post("/staff/me/password", &change(PASSWORD, "another long sentence")).await;
        assert_eq!(done.location, "/staff/me?done=password", "{}", done.text);
        assert_eq!(here.get("/staff").await.status, StatusCode::OK);
        assert_eq!(there.get("/staff").await.status, StatusCode::SEE_OTHER, "{}", test.db.name);
        assert_eq!(there.sign_in("officer@example.com", "another long sentence").await.location, "/staff");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_needs_the_forms_token_or_a_browser_that_vouches_for_its_page() {
    let (test, _) = over(database::sqlite().await, &[]).await;
    let mut me = Client::joined(&test, "officer@example.com", Role::Officer, Some("T1")).await;
    let session = me.cookies["luodi"].clone();
    let token = accounts::form_token(&session);
    let page = me.get("/staff/me").await.text;
    let (forms, tokens) =
        (page.matches("method=\"post\"").count(), page.matches(&format!("value=\"{token}\"")).count());
    assert!(forms > 1 && forms == tokens, "{forms} forms, {tokens} tokens");
    let wrong = me.post("/staff/me/sessions", &[("csrf", "another")]).await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN, "a wrong token is refused whatever the browser tells");
    me.vouches = false;
    let fields = [("current", PASSWORD), ("csrf", token.as_str())];
    assert_eq!(me.post("/staff/me/sessions", &fields[..1]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(me.post("/staff/me/sessions", &fields).await.status, StatusCode::SEE_OTHER);
    let signed_in = Client::new(&test, "192.0.2.1").sign_in("officer@example.com", PASSWORD).await;
    for cookie in &signed_in.set_cookies {
        assert!(cookie.contains("SameSite=Lax") && cookie.contains("HttpOnly"), "{cookie}");
    }
    assert_eq!(signed_in.set_cookies.len(), 2, "the session, and the known browser");
    assert!(!id_of(&test, "officer@example.com").await.is_empty());
}
