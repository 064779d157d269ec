//! What the pages promise: corrections win, what was typed is kept, nothing leaves without consent, errors are pages.

use axum::http::StatusCode;
use domain::account::Role;
use domain::listing::Kind;
use luodi::service::accounts;
use serde_json::json;

use crate::app::TestApp;
use crate::database;
use crate::templates::{Browser, Seen, select};

const TEXT: &str = "我们做水泵,在台州温岭找25亩左右工业地,年税收700万,王工 13800138000";

pub(crate) fn reader(test: &TestApp) -> Browser<'_> {
    Browser { test, cookie: String::new() }
}

/// The hidden and typed values of a page's form, as a browser would send them.
pub(crate) fn values(seen: &Seen) -> Vec<(String, String)> {
    let html = seen.html();
    let controls = select(&html, "main form:not(#alert) input:not([form]), main form textarea, main form select");
    let sent = controls.into_iter().filter(|it| it.attr("type") != Some("checkbox") || it.attr("checked").is_some());
    sent.filter_map(|it| {
        let name = it.attr("name")?.to_owned();
        let value = match it.value().name() {
            "textarea" => it.text().collect(),
            "select" => select_value(it),
            _ => it.attr("value").unwrap_or_default().to_owned(),
        };
        Some((name, value))
    })
    .collect()
}

fn select_value(select: scraper::ElementRef<'_>) -> String {
    let chosen = scraper::Selector::parse("option[selected]").expect("a selector");
    select.select(&chosen).next().and_then(|option| option.attr("value")).unwrap_or_default().to_owned()
}

pub(crate) fn set(values: &mut Vec<(String, String)>, name: &str, value: &str) {
    values.retain(|(own, _)| own != name);
    values.push((name.to_owned(), value.to_owned()));
}

pub(crate) fn pairs(values: &[(String, String)]) -> Vec<(&str, &str)> {
    values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

pub(crate) fn get<'v>(values: &'v [(String, String)], name: &str) -> &'v str {
    values.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str())
}

