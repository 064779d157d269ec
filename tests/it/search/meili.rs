//! A Meilisearch that is slow, down, or fails after it has said yes; what it is asked, and what its answers become.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use luodi::search::{DocKind, Guarded, Meili, Memory, SearchError, TextIndex};
use serde_json::{Value, json};
use wiremock::matchers::{body_string_contains, method, path, path_regex};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use super::{division, docs, found, ids, industry, put, query, remove};

/// Takes every task and says that it ended as `outcome`; its indexes have no settings yet.
async fn server(outcome: Value) -> MockServer {
    over(MockServer::start().await, outcome).await
}

/// The same over a server that answers some requests already.
async fn over(server: MockServer, outcome: Value) -> MockServer {
    let uids = AtomicU32::new(1);
    let accepted = move |_: &Request| {
        let task = json!({"taskUid": uids.fetch_add(1, Ordering::Relaxed), "indexUid": "luodi", "status": "enqueued",
            "type": "documentAdditionOrUpdate", "enqueuedAt": "2026-11-24T08:00:00Z"});
        ResponseTemplate::new(202).set_body_json(task)
    };
    let ended = move |request: &Request| {
        let uid: u32 = request.url.path().rsplit('/').next().and_then(|uid| uid.parse().ok()).unwrap_or_default();
        let mut task = json!({"uid": uid, "indexUid": "luodi", "type": "documentAdditionOrUpdate", "details": null,
            "error": null, "duration": "PT0.1S", "enqueuedAt": "2026-11-24T08:00:00Z",
            "startedAt": "2026-11-24T08:00:00Z", "finishedAt": "2026-11-24T08:00:01Z"});
        if let (Some(task), Some(outcome)) = (task.as_object_mut(), outcome.as_object()) {
            task.extend(outcome.clone());
        }
        ResponseTemplate::new(200).set_body_json(task)
    };
    Mock::given(method("GET")).and(path_regex("^/tasks/[0-9]+$")).respond_with(ended).mount(&server).await;
    let none = json!({"results": [], "offset": 0, "limit": 1_000, "total": 0});
    Mock::given(method("GET"))
        .and(path("/indexes"))
        .respond_with(ResponseTemplate::new(200).set_body_json(none))
        .mount(&server)
        .await;
    let stats = json!({"numberOfDocuments": docs().len(), "isIndexing": false, "fieldDistribution": {},
        "numberOfEmbeddings": 0, "numberOfEmbeddedDocuments": 0, "rawDocumentDbSize": 0, "avgDocumentSize": 0});
    let stats = ResponseTemplate::new(200).set_body_json(stats);
    Mock::given(method("GET")).and(path_regex("^/indexes/[a-z-]+/stats$")).respond_with(stats).mount(&server).await;
    let tasks =
        "^/(indexes|swap-indexes|indexes/[a-z-]+(/documents|/documents/delete-batch|/settings(/prefix-search)?)?)$";
    Mock::given(path_regex(tasks)).respond_with(accepted).mount(&server).await;
    having(&server, &json!({}), "indexingTime").await;
    server
}

/// The settings that every index has.
async fn having(server: &MockServer, settings: &Value, prefixes: &str) {
    for (end, value) in [("", settings), ("/prefix-search", &json!(prefixes))] {
        let held = ResponseTemplate::new(200).set_body_json(value);
        let asked = Mock::given(method("GET")).and(path_regex(format!("^/indexes/[a-z-]+/settings{end}$")));
        asked.respond_with(held).with_priority(1).mount(server).await;
    }
}

/// No document is found by its whole name.
async fn answering(server: &MockServer, respond: impl Respond + 'static) {
    let none = ResponseTemplate::new(200).set_body_json(json!({"hits": [], "offset": 0, "limit": 0,
        "estimatedTotalHits": 0, "query": "", "processingTimeMs": 1}));
    let by_name = Mock::given(method("POST")).and(body_string_contains("names = ")).respond_with(none);
    by_name.with_priority(1).mount(server).await;
    Mock::given(method("POST")).and(path("/indexes/luodi/search")).respond_with(respond).mount(server).await;
}

fn meili(server: &MockServer) -> Meili {
    Meili::new(&server.uri(), Some("key"), "luodi").expect("an index")
}

/// An answer with one document.
fn answer() -> Value {
    let doc = docs().into_iter().find(|doc| doc.kind == DocKind::Plot).expect("a plot");
    let mut hit = serde_json::to_value(&doc).expect("JSON");
    hit["key"] = json!("0a");
    json!({"hits": [hit], "offset": 0, "limit": 20, "estimatedTotalHits": 21, "query": "",
        "processingTimeMs": 1,
        "facetDistribution": {"kind": {"plot": 20, "policy": 1}, "tags": {"region:330000": 21, "region:330200": 20}}})
}

