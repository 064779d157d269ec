//! The policy library: list, neighbours, related policies with reasons, targets, feed, and policies for a requirement.

use domain::record::Policies;
use scraper::{Html, Selector};

use crate::app::TestApp;

const LIBRARY: &str = "\
policy_id,title,issuer,document_no,issued_on,valid_until,region_code,industries,kind,summary,targets,applies_when,needs\n\
a,示例省用地办法,示例厅,示例发〔2024〕1号,2024-05-01,,330000,,用地,省里的用地办法。,亩均税收=42万元/亩@2020;研发投入占比=3%@2030,kinds=plot;land_mu>=20,项目承诺书;能评表\n\
b,示例市用地细则,示例市局,示例发〔2025〕2号,2025-05-01,,330200,,用地,市里的用地细则。,,,\n\
c,示例外省用地办法,示例厅,示例发〔2025〕3号,2025-06-01,,440000,,用地,别的省。,,kinds=plot,\n\
d,示例旧用地办法,示例厅,示例发〔2019〕4号,2019-05-01,2020-01-01,330000,,用地,已失效。,,kinds=plot,\n\
e,示例研发办法,示例部,示例发〔2025〕5号,2025-07-01,,,3670,研发,全国的研发办法。,,rd_percent>=3,研发费用台账\n\
f,示例孵化办法,示例部,示例发〔2025〕6号,2025-08-01,,,,孵化,全国的孵化办法。,,use=incubation,\n";

async fn with_library() -> TestApp {
    let test = TestApp::sqlite().await;
    test.import(Policies, LIBRARY).await;
    test
}

