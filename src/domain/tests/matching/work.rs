//! What answers cost, counted: bounds and zones change no answer, so that nothing else would notice if one of them no
//! longer did its part. Whoever means to change the work changes the figures here with it.

use std::fmt::Write as _;
use std::sync::Arc;

use domain::listing::Listing;
use domain::matching::{Index, Ranking, ReverseIndex, Work};

use crate::generate::{alike, graded, listing, requirement, today};

const ROWS: usize = 13_500;
const REQUIREMENTS: u64 = 48;
const STORED: u64 = 4_000;
const CHANGED: usize = 48;

/// By inventory its bytes, then by requirement, of the top and of the whole answer: blocks, verdicts, gaps, scores
/// begun and finished. By changed listing the stored requirements judged in full.
const WORK: &str = include_str!("work.txt");

fn write_work(found: &mut String, inventory: &str, index: &Index) {
    writeln!(found, "{inventory}: {} bytes", index.bytes()).expect("a text");
    for seed in 0..REQUIREMENTS {
        let [top, whole] = index.work(&requirement(seed), 20, today());
        let of = |it: Work| format!("{} {} {} {} {}", it.blocks, it.verdicts, it.gaps, it.scored, it.listed);
        writeln!(found, "{seed}: {} | {}", of(top), of(whole)).expect("a text");
    }
}

#[test]
fn bounds_and_zones_save_the_work_that_they_are_for() {
    let mixed = |at| (at as u64 * 7919, listing(at as u64 * 7919, at));
    let many = |at: usize| {
        let (seed, it) = mixed(at);
        if at.is_multiple_of(2) { it } else { graded(it, seed) }
    };
    let like = |at: usize| {
        let (seed, it) = mixed(at);
        alike(it, seed)
    };
    let build = |listing: &dyn Fn(usize) -> Listing| Index::build((0..ROWS).map(listing).collect(), Ranking::default());
    let mut found = String::new();
    write_work(&mut found, "many figures and blanks", &build(&many));
    let mut index = build(&like);
    write_work(&mut found, "few figures and no blanks", &index);
    (ROWS..2 * ROWS).map(many).for_each(|listing| index.put(listing));
    write_work(&mut found, "as many more put in", &index);
    (0..ROWS).map(like).for_each(|listing| index.remove(listing.kind(), &listing.id));
    write_work(&mut found, "the first taken out", &index);
    let mut stored = ReverseIndex::new();
    (0..STORED).for_each(|seed| stored.put(Arc::from(seed.to_string()), requirement(seed * 31)));
    writeln!(found, "listings to {} stored requirements", stored.len()).expect("a text");
    for at in 0..CHANGED {
        let ((seed, blank), alike) = (mixed(at), like(at));
        let [blank, alike] = [blank, alike].map(|listing| stored.work(&listing));
        writeln!(found, "{seed}: {blank} | {alike}").expect("a text");
    }
    assert_eq!(found, WORK, "\n{found}");
}
