//! Figures with units in a query: bounds that every index keeps alike, told with the answer and to be taken off.

use chrono::NaiveDate;
use luodi::search::{FigureBound, understood};

use super::suite::filled_with;
use super::{docs, ids, query};
use crate::app::TestApp;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day")
}

#[test]
fn figures_with_units_are_taken_out_of_the_words() {
    for (text, words, filters) in [
        (
            "宁波 50亩",
            "",
            r#"[{"field":"regions","value":["330200"],"text":"宁波"},{"field":"land_mu","value":{"min":45,"max":55},"text":"50亩"}]"#,
        ),
        ("8米层高 厂房", "厂房", r#"[{"field":"ceiling_height_m","value":{"min":8},"text":"8米"}]"#),
        ("减速机", "", r#"[{"field":"industry","value":"345","text":"减速机"}]"#),
        ("C3670", "", r#"[{"field":"industry","value":"3670","text":"C3670"}]"#),
        ("宁波经济技术开发区", "宁波经济技术开发区", "[]"),
        ("30-50亩土地", "土地", r#"[{"field":"land_mu","value":{"min":30,"max":50},"text":"30-50亩"}]"#),
        ("3000kVA 厂房", "厂房", r#"[{"field":"power_kva","value":{"min":3000},"text":"3000kVA"}]"#),
        ("甬储出2026-045号", "甬储出2026-045号", "[]"),
        ("330206", "", r#"[{"field":"regions","value":["330206"],"text":"330206"}]"#),
        ("浙政发〔2021〕16号", "浙政发〔2021〕16号", "[]"),
        ("孵化器", "孵化器", "[]"),
    ] {
        let found = understood(text, today(), &[]);
        assert_eq!(
            (found.text.as_str(), serde_json::to_string(&found.filters).expect("JSON").as_str()),
            (words, filters)
        );
    }
}

#[tokio::test]
async fn a_bound_leaves_out_what_is_outside_of_it_or_says_nothing() {
    let mut docs = docs();
    for (doc, mu) in docs.iter_mut().zip([100, 30, 50]) {
        doc.figures.insert("land_mu".to_owned(), mu * 1_000_000);
    }
    let names: Vec<String> = docs.iter().map(|doc| doc.id.clone()).collect();
    for (name, index) in filled_with("figures", docs).await {
        let within = async |min: Option<i64>, max: Option<i64>| {
            let micro = |figure: i64| figure * 1_000_000;
            let bound = FigureBound { field: "land_mu", min: min.map(micro), max: max.map(micro) };
            ids(&*index, &query("").within(vec![bound])).await
        };
        let sorted = |mut ids: Vec<String>| {
            ids.sort();
            ids
        };
        assert_eq!(within(Some(30), Some(50)).await, sorted(vec![names[1].clone(), names[2].clone()]), "{name}");
        assert_eq!(within(Some(51), None).await, [names[0].clone()], "{name}");
        assert_eq!(within(None, Some(30)).await, [names[1].clone()], "{name}");
        assert_eq!(within(Some(31), Some(49)).await, Vec::<String>::new(), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_tells_its_filters_and_finds_by_them_unless_it_is_plain() {
    let test = TestApp::sqlite().await;
    luodi::service::search::rebuild(&test.app).await.expect("an index");
    let found = async |path: &str| {
        let json = test.get(path).await.json();
        let mut ids: Vec<String> = json["hits"]
            .as_array()
            .expect("hits")
            .iter()
            .map(|hit| hit["id"].as_str().expect("an id").to_owned())
            .collect();
        ids.sort();
        (ids, json["filters"].clone())
    };
    // Three plots of 25 and one of 30 mu.
    let (ids, filters) = found("/api/v1/search?q=30%E4%BA%A9&kind=plot").await;
    assert_eq!((ids, filters[0]["text"].as_str()), (vec!["P2".to_owned()], Some("30亩")));
    let (_, filters) = found("/api/v1/search?q=30%E4%BA%A9&kind=plot&plain=yes").await;
    assert_eq!(filters.as_array().map(Vec::len), Some(0));
    let page = test.get("/search?q=30%E4%BA%A9").await.text;
    assert!(page.contains("按此条件匹配") && page.contains("plain=yes") && page.contains("land_mu.min=30"), "{page}");
}
