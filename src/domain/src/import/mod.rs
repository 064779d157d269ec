//! Import (contract §7): sheets as clerks keep them, read against a table's columns and settled with what is stored.
//!
//! [`read`] turns a sheet into rows of canonical cells; [`settle`] lays them over the stored records, judges the results
//! and says what would change. Files, database and words for people are elsewhere.

mod cell;
mod columns;
mod date;
mod header;
mod judge;
mod notable;
mod parks;
mod place;
mod quantity;
mod raw;
mod remark;
mod resaved;
mod settle;
mod words;

use std::collections::HashSet;

use crate::column::{Cell, Column, Table};
use crate::fault::CellReason;
use crate::fields::Policies;
use crate::kind::Kind;
use crate::lead_sheet::LeadSheet;

pub use cell::{identity_key, loose_key};
pub use columns::{Names, display, names};
pub use header::{Header, HeaderCell, HeaderCode, HeaderFault, Outline, has_header};
pub use notable::ChangeNote;
pub use parks::KnownParks;
pub use raw::{NumberCell, Raw, RawRow, Sheet};
pub use settle::{CellChange, ImportPlan, ListingKey, Settled, Settling, settle};

/// One remark on a cell of a file: a rejection or a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The sheet; none for CSV.
    pub sheet: Option<String>,
    /// The spreadsheet's row.
    pub row: u32,
    /// The column's name; blank past the header's end.
    pub column: String,
    /// The cell as the sheet shows it.
    pub value: String,
    /// The fault or the kind of warning.
    pub code: CellReason,
    /// Arguments of the sentence: the new value, or the nearest names.
    pub detail: Vec<String>,
}

/// A row of canonical cells for the columns that the file has.
#[derive(Clone, Debug)]
pub struct FileRow {
    sheet: Option<String>,
    row: u32,
    /// In the order of the header; a blank text clears.
    cells: Vec<(&'static Column, String)>,
    /// By place in `cells`, the cells that the sheet shows otherwise, for reports.
    shown: Vec<(usize, String)>,
}

impl FileRow {
    const fn new(sheet: Option<String>, row: u32) -> Self {
        Self { sheet, row, cells: Vec::new(), shown: Vec::new() }
    }

    fn push(&mut self, column: &'static Column, text: String, raw: &Raw) {
        let shown = raw.shown();
        if shown != text {
            self.shown.push((self.cells.len(), shown));
        }
        self.cells.push((column, text));
    }
}

impl FileRow {
    /// Returns the sheet's name; none for CSV.
    #[must_use]
    pub fn sheet(&self) -> Option<&str> {
        self.sheet.as_deref()
    }

    /// Returns the spreadsheet's row.
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.row
    }

    /// Returns a cell in canonical form; blank where the file has no such column.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.cells.iter().find(|(column, _)| column.name == name).map_or("", |(_, text)| text)
    }

    /// Returns a cell as the sheet shows it.
    #[must_use]
    pub fn shown(&self, name: &str) -> &str {
        let Some(at) = self.cells.iter().position(|(column, _)| column.name == name) else { return "" };
        self.shown.iter().find(|(place, _)| *place == at).map_or(self.cells[at].1.as_str(), |(_, shown)| shown)
    }

    /// Returns the filled cells, in the order of the header.
    pub fn filled(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.cells.iter().filter(|(_, text)| !text.is_empty()).map(|(column, text)| (column.name, text.as_str()))
    }
}

/// Rows and remarks read from one sheet.
#[derive(Clone, Debug, Default)]
pub struct SheetReading {
    /// The sheet's name; none for CSV.
    sheet: Option<String>,
    /// The header's row, from 1.
    pub header_row: u32,
    /// Rows below the header that hold something.
    pub read: usize,
    /// Rows whose every cell could be read.
    pub rows: Vec<FileRow>,
    /// Cells that could not be read.
    pub rejected: Vec<Note>,
    /// The readable cells of refused rows, with the columns that are not.
    refused: Vec<(FileRow, Vec<String>)>,
    /// Cells that were read from another notation, and hidden rows.
    pub warnings: Vec<Note>,
    /// The columns that the file has.
    pub columns: Vec<&'static Column>,
    /// The name of the column that holds the number.
    id: Option<&'static str>,
}

