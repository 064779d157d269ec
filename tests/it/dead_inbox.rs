//! An inbox that does not take mail: told to its park, to the operator and to the enterprise, and left alone until a person
//! has looked.

use axum::http::StatusCode;
use domain::account::Role;
use luodi::clock::SystemClock;
use luodi::service::accounts;
use luodi::worker::bounces::take_in;
use mail_parser::MessageParser;

use crate::app::TestApp;
use crate::portal::confirmation;
use crate::templates::Browser;

const PARK: &str = "two@example.com";

async fn asked(test: &TestApp, key: &str) -> String {
    let reference = test.submitted(key).await;
    let path = format!("/api/v1/requirements/{reference}/inquiries");
    let sent = test.post_with(&path, &format!("{key}-i"), &TestApp::inquiry(&["P1"], &["T2"])).await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text);
    reference
}

/// Message-IDs of the inquiries that left for the park, in order.
fn sent_to_park(test: &TestApp) -> Vec<String> {
    let letters = test.letters();
    let parsed = letters.iter().filter_map(|bytes| MessageParser::default().parse(bytes));
    let to_park = parsed.filter(|mail| mail.to().and_then(|to| to.first()?.address()) == Some(PARK));
    to_park.filter_map(|mail| mail.message_id().map(str::to_owned)).collect()
}

async fn bounce(test: &TestApp, id: &str) {
    let report = format!(
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.com\nSubject: Undelivered\nMIME-Version: 1.0\nContent-Type: \
         multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; {PARK}\nAction: failed\nStatus: 5.1.1\n\n--b\nContent-Type: \
         text/rfc822-headers\n\nMessage-ID: <{id}>\n\n--b--\n"
    );
    let (tally, _) = take_in(&test.db.another().await, &SystemClock, &[report.as_bytes()]).await.expect("taken in");
    assert_eq!(tally.bounced, 1, "{tally:?}");
}

/// An app whose park's inbox has refused twice; the references of both requirements.
async fn refused_twice(test: &TestApp) -> [String; 2] {
    let references = [asked(test, "a").await, asked(test, "b").await];
    test.deliver().await;
    for id in sent_to_park(test) {
        bounce(test, &id).await;
    }
    references
}

