//! The stages to which a lead may be moved, as its page offers them: the usual step, the ways out, jumps, and reopening.

use domain::lead::{SPACE_PATH, Stage};
use serde::Serialize;

use crate::i18n::{Locale, word};
use crate::service::leads::LeadView;
use crate::web::view::OptionView;

/// The moves of a lead.
#[derive(Serialize)]
pub(super) struct Moves {
    /// The present stage and the two after it on the path.
    ahead: Vec<String>,
    /// The usual step: along the path, or back to it.
    step: Option<OptionView>,
    /// Whether the usual step asks for amount and day of a signature.
    step_signs: bool,
    /// Whether a signature needs them: on the path of space they may be left out.
    needs_amount: bool,
    may_shelve: bool,
    /// Lost and withdrawn.
    ends: Vec<OptionView>,
    jumps: Vec<OptionView>,
    /// The stage to which an ended lead is opened again.
    reopen: Option<OptionView>,
}

fn option(locale: Locale, stage: Stage, chosen: &str) -> OptionView {
    OptionView {
        value: stage.word().to_owned(),
        label: word(locale, "stage", stage.word()),
        checked: chosen == stage.word(),
    }
}

/// Sorts the next stages of a lead; `chosen` is the one of a form that was refused.
pub(super) fn moves(locale: Locale, view: &LeadView, chosen: &str) -> Moves {
    let mut next = view.next.clone();
    let is_ended = view.page.row.lead.stage.known().is_some_and(Stage::is_final);
    let reopen = if is_ended { next.drain(..).next() } else { None };
    let step = next.first().copied().filter(|stage| !matches!(stage, Stage::Shelved | Stage::Lost | Stage::Withdrawn));
    let is_end = |stage: &Stage| matches!(stage, Stage::Lost | Stage::Withdrawn);
    let is_jump = |stage: &&Stage| Some(**stage) != step && **stage != Stage::Shelved && !is_end(stage);
    let offer = |stage: Stage| option(locale, stage, chosen);
    Moves {
        ahead: ahead(locale, view),
        step: step.map(offer),
        step_signs: step == Some(Stage::Signed),
        needs_amount: view.standing.is_none_or(|standing| standing.path != SPACE_PATH),
        may_shelve: next.contains(&Stage::Shelved),
        ends: next.iter().copied().filter(is_end).map(offer).collect(),
        jumps: next.iter().filter(is_jump).copied().map(offer).collect(),
        reopen: reopen.map(offer),
    }
}

/// Stages that the page shows of a path: the present one and two more.
const AHEAD: usize = 3;

fn ahead(locale: Locale, view: &LeadView) -> Vec<String> {
    let Some(standing) = view.standing else { return Vec::new() };
    let at = standing.path.iter().position(|stage| *stage == standing.stood).unwrap_or_default();
    standing.path.iter().skip(at).take(AHEAD).map(|stage| word(locale, "stage", stage.word())).collect()
}