/// Returns whether a cell names a division or, in Chinese, a column of any table: evidence of a text's encoding.
#[must_use]
pub fn is_known_word(cell: &str) -> bool {
    let columns = Kind::ALL.into_iter().flat_map(Table::columns).chain(Policies.columns());
    let mut columns = columns.chain(LeadSheet.columns());
    let simplified = crate::fold::simplify(cell);
    place::is_known(cell) || columns.any(|column| column.chinese.contains(&simplified.as_str()))
}

impl SheetReading {
    /// Returns the keys of the numbers that the sheet names, in refused rows too, see [`loose_key`].
    #[must_use]
    pub fn keys(&self) -> HashSet<String> {
        let refused = self.refused.iter().map(|(row, _)| row);
        self.rows
            .iter()
            .chain(refused)
            .filter_map(|row| row.cells.iter().find(|(column, _)| Some(column.name) == self.id))
            .map(|(_, number)| loose_key(number))
            .collect()
    }
}

/// The text of a row that is no record but heads a section, repeats the header or is a note: the header's own names, or
/// one text alone, merged across the row or in the place of the number.
fn heading<T: Table>(table: T, header: &Header, row: &RawRow) -> Option<String> {
    let filled: Vec<(usize, &Raw)> = row.cells.iter().enumerate().filter(|(_, raw)| !raw.is_blank()).collect();
    let (at, first) = filled.first()?;
    let Raw::Text(text) = first else { return None };
    if header.is_repeated(row) {
        return Some(text.clone());
    }
    let is_alone = filled.iter().all(|(_, raw)| raw == first) && header.columns().count() > 1;
    let id = table.columns()[0].name;
    let is_before = header.bound.get(*at).is_none_or(|bound| bound.is_none_or(|bound| bound.column.name == id));
    let is_heading = if filled.len() > 1 { remark::has_han(text) } else { is_before && remark::is_note(text) };
    (is_alone && is_heading).then(|| text.clone())
}

/// Reads a sheet against a table's columns.
///
/// # Errors
/// [`HeaderFault`] for every fault of the header; no row is then read.
pub fn read<T: Table>(
    table: T,
    sheet: &Sheet,
    names: &Names,
    skip_hidden: bool,
) -> Result<SheetReading, Vec<HeaderFault>> {
    let header = Header::find(table, &sheet.rows, names)?;
    let mut reading = SheetReading {
        sheet: sheet.name.clone(),
        header_row: header.row,
        columns: header.columns().collect(),
        id: Some(table.columns()[0].name),
        ..SheetReading::default()
    };
    for row in sheet.rows.get(header.first..).unwrap_or_default() {
        if row.cells.iter().all(Raw::is_blank) || row.hidden && skip_hidden {
            continue;
        }
        reading.read += 1;
        read_row(table, sheet, &header, row, &mut reading);
    }
    Ok(reading)
}

/// Reads the cells of one record as a form has them, by the columns' names; names of no column are left out.
pub fn typed<T: Table>(table: T, cells: &[(&str, &str)]) -> SheetReading {
    let mut reading = SheetReading { id: Some(table.columns()[0].name), read: 1, ..SheetReading::default() };
    let mut incoming = FileRow::new(None, 1);
    for (name, text) in cells {
        let Some(column) = table.column(name) else { continue };
        let raw = Raw::Text((*text).to_owned());
        match cell::read(columns::Binding { column, scale: quantity::Factor::ONE }, &raw) {
            Ok(read) => incoming.push(column, read.text, &raw),
            Err(code) => reading.rejected.push(Note {
                sheet: None,
                row: 1,
                column: column.name.to_owned(),
                value: raw.shown(),
                code,
                detail: Vec::new(),
            }),
        }
    }
    if reading.rejected.is_empty() {
        reading.rows.push(incoming);
    } else {
        let unreadable = reading.rejected.iter().map(|note| note.column.clone()).collect();
        reading.refused.push((incoming, unreadable));
    }
    reading
}

