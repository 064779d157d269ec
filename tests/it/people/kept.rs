//! What was typed before a session ran out is not lost.

use axum::http::StatusCode;
use domain::account::Role;

use super::{Client, PASSWORD, each, leads};
use crate::templates::select;

const NOTE: &str = "客户约定周五来看地，带上规划图";

#[tokio::test(flavor = "multi_thread")]
async fn a_note_that_was_typed_through_the_idle_time_is_saved_after_signing_in() {
    for (test, clock) in each(&[]).await {
        let ids = leads(&test, "kept", &["P1"], &["T2"]).await;
        let mut officer = Client::joined(&test, "two@example.com", Role::Officer, Some("T2")).await;
        let stage = format!("/staff/leads/{}/stage", ids[0]);
        clock.pass(31 * 60);
        let late = officer.post(&stage, &[("version", "1"), ("to", "assessed"), ("note", NOTE)]).await;
        assert_eq!(late.location, "/staff/sign-in?next=%2Fstaff%2Fkept", "{}", test.db.name);
        let sealed = test.db.rows("SELECT sealed FROM kept_form").await;
        assert!(sealed.len() == 1 && !sealed[0].contains(NOTE) && !sealed[0].contains("assessed"), "encrypted");

        let mut colleague = Client::joined(&test, "other@example.com", Role::Officer, Some("T2")).await;
        colleague.cookies.insert("luodi_form".to_owned(), officer.cookies["luodi_form"].clone());
        assert!(!colleague.get("/staff/kept").await.text.contains(NOTE), "another account sees none of it");

        let fields = [("email", "two@example.com"), ("password", PASSWORD), ("next", "/staff/kept")];
        assert_eq!(officer.post("/staff/sign-in", &fields).await.location, "/staff/kept");
        let page = officer.get("/staff/kept").await;
        assert!(page.text.contains(NOTE));
        assert_eq!(test.db.rows("SELECT stage FROM lead").await, ["registered"], "a look saves nothing");
        let html = scraper::Html::parse_document(&page.text);
        let form = select(&html, "main form[action*='kept=1']")[0];
        let action = form.attr("action").expect("an address").to_owned();
        let inputs = select(&html, "main form[action*='kept=1'] input");
        let pairs: Vec<(&str, &str)> =
            inputs.iter().filter_map(|it| Some((it.attr("name")?, it.attr("value")?))).collect();
        assert_eq!(officer.post(&action, &pairs).await.location, format!("/staff/leads/{}?done=moved", ids[0]));
        assert_eq!(test.db.rows("SELECT note FROM lead_event WHERE kind = 'stage'").await, [NOTE]);
        assert!(test.db.rows("SELECT sealed FROM kept_form").await.is_empty(), "and is gone");
        assert!(!officer.cookies.contains_key("luodi_form"));
        assert!(officer.get("/staff/kept").await.text.contains("没有为这个账号保留的内容"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_kept_for_a_stranger_and_no_password_ever() {
    for (test, clock) in each(&[]).await {
        let mut stranger = Client::new(&test, "192.0.2.1");
        stranger.cookies.insert("luodi".to_owned(), "f".repeat(64));
        let answer = stranger.post("/staff/leads/x/stage", &[("note", NOTE)]).await;
        assert_eq!((answer.status, answer.set_cookies.len()), (StatusCode::SEE_OTHER, 0));
        let mut officer = Client::joined(&test, "two@example.com", Role::Officer, Some("T2")).await;
        clock.pass(31 * 60);
        officer.post("/staff/me/password", &[("current", PASSWORD), ("password", "another long sentence")]).await;
        assert!(test.db.rows("SELECT hash FROM kept_form").await.is_empty(), "{}", test.db.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_wanted_any_more_is_dropped() {
    for (test, clock) in each(&[]).await {
        let ids = leads(&test, "dropped", &["P1"], &["T2"]).await;
        let mut officer = Client::joined(&test, "two@example.com", Role::Officer, Some("T2")).await;
        clock.pass(31 * 60);
        officer.post(&format!("/staff/leads/{}/stage", ids[0]), &[("version", "1"), ("note", NOTE)]).await;
        officer.sign_in("two@example.com", PASSWORD).await;
        assert_eq!(officer.post("/staff/kept/discard", &[]).await.location, "/staff");
        assert!(test.db.rows("SELECT hash FROM kept_form").await.is_empty(), "{}", test.db.name);
    }
}
