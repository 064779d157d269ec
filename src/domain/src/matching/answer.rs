//! What matching returns: judged listings in groups, with advice; serialised exactly as contract §6.

use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::criterion::{Criterion, TABLE};
use super::judge::{Case, Value, Verdict};
use super::score::{Ranking, evidence_day, freshness, points};
use crate::decimal::Decimal;
use crate::listing::{Kind, Listing};
use crate::region::DivisionCode;
use crate::requirement::Requirement;
use chrono::NaiveDate;

/// Whether a criterion excludes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// It does.
    Must,
    /// A wish: it moves the score alone.
    Prefer,
}

/// One criterion's judgement of one listing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judged {
    /// Which.
    pub criterion: Criterion,
    /// Must or wish.
    pub mode: Mode,
    /// What came of it.
    pub verdict: Verdict,
    /// The requirement's side.
    pub need: Value,
    /// The listing's side.
    pub offer: Value,
    /// How much is missing, where short and counted in a unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap: Option<Decimal>,
    /// The unit of the gap.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<&'static str>,
    /// Its part of the score.
    pub points: u32,
    /// The most that it can give.
    pub max_points: u32,
}

/// What identifies a listing to people.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListingRef {
    /// `plot_no`, `space_no` or `code`.
    pub id: Arc<str>,
    /// The kind.
    pub kind: Kind,
    /// The name.
    pub name: Arc<str>,
    /// The park's code.
    pub park: Option<Arc<str>>,
    /// The narrowest division stated.
    pub region: Option<DivisionCode>,
}

/// A listing judged against a requirement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Match {
    /// Which listing.
    pub listing: ListingRef,
    /// The sum of the criteria's points.
    pub score: u32,
    /// The land that a plot would supply, mu, rounded up at the fourth place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub take_mu: Option<Decimal>,
    /// Every criterion used, in the order of the table.
    pub criteria: Vec<Judged>,
}

/// Where a considered listing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Every must met.
    Matched,
    /// No must short, at least one unknown or unstated.
    ToConfirm,
    /// Exactly one must short, and that one not legal.
    Near,
    /// None of these.
    Out,
}

/// How many listings stand where, before the limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// All that were judged.
    pub considered: usize,
    /// Matched.
    pub matched: usize,
    /// To be confirmed.
    pub to_confirm: usize,
    /// Near.
    pub near: usize,
}

/// By how much a criterion is to be changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// By so much, in the criterion's unit.
    By(Decimal),
    /// This value accepted besides.
    Accept(String),
}

impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::By(gap) => gap.serialize(serializer),
            Self::Accept(value) => serializer.serialize_str(value),
        }
    }
}

/// One step of a relaxation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// By how much.
    pub change: Change,
    /// How many near listings it opens.
    pub opens: usize,
}

/// What changing one criterion opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Relaxation {
    /// Which criterion.
    pub criterion: Criterion,
    /// The unit of its changes; none where values are accepted besides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<&'static str>,
    /// The steps.
    pub steps: Vec<Step>,
}

/// One half of a change of two criteria.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Half {
    /// Which criterion.
    pub criterion: Criterion,
    /// The unit of the change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<&'static str>,
    /// By how much.
    pub change: Change,
}

/// Two changes that together open what neither opens alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pair {
    /// Both changes, in the order of the table.
    pub changes: [Half; 2],
    /// How many listings they open.
    pub opens: usize,
}

/// A whole answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// The ranking's version.
    pub version: String,
    /// How many stand where.
    pub counts: Counts,
    /// Highest score first, then id by bytes.
    pub matched: Vec<Match>,
    /// Likewise.
    pub to_confirm: Vec<Match>,
    /// Likewise.
    pub near: Vec<Match>,
    /// What one change opens.
    pub relaxations: Vec<Relaxation>,
    /// What two changes open, where no single one opens anything; else empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pairs: Vec<Pair>,
}

/// What judging one listing after another shares.
pub(super) struct Bench<'r> {
    requirement: &'r Requirement,
    /// Most points, by the row of the table.
    weights: [u32; TABLE.len()],
    wishes: [bool; TABLE.len()],
    today: NaiveDate,
}

/// Criteria of most answers: room for them at once.
const USUAL_CRITERIA: usize = 16;

impl<'r> Bench<'r> {
    pub(super) fn new(requirement: &'r Requirement, ranking: &Ranking, today: NaiveDate) -> Self {
        let mut bench = Self { requirement, weights: [0; TABLE.len()], wishes: [false; TABLE.len()], today };
        for (at, row) in TABLE.iter().enumerate() {
            bench.weights[at] = ranking.max_points(row.criterion);
            bench.wishes[at] = requirement.prefer.contains(&row.criterion);
        }
        bench
    }

    /// Judges a listing by every criterion that is used.
    pub(super) fn judge(&self, listing: &Listing) -> Match {
        let case = Case::new(self.requirement, listing);
        let fresh = freshness(listing.dated.as_deref().and_then(evidence_day), self.today);
        let mut criteria = Vec::with_capacity(USUAL_CRITERIA);
        for (at, row) in TABLE.iter().enumerate() {
            let Some(finding) = (row.judge)(&case) else { continue };
            criteria.push(Judged {
                criterion: row.criterion,
                mode: if self.wishes[at] { Mode::Prefer } else { Mode::Must },
                verdict: finding.verdict,
                need: finding.need,
                offer: finding.offer,
                unit: finding.gap.and_then(|_| row.criterion.unit(listing.kind())),
                gap: finding.gap,
                points: points(self.weights[at], finding.fit, fresh),
                max_points: self.weights[at],
            });
        }
        Match {
            listing: ListingRef {
                id: listing.id.clone(),
                kind: listing.kind(),
                name: listing.name.clone(),
                park: listing.park.clone(),
                region: listing.division,
            },
            score: criteria.iter().map(|judged| judged.points).sum(),
            take_mu: case.take.map(crate::area::Mu::ceil4),
            criteria,
        }
    }
}

/// Where a listing stands that no must leaves short; `None` as soon as one does.
pub(super) fn fit(listing: &Listing, requirement: &Requirement) -> Option<Group> {
    let case = Case::new(requirement, listing);
    let mut group = Group::Matched;
    for row in TABLE.iter().filter(|row| !requirement.prefer.contains(&row.criterion)) {
        match (row.judge)(&case).map(|finding| finding.verdict) {
            None | Some(Verdict::Met) => {}
            Some(Verdict::Short) => return None,
            Some(Verdict::Unknown | Verdict::Unstated) => group = Group::ToConfirm,
        }
    }
    Some(group)
}

impl Match {
    /// The musts that are short.
    pub fn shortfalls(&self) -> impl Iterator<Item = &Judged> {
        self.criteria.iter().filter(|judged| judged.mode == Mode::Must && judged.verdict == Verdict::Short)
    }

    /// Where the listing stands.
    #[must_use]
    pub fn group(&self) -> Group {
        let mut short = self.shortfalls();
        match (short.next(), short.next()) {
            (None, _) if self.musts_are_met() => Group::Matched,
            (None, _) => Group::ToConfirm,
            (Some(only), None) if !only.criterion.is_legal() => Group::Near,
            _ => Group::Out,
        }
    }

    fn musts_are_met(&self) -> bool {
        self.criteria.iter().all(|judged| judged.mode == Mode::Prefer || judged.verdict == Verdict::Met)
    }
}
