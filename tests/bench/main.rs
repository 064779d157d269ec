//! `cargo bench -p domain`: the engine beside databases, on the same generated rows (see `README.md`).
#![expect(clippy::print_stdout, reason = "a report is what it is for")]

mod inventory;
mod peers;

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use domain::listing::Listing;
use domain::matching::{Answer, Index, Match, Ranking, ReverseIndex};
use domain::requirement::Requirement;

use inventory::{Dice, Places, today};

/// A class of requirements: its name, the requirement, and the bytes a plot's row that deciding and scoring it read.
struct Class {
    name: &'static str,
    json: &'static str,
    bytes: usize,
}

const CLASSES: [Class; 3] = [
    Class {
        name: "narrow",
        json: r#"{"kinds":["plot"],"regions":["330000","320000","340000","370000"],"industry":"36","use":"production",
            "land_mu":{"min":30,"max":120},"tax_wan":3000,"fixed_investment_wan":60000,"output_wan":90000,
            "rd_percent":5,"tenure":"buy","price_wan_per_mu_max":45,"power_kva":2000,
            "park_levels":["国家级","省级"],"available_by":"2027-12-31"}"#,
        bytes: 65,
    },
    Class {
        name: "middle",
        json: r#"{"kinds":["plot"],"regions":["330200","330100","320500"],"use":"production","land_mu":{"min":20,"max":80},
            "price_wan_per_mu_max":45,"power_kva":1000,"tenure":"buy","available_by":"2027-12-31"}"#,
        bytes: 33,
    },
    Class {
        name: "broad",
        json: r#"{"kinds":["plot"],"use":"production","land_mu":{"max":200},"price_wan_per_mu_max":60}"#,
        bytes: 26,
    },
];

const ROWS: usize = 1_000_000;
const TOP: usize = 20;
/// Requirements against which one listing is held.
const STORED: usize = 100_000;

fn requirement(json: &str) -> Requirement {
    serde_json::from_str(json).expect("a requirement")
}

/// CPU time of this thread.
fn now() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// The CPU time of one run.
fn time<T>(run: impl FnOnce() -> T) -> Duration {
    let before = now();
    black_box(run());
    now() - before
}

/// Repeats a measurement, for about so long.
fn repeated<T>(mut measure: impl FnMut() -> T, long: Duration) -> Vec<T> {
    let start = now();
    let mut found = Vec::new();
    while found.len() < 7 || now() - start < long && found.len() < 301 {
        found.push(measure());
    }
    found
}

fn middle<T: Copy>(mut found: Vec<T>, order: impl Fn(&T, &T) -> std::cmp::Ordering) -> T {
    found.sort_unstable_by(order);
    found[found.len() / 2]
}

/// The median CPU time of repeated runs.
fn median<T>(mut run: impl FnMut() -> T) -> Duration {
    middle(repeated(|| time(&mut run), Duration::from_secs(1)), Duration::cmp)
}

/// The median CPU times of two things that take turns, and the median of the turns' ratios: what the machine's other
/// guests take, they take from both. A turn is the median of many runs, for the first of them find the caches full of the
/// other's.
fn paired<T, U>(mut one: impl FnMut() -> T, mut other: impl FnMut() -> U) -> (Duration, Duration, f64) {
    const A_TURN: Duration = Duration::from_millis(250);
    let turn = || {
        let ones = repeated(|| time(&mut one), A_TURN);
        let others = repeated(|| time(&mut other), A_TURN);
        (middle(ones, Duration::cmp), middle(others, Duration::cmp))
    };
    let turns = repeated(turn, Duration::from_secs(1));
    let ratios = turns.iter().map(|(one, other)| one.as_secs_f64() / other.as_secs_f64());
    let ratio = middle(ratios.collect(), f64::total_cmp);
    let (ones, others) = turns.into_iter().unzip();
    (middle(ones, Duration::cmp), middle(others, Duration::cmp), ratio)
}

fn ms(time: Duration) -> String {
    format!("{:.3}", time.as_secs_f64() * 1e3)
}

// Marked so that callgrind can count them alone.
#[inline(never)]
fn measured_answer(index: &Index, requirement: &Requirement) -> Answer {
    index.answer(requirement, TOP, today())
}

/// As many bytes as a class reads; streamed once they are the floor.
fn floor(plots: usize, bytes: usize) -> impl Fn() -> u64 {
    let words: Vec<u64> = (0..plots * bytes / 8).map(|at| at as u64).collect();
    move || words.iter().fold(0_u64, |sum, word| sum.wrapping_add(*word))
}

fn listings(rows: usize) -> Vec<Listing> {
    let places = Places::new();
    (0..rows).map(|number| places.listing(number)).collect()
}

fn build(rows: usize) -> (Index, Duration) {
    let listings = listings(rows);
    let before = now();
    let index = Index::build(listings, Ranking::default());
    (index, (now() - before))
}

