//! Answers in order and filtered, their map, the form of what decides most, and the shortlist: compared, shared for a time,
//! on one page, and as a workbook.

use axum::http::{Request, StatusCode, header};
use domain::listing::Kind;
use domain::time::Moment;

use crate::app::{SetClock, TestApp};
use crate::pages::{get, pairs, reader, set, values};
use crate::templates::{Browser, Seen, select};

pub(crate) const NEED: &str = "kinds=plot&land_mu.min=20&land_mu.max=40";
/// Plots beside those of every app: three prices in two counties of one city.
const MORE: &str = "plot_no,province,city,county,area_mu,land_use,start_price_wan,tax_wan_mu,park_code,status,available_from,source_url,notice_date
\
    Q1,浙江省,宁波市,北仑区,30,二类工业用地,900,20,T1,available,2027-03-01,https://example.com/q1,2026-10-01
\
    Q2,浙江省,宁波市,鄞州区,38,二类工业用地,760,,T1,available,2026-12-01,,
\
    Q3,浙江省,台州市,温岭市,22,二类工业用地,,,T2,available,,,
";

pub(crate) async fn stocked() -> TestApp {
    let test = TestApp::sqlite().await;
    test.import(Kind::Plot, MORE).await;
    test
}

/// Ids of the cards in their order.
fn cards(seen: &Seen) -> Vec<String> {
    let html = seen.html();
    let ticks = select(&html, ".match input[name=listings]");
    ticks.iter().filter_map(|it| it.attr("value")).map(str::to_owned).collect()
}

pub(crate) fn links(seen: &Seen, css: &str) -> Vec<String> {
    let html = seen.html();
    select(&html, css).iter().filter_map(|link| link.attr("href")).map(str::to_owned).collect()
}

