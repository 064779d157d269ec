//! Incoming mails that no book describes: each has one effect, and none is dropped.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use luodi::worker::intake::{self, Intake};
use mail_parser::MessageParser;

use crate::app::TestApp;
use crate::database;

const ALIASES: &str = "reply.luodi.example.com";
const BOUNCES: &str = "bounce.example.com";
const ENTERPRISE: &str = "buyer@example.com";
const PARK: &str = "two@example.com";

async fn app() -> TestApp {
    let settings = [("LUODI__MAIL__ALIAS_DOMAIN", ALIASES), ("LUODI__MAIL__BOUNCE_DOMAIN", BOUNCES)];
    TestApp::over(database::sqlite().await, &settings).await
}

/// Letters to the park about two of its listings, each with its reply address.
async fn asked(test: &TestApp) -> Vec<(Vec<u8>, String)> {
    let reference = test.submitted("r").await;
    let path = format!("/api/v1/requirements/{reference}/inquiries");
    let reply = test.post_with(&path, "i", &TestApp::inquiry(&["P1", "T2"], &["T2"])).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    test.deliver().await;
    let alias = |bytes: &[u8]| {
        let mail = MessageParser::default().parse(bytes).expect("a mail");
        Some(mail.reply_to()?.first()?.address()?.to_owned())
    };
    test.letters().into_iter().filter_map(|bytes| alias(&bytes).map(|alias| (bytes, alias))).collect()
}

fn mail(more: &str, kind: &str, body: &str) -> Vec<u8> {
    format!("MIME-Version: 1.0\r\n{more}Content-Type: {kind}\r\n\r\n{body}\r\n").into_bytes()
}

const PLAIN: &str = "text/plain; charset=utf-8";

