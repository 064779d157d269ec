//! A Meilisearch that does what it is told to: it keeps documents, and fails in the way that is asked for.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use luodi::search::MEILI_INDEX;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// How it fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    Well,
    /// Closes every connection.
    Down,
    /// Answers everything after five seconds.
    Slow,
    /// Takes connections and never answers.
    Silent,
    /// Answers everything with 500.
    Broken,
    /// Takes every task, which fails later.
    FailsLater,
    /// Finds what is not there.
    FindsGhosts,
    /// Says that it took all documents of a request, and has all but the first.
    LosesDocuments,
}

/// The documents of each index, by key.
type Indexes = HashMap<String, BTreeMap<String, Value>>;

#[derive(Debug)]
struct State {
    mood: Mood,
    indexes: Indexes,
    /// Whether each task failed.
    tasks: Vec<bool>,
    searches: usize,
    swaps: usize,
    /// Key and path of each request.
    asked: Vec<(String, String)>,
}

/// A running stub; it ends with its value.
pub(crate) struct MeiliStub {
    pub(crate) address: SocketAddr,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

impl MeiliStub {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = State {
            mood: Mood::Well,
            indexes: HashMap::new(),
            tasks: Vec::new(),
            searches: 0,
            swaps: 0,
            asked: Vec::new(),
        };
        let state = Arc::new(Mutex::new(state));
        let task = tokio::spawn(accept(listener, Arc::clone(&state)));
        Self { address, state, task }
    }

    pub(crate) fn set(&self, mood: Mood) {
        lock(&self.state).mood = mood;
    }

    /// How many searches it was asked for since it was last asked for this.
    pub(crate) fn searches(&self) -> usize {
        std::mem::take(&mut lock(&self.state).searches)
    }

    /// How often an index was swapped in.
    pub(crate) fn swaps(&self) -> usize {
        lock(&self.state).swaps
    }

    /// Names of all indexes.
    pub(crate) fn indexes(&self) -> Vec<String> {
        lock(&self.state).indexes.keys().cloned().collect()
    }

    /// Key and path of each request until now.
    pub(crate) fn asked(&self) -> Vec<(String, String)> {
        lock(&self.state).asked.clone()
    }

    /// Alters the documents of the index that is searched, as nobody should.
    pub(crate) fn tamper(&self, alter: impl FnOnce(&mut BTreeMap<String, Value>)) {
        alter(lock(&self.state).indexes.entry(MEILI_INDEX.to_owned()).or_default());
    }

    /// `id title` of every document of the index that is searched.
    pub(crate) fn titles(&self) -> Vec<String> {
        let state = lock(&self.state);
        let docs = state.indexes.get(MEILI_INDEX).into_iter().flat_map(BTreeMap::values);
        let text = |doc: &Value, name: &str| doc[name].as_str().unwrap_or_default().to_owned();
        let mut titles: Vec<_> = docs.map(|doc| format!("{} {}", text(doc, "id"), text(doc, "title"))).collect();
        titles.sort_unstable();
        titles
    }
}

impl Drop for MeiliStub {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn accept(listener: TcpListener, state: Arc<Mutex<State>>) {
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        while connections.try_join_next().is_some() {}
        if lock(&state).mood == Mood::Down {
            continue;
        }
        let state = Arc::clone(&state);
        connections.spawn(async move {
            let answer = service_fn(|request| answer(request, Arc::clone(&state)));
            // The client may go at any time.
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
        });
    }
}

async fn answer(request: Request<Incoming>, state: Arc<Mutex<State>>) -> Result<Response<Full<Bytes>>, std::io::Error> {
    let mood = lock(&state).mood;
    if mood == Mood::Slow {
        tokio::time::sleep(Duration::from_secs(5)).await;
    }
    if mood == Mood::Silent {
        std::future::pending::<()>().await;
    }
    let (parts, body) = request.into_parts();
    let key = parts.headers.get("authorization").and_then(|key| key.to_str().ok()).unwrap_or_default().to_owned();
    lock(&state).asked.push((key, parts.uri.path().to_owned()));
    let bytes = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    if mood == Mood::Down {
        // An error of the service closes the connection without an answer.
        return Err(std::io::ErrorKind::ConnectionReset.into());
    }
    let (status, text) = if mood == Mood::Broken {
        (500, json!({ "message": "broken", "code": "internal", "type": "internal", "link": "https://example.com" }))
    } else {
        let path: Vec<&str> = parts.uri.path().split('/').skip(1).collect();
        let query = parts.uri.query().unwrap_or_default();
        lock(&state).carry_out(parts.method.as_str(), &path, query, &body)
    };
    let response = Response::builder().status(status).header("content-type", "application/json");
    Ok(response.body(Full::new(text.to_string().into())).unwrap_or_else(|_: hyper::http::Error| Response::default()))
}

