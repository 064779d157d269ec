//! The link of a requirement in a browser: a cookie has the reference, the address a handle that opens nothing by itself.

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use luodi::ids::sha256_hex;
use serde_json::json;

use crate::app::{Reply, TestApp};
use crate::database;

/// A request as a browser sends it to show a page.
async fn navigate(test: &TestApp, method: &str, path: &str, cookie: &str) -> Reply {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("Sec-Fetch-Mode", "navigate")
        .header("Sec-Fetch-Site", "same-origin")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    test.send(request.body(Body::empty()).expect("a request")).await
}

/// The page with the slashes of its attributes.
fn unescaped(page: &Reply) -> String {
    page.text.replace("&#x2f;", "/")
}

fn location(headers: &HeaderMap) -> &str {
    headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).expect("a location")
}

/// The cookie that an answer sets, as a browser sends it back.
fn cookie(headers: &HeaderMap) -> String {
    let set = headers.get(header::SET_COOKIE).and_then(|value| value.to_str().ok()).expect("a cookie");
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="] {
        assert!(set.contains(attribute), "{attribute}: {set}");
    }
    set.split(';').next().expect("a pair").to_owned()
}

async fn with_inquiry(test: &TestApp) -> String {
    let reference = test.submitted("k1").await;
    let asked = TestApp::inquiry(&["P2"], &["T1"]);
    let reply = test.post_with(&format!("/api/v1/requirements/{reference}/inquiries"), "i1", &asked).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text);
    reference
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_has_the_reference_in_a_cookie_and_no_address_of_its_page_names_it() {
    let test = TestApp::sqlite().await;
    let reference = with_inquiry(&test).await;
    for language in ["", "/en"] {
        let link = navigate(&test, "GET", &format!("{language}/requirements/{reference}?done=withdrawn"), "").await;
        assert_eq!(link.status, StatusCode::SEE_OTHER);
        let own = format!("{language}/requirements/~{}?done=withdrawn", &sha256_hex(reference.as_bytes())[..16]);
        assert_eq!(location(&link.headers), own);
        let cookie = cookie(&link.headers);
        let page = navigate(&test, "GET", &own, &cookie).await;
        assert_eq!(page.status, StatusCode::OK);
        let html = unescaped(&page);
        for attribute in ["href=\"", "action=\"", "formaction=\""] {
            let mut addresses = html.split(attribute).skip(1).filter_map(|rest| rest.split('"').next());
            assert!(addresses.all(|address| !address.contains(&reference)), "{attribute} in {language}");
        }
        let matches = navigate(&test, "GET", &own.replace("?done=withdrawn", "/matches"), &cookie).await;
        assert_eq!(matches.status, StatusCode::OK);
        let html = unescaped(&matches);
        assert!(html.contains("/correct\"") && !html.contains(&format!("/{reference}")), "{language}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handle_opens_nothing_without_its_cookie() {
    let test = TestApp::sqlite().await;
    let (reference, other) = (test.submitted("k1").await, test.submitted("k2").await);
    let link = navigate(&test, "GET", &format!("/requirements/{reference}"), "").await;
    let (own, cookie) = (location(&link.headers).to_owned(), cookie(&link.headers));
    let name = cookie.split('=').next().expect("a name");
    for wrong in ["", "luodi_own_0000000000000000=0", &format!("{name}={other}"), &format!("{name}=")] {
        for path in [own.clone(), format!("{own}/matches"), format!("{own}/export")] {
            assert_eq!(navigate(&test, "GET", &path, wrong).await.status, StatusCode::NOT_FOUND, "{path} with {wrong}");
        }
        let erased = navigate(&test, "POST", &format!("{own}/erase?sure=yes"), wrong).await;
        assert_eq!(erased.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    assert_eq!(navigate(&test, "GET", &own, &cookie).await.status, StatusCode::OK);
    let absent = navigate(&test, "GET", &format!("/requirements/{}", "0".repeat(32)), "").await;
    assert_eq!(absent.status, StatusCode::NOT_FOUND, "no cookie for a link that opens nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_by_the_handle_are_carried_out_and_lead_back_to_it() {
    for db in database::each().await {
        let test = TestApp::over(db, &[]).await;
        let reference = with_inquiry(&test).await;
        let status = test.get(&format!("/api/v1/requirements/{reference}")).await.json();
        let number = status["inquiries"][0]["number"].as_str().expect("a number").to_owned();
        let link = navigate(&test, "GET", &format!("/requirements/{reference}"), "").await;
        let (own, cookie) = (location(&link.headers).to_owned(), cookie(&link.headers));
        let gone = navigate(&test, "POST", &format!("{own}/inquiries/{number}/withdraw"), &cookie).await;
        assert_eq!((gone.status, location(&gone.headers)), (StatusCode::SEE_OTHER, &*format!("{own}?done=withdrawn")));
        let status = test.get(&format!("/api/v1/requirements/{reference}")).await.json();
        assert_eq!(status["inquiries"][0]["state"], json!(domain::inquiry::InquiryState::Cancelled.word()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_keeps_no_cookie_gets_the_page_by_its_link() {
    let test = TestApp::sqlite().await;
    let reference = test.submitted("k1").await;
    let page = test.get(&format!("/requirements/{reference}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(unescaped(&page).contains(&format!("/requirements/{reference}/matches")));
    assert!(!page.headers.contains_key(header::SET_COOKIE));
}
