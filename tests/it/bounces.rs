//! Incoming mails: reports of servers, as each of them writes them, matched to the mails that came back.

use luodi::clock::SystemClock;
use luodi::db::outbox::{Attempt, DeliveryOutcome, LeaseRequest};
use luodi::db::words::AttemptOutcome;
use luodi::mail::{BounceReason, MailClass, Report, mails_in};
use luodi::worker::bounces::{Tally, take_in};

use crate::database::{TestDb, each};
use crate::mailbag::queue;

/// The mail that came back.
const ID: &str = "a@luodi.example.com";
const COPY: &str = "From: noreply@luodi.example.com\nMessage-ID: <a@luodi.example.com>\n\
                    X-Luodi-Inquiry: LD-a\nSubject: =?utf-8?b?5qyi6L+O?=\n\ntext\n";
const STATUS: &str = "Reporting-MTA: dns; relay.example.com\n\nFinal-Recipient: rfc822; park@example.com\n\
                      Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 <park@example.com>: no such\n user\n";

/// A mail of a server: more header fields, media type, body.
fn server_mail(more: &str, kind: &str, body: &str) -> String {
    format!(
        "Return-Path: <>\n{more}From: MAILER-DAEMON@relay.example.com (Mail Delivery System)\n\
         Subject: Undelivered Mail Returned to Sender\nTo: bounce@luodi.example.com\n\
         Auto-Submitted: auto-replied\nMIME-Version: 1.0\nContent-Type: {kind}\n\n{body}"
    )
}

/// A multipart of three: text, status and copy with their media types.
fn parts(text: &str, status: (&str, &str), copy: (&str, &str)) -> String {
    let part = |(kind, content): (&str, &str)| match kind {
        "" => String::new(),
        kind => format!("--4F2.17/relay\nContent-Type: {kind}\n\n{content}\n"),
    };
    format!("{}{}{}--4F2.17/relay--\n", part(("text/plain", text)), part(status), part(copy))
}

const REPORT: &str = "multipart/report; report-type=delivery-status;\n\tboundary=\"4F2.17/relay\"";
const MIXED: &str = "multipart/mixed;\n\tboundary=\"4F2.17/relay\"";
const DELIVERY: &str = "message/delivery-status";

/// Permanent failures in every structure; the name says which.
fn permanent() -> Vec<(&'static str, String)> {
    let status = (DELIVERY, STATUS);
    let copy = ("message/rfc822", COPY);
    let report = |text: &str, status, copy| server_mail("", REPORT, &parts(text, status, copy));
    let plain = |text: &str| server_mail("", "text/plain", text).replace("Auto-Submitted: auto-replied\n", "");
    let base64 = "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n\
                  TWVzc2FnZS1JRDogPGFAbHVvZGkuZXhhbXBsZS5jb20+ClN1YmplY3Q6IHgKCnRleHQK\n";
    vec![
        ("report", report("could not be delivered", status, copy)),
        (
            "headers alone",
            report("", status, ("text/rfc822-headers", "Message-ID:\n <a@luodi.example.com>\nSubject: x\n")),
        ),
        ("internationalized", report("", ("message/global-delivery-status", STATUS), ("message/global", COPY))),
        ("international headers", report("", status, ("message/global-headers", COPY))),
        ("mixed without report", server_mail("", MIXED, &parts("sorry", status, copy))),
        ("no action", report("", (DELIVERY, &STATUS.replace("Action: failed\n", "")), copy)),
        (
            "id in the text alone",
            report("Original Message Headers\n\nMessage-ID: <a@luodi.example.com>\n", status, ("", "")),
        ),
        (
            "encoded id",
            report("", status, ("text/rfc822-headers", "Message-ID: =?us-ascii?Q?=3Ca=40luodi.example.com=3E?=\n")),
        ),
        ("base64 copy", report("", status, copy).replace(&format!("Content-Type: message/rfc822\n\n{COPY}"), base64)),
        (
            "id rewritten",
            report("", status, ("message/rfc822", "Message-ID: <other@relay.example>\nX-Luodi-Inquiry: LD-a\n\n")),
        ),
        (
            "folded header before the type",
            server_mail(
                "ARC-Message-Signature: i=1; d=mx.example;\n\th=From:To:MIME-Version:\n\t Content-Type:Message-Id\n",
                REPORT,
                &parts("", status, copy),
            ),
        ),
        (
            "expired after delays",
            report("", (DELIVERY, "Final-Recipient: rfc822; park@example.com\nAction: failed\nStatus: 4.4.7\n"), copy),
        ),
        (
            "a server without a name",
            server_mail("", MIXED, &parts("could not be delivered: no such user", ("", ""), copy))
                .replace("Return-Path: <>\n", "")
                .replace("MAILER-DAEMON@relay.example.com (Mail Delivery System)", "no-reply@relay.example.com")
                .replace("Auto-Submitted: auto-replied\n", "")
                .replace("Undelivered Mail Returned to Sender", "Mail"),
        ),
        (
            "qmail",
            plain(&format!(
                "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message.\n\
                 This is a permanent error; I've given up.\n\n<park@example.com>:\n192.0.2.1 does not like recipient.\n\
                 Remote host said: 550 5.1.1 no such mailbox\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <x@y.example>\n{COPY}"
            )),
        ),
        (
            "Exim",
            plain(&format!(
                "This message was created automatically by mail delivery software.\n\nA message that you sent could not be \
                 delivered.\nThis is a permanent error. The following address failed:\n\n  park@example.com\n    host mx.example \
                 [192.0.2.1]: 550 5.1.1 No such user\n\n------ This is a copy of the message, including all the headers. ------\n\n{COPY}"
            )),
        ),
        (
            "Gmail",
            plain(&format!(
                "Delivery to the following recipient failed permanently:\n\n     park@example.com\n\nTechnical details:\n\
                 550 5.1.1 The email account that you tried to reach does not exist.\n\n----- Original message -----\n\n{COPY}"
            )),
        ),
        (
            "Yahoo",
            plain(&format!(
                "Sorry, we were unable to deliver your message to the following address.\n\n<park@example.com>:\n550: 5.1.1 \
                 unknown user\n\n--- Below this line is a copy of the message.\n\n{COPY}"
            )),
        ),
        (
            "OpenSMTPD",
            plain(&format!(
                "    Hi!\n\n    This is the MAILER-DAEMON.\n\n    An error has occurred while attempting to deliver a message \
                 for the\n    following list of recipients:\n\npark@example.com: 550 5.1.1 Recipient does not exist\n\n    Below is a \
                 copy of the original message:\n\n{COPY}"
            )),
        ),
        (
            "QQ",
            plain(&format!(
                "很抱歉，您的邮件被退回。\n退信原因：收件人地址不存在 (#5.1.1)\n\n原邮件信息：\n\n> {}",
                COPY.replace('\n', "\n> ")
            )),
        ),
    ]
}

