//! Clients that insist on requirements and inquiries while something fails, and what they were refused with meanwhile.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::task::JoinSet;

use crate::checker::Acknowledged;
use crate::http;
use crate::scene::{PARKS, notice_version, park, submission};

/// Between a refusal and the next try.
const PAUSE: Duration = Duration::from_millis(100);

pub(crate) struct Crowd {
    shared: Arc<Shared>,
    clients: JoinSet<Vec<Acknowledged>>,
}

struct Shared {
    server: SocketAddr,
    next: AtomicUsize,
    ends: AtomicBool,
    /// The status of every answer that was no success, 0 where none came, and whether it said when to ask again.
    refusals: Mutex<Vec<(u16, bool)>>,
}

impl Crowd {
    /// So many clients, each of which rests after every inquiry that it has brought through.
    pub(crate) fn of(clients: usize, server: SocketAddr, rest: Duration) -> Self {
        let shared =
            Shared { server, next: AtomicUsize::new(0), ends: AtomicBool::new(false), refusals: Mutex::default() };
        let shared = Arc::new(shared);
        let mut running = JoinSet::new();
        for _ in 0..clients {
            let shared = Arc::clone(&shared);
            running.spawn(async move {
                let mut told = Vec::new();
                while !shared.ends.load(Ordering::SeqCst) {
                    told.push(shared.inquire().await);
                    tokio::time::sleep(rest).await;
                }
                told
            });
        }
        Self { shared, clients: running }
    }

    /// How many refusals were like this.
    pub(crate) fn refusals(&self, wanted: impl Fn(u16, bool) -> bool) -> usize {
        let refusals = self.shared.refusals.lock().unwrap_or_else(PoisonError::into_inner);
        refusals.iter().filter(|&&(status, says_when)| wanted(status, says_when)).count()
    }

    /// How long until somebody who comes now has a requirement acknowledged.
    pub(crate) async fn healed(&self) -> (Duration, Acknowledged) {
        let started = Instant::now();
        let told = tokio::time::timeout(Duration::from_secs(60), self.shared.require("probe")).await;
        (started.elapsed(), told.expect("well again within a minute"))
    }

    /// Lets every client bring its last inquiry through; what all were told.
    pub(crate) async fn end(&mut self) -> Vec<Acknowledged> {
        self.shared.ends.store(true, Ordering::SeqCst);
        std::mem::take(&mut self.clients).join_all().await.concat()
    }
}

impl Shared {
    async fn require(&self, keys: &str) -> Acknowledged {
        let number = self.next.fetch_add(1, Ordering::SeqCst);
        let body = submission(number, &notice_version(&[self.server], 0).await).to_string();
        let answer = self.insist("/api/v1/requirements", &format!("{keys}-{number}"), &body).await;
        let reference = answer["reference"].as_str().unwrap_or_default().to_owned();
        Acknowledged { reference, numbers: Vec::new() }
    }

    async fn inquire(&self) -> Acknowledged {
        let Acknowledged { reference, .. } = self.require("req").await;
        let version = notice_version(&[self.server], 0).await;
        let parks = [park(self.next.load(Ordering::SeqCst) % PARKS)];
        let send = json!({ "listings": parks, "consent": { "notice_version": version, "parks": parks } }).to_string();
        let path = format!("/api/v1/requirements/{reference}/inquiries");
        let answer = self.insist(&path, &format!("inq-{reference}"), &send).await;
        let numbers = answer["inquiries"].as_array().into_iter().flatten();
        let numbers = numbers.filter_map(|inquiry| inquiry["number"].as_str().map(str::to_owned)).collect();
        Acknowledged { reference, numbers }
    }

    async fn insist(&self, path: &str, key: &str, body: &str) -> serde_json::Value {
        loop {
            let refusal = match http::post(self.server, path, key, body).await {
                Ok(answer) if answer.status == 201 => return answer.json(),
                Ok(answer) => (answer.status, answer.header("retry-after").is_some()),
                Err(_) => (0, false),
            };
            self.refusals.lock().unwrap_or_else(PoisonError::into_inner).push(refusal);
            tokio::time::sleep(PAUSE).await;
        }
    }
}
