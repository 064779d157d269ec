//! A park's inbox and phone, kept by its people.

use axum::http::StatusCode;
use domain::kind::Kind;

use super::{confirmation, hidden, officer};
use crate::app::TestApp;
use crate::templates::Browser;

#[tokio::test(flavor = "multi_thread")]
async fn a_new_inbox_counts_once_its_owner_has_pressed_the_button() {
    for test in TestApp::each().await {
        let mut staff = officer(&test, "two@example.com", "T2").await;
        assert_eq!(staff.get("/staff/park").await.location, "/staff/parks/T2");
        let wrong = staff.post("/staff/parks/T2/inbox", &[("inbox_email", "nobody")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let sent = staff.post("/staff/parks/T2/inbox", &[("inbox_email", "new@example.com")]).await;
        assert_eq!(sent.location, "/staff/parks/T2?done=inbox");
        let page = staff.get("/staff/parks/T2").await;
        assert!(page.text.contains("等待 new@example.com 确认") && page.text.contains("two@example.com"));
        let link = confirmation(&test).await;
        let mut owner = Browser { test: &test, cookie: String::new() };
        for _ in 0..3 {
            assert!(owner.get(&link).await.text.contains("new@example.com"));
        }
        assert_eq!(test.app.inventory.inbox("T2").as_deref(), Some("two@example.com"), "a visit changes nothing");
        let done = owner.post(&link, &[]).await;
        assert!(done.text.contains("已确认"), "{}", done.text);
        assert_eq!(test.app.inventory.inbox("T2").as_deref(), Some("new@example.com"));
        assert_eq!(owner.post(&link, &[]).await.status, StatusCode::NOT_FOUND, "the link works once");
        let history = staff.get("/staff/listings/park/T2").await;
        assert!(history.text.contains("确认新邮箱"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_address_replaces_an_earlier_one_that_waits() {
    let test = TestApp::sqlite().await;
    let mut staff = officer(&test, "two@example.com", "T2").await;
    staff.post("/staff/parks/T2/inbox", &[("inbox_email", "first@example.com")]).await;
    let first = confirmation(&test).await;
    staff.post("/staff/parks/T2/inbox", &[("inbox_email", "second@example.com")]).await;
    assert_eq!(staff.get(&first).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_phone_is_kept_with_history_and_a_stale_form_is_told() {
    for test in TestApp::each().await {
        let mut staff = officer(&test, "two@example.com", "T2").await;
        let version = hidden(&staff.get("/staff/parks/T2").await, "version");
        let sent = [("version", version.as_str()), ("service_phone", "0576-8800 0000")];
        assert!(staff.post("/staff/parks/T2/phone", &sent).await.location.contains("done=saved"));
        assert!(test.get("/parks/T2").await.text.contains("0576-8800 0000"));
        let late = [("version", version.as_str()), ("service_phone", "0576-8800 0001")];
        let told = staff.post("/staff/parks/T2/phone", &late).await;
        assert_eq!(told.status, StatusCode::CONFLICT);
        assert!(told.text.contains("0576-8800 0000") && told.text.contains("0576-8800 0001"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_that_failed_for_the_old_inbox_are_sent_to_the_new_one_in_one_go() {
    for test in TestApp::each().await {
        let reference = test.submitted("inbox-1").await;
        let path = format!("/api/v1/requirements/{reference}/inquiries");
        test.post_with(&path, "inbox-2", &TestApp::inquiry(&["P1"], &["T2"])).await;
        test.db.execute("UPDATE outbox SET state = 'failed' WHERE purpose = 'inquiry'").await;
        test.db
            .execute(
                "INSERT INTO staff_task (id, kind, park_code, requirement_id, inquiry_id, outbox_id, detail, created_at) \
                 SELECT 'task', 'mail_failed', 'T2', requirement_id, inquiry_id, id, '', 1 FROM outbox \
                 WHERE purpose = 'inquiry'",
            )
            .await;
        let mut park = test.app.db.listing(Kind::Park, "T2").await.expect("an answer").expect("a park");
        park.set("inbox_email", "new@example.com");
        let mut staff = officer(&test, "two@example.com", "T2").await;
        staff.post("/staff/parks/T2/inbox", &[("inbox_email", "new@example.com")]).await;
        let link = confirmation(&test).await;
        staff.post(&link, &[]).await;
        assert!(staff.get("/staff/parks/T2").await.text.contains("1 封邮件没有送达"));
        assert_eq!(staff.post("/staff/parks/T2/resend", &[]).await.location, "/staff/parks/T2?done=resent");
        let sent = "SELECT recipient FROM outbox WHERE purpose = 'inquiry' AND state = 'queued'";
        assert_eq!(test.db.rows(sent).await, ["new@example.com"]);
        assert!(!staff.get("/staff/parks/T2").await.text.contains("没有送达"));
    }
}
