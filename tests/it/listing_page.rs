//! The page of a listing: units, indicators beside the park's average, figures as people say them, origins and changes; and the
//! units of answers, comparisons and workbooks.

use axum::http::StatusCode;
use domain::listing::Kind;

use crate::app::TestApp;
use crate::pages::reader;
use crate::shortlist::{NEED, links, sheets, stocked, words};
use crate::templates::Seen;

/// Labels and values of a list of facts, as one text without blanks.
fn told(seen: &Seen, css: &str) -> String {
    words(seen, css).split_whitespace().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn units_are_chosen_without_script_remembered_and_kept_in_the_address_of_an_answer() {
    let test = stocked().await;
    let mut browser = reader(&test);
    let usual = browser.get(&format!("/matches?{NEED}")).await;
    assert!(words(&usual, ".key-facts").contains("30 万元/亩") && words(&usual, ".need").contains("20–40 亩"));
    let own = links(&usual, ".need .ways a");
    assert!(!own[0].contains("units="), "{own:?}");
    let choice = links(&usual, ".units a").into_iter().find(|url| url.ends_with("units=ha")).expect("a choice");
    let chosen = browser.get(&choice).await;
    let facts = words(&chosen, ".key-facts");
    assert!(facts.contains("450 万元/公顷") && facts.contains("2 公顷") && !facts.contains('亩'), "{facts}");
    assert!(words(&chosen, ".need").contains("1.33–2.67 公顷"), "{}", words(&chosen, ".need"));
    assert!(words(&chosen, ".verdicts").contains("公顷"), "reasons too");
    let own = links(&chosen, ".need .ways a");
    assert!(own.iter().all(|url| url.contains("units=ha.month")), "{own:?}");
    // A browser that never chose sees what the address says.
    assert!(words(&reader(&test).get(&own[0]).await, ".key-facts").contains("450 万元/公顷"));
    let reply = test.get(&choice).await;
    let cookies = reply.headers.get_all("set-cookie").iter().map(|it| it.to_str().expect("text"));
    let cookie = cookies.into_iter().find(|it| it.starts_with("luodi_units=")).expect("a cookie").to_owned();
    cookie.split(';').next().expect("a pair").clone_into(&mut browser.cookie);
    let plot = browser.get("/plots/Q1").await;
    assert!(told(&plot, ".facts-list").contains("2公顷"), "{}", told(&plot, ".facts-list"));
    let posted = browser.post("/matches", &[("kinds", "plot"), ("land_mu.min", "20"), ("land_mu.max", "40")]).await;
    assert!(words(&posted, ".key-facts").contains("450 万元/公顷"));
    let changed = browser.post("/matches?units=usual", &[("kinds", "plot"), ("land_mu.min", "20")]).await;
    assert!(words(&changed, ".key-facts").contains("30 万元/亩"), "a posted answer changes its units too");
}

#[tokio::test(flavor = "multi_thread")]
async fn large_type_is_chosen_without_script_and_remembered() {
    let test = stocked().await;
    let mut browser = reader(&test);
    let usual = browser.get("/plots?q=Q1").await;
    let choice = links(&usual, ".bottom .links a").into_iter().find(|url| url.contains("size=")).expect("a choice");
    assert_eq!(choice, "/plots?q=Q1&size=large");
    let reply = test.get(&choice).await;
    assert!(reply.text.contains(r#"class="large""#));
    browser.cookie = "luodi_size=large".to_owned();
    assert!(reply.headers["set-cookie"].to_str().expect("text").starts_with(&browser.cookie));
    let kept = browser.get("/search").await;
    assert!(kept.text.contains(r#"class="large""#) && kept.text.contains("size=usual"));
    assert!(!browser.get("/search?size=usual").await.text.contains(r#"class="large""#));
}

#[tokio::test(flavor = "multi_thread")]
async fn comparison_brief_and_workbook_follow_the_units_of_their_address() {
    let test = stocked().await;
    let mut browser = reader(&test);
    let compared = browser.get(&format!("/compare?ids=Q1&ids=Q2&{NEED}&units=m2")).await;
    let table = words(&compared, ".compare");
    assert!(table.contains("折合地价（元/㎡）") && table.contains("450"), "{table}");
    let ways = links(&compared, ".ways a");
    let [brief, pack] = ["/brief", "/pack"].map(|path| ways.iter().find(|url| url.starts_with(path)).expect("a way"));
    assert!(words(&browser.get(brief).await, ".brief").contains("20,000 ㎡"));
    let book = sheets(&test, pack).await;
    let listings = &book[1].1;
    let price = listings[0].iter().position(|head| head == "折合地价（元/㎡）").expect("a price");
    assert_eq!(listings[1][price], "450");
    let english = sheets(&test, &format!("/en/pack?ids=Q1&{NEED}&units=ha")).await;
    let price = english[1].1[0].iter().position(|head| head.contains("CNY/ha")).expect("a price by area");
    assert_eq!(english[1].1[1][price], "4500000");
}

const PARK_PLOTS: &str = "plot_no,province,city,county,area_mu,land_use,tax_wan_mu,invest_intensity_wan_mu,output_wan_mu,park_code,status\n\
    V1,浙江省,台州市,温岭市,30.1234,二类工业用地,20,300,450,T2,available\n\
    V2,浙江省,台州市,温岭市,25,二类工业用地,30,,,T2,available\n";

#[tokio::test(flavor = "multi_thread")]
async fn an_indicator_is_beside_the_average_of_its_park_and_the_dated_reference() {
    let test = TestApp::sqlite().await;
    test.import(Kind::Plot, PARK_PLOTS).await;
    let seen = reader(&test).get("/plots/V1").await;
    let shown = words(&seen, "#indicators");
    // P1 of the same park asks 25 of tax and 500 of output.
    assert!(shown.contains("园区 3 宗平均 25 万元/亩") && shown.contains("园区 2 宗平均 475 万元/亩"), "{shown}");
    assert!(shown.contains("2025 年目标约 42 万元/亩"), "{shown}");
    assert_eq!(shown.matches("宗平均").count(), 2, "one plot alone has no average of its investment: {shown}");
    let by_area = words(&reader(&test).get("/plots/V1?units=m2").await, "#indicators");
    assert!(by_area.contains("630 元/㎡") && by_area.contains("地均税收") && !by_area.contains("亩均"), "{by_area}");
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_of_a_check_are_rounded_against_the_enterprise_to_what_people_say() {
    let test = TestApp::sqlite().await;
    test.import(Kind::Plot, PARK_PLOTS).await;
    let seen = reader(&test).get("/plots/V1?tax_wan=575.6888&fixed_investment_wan=9100&land_mu.min=20").await;
    let check = words(&seen, ".check-card");
    // 20 × 30.1234 are 602.468: 26.7792 are missing.
    assert!(check.contains("603 万元") && check.contains("-27 万元/年"), "{check}");
    // 300 × 30.1234 are 9,037.02: 62.98 are left.
    assert!(check.contains("9,040 万元") && check.contains("62 万元"), "{check}");
    assert!(!check.contains(".4") && !check.contains(".7"), "{check}");
    let gap = words(&reader(&test).get("/matches?kinds=plot&tax_wan=575.6888&land_mu.min=20").await, ".near");
    assert!(gap.contains("27 万元/年") && !gap.contains("26.7"), "{gap}");
    let exact = serde_json::json!({ "kinds": ["plot"], "tax_wan": 575.6888, "land_mu": { "min": 20 } });
    let exact = test.post("/api/v1/matches", &exact).await.text;
    assert!(exact.contains("26.7792"), "programs get every digit");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_tells_its_changes_and_where_each_fact_is_from_and_never_a_former_text() {
    for test in TestApp::each().await {
        let before = "plot_no,province,city,county,location,area_mu,land_use,start_price_wan,green_ratio_max_pct,park_code,status\n\
            W1,浙江省,台州市,温岭市,示例地块零地价,25,二类工业用地,700,15,T2,available\n";
        test.import(Kind::Plot, before).await;
        let after = before.replace("零地价", "乙").replace(",700,15,", ",750,20,");
        test.import(Kind::Plot, &after).await;
        let mut browser = reader(&test);
        let seen = browser.get("/plots/W1").await;
        assert_eq!(seen.status, StatusCode::OK);
        let changes = told(&seen, ".changes");
        assert!(changes.contains("起始价由700万元改为750万元") && changes.contains("上架"), "{changes}");
        assert!(changes.contains("有文字修改") && !seen.text.contains("零地价"), "{changes}");
        let facts = told(&seen, ".facts-list");
        assert!(facts.contains("20%") && facts.contains("修改"), "a fact that no check covers: {facts}");
        assert!(words(&seen, ".columns").contains("关键数据的核实：") && words(&seen, ".columns").contains("来源："));
        assert!(!seen.text.contains("operator"), "who made a change is not told");
        let english = browser.get("/en/plots/W1").await;
        assert!(words(&english, ".changes").contains("became"), "{}", words(&english, ".changes"));
    }
}