/// The name of the one counter that a mail raised.
fn effect(taken: Intake) -> String {
    let tally = taken.reports;
    let all = [
        ("bounced", tally.bounced),
        ("delayed", tally.delayed),
        ("automatic", tally.automatic),
        ("looked_at", tally.looked_at),
        ("repeated", tally.repeated),
        ("forwarded", taken.forwarded),
        ("held", taken.held),
        ("passed_over", taken.passed_over),
    ];
    all.iter()
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| format!("{name} {count}"))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Mails of the park to its reply address, and what becomes of each.
fn letters(alias: &str) -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let head = |more: &str| format!("From: <{PARK}>\r\nTo: <{alias}>\r\n{more}");
    let re = |id: &str, more: &str| head(&format!("Message-ID: <{id}@example.com>\r\nSubject: Re\r\n{more}"));
    let quote = "发件人: 落地\r\n发送时间: 2026年11月28日\r\n收件人: two@example.com\r\n主题: 新询盘\r\n\r\n底价另议";
    let mixed = |kind: &str, text: &str| {
        format!(
            "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n--b\r\nContent-Type: {kind}\r\n\
             Content-Transfer-Encoding: base64\r\n\r\nMIAGCSqGSIb3\r\n--b--"
        )
    };
    let signed = "multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; boundary=b";
    let p7s = "application/pkcs7-signature; name=\"smime.p7s\"";
    let tnef = "application/ms-tnef; name=\"winmail.dat\"";
    let receipt = "multipart/report; report-type=disposition-notification; boundary=b";
    let (gbk, _, _) = encoding_rs::GB18030.encode("可供地，請聯繫朱镕。");
    let large = BASE64.encode(vec![7_u8; 5 * 1024 * 1024]).into_bytes();
    let large =
        large.chunks(76).map(|line| String::from_utf8_lossy(line).into_owned()).collect::<Vec<_>>().join("\r\n");
    let with_large = format!(
        "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n报价见附件。\r\n--b\r\nContent-Type: application/pdf; \
         name=\"quote.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{large}\r\n--b--"
    );
    let picture =
        "--b\r\nContent-Type: image/png; name=\"plan.png\"\r\nContent-Transfer-Encoding: base64\r\n\r\niVBO\r\n--b--";
    let vacation = "这是来自QQ邮箱的假期自动回复邮件。\r\n\r\n您好，我最近正在休假中，无法亲自回复您的邮件。";
    vec![
        ("by hand, with a comment", "forwarded 1", mail(&re("1", "Auto-Submitted: no (by hand)\r\n"), PLAIN, "可以。")),
        (
            "automatic, with parameters",
            "automatic 1",
            mail(&re("2", "Auto-Submitted: auto-replied; owner-email=\"x@example.com\"\r\n"), PLAIN, "收到"),
        ),
        ("vacation of QQ without a header", "automatic 1", mail(&re("3", ""), PLAIN, vacation)),
        (
            "vacation in traditional characters",
            "automatic 1",
            mail(&head("Subject: 自動回覆: 新询盘\r\n"), PLAIN, "本人不在辦公室"),
        ),
        ("vacation of 163", "automatic 1", mail(&head("Subject: 自动回复:Re: 新询盘\r\n"), PLAIN, "您的邮件已收到")),
        ("receipt", "automatic 1", mail(&re("4", ""), receipt, "--b\r\n\r\nread\r\n--b--")),
        (
            "wish for a receipt",
            "forwarded 1",
            mail(&re("5", &format!("Disposition-Notification-To: <{PARK}>\r\n")), PLAIN, "请看。"),
        ),
        ("signed", "forwarded 1", mail(&re("6", ""), signed, &mixed(p7s, "可以供地。"))),
        (
            "enveloped",
            "looked_at 1",
            mail(&re("7", ""), "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", "MIAG"),
        ),
        (
            "TNEF beside words",
            "forwarded 1",
            mail(&re("8", ""), "multipart/mixed; boundary=b", &mixed(tnef, "见附件里的表。")),
        ),
        ("TNEF alone", "looked_at 1", mail(&re("9", ""), "multipart/mixed; boundary=b", &mixed(tnef, ""))),
        ("empty", "looked_at 1", mail(&re("10", ""), PLAIN, "")),
        ("nothing but a quote", "looked_at 1", mail(&re("11", ""), PLAIN, quote)),
        (
            "nothing but a phone's line",
            "looked_at 1",
            mail(&re("12", ""), PLAIN, &format!("发自我的iPhone\r\n\r\n{quote}")),
        ),
        ("5 MB attached", "forwarded 1", mail(&re("13", ""), "multipart/mixed; boundary=b", &with_large)),
        ("picture alone", "forwarded 1", mail(&re("14", ""), "multipart/mixed; boundary=b", picture)),
        (
            "about something returned",
            "forwarded 1",
            mail(&head("Subject: 回复：退回保证金\r\n"), PLAIN, "土地款不存在退回的问题。"),
        ),
        ("a new subject about it", "forwarded 1", mail(&head("Subject: 关于退回保证金\r\n"), PLAIN, "可以退。")),
        ("null sender", "looked_at 1", mail(&format!("Return-Path: <>\r\n{}", re("15", "")), PLAIN, "可以吗？")),
        (
            "name of the park, address of another",
            "held 1",
            mail(
                &re("16", "").replace(&format!("<{PARK}>"), &format!("\"{PARK}\" <x@evil.example>")),
                PLAIN,
                "我是园区",
            ),
        ),
        (
            "from the reply address itself",
            "held 1",
            mail(&re("17", "").replace(&format!("<{PARK}>"), &format!("<{alias}>")), PLAIN, "x"),
        ),
        (
            "a colleague at an address that both sides share",
            "held 1",
            mail(&re("18", "").replace(PARK, "boss@example.com"), PLAIN, "x"),
        ),
        (
            "undisclosed recipients",
            "forwarded 1",
            mail(
                &format!(
                    "Delivered-To: {}\r\nFrom: <{PARK}>\r\nTo: undisclosed-recipients:;\r\n",
                    alias.to_uppercase()
                ),
                PLAIN,
                "密送一份。",
            ),
        ),
        ("GBK declared as GB 2312", "forwarded 1", {
            let mut mail =
                format!("{}MIME-Version: 1.0\r\nContent-Type: text/plain; charset=gb2312\r\n\r\n", re("19", ""))
                    .into_bytes();
            mail.extend_from_slice(&gbk);
            mail
        }),
        (
            "invitation",
            "forwarded 1",
            mail(
                &re("20", ""),
                "multipart/mixed; boundary=b",
                &mixed("text/calendar; name=\"看地.ics\"", "周三看地。"),
            ),
        ),
        ("a mail in a mail", "forwarded 1", {
            let inner = "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n转上原件。\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
                         From: li@example.com\r\nSubject: 底价\r\n\r\n38 万\r\n--b--";
            mail(&re("21", ""), "multipart/mixed; boundary=b", inner)
        }),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_odd_mail_has_one_effect_and_none_is_dropped() {
    let test = app().await;
    let alias = asked(&test).await.remove(0).1;
    let all = letters(&alias);
    // The limit of the day is above the number of letters that go on.
    assert!(all.iter().filter(|(_, wanted, _)| wanted.starts_with("forwarded")).count() <= 20);
    let mut faults = Vec::new();
    for (name, wanted, mail) in &all {
        let got = effect(intake::take(&test.app, &[mail]).await.expect("taken in"));
        if got != *wanted {
            faults.push(format!("{name}: {got}, wanted {wanted}"));
        }
        let again = effect(intake::take(&test.app, &[mail]).await.expect("taken in"));
        if !["repeated 1", "automatic 1"].contains(&again.as_str()) {
            faults.push(format!("{name}: {again} at the second reading"));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    test.deliver().await;
    let told: Vec<String> = test
        .letters()
        .iter()
        .filter_map(|bytes| {
            let mail = MessageParser::default().parse(bytes.as_slice())?;
            let is_reply =
                mail.header_raw("X-Luodi-Kind").is_some_and(|kind| ["reply", "files_notice"].contains(&kind.trim()));
            is_reply.then(|| mail.body_text(0).unwrap_or_default().into_owned())
        })
        .collect();
    let told = told.join("\n");
    for words in ["朱镕", "> 报价见附件。", "quote.pdf", "plan.png", "> 转上原件。", "看地.ics"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    for hidden in ["smime.p7s", "38 万", "底价另议", "发自我的"] {
        assert!(!told.contains(hidden), "{hidden}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_names_the_envelope_id_alone_is_matched() {
    let test = app().await;
    asked(&test).await;
    let sender = test.db.rows("SELECT envelope_from FROM outbox WHERE purpose = 'inquiry' ORDER BY id").await.remove(0);
    let token = sender.strip_prefix("bounce+").and_then(|rest| rest.split('@').next()).expect("a token");
    let report = |token: &str| {
        let status = format!(
            "--b\r\nContent-Type: message/delivery-status\r\n\r\nOriginal-Envelope-Id: {token}\r\nReporting-MTA: dns; \
                      mx.example.com\r\n\r\nFinal-Recipient: rfc822; x@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--"
        );
        let head =
            "From: MAILER-DAEMON@mx.example.com\r\nTo: <postmaster@luodi.example.com>\r\nSubject: Undelivered\r\n";
        mail(head, "multipart/report; report-type=delivery-status; boundary=b", &status)
    };
    let foreign = report("0123456789abcdef0123456789abcdef");
    assert_eq!(effect(intake::take(&test.app, &[&foreign]).await.expect("taken in")), "looked_at 1");
    assert_eq!(
        effect(intake::take(&test.app, &[&report("%%%%%%%%%%%%%%%%%%")]).await.expect("taken in")),
        "looked_at 1"
    );
    assert_eq!(effect(intake::take(&test.app, &[&report(token)]).await.expect("taken in")), "bounced 1");
    let state = test.db.rows("SELECT state FROM outbox WHERE purpose = 'inquiry' ORDER BY id").await.remove(0);
    assert_eq!(state, "failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_to_several_inquiries_goes_on_in_each_and_our_own_letter_in_none() {
    let test = app().await;
    let asked = asked(&test).await;
    assert_eq!(asked.len(), 2, "two inquiries of one park");
    let to = asked.iter().map(|(_, alias)| format!("<{alias}>")).collect::<Vec<_>>().join(", ");
    let both = mail(
        &format!("From: <{PARK}>\r\nTo: {to}\r\nMessage-ID: <1@example.com>\r\nSubject: Re\r\n"),
        PLAIN,
        "两处都可以看。",
    );
    for wanted in ["forwarded 1", "repeated 1"] {
        assert_eq!(effect(intake::take(&test.app, &[&both]).await.expect("taken in")), wanted);
    }
    let replies = test.db.rows("SELECT DISTINCT inquiry_id FROM outbox WHERE purpose = 'reply'").await;
    assert_eq!(replies.len(), 2);
    for (letter, _) in &asked {
        assert_eq!(effect(intake::take(&test.app, &[letter]).await.expect("taken in")), "automatic 1", "a loop ends");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_between_the_unmarked_lines_of_our_letter_go_on_and_its_lines_do_not() {
    let test = app().await;
    let (letter, alias) = asked(&test).await.remove(0);
    let parsed = MessageParser::default().parse(letter.as_slice()).expect("a mail");
    let (text, html) = (parsed.body_text(0).expect("text"), parsed.body_html(0).expect("HTML"));
    let asks = text.lines().find(|line| line.starts_with("请在 ")).expect("the day").to_owned();
    let header = format!(
        "发件人: 落地 <noreply@luodi.example.com>\r\n发送时间: 2026年11月28日 10:00\r\n收件人: {PARK}\r\n主题: {}\r\n\r\n",
        parsed.subject().unwrap_or_default()
    );
    let red = text.replace(&asks, &format!("{asks}\r\n周三就答复，电话另告。"));
    let plain = format!("您好，见红字。\r\n\r\n{header}{red}");
    let body = html.find("<body").expect("a body");
    let inside = html[body..].replacen("</p>", "</p><p style='color:red'>周三就答复，电话另告。</p>", 1);
    let inside =
        format!("<p>您好，见红字。</p><div>{}</div>{inside}", header.replace('<', "&lt;").replace("\r\n", "<br>"));
    let head =
        |id: &str| format!("From: <{PARK}>\r\nTo: <{alias}>\r\nMessage-ID: <{id}@example.com>\r\nSubject: Re\r\n");
    for (id, kind, body) in [("1", PLAIN, plain), ("2", "text/html; charset=utf-8", inside)] {
        assert_eq!(
            effect(intake::take(&test.app, &[&mail(&head(id), kind, &body)]).await.expect("taken in")),
            "forwarded 1"
        );
    }
    test.deliver().await;
    let replies: Vec<String> = test
        .letters()
        .iter()
        .filter_map(|bytes| {
            let mail = MessageParser::default().parse(bytes.as_slice())?;
            let to = mail.to()?.first()?.address()? == ENTERPRISE;
            let text = mail.body_text(0)?.into_owned();
            (to && text.contains("见红字")).then_some(text)
        })
        .collect();
    assert_eq!(replies.len(), 2);
    for reply in replies {
        let lines: Vec<&str> =
            reply.lines().filter(|line| line.starts_with("> ") && !line.starts_with("> >")).collect();
        assert!(lines.contains(&"> 周三就答复，电话另告。"), "{reply}");
        for ours in ["联系电话", "询盘编号", "完整联系方式", "本服务由", "/staff/leads/"] {
            assert!(!lines.iter().any(|line| line.contains(ours)), "{ours}: {reply}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nul_character_anywhere_stops_no_reading() {
    for db in database::each().await {
        let test =
            TestApp::over(db, &[("LUODI__MAIL__ALIAS_DOMAIN", ALIASES), ("LUODI__MAIL__BOUNCE_DOMAIN", BOUNCES)]).await;
        let status = "--b\r\nContent-Type: message/delivery-status\r\n\r\nOriginal-Envelope-Id: 0123456789abcdef\0\r\n\r\nFinal-Recipient: \
                      rfc822; x\0@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; no\0body\r\n\r\n\
                      X-Luodi-Inquiry: LD\x001\r\nMessage-ID: <a\0b@luodi.example.com>\r\n\r\n--b--";
        let head = "From: MAILER-DAEMON@mx.example.com\r\nTo: <x@luodi.example.com>\r\nSubject: Un\0delivered\r\n";
        let report = "multipart/report; report-type=delivery-status; boundary=b";
        let letter = format!(
            "From: <{PARK}>\r\nTo: <LD\x001.a@{ALIASES}>\r\nDelivered-To: LD\x001.a@{ALIASES}\r\nSubject: a\0b\r\n"
        );
        for mail in [mail(head, report, status), mail(&letter, PLAIN, "a\0b")] {
            assert_eq!(
                effect(intake::take(&test.app, &[&mail]).await.expect("taken in")),
                "looked_at 1",
                "{}",
                test.db.name
            );
        }
    }
}
