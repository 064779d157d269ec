//! Reply addresses: what one side writes reaches the other, and neither learns the other's address.

use luodi::service::replies::{Forwarding, forward};
use luodi::service::sides::{Side, side_of};
use mail_parser::MessageParser;

use crate::app::TestApp;
use crate::database;

const DOMAIN: &str = "reply.luodi.example.com";
const ENTERPRISE: &str = "buyer@example.com";
const PARK: &str = "two@example.com";

/// An inquiry that was sent, and the reply address in its mail.
async fn asked(test: &TestApp) -> (String, String) {
    let reference = test.submitted("r").await;
    let path = format!("/api/v1/requirements/{reference}/inquiries");
    test.post_with(&path, "i", &TestApp::inquiry(&["P1"], &["T2"])).await;
    test.deliver().await;
    let alias = mails_to(test, PARK)[0].1.clone();
    (reference, alias.expect("a reply address"))
}

/// The text and the reply address of each mail to somebody, in the order of their files.
fn mails_to(test: &TestApp, recipient: &str) -> Vec<(String, Option<String>)> {
    let address = |found: Option<&mail_parser::Address<'_>>| {
        found.and_then(|list| list.first()).and_then(|one| one.address()).map(str::to_owned)
    };
    let letters = test.letters();
    let parsed = letters.iter().filter_map(|bytes| MessageParser::default().parse(bytes));
    parsed
        .filter(|mail| address(mail.to()).as_deref() == Some(recipient))
        .map(|mail| (mail.body_text(0).unwrap_or_default().into_owned(), address(mail.reply_to())))
        .collect()
}

fn letter(from: &str, to: &str, more: &str) -> Vec<u8> {
    format!(
        "From: Somebody <{from}>\r\nTo: <{to}>\r\nMessage-ID: <1@example.com>\r\n{more}Subject: Re\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n欢迎来园区看地。\r\n\r\n<b>招商局</b>\r\n\r\n\
         ---- 回复的原邮件 ----\r\n> {ENTERPRISE} {PARK}\r\n"
    )
    .into_bytes()
}