async fn bodies(server: &MockServer, path: &str) -> Vec<Value> {
    let requests = server.received_requests().await.expect("recorded");
    let sent = requests.iter().filter(|r| r.url.path() == path && r.method != "GET");
    sent.map(|r| r.body_json().expect("JSON")).collect()
}

#[tokio::test]
async fn an_answer_becomes_hits_facets_and_a_total() {
    let server = server(json!({"status": "succeeded"})).await;
    answering(&server, ResponseTemplate::new(200).set_body_json(answer())).await;
    let hits = found(&meili(&server), &query("小港")).await;
    assert_eq!((hits.total, hits.hits[0].id.as_str(), hits.is_fallback), (21, "甬储出2026-045号", false));
    assert_eq!(hits.hits[0].highlight, "北仑区<em>小港</em>街道&lt;纬三路&gt;北侧");
    assert_eq!(hits.facets.kinds.into_iter().collect::<Vec<_>>(), [(DocKind::Plot, 20), (DocKind::Policy, 1)]);
    assert_eq!(hits.facets.provinces.into_iter().collect::<Vec<_>>(), [("330000".to_owned(), 21)]);
}

#[tokio::test]
async fn a_total_does_not_end_at_the_deepest_page() {
    let server = server(json!({"status": "succeeded"})).await;
    let mut many = answer();
    many["estimatedTotalHits"] = json!(10_000);
    many["facetDistribution"]["kind"] = json!({"plot": 20_000, "policy": 1});
    answering(&server, ResponseTemplate::new(200).set_body_json(many)).await;
    assert_eq!(found(&meili(&server), &query("小港")).await.total, 20_001);
}

#[tokio::test]
async fn a_question_is_data_and_only_typed_values_are_filters() {
    let server = server(json!({"status": "succeeded"})).await;
    answering(&server, ResponseTemplate::new(200).set_body_json(answer())).await;
    let text = "\" OR id > 0 廠";
    let question = query(text)
        .only(vec![DocKind::Plot, DocKind::Space], vec![division("330000")], vec![industry("36")])
        .expect("a question")
        .demo(false);
    found(&meili(&server), &question).await;
    found(&meili(&server), &query(text)).await;
    let asked = bodies(&server, "/indexes/luodi/search").await;
    let by_name = |body: &Value| body["filter"].as_str().is_some_and(|filter| filter.contains("names = "));
    let asked: Vec<Value> = asked.into_iter().filter(|body| !by_name(body)).collect();
    let words: Vec<String> = asked[0]["q"].as_str().expect("words").split(' ').map(str::to_owned).collect();
    assert!(words.len() == 4 && words[..3] == ["\"id\"", "\">\"", "\"0\""], "{words:?}");
    let filter =
        r#"kind IN ["plot", "space"] AND tags IN ["region:330000"] AND tags IN ["industry:36"] AND demo = false"#;
    assert_eq!(asked[0]["filter"], filter);
    assert_eq!(asked[1].get("filter").filter(|filter| !filter.is_null()), None);
}

