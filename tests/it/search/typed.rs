//! What people type: suggestions, facets and words that are taken for others, on the page and without a script.

use domain::listing::Kind;
use luodi::search::{complete, corrected, spelled_out};
use scraper::Html;
use serde_json::Value;

use crate::app::TestApp;
use crate::templates::select;

const SPACES: &str = "space_no,name,kind,province,city,county,park_code,available_m2,use,facilities,status\n\
    S1,示例仓库,factory,浙江省,宁波市,北仑区,T1,2000,warehouse,dock,available\n\
    S2,示例厂房,factory,浙江省,宁波市,北仑区,T1,5000,production,crane,reserved\n";

async fn stocked() -> TestApp {
    let test = TestApp::sqlite().await;
    test.import(Kind::Space, SPACES).await;
    luodi::service::search::rebuild(&test.app).await.expect("an index");
    test
}

fn encoded(text: &str) -> String {
    luodi::web::view::encode(text)
}

async fn page(test: &TestApp, query: &str) -> Html {
    Html::parse_document(&test.get(&format!("/search?{query}")).await.text)
}

/// Labels and counts of a facet's values.
fn values(html: &Html, facet: usize) -> Vec<String> {
    let facets = select(html, "p.facets");
    let links = facets[facet].select(&scraper::Selector::parse("a").expect("a selector")).collect::<Vec<_>>();
    let words = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    links.iter().map(|link| words(link.text().collect())).collect()
}

#[test]
fn pinyin_initials_and_slips_become_the_words_that_are_meant() {
    for (text, expected) in [
        ("cangku", "仓库"),
        ("nb 厂房", "宁波 厂房"),
        ("bj", "北京"),
        ("chongqingshi", "重庆市"),
        // An English word, a code, a unit and a name that the reader knows stay.
        ("warehouse", "warehouse"),
        ("NB-2026-01", "NB-2026-01"),
        ("50 mu", "50 mu"),
        ("ningbo", "ningbo"),
    ] {
        assert_eq!(spelled_out(text).0, expected, "{text}");
    }
    for (text, expected) in [
        ("宁玻 长房", "宁波 厂房"),
        ("warehosue", "warehouse"),
        ("telecomunicatons", "telecommunications"),
        ("hangzou", "hangzhou"),
        ("众创空问", "众创空间"),
        ("佥创空间", "众创空间"),
    ] {
        assert_eq!(corrected(text).map(|it| it.0).as_deref(), Some(expected), "{text}");
    }
    assert_eq!(corrected("宁波 厂房 warehouse"), None);
    assert_eq!(corrected(&"f".repeat(200)), None);
}

