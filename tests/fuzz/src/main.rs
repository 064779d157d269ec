//! Coverage-guided fuzzing of all that strangers write: `FUZZ_TARGET=reader fuzz CORPUS`. A panic, a run over the driver's limits of
//! time and memory, or a broken law is a crash. `.ci/fuzz` builds and runs it.
#![no_main]

mod pages;
mod texts;

use std::sync::LazyLock;

/// Takes one input.
type Target = fn(&[u8]);

/// Names of the targets; the first eight are those of T21 in the catalogue of faults.
const TARGETS: [(&str, Target); 10] = [
    ("form", pages::form),
    ("phone", texts::phone),
    ("cell", texts::cell),
    ("book", texts::book),
    ("letter", texts::letter),
    ("filter", pages::filter),
    ("cursor", pages::cursor),
    ("forwarded", texts::forwarded),
    ("reader", texts::reader),
    ("incoming", texts::incoming),
];

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var("FUZZ_TARGET").unwrap_or_default();
    let target = TARGETS.iter().find(|(known, _)| *known == name);
    target.unwrap_or_else(|| panic!("FUZZ_TARGET is one of {:?}", TARGETS.map(|(known, _)| known))).1
});

/// Loads the tables and the database that the first inputs would else be charged with: the driver's limit is a second.
fn warm_up() {
    for first in 0..9 {
        let need = "用地30亩，年税收500万元".as_bytes();
        TARGET(&[&[first], need].concat());
        TARGET(&[&[first], &b"{\"text\": \"30\"}"[..]].concat());
    }
}

libfuzzer_sys::fuzz_target!(init: warm_up(), |data: &[u8]| TARGET(data));
