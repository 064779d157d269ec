//! Soft holds: never above what is there, ended by themselves, shown on the match and changing nothing of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::http::StatusCode;
use chrono::Days;
use domain::account::{Role, Scope};
use domain::listing::Kind;
use domain::requirement::FieldCode;
use domain::time::{Moment, parse_day};
use luodi::error::Error;
use luodi::service::accounts::{self, Actor};
use luodi::service::context::Context;
use luodi::service::holds::{self, HoldForm};
use luodi::service::{inventory, search};
use serde_json::{Value, json};

use crate::app::{SetClock, TestApp};
use crate::database;
use crate::templates::{Browser, select};

/// 50 mu that are sold from 1 mu on, a plot that is sold whole, a space.
const PLOTS: &str = "plot_no,province,city,county,area_mu,min_divisible_sqm,power_kva,energy_quota_tce,land_use,park_code,status\n\
    H1,浙江省,台州市,温岭市,50,666,500,1200,二类工业用地,T2,available\n\
    H2,浙江省,台州市,温岭市,30,,,,二类工业用地,T2,available\n\
    H3,浙江省,宁波市,北仑区,30,600,,,二类工业用地,T1,available\n";
const SPACES: &str = "space_no,name,kind,province,city,county,park_code,available_m2,min_lettable_m2\n\
    HS1,示例厂房,factory,浙江省,台州市,温岭市,T2,800,100\n";

fn actor(role: Role, park: Option<&str>) -> Actor {
    let scope = park.map_or(Scope::All, |park| Scope::Park(park.to_owned()));
    Actor { id: "officer-1".into(), email: "officer@example.com".into(), role, scope }
}

fn form(app: &Context, listing: &str, resource: &str, amount: &str) -> HoldForm {
    let until = app.clock.now().day() + Days::new(7);
    HoldForm {
        listing: listing.into(),
        resource: resource.into(),
        amount: amount.into(),
        until: until.to_string(),
        key: luodi::ids::reference(),
        ..HoldForm::default()
    }
}

pub(crate) async fn each() -> Vec<TestApp> {
    let all = TestApp::each().await;
    for test in &all {
        test.import(Kind::Plot, PLOTS).await;
        test.import(Kind::Space, SPACES).await;
    }
    all
}

/// Holds the land of a plot of the first park.
pub(crate) async fn hold(test: &TestApp, listing: &str, mu: &str) {
    let officer = actor(Role::Officer, Some("T1"));
    holds::make(&test.app, &officer, &form(&test.app, listing, "area", mu)).await.expect("held");
}

