//! View of an answer in which nothing fits: the nearest listings and the smallest change, before everything else.

use domain::matching::{Answer, Match};
use serde::Serialize;

use super::advice::StepView;
use super::answer::AnswerView;
use crate::i18n::{Locale, word};

/// Listings that are named first.
const NEAREST: usize = 3;

/// The first things to see where nothing fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NothingView {
    /// The nearest listings.
    pub nearest: Vec<NearestView>,
    /// The smallest change.
    pub change: Option<SmallestChange>,
    /// Two changes that open something together, where no single one does.
    pub both: Option<String>,
}

/// One of the nearest listings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NearestView {
    /// Its name.
    pub name: String,
    /// Its page.
    pub url: String,
    /// Its place.
    pub region: String,
    /// The criterion that it falls short of, with the gap.
    pub short: Vec<String>,
}

/// The smallest change of one criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SmallestChange {
    /// The criterion.
    pub label: String,
    /// The change.
    pub step: StepView,
}

/// Returns the first things to see; `None` where something fits or may fit.
#[must_use]
pub fn nothing(locale: Locale, answer: &Answer, view: &AnswerView) -> Option<NothingView> {
    if answer.counts.matched + answer.counts.to_confirm > 0 {
        return None;
    }
    let near = view.groups.iter().find(|group| group.code == "near").map_or(&[][..], |group| &group.matches);
    let nearest = near.iter().take(NEAREST).map(|found| NearestView {
        name: found.name.clone(),
        url: found.url.clone(),
        region: found.region.clone(),
        short: found.signs.iter().filter(|sign| sign.code == "short").map(|sign| sign.words.clone()).collect(),
    });
    Some(NothingView {
        nearest: nearest.collect(),
        change: smallest(locale, answer.near.first(), view),
        both: view.pairs.first().map(|pair| pair.words.clone()),
    })
}

/// The first step of the criterion by which the best listing is short; else of the first criterion that opens something.
fn smallest(locale: Locale, best: Option<&Match>, view: &AnswerView) -> Option<SmallestChange> {
    let short = best.and_then(|found| found.shortfalls().next());
    let label = short.map(|judged| word(locale, "criterion", judged.criterion.id()));
    let own = view.relaxations.iter().find(|advice| Some(&advice.label) == label.as_ref());
    let advice = own.or_else(|| view.relaxations.first())?;
    Some(SmallestChange { label: advice.label.clone(), step: advice.steps.first()?.clone() })
}
