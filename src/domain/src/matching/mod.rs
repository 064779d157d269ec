//! Matching: listings judged against a requirement, criterion by criterion (contract §6).

mod answer;
mod bits;
mod columns;
mod commitment;
mod criterion;
mod filter;
mod flags;
mod gather;
mod index;
mod judge;
mod pairs;
mod plan;
mod rank;
mod relax;
mod reverse;
mod row;
mod scan;
mod score;
mod sieve;

pub use answer::{Answer, Change, Counts, Group, Half, Judged, ListingRef, Match, Mode, Pair, Relaxation, Step};
pub use commitment::{CommitmentCheck, CommitmentLine, check_commitment};
pub use criterion::{Criterion, Formula, Relaxing, Row, TABLE};
pub use filter::{is_considered, wanted_kinds};
pub use index::Index;
pub use judge::{Value, Verdict};
pub use reverse::{Fit, ReverseIndex};
pub use scan::Work;
pub use score::{Ranking, RankingLine};
