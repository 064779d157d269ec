//! The form on the answer's page, what is shown first where nothing fits, and the pages behind the mailed link.

use axum::http::StatusCode;
use domain::listing::Kind;

use super::{READER, Scene, link, plot, row};
use crate::database;
use crate::templates::{Browser, select};

const NEED: &str = "kinds=plot&land_mu.min=20&land_mu.max=40&price_wan_per_mu_max=45&regions=330200";

fn browser(scene: &Scene) -> Browser<'_> {
    Browser { test: &scene.test, cookie: String::new() }
}

/// The fields of the form of an answer's page as a browser without scripts sends them.
fn filled<'h>(html: &'h scraper::Html, email: &'h str, consents: bool) -> Vec<(&'h str, &'h str)> {
    let hidden = select(html, "form#alert input[type=hidden]");
    let pair = |it: &scraper::ElementRef<'h>| Some((it.value().attr("name")?, it.value().attr("value")?));
    let mut pairs: Vec<_> = hidden.iter().filter_map(pair).collect();
    pairs.push(("alert_email", email));
    pairs.extend(consents.then_some(("alert_consent", "yes")));
    pairs
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_is_asked_for_below_every_answer_and_comes_to_its_mail_in_both_languages() {
    for db in database::each().await {
        let scene = Scene::over(db, &[]).await;
        scene.plots(&[row("DEAR", 30, 1_500, "available")]).await;
        for (prefix, title, done) in
            [("", "有合适的通知我", "请查收确认邮件"), ("/en", "Tell me when something fits", "Look for the")]
        {
            let mut reader = browser(&scene);
            let page = reader.get(&format!("{prefix}/matches?{NEED}")).await;
            let html = page.html();
            let heads: Vec<String> = select(&html, "main h2").iter().map(|it| it.text().collect()).collect();
            assert!(
                heads.iter().position(|it| it == title) < heads.iter().position(|it| it.contains('1')),
                "{heads:?}"
            );
            let email = format!("reader{}@example.com", prefix.len());
            let posted = reader.post(&format!("{prefix}/alerts"), &filled(&html, &email, true)).await;
            assert_eq!(posted.status, StatusCode::SEE_OTHER, "{}", posted.text);
            assert!(posted.location.starts_with(&format!("{prefix}/alerts?")), "{}", posted.location);
            let asked = reader.get(&posted.location).await;
            assert!(asked.text.contains(done) && !asked.text.contains(&email), "{}", asked.text);
            let mails = scene.mails(&email).await;
            let page = reader.get(&link(&mails[0])).await;
            assert_eq!(select(&page.html(), "form[action$=confirm] button").len(), 1, "{}", page.text);
        }
        // Below an answer that has something too.
        scene.plots(&[plot("A1")]).await;
        let page = browser(&scene).get(&format!("/matches?{NEED}")).await;
        assert!(page.text.contains("有新的合适载体时通知我"), "{}", page.text);
        assert!(select(&page.html(), ".nothing").is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_address_or_a_missing_tick_leads_back_to_the_answer_with_what_was_typed() {
    for scene in Scene::each().await {
        let mut reader = browser(&scene);
        let page = reader.get(&format!("/matches?{NEED}")).await;
        let html = page.html();
        let mut pairs = filled(&html, "not an address", true);
        pairs.retain(|(name, _)| *name != "text");
        pairs.push(("text", "我们做水泵"));
        let refused = reader.post("/alerts", &pairs).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", scene.name());
        let html = refused.html();
        let value = select(&html, "#f-alert_email")[0].attr("value").map(str::to_owned);
        assert_eq!(value.as_deref(), Some("not an address"));
        assert_eq!(select(&html, ".notice.bad a[href='#f-alert_email']").len(), 1, "{}", refused.text);
        assert_eq!(select(&html, "#f-alert_consent[checked]").len(), 1, "the tick is kept");
        assert!(refused.text.contains("我们做水泵"), "the writer's text is kept: {}", refused.text);
        let untold = reader.post("/alerts", &filled(&html, READER, false)).await;
        assert_eq!(select(&untold.html(), ".notice.bad a[href='#f-alert_consent']").len(), 1, "{}", untold.text);
        // The switch of the language posts the form of the answer.
        let shown = reader.post("/en/alerts", &[("step", "show"), ("land_mu.min", "20")]).await;
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
        assert!(scene.mails(READER).await.is_empty(), "{}", scene.name());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_fills_the_trap_gets_the_same_answer_and_nobody_a_mail() {
    for db in database::each().await {
        let limits = [("LUODI__LIMITS__ENABLED", "true")];
        let scene = Scene::over(db, &limits).await;
        let mut reader = browser(&scene);
        let html = reader.get(&format!("/matches?{NEED}")).await.html();
        let mut pairs = filled(&html, READER, true);
        let fast = reader.post("/alerts", &pairs).await;
        assert_eq!(fast.status, StatusCode::UNPROCESSABLE_ENTITY, "faster than a person");
        scene.clock.set(scene.test.app.clock.now().plus_seconds(5));
        pairs.push(("website", "http://example.com"));
        let trapped = reader.post("/alerts", &pairs).await;
        assert_eq!(trapped.status, StatusCode::SEE_OTHER, "{}", trapped.text);
        assert!(scene.mails(READER).await.is_empty(), "{}", scene.name());
        pairs.pop();
        assert_eq!(reader.post("/alerts", &pairs).await.status, StatusCode::SEE_OTHER);
        assert_eq!(scene.mails(READER).await.len(), 1, "{}", scene.name());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_fits_the_nearest_three_and_the_smallest_change_come_first() {
    for scene in Scene::each().await {
        let rows: Vec<String> = [1_400_u32, 1_500, 1_600, 1_700]
            .iter()
            .enumerate()
            .map(|(at, price)| row(&format!("D{at}"), 30, *price, "available"))
            .collect();
        scene.plots(&rows).await;
        let page = browser(&scene).get(&format!("/matches?{NEED}")).await;
        let html = page.html();
        let names: Vec<String> = select(&html, ".nothing li a").iter().map(|it| it.text().collect()).collect();
        assert_eq!(names, ["示例地块D0", "示例地块D1", "示例地块D2"], "{}", scene.name());
        let change: String = select(&html, ".nothing button").iter().flat_map(scraper::ElementRef::text).collect();
        assert!(change.contains("47") && change.contains("+1"), "{change}");
        let first = select(&html, "main h2:not(.sr)")[0].text().collect::<String>();
        assert_eq!(first, "目前没有完全符合的载体");
        let empty = browser(&scene).get("/matches?kinds=space&floor_m2.min=500").await;
        assert!(empty.text.contains("附近也没有只差一项的载体"), "{}", empty.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_park_without_an_inbox_is_shown_with_its_official_phone_and_page() {
    for scene in Scene::each().await {
        let csv = "plot_no,province,city,county,location,area_mu,park_code,status,source_url\n\
            C1,浙江省,台州市,温岭市,示例地块C1,30,T3,available,https://park.example.com/\n";
        scene.test.import(Kind::Plot, csv).await;
        let page = browser(&scene).get("/matches?kinds=plot&land_mu.min=20&land_mu.max=40").await;
        let html = page.html();
        assert_eq!(select(&html, ".match a[href='tel:0576-00000000']").len(), 1, "{}", page.text);
        assert_eq!(select(&html, ".match a[href='https://park.example.com/']").len(), 1, "{}", page.text);
    }
}
