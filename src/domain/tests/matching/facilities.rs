//! What a record says of facilities, its figures and its park's word, against a plain reading of the cells.

use domain::facility::Facility;
use domain::listing::{Kind, Listing};
use domain::matching::{Index, Ranking, Verdict};
use domain::record::Record;
use domain::requirement::Requirement;
use proptest::prelude::*;

use crate::agreement::config;
use crate::generate::{Dice, few_facilities, today};

/// The facilities that a park speaks for, by hand.
const OF_PARKS: [&str; 3] = ["dormitory", "natural_gas", "near_port"];

fn cell(dice: &mut Dice, most: usize) -> String {
    let count = dice.below(most + 1);
    (0..count).map(|_| dice.of(&few_facilities()).code()).collect::<Vec<_>>().join(";")
}

fn record(kind: Kind, dice: &mut Dice) -> Record {
    let number = match kind {
        Kind::Park => "code",
        Kind::Plot => "plot_no",
        Kind::Space => "space_no",
    };
    let mut record = Record::of_cells(kind, [(number, "G1"), ("kind", "factory"), ("park_code", "G1")]);
    record.set("facilities", &cell(dice, 3));
    record.set("no_facilities", &cell(dice, 2));
    if kind == Kind::Space {
        record.set("crane_t", dice.of(&["", "0", "0.5", "10"]));
        record.set("lift_t", dice.of(&["", "0", "3"]));
    }
    record
}

fn holds(record: &Record, column: &str, code: &str) -> bool {
    record.get(column).split(';').any(|own| own == code)
}

/// Whether a record says that a facility is there; `None` for silence.
fn says(record: &Record, code: &str) -> Option<bool> {
    let measured = match code {
        "crane" => record.get("crane_t"),
        "goods_lift" => record.get("lift_t"),
        _ => "",
    };
    if holds(record, "facilities", code) || !["", "0"].contains(&measured) {
        return Some(true);
    }
    holds(record, "no_facilities", code).then_some(false)
}

fn expected(record: &Record, park: Option<&Record>, asked: &[Facility]) -> Verdict {
    let one = |facility: &Facility| {
        let of_park =
            || park.filter(|_| OF_PARKS.contains(&facility.code())).and_then(|park| says(park, facility.code()));
        says(record, facility.code()).or_else(of_park)
    };
    let each: Vec<Option<bool>> = asked.iter().map(one).collect();
    if each.contains(&Some(false)) {
        Verdict::Short
    } else if each.contains(&None) {
        Verdict::Unknown
    } else {
        Verdict::Met
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn facilities_are_those_of_the_record_then_of_its_park(seed: u64, is_inside: bool) {
        let mut dice = Dice::new(seed);
        let park = record(Kind::Park, &mut dice);
        let around = Listing::from_park(&park);
        let around = is_inside.then_some(&around);
        let mut asked = vec![dice.of(&few_facilities()), dice.of(&few_facilities())];
        asked.dedup();
        let requirement = Requirement { facilities: asked.clone(), ..Requirement::default() };
        for kind in Kind::ALL {
            let own = record(kind, &mut dice);
            let (listing, park) = match kind {
                Kind::Park => (Listing::from_park(&own), None),
                Kind::Plot => (Listing::from_plot(&own, around), is_inside.then_some(&park)),
                Kind::Space => (Listing::from_space(&own, around).expect("a kind"), is_inside.then_some(&park)),
            };
            let index = Index::build(vec![listing], Ranking::default());
            let found = index.judge(kind, "G1", &requirement, today()).expect("a listing");
            prop_assert_eq!(found.criteria[0].verdict, expected(&own, park, &asked), "{:?} {:?}", own, &requirement);
        }
    }
}
