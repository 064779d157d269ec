//! Asking for an alert and confirming it: double opt-in, the need alone, limits.

use axum::http::StatusCode;
use domain::requirement::FieldCode;
use luodi::db::words::AlertState;
use luodi::error::{Code, Error};
use luodi::i18n::Locale;
use luodi::service::alerts::{self, AlertRequest};
use luodi::service::housekeeping;
use serde_json::json;

use super::{READER, Scene, link, need, plot};
use crate::database;
use crate::templates::Browser;

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_begins_with_the_button_behind_the_mailed_link_and_neither_before_nor_by_opening_it() {
    for scene in Scene::each().await {
        let name = scene.name();
        let alert = scene.ask(Scene::request(&need(), READER)).await.expect("asked");
        assert_eq!(alert.state, AlertState::Pending, "{name}");
        let mails = scene.mails(READER).await;
        assert_eq!(mails.len(), 1, "{name}");
        assert!(mails[0].contains("忽略即可") && mails[0].contains("20–40 亩"), "{name}: {}", mails[0]);
        let path = link(&mails[0]);
        assert_eq!(path, format!("/alerts/{}", alert.token), "{name}");
        // Published after it was asked for, and before it is confirmed.
        scene.plots(&[plot("A1")]).await;
        scene.round().await;
        let mut reader = Browser { test: &scene.test, cookie: String::new() };
        let page = reader.get(&path).await;
        assert!(page.text.contains("r***@example.com") && !page.text.contains(READER), "{name}: {}", page.text);
        scene.round().await;
        assert_eq!(scene.mails(READER).await.len(), 1, "{name}: opening it has no effect");
        assert_eq!(reader.post(&format!("{path}/confirm"), &[]).await.status, StatusCode::SEE_OTHER);
        scene.round().await;
        let news = scene.news(READER).await;
        assert_eq!(news.len(), 1, "{name}: the first may go at once");
        assert!(news[0].contains("示例地块A1") && news[0].contains("40 万元/亩"), "{name}: {}", news[0]);
        assert_eq!(reader.post(&format!("{path}/confirm"), &[]).await.status, StatusCode::SEE_OTHER, "repeated");
        scene.round().await;
        assert_eq!(scene.news(READER).await.len(), 1, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_need_alone_is_kept_and_no_mail_holds_words_of_the_visitor() {
    for scene in Scene::each().await {
        scene.alert(&need(), READER).await;
        scene.plots(&[plot("A1")]).await;
        scene.round().await;
        let stored = scene.test.db.rows("SELECT need FROM alert").await.remove(0);
        assert!(stored.contains("land_mu") && !stored.contains("示例件"), "{}: {stored}", scene.name());
        for text in scene.mails(READER).await {
            assert!(!text.contains("示例件"), "{}: {text}", scene.name());
        }
        let consent = scene.test.db.rows("SELECT notice_version FROM alert").await.remove(0);
        assert_eq!(consent, luodi::service::notice::VERSION);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_form_is_refused_by_field_and_stores_nothing() {
    for scene in Scene::each().await {
        let good = || Scene::request(&need(), READER);
        let cases: [(AlertRequest, &str, FieldCode); 6] = [
            (AlertRequest { email: " ".into(), ..good() }, "alert_email", FieldCode::Missing),
            (AlertRequest { email: "no address".into(), ..good() }, "alert_email", FieldCode::BadMail),
            (
                AlertRequest { email: "a@example.com\r\nBcc: b@example.com".into(), ..good() },
                "alert_email",
                FieldCode::BadMail,
            ),
            (AlertRequest { consents: false, ..good() }, "alert_consent", FieldCode::ConsentMissing),
            (
                AlertRequest { notice_version: "1999-01-01".into(), ..good() },
                "alert_consent",
                FieldCode::NoticeOutdated,
            ),
            (Scene::request(&json!({ "capacity": "年产80万套" }), READER), "alert_need", FieldCode::Missing),
        ];
        for (request, field, code) in cases {
            let refused = alerts::ask(&scene.test.app, request).await.expect_err("is wrong");
            let Error::Invalid(errors) = refused else { panic!("{refused:?}") };
            assert_eq!((errors[0].field.as_str(), errors[0].code), (field, code), "{}", scene.name());
        }
        assert!(scene.test.db.rows("SELECT id FROM alert").await.is_empty());
        assert!(scene.mails(READER).await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_posted_twice_makes_one_alert_and_a_second_of_the_same_need_takes_the_firsts_place() {
    for scene in Scene::each().await {
        let request = Scene::request(&need(), READER);
        scene.ask(request.clone()).await.expect("asked");
        let alert = scene.ask(request).await.expect("the same");
        assert_eq!(scene.mails(READER).await.len(), 1, "{}", scene.name());
        alerts::confirm(&scene.test.app, &alert.token).await.expect("confirmed");
        let other = scene.alert(&need(), READER).await;
        let first = alerts::show(&scene.test.app, &alert.token).await.expect("its end");
        assert_eq!((first.state.word(), first.address), ("ended", None), "{}", scene.name());
        assert_eq!(other.state, AlertState::Confirmed);
        let elsewhere = scene.alert(&json!({ "kinds": ["plot"], "land_mu": { "min": 5 } }), READER).await;
        assert_eq!(elsewhere.state, AlertState::Confirmed, "another need stays beside it");
        assert_eq!(alerts::show(&scene.test.app, &other.token).await.expect("there").state, AlertState::Confirmed);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_need_that_hundreds_fit_is_to_be_narrowed_first() {
    for scene in Scene::each().await {
        let rows: Vec<String> = (0..501).map(|at| plot(&format!("M{at}"))).collect();
        scene.plots(&rows).await;
        let broad = Scene::request(&json!({ "kinds": ["plot"], "headcount": 30 }), READER);
        let Err(Error::Invalid(errors)) = scene.ask(broad).await else { panic!("is too broad") };
        assert_eq!((errors[0].field.as_str(), errors[0].code), ("alert_need", FieldCode::TooBroad), "{}", scene.name());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_hold_per_network_per_address_and_for_the_alerts_that_an_address_has() {
    for db in database::each().await {
        let limits = [
            ("LUODI__LIMITS__ENABLED", "true"),
            ("LUODI__LIMITS__ALERTS_PER_NETWORK_HOUR", "3"),
            ("LUODI__LIMITS__ALERTS_PER_ADDRESS_DAY", "2"),
            ("LUODI__LIMITS__ALERTS_PER_ADDRESS", "1"),
        ];
        let scene = Scene::over(db, &limits).await;
        let ask = async |email: &str, network: &str, least: u32| {
            let need = json!({ "kinds": ["plot"], "land_mu": { "min": least } });
            scene.ask(AlertRequest { network: network.into(), ..Scene::request(&need, email) }).await
        };
        let one = ask(READER, "192.0.2.1", 1).await.expect("the first");
        let two = ask("Reader@example.com", "192.0.2.2", 2).await.expect("the second");
        assert!(matches!(ask(READER, "192.0.2.3", 3).await, Err(Error::TooMany(3_600))), "{}", scene.name());
        for address in ["a@example.com", "b@example.com"] {
            ask(address, "192.0.2.1", 4).await.expect("another address");
        }
        assert!(matches!(ask("c@example.com", "192.0.2.1", 5).await, Err(Error::TooMany(3_600))), "{}", scene.name());
        alerts::confirm(&scene.test.app, &one.token).await.expect("confirmed");
        // The local part of an address may tell letters apart.
        alerts::confirm(&scene.test.app, &two.token).await.expect("another mailbox");
        scene.clock.set(scene.test.app.clock.now().plus_seconds(86_400));
        let three = ask(READER, "192.0.2.4", 6).await.expect("a day later");
        let full = alerts::confirm(&scene.test.app, &three.token).await;
        assert!(matches!(full, Err(Error::Conflict(Code::AlertsFull))), "{}: {full:?}", scene.name());
        alerts::stop(&scene.test.app, &one.token).await.expect("stopped");
        alerts::confirm(&scene.test.app, &three.token).await.expect("has room now");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_confirmation_everything_is_deleted_after_a_week() {
    for scene in Scene::each().await {
        let alert = scene.ask(Scene::request(&need(), READER)).await.expect("asked");
        scene.mails(READER).await;
        scene.pass_days(6);
        housekeeping::sweep(&scene.test.app).await.expect("sweeps");
        assert!(alerts::show(&scene.test.app, &alert.token).await.is_ok(), "{}: not yet", scene.name());
        scene.pass_days(1);
        housekeeping::sweep(&scene.test.app).await.expect("sweeps");
        assert!(matches!(alerts::show(&scene.test.app, &alert.token).await, Err(Error::NotFound)), "{}", scene.name());
        let all = scene.everything().await;
        assert!(!all.contains("reader@"), "{}: {all}", scene.name());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_english_reader_gets_english_mails_with_english_links() {
    for scene in Scene::each().await {
        let request = AlertRequest { locale: Locale::En, ..Scene::request(&need(), READER) };
        let alert = scene.ask(request).await.expect("asked");
        let text = scene.mails(READER).await.remove(0);
        assert!(text.contains("/en/alerts/") && text.contains("leave this mail alone"), "{}: {text}", scene.name());
        alerts::confirm(&scene.test.app, &alert.token).await.expect("confirmed");
        scene.plots(&[plot("A1")]).await;
        scene.round().await;
        let text = scene.mails(READER).await.into_iter().find(|text| text.contains("newly fit")).expect("news");
        assert!(text.contains("/en/plots/A1") && text.contains("Beilun"), "{}: {text}", scene.name());
    }
}
