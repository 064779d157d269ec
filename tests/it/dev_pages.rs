//! Pages of development: mails as a mail reader shows them, and the components of pages.

use axum::http::StatusCode;
use scraper::{Html, Selector};

use crate::app::TestApp;
use crate::database;

/// An app in development whose folder of mails has those of one inquiry.
async fn developing(folder: &std::path::Path) -> TestApp {
    let variables = [("LUODI_PROFILE", "development"), ("LUODI__MAIL__DIR", folder.to_str().expect("a path"))];
    let test = TestApp::over(database::sqlite().await, &variables).await;
    let reference = test.submitted("dev-1").await;
    let path = format!("/api/v1/requirements/{reference}/inquiries");
    let sent = test.post_with(&path, "dev-2", &TestApp::inquiry(&["P1"], &["T2"])).await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text);
    test.deliver().await;
    for (at, letter) in test.letters().iter().enumerate() {
        std::fs::write(folder.join(format!("{at}.eml")), letter).expect("written");
    }
    test
}

fn texts(page: &str, css: &str) -> Vec<String> {
    let selector = Selector::parse(css).expect("a selector");
    Html::parse_document(page).select(&selector).map(|it| it.text().collect::<String>().trim().to_owned()).collect()
}

fn links(page: &str, css: &str) -> Vec<String> {
    let selector = Selector::parse(css).expect("a selector");
    let page = Html::parse_document(page);
    page.select(&selector).filter_map(|link| link.attr("href").map(str::to_owned)).collect()
}

#[tokio::test]
async fn a_mail_is_shown_as_a_reader_shows_it_in_a_frame_that_may_do_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let test = developing(folder.path()).await;
    let listed = test.get("/dev/mails").await;
    let subject = texts(&listed.text, ".list h2")[0].clone();
    let path = links(&listed.text, ".list h2 a").remove(0);
    let page = test.get(&path).await;
    assert_eq!(texts(&page.text, "h1"), [subject.as_str()]);
    let plain = &texts(&page.text, "pre.mail")[0];
    assert!(!plain.contains("=E") && plain.chars().any(|c| c > '一'), "decoded: {plain}");
    let policy = page.headers["content-security-policy"].to_str().expect("text");
    assert!(policy.ends_with("frame-src 'self'") && policy.contains("script-src 'self'"), "{policy}");
    let framed = test.get(&format!("{path}/html")).await;
    assert_eq!(framed.headers["x-frame-options"], "SAMEORIGIN");
    let policy = framed.headers["content-security-policy"].to_str().expect("text");
    assert!(policy.contains("default-src 'none'") && policy.contains("sandbox"), "{policy}");
    assert!(framed.text.contains("<base target=\"_top\">") && framed.text.contains("<table"), "{}", framed.text);
    assert_eq!(test.get("/dev/mails/none.eml/html").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_page_of_components_has_each_control_usual_and_wrong_in_both_languages() {
    let folder = tempfile::tempdir().expect("a folder");
    let test = developing(folder.path()).await;
    for path in ["/_components", "/en/_components"] {
        let page = test.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        for css in ["fieldset .checks", ".range", ".with-unit", ".near", "select", "[type=date]", ".wrong .error"] {
            assert!(!texts(&page.text, css).is_empty(), "{path} lacks {css}");
        }
        assert_eq!(texts(&page.text, ".reasons tbody tr").len(), 4);
    }
}

#[tokio::test]
async fn pages_of_development_are_not_served_elsewhere() {
    let test = TestApp::sqlite().await;
    for path in ["/dev/mails", "/_components"] {
        assert_eq!(test.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
