//! The program without its listener: a context over a throw-away database, its router called directly, mails as files.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use domain::account::Role;
use domain::listing::Kind;
use domain::requirement::Requirement;
use domain::time::Moment;
use luodi::clock::{Clock, SystemClock};
use luodi::config::Config;
use luodi::db::import::StoredTable;
use luodi::db::requirement::StoredContact;
use luodi::error::Error;
use luodi::mail::FileMailer;
use luodi::service::accounts::Actor;
use luodi::service::context::{App, Context};
use luodi::service::imports::{self, ImportOptions};
use luodi::service::keys;
use luodi::service::requirements::Submit;
use luodi::service::work::{self, MoveIn};
use luodi::tables::{Limits, Reader};
use luodi::web::gate::Gate;
use luodi::worker::webhook_http::WebhookClient;
use luodi::worker::{Pace, Worker};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use crate::database::{self, TestDb};

/// Parks and plots of these tests: two parks with an inbox, one without.
const PARKS: &str = "code,name,level,province,city,county,available_land_mu,inbox_email\n\
    T1,示例一号园区,省级,浙江省,宁波市,北仑区,300,one@example.com\n\
    T2,示例二号园区,国家级,浙江省,台州市,温岭市,120,two@example.com\n\
    T3,示例三号园区,省级,浙江省,台州市,温岭市,90,\n";
const PLOTS: &str = "plot_no,province,city,county,area_mu,land_use,industry_code_gb4754,tax_wan_mu,output_wan_mu,start_price_wan,park_code,status
\
    P1,浙江省,台州市,温岭市,25,二类工业用地,34,25,500,700,T2,available
\
    P2,浙江省,宁波市,北仑区,30,二类工业用地,,30,,1200,T1,available
\
    P3,浙江省,台州市,温岭市,25,二类工业用地,,,,,T3,available
\
    P4,浙江省,台州市,温岭市,25,二类工业用地,,,,,T2,sold
";

/// A clock that is set.
#[derive(Debug, Default)]
pub(crate) struct SetClock(AtomicI64);

impl SetClock {
    pub(crate) fn set(&self, now: Moment) {
        self.0.store(now.0, Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Moment {
        Moment(self.0.load(Ordering::SeqCst))
    }
}

pub(crate) struct TestApp {
    pub(crate) app: App,
    pub(crate) mails: TempDir,
    pub(crate) db: TestDb,
    router: Router,
}

/// An answer, its JSON parsed where it is some.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("JSON: {}", self.text))
    }

