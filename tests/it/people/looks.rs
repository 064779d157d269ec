//! Looks at contact data: one page, once; their number per day; who looked at whose.

use axum::http::StatusCode;
use domain::account::Role;
use domain::time::Moment;
use luodi::clock::Clock as _;
use luodi::service::accounts::Actor;
use luodi::service::audit::incident;
use luodi::service::looks::{DayLimit, take};

use super::{Client, each, id_of, leads, mails};

#[tokio::test(flavor = "multi_thread")]
async fn a_look_is_a_page_that_neither_reload_nor_back_opens_again() {
    for (test, clock) in each(&[]).await {
        let ids = leads(&test, "look", &["P1", "P2"], &["T1", "T2"]).await;
        let mut officer = Client::joined(&test, "two@example.com", Role::Officer, Some("T2")).await;
        let mut colleague = Client::joined(&test, "other@example.com", Role::Officer, Some("T2")).await;
        let lead = format!("/staff/leads/{}", ids[0]);
        let look = officer.post(&format!("{lead}/reveal"), &[]).await.location;
        assert!(look.starts_with(&format!("{lead}/contact?look=")), "{look}");
        assert!(!colleague.get(&look).await.text.contains("13800138000"), "the ticket is its owner's");
        let other_lead = look.replace(&ids[0], &ids[1]);
        assert_eq!(officer.get(&other_lead).await.status, StatusCode::NOT_FOUND, "and of its lead");
        assert!(officer.get(&look).await.text.contains("13800138000"));
        for _ in 0..2 {
            let again = officer.get(&look).await;
            assert!(again.status == StatusCode::OK && !again.text.contains("13800138000"), "{}", test.db.name);
        }
        assert_eq!(test.db.rows("SELECT what FROM access").await.len(), 1, "one look, one record");
        let late = officer.post(&format!("{lead}/reveal"), &[]).await.location;
        clock.pass(121);
        assert!(!officer.get(&late).await.text.contains("13800138000"), "a ticket runs out");
        assert!(!officer.get(&lead).await.text.contains("13800138000"), "the lead's page stays masked");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn past_the_limit_of_the_day_looks_are_refused_and_the_manager_is_told_once() {
    let limits = [
        ("LUODI__LIMITS__ENABLED", "true"),
        ("LUODI__LIMITS__REVEALS_PER_ACCOUNT_DAY", "2"),
        ("LUODI__LIMITS__EXPORTS_PER_ACCOUNT_DAY", "1"),
    ];
    for (test, clock) in each(&limits).await {
        let ids = leads(&test, "limit", &["P1"], &["T2"]).await;
        let mut officer = Client::joined(&test, "two@example.com", Role::Officer, Some("T2")).await;
        Client::joined(&test, "manager@example.com", Role::Manager, Some("T2")).await;
        Client::joined(&test, "foreign@example.com", Role::Manager, Some("T1")).await;
        let admin = Client::joined(&test, "admin@example.com", Role::Admin, None).await;
        drop(admin);
        let reveal = format!("/staff/leads/{}/reveal", ids[0]);
        let mut answers = Vec::new();
        for _ in 0..4 {
            answers.push(officer.post(&reveal, &[]).await.status.as_u16());
        }
        assert_eq!(answers, [303, 303, 429, 429], "{}", test.db.name);
        assert_eq!(
            test.db.rows("SELECT what FROM access").await.len(),
            1,
            "looks of one hour are one record, a refused one is none"
        );
        let told = mails(&test, "manager@example.com").await;
        assert!(told.len() == 1 && told[0].contains("two@example.com") && told[0].contains("2 次"), "{told:?}");
        assert!(
            mails(&test, "foreign@example.com").await.is_empty() && mails(&test, "admin@example.com").await.is_empty()
        );
        let scope = domain::account::Scope::Park("T1".into());
        let actor = Actor {
            id: id_of(&test, "foreign@example.com").await,
            email: "foreign@example.com".into(),
            role: Role::Manager,
            scope,
        };
        take(&test.app, &actor, DayLimit::Exports).await.expect("one is permitted");
        assert!(take(&test.app, &actor, DayLimit::Exports).await.is_err());
        assert_eq!(mails(&test, "admin@example.com").await.len(), 1, "of a park's only manager the admin hears");
        clock.pass(86_400);
        assert_eq!(officer.post(&reveal, &[]).await.status, StatusCode::SEE_OTHER, "a new day");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_lists_who_saw_whose_data() {
    for (test, clock) in each(&[]).await {
        let ids = leads(&test, "incident", &["P1", "P2"], &["T1", "T2"]).await;
        let began = clock.now();
        for (email, park, id) in [("two@example.com", "T2", &ids[0]), ("one@example.com", "T1", &ids[1])] {
            let mut officer = Client::joined(&test, email, Role::Officer, Some(park)).await;
            officer.post(&format!("/staff/leads/{id}/reveal"), &[]).await;
            clock.pass(60);
        }
        let list = async |name: &str, from: Moment, to: Moment| {
            let looks = incident(&test.app, name, from, to).await.expect("a list");
            looks.iter().map(|look| format!("{} {}", look.account, look.park)).collect::<Vec<_>>()
        };
        let all = (began, clock.now());
        assert_eq!(list("two@example.com", all.0, all.1).await, ["two@example.com T2"], "{}", test.db.name);
        assert_eq!(list("T1", all.0, all.1).await, ["one@example.com T1"]);
        assert_eq!(list("buyer@example.com", all.0, all.1).await, ["two@example.com T2", "one@example.com T1"]);
        assert_eq!(list("buyer@example.com", all.0, began.plus_seconds(60)).await, ["two@example.com T2"]);
        assert!(list("two@example.com", began.plus_seconds(1), all.1).await.is_empty());
        let looks = incident(&test.app, "T2", all.0, all.1).await.expect("a list");
        assert_eq!(looks[0].company.as_deref(), Some("示例水泵有限公司"));
        assert!(looks[0].numbers.len() == 1 && looks[0].numbers[0].starts_with("LD"));
        assert!(incident(&test.app, "no such park", all.0, all.1).await.is_err());
    }
}
