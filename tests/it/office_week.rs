//! The week of an office by the API, on both databases: invitations, a lead with an owner, a look, an answer by mail, a note with
//! a next date, a visit, a sold plot and another one offered, stages, a hand-over to another park, an officer who leaves, the
//! month's report counted again by SQL, and the withdrawal of a signed project.

use axum::http::StatusCode;
use domain::account::Role;
use domain::listing::Kind;
use domain::time::SECONDS_PER_DAY;
use luodi::service::{keys, reports};
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::database;
use crate::desk::{act, ok, only, shown};
use crate::ledger::recount;
use crate::no_word::{FIRM, words_left};
use crate::people::{self, Client, PASSWORD, id_of, mailed_path};

/// The app, and the keys of the programs of its people.
struct Office<'t> {
    test: &'t TestApp,
    officer: String,
    manager: String,
    receiver: String,
}

/// Another plot of the same park, which fits as well.
const OTHER_PLOT: &str = "plot_no,province,city,county,area_mu,land_use,industry_code_gb4754,park_code,status\n\
     P5,浙江省,台州市,温岭市,26,二类工业用地,34;36,T2,available\n";

/// The admin invites from the page; the mailed link opens once and sets the password.
async fn joins<'t>(test: &'t TestApp, admin: &mut Client<'_>, email: &str, role: &str, park: &str) -> Client<'t> {
    let form = [("email", email), ("role", role), ("park", park)];
    assert_eq!(admin.post("/staff/people", &form).await.status, StatusCode::SEE_OTHER);
    let link = mailed_path(test, email, "link").await;
    let mut client = Client::new(test, "203.0.113.7");
    assert_eq!(client.post(&link, &[("password", PASSWORD)]).await.location, "/staff");
    assert_eq!(client.get("/staff").await.status, StatusCode::OK);
    client
}

async fn key(test: &TestApp, name: &str, role: Role, park: &str, person: Option<&str>) -> String {
    keys::add(&test.app, name, role, &[park.to_owned()], person).await.expect("a key")
}

/// An enterprise sends its need and asks for a listing; returns its reference.
async fn asks(test: &TestApp, key: &str, firm: &Value, listing: &str, park: &str) -> String {
    let mut body = TestApp::submission(&json!({ "kinds": ["plot"], "land_mu": { "min": 20, "max": 40 } }));
    for (name, value) in firm.as_object().expect("fields") {
        body[name] = value.clone();
    }
    let sent = test.post_with("/api/v1/requirements", key, &body).await;
    let reference = sent.json()["reference"].as_str().expect("a reference").to_owned();
    let path = format!("/api/v1/requirements/{reference}/inquiries");
    ok(&test.post_with(&path, &format!("{key}-i"), &TestApp::inquiry(&[listing], &[park])).await);
    reference
}