pub(crate) fn words(seen: &Seen, css: &str) -> String {
    select(&seen.html(), css).iter().flat_map(scraper::ElementRef::text).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_sorted_by_a_parameter_of_its_address_and_silence_comes_last() {
    let test = stocked().await;
    let mut browser = reader(&test);
    let mut order = async |sort: &str| cards(&browser.get(&format!("/matches?{NEED}&sort={sort}")).await);
    // 20, 28, 30, 40 万元 per mu; P3 and Q3 name no price.
    let by_price = order("price").await;
    let known: Vec<&str> = by_price.iter().map(String::as_str).filter(|id| !["P3", "Q3"].contains(id)).collect();
    assert_eq!(known, ["Q2", "P1", "Q1", "P2"]);
    assert_eq!(by_price[0], "Q2", "of those that match, the two without a price come last: {by_price:?}");
    assert_eq!(order("area").await[0], "Q2");
    assert_eq!(order("free").await.last().map(String::as_str), Some("Q1"), "what is free now comes first");
    let unknown = order("nonsense").await;
    assert_eq!(unknown, order("score").await, "an unknown order is the engine's own");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_nearest_come_first_where_that_is_asked() {
    let test = stocked().await;
    let path = format!("/matches?{NEED}&regions=%E5%AE%81%E6%B3%A2&sort=near");
    let seen = reader(&test).get(&path).await;
    let ids = cards(&seen);
    let last_near = ids.iter().rposition(|id| ["P2", "Q1", "Q2"].contains(&id.as_str()));
    assert_eq!(last_near, Some(2), "those in Ningbo lead: {ids:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_leave_out_and_count_and_stay_in_every_address() {
    let test = stocked().await;
    let mut browser = reader(&test);
    let filter = "only_region=%E5%AE%81%E6%B3%A2&only_level=%E7%9C%81%E7%BA%A7&sort=price";
    let seen = browser.get(&format!("/matches?{NEED}&{filter}")).await;
    let mut ids = cards(&seen);
    ids.sort();
    assert_eq!(ids, ["P2", "Q1", "Q2"]);
    let totals: usize = select(&seen.html(), ".group .count")
        .iter()
        .filter_map(|it| it.text().collect::<String>().trim().parse::<usize>().ok())
        .sum();
    assert_eq!(totals, 3);
    let own = links(&seen, ".need .ways a");
    assert!(own.iter().all(|link| link.contains("only_region") && link.contains("sort=price")), "{own:?}");
    // Its form goes to the address again, the filters filled in.
    let kept = values(&seen);
    assert_eq!((get(&kept, "only_region"), get(&kept, "sort")), ("宁波", "price"));
    assert_eq!(select(&seen.html(), ".sift button[formmethod=get]").len(), 1);
    let wrong = browser.get(&format!("/matches?{NEED}&only_region=Atlantis")).await;
    assert!(words(&wrong, ".sift .error").contains("没有找到"), "{}", wrong.text);
    let kinds = browser.get("/matches?land_mu.min=20&only_kind=park").await;
    assert!(cards(&kinds).iter().all(|id| id.starts_with('T')) && !cards(&kinds).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn listings_with_a_hold_are_left_out_where_that_is_asked() {
    let test = stocked().await;
    crate::holds::hold(&test, "Q1", "30").await;
    let mut browser = reader(&test);
    let all = cards(&browser.get(&format!("/matches?{NEED}")).await);
    let free = cards(&browser.get(&format!("/matches?{NEED}&only_free=yes")).await);
    assert!(all.contains(&"Q1".to_owned()) && !free.contains(&"Q1".to_owned()), "{all:?} {free:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn more_cards_come_twenty_at_a_time_and_keep_their_order() {
    let test = TestApp::sqlite().await;
    let rows: String = (100..170).map(|n| format!("R{n},浙江省,宁波市,北仑区,30,工业用地,T1,available\n")).collect();
    test.import(Kind::Plot, &format!("plot_no,province,city,county,area_mu,land_use,park_code,status\n{rows}")).await;
    let mut browser = reader(&test);
    let first = browser.get(&format!("/matches?{NEED}")).await;
    let shown = cards(&first);
    assert!(shown.len() <= 20 + 6, "{}", shown.len());
    let more = links(&first, ".group.matched a[href*='upto']").remove(0);
    assert!(more.ends_with("#m-21"), "{more}");
    let second = browser.get(more.split('#').next().expect("a path")).await;
    let longer = cards(&second);
    assert_eq!(longer[..20], shown[..20]);
    assert_eq!(select(&second.html(), ".group.matched .match").len(), 40);
    let numbers: Vec<String> =
        select(&second.html(), ".match").iter().filter_map(|it| it.attr("id")).map(str::to_owned).collect();
    let expected: Vec<String> = (1..=numbers.len()).map(|n| format!("m-{n}")).collect();
    assert_eq!(numbers, expected, "cards are numbered through all groups");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_card_is_a_point_of_the_map_and_an_entry_of_its_list() {
    let test = stocked().await;
    for prefix in ["", "/en"] {
        let seen = reader(&test).get(&format!("{prefix}/matches?{NEED}&regions=330200")).await;
        let html = seen.html();
        let ids = cards(&seen);
        assert_eq!(select(&html, ".map-list li a").len(), ids.len());
        let dots = |css: &str| select(&html, css).len();
        assert_eq!(dots("svg[aria-labelledby=map-rings] [data-card]"), ids.len(), "{prefix}");
        for svg in select(&html, ".map-card svg[role=img]") {
            let told = scraper::Selector::parse("title, desc").expect("css");
            assert_eq!(svg.select(&told).count(), 2, "title and description");
        }
        for link in links(&seen, ".map-list a") {
            assert_eq!(select(&html, &format!("article[id='{}']", &link[1..])).len(), 1, "{link}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_decide_most_is_asked_and_decides_as_many_as_it_says() {
    let test = stocked().await;
    let mut browser = reader(&test);
    let before = browser.get(&format!("/matches?{NEED}")).await;
    let html = before.html();
    assert_eq!(select(&html, "#supplement input[name=tax_wan]").len(), 1, "{}", before.text);
    let told = words(&before, "#supplement .decides");
    assert!(told.contains("其中 2 处只差这一项"), "P2 and Q1 ask for tax alone: {told}");
    let matched = |seen: &Seen| select(&seen.html(), ".group.matched .match").len();
    let mut sent = values(&before);
    set(&mut sent, "tax_wan", "5000");
    let after = browser.post("/matches", &pairs(&sent)).await;
    assert_eq!(matched(&after), matched(&before) + 2, "{}", after.text);
    assert!(select(&after.html(), "#supplement input[name=tax_wan]").is_empty(), "it is not asked again");
}

#[tokio::test(flavor = "multi_thread")]
async fn parks_that_publish_no_land_are_a_group_of_their_own() {
    let test = TestApp::sqlite().await;
    let parks: String = (1..=25).map(|n| format!("N{n:02},示例{n}号园区,省级,浙江省,宁波市,北仑区\n")).collect();
    test.import(Kind::Park, &format!("code,name,level,province,city,county\n{parks}")).await;
    let seen = reader(&test).get("/matches?kinds=plot&kinds=park&land_mu.min=20&land_mu.max=40&regions=330200").await;
    let html = seen.html();
    let ids = |css: &str| -> Vec<String> {
        select(&html, css).iter().filter_map(|it| it.attr("value")).map(str::to_owned).collect()
    };
    let own = ids(".group.no_land input[name=listings]");
    assert!(!own.is_empty() && own.iter().all(|id| id.starts_with('N')), "{own:?}");
    assert!(ids(".group.to_confirm input[name=listings]").iter().all(|id| !id.starts_with('N')));
    assert_eq!(words(&seen, ".group.no_land .count").trim(), "25");
    assert!(words(&seen, ".counts").contains("25 处园区"), "{}", words(&seen, ".counts"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_park_demands_is_told_as_its_demand() {
    let test = stocked().await;
    let seen = reader(&test).get(&format!("/matches?{NEED}&tax_wan=100")).await;
    let html = seen.html();
    let rows = select(&html, ".reasons tr.short, .reasons tr.met");
    let tax = rows.iter().find(|row| row.text().collect::<String>().contains("税收")).expect("a row on tax");
    assert!(tax.text().collect::<String>().contains("载体要求"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_on_a_card_adds_to_the_shortlist_that_the_address_keeps() {
    let test = stocked().await;
    let mut browser = reader(&test);
    let first = browser.get(&format!("/matches?{NEED}&ids=Q1")).await;
    let mut sent = values(&first);
    assert_eq!(get(&sent, "ids"), "Q1");
    sent.push(("ids".to_owned(), "P2".to_owned()));
    let compared = browser.post("/compare", &pairs(&sent)).await;
    assert!(compared.location.starts_with("/compare?ids=Q1&ids=P2&"), "{}", compared.location);
    let page = browser.get(&compared.location).await;
    let html = page.html();
    let row = |label: &str| -> Vec<String> {
        let found = select(&html, ".compare tr").into_iter().find(|row| {
            let head = scraper::Selector::parse("th[scope=row]").expect("css");
            row.select(&head).next().is_some_and(|head| head.text().collect::<String>() == label)
        });
        let cell = scraper::Selector::parse("td").expect("css");
        found.map(|row| row.select(&cell).map(|it| it.text().collect()).collect()).unwrap_or_default()
    };
    assert_eq!(row("折合地价（万元/亩）"), ["30", "40"]);
    assert_eq!(row("面积（亩）"), ["30", "30"]);
    assert_eq!(row("面积（㎡）"), ["20,000", "20,000"]);
    assert_eq!(row("资料日期"), ["2026年10月1日", "未注明"], "blanks are told");
    let back = links(&page, ".ways a").remove(0);
    assert!(back.contains("/matches?ids=Q1&ids=P2&"), "{back}");
    let again = browser.get(&back).await;
    assert_eq!(select(&again.html(), ".to-compare[aria-pressed=true]").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_six_are_named_as_left_out_and_chosen_ones_are_contacted_from_there() {
    let test = stocked().await;
    let mut browser = reader(&test);
    let ids = "ids=P1&ids=P2&ids=P3&ids=Q1&ids=Q2&ids=Q3&ids=T1";
    let page = browser.get(&format!("/compare?{ids}&{NEED}")).await;
    assert_eq!(select(&page.html(), ".compare thead a[href^='/plots']").len(), 6);
    assert!(words(&page, ".notice.warn").contains("示例一号园区"), "{}", words(&page, ".notice.warn"));
    let mut seen = std::collections::BTreeSet::new();
    // The page has two forms of the same need.
    let mut sent: Vec<_> = values(&page).into_iter().filter(|pair| seen.insert(pair.clone())).collect();
    let bare = sent.clone();
    sent.push(("listings".to_owned(), "Q1".to_owned()));
    let step = browser.post("/inquiry", &pairs(&sent)).await;
    assert_eq!(step.status, StatusCode::OK);
    assert!(step.text.contains("20–40 亩") && words(&step, "#f-parks").contains("示例一号园区"), "the need goes along");
    let none = browser.post("/inquiry", &pairs(&bare)).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_brief_has_need_facts_reasons_map_and_the_code_of_its_address() {
    let test = stocked().await;
    for prefix in ["", "/en"] {
        let seen = reader(&test).get(&format!("{prefix}/brief?ids=P2&ids=Q1&{NEED}&regions=330200")).await;
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
        let html = seen.html();
        assert_eq!(select(&html, ".brief-listing").len(), 2);
        assert_eq!(select(&html, ".brief-map [data-card]").len(), 2, "{prefix}");
        assert!(select(&html, ".brief-need dd").len() >= 2 && !select(&html, ".brief-listing .verdict").is_empty());
        assert_eq!(select(&html, ".qr svg").len(), 1);
        assert!(select(&html, "meta[name=robots]").len() == 1, "a brief is nobody else's");
    }
    let bare = reader(&test).get("/brief?ids=Q1").await;
    assert!(bare.status == StatusCode::OK && bare.text.contains("没有写明需求"));
}

/// The maker's page of a new link to two listings.
async fn shared(browser: &mut Browser<'_>) -> String {
    let mut sent = vec![("text", "王工 13800138000,要20亩"), ("phone", "13800138000"), ("company", "示例水泵")];
    sent.extend([("ids", "P2"), ("ids", "Q1"), ("land_mu.min", "20"), ("land_mu.max", "40")]);
    let made = browser.post("/shares", &sent).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    made.location.split('?').next().expect("a path").to_owned()
}

/// The readers' path on a maker's page.
fn readers(seen: &Seen) -> String {
    let link = links(seen, "a[href*='/shared/']").remove(0);
    link[link.find("/shared/").expect("a path")..].to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_link_shows_need_and_shortlist_without_a_word_of_contact_and_its_maker_ends_it() {
    for test in TestApp::each().await {
        test.import(Kind::Plot, MORE).await;
        let mut maker = reader(&test);
        let own = shared(&mut maker).await;
        let path = readers(&maker.get(&own).await);
        let stored = test.db.rows("SELECT query FROM shared_list").await.concat();
        let mut colleague = reader(&test);
        let seen = colleague.get(&path).await;
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
        assert!(words(&seen, ".notice").contains("有效期至") && seen.text.contains("20–40 亩"), "{}", test.db.name);
        assert_eq!(select(&seen.html(), ".brief-listing").len(), 2);
        for secret in ["13800138000", "王工", "示例水泵", own.rsplit('/').next().expect("a token")] {
            assert!(!seen.text.contains(secret) && !stored.contains(secret), "{secret} {stored}");
        }
        let hashed = test.db.rows("SELECT id FROM shared_list").await.concat();
        assert!(!path.contains(&hashed), "only the token's hash is stored");
        let end = format!("{own}/end");
        assert_eq!(
            colleague.post(&format!("{}/end", path.replace("shared", "shares")), &[]).await.status,
            StatusCode::NOT_FOUND
        );
        assert_eq!(maker.post(&end, &[]).await.status, StatusCode::SEE_OTHER);
        let ended = colleague.get(&path).await;
        assert_eq!(ended.status, StatusCode::GONE);
        assert!(ended.text.contains("已失效") && !ended.text.contains("20–40 亩"));
        assert!(maker.get(&own).await.text.contains("已失效"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_link_ends_after_thirty_days_and_is_swept_a_week_later() {
    const DAY: i64 = 86_400;
    let test = TestApp::sqlite().await;
    let start = test.app.clock.now();
    let clock = std::sync::Arc::new(SetClock::default());
    clock.set(start);
    let test = test.with_clock(clock.clone()).await;
    let own = shared(&mut reader(&test)).await;
    let path = readers(&reader(&test).get(&own).await);
    let at = |days: i64| Moment(start.0 + days * DAY * 1_000);
    clock.set(Moment(at(30).0 - 1));
    assert_eq!(reader(&test).get(&path).await.status, StatusCode::OK);
    clock.set(at(30));
    assert_eq!(reader(&test).get(&path).await.status, StatusCode::GONE);
    clock.set(at(38));
    luodi::service::housekeeping::sweep(&test.app).await.expect("sweeps");
    assert_eq!(reader(&test).get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_network_makes_a_bounded_number_of_links() {
    let db = crate::database::sqlite().await;
    let limits = [("LUODI__LIMITS__ENABLED", "true"), ("LUODI__LIMITS__SHARES_PER_NETWORK_HOUR", "2")];
    let test = TestApp::over(db, &limits).await;
    let mut browser = reader(&test);
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(browser.post("/shares", &[("ids", "P1")]).await.status);
    }
    assert_eq!(made, [StatusCode::SEE_OTHER, StatusCode::SEE_OTHER, StatusCode::TOO_MANY_REQUESTS]);
}

/// The sheets of a workbook by name, read by the program's own reader.
pub(crate) async fn sheets(test: &TestApp, path: &str) -> Vec<(String, Vec<Vec<String>>)> {
    let reply = test.bytes(Request::get(path).body(Default::default()).expect("a request")).await;
    assert_eq!(reply.0, StatusCode::OK, "{path}");
    assert!(reply.1[header::CONTENT_DISPOSITION].to_str().expect("text").contains(".xlsx"));
    let tables = luodi::tables::Reader::new(luodi::tables::Limits::upload());
    let tables = tables.with_program(env!("CARGO_BIN_EXE_luodi").into());
    let read = tables.read_bytes(&reply.2).expect("a workbook");
    let cells = |sheet: domain::import::Sheet| {
        let row = |row: &domain::import::RawRow| row.cells.iter().map(domain::import::Raw::shown).collect();
        let rows: Vec<Vec<String>> = sheet.rows.iter().map(row).collect();
        (sheet.name.clone().unwrap_or_default(), rows)
    };
    read.into_iter().map(cells).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pack_has_the_rows_units_sources_and_days_of_the_comparison_and_honest_blanks() {
    let test = stocked().await;
    let book = sheets(&test, &format!("/pack?ids=Q1&ids=Q2&{NEED}&regions=330200")).await;
    let names: Vec<&str> = book.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["需求", "载体", "理由"]);
    let listings = &book[1].1;
    let column = |name: &str| {
        listings[0].iter().position(|head| head == name).unwrap_or_else(|| panic!("{name}: {:?}", listings[0]))
    };
    let cell = |row: usize, name: &str| listings[row].get(column(name)).cloned().unwrap_or_default();
    assert_eq!([cell(1, "折合地价（万元/亩）"), cell(2, "折合地价（万元/亩）")], ["30", "20"]);
    assert_eq!([cell(1, "年税要求（万元/年）"), cell(2, "年税要求（万元/年）")], ["600", ""], "blank, not 0");
    assert_eq!(cell(1, "来源网址"), "https://example.com/q1");
    assert_eq!([cell(1, "资料日期"), cell(2, "资料日期")], ["2026年10月1日", ""]);
    assert!(cell(1, "网址").contains("/plots/Q1"));
    let page = reader(&test).get(&format!("/compare?ids=Q1&ids=Q2&{NEED}&regions=330200")).await;
    let labels: Vec<String> =
        select(&page.html(), ".compare th[scope=row]").iter().map(|label| label.text().collect()).collect();
    let own: Vec<&String> = listings[0].iter().skip(6).collect();
    assert!(own.len() > 6 && own.iter().all(|label| labels.contains(label)), "{own:?} {labels:?}");
    assert!(book[2].1.iter().any(|row| row[0] == "Q1" && row.contains(&"需您补充".to_owned())));
    let english = sheets(&test, &format!("/en/pack?{NEED}")).await;
    assert_eq!(english[1].0, "Listings");
    let price = english[1].1[0].iter().position(|head| head.contains("CNY/mu")).expect("a price in yuan");
    let q1 = english[1].1.iter().find(|row| row[0] == "Q1").expect("the answer's own listings");
    assert_eq!(q1[price], "300000");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_front_page_carries_what_its_script_needs_and_the_policy_lets_it_call_its_own_host_alone() {
    let test = TestApp::sqlite().await;
    let reply = test.get("/").await;
    let policy = reply.headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text").to_owned();
    assert!(policy.contains("connect-src 'self';") && policy.contains("default-src 'none'"), "{policy}");
    let seen = reader(&test).get("/").await;
    let html = seen.html();
    let heard = select(&html, "[data-heard]")[0].attr("data-heard").expect("labels").to_owned();
    let labels: serde_json::Value = serde_json::from_str(&heard).expect("JSON");
    for name in ["land_mu", "regions", "contact.phone", "contact.person"] {
        assert!(labels[name].as_str().is_some_and(|label| !label.contains('.')), "{name}: {labels}");
    }
    assert_eq!(select(&html, "[data-heard] ul[aria-live=polite]").len(), 1);
}

/// A page's bytes on the way, as a browser asks for them.
async fn weight(test: &TestApp, path: &str) -> usize {
    let request = Request::get(path).header(header::ACCEPT_ENCODING, "gzip").body(Default::default());
    test.bytes(request.expect("a request")).await.2.len()
}

/// The bytes and the number of requests of a page with all that it loads.
async fn whole_weight(test: &TestApp, path: &str) -> (usize, usize) {
    let seen = reader(test).get(path).await;
    let html = seen.html();
    let sources = ["script[src]", "img"].into_iter().flat_map(|css| select(&html, css));
    let sources = sources.filter_map(|it| it.attr("src")).map(str::to_owned);
    let styles = ["link[rel=stylesheet]", "link[rel=icon]"].into_iter().flat_map(|css| links(&seen, css));
    let assets: Vec<String> = styles.chain(sources).collect();
    let mut total = weight(test, path).await;
    for asset in &assets {
        total += weight(test, asset).await;
    }
    (total, assets.len() + 1)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_page_stays_within_thirty_kilobytes_and_eight_requests() {
    let test = stocked().await;
    for path in ["/", "/en/", "/plots", "/en/plots/Q1", "/search"] {
        let (bytes, requests) = whole_weight(&test, path).await;
        assert!(bytes <= 30_000 && requests <= 8, "{path}: {bytes} bytes, {requests} requests");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_with_twenty_cards_stays_within_forty_kilobytes_and_eight_requests() {
    let test = TestApp::sqlite().await;
    let rows: String = (100..170)
        .map(|n| {
            format!("示例地块{n},浙江省,宁波市,北仑区,3{}.5,二类工业用地,{},{},T1,available\n", n % 10, n * 9, n % 30)
        })
        .collect();
    let head = "plot_no,province,city,county,area_mu,land_use,start_price_wan,tax_wan_mu,park_code,status\n";
    test.import(Kind::Plot, &format!("{head}{rows}")).await;
    let need =
        format!("/matches?{NEED}&tax_wan=500&fixed_investment_wan=8000&industry=34&use=production&regions=330200");
    for prefix in ["", "/en"] {
        let path = format!("{prefix}{need}");
        let seen = reader(&test).get(&path).await;
        assert!(cards(&seen).len() >= 20, "{}", cards(&seen).len());
        let (bytes, requests) = whole_weight(&test, &path).await;
        assert!(bytes <= 40_000 && requests <= 8, "{bytes} bytes, {requests} requests");
    }
}
