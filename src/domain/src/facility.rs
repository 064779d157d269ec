//! Facilities (配套条件): what a listing has or lacks without a figure, by the codes of `config/data/facilities.csv`.

use std::sync::LazyLock;

use serde::{Serialize, Serializer};

use crate::word::Vocabulary;

/// A code of the vocabulary: `dock`, `natural_gas`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Facility(u8);

/// One row of the vocabulary.
#[derive(Clone, Debug)]
pub struct FacilityRow {
    /// The stable code.
    pub code: String,
    /// Its Chinese name.
    pub zh: String,
    /// Its English name.
    pub en: String,
    /// Whether what a park has, its plots and spaces have too.
    pub is_inherited: bool,
    /// Other words for it, Chinese and English.
    pub words: Vec<String>,
}

static ROWS: LazyLock<Vec<FacilityRow>> = LazyLock::new(|| parse(include_str!("../../../config/data/facilities.csv")));

fn parse(table: &str) -> Vec<FacilityRow> {
    let rows: Vec<FacilityRow> = csv::Reader::from_reader(table.as_bytes())
        .records()
        .map(|row| {
            let row = row.unwrap_or_else(|error| panic!("facilities.csv: {error}"));
            let [code, zh, en, scope, words] = [0, 1, 2, 3, 4].map(|at| row.get(at).unwrap_or_default().to_owned());
            let words = words.split(';').map(str::to_owned).collect();
            FacilityRow { code, zh, en, is_inherited: scope == "park", words }
        })
        .collect();
    assert!(rows.len() <= Facility::MOST, "facilities.csv: more than {} codes", Facility::MOST);
    rows
}

fn codes() -> Vec<&'static str> {
    Facility::all().map(Facility::code).collect()
}

fn known(code: &str) -> Option<&'static str> {
    Facility::parse(code).map(Facility::code)
}

impl Facility {
    /// The codes and the group of their labels.
    pub const VOCABULARY: Vocabulary = Vocabulary::coded("facilities", codes, known);
    /// The most codes that the vocabulary may have: a set of them is one machine word.
    pub const MOST: usize = u32::BITS as usize;

    /// Returns every code, in the order of the file.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..).map(Self).take(ROWS.len())
    }

    /// Parses a code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::all().find(|it| it.code() == code)
    }

    /// Returns the row of the vocabulary.
    #[must_use]
    pub fn row(self) -> &'static FacilityRow {
        &ROWS[self.index()]
    }

    /// Returns the stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        &self.row().code
    }

    /// Returns its place in the vocabulary, below [`Self::MOST`].
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl Serialize for Facility {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// A set of facilities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FacilitySet(u32);

impl FacilitySet {
    /// Reads codes joined by `;`; unknown ones are of another version and left out.
    #[must_use]
    pub fn of_cell(cell: &str) -> Self {
        cell.split(';').filter_map(Facility::parse).collect()
    }

    /// Returns whether it has a facility.
    #[must_use]
    pub const fn has(self, facility: Facility) -> bool {
        self.0 >> facility.0 & 1 != 0
    }

    /// Adds a facility.
    pub const fn add(&mut self, facility: Facility) {
        self.0 |= 1 << facility.0;
    }

    /// Returns the facilities, in the order of the vocabulary.
    pub fn iter(self) -> impl Iterator<Item = Facility> {
        Facility::all().filter(move |&it| self.has(it))
    }

    /// Returns those that are not in another set.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Returns those that are in both sets.
    #[must_use]
    pub const fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Returns those that are in either set.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl FromIterator<Facility> for FacilitySet {
    fn from_iter<I: IntoIterator<Item = Facility>>(facilities: I) -> Self {
        let mut set = Self::default();
        facilities.into_iter().for_each(|it| set.add(it));
        set
    }
}

/// The facilities that a listing has, and those that it lacks; on all others it is silent. None is in both sets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facilities {
    /// Those that are there.
    pub has: FacilitySet,
    /// Those that are known not to be there.
    pub lacks: FacilitySet,
}

impl Facilities {
    /// Facilities as stated; one in both sets is there.
    #[must_use]
    pub const fn stated(has: FacilitySet, lacks: FacilitySet) -> Self {
        Self { has, lacks: lacks.without(has) }
    }

    /// The same with what the park around it says, where it is silent itself.
    #[must_use]
    pub fn inside(self, park: Self) -> Self {
        let own = self.has.and(self.lacks);
        let inherited = |of_park: FacilitySet| {
            of_park.without(own).iter().filter(|facility| facility.row().is_inherited).collect::<FacilitySet>()
        };
        Self { has: self.has.and(inherited(park.has)), lacks: self.lacks.and(inherited(park.lacks)) }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Facilities, Facility, FacilitySet};

    #[test]
    fn each_word_names_one_facility() {
        let mut seen = BTreeSet::new();
        for facility in Facility::all() {
            let row = facility.row();
            let words: BTreeSet<&str> = row.words.iter().chain([&row.zh, &row.en]).map(String::as_str).collect();
            for word in words {
                assert!(!word.is_empty() && seen.insert(word), "{}: {word}", row.code);
            }
            assert_eq!(Facility::parse(&row.code), Some(facility));
        }
    }

    #[test]
    fn a_park_speaks_where_its_listing_is_silent_and_only_of_what_is_the_parks() {
        let set = FacilitySet::of_cell;
        let park = Facilities::stated(set("dormitory;natural_gas;dock"), set("steam;yard"));
        let own = Facilities::stated(set("steam"), set("dormitory"));
        let inside = own.inside(park);
        assert_eq!(inside, Facilities { has: set("steam;natural_gas"), lacks: set("dormitory") });
    }

    #[test]
    fn what_is_said_to_be_there_and_not_there_is_there() {
        let set = FacilitySet::of_cell;
        assert_eq!(
            Facilities::stated(set("dock"), set("dock;yard")),
            Facilities { has: set("dock"), lacks: set("yard") }
        );
    }
}
