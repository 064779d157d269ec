//! The answer: judged listings in groups, with advice; serialised exactly as contract §6.

use std::sync::Arc;

use serde::Serialize;

use super::criterion::Criterion;
use super::finding::{Value, Verdict};
use crate::decimal::Decimal;
use crate::hold::Held;
use crate::listing::Kind;
use crate::region::DivisionCode;

/// Whether a shortfall on a criterion excludes a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    Must,
    /// A wish: it moves the score alone.
    Prefer,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judged {
    pub criterion: Criterion,
    pub mode: Mode,
    pub verdict: Verdict,
    pub need: Value,
    pub offer: Value,
    /// The amount missing, where short and counted in a unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap: Option<Decimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<&'static str>,
    pub points: u32,
    pub max_points: u32,
}

/// Identity of a listing, as people know it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListingRef {
    /// `plot_no`, `space_no` or `code`.
    pub id: Arc<str>,
    pub kind: Kind,
    pub name: Arc<str>,
    pub park: Option<Arc<str>>,
    /// The narrowest division stated.
    pub region: Option<DivisionCode>,
}

/// A listing judged against a requirement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Match {
    pub listing: ListingRef,
    /// The sum of the criteria's points.
    pub score: u32,
    /// The land that a plot would supply, mu, rounded up at the fourth place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub take_mu: Option<Decimal>,
    /// The parts that are held for others; they change neither verdict, score nor order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<Held>,
    /// Every criterion used, in the order of the table.
    pub criteria: Vec<Judged>,
}

/// The group of a considered listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Every must met.
    Matched,
    /// No must short, at least one unknown or unstated.
    ToConfirm,
    /// Exactly one must short, and that one not legal.
    Near,
    Out,
}

/// Number of listings per group, before the limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub considered: usize,
    pub matched: usize,
    pub to_confirm: usize,
    pub near: usize,
}

/// The most matches of each list of an answer; those past it are counted and not explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListLimits {
    pub matched: usize,
    pub to_confirm: usize,
    pub near: usize,
}

impl From<usize> for ListLimits {
    fn from(most: usize) -> Self {
        Self { matched: most, to_confirm: most, near: most }
    }
}

impl ListLimits {
    /// These limits, none above `most`.
    #[must_use]
    pub fn at_most(self, most: usize) -> Self {
        let Self { matched, to_confirm, near } = self;
        Self { matched: matched.min(most), to_confirm: to_confirm.min(most), near: near.min(most) }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(untagged)]
pub enum Change {
    /// By this amount, in the criterion's unit.
    By(Decimal),
    /// This value accepted besides.
    Accept(String),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    pub change: Change,
    pub opens: usize,
}

/// Changes of one criterion, with the near listings that each opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Relaxation {
    pub criterion: Criterion,
    /// The unit of its changes; none where values are accepted besides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<&'static str>,
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Half {
    pub criterion: Criterion,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<&'static str>,
    pub change: Change,
}

/// Two changes that together open what neither opens alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pair {
    /// Both changes, in the order of the table.
    pub changes: [Half; 2],
    pub opens: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    pub version: String,
    pub counts: Counts,
    /// Highest score first, then id by bytes.
    pub matched: Vec<Match>,
    pub to_confirm: Vec<Match>,
    pub near: Vec<Match>,
    pub relaxations: Vec<Relaxation>,
    /// Changes of two criteria, where no single one opens anything; else empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pairs: Vec<Pair>,
}

impl Match {
    pub fn shortfalls(&self) -> impl Iterator<Item = &Judged> {
        self.criteria.iter().filter(|judged| judged.mode == Mode::Must && judged.verdict == Verdict::Short)
    }

    #[must_use]
    pub fn group(&self) -> Group {
        let mut short = self.shortfalls();
        let mut musts = self.criteria.iter().filter(|judged| judged.mode == Mode::Must);
        match (short.next(), short.next()) {
            (None, _) if musts.all(|judged| judged.verdict == Verdict::Met) => Group::Matched,
            (None, _) => Group::ToConfirm,
            (Some(only), None) if !only.criterion.is_legal() => Group::Near,
            _ => Group::Out,
        }
    }
}
