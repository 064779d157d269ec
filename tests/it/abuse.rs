//! What a form cannot be used for: filling a stranger's inbox, flooding, automated submissions that reach parks unseen.

use axum::http::StatusCode;
use domain::account::{Role, Scope};
use domain::requirement::Requirement;
use luodi::service::accounts::{self, Actor};
use luodi::service::idempotency::Call;
use luodi::service::inquiries::{self, Send};
use luodi::service::{leads, notice, requirements};
use serde_json::json;

use crate::app::TestApp;
use crate::database;

fn call(path: &str) -> Call {
    Call { path: path.to_owned(), key: "k".to_owned(), body_hash: String::new() }
}

async fn admin(test: &TestApp) -> Actor {
    let link = accounts::invite(&test.app, "admin@example.com", Role::Admin, None).await.expect("a link");
    let token = link.rsplit('/').next().expect("a token");
    let session = accounts::redeem_link(&test.app, token, "correct horse battery").await.expect("a session");
    accounts::session(&test.app, &session).await.expect("signed in")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspected_requirement_is_kept_and_leaves_only_when_a_person_lets_it() {
    for test in TestApp::each().await {
        let app = &test.app;
        let answered = requirements::submit(app, &call("r"), TestApp::submit(Requirement::default(), Some("trap")))
            .await
            .expect("stored");
        let body: serde_json::Value = serde_json::from_str(&answered.body).expect("JSON");
        let reference = body["reference"].as_str().expect("a reference");
        let send = Send {
            listings: vec!["P1".into()],
            notice_version: notice::VERSION.into(),
            parks: vec!["T2".into()],
            via_operator: false,
        };
        inquiries::send(app, &call("i"), reference, send).await.expect("stored");
        test.deliver().await;
        assert!(test.letters().is_empty(), "{}: nothing has left", test.db.name);
        let park = Actor { id: "x".into(), email: String::new(), role: Role::Officer, scope: Scope::Park("T2".into()) };
        assert!(leads::inbox(app, &park, None, 1).await.expect("an inbox").rows.is_empty());

        let admin = admin(&test).await;
        let tasks = leads::tasks(app, &admin).await.expect("tasks");
        assert_eq!(tasks.iter().map(|it| it.task.kind.word()).collect::<Vec<_>>(), ["suspected"]);
        assert!(tasks[0].suspected.is_some(), "what has to be judged is shown");
        assert!(leads::clear(app, &park, &tasks[0].task.id).await.is_err(), "only whoever runs the service");
        leads::clear(app, &admin, &tasks[0].task.id).await.expect("cleared");
        test.deliver().await;
        assert_eq!(test.letters().len(), 3, "{}: the inquiry and the receipts", test.db.name);
        assert_eq!(leads::inbox(app, &park, None, 1).await.expect("an inbox").rows.len(), 1);
        assert!(leads::clear(app, &admin, &tasks[0].task.id).await.is_err(), "once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_can_fill_a_strangers_inbox_and_a_phone_has_its_share_of_a_day() {
    for db in database::each().await {
        let limits = [("LUODI__LIMITS__ENABLED", "true"), ("LUODI__LIMITS__RECEIPTS_PER_ADDRESS_DAY", "1")];
        let test = TestApp::over(db, &limits).await;
        let mut statuses = Vec::new();
        for at in 0..4 {
            let body = TestApp::submission(&json!({ "tax_wan": at }));
            statuses.push(test.post_with("/api/v1/requirements", &format!("k{at}"), &body).await);
        }
        let refused = statuses.pop().expect("four");
        assert!(statuses.iter().all(|reply| reply.status == StatusCode::CREATED));
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(refused.headers.contains_key("retry-after"));
        test.deliver().await;
        assert_eq!(test.letters().len(), 1, "{}: one receipt an address a day", test.db.name);
        assert_eq!(test.db.rows("SELECT reference FROM requirement").await.len(), 3);
    }
}
