//! The records of one kind in the order of their ids, with the facts by which lists are ordered and filtered. A list goes over
//! these facts alone, 12 bytes per record, and looks at the records of its page.

use std::sync::Arc;

use chrono::{Datelike as _, NaiveDate};
use domain::freshness::{Precedence, past_from};
use domain::industry::IndustryCode;
use domain::listing::Kind;
use domain::record::Record;
use domain::region::{DivisionCode, divisions};

/// The places of listings in lists, in their order.
pub(super) const PLACES: [Precedence; 3] = [Precedence::Usual, Precedence::Behind, Precedence::Past];

/// Records of one kind by id.
#[derive(Debug, Default)]
pub(super) struct ListRows {
    records: Vec<Arc<Record>>,
    /// Those of the record at the same place.
    facts: Vec<RowFacts>,
    divisions: Numbered<Option<DivisionCode>>,
    industries: Numbered<Vec<IndustryCode>>,
}

#[derive(Clone, Copy, Debug)]
struct RowFacts {
    /// Number of its division.
    division: u16,
    is_behind: bool,
    /// Number of its industries.
    industries: u32,
    /// The first day on which it is of the past, in days since the year 1; [`i32::MAX`] for none.
    past_from: i32,
}

/// Values that occur in many rows, each once; those of replaced rows stay.
#[derive(Debug)]
struct Numbered<T> {
    values: Vec<T>,
    numbers: std::collections::HashMap<T, u32>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self { values: Vec::new(), numbers: std::collections::HashMap::new() }
    }
}

impl<T: Clone + Eq + std::hash::Hash> Numbered<T> {
    fn number(&mut self, value: T) -> u32 {
        let next = self.values.len() as u32;
        let number = *self.numbers.entry(value.clone()).or_insert(next);
        if number == next {
            self.values.push(value);
        }
        number
    }

    /// Returns for each number whether its value fulfils a condition.
    fn passing(&self, condition: impl Fn(&T) -> bool) -> Vec<bool> {
        self.values.iter().map(condition).collect()
    }
}

/// The condition of a list on the facts of its rows.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RowFilter {
    /// A division that contains the listing.
    pub(super) region: Option<DivisionCode>,
    /// An industry that may settle there.
    pub(super) industry: Option<IndustryCode>,
}

impl ListRows {
    /// Rows of these records, each with its division and whether its park left questions about it unanswered. Of two with one
    /// id the later one stays.
    pub(super) fn build(rows: impl Iterator<Item = (Arc<Record>, Option<DivisionCode>, bool)>) -> Self {
        let mut rows: Vec<_> = rows.collect();
        rows.sort_by(|(a, ..), (b, ..)| a.id().cmp(b.id()));
        let mut built = Self::default();
        for (record, division, is_behind) in rows {
            let facts = built.facts_of(&record, division, is_behind);
            if built.records.last().is_some_and(|last| last.id() == record.id()) {
                built.records.pop();
                built.facts.pop();
            }
            built.records.push(record);
            built.facts.push(facts);
        }
        built
    }

    fn facts_of(&mut self, record: &Record, division: Option<DivisionCode>, is_behind: bool) -> RowFacts {
        let column = if record.kind() == Kind::Plot { "industry_code_gb4754" } else { "industries" };
        RowFacts {
            // There are 3,300 divisions.
            division: self.divisions.number(division) as u16,
            is_behind,
            industries: self.industries.number(record.codes(column)),
            past_from: past_from(record).map_or(i32::MAX, |day| day.num_days_from_ce()),
        }
    }

    fn place(&self, id: &str) -> Result<usize, usize> {
        self.records.binary_search_by(|record| record.id().cmp(id))
    }

    pub(super) fn get(&self, id: &str) -> Option<&Arc<Record>> {
        self.place(id).ok().map(|at| &self.records[at])
    }

    /// Puts a record; one of the same id is replaced.
    pub(super) fn put(&mut self, record: Arc<Record>, division: Option<DivisionCode>, is_behind: bool) {
        let facts = self.facts_of(&record, division, is_behind);
        match self.place(record.id()) {
            Ok(at) => (self.records[at], self.facts[at]) = (record, facts),
            Err(at) => {
                self.records.insert(at, record);
                self.facts.insert(at, facts);
            }
        }
    }

