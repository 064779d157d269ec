//! Matching: listings judged against a requirement, criterion by criterion (contract §6).

mod advice;
mod answer;
mod bits;
mod columns;
mod commitment;
mod criteria;
mod criterion;
mod figure;
mod finding;
mod flags;
mod index;
mod judge;
mod nearness;
mod place;
mod plan;
mod predicate;
mod reverse;
mod rule;
mod scan;
mod score;
mod shelf;
mod table;

pub use advice::MOST_STEPS;
pub use answer::{
    Answer, Change, Counts, Group, Half, Judged, ListLimits, ListingRef, Match, Mode, Pair, Relaxation, Step,
};
pub use commitment::{CommitmentCheck, CommitmentLine, check_commitment, commitment_fields};
pub use criteria::{CriterionSpec, TABLE, asked_price};
pub use criterion::{Criterion, Formula, Relaxing};
pub use finding::{Value, Verdict};
pub use index::Index;
pub use reverse::{Fit, ReverseIndex};
pub use score::{Ranking, RankingLine};
