//! Rows of a file laid over the stored records: who is who, what changes, what is refused.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::cell::{identity_key, loose_key};
use super::judge::{Remark, held_back, judge};
use super::parks::KnownParks;
use super::{FileRow, Note, SheetReading, columns, resaved};
use crate::column::{Column, Table};
use crate::fault::CellReason;
use crate::record::Record;

/// Unknown codes of parks whose nearest parks are looked for: each is compared with every park.
const MOST_EXPLAINED_PARKS: usize = 50;

/// A listing's identity: its park's code, blank for none, and its number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListingKey {
    /// The park's code.
    pub park: String,
    /// The number, in the form that ignores width, brackets and blanks.
    key: String,
}

impl ListingKey {
    /// The identity of a park and a number.
    #[must_use]
    pub fn new(park: &str, number: &str) -> Self {
        Self { park: park.to_owned(), key: identity_key(number) }
    }

    fn of<T: Table>(record: &Record<T>) -> Self {
        Self::new(record.get("park_code"), record.number())
    }
}

/// Stored records and options with which an import is settled.
pub struct Settling<'s, T> {
    /// The table.
    pub table: T,
    /// The one park whose rows the file may hold.
    pub park: Option<&'s str>,
    /// Parks that the file may name; none: any.
    pub parks: Option<&'s KnownParks>,
    /// The stored records that the file's numbers may mean, and all of the park where the file is complete.
    pub stored: Vec<Arc<Record<T>>>,
    /// The file is all of `park`: stored rows that it lacks are told.
    pub complete: bool,
    /// Stored rows of the park that a complete file lacks are withdrawn.
    pub withdraw_missing: bool,
    /// Columns that may be cleared without limit.
    pub clearing: &'s [String],
}

impl<T> Settling<'_, T> {
    /// Settles files by themselves: nothing is stored and no park is known.
    #[must_use]
    pub const fn of_files(table: T) -> Self {
        Self {
            table,
            park: None,
            parks: None,
            stored: Vec::new(),
            complete: false,
            withdraw_missing: false,
            clearing: &[],
        }
    }
}

/// One record to store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled<T> {
    /// The record as stored before; none for a new one.
    pub before: Option<Arc<Record<T>>>,
    /// The record to store.
    pub after: Record<T>,
}

/// One cell that an import alters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellChange {
    /// The sheet; none for CSV.
    pub sheet: Option<String>,
    /// The spreadsheet's row; 0 where a row is withdrawn because a complete file lacks it.
    pub row: u32,
    /// The listing's id.
    pub id: String,
    /// The column's name.
    pub column: &'static str,
    /// The stored cell.
    pub from: String,
    /// The new cell.
    pub to: String,
}

/// Result of settling: records to store, counts and remarks.
#[derive(Clone, Debug)]
pub struct ImportPlan<T> {
    /// Records that are new or changed.
    pub settled: Vec<Settled<T>>,
    /// Rows that change nothing.
    pub unchanged: usize,
    /// The records of these rows, for the evidence of their facts: a file that repeats them confirms them.
    pub kept: Vec<Record<T>>,
    /// Cells that updates alter.
    pub changes: Vec<CellChange>,
    /// Cells that refuse their row, by sheet and row.
    pub rejected: Vec<Note>,
    /// Remarks on accepted rows, by sheet and row.
    pub warnings: Vec<Note>,
    /// Ids of the park that a complete file lacks.
    pub missing: Vec<String>,
    /// Number of missing records that are withdrawn; `settled` has them too.
    pub withdrawn: usize,
    /// Columns that the import would clear in too many stored rows: the import is to be refused.
    pub would_clear: Vec<&'static str>,
}

impl<T> ImportPlan<T> {
    /// Records that are new.
    #[must_use]
    pub fn created(&self) -> usize {
        self.settled.iter().filter(|settled| settled.before.is_none()).count()
    }

    /// Records that a row of the file changes.
    #[must_use]
    pub fn updated(&self) -> usize {
        self.settled.len() - self.created() - self.withdrawn
    }
}

/// Stored rows in which a column may always be cleared.
const CLEARED_ROWS: usize = 10;
/// Beyond that, in at most one of this many of the rows that have it.
const CLEARED_SHARE: usize = 5;