async fn app_with_aliases() -> Vec<TestApp> {
    let mut all = Vec::new();
    for db in database::each().await {
        all.push(TestApp::over(db, &[("LUODI__MAIL__ALIAS_DOMAIN", DOMAIN)]).await);
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parks_reply_reaches_the_enterprise_and_its_answer_the_park_without_an_address() {
    for test in app_with_aliases().await {
        let (_, to_enterprise) = asked(&test).await;
        assert!(to_enterprise.ends_with(&format!("@{DOMAIN}")), "{to_enterprise}");
        let reply = letter(PARK, &to_enterprise, "");
        assert_eq!(forward(&test.app, &reply).await.expect("taken in"), Forwarding::Queued);
        test.deliver().await;
        let mut told = mails_to(&test, ENTERPRISE);
        told.retain(|(text, _)| text.contains("> 欢迎来园区看地。"));
        assert_eq!(told.len(), 1, "{}: {told:?}", test.db.name);
        assert!(told[0].0.contains("示例二号园区") && !told[0].0.contains(PARK), "{}", told[0].0);
        let to_park = told[0].1.clone().expect("the way back");
        assert_ne!(to_park, to_enterprise, "each side has its own address");
        let answer = letter(ENTERPRISE, &to_park, "");
        assert_eq!(forward(&test.app, &answer).await.expect("taken in"), Forwarding::Queued);
        test.deliver().await;
        let to_park = mails_to(&test, PARK);
        assert!(to_park.iter().all(|(_, alias)| alias.as_ref() == Some(&to_enterprise)), "{to_park:?}");
        let answers: Vec<_> = to_park.iter().filter(|(text, _)| text.contains("> 欢迎来园区看地。")).collect();
        assert_eq!(answers.len(), 1);
        assert!(answers[0].0.contains("示例水泵有限公司") && !answers[0].0.contains(ENTERPRISE), "{}", answers[0].0);
        for letter in test.letters() {
            let all = String::from_utf8_lossy(&letter).into_owned();
            let is_to_enterprise = all.contains(&format!("To: {ENTERPRISE}"));
            assert!(is_to_enterprise || !all.contains(ENTERPRISE), "the park sees no address of the enterprise");
            let is_to_park = all.contains(&format!("To: {PARK}"));
            assert!(is_to_park || !all.contains(PARK), "nor the enterprise the park's");
            assert!(!all.contains("<b>招商局"), "markup stays text");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_read_twice_a_guess_and_a_machines_answer_go_nowhere() {
    for test in app_with_aliases().await {
        let (_, alias) = asked(&test).await;
        let real = letter(PARK, &alias, "");
        assert_eq!(forward(&test.app, &real).await.expect("taken in"), Forwarding::Queued);
        assert_eq!(forward(&test.app, &real).await.expect("taken in"), Forwarding::Repeated, "read twice");
        let (number, _) = alias.split_once('.').expect("a number");
        let guesses = [
            letter("x@example.com", &format!("{number}.000000000000000000000000@{DOMAIN}"), ""),
            letter("x@example.com", &format!("{number}@{DOMAIN}"), ""),
            letter("x@example.com", &alias.replace(DOMAIN, "example.com"), ""),
            letter("x@example.com", &alias, "Auto-Submitted: auto-replied\r\n"),
            letter("x@example.com", &alias, "Precedence: bulk\r\n"),
            letter("x@example.com", &alias, "Return-Path: <>\r\n"),
            b"no mail at all".to_vec(),
        ];
        for guess in guesses {
            let outcome = forward(&test.app, &guess).await.expect("taken in");
            assert_eq!(outcome, Forwarding::Refused, "{}", String::from_utf8_lossy(&guess));
        }
        assert_eq!(test.db.rows("SELECT state FROM outbox WHERE purpose = 'reply'").await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_withdrawal_nothing_is_passed_on_and_no_address_is_kept() {
    for test in app_with_aliases().await {
        let (reference, alias) = asked(&test).await;
        assert_eq!(forward(&test.app, &letter(PARK, &alias, "")).await.expect("taken in"), Forwarding::Queued);
        test.delete_with(&format!("/api/v1/requirements/{reference}"), "d").await;
        let late = letter(PARK, &alias, "");
        assert_eq!(forward(&test.app, &late).await.expect("taken in"), Forwarding::Erased);
        let rows = test.db.rows("SELECT recipient, state FROM outbox WHERE purpose = 'reply'").await;
        assert_eq!(rows, ["|cancelled"], "{}", test.db.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_domain_is_configured_no_mail_has_a_reply_address() {
    let test = TestApp::sqlite().await;
    let reference = test.submitted("r").await;
    let path = format!("/api/v1/requirements/{reference}/inquiries");
    test.post_with(&path, "i", &TestApp::inquiry(&["P1"], &["T2"])).await;
    test.deliver().await;
    let (text, alias) = mails_to(&test, PARK).remove(0);
    assert!(alias.is_none() && text.contains("请不要直接回复"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_held_once_and_registered_addresses_and_phones_are_masked() {
    for test in app_with_aliases().await {
        let (_, alias) = asked(&test).await;
        let stranger = letter("clerk@stranger.example.org", &alias, "");
        assert_eq!(forward(&test.app, &stranger).await.expect("taken in"), Forwarding::Held);
        assert_eq!(forward(&test.app, &stranger).await.expect("taken in"), Forwarding::Repeated, "one task");
        assert_eq!(test.db.rows("SELECT kind FROM staff_task").await, ["mail_held"]);
        assert_eq!(test.db.rows("SELECT id FROM outbox WHERE purpose = 'reply'").await.len(), 0);
        let frank = String::from_utf8(letter(PARK, &alias, ""))
            .expect("UTF-8")
            .replace("看地", &format!("请写信到 {PARK} 或 {ENTERPRISE}"));
        assert_eq!(forward(&test.app, frank.as_bytes()).await.expect("taken in"), Forwarding::Queued);
        test.deliver().await;
        let told = mails_to(&test, ENTERPRISE);
        let reply = told.iter().find(|(text, _)| text.contains("请写信到")).expect("forwarded");
        assert!(reply.0.contains("请写信到 ［已隐藏］ 或 ［已隐藏］"), "{}", reply.0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_goes_back_to_the_side_that_wrote_it() {
    for test in app_with_aliases().await {
        let (_, to_enterprise) = asked(&test).await;
        let echo = letter(ENTERPRISE, &to_enterprise, "");
        assert_eq!(forward(&test.app, &echo).await.expect("taken in"), Forwarding::Held);
        assert_eq!(test.db.rows("SELECT kind FROM staff_task").await, ["mail_held"]);
        assert_eq!(test.db.rows("SELECT id FROM outbox WHERE purpose = 'reply'").await.len(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_address_is_found_in_the_envelope_as_servers_note_it() {
    let test = TestApp::over(database::sqlite().await, &[("LUODI__MAIL__ALIAS_DOMAIN", DOMAIN)]).await;
    let (_, alias) = asked(&test).await;
    let noted = [
        format!("Envelope-To: {alias}\r\n"),
        format!("Delivered-To: <{alias}>\r\n"),
        format!(
            "Received: from mx.example.com (mx.example.com [192.0.2.1]) by mail.example.com (Postfix) with ESMTP id \
             4F2 for <{alias}>; Sat, 28 Nov 2026 10:00:00 +0800\r\n"
        ),
    ];
    for (at, header) in noted.into_iter().enumerate() {
        let mail = letter(PARK, "list@example.com", &format!("{header}X-Copy: {at}\r\n"));
        let mail = String::from_utf8(mail).expect("UTF-8").replace("<1@example.com>", &format!("<{at}@example.com>"));
        assert_eq!(forward(&test.app, mail.as_bytes()).await.expect("taken in"), Forwarding::Queued, "{header}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_named_on_both_sides_and_not_sent() {
    for test in app_with_aliases().await {
        let (_, alias) = asked(&test).await;
        let mail = format!(
            "From: <{PARK}>\r\nTo: <{alias}>\r\nMessage-ID: <f@example.com>\r\nSubject: Re\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
             见附件。\r\n--b\r\nContent-Type: image/png; name=\"plan.png\"\r\nContent-Disposition: inline\r\n\
             Content-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--b\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\n图后还有一句。\r\n--b\r\n\
             Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"quote.pdf\"\r\n\r\n%PDF\r\n--b--\r\n"
        );
        for outcome in [Forwarding::Queued, Forwarding::Repeated] {
            assert_eq!(forward(&test.app, mail.as_bytes()).await.expect("taken in"), outcome);
        }
        test.deliver().await;
        let (told, _) = mails_to(&test, ENTERPRISE).pop().expect("forwarded");
        assert!(told.contains("> 见附件。") && told.contains("> 图后还有一句。"), "{told}");
        assert!(told.contains("plan.png、quote.pdf") && !told.contains("PDF\n"), "{told}");
        let mut notices = mails_to(&test, PARK);
        notices.retain(|(text, _)| text.contains("- quote.pdf"));
        assert_eq!(notices.len(), 1, "{}", test.db.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_reply_says_how_much_of_it_is_not_in_the_mail() {
    let test = TestApp::over(database::sqlite().await, &[("LUODI__MAIL__ALIAS_DOMAIN", DOMAIN)]).await;
    let (_, alias) = asked(&test).await;
    let long: String = (1..=620).map(|at| format!("第 {at} 行\r\n")).collect();
    let mail = format!("From: <{PARK}>\r\nTo: <{alias}>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{long}");
    assert_eq!(forward(&test.app, mail.as_bytes()).await.expect("taken in"), Forwarding::Queued);
    test.deliver().await;
    let (told, _) = mails_to(&test, ENTERPRISE).pop().expect("forwarded");
    assert!(told.contains("> 第 500 行") && !told.contains("> 第 501 行"), "{told}");
    assert!(told.contains("另有 120 行没有随邮件转发，全文见：http"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_mail_has_an_unguessable_envelope_sender_of_its_own_where_a_domain_is_configured() {
    let settings = [("LUODI__MAIL__BOUNCE_DOMAIN", "bounce.example.com"), ("LUODI__MAIL__ALIAS_DOMAIN", DOMAIN)];
    let test = TestApp::over(database::sqlite().await, &settings).await;
    asked(&test).await;
    let senders = test.db.rows("SELECT envelope_from FROM outbox ORDER BY id").await;
    let distinct: std::collections::HashSet<_> = senders.iter().collect();
    assert!(senders.len() > 1 && distinct.len() == senders.len(), "{senders:?}");
    for sender in &senders {
        let token = sender.strip_prefix("bounce+").and_then(|rest| rest.strip_suffix("@bounce.example.com"));
        assert_eq!(token.map(str::len), Some(32), "128 bits: {sender}");
    }
}

#[test]
fn a_sender_speaks_for_the_side_of_its_address_or_own_domain() {
    let of = |from: &str| side_of(from, "buyer@pump.example.com", "zone@163.com");
    assert_eq!(of("Buyer@Pump.example.com"), Some(Side::Enterprise));
    assert_eq!(of("boss@pump.example.com"), Some(Side::Enterprise), "a colleague");
    assert_eq!(of("zone@163.com"), Some(Side::Park));
    assert_eq!(of("anybody@163.com"), None, "a public host");
    for host in ["188.com", "yahoo.co.jp", "hotmail.fr", "outlook.com", "gmx.de", "vip.qq.com", "hinet.net"] {
        assert_eq!(side_of(&format!("x@{host}"), &format!("y@{host}"), "z@example.com"), None, "{host}");
    }
    let own = "outlook.example.com";
    assert_eq!(
        side_of(&format!("x@{own}"), &format!("y@{own}"), "z@example.com"),
        Some(Side::Enterprise),
        "a host of its own"
    );
    assert_eq!(of("boss@example.com"), None, "a wider domain");
    assert_eq!(side_of("x@one.example.com", "a@one.example.com", "b@one.example.com"), None, "both sides fit");
}
