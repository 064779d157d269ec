//! Requirements of ASVS 5.0.0 that no other test shows, and the table of those of chapters 6 to 8 and 11 to 16 at level 2
//! (`tests/ASVS.md`): each once, each with a test that there is.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use domain::account::Role;
use luodi::service::{sealed, totp};

use super::{Client, PASSWORD, each, id_of, over};
use crate::app::TestApp;
use crate::architecture::sources;
use crate::database;
use crate::templates::select;

/// The requirements of levels 1 and 2 in version 5.0.0.
const REQUIREMENTS: &str = "6.1.1 6.1.2 6.1.3 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 6.2.6 6.2.7 6.2.8 6.2.9 6.2.10 6.2.11 6.2.12 \
    6.3.1 6.3.2 6.3.3 6.3.4 6.4.1 6.4.2 6.4.3 6.4.4 6.5.1 6.5.2 6.5.3 6.5.4 6.5.5 6.6.1 6.6.2 6.6.3 6.8.1 6.8.2 6.8.3 6.8.4 \
    7.1.1 7.1.2 7.1.3 7.2.1 7.2.2 7.2.3 7.2.4 7.3.1 7.3.2 7.4.1 7.4.2 7.4.3 7.4.4 7.4.5 7.5.1 7.5.2 7.6.1 7.6.2 \
    8.1.1 8.1.2 8.2.1 8.2.2 8.2.3 8.3.1 8.4.1 \
    11.1.1 11.1.2 11.2.1 11.2.2 11.2.3 11.3.1 11.3.2 11.3.3 11.4.1 11.4.2 11.4.3 11.4.4 11.5.1 11.6.1 12.1.1 \
    12.1.2 12.1.3 12.2.1 12.2.2 12.3.1 12.3.2 12.3.3 12.3.4 13.1.1 13.2.1 13.2.2 13.2.3 13.2.4 13.2.5 13.3.1 \
    13.3.2 13.4.1 13.4.2 13.4.3 13.4.4 13.4.5 14.1.1 14.1.2 14.2.1 14.2.2 14.2.3 14.2.4 14.3.1 14.3.2 14.3.3 \
    15.1.1 15.1.2 15.1.3 15.2.1 15.2.2 15.2.3 15.3.1 15.3.2 15.3.3 15.3.4 15.3.5 15.3.6 15.3.7 16.1.1 16.2.1 \
    16.2.2 16.2.3 16.2.4 16.2.5 16.3.1 16.3.2 16.3.3 16.3.4 16.4.1 16.4.2 16.4.3 16.5.1 16.5.2 16.5.3";