#[test]
fn every_structure_of_a_permanent_failure_is_seen_with_our_id_and_the_reason() {
    for (name, mail) in permanent() {
        for mail in [mail.clone(), mail.replace('\n', "\r\n"), mail.replace('\n', "\r")] {
            let report = Report::read(mail.as_bytes());
            assert_eq!(report.class, MailClass::Permanent, "{name}: {report:?}");
            let is_named = report.ids.iter().any(|id| id == ID) || report.numbers == ["LD-a"];
            assert!(is_named, "{name}: {report:?}");
            let reason = if name == "expired after delays" { BounceReason::Temporary } else { BounceReason::Address };
            assert_eq!(report.reason, reason, "{name}: {report:?}");
        }
    }
}

#[test]
fn delays_and_machines_are_never_failures_and_people_go_on() {
    let delayed = STATUS.replace("failed", "delayed").replace("5.1.1", "4.4.1");
    let report = |status: &str| server_mail("", REPORT, &parts("", (DELIVERY, status), ("message/rfc822", COPY)));
    let subject = |mail: String, subject: &str| mail.replace("Undelivered Mail Returned to Sender", subject);
    let person = |more: &str, subject: &str| {
        format!("From: clerk@example.com\nTo: x@example.com\n{more}Subject: {subject}\n\n550 5.1.1 user unknown\n")
    };
    let text = |text: &str| server_mail("", "text/plain", &format!("{text}\n\n--- copy of the message ---\n\n{COPY}"));
    let cases = [
        (MailClass::Delay, report(&delayed)),
        (MailClass::Delay, report("Final-Recipient: rfc822; park@example.com\nStatus: 4.2.2\n")),
        (
            MailClass::Delay,
            subject(
                text("450 try later. This is not yet a permanent error."),
                "Warning: message 1x-2y delayed 24 hours",
            ),
        ),
        (MailClass::Delay, subject(text("The message is kept in the queue."), "Delivery status notification: warning")),
        (
            MailClass::Delay,
            subject(text("Gmail will retry for 46 more hours."), "Delivery Status Notification (Delay)"),
        ),
        (MailClass::Delay, subject(text("邮件暂时未能送达，系统将继续投递。"), "系统通知：邮件延迟")),
        (MailClass::Automatic, report("Final-Recipient: rfc822; park@example.com\nAction: delivered\nStatus: 2.1.5\n")),
        (
            MailClass::Automatic,
            server_mail(
                "",
                "multipart/report; report-type=disposition-notification; boundary=b",
                "--b\n\nread\n--b--\n",
            ),
        ),
        (MailClass::Automatic, person("Auto-Submitted: auto-replied\nReturn-Path: <>\n", "Re: 新询盘")),
        (MailClass::Automatic, person("Precedence: bulk\n", "Re")),
        (MailClass::Automatic, person("X-Autoreply: yes\n", "Re")),
        (MailClass::Automatic, person("", "自动回复: 新询盘")),
        (MailClass::Automatic, person("", "Automatic reply: inquiry")),
        (MailClass::Automatic, person("", "已读: 新询盘")),
        (MailClass::Letter, person("", "Re: 新询盘")),
        (MailClass::Letter, person("Auto-Submitted: no\n", "回复：新询盘")),
        (
            MailClass::Unclear,
            server_mail("", "multipart/report; report-type=feedback-report; boundary=b", "--b\n\nspam\n--b--\n"),
        ),
        (MailClass::Unclear, person("Return-Path: <>\n", "hello").replace("550 5.1.1 user unknown", "hello")),
        (MailClass::Unclear, String::new()),
    ];
    for (class, mail) in cases {
        let report = Report::read(mail.as_bytes());
        assert_eq!(report.class, class, "{mail}\n{report:?}");
    }
    for noise in
        [vec![0xff; 4_000], b"--".repeat(9_000), b"=?".repeat(9_000), b"Content-Type: multipart/report\n\n".repeat(50)]
    {
        assert_ne!(Report::read(&noise).class, MailClass::Permanent);
    }
}

