//! Assignment of new leads: rules, turns, absences, the mail to the owner; and that no lead is unowned and unclocked.

use axum::http::StatusCode;
use domain::account::Role;
use domain::time::NEVER;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::desk::ok;
use crate::people::{Client, id_of, mails};

const CARS: &str = "3670";
const PUMPS: &str = "3441";

/// Sends an inquiry about P1 of park T2 and returns the address of the new lead's owner.
async fn owner_of_new(test: &TestApp, key: &str, need: Value, text: Option<&str>) -> Option<String> {
    let mut body = TestApp::submission(&need);
    body["company"] = json!(format!("示例{key}有限公司"));
    body["phone"] = json!(format!("138 0013 8{:03}", test.db.rows("SELECT id FROM requirement").await.len()));
    if let Some(text) = text {
        body["text"] = json!(text);
    }
    let reply = ok(&test.post_with("/api/v1/requirements", key, &body).await);
    let path = format!("/api/v1/requirements/{}/inquiries", reply["reference"].as_str().expect("a reference"));
    let sent = ok(&test.post_with(&path, &format!("{key}-i"), &TestApp::inquiry(&["P1"], &["T2"])).await);
    let number = sent["inquiries"][0]["number"].as_str().expect("a number");
    let key = test.key(&format!("read-{key}"), Role::Officer, &["T2"]).await;
    let found = ok(&test.staff(&key, "GET", &format!("/api/v1/leads?q={number}"), None).await);
    found["items"][0]["owner"].as_str().map(str::to_owned)
}

fn need(industry: &str, investment: u32) -> Value {
    json!({ "kinds": ["plot"], "industry": industry, "investment_wan": investment })
}

/// A manager and the officers a, b and c of park T2, each with a password.
async fn team(test: &TestApp) -> Client<'_> {
    for name in ["a", "b", "c"] {
        Client::joined(test, &format!("{name}@example.com"), Role::Officer, Some("T2")).await;
    }
    Client::joined(test, "boss@example.com", Role::Manager, Some("T2")).await
}

