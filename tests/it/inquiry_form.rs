//! The inquiry form as one use case: all of it is stored and sent or none of it, and a refused form comes back whole.

use axum::http::StatusCode;
use domain::listing::Kind;
use luodi::service::notice;
use serde_json::json;

use crate::app::TestApp;
use crate::pages::{consent_step, get, pairs, reader, set, values};
use crate::templates::{Browser, Seen, select};

/// A form that asks for P2 of park T1 and P1 of park T2, in order but for what a test changes.
async fn filled_in(browser: &mut Browser<'_>) -> Vec<(String, String)> {
    let mut sent = consent_step(browser).await;
    tick(&mut sent, &["T1", "T2"]);
    sent
}

fn tick(sent: &mut Vec<(String, String)>, parks: &[&str]) {
    sent.retain(|(name, _)| name != "consent" && name != "parks");
    sent.push(("consent".to_owned(), "yes".to_owned()));
    sent.extend(parks.iter().map(|park| ("parks".to_owned(), (*park).to_owned())));
}

async fn sell_p2(test: &TestApp) {
    let sold = "plot_no,province,city,county,area_mu,land_use,park_code,status\n\
                P2,浙江省,宁波市,北仑区,30,二类工业用地,T1,sold\n";
    test.import(Kind::Plot, sold).await;
}

/// Rows of every table that an inquiry writes.
async fn stored(test: &TestApp) -> usize {
    let mut count = 0;
    for table in ["requirement", "consent", "inquiry", "lead", "lead_event", "outbox", "idempotency", "audit"] {
        let by_enterprise = if table == "audit" { " WHERE actor = 'enterprise'" } else { "" };
        count += test.db.rows(&format!("SELECT '1' FROM {table}{by_enterprise}")).await.len();
    }
    count
}