/// Settles the rows of a file with the stored records.
pub fn settle<T: Table>(readings: &[SheetReading], settling: &Settling<'_, T>) -> ImportPlan<T> {
    let mut work = Settlement::new(settling);
    let rows = || readings.iter().flat_map(|reading| &reading.rows);
    work.numbers = rows().map(|row| identity_key(row.get(work.id()))).collect();
    for reading in readings {
        work.sheets.push(reading.sheet.clone());
        work.plan.rejected.extend(reading.rejected.iter().cloned());
        work.plan.warnings.extend(reading.warnings.iter().cloned());
        for (incoming, unreadable) in &reading.refused {
            work.refused_row(incoming.clone(), unreadable);
        }
    }
    // A park comes after the one that it lies in, where the file has both.
    let mut waiting: Vec<&FileRow> = rows().collect();
    for _ in 0..DEEPEST {
        let (later, now): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|row| work.waits(row));
        now.into_iter().for_each(|row| work.row(row.clone()));
        waiting = later;
    }
    // Parks that lie in each other.
    waiting.into_iter().for_each(|row| work.row(row.clone()));
    work.finish()
}

/// Parks within parks in one file, in any order of its rows; deeper ones are refused where they come before their park.
const DEEPEST: usize = 8;

/// The column of the park around a park.
const PARENT: &str = "parent_code";

struct Settlement<'s, T> {
    settling: &'s Settling<'s, T>,
    by_identity: HashMap<ListingKey, usize>,
    /// Stored records by number, of all parks.
    by_number: HashMap<String, Vec<usize>>,
    /// The same without leading zeros.
    by_loose: HashMap<String, Vec<usize>>,
    ids: HashSet<String>,
    accepted: HashSet<ListingKey>,
    /// Numbers that the file names, in accepted rows or refused ones.
    named: HashSet<String>,
    /// Numbers of the readable rows.
    numbers: HashSet<String>,
    /// Whether a row's number could not be read: which stored row it means is not known.
    lost_number: bool,
    /// Rows refused here: they have no warnings beside their faults.
    refused: HashSet<(Option<String>, u32)>,
    /// By column: stored rows that have it and those of them that would lose it.
    clearing: BTreeMap<&'static str, (usize, usize)>,
    /// The sheets in their order.
    sheets: Vec<Option<String>>,
    /// Parks likest to an unknown code, by that code.
    unknown_parks: RefCell<BTreeMap<String, Vec<String>>>,
    plan: ImportPlan<T>,
}

