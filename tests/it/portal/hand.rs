//! Listings added and changed by hand.

use axum::http::StatusCode;
use domain::account::Role;
use domain::kind::Kind;

use super::{hidden, officer, signed_in, texts};
use crate::app::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_is_added_judged_as_the_importer_does_and_published() {
    for test in TestApp::each().await {
        let mut staff = officer(&test, "two@example.com", "T2").await;
        let form = staff.get("/staff/listings/plot").await;
        assert!(!form.text.contains("name=\"park_code\"") && form.text.contains("name=\"area_mu\""));
        let wrong = [
            ("plot_no", "H-1"),
            ("province", "浙江"),
            ("city", "南京"),
            ("area_mu", "约20"),
            ("far_min", "2"),
            ("far_max", "1"),
            ("as", "available"),
        ];
        let refused = staff.post("/staff/listings/plot", &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let fields = texts(&refused.html(), "[role=alert] li a");
        assert!(fields.iter().any(|field| field.contains("面积")) && fields.len() >= 3, "{fields:?}");
        assert!(refused.text.contains("value=\"约20\""), "what was typed is kept");
        let right =
            [("plot_no", "H-1"), ("province", "浙江"), ("city", "台州"), ("area_mu", "20"), ("as", "available")];
        let saved = staff.post("/staff/listings/plot", &right).await;
        assert_eq!(saved.location, "/staff/listings/plot/H-1?done=saved");
        let record = test.app.db.listing(Kind::Plot, "H-1").await.expect("an answer").expect("stored");
        let cells = ["province", "city", "area_mu", "park_code", "status"].map(|column| record.get(column).to_owned());
        assert_eq!(cells, ["浙江省", "台州市", "20", "T2", "available"]);
        assert_eq!(test.get("/plots/H-1").await.status, StatusCode::OK);
        let again = staff.post("/staff/listings/plot", &right).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "the number is taken");
        let history = texts(&staff.get("/staff/listings/plot/H-1").await.html(), ".history li");
        assert!(
            history.len() == 1 && history[0].contains("新增") && history[0].contains("two@example.com"),
            "{history:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_status_moves_by_a_button_and_a_withdrawn_listing_is_not_offered() {
    for test in TestApp::each().await {
        let mut staff = officer(&test, "two@example.com", "T2").await;
        for (status, is_offered) in [("reserved", true), ("sold", false), ("off", false), ("available", true)] {
            let version = hidden(&staff.get("/staff/listings/plot/P1").await, "version");
            let sent = [("version", version.as_str()), ("status", status)];
            let moved = staff.post("/staff/listings/plot/P1/status", &sent).await;
            assert_eq!(moved.location, "/staff/listings/plot/P1?done=saved", "{status}");
            let page = test.get("/plots/P1").await;
            assert_eq!(page.text.contains("不参与匹配"), !is_offered, "{status}");
        }
        let found = staff.get("/staff/listings?status=sold").await;
        assert_eq!(texts(&found.html(), ".list h2").len(), 1, "P4 alone");
        let all = texts(&staff.get("/staff/listings").await.html(), ".list .kicker");
        assert_eq!(all.len(), 3, "the park and its two plots: {all:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_editors_the_second_sees_both_versions_and_chooses() {
    for test in TestApp::each().await {
        let mut first = officer(&test, "two@example.com", "T2").await;
        let mut second = signed_in(&test, "boss@example.com", Role::Manager, Some("T2")).await;
        let path = "/staff/listings/plot/P1";
        let (a, b) = (hidden(&first.get(path).await, "version"), hidden(&second.get(path).await, "version"));
        let theirs = [("version", a.as_str()), ("area_mu", "26"), ("tax_wan_mu", "28"), ("start_price_wan", "700")];
        assert!(first.post(path, &theirs).await.location.contains("done=saved"));
        let mine = [("version", b.as_str()), ("area_mu", "27"), ("tax_wan_mu", "25"), ("start_price_wan", "710")];
        let page = second.post(path, &mine).await;
        assert_eq!(page.status, StatusCode::CONFLICT);
        let html = page.html();
        assert!(page.text.contains("two@example.com"));
        let sides = texts(&html, ".sides");
        assert_eq!(sides.len(), 2, "{sides:?}");
        assert!(sides[0].contains("25 亩") && sides[0].contains("27 亩") && sides[0].contains("26 亩"), "{sides:?}");
        assert!(texts(&html, ".facts-list")[0].contains("28"), "what they alone changed is kept");
        let version = hidden(&page, "version");
        let chosen = [
            ("version", version.as_str()),
            ("area_mu", "27"),
            ("pick.area_mu", "theirs"),
            ("start_price_wan", "710"),
            ("pick.start_price_wan", "mine"),
        ];
        assert!(second.post(path, &chosen).await.location.contains("done=saved"));
        let record = test.app.db.listing(Kind::Plot, "P1").await.expect("an answer").expect("stored");
        let cells = ["area_mu", "tax_wan_mu", "start_price_wan"].map(|column| record.get(column).to_owned());
        assert_eq!(cells, ["26", "28", "710"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_of_another_park_is_not_there_and_observers_change_nothing() {
    let test = TestApp::sqlite().await;
    let mut staff = officer(&test, "two@example.com", "T2").await;
    for path in ["/staff/listings/plot/P2", "/staff/listings/park/T1", "/staff/listings/plot/none", "/staff/parks/T1"] {
        assert_eq!(staff.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let sent = staff.post("/staff/listings/plot/P2", &[("version", ""), ("area_mu", "1")]).await;
    assert_eq!(sent.status, StatusCode::NOT_FOUND);
    assert_eq!(staff.post("/staff/listings/park", &[("code", "X"), ("name", "x")]).await.status, StatusCode::FORBIDDEN);
    let version = hidden(&staff.get("/staff/listings/plot/P1").await, "version");
    let moved = [("version", version.as_str()), ("park_code", "T1"), ("inbox_email", "x@example.com")];
    staff.post("/staff/listings/plot/P1", &moved).await;
    let record = test.app.db.listing(Kind::Plot, "P1").await.expect("an answer").expect("stored");
    assert_eq!(record.get("park_code"), "T2", "people of a park cannot give its listings away");
    let mut observer = signed_in(&test, "see@example.com", Role::Observer, Some("T2")).await;
    let page = observer.get("/staff/listings/plot/P1").await;
    assert!(page.status == StatusCode::OK && !page.text.contains("type=\"file\""));
    let sent = observer.post("/staff/listings/plot/P1", &[("version", version.as_str()), ("area_mu", "1")]).await;
    assert_eq!(sent.status, StatusCode::FORBIDDEN);
}