#[test]
fn the_table_has_each_requirement_once_and_names_tests_that_there_are() {
    let table = include_str!("../../ASVS.md");
    let is_row = |line: &&str| line.starts_with("| ") && line.as_bytes().get(2).is_some_and(u8::is_ascii_digit);
    let rows: Vec<&str> = table.lines().filter(is_row).collect();
    let numbers: Vec<&str> = rows.iter().filter_map(|row| row.split('|').nth(1)).map(str::trim).collect();
    assert_eq!(numbers, REQUIREMENTS.split_whitespace().collect::<Vec<_>>());
    let mut known = String::new();
    for folder in ["tests/it", "src/domain/src", "src/service"] {
        for (_, text) in sources(folder) {
            known.push_str(&text);
        }
    }
    let named: BTreeSet<&str> = rows.iter().flat_map(|row| row.split('`').skip(1).step_by(2)).collect();
    let missing: Vec<&&str> = named.iter().filter(|name| !known.contains(&format!("fn {name}("))).collect();
    assert!(missing.is_empty() && named.len() > 20, "{missing:?}");
    for row in rows {
        let verdict = row.split('|').nth(3).unwrap_or_default().trim();
        assert!(["met", "partly", "not met", "does not apply"].contains(&verdict), "{row}");
        assert!(verdict != "met" || row.contains('`') || row.contains("this page"), "met is shown by a test: {row}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_counts_as_typed_in_any_letters_and_up_to_256_bytes() {
    let (test, _) = over(database::sqlite().await, &[]).await;
    let long = " 山水 Ö the quick brown fox jumps over seven lazy dogs and 21 cats by the river ".to_owned();
    assert!(long.chars().count() > 64);
    for (at, password) in
        ["只有汉字的一句很长的密码啊", long.as_str(), "  ....  a quiet Sentence  ....  "].into_iter().enumerate()
    {
        let email = format!("p{at}@example.com");
        let link =
            luodi::service::accounts::invite(&test.app, &email, Role::Officer, Some("T2")).await.expect("a link");
        let mut client = Client::new(&test, "203.0.113.7");
        let set = client.post(&link[link.find("/staff").expect("a path")..], &[("password", password)]).await;
        assert_eq!(set.location, "/staff", "{password:?}: {}", set.text);
        for (typed, is_right) in [(password.to_owned(), true), (password.trim().to_owned(), false)] {
            if typed == password && !is_right {
                continue;
            }
            let page = Client::new(&test, "203.0.113.8").sign_in(&email, &typed).await;
            assert_eq!(page.location == "/staff", is_right, "{typed:?}: {} {}", page.status, page.location);
        }
    }
    let mut other = Client::new(&test, "203.0.113.9");
    assert_ne!(other.sign_in("p1@example.com", &long.to_uppercase()).await.location, "/staff", "case counts");
    let mut short = Client::new(&test, "203.0.113.9");
    let link =
        luodi::service::accounts::invite(&test.app, "s@example.com", Role::Officer, Some("T2")).await.expect("a link");
    let refused = short.post(&link[link.find("/staff").expect("a path")..], &[("password", "elevenchars")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn password_fields_hide_what_is_typed_and_hinder_no_password_manager() {
    let (test, _) = over(database::sqlite().await, &[]).await;
    let link =
        luodi::service::accounts::invite(&test.app, "a@example.com", Role::Officer, Some("T2")).await.expect("a link");
    let mut client = Client::new(&test, "203.0.113.7");
    let mut fields = 0;
    for path in ["/staff/sign-in", &link[link.find("/staff").expect("a path")..]] {
        let page = client.get(path).await;
        assert!(!page.text.contains("onpaste") && !page.text.contains("autocomplete=\"off\""), "{path}");
        let html = scraper::Html::parse_document(&page.text);
        for input in select(&html, "input[name*=password], input[name=current]") {
            assert_eq!(input.attr("type"), Some("password"), "{path}");
            assert!(input.attr("autocomplete").is_some_and(|it| it.ends_with("-password")), "{path}");
            fields += 1;
        }
    }
    assert!(fields >= 2, "{fields}");
    let script = std::fs::read_to_string("src/web/static/page.js").expect("the script");
    assert!(!script.contains("paste"), "no script hinders pasting");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_database_has_no_account() {
    for test in TestApp::each().await {
        assert_eq!(test.db.rows("SELECT email FROM account").await, Vec::<String>::new(), "{}", test.db.name);
    }
}

/// Whether a page has the form that ends the session.
fn leaves(page: &str) -> bool {
    !select(&scraper::Html::parse_document(page), "form[action='/staff/sign-out']").is_empty()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_begins_anew_at_each_sign_in_and_ends_idle_old_and_by_its_owner() {
    for (test, clock) in each(&[]).await {
        let mut client = Client::joined(&test, "a@example.com", Role::Officer, Some("T2")).await;
        let token = |client: &Client<'_>| client.cookies.get("luodi").cloned().unwrap_or_default();
        let first = token(&client);
        assert_eq!((first.len(), first.bytes().all(|b| b.is_ascii_hexdigit())), (64, true), "256 random bits");
        assert!(!test.db.rows("SELECT hash FROM session").await.contains(&first), "only its hash is stored");
        client.sign_in("a@example.com", PASSWORD).await;
        let second = token(&client);
        assert_ne!(first, second, "{}", test.db.name);
        let mut stale = Client::new(&test, "203.0.113.7");
        stale.cookies.insert("luodi".to_owned(), first);
        assert_ne!(stale.get("/staff").await.status, StatusCode::OK, "the former session of the browser has ended");
        let home = client.get("/staff").await;
        assert!(home.status == StatusCode::OK && leaves(&home.text), "each page has the way out");
        for path in ["/staff/tasks", "/staff/me", "/staff/listings", "/staff/imports", "/staff/ledger/weekly"] {
            assert!(leaves(&client.get(path).await.text), "{path}");
        }
        client.post("/staff/sign-out", &[]).await;
        client.cookies.insert("luodi".to_owned(), second);
        assert_ne!(client.get("/staff").await.status, StatusCode::OK, "a session that was ended opens nothing");
        client.sign_in("a@example.com", PASSWORD).await;
        clock.pass(31 * 60);
        assert_ne!(client.get("/staff").await.status, StatusCode::OK, "idle for 31 minutes");
        client.sign_in("a@example.com", PASSWORD).await;
        for _ in 0..25 {
            assert_eq!(client.get("/staff").await.status, StatusCode::OK);
            clock.pass(29 * 60);
        }
        assert_ne!(client.get("/staff").await.status, StatusCode::OK, "older than twelve hours, though never idle");
    }
}

/// 32 bytes in base64.
const KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

/// The secret that the page of the second factor shows.
fn shown(page: &str) -> String {
    let html = scraper::Html::parse_document(page);
    let codes = select(&html, "code.reference");
    codes.first().map(|code| code.text().collect::<String>().replace(' ', "")).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn second_factors_are_sealed_at_rest_and_those_of_before_are_sealed_later() {
    for db in database::each().await {
        let (plain, clock) = over(db, &[]).await;
        let mut client = Client::joined(&plain, "a@example.com", Role::Officer, Some("T2")).await;
        client.post("/staff/me/factor", &[("current", PASSWORD)]).await;
        let secret = shown(&client.get("/staff/me/factor").await.text);
        assert_eq!(secret.len(), 32, "base 32");
        let code = totp::code_at(&secret, luodi::clock::Clock::now(clock.as_ref()));
        client.post("/staff/me/factor/confirm", &[("code", &code)]).await;
        let stored =
            async |test: &TestApp| test.db.rows("SELECT totp_secret FROM account WHERE email = 'a@example.com'").await;
        assert_eq!(stored(&plain).await, std::slice::from_ref(&secret), "without a key it is as it was");
        let name = plain.db.name;
        let (context, db) = plain.into_context();
        drop(context);
        // The same database under a program with a key.
        let variables = [("LUODI__SECRETS__KEY", KEY)];
        let test = TestApp::without_import(db, &variables).await.with_clock(clock.clone()).await;
        let sign_in = async |ahead: i64| {
            clock.pass(ahead);
            let mut client = Client::new(&test, "203.0.113.20");
            let asked = client.sign_in("a@example.com", PASSWORD).await;
            let code = totp::code_at(&secret, luodi::clock::Clock::now(clock.as_ref()));
            let ticket = select(&scraper::Html::parse_document(&asked.text), "input[name=ticket]")
                .first()
                .and_then(|input| input.attr("value"))
                .expect("a ticket")
                .to_owned();
            let page = client.post("/staff/sign-in/code", &[("ticket", &ticket), ("code", &code)]).await;
            (asked.status, page.location)
        };
        assert_eq!(sign_in(60).await.1, "/staff", "{name}: a secret of before opens");
        assert_eq!(sealed::seal_stored(&test.app).await.expect("sealed"), 1);
        assert_eq!(sealed::seal_stored(&test.app).await.expect("nothing left"), 0);
        let sealed = stored(&test).await.remove(0);
        assert!(sealed.starts_with("sealed:1:") && !sealed.contains(&secret), "{sealed}");
        assert_eq!(sign_in(60).await.1, "/staff", "{name}: a sealed one too");
        let id = id_of(&test, "a@example.com").await;
        test.db.execute(&format!("UPDATE account SET totp_secret = '{sealed}x' WHERE id = '{id}'")).await;
        assert_ne!(sign_in(60).await.1, "/staff", "what was altered opens nothing");
    }
}

#[test]
fn a_key_that_is_none_stops_the_start_by_name() {
    let load = |key: &str, value: &str| {
        let variables = [("LUODI_PROFILE".to_owned(), "test".to_owned()), (key.to_owned(), value.to_owned())];
        luodi::config::Config::from_variables(&variables)
    };
    for wrong in ["short", "MDEyMw==", &KEY[1..]] {
        let error = format!("{:#}", load("LUODI__SECRETS__KEY", wrong).expect_err("refused"));
        assert!(error.contains("secrets.key") && !error.contains(wrong), "{error}");
    }
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), format!("{KEY}\n")).expect("written");
    let path = file.path().to_string_lossy().into_owned();
    let config = load("LUODI__SECRETS__KEY_FILE", &path).expect("a configuration");
    assert_eq!(config.secret_key().expect("a key").map(|key| key.len()), Some(32));
    let error = format!("{:#}", load("LUODI__SECRETS__KEY_FILE", "absent/key").expect_err("refused"));
    assert!(error.contains("secrets.key_file absent/key"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_of_the_operators_file_of_breaches_is_refused() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    // `printf %s 'a sentence of breaches' | sha1sum`
    let lines = [
        "0000000000000000000000000000000000000001:9",
        "87A162F55DC9418FD798505871C92DBE0D860852:3",
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF:1",
    ];
    std::fs::write(file.path(), lines.join("\r\n")).expect("written");
    let path = file.path().display().to_string();
    let variables = [("LUODI__ACCOUNTS__BREACHED_PASSWORDS_FILE", path.as_str())];
    let (test, _) = over(database::sqlite().await, &variables).await;
    let mut me = Client::joined(&test, "officer@example.com", Role::Officer, Some("T1")).await;
    let change = |password| [("current", PASSWORD), ("password", password)];
    let refused = me.post("/staff/me/password", &change("a sentence of breaches")).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.text.contains("已泄露"), "{}", refused.text);
    let done = me.post("/staff/me/password", &change("a sentence of nobody else")).await;
    assert_eq!(done.location, "/staff/me?done=password");
    let absent = [
        ("LUODI_PROFILE".to_owned(), "test".to_owned()),
        ("LUODI__ACCOUNTS__BREACHED_PASSWORDS_FILE".to_owned(), "absent/file".to_owned()),
    ];
    let error = format!("{:#}", luodi::config::Config::from_variables(&absent).expect_err("refused"));
    assert!(error.contains("accounts.breached_passwords_file absent/file"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_operator_says_so_everybody_sets_a_second_factor_up_before_anything_else() {
    let (test, clock) = over(database::sqlite().await, &[("LUODI__ACCOUNTS__SECOND_FACTOR", "all")]).await;
    for (email, role) in [("officer@example.com", Role::Officer), ("watch@example.com", Role::Observer)] {
        let mut client = Client::joined(&test, email, role, Some("T2")).await;
        assert_eq!(client.get("/staff").await.location, "/staff/me/factor", "{email}");
        client.post("/staff/me/factor", &[("current", PASSWORD)]).await;
        let secret = shown(&client.get("/staff/me/factor").await.text);
        let code = totp::code_at(&secret, luodi::clock::Clock::now(clock.as_ref()));
        client.post("/staff/me/factor/confirm", &[("code", &code)]).await;
        assert_eq!(client.get("/staff").await.status, StatusCode::OK, "{email}");
        let off = client.post("/staff/me/factor/remove", &[("current", PASSWORD)]).await;
        assert_eq!(off.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_ends_the_sessions_of_a_person_and_says_how_it_made_sure_of_one_who_lost_the_factor() {
    for (test, clock) in each(&[]).await {
        let mut manager = Client::joined(&test, "boss@example.com", Role::Manager, Some("T2")).await;
        let mut far = Client::joined(&test, "far@example.com", Role::Manager, Some("T1")).await;
        let mut officer = Client::joined(&test, "officer@example.com", Role::Officer, Some("T2")).await;
        let id = id_of(&test, "officer@example.com").await;
        let path = format!("/staff/people/{id}/sessions");
        assert_eq!(far.post(&path, &[]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(officer.post(&path, &[]).await.status, StatusCode::FORBIDDEN);
        assert_eq!(officer.get("/staff").await.status, StatusCode::OK);
        assert_eq!(manager.post(&path, &[]).await.location, format!("/staff/people/{id}?done=sessions_ended"));
        assert_eq!(officer.get("/staff").await.status, StatusCode::SEE_OTHER, "{}", test.db.name);
        assert_eq!(officer.sign_in("officer@example.com", PASSWORD).await.location, "/staff", "and may come again");
        officer.post("/staff/me/factor", &[("current", PASSWORD)]).await;
        let secret = shown(&officer.get("/staff/me/factor").await.text);
        let code = totp::code_at(&secret, luodi::clock::Clock::now(clock.as_ref()));
        officer.post("/staff/me/factor/confirm", &[("code", &code)]).await;
        let own = [("role", "officer"), ("park", "T2"), ("remove_factor", "yes")];
        let refused = manager.post(&format!("/staff/people/{id}"), &own).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "without a proof: {}", refused.text);
        let proved = [&own[..], &[("proof", "call_back")]].concat();
        assert_eq!(manager.post(&format!("/staff/people/{id}"), &proved).await.status, StatusCode::SEE_OTHER);
        let kept = test.db.rows("SELECT detail FROM audit WHERE action = 'account.totp_off'").await;
        assert_eq!(kept, ["call_back"], "{}", test.db.name);
        let mut other = Client::new(&test, "192.0.2.9");
        assert_eq!(other.sign_in("officer@example.com", PASSWORD).await.location, "/staff", "no code any more");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_clears_what_the_browser_kept() {
    let (test, _) = over(database::sqlite().await, &[]).await;
    let mut client = Client::joined(&test, "a@example.com", Role::Officer, Some("T2")).await;
    let reply = client.post("/staff/sign-out", &[]).await;
    assert_eq!(reply.clear_site_data, "\"cache\", \"storage\"");
    assert_eq!(client.get("/staff/sign-in").await.clear_site_data, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trace_is_answered_405() {
    let (test, _) = over(database::sqlite().await, &[]).await;
    for path in ["/", "/staff", "/api/v1/notice"] {
        let request = axum::http::Request::builder().method("TRACE").uri(path).body(axum::body::Body::empty());
        let reply = test.send(request.expect("a request")).await;
        assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
}

#[test]
fn the_proxys_file_takes_present_tls_alone() {
    let file = include_str!("../../../config/nginx.conf");
    let value = |name: &str| {
        let line = file.lines().map(str::trim).find(|line| line.starts_with(name)).expect(name);
        line.trim_start_matches(name).trim().trim_end_matches(';').to_owned()
    };
    assert_eq!(value("ssl_protocols"), "TLSv1.2 TLSv1.3");
    for suite in value("ssl_ciphers").split(':') {
        assert!(suite.starts_with("ECDHE-") && (suite.contains("-GCM-") || suite.contains("CHACHA20")), "{suite}");
    }
}

/// The one key that the scripts store; properties under names that are computed could be those of a prototype.
#[test]
fn the_scripts_store_a_shortlist_alone_and_set_no_computed_property() {
    for (name, text) in [
        ("page.js", include_str!("../../../src/web/static/page.js")),
        ("desk.js", include_str!("../../../src/web/static/desk.js")),
    ] {
        let stored: BTreeSet<&str> =
            text.split(".setItem(").skip(1).filter_map(|rest| rest.split(',').next()).collect();
        assert!(stored.iter().all(|key| *key == "'shortlist'"), "{name}: {stored:?}");
        assert!(
            !text.contains("localStorage") && !text.contains("indexedDB") && !text.contains("document.cookie"),
            "{name}"
        );
        let set = text.split("] = ").map(|before| before.rsplit('[').next().unwrap_or_default());
        let computed: Vec<&str> = set
            .take(text.matches("] = ").count())
            .filter(|index| !index.contains(|c: char| c == ',' || c.is_whitespace()) && index.parse::<usize>().is_err())
            .collect();
        assert!(computed.is_empty(), "{name}: {computed:?}");
    }
}
