//! One real requirement carried the whole way, on both databases: text, matches, two inquiries, two mails, inbox, stage.

use axum::http::StatusCode;
use domain::account::Role;
use domain::lead::Stage;
use luodi::error::{Code, Error};
use luodi::mail::FileMailer;
use luodi::service::{accounts, leads};
use mail_parser::MessageParser;
use serde_json::json;

use crate::app::TestApp;

/// FL-014 of the labelled texts.
const TEXT: &str = "拟在浙江省台州市温岭市购置土地25亩新建水泵生产线，总投资9800万元，其中设备投资4200万元，\
                    投产后年新增销售收入1.6亿元，年新增税收700万元。";

#[tokio::test(flavor = "multi_thread")]
async fn a_text_becomes_two_inquiries_two_mails_and_a_lead_that_moves() {
    for test in TestApp::each().await {
        let name = test.db.name;
        let read = test.post("/api/v1/read", &json!({ "text": TEXT, "now": "2026-11-24" })).await.json();
        let requirement = read["requirement"].clone();
        assert_eq!(requirement["land_mu"], json!({ "min": 25, "max": 25 }), "{name}");
        assert_eq!(requirement["regions"], json!(["331081"]), "{name}");

        let answer = test.post("/api/v1/matches", &requirement).await.json();
        let ids = |group: &str| -> Vec<String> {
            answer[group]
                .as_array()
                .expect("a list")
                .iter()
                .map(|m| m["listing"]["id"].as_str().unwrap_or_default().to_owned())
                .collect()
        };
        assert!(ids("matched").contains(&"P1".to_owned()), "{name}: {answer}");

        let mut body = TestApp::submission(&requirement);
        body["text"] = TEXT.into();
        let submitted = test.post_with("/api/v1/requirements", "walk-1", &body).await;
        assert_eq!(submitted.status, StatusCode::CREATED, "{name}: {}", submitted.text);
        let reference = submitted.json()["reference"].as_str().expect("a reference").to_owned();
        let path = format!("/api/v1/requirements/{reference}");
        let sent = test
            .post_with(&format!("{path}/inquiries"), "walk-2", &TestApp::inquiry(&["P1", "P2"], &["T1", "T2"]))
            .await;
        assert_eq!(sent.status, StatusCode::CREATED, "{name}: {}", sent.text);
        test.deliver().await;

        two_mails_say_what_they_should(&test);
        let status = test.get(&path).await.json();
        let states: Vec<_> =
            status["inquiries"].as_array().expect("a list").iter().map(|i| i["state"].clone()).collect();
        assert_eq!(states, ["sent", "sent"], "{name}");
        staff_of_one_park_work_its_lead_alone(&test, &path).await;
    }
}

fn two_mails_say_what_they_should(test: &TestApp) {
    the_list_of_stored_mails_says_which_is_which(test);
    let letters = test.letters();
    let parsed: Vec<_> = letters.iter().map(|bytes| MessageParser::default().parse(bytes).expect("a mail")).collect();
    let inquiries: Vec<_> = parsed.iter().filter(|mail| mail.header("X-Luodi-Inquiry").is_some()).collect();
    assert_eq!((parsed.len(), inquiries.len()), (4, 2), "two inquiries, the receipt, and the one that names the parks");
    for mail in inquiries {
        let number = mail.header("X-Luodi-Inquiry").and_then(|header| header.as_text()).expect("a number").to_owned();
        let to = mail.to().and_then(|to| to.first()).and_then(|to| to.address()).expect("a recipient");
        assert!(["one@example.com", "two@example.com"].contains(&to));
        let subject = mail.subject().expect("a subject");
        assert!(subject.starts_with("新询盘 ") && subject.ends_with(&format!("[{number}]")), "{subject}");
        for part in [mail.body_text(0).expect("text"), mail.body_html(0).expect("HTML")] {
            assert!(part.contains("138****8000") && part.contains("示例水泵有限公司"), "{part}");
            assert!(!part.contains("13800138000") && !part.contains("buyer@example.com"), "{part}");
        }
    }
}

fn the_list_of_stored_mails_says_which_is_which(test: &TestApp) {
    let stored = FileMailer::new(test.mails.path()).list().expect("a list");
    let to = |address: &str| stored.iter().find(|mail| mail.recipients == [address]).expect("a mail").subject.clone();
    assert!(to("one@example.com").contains("LD") && to("one@example.com").contains("询盘"), "{stored:?}");
    assert_ne!(to("one@example.com"), to("two@example.com"));
    assert!(!to("buyer@example.com").is_empty());
    assert!(stored.is_sorted_by(|a, b| a.stored_at >= b.stored_at), "newest first");
}

async fn staff_of_one_park_work_its_lead_alone(test: &TestApp, path: &str) {
    let app = &test.app;
    let link = accounts::invite(app, "officer@example.com", Role::Officer, Some("T2")).await.expect("a link");
    let token = link.rsplit('/').next().expect("a token");
    let session = accounts::redeem_link(app, token, "correct horse battery").await.expect("a session");
    assert!(
        matches!(accounts::redeem_link(app, token, "correct horse battery").await, Err(Error::NotFound)),
        "once only"
    );
    let actor = accounts::session(app, &session).await.expect("signed in");
    let inbox = leads::inbox(app, &actor, None, 1).await.expect("an inbox");
    assert_eq!(inbox.rows.len(), 1, "only its own park's");
    let id = inbox.rows[0].lead.id.clone();
    let view = leads::show(app, &actor, &id).await.expect("a lead");
    assert_eq!(view.masked.as_ref().map(|(_, phone, _)| phone.as_str()), Some("138****8000"));
    assert_eq!(view.page.mails.len(), 1);

    let contact = TestApp::reveal(app, &actor, &id).await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(contact.phone, "+8613800138000");
    let accesses = test.get(path).await.json()["accesses"].clone();
    assert_eq!(
        (accesses[0]["park"].as_str(), accesses.as_array().map(Vec::len)),
        (Some("T2"), Some(1)),
        "its owner sees the look"
    );

    let version = view.page.row.lead.version;
    TestApp::advance(app, &actor, &id, version, "assessed", "已电话联系").await.expect("moved");
    let stale = TestApp::advance(app, &actor, &id, version, "contacted", "").await;
    assert!(matches!(stale, Err(Error::Conflict(Code::LeadChanged))), "the second editor is told");
    let moved = leads::show(app, &actor, &id).await.expect("a lead");
    assert_eq!(moved.page.row.lead.stage, Stage::Assessed);
    assert_eq!(
        moved.page.events.iter().map(|event| event.kind.word()).collect::<Vec<_>>(),
        ["received", "reveal", "stage"]
    );

    accounts::invite(app, "other@example.com", Role::Officer, Some("T1")).await.expect("a link");
    let other = accounts::Actor {
        id: "nobody".into(),
        email: "other@example.com".into(),
        role: Role::Officer,
        scope: domain::account::Scope::Park("T1".into()),
    };
    assert!(matches!(leads::show(app, &other, &id).await, Err(Error::NotFound)), "another park's lead is not there");
    assert!(TestApp::reveal(app, &other, &id).await.is_err());
}