fn texts(html: &str, selector: &str) -> Vec<String> {
    let page = Html::parse_document(html);
    let selector = Selector::parse(selector).expect("a selector");
    let words = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    page.select(&selector).map(|it| words(it.text().collect())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_library_lists_what_is_in_force_by_place_and_kind_newest_first() {
    let test = with_library().await;
    let titles = async |query: &str| texts(&test.get(&format!("/policies{query}")).await.text, "ul.list h2 a");
    assert_eq!(
        titles("").await,
        ["示例孵化办法", "示例研发办法", "示例外省用地办法", "示例市用地细则", "示例省用地办法"]
    );
    // 宁波: its own, its province's and the country's.
    assert_eq!(
        titles("?region=%E5%AE%81%E6%B3%A2").await,
        ["示例孵化办法", "示例研发办法", "示例市用地细则", "示例省用地办法"]
    );
    let kind = "%E7%94%A8%E5%9C%B0";
    assert_eq!(titles(&format!("?kind={kind}&past=yes")).await.last().map(String::as_str), Some("示例旧用地办法"));
    assert_eq!(test.get("/en/policies").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_shows_related_ones_with_reasons_and_none_of_another_province_or_out_of_force() {
    let test = with_library().await;
    let page = test.get("/policies/a").await;
    assert_eq!(texts(&page.text, "[aria-labelledby=related] a"), ["示例市用地细则"]);
    assert_eq!(texts(&page.text, "[aria-labelledby=related] p"), ["都适用于浙江省 宁波市、同类：用地"]);
    let years = texts(&page.text, "[aria-labelledby=targets] tbody tr");
    assert_eq!(years, ["亩均税收 42万元/亩 2020 目标年已过", "研发投入占比 3% 2030"]);
    assert_eq!(texts(&page.text, "nav a[rel=prev]"), ["示例市用地细则"]);
    assert_eq!(texts(&page.text, "nav a[rel=next]"), ["示例旧用地办法"]);
    assert!(texts(&page.text, ".crumbs, nav").join(" ").contains("政策库"), "breadcrumb");
    let none = test.get("/policies/f").await;
    assert_eq!(texts(&none.text, "[aria-labelledby=related] a"), Vec::<String>::new(), "none rather than a wrong one");
    assert_eq!(test.get("/policies/none").await.status, 404);
    for script in texts(&page.text, "script[type='application/ld+json']") {
        serde_json::from_str::<serde_json::Value>(&script).expect("JSON");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_feed_is_atom_with_the_newest_first() {
    let test = with_library().await;
    let feed = test.get("/policies.atom").await;
    assert_eq!((feed.status.as_u16(), feed.text.matches("<entry>").count()), (200, 5));
    let first = feed.text.find("示例孵化办法").expect("the newest");
    assert!(first < feed.text.find("示例省用地办法").expect("the oldest"));
    quick_xml_reads(&feed.text);
}

/// Reads the whole text as XML.
fn quick_xml_reads(text: &str) {
    let mut reader = quick_xml::Reader::from_str(text);
    while !matches!(reader.read_event().expect("well-formed"), quick_xml::events::Event::Eof) {}
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_names_the_policies_whose_conditions_it_meets_and_what_they_still_depend_on() {
    let test = with_library().await;
    let policies = async |query: &str| {
        let page = test.get(&format!("/matches?{query}")).await;
        let titles = texts(&page.text, "[aria-labelledby=policies] li a");
        let reasons = texts(&page.text, "[aria-labelledby=policies] li p");
        titles.into_iter().zip(reasons).map(|(title, why)| format!("{title}: {why}")).collect::<Vec<_>>()
    };
    let land = "kinds=plot&land_mu.min=30&land_mu.max=40&regions=330200&industry=3670";
    assert_eq!(
        policies(land).await,
        ["示例省用地办法: 依据：载体类型、用地", "示例研发办法: 依据：行业 · 还要看：研发投入占比"]
    );
    assert_eq!(policies("land_mu.min=10&land_mu.max=12&kinds=plot&regions=330200").await, Vec::<String>::new());
    let research = policies("use=research&industry=3670&rd_percent=5").await;
    assert_eq!(research, ["示例研发办法: 依据：行业、研发投入占比"], "another use is no incubation");
}

/// The real library that comes with the program.
const REAL: &str = include_str!("../../config/data/policy_library.csv");

#[tokio::test(flavor = "multi_thread")]
async fn the_real_library_has_the_founding_policy_its_targets_and_no_wrong_neighbour() {
    let test = TestApp::sqlite().await;
    test.import(Policies, REAL).await;
    let all = test.app.policies.all();
    let provinces: std::collections::BTreeSet<&str> = all
        .iter()
        .map(|policy| policy.get("region_code"))
        .filter(|code| !code.is_empty())
        .map(|code| &code[..2])
        .collect();
    assert!(all.len() >= 40 && provinces.len() >= 8, "{} of {provinces:?}", all.len());
    let founding = test.get("/policies/zj-gxq-2021").await.text;
    let targets = texts(&founding, "[aria-labelledby=targets] tbody tr");
    assert!(targets.iter().any(|row| row.contains("42万元/亩") && row.contains("目标年已过")), "{targets:?}");
    for policy in &*all {
        let found = luodi::service::policies::get(&test.app, policy.id()).expect("a policy");
        for (other, ties) in &found.related {
            let foreign = [policy, other].map(|it| it.get("region_code").get(..2).unwrap_or_default());
            let differ = foreign.iter().all(|code| !code.is_empty()) && foreign[0] != foreign[1];
            assert!(ties.len() >= 2 && !differ, "{} {} {ties:?}", policy.id(), other.id());
        }
        assert_eq!(test.get(&format!("/policies/{}", policy.id())).await.status, 200, "{}", policy.id());
    }
}

#[test]
fn texts_of_the_library_hold_paired_marks_and_no_promise_that_the_law_forbids() {
    for line in REAL.lines().chain(LIBRARY.lines()) {
        for (open, close) in [('《', '》'), ('（', '）'), ('“', '”')] {
            assert_eq!(line.matches(open).count(), line.matches(close).count(), "{line}");
        }
        assert!(domain::promise::promises(line).is_empty(), "{line}");
    }
}