async fn rule(boss: &mut Client<'_>, pairs: &[(&str, &str)]) {
    let page = boss.post("/staff/assignment/rules", &[&[("park", "T2")], pairs].concat()).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_rule_that_holds_decides_then_the_turn_and_one_mail_tells_the_owner() {
    for test in TestApp::each().await {
        let mut boss = team(&test).await;
        assert_eq!(
            owner_of_new(&test, "k0", need(CARS, 12_000), None).await,
            None,
            "nothing is assigned unless wanted"
        );
        rule(&mut boss, &[("chain", "vehicles"), ("least_wan", "10000"), ("owner", "a@example.com")]).await;
        rule(&mut boss, &[("tag", "leader"), ("owner", "b@example.com")]).await;
        let of = async |key: &str, need: Value, text| owner_of_new(&test, key, need, text).await;
        assert_eq!(of("k1", need(CARS, 12_000), Some("我们是链主")).await.as_deref(), Some("a@example.com"));
        assert_eq!(of("k2", need(CARS, 9_000), Some("我们是链主")).await.as_deref(), Some("b@example.com"));
        assert_eq!(of("k3", need(PUMPS, 9_000), None).await, None, "the unowned list");
        let turns = [("park", "T2"), ("takes_turns", "yes")];
        assert_eq!(boss.post("/staff/assignment/turns", &turns).await.status, StatusCode::SEE_OTHER);
        let mut had = Vec::new();
        for at in 4..10 {
            had.extend(of(&format!("k{at}"), need(PUMPS, 100), None).await);
        }
        let once = &["a@example.com", "b@example.com", "c@example.com"];
        let mut first: Vec<&str> = had[..3].iter().map(String::as_str).collect();
        assert_eq!(had[..3], had[3..], "{}: the same order again", test.db.name);
        first.sort_unstable();
        assert_eq!(first, once, "officers alone take turns");
        let told = mails(&test, "a@example.com").await;
        assert_eq!(told.len(), 3, "one mail per lead: {told:?}");
        let new = test.db.rows("SELECT id FROM lead WHERE touched").await;
        assert!(new.is_empty(), "an assignment is no work: {new:?}");
        let facts = test.texts("SELECT facts FROM lead_event WHERE kind = 'owner'").await;
        assert!(facts.contains("\"rule\"") && facts.contains("\"turn\""), "{facts}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_absent_person_is_skipped_and_its_deputy_gets_what_a_rule_names_it_for() {
    for test in TestApp::each().await {
        let mut boss = team(&test).await;
        rule(&mut boss, &[("chain", "vehicles"), ("owner", "a@example.com")]).await;
        boss.post("/staff/assignment/turns", &[("park", "T2"), ("takes_turns", "yes")]).await;
        let today = test.app.clock.now().day();
        let (from, until) = (today.to_string(), (today + chrono::Days::new(3)).to_string());
        let mut officer = Client::new(&test, "203.0.113.8");
        officer.sign_in("a@example.com", crate::people::PASSWORD).await;
        let wrong = [("from_day", until.as_str()), ("until_day", from.as_str())];
        assert_eq!(officer.post("/staff/me/absence", &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let absent = [("from_day", from.as_str()), ("until_day", until.as_str()), ("deputy", "c@example.com")];
        assert_eq!(officer.post("/staff/me/absence", &absent).await.status, StatusCode::SEE_OTHER);
        assert_eq!(
            owner_of_new(&test, "d1", need(CARS, 1), None).await.as_deref(),
            Some("c@example.com"),
            "the deputy"
        );
        for at in 0..4 {
            let owner = owner_of_new(&test, &format!("t{at}"), need(PUMPS, 1), None).await;
            assert!(matches!(owner.as_deref(), Some("b@example.com" | "c@example.com")), "{owner:?}");
        }
        let page = boss.get("/staff/assignment").await.text;
        assert!(page.contains("由 c@example.com 代理"), "{page}");
        let back = [("park", "T2"), ("person", "a@example.com")];
        assert_eq!(boss.post("/staff/assignment/absence", &back).await.status, StatusCode::SEE_OTHER);
        assert_eq!(owner_of_new(&test, "d2", need(CARS, 1), None).await.as_deref(), Some("a@example.com"), "is back");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_are_their_managers_in_order_and_a_foreign_park_is_not_there() {
    let test = TestApp::sqlite().await;
    let mut boss = team(&test).await;
    rule(&mut boss, &[("owner", "a@example.com")]).await;
    rule(&mut boss, &[("owner", "b@example.com")]).await;
    assert_eq!(owner_of_new(&test, "o1", need(PUMPS, 1), None).await.as_deref(), Some("a@example.com"));
    let second = test.db.rows("SELECT id FROM assignment_rule ORDER BY place DESC").await.remove(0);
    let up = format!("/staff/assignment/rules/{second}/up");
    let mut far = Client::joined(&test, "far@example.com", Role::Manager, Some("T1")).await;
    assert_eq!(far.post(&up, &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(far.get("/staff/assignment?park=T2").await.status, StatusCode::NOT_FOUND);
    let mut officer = Client::new(&test, "203.0.113.8");
    officer.sign_in("a@example.com", crate::people::PASSWORD).await;
    assert_eq!(officer.get("/staff/assignment").await.status, StatusCode::FORBIDDEN);
    assert_eq!(officer.post(&up, &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(boss.post(&up, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(owner_of_new(&test, "o2", need(PUMPS, 1), None).await.as_deref(), Some("b@example.com"));
    // One who has left is skipped and marked.
    let gone = id_of(&test, "b@example.com").await;
    boss.post(&format!("/staff/people/{gone}/disable"), &[]).await;
    assert_eq!(owner_of_new(&test, "o3", need(PUMPS, 1), None).await.as_deref(), Some("a@example.com"));
    assert!(boss.get("/staff/assignment").await.text.contains("已不在本园区"));
    for wrong in [("region", "某某"), ("least_wan", "很多"), ("chain", "none"), ("owner", "far@example.com")] {
        let pairs = [("park", "T2"), ("owner", "a@example.com")];
        let pairs: Vec<_> = pairs.into_iter().filter(|pair| pair.0 != wrong.0).chain([wrong]).collect();
        let page = boss.post("/staff/assignment/rules", &pairs).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
    }
    assert_eq!(boss.post(&format!("/staff/assignment/rules/{second}/remove"), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(test.db.rows("SELECT id FROM assignment_rule").await.len(), 1);
}

/// Commands of one history.
const COMMANDS: usize = 120;

/// Every open lead has a due day, and one without an owner is on the unowned list.
async fn all_are_clocked(test: &TestApp, key: &str, told: &[String]) {
    let open = "state = 'open' AND stage NOT IN ('audited', 'graduated', 'lost', 'withdrawn')";
    let unclocked = test.db.rows(&format!("SELECT id FROM lead WHERE {open} AND due_at >= {}", NEVER.0)).await;
    assert!(unclocked.is_empty(), "{}: {}", test.db.name, told.join("\n"));
    let unowned = test.db.rows(&format!("SELECT id FROM lead WHERE {open} AND owner_id IS NULL ORDER BY id")).await;
    let listed = ok(&test.staff(key, "GET", "/api/v1/leads?owner=none", None).await);
    let with_day = listed["items"].as_array().expect("a list").iter().filter(|it| it["due_on"].is_string());
    let mut with_day: Vec<&str> = with_day.map(|it| it["id"].as_str().expect("an id")).collect();
    with_day.sort_unstable();
    assert_eq!(with_day, unowned, "{}: {}", test.db.name, told.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_lead_is_unowned_and_unclocked_whatever_is_done() {
    for test in TestApp::each().await {
        let seed: u64 = std::env::var("TORTURE_SEED").ok().and_then(|it| it.parse().ok()).unwrap_or_else(rand::random);
        println!("TORTURE_SEED={seed}");
        let mut dice = StdRng::seed_from_u64(seed);
        let mut boss = team(&test).await;
        rule(&mut boss, &[("chain", "vehicles"), ("owner", "a@example.com")]).await;
        let key = test.key("m", Role::Manager, &["T2"]).await;
        let mut told = Vec::new();
        for at in 0..COMMANDS {
            let leads = test.db.rows("SELECT id FROM lead ORDER BY id").await;
            let line = match leads.choose(&mut dice) {
                Some(lead) if at % 10 != 0 => command(&test, &key, &mut boss, &mut dice, lead).await,
                _ => {
                    let industry = if dice.random_bool(0.5) { CARS } else { PUMPS };
                    format!("new {:?}", owner_of_new(&test, &format!("n{at}"), need(industry, 1), None).await)
                }
            };
            told.push(line);
            if at % 5 == 4 {
                all_are_clocked(&test, &key, &told).await;
            }
        }
    }
}

/// Carries out one command on a lead, in order or not, and tells which and its status.
async fn command(test: &TestApp, key: &str, boss: &mut Client<'_>, dice: &mut StdRng, lead: &str) -> String {
    let path = format!("/api/v1/leads/{lead}");
    let shown = ok(&test.staff(key, "GET", &path, None).await);
    let next = shown["next_stages"].as_array().expect("a list").choose(dice).and_then(Value::as_str).unwrap_or("lost");
    let today = test.app.clock.now().day().to_string();
    let people = ["a@example.com", "b@example.com", "c@example.com"];
    let person = people.choose(dice).expect("one");
    let (what, body) = match dice.random_range(0..8) {
        0..4 => (
            "stage",
            json!({ "to": next, "version": shown["version"], "reason": "因", "next_on": today,
                "facts": { "amount_wan": 1, "signed_on": today } }),
        ),
        4 => ("owner", json!({ "owner": if dice.random_bool(0.5) { Value::Null } else { json!(person) } })),
        5 => ("notes", json!({ "kind": "phone", "text": "记", "next_on": today })),
        6 => ("reply", json!({ "text": "您好" })),
        _ => {
            let id = id_of(test, person).await;
            let does = if dice.random_bool(0.5) { "disable" } else { "enable" };
            return format!("{does} {person} {}", boss.post(&format!("/staff/people/{id}/{does}"), &[]).await.status);
        }
    };
    let reply = test.staff(key, "POST", &format!("{path}/{what}"), Some(&body)).await;
    assert!(!reply.status.is_server_error(), "{what} {body}: {}", reply.text);
    format!("{what} {body} {}", reply.status)
}