#[test]
fn reasons_are_grouped_by_the_step_to_take() {
    let cases = [
        ("5.2.2", "552 5.2.2 over quota", BounceReason::Full),
        ("", "邮箱已满", BounceReason::Full),
        ("5.0.0", "550 user unknown", BounceReason::Address),
        ("5.1.2", "Host or domain name not found", BounceReason::Address),
        ("5.7.1", "blocked using zen.spamhaus.example", BounceReason::Spam),
        ("5.7.1", "relay access denied", BounceReason::Policy),
        ("5.3.4", "552 message size exceeds fixed limit", BounceReason::Policy),
        ("4.4.7", "connection timed out", BounceReason::Temporary),
        ("5.2.1", "mailbox disabled", BounceReason::Refuses),
        ("5.0.0", "rejected", BounceReason::Refuses),
    ];
    for (status, words, reason) in cases {
        let fields = format!(
            "Final-Recipient: rfc822; x@example.com\nAction: failed\nStatus: {status}\nDiagnostic-Code: smtp; {words}\n"
        );
        let mail = server_mail("", REPORT, &parts("", (DELIVERY, &fields), ("", "")));
        assert_eq!(Report::read(mail.as_bytes()).reason, reason, "{status} {words}");
    }
}

#[test]
fn a_mailbox_file_is_read_mail_by_mail() {
    let mbox = b"From a@b Thu\nSubject: 1\n\nFrom here on\nit goes\n\nFrom c@d Fri\nSubject: 2\n\n2\n";
    let mails: Vec<_> = mails_in(mbox).into_iter().map(|mail| String::from_utf8_lossy(&mail).into_owned()).collect();
    assert_eq!(mails.len(), 2, "a sentence is no separator: {mails:?}");
    assert!(mails[0].starts_with("Subject: 1\n") && mails[1].starts_with("Subject: 2\n"));
    let protected =
        mails_in(b"From MAILER-DAEMON Thu Nov 26 10:00:00 2026\nSubject: 1\n\n>From Monday on\n> From us\n");
    assert_eq!(protected[0].as_ref(), b"Subject: 1\n\nFrom Monday on\n> From us\n");
    assert_eq!(mails_in(b"Subject: 1\n\nFrom here\n").len(), 1);
}

/// Queues the mails `a` and `b`; the first one is sent.
async fn one_sent(test: &TestDb) {
    queue(test, "a", "park@example.com", crate::outbox::NOW).await;
    queue(test, "b", "park@example.com", crate::outbox::NOW).await;
    let claim = LeaseRequest { at_most: 1, lease_seconds: 60, newest_first: false, takes_over: true };
    let row = test.db.claim(claim, crate::outbox::NOW).await.expect("claims").remove(0);
    let sent = Attempt { outcome: AttemptOutcome::Sent, detail: "250 ok".to_owned() };
    test.db.settle(&row, DeliveryOutcome::Sent, sent, crate::outbox::NOW).await.expect("settles");
}

