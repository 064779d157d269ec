//! The desk of the policy library: draft, checks, second reader, versions, addresses of before, takedown, and policies as a
//! folder of Markdown.

use axum::http::StatusCode;
use domain::account::Role;
use domain::policy_check::findings;
use domain::record::{Policies, Record};
use luodi::demo;
use luodi::service::imports::{ImportOptions, import};
use luodi::service::{policy_files, search};
use luodi::tables::{Limits, Reader};
use scraper::{Html, Selector};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::app::TestApp;
use crate::database;
use crate::pages::{pairs, set, values};
use crate::people::{Client, Page};
use crate::templates::Browser;

const LIBRARY: &str = "policy_id,title,issuer,issued_on,region_code,kind,summary\n\
    a,示例用地办法,示例厅,2024-05-01,330000,用地,用地的办法。\n";

fn hrefs(page: &Page, part: &str) -> Vec<String> {
    let html = Html::parse_document(&page.text);
    let links = Selector::parse("a, form").expect("a selector");
    let address = |it: scraper::ElementRef<'_>| it.attr("href").or(it.attr("action")).unwrap_or_default().to_owned();
    html.select(&links).map(address).filter(|href| href.contains(part)).collect()
}

/// The value of the hidden field that tells which state of the draft was seen.
fn seen(page: &Page) -> String {
    let html = Html::parse_document(&page.text);
    let field = Selector::parse("[name=seen]").expect("a selector");
    html.select(&field).next().and_then(|it| it.attr("value")).unwrap_or_default().to_owned()
}

/// Saves a draft; returns its address.
async fn saved(editor: &mut Client<'_>, cells: &[(&str, &str)]) -> String {
    let page = editor.post("/staff/policies", cells).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    page.location
}

const CHANGED: [(&str, &str); 8] = [
    ("of", "a"),
    ("policy_id", "a"),
    ("title", "示例用地办法（修订）"),
    ("issuer", "示例厅"),
    ("region_code", "330000"),
    ("kind", "用地"),
    ("summary", "新的摘要"),
    ("body", "## 要点\n\n见[旧页](/policies/a)。<script>x</script>"),
];