impl<'s, T: Table> Settlement<'s, T> {
    fn new(settling: &'s Settling<'s, T>) -> Self {
        let mut by_number: HashMap<String, Vec<usize>> = HashMap::new();
        let mut by_loose: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, record) in settling.stored.iter().enumerate() {
            by_number.entry(identity_key(record.number())).or_default().push(at);
            by_loose.entry(loose_key(record.number())).or_default().push(at);
        }
        let by_identity = settling.stored.iter().enumerate().map(|(at, record)| (ListingKey::of(record), at)).collect();
        let ids = settling.stored.iter().map(|record| record.id().to_owned()).collect();
        let plan = ImportPlan {
            settled: Vec::new(),
            unchanged: 0,
            kept: Vec::new(),
            changes: Vec::new(),
            rejected: Vec::new(),
            warnings: Vec::new(),
            missing: Vec::new(),
            withdrawn: 0,
            would_clear: Vec::new(),
        };
        Self {
            settling,
            by_identity,
            by_number,
            by_loose,
            ids,
            accepted: HashSet::new(),
            named: HashSet::new(),
            numbers: HashSet::new(),
            lost_number: false,
            refused: HashSet::new(),
            clearing: BTreeMap::new(),
            sheets: Vec::new(),
            unknown_parks: RefCell::default(),
            plan,
        }
    }

    /// The name of the column that holds the number.
    fn id(&self) -> &'static str {
        self.settling.table.columns()[0].name
    }

    /// Whether the park around a row is one of the file that was not judged yet.
    fn waits(&self, row: &FileRow) -> bool {
        let parent = identity_key(row.get(PARENT));
        !parent.is_empty()
            && parent != identity_key(row.get(self.id()))
            && self.numbers.contains(&parent)
            && !self.named.contains(&parent)
    }

    fn row(&mut self, mut incoming: FileRow) {
        let number = incoming.get(self.id()).to_owned();
        self.named.insert(identity_key(&number));
        match self.accept(&mut incoming, &number) {
            Ok((before, after, replaced)) => self.keep(&incoming, before, after, replaced),
            Err(remarks) => {
                self.refused.insert((incoming.sheet.clone(), incoming.row));
                self.plan.rejected.extend(remarks.into_iter().map(|remark| incoming.note(remark)));
            }
        }
    }

    /// Judges the readable cells of a refused row, so that one import names all of its faults.
    fn refused_row(&mut self, mut incoming: FileRow, unreadable: &[String]) {
        let number = incoming.get(self.id()).to_owned();
        self.lost_number |= unreadable.iter().any(|column| column == self.id());
        self.named.insert(identity_key(&number));
        let Err(remarks) = self.accept(&mut incoming, &number) else { return };
        // A park of the file may be accepted yet.
        let has_parent = self.numbers.contains(&identity_key(incoming.get(PARENT)));
        let is_told = |remark: &Remark| {
            let is_known = unreadable.iter().any(|column| column == remark.column);
            !is_known && (!has_parent || remark.column != PARENT)
        };
        let others = remarks.into_iter().filter(is_told);
        self.plan.rejected.extend(others.map(|remark| incoming.note(remark)));
    }

    /// The stored record, the record to store and the remarks on it, or the row's faults.
    #[expect(clippy::type_complexity, reason = "one caller, which takes it apart at once")]
    fn accept(
        &self,
        incoming: &mut FileRow,
        number: &str,
    ) -> Result<(Option<&'s Arc<Record<T>>>, Record<T>, Vec<Remark>), Vec<Remark>> {
        let table = self.settling.table;
        let refuse = |column: &'static str, code| Err(vec![Remark { column, code, detail: Vec::new() }]);
        let id = table.columns()[0].name;
        if number.is_empty() {
            return refuse(id, CellReason::BlankId);
        }
        if self.settling.park.is_some_and(|park| !incoming.take_park(table, park)) {
            return refuse(park_column(table), CellReason::OtherPark);
        }
        let before = self.stored(incoming, number)?;
        if before.is_none() {
            self.padded(incoming, number, id)?;
        }
        let mut after = before.map_or_else(|| Record::blank(table), |before| Record::clone(before));
        for (column, text) in &incoming.cells {
            // A stored number keeps its own form where the file's differs in width or brackets alone.
            let is_kept = before
                .is_some_and(|before| column.name == id || resaved::is_same(column, before.get(column.name), text));
            if !is_kept {
                after.set(column.name, text);
            }
        }
        let mut touched: Vec<&'static Column> = incoming.cells.iter().map(|(column, _)| *column).collect();
        if before.is_none() {
            touched = table.columns().iter().collect();
        }
        let (mut faults, mut replaced) = judge(&mut after, &touched);
        replaced.extend(held_back(&after));
        faults.extend(before.into_iter().flat_map(|before| incoming.dated(before)));
        faults.extend(self.unfilled(&after));
        faults.extend(self.unknown_park(&after, &touched));
        faults.extend(self.unknown_parent(before, &after));
        if faults.is_empty() && self.accepted.contains(&ListingKey::of(&after)) {
            return refuse(id, CellReason::DuplicateId);
        }
        if faults.is_empty() { Ok((before, after, replaced)) } else { Err(faults) }
    }

    /// The stored record that a row means. Without a column for the park the number alone says it, where it is unique.
    fn stored(&self, incoming: &FileRow, number: &str) -> Result<Option<&'s Arc<Record<T>>>, Vec<Remark>> {
        let stored = &self.settling.stored;
        if incoming.has("park_code") || self.settling.table.column("park_code").is_none() {
            let identity = ListingKey::new(incoming.get("park_code"), number);
            return Ok(self.by_identity.get(&identity).map(|&at| &stored[at]));
        }
        let same: &[usize] = self.by_number.get(&identity_key(number)).map_or(&[], Vec::as_slice);
        match same {
            [] => Ok(None),
            [one] => Ok(Some(&stored[*one])),
            several => Err(vec![Remark {
                column: "park_code",
                code: CellReason::SeveralParks,
                detail: several.iter().map(|&at| stored[at].get("park_code").to_owned()).collect(),
            }]),
        }
    }

    /// Refuses a new number that is a stored one of the same park but for leading zeros, which programs drop.
    fn padded(&self, incoming: &FileRow, number: &str, id: &'static str) -> Result<(), Vec<Remark>> {
        let park = incoming.get("park_code");
        let same = self.by_loose.get(&loose_key(number)).into_iter().flatten().map(|&at| &self.settling.stored[at]);
        let mut padded = same.filter(|record| !incoming.has("park_code") || record.get("park_code") == park);
        match padded.find(|record| record.number().starts_with('0')) {
            Some(record) if !number.starts_with('0') => {
                let detail = vec![record.number().to_owned()];
                Err(vec![Remark { column: id, code: CellReason::ZerosLost, detail }])
            }
            _ => Ok(()),
        }
    }

    fn unfilled(&self, record: &Record<T>) -> Vec<Remark> {
        let blank = record.kind().columns().iter().filter(|column| column.filled && record.get(column.name).is_empty());
        blank.map(|column| Remark { column: column.name, code: CellReason::UnknownWord, detail: Vec::new() }).collect()
    }

    fn unknown_park(&self, record: &Record<T>, touched: &[&'static Column]) -> Option<Remark> {
        let code = record.get("park_code");
        let is_touched = touched.iter().any(|column| column.name == "park_code");
        let parks = self.settling.parks?;
        (is_touched && !code.is_empty() && !parks.has(code)).then(|| self.no_such_park(parks, "park_code", code))
    }

    /// A park in a park that is neither stored nor an accepted row of the file.
    fn unknown_parent(&self, before: Option<&Arc<Record<T>>>, after: &Record<T>) -> Option<Remark> {
        let (parent, parks) = (after.get(PARENT), self.settling.parks?);
        let is_known = parent.is_empty()
            || before.is_some_and(|before| before.get(PARENT) == parent)
            || parent != after.number() && (parks.has(parent) || self.accepted.contains(&ListingKey::new("", parent)));
        (!is_known).then(|| self.no_such_park(parks, PARENT, parent))
    }

    /// The fault of a code that no park has. The first different ones name the nearest parks.
    fn no_such_park(&self, parks: &KnownParks, column: &'static str, code: &str) -> Remark {
        let mut told = self.unknown_parks.borrow_mut();
        let detail = match told.get(code) {
            Some(nearest) => nearest.clone(),
            None if told.len() >= MOST_EXPLAINED_PARKS => Vec::new(),
            None => told.entry(code.to_owned()).or_insert_with(|| parks.nearest(code)).clone(),
        };
        Remark { column, code: CellReason::UnknownPark, detail }
    }

    fn keep(
        &mut self,
        incoming: &FileRow,
        before: Option<&'s Arc<Record<T>>>,
        mut after: Record<T>,
        replaced: Vec<Remark>,
    ) {
        self.accepted.insert(ListingKey::of(&after));
        self.plan.warnings.extend(replaced.into_iter().filter(|r| incoming.has(r.column)).map(|r| incoming.note(r)));
        let Some(before) = before else {
            if !self.ids.insert(after.number().to_owned()) {
                let id = format!("{}/{}", after.get("park_code"), after.number());
                self.ids.insert(id.clone());
                after.set_id(id);
            }
            self.plan.settled.push(Settled { before: None, after });
            return;
        };
        for (column, _) in incoming.cells.iter().filter(|(column, _)| !before.get(column.name).is_empty()) {
            let counts = self.clearing.entry(column.name).or_default();
            counts.0 += 1;
            counts.1 += usize::from(after.get(column.name).is_empty());
        }
        self.change(incoming.sheet.as_ref(), incoming.row, before, after);
    }

    fn change(&mut self, sheet: Option<&String>, row: u32, before: &Arc<Record<T>>, after: Record<T>) {
        if **before == after {
            self.plan.unchanged += 1;
            self.plan.kept.push(after);
            return;
        }
        let altered = before.kind().columns().iter().filter(|c| before.get(c.name) != after.get(c.name));
        self.plan.changes.extend(altered.map(|column| CellChange {
            sheet: sheet.cloned(),
            row,
            id: after.id().to_owned(),
            column: column.name,
            from: before.get(column.name).to_owned(),
            to: after.get(column.name).to_owned(),
        }));
        self.plan.settled.push(Settled { before: Some(Arc::clone(before)), after });
    }

    fn finish(mut self) -> ImportPlan<T> {
        if self.settling.complete {
            self.absent();
        }
        let refused = std::mem::take(&mut self.refused);
        self.plan.warnings.retain(|note| !refused.contains(&(note.sheet.clone(), note.row)));
        let sheets = std::mem::take(&mut self.sheets);
        let place = |note: &Note| (sheets.iter().position(|sheet| *sheet == note.sheet), note.row);
        self.plan.rejected.sort_by_key(place);
        self.plan.warnings.sort_by_key(place);
        let table = self.settling.table;
        let is_named = |column: &str, name: &String| table.column(column).is_some_and(|it| columns::is_named(it, name));
        let allowed = |column: &str| self.settling.clearing.iter().any(|name| is_named(column, name));
        self.plan.would_clear = self
            .clearing
            .iter()
            .filter(|(column, (have, lose))| *lose > CLEARED_ROWS && lose * CLEARED_SHARE > *have && !allowed(column))
            .map(|(column, _)| *column)
            .collect();
        self.plan
    }

    /// Tells the park's rows that a complete file lacks, and withdraws them where asked.
    fn absent(&mut self) {
        let park = self.settling.park.unwrap_or_default();
        let stored = self.settling.stored.iter();
        let absent: Vec<&Arc<Record<T>>> = stored
            .filter(|record| record.get(park_column(self.settling.table)) == park)
            .filter(|record| !self.named.contains(&identity_key(record.number())))
            .collect();
        self.plan.missing = absent.iter().map(|record| record.id().to_owned()).collect();
        self.plan.missing.sort();
        // Of a number that cannot be read nobody knows that it is missing.
        if self.settling.withdraw_missing && !self.lost_number {
            for record in absent.into_iter().filter(|record| record.get("status") != "off") {
                let mut after = Record::clone(record);
                after.set("status", "off");
                self.plan.withdrawn += 1;
                self.change(None, 0, record, after);
            }
        }
    }
}

