//! The people of parks: invitations, roles and spheres, signing in under guessing, second factors, sessions, what was typed
//! when a session ended, looks at contact data, the sealed audit.

mod asvs;
mod audit;
mod guessing;
mod kept;
mod looks;
mod managing;
mod matrix;
mod own;
mod spheres;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use domain::account::{Role, Sphere};
use domain::time::Moment;
use luodi::clock::Clock;
use luodi::service::accounts;
use luodi::web::view::encode;
use mail_parser::MessageParser;

use crate::app::TestApp;
use crate::database::{self, TestDb};

pub(crate) const PASSWORD: &str = "a sentence of twelve";

/// A clock that is set; it begins on Thursday 2026-12-03, 10:00 in China.
#[derive(Debug)]
pub(crate) struct SetClock(AtomicI64);

impl SetClock {
    pub(crate) fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000, Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Moment {
        Moment(self.0.load(Ordering::SeqCst))
    }
}

/// Limits as in production, but for the delays, which would only make the tests slow.
pub(crate) const LIMITED: &[(&str, &str)] = &[
    ("LUODI__LIMITS__ENABLED", "true"),
    ("LUODI__LIMITS__SIGN_IN_DELAY_MAX_MS", "0"),
    ("LUODI__SERVER__TRUSTED_HOPS", "1"),
];

/// An app over each database with a clock that is set.
pub(crate) async fn each(variables: &[(&str, &str)]) -> Vec<(TestApp, Arc<SetClock>)> {
    let mut all = Vec::new();
    for db in database::each().await {
        all.push(over(db, variables).await);
    }
    all
}

pub(crate) async fn over(db: TestDb, variables: &[(&str, &str)]) -> (TestApp, Arc<SetClock>) {
    let clock = Arc::new(SetClock(AtomicI64::new(1_796_263_200_000)));
    (TestApp::over(db, variables).await.with_clock(clock.clone()).await, clock)
}

/// A browser with all its cookies, at an address of its own.
pub(crate) struct Client<'t> {
    test: &'t TestApp,
    cookies: BTreeMap<String, String>,
    network: &'static str,
    /// Whether it tells from which page a request comes, as all present browsers do.
    vouches: bool,
}

/// An answer as a browser sees it.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) text: String,
    pub(crate) location: String,
    pub(crate) set_cookies: Vec<String>,
    pub(crate) clear_site_data: String,
}

impl<'t> Client<'t> {
    pub(crate) fn new(test: &'t TestApp, network: &'static str) -> Self {
        Self { test, cookies: BTreeMap::new(), network, vouches: true }
    }

    /// A browser in which somebody has set a password by the link of an invitation.
    pub(crate) async fn joined(test: &'t TestApp, email: &str, role: Role, sphere: impl Into<Sphere>) -> Self {
        let link = accounts::invite(&test.app, email, role, sphere).await.expect("a link");
        let mut client = Self::new(test, "203.0.113.7");
        let page = client.post(&link[link.find("/staff").expect("a path")..], &[("password", PASSWORD)]).await;
        assert_eq!(page.location, "/staff", "{}", page.text);
        client
    }

    pub(crate) async fn get(&mut self, path: &str) -> Page {
        self.send(Request::get(path).body(Body::empty()).expect("a request")).await
    }

    pub(crate) async fn post(&mut self, path: &str, pairs: &[(&str, &str)]) -> Page {
        let body = pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
        let request = Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body.collect::<Vec<_>>().join("&")));
        self.send(request.expect("a request")).await
    }

    pub(crate) async fn sign_in(&mut self, email: &str, password: &str) -> Page {
        self.post("/staff/sign-in", &[("email", email), ("password", password)]).await
    }

    async fn send(&mut self, mut request: Request<Body>) -> Page {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let headers = request.headers_mut();
        headers.insert("accept", "text/html".parse().expect("a value"));
        headers.insert("cookie", cookies.join("; ").parse().expect("a value"));
        headers.insert("x-forwarded-for", self.network.parse().expect("a value"));
        headers.insert("user-agent", "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0".parse().expect("a value"));
        if self.vouches {
            headers.insert("sec-fetch-site", "same-origin".parse().expect("a value"));
        }
        let reply = self.test.send(request).await;
        let all = reply.headers.get_all("set-cookie").iter();
        let set_cookies: Vec<String> = all.map(|value| value.to_str().expect("ASCII").to_owned()).collect();
        for cookie in &set_cookies {
            let (name, value) = cookie.split(';').next().and_then(|pair| pair.split_once('=')).expect("a pair");
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        self.cookies.retain(|_, value| !value.is_empty());
        let header = |name| reply.headers.get(name).map_or("", |value| value.to_str().expect("ASCII")).to_owned();
        let (location, clear_site_data) = (header("location"), header("clear-site-data"));
        Page { status: reply.status, text: reply.text, location, set_cookies, clear_site_data }
    }
}

/// The address below `/staff/PAGE/` in the newest mail to an address, after all waiting mails were sent.
pub(crate) async fn mailed_path(test: &TestApp, to: &str, page: &str) -> String {
    let sent = mails(test, to).await;
    let text = sent.iter().rev().find(|text| text.contains(&format!("/staff/{page}/"))).expect("a mail with a link");
    let from = &text[text.find(&format!("/staff/{page}/")).expect("a path")..];
    from.split_whitespace().next().expect("a path").to_owned()
}

/// The texts of the mails to an address, oldest first.
pub(crate) async fn mails(test: &TestApp, to: &str) -> Vec<String> {
    let sql = format!("SELECT id FROM outbox WHERE recipient = '{to}' ORDER BY id");
    let mut texts = Vec::new();
    for id in test.db.rows(&sql).await {
        let hex = if test.db.name == "sqlite" { "hex(payload)" } else { "encode(payload, 'hex')" };
        let rows = test.db.rows(&format!("SELECT {hex} FROM outbox WHERE id = '{id}'")).await;
        let bytes: Vec<u8> = (0..rows[0].len() / 2)
            .map(|at| u8::from_str_radix(&rows[0][2 * at..2 * at + 2], 16).expect("hexadecimal"))
            .collect();
        let mail = MessageParser::default().parse(&bytes).expect("a mail");
        texts.push(format!("{}\n{}", mail.subject().expect("a subject"), mail.body_text(0).expect("a text")));
    }
    texts
}

/// Sends an inquiry about plots and returns the ids of the leads, in the order of the plots.
pub(crate) async fn leads(test: &TestApp, key: &str, plots: &[&str], parks: &[&str]) -> Vec<String> {
    let reference = test.submitted(key).await;
    let path = format!("/api/v1/requirements/{reference}/inquiries");
    let sent = test.post_with(&path, &format!("{key}-send"), &TestApp::inquiry(plots, parks)).await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text);
    let mut ids = Vec::new();
    for inquiry in sent.json()["inquiries"].as_array().expect("a list") {
        let number = inquiry["number"].as_str().expect("a number");
        let sql = format!("SELECT l.id FROM lead l JOIN inquiry i ON i.id = l.inquiry_id WHERE i.number = '{number}'");
        ids.extend(test.db.rows(&sql).await);
    }
    ids
}

pub(crate) async fn id_of(test: &TestApp, email: &str) -> String {
    test.app.db.account_by_email(email).await.expect("reads").expect(email).id
}
