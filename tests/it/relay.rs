//! What the SMTP mailer believes after each fault of a relay, against what the relay knows.

use std::time::Duration;

use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::extension::ClientId;
use luodi::mail::{Built, Mailer as _, SendOutcome};
use tokio::time::timeout;

use crate::fault_relay::{At, Does, Fault, Offers, Relay};
use crate::mailbag::letter;
use crate::matrix::{LIMIT, cells, class, late, mailer, try_cell, url_for};

fn built() -> Built {
    letter().build(None).expect("builds")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_at_every_phase_gets_its_class_and_belief_equals_truth() {
    let cells = cells();
    assert!(cells.len() > 120, "{} cells", cells.len());
    let mut running = tokio::task::JoinSet::new();
    for fault in cells {
        running.spawn(async move { try_cell(fault, &built()).await });
    }
    let wrong: Vec<_> = running.join_all().await.into_iter().filter_map(Result::err).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn a_healthy_relay_gets_the_bytes_that_were_built() {
    let relay = Relay::healthy().await.expect("a relay");
    let built = built();
    let outcome = mailer(&relay.url(), LIMIT).send(&built).await;
    assert_eq!(outcome, SendOutcome::Sent { reply: "250 taken".into() });
    let taken = relay.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!(
        (taken[0].recipient.as_str(), taken[0].sender.as_str()),
        ("park@example.com", "bounce@luodi.example.com")
    );
    assert_eq!(taken[0].message_id.as_deref(), Some(built.message_id.as_str()));
    assert!(taken[0].answer_delivered);
    // lettre ends the body with a line end of its own before the dot.
    assert_eq!(taken[0].bytes, [built.bytes.as_slice(), b"\r\n"].concat());
    assert_eq!(relay.commands().last().map(String::as_str), Some("QUIT"));
}

#[tokio::test]
async fn without_starttls_on_offer_no_mail_goes_out() {
    let relay = Relay::healthy().await.expect("a relay");
    let outcome = mailer(&url_for(&relay, At::StartTls), LIMIT).send(&built()).await;
    assert!(matches!(outcome, SendOutcome::RelayPaused { .. }), "{outcome:?}");
    assert!(relay.commands().iter().all(|command| !command.starts_with("MAIL")));
}

#[tokio::test]
async fn without_auth_on_offer_credentials_are_not_sent() {
    let relay = Relay::healthy().await.expect("a relay");
    let outcome = mailer(&url_for(&relay, At::Auth), LIMIT).send(&built()).await;
    assert!(matches!(outcome, SendOutcome::RelayPaused { .. }), "{outcome:?}");
    assert!(relay.commands().iter().all(|command| command.starts_with("EHLO") || command == "QUIT"));
}

#[tokio::test]
async fn credentials_open_a_relay_that_asks_for_them() {
    let relay = Relay::scripted(Offers { auth: true, ..Offers::default() }, |_, _| None).await.expect("a relay");
    let outcome = mailer(&url_for(&relay, At::Auth), LIMIT).send(&built()).await;
    assert!(matches!(outcome, SendOutcome::Sent { .. }), "{outcome:?}");
    assert!(relay.commands().iter().any(|command| command.starts_with("AUTH PLAIN ")));
}

/// A mail with an envelope sender of its own.
fn verp() -> Built {
    let mut letter = letter();
    letter.bounce_to = Some(luodi::mail::verp_address("4f2a", "bounce.example.com"));
    letter.build(None).expect("builds")
}

#[tokio::test]
async fn delivery_reports_are_asked_for_by_token_where_the_relay_offers_them() {
    let relay = Relay::scripted(Offers { dsn: true, ..Offers::default() }, |_, _| None).await.expect("a relay");
    for mail in [verp(), built()] {
        let outcome = mailer(&relay.url(), LIMIT).send(&mail).await;
        assert!(matches!(outcome, SendOutcome::Sent { .. }), "{outcome:?}");
    }
    let commands = relay.commands();
    let asked = |words: &str| commands.iter().filter(|command| command.contains(words)).count();
    assert_eq!(asked("MAIL FROM:<bounce+4f2a@bounce.example.com> RET=HDRS ENVID=4f2a"), 1, "{commands:?}");
    assert_eq!(asked("NOTIFY=FAILURE,DELAY"), 1, "a mail without a token of its own asks for nothing: {commands:?}");
}

#[tokio::test]
async fn a_relay_that_offers_no_delivery_reports_is_not_asked_for_them() {
    let relay = Relay::healthy().await.expect("a relay");
    let outcome = mailer(&relay.url(), LIMIT).send(&verp()).await;
    assert!(matches!(outcome, SendOutcome::Sent { .. }), "{outcome:?}");
    assert!(!relay.commands().iter().any(|command| command.contains("ENVID") || command.contains("NOTIFY")));
}

#[tokio::test]
async fn nobody_listening_is_transient() {
    let unused = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("an address");
    let outcome = mailer(&format!("smtp://{unused}"), LIMIT).send(&built()).await;
    assert_eq!(class(&outcome), "transient", "{outcome:?}");
}

/// The answer to every even message comes after the limit, every odd one is refused.
async fn late_then_refused(limit: Duration) -> Relay {
    Relay::scripted(Offers::default(), move |at, situation| {
        let late = situation.recipient.as_deref().is_some_and(|to| to.starts_with("late"));
        match at {
            At::Dot if late => Some(Does::Delays(limit * 3 / 2)),
            At::Dot => Some(Does::Says("554 5.7.1 refused")),
            _ => None,
        }
    })
    .await
    .expect("a relay")
}

fn to(local: &str) -> Built {
    let mut letter = letter();
    letter.to.address = format!("{local}@example.com");
    letter.build(None).expect("builds")
}

#[tokio::test]
async fn a_late_answer_is_never_taken_for_the_next_message() {
    let limit = Duration::from_millis(300);
    let relay = late_then_refused(limit).await;
    let mailer = mailer(&relay.url(), limit);
    for round in 0..5 {
        assert_eq!(class(&mailer.send(&to(&format!("late{round}"))).await), "ambiguous");
        assert_eq!(class(&mailer.send(&to(&format!("next{round}"))).await), "permanent");
    }
    assert_eq!(relay.most_open(), 2, "one conversation, and the one that was left");
}

/// F1, without the guard: lettre's own limit ends with the connect, so a greeting that comes a second later is taken.
#[tokio::test]
async fn lettre_alone_takes_a_greeting_that_comes_a_second_after_its_limit() {
    let limit = Duration::from_millis(50);
    let relay = Relay::with_fault(Fault { at: At::Banner, does: late(limit) }).await.expect("a relay");
    let hello = ClientId::Domain("luodi.example.com".into());
    let connected = AsyncSmtpConnection::connect_tokio1(relay.address(), Some(limit), &hello, None, None).await;
    assert!(connected.is_ok(), "lettre limits its reads now: the guard may go");
    let outcome = mailer(&relay.url(), limit).send(&built()).await;
    assert_eq!(class(&outcome), "transient", "{outcome:?}");
}

/// F2, without the guard: a connection kept after a limit was hit, which is what lettre's pool does.
#[tokio::test]
async fn a_connection_kept_after_a_limit_believes_the_wrong_answer() {
    let limit = Duration::from_millis(300);
    let relay = late_then_refused(limit).await;
    let hello = ClientId::Domain("luodi.example.com".into());
    let mut kept =
        AsyncSmtpConnection::connect_tokio1(relay.address(), None, &hello, None, None).await.expect("connects");
    let envelope = |local: &str| {
        let address = |text: String| text.parse().expect("an address");
        let recipient = vec![address(format!("{local}@example.com"))];
        lettre::address::Envelope::new(Some(address("bounce@luodi.example.com".into())), recipient)
            .expect("an envelope")
    };
    assert!(timeout(limit, kept.send(&envelope("late"), &built().bytes)).await.is_err());
    let belief = kept.send(&envelope("next"), &built().bytes).await;
    assert!(belief.is_ok_and(|reply| reply.is_positive()), "lettre is in step again: the guard may go");
    assert_eq!(relay.accepted().len(), 1, "only the late one");
}

/// F10, without the guard: a reply sent before its question is taken for its answer.
#[tokio::test]
async fn lettre_alone_believes_a_reply_that_came_before_the_body() {
    let script = |at: At| match at {
        At::Data => Some(Does::AlsoSays("250 early")),
        At::Dot => Some(Does::Says("554 5.7.1 refused")),
        _ => None,
    };
    let relay = Relay::scripted(Offers::default(), move |at, _| script(at)).await.expect("a relay");
    let hello = ClientId::Domain("luodi.example.com".into());
    let mut bare =
        AsyncSmtpConnection::connect_tokio1(relay.address(), None, &hello, None, None).await.expect("connects");
    let parsed = |text: &str| text.parse().expect("an address");
    let envelope =
        lettre::address::Envelope::new(Some(parsed("a@example.com")), vec![parsed("b@example.com")]).expect("one");
    let belief = bare.send(&envelope, &built().bytes).await;
    assert!(belief.is_ok_and(|reply| reply.has_code(250)), "lettre checks now: the guard may go");

    let outcome = mailer(&relay.url(), LIMIT).send(&built()).await;
    assert_eq!(class(&outcome), "ambiguous", "{outcome:?}");
}