fn read_row<T: Table>(table: T, sheet: &Sheet, header: &Header, row: &RawRow, reading: &mut SheetReading) {
    let note = |column: &str, value: String, code, detail| Note {
        sheet: sheet.name.clone(),
        row: row.number,
        column: column.to_owned(),
        value,
        code,
        detail,
    };
    if let Some((column, shown)) = totals(table, header, row) {
        reading.rejected.push(note(column, shown, CellReason::TotalsRow, Vec::new()));
        return;
    }
    if let Some(shown) = heading(table, header, row) {
        reading.rejected.push(note(table.columns()[0].name, shown, CellReason::HeadingRow, Vec::new()));
        return;
    }
    let (mut rejected, warned) = (Vec::new(), reading.warnings.len());
    let mut incoming = FileRow::new(sheet.name.clone(), row.number);
    for (at, bound) in header.bound.iter().enumerate() {
        let Some(bound) = bound else { continue };
        let raw = row.cells.get(at).unwrap_or(&Raw::Blank);
        match cell::read(*bound, raw) {
            Ok(read) => {
                if let Some(code) = read.warning {
                    reading.warnings.push(note(bound.column.name, raw.shown(), code, vec![read.text.clone()]));
                }
                incoming.push(bound.column, read.text, raw);
            }
            Err(code) => rejected.push(note(bound.column.name, raw.shown(), code, nearest(bound.column, raw, code))),
        }
    }
    for raw in row.cells.iter().skip(header.bound.len()).filter(|raw| !raw.is_blank()) {
        rejected.push(note("", raw.shown(), CellReason::TooManyCells, Vec::new()));
    }
    if row.hidden {
        reading.warnings.push(note("", String::new(), CellReason::HiddenRow, Vec::new()));
    }
    if rejected.is_empty() {
        reading.rows.push(incoming);
    } else {
        let unreadable = rejected.iter().map(|note| note.column.clone()).collect();
        reading.refused.push((incoming, unreadable));
        // A refused row has no warnings beside its faults.
        reading.warnings.truncate(warned);
        reading.rejected.extend(rejected);
    }
}

/// The nearest words where a cell has one that its column does not know.
fn nearest(column: &Column, raw: &Raw, code: CellReason) -> Vec<String> {
    match column.cell {
        Cell::Word(vocabulary) | Cell::Words(vocabulary) if code == CellReason::UnknownWord => {
            words::nearest(vocabulary, &raw.shown())
        }
        _ => Vec::new(),
    }
}

/// The cell that makes a row one of totals or remarks: its number; the cell before all others, which may be a serial number
/// that the file has beside; any cell of a row without a number.
fn totals<T: Table>(table: T, header: &Header, row: &RawRow) -> Option<(&'static str, String)> {
    let id = table.columns()[0].name;
    let place = header.bound.iter().position(|bound| bound.is_some_and(|bound| bound.column.name == id));
    let own = place.and_then(|at| row.cells.get(at)).filter(|raw| !raw.is_blank());
    let mut filled = row.cells.iter().enumerate().filter(|(_, raw)| !raw.is_blank());
    let shown: Option<String> = match own.map(Raw::shown).filter(|shown| remark::is_total(shown)) {
        Some(shown) => Some(shown),
        // A name may begin with such a word where the row has a number.
        None if own.is_some() => {
            let (first, raw) = filled.next()?;
            let is_beside = !header.bound.get(first).is_some_and(Option::is_some);
            Some(raw.shown()).filter(|shown| is_beside && remark::is_total(shown))
        }
        None => filled.map(|(_, raw)| raw.shown()).find(|shown| remark::is_total(shown)),
    };
    shown.map(|shown| (id, shown))
}

