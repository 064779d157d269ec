//! Matching from outside: the published examples, a plain second evaluator, and laws on random inventories.
//!
//! `PROPTEST_CASES=10000 cargo test -p domain --release` is the full run; `MUTANTS.md` records the last mutation pass.

mod advice;
mod agreement;
mod brute;
mod examples;
mod facilities;
mod generate;
mod laws;
mod oracle;
mod tables;