impl Office<'_> {
    /// The park's answer comes by mail through the alias.
    async fn answers_by_mail(&self, words: &str) {
        self.test.deliver().await;
        let letters = self.test.letters();
        let texts = letters.iter().map(|it| String::from_utf8_lossy(it).into_owned());
        let to_park = texts.into_iter().find(|it| it.contains("To: two@example.com")).expect("a mail");
        let alias = to_park.lines().find_map(|line| line.strip_prefix("Reply-To: ")).expect("an alias");
        let alias = alias.trim_matches(['<', '>', '\r']);
        let mail = format!(
            "From: <two@example.com>\r\nTo: <{alias}>\r\nMessage-ID: <9@example.com>\r\nSubject: Re\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n"
        );
        luodi::service::replies::forward(&self.test.app, mail.as_bytes()).await.expect("taken in");
    }

    /// Monday to Wednesday of the first lead, up to the other plot that is offered.
    async fn works(&self) -> Value {
        let (test, officer) = (self.test, &self.officer);
        let lead = only(test, officer).await;
        ok(&act(test, officer, &lead, "owner", &json!({ "owner": "officer@example.com" })).await);
        assert_eq!(ok(&act(test, officer, &lead, "reveal", &json!({})).await)["phone"], "+8613800138000");
        self.answers_by_mail("欢迎周五来看地。").await;
        assert!(shown(test, officer, &lead).await["answered_at"].is_string(), "the mail counts");
        let note = json!({ "kind": "phone", "text": "示例水泵王工说先看资料", "next_on": "2026-12-07" });
        assert_eq!(ok(&act(test, officer, &lead, "notes", &note).await)["due_on"], "2026-12-07");
        ok(&act(test, officer, &lead, "notes", &json!({ "kind": "visit", "text": "王工等3人看 P1" })).await);
        test.import(Kind::Plot, OTHER_PLOT).await;
        test.import(Kind::Plot, "plot_no,province,park_code,status\nP1,浙江省,T2,sold\n").await;
        let seen = shown(test, officer, &lead).await;
        let others = seen["alternatives"].as_array().expect("a list");
        assert!(others.iter().any(|it| it["listing"]["id"] == "P5"), "{seen}");
        ok(&act(test, officer, &lead, "reply", &json!({ "text": "P1 已成交，推荐 P5。" })).await);
        let version = shown(test, officer, &lead).await["version"].clone();
        let seen = ok(&act(test, officer, &lead, "stage", &json!({ "to": "assessed", "version": version })).await);
        assert_eq!(seen["stage"], "assessed");
        lead
    }

    /// Another firm's lead goes to another park: proposed, consented by the enterprise, accepted there.
    async fn hands_over(&self) -> Value {
        let test = self.test;
        let firm = json!({ "company": "示例轴承有限公司", "contact": "李工", "phone": "138 0013 8123", "email": "li@example.com" });
        let reference = asks(test, "b", &firm, "T2", "T2").await;
        let page = ok(&test.staff(&self.officer, "GET", "/api/v1/leads?q=8123", None).await);
        let lead = page["items"][0].clone();
        ok(&act(test, &self.officer, &lead, "notes", &json!({ "kind": "phone", "text": "要靠港口" })).await);
        let proposal = json!({ "park": "T1", "listing": "P2", "reason": "靠近港口" });
        ok(&act(test, &self.officer, &lead, "handover", &proposal).await);
        let own = test.get(&format!("/api/v1/requirements/{reference}")).await.json();
        let id = own["handovers"][0]["id"].as_str().expect("a hand-over").to_owned();
        let early = act(test, &self.receiver, &lead, "handover/answer", &json!({ "accept": true })).await;
        assert_eq!(early.status, StatusCode::NOT_FOUND, "not before the enterprise's word");
        let word = json!({ "accept": true, "consent": { "notice_version": luodi::service::notice::VERSION } });
        let path = format!("/api/v1/requirements/{reference}/handovers/{id}");
        assert_eq!(ok(&test.post_with(&path, "h", &word).await)["state"], "consented");
        let new = ok(&act(test, &self.receiver, &lead, "handover/answer", &json!({ "accept": true })).await);
        assert_eq!((&new["park"], &new["listing"]["id"], &new["state"]), (&json!("T1"), &json!("P2"), &json!("open")));
        let copied = shown(test, &self.receiver, &new).await;
        assert!(copied["timeline"].to_string().contains("要靠港口"), "the history goes along: {copied}");
        assert_eq!(shown(test, &self.officer, &lead).await["state"], "closed");
        let look = act(test, &self.officer, &lead, "reveal", &json!({})).await;
        assert_eq!(look.status, StatusCode::FORBIDDEN, "readable without contact");
        lead
    }

    /// The officer leaves: the session, the key and the ownership end with one request.
    async fn loses_its_officer(&self, officer: &mut Client<'_>, manager: &mut Client<'_>) {
        let id = id_of(self.test, "officer@example.com").await;
        let path = format!("/staff/people/{id}/disable");
        assert_eq!(manager.post(&path, &[("heir", "boss@example.com")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(officer.get("/staff").await.status, StatusCode::SEE_OTHER, "the next request");
        let ended = self.test.staff(&self.officer, "GET", "/api/v1/leads", None).await;
        assert_eq!(ended.status, StatusCode::UNAUTHORIZED, "{}", ended.text);
        let unowned = ok(&self.test.staff(&self.manager, "GET", "/api/v1/leads?owner=none", None).await);
        assert_eq!(unowned["items"], json!([]), "{}", self.test.db.name);
    }

    /// The manager signs the first lead, and a part of the amount is paid in.
    async fn signs(&self, lead: &Value, manager: &mut Client<'_>) {
        let test = self.test;
        let facts = json!({ "amount_wan": "12000", "signed_on": "2026-12-03" });
        let version = shown(test, &self.manager, lead).await["version"].clone();
        let signed = json!({ "to": "signed", "version": version, "reason": "示例水泵已谈定", "facts": facts });
        ok(&act(test, &self.manager, lead, "stage", &signed).await);
        let paid = [
            ("funds_wan", "3000.5"),
            ("paid_on", "2026-12-03"),
            ("funds_origin", "foreign"),
            ("funds_source", "bank_receipt"),
            ("text", "示例水泵回单"),
        ];
        let path = format!("/staff/leads/{}/funds", lead["id"].as_str().expect("an id"));
        assert_eq!(manager.post(&path, &paid).await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_week_of_an_office_by_the_api_and_a_signed_project_stays_in_last_months_report() {
    for db in database::each().await {
        let (test, clock) = people::over(db, &[("LUODI__MAIL__ALIAS_DOMAIN", "reply.luodi.example.com")]).await;
        let mut admin = Client::joined(&test, "admin@example.com", Role::Admin, None).await;
        let mut officer = joins(&test, &mut admin, "officer@example.com", "officer", "T2").await;
        let mut manager = joins(&test, &mut admin, "boss@example.com", "manager", "T2").await;
        let reference =
            asks(&test, "a", &json!({ "text": "示例水泵有限公司找地，王工 13800138000" }), "P1", "T2").await;
        let office = Office {
            test: &test,
            officer: key(&test, "o", Role::Officer, "T2", Some("officer@example.com")).await,
            manager: key(&test, "m", Role::Manager, "T2", Some("boss@example.com")).await,
            receiver: key(&test, "r", Role::Officer, "T1", None).await,
        };
        let lead = office.works().await;
        office.hands_over().await;
        office.loses_its_officer(&mut officer, &mut manager).await;
        office.signs(&lead, &mut manager).await;
        // A new year: the report of December is filed and counted again.
        clock.pass(33 * SECONDS_PER_DAY);
        reports::file_past(&test.app).await.expect("filed");
        let path = "/api/v1/reports/monthly?month=2026-12&park=T2";
        let filed = ok(&test.staff(&office.manager, "GET", path, None).await);
        let figures = recount(&test, &filed, "T2").await;
        assert_eq!(figures["signed_amount_wan"], json!(12000), "{filed}");
        assert_eq!((&figures["funds_wan"], &figures["funds_foreign_wan"]), (&json!(3000.5), &json!(3000.5)));
        assert_eq!((&figures["new"], &figures["signed"], &figures["visits"]), (&json!(2), &json!(1), &json!(1)));
        test.deliver().await;
        let gone = test.delete_with(&format!("/api/v1/requirements/{reference}"), "gone").await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT);
        test.deliver().await;
        let later = ok(&test.staff(&office.manager, "GET", path, None).await);
        assert_eq!(later["figures"], filed["figures"], "{}: filed is filed", test.db.name);
        let signed = later["figures"].as_array().expect("figures").iter().find(|it| it["name"] == "signed");
        assert_eq!(signed.expect("one")["ids"], json!([lead["id"]]));
        let left = shown(&test, &office.manager, &lead).await;
        assert_eq!((&left["stage"], &left["company"]), (&json!("signed"), &Value::Null));
        manager.sign_in("boss@example.com", PASSWORD).await;
        let book = manager.get("/staff/ledger/monthly/file?period=2026-12&park=T2&format=xlsx").await;
        assert_eq!(book.status, StatusCode::OK);
        assert_eq!(words_left(&test.db.raw, &FIRM).await, Vec::<String>::new(), "{}", test.db.name);
    }
}