#[tokio::test]
async fn changes_go_out_once_each_with_keys_that_meilisearch_takes() {
    let server = server(json!({"status": "succeeded"})).await;
    let plot = docs().into_iter().find(|doc| doc.kind == DocKind::Plot).expect("a plot");
    let changes = [put(&plot), remove(DocKind::Park, "G1"), put(&plot), remove(DocKind::Space, "S1")];
    meili(&server).apply(&changes).await.expect("applied");
    let put = bodies(&server, "/indexes/luodi/documents").await;
    assert_eq!((put.len(), put[0].as_array().map(Vec::len)), (1, Some(1)));
    let key = put[0][0]["key"].as_str().expect("a key");
    assert!(key.len() == 32 && key.bytes().all(|b| b.is_ascii_hexdigit()), "{key}");
    let removed = bodies(&server, "/indexes/luodi/documents/delete-batch").await;
    assert_eq!(removed[0].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn a_task_that_fails_after_its_acceptance_is_an_error() {
    let failed = json!({"status": "failed", "error": {"message": "disk is full", "code": "no_space_left_on_device",
        "type": "internal", "link": "https://example.com"}});
    let server = server(failed).await;
    let error = meili(&server).apply(&[put(&docs()[0])]).await.expect_err("failed");
    assert!(matches!(&error, SearchError::Failed(why) if why.contains("disk is full")), "{error}");
}

#[tokio::test]
async fn an_index_that_exists_already_is_taken_as_it_is() {
    let exists = json!({"status": "failed", "error": {"message": "Index `luodi` already exists.",
        "code": "index_already_exists", "type": "invalid_request", "link": "https://example.com"}});
    let server = server(exists).await;
    // The settings' task fails alike here: what matters is that making the index did not end the matter.
    meili(&server).apply(&[put(&docs()[0])]).await.expect_err("the settings");
    assert_eq!(bodies(&server, "/indexes/luodi/settings").await.len(), 1);
}

#[tokio::test]
async fn settings_that_an_index_has_are_not_sent_again() {
    let first = server(json!({"status": "succeeded"})).await;
    meili(&first).apply(&[put(&docs()[0])]).await.expect("applied");
    let [wanted] = &bodies(&first, "/indexes/luodi/settings").await[..] else { panic!("no settings") };
    for (held, prefixes, times) in [(wanted, "disabled", 0), (&json!({"rankingRules": ["words"]}), "disabled", 1)] {
        // What it has besides is its own matter.
        let mut held = held.clone();
        held["stopWords"] = json!([]);
        let server = MockServer::start().await;
        having(&server, &held, prefixes).await;
        let second = over(server, json!({"status": "succeeded"})).await;
        meili(&second).apply(&[put(&docs()[0])]).await.expect("applied");
        assert_eq!(bodies(&second, "/indexes/luodi/settings").await.len(), times);
        assert_eq!(bodies(&second, "/indexes/luodi/settings/prefix-search").await, [] as [Value; 0]);
    }
}

#[tokio::test]
async fn a_rebuild_fills_a_second_index_and_swaps_it_in() {
    let server = server(json!({"status": "succeeded"})).await;
    meili(&server).rebuild(docs()).await.expect("rebuilt");
    assert_eq!(bodies(&server, "/indexes/luodi-next/documents").await.len(), 1);
    let swap = bodies(&server, "/swap-indexes").await;
    assert_eq!(swap, [json!([{"indexes": ["luodi", "luodi-next"]}])]);
    let prefixes = bodies(&server, "/indexes/luodi-next/settings/prefix-search").await;
    assert_eq!(prefixes, [json!("disabled")]);
}

async fn guarded(server: &MockServer) -> Guarded {
    let index = Guarded::new(Arc::new(meili(server)), Arc::new(Memory::new()));
    index.rebuild(docs()).await.expect("filled");
    index
}

#[tokio::test]
async fn while_it_is_slow_the_fallback_answers_in_time_and_after_five_it_is_spared() {
    let server = server(json!({"status": "succeeded"})).await;
    answering(&server, ResponseTemplate::new(200).set_body_json(answer()).set_delay(Duration::from_secs(30))).await;
    let index = guarded(&server).await;
    for n in 1..=20 {
        let start = Instant::now();
        let hits = found(&index, &query("昆山")).await;
        assert_eq!((hits.is_fallback, hits.hits[0].id.as_str()), (true, "G321001"));
        let most = if n <= 5 { 3_000 } else { 300 };
        assert!(start.elapsed() < Duration::from_millis(most), "{n}: {:?}", start.elapsed());
    }
    // A server that hangs up its hand counts each request once it is done with it; none came after the fifth.
    assert!(bodies(&server, "/indexes/luodi/search").await.len() <= 5);
}

#[tokio::test]
async fn whatever_it_answers_a_search_gets_an_answer() {
    for respond in [
        ResponseTemplate::new(500),
        ResponseTemplate::new(401)
            .set_body_json(json!({"message": "no", "code": "invalid_api_key", "type": "auth", "link": ""})),
        ResponseTemplate::new(200).set_body_string("<html>"),
        ResponseTemplate::new(200).set_body_json(json!({"hits": [{"id": 5}], "query": "", "processingTimeMs": 1})),
    ] {
        let server = server(json!({"status": "succeeded"})).await;
        answering(&server, respond).await;
        let hits = found(&guarded(&server).await, &query("昆山")).await;
        assert!(hits.is_fallback && hits.hits[0].id == "G321001");
    }
    let nobody = Meili::new("http://127.0.0.1:9", None, "luodi").expect("an index");
    let index = Guarded::new(Arc::new(nobody), Arc::new(Memory::new()));
    assert!(found(&index, &query("昆山")).await.is_fallback);
    index.apply(&[put(&docs()[0])]).await.expect("the fallback has it");
    assert_eq!(ids(&index, &query("北仑")).await, ["G331021"], "the fallback has the change already");
}
