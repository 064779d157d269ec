//! Mail polled from an IMAP mailbox: each mail once, whatever ends in between, and the mailbox stays as it is.

use std::sync::{Arc, Mutex};

use luodi::mail::MailboxUrl;
use luodi::worker::mailbox::poll;

use crate::app::TestApp;
use crate::database;
use crate::imap::{Folder, serving};

/// A mail that opens a task of its own.
fn odd_mail(at: u32) -> (u32, String) {
    (at, format!("Return-Path: <>\r\nFrom: x@example.com\r\nSubject: odd {at}\r\n\r\nhello {at}\r\n"))
}

async fn tasks(test: &TestApp) -> usize {
    test.db.rows("SELECT id FROM staff_task").await.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_mail_is_taken_in_once_also_after_a_cut_and_nothing_in_the_mailbox_changes() {
    for db in database::each().await {
        let test = TestApp::over(db, &[]).await;
        let mails = (1..=5).map(odd_mail).collect();
        let folder = Arc::new(Mutex::new(Folder { validity: 7, mails, closes_after: Some(2), ..Folder::default() }));
        let mailbox = MailboxUrl::parse(&serving(Arc::clone(&folder)).await).expect("a mailbox");
        assert!(poll(&test.app, &mailbox).await.is_err(), "cut after two");
        assert_eq!(tasks(&test).await, 2, "{}", test.db.name);
        folder.lock().expect("a folder").closes_after = None;
        assert_eq!(poll(&test.app, &mailbox).await.expect("polls"), 3);
        assert_eq!(poll(&test.app, &mailbox).await.expect("polls"), 0, "nothing new");
        folder.lock().expect("a folder").mails.push(odd_mail(6));
        assert_eq!(poll(&test.app, &mailbox).await.expect("polls"), 1);
        assert_eq!(tasks(&test).await, 6);
        folder.lock().expect("a folder").validity = 8;
        assert_eq!(poll(&test.app, &mailbox).await.expect("polls"), 6, "numbered anew: read again");
        assert_eq!(tasks(&test).await, 6, "and nothing is taken in twice");
        let commands = folder.lock().expect("a folder").commands.clone();
        assert!(commands.iter().any(|command| command.starts_with("LOGIN \"clerk\" \"s@cret\"")), "{commands:?}");
        let changes = ["SELECT", "STORE", "EXPUNGE", "BODY["];
        assert!(!commands.iter().any(|command| changes.iter().any(|word| command.contains(word))), "{commands:?}");
    }
}

#[test]
fn a_mailbox_without_tls_is_of_this_machine_alone_and_no_password_is_shown() {
    for url in ["imap://a:b@mail.example.com", "imaps://mail.example.com", "smtp://a:b@127.0.0.1", "imaps://a@x", "x"] {
        assert!(MailboxUrl::parse(url).is_err(), "{url}");
    }
    let mailbox = MailboxUrl::parse("imaps://a%40example.com:s3cret@mail.example.com/luodi").expect("a mailbox");
    assert_eq!((mailbox.port, mailbox.folder.as_str()), (993, "luodi"));
    assert!(!format!("{mailbox:?}{}", mailbox.name()).contains("s3cret"));
}
