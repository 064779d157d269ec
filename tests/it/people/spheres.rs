//! Parent parks, regions and industry chains: who sees which leads, and what an observer does not see.

use axum::http::StatusCode;
use domain::account::{Role, Sphere};
use domain::listing::Kind;
use serde_json::json;

use super::{Client, each, leads};
use crate::app::TestApp;

const SUB_PARK: &str = "code,name,level,province,city,county,parent_code,inbox_email\n\
    T4,示例二号园区东区,省级,浙江省,台州市,温岭市,T2,four@example.com\n";
const SUB_PLOT: &str = "plot_no,province,city,county,area_mu,land_use,park_code,status\n\
    P9,浙江省,台州市,温岭市,25,二类工业用地,T4,available\n";

pub(super) async fn with_sub_park(test: &TestApp) {
    test.import(Kind::Park, SUB_PARK).await;
    test.import(Kind::Plot, SUB_PLOT).await;
}

fn of(regions: &[&str], industries: &[&str]) -> Sphere {
    let set = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
    Sphere { regions: set(regions), industries: set(industries), ..Sphere::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_park_sees_its_sub_parks_and_a_sub_park_not_its_parent() {
    for (test, _) in each(&[]).await {
        with_sub_park(&test).await;
        let ids = leads(&test, "sub", &["P1", "P2", "P9"], &["T1", "T2", "T4"]).await;
        let [parent, foreign, sub] = [&ids[0], &ids[1], &ids[2]].map(|id| format!("/staff/leads/{id}"));
        let mut over = Client::joined(&test, "two@example.com", Role::Officer, Some("T2")).await;
        let mut under = Client::joined(&test, "four@example.com", Role::Officer, Some("T4")).await;
        for (client, path, status) in [
            (0, &parent, StatusCode::OK),
            (0, &sub, StatusCode::OK),
            (0, &foreign, StatusCode::NOT_FOUND),
            (1, &parent, StatusCode::NOT_FOUND),
            (1, &sub, StatusCode::OK),
        ] {
            let client = if client == 0 { &mut over } else { &mut under };
            assert_eq!(client.get(path).await.status, status, "{} {path}", test.db.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn observers_of_parks_regions_and_industries_see_their_leads_and_nothing_of_a_person() {
    for (test, _) in each(&[]).await {
        let mut body = TestApp::submission(&json!({ "industry": "3670", "land_mu": { "min": 20 } }));
        body["text"] = "我们做汽车零部件，王工 一三八零零一三八零零零，微信号wanggong88".into();
        let made = test.post_with("/api/v1/requirements", "chain", &body).await.json();
        let reference = made["reference"].as_str().expect("a reference");
        let path = format!("/api/v1/requirements/{reference}/inquiries");
        test.post_with(&path, "chain-send", &TestApp::inquiry(&["P1", "P2"], &["T1", "T2"])).await;
        leads(&test, "other", &["P2"], &["T1"]).await;
        for (at, (sphere, seen)) in [
            (of(&["331000"], &[]), 1),
            (of(&["330000"], &[]), 3),
            (of(&[], &["36"]), 2),
            (of(&[], &["367", "13"]), 2),
            (of(&[], &["37"]), 0),
            (Sphere::of_parks(["T1", "T2"]), 3),
        ]
        .into_iter()
        .enumerate()
        {
            let mut observer = Client::joined(&test, &format!("o{at}@example.com"), Role::Observer, sphere).await;
            let inbox = observer.get("/staff").await.text;
            assert_eq!(inbox.matches("class=\"card lead\"").count(), seen, "{} {at}", test.db.name);
        }
        let mut observer = Client::joined(&test, "o@example.com", Role::Observer, of(&[], &["36"])).await;
        let mut officer = Client::joined(&test, "two@example.com", Role::Officer, Some("T2")).await;
        let id = test.db.rows("SELECT id FROM lead WHERE park_code = 'T2'").await.remove(0);
        let lead = format!("/staff/leads/{id}");
        let note = "请回电 138/0013/8000 或微信 wanggong88";
        officer.post(&format!("{lead}/stage"), &[("version", "1"), ("to", "assessed"), ("note", note)]).await;
        let own = officer.get(&lead).await.text;
        assert!(own.contains("138****8000") && own.contains("138&#x2f;0013&#x2f;8000"), "its own note");
        assert!(!own.contains("一三八零零") && !own.contains("号wanggong88"), "the enterprise's text is masked");
        let seen = observer.get(&lead).await.text;
        for hidden in ["138****8000", "0013", "wanggong88", "王工", "buyer", "一三八"] {
            assert!(!seen.contains(hidden), "{hidden}");
        }
        assert!(seen.contains("请回电"), "the note itself is there");
        for post in ["reveal", "stage", "resend"] {
            let answer = observer.post(&format!("{lead}/{post}"), &[("version", "2"), ("to", "contacted")]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{post}");
        }
    }
}
