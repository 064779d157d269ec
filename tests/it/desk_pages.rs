//! The desk's pages: the page of a lead, typing in, lists and saved views, whom to call.

use axum::http::StatusCode;
use domain::account::Role;
use scraper::Html;
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::people::{Client, leads};
use crate::templates::select;

async fn officer<'t>(test: &'t TestApp, park: &str) -> Client<'t> {
    Client::joined(test, "officer@example.com", Role::Officer, Some(park)).await
}

async fn manager<'t>(test: &'t TestApp, park: &str) -> Client<'t> {
    Client::joined(test, "manager@example.com", Role::Manager, Some(park)).await
}

/// One lead of park T2, by the id of its row.
async fn one(test: &TestApp, key: &str) -> String {
    leads(test, key, &["P1"], &["T2"]).await.remove(0)
}

fn words(html: &str, css: &str) -> Vec<String> {
    let html = Html::parse_document(html);
    select(&html, css)
        .iter()
        .map(|it| it.text().collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

async fn events(test: &TestApp, lead: &str, kind: &str) -> Vec<Value> {
    let sql = format!("SELECT facts FROM lead_event WHERE lead_id = '{lead}' AND kind = '{kind}' ORDER BY id");
    test.db.rows(&sql).await.iter().map(|text| serde_json::from_str(text).unwrap_or_default()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leads_page_begins_with_next_step_clock_and_contact_and_has_one_timeline() {
    for test in TestApp::each().await {
        let lead = one(&test, "page").await;
        let mut client = officer(&test, "T2").await;
        let page = client.get(&format!("/staff/leads/{lead}")).await;
        let html = Html::parse_document(&page.text);
        let first = select(&html, "main section")[0];
        assert_eq!(first.attr("class"), Some("card next"), "{}", test.db.name);
        let first: String = first.text().collect();
        for part in ["首次联系企业", "前处理", "138****8000", "显示联系方式"] {
            assert!(first.contains(part), "{part}: {first}");
        }
        let noted = [("kind", "phone"), ("text", "王工周五来"), ("next_on", "2026-12-18")];
        assert_eq!(client.post(&format!("/staff/leads/{lead}/notes"), &noted).await.status, StatusCode::SEE_OTHER);
        let page = client.get(&format!("/staff/leads/{lead}")).await.text;
        let history = words(&page, ".history li");
        assert!(history[0].contains("王工周五来") && history[0].contains("2026-12-18"), "{history:?}");
        assert!(history.iter().any(|line| line.contains("two@example.com")), "the mail is a line: {history:?}");
        assert_eq!(words(&page, "#history").len(), 1);
        assert!(words(&page, ".ahead li").join(" ").contains("线索登记 研判 接洽"), "{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_number_is_shown_the_note_of_the_call_is_offered() {
    let test = TestApp::sqlite().await;
    let lead = one(&test, "call").await;
    let mut client = officer(&test, "T2").await;
    let look = client.post(&format!("/staff/leads/{lead}/reveal"), &[]).await.location;
    let page = client.get(&look).await.text;
    let html = Html::parse_document(&page);
    assert_eq!(select(&html, "a[href^='tel:']").len(), 1);
    let form = select(&html, "#note form")[0];
    assert!(form.attr("action").is_some_and(|action| action.ends_with("/notes")), "{page}");
    assert_eq!(select(&html, "#f-note-kind option[selected]")[0].attr("value"), Some("phone"));
    let again = client.get(&look).await.text;
    assert!(select(&Html::parse_document(&again), "#note").is_empty(), "the look is over: {again}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_names_visitors_plots_and_outcome_and_a_foreign_plot_is_refused() {
    for test in TestApp::each().await {
        let lead = one(&test, "visit").await;
        let mut client = officer(&test, "T2").await;
        let path = format!("/staff/leads/{lead}/visits");
        let foreign = [("who", "王总"), ("listings", "P2"), ("outcome", "keen")];
        let refused = client.post(&path, &foreign).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        assert!(refused.text.contains("王总"), "what was typed stays");
        let own = [
            ("who", "王总等3人"),
            ("listings", "P1"),
            ("outcome", "undecided"),
            ("text", "嫌门口路窄"),
            ("next_on", "2026-12-20"),
        ];
        assert_eq!(client.post(&path, &own).await.status, StatusCode::SEE_OTHER);
        let facts = &events(&test, &lead, "note").await[0];
        assert_eq!((facts["note"].as_str(), facts["outcome"].as_str()), (Some("visit"), Some("undecided")));
        assert!(!facts.to_string().contains('王'), "no name among the facts, which stay: {facts}");
        let line = words(&client.get(&format!("/staff/leads/{lead}")).await.text, ".history li").remove(0);
        for part in ["王总等3人", "嫌门口路窄", "待定", "2026-12-20"] {
            assert!(line.contains(part), "{}: {part}: {line}", test.db.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_asks_amount_and_day_and_money_paid_in_its_source() {
    for test in TestApp::each().await {
        let lead = one(&test, "sign").await;
        let mut client = manager(&test, "T2").await;
        let stage = format!("/staff/leads/{lead}/stage");
        let today = test.app.clock.now().day().to_string();
        let paid = [
            ("funds_wan", "500"),
            ("paid_on", today.as_str()),
            ("funds_origin", "other_province"),
            ("funds_source", "bank_receipt"),
            ("text", "回单 0007"),
        ];
        let early = client.post(&format!("/staff/leads/{lead}/funds"), &paid).await;
        assert_eq!(early.status, StatusCode::CONFLICT, "{}", early.text);
        let bare = [("form", "jump"), ("to", "signed"), ("version", "1"), ("note", "已谈定")];
        let refused = client.post(&stage, &bare).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let wrong = words(&refused.text, ".notice.bad a");
        assert_eq!(wrong, ["签约金额（万元）", "签约日期"]);
        let html = Html::parse_document(&refused.text);
        for link in select(&html, ".notice.bad a") {
            let target = link.attr("href").expect("a link");
            assert_eq!(select(&html, target).len(), 1, "{target} is an input of the form that was refused");
        }
        let signed = [&bare[..], &[("amount_wan", "12000"), ("signed_on", today.as_str())]].concat();
        assert_eq!(client.post(&stage, &signed).await.status, StatusCode::SEE_OTHER);
        for (name, value, wrong) in [
            ("funds_source", "", "凭证"),
            ("funds_origin", "", "资金来源"),
            ("funds_wan", "0", "到位金额（万元）"),
            ("paid_on", "2999-01-01", "到账日期"),
        ] {
            let fields: Vec<_> = paid.iter().map(|pair| if pair.0 == name { (name, value) } else { *pair }).collect();
            let refused = client.post(&format!("/staff/leads/{lead}/funds"), &fields).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
            assert_eq!(words(&refused.text, ".notice.bad a"), [wrong], "{name}");
        }
        let less = [("funds_wan", "-20"), ("text", "")];
        let fields: Vec<_> = paid.iter().map(|pair| *less.iter().find(|it| it.0 == pair.0).unwrap_or(pair)).collect();
        let refused = client.post(&format!("/staff/leads/{lead}/funds"), &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "what is taken back has a reason");
        assert_eq!(client.post(&format!("/staff/leads/{lead}/funds"), &paid).await.status, StatusCode::SEE_OTHER);
        let line = words(&client.get(&format!("/staff/leads/{lead}")).await.text, ".history li").remove(0);
        assert!(line.contains("500") && line.contains("银行回单") && line.contains("省外资金"), "{line}");
        // An end is left by reopening alone.
        let ended = [("form", "end"), ("to", "withdrawn"), ("version", "2"), ("note", "违约")];
        assert_eq!(client.post(&stage, &ended).await.status, StatusCode::SEE_OTHER);
        let page = client.get(&format!("/staff/leads/{lead}")).await.text;
        assert!(words(&page, "#out").is_empty() && words(&page, "#move button") == ["重新打开，回到：签约"], "{page}");
        let without = [
            ("form", "reopen"),
            ("to", "signed"),
            ("version", "3"),
            ("amount_wan", "1"),
            ("signed_on", today.as_str()),
        ];
        assert_eq!(client.post(&stage, &without).await.status, StatusCode::UNPROCESSABLE_ENTITY, "no reason");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sold_plot_says_so_and_another_one_is_offered_by_a_template() {
    let test = TestApp::sqlite().await;
    let more = "plot_no,province,city,county,area_mu,park_code,status\nP7,浙江省,台州市,温岭市,30,T2,available\n";
    test.import(domain::listing::Kind::Plot, more).await;
    let lead = one(&test, "sold").await;
    test.import(domain::listing::Kind::Plot, "plot_no,province,park_code,status\nP1,浙江省,T2,sold\n").await;
    let mut client = officer(&test, "T2").await;
    let page = client.get(&format!("/staff/leads/{lead}")).await.text;
    assert!(words(&page, ".next .step")[0].contains("替代"), "{page}");
    assert!(words(&page, ".listing-sold").len() == 1, "{page}");
    let html = Html::parse_document(&page);
    let offer = select(&html, "#instead a.button")[0].attr("href").expect("a link").replace("&#x2f;", "/");
    let filled = client.get(offer.split('#').next().expect("a path")).await.text;
    let text = words(&filled, "#f-answer-text").remove(0);
    assert!(text.contains("P7") || text.contains("30"), "{text}");
    let sent = client.post(&format!("/staff/leads/{lead}/reply"), &[("text", &text)]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    assert!(
        test.db.rows(&format!("SELECT id FROM lead WHERE id = '{lead}' AND answered_at IS NOT NULL")).await.len() == 1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_click_takes_a_lead_and_hands_it_on_with_its_history() {
    for test in TestApp::each().await {
        let lead = one(&test, "own").await;
        let mut boss = manager(&test, "T2").await;
        let mut client = officer(&test, "T2").await;
        let path = format!("/staff/leads/{lead}/owner");
        assert_eq!(client.post(&path, &[("owner", "officer@example.com")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(
            boss.post(&path, &[("owner", "stranger@example.com")]).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        assert_eq!(boss.post(&path, &[("owner", "manager@example.com")]).await.status, StatusCode::SEE_OTHER);
        let owners = events(&test, &lead, "owner").await;
        let owners: Vec<_> = owners.iter().map(|facts| facts["owner"].as_str().unwrap_or_default()).collect();
        assert_eq!(owners, ["officer@example.com", "manager@example.com"], "{}", test.db.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hand_over_is_proposed_from_the_page_and_its_state_is_shown() {
    let test = TestApp::sqlite().await;
    let lead = one(&test, "over").await;
    let mut client = officer(&test, "T2").await;
    let path = format!("/staff/leads/{lead}/handover");
    let unknown = client.post(&path, &[("park", "T9"), ("reason", "我方无地")]).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = client.get(&format!("/staff/leads/{lead}")).await.text;
    let html = Html::parse_document(&page);
    let parks: Vec<_> = select(&html, "#parks option").iter().filter_map(|it| it.attr("value")).collect();
    assert_eq!(parks, ["T1"], "parks with an inbox, one's own left out");
    assert_eq!(client.post(&path, &[("park", "T1"), ("reason", "我方无地")]).await.status, StatusCode::SEE_OTHER);
    let page = client.get(&format!("/staff/leads/{lead}")).await.text;
    assert!(words(&page, ".handover-proposed").len() == 1 && words(&page, "#handover").is_empty(), "{page}");
    assert!(words(&page, ".next .step")[0].contains("等企业同意"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_parks_lead_of_the_same_need_is_named_without_a_link() {
    let test = TestApp::sqlite().await;
    let both = leads(&test, "both", &["P1", "P2"], &["T1", "T2"]).await;
    let mut client = officer(&test, "T2").await;
    let page = client.get(&format!("/staff/leads/{}", both[0])).await.text;
    assert!(page.contains("示例一号园区") && !page.contains(&both[1]), "its id is not told: {page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_is_typed_in_from_its_words_with_source_referrer_and_basis() {
    for test in TestApp::each().await {
        let mut client = officer(&test, "T2").await;
        let text = "示例轴承有限公司 李工 138 0013 8123，想找40亩左右工业地，总投资1.2亿";
        let read = client.post("/staff/leads/new", &[("text", text), ("step", "read")]).await;
        assert_eq!(read.status, StatusCode::OK);
        let html = Html::parse_document(&read.text);
        assert_eq!(select(&html, "#f-company")[0].attr("value"), Some("示例轴承有限公司"), "{}", read.text);
        let bare = client.post("/staff/leads/new", &[("text", text), ("step", "save")]).await;
        assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY, "source and basis are asked");
        assert_eq!(words(&bare.text, ".notice.bad a"), ["来源", "同意依据"]);
        let all =
            [("text", text), ("step", "save"), ("source", "referral"), ("referrer", "示例商会"), ("basis", "oral")];
        let saved = client.post("/staff/leads/new", &all).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        let page = client.get(saved.location.split('?').next().expect("a path")).await.text;
        for part in ["示例轴承有限公司", "示例商会", "引荐", "36–44 亩", "officer@example.com", "138****8123"]
        {
            assert!(page.contains(part), "{}: {part}: {page}", test.db.name);
        }
        let stored = test.db.rows("SELECT referrer FROM lead").await;
        assert_eq!(stored, ["示例商会"]);
        let reference = test.db.rows("SELECT reference FROM requirement").await.remove(0);
        let gone = test.delete_with(&format!("/api/v1/requirements/{reference}"), "gone").await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.text);
        assert!(!test.texts("SELECT referrer FROM lead").await.contains("商会"), "erased with the words");
        let mut watcher = Client::joined(&test, "watcher@example.com", Role::Observer, Some("T2")).await;
        assert_eq!(watcher.get("/staff/leads/new").await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_counts_its_lists_says_the_last_words_and_groups_by_stage() {
    for test in TestApp::each().await {
        let ids = [one(&test, "a").await, one(&test, "b").await];
        let mut client = officer(&test, "T2").await;
        let note = [("kind", "phone"), ("text", "电话 138 0013 8001 说周五来看地")];
        client.post(&format!("/staff/leads/{}/notes", ids[0]), &note).await;
        client
            .post(&format!("/staff/leads/{}/stage", ids[0]), &[("form", "stage"), ("to", "assessed"), ("version", "1")])
            .await;
        let page = client.get("/staff").await.text;
        let lists = words(&page, ".lists a");
        assert_eq!(lists, ["0 逾期", "0 今天", "0 等我", "1 新", "1 等企业", "全部"], "{}", test.db.name);
        assert_eq!(words(&page, ".said").len(), 1, "{page}");
        assert!(words(&page, ".said")[0].contains("说周五来看地"));
        let grouped = client.get("/staff?group=stage&owner=me").await.text;
        assert_eq!(words(&grouped, ".group-head"), ["研判 1"], "only one's own: {grouped}");
        let grouped = client.get("/staff?group=stage").await.text;
        assert_eq!(words(&grouped, ".group-head"), ["线索登记 1", "研判 1"]);
        let html = Html::parse_document(&grouped);
        let next = select(&html, ".list-new")[0].attr("href").expect("a link");
        assert!(next.contains("group=stage") && next.contains("bucket=new"), "filters stay: {next}");
        let mut watcher = Client::joined(&test, "watcher@example.com", Role::Observer, Some("T2")).await;
        let masked = watcher.get("/staff").await.text;
        assert!(!masked.contains("0013 8001") && masked.contains("说周五来看地"), "{masked}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_view_is_its_owners_and_holds_no_search_text() {
    for test in TestApp::each().await {
        one(&test, "v").await;
        let mut client = officer(&test, "T2").await;
        let view = [("view", "我的新线索"), ("bucket", "new"), ("owner", "me"), ("group", "stage"), ("q", "示例水泵")];
        assert_eq!(client.post("/staff/views", &view).await.status, StatusCode::SEE_OTHER);
        let stored = test.db.rows("SELECT filters FROM desk_view").await;
        assert_eq!(stored, ["?bucket=new&owner=me&group=stage"], "{}", test.db.name);
        let page = client.get("/staff").await.text;
        assert_eq!(words(&page, ".saved a"), ["我的新线索"]);
        let blank = client.post("/staff/views", &[("view", " ")]).await;
        assert_eq!(blank.status, StatusCode::UNPROCESSABLE_ENTITY);
        let id = test.db.rows("SELECT id FROM desk_view").await.remove(0);
        let mut other = manager(&test, "T2").await;
        assert!(words(&other.get("/staff").await.text, ".saved a").is_empty());
        let path = format!("/staff/views/{id}/remove");
        assert_eq!(other.post(&path, &[]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(client.post(&path, &[]).await.status, StatusCode::SEE_OTHER);
        assert!(test.db.rows("SELECT id FROM desk_view").await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_to_call_names_firms_that_named_the_park_and_counts_the_others() {
    for test in TestApp::each().await {
        let known = one(&test, "known").await;
        leads(&test, "far", &["P2"], &["T1"]).await;
        let more = "plot_no,province,city,county,area_mu,park_code,status\nP7,浙江省,台州市,温岭市,30,T2,available\n";
        test.import(domain::listing::Kind::Plot, more).await;
        let mut client = officer(&test, "T2").await;
        let page = client.get("/staff/listings/plot/P7/callers").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        let html = Html::parse_document(&page.text);
        let links: Vec<_> =
            select(&html, ".lead h2 a").iter().filter_map(|it| it.attr("href")).map(str::to_owned).collect();
        assert_eq!(links, [format!("/staff/leads/{known}")], "{}", test.db.name);
        assert!(page.text.contains("另有 1 家"), "{}", page.text);
        assert_eq!(client.get("/staff/listings/plot/P2/callers").await.status, StatusCode::NOT_FOUND);
        assert_eq!(client.get("/staff/listings/plot/P1/callers").await.status, StatusCode::OK);
        let asked = client.get("/staff/listings/plot/P1/callers").await.text;
        assert!(!asked.contains(&known), "it has asked for P1");
        assert!(!asked.contains("另有 0 家"), "nobody is not counted");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_who_leaves_takes_no_lead_along_and_none_is_left_unclocked() {
    for test in TestApp::each().await {
        let lead = one(&test, "leave").await;
        let mut boss = manager(&test, "T2").await;
        let mut client = officer(&test, "T2").await;
        client.post(&format!("/staff/leads/{lead}/owner"), &[("owner", "officer@example.com")]).await;
        let id = crate::people::id_of(&test, "officer@example.com").await;
        let gone = boss.post(&format!("/staff/people/{id}/disable"), &[("heir", "manager@example.com")]).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.text);
        assert!(client.get("/staff").await.location.starts_with("/staff/sign-in"), "dead at the next request");
        let key = test.key("k", Role::Manager, &["T2"]).await;
        let page = crate::desk::ok(&test.staff(&key, "GET", "/api/v1/leads?owner=none", None).await);
        assert_eq!(page["items"], json!([]), "no lead is unowned");
    }
}