#[tokio::test(flavor = "multi_thread")]
async fn one_person_writes_and_another_reads_and_publishes() {
    for test in TestApp::each().await {
        test.import(Policies, LIBRARY).await;
        let mut author = Client::joined(&test, "author@example.com", Role::Admin, None::<&str>).await;
        let mut reader = Client::joined(&test, "reader@example.com", Role::Admin, None::<&str>).await;
        let draft = saved(&mut author, &CHANGED).await;
        let own = author.get(&draft).await;
        assert!(own.text.contains("须由另一位平台人员") && hrefs(&own, "/publish").is_empty(), "{}", own.text);
        let publish = format!("{draft}/publish");
        let refused = author.post(&publish, &[("seen", &seen(&reader.get(&draft).await))]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}: not by its author", test.db.name);
        assert!(test.get("/policies/a").await.text.contains("用地的办法"), "{}: nothing is public yet", test.db.name);

        let preview = reader.get(&draft).await;
        assert!(preview.text.contains("<h2>要点</h2>") && preview.text.contains("&lt;script&gt;x"), "{}", preview.text);
        let mut later = CHANGED.to_vec();
        later.extend([("draft", draft.rsplit('/').next().expect("an id")), ("needs", "项目承诺书")]);
        saved(&mut author, &later).await;
        let stale = reader.post(&publish, &[("seen", &seen(&preview))]).await;
        assert_eq!(stale.status, StatusCode::CONFLICT, "{}: another state than was read", test.db.name);
        let present = seen(&reader.get(&draft).await);
        let done = reader.post(&publish, &[("seen", &present)]).await;
        assert_eq!(done.location, "/policies/a", "{}", done.text);
        let public = test.get("/policies/a").await.text;
        assert!(public.contains("示例用地办法（修订）") && public.contains("项目承诺书"), "{public}");
        assert!(!public.contains("<script>x"), "{public}");
        let versions = reader.get("/staff/policies/versions?of=a").await.text;
        assert!(versions.contains("author@example.com") && versions.contains("reader@example.com"), "{versions}");
        assert_eq!(reader.get(&draft).await.status, StatusCode::NOT_FOUND, "the draft is done");
        let audit = test.db.rows("SELECT CAST(COUNT(*) AS TEXT) FROM audit WHERE action = 'policy.publish'").await;
        assert_eq!(audit, ["1"], "{}", test.db.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_a_check_refuses_is_not_published() {
    let test = TestApp::sqlite().await;
    test.import(Policies, LIBRARY).await;
    let mut author = Client::joined(&test, "author@example.com", Role::Admin, None::<&str>).await;
    let mut reader = Client::joined(&test, "reader@example.com", Role::Admin, None::<&str>).await;
    for (cell, text, said) in [
        ("summary", "依据《办法执行", "不成对"),
        ("region_code", "440000", "省份"),
        ("body", "电话0574-8768123413812345678", "电话号码"),
        ("body", "见[原文](www.example.com)", "链接"),
    ] {
        let mut cells = CHANGED.map(|(name, value)| if name == cell { (name, text) } else { (name, value) }).to_vec();
        if cell == "region_code" {
            cells.retain(|(name, _)| *name != "title");
            cells.push(("title", "浙江用地办法"));
        }
        let draft = saved(&mut author, &cells).await;
        let preview = reader.get(&draft).await;
        assert!(preview.text.contains(said) && hrefs(&preview, "/publish").is_empty(), "{said}: {}", preview.text);
        let seen =
            test.db.rows("SELECT CAST(updated_at AS TEXT) FROM policy_draft ORDER BY updated_at DESC").await.remove(0);
        let refused = reader.post(&format!("{draft}/publish"), &[("seen", &seen)]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{said}");
        assert_eq!(reader.post(&format!("{draft}/discard"), &[]).await.location, "/staff/policies");
    }
    let wrong = author.post("/staff/policies", &[("policy_id", ""), ("title", "无编号")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_whose_page_is_gone_stops_publishing_and_one_that_cannot_be_told_does_not() {
    let test = TestApp::sqlite().await.with_links().await;
    let site = MockServer::start().await;
    for (page, status) in [("/there", 200), ("/gone", 404), ("/shy", 403)] {
        Mock::given(method("GET")).and(path(page)).respond_with(ResponseTemplate::new(status)).mount(&site).await;
    }
    let mut author = Client::joined(&test, "author@example.com", Role::Admin, None::<&str>).await;
    let mut reader = Client::joined(&test, "reader@example.com", Role::Admin, None::<&str>).await;
    let link = |page: &str| format!("{}{page}", site.uri());
    let body = format!("见[原文]({}#第二条)、[解读]({})和[附件]({})。", link("/there"), link("/shy"), link("/gone"));
    let cells = [("policy_id", "a"), ("title", "示例办法"), ("region_code", "330000"), ("body", body.as_str())];
    let draft = saved(&mut author, &cells).await;
    let checked = reader.post(&format!("{draft}/links"), &[]).await;
    for said in ["能打开", "人工打开", "已不存在", "404"] {
        assert!(checked.text.contains(said), "{said}: {}", checked.text);
    }
    let publish = format!("{draft}/publish");
    let state = seen(&reader.get(&draft).await);
    let refused = reader.post(&publish, &[("seen", &state)]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("已不存在"), "the page names what is gone: {}", refused.text);
    assert_eq!(test.get("/policies/a").await.status, StatusCode::NOT_FOUND);
    let mended = body.replace("/gone", "/there");
    let id = draft.rsplit('/').next().expect("an id");
    let cells =
        [("draft", id), ("policy_id", "a"), ("title", "示例办法"), ("region_code", "330000"), ("body", &mended)];
    saved(&mut author, &cells).await;
    let state = seen(&reader.get(&draft).await);
    let done = reader.post(&publish, &[("seen", &state)]).await;
    assert_eq!(done.location, "/policies/a", "{}", done.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_former_address_leads_to_the_present_one() {
    for test in TestApp::each().await {
        test.import(Policies, LIBRARY).await;
        let mut author = Client::joined(&test, "author@example.com", Role::Admin, None::<&str>).await;
        let mut reader = Client::joined(&test, "reader@example.com", Role::Admin, None::<&str>).await;
        for (before, after) in [("a", "b"), ("b", "c")] {
            let cells = [("of", before), ("policy_id", after), ("title", "示例用地办法"), ("region_code", "330000")];
            let draft = saved(&mut author, &cells).await;
            let seen = seen(&reader.get(&draft).await);
            let done = reader.post(&format!("{draft}/publish"), &[("seen", &seen)]).await;
            assert_eq!(done.location, format!("/policies/{after}"), "{}: {}", test.db.name, done.text);
        }
        for former in ["a", "b"] {
            let page = test.get(&format!("/policies/{former}")).await;
            assert_eq!((page.status.as_u16(), page.headers["location"].as_bytes()), (308, &b"/policies/c"[..]));
        }
        assert_eq!(test.get("/policies/c").await.status, StatusCode::OK);
        let taken = saved(&mut author, &[("policy_id", "c"), ("title", "另一条")]).await;
        let seen = seen(&reader.get(&taken).await);
        let refused = reader.post(&format!("{taken}/publish"), &[("seen", &seen)]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{}: another policy has this code", test.db.name);
        let map = test.get("/sitemap.xml").await.text.replace("&#x2f;", "/");
        assert!(map.contains("/policies/c</loc>"), "{map}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_takedown_has_a_ticket_a_deadline_on_the_operators_desk_and_takes_the_page_off() {
    for test in TestApp::each().await {
        test.import(Policies, LIBRARY).await;
        let mut holder = Browser { test: &test, cookie: String::new() };
        let form = holder.get("/report?kind=policy&id=a").await;
        assert!(form.text.contains("更正或下架") && !form.text.contains("已售或已租"), "{}", form.text);
        let mut sent = values(&form);
        set(&mut sent, "reason", "price");
        let refused = holder.post("/report", &pairs(&sent)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "a policy has no price");
        let mut sent = values(&form);
        set(&mut sent, "reason", "takedown");
        set(&mut sent, "words", "我方是发文机关");
        let ticket = holder.post("/report", &pairs(&sent)).await.location;
        assert!(holder.get(&ticket).await.text.contains("待答复"), "{ticket}");

        let mut operator = Client::joined(&test, "operator@example.com", Role::Admin, None::<&str>).await;
        let late = |page: &Page| page.text.contains("已过答复期限");
        assert!(!late(&operator.get("/staff/tasks").await), "{}: in time", test.db.name);
        test.db.execute("UPDATE listing_report SET due_on = '2020-01-01'").await;
        assert!(late(&operator.get("/staff/tasks").await), "{}", test.db.name);
        let report = test.db.rows("SELECT id FROM listing_report").await.remove(0);
        let done = operator.post(&format!("/staff/reports/{report}"), &[("outcome", "withdrawn")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert!(!late(&operator.get("/staff/tasks").await), "{}: answered", test.db.name);
        assert_eq!(test.get("/policies/a").await.status, StatusCode::NOT_FOUND, "{}", test.db.name);
        assert!(holder.get(&ticket).await.text.contains("已下架"), "{}", test.db.name);
        search::apply(&test.app).await.expect("indexed");
        let found = test.get("/api/v1/search?q=%E7%94%A8%E5%9C%B0").await;
        assert!(found.status == 200 && !found.text.contains("示例用地办法"), "{}", found.text);
        test.import(Policies, LIBRARY).await;
        assert_eq!(test.get("/policies/a").await.status, StatusCode::NOT_FOUND, "an import does not bring it back");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_library_of_this_site_passes_its_own_checks() {
    let test = TestApp::without_import(database::sqlite().await, &[]).await;
    demo::load(&test.app).await.expect("the demo inventory");
    let all = test.app.db.policies().await.expect("policies");
    assert!(all.len() >= 40, "{}", all.len());
    let blocking: Vec<String> = all
        .iter()
        .flat_map(|policy| findings(policy, |_| true).into_iter().map(move |it| format!("{} {it:?}", policy.id())))
        .filter(|told| !told.contains("Promise"))
        .collect();
    assert!(blocking.is_empty(), "{}", blocking.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_of_markdown_comes_back_from_the_export_as_it_was_imported() {
    let test = TestApp::sqlite().await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join("in").join(name);
    std::fs::create_dir(folder.path().join("in")).expect("a folder");
    let text = "+++\ntitle = \"示例“标准地”办法\"\nissuer = \"示例厅\"\nissued_on = 2024-05-01\n\
        region_code = 330000\ntags = [\"标准地\", \"用地\"]\ndemo = true\n+++\n\n## 要点\n\n- 第一，\"引号\"\n- 第二, 逗号\n";
    std::fs::write(file("zj-bzd.md"), text).expect("written");
    std::fs::write(file("b.md"), "+++\npolicy_id = \"zj/2\"\ntitle = \"第二条\"\n+++\n").expect("written");
    let csv = policy_files::as_csv(&folder.path().join("in")).expect("a table");
    let sheets = Reader::new(Limits::command_line()).read_bytes(&csv).expect("a table");
    let report = import(&test.app, Policies, sheets, ImportOptions::default()).await.expect("imported");
    assert!(report.rejected.is_empty() && report.refused.is_none(), "{report:?}");
    let stored = test.app.db.policies().await.expect("policies");
    let policy = stored.iter().find(|policy| policy.id() == "zj-bzd").expect("by the file's name");
    let cell = |name: &str| Record::get(policy, name).to_owned();
    assert_eq!(cell("body"), "## 要点\n\n- 第一，\"引号\"\n- 第二, 逗号");
    assert_eq!(
        (cell("tags"), cell("demo"), cell("issued_on")),
        ("标准地;用地".into(), "yes".into(), "2024-05-01".into())
    );

    let out = folder.path().join("out");
    assert_eq!(policy_files::write(&out, &stored).expect("written"), 2);
    let again = policy_files::as_csv(&out).expect("a table");
    let sheets = Reader::new(Limits::command_line()).read_bytes(&again).expect("a table");
    let report = import(&test.app, Policies, sheets, ImportOptions::default()).await.expect("imported");
    assert_eq!((report.unchanged, report.created, report.updated), (2, 0, 0), "{report:?}");
    for (text, said) in [("title = 1", "+++"), ("+++\nx = 1\n+++\n", "no cell x"), ("+++\ntitle =\n+++\n", "TOML")] {
        std::fs::write(file("c.md"), text).expect("written");
        let error = format!("{:#}", policy_files::as_csv(&folder.path().join("in")).expect_err("refused"));
        assert!(error.contains("c.md") && error.contains(said), "{error}");
    }
}
