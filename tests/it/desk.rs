//! The desk by its API: keys, buckets, notes, stages, replies, hand-overs, tasks, reports, and what a withdrawal leaves.

use axum::http::StatusCode;
use domain::account::Role;
use luodi::db::words::MailPurpose;
use luodi::service::accounts;
use serde_json::{Value, json};

use crate::app::{Reply, TestApp};
use crate::database;

/// A requirement of these tests.
fn need() -> Value {
    json!({ "kinds": ["plot"], "land_mu": { "min": 20, "max": 40 }, "industry": "3670", "tax_wan": 900 })
}

/// Submits a requirement and asks for listings; returns the reference and the answer.
pub(crate) async fn asked(test: &TestApp, key: &str, listings: &[&str], parks: &[&str]) -> (String, Value) {
    let reply = test.post_with("/api/v1/requirements", key, &TestApp::submission(&need())).await;
    let reference = reply.json()["reference"].as_str().expect("a reference").to_owned();
    let path = format!("/api/v1/requirements/{reference}/inquiries");
    let sent = test.post_with(&path, &format!("{key}-i"), &TestApp::inquiry(listings, parks)).await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text);
    (reference, sent.json())
}

pub(crate) fn ok(reply: &Reply) -> Value {
    assert!(reply.status.is_success(), "{} {}", reply.status, reply.text);
    reply.json()
}

/// The only lead of a key's scope.
pub(crate) async fn only(test: &TestApp, key: &str) -> Value {
    let page = ok(&test.staff(key, "GET", "/api/v1/leads", None).await);
    assert_eq!(page["items"].as_array().map(Vec::len), Some(1), "{page}");
    page["items"][0].clone()
}

pub(crate) async fn act(test: &TestApp, key: &str, lead: &Value, what: &str, body: &Value) -> Reply {
    let path = format!("/api/v1/leads/{}/{what}", lead["id"].as_str().expect("an id"));
    test.staff(key, "POST", &path, Some(body)).await
}

pub(crate) async fn shown(test: &TestApp, key: &str, lead: &Value) -> Value {
    let path = format!("/api/v1/leads/{}", lead["id"].as_str().expect("an id"));
    ok(&test.staff(key, "GET", &path, None).await)
}