/// Field and code of the first error.
fn fault(result: Result<(), Error>) -> (String, FieldCode, Vec<(&'static str, String)>) {
    match result {
        Err(Error::Invalid(mut errors)) => {
            let error = errors.remove(0);
            (error.field, error.code, error.args)
        }
        other => panic!("refused: {other:?}"),
    }
}

/// Requests at once, from two processes.
const REQUESTS: usize = 1_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_holds_at_once_never_exceed_what_is_there_and_fill_it() {
    for test in each().await {
        let name = test.db.name;
        let config = test.app.config.clone();
        let other = Context::assemble(config, test.db.another().await, test.app.mailer.clone(), test.app.clock.clone());
        let processes = [test.app.clone(), Arc::new(other.await.expect("a context"))];
        let (made, full) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let tasks = (0..REQUESTS).map(|at| {
            let (app, made, full) = (processes[at % 2].clone(), made.clone(), full.clone());
            tokio::spawn(async move {
                let officer = actor(Role::Officer, Some("T2"));
                let (resource, amount) = if at % 4 < 2 { ("area", "1.5") } else { ("power", "30") };
                let form = form(&app, "H1", resource, amount);
                loop {
                    match holds::make(&app, &officer, &form).await {
                        Ok(()) => break made.fetch_add(1, Ordering::SeqCst),
                        // Busy: the same form again.
                        Err(Error::Unavailable(_)) => {}
                        refused => {
                            assert_eq!(fault(refused).1, FieldCode::MoreThanFree);
                            break full.fetch_add(1, Ordering::SeqCst);
                        }
                    }
                }
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.expect("without a panic");
        }
        // 33 × 1.5 of 50 mu, 16 × 30 of 500 kVA.
        let held = test.db.rows("SELECT resource FROM soft_hold ORDER BY resource").await;
        let count = |resource: &str| held.iter().filter(|row| *row == resource).count();
        assert_eq!((count("area"), count("power")), (33, 16), "{name}");
        assert_eq!((made.load(Ordering::SeqCst), full.load(Ordering::SeqCst)), (49, REQUESTS - 49), "{name}");
    }
}

async fn matches(test: &TestApp, requirement: &Value) -> Value {
    test.post("/api/v1/matches", requirement).await.json()
}

/// The answer without what is held.
fn unheld(answer: &Value) -> Value {
    let mut answer = answer.clone();
    for group in ["matched", "to_confirm", "near"] {
        for found in answer[group].as_array_mut().expect("a list") {
            found.as_object_mut().expect("a match").remove("held");
        }
    }
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_is_shown_on_the_match_and_changes_nothing_else_of_the_answer() {
    for test in each().await {
        let name = test.db.name;
        let requirement = json!({ "kinds": ["plot", "space"], "land_mu": { "min": 20, "max": 60 } });
        let before = matches(&test, &requirement).await;
        assert_eq!(before, unheld(&before), "{name}: nothing is held");
        let officer = actor(Role::Officer, Some("T2"));
        // All of the land: even then the verdict stays.
        for (resource, amount) in [("area", "50"), ("energy", "200")] {
            holds::make(&test.app, &officer, &form(&test.app, "H1", resource, amount)).await.expect("held");
        }
        let after = matches(&test, &requirement).await;
        assert_eq!(unheld(&after), before, "{name}: verdicts, scores and order");
        let groups = ["matched", "to_confirm", "near"].map(|group| after[group].as_array().expect("a list").clone());
        let all: Vec<Value> = groups.concat();
        let held: Vec<&Value> = all.iter().filter(|found| found.get("held").is_some()).collect();
        assert_eq!(held.len(), 1, "{name}");
        let until = (test.app.clock.now().day() + Days::new(8)).to_string();
        let expected = json!([
            { "what": "area", "amount": 50, "of": 50, "unit": "mu", "until": until },
            { "what": "energy", "amount": 200, "of": 1200, "unit": "tce/year", "until": until },
        ]);
        assert_eq!(held[0]["held"], expected, "{name}");
        search::rebuild(&test.app).await.expect("an index");
        for path in ["/plots/H1", "/plots", "/compare?ids=H1,H2", "/search?q=H1", "/matches?land_mu.min=20"] {
            let page = test.get(path).await.text;
            assert!(page.contains("意向占用：用地 50 亩（共 50 亩）"), "{name}: {path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_ends_by_itself_after_its_last_day_and_its_part_is_free_again() {
    for db in database::each().await {
        let clock = Arc::new(SetClock::default());
        let day = |text| Moment::start_of(parse_day(text).expect("a day"));
        clock.set(day("2026-11-24"));
        let test = TestApp::with_first_clock(db, &[], clock.clone()).await;
        test.import(Kind::Park, "code,name,level,province\nT2,示例园区,省级,浙江省\n").await;
        test.import(Kind::Plot, &PLOTS.lines().take(2).collect::<Vec<_>>().join("\n")).await;
        let officer = actor(Role::Officer, Some("T2"));
        let until = |until: &str| HoldForm { until: until.into(), ..form(&test.app, "H1", "area", "40") };
        holds::make(&test.app, &officer, &until("2026-12-01")).await.expect("held");
        assert_eq!(fault(holds::make(&test.app, &officer, &until("2026-12-01")).await).1, FieldCode::MoreThanFree);
        let requirement = json!({ "kinds": ["plot"], "land_mu": { "min": 20 } });
        clock.set(Moment(day("2026-12-02").0 - 1));
        assert!(matches(&test, &requirement).await.to_string().contains("\"held\""), "the last day counts");
        clock.set(day("2026-12-02"));
        assert!(!matches(&test, &requirement).await.to_string().contains("\"held\""), "{}", test.db.name);
        assert!(holds::list(&test.app, &officer, true).await.expect("a list").is_empty());
        assert_eq!(
            holds::list(&test.app, &officer, false).await.expect("a list").len(),
            1,
            "kept in the list of ended ones"
        );
        holds::make(&test.app, &officer, &until("2026-12-09")).await.expect("free again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_forms_are_refused_by_field_and_by_scope() {
    for test in each().await {
        let app = &test.app;
        let officer = actor(Role::Officer, Some("T2"));
        let refused = async |form: HoldForm| {
            let (field, code, args) = fault(holds::make(app, &officer, &form).await);
            (field, code, args.into_iter().map(|(_, value)| value).collect::<Vec<_>>().join(" "))
        };
        let base = |listing: &str, resource: &str, amount: &str| form(app, listing, resource, amount);
        let said = |field: &str, code, args: &str| (field.to_owned(), code, args.to_owned());
        assert_eq!(refused(base("H3", "area", "5")).await, said("listing", FieldCode::UnknownListing, "H3"), "T1's");
        assert_eq!(refused(base("H1", "floor", "5")).await.1, FieldCode::NotStated, "a plot has no floor");
        assert_eq!(refused(base("H2", "power", "5")).await, said("resource", FieldCode::NotStated, ""));
        assert_eq!(refused(base("H2", "area", "10")).await, said("amount", FieldCode::WholeOnly, "mu 30"));
        assert_eq!(refused(base("H1", "area", "0.5")).await, said("amount", FieldCode::OutOfRange, "mu 0.999 50"));
        assert_eq!(refused(base("H1", "area", "51")).await.1, FieldCode::OutOfRange);
        assert_eq!(refused(base("HS1", "floor", "99")).await, said("amount", FieldCode::OutOfRange, "m2 100 800"));
        assert_eq!(refused(base("H1", "area", "ten")).await.1, FieldCode::WrongType);
        assert_eq!(refused(base("H1", "area", "1.23456")).await.1, FieldCode::TooManyPlaces);
        let late = HoldForm { until: (app.clock.now().day() + Days::new(91)).to_string(), ..base("H1", "area", "5") };
        assert_eq!(refused(late).await.0, "until");
        let wrong_unit = HoldForm { unit: "kVA".into(), ..base("H1", "area", "5") };
        assert_eq!(refused(wrong_unit).await.0, "amount");
        // 1,000 m² are exactly 1.5 mu.
        let in_m2 = HoldForm { unit: "m2".into(), ..base("H1", "area", "1000") };
        holds::make(app, &officer, &in_m2).await.expect("held");
        holds::make(app, &officer, &in_m2).await.expect("the same form is the same hold");
        assert_eq!(refused(base("H1", "area", "48.6")).await, said("amount", FieldCode::MoreThanFree, "mu 48.5"));
        let observer = actor(Role::Observer, Some("T2"));
        let forbidden = holds::make(app, &observer, &base("H1", "area", "5")).await;
        assert!(matches!(forbidden, Err(Error::Forbidden)), "{forbidden:?}");
        let id = test.db.rows("SELECT id FROM soft_hold").await.remove(0);
        let stranger = holds::release(app, &actor(Role::Officer, Some("T1")), &id).await;
        assert!(matches!(stranger, Err(Error::NotFound)), "{stranger:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_process_sees_a_hold_and_its_release_with_its_next_poll() {
    for test in each().await {
        let other = Context::assemble(
            test.app.config.clone(),
            test.db.another().await,
            test.app.mailer.clone(),
            test.app.clock.clone(),
        );
        let other = other.await.expect("a context");
        let officer = actor(Role::Officer, Some("T2"));
        holds::make(&test.app, &officer, &form(&test.app, "H1", "area", "10")).await.expect("held");
        let held = || {
            let record = other.inventory.record(Kind::Plot, "H1").expect("a plot");
            other.beside.held(&record, other.clock.now()).len()
        };
        assert_eq!(held(), 0);
        inventory::refresh(&other).await.expect("follows");
        assert_eq!(held(), 1, "{}", test.db.name);
        let id = test.db.rows("SELECT id FROM soft_hold").await.remove(0);
        holds::release(&test.app, &officer, &id).await.expect("released");
        inventory::refresh(&other).await.expect("follows");
        assert_eq!(held(), 0, "{}", test.db.name);
        let again = holds::release(&test.app, &officer, &id).await;
        assert!(matches!(again, Err(Error::NotFound)), "{again:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_holds_and_releases_on_the_page() {
    for test in each().await {
        let link = accounts::invite(&test.app, "officer@example.com", Role::Officer, Some("T2")).await.expect("a link");
        let mut staff = Browser { test: &test, cookie: String::new() };
        staff.post(&link[link.find("/staff").expect("a path")..], &[("password", "a sentence of twelve")]).await;
        let until = (test.app.clock.now().day() + Days::new(7)).to_string();
        let typed = [("listing", "H1"), ("resource", "area"), ("amount", "60"), ("until", until.as_str())];
        let refused = staff.post("/staff/holds", &typed).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let html = refused.html();
        assert_eq!(select(&html, "#f-amount")[0].attr("value"), Some("60"), "what was typed is kept");
        assert!(select(&html, ".field.wrong #f-amount").len() == 1, "the field is named");
        let typed = [("listing", "H1"), ("resource", "area"), ("amount", "20"), ("until", until.as_str())];
        let made = staff.post("/staff/holds", &typed).await;
        assert_eq!((made.status, made.location.as_str()), (StatusCode::SEE_OTHER, "/staff/holds?done=held"));
        let page = staff.get("/staff/holds").await;
        assert!(page.text.contains("20 亩") && page.text.contains("officer@example.com"), "{}", page.text);
        let html = page.html();
        let action = select(&html, "form[action$=release]")[0].attr("action").expect("a path").to_owned();
        assert_eq!(staff.post(&action, &[]).await.location, "/staff/holds?done=released");
        let html = staff.get("/staff/holds").await.html();
        assert!(select(&html, "form[action$=release]").is_empty());
        assert!(staff.get("/staff/holds?ended=yes").await.text.contains("已释放"));
        let stranger = Browser { test: &test, cookie: String::new() }.get("/staff/holds").await;
        assert_eq!(stranger.status, StatusCode::SEE_OTHER, "to the sign-in");
    }
}