#[test]
fn a_word_is_completed_from_characters_pinyin_initials_and_english() {
    let first = |typed: &str, english| complete(typed, english, 8).into_iter().map(|it| it.text).collect::<Vec<_>>();
    for (typed, english, expected) in [
        ("宁", false, "宁波"),
        ("ningb", false, "宁波"),
        ("nb", false, "宁波"),
        ("仓", false, "仓库"),
        ("cangk", false, "仓库"),
        ("Hangz", true, "Hangzhou"),
        ("wareh", true, "warehouse"),
    ] {
        let found = first(typed, english);
        assert!(found.iter().any(|text| text == expected), "{typed}: {found:?}");
    }
    assert_eq!(first("n", false), Vec::<String>::new(), "one letter says nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn suggestions_come_as_json_and_as_a_line_of_links() {
    let test = stocked().await;
    let json = test.get(&format!("/search/suggest?q={}", encoded("nb cangk"))).await.json();
    let texts: Vec<&str> = json.as_array().expect("an array").iter().filter_map(|it| it["text"].as_str()).collect();
    assert!(texts.contains(&"nb 仓库"), "{texts:?}");
    let parks = test.get(&format!("/search/suggest?q={}", encoded("示例一"))).await.json();
    assert_eq!(parks[0]["text"], Value::from("示例一号园区"));
    let html = page(&test, &format!("q={}", encoded("宁波 仓"))).await;
    let links: Vec<&str> = select(&html, ".suggestions a").iter().filter_map(|it| it.attr("href")).collect();
    assert!(links.contains(&format!("/search?q={}", encoded("宁波 仓库")).as_str()), "{links:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn facets_count_and_narrow_by_links() {
    let test = stocked().await;
    let html = page(&test, &format!("q={}&type=space", encoded("宁波"))).await;
    assert_eq!(values(&html, 0), ["厂房与孵化空间 2"]);
    assert_eq!(values(&html, 1), ["北仑区 2"], "the parts of the place that the text names");
    let wide = page(&test, &format!("q={}", encoded("示例"))).await;
    assert!(values(&wide, 1)[0].starts_with("浙江省"), "{:?}", values(&wide, 1));
    let all: Vec<Vec<String>> = (0..select(&html, "p.facets").len()).map(|at| values(&html, at)).collect();
    assert!(all.contains(&vec!["可供 1".to_owned(), "已预留 1".to_owned()]), "{all:?}");
    assert!(all.iter().flatten().any(|value| value.ends_with("1,000–3,000 ㎡ 1")), "{all:?}");
    let narrowed = page(&test, &format!("q={}&type=space&status=reserved&region=330206", encoded("宁波"))).await;
    let names: Vec<String> = select(&narrowed, "li.card h2").iter().map(|it| it.text().collect()).collect();
    assert_eq!(names.iter().map(|name| name.trim()).collect::<Vec<_>>(), ["示例厂房"]);
    let json = test.get(&format!("/api/v1/search?q={}&facility=dock", encoded("宁波"))).await.json();
    assert_eq!((json["total"].as_u64(), json["facets"]["facility"]["dock"].as_u64()), (Some(1), Some(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_goes_straight_into_a_requirement_and_its_words_can_be_taken_off() {
    let test = stocked().await;
    let html = page(&test, &format!("q={}", encoded("nb 仓库 5000平米"))).await;
    let links: Vec<&str> = select(&html, "a").iter().filter_map(|it| it.attr("href")).collect();
    let wanted = links.iter().find(|link| link.starts_with("/matches?")).expect("a link to the matches");
    assert!(
        wanted.contains("regions=") && wanted.contains("use=warehouse") && wanted.contains("floor_m2.min"),
        "{wanted}"
    );
    assert_eq!(test.get(wanted).await.status, axum::http::StatusCode::OK);
    let chips: Vec<String> = select(&html, ".chip").iter().map(|it| it.text().collect()).collect();
    assert!(chips.iter().any(|chip| chip.contains("宁波市")), "{chips:?}");
    assert!(links.iter().any(|link| link.contains("plain=regions")), "{links:?}");
    let told = test.get(&format!("/api/v1/search?q={}", encoded("nb"))).await.json();
    assert_eq!(told["reworded"][0]["to"], Value::from("宁波"));
    let plain = test.get(&format!("/api/v1/search?q={}&plain=yes", encoded("nb"))).await.json();
    assert_eq!(plain["filters"].as_array().map(Vec::len), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_figure_that_nothing_fulfils_is_left_out_and_told() {
    let test = stocked().await;
    let query = encoded("宁波 仓库 90000平米");
    let json = test.get(&format!("/api/v1/search?q={query}")).await.json();
    assert_eq!((json["hits"][0]["id"].as_str(), json["dropped"][0]["text"].as_str()), (Some("S1"), Some("90000平米")));
    assert_eq!(json["filters"].as_array().map(Vec::len), Some(1), "the place stays: {json}");
    let html = page(&test, &format!("q={query}")).await;
    let told: String = select(&html, "main p").iter().flat_map(scraper::ElementRef::text).collect();
    assert!(told.contains("没有符合“90000平米”的结果"), "{told}");
}
