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

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_cannot_be_taken_in_opens_a_task_and_those_behind_it_come_in() {
    let alias = [("LUODI__MAIL__ALIAS_DOMAIN", "reply.luodi.example.com")];
    for db in database::each().await {
        let test = TestApp::over(db, &alias).await;
        let reply = "From: x@example.com\r\nTo: <ld20261129-00000000.x@reply.luodi.example.com>\r\nSubject: Re: plots\r\n\r\nhello\r\n";
        // A fault of this program: letters of people meet a table that is not there.
        test.db.execute("ALTER TABLE inquiry RENAME TO inquiry_away").await;
        let mails = vec![(1, reply.to_owned()), odd_mail(2)];
        let folder = Arc::new(Mutex::new(Folder { validity: 7, mails, ..Folder::default() }));
        let mailbox = MailboxUrl::parse(&serving(Arc::clone(&folder)).await).expect("a mailbox");
        assert_eq!(poll(&test.app, &mailbox).await.expect("polls"), 2, "{}", test.db.name);
        let named = test.db.rows("SELECT detail FROM staff_task ORDER BY detail").await;
        assert_eq!(named.len(), 2, "{named:?}");
        assert!(format!("{named:?}").contains("Re: plots"), "{named:?}");
        assert_eq!(poll(&test.app, &mailbox).await.expect("polls"), 0, "not once more");
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
