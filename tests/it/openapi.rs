//! The OpenAPI document against the answers that the service gives.

use domain::account::Role;
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::desk::{asked, only};

/// Differences between an answer and its schema: a field that is not described, a required one that is absent, another type.
fn differences(document: &Value, schema: &Value, answer: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let named = document.pointer(name.trim_start_matches('#')).expect(name);
        return differences(document, named, answer, at, found);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let fits = |choice: &&Value| choice["type"] != "null" || answer.is_null();
        if let Some(choice) =
            choices.iter().rfind(|choice| fits(choice) && !(answer.is_null() && choice["type"] != "null"))
        {
            differences(document, choice, answer, at, found);
        }
        return;
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(some) => some.iter().filter_map(Value::as_str).collect(),
        // Any value.
        _ => return,
    };
    let own = match answer {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !types.iter().any(|known| *known == own || (*known == "integer" && answer.is_i64())) {
        found.push(format!("{at}: {own} is not {types:?}"));
    }
    for (at_item, item) in answer.as_array().into_iter().flatten().enumerate() {
        differences(document, &schema["items"], item, &format!("{at}[{at_item}]"), found);
    }
    let (Some(properties), Some(members)) = (schema["properties"].as_object(), answer.as_object()) else { return };
    for required in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !members.contains_key(required) {
            found.push(format!("{at}: {required} is absent"));
        }
    }
    for (name, member) in members {
        match properties.get(name) {
            Some(described) => differences(document, described, member, &format!("{at}.{name}"), found),
            None => found.push(format!("{at}: {name} is not described")),
        }
    }
}