/// Whether a page shows the enterprise's phone, whole or masked. Its last digits alone also occur in random references.
fn tells_phone(text: &str) -> bool {
    ["138 0013 8000", "13800138000", "*8000"].iter().any(|form| text.contains(form))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_understood_is_shown_and_a_correction_wins_over_the_text() {
    let test = TestApp::sqlite().await;
    let mut browser = reader(&test);
    let read = browser.post("/", &[("text", TEXT)]).await;
    assert_eq!(read.status, StatusCode::OK);
    let html = read.html();
    let marked: Vec<String> = select(&html, "mark").iter().map(|mark| mark.text().collect()).collect();
    assert!(marked.iter().any(|text| text.contains("25亩")), "{marked:?}");
    let mut sent = values(&read);
    assert_eq!((get(&sent, "land_mu.min"), get(&sent, "tax_wan")), ("22.5", "700"));
    set(&mut sent, "land_mu.min", "30");
    set(&mut sent, "land_mu.max", "60");
    let again = browser.post("/", &pairs(&sent)).await;
    let kept = values(&again);
    assert_eq!((get(&kept, "land_mu.min"), get(&kept, "land_mu.max")), ("30", "60"));
    assert!(!select(&again.html(), ".chip.corrected").is_empty());
    // Rewriting the text moves what was not touched and leaves the correction alone.
    let mut rewritten = kept;
    set(&mut rewritten, "text", &TEXT.replace("700万", "800万").replace("25亩", "20亩"));
    let moved = values(&browser.post("/", &pairs(&rewritten)).await);
    assert_eq!((get(&moved, "tax_wan"), get(&moved, "land_mu.min")), ("800", "30"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_field_answers_422_with_its_sentence_and_keeps_everything() {
    let test = TestApp::sqlite().await;
    let wrong =
        [("text", TEXT), ("land_mu.min", "50"), ("land_mu.max", "30"), ("tax_wan", "很多"), ("company", "示例公司")];
    let seen = reader(&test).post("/", &wrong).await;
    assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
    let kept = values(&seen);
    for (name, value) in wrong {
        assert_eq!(get(&kept, name), value);
    }
    let told: String = select(&seen.html(), "[role=alert]")[0].text().collect();
    assert!(told.contains("最小值 50 大于最大值 30") && told.contains("请填数字"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_may_type_amounts_places_and_industries_as_they_speak() {
    let test = TestApp::sqlite().await;
    let typed = [
        ("fixed_investment_wan", "1.2亿"),
        ("tax_wan", "１，０００"),
        ("regions", "宁波、温岭市"),
        ("industry", "C3670"),
    ];
    let seen = reader(&test).post("/matches", &typed).await;
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
    let told: String = select(&seen.html(), ".need")[0].text().collect();
    for words in ["1.2 亿元", "1,000 万元/年", "宁波市、温岭市", "（3670）"] {
        assert!(told.contains(words), "{words}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn matches_of_every_group_show_their_reasons_and_advice_can_be_taken_up() {
    let test = TestApp::sqlite().await;
    let mut browser = reader(&test);
    let need = [("kinds", "plot"), ("land_mu.min", "20"), ("land_mu.max", "28"), ("tax_wan", "1000")];
    let seen = browser.post("/matches", &need).await;
    let html = seen.html();
    assert!(
        select(&html, ".match")
            .iter()
            .all(|card| card.select(&scraper::Selector::parse(".reasons tbody tr").expect("css")).count() > 0)
    );
    let advice = select(&html, "button[name=adopt]");
    let land =
        advice.iter().filter_map(|it| it.attr("value")).find(|value| value.starts_with("land ")).expect("advice");
    let mut sent = values(&seen);
    set(&mut sent, "adopt", land);
    let wider = browser.post("/matches", &pairs(&sent)).await;
    let matched = |seen: &Seen| select(&seen.html(), ".group.matched .match").len();
    assert!(matched(&wider) >= matched(&seen), "{land}");
    assert_eq!(get(&values(&wider), "land_mu.max"), "30");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_address_carries_the_text_or_a_contact() {
    let test = TestApp::sqlite().await;
    let mut browser = reader(&test);
    let typed =
        [("text", TEXT), ("was", TEXT), ("company", "示例公司"), ("phone", "13800138000"), ("land_mu.min", "20")];
    let seen = browser.post("/matches", &typed).await;
    let html = seen.html();
    for link in select(&html, "a") {
        let href = link.attr("href").unwrap_or_default();
        assert!(!href.contains("138") && !href.contains("company") && !href.contains("text="), "{href}");
    }
    assert!(select(&html, "form").iter().all(|form| form.attr("method") == Some("post")));
    let mut picked = typed.to_vec();
    picked.extend([("listings", "P1"), ("listings", "P2")]);
    let compared = browser.post("/compare", &picked).await;
    assert_eq!(compared.location, "/compare?ids=P1&ids=P2&land_mu.min=20");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_may_show_again_what_answered_a_form_and_no_private_page() {
    let test = TestApp::sqlite().await;
    let reference = test.submitted("pages-2").await;
    let mut browser = reader(&test);
    let need = [("text", TEXT), ("listings", "P1")];
    for prefix in ["", "/en"] {
        for path in ["/", "/matches", "/inquiry"] {
            let seen = browser.post(&format!("{prefix}{path}"), &need).await;
            assert_eq!((seen.status, seen.cache.as_str()), (StatusCode::OK, "private, no-cache"), "{prefix}{path}");
        }
    }
    let own = format!("/requirements/{reference}");
    for path in [own.clone(), format!("{own}/matches"), "/staff/sign-in".to_owned()] {
        assert_eq!(browser.get(&path).await.cache, "no-store", "{path}");
    }
    assert_eq!(browser.post(&format!("{own}/erase"), &[]).await.cache, "no-store");
}

/// The way to the consent step, with contact data typed.
pub(crate) async fn consent_step(browser: &mut Browser<'_>) -> Vec<(String, String)> {
    let picked =
        [("land_mu.min", "20"), ("land_mu.max", "40"), ("listings", "P1"), ("listings", "P2"), ("listings", "P3")];
    let step = browser.post("/inquiry", &picked).await;
    assert_eq!(step.status, StatusCode::OK);
    assert!(select(&step.html(), "input[type=checkbox][checked]").is_empty(), "nothing is ticked beforehand");
    let mut sent = values(&step);
    for (name, value) in [
        ("company", "<b>示例&水泵</b>"),
        ("contact", "王工"),
        ("phone", "138 0013 8000"),
        ("email", "buyer@example.com"),
    ] {
        set(&mut sent, name, value);
    }
    sent
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_without_consent_and_only_to_the_parks_that_were_ticked() {
    let test = TestApp::sqlite().await;
    let mut browser = reader(&test);
    let mut sent = consent_step(&mut browser).await;
    let refused = browser.post("/inquiry", &pairs(&sent)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(test.app.db.waiting_mails().await.expect("counts"), 0);
    assert_eq!(get(&values(&refused), "company"), "<b>示例&水泵</b>");
    sent.extend([("consent".to_owned(), "yes".to_owned()), ("parks".to_owned(), "T2".to_owned())]);
    let accepted = browser.post("/inquiry", &pairs(&sent)).await;
    assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.text);
    // The same form once more is the same inquiry.
    let twin = browser.post("/inquiry", &pairs(&sent)).await;
    assert_eq!(twin.location, accepted.location);
    let status = browser.get(&accepted.location).await;
    let rows: Vec<String> = select(&status.html(), "article.row").iter().map(|row| row.text().collect()).collect();
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert!(rows[0].contains("示例二号园区") && rows[0].contains("等待发送"), "{rows:?}");
    assert!(status.text.contains("noindex") && !tells_phone(&status.text));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inquiry_with_nothing_filled_in_is_told_everything_in_one_round() {
    let test = TestApp::sqlite().await;
    let refused = reader(&test).post("/inquiry", &[("step", "send"), ("listings", "P1")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let html = refused.html();
    let named: Vec<&str> = select(&html, "[role=alert] a").iter().filter_map(|link| link.attr("href")).collect();
    assert_eq!(named, ["#f-company", "#f-contact", "#f-phone", "#f-email", "#f-consent", "#f-parks"]);
    let marked = select(&html, "input[aria-invalid]").len();
    assert_eq!(marked, 4, "each field says so itself");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_park_without_an_inbox_is_asked_by_the_operator_and_the_form_says_so() {
    for test in TestApp::each().await {
        let mut browser = reader(&test);
        let seen = browser.get("/inquiry?listings=P3&listings=P1").await;
        let told: Vec<String> =
            select(&seen.html(), "#f-parks .park").iter().map(|park| park.text().collect()).collect();
        assert!(told[0].contains("运营方收到") && !told[1].contains("运营方收到"), "{told:?}");
        let mut sent = values(&browser.get("/inquiry?listings=P3").await);
        for (name, value) in [
            ("company", "示例水泵"),
            ("contact", "王工"),
            ("phone", "138 0013 8000"),
            ("email", "buyer@example.com"),
            ("consent", "yes"),
            ("parks", "T3"),
        ] {
            set(&mut sent, name, value);
        }
        let done = browser.post("/inquiry", &pairs(&sent)).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(test.db.rows("SELECT state FROM inquiry").await, ["with_operator"], "{}", test.db.name);
    }
}

/// A11, as far as people see it.
#[tokio::test(flavor = "multi_thread")]
async fn what_finds_no_room_is_refused_in_words_and_comes_back_as_it_was_typed() {
    let Some(db) = database::postgres().await else { return };
    let test = TestApp::over(db, &[]).await;
    let full = "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
                $$BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END$$;
                CREATE TRIGGER full_disk BEFORE INSERT ON requirement EXECUTE FUNCTION full_disk()";
    test.db.execute(full).await;
    let mut browser = reader(&test);
    let mut sent = consent_step(&mut browser).await;
    sent.extend([("consent".to_owned(), "yes".to_owned()), ("parks".to_owned(), "T2".to_owned())]);
    let refused = browser.post("/inquiry", &pairs(&sent)).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.text.contains("您的内容未保存"), "{}", refused.text);
    assert_eq!(get(&values(&refused), "company"), "<b>示例&水泵</b>");
    let told = test.post_with("/api/v1/requirements", "k", &TestApp::submission(&json!({ "tax_wan": 1 }))).await;
    assert_eq!((told.status, told.code().as_str()), (StatusCode::SERVICE_UNAVAILABLE, "full"));
    assert_eq!(told.headers["retry-after"], "60");
    test.db.execute("DROP TRIGGER full_disk ON requirement").await;
    let accepted = browser.post("/inquiry", &pairs(&sent)).await;
    assert_eq!(accepted.status, StatusCode::SEE_OTHER, "the same form, once there is room: {}", accepted.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn its_owner_can_ask_further_parks_without_typing_contact_data_again() {
    let test = TestApp::sqlite().await;
    let reference = test.submitted("pages-0").await;
    let mut browser = reader(&test);
    let matches = browser.get(&format!("/requirements/{reference}/matches")).await;
    let mut sent = values(&matches);
    sent.push(("listings".to_owned(), "P1".to_owned()));
    let step = browser.post("/inquiry", &pairs(&sent)).await;
    assert!(select(&step.html(), "#f-phone").is_empty() && !tells_phone(&step.text));
    let mut sent = values(&step);
    sent.extend([("consent".to_owned(), "yes".to_owned()), ("parks".to_owned(), "T2".to_owned())]);
    let accepted = browser.post("/inquiry", &pairs(&sent)).await;
    assert_eq!(accepted.location, format!("/requirements/{reference}"));
    assert_eq!(select(&browser.get(&accepted.location).await.html(), "article.row").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn its_owner_can_withdraw_and_the_page_is_gone() {
    let test = TestApp::sqlite().await;
    let reference = test.submitted("pages-1").await;
    let mut browser = reader(&test);
    let path = format!("/requirements/{reference}");
    let unsure = browser.post(&format!("{path}/erase"), &[]).await;
    assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY);
    let kept = browser.get(&format!("{path}/erase")).await;
    assert_eq!((kept.status, kept.location), (StatusCode::SEE_OTHER, path.clone()), "its address leads back");
    let sure = browser.post(&format!("{path}/erase"), &[("sure", "yes")]).await;
    assert_eq!(sure.status, StatusCode::OK);
    let gone = browser.get(&path).await;
    assert_eq!(gone.status, StatusCode::GONE);
    assert!(gone.text.contains("个人信息已删除") && gone.text.contains("请求编号"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_beyond_the_last_shows_the_last() {
    let test = TestApp::sqlite().await;
    let more: String = (10..33).map(|n| format!("Q{n},浙江省\n")).collect();
    test.import(Kind::Plot, &format!("plot_no,province\n{more}")).await;
    let mut browser = reader(&test);
    for (path, rows, pager) in [("/plots?page=9", 7, "第 2 页"), ("/plots?region=331081&page=2", 3, "")] {
        let html = browser.get(path).await.html();
        assert_eq!(select(&html, ".list .row").len(), rows, "{path}");
        let told: String = select(&html, ".pager").iter().flat_map(scraper::ElementRef::text).collect();
        assert!(told.contains(pager) && told.is_empty() == pager.is_empty(), "{path}: {told}");
    }
    luodi::service::search::rebuild(&test.app).await.expect("an index");
    let hits = async |browser: &mut Browser<'_>, page: u32| {
        let path = format!("/search?q={}&page={page}", luodi::web::view::encode("示例"));
        select(&browser.get(&path).await.html(), ".list > li:not(.empty)").len()
    };
    let (first, beyond) = (hits(&mut browser, 1).await, hits(&mut browser, 9).await);
    assert!(first > 0 && beyond == first, "{first} {beyond}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listings_page_names_its_park_and_keeps_what_is_for_staff() {
    let test = TestApp::sqlite().await;
    let parks = "code,name,level,province,county_code,parent_code\nT5,示例分园,省级,浙江省,330226,T1\n";
    test.import(Kind::Park, parks).await;
    test.import(Kind::Plot, "plot_no,province,quality_note,park_code\nP5,浙江省,buyer budget,T1\n").await;
    let mut browser = reader(&test);
    let plot = browser.get("/plots/P5").await;
    assert_eq!(select(&plot.html(), "aside a[href='/parks/T1']").len(), 1);
    assert!(!plot.text.contains("buyer budget"));
    assert_eq!(test.get("/api/v1/listings/P5").await.json()["record"]["quality_note"], "buyer budget");
    let own = browser.get("/parks/T1").await.html();
    assert!(select(&own, "main a[href='/parks/T1']").is_empty(), "a park does not lie in itself");
    let part = browser.get("/parks/T5").await.html();
    assert_eq!(select(&part, "aside a[href='/parks/T1']").len(), 1, "a part names the whole");
    let labels: Vec<String> = select(&part, "dt").iter().map(|label| label.text().collect()).collect();
    assert!(labels.contains(&"所在地区".to_owned()), "{labels:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plots_page_names_like_plots_nearest_first_and_checks_figures_against_its_own_indicators() {
    let test = TestApp::sqlite().await;
    let head = "plot_no,province,city,county,location,area_mu,tax_wan_mu,status,longitude,latitude";
    let rows = [
        "L0,浙江省,宁波市,北仑区,示例本地块,40,30,available,121.80,29.90",
        "L1,浙江省,宁波市,北仑区,示例远些,50,,available,121.95,29.90",
        "L2,浙江省,宁波市,北仑区,示例最近,30,,available,121.81,29.90",
        "L3,浙江省,宁波市,北仑区,示例太大,400,,available,121.80,29.91",
        "L4,浙江省,宁波市,北仑区,示例已售,40,,sold,121.80,29.91",
        "L5,浙江省,杭州市,萧山区,示例太远,40,,available,120.26,30.18",
    ];
    test.import(Kind::Plot, &format!("{head}\n{}\n", rows.join("\n"))).await;
    let seen = reader(&test).get("/plots/L0?tax_wan=900&investment_wan=5000").await;
    let html = seen.html();
    let named: Vec<String> = select(&html, ".row h3 a").iter().map(|link| link.text().collect()).collect();
    assert_eq!(named, ["示例最近", "示例远些"]);
    let inputs = select(&html, "#own-figures input");
    let sent: Vec<(&str, &str)> =
        inputs.iter().map(|it| (it.attr("name").unwrap_or_default(), it.attr("value").unwrap_or_default())).collect();
    assert!(sent.contains(&("tax_wan", "900")) && sent.contains(&("investment_wan", "5000")), "{sent:?}");
    assert!(sent.iter().any(|(name, _)| *name == "land_mu.min"), "{sent:?}");
    assert!(!select(&html, ".check-card").is_empty(), "900 on 40 mu of 30 is judged");
    let without = reader(&test).get("/plots/L1").await;
    assert!(select(&without.html(), "#own-figures").is_empty(), "no indicator, nothing to check");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comparison_of_kinds_names_each_row_once_and_tells_silence_from_what_does_not_apply() {
    let test = TestApp::sqlite().await;
    let parks = "code,name,level,province,county_code,type\nT5,示例五号园区,省级,浙江省,330226,经济开发区\n";
    let spaces = "space_no,name,kind,province,industries,use\nS1,示例空间,factory,浙江省,36,production\n";
    test.import(Kind::Park, parks).await;
    test.import(Kind::Space, spaces).await;
    let seen = reader(&test).get("/compare?ids=P1,S1,T5&land_mu.min=20&kinds=plot").await;
    let html = seen.html();
    for section in select(&html, ".compare tbody") {
        let rows = scraper::Selector::parse("th[scope=row]").expect("css");
        let mut labels: Vec<String> = section.select(&rows).map(|label| label.text().collect()).collect();
        labels.sort_unstable();
        let repeated: Vec<_> = labels.windows(2).filter(|two| two[0] == two[1]).collect();
        assert!(!labels.is_empty() && repeated.is_empty(), "{labels:?}");
    }
    let first_words = |row: &scraper::ElementRef<'_>| {
        row.text().map(str::trim).find(|text| !text.is_empty()).unwrap_or_default().to_owned()
    };
    let cells = |label: &str| -> Vec<String> {
        let row = select(&html, ".compare tr").into_iter().find(|row| first_words(row) == label);
        let cell = scraper::Selector::parse("td").expect("css");
        row.map(|row| row.select(&cell).map(|it| it.text().collect()).collect()).unwrap_or_default()
    };
    assert_eq!(cells("园区类型"), ["–", "–", "经济开发区"]);
    assert_eq!(cells("空间类型"), ["–", "标准厂房", "–"]);
    assert_eq!(cells("起始价")[1..], ["–", "–"]);
    assert!(cells("准入行业")[0].contains("34") && cells("准入行业")[1].contains("36"), "one row for both");
    assert_eq!(cells("所属园区")[1], "未注明", "a space could name its park");
    assert!(seen.text.contains("表示这一项不适用"), "the dash is explained");
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_are_pages_for_people_and_problems_for_programs() {
    let test = TestApp::sqlite().await;
    for path in ["/nowhere", "/plots/none", "/requirements/none", "/en/parks/none"] {
        let page = reader(&test).get(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        assert!(page.text.contains("<html") && select(&page.html(), "h1").len() == 1, "{path}");
        assert_eq!(test.get(path).await.code(), "not_found", "{path}");
    }
    let wrong = reader(&test).post("/plots", &[]).await;
    assert!(wrong.status == StatusCode::METHOD_NOT_ALLOWED && wrong.text.contains("<html"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_language_follows_the_address_then_the_choice_then_the_browser() {
    let test = TestApp::sqlite().await;
    let lang = |seen: &Seen| select(&seen.html(), "html")[0].attr("lang").unwrap_or_default().to_owned();
    let mut browser = reader(&test);
    assert_eq!(lang(&browser.get("/plots").await), "zh-Hans");
    let english = browser.get("/en/plots?q=x").await;
    assert_eq!(lang(&english), "en");
    let switch = select(&english.html(), ".language")[0].attr("href").expect("a link").to_owned();
    assert_eq!(switch, "/plots?q=x&lang=zh");
    assert!(
        select(&english.html(), "nav a, footer a[href^='/']")
            .iter()
            .all(|a| a.attr("href").is_some_and(|it| it.starts_with("/en")))
    );
    browser.get(&switch).await;
    assert_eq!(browser.cookie, "luodi_lang=zh-Hans");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_survives_being_opened_and_works_once() {
    let test = TestApp::sqlite().await;
    let link = accounts::invite(&test.app, "two@example.com", Role::Officer, Some("T2")).await.expect("a link");
    let link = &link[link.find("/staff").expect("a path")..];
    let mut browser = reader(&test);
    for _ in 0..10 {
        assert_eq!(browser.get(link).await.status, StatusCode::OK);
    }
    let short = browser.post(link, &[("password", "short")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.post(link, &[("password", "a sentence of twelve")]).await.location, "/staff");
    assert_eq!(reader(&test).post(link, &[("password", "a sentence of twelve")]).await.status, StatusCode::NOT_FOUND);
    let mut other = reader(&test);
    let home = other.get("/staff/tasks").await;
    assert_eq!(home.location, "/staff/sign-in?next=%2Fstaff%2Ftasks");
    let wrong =
        other.post("/staff/sign-in", &[("email", "two@example.com"), ("password", "x"), ("next", "//evil")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let pairs = [("email", "two@example.com"), ("password", "a sentence of twelve"), ("next", "//evil")];
    assert_eq!(other.post("/staff/sign-in", &pairs).await.location, "/staff");
    assert_eq!(other.get("/staff").await.status, StatusCode::OK);
    other.post("/staff/sign-out", &[]).await;
    assert_eq!(other.get("/staff").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_see_a_masked_contact_until_they_ask_and_one_of_two_editors_is_told() {
    let test = TestApp::sqlite().await;
    let mut buyer = reader(&test);
    let mut sent = consent_step(&mut buyer).await;
    sent.extend([("consent".to_owned(), "yes".to_owned()), ("parks".to_owned(), "T2".to_owned())]);
    let status = buyer.post("/inquiry", &pairs(&sent)).await.location;
    let link = accounts::invite(&test.app, "two@example.com", Role::Manager, Some("T2")).await.expect("a link");
    let mut staff = reader(&test);
    staff.post(&link[link.find("/staff").expect("a path")..], &[("password", "a sentence of twelve")]).await;
    let inbox = staff.get("/staff").await;
    assert!(inbox.text.contains("&lt;b&gt;示例&amp;水泵&lt;") && !inbox.text.contains("<b>示例"), "escaped");
    let lead = select(&inbox.html(), ".lead h2 a")[0].attr("href").expect("a link").to_owned();
    let page = staff.get(&lead).await;
    assert!(page.text.contains("138****8000") && !page.text.contains("13800138000"));
    let look = staff.post(&format!("{lead}/reveal"), &[]).await.location;
    assert!(staff.get(&look).await.text.contains("13800138000"));
    assert!(buyer.get(&status).await.text.contains("完整联系方式"), "the enterprise sees who looked");
    let version = get(&values(&page), "version").to_owned();
    let step = [("version", version.as_str()), ("to", "contacted"), ("note", "已电话联系")];
    assert_eq!(staff.post(&format!("{lead}/stage"), &step).await.location, format!("{lead}?done=moved"));
    let late =
        staff.post(&format!("{lead}/stage"), &[("version", &version), ("to", "visited"), ("note", "约好考察")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text.contains("约好考察") && late.text.contains("接洽（首谈）") && late.text.contains("考察"));
    let lost = staff.post(&format!("{lead}/stage"), &[("version", "2"), ("to", "lost"), ("note", " ")]).await;
    assert_eq!(lost.status, StatusCode::UNPROCESSABLE_ENTITY);
    let told: String = select(&lost.html(), "[role=alert]")[0].text().collect();
    assert!(told.contains("备注或原因"), "{told}");
    let stranger = accounts::invite(&test.app, "one@example.com", Role::Officer, Some("T1")).await.expect("a link");
    let mut other = reader(&test);
    other.post(&stranger[stranger.find("/staff").expect("a path")..], &[("password", "a sentence of twelve")]).await;
    assert_eq!(other.get(&lead).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn chips_keep_their_words_beside_a_wrong_field() {
    let test = TestApp::sqlite().await;
    let query = "kinds=plot&use=production&chemical=yes&facilities=crane&facilities=dock&land_mu.min=60&land_mu.max=20";
    for (language, words) in [("", ["地块", "生产", "行车"]), ("/en", ["Plot", "Production", "crane"])] {
        let page = reader(&test).get(&format!("{language}/matches?{query}")).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{language}");
        let html = page.html();
        let chips: String = select(&html, ".chip-value").iter().flat_map(scraper::ElementRef::text).collect();
        for word in words {
            assert!(chips.to_lowercase().contains(&word.to_lowercase()), "{word} in {chips}");
        }
        assert!(!chips.contains("plot") || language == "/en", "{chips}");
    }
}