    pub(super) fn remove(&mut self, id: &str) -> Option<Arc<Record>> {
        let at = self.place(id).ok()?;
        self.facts.remove(at);
        Some(self.records.remove(at))
    }

    /// Notes whether the park of a record left questions about it unanswered.
    pub(super) fn mark(&mut self, id: &str, is_behind: bool) {
        if let Ok(at) = self.place(id) {
            self.facts[at].is_behind = is_behind;
        }
    }

    pub(super) const fn len(&self) -> usize {
        self.records.len()
    }

    pub(super) fn records(&self) -> std::slice::Iter<'_, Arc<Record>> {
        self.records.iter()
    }

    /// Returns the records that are of the past on one day and were not on an earlier one, or the other way round.
    pub(super) fn passed_between(&self, a: NaiveDate, b: NaiveDate) -> impl Iterator<Item = &Arc<Record>> {
        let (a, b) = (a.num_days_from_ce(), b.num_days_from_ce());
        let rows = self.records.iter().zip(&self.facts);
        rows.filter(move |(_, facts)| (facts.past_from <= a) != (facts.past_from <= b)).map(|(record, _)| record)
    }

    /// Returns the rows that pass a filter on one day, and a condition on their records.
    pub(super) fn passing(
        &self,
        filter: RowFilter,
        today: NaiveDate,
        is_wanted: Option<&dyn Fn(&Record) -> bool>,
    ) -> Passing<'_> {
        let lies_in = filter.region.map(|region| {
            self.divisions.passing(|own| own.is_some_and(|division| divisions().covers(region, division)))
        });
        let settles = filter
            .industry
            .map(|code| self.industries.passing(|own| own.is_empty() || own.iter().any(|own| own.related(code))));
        let mut passing = Passing { rows: self, lies_in, settles, wanted: None, today: today.num_days_from_ce() };
        // Texts are compared once, for counting and showing alike.
        passing.wanted = is_wanted.map(|is_wanted| {
            (0..self.records.len()).map(|at| passing.passes(at) && is_wanted(&self.records[at])).collect()
        });
        passing
    }
}

/// The rows of one kind that pass a filter; none is collected before it is asked for.
pub(super) struct Passing<'r> {
    rows: &'r ListRows,
    /// By number of a division.
    lies_in: Option<Vec<bool>>,
    /// By number of industries.
    settles: Option<Vec<bool>>,
    /// By row.
    wanted: Option<Vec<bool>>,
    today: i32,
}

impl<'r> Passing<'r> {
    fn passes(&self, at: usize) -> bool {
        let facts = &self.rows.facts[at];
        self.lies_in.as_ref().is_none_or(|lies_in| lies_in[usize::from(facts.division)])
            && self.settles.as_ref().is_none_or(|settles| settles[facts.industries as usize])
            && self.wanted.as_ref().is_none_or(|wanted| wanted[at])
    }

    /// Returns the number of rows of each precedence.
    pub(super) fn counts(&self) -> [usize; PLACES.len()] {
        let mut counts = [0; PLACES.len()];
        for (at, facts) in self.rows.facts.iter().enumerate() {
            counts[facts.precedence(self.today) as usize] += usize::from(self.passes(at));
        }
        counts
    }

    /// Returns the records of one precedence from a row on, by id.
    pub(super) fn of(&self, place: Precedence, first: usize) -> impl Iterator<Item = &'r Arc<Record>> {
        let is_there = move |at: &usize| self.rows.facts[*at].precedence(self.today) == place && self.passes(*at);
        (first..self.rows.len()).filter(is_there).map(|at| &self.rows.records[at])
    }

    /// Returns the first row behind an id.
    pub(super) fn behind(&self, id: &str) -> usize {
        self.rows.records.partition_point(|record| record.id() <= id)
    }
}

impl RowFacts {
    const fn precedence(self, today: i32) -> Precedence {
        if self.past_from <= today {
            Precedence::Past
        } else if self.is_behind {
            Precedence::Behind
        } else {
            Precedence::Usual
        }
    }
}
