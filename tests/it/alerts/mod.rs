//! Alerts 「有合适的通知我」: asked for, confirmed, told of what newly fits, stopped; on both databases.

mod asking;
mod ending;
mod oracle;
mod pages;
mod telling;

use std::sync::Arc;

use domain::listing::Kind;
use domain::requirement::Requirement;
use domain::time::{Moment, SECONDS_PER_DAY, parse_day};
use luodi::db::alert::Alert;
use luodi::error::Result;
use luodi::i18n::Locale;
use luodi::ids;
use luodi::service::alerts::{self, AlertRequest};
use luodi::service::{inventory, notice};
use mail_parser::MessageParser;
use serde_json::{Value, json};

use crate::app::{SetClock, TestApp};
use crate::database::{self, TestDb};

const PARKS: &str = "code,name,level,province,city,county,available_land_mu,inbox_email,service_phone\n\
    T1,示例一号园区,省级,浙江省,宁波市,北仑区,300,one@example.com,\n\
    T3,示例三号园区,省级,浙江省,台州市,温岭市,90,,0576-00000000\n";
/// Its columns are those of every file of these tests.
pub(crate) const HEAD: &str =
    "plot_no,province,city,county,location,area_mu,land_use,start_price_wan,park_code,status\n";
const READER: &str = "reader@example.com";
const FORM: &str = "application/x-www-form-urlencoded";

/// A plot of 30 mu in Beilun that costs 40 万元 per mu.
pub(crate) fn plot(id: &str) -> String {
    row(id, 30, 1_200, "available")
}

fn row(id: &str, mu: u32, price: u32, status: &str) -> String {
    format!("{id},浙江省,宁波市,北仑区,示例地块{id},{mu},二类工业用地,{price},T1,{status}\n")
}

/// 20 to 40 mu in Ningbo at 45 万元 per mu at most, with words of the visitor's own.
fn need() -> Value {
    json!({
        "kinds": ["plot"], "land_mu": { "min": 20, "max": 40 }, "price_wan_per_mu_max": 45, "regions": ["330200"],
        "capacity": "年产示例件80万套"
    })
}

/// An app under a clock that is set, with parks and without plots.
pub(crate) struct Scene {
    pub(crate) test: TestApp,
    pub(crate) clock: Arc<SetClock>,
}

fn at(day: &str) -> Moment {
    Moment::start_of(parse_day(day).expect("a day")).plus_seconds(10 * 3_600)
}

impl Scene {
    async fn each() -> Vec<Self> {
        let mut all = Vec::new();
        for db in database::each().await {
            all.push(Self::over(db, &[]).await);
        }
        all
    }

    pub(crate) async fn over(db: TestDb, variables: &[(&str, &str)]) -> Self {
        let clock = Arc::new(SetClock::default());
        clock.set(at("2026-12-01"));
        let test = TestApp::with_first_clock(db, variables, clock.clone()).await;
        test.import(Kind::Park, PARKS).await;
        Self { test, clock }
    }

    fn name(&self) -> &'static str {
        self.test.db.name
    }

    fn pass_days(&self, days: i64) {
        self.clock.set(self.test.app.clock.now().plus_seconds(days * SECONDS_PER_DAY));
    }

    pub(crate) async fn plots(&self, rows: &[String]) {
        self.test.import(Kind::Plot, &format!("{HEAD}{}", rows.concat())).await;
    }

    fn request(need: &Value, email: &str) -> AlertRequest {
        AlertRequest {
            requirement: Requirement::from_json(need).expect("a need"),
            email: email.to_owned(),
            consents: true,
            notice_version: notice::VERSION.to_owned(),
            locale: Locale::ZhHans,
            network: "192.0.2.1".to_owned(),
            key: ids::reference(),
        }
    }

    async fn ask(&self, request: AlertRequest) -> Result<Alert> {
        let key = request.key.clone();
        alerts::ask(&self.test.app, request).await?;
        let token = self.test.db.rows(&format!("SELECT token FROM alert WHERE id = '{key}'")).await.remove(0);
        alerts::show(&self.test.app, &token).await
    }

    /// A confirmed alert.
    pub(crate) async fn alert(&self, need: &Value, email: &str) -> Alert {
        let alert = self.ask(Self::request(need, email)).await.expect("asked");
        alerts::confirm(&self.test.app, &alert.token).await.expect("confirmed");
        alerts::show(&self.test.app, &alert.token).await.expect("there")
    }

    /// What the background task does each second.
    pub(crate) async fn round(&self) {
        inventory::refresh(&self.test.app).await.expect("follows");
        alerts::follow(&self.test.app).await.expect("judges");
        alerts::send(&self.test.app).await.expect("sends");
    }

    /// Mails about listings to an address so far.
    async fn news(&self, address: &str) -> Vec<String> {
        self.mails(address).await.into_iter().filter(|text| !text.contains("确认后才会开始")).collect()
    }

    /// Texts of all mails to an address so far, the oldest first.
    async fn mails(&self, address: &str) -> Vec<String> {
        self.test.deliver().await;
        let letters = self.test.letters();
        let parsed = letters.iter().filter_map(|bytes| MessageParser::default().parse(bytes));
        let is_to = |mail: &mail_parser::Message<'_>| {
            mail.to().and_then(|to| to.first()).and_then(|to| to.address()) == Some(address)
        };
        parsed.filter(is_to).map(|mail| mail.body_text(0).expect("a text").into_owned()).collect()
    }

    /// Everything that the database holds as text, the search index aside.
    async fn everything(&self) -> String {
        let mut all = String::new();
        for table in ["alert", "alert_fit", "alert_mail", "outbox", "outbox_attempt", "audit", "staff_task", "quota"] {
            all.push_str(&self.test.texts(&format!("SELECT * FROM {table}")).await);
            all.push('\n');
        }
        all
    }
}

/// The path of the link to an alert's page in a mail.
fn link(text: &str) -> String {
    let from = text.find("/alerts/").expect("a link");
    text[from..].split_whitespace().next().expect("a path").to_owned()
}
