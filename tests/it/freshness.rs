//! FactAge by evidence: what imports and parks confirm, the monthly question, and the place of what is stale or past.

use std::sync::Arc;

use axum::http::StatusCode;
use domain::freshness::{How, KeyFact};
use domain::listing::Kind;
use domain::time::{Moment, parse_day};
use luodi::service::imports::{self, ImportOptions};
use luodi::service::{inventory, search, still_valid};
use luodi::tables::{Limits, Reader};
use mail_parser::MessageParser;
use serde_json::json;

use crate::app::{SetClock, TestApp};
use crate::database::{self, TestDb};
use crate::templates::{Browser, select};

const PARKS: &str = "code,name,level,province,city,county,available_land_mu,inbox_email\n\
    T1,示例一号园区,省级,浙江省,宁波市,北仑区,300,one@example.com\n\
    T2,示例二号园区,国家级,浙江省,台州市,温岭市,120,two@example.com\n\
    T3,示例三号园区,省级,浙江省,台州市,温岭市,90,\n\
    G331020,示例目录开发区,国家级,浙江省,宁波市,北仑区,,\n";
const PLOTS: &str = "plot_no,province,city,county,location,area_mu,land_use,start_price_wan,park_code,status\n\
    A1,浙江省,宁波市,北仑区,示例甲地块,30,二类工业用地,900,T1,available\n\
    A2,浙江省,宁波市,北仑区,示例乙地块,35,二类工业用地,950,T1,available\n\
    B1,浙江省,台州市,温岭市,示例丙地块,25,二类工业用地,700,T2,available\n\
    C1,浙江省,台州市,温岭市,示例丁地块,25,二类工业用地,,T3,available\n";
const NOTICES: &str = "plot_no,record_type,notice_no,notice_date,province,city,county,location,area_mu,land_use,park_code,status\n\
    0-deal,deal,示例告字1号,2026-11,浙江省,宁波市,北仑区,示例成交地块,30,二类工业用地,T1,\n\
    0-old,listing,示例告字2号,2022-02,浙江省,宁波市,北仑区,示例旧公告地块,30,二类工业用地,T1,\n";

pub(crate) struct Months {
    pub(crate) test: TestApp,
    clock: Arc<SetClock>,
}

/// A Tuesday at ten in China.
fn at(day: &str) -> Moment {
    Moment::start_of(parse_day(day).expect("a day")).plus_seconds(10 * 3_600)
}

impl Months {
    pub(crate) async fn over(db: TestDb) -> Self {
        let clock = Arc::new(SetClock::default());
        clock.set(at("2026-09-01"));
        let test = TestApp::with_first_clock(db, &[], clock.clone()).await;
        test.import(Kind::Park, PARKS).await;
        test.import(Kind::Plot, PLOTS).await;
        Self { test, clock }
    }

    /// Carries the job out on a day; returns the number of mails.
    pub(crate) async fn on(&self, day: &str) -> usize {
        self.clock.set(at(day));
        still_valid::round(&self.test.app, "process-1").await.expect("a round")
    }

    /// The mails so far, as (recipient, text).
    async fn mails(&self) -> Vec<(String, String)> {
        self.test.deliver().await;
        let mails = self.test.letters();
        let mail = |bytes: &Vec<u8>| {
            let mail = MessageParser::default().parse(bytes).expect("a mail");
            let to = mail.to().and_then(|to| to.first()).and_then(|to| to.address()).expect("a recipient").to_owned();
            (to, mail.body_text(0).expect("a text").into_owned())
        };
        mails.iter().map(mail).collect()
    }

    async fn order(&self) -> Vec<String> {
        let page = self.test.get("/api/v1/listings?kind=plot").await.json();
        page["items"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|it| it["id"].as_str().expect("an id").to_owned())
            .collect()
    }

    async fn found(&self) -> Vec<String> {
        search::rebuild(&self.test.app).await.expect("an index");
        let page = self.test.get("/api/v1/search?q=%E7%A4%BA%E4%BE%8B&kind=plot").await.json();
        page["hits"].as_array().expect("a list").iter().map(|it| it["id"].as_str().expect("an id").to_owned()).collect()
    }
}