    pub(crate) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl TestApp {
    /// One app for each kind of database there is here.
    pub(crate) async fn each() -> Vec<Self> {
        let mut all = Vec::new();
        for db in database::each().await {
            all.push(Self::over(db, &[]).await);
        }
        all
    }

    pub(crate) async fn sqlite() -> Self {
        Self::over(database::sqlite().await, &[]).await
    }

    /// An app over a database, with variables of the environment.
    pub(crate) async fn over(db: TestDb, variables: &[(&str, &str)]) -> Self {
        let this = Self::without_import(db, variables).await;
        this.import(Kind::Park, PARKS).await;
        this.import(Kind::Plot, PLOTS).await;
        this
    }

    /// An app over a database as it is.
    pub(crate) async fn without_import(db: TestDb, variables: &[(&str, &str)]) -> Self {
        Self::with_first_clock(db, variables, Arc::new(SystemClock)).await
    }

    /// An app over a database as it is, loaded under a clock of its own.
    pub(crate) async fn with_first_clock(db: TestDb, variables: &[(&str, &str)], clock: Arc<dyn Clock>) -> Self {
        let mails = tempfile::tempdir().expect("a folder");
        // The first of a name counts.
        let mut all: Vec<(String, String)> =
            variables.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let ledger = mails.path().join("erasures").display().to_string();
        all.extend([
            ("LUODI_PROFILE".to_owned(), "test".to_owned()),
            ("DATABASE_URL".to_owned(), db.url.clone()),
            ("LUODI__BACKUP__ERASURE_LEDGER".to_owned(), ledger),
        ]);
        let config = Config::from_variables(&all).expect("a configuration");
        let mailer = Arc::new(FileMailer::new(mails.path()));
        let mut app = Context::assemble(config, db.another().await, mailer, clock).await.expect("a context");
        app.table_program = Some(env!("CARGO_BIN_EXE_luodi").into());
        let app = Arc::new(app);
        let router = luodi::web::router(&app, &Gate::new(64));
        Self { app, mails, db, router }
    }

    /// The same app with another clock.
    pub(crate) async fn with_clock(self, clock: Arc<dyn Clock>) -> Self {
        let Self { app, mails, db, router } = self;
        drop(router);
        let context = Arc::into_inner(app).expect("nobody else has it");
        let app = Arc::new(Context { clock, ..context });
        let router = luodi::web::router(&app, &Gate::new(64));
        Self { app, mails, db, router }
    }

    /// The same app, which asks other sites for the pages that policies link to.
    pub(crate) async fn with_links(self) -> Self {
        let Self { app, mails, db, router } = self;
        drop(router);
        let context = Arc::into_inner(app).expect("nobody else has it");
        let client = WebhookClient::new(&context.config).expect("a client");
        let app = Arc::new(Context { links: Some(Arc::new(client)), ..context });
        let router = luodi::web::router(&app, &Gate::new(64));
        Self { app, mails, db, router }
    }

    /// The context alone, to change a part of it, with what keeps its database.
    pub(crate) fn into_context(self) -> (Context, TestDb) {
        drop(self.router);
        (Arc::into_inner(self.app).expect("nobody else has it"), self.db)
    }

    /// Imports a file of which no row is rejected.
    pub(crate) async fn import<T: StoredTable>(&self, table: T, csv: &str) {
        let sheets = Reader::new(Limits::upload()).read_bytes(csv.as_bytes()).expect("a table");
        let report = imports::import(&self.app, table, sheets, ImportOptions::default()).await.expect("stored");
        assert!(report.rejected.is_empty() && report.refused.is_none(), "{report:?}");
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let (status, headers, bytes) = self.bytes(request).await;
        Reply { status, headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    /// An answer as it goes over the wire.
    pub(crate) async fn bytes(&self, request: Request<Body>) -> (StatusCode, axum::http::HeaderMap, Vec<u8>) {
        let response = self.router.clone().oneshot(request).await.expect("infallible");
        let (head, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        (head.status, head.headers, bytes.to_vec())
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(Request::get(path).body(Body::empty()).expect("a request")).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        self.post_text(path, None, &body.to_string()).await
    }

    pub(crate) async fn post_with(&self, path: &str, key: &str, body: &Value) -> Reply {
        self.post_text(path, Some(key), &body.to_string()).await
    }

    pub(crate) async fn post_text(&self, path: &str, key: Option<&str>, body: &str) -> Reply {
        let mut request = Request::post(path).header("content-type", "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        self.send(request.body(Body::from(body.to_owned())).expect("a request")).await
    }

    pub(crate) async fn put_with(&self, path: &str, key: &str, body: &Value) -> Reply {
        let request = Request::put(path).header("content-type", "application/json").header("idempotency-key", key);
        self.send(request.body(Body::from(body.to_string())).expect("a request")).await
    }

    /// Every text of a query's rows in one, whatever the types of its columns.
    pub(crate) async fn texts(&self, sql: &str) -> String {
        let statement = Statement::from_string(self.db.raw.get_database_backend(), sql);
        let rows = self.db.raw.query_all_raw(statement).await.expect(sql);
        let cells = rows.iter().flat_map(|row| {
            let columns = row.column_names().len();
            (0..columns).filter_map(|at| row.try_get_by_index::<Option<String>>(at).ok().flatten())
        });
        cells.collect::<Vec<_>>().join("\n")
    }

    pub(crate) async fn delete_with(&self, path: &str, key: &str) -> Reply {
        self.send(Request::delete(path).header("idempotency-key", key).body(Body::empty()).expect("a request")).await
    }

    /// A submission that is in order.
    pub(crate) fn submission(requirement: &Value) -> Value {
        json!({
            "requirement": requirement,
            "company": "示例水泵有限公司",
            "contact": "王工",
            "phone": "138 0013 8000",
            "email": "buyer@example.com",
            "consent": { "notice_version": luodi::service::notice::VERSION },
        })
    }

    /// The same for the service, as it comes from a page.
    pub(crate) fn submit(requirement: Requirement, suspicion: Option<&'static str>) -> Submit {
        Submit {
            requirement,
            company: "示例水泵有限公司".into(),
            contact: "王工".into(),
            phone: "138 0013 8000".into(),
            email: "buyer@example.com".into(),
            text: None,
            uscc: None,
            locale: "zh-Hans".into(),
            notice_version: luodi::service::notice::VERSION.into(),
            network: None,
            suspicion,
        }
    }

    pub(crate) fn inquiry(listings: &[&str], parks: &[&str]) -> Value {
        json!({ "listings": listings, "consent": { "notice_version": luodi::service::notice::VERSION, "parks": parks } })
    }

    /// Submits a requirement and returns its reference.
    pub(crate) async fn submitted(&self, key: &str) -> String {
        let body = Self::submission(&json!({ "kinds": ["plot"], "land_mu": { "min": 20, "max": 40 } }));
        let reply = self.post_with("/api/v1/requirements", key, &body).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text);
        reply.json()["reference"].as_str().expect("a reference").to_owned()
    }

    /// Moves a lead as a page does.
    pub(crate) async fn advance(
        app: &App,
        actor: &Actor,
        id: &str,
        version: i64,
        to: &str,
        note: &str,
    ) -> Result<(), Error> {
        let new = MoveIn { to: to.into(), version, reason: note.into(), ..MoveIn::default() };
        work::advance(app, actor, &work::page_call(), id, new).await.map(|_| ())
    }

    /// Looks at the contact data as a page does.
    pub(crate) async fn reveal(app: &App, actor: &Actor, id: &str) -> Result<StoredContact, Error> {
        work::reveal(app, actor, &work::page_call(), id).await.map(|(_, contact)| contact)
    }

    /// A new API key.
    pub(crate) async fn key(&self, name: &str, role: Role, parks: &[&str]) -> String {
        let parks: Vec<String> = parks.iter().map(|park| (*park).to_owned()).collect();
        keys::add(&self.app, name, role, &parks, None).await.expect("a key")
    }

    /// Sends a request with a key of a staff's program; a writing one with an idempotency key of its own.
    pub(crate) async fn staff(&self, key: &str, method: &str, path: &str, body: Option<&Value>) -> Reply {
        let once = luodi::ids::row_id();
        self.staff_once(key, method, path, body, &once).await
    }

    /// The same with a given idempotency key.
    pub(crate) async fn staff_once(
        &self,
        key: &str,
        method: &str,
        path: &str,
        body: Option<&Value>,
        once: &str,
    ) -> Reply {
        let mut request = Request::builder().method(method).uri(path).header("authorization", format!("Bearer {key}"));
        if method != "GET" {
            request = request.header("idempotency-key", once).header("content-type", "application/json");
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.send(request.body(body).expect("a request")).await
    }

    /// Lets the worker send everything that waits.
    pub(crate) async fn deliver(&self) {
        let stop = CancellationToken::new();
        let worker = Worker {
            db: self.app.db.clone(),
            mailer: self.app.mailer.clone(),
            clock: self.app.clock.clone(),
            envelope_from: self.app.envelope_from(),
            pace: Pace::new(&self.app.config.mail, std::time::Duration::from_secs(5)),
            wake: self.app.outbox.clone(),
        };
        let task = tokio::spawn(worker.run(stop.clone()));
        let patience = self.app.clock.now().plus_seconds(20);
        while self.app.db.waiting_mails().await.expect("counts") > 0 {
            assert!(self.app.clock.now() < patience, "mails are still waiting");
            tokio::task::yield_now().await;
        }
        stop.cancel();
        task.await.expect("ends");
    }

    /// The mails written so far, by recipient, as files hold them.
    pub(crate) fn letters(&self) -> Vec<Vec<u8>> {
        let mut files: Vec<_> =
            std::fs::read_dir(self.mails.path()).expect("a folder").map(|file| file.expect("a file").path()).collect();
        // The ledger of erasures is beside them.
        files.retain(|file| !file.ends_with("erasures"));
        files.sort();
        files.iter().map(|file| std::fs::read(file).expect("a mail")).collect()
    }
}
