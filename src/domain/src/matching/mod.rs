//! Matching: listings judged against a requirement, criterion by criterion (contract §6).

mod criterion;

pub use criterion::Criterion;
