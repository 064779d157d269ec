//! What an alert tells and when: what newly fits in full, once, a week apart, across restarts and processes.

use domain::listing::Kind;
use luodi::service::{alerts, inventory};
use serde_json::json;

use super::{READER, Scene, link, need, plot, row};
use crate::app::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn one_mail_per_week_tells_what_newly_fits_and_never_again_what_was_told() {
    for scene in Scene::each().await {
        let name = scene.name();
        scene.plots(&[plot("OLD")]).await;
        scene.alert(&need(), READER).await;
        scene.round().await;
        assert!(scene.news(READER).await.is_empty(), "{name}: its reader had it in the answer");
        scene.plots(&[plot("A1")]).await;
        scene.round().await;
        scene.plots(&[plot("A2")]).await;
        scene.pass_days(6);
        scene.round().await;
        assert_eq!(scene.news(READER).await.len(), 1, "{name}: not within the week");
        scene.pass_days(1);
        scene.round().await;
        let news = scene.news(READER).await;
        assert_eq!(news.len(), 2, "{name}");
        let of = |id: &str| news.iter().filter(|text| text.contains(&format!("示例地块{id}"))).count();
        assert_eq!((of("A1"), of("A2"), of("OLD")), (1, 1, 0), "{name}: {news:?}");
        // It goes, comes back, gets dearer and cheaper: told is told.
        for change in [row("A1", 30, 1_200, "off"), plot("A1"), row("A1", 30, 9_000, "available"), plot("A1")] {
            scene.plots(&[change]).await;
            scene.round().await;
        }
        scene.pass_days(30);
        scene.round().await;
        assert_eq!(scene.news(READER).await.len(), 2, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_makes_a_listing_fit_is_told_and_one_that_needs_confirming_is_not() {
    for scene in Scene::each().await {
        let name = scene.name();
        scene.plots(&[plot("OLD"), row("DEAR", 30, 3_000, "available"), row("BIG", 90, 3_600, "available")]).await;
        scene.alert(&need(), READER).await;
        // Without a price it is to be confirmed: no full match.
        scene.plots(&["OPEN,浙江省,宁波市,北仑区,示例地块OPEN,30,二类工业用地,,T1,available\n".to_owned()]).await;
        scene.round().await;
        assert!(scene.news(READER).await.is_empty(), "{name}");
        scene.plots(&[row("DEAR", 30, 1_300, "available"), row("BIG", 90, 3_000, "available")]).await;
        scene.round().await;
        let news = scene.news(READER).await;
        assert_eq!(news.len(), 1, "{name}");
        assert!(news[0].contains("示例地块DEAR") && !news[0].contains("示例地块BIG"), "{name}: {}", news[0]);
        // One that its reader had seen, that stopped to fit and fits again, newly fits.
        scene.plots(&[row("OLD", 30, 9_000, "available")]).await;
        scene.round().await;
        scene.plots(&[plot("OLD")]).await;
        scene.pass_days(7);
        scene.round().await;
        assert!(scene.news(READER).await[1].contains("示例地块OLD"), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_withdrawn_before_the_mail_goes_is_left_out() {
    for scene in Scene::each().await {
        let name = scene.name();
        scene.alert(&need(), READER).await;
        scene.plots(&[plot("A1")]).await;
        scene.round().await;
        scene.plots(&[plot("A2"), plot("A3")]).await;
        scene.round().await;
        scene.pass_days(7);
        // Withdrawn by another process whose change was not judged yet.
        scene.plots(&[row("A2", 30, 1_200, "off")]).await;
        alerts::send(&scene.test.app).await.expect("sends");
        let news = scene.news(READER).await;
        assert!(news[1].contains("示例地块A3") && !news[1].contains("示例地块A2"), "{name}: {news:?}");
        scene.plots(&[row("A4", 30, 1_200, "off")]).await;
        scene.pass_days(7);
        scene.round().await;
        assert_eq!(scene.news(READER).await.len(), 2, "{name}: nothing to tell, no mail");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_names_ten_and_counts_the_rest_which_are_told_with_them() {
    for scene in Scene::each().await {
        let name = scene.name();
        scene.alert(&need(), READER).await;
        let rows: Vec<String> = (0..13).map(|at| plot(&format!("N{at:02}"))).collect();
        scene.plots(&rows).await;
        scene.round().await;
        let news = scene.news(READER).await;
        let (named, links) = (news[0].matches("* 示例地块").count(), news[0].matches("/plots/N").count());
        assert_eq!((named, links), (10, 10), "{name}: {}", news[0]);
        assert!(news[0].contains("另有 3 处"), "{name}: {}", news[0]);
        scene.pass_days(7);
        scene.round().await;
        assert_eq!(scene.news(READER).await.len(), 1, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_tells_park_price_area_distance_and_link_and_stops_by_one_click() {
    for scene in Scene::each().await {
        let need = json!({
            "kinds": ["plot"], "land_mu": { "min": 20, "max": 40 }, "near": { "lng": 121.8, "lat": 29.9, "max_km": 300 }
        });
        let alert = scene.alert(&need, READER).await;
        let head =
            "plot_no,province,city,county,location,area_mu,start_price_wan,park_code,status,longitude,latitude\n";
        let row = "A1,浙江省,宁波市,北仑区,示例地块A1,30,1000,T1,available,121.85,29.92\n";
        scene.test.import(Kind::Plot, &format!("{head}{row}")).await;
        scene.round().await;
        let text = scene.news(READER).await.remove(0);
        for told in ["所属园区：示例一号园区", "折合地价：33.33 万元/亩", "面积：30 亩", "距离：5 公里", "/plots/A1"]
        {
            assert!(text.contains(told), "{}: {told}: {text}", scene.name());
        }
        assert!(text.contains(&format!("/alerts/{}/stop", alert.token)), "{text}");
        let raw = scene.test.letters().into_iter().map(|bytes| String::from_utf8(bytes).expect("ASCII"));
        let raw: Vec<String> = raw.filter(|mail| mail.contains("List-Unsubscribe-Post")).collect();
        assert_eq!(raw.len(), 1, "the question has none, the news have one");
        assert!(raw[0].contains(&format!("/alerts/{}/stop>", alert.token)), "{}", raw[0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_park_that_changes_brings_its_plots_along() {
    for scene in Scene::each().await {
        scene.plots(&[plot("A1")]).await;
        let need = json!({ "kinds": ["plot"], "land_mu": { "min": 20 }, "park_levels": ["国家级"] });
        scene.alert(&need, READER).await;
        scene.round().await;
        assert!(scene.news(READER).await.is_empty(), "{}: the park is provincial", scene.name());
        scene.test.import(Kind::Park, "code,name,level,province\nT1,示例一号园区,国家级,浙江省\n").await;
        scene.round().await;
        assert!(scene.news(READER).await[0].contains("示例地块A1"), "{}", scene.name());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_processes_at_once_note_and_send_each_thing_once() {
    for scene in Scene::each().await {
        let name = scene.name();
        for number in 0..4 {
            scene.alert(&need(), &format!("r{number}@example.com")).await;
        }
        scene.plots(&[plot("A1"), plot("A2")]).await;
        inventory::refresh(&scene.test.app).await.expect("follows");
        let rounds = (0..6).map(|_| {
            let app = scene.test.app.clone();
            tokio::spawn(async move {
                for _ in 0..3 {
                    alerts::follow(&app).await.expect("judges");
                    alerts::send(&app).await.expect("sends");
                }
            })
        });
        for round in rounds.collect::<Vec<_>>() {
            round.await.expect("without a panic");
        }
        for number in 0..4 {
            let news = scene.news(&format!("r{number}@example.com")).await;
            assert_eq!(news.len(), 1, "{name}");
            assert!(news[0].contains("示例地块A1") && news[0].contains("示例地块A2"), "{name}: {}", news[0]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_between_change_and_mail_loses_nothing_and_repeats_nothing() {
    for scene in Scene::each().await {
        let alert = scene.alert(&need(), READER).await;
        scene.plots(&[plot("A1")]).await;
        let (name, clock) = (scene.name(), scene.clock.clone());
        // Nothing was judged before the process ended; the next one begins with a snapshot that has the change.
        let (_, db) = scene.test.into_context();
        let test = TestApp::with_first_clock(db, &[], clock.clone()).await;
        let scene = Scene { test, clock };
        alerts::follow(&scene.test.app).await.expect("judges");
        let (_, db) = scene.test.into_context();
        let test = TestApp::with_first_clock(db, &[], scene.clock.clone()).await;
        let scene = Scene { test, clock: scene.clock };
        scene.round().await;
        scene.round().await;
        let news = scene.news(READER).await;
        assert_eq!(news.len(), 1, "{name}");
        assert!(link(&news[0]).starts_with(&format!("/alerts/{}", alert.token)), "{name}");
    }
}