fn alert(seen: &Seen) -> String {
    select(&seen.html(), "[role=alert]").first().map(|it| it.text().collect()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn with_one_of_two_listings_sold_meanwhile_nothing_is_stored_and_the_sold_one_is_named() {
    for test in TestApp::each().await {
        let mut browser = reader(&test);
        let sent = filled_in(&mut browser).await;
        sell_p2(&test).await;
        let refused = browser.post("/inquiry", &pairs(&sent)).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{}: {}", test.db.name, refused.text);
        assert_eq!(stored(&test).await, 0, "{}", test.db.name);
        assert!(alert(&refused).contains("P2") && !alert(&refused).contains("P1"), "{}", alert(&refused));
        let html = refused.html();
        let ticked: Vec<_> =
            select(&html, "input[name=parks][checked]").iter().filter_map(|it| it.attr("value")).collect();
        assert_eq!(ticked, ["T2"], "the sold one is unticked, the other stays");
        assert_eq!(select(&html, "input[name=parks][disabled]").len(), 1);
        let mut again = values(&refused);
        for name in ["company", "contact", "phone", "email", "land_mu.min"] {
            assert_eq!(get(&again, name), get(&sent, name), "{name}");
        }
        let listings: Vec<_> = again.iter().filter(|(name, _)| name == "listings").map(|(_, id)| id.as_str()).collect();
        assert_eq!(listings, ["P1", "P3"]);
        again.push(("consent".to_owned(), "yes".to_owned()));
        let accepted = browser.post("/inquiry", &pairs(&again)).await;
        assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.text);
        assert_eq!(test.db.rows("SELECT listing_code FROM inquiry").await, ["P1"]);
        test.deliver().await;
        assert_eq!(test.letters().len(), 2, "{}: one inquiry and the receipt", test.db.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inquiry_that_cannot_be_stored_whole_leaves_nothing_and_its_form_can_be_sent_again() {
    for test in TestApp::each().await {
        let mut browser = reader(&test);
        let sent = filled_in(&mut browser).await;
        test.db.execute("ALTER TABLE lead_event RENAME TO lead_event_away").await;
        let failed = browser.post("/inquiry", &pairs(&sent)).await;
        assert_eq!(failed.status, StatusCode::INTERNAL_SERVER_ERROR, "{}", test.db.name);
        test.db.execute("ALTER TABLE lead_event_away RENAME TO lead_event").await;
        assert_eq!(stored(&test).await, 0, "{}", test.db.name);
        let accepted = browser.post("/inquiry", &pairs(&sent)).await;
        assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.text);
        let rows = test.db.rows("SELECT listing_code FROM inquiry ORDER BY listing_code").await;
        assert_eq!(rows, ["P1", "P2"], "{}", test.db.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accepted_form_posted_again_leads_to_the_same_page_whatever_was_sold_or_worded_anew_since() {
    for test in TestApp::each().await {
        let mut browser = reader(&test);
        let sent = filled_in(&mut browser).await;
        let accepted = browser.post("/inquiry", &pairs(&sent)).await;
        assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.text);
        let before = stored(&test).await;
        sell_p2(&test).await;
        for version in [notice::VERSION, "1999-01-01"] {
            let mut twin = sent.clone();
            set(&mut twin, "notice_version", version);
            let again = browser.post("/inquiry", &pairs(&twin)).await;
            assert_eq!((again.status, &again.location), (StatusCode::SEE_OTHER, &accepted.location), "{version}");
        }
        assert_eq!(stored(&test).await, before, "{}", test.db.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_form_comes_back_with_a_new_key_and_its_old_one_takes_a_corrected_phone() {
    for test in TestApp::each().await {
        let mut browser = reader(&test);
        let mut sent = filled_in(&mut browser).await;
        let key = get(&sent, "key").to_owned();
        sell_p2(&test).await;
        let mut keys = vec![key.clone()];
        for phone in ["138 0013 8000", "12"] {
            set(&mut sent, "phone", phone);
            let refused = browser.post("/inquiry", &pairs(&sent)).await;
            assert!(refused.status.is_client_error(), "{}", refused.status);
            keys.push(get(&values(&refused), "key").to_owned());
            assert_eq!(get(&values(&refused), "shown_at"), get(&sent, "shown_at"));
        }
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), 3, "each refusal gives another key");
        sent.retain(|(name, value)| (name.as_str(), value.as_str()) != ("listings", "P2"));
        set(&mut sent, "phone", "138 0013 8001");
        assert_eq!(get(&sent, "key"), key);
        let accepted = browser.post("/inquiry", &pairs(&sent)).await;
        assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}: {}", test.db.name, accepted.text);
        assert_eq!(test.db.rows("SELECT phone FROM requirement").await, ["+8613800138001"], "{}", test.db.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_showed_an_older_notice_is_refused_and_comes_back_with_the_one_in_force() {
    for test in TestApp::each().await {
        for (prefix, told) in [("", "告知内容已更新"), ("/en", "The notice has changed")] {
            let mut browser = reader(&test);
            let mut sent = filled_in(&mut browser).await;
            set(&mut sent, "notice_version", "1999-01-01");
            let refused = browser.post(&format!("{prefix}/inquiry"), &pairs(&sent)).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
            assert!(alert(&refused).contains(told), "{}", alert(&refused));
            assert_eq!(stored(&test).await, 0, "{}", test.db.name);
            let html = refused.html();
            assert!(!select(&html, ".notice-text p").is_empty() && select(&html, "[name=consent][checked]").is_empty());
            let mut again = values(&refused);
            assert_eq!(get(&again, "notice_version"), notice::VERSION);
            assert_eq!(get(&again, "company"), get(&sent, "company"));
            tick(&mut again, &["T1", "T2"]);
            if prefix == "/en" {
                let accepted = browser.post("/en/inquiry", &pairs(&again)).await;
                assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.text);
                let versions = test.db.rows("SELECT DISTINCT notice_version FROM consent").await;
                assert_eq!(versions, [notice::VERSION], "{}", test.db.name);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_requirement_is_not_sent_under_an_older_notice() {
    let test = TestApp::sqlite().await;
    let reference = test.submitted("older").await;
    let mut browser = reader(&test);
    let picked = [("listings", "P1"), ("reference", reference.as_str())];
    let mut sent = values(&browser.post("/inquiry", &picked).await);
    tick(&mut sent, &["T2"]);
    set(&mut sent, "notice_version", "");
    let refused = browser.post("/inquiry", &pairs(&sent)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(test.db.rows("SELECT id FROM inquiry").await, Vec::<String>::new());
}

#[tokio::test]
async fn the_api_refuses_an_older_notice() {
    let test = TestApp::sqlite().await;
    let mut body = TestApp::submission(&json!({ "tax_wan": 1 }));
    body["consent"]["notice_version"] = "1999-01-01".into();
    let refused = test.post_with("/api/v1/requirements", "k", &body).await;
    assert_eq!((refused.status, refused.code()), (StatusCode::UNPROCESSABLE_ENTITY, "notice_outdated".to_owned()));
    assert_eq!(stored(&test).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_fails_does_not_speak_of_saving_and_a_write_that_fails_does() {
    let saving = ["保存", "saved"];
    for test in TestApp::each().await {
        let reference = test.submitted("failing").await;
        let mut browser = reader(&test);
        let sent = filled_in(&mut browser).await;
        for table in ["access", "lead_event"] {
            test.db.execute(&format!("ALTER TABLE {table} RENAME TO {table}_away")).await;
        }
        for prefix in ["", "/en"] {
            let page = browser.get(&format!("{prefix}/requirements/{reference}")).await;
            assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR, "{}", test.db.name);
            assert!(!saving.iter().any(|word| page.text.contains(word)), "{}", page.text);
            let failed = browser.post(&format!("{prefix}/inquiry"), &pairs(&sent)).await;
            assert_eq!(failed.status, StatusCode::INTERNAL_SERVER_ERROR);
            assert!(saving.iter().any(|word| failed.text.contains(word)), "{}", failed.text);
        }
        let problem = test.get(&format!("/api/v1/requirements/{reference}")).await;
        assert_eq!(problem.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!saving.iter().any(|word| problem.text.contains(word)), "{}", problem.text);
    }
}
