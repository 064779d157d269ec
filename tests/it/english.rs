//! Pages in English can be used without Chinese: every Chinese word is marked with its language and has English beside it.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use domain::listing::Kind;
use domain::record::Policies;
use scraper::ElementRef;
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::database;
use crate::pages::{pairs, reader, set, values};
use crate::templates::{Browser, Seen, select};

const TEXT: &str = "German auto parts maker seeks 30 mu of industrial land in Suzhou or a factory of 3,000 sqm with a loading \
                    dock in Taicang, Jiangsu. Annual tax RMB 6 million.";
/// Elements whose words are the visitor's own, or that nobody sees.
const OWN: [&str; 4] = ["script", "style", "textarea", "template"];

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{3011}' | '\u{3400}'..='\u{9fff}' | '\u{ff01}'..='\u{ff1f}')
}

/// Chinese of a page that no element marks with its language.
fn unmarked(seen: &Seen) -> Vec<String> {
    let html = seen.html();
    let mut found = Vec::new();
    for node in html.tree.nodes() {
        let Some(text) = node.value().as_text().filter(|text| text.contains(is_chinese)) else { continue };
        let around: Vec<ElementRef<'_>> = node.ancestors().filter_map(ElementRef::wrap).collect();
        let is_marked = around.iter().find_map(|it| it.attr("lang")).is_some_and(|lang| lang.starts_with("zh"));
        let is_own = around.iter().any(|it| OWN.contains(&it.value().name()) || it.attr("class") == Some("echo"));
        if !is_marked && !is_own {
            found.push(text.trim().to_owned());
        }
    }
    found.extend(select(&html, "body *").into_iter().flat_map(spoken));
    found
}

/// Chinese in the attributes of an element that are shown or read aloud.
fn spoken(element: ElementRef<'_>) -> Vec<String> {
    let is_input = element.value().name() == "input";
    // What was searched for is the visitor's own.
    let is_shown = is_input && !matches!(element.attr("type"), Some("hidden" | "checkbox" | "radio" | "search"));
    let typed = element.attr("value").filter(|_| is_shown);
    let others = ["placeholder", "aria-label", "alt", "title"].into_iter().filter_map(|name| element.attr(name));
    let is_marked = element.attr("lang").is_some_and(|lang| lang.starts_with("zh"));
    others.chain(typed).filter(|text| text.contains(is_chinese) && !is_marked).map(str::to_owned).collect()
}

/// Real zones of two provinces and of Beijing, and the samples of Suzhou.
async fn stocked() -> TestApp {
    let test = TestApp::without_import(database::sqlite().await, &[]).await;
    let zones = ["江苏省", "陕西省", "G111001"];
    test.import(Kind::Park, &only(include_str!("../../config/data/parks.csv"), &zones)).await;
    test.import(Kind::Park, &only(include_str!("../../config/data/demo_parks.csv"), &["江苏省"])).await;
    for (kind, file) in luodi::demo::made(test.app.clock.now().day()) {
        let here = if kind == Kind::Park { "江苏省" } else { "苏州市" };
        test.import(kind, &only(&file, &[here])).await;
    }
    test.import(Policies, include_str!("../../config/data/policies.csv")).await;
    test
}

/// The header and the lines that hold one of the words.
fn only(file: &str, words: &[&str]) -> String {
    let mut lines = file.lines();
    let header = lines.next().into_iter();
    header.chain(lines.filter(|line| words.iter().any(|word| line.contains(word)))).collect::<Vec<_>>().join("\n")
}

fn check(path: &str, seen: &Seen) {
    assert_eq!(seen.status, StatusCode::OK, "{path}");
    let found = unmarked(seen);
    assert!(found.is_empty(), "{path}: {:?}", &found[..found.len().min(8)]);
}

