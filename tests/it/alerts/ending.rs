//! Ends of an alert: stopped, over, refused; what is erased, and what staff see of those that wait.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use domain::account::Scope;
use luodi::db::outbox::{Attempt, DeliveryOutcome, LeaseRequest};
use luodi::db::words::{AlertState, AttemptOutcome};
use luodi::error::Error;
use luodi::service::{alerts, housekeeping};

use super::{FORM, READER, Scene, need, plot};

async fn one_click(scene: &Scene, path: &str, kind: &str, body: &str) -> (StatusCode, String) {
    let request = Request::post(path).header("content-type", kind).body(Body::from(body.to_owned()));
    let reply = scene.test.send(request.expect("a request")).await;
    (reply.status, reply.text)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_click_without_a_session_stops_an_alert_and_erases_all_of_it() {
    for scene in Scene::each().await {
        let name = scene.name();
        let other = scene.alert(&need(), "other@example.com").await;
        let alert = scene.alert(&need(), READER).await;
        scene.plots(&[plot("A1")]).await;
        scene.round().await;
        scene.news(READER).await;
        scene.plots(&[plot("A2")]).await;
        scene.round().await;
        let path = format!("/alerts/{}/stop", alert.token);
        let seen = scene.test.get(&path).await;
        assert!(seen.status == StatusCode::OK && seen.text.contains("停止这条提醒"), "{name}: a visit changes nothing");
        let parts = "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";
        let (status, page) = one_click(&scene, &path, "multipart/form-data; boundary=b", parts).await;
        assert!(status == StatusCode::OK && page.contains("您停止了这条提醒"), "{name}: {page}");
        assert!(page.contains("已找到场地"), "{name}: the page asks why: {page}");
        let all = scene.everything().await;
        assert!(!all.contains("reader@") && !all.contains(&format!("{}\nA1", alert.id)), "{name}: {all}");
        let rows = scene.test.db.rows(&format!("SELECT code FROM alert_fit WHERE alert_id = '{}'", alert.id)).await;
        assert!(rows.is_empty(), "{name}: {rows:?}");
        scene.pass_days(8);
        scene.round().await;
        assert_eq!(scene.news(READER).await.len(), 1, "{name}: no mail after it");
        assert_eq!(scene.news("other@example.com").await.len(), 2, "{name}: another alert goes on");
        assert_eq!(alerts::show(&scene.test.app, &other.token).await.expect("there").state, AlertState::Confirmed);
        let again = one_click(&scene, &path, FORM, "List-Unsubscribe=One-Click").await;
        assert!(again.0 == StatusCode::OK && again.1.contains("您停止了这条提醒"), "{name}: repeated");
        let why = format!("/alerts/{}/why", alert.token);
        let (_, page) = one_click(&scene, &why, FORM, "reason=found").await;
        assert!(page.contains("谢谢"), "{name}: {page}");
        let kept = alerts::show(&scene.test.app, &alert.token).await.expect("its end");
        assert_eq!(kept.reason.expect("a reason").word(), "found", "{name}");
        let (status, _) = one_click(&scene, &why, FORM, "reason=%00").await;
        assert!(!status.is_server_error(), "{name}: {status}");
        let unknown = format!("/alerts/{}/stop", "0".repeat(64));
        assert_eq!(one_click(&scene, &unknown, FORM, "List-Unsubscribe=One-Click").await.0, StatusCode::NOT_FOUND);
        scene.pass_days(31);
        housekeeping::sweep(&scene.test.app).await.expect("sweeps");
        assert!(matches!(alerts::show(&scene.test.app, &alert.token).await, Err(Error::NotFound)), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_twelve_months_it_ends_with_a_mail_before_that_offers_to_go_on() {
    for scene in Scene::each().await {
        let name = scene.name();
        let over = scene.alert(&need(), READER).await;
        let kept = scene.alert(&need(), "kept@example.com").await;
        scene.pass_days(alerts::LIFE_DAYS - alerts::ENDING_DAYS - 1);
        scene.round().await;
        assert!(scene.news(READER).await.is_empty(), "{name}: too early");
        scene.pass_days(1);
        scene.plots(&[plot("A1")]).await;
        scene.round().await;
        scene.pass_days(10);
        scene.round().await;
        let news = scene.news(READER).await;
        assert_eq!(news.len(), 1, "{name}: asked once, with what newly fits");
        assert!(news[0].contains("再提醒一年") && news[0].contains("示例地块A1"), "{name}: {}", news[0]);
        let page = scene.test.get(&format!("/alerts/{}", kept.token)).await.text;
        assert!(page.contains("go-on"), "{name}: {page}");
        let (status, _) = one_click(&scene, &format!("/alerts/{}/go-on", kept.token), FORM, "").await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{name}");
        scene.pass_days(alerts::ENDING_DAYS);
        housekeeping::sweep(&scene.test.app).await.expect("sweeps");
        let ended = alerts::show(&scene.test.app, &over.token).await.expect("its end");
        assert_eq!((ended.state.word(), ended.end.expect("a cause").word()), ("ended", "expired"), "{name}");
        let goes_on = alerts::show(&scene.test.app, &kept.token).await.expect("there");
        assert_eq!(goes_on.state, AlertState::Confirmed, "{name}");
        let all = scene.everything().await;
        assert!(!all.contains("reader@") && all.contains("kept@example.com"), "{name}: {all}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_is_refused_for_good_ends_its_alert_and_is_no_task_for_staff() {
    for scene in Scene::each().await {
        let name = scene.name();
        let alert = scene.ask(Scene::request(&need(), READER)).await.expect("asked");
        let (db, now) = (&scene.test.app.db, scene.test.app.clock.now());
        let claim = LeaseRequest { at_most: 5, lease_seconds: 60, newest_first: false, takes_over: true };
        let claimed = db.claim(claim, now).await.expect("claims");
        let attempt = Attempt { outcome: AttemptOutcome::Permanent, detail: "550 no such user".to_owned() };
        db.settle(&claimed[0], DeliveryOutcome::Failed, attempt, now).await.expect("settles");
        let ended = alerts::show(&scene.test.app, &alert.token).await.expect("its end");
        assert_eq!((ended.end.expect("a cause").word(), ended.address), ("refused", None), "{name}");
        assert!(db.open_tasks(&Scope::All).await.expect("reads").is_empty(), "{name}");
        let all = scene.everything().await;
        assert!(!all.contains("reader@"), "{name}: {all}");
        let page = scene.test.get(&format!("/alerts/{}", alert.token)).await.text;
        assert!(page.contains("被退回"), "{name}: {page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_counts_alerts_and_names_those_that_wait_by_masked_address() {
    for scene in Scene::each().await {
        let name = scene.name();
        scene.alert(&need(), READER).await;
        scene.plots(&[plot("A1")]).await;
        scene.round().await;
        scene.plots(&[plot("A2")]).await;
        scene.round().await;
        scene.ask(Scene::request(&need(), "waiting@example.com")).await.expect("asked");
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_luodi"))
            .arg("doctor")
            .current_dir(scene.test.mails.path())
            .env("LUODI_PROFILE", "test")
            .env("DATABASE_URL", &scene.test.db.url)
            .output()
            .expect("runs");
        let printed = String::from_utf8(output.stdout).expect("text");
        assert!(printed.contains("alerts: 1 confirmed, 1 to be confirmed, 1 listings to be told"), "{name}: {printed}");
        assert!(printed.contains("w***@example.com waits for its confirmation"), "{name}: {printed}");
        assert!(printed.contains("r***@example.com has listings to be told, from 2026-12-08T"), "{name}: {printed}");
        assert!(!printed.contains("waiting@") && !printed.contains("reader@"), "{name}: {printed}");
    }
}