fn kinds(lead: &Value) -> Vec<&str> {
    lead["timeline"].as_array().expect("a list").iter().map(|it| it["kind"].as_str().expect("a kind")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_sees_its_parks_alone_is_kept_as_a_hash_and_ends_with_its_person() {
    for test in TestApp::each().await {
        asked(&test, "k1", &["P1", "P2"], &["T1", "T2"]).await;
        let (one, both) =
            (test.key("one", Role::Officer, &["T1"]).await, test.key("both", Role::Manager, &["T1", "T2"]).await);
        let all = test.key("all", Role::Admin, &[]).await;
        let lead = only(&test, &one).await;
        assert_eq!(lead["park"], "T1", "{}", test.db.name);
        for key in [&both, &all] {
            assert_eq!(
                ok(&test.staff(key, "GET", "/api/v1/leads", None).await)["items"].as_array().map(Vec::len),
                Some(2)
            );
        }
        let two = test.key("two", Role::Officer, &["T2"]).await;
        let path = format!("/api/v1/leads/{}", lead["id"].as_str().expect("an id"));
        assert_eq!(test.staff(&two, "GET", &path, None).await.status, StatusCode::NOT_FOUND);
        assert_eq!(test.get("/api/v1/leads").await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(test.staff("luodi_wrong", "GET", "/api/v1/leads", None).await.code(), "not_signed_in");
        let stored = test.db.rows("SELECT hash, name FROM api_key").await.join(" ");
        assert!(!stored.contains(&one) && stored.contains("both"), "{stored}");
        luodi::service::keys::revoke(&test.app, "one").await.expect("revoked");
        assert_eq!(test.staff(&one, "GET", "/api/v1/leads", None).await.status, StatusCode::UNAUTHORIZED);
        accounts::invite(&test.app, "officer@example.com", Role::Officer, Some("T1")).await.expect("a link");
        let parks = vec!["T1".to_owned()];
        let own = luodi::service::keys::add(&test.app, "own", Role::Officer, &parks, Some("officer@example.com"));
        let own = own.await.expect("a key");
        assert_eq!(test.staff(&own, "GET", "/api/v1/leads", None).await.status, StatusCode::OK);
        test.db.execute("UPDATE account SET disabled_at = 1 WHERE email = 'officer@example.com'").await;
        assert_eq!(test.staff(&own, "GET", "/api/v1/leads", None).await.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_goes_through_the_lists_of_the_desk_and_each_counts_it_once() {
    for test in TestApp::each().await {
        let (reference, sent) = asked(&test, "b", &["P1"], &["T2"]).await;
        let key = test.key("k", Role::Officer, &["T2"]).await;
        let counts = async |wanted: &str| {
            let path = format!("/api/v1/leads?bucket={wanted}");
            let page = ok(&test.staff(&key, "GET", &path, None).await);
            let counts = page["counts"].as_object().expect("counts").clone();
            let full: Vec<_> = counts.iter().filter(|(_, n)| **n == json!(1)).map(|(name, _)| name.clone()).collect();
            assert_eq!(page["items"].as_array().map(Vec::len), Some(1), "{wanted}: {page}");
            let full: std::collections::BTreeSet<String> = full.into_iter().collect();
            assert_eq!(full, [wanted.to_owned(), "open".to_owned()].into(), "{page}");
        };
        counts("new").await;
        let lead = only(&test, &key).await;
        assert_eq!((lead["stage"].as_str(), lead["source"].as_str()), (Some("registered"), Some("web")));
        assert_eq!(lead["next_stages"], json!(["assessed", "shelved"]));
        assert_eq!(lead["listings"][0]["number"], sent["inquiries"][0]["number"]);
        let answered = ok(&act(&test, &key, &lead, "reply", &json!({ "text": "欢迎来看地。" })).await);
        assert!(answered["answered_at"].is_string(), "{answered}");
        counts("waiting").await;
        let number = sent["inquiries"][0]["number"].as_str().expect("a number");
        let path = format!("/api/v1/requirements/{reference}/inquiries/{number}/messages");
        let message = test.post_with(&path, "m", &json!({ "text": "周五来" })).await;
        assert_eq!(message.status, StatusCode::CREATED, "{}", message.text);
        counts("to_answer").await;
        let today = test.app.clock.now().day().to_string();
        let noted = json!({ "kind": "other", "text": "查资料", "next_on": today });
        ok(&act(&test, &key, &lead, "notes", &noted).await);
        counts("today").await;
        test.db.execute("UPDATE lead SET due_at = due_at - 86400000").await;
        counts("overdue").await;
        assert_eq!(only(&test, &key).await["is_overdue"], json!(true));
        let own = test.get(&format!("/api/v1/requirements/{reference}")).await.json();
        let inquiry = &own["inquiries"][0];
        assert!(inquiry["answered_at"].is_string() && inquiry["due_on"].is_string(), "{inquiry}");
        assert_eq!(inquiry["stage"], "registered");
        let seen = shown(&test, &key, &lead).await;
        assert_eq!(kinds(&seen), ["stage", "mail_out", "mail_out", "mail_in", "note"], "{seen}");
        test.deliver().await;
        let letters: Vec<String> = test.letters().iter().map(|it| String::from_utf8_lossy(it).into_owned()).collect();
        assert!(letters.iter().any(|it| it.contains("To: buyer@example.com") && it.contains("X-Luodi-Inquiry")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn officers_step_and_shelve_and_managers_jump_end_and_reopen_with_a_reason() {
    for test in TestApp::each().await {
        asked(&test, "s", &["P1"], &["T2"]).await;
        let officer = test.key("o", Role::Officer, &["T2"]).await;
        let manager = test.key("m", Role::Manager, &["T2"]).await;
        let lead = only(&test, &officer).await;
        let go = async |key: &str, body: Value| act(&test, key, &lead, "stage", &body).await;
        let jump = go(&officer, json!({ "to": "visited", "version": 1 })).await;
        assert_eq!(
            (jump.status, jump.json()["errors"][0]["field"].clone()),
            (StatusCode::UNPROCESSABLE_ENTITY, json!("to"))
        );
        assert_eq!(
            go(&officer, json!({ "to": "transferred", "version": 1 })).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        let moved = ok(&go(&officer, json!({ "to": "assessed", "version": 1 })).await);
        assert_eq!((moved["version"].as_i64(), moved["stage"].as_str()), (Some(2), Some("assessed")));
        let stale = go(&officer, json!({ "to": "contacted", "version": 1 })).await;
        assert_eq!((stale.status, stale.json()["current"]["version"].as_i64()), (StatusCode::CONFLICT, Some(2)));
        let shelved = go(&officer, json!({ "to": "shelved", "version": 2 })).await;
        assert_eq!(shelved.json()["errors"][0]["field"], "next_on", "{}", shelved.text);
        let bare = go(&manager, json!({ "to": "signed", "version": 2 })).await;
        assert_eq!(bare.json()["errors"][0]["field"], "reason", "a jump needs a reason: {}", bare.text);
        let bare = go(&manager, json!({ "to": "signed", "version": 2, "reason": "已口头谈定" })).await;
        assert_eq!(bare.json()["errors"][0]["field"], "facts.amount_wan", "{}", bare.text);
        let day = test.app.clock.now().day().to_string();
        let signed = json!({ "to": "signed", "version": 2, "reason": "已口头谈定",
            "facts": { "amount_wan": 12000, "signed_on": day } });
        let signed = ok(&go(&manager, signed).await);
        assert_eq!(signed["stage"], "signed");
        assert_eq!(
            go(&officer, json!({ "to": "lost", "version": 3, "reason": "x" })).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        let ended = ok(&go(&manager, json!({ "to": "withdrawn", "version": 3, "reason": "违约" })).await);
        assert_eq!((ended["state"].as_str(), &ended["due_on"]), (Some("closed"), &Value::Null));
        assert_eq!(ended["next_stages"], json!(["signed"]));
        assert_eq!(only(&test, &officer).await["next_stages"], json!([]));
        let again = ok(&go(
            &manager,
            json!({ "to": "signed", "version": 4, "reason": "恢复",
            "facts": { "amount_wan": "12000", "signed_on": day } }),
        )
        .await);
        assert_eq!((again["state"].as_str(), again["is_overdue"].as_bool()), (Some("open"), Some(false)), "{again}");
        let observer = test.key("w", Role::Observer, &["T2"]).await;
        let refused = go(&observer, json!({ "to": "assessed", "version": 5 })).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert_eq!(shown(&test, &observer, &lead).await["contact"], Value::Null, "an observer sees no contact");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_requirement_with_several_listings_of_one_park_is_one_lead_that_each_number_finds() {
    for test in TestApp::each().await {
        test.import(
            domain::listing::Kind::Plot,
            "plot_no,province,city,county,area_mu,park_code,status\nP7,浙江省,台州市,温岭市,30,T2,available\n",
        )
        .await;
        let (reference, first) = asked(&test, "n", &["P1"], &["T2"]).await;
        let path = format!("/api/v1/requirements/{reference}/inquiries");
        let more = ok(&test.post_with(&path, "n2", &TestApp::inquiry(&["P7", "T2"], &["T2"])).await);
        let key = test.key("k", Role::Officer, &["T2"]).await;
        let lead = only(&test, &key).await;
        assert_eq!(lead["listings"].as_array().map(Vec::len), Some(3), "{lead}");
        let numbers = [&first["inquiries"][0], &more["inquiries"][0], &more["inquiries"][1]];
        for number in numbers.map(|it| it["number"].as_str().expect("a number")) {
            let found = ok(&test.staff(&key, "GET", &format!("/api/v1/leads?q={number}"), None).await);
            assert_eq!(found["items"][0]["id"], lead["id"], "{number}");
        }
        for (q, hits) in
            [("8000", 1), ("8001", 0), ("P7", 1), ("%E7%A4%BA%E4%BE%8B%E6%B0%B4%E6%B3%B5", 1), ("%25", 0), ("uu", 0)]
        {
            let found = ok(&test.staff(&key, "GET", &format!("/api/v1/leads?q={q}"), None).await);
            assert_eq!(found["items"].as_array().map(Vec::len), Some(hits), "{q}: {found}");
        }
        test.deliver().await;
        let mails = test.db.rows("SELECT state FROM outbox WHERE purpose = 'inquiry'").await;
        assert_eq!(mails, ["sent"; 3], "each inquiry has its mail");
        // One listing is withdrawn: the lead goes on, and ends with the last.
        for (at, state) in [(0, "open"), (1, "open"), (2, "withdrawn")] {
            let number = numbers[at]["number"].as_str().expect("a number");
            let gone = test.delete_with(&format!("{path}/{number}"), &format!("d{at}")).await;
            assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.text);
            assert_eq!(only(&test, &key).await["state"], state);
        }
        let refused = act(&test, &key, &lead, "reveal", &json!({})).await;
        assert!(matches!(refused.status, StatusCode::GONE | StatusCode::FORBIDDEN), "{}", refused.text);
        let again = ok(&test.post_with(&path, "n9", &TestApp::inquiry(&["P1"], &["T2"])).await);
        assert_eq!(again["inquiries"][0]["number"], first["inquiries"][0]["number"], "the same inquiry");
        assert_eq!(only(&test, &key).await["state"], "open", "asked again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_requirement_leaves_number_park_stages_and_amounts_and_no_word_of_the_firm() {
    for test in TestApp::each().await {
        let (reference, _) = asked(&test, "w", &["P1"], &["T2"]).await;
        let key = test.key("m", Role::Manager, &["T2"]).await;
        let lead = only(&test, &key).await;
        let note = json!({ "kind": "phone", "text": "示例水泵 王工 13800138000 说再等等" });
        ok(&act(&test, &key, &lead, "notes", &note).await);
        ok(&act(&test, &key, &lead, "reply", &json!({ "text": "示例水泵您好" })).await);
        ok(&act(&test, &key, &lead, "reveal", &json!({})).await);
        let day = test.app.clock.now().day().to_string();
        let signed = json!({ "to": "signed", "version": 1, "reason": "谈定示例水泵", "facts": { "amount_wan": 500, "signed_on": day } });
        ok(&act(&test, &key, &lead, "stage", &signed).await);
        let before = ok(&test.staff(&key, "GET", "/api/v1/reports/monthly", None).await);
        assert_eq!(
            test.delete_with(&format!("/api/v1/requirements/{reference}"), "gone").await.status,
            StatusCode::NO_CONTENT
        );
        let left = shown(&test, &key, &lead).await;
        assert_eq!((left["state"].as_str(), left["stage"].as_str()), (Some("withdrawn"), Some("signed")));
        assert_eq!(
            (&left["number"], &left["company"], &left["contact"]),
            (&lead["number"], &Value::Null, &Value::Null)
        );
        let stage =
            left["timeline"].as_array().expect("a list").iter().rfind(|it| it["kind"] == "stage").expect("a move");
        assert!(stage["text"].as_str().is_some_and(|text| text.contains("500")), "{stage}");
        assert_eq!(kinds(&left).last(), Some(&"withdrawal"));
        let after = ok(&test.staff(&key, "GET", "/api/v1/reports/monthly", None).await);
        let value = |report: &Value, name: &str| {
            let figures = report["figures"].as_array().expect("figures").clone();
            figures.into_iter().find(|it| it["name"] == name).expect("a figure")["value"].clone()
        };
        for name in ["new", "signed", "signed_amount_wan", "answered"] {
            assert_eq!(value(&before, name), value(&after, name), "{name}");
        }
        assert_eq!(value(&after, "signed_amount_wan"), json!(500));
        for table in ["lead", "lead_event", "requirement", "idempotency", "handover", "staff_task", "audit", "inquiry"]
        {
            let all = if table == "idempotency" {
                "SELECT body FROM idempotency WHERE path NOT LIKE '%/requirements'"
            } else {
                &format!("SELECT * FROM {table}")
            };
            let text = test.texts(all).await;
            for word in ["示例水泵", "王工", "13800138000", "buyer@example.com"] {
                assert!(!text.contains(word), "{}: {table} keeps {word}: {text}", test.db.name);
            }
        }
        let gone = act(&test, &key, &lead, "notes", &json!({ "kind": "other", "text": "x" })).await;
        assert_eq!(gone.status, StatusCode::GONE);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_typed_in_has_the_same_clock_and_its_double_is_shown() {
    for test in TestApp::each().await {
        asked(&test, "t", &["P1"], &["T2"]).await;
        let key = test.key("k", Role::Officer, &["T2"]).await;
        let body = json!({
            "park": "T2", "listing": "P1", "company": "示例水泵有限责任公司", "phone": "138 0013 8000", "requirement": need(),
            "source": "call_in", "consent": { "basis": "oral", "note": "电话同意" },
        });
        let made = test.staff_once(&key, "POST", "/api/v1/leads", Some(&body), "once").await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let again = test.staff_once(&key, "POST", "/api/v1/leads", Some(&body), "once").await;
        assert_eq!(
            (again.text.as_str(), again.headers.contains_key("idempotency-replayed")),
            (made.text.as_str(), true)
        );
        let lead = made.json();
        assert!(lead["due_on"].is_string() && lead["source"] == "call_in", "{lead}");
        let seen = shown(&test, &key, &lead).await;
        let because = seen["duplicates"][0]["because"].as_array().expect("reasons").clone();
        assert_eq!(because, [json!("phone"), json!("company")], "{seen}");
        let revealed = ok(&act(&test, &key, &lead, "reveal", &json!({})).await);
        assert_eq!(revealed["phone"], "+8613800138000");
        let refused = act(&test, &key, &lead, "reply", &json!({ "text": "x" })).await;
        assert_eq!(refused.code(), "no_address", "{}", refused.text);
        let wrong =
            json!({ "park": "T2", "company": " ", "requirement": {}, "source": "web", "consent": { "basis": "x" } });
        let wrong = test.staff(&key, "POST", "/api/v1/leads", Some(&wrong)).await;
        let fields: Vec<String> = wrong.json()["errors"]
            .as_array()
            .expect("errors")
            .iter()
            .map(|it| it["field"].as_str().unwrap_or_default().to_owned())
            .collect();
        assert_eq!(fields, ["company", "source", "consent.basis"], "{}", wrong.text);
        let foreign = json!({ "park": "T1", "company": "x", "requirement": {}, "source": "fair", "consent": { "basis": "oral" } });
        assert_eq!(test.staff(&key, "POST", "/api/v1/leads", Some(&foreign)).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hand_over_needs_the_enterprise_then_the_park_and_leaves_the_first_lead_without_contact() {
    for test in TestApp::each().await {
        let (reference, _) = asked(&test, "h", &["P1"], &["T2"]).await;
        let (from, to) = (test.key("f", Role::Officer, &["T2"]).await, test.key("t", Role::Officer, &["T1"]).await);
        let lead = only(&test, &from).await;
        let proposal = json!({ "park": "T1", "listing": "P2", "reason": "我方无地" });
        ok(&act(&test, &from, &lead, "handover", &proposal).await);
        assert_eq!(act(&test, &from, &lead, "handover", &proposal).await.code(), "handover_open");
        assert_eq!(
            act(&test, &to, &lead, "handover/answer", &json!({ "accept": true })).await.status,
            StatusCode::NOT_FOUND
        );
        let own = test.get(&format!("/api/v1/requirements/{reference}")).await.json();
        let offer = own["handovers"][0].clone();
        assert_eq!(
            (offer["from"].as_str(), offer["to"].as_str(), offer["state"].as_str()),
            (Some("T2"), Some("T1"), Some("proposed"))
        );
        let path = format!("/api/v1/requirements/{reference}/handovers/{}", offer["id"].as_str().expect("an id"));
        let word = json!({ "accept": true, "consent": { "notice_version": luodi::service::notice::VERSION } });
        assert_eq!(ok(&test.post_with(&path, "c", &word).await)["state"], "consented");
        let tasks = ok(&test.staff(&to, "GET", "/api/v1/tasks", None).await);
        assert_eq!(
            (tasks["items"][0]["kind"].as_str(), &tasks["items"][0]["lead"]),
            (Some("handover"), &lead["id"]),
            "{tasks}"
        );
        let new = ok(&act(&test, &to, &lead, "handover/answer", &json!({ "accept": true })).await);
        assert_eq!(
            (new["park"].as_str(), new["listing"]["id"].as_str(), new["state"].as_str()),
            (Some("T1"), Some("P2"), Some("open"))
        );
        assert_ne!(new["number"], lead["number"]);
        let old = shown(&test, &from, &lead).await;
        assert_eq!(old["state"], "closed");
        assert_eq!(act(&test, &from, &lead, "reveal", &json!({})).await.status, StatusCode::FORBIDDEN);
        ok(&act(&test, &to, &new, "reveal", &json!({})).await);
        assert!(kinds(&shown(&test, &to, &new).await).contains(&"handover"));
        test.deliver().await;
        assert_eq!(
            test.db.rows("SELECT state FROM outbox WHERE purpose IN ('inquiry', 'handover')").await,
            ["sent"; 3]
        );
        assert_eq!(ok(&test.staff(&to, "GET", "/api/v1/tasks", None).await)["items"], json!([]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_is_told_once_and_works_the_park_and_a_correction_is_on_the_lead_and_in_one_mail() {
    for test in TestApp::each().await {
        let (reference, _) = asked(&test, "o", &["P1", "T2"], &["T2"]).await;
        let key = test.key("m", Role::Manager, &["T2"]).await;
        let lead = only(&test, &key).await;
        for (email, park) in [("own@example.com", "T2"), ("far@example.com", "T1")] {
            accounts::invite(&test.app, email, Role::Officer, Some(park)).await.expect("a link");
        }
        for wrong in ["far@example.com", "nobody@example.com"] {
            let refused = act(&test, &key, &lead, "owner", &json!({ "owner": wrong })).await;
            assert_eq!(refused.json()["errors"][0]["field"], "owner", "{wrong}");
        }
        let owned = ok(&act(&test, &key, &lead, "owner", &json!({ "owner": "own@example.com" })).await);
        assert_eq!(owned["owner"], "own@example.com");
        ok(&act(&test, &key, &lead, "owner", &json!({ "owner": "own@example.com" })).await);
        let mine = ok(&test.staff(&key, "GET", "/api/v1/leads?owner=own@example.com", None).await);
        assert_eq!(mine["items"].as_array().map(Vec::len), Some(1));
        assert_eq!(ok(&test.staff(&key, "GET", "/api/v1/leads?owner=none", None).await)["counts"]["open"], 0);
        let path = format!("/api/v1/requirements/{reference}");
        let body = json!({ "requirement": { "land_mu": { "min": 60 } } });
        let put = test.put_with(&path, "p", &body).await;
        assert!(ok(&put)["matches"].is_object(), "{}", put.text);
        let seen = shown(&test, &key, &lead).await;
        assert_eq!(seen["requirement"]["land_mu"]["min"], 60);
        assert_eq!(kinds(&seen).last(), Some(&"listing"), "{seen}");
        let mails =
            test.db.rows("SELECT purpose FROM outbox WHERE purpose IN ('assignment', 'news') ORDER BY purpose").await;
        assert_eq!(mails, ["assignment", "news"], "{}", test.db.name);
        ok(&act(&test, &key, &lead, "owner", &json!({ "owner": null })).await);
        assert_eq!(only(&test, &key).await["owner"], Value::Null);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_park_without_inbox_is_asked_through_the_operator_alone() {
    for test in TestApp::each().await {
        let reference = test.submitted("v").await;
        let path = format!("/api/v1/requirements/{reference}/inquiries");
        let mut body = TestApp::inquiry(&["P3"], &[]);
        assert_eq!(test.post_with(&path, "v1", &body).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        body["via_operator"] = json!(true);
        let sent = ok(&test.post_with(&path, "v2", &body).await);
        assert_eq!(sent["inquiries"][0]["state"], "with_operator");
        let (park, all) = (test.key("p", Role::Manager, &["T3"]).await, test.key("a", Role::Admin, &[]).await);
        assert_eq!(ok(&test.staff(&park, "GET", "/api/v1/leads", None).await)["items"], json!([]));
        let lead = only(&test, &all).await;
        assert_eq!((lead["park"].as_str(), lead["listing"]["id"].as_str()), (Some("T3"), Some("P3")));
        ok(&act(&test, &all, &lead, "reveal", &json!({})).await);
        let own = test.get(&format!("/api/v1/requirements/{reference}")).await.json();
        assert_eq!(own["accesses"][0]["park"], Value::Null, "the platform's own people");
        let to = test.db.rows("SELECT recipient FROM outbox WHERE inquiry_id IS NOT NULL").await;
        assert_eq!(to.join(","), test.app.config.site.contact);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sold_listing_is_on_the_timeline_of_its_leads_once_for_two_processes() {
    for test in TestApp::each().await {
        asked(&test, "l", &["P1"], &["T2"]).await;
        luodi::service::digests::follow_listings(&test.app).await.expect("followed");
        let key = test.key("k", Role::Officer, &["T2"]).await;
        let lead = only(&test, &key).await;
        test.import(domain::listing::Kind::Plot, "plot_no,province,park_code,status\nP1,浙江省,T2,sold\n").await;
        luodi::service::inventory::refresh(&test.app).await.expect("refreshed");
        let (one, two) = tokio::join!(
            luodi::service::digests::follow_listings(&test.app),
            luodi::service::digests::follow_listings(&test.app)
        );
        one.and(two).expect("followed");
        let seen = shown(&test, &key, &lead).await;
        let lines = kinds(&seen).iter().filter(|kind| **kind == "listing").count();
        assert_eq!((lines, seen["listing"]["status"].as_str()), (1, Some("sold")), "{seen}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_through_the_alias_is_on_the_lead_and_answers_its_clock() {
    for db in database::each().await {
        let test = TestApp::over(db, &[("LUODI__MAIL__ALIAS_DOMAIN", "reply.luodi.example.com")]).await;
        let (reference, _) = asked(&test, "a", &["P1"], &["T2"]).await;
        test.deliver().await;
        let letters: Vec<String> = test.letters().iter().map(|it| String::from_utf8_lossy(it).into_owned()).collect();
        let to_park = letters.iter().find(|it| it.contains("To: two@example.com")).expect("a mail");
        let alias = to_park
            .lines()
            .find_map(|line| line.strip_prefix("Reply-To: "))
            .expect("an alias")
            .trim_matches(['<', '>', '\r']);
        let mail = format!(
            "From: <two@example.com>\r\nTo: <{alias}>\r\nMessage-ID: <9@example.com>\r\nSubject: Re\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\n欢迎周五来看地。\r\n"
        );
        luodi::service::replies::forward(&test.app, mail.as_bytes()).await.expect("taken in");
        let key = test.key("k", Role::Officer, &["T2"]).await;
        let lead = only(&test, &key).await;
        assert!(lead["answered_at"].is_string() && lead["is_overdue"] == json!(false), "{lead}");
        let seen = shown(&test, &key, &lead).await;
        assert!(seen["timeline"].to_string().contains("欢迎周五来看地"), "{seen}");
        let own = test.get(&format!("/api/v1/requirements/{reference}")).await.json();
        assert!(own["inquiries"][0]["answered_at"].is_string(), "{own}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_writes_one_access_an_hour_and_person_and_its_replay_keeps_no_contact() {
    for test in TestApp::each().await {
        let (reference, _) = asked(&test, "r", &["P1"], &["T2"]).await;
        let (one, two) = (test.key("1", Role::Officer, &["T2"]).await, test.key("2", Role::Officer, &["T2"]).await);
        let lead = only(&test, &one).await;
        let path = format!("/api/v1/leads/{}/reveal", lead["id"].as_str().expect("an id"));
        for once in ["a", "a", "b"] {
            let seen = test.staff_once(&one, "POST", &path, Some(&json!({})), once).await;
            assert_eq!(ok(&seen)["contact"], "王工", "{once}");
        }
        let own = async || test.get(&format!("/api/v1/requirements/{reference}")).await.json()["accesses"].clone();
        assert_eq!(own().await.as_array().map(Vec::len), Some(1), "{}", test.db.name);
        ok(&test.staff(&two, "POST", &path, None).await);
        assert_eq!(own().await.as_array().map(Vec::len), Some(2));
        assert!(!test.texts("SELECT body FROM idempotency").await.contains("13800138000"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_mail_is_a_task_with_whom_and_what_to_do_and_is_closed_by_sending_again() {
    for test in TestApp::each().await {
        asked(&test, "f", &["P1"], &["T2"]).await;
        let key = test.key("k", Role::Officer, &["T2"]).await;
        let lead = only(&test, &key).await;
        assert_eq!(act(&test, &key, &lead, "resend", &json!({})).await.code(), "mail_not_failed");
        test.db.execute("UPDATE outbox SET state = 'failed' WHERE purpose = 'inquiry'").await;
        test.db.execute("UPDATE inquiry SET state = 'failed'").await;
        test.db.execute(
            "INSERT INTO staff_task (id, kind, park_code, requirement_id, inquiry_id, outbox_id, detail, created_at) \
             SELECT 'task', 'mail_failed', 'T2', requirement_id, inquiry_id, id, 'permanent: 550', 1 FROM outbox \
             WHERE purpose = 'inquiry'",
        ).await;
        let tasks = ok(&test.staff(&key, "GET", "/api/v1/tasks", None).await);
        let task = &tasks["items"][0];
        assert_eq!(
            (&task["lead"], task["company"].as_str(), task["address"].as_str()),
            (&lead["id"], Some("示例水泵有限公司"), Some("two@example.com")),
            "{task}"
        );
        assert!(task["todo"].as_str().is_some_and(|todo| todo.contains("重发 1 封")), "{task}");
        let again = ok(&act(&test, &key, &lead, "resend", &json!({})).await);
        assert_eq!(again["listings"][0]["state"], "queued");
        assert_eq!(ok(&test.staff(&key, "GET", "/api/v1/tasks", None).await)["items"], json!([]));
        assert_eq!(test.staff(&key, "POST", "/api/v1/tasks/task/done", None).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_names_the_leads_behind_each_figure_and_a_past_one_stays_as_filed() {
    for test in TestApp::each().await {
        asked(&test, "p", &["P1"], &["T2"]).await;
        let key = test.key("m", Role::Manager, &["T2"]).await;
        let lead = only(&test, &key).await;
        ok(&act(&test, &key, &lead, "notes", &json!({ "kind": "visit", "text": "看了 P1" })).await);
        let report = ok(&test.staff(&key, "GET", "/api/v1/reports/weekly", None).await);
        let figure = |report: &Value, name: &str| {
            report["figures"].as_array().expect("figures").iter().find(|it| it["name"] == name).expect("one").clone()
        };
        for name in ["new", "visits"] {
            assert_eq!(
                (&figure(&report, name)["value"], &figure(&report, name)["ids"][0]),
                (&json!(1), &lead["id"]),
                "{name}"
            );
        }
        // The lead came in a past month; what is filed then stays though the lead goes.
        test.db.execute("UPDATE lead SET created_at = 1750000000000").await;
        let path = "/api/v1/reports/monthly?month=2025-06";
        let filed = ok(&test.staff(&key, "GET", path, None).await);
        assert_eq!(figure(&filed, "new")["value"], json!(1), "{filed}");
        test.db.execute("UPDATE lead SET created_at = 1760000000000").await;
        let later = ok(&test.staff(&key, "GET", path, None).await);
        assert_eq!(later["figures"], filed["figures"]);
        assert_eq!(
            (later["corrections"][0]["filed"].clone(), later["corrections"][0]["value"].clone()),
            (json!(1), json!(0)),
            "{later}"
        );
        assert_eq!(
            test.staff(&key, "GET", "/api/v1/reports/weekly?week=2026-48", None).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        assert_eq!(test.staff(&key, "GET", "/api/v1/reports/weekly?park=T1", None).await.status, StatusCode::NOT_FOUND);
        assert_eq!(test.staff(&key, "GET", "/api/v1/reports/daily", None).await.status, StatusCode::NOT_FOUND);
    }
}

/// A clock that is set.
#[derive(Default)]
struct SetClock(std::sync::atomic::AtomicI64);

impl luodi::clock::Clock for SetClock {
    fn now(&self) -> domain::time::Moment {
        domain::time::Moment(self.0.load(std::sync::atomic::Ordering::SeqCst))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn digests_of_a_morning_reach_owner_then_manager_then_admin_once_each_from_two_processes() {
    for test in TestApp::each().await {
        asked(&test, "g", &["P1"], &["T2"]).await;
        for (email, role, park) in [
            ("officer@example.com", Role::Officer, Some("T2")),
            ("manager@example.com", Role::Manager, Some("T2")),
            ("admin@example.com", Role::Admin, None),
            ("observer@example.com", Role::Observer, Some("T2")),
        ] {
            accounts::invite(&test.app, email, role, park).await.expect("a link");
        }
        test.key("k", Role::Manager, &["T2"]).await;
        test.db.execute("UPDATE account SET created_at = 1").await;
        test.db
            .execute("UPDATE lead SET owner_id = (SELECT id FROM account WHERE email = 'officer@example.com')")
            .await;
        let at = |day: &str, minutes: i64| {
            let day = domain::time::parse_day(day).expect("a day");
            domain::time::Moment::start_of(day).0 + minutes * 60_000
        };
        // Due on a Tuesday.
        test.db.execute(&format!("UPDATE lead SET due_at = {}", at("2026-11-24", 24 * 60) - 1)).await;
        let name = test.db.name;
        let (context, db) = test.into_context();
        let clock = std::sync::Arc::new(SetClock::default());
        let other = luodi::service::context::Context::assemble(
            context.config.clone(),
            db.another().await,
            context.mailer.clone(),
            clock.clone(),
        );
        let other = std::sync::Arc::new(other.await.expect("a context"));
        let one = std::sync::Arc::new(luodi::service::context::Context { clock: clock.clone(), ..context });
        for (day, minutes, sent) in [
            ("2026-11-24", 600, 1),
            ("2026-11-25", 509, 1),
            ("2026-11-25", 511, 2),
            ("2026-11-25", 900, 2),
            ("2026-11-26", 511, 4),
            ("2026-11-27", 511, 7),
            // A weekend.
            ("2026-11-28", 511, 7),
        ] {
            clock.0.store(at(day, minutes), std::sync::atomic::Ordering::SeqCst);
            let (here, there) =
                tokio::join!(luodi::service::digests::send(&one), luodi::service::digests::send(&other));
            here.and(there).expect("sent");
            let mails = db.rows("SELECT recipient FROM outbox WHERE purpose = 'digest' ORDER BY recipient").await;
            assert_eq!(mails.len(), sent, "{name}: {day} {minutes}: {mails:?}");
        }
        let choice = one.db.mail_choice("officer@example.com", MailPurpose::Digest, one.clock.now()).await;
        luodi::service::wishes::choose(&one, &choice.expect("a choice").token, false).await.expect("stopped");
        clock.0.store(at("2026-11-30", 511), std::sync::atomic::Ordering::SeqCst);
        luodi::service::digests::send(&one).await.expect("sent");
        let mails = db.rows("SELECT recipient FROM outbox WHERE purpose = 'digest' ORDER BY recipient").await;
        assert_eq!(mails.len(), 9, "{name}: two of the three: {mails:?}");
        let officers = mails.iter().filter(|recipient| *recipient == "officer@example.com").count();
        assert_eq!(officers, 4, "{name}: none after the click");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_bursts_of_commands_keep_one_history_and_no_lead_without_clock() {
    for test in TestApp::each().await {
        asked(&test, "z", &["P1"], &["T2"]).await;
        let key = test.key("m", Role::Manager, &["T2"]).await;
        let lead = only(&test, &key).await;
        let burst = async |to: &'static str| {
            let mut moved = 0;
            for at in 0..100 {
                let version = shown(&test, &key, &lead).await["version"].clone();
                let stage = if at % 2 == 0 { to } else { "registered" };
                let reply =
                    act(&test, &key, &lead, "stage", &json!({ "to": stage, "version": version, "reason": "试" })).await;
                let note =
                    act(&test, &key, &lead, "notes", &json!({ "kind": "other", "text": format!("{to} {at}") })).await;
                assert_eq!(note.status, StatusCode::OK, "{}", note.text);
                moved += i64::from(reply.status == StatusCode::OK);
                assert!(
                    matches!(reply.status, StatusCode::OK | StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY),
                    "{}",
                    reply.text
                );
            }
            moved
        };
        let (one, two) = tokio::join!(burst("assessed"), burst("visited"));
        let left = shown(&test, &key, &lead).await;
        assert_eq!(left["version"].as_i64(), Some(1 + one + two), "{}", test.db.name);
        let count = |kind: &str| kinds(&left).iter().filter(|it| **it == kind).count() as i64;
        assert_eq!((count("stage"), count("note")), (1 + one + two, 200), "each move and note is there once");
        // Each move begins where the one before ended.
        let moves =
            test.db.rows("SELECT from_stage, to_stage FROM lead_event WHERE kind = 'stage' ORDER BY at, id").await;
        let pairs: Vec<(&str, &str)> = moves.iter().filter_map(|it| it.split_once('|')).collect();
        for pair in pairs.windows(2) {
            assert_eq!(pair[0].1, pair[1].0, "{}: {moves:?}", test.db.name);
        }
        assert!(left["due_on"].is_string(), "{left}");
    }
}
