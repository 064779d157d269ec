//! Reports of a wrong listing: the ticket, the park's task, the outcome, and what becomes of the reader's address.

use axum::http::StatusCode;
use domain::account::{Role, Scope};
use domain::freshness::{How, KeyFact};
use domain::listing::Kind;
use luodi::service::accounts;
use mail_parser::MessageParser;

use crate::app::TestApp;
use crate::database;
use crate::pages::{pairs, set, values};
use crate::templates::{Browser, Seen, select};

const WORDS: &str = "canary-words 价格早就变了";

/// Fills the form of P1 in, with an address.
async fn filled_in(reader: &mut Browser<'_>) -> Vec<(String, String)> {
    let page = reader.get("/report?kind=plot&id=P1").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let mut sent = values(&page);
    for (name, value) in [("reason", "price"), ("words", WORDS), ("email", "reader@example.com"), ("consent", "yes")] {
        set(&mut sent, name, value);
    }
    sent
}

async fn reported(test: &TestApp) -> String {
    let mut reader = Browser { test, cookie: String::new() };
    let sent = filled_in(&mut reader).await;
    let done = reader.post("/report", &pairs(&sent)).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    done.location
}

async fn officer<'t>(test: &'t TestApp, park: &str) -> Browser<'t> {
    let email = format!("officer-{park}@example.com");
    let link = accounts::invite(&test.app, &email, Role::Officer, Some(park)).await.expect("a link");
    let mut staff = Browser { test, cookie: String::new() };
    staff.post(&link[link.find("/staff").expect("a path")..], &[("password", "a sentence of twelve")]).await;
    staff
}

/// The page of the only open report, from the task.
async fn task_page(staff: &mut Browser<'_>) -> String {
    let html = staff.get("/staff/tasks").await.html();
    select(&html, ".list h2 a")[0].attr("href").expect("a path").to_owned()
}

