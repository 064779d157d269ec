//! Who may call what: each route of staff's API from the document itself, each role, on its own, a foreign and a missing
//! resource, and without a key.

use axum::http::StatusCode;
use domain::account::Role;
use serde_json::{Value, json};

use crate::app::TestApp;

const ROLES: [Role; 4] = [Role::Admin, Role::Manager, Role::Officer, Role::Observer];

/// A call under a key, from the document.
struct Call {
    method: String,
    path: String,
}

/// Every operation of the document that asks for a key.
fn calls() -> Vec<Call> {
    let document = serde_json::to_value(luodi::web::api::document()).expect("JSON");
    let mut calls = Vec::new();
    for (path, operations) in document["paths"].as_object().expect("paths") {
        for (method, operation) in operations.as_object().expect("operations") {
            // Those without a key have an empty list.
            if operation["security"].as_array().is_some_and(|keys| !keys.is_empty()) {
                calls.push(Call { method: method.to_uppercase(), path: path.clone() });
            }
        }
    }
    calls
}

/// A body that is in order for a writing call, with a park of its own or a foreign one.
fn body(path: &str, park: &str) -> Value {
    match path.rsplit('/').next().unwrap_or_default() {
        "leads" => json!({ "park": park, "company": "示例水泵有限公司", "requirement": {}, "source": "fair",
            "consent": { "basis": "oral" } }),
        "notes" => json!({ "kind": "other", "text": "记" }),
        "stage" => json!({ "to": "assessed", "version": 1 }),
        "owner" => json!({ "owner": null }),
        "reply" => json!({ "text": "您好" }),
        "handover" => json!({ "park": "T1", "reason": "无地" }),
        "answer" => json!({ "accept": true }),
        "webhooks" => json!({ "park": park, "address": "https://a.example/x", "events": ["lead.created"] }),
        "secret" | "replay" => json!({}),
        "{id}" if path.starts_with("/api/v1/webhooks/") => json!({}),
        "reveal" | "resend" | "done" | "holds" | "{hold}" => json!({}),
        other => panic!("a new writing route needs its body here: {other}"),
    }
}

/// The resource that a path is about: its own, a foreign one, one that is missing.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Whose {
    Own,
    Foreign,
    Missing,
}

/// The address of a call for a resource; `None` where the call has none of that kind.
fn address(call: &Call, whose: Whose, ids: &[(&str, [String; 2])]) -> Option<String> {
    let of = |kind: &str| &ids.iter().find(|(name, _)| *name == kind).expect("ids").1;
    let kind = match call.path.as_str() {
        path if path.contains("/tasks/") => "task",
        path if path.starts_with("/api/v1/webhooks") => "webhook",
        path if path.starts_with("/api/v1/listings/") => "listing",
        _ => "lead",
    };
    let path = call.path.replace("{kind}", "weekly");
    if !path.contains("{id}") {
        // A park is named in the body or the query.
        return match (whose, call.path.contains("/reports/")) {
            (Whose::Own, true) => Some(format!("{path}?park=T2")),
            (Whose::Foreign, true) => Some(format!("{path}?park=T1")),
            (Whose::Own, false) => Some(path),
            (Whose::Foreign, false) if call.method == "POST" => Some(path),
            _ => None,
        };
    }
    let id = match whose {
        Whose::Own => of(kind)[0].as_str(),
        Whose::Foreign => of(kind)[1].as_str(),
        Whose::Missing => "018f0000000000000000000000000000",
    };
    Some(path.replace("{id}", id).replace("{hold}", "018f0000000000000000000000000000"))
}

fn is_right(call: &Call, role: Role, whose: Whose, status: StatusCode) -> bool {
    let reads = call.method == "GET";
    let sees = whose == Whose::Own || whose == Whose::Foreign && role == Role::Admin;
    let keeps = role == Role::Admin || role == Role::Manager;
    match () {
        () if call.path.starts_with("/api/v1/webhooks") && !keeps => status == StatusCode::FORBIDDEN,
        () if !sees => status == StatusCode::NOT_FOUND,
        () if reads => status == StatusCode::OK,
        // The hold is missing in every listing.
        () if call.path.ends_with("{hold}") => [StatusCode::NOT_FOUND, StatusCode::FORBIDDEN].contains(&status),
        // No hand-over waits for this park.
        () if call.path.ends_with("/handover/answer") => status == StatusCode::NOT_FOUND,
        () if role == Role::Observer => status == StatusCode::FORBIDDEN,
        () => {
            status.is_success()
                || matches!(status, StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY)
                || (call.path.contains("/tasks/") && status == StatusCode::NOT_FOUND)
        }
    }
}

/// A webhook of its own and a foreign one, each again where it was removed.
async fn webhooks(test: &TestApp) {
    test.db.execute("DELETE FROM webhook").await;
    for (id, park) in [("hook-own", "T2"), ("hook-far", "T1")] {
        let columns =
            "id, park_code, address, shown, format, events, secret, account_id, created_at, lease_until, next_at";
        let values = format!("'{id}', '{park}', 'https://a.example/', 'x', 'json', ';', '', 'x', 1, 0, 0");
        test.db.execute(&format!("INSERT INTO webhook ({columns}) VALUES ({values})")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_of_staff_gives_each_role_its_own_and_nothing_else() {
    for test in TestApp::each().await {
        let reference = test.submitted("r").await;
        let path = format!("/api/v1/requirements/{reference}/inquiries");
        test.post_with(&path, "i", &TestApp::inquiry(&["P1", "P2"], &["T1", "T2"])).await;
        let lead =
            async |park: &str| test.db.rows(&format!("SELECT id FROM lead WHERE park_code = '{park}'")).await.remove(0);
        for (id, park) in [("task-own", "T2"), ("task-far", "T1")] {
            let values = format!("'{id}', 'mail_unclear', '{park}', 'x', 1");
            test.db
                .execute(&format!("INSERT INTO staff_task (id, kind, park_code, detail, created_at) VALUES ({values})"))
                .await;
        }
        let ids = [
            ("lead", [lead("T2").await, lead("T1").await]),
            ("task", ["task-own".to_owned(), "task-far".to_owned()]),
            ("listing", ["P1".to_owned(), "P2".to_owned()]),
            ("webhook", ["hook-own".to_owned(), "hook-far".to_owned()]),
        ];
        let calls = calls();
        assert!(calls.len() >= 14, "{} calls", calls.len());
        let mut seen = 0;
        for call in &calls {
            for role in ROLES {
                let parks: &[&str] = if role == Role::Admin { &[] } else { &["T2"] };
                let key = test.key(&format!("{role:?}{seen}"), role, parks).await;
                for whose in [Whose::Missing, Whose::Foreign, Whose::Own] {
                    let Some(address) = address(call, whose, &ids) else { continue };
                    let park = if whose == Whose::Own { "T2" } else { "T1" };
                    test.db.execute("UPDATE staff_task SET done_at = NULL").await;
                    webhooks(&test).await;
                    let body = (call.method != "GET").then(|| body(&call.path, park));
                    let reply = test.staff(&key, &call.method, &address, body.as_ref()).await;
                    seen += 1;
                    assert!(
                        is_right(call, role, whose, reply.status),
                        "{}: {} {} as {role:?} on {whose:?}: {} {}",
                        test.db.name,
                        call.method,
                        call.path,
                        reply.status,
                        reply.text
                    );
                    let bare = test.staff("", &call.method, &address, body.as_ref()).await;
                    assert_eq!(bare.status, StatusCode::UNAUTHORIZED, "{} {}", call.method, call.path);
                }
            }
        }
        assert!(seen >= 120, "{seen} cases");
    }
}