/// The document as the service answers it.
async fn document(test: &TestApp) -> Value {
    test.get("/openapi.json").await.json()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_response_is_described_and_every_answer_has_a_schema() {
    let document = document(&TestApp::sqlite().await).await;
    let mut bare = Vec::new();
    for (path, calls) in document["paths"].as_object().expect("paths") {
        for (method, call) in calls.as_object().expect("calls") {
            for (status, response) in call["responses"].as_object().expect("responses") {
                if response["description"].as_str().is_none_or(str::is_empty) {
                    bare.push(format!("{method} {path} {status}: no description"));
                }
                let has_schema = response["content"]
                    .as_object()
                    .is_some_and(|content| content.values().all(|kind| kind.get("schema").is_some()));
                if !["204", "304"].contains(&status.as_str()) && !has_schema {
                    bare.push(format!("{method} {path} {status}: no schema"));
                }
            }
        }
    }
    assert_eq!(bare, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_as_the_document_says() {
    let test = TestApp::sqlite().await;
    let document = document(&test).await;
    let (reference, sent) = asked(&test, "o", &["P1"], &["T2"]).await;
    let key = test.key("k", Role::Manager, &["T2"]).await;
    let lead = only(&test, &key).await["id"].as_str().expect("an id").to_owned();
    let number = sent["inquiries"][0]["number"].as_str().expect("a number");
    let own = format!("/api/v1/requirements/{reference}");
    let need = json!({ "kinds": ["plot"], "land_mu": { "min": 20, "max": 40 }, "industry": "3670" });
    let text = "想在温岭找25亩工业地,要行车,另要一间办公室,王工 13800138000";
    let hold = json!({ "resource": "area", "amount": 25, "until": test.app.clock.now().day().to_string() });
    let columns = "id, park_code, address, shown, format, events, secret, account_id, created_at, lease_until, next_at";
    let values = "'hook', 'T2', 'https://a.example/', 'x', 'json', ';lead.created;', '', 'x', 1, 0, 0";
    test.db.execute(&format!("INSERT INTO webhook ({columns}) VALUES ({values})")).await;
    let columns = "event_id, webhook_id, turn, event, at, lead_id, number, park_code, stage, state, attempts, next_at";
    let values = "'e', 'hook', 1, 'lead.created', 1, 'l', 'LD1', 'T2', 'registered', 'held', 10, 1";
    test.db.execute(&format!("INSERT INTO webhook_delivery ({columns}) VALUES ({values})")).await;
    let hook = json!({ "park": "T2", "address": "https://a.example/x", "events": ["lead.created"] });
    let calls = [
        ("post", "/api/v1/webhooks", "/api/v1/webhooks", Some(hook)),
        ("get", "/api/v1/webhooks", "/api/v1/webhooks", None),
        ("get", "/api/v1/webhooks/{id}", "/api/v1/webhooks/hook", None),
        ("get", "/api/v1/webhooks/{id}/deliveries", "/api/v1/webhooks/hook/deliveries", None),
        ("post", "/api/v1/webhooks/{id}/replay", "/api/v1/webhooks/hook/replay", Some(json!({}))),
        ("post", "/api/v1/webhooks/{id}/secret", "/api/v1/webhooks/hook/secret", Some(json!({}))),
        ("get", "/api/v1/notice", "/api/v1/notice", None),
        ("post", "/api/v1/read", "/api/v1/read", Some(json!({ "text": text }))),
        ("post", "/api/v1/matches", "/api/v1/matches", Some(need.clone())),
        ("post", "/api/v1/requirements", "/api/v1/requirements", Some(TestApp::submission(&need))),
        ("get", "/api/v1/requirements/{reference}", &own, None),
        ("get", "/api/v1/requirements/{reference}/matches", &format!("{own}/matches"), None),
        ("get", "/api/v1/requirements/{reference}/export", &format!("{own}/export"), None),
        ("put", "/api/v1/requirements/{reference}", &own, Some(json!({ "requirement": need }))),
        (
            "post",
            "/api/v1/requirements/{reference}/inquiries",
            &format!("{own}/inquiries"),
            Some(TestApp::inquiry(&["P1", "P2"], &["T1", "T2"])),
        ),
        (
            "post",
            "/api/v1/requirements/{reference}/inquiries/{number}/messages",
            &format!("{own}/inquiries/{number}/messages"),
            Some(json!({ "text": "请问有现成厂房吗" })),
        ),
        ("get", "/api/v1/listings", "/api/v1/listings?kind=plot", None),
        ("get", "/api/v1/listings/{id}", "/api/v1/listings/P1", None),
        ("post", "/api/v1/listings/{id}/holds", "/api/v1/listings/P1/holds", Some(hold)),
        ("get", "/api/v1/listings/{id}/holds", "/api/v1/listings/P1/holds", None),
        ("get", "/api/v1/search", "/api/v1/search?q=30亩", None),
        ("get", "/api/v1/ranking", "/api/v1/ranking", None),
        ("get", "/api/v1/leads", "/api/v1/leads", None),
        ("get", "/api/v1/leads/{id}", &format!("/api/v1/leads/{lead}"), None),
        (
            "post",
            "/api/v1/leads/{id}/notes",
            &format!("/api/v1/leads/{lead}/notes"),
            Some(json!({ "kind": "phone", "text": "记" })),
        ),
        ("post", "/api/v1/leads/{id}/reveal", &format!("/api/v1/leads/{lead}/reveal"), None),
        ("get", "/api/v1/tasks", "/api/v1/tasks", None),
        ("get", "/api/v1/reports/{kind}", "/api/v1/reports/weekly", None),
    ];
    let mut found = Vec::new();
    for (method, route, path, body) in calls {
        let path: String = path
            .chars()
            .map(|c| if c.is_ascii() { c.to_string() } else { luodi::web::view::encode(&c.to_string()) })
            .collect();
        let reply = test.staff(&key, &method.to_uppercase(), &path, body.as_ref()).await;
        assert!(reply.status.is_success(), "{method} {path}: {} {}", reply.status, reply.text);
        let response = &document["paths"][route][method]["responses"][reply.status.as_str()];
        let schema = &response["content"]["application/json"]["schema"];
        differences(&document, schema, &reply.json(), &format!("{method} {route}"), &mut found);
    }
    assert_eq!(found, Vec::<String>::new());
}

/// Examples of what callers send, each with the schema that it stands beside.
#[tokio::test(flavor = "multi_thread")]
async fn every_body_has_an_example_that_fits_and_every_link_leads_to_a_call() {
    let document = document(&TestApp::sqlite().await).await;
    let paths = document["paths"].as_object().expect("paths").values();
    let calls: Vec<&Value> = paths.flat_map(|calls| calls.as_object().expect("calls").values()).collect();
    let ids: Vec<&str> = calls.iter().map(|call| call["operationId"].as_str().expect("an id")).collect();
    let mut found = Vec::new();
    for call in &calls {
        let id = call["operationId"].as_str().expect("an id");
        if call["tags"].as_array().is_none_or(|tags| tags.len() != 1) {
            found.push(format!("{id}: not in one group"));
        }
        for parameter in call["parameters"].as_array().into_iter().flatten() {
            if parameter["description"].as_str().is_none_or(str::is_empty) {
                found.push(format!("{id}: {} has no description", parameter["name"]));
            }
        }
        for response in call["responses"].as_object().expect("responses").values() {
            for link in response["links"].as_object().into_iter().flat_map(|links| links.values()) {
                if !ids.contains(&link["operationId"].as_str().unwrap_or_default()) {
                    found.push(format!("{id}: {link} leads nowhere"));
                }
            }
        }
        let Some(schema) = call["requestBody"].pointer("/content/application~1json/schema") else { continue };
        // A body that may be absent is a choice between its schema and null.
        let mut choices = schema["oneOf"].as_array().into_iter().flatten();
        let named = choices.find(|choice| !choice["$ref"].is_null()).unwrap_or(schema);
        let name = named["$ref"].as_str().expect("a named schema");
        let shape = document.pointer(name.trim_start_matches('#')).expect(name);
        let example = if shape["example"].is_null() { &shape["examples"][0] } else { &shape["example"] };
        if example.is_null() {
            found.push(format!("{name}: no example"));
        }
        differences(&document, named, example, name, &mut found);
    }
    assert_eq!(found, Vec::<String>::new());
}
