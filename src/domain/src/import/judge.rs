//! A whole record judged after a file's cells were laid over what is stored: figures and places that contradict.

use super::place;
use crate::column::{Column, Table};
use crate::decimal::Decimal;
use crate::fault::CellReason;
use crate::promise::{PromisingText, promising};
use crate::record::Record;
use crate::region::{DivisionCode, divisions};

/// One fault of a record, or a value replaced in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Remark {
    pub(super) column: &'static str,
    pub(super) code: CellReason,
    pub(super) detail: Vec<String>,
}

impl Remark {
    const fn new(column: &'static str, code: CellReason) -> Self {
        Self { column, code, detail: Vec::new() }
    }
}

/// Judges a record. Only what the file touches is judged: a stored fault does not refuse a change of something else.
/// Returns the faults and the names that were replaced.
pub(super) fn judge<T: Table>(record: &mut Record<T>, touched: &[&'static Column]) -> (Vec<Remark>, Vec<Remark>) {
    let table = record.kind();
    let is_touched = |name: &str| touched.iter().any(|column| column.name == name);
    let mut faults = Vec::new();
    for (least, most) in pairs(table).filter(|(least, most)| is_touched(least) || is_touched(most)) {
        if record.decimal(least).zip(record.decimal(most)).is_some_and(|(least, most)| least > most) {
            faults.push(Remark::new(if is_touched(least) { least } else { most }, CellReason::MinAboveMax));
        }
    }
    if is_touched("longitude") || is_touched("latitude") {
        faults.extend(coordinates(record));
    }
    let mut replaced = Vec::new();
    if place::COLUMNS.iter().any(|column| is_touched(column)) {
        match places(record) {
            Ok(names) => replaced = names,
            Err(fault) => faults.push(fault),
        }
    }
    let has_place = is_touched("county_code") || place::COLUMNS.iter().any(|column| is_touched(column));
    if has_place && faults.is_empty() {
        faults.extend(code_elsewhere(record));
    }
    (faults, replaced)
}

/// Words that are stored, and not published before a review.
pub(super) fn held_back<T: Table>(record: &Record<T>) -> Vec<Remark> {
    if !record.kind().is_published() {
        return Vec::new();
    }
    let remark = |text: PromisingText| {
        let detail = text.promises.iter().flat_map(|it| [it.code.to_owned(), it.text.clone()]).collect();
        Remark { column: text.column.name, code: CellReason::PromiseHeld, detail }
    };
    promising(record).into_iter().map(remark).collect()
}

/// The columns of a table that are the two ends of one range: `far_min` and `far_max`, `…_min_pct` and `…_max_pct`.
fn pairs<T: Table>(table: T) -> impl Iterator<Item = (&'static str, &'static str)> {
    let columns = table.columns();
    columns.iter().filter_map(|least| {
        let most = least.name.replace("_min", "_max");
        let most = columns.iter().find(|column| column.name == most && column.name != least.name)?;
        Some((least.name, most.name))
    })
}

fn coordinates<T: Table>(record: &Record<T>) -> Option<Remark> {
    match (record.get("longitude"), record.get("latitude")) {
        ("", "") => None,
        ("", _) => Some(Remark::new("longitude", CellReason::HalfPair)),
        (_, "") => Some(Remark::new("latitude", CellReason::HalfPair)),
        (lng, lat) => {
            let is_zero = |text: &str| Decimal::parse(text) == Ok(Decimal::ZERO);
            // The origin of coordinates lies in the Gulf of Guinea: it stands for a blank.
            (is_zero(lng) && is_zero(lat)).then(|| Remark::new("longitude", CellReason::OutOfRange))
        }
    }
}

fn places<T: Table>(record: &mut Record<T>) -> Result<Vec<Remark>, Remark> {
    let replaced = place::read(place::COLUMNS.map(|column| record.get(column))).map_err(|fault| Remark {
        column: place::COLUMNS[fault.at],
        code: fault.reason,
        detail: fault.nearest,
    })?;
    let remarks = replaced.into_iter().map(|replaced| {
        let column = place::COLUMNS[replaced.at];
        record.set(column, &replaced.name);
        Remark { column, code: replaced.reason, detail: vec![replaced.name] }
    });
    Ok(remarks.collect())
}

/// A county code of another division than those named beside it.
fn code_elsewhere<T: Table>(record: &Record<T>) -> Option<Remark> {
    let code = DivisionCode::parse(record.get("county_code"))?;
    let [province, city, county] = place::COLUMNS.map(|column| record.get(column));
    let named = divisions().resolve(province, city, county)?;
    let is_apart = !divisions().covers(named, code) && !divisions().covers(code, named);
    is_apart.then(|| Remark {
        detail: vec![divisions().full_name(code)],
        ..Remark::new("county_code", CellReason::NotInside)
    })
}