async fn look(browser: &mut Browser<'_>, path: &str) -> Seen {
    let seen = browser.get(path).await;
    check(path, &seen);
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn an_english_visitor_gets_from_the_search_box_to_the_inquiry_without_chinese() {
    let test = stocked().await;
    let mut browser = reader(&test);
    look(&mut browser, "/en/").await;
    let read = browser.post("/en/", &[("text", TEXT)]).await;
    check("the reading", &read);
    let mut sent = values(&read);
    assert!(read.text.contains("Suzhou") && read.text.contains("Taicang"), "places are named in English");
    let answer = browser.post("/en/matches", &pairs(&sent)).await;
    check("the answer", &answer);
    let links: Vec<String> =
        select(&answer.html(), ".match h3 a").iter().filter_map(|it| it.attr("href").map(str::to_owned)).collect();
    for link in links.iter().take(3) {
        look(&mut browser, link).await;
    }
    let picked = select(&answer.html(), ".match input[name=listings]")[0].attr("value").expect("an id").to_owned();
    set(&mut sent, "listings", &picked);
    let form = browser.post("/en/inquiry", &pairs(&sent)).await;
    check("the inquiry", &form);
    assert!(!select(&form.html(), "input[name=parks]").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_listings_and_the_search_are_in_english() {
    let test = stocked().await;
    let mut browser = reader(&test);
    for path in [
        "/en/plots",
        "/en/spaces?region=Suzhou",
        "/en/parks?region=Shaanxi",
        "/en/plots/DEMO-P-320583-1",
        "/en/spaces/DEMO-S-320583-2",
        "/en/parks/G321090",
        "/en/parks/G111001",
        "/en/search?q=Suzhou",
        "/en/search?q=%E5%AE%81%E6%B3%A2",
        "/en/compare?ids=DEMO-P-320583-1,DEMO-S-320583-2",
        "/en/report?kind=plot&id=DEMO-P-320583-1",
        "/en/ranking",
        "/en/privacy",
        "/en/policies/DEMO-ZC-001",
    ] {
        look(&mut browser, path).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn places_and_trades_typed_in_english_are_taken_as_pages_write_them() {
    let test = stocked().await;
    let mut browser = reader(&test);
    let typed = [
        ("regions", "Kunshan (320583), Wuzhong District (320506)"),
        ("industry", "Motor vehicle parts and accessories (3670)"),
        ("floor_m2.min", "2000"),
    ];
    let answer = browser.post("/en/matches", &typed).await;
    check("the answer", &answer);
    let chips: Vec<String> = select(&answer.html(), ".chip-value").iter().map(|it| it.text().collect()).collect();
    assert!(chips.iter().any(|chip| chip == "Kunshan, Wuzhong District"), "{chips:?}");
    assert!(chips.iter().any(|chip| chip.starts_with("Motor vehicle parts and accessories")), "{chips:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_is_found_by_the_english_names_of_its_place_and_trade() {
    let test = stocked().await;
    luodi::service::search::rebuild(&test.app).await.expect("an index");
    for words in ["Suzhou", "Jiangsu factory", "Suzhou warehouse", "Suzhou land"] {
        let path = format!("/api/v1/search?q={}", words.replace(' ', "%20"));
        let found = test.get(&path).await.json();
        assert!(found["total"].as_u64() >= Some(5), "{words}: {found}");
    }
}

async fn post(test: &TestApp, path: &str, body: &Value) -> Value {
    let request = Request::post(path)
        .header("content-type", "application/json")
        .header("accept-language", "en")
        .header("idempotency-key", "english")
        .body(Body::from(body.to_string()))
        .expect("a request");
    let reply = test.send(request).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text);
    reply.json()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_receipt_of_an_english_requirement_has_need_and_park_in_english() {
    let test = stocked().await;
    let need = json!({ "industry": "3670", "land_mu": { "min": 30, "max": 45 }, "regions": ["320500"] });
    let made = post(&test, "/api/v1/requirements", &TestApp::submission(&need)).await;
    let path = format!("/api/v1/requirements/{}/inquiries", made["reference"].as_str().expect("a reference"));
    post(&test, &path, &TestApp::inquiry(&["DEMO-P-320506-2"], &["G321090"])).await;
    test.deliver().await;
    let letters = test.letters();
    let texts: Vec<String> = letters
        .iter()
        .filter_map(|letter| {
            mail_parser::MessageParser::default().parse(letter)?.body_text(0).map(std::borrow::Cow::into_owned)
        })
        .filter(|text| text.contains("Hello,"))
        .collect();
    let all = texts.join("\n");
    for words in [
        "Motor vehicle parts and accessories",
        "2–3 ha (30–45 mu)",
        "Regions: Suzhou (Jiangsu)",
        "Suzhou Industrial Park 苏州工业园区",
    ] {
        assert!(all.contains(words), "{words}: {all}");
    }
}