#[tokio::test]
async fn a_failure_fails_its_inquiry_and_opens_one_task_and_a_second_reading_changes_nothing() {
    for test in each().await {
        one_sent(&test).await;
        let [report, stranger, unsent] = ["a", "stranger", "b"].map(|id| {
            let copy = COPY.replace("<a@", &format!("<{id}@")).replace("LD-a", "LD-none");
            server_mail("", REPORT, &parts("", (DELIVERY, STATUS), ("message/rfc822", &copy)))
        });
        let delayed = report.replace("failed", "delayed");
        let vacation =
            "From: clerk@example.com\nAuto-Submitted: auto-replied\nIn-Reply-To: <a@luodi.example.com>\n\nback soon\n";
        let person = "From: clerk@example.com\nSubject: Re\n\nhello\n";
        let all = [delayed.as_str(), vacation, &report, &report, &stranger, &unsent, person];
        let mbox: String = all.iter().map(|mail| format!("From x\n{mail}\n")).collect();
        let mails = mails_in(mbox.as_bytes());
        let mails: Vec<&[u8]> = mails.iter().map(AsRef::as_ref).collect();
        let (tally, letters) = take_in(&test.db, &SystemClock, &mails).await.expect("takes in");
        let first = Tally { read: 7, bounced: 1, delayed: 1, automatic: 1, looked_at: 2, repeated: 1 };
        assert_eq!((tally, letters.len()), (first, 1), "{}", test.name);
        let state = "SELECT id, state FROM outbox ORDER BY id";
        assert_eq!(test.rows(state).await, ["a|failed", "b|queued"]);
        assert_eq!(test.rows("SELECT id, state FROM inquiry ORDER BY id").await, ["a|failed", "b|queued"]);
        let tasks = "SELECT kind, park_code, outbox_id, detail FROM staff_task ORDER BY kind, detail";
        let detail = "address 5.1.1 smtp; 550 5.1.1 <park@example.com>: no such user";
        let unclear = "mail_unclear|||Undelivered Mail Returned to Sender";
        assert_eq!(test.rows(tasks).await, [format!("mail_bounced|park-1|a|{detail}").as_str(), unclear, unclear]);
        let attempts = "SELECT outcome FROM outbox_attempt WHERE outbox_id = 'a' ORDER BY outcome";
        assert_eq!(test.rows(attempts).await, ["automatic", "bounced", "delayed", "sent"]);
        let (tally, _) = take_in(&test.db, &SystemClock, &mails).await.expect("takes in");
        assert_eq!(tally, Tally { read: 7, repeated: 6, ..Tally::default() }, "{}", test.name);
        assert_eq!(test.rows(tasks).await.len(), 3);
        assert_eq!(test.rows(attempts).await.len(), 4);
    }
}

#[tokio::test]
async fn the_inquiry_number_finds_the_mail_whose_id_was_rewritten() {
    for test in each().await {
        one_sent(&test).await;
        let copy = COPY.replace("<a@", "<rewritten@");
        let report = server_mail("", REPORT, &parts("", (DELIVERY, STATUS), ("message/rfc822", &copy)));
        let (tally, _) = take_in(&test.db, &SystemClock, &[report.as_bytes()]).await.expect("takes in");
        assert_eq!(tally, Tally { read: 1, bounced: 1, ..Tally::default() }, "{}", test.name);
        assert_eq!(test.rows("SELECT id FROM outbox WHERE state = 'failed'").await, ["a"]);
    }
}

#[tokio::test]
async fn a_bounce_without_any_id_is_matched_by_the_envelope_sender_of_the_mail() {
    let notice = |to: &str| {
        format!(
            "Return-Path: <>\nDelivered-To: {to}\nFrom: MAILER-DAEMON@relay.example.com\nSubject: failure notice\n\n\
             <park@example.com>: 550 5.1.1 no such user\n"
        )
    };
    for test in each().await {
        one_sent(&test).await;
        test.execute("UPDATE outbox SET envelope_from = 'bounce+4f2a@bounce.example.com' WHERE id = 'a'").await;
        let guess = notice("bounce+0000@bounce.example.com");
        let (tally, _) = take_in(&test.db, &SystemClock, &[guess.as_bytes()]).await.expect("taken in");
        assert_eq!((tally.bounced, tally.looked_at), (0, 1), "{}: a guess matches nothing", test.name);
        let real = notice("Bounce+4F2A@bounce.example.com");
        let (tally, _) = take_in(&test.db, &SystemClock, &[real.as_bytes()]).await.expect("taken in");
        assert_eq!(tally.bounced, 1, "{}", test.name);
        assert_eq!(test.rows("SELECT state FROM inquiry WHERE id = 'a'").await, ["failed"]);
        test.execute("UPDATE outbox SET envelope_from = 'bounce+all@example.com', state = 'sent'").await;
        let shared = notice("bounce+all@example.com");
        let (tally, _) = take_in(&test.db, &SystemClock, &[shared.as_bytes()]).await.expect("taken in");
        assert_eq!((tally.bounced, tally.looked_at), (0, 1), "{}: an address of all mails names none", test.name);
    }
}