/// The column that says whose a row is: a park is its own.
fn park_column<T: Table>(table: T) -> &'static str {
    if table.column("park_code").is_some() { "park_code" } else { table.columns()[0].name }
}

impl FileRow {
    fn has(&self, column: &str) -> bool {
        self.cells.iter().any(|(own, _)| own.name == column)
    }

    /// Makes a row one of a park: a blank or absent park becomes it; returns false where another is named.
    fn take_park<T: Table>(&mut self, table: T, park: &str) -> bool {
        let name = park_column(table);
        match self.cells.iter_mut().find(|(column, _)| column.name == name) {
            Some((_, text)) if text.is_empty() => text.push_str(park),
            Some((_, text)) => return text == park,
            None => {
                self.cells.extend(table.column(name).map(|column| (column, park.to_owned())));
            }
        }
        true
    }

    /// Days whose year the source masks and a program added: the year is made up.
    fn dated<T: Table>(&self, before: &Record<T>) -> Vec<Remark> {
        let dated = self.cells.iter().filter(|(column, text)| resaved::is_dated(column, before.get(column.name), text));
        dated
            .map(|(column, _)| Remark { column: column.name, code: CellReason::BecameADate, detail: Vec::new() })
            .collect()
    }

    fn note(&self, remark: Remark) -> Note {
        let at = self.cells.iter().position(|(column, _)| column.name == remark.column);
        let shown = self.shown.iter().find(|(own, _)| Some(*own) == at).map(|(_, shown)| shown);
        Note {
            sheet: self.sheet.clone(),
            row: self.row,
            column: remark.column.to_owned(),
            value: shown.or_else(|| Some(&self.cells.get(at?)?.1)).cloned().unwrap_or_default(),
            code: remark.code,
            detail: remark.detail,
        }
    }
}