#[cfg(test)]
mod tests {
    use super::{CellReason, Names, Raw, RawRow, Sheet, read};
    use crate::kind::Kind;

    pub(super) fn sheet(lines: &[&str]) -> Sheet {
        let cells = |line: &str| line.split(',').map(|cell| Raw::Text(cell.to_owned())).collect();
        let rows = lines.iter().zip(1..).map(|(line, number)| RawRow { number, hidden: false, cells: cells(line) });
        Sheet { name: None, rows: rows.collect() }
    }

    #[test]
    fn rows_of_totals_and_remarks_are_refused_by_name() {
        let file = sheet(&[
            "plot_no,province,area_sqm",
            "P-1,浙江省,20000",
            "合计,,20000",
            "小 计：,,20000",
            "注:面积以实测为准,,",
            "注2：价格另议,,",
            "Total,,20000",
            ",,",
            "总部-1,浙江省,1",
            "鄞州区小计：,,20000",
            "其中：工业用地,,20000",
            "共3宗,,20000",
            ",浙江省合计,20000",
            "Grand Total,,20000",
            "※注、价格另议,,",
            "截至2026年6月30日,,",
            "共和路3号,浙江省,1",
        ]);
        let reading = read(Kind::Plot, &file, &Names::default(), false).expect("a header");
        assert_eq!((reading.read, reading.rows.len()), (15, 3));
        assert!(reading.rejected.iter().all(|note| note.code == CellReason::TotalsRow));
        let rows: Vec<u32> = reading.rejected.iter().map(|note| note.row).collect();
        assert_eq!(rows, [3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16]);
    }

    #[test]
    fn headings_of_sections_repeated_headers_and_notes_are_no_records() {
        let file = sheet(&[
            "plot_no,province,area_mu",
            "一、鄞州区,一、鄞州区,一、鄞州区",
            "P-1,浙江省,30",
            "（二）北仑区,,",
            "plot_no,province,area_mu",
            "P-2,浙江省,30",
            "镇海区,,",
            "P-3,,",
            "甲地块,浙江省,",
            "1、以上均为净地,,",
            "负责人:示例 填表日期:2026年6月1日,,",
            "2026(挂)03号,,",
        ]);
        let reading = read(Kind::Plot, &file, &Names::default(), false).expect("a header");
        let rows: Vec<u32> = reading.rows.iter().map(|row| row.row).collect();
        assert_eq!(rows, [3, 6, 8, 9, 12]);
        assert!(reading.rejected.iter().all(|note| note.code == CellReason::HeadingRow), "{:?}", reading.rejected);
    }

    #[test]
    fn a_total_beside_the_number_is_one_and_a_parks_name_is_none() {
        let names = Names { ignored: vec!["序号".into()], mapped: Vec::new() };
        let file = sheet(&["序号,地块编号,省", "1,P-1,浙江省", "合计,共1宗,"]);
        let reading = read(Kind::Plot, &file, &names, false).expect("a header");
        assert_eq!((reading.rows.len(), reading.rejected[0].code), (1, CellReason::TotalsRow));
        let parks = sheet(&["name,code,level,province", "总计科技园,K1,省级,浙江省"]);
        assert_eq!(read(Kind::Park, &parks, &Names::default(), false).expect("a header").rows.len(), 1);
    }

    #[test]
    fn a_hidden_row_is_read_with_a_warning_or_left_out() {
        let mut file = sheet(&["plot_no,province", "P-1,浙江省", "P-2,浙江省"]);
        file.rows[2].hidden = true;
        let with = read(Kind::Plot, &file, &Names::default(), false).expect("a header");
        assert_eq!((with.read, with.warnings[0].code, with.warnings[0].row), (2, CellReason::HiddenRow, 3));
        assert_eq!(read(Kind::Plot, &file, &Names::default(), true).expect("a header").read, 1);
    }
}
