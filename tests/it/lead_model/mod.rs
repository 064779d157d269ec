//! T22: long histories of commands on leads, carried out by the service and by a plain model beside it. After each
//! command both say the same, and what the database holds is what the model holds.
//!
//! `TORTURE_SEED` replays a history (which of two editors at once wins is the machine's), `LUODI_LEAD_STEPS` sets its
//! length: 10,000 in full.
#![expect(clippy::print_stdout, reason = "seed and counts, shown where a history fails or they are asked for")]

mod model;
mod program;

use std::collections::BTreeMap;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};

use crate::app::TestApp;
use crate::database;
use model::{ASIDE, Command, LET, LISTINGS, LONGEST_NOTE, Model, Move, SITE, is_end};
use program::Program;

const STEPS: usize = 1_000;
/// From this length on a history must have met every answer.
const FULL: usize = 10_000;
/// How often everything is compared.
const LOOK: usize = 500;
/// 2026-11-24, in milliseconds; each command takes place a second after the one before.
const START: i64 = 1_795_478_400_000;

/// What a history must have met to prove anything.
const ANSWERS: [&str; 10] = [
    "ok",
    "replayed",
    "gone",
    "not found",
    "forbidden",
    "conflict lead_changed",
    "conflict mail_not_failed",
    "invalid to no_way",
    "invalid reason missing",
    "invalid reason too_long",
];

