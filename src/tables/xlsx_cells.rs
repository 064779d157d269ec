//! The rows of a workbook's visible worksheets, cell by cell, with merged areas filled in.

use std::io::{Read, Seek};

use calamine::{DataRef, Dimensions, ExcelDateTime, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};
use chrono::{NaiveDate, NaiveDateTime};
use domain::import::{NumberCell, Raw, RawRow};

use super::MOST_COLUMNS;
use super::xlsx_format::NumberFormat;
use super::xlsx_marks::Marks;

/// From here on a float no longer has each digit of a whole number before its point: more than 15 digits.
const FIRST_ROUNDED: f64 = 1e15;

/// Where the rows of a workbook go.
pub(super) trait RowSink {
    type Error: From<XlsxError>;

    /// A worksheet begins.
    fn sheet(&mut self, name: &str) -> Result<(), Self::Error>;
    /// A row that is not blank.
    fn row(&mut self, row: RawRow) -> Result<(), Self::Error>;
    /// The error of a cell past the widest table; row and column from 1.
    fn too_wide(row: u32, column: u32) -> Self::Error;
    /// The error of a damaged sheet.
    fn damaged(detail: &'static str) -> Self::Error;
}

/// The names of the visible worksheets, in the order of their tabs.
pub(super) fn visible<R: Read + Seek>(book: &Xlsx<R>) -> Vec<String> {
    let sheets = book.sheets_metadata().iter();
    let sheets = sheets.filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible);
    sheets.map(|sheet| sheet.name.clone()).collect()
}

/// Sends the rows of one worksheet, in ascending order.
pub(super) fn read<R: Read + Seek, O: RowSink>(
    book: &mut Xlsx<R>,
    name: &str,
    marks: &Marks,
    out: &mut O,
) -> Result<(), O::Error> {
    let mut merges = Merges::new(book.merge_cells_by_sheet_name(name)?);
    let mut cells = book.worksheet_cells_reader(name)?;
    let formats: Vec<NumberFormat> = cells
        .styles()
        .iter()
        .map(|style| {
            style
                .number_format
                .as_ref()
                .map_or_else(NumberFormat::default, |f| NumberFormat::of(f.format_id, &f.format_code))
        })
        .collect();
    out.sheet(name)?;
    let mut row = RawRow::default();
    let mut number = 0;
    while let Some((cell, style)) = cells.next_cell_with_style_id()? {
        let (at, column) = cell.get_position();
        let raw = match marks.no_value.get(&(at, column)) {
            Some(formula) => Raw::NoValue(format!("={formula}")),
            None => value(cell.get_value(), formats.get(style)),
        };
        if column >= MOST_COLUMNS {
            if raw.is_blank() {
                continue;
            }
            return Err(O::too_wide(at + 1, column + 1));
        }
        if at < number {
            return Err(O::damaged("rows out of order"));
        }
        if at > number {
            finish(&mut row, number, marks, &mut merges, out)?;
            number = at;
        }
        put(&mut row.cells, column as usize, raw);
    }
    finish(&mut row, number, marks, &mut merges, out)
}

fn put(cells: &mut Vec<Raw>, at: usize, raw: Raw) {
    if cells.len() <= at {
        cells.resize(at + 1, Raw::Blank);
    }
    cells[at] = raw;
}

fn finish<O: RowSink>(
    row: &mut RawRow,
    number: u32,
    marks: &Marks,
    merges: &mut Merges,
    out: &mut O,
) -> Result<(), O::Error> {
    let mut done = std::mem::take(row);
    // A row that shows nothing of its own is no row, whatever a merged area spreads over it.
    let is_blank = done.cells.iter().all(Raw::is_blank);
    merges.fill(number, &mut done.cells);
    if is_blank {
        return Ok(());
    }
    done.number = number + 1;
    done.hidden = marks.hidden.contains(&number);
    out.row(done)
}

/// Merged areas: each cell of one holds the value of its first.
struct Merges {
    /// In ascending order of their first rows.
    waiting: std::vec::IntoIter<Dimensions>,
    next: Option<Dimensions>,
    open: Vec<(Dimensions, Raw)>,
}

impl Merges {
    fn new(mut areas: Vec<Dimensions>) -> Self {
        areas.sort_by_key(|area| area.start);
        let mut waiting = areas.into_iter();
        Self { next: waiting.next(), waiting, open: Vec::new() }
    }

    fn fill(&mut self, number: u32, cells: &mut Vec<Raw>) {
        self.open.retain(|(area, _)| area.end.0 >= number);
        while let Some(area) = self.next.take_if(|area| area.start.0 <= number) {
            if area.start.0 == number {
                let first = cells.get(area.start.1 as usize).cloned().unwrap_or_default();
                self.open.push((area, first));
            }
            self.next = self.waiting.next();
        }
        for (area, raw) in self.open.iter().filter(|(_, raw)| !raw.is_blank()) {
            for column in area.start.1..=area.end.1.min(MOST_COLUMNS - 1) {
                put(cells, column as usize, raw.clone());
            }
        }
    }
}

fn value(value: &DataRef<'_>, format: Option<&NumberFormat>) -> Raw {
    match value {
        DataRef::Empty => Raw::Blank,
        DataRef::Int(int) => number(*int as f64, format),
        DataRef::Float(float) => number(*float, format),
        DataRef::String(text) => Raw::Text(text.clone()),
        DataRef::SharedString(text) => Raw::Text((*text).to_owned()),
        DataRef::Bool(yes) => Raw::Text(yes.to_string()),
        DataRef::DateTime(moment) => day(*moment, format),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Raw::Text(text.clone()),
        DataRef::Error(error) => Raw::NoValue(error.to_string()),
    }
}

fn number(float: f64, format: Option<&NumberFormat>) -> Raw {
    let format = format.cloned().unwrap_or_default();
    Raw::Number(Box::new(NumberCell {
        digits: digits(float / 10_f64.powi(i32::try_from(format.scale).unwrap_or_default())),
        is_rounded: float.abs() >= FIRST_ROUNDED,
        percent: format.percent,
        mask: format.mask,
        prefix: format.prefix,
        suffix: format.suffix,
    }))
}

/// Formats a float with the fifteen significant digits that a spreadsheet shows, so that 0.1 + 0.2 is 0.3.
pub(super) fn digits(float: f64) -> String {
    format!("{float:.14e}").parse::<f64>().unwrap_or(float).to_string()
}

fn day(moment: ExcelDateTime, format: Option<&NumberFormat>) -> Raw {
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day));
    let shown: Option<NaiveDateTime> =
        date.and_then(|date| date.and_hms_opt(u32::from(hour), u32::from(minute), u32::from(second)));
    match shown {
        Some(shown) if !moment.is_duration() => match format {
            Some(format) if format.month && day == 1 => Raw::Month(shown.date()),
            _ => Raw::Moment(shown),
        },
        _ => number(moment.as_f64(), None),
    }
}
