//! Delivery reports, as relays write them, matched to the mails that came back.

use luodi::clock::SystemClock;
use luodi::db::outbox::{Attempt, DeliveryOutcome, LeaseRequest};
use luodi::db::words::AttemptOutcome;
use luodi::mail::{Bounce, mails_in};
use luodi::worker::bounces::{Tally, take_in};

use crate::database::each;
use crate::mailbag::queue;

/// A report as Postfix writes it.
fn report(message_id: &str, action: &str) -> String {
    format!(
        "Return-Path: <>\r\n\
         From: MAILER-DAEMON@relay.example.com (Mail Delivery System)\r\n\
         Subject: Undelivered Mail Returned to Sender\r\n\
         To: bounce@luodi.example.com\r\n\
         Auto-Submitted: auto-replied\r\n\
         MIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status;\r\n\
         \tboundary=\"4F2.17/relay.example.com\"\r\n\
         \r\n\
         This is a MIME-encapsulated message.\r\n\
         \r\n\
         --4F2.17/relay.example.com\r\n\
         Content-Description: Notification\r\n\
         Content-Type: text/plain; charset=us-ascii\r\n\
         \r\n\
         I'm sorry to have to inform you that your message could not be delivered.\r\n\
         Message-ID: <forged@example.com>\r\n\
         \r\n\
         --4F2.17/relay.example.com\r\n\
         Content-Type: message/delivery-status\r\n\
         \r\n\
         Reporting-MTA: dns; relay.example.com\r\n\
         \r\n\
         Final-Recipient: rfc822; park@example.com\r\n\
         Action: {action}\r\n\
         Status: 5.1.1\r\n\
         Diagnostic-Code: smtp; 550 5.1.1 <park@example.com>: no such\r\n \
         user\r\n\
         \r\n\
         --4F2.17/relay.example.com\r\n\
         Content-Type: message/rfc822\r\n\
         \r\n\
         From: noreply@luodi.example.com\r\n\
         Message-ID: <{message_id}>\r\n\
         Subject: =?utf-8?b?5qyi6L+O?=\r\n\
         \r\n\
         text\r\n\
         --4F2.17/relay.example.com--\r\n"
    )
}

#[test]
fn a_report_names_the_quoted_mail_and_the_reason() {
    let bounce = Bounce::read(report("a@luodi.example.com", "failed").as_bytes()).expect("a report");
    assert_eq!(bounce.message_id, "a@luodi.example.com");
    assert_eq!((bounce.failed, bounce.status.as_str()), (true, "5.1.1"));
    assert_eq!(bounce.diagnostic, "smtp; 550 5.1.1 <park@example.com>: no such user");
    let with_unix_lines = report("a@luodi.example.com", "delayed").replace("\r\n", "\n");
    assert!(!Bounce::read(with_unix_lines.as_bytes()).expect("a report").failed);
}

#[test]
fn what_is_no_report_is_passed_over() {
    let reply = "From: park@example.com\r\nSubject: Re\r\nContent-Type: text/plain\r\n\r\nAction: failed\r\n";
    assert_eq!(Bounce::read(reply.as_bytes()), None);
    assert_eq!(Bounce::read(b""), None);
    assert_eq!(Bounce::read(&[0xff; 4_000]), None);
    let without_original = report("x", "failed").replace("message/rfc822", "text/plain");
    assert_eq!(Bounce::read(without_original.as_bytes()), None);
}

#[test]
fn a_mailbox_file_is_read_mail_by_mail() {
    let mbox = b"From a@b Thu\nSubject: 1\n\nFrom here on\nit goes\n\nFrom c@d Fri\nSubject: 2\n\n2\n";
    let mails: Vec<_> = mails_in(mbox).into_iter().map(|mail| String::from_utf8_lossy(mail).into_owned()).collect();
    assert_eq!(mails.len(), 3, "an unquoted From after an empty line cannot be told apart: {mails:?}");
    assert!(mails[0].starts_with("Subject: 1\n") && mails[2].starts_with("Subject: 2\n"));
    assert_eq!(mails_in(b"Subject: 1\n\nFrom here\n").len(), 1);
}

#[tokio::test]
async fn a_mail_that_came_back_opens_one_task_and_stays_sent() {
    for test in each().await {
        queue(&test, "a", "park@example.com", crate::outbox::NOW).await;
        queue(&test, "b", "park@example.com", crate::outbox::NOW).await;
        let claim = LeaseRequest { at_most: 1, lease_seconds: 60, newest_first: false };
        let row = test.db.claim(claim, crate::outbox::NOW).await.expect("claims").remove(0);
        let sent = Attempt { outcome: AttemptOutcome::Sent, detail: "250 ok".to_owned() };
        test.db.settle(&row, DeliveryOutcome::Sent, sent, crate::outbox::NOW).await.expect("settles");
        let mbox = [("a", "failed"), ("a", "failed"), ("a", "delayed"), ("b", "failed"), ("stranger", "failed")]
            .map(|(id, action)| format!("From x\n{}\n", report(&format!("{id}@luodi.example.com"), action)))
            .concat();
        let tally = take_in(&test.db, &SystemClock, &mails_in(mbox.as_bytes())).await.expect("takes in");
        assert_eq!(tally, Tally { read: 5, bounced: 1, passed_over: 4 }, "{}", test.name);
        assert_eq!(test.rows("SELECT id, state FROM outbox ORDER BY id").await, ["a|sent", "b|queued"]);
        let detail = "bounced: 5.1.1 smtp; 550 5.1.1 <park@example.com>: no such user";
        assert_eq!(test.rows("SELECT outbox_id, detail FROM staff_task").await, [format!("a|{detail}")]);
    }
}