impl State {
    fn carry_out(&mut self, method: &str, path: &[&str], query: &str, body: &Value) -> (u16, Value) {
        match (method, path) {
            ("GET", ["tasks", id]) => (200, self.task(id.parse().unwrap_or(0))),
            ("POST", ["indexes", _, "search"]) => (200, self.search(body)),
            ("GET", ["indexes", name, "stats"]) => {
                let count = self.indexes.get(*name).map_or(0, BTreeMap::len);
                (
                    200,
                    json!({ "numberOfDocuments": count, "isIndexing": false, "fieldDistribution": {}, "numberOfEmbeddings": 0,
                        "numberOfEmbeddedDocuments": 0, "rawDocumentDbSize": 0, "avgDocumentSize": 0 }),
                )
            }
            ("GET", ["indexes"]) => (200, self.list()),
            ("GET", ["indexes", _, "settings"]) => (200, json!({})),
            ("GET", ["indexes", _, "settings", "prefix-search"]) => (200, json!("indexingTime")),
            ("GET", ["indexes", name, "documents"]) => (200, self.documents(name, query)),
            _ => {
                let fails = self.mood == Mood::FailsLater;
                if !fails {
                    self.change(method, path, body);
                }
                self.tasks.push(fails);
                let task = json!({ "taskUid": self.tasks.len() - 1, "indexUid": MEILI_INDEX, "status": "enqueued",
                    "type": "documentAdditionOrUpdate", "enqueuedAt": "2026-11-24T08:00:00Z" });
                (202, task)
            }
        }
    }

    fn task(&self, id: usize) -> Value {
        let failed = self.tasks.get(id).copied().unwrap_or(true);
        let error = json!({ "message": "disk is full", "code": "no_space_left_on_device", "type": "internal",
            "link": "https://example.com" });
        json!({ "uid": id, "indexUid": MEILI_INDEX, "type": "documentAdditionOrUpdate", "details": null,
            "status": if failed { "failed" } else { "succeeded" }, "error": if failed { error } else { Value::Null },
            "duration": "PT0.1S", "enqueuedAt": "2026-11-24T08:00:00Z", "startedAt": "2026-11-24T08:00:00Z",
            "finishedAt": "2026-11-24T08:00:01Z" })
    }

    fn list(&self) -> Value {
        let index = |name: &String| {
            let day = "2026-11-24T08:00:00Z";
            json!({ "uid": name, "primaryKey": "key", "createdAt": day, "updatedAt": day })
        };
        let all: Vec<Value> = self.indexes.keys().map(index).collect();
        json!({ "total": all.len(), "results": all, "offset": 0, "limit": 1_000 })
    }

    /// One page of an index's documents by `offset` and `limit`.
    fn documents(&self, name: &str, query: &str) -> Value {
        let number = |name: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(key, _)| *key == name).and_then(|(_, value)| value.parse().ok())
        };
        let (offset, limit) = (number("offset").unwrap_or(0), number("limit").unwrap_or(20));
        let docs = self.indexes.get(name).into_iter().flat_map(BTreeMap::values);
        let page: Vec<Value> = docs.skip(offset).take(limit).cloned().collect();
        json!({ "total": page.len(), "results": page, "offset": offset, "limit": limit })
    }

    fn change(&mut self, method: &str, path: &[&str], body: &Value) {
        match (method, path) {
            ("DELETE", ["indexes", name]) => drop(self.indexes.remove(*name)),
            ("POST", ["indexes"]) => drop(self.indexes.entry(text(&body["uid"])).or_default()),
            ("POST" | "PUT", ["indexes", name, "documents"]) => {
                let index = self.indexes.entry((*name).to_owned()).or_default();
                let lost = usize::from(self.mood == Mood::LosesDocuments);
                let docs = body.as_array().into_iter().flatten().skip(lost);
                index.extend(docs.map(|doc| (text(&doc["key"]), doc.clone())));
            }
            ("POST", ["indexes", name, "documents", "delete-batch"]) => {
                let index = self.indexes.entry((*name).to_owned()).or_default();
                body.as_array().into_iter().flatten().for_each(|key| drop(index.remove(&text(key))));
            }
            ("POST", ["swap-indexes"]) => {
                self.swaps += 1;
                for pair in body.as_array().into_iter().flatten() {
                    let (one, other) = (text(&pair["indexes"][0]), text(&pair["indexes"][1]));
                    let (first, second) = (self.indexes.remove(&one), self.indexes.remove(&other));
                    self.indexes.extend(second.map(|docs| (one, docs)));
                    self.indexes.extend(first.map(|docs| (other, docs)));
                }
            }
            _ => {}
        }
    }

    fn search(&mut self, body: &Value) -> Value {
        self.searches += 1;
        let words = text(&body["q"]);
        // No document is asked for by its whole name here.
        let is_named = text(&body["filter"]).contains("names = ");
        let docs = self.indexes.get(MEILI_INDEX).into_iter().flat_map(BTreeMap::values).filter(|_| !is_named);
        let holds = |title: &str| words.split("\" \"").all(|phrase| title.contains(phrase.trim_matches('"')));
        let found = docs.filter(|doc| doc["searched_title"].as_str().is_some_and(holds));
        let mut hits: Vec<Value> = found.cloned().collect();
        if self.mood == Mood::FindsGhosts {
            for hit in &mut hits {
                hit["id"] = json!(format!("ghost {}", text(&hit["id"])));
            }
        }
        let total = hits.len();
        hits.truncate(20);
        json!({ "hits": hits, "offset": 0, "limit": 20, "estimatedTotalHits": total,
            "query": words, "processingTimeMs": 1, "facetDistribution": { "kind": { "park": total } } })
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
