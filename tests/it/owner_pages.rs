//! Pages of an answer and of a requirement that was sent: an address of its own, advice that can be taken back, and every call of
//! the enterprise without a program of its own.

use axum::http::{Request, StatusCode, header};
use domain::account::Role;
use luodi::i18n::Locale;
use serde_json::json;

use crate::app::TestApp;
use crate::desk::{act, asked, ok, only};
use crate::pages::{consent_step, get, pairs, reader, set, values};
use crate::templates::{Browser, Seen, select};

const NEED: &str = "/matches?land_mu.min=20&land_mu.max=25&regions=330200";

fn links(seen: &Seen, css: &str) -> Vec<String> {
    let html = seen.html();
    select(&html, css).iter().filter_map(|it| it.attr("href").map(str::to_owned)).collect()
}

fn buttons(seen: &Seen, name: &str) -> Vec<(String, String)> {
    let html = seen.html();
    let words = |it: &scraper::ElementRef<'_>| it.text().collect::<String>().split_whitespace().collect::<String>();
    let found = select(&html, &format!("button[name={name}]"));
    found.iter().map(|it| (it.attr("value").unwrap_or_default().to_owned(), words(it))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_come_back_to_by_its_address_and_nothing_personal_is_in_it() {
    let test = TestApp::sqlite().await;
    let mut browser = reader(&test);
    let text = "要20到25亩工业地,宁波,王工 13800138000";
    let understood = browser.post("/", &[("text", text)]).await;
    let shown = browser.post("/matches", &pairs(&values(&understood))).await;
    let html = shown.html();
    let address = select(&html, "form[data-address]")[0].attr("data-address").expect("an address").to_owned();
    assert!(address.contains("land_mu.min=20") && !address.contains("138") && !address.contains("text="), "{address}");
    let again = browser.get(&address).await;
    let cards = |seen: &Seen| {
        let html = seen.html();
        select(&html, "article.match h3").iter().map(|it| it.text().collect::<String>()).collect::<Vec<_>>()
    };
    assert_eq!(cards(&again), cards(&shown));
    assert!(!cards(&again).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn advice_names_the_new_value_and_can_be_taken_back() {
    let test = TestApp::sqlite().await;
    let mut browser = reader(&test);
    let shown = browser.get(NEED).await;
    let land = buttons(&shown, "adopt").into_iter().find(|(value, _)| value.starts_with("land"));
    let (value, words) = land.expect("P2 has 30 mu");
    assert!(words.starts_with("用地改为15–30亩"), "{words}");
    let mut sent = values(&shown);
    sent.push(("adopt".to_owned(), value));
    let changed = browser.post("/matches", &pairs(&sent)).await;
    assert_eq!(get(&values(&changed), "land_mu.max"), "30");
    let (undo, _) = buttons(&changed, "undo").remove(0);
    let mut sent = values(&changed);
    sent.push(("undo".to_owned(), undo));
    let back = browser.post("/matches", &pairs(&sent)).await;
    assert_eq!((get(&values(&back), "land_mu.min"), get(&values(&back), "land_mu.max")), ("20", "25"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_language_switch_of_an_answer_keeps_need_and_text() {
    let test = TestApp::sqlite().await;
    let mut browser = reader(&test);
    let understood = browser.post("/", &[("text", "要20到25亩工业地,宁波")]).await;
    let html = understood.html();
    let switch = select(&html, "button.language")[0].attr("formaction").expect("an action").to_owned();
    assert_eq!(switch, "/en/");
    let mut sent = values(&understood);
    set(&mut sent, "step", "show");
    let english = browser.post(&switch, &pairs(&sent)).await;
    assert_eq!(english.status, StatusCode::OK);
    assert!(english.text.contains("20–25 mu") && english.text.contains("要20到25亩工业地"), "{}", english.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_compressed_but_for_those_that_hold_a_secret() {
    let test = TestApp::sqlite().await;
    let reference = test.submitted("k1").await;
    let encoding = async |path: &str| {
        let request = Request::get(path).header(header::ACCEPT_ENCODING, "gzip").body(Default::default());
        let reply = test.send(request.expect("a request")).await;
        reply.headers.get(header::CONTENT_ENCODING).map(|value| value.to_str().unwrap_or_default().to_owned())
    };
    for path in ["/", NEED, "/static/style.css", "/openapi.json"] {
        assert_eq!(encoding(path).await.as_deref(), Some("gzip"), "{path}");
    }
    let private = format!("/requirements/{reference}");
    for path in ["/livez", "/staff", &private, &format!("/api/v1{private}")] {
        assert_eq!(encoding(path).await, None, "{path}");
    }
}

/// The private page after an inquiry to two parks.
async fn sent(browser: &mut Browser<'_>) -> String {
    let mut form = consent_step(browser).await;
    form.retain(|(name, _)| name != "consent" && name != "parks");
    for (name, value) in [("consent", "yes"), ("parks", "T1"), ("parks", "T2")] {
        form.push((name.to_owned(), value.to_owned()));
    }
    browser.post("/inquiry", &pairs(&form)).await.location
}

#[tokio::test(flavor = "multi_thread")]
async fn after_sending_the_enterprise_writes_to_one_park_withdraws_one_and_takes_its_data_along() {
    for test in TestApp::each().await {
        let mut browser = reader(&test);
        let private = sent(&mut browser).await;
        let page = browser.get(&private).await;
        let html = page.html();
        let actions = select(&html, "form[action$='/message']");
        let action = actions[0].attr("action").expect("an action").to_owned();
        let blank = browser.post(&action, &[("text", " ")]).await;
        assert_eq!(blank.status, StatusCode::UNPROCESSABLE_ENTITY);
        let words = [("text", "请问厂房层高多少?"), ("visit_on", "2027-01-15")];
        let done = browser.post(&action, &words).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let notes = test.db.rows("SELECT note FROM lead_event WHERE kind = 'mail_in'").await;
        assert_eq!(notes.len(), 1, "{}", test.db.name);
        assert!(notes[0].contains("层高多少") && notes[0].contains("2027年1月15日"), "{notes:?}");

        let withdraw = action.replace("/message", "/withdraw");
        browser.post(&withdraw, &[]).await;
        let after = browser.get(&private).await;
        let html = after.html();
        assert_eq!(select(&html, "form[action$='/withdraw']").len(), 1, "{}: the other stays", test.db.name);

        let export = links(&after, "a[href$='/export']").remove(0);
        let kept = browser.get(&export).await;
        assert!(kept.text.contains("王工"), "{}", kept.text);
        assert!(!kept.text.contains("层高多少"), "{}: words of the withdrawn inquiry are gone", test.db.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrected_need_is_stored_and_told_to_the_parks() {
    let test = TestApp::sqlite().await;
    let mut browser = reader(&test);
    let private = sent(&mut browser).await;
    let matches = browser.get(&format!("{private}/matches")).await;
    let mut form = values(&matches);
    set(&mut form, "land_mu.max", "33");
    let understood = browser.post("/", &pairs(&form)).await;
    let again = browser.post("/matches", &pairs(&values(&understood))).await;
    let html = again.html();
    let save = select(&html, "button[formaction$='/correct']")[0].attr("formaction").expect("an action").to_owned();
    let done = browser.post(&save, &pairs(&values(&again))).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert!(browser.get(&private).await.text.contains("33"), "the page has the new need");
    assert_eq!(test.db.rows("SELECT id FROM lead_event WHERE kind = 'listing'").await.len(), 2, "each park's lead");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_link_goes_to_the_address_that_sent_the_need_and_the_page_tells_nobody_which() {
    for test in TestApp::each().await {
        let mut browser = reader(&test);
        let private = sent(&mut browser).await;
        test.deliver().await;
        let before = test.letters().len();
        let mut told = Vec::new();
        for email in ["stranger@example.com", "Buyer@Example.com", "no address"] {
            told.push(browser.post("/lost", &[("email", email)]).await.location);
        }
        assert!(told.iter().all(|place| place == "/lost?done=lost"), "{told:?}");
        test.deliver().await;
        let letters = test.letters();
        assert_eq!(letters.len(), before + 1, "{}", test.db.name);
        let mail = mail_parser::MessageParser::default().parse(letters.last().expect("a mail")).expect("a mail");
        let text = mail.body_text(0).expect("a text").into_owned();
        assert!(text.contains(&private), "{text}");
        assert_eq!(mail.to().and_then(|to| to.first()).and_then(|to| to.address()), Some("buyer@example.com"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_an_enterprise_tells_sent_due_answered_stage_lookers_and_whom_to_ring_in_both_languages() {
    for (test, clock) in crate::people::each(&[]).await {
        let parks =
            "code,name,level,province,service_phone,shows_owner\nT2,示例二号园区,国家级,浙江省,0576-8800 0000,是\n";
        test.import(domain::listing::Kind::Park, parks).await;
        luodi::service::accounts::invite(&test.app, "officer@example.com", Role::Officer, Some("T2"))
            .await
            .expect("a link");
        let (reference, _) = asked(&test, "s", &["P1"], &["T2"]).await;
        let key = test.key("m", Role::Manager, &["T2"]).await;
        let lead = only(&test, &key).await;
        let page = async |prefix: &str| {
            let text = test.get(&format!("{prefix}/requirements/{reference}")).await.text;
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        // Thursday 2026-12-03: to be answered by Friday.
        let first = page("").await;
        for words in ["园区下一步应在 2026年12月4日前", "园区已收到，等待联系", "0576-8800 0000", "还没有人查看"]
        {
            assert!(first.contains(words), "{}: {words}: {first}", test.db.name);
        }
        test.deliver().await;
        ok(&act(&test, &key, &lead, "owner", &json!({ "owner": "officer@example.com" })).await);
        ok(&act(&test, &key, &lead, "reveal", &json!({})).await);
        clock.pass(5 * 24 * 3_600);
        let late = page("").await;
        assert!(late.contains("已过园区应答复的日期") && late.contains("officer@example.com"), "{late}");
        ok(&act(&test, &key, &lead, "reply", &json!({ "text": "欢迎来看地。" })).await);
        let to = json!({ "to": "negotiating", "version": 1, "reason": "面谈过" });
        ok(&act(&test, &key, &lead, "stage", &to).await);
        for (prefix, wanted) in [
            (
                "",
                [
                    "已发往园区邮箱 <time>2026年12月3日",
                    "园区答复 <time>2026年12月8日",
                    "正在洽谈条件",
                    "完整联系方式",
                    "负责人： officer@example.com",
                ],
            ),
            (
                "/en",
                [
                    "3 December 2026",
                    "8 December 2026",
                    "terms are being talked over",
                    "full contact data",
                    "In charge: officer@example.com",
                ],
            ),
        ] {
            let text = page(prefix).await;
            for words in wanted {
                assert!(text.contains(words), "{}: {words}: {text}", test.db.name);
            }
            assert!(!text.contains("已过园区应答复的日期") && text.contains("0576-8800 0000"), "{text}");
        }
        // A park that does not say so keeps its people to itself.
        test.import(domain::listing::Kind::Park, &parks.replace("是", "否")).await;
        assert!(!page("").await.contains("officer@example.com"));
    }
}

#[test]
fn every_stage_has_plain_words_in_both_languages() {
    for (word, _) in <domain::lead::Stage as domain::requirement::Word>::WORDS {
        for locale in [Locale::ZhHans, Locale::En] {
            let key = format!("stage_plain.{word}");
            assert!(luodi::i18n::catalogue(locale).sentence(&key).is_some(), "{key}");
        }
    }
}
