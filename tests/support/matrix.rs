//! Fault matrix of SMTP: every fault in every phase, with the correct outcomes.

use std::time::Duration;

use luodi::mail::{Built, Mailer as _, PhaseLimits, RelayUrl, SendOutcome, SmtpMailer};

use crate::fault_relay::{At, Does, Fault, Relay};

/// Limit of each phase: long enough for a healthy answer on a busy machine.
pub(crate) const LIMIT: Duration = Duration::from_secs(1);

/// A reply that comes one second after the limit of its phase.
pub(crate) const fn late(limit: Duration) -> Does {
    Does::Late(limit.saturating_add(Duration::from_secs(1)))
}

/// Mailer with every phase capped.
pub(crate) fn mailer(url: &str, limit: Duration) -> SmtpMailer {
    let relay = RelayUrl::parse(url).expect("a URL");
    SmtpMailer::new(relay, "luodi.example.com", PhaseLimits::capped(limit), None).expect("a mailer")
}

/// URL that makes the mailer reach a phase.
pub(crate) fn url_for(relay: &Relay, at: At) -> String {
    let address = relay.address();
    match at {
        At::Auth => format!("smtp://user:password@{address}"),
        At::StartTls => format!("smtp://localhost:{}?tls=required", address.port()),
        _ => relay.url(),
    }
}

/// Stable word of the outcome.
pub(crate) fn class(outcome: &SendOutcome) -> &'static str {
    match outcome {
        SendOutcome::Sent { .. } => "sent",
        SendOutcome::Transient { .. } => "transient",
        SendOutcome::Permanent { .. } => "permanent",
        SendOutcome::Ambiguous { .. } => "ambiguous",
        SendOutcome::RelayPaused { .. } => "relay_paused",
        SendOutcome::CannotBuild { .. } => "cannot_build",
    }
}

/// Correct outcomes of a fault; more than one where the network may lose the relay's last reply.
fn expected(at: At, does: &Does) -> &'static [&'static str] {
    let refusal = match does {
        Does::Says(line) | Does::SaysAndCloses(line) => line.as_bytes().first().copied(),
        _ => None,
    };
    match (at, does, refusal) {
        (At::Quit, _, _) => &["sent"],
        (_, Does::Lines(_) | Does::Delays(_), _) if at != At::StartTls => &["sent"],
        (At::Body, Does::Delays(_), _) => &["sent"],
        (At::Body, Does::SaysAndCloses(_), Some(b'4')) => &["transient", "ambiguous"],
        (At::Body, Does::SaysAndCloses(_), Some(b'5')) => &["permanent", "ambiguous"],
        (At::Body, _, _) => &["ambiguous"],
        (At::Dot, Does::AlsoSays(_), _) => &["sent"],
        (At::Dot, _, Some(b'4')) => &["transient"],
        (At::Dot, _, Some(b'5')) => &["permanent"],
        (At::Dot, _, _) => &["ambiguous"],
        (At::Rcpt, _, Some(b'5')) => &["permanent"],
        (At::Auth | At::Mail | At::StartTls, _, Some(b'5')) => &["relay_paused"],
        // Bytes that are not a reply, or an early reply, before the TLS handshake.
        (At::StartTls, Does::Garbage | Does::AlsoSays(_), _) => &["relay_paused"],
        (At::Data, Does::AlsoSays(_), _) => &["ambiguous"],
        _ => &["transient"],
    }
}

/// Valid combinations of phase and fault.
pub(crate) fn cells() -> Vec<Fault> {
    let ats = [
        At::Connect,
        At::Banner,
        At::Ehlo,
        At::StartTls,
        At::Auth,
        At::Mail,
        At::Rcpt,
        At::Data,
        At::Body,
        At::Dot,
        At::Quit,
    ];
    let does = [
        Does::Says("451 4.3.0 try later"),
        Does::Says("554 5.7.1 refused"),
        Does::SaysAndCloses("421 4.3.2 closing"),
        Does::SaysAndCloses("550 5.1.1 refused"),
        Does::Says("299 unusual"),
        Does::Drops,
        Does::Resets,
        late(LIMIT),
        Does::Garbage,
        // Longer than the mailer takes, 16 KiB.
        Does::LongLine(20_000),
        Does::Trickles(Duration::from_millis(200)),
        Does::Delays(Duration::from_millis(50)),
        Does::Lines(20),
        Does::AlsoSays("250 early"),
        Does::TakesAndDrops,
    ];
    let makes_sense = |at: At, does: &Does| match (at, does) {
        // No usual reply exists before the banner or before the end of the body, so it cannot be altered.
        (At::Connect, Does::Trickles(_) | Does::Lines(_) | Does::AlsoSays(_) | Does::Delays(_)) => false,
        (
            At::Body,
            Does::Says(_) | Does::Garbage | Does::Trickles(_) | Does::Lines(_) | Does::AlsoSays(_) | Does::Delays(_),
        ) => false,
        // After a correct reply TLS would begin, which this relay does not implement.
        (At::StartTls, Does::Delays(_) | Does::Lines(_)) => false,
        (_, Does::TakesAndDrops) => at == At::Dot,
        _ => true,
    };
    let all = ats.iter().flat_map(|&at| does.iter().map(move |does| (at, does)));
    all.filter(|(at, does)| makes_sense(*at, does)).map(|(at, does)| Fault { at, does: does.clone() }).collect()
}

/// Sends one mail into a fault; fails where the outcome is wrong, or contradicts the relay's journal.
pub(crate) async fn try_cell(fault: Fault, mail: &Built) -> Result<&'static str, String> {
    let relay = Relay::with_fault(fault.clone()).await.map_err(|error| error.to_string())?;
    let outcome = mailer(&url_for(&relay, fault.at), LIMIT).send(mail).await;
    let told = relay.accepted();
    let got = class(&outcome);
    if !expected(fault.at, &fault.does).contains(&got) {
        return Err(format!("{fault:?}: {outcome:?}"));
    }
    let belief_holds = match got {
        "sent" => told.len() == 1 && told[0].sha256.len() == 64,
        "ambiguous" => true,
        _ => told.is_empty(),
    };
    if belief_holds { Ok(got) } else { Err(format!("{fault:?}: believes {outcome:?}, the relay took {}", told.len())) }
}