/// Times one size; a line a class.
fn sizes(rows: usize) -> Index {
    let (index, built) = build(rows);
    let plots = index.iter().filter(|listing| listing.kind() == domain::listing::Kind::Plot).count();
    println!("rows {rows}: built in {} ms", ms(built));
    println!("{:8} {:>9} {:>9} {:>10} {:>10} {:>8}", "class", "matched", "near", "answer", "floor", "÷ floor");
    for class in &CLASSES {
        let requirement = requirement(class.json);
        let answer = measured_answer(&index, &requirement);
        let (whole, floor, ratio) = paired(|| measured_answer(&index, &requirement), floor(plots, class.bytes));
        let counts = answer.counts;
        let (whole, floor) = (ms(whole), ms(floor));
        print!("{:8} {:>9} {:>9} {whole:>10} ", class.name, counts.matched, counts.near);
        println!("{floor:>10} {ratio:>8.2}");
    }
    index
}

/// The engine's counts, lists, weights and days, for the peers to agree with.
fn answers(index: &Index) -> String {
    let listed = |list: &[Match]| -> Vec<_> {
        list.iter().map(|it| serde_json::json!({ "id": it.listing.id, "score": it.score })).collect()
    };
    let whole = |class: &Class| {
        let answer = measured_answer(index, &requirement(class.json));
        let lists = [&answer.matched, &answer.to_confirm, &answer.near].map(|list| listed(list));
        let [matched, to_confirm, near] = lists;
        serde_json::json!({ "counts": answer.counts, "matched": matched, "to_confirm": to_confirm, "near": near })
    };
    let classes: serde_json::Map<_, _> = CLASSES.iter().map(|class| (class.name.to_owned(), whole(class))).collect();
    let epoch = chrono::NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default();
    let by = chrono::NaiveDate::from_ymd_opt(2027, 12, 31).unwrap_or_default();
    serde_json::json!({
        "points": Ranking::default().max_points,
        "today": (today() - epoch).num_days() + 1,
        "available_by": (by - epoch).num_days() + 1,
        "classes": classes,
    })
    .to_string()
}

/// Changes of one listing, amortised over many.
fn changes(mut index: Index, rows: usize) {
    let places = Places::new();
    let changed: Vec<Listing> = (0..20_000).map(|at| places.listing(rows / 2 + at * 2)).collect();
    let before = now();
    let count = changed.len();
    changed.into_iter().for_each(|listing| index.put(listing));
    println!("put: {:.1} µs amortised over {count}", (now() - before).as_secs_f64() * 1e6 / count as f64);
}

/// Reverse: stored requirements against one listing.
fn reverse(stored: usize) {
    let mut index = ReverseIndex::default();
    for number in 0..stored {
        index.put(Arc::from(format!("R{number:06}")), stored_requirement(number));
    }
    let places = Places::new();
    let mut fits = 0;
    let mut number = 0;
    let time = median(|| {
        number += 1;
        fits += index.fits(&places.listing(number)).len();
    });
    println!(
        "reverse: {} ms a listing over {stored} requirements, {:.1} fits each",
        ms(time),
        fits as f64 / number as f64
    );
}

fn stored_requirement(number: usize) -> Requirement {
    let mut dice = Dice(number as u64 * 17 + 3);
    let land = dice.between(10, 150);
    let provinces =
        ["330000", "320000", "310000", "340000", "370000", "440000", "330200", "330100", "320500", "510100"];
    let industry = ["36", "3670", "38", "39", "27", "33", "35", "C", "26", "40"];
    let text = format!(
        r#"{{"regions":["{}"],"use":"{}","industry":"{}","land_mu":{{"min":{land},"max":{}}},"tax_wan":{},
            "fixed_investment_wan":{},"price_wan_per_mu_max":{},"available_by":"2027-12-31"}}"#,
        dice.of(&provinces),
        dice.of(&["production", "production", "research", "warehouse"]),
        dice.of(&industry),
        land + dice.between(5, 60),
        land * dice.between(10, 40),
        land * dice.between(200, 500),
        dice.between(20, 70),
    );
    requirement(&text)
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    match arguments.next().as_deref() {
        // For callgrind and perf: one class, `times` over, no clock. The first answers fill the tables of codes.
        Some("count") => {
            let class = arguments.next().expect("a class");
            let class = CLASSES.iter().find(|it| it.name == class).expect("narrow, middle or broad");
            let mut number = || arguments.next().and_then(|number| number.parse().ok());
            let (rows, times) = (number().unwrap_or(100_000), number().unwrap_or(1));
            // Not timed: reading this thread's clock does not work under valgrind.
            let index = Index::build(listings(rows), Ranking::default());
            let requirement = requirement(class.json);
            black_box(index.answer(&requirement, TOP, today()));
            for _ in 0..times {
                black_box(measured_answer(&index, &requirement));
            }
        }
        Some("reverse") => reverse(STORED),
        Some(rows) => {
            let rows = rows.parse().expect("a number of rows");
            let index = sizes(rows);
            if arguments.next().as_deref() == Some("peers") {
                peers::run(&index, &answers(&index));
            }
            changes(index, rows);
        }
        None => {
            let index = sizes(ROWS);
            peers::run(&index, &answers(&index));
            changes(index, ROWS);
            reverse(STORED);
        }
    }
}
