//! What answers cost, counted: bounds and zones change no answer, so that nothing else would notice if one of them no
//! longer did its part. Whoever means to change the work changes the figures here with it.

use std::fmt::Write as _;

use domain::matching::{Index, Ranking};

use crate::generate::{graded, listing, requirement, today};

const ROWS: usize = 12_000;
const REQUIREMENTS: u64 = 48;

/// By requirement, of the top and of the whole answer: blocks, verdicts, gaps, scores begun and finished.
const WORK: &str = include_str!("work.txt");

#[test]
fn bounds_and_zones_save_the_work_that_they_are_for() {
    let rows = (0..ROWS).map(|at| (at as u64 * 7919, at));
    let listings = rows.map(|(seed, at)| if at % 2 == 0 { listing(seed, at) } else { graded(listing(seed, at), seed) });
    let index = Index::build(listings.collect(), Ranking::default());
    let mut found = String::new();
    for seed in 0..REQUIREMENTS {
        let [top, whole] = index.work(&requirement(seed), 20, today());
        let of = |it: domain::matching::Work| {
            format!("{} {} {} {} {}", it.blocks, it.verdicts, it.gaps, it.scored, it.listed)
        };
        writeln!(found, "{seed}: {} | {}", of(top), of(whole)).expect("a text");
    }
    assert_eq!(found, WORK, "\n{found}");
}