#[tokio::test(flavor = "multi_thread")]
async fn leads_on_sqlite_are_what_a_plain_model_of_them_is() {
    history(TestApp::over(database::sqlite().await, &[]).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leads_on_postgres_are_what_a_plain_model_of_them_is() {
    if let Some(db) = database::postgres().await {
        history(TestApp::over(db, &[]).await).await;
    }
}

async fn history(test: TestApp) {
    let set = |name: &str| std::env::var(name).ok().and_then(|value| value.parse().ok());
    let seed = set("TORTURE_SEED").unwrap_or_else(rand::random::<u64>);
    let steps = set("LUODI_LEAD_STEPS").map_or(STEPS, |steps| steps as usize);
    let program = Program::over(test).await;
    let mut model = Model { people: program.people().await, ..Model::default() };
    let (mut met, mut told) = (BTreeMap::<String, usize>::new(), Vec::new());
    println!("{}: TORTURE_SEED={seed}, {steps} steps", program.name);
    for step in 0..steps {
        let mut dice = StdRng::seed_from_u64(seed ^ (step as u64) << 20);
        model.now = START + 1000 * step as i64;
        program.set_clock(model.now);
        let command = draw(&mut dice, &model);
        let expected = model.expected(&command);
        let (answer, made) = program.run(&command, &model, step).await;
        told.push(format!("{command:?}: {answer}"));
        if !expected.contains(&answer) {
            let before = told[told.len().saturating_sub(20)..].join("\n");
            panic!("{}, seed {seed}, step {step}: the model says {expected:?}\n{before}", program.name);
        }
        for part in answer.split(", ") {
            *met.entry(part.to_owned()).or_default() += 1;
        }
        model.apply(&command, &answer, made);
        if (step + 1) % LOOK == 0 || step + 1 == steps {
            let (held, wanted) = (program.rows().await, model.rows());
            for (what, (held, wanted)) in ["lead", "event", "audit", "access"].iter().zip(held.iter().zip(&wanted)) {
                let apart = held.iter().zip(wanted).find(|(held, wanted)| held != wanted);
                assert_eq!(apart, None, "{}, seed {seed}, step {step}: {what}", program.name);
                assert_eq!(held.len(), wanted.len(), "{}, seed {seed}, step {step}: {what}", program.name);
            }
        }
    }
    let [leads, events, ..] = model.rows().map(|rows| rows.len());
    println!("{}: {leads} leads, {events} lines of history, {} requirements", program.name, model.needs.len());
    for answer in ANSWERS {
        let times = met.get(answer).copied().unwrap_or_default();
        println!("{times:6} {answer}");
        assert!(times > 0 || steps < FULL, "{}, seed {seed}: never {answer}", program.name);
    }
}

/// The next command: mostly sensible, so that leads come far, and often enough wrong.
fn draw(dice: &mut StdRng, model: &Model) -> Command {
    let roll = dice.random_range(0..1000);
    if model.needs.is_empty() || roll < 40 {
        return Command::Submit { is_suspected: dice.random_range(0..4) == 0 };
    }
    let need = dice.random_range(0..model.needs.len());
    if model.leads.is_empty() || roll < 90 {
        let listings = (0..dice.random_range(1..4)).map(|_| dice.random_range(0..LISTINGS.len())).collect();
        // The newest mostly: the others have been asked for everything by and by.
        let need = if dice.random_bool(0.7) { model.needs.len() - 1 } else { need };
        return Command::Ask { need, listings };
    }
    let lead = lead(dice, model);
    let who = person(dice, model, lead);
    match roll {
        90..100 => Command::Erase { need, key: dice.random_range(0..2) },
        100..130 => Command::Clear { need, who },
        130..650 => Command::Advance(a_move(dice, model, lead, who)),
        650..720 => Command::Reveal { lead, who },
        720..790 => Command::Show { lead, who },
        790..820 => Command::Inbox { who, stage: stage(dice) },
        820..850 if !model.needs[model.leads[lead].need].is_hidden && !model.leads[lead].is_withdrawn => {
            Command::Fail { lead }
        }
        850..900 => Command::Resend { lead, who, mail: dice.random_range(0..=model.leads[lead].mails.len()) },
        _ => at_once(dice, model, lead, roll),
    }
}

/// Two commands at once, on a lead that may be worked; else a plain look.
fn at_once(dice: &mut StdRng, model: &Model, lead: usize, roll: i32) -> Command {
    let workers: Vec<usize> = (0..model.people.len()).filter(|who| model.works(*who, &model.leads[lead])).collect();
    let Some(who) = workers.choose(dice).copied() else { return Command::Show { lead, who: 0 } };
    if model.leads[lead].is_withdrawn {
        return Command::Show { lead, who };
    }
    let (version, note) = (model.leads[lead].version, "客户要求".to_owned());
    let mut sound = |who: usize| {
        let next = model.leads[lead].next(model.people[who].role);
        let to = next.choose(dice).copied();
        to.map(|to| Move { who, lead, version, to, note: note.clone() })
    };
    match roll {
        990..995 => sound(who).map_or(Command::Show { lead, who }, Command::MoveAndErase),
        995.. => Command::RevealAndErase { lead, who },
        _ => match (sound(who), sound(workers[workers.len() - 1])) {
            (Some(one), Some(other)) => Command::Duel([one, other]),
            _ => Command::Show { lead, who },
        },
    }
}

fn lead(dice: &mut StdRng, model: &Model) -> usize {
    let lively: Vec<usize> = (0..model.leads.len())
        .filter(|at| {
            let lead = &model.leads[*at];
            !model.needs[lead.need].is_hidden && !lead.is_withdrawn && !is_end(lead.path(), lead.stage)
        })
        .collect();
    match lively.choose(dice) {
        Some(lead) if dice.random_bool(0.85) => *lead,
        _ => dice.random_range(0..model.leads.len()),
    }
}

fn person(dice: &mut StdRng, model: &Model, lead: usize) -> usize {
    let any = dice.random_range(0..model.people.len());
    let workers: Vec<usize> = (0..model.people.len()).filter(|who| model.works(*who, &model.leads[lead])).collect();
    if dice.random_bool(0.8) { workers.choose(dice).copied().unwrap_or(any) } else { any }
}

fn stage(dice: &mut StdRng) -> &'static str {
    let all: Vec<_> = [SITE, LET, ASIDE].concat();
    all.choose(dice).copied().unwrap_or("registered")
}

fn a_move(dice: &mut StdRng, model: &Model, at: usize, who: usize) -> Move {
    let lead = &model.leads[at];
    let next = lead.next(model.people[who].role);
    // Ends seldom, and the next few steps of the path mostly, so that leads come far.
    let to = match dice.random_range(0..10) {
        0..2 => stage(dice),
        2..3 => next.choose(dice).copied().unwrap_or_else(|| stage(dice)),
        _ => next.iter().take(3).rfind(|to| !is_end(lead.path(), to)).copied().unwrap_or_else(|| stage(dice)),
    };
    let version = match dice.random_range(0..10) {
        0 => dice.random_range(0..=lead.version),
        1 if dice.random_bool(0.2) => lead.version + 1,
        _ => lead.version,
    };
    let note = match dice.random_range(0..20) {
        0..8 => "客户要求".to_owned(),
        8..10 => " 'x'; -- 两端有空白 ".to_owned(),
        10 => "字".repeat(LONGEST_NOTE),
        11 => "字".repeat(LONGEST_NOTE + 1),
        12..16 => " \t".to_owned(),
        _ => String::new(),
    };
    Move { who, lead: at, version, to, note }
}