async fn officer<'t>(test: &'t TestApp, email: &str, park: &str) -> Browser<'t> {
    let link = accounts::invite(&test.app, email, Role::Officer, Some(park)).await.expect("a link");
    let mut browser = Browser { test, cookie: String::new() };
    browser.post(&link[link.find("/staff").expect("a path")..], &[("password", "a sentence of twelve")]).await;
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_bounce_of_an_inbox_pauses_nothing_and_the_second_pauses_it() {
    for test in TestApp::each().await {
        asked(&test, "a").await;
        test.deliver().await;
        bounce(&test, &sent_to_park(&test)[0]).await;
        assert!(test.app.db.paused_inboxes().await.expect("reads").is_empty(), "{}", test.db.name);
        asked(&test, "b").await;
        test.deliver().await;
        let ids = sent_to_park(&test);
        assert_eq!(ids.len(), 2, "one bounce stops nothing");
        bounce(&test, &ids[1]).await;
        let paused = test.app.db.paused_inboxes().await.expect("reads");
        assert_eq!(paused.iter().map(|it| it.address.as_str()).collect::<Vec<_>>(), [PARK]);
        let third = asked(&test, "c").await;
        test.deliver().await;
        assert_eq!(sent_to_park(&test).len(), 2, "nothing more is sent there");
        let kinds = test.db.rows("SELECT kind FROM staff_task ORDER BY kind").await;
        assert_eq!(kinds, ["inbox_paused", "mail_bounced", "mail_bounced"], "{}", test.db.name);
        let status = test.get(&format!("/api/v1/requirements/{third}")).await.json();
        assert_eq!(status["inquiries"][0]["note"], "inbox_refuses", "{status}");
        let page = test.get(&format!("/requirements/{third}")).await.text;
        assert!(page.contains("对方邮箱退信或拒收，我们正在电话联系园区") && page.contains("另选载体"), "{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrected_inbox_gets_everything_in_one_go_and_the_pause_ends() {
    for test in TestApp::each().await {
        refused_twice(&test).await;
        asked(&test, "c").await;
        let mut staff = officer(&test, "officer@example.com", "T2").await;
        let desk = staff.get("/staff").await.text;
        assert!(desk.contains("「示例二号园区」的收件箱 two@example.com 不收邮件"), "{desk}");
        let page = staff.get("/staff/parks/T2").await.text;
        assert!(page.contains("收件箱不收邮件：two@example.com 一再退信"), "{page}");
        let mut other = officer(&test, "other@example.com", "T1").await;
        assert!(!other.get("/staff").await.text.contains(PARK), "another park is told nothing");
        staff.post("/staff/parks/T2/inbox", &[("inbox_email", "new@example.com")]).await;
        let link = confirmation(&test).await;
        assert!(Browser { test: &test, cookie: String::new() }.post(&link, &[]).await.text.contains("已确认"));
        let page = staff.get("/staff/parks/T2").await.text;
        assert!(page.contains("3 封邮件没有送达") && !page.contains("不收邮件"), "{}: {page}", test.db.name);
        assert!(staff.post("/staff/parks/T2/resend", &[]).await.location.contains("done=resent"));
        test.deliver().await;
        let again = "SELECT state FROM outbox WHERE recipient = 'new@example.com' AND purpose = 'inquiry'";
        assert_eq!(test.db.rows(again).await, ["sent", "sent", "sent"]);
        assert!(test.db.rows("SELECT id FROM staff_task WHERE done_at IS NULL").await.is_empty(), "{}", test.db.name);
        assert!(!staff.get("/staff").await.text.contains("不收邮件"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_is_done_lets_the_waiting_mail_go() {
    for test in TestApp::each().await {
        refused_twice(&test).await;
        asked(&test, "c").await;
        test.deliver().await;
        assert_eq!(sent_to_park(&test).len(), 2);
        let key = test.key("k", Role::Officer, &["T2"]).await;
        let tasks = test.staff(&key, "GET", "/api/v1/tasks", None).await.json();
        let items = tasks["items"].as_array().expect("tasks").clone();
        let paused = items.iter().find(|task| task["kind"] == "inbox_paused").expect("a task");
        assert!(paused["todo"].as_str().is_some_and(|todo| todo.contains("打电话")), "{paused}");
        let path = format!("/api/v1/tasks/{}/done", paused["id"].as_str().expect("an id"));
        assert_eq!(test.staff(&key, "POST", &path, None).await.status, StatusCode::OK);
        test.deliver().await;
        assert_eq!(sent_to_park(&test).len(), 3, "{}", test.db.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_says_where_no_receipt_was_sent() {
    let limits = [("LUODI__LIMITS__ENABLED", "true"), ("LUODI__LIMITS__RECEIPTS_PER_ADDRESS_DAY", "1")];
    let test = TestApp::over(crate::database::sqlite().await, &limits).await;
    let reference = asked(&test, "a").await;
    let page = test.get(&format!("/requirements/{reference}")).await.text;
    assert!(page.contains("本次没有再发"), "the inquiry came after the day's only receipt: {page}");
    let rested = TestApp::sqlite().await;
    let reference = asked(&rested, "a").await;
    let page = rested.get(&format!("/requirements/{reference}")).await.text;
    assert!(!page.contains("本次没有再发"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bounce_of_the_enterprises_mailbox_pauses_nothing_and_gives_no_address_away() {
    let test = TestApp::sqlite().await;
    asked(&test, "a").await;
    test.deliver().await;
    let receipts = "SELECT message_id FROM outbox WHERE purpose = 'receipt'";
    for id in test.db.rows(receipts).await {
        bounce(&test, &id).await;
    }
    // As a reply to the enterprise would be: about an inquiry of the park.
    test.db.execute("UPDATE staff_task SET park_code = 'T2', inquiry_id = (SELECT id FROM inquiry)").await;
    assert!(test.app.db.paused_inboxes().await.expect("reads").is_empty());
    let key = test.key("k", Role::Officer, &["T2"]).await;
    let tasks = test.staff(&key, "GET", "/api/v1/tasks", None).await.text;
    assert!(tasks.contains("mail_bounced") && !tasks.contains("buyer@example.com"), "{tasks}");
    let mut staff = officer(&test, "officer@example.com", "T2").await;
    let page = staff.get("/staff/tasks").await.text;
    assert!(page.contains("邮件被退回") && !page.contains("buyer@example.com"), "{page}");
}