/// The path of the link in a mail.
fn link(text: &str) -> String {
    let from = text.find("/still-valid/").expect("a link");
    text[from..].split_whitespace().next().expect("a path").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_checks_the_facts_of_its_columns_and_an_undone_one_takes_that_back() {
    for db in database::each().await {
        let Months { test, clock } = Months::over(db).await;
        let checked = |id: &str, fact| {
            let evidence = test.app.beside.evidence(Kind::Plot, id);
            evidence.last(fact).map(|check| (check.on.to_string(), check.how))
        };
        let on = |day: &str| Some((day.to_owned(), How::Import));
        assert_eq!(checked("A1", KeyFact::Price), on("2026-09-01"), "{}", test.db.name);
        clock.set(at("2026-10-01"));
        let csv = "plot_no,province,status\nA1,浙江省,available\nA2,浙江省,reserved\n";
        let sheets = Reader::new(Limits::upload()).read_bytes(csv.as_bytes()).expect("a table");
        let report = imports::import(&test.app, Kind::Plot, sheets, ImportOptions::default()).await.expect("stored");
        assert_eq!((report.updated, report.unchanged), (1, 1));
        for id in ["A1", "A2"] {
            assert_eq!(checked(id, KeyFact::Status), on("2026-10-01"), "{id}: also where nothing changed");
            assert_eq!(checked(id, KeyFact::Price), on("2026-09-01"), "{id}: not in the file");
        }
        let listing = test.get("/api/v1/listings/A1").await.json();
        assert_eq!((&listing["checked_on"], &listing["freshness"]), (&json!("2026-09-01"), &json!("fresh")));
        let page = test.get("/plots/A1").await.text;
        assert!(page.contains("2026年10月1日（今天），平台运营方，导入表格"), "{page}");
        let id = report.import.expect("an id");
        let undone = imports::undo(&test.app, &id, "operator").await.expect("undone");
        assert!(undone.refused.is_none(), "{undone:?}");
        for id in ["A1", "A2"] {
            assert_eq!(checked(id, KeyFact::Status), on("2026-09-01"), "{id}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stated_day_of_verification_counts_and_no_day_of_import() {
    for db in database::each().await {
        let Months { test, .. } = Months::over(db).await;
        let csv = "space_no,name,kind,province,park_code,available_m2,verified_on\n\
            S1,示例甲厂房,factory,浙江省,T1,800,2026-07-15\nS2,示例乙厂房,factory,浙江省,T1,800,2030-01-01\n";
        test.import(Kind::Space, csv).await;
        let on =
            |id: &str| test.app.beside.evidence(Kind::Space, id).last(KeyFact::Area).map(|check| check.on.to_string());
        assert_eq!(on("S1").as_deref(), Some("2026-07-15"), "{}", test.db.name);
        assert_eq!(on("S2").as_deref(), Some("2026-09-01"), "a day to come counts as today");
        test.import(Kind::Plot, NOTICES).await;
        let notice = test.app.beside.evidence(Kind::Plot, "0-old");
        assert_eq!(
            notice.last(KeyFact::Area).map(|it| (it.on.to_string(), it.how)),
            Some(("2022-02-01".into(), How::Notice))
        );
        let list = test.get("/spaces").await.text;
        assert!(list.contains("核实已满月 · 48 天前"), "{list}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_park_gets_one_mail_per_month_whose_button_alone_confirms() {
    for db in database::each().await {
        let months = Months::over(db).await;
        let name = months.test.db.name;
        assert_eq!(months.on("2026-09-29").await, 0, "{name}: all is fresh");
        assert_eq!(months.on("2026-10-11").await, 0, "{name}: a Sunday");
        assert_eq!(months.on("2026-10-13").await, 2, "{name}: both parks with an inbox");
        assert_eq!(months.on("2026-10-14").await, 0, "{name}: once");
        let mails = months.mails().await;
        let mut to: Vec<&str> = mails.iter().map(|(to, _)| to.as_str()).collect();
        to.sort_unstable();
        assert_eq!(to, ["one@example.com", "two@example.com"], "{name}");
        let text = &mails.iter().find(|(to, _)| to == "one@example.com").expect("a mail").1;
        assert!(text.contains("3 条信息") && text.contains("/staff/listings"), "{text}");
        let path = link(text);
        let mut park = Browser { test: &months.test, cookie: String::new() };
        // A mail scanner opens the link.
        let page = park.get(&path).await;
        assert_eq!(page.status, StatusCode::OK);
        let checked =
            || months.test.app.beside.evidence(Kind::Plot, "A1").last(KeyFact::Price).expect("a check").clone();
        assert_eq!(checked().on.to_string(), "2026-09-01", "{name}: opening it has no effect");
        let html = page.html();
        let keys: Vec<String> =
            select(&html, "input[name=listings]").iter().filter_map(|it| it.attr("value").map(str::to_owned)).collect();
        assert_eq!(keys, ["park:T1", "plot:A1", "plot:A2"], "{name}");
        let sent = park.post(&path, &[("listings", "park:T1"), ("listings", "plot:A1"), ("listings", "plot:B1")]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
        assert_eq!((checked().on.to_string(), checked().how), ("2026-10-14".to_owned(), How::Confirmed), "{name}");
        let of = |id: &str| months.test.app.beside.evidence(Kind::Plot, id).last(KeyFact::Price).expect("a check").on;
        assert_eq!(of("A2").to_string(), "2026-09-01", "{name}: it was unticked");
        assert_eq!(of("B1").to_string(), "2026-09-01", "{name}: another park's cannot be confirmed");
        assert!(park.get(&path).await.text.contains("2026年10月14日"), "{name}: the answer is shown");
        assert_eq!(park.get(&format!("/still-valid/{}", "0".repeat(64))).await.status, StatusCode::NOT_FOUND);
        months.clock.set(at("2026-11-18"));
        assert_eq!(park.get(&path).await.status, StatusCode::NOT_FOUND, "{name}: the link has ended");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn left_unanswered_twice_a_listing_goes_behind_in_lists_and_searches_and_keeps_its_place_in_answers() {
    for db in database::each().await {
        let months = Months::over(db).await;
        let name = months.test.db.name;
        let requirement = json!({ "kinds": ["plot"], "land_mu": { "min": 20, "max": 40 } });
        let answered = async || {
            let answer = months.test.post("/api/v1/matches", &requirement).await.json();
            let groups =
                ["matched", "to_confirm", "near"].map(|group| answer[group].as_array().expect("a list").clone());
            groups.concat().iter().map(|found| found["listing"]["id"].to_string()).collect::<Vec<_>>()
        };
        let before = answered().await;
        assert_eq!(months.on("2026-10-13").await, 2);
        assert_eq!(months.on("2026-11-12").await, 2);
        assert_eq!(months.order().await, ["A1", "A2", "B1", "C1"], "{name}: the second answer has its time");
        let text = months.mails().await.into_iter().rfind(|(to, _)| to == "two@example.com").expect("a mail").1;
        assert_eq!(months.on("2026-11-27").await, 0);
        assert_eq!(months.order().await, ["C1", "A1", "A2", "B1"], "{name}: C1's park was never asked");
        assert_eq!(months.found().await[0], "C1", "{name}");
        assert_eq!(answered().await, before, "{name}: answers keep their order");
        let list = months.test.get("/plots").await.text;
        assert!(list.contains("两次询问未答复") && list.contains("核实已两月 · 2 个月前"), "{name}: {list}");
        let mut park = Browser { test: &months.test, cookie: String::new() };
        park.post(&link(&text), &[("listings", "plot:B1")]).await;
        assert_eq!(months.order().await, ["B1", "C1", "A1", "A2"], "{name}");
        assert_eq!(months.test.app.inventory.len(), 8, "{name}: nothing was deleted");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_ask_once_and_another_one_takes_over_when_the_first_is_gone() {
    for db in database::each().await {
        let months = Months::over(db).await;
        months.clock.set(at("2026-10-13"));
        let rounds = (0..4).map(|process| {
            let app = months.test.app.clone();
            tokio::spawn(async move { still_valid::round(&app, &format!("process-{process}")).await.expect("a round") })
        });
        let mut asked = 0;
        for round in rounds.collect::<Vec<_>>() {
            asked += round.await.expect("without a panic");
        }
        assert_eq!(asked, 2, "{}", months.test.db.name);
        months.clock.set(at("2026-11-12"));
        let later = still_valid::round(&months.test.app, "another").await.expect("a round");
        assert_eq!(later, 2, "{}: the lease had ended", months.test.db.name);
        assert_eq!(months.mails().await.len(), 4);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn zones_of_the_catalogue_and_notices_show_date_and_source_everywhere_and_what_is_past_is_never_first() {
    for db in database::each().await {
        let months = Months::over(db).await;
        let test = &months.test;
        months.clock.set(at("2026-11-24"));
        test.import(Kind::Plot, NOTICES).await;
        assert_eq!(months.order().await, ["A1", "A2", "B1", "C1", "0-deal", "0-old"], "{}", test.db.name);
        let found = months.found().await;
        assert_eq!(found.len(), 6);
        assert!(found[4..].iter().all(|id| id.starts_with('0')), "{found:?}");
        let pages = [
            ("/parks", "2018年版目录", "《中国开发区审核公告目录（2018年版）》"),
            ("/parks/G331020", "2018年版目录", "《中国开发区审核公告目录（2018年版）》"),
            ("/compare?ids=G331020,T1", "2018年版目录", "《中国开发区审核公告目录（2018年版）》"),
            ("/search?q=%E7%9B%AE%E5%BD%95", "2018年版目录", "《中国开发区审核公告目录（2018年版）》"),
            ("/matches?kinds=park&land_mu.min=1", "2018年版目录", "《中国开发区审核公告目录（2018年版）》"),
            ("/plots", "4 年前的公告", "公告 示例告字2号，2022年2月"),
            ("/plots/0-old", "4 年前的公告", "公告 示例告字2号，2022年2月"),
            ("/compare?ids=0-old,A1", "4 年前的公告", "公告 示例告字2号，2022年2月"),
            ("/search?q=%E6%97%A7%E5%85%AC%E5%91%8A", "4 年前的公告", "公告 示例告字2号，2022年2月"),
            ("/matches?kinds=plot&land_mu.min=1", "4 年前的公告", "公告 示例告字2号，2022年2月"),
            ("/plots", "成交记录", "公告 示例告字1号，2026年11月"),
            ("/plots/0-deal", "成交记录", "公告 示例告字1号，2026年11月"),
            ("/search?q=%E6%88%90%E4%BA%A4", "成交记录", "公告 示例告字1号，2026年11月"),
        ];
        for (path, badge, source) in pages {
            let page = test.get(path).await.text;
            assert!(page.contains(badge) && page.contains(source), "{path}: {page}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_that_grows_old_goes_behind_in_searches_with_the_day() {
    for db in database::each().await {
        let months = Months::over(db).await;
        let test = &months.test;
        let csv = "plot_no,record_type,notice_date,province,city,county,location,area_mu,park_code\n\
            0-n,listing,2026-06-01,浙江省,宁波市,北仑区,示例新公告地块,30,T1\n";
        test.import(Kind::Plot, csv).await;
        search::rebuild(&test.app).await.expect("an index");
        let first = async || {
            search::apply(&test.app).await.expect("applies");
            let page = test.get("/api/v1/search?q=%E7%A4%BA%E4%BE%8B&kind=plot").await.json();
            page["hits"][0]["id"].as_str().expect("an id").to_owned()
        };
        assert_eq!(first().await, "0-n", "{}", test.db.name);
        months.clock.set(at("2026-12-02"));
        inventory::refresh(&test.app).await.expect("follows");
        assert_eq!(first().await, "A1", "{}: half a year old", test.db.name);
    }
}