fn alert(seen: &Seen) -> String {
    select(&seen.html(), "[role=alert]").first().map(|it| it.text().collect()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_gets_a_ticket_the_park_a_task_and_both_see_the_outcome() {
    for test in TestApp::each().await {
        let name = test.db.name;
        let ticket = reported(&test).await;
        let mut reader = Browser { test: &test, cookie: String::new() };
        let page = reader.get(&ticket).await;
        assert!(page.text.contains("待答复") && page.text.contains("价格或租金不对"), "{name}: {}", page.text);
        assert!(!page.text.contains("canary-words") && !page.text.contains("reader@"), "{name}: {}", page.text);
        let tasks = test.app.db.open_tasks(&Scope::Park("T2".into())).await.expect("tasks");
        assert_eq!(tasks.len(), 1, "{name}");
        assert!(test.app.db.open_tasks(&Scope::Park("T1".into())).await.expect("tasks").is_empty());

        let mut staff = officer(&test, "T2").await;
        let path = task_page(&mut staff).await;
        assert!(staff.get(&path).await.text.contains(WORDS), "{name}");
        let refused = staff.post(&path, &[("outcome", "kept")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "it stays only with a reason");
        assert_eq!(officer(&test, "T1").await.get(&path).await.status, StatusCode::NOT_FOUND, "{name}: another park");
        let answered = staff.post(&path, &[("outcome", "kept"), ("answer", "价格以公告为准")]).await;
        assert_eq!(answered.status, StatusCode::SEE_OTHER, "{name}: {}", answered.text);
        let again = staff.post(&path, &[("outcome", "corrected"), ("answer", "")]).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "{name}: answered once");
        assert!(test.app.db.open_tasks(&Scope::Park("T2".into())).await.expect("tasks").is_empty(), "{name}");
        let page = reader.get(&ticket).await.text;
        assert!(page.contains("维持原样") && page.contains("价格以公告为准"), "{name}: {page}");
        let price = test.app.beside.evidence(Kind::Plot, "P1").last(KeyFact::Price).cloned();
        assert_eq!(price.map(|check| check.how), Some(How::Report), "{name}: it was looked at");
        the_reader_gets_one_mail_without_anybodys_words(&test, &ticket).await;
    }
}

async fn the_reader_gets_one_mail_without_anybodys_words(test: &TestApp, ticket: &str) {
    test.deliver().await;
    let letters = test.letters();
    assert_eq!(letters.len(), 1);
    let mail = MessageParser::default().parse(&letters[0]).expect("a mail");
    assert_eq!(mail.to().and_then(|to| to.first()).and_then(|to| to.address()), Some("reader@example.com"));
    let (text, html) = (mail.body_text(0).expect("text"), mail.body_html(0).expect("HTML"));
    let number = ticket.rsplit('/').next().expect("a number");
    for part in [&text, &html] {
        assert!(part.contains(number) && !part.contains("canary") && !part.contains("公告为准"), "{part}");
    }
    assert_eq!(test.db.rows("SELECT email FROM listing_report").await, [""], "the address has served");
    let mut reader = Browser { test, cookie: String::new() };
    reader.post(&format!("{ticket}/forget"), &[]).await;
    assert_eq!(test.db.rows("SELECT recipient FROM outbox").await, [""], "and leaves the outbox too");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_listing_is_off_at_once() {
    for test in TestApp::each().await {
        reported(&test).await;
        let mut staff = officer(&test, "T2").await;
        let path = task_page(&mut staff).await;
        staff.post(&path, &[("outcome", "withdrawn")]).await;
        let listing = test.get("/api/v1/listings/P1").await.json();
        assert_eq!((&listing["status"], &listing["offered"]), (&"off".into(), &false.into()), "{}", test.db.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_report_names_its_fields_keeps_the_words_and_stores_nothing() {
    for test in TestApp::each().await {
        let mut reader = Browser { test: &test, cookie: String::new() };
        for (name, value, said) in [
            ("reason", "", "哪里不对"),
            ("email", "no address", "电子邮箱"),
            ("consent", "", "同意"),
            ("notice_version", "2020-01-01", "同意"),
        ] {
            let mut sent = filled_in(&mut reader).await;
            set(&mut sent, name, value);
            let refused = reader.post("/report", &pairs(&sent)).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
            assert!(alert(&refused).contains(said), "{name}: {}", alert(&refused));
            assert!(refused.text.contains(WORDS), "{name}: the words are kept");
        }
        let mut sent = filled_in(&mut reader).await;
        set(&mut sent, "words", &"长".repeat(1_001));
        assert!(alert(&reader.post("/report", &pairs(&sent)).await).contains("具体说明"));
        assert!(test.db.rows("SELECT id FROM listing_report").await.is_empty(), "{}", test.db.name);
        assert_eq!(reader.get("/report?kind=plot&id=none").await.status, StatusCode::NOT_FOUND);
        // Without an address no consent is needed; the same form sent twice is one report.
        let mut sent = filled_in(&mut reader).await;
        for name in ["email", "consent"] {
            set(&mut sent, name, "");
        }
        let [first, second] =
            [reader.post("/report", &pairs(&sent)).await, reader.post("/report", &pairs(&sent)).await];
        assert_eq!(first.location, second.location);
        assert_eq!(test.db.rows("SELECT id FROM listing_report").await.len(), 1, "{}", test.db.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_are_limited_per_network_and_what_looks_automated_is_the_operators() {
    for db in database::each().await {
        let limits = [("LUODI__LIMITS__ENABLED", "true"), ("LUODI__LIMITS__REPORTS_PER_NETWORK_HOUR", "2")];
        let test = TestApp::over(db, &limits).await;
        let mut reader = Browser { test: &test, cookie: String::new() };
        let mut statuses = Vec::new();
        for _ in 0..3 {
            let sent = filled_in(&mut reader).await;
            statuses.push(reader.post("/report", &pairs(&sent)).await.status.as_u16());
        }
        assert_eq!(statuses, [303, 303, 429], "{}", test.db.name);
        assert_eq!(test.db.rows("SELECT id FROM listing_report").await.len(), 2);
        // Filled in faster than people can: no park is asked, the operator looks.
        assert_eq!(test.app.db.open_tasks(&Scope::All).await.expect("tasks").len(), 2);
        assert!(test.app.db.open_tasks(&Scope::Park("T2".into())).await.expect("tasks").is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_can_be_erased_before_the_answer() {
    for test in TestApp::each().await {
        let ticket = reported(&test).await;
        let mut reader = Browser { test: &test, cookie: String::new() };
        assert!(reader.get(&ticket).await.text.contains("删除邮箱"));
        let done = reader.post(&format!("{ticket}/forget"), &[]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        assert!(!reader.get(&ticket).await.text.contains("您的邮箱"), "{}", test.db.name);
        let mut staff = officer(&test, "T2").await;
        let path = task_page(&mut staff).await;
        staff.post(&path, &[("outcome", "corrected"), ("answer", "已改")]).await;
        assert_eq!(test.app.db.waiting_mails().await.expect("a count"), 0, "{}: nobody to write to", test.db.name);
        assert_eq!(reader.get("/tickets/JC20261129-00000000").await.status, StatusCode::NOT_FOUND);
    }
}
