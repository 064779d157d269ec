//! What the letters of an inquiry say: to the park what decides first, to the enterprise its need and the parks in our words.

use mail_parser::MessageParser;
use serde_json::json;

use crate::app::TestApp;

/// Subject and text of each mail to an address, in the order of their files.
fn mails_to(test: &TestApp, address: &str) -> Vec<(String, String)> {
    let letters = test.letters();
    let parsed = letters.iter().filter_map(|bytes| MessageParser::default().parse(bytes));
    let is_to = |mail: &mail_parser::Message<'_>| {
        mail.to().and_then(|to| to.first()).and_then(|to| to.address()) == Some(address)
    };
    let words = |mail: mail_parser::Message<'_>| {
        (mail.subject().unwrap_or_default().to_owned(), mail.body_text(0).unwrap_or_default().into_owned())
    };
    parsed.filter(is_to).map(words).collect()
}

fn need() -> serde_json::Value {
    json!({
        "industry": "3670", "land_mu": { "min": 30, "max": 60 }, "tax_wan": 1000, "chemical": false,
        "near": { "lng": 121.5, "lat": 29.8, "max_km": 100 }, "capacity": "年产示例件80万套"
    })
}

async fn asked(test: &TestApp) {
    let mut body = TestApp::submission(&need());
    body["text"] = json!("找30到60亩地\n离港口近一点，电话 138 0013 8000");
    let reply = test.post_with("/api/v1/requirements", "r", &body).await;
    let reference = reply.json()["reference"].as_str().expect("a reference").to_owned();
    let path = format!("/api/v1/requirements/{reference}/inquiries");
    test.post_with(&path, "i", &TestApp::inquiry(&["P1"], &["T2"])).await;
    test.deliver().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parks_mail_tells_what_decides_in_its_subject_and_nothing_that_nobody_needs() {
    for test in TestApp::each().await {
        asked(&test).await;
        let (subject, text) = mails_to(&test, "two@example.com").remove(0);
        assert!(subject.starts_with("新询盘 汽车零部件及配件制造｜30–60亩｜年税1000万 [LD"), "{subject}");
        for told in ["含当日", "> 离港口近一点", "本服务由", "/staff/leads/"] {
            assert!(text.contains(told), "{told}: {text}");
        }
        for needless in ["化工", "121.5", "138 0013 8000"] {
            assert!(!text.contains(needless), "{needless}: {text}");
        }
        let place = |words: &str| text.find(words).expect("is told");
        assert!(place("/staff/leads/") < place("其他条件"), "the button comes before the rest");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_post_of_inquiries_is_confirmed_with_its_parks_and_never_with_the_visitors_own_words() {
    for test in TestApp::each().await {
        asked(&test).await;
        let told = mails_to(&test, "buyer@example.com");
        assert_eq!(told.len(), 2, "{}: {told:?}", test.db.name);
        let later = told.iter().filter(|(subject, _)| subject.starts_with("需求已转给 示例二号园区")).count();
        assert_eq!(later, 1, "{told:?}");
        for (_, text) in &told {
            assert!(text.contains("30–60 亩") && text.contains("/requirements/"), "{text}");
            assert!(!text.contains("示例件") && !text.contains("离港口") && !text.contains("示例水泵"), "{text}");
        }
    }
}
