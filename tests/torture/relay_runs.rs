//! Runs of the SMTP mailer alone against the relay.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::extension::ClientId;
use luodi::mail::{Built, Mailer as _};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::Findings;
use crate::fault_relay::{At, Does, Offers, Relay};
use crate::mailbag::letter;
use crate::matrix::{cells, class, mailer, try_cell};
use crate::options::Options;

/// Whether a connection is dropped at the first doubt, as the mailer does, or kept, as lettre's pool does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guard {
    On,
    Off,
}

fn to(local: &str) -> Built {
    let mut letter = letter();
    letter.to.address = format!("{local}@example.com");
    letter.message_id = format!("{local}@luodi.example.com");
    letter.build(None).expect("builds")
}

/// T05.
pub(crate) async fn matrix(options: &Options, findings: &mut Findings) {
    let rows = options.number("rows", 10);
    // More at once would make a busy machine miss the healthy cells' limits.
    let at_once = Arc::new(Semaphore::new(options.number("at-once", 48)));
    let mut running = JoinSet::new();
    let cells = cells();
    let wanted = cells.len() * rows;
    for fault in cells {
        for row in 0..rows {
            let (fault, at_once) = (fault.clone(), Arc::clone(&at_once));
            running.spawn(async move {
                let _turn = at_once.acquire_owned().await.expect("open");
                let result = try_cell(fault.clone(), &to(&format!("row{row}"))).await;
                (fault, result)
            });
        }
    }
    let mut table: BTreeMap<(At, String), BTreeMap<&'static str, usize>> = BTreeMap::new();
    let mut wrong = Vec::new();
    while let Some(done) = running.join_next().await {
        let (fault, result) = done.expect("without a panic");
        match result {
            Ok(class) => {
                *table.entry((fault.at, format!("{:?}", fault.does))).or_default().entry(class).or_default() += 1;
            }
            Err(error) => wrong.push(error),
        }
    }
    for ((at, does), classes) in &table {
        println!("  {:<9} {does:<34} {classes:?}", format!("{at:?}"));
    }
    for error in &wrong {
        println!("  wrong: {error}");
    }
    findings.figure(
        "cells whose class and belief are right",
        wanted - wrong.len(),
        &wanted.to_string(),
        wrong.is_empty(),
    );
}

/// T07.
pub(crate) async fn desync(options: &Options, findings: &mut Findings, guard: Guard) {
    let rounds = options.number("rounds", 200);
    let limit = Duration::from_millis(250);
    let mut running = JoinSet::new();
    let lanes = 20;
    for lane in 0..lanes {
        running.spawn(async move {
            let mut right = 0;
            for round in (lane..rounds).step_by(lanes) {
                right += match guard {
                    Guard::On => guarded_round(round, limit).await,
                    Guard::Off => unguarded_round(round, limit).await,
                };
            }
            right
        });
    }
    let right: usize = running.join_all().await.into_iter().sum();
    findings.figure(
        "messages whose belief is the relay's truth",
        right,
        &format!("{}", rounds * 2),
        right == rounds * 2,
    );
}

async fn late_then_refused(limit: Duration) -> Relay {
    let script = move |at: At, situation: &crate::fault_relay::Situation| {
        let late = situation.recipient.as_deref().is_some_and(|to| to.starts_with("late"));
        match at {
            At::Dot if late => Some(Does::Delays(limit * 3 / 2)),
            At::Dot => Some(Does::Says("554 5.7.1 refused")),
            _ => None,
        }
    };
    Relay::scripted(Offers::default(), script).await.expect("a relay")
}

async fn guarded_round(round: usize, limit: Duration) -> usize {
    let relay = late_then_refused(limit).await;
    let mailer = mailer(&relay.url(), limit);
    let late = class(&mailer.send(&to(&format!("late{round}"))).await) == "ambiguous";
    let next = class(&mailer.send(&to(&format!("next{round}"))).await) == "permanent";
    usize::from(late) + usize::from(next)
}

async fn unguarded_round(round: usize, limit: Duration) -> usize {
    let relay = late_then_refused(limit).await;
    let hello = ClientId::Domain("luodi.example.com".into());
    let mut kept =
        AsyncSmtpConnection::connect_tokio1(relay.address(), None, &hello, None, None).await.expect("connects");
    let envelope = |mail: &Built| {
        let parse = |text: &str| text.parse().expect("an address");
        Envelope::new(Some(parse(&mail.envelope_from)), vec![parse(&mail.recipient)]).expect("an envelope")
    };
    let (first, second) = (to(&format!("late{round}")), to(&format!("next{round}")));
    let late = timeout(limit, kept.send(&envelope(&first), &first.bytes)).await.is_err();
    let next = kept.send(&envelope(&second), &second.bytes).await.is_err_and(|error| error.is_permanent());
    usize::from(late) + usize::from(next)
}
