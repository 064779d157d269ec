//! Pages that are kept for all: never older than what is published, never another reader's, with fresh guards in each answer.

use std::io::Read as _;
use std::sync::Arc;

use axum::http::{Request, StatusCode, header};
use domain::listing::Kind;
use domain::time::{Moment, parse_day};
use flate2::read::GzDecoder;

use crate::app::{SetClock, TestApp};
use crate::database;
use crate::holds;

const MATCHES: &str = "/matches?kinds=plot&land_mu.min=20";
const ADDED: &str = "plot_no,province,city,county,location,area_mu,land_use,park_code,status\n\
    K1,浙江省,宁波市,北仑区,示例后来地块,26,二类工业用地,T1,available\n";

/// The page without the values of its guards, and these.
fn unguarded(html: &str) -> (String, Vec<String>) {
    let mut values = Vec::new();
    let mut rest = html.to_owned();
    for name in ["name=\"key\" value=\"", "name=\"shown_at\" value=\""] {
        if let Some(at) = rest.find(name).map(|at| at + name.len()) {
            let end = at + rest[at..].find('"').expect("an end");
            values.push(rest[at..end].to_owned());
            rest.replace_range(at..end, "");
        }
    }
    (rest, values)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_in_the_very_next_answer_of_each_page_that_is_kept() {
    for test in holds::each().await {
        let mut former = Vec::new();
        for path in ["/", "/plots", "/parks", MATCHES] {
            let first = unguarded(&test.get(path).await.text).0;
            assert_eq!(unguarded(&test.get(path).await.text).0, first, "{path} of {}", test.db.name);
            former.push(first);
        }
        test.import(Kind::Plot, ADDED).await;
        for path in ["/plots", MATCHES] {
            assert!(test.get(path).await.text.contains("示例后来地块"), "{path} of {}", test.db.name);
        }
        assert_ne!(test.get("/").await.text, former[0], "the front page counts the plots");
        let before = test.get("/plots?q=K1").await.text;
        holds::hold(&test, "K1", "26").await;
        assert_ne!(test.get("/plots?q=K1").await.text, before, "a hold is shown");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_that_ends_with_its_day_is_gone_from_the_next_answer() {
    let clock = Arc::new(SetClock::default());
    let day = |text| Moment::start_of(parse_day(text).expect("a day"));
    clock.set(day("2026-11-24"));
    let test = TestApp::with_first_clock(database::sqlite().await, &[], clock.clone()).await;
    test.import(Kind::Park, "code,name,level,province\nT1,示例园区,省级,浙江省\n").await;
    test.import(Kind::Plot, ADDED).await;
    let is_held = async || test.get(MATCHES).await.text.contains("意向占用：");
    assert!(!is_held().await);
    holds::hold(&test, "K1", "26").await;
    assert!(is_held().await);
    // Seven days from the day on which it was made, the last of them included.
    clock.set(Moment(day("2026-12-02").0 - 1));
    assert!(is_held().await);
    clock.set(day("2026-12-02"));
    assert!(!is_held().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_answer_has_guards_of_its_own() {
    let clock = Arc::new(SetClock::default());
    clock.set(Moment(1_790_000_000_000));
    let test = TestApp::with_first_clock(database::sqlite().await, &[], clock.clone()).await;
    let first = unguarded(&test.get(MATCHES).await.text).1;
    clock.set(Moment(1_790_000_005_000));
    let second = unguarded(&test.get(MATCHES).await.text).1;
    assert_eq!((&*first[1], &*second[1]), ("1790000000000", "1790000005000"));
    assert_ne!(first[0], second[0]);
    assert_eq!(second[0].len(), 32, "{}", second[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_browser_chose_or_who_it_is_decides_on_its_own_page() {
    let test = TestApp::sqlite().await;
    let page = async |cookie: &str| {
        let request = Request::get("/plots").header(header::COOKIE, cookie).body(Default::default());
        test.send(request.expect("a request")).await.text
    };
    let usual = page("").await;
    for cookie in ["luodi_lang=en", "luodi_units=ha.day", "luodi_size=large"] {
        let chosen = page(cookie).await;
        assert_ne!(chosen, usual, "{cookie}");
        assert_eq!(page(cookie).await, chosen, "{cookie}");
    }
    assert_eq!(page("luodi=unknown").await, usual, "a session that has ended is a stranger's");
    let choosing = test.get("/plots?units=ha.month").await;
    assert!(choosing.headers.contains_key(header::SET_COOKIE), "the choice is remembered each time");
    let again = test.get("/plots?units=ha.month").await;
    assert!(again.headers.contains_key(header::SET_COOKIE), "the choice is remembered each time");
}

#[tokio::test(flavor = "multi_thread")]
async fn compressed_and_plain_are_one_page() {
    let test = TestApp::sqlite().await;
    for path in ["/", "/plots", MATCHES] {
        let plain = test.get(path).await;
        assert!(!plain.headers.contains_key(header::CONTENT_ENCODING), "{path}");
        for coding in ["gzip", "br, GZIP;q=0.5"] {
            let request = Request::get(path).header(header::ACCEPT_ENCODING, coding).body(Default::default());
            let (status, headers, bytes) = test.bytes(request.expect("a request")).await;
            assert_eq!(
                (status, &headers[header::CONTENT_ENCODING]),
                (StatusCode::OK, &"gzip".parse().expect("a value"))
            );
            for name in [header::CONTENT_TYPE, header::CONTENT_LANGUAGE, header::CONTENT_SECURITY_POLICY] {
                assert_eq!(headers.get(&name), plain.headers.get(&name), "{path}: {name}");
            }
            let vary = headers.get_all(header::VARY).iter().any(|value| value == "accept-encoding");
            assert!(vary, "{path}: {headers:?}");
            let mut html = String::new();
            GzDecoder::new(bytes.as_slice()).read_to_string(&mut html).expect("one whole member of gzip");
            assert_eq!(unguarded(&html).0, unguarded(&plain.text).0, "{path}");
        }
        let request = Request::get(path).header(header::ACCEPT_ENCODING, "gzip;q=0").body(Default::default());
        let refused = test.send(request.expect("a request")).await;
        assert!(!refused.headers.contains_key(header::CONTENT_ENCODING), "{path}");
    }
}
