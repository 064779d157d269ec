//! Optional mail is stopped by one click of a mail client or on a page, and taken up again there.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use luodi::db::words::MailPurpose;
use mail_parser::MessageParser;

use crate::app::TestApp;
use crate::database;
use crate::freshness::Months;

/// The link and the one-click header of the newest mail that has them.
fn links(test: &TestApp) -> Vec<String> {
    let letters = test.letters();
    let parsed = letters.iter().filter_map(|bytes| MessageParser::default().parse(bytes));
    let link = |mail: mail_parser::Message<'_>| {
        let header = mail.header_raw("List-Unsubscribe")?.trim().trim_matches(['<', '>']).to_owned();
        let post = mail.header_raw("List-Unsubscribe-Post").map(str::trim) == Some("List-Unsubscribe=One-Click");
        let token = header.rsplit('/').next()?;
        let is_in_text = mail.body_text(0)?.contains(&header) && mail.body_html(0)?.contains(token);
        assert!(post && is_in_text, "{header}");
        Some(header)
    };
    parsed.filter_map(link).collect()
}

async fn one_click(test: &TestApp, path: &str, kind: &str, body: &str) -> StatusCode {
    let request = Request::post(path).header("content-type", kind).body(Body::from(body.to_owned()));
    test.send(request.expect("a request")).await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn one_click_without_a_session_stops_a_kind_of_mail_to_one_address_and_a_visit_does_not() {
    for test in TestApp::each().await {
        let (db, now) = (&test.app.db, test.app.clock.now());
        let choice = db.mail_choice("a@example.com", MailPurpose::Digest, now).await.expect("a choice");
        let same = db.mail_choice("a@example.com", MailPurpose::Digest, now).await.expect("a choice");
        assert_eq!(choice, same, "{}", test.db.name);
        let path = format!("/unsubscribe/{}", choice.token);
        let seen = test.get(&path).await;
        assert!(seen.status == StatusCode::OK && seen.text.contains("a@example.com"), "{}", seen.text);
        let off = async || {
            let choice = db.mail_choice_of(&choice.token).await.expect("reads").expect("a choice");
            choice.off_at.is_some()
        };
        assert!(!off().await, "a visit changes nothing");
        let form = "application/x-www-form-urlencoded";
        assert_eq!(one_click(&test, &path, form, "List-Unsubscribe=One-Click").await, StatusCode::OK);
        assert!(off().await);
        assert_eq!(one_click(&test, &path, form, "again=yes").await, StatusCode::OK);
        assert!(!off().await, "signed up again");
        let parts = "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";
        assert_eq!(one_click(&test, &path, "multipart/form-data; boundary=b", parts).await, StatusCode::OK);
        assert!(off().await, "either media type of a form");
        let other = db.mail_choice("a@example.com", MailPurpose::StillValid, now).await.expect("a choice");
        assert!(other.off_at.is_none(), "another kind goes on");
        let unknown = format!("/unsubscribe/{}", "0".repeat(64));
        assert_eq!(one_click(&test, &unknown, form, "List-Unsubscribe=One-Click").await, StatusCode::NOT_FOUND);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_monthly_question_has_the_link_and_comes_no_more_after_it() {
    for db in database::each().await {
        let months = Months::over(db).await;
        assert!(months.on("2026-10-13").await > 0, "asked");
        months.test.deliver().await;
        let found = links(&months.test);
        assert!(!found.is_empty(), "each question can be stopped");
        for link in &found {
            let path = &link[link.find("/unsubscribe/").expect("a path")..];
            let form = "application/x-www-form-urlencoded";
            assert_eq!(one_click(&months.test, path, form, "List-Unsubscribe=One-Click").await, StatusCode::OK);
        }
        assert_eq!(months.on("2026-11-17").await, 0, "{}", months.test.db.name);
    }
}
