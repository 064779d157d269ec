//! Who may invite, change and disable whom, and what a disabled account leaves behind.

use axum::http::StatusCode;
use domain::account::{Role, Sphere};
use domain::requirement::FieldCode;
use luodi::clock::Clock as _;
use luodi::error::Error;
use luodi::service::accounts;
use luodi::service::keys;
use luodi::service::people::{self, AccountChange};

use super::{Client, PASSWORD, each, id_of, leads, mailed_path, mails};
use crate::cli::{Shell, errors};

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> FieldCode {
    match result {
        Err(Error::Invalid(errors)) => errors[0].code,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_invites_into_its_own_park_by_mail_and_nowhere_else() {
    for (test, _) in each(&[]).await {
        let mut manager = Client::joined(&test, "manager@example.com", Role::Manager, Some("T1")).await;
        let invite = |role, park| [("email", "new@example.com"), ("role", role), ("park", park)];
        for (role, park) in
            [("officer", "T2"), ("officer", "T1 T2"), ("admin", ""), ("officer", "nowhere"), ("king", "T1")]
        {
            let refused = manager.post("/staff/people", &invite(role, park)).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{role} {park}");
            assert!(refused.text.contains("new@example.com"), "what was typed is kept");
        }
        assert!(mails(&test, "new@example.com").await.is_empty());
        let done = manager.post("/staff/people", &invite("officer", "T1")).await;
        assert_eq!(done.location, "/staff/people?done=invited");
        let path = mailed_path(&test, "new@example.com", "link").await;
        let mut new = Client::new(&test, "198.51.100.1");
        assert_eq!(new.get(&path).await.status, StatusCode::OK);
        assert_eq!(new.post(&path, &[("password", PASSWORD)]).await.location, "/staff");
        for path in ["/staff/people", &format!("/staff/people/{}", id_of(&test, "manager@example.com").await)] {
            assert_eq!(new.get(path).await.status, StatusCode::FORBIDDEN, "officers manage nobody");
        }
        let listed = manager.get("/staff/people").await.text;
        assert!(listed.contains("new@example.com") && listed.contains("在用"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_link_replaces_the_first_and_another_role_or_park_is_refused() {
    for (test, _) in each(&[]).await {
        let app = &test.app;
        let invite = async |role, park| accounts::invite(app, "Officer@Example.com", role, park).await;
        let first = invite(Role::Officer, Some("T1")).await.expect("a link");
        let second = invite(Role::Officer, Some("T1")).await.expect("a link");
        let token = |link: &str| link.rsplit('/').next().expect("a token").to_owned();
        assert!(matches!(accounts::link_owner(app, &token(&first)).await, Err(Error::NotFound)), "{}", test.db.name);
        assert_eq!(accounts::link_owner(app, &token(&second)).await.expect("a link"), "officer@example.com");
        assert_eq!(code(invite(Role::Officer, Some("T2")).await), FieldCode::AccountDiffers);
        assert_eq!(code(invite(Role::Manager, Some("T1")).await), FieldCode::AccountDiffers);
        assert!(accounts::link_owner(app, &token(&second)).await.is_ok(), "a refusal changes nothing");
        people::disable(app, None, "officer@example.com", None).await.expect("disabled");
        assert_eq!(code(invite(Role::Officer, Some("T1")).await), FieldCode::AccountDisabled);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn disabling_ends_session_link_and_ownership_at_once() {
    for (test, _) in each(&[]).await {
        let ids = leads(&test, "disable", &["P1", "P2"], &["T1", "T2"]).await;
        let mut officer = Client::joined(&test, "two@example.com", Role::Officer, Some("T2")).await;
        let mut manager = Client::joined(&test, "manager@example.com", Role::Manager, Some("T2")).await;
        Client::joined(&test, "heir@example.com", Role::Officer, Some("T2")).await;
        Client::joined(&test, "one@example.com", Role::Officer, Some("T1")).await;
        Client::joined(&test, "watch@example.com", Role::Observer, Some("T2")).await;
        let moved =
            officer.post(&format!("/staff/leads/{}/stage", ids[0]), &[("version", "1"), ("to", "assessed")]).await;
        assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.text);
        let link = accounts::invite(&test.app, "two@example.com", Role::Officer, Some("T2")).await.expect("a link");
        let (account, heir) = (id_of(&test, "two@example.com").await, id_of(&test, "heir@example.com").await);
        let path = format!("/staff/people/{account}/disable");
        let own = Some("two@example.com");
        let key = keys::add(&test.app, "two", Role::Officer, &["T2".to_owned()], own).await.expect("a key");
        keys::add(&test.app, "crm", Role::Officer, &["T2".to_owned()], None).await.expect("a key");
        for wrong in ["nobody@example.com", "one@example.com", "watch@example.com", "two@example.com"] {
            let refused = manager.post(&path, &[("heir", wrong)]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        }
        assert_eq!(officer.get("/staff").await.status, StatusCode::OK, "a refusal changes nothing");
        let done = manager.post(&path, &[("heir", "heir@example.com")]).await;
        assert_eq!(done.location, format!("/staff/people/{account}?done=disabled"));
        assert_eq!(officer.get("/staff").await.status, StatusCode::SEE_OTHER, "the next request finds no session");
        assert_eq!(officer.get(&link[link.find("/staff").expect("a path")..]).await.status, StatusCode::NOT_FOUND);
        let wrong = officer.sign_in("two@example.com", PASSWORD).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let owner = format!("SELECT owner_id FROM lead WHERE id = '{}'", ids[0]);
        assert_eq!(test.db.rows(&owner).await, [heir], "{}", test.db.name);
        assert!(!manager.get("/staff/people").await.text.contains("key:crm"), "a key is no person");
        let history = manager.get(&format!("/staff/leads/{}", ids[0])).await.text;
        assert!(history.contains("负责人：heir@example.com"));
        // The heir leaves too, without an heir of its own.
        let moved = people::disable(&test.app, None, "heir@example.com", None).await.expect("disabled");
        assert_eq!((moved, test.db.rows(&owner).await), (1, vec![String::new()]));
        assert_eq!(manager.post(&format!("/staff/people/{account}/enable"), &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(officer.sign_in("two@example.com", PASSWORD).await.location, "/staff");
        assert!(keys::caller(&test.app, &key).await.is_err(), "its key has ended for good");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_disables_itself_and_the_last_admin_stays() {
    for (test, _) in each(&[]).await {
        let mut admin = Client::joined(&test, "admin@example.com", Role::Admin, None).await;
        let own = id_of(&test, "admin@example.com").await;
        let refused = admin.post(&format!("/staff/people/{own}/disable"), &[]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let demoted = admin.post(&format!("/staff/people/{own}"), &[("role", "officer"), ("park", "T1")]).await;
        assert_eq!(demoted.status, StatusCode::UNPROCESSABLE_ENTITY);
        let change = AccountChange {
            role: Some(Role::Officer),
            sphere: Some(Sphere::from(Some("T1"))),
            removes_factor: false,
            proof: None,
        };
        let last = people::change(&test.app, None, "admin@example.com", change).await;
        assert_eq!(code(last), FieldCode::LastAdmin);
        assert_eq!(admin.get("/staff/people").await.status, StatusCode::OK);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_sphere_holds_from_the_next_request_and_leaves_no_lead_behind() {
    for (test, _) in each(&[]).await {
        let ids = leads(&test, "change", &["P1"], &["T2"]).await;
        let mut officer = Client::joined(&test, "two@example.com", Role::Officer, Some("T2")).await;
        let lead = format!("/staff/leads/{}", ids[0]);
        officer.post(&format!("{lead}/stage"), &[("version", "1"), ("to", "assessed")]).await;
        let mut admin = Client::joined(&test, "admin@example.com", Role::Admin, None).await;
        let person = format!("/staff/people/{}", id_of(&test, "two@example.com").await);
        let changed = admin.post(&person, &[("role", "manager"), ("park", "T1、T3")]).await;
        assert_eq!(changed.location, format!("{person}?done=changed"), "{}", changed.text);
        assert_eq!(officer.get(&lead).await.status, StatusCode::NOT_FOUND, "{}", test.db.name);
        assert_eq!(officer.get("/staff/people").await.status, StatusCode::OK, "managers manage people");
        assert_eq!(test.db.rows("SELECT owner_id FROM lead").await, [""]);
        let mut other = Client::joined(&test, "manager@example.com", Role::Manager, Some("T1")).await;
        assert_eq!(other.get(&person).await.status, StatusCode::NOT_FOUND, "it reaches beyond T1");
    }
}

#[test]
fn the_commands_tell_what_they_did_and_point_at_the_right_one() {
    let shell = Shell::new();
    let parks = "code,name,level,province,city,county\nT1,示例园区,省级,浙江省,宁波市,北仑区\nT2,示例二区,省级,浙江省,宁波市,北仑区\n";
    assert!(shell.run(&["import", "parks", &shell.file("parks.csv", parks.as_bytes())]).status.success());
    let out = |arguments: &[&str]| {
        let output = shell.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", errors(&output));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    out(&["user", "add", "x@example.com", "--role", "officer", "--park", "T1", "T2"]);
    out(&["user", "add", "region@example.com", "--role", "observer", "--region", "330200"]);
    let other = shell.run(&["user", "add", "x@example.com", "--role", "officer", "--park", "T1"]);
    assert_eq!(other.status.code(), Some(1));
    assert!(errors(&other).contains("user change x@example.com"), "{}", errors(&other));
    out(&["user", "change", "x@example.com", "--park", "T1"]);
    let listed = out(&["user", "list"]);
    assert!(listed.contains("x@example.com\tofficer\tT1\tinvited\tno\t"), "{listed}");
    assert!(listed.contains("region@example.com\tobserver\t330200\tinvited"), "{listed}");
    for wrong in [["disable", "none@example.com"], ["enable", "none@example.com"]] {
        assert_eq!(shell.run(&["user", wrong[0], wrong[1]]).status.code(), Some(1));
    }
    let heir = shell.run(&["user", "disable", "x@example.com", "--to", "none@example.com"]);
    assert!(errors(&heir).contains("--to"), "{}", errors(&heir));
    assert!(out(&["user", "disable", "x@example.com"]).contains("0 open leads are unowned"));
    assert!(out(&["user", "list"]).contains("x@example.com\tofficer\tT1\tdisabled"));
    out(&["user", "enable", "x@example.com"]);
    assert!(out(&["incident", "T1", "--from", "2026-11-01", "--to", "2026-11-30"]).starts_with("at,account,role,park"));
    assert!(out(&["audit", "verify"]).contains("are as sealed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_whose_link_lets_somebody_in_leaves_no_copy_once_it_is_sent() {
    for (test, clock) in each(&[]).await {
        let mut manager = Client::joined(&test, "manager@example.com", Role::Manager, Some("T1")).await;
        manager.post("/staff/people", &[("email", "new@example.com"), ("role", "officer"), ("park", "T1")]).await;
        let claim =
            luodi::db::letters::LeaseRequest { at_most: 9, lease_seconds: 60, newest_first: false, takes_over: true };
        let row = test.app.db.claim(claim, clock.now()).await.expect("claims").remove(0);
        let attempt =
            luodi::db::letters::Attempt { outcome: luodi::db::words::AttemptOutcome::Sent, detail: "250".to_owned() };
        let sent = luodi::db::letters::DeliveryOutcome::Sent;
        assert!(test.app.db.settle(&row, sent, attempt, clock.now()).await.expect("settles"));
        let left = "SELECT state FROM outbox WHERE payload IS NOT NULL AND purpose = 'invitation'";
        assert!(test.db.rows(left).await.is_empty(), "{}", test.db.name);
    }
}
