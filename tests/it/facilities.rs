//! Facilities, cranes and fire classes from outside: files of clerks, answers, advice, pages, exports and search.

use axum::http::StatusCode;
use domain::listing::Kind;
use luodi::search::{DocKind, SearchQuery, TextIndex as _};
use luodi::service::search;
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::cli::{Shell, errors, json as printed};
use crate::pages::{get, pairs, reader, set, values};
use crate::templates::select;

const PARKS: &str = "code,name,level,province,facilities,no_facilities\n\
    T1,示例一号园区,省级,浙江省,dormitory;natural_gas,steam\n";
const SPACES: &str = "space_no,park_code,name,kind,province,crane_t,lift_t,fire_class,facilities,no_facilities,floor_no\n\
    S1,T1,示例一栋,factory,浙江省,10,,丙,dock,,1层\n\
    S2,T1,示例二栋,factory,浙江省,0,3,丁,,crane,2层\n\
    S3,,示例三栋,factory,浙江省,,,甲,,dormitory;dock,\n";

async fn stocked(test: &TestApp) {
    test.import(Kind::Park, PARKS).await;
    test.import(Kind::Space, SPACES).await;
}

fn ids<'a>(answer: &'a Value, group: &str) -> Vec<&'a str> {
    let listed = answer[group].as_array().expect("a list").iter();
    listed.map(|it| it["listing"]["id"].as_str().expect("an id")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_park_lends_what_is_its_own_and_a_change_of_it_is_seen_at_once() {
    for test in TestApp::each().await {
        stocked(&test).await;
        let asked = json!({ "kinds": ["space"], "facilities": ["dormitory", "goods_lift"] });
        let before = test.post("/api/v1/matches", &asked).await.json();
        assert_eq!((ids(&before, "matched"), ids(&before, "near")), (vec!["S2"], vec!["S3"]), "{before}");
        let offer = &before["to_confirm"][0]["criteria"][0]["offer"];
        assert_eq!((ids(&before, "to_confirm"), offer), (vec!["S1"], &json!({ "has": ["dormitory"], "lacks": [] })));
        test.import(
            Kind::Park,
            "code,name,level,province,no_facilities,facilities\nT1,示例一号园区,省级,浙江省,dormitory,\n",
        )
        .await;
        let after = test.post("/api/v1/matches", &asked).await.json();
        assert_eq!(ids(&after, "near"), ["S1", "S2", "S3"], "{after}");
        assert_eq!(
            after["relaxations"],
            json!([{ "criterion": "facilities", "steps": [{ "change": "dormitory", "opens": 3 }] }])
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_is_no_facility_is_refused_by_its_place() {
    let test = TestApp::sqlite().await;
    let asked =
        json!({ "facilities": ["dock", "helipad"], "fire_class": "己", "capacity": "字".repeat(201), "crane_t": null });
    let refused = test.post("/api/v1/matches", &asked).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    let told = refused.json();
    let mut fields: Vec<_> = told["errors"].as_array().expect("errors").iter().map(|it| it["field"].as_str()).collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        [Some("requirement.capacity"), Some("requirement.facilities.1"), Some("requirement.fire_class")]
    );
    let law = test.post("/api/v1/matches", &json!({ "fire_class": "丙", "prefer": ["fire_class"] })).await;
    assert_eq!(law.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn words_of_clerks_become_codes_and_unknown_ones_are_refused_with_the_nearest() {
    let shell = Shell::new();
    let file = "空间编号,名称,空间类型,省份,行车吨位（t）,消防等级,配套条件,不具备条件,所在楼层\n\
        S1,示例一栋,标准厂房,浙江省,10吨,丙类,行车、卸货平台；食堂,蒸汽,首层\n\
        S2,示例二栋,标准厂房,浙江省,,丙类,行车;直升机坪,,\n\
        S3,示例三栋,标准厂房,浙江省,,己类,,,\n";
    let report = printed(&shell.run(&["import", "spaces", &shell.file("spaces.csv", file.as_bytes())]));
    let rejected: Vec<String> = report["rejected"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| format!("{} {} {}", it["row"], it["column"], it["code"]))
        .collect();
    assert_eq!(rejected, ["3 \"facilities\" \"unknown_word\"", "4 \"fire_class\" \"unknown_word\""], "{report}");
    assert!(report["rejected"][1]["reason"].as_str().is_some_and(|reason| reason.contains('丙')), "{report}");
    let converted: Vec<&str> =
        report["warnings"].as_array().expect("a list").iter().filter_map(|it| it["column"].as_str()).collect();
    for column in ["crane_t", "fire_class", "facilities", "no_facilities"] {
        assert!(converted.contains(&column), "{column}: {report}");
    }
    let exported = shell.run(&["export", "spaces"]);
    let text = String::from_utf8_lossy(&exported.stdout).into_owned();
    for cell in ["\"crane;dock;canteen\"", "\"steam\"", "\"丙\"", "\"10\"", "\"首层\""] {
        assert!(text.contains(cell), "{cell}: {text}");
    }
    let again = printed(&shell.run(&["import", "spaces", &shell.file("again.csv", &exported.stdout)]));
    assert_eq!((&again["unchanged"], &again["warnings"], &again["rejected"]), (&json!(1), &json!([]), &json!([])));
}

#[test]
fn the_worked_examples_come_out_of_the_program() {
    let shell = Shell::new();
    let file = |name: &str| format!("{}/src/domain/tests/data/facilities/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = |name: &str| std::fs::read_to_string(file(name)).expect("a file");
    let (requirements, answers) = (text("requirements.jsonl"), text("answers.jsonl"));
    for (requirement, expected) in requirements.lines().zip(answers.lines()) {
        let expected: Value = serde_json::from_str(expected).expect("JSON");
        let asked = shell.file("requirement.json", requirement.as_bytes());
        let [parks, plots, spaces] = ["parks.csv", "plots.csv", "spaces.csv"].map(file);
        let output =
            shell.run(&["match", &asked, "--limit", "200", "--parks", &parks, "--plots", &plots, "--spaces", &spaces]);
        assert!(output.status.success(), "{}", errors(&output));
        let found = printed(&output);
        assert_eq!(found["counts"], expected["counts"], "{requirement}");
        for group in ["matched", "to_confirm", "near"] {
            let mut own = ids(&found, group);
            let mut theirs: Vec<_> =
                expected[group].as_array().expect("a list").iter().filter_map(|it| it["id"].as_str()).collect();
            own.sort_unstable();
            theirs.sort_unstable();
            assert_eq!(own, theirs, "{group} of {requirement}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn advice_to_do_without_a_facility_is_taken_up_and_law_has_none() {
    let test = TestApp::sqlite().await;
    stocked(&test).await;
    let mut browser = reader(&test);
    let need = [("kinds", "space"), ("facilities", "crane"), ("fire_class", "丙")];
    let seen = browser.post("/matches", &need).await;
    let html = seen.html();
    let buttons: Vec<_> = select(&html, "button[name=adopt]")
        .into_iter()
        .map(|it| (it.attr("value"), it.text().collect::<String>()))
        .collect();
    assert!(buttons.is_empty(), "S2 is short on law too: {buttons:?}");
    let need = [("kinds", "space"), ("facilities", "dormitory"), ("facilities", "crane")];
    let seen = browser.post("/matches", &need).await;
    let html = seen.html();
    let buttons: Vec<_> = select(&html, "button[name=adopt]")
        .into_iter()
        .map(|it| (it.attr("value").unwrap_or_default().to_owned(), it.text().collect::<String>()))
        .collect();
    let without = |code: &str| buttons.iter().find(|(value, _)| value == &format!("facilities - {code}"));
    let (value, words) = without("crane").expect("advice");
    assert!(words.contains("不要行车") && words.contains("+1"), "{words}");
    let told: String = select(&html, ".group.near").into_iter().flat_map(|it| it.text()).collect();
    assert!(told.contains("缺行车") && told.contains("有宿舍；无行车"), "{told}");
    let ticked = |seen: &crate::templates::Seen| {
        values(seen).into_iter().filter(|(name, _)| name == "facilities").map(|(_, value)| value).collect::<Vec<_>>()
    };
    let mut sent = values(&seen);
    set(&mut sent, "adopt", value);
    let fewer = browser.post("/matches", &pairs(&sent)).await;
    assert_eq!(ticked(&fewer), ["dormitory"]);
    assert_eq!(get(&values(&fewer), "kinds"), "space");
    let english = browser.post("/en/matches", &need).await;
    let told: String = select(&english.html(), ".advice").into_iter().flat_map(|it| it.text()).collect::<String>();
    assert!(told.contains("without overhead crane"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_space_tells_what_it_has_itself_and_from_its_park() {
    let test = TestApp::sqlite().await;
    stocked(&test).await;
    let page = test.get("/spaces/S1").await.text;
    for words in ["行车吨位", "10 吨", "丙类", "卸货平台", "园区配套", "宿舍、天然气", "1层"] {
        assert!(page.contains(words), "{words}");
    }
    let compared = test.get("/compare?ids=S1&ids=S2").await.text;
    assert!(compared.contains("园区配套") && compared.contains("不具备条件"), "{compared}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_facility_is_found_by_any_of_its_words() {
    let test = TestApp::sqlite().await;
    stocked(&test).await;
    search::apply(&test.app).await.expect("indexed");
    for words in ["行车", "天车", "overhead crane", "天然气"] {
        let query = SearchQuery::new(words, 1, 20).expect("a query");
        let found = test.app.text.search(&query).await.expect("an answer");
        assert!(found.hits.iter().any(|hit| hit.kind == DocKind::Space && hit.id == "S1"), "{words}");
    }
}
