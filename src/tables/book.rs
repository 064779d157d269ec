//! Workbooks for clerks: rejected rows with their reasons, and a template per kind with examples and pick lists.

use std::collections::HashMap;

use domain::column::{Cell, Column, Table};
use domain::import::{Header, Names, Raw, RawRow, Sheet};
use rust_xlsxwriter::{DataValidation, Format as CellFormat, Note as CellNote, Workbook, Worksheet, XlsxError};

use super::write::{Out, WriteError, put};
use crate::i18n::{Locale, tell, unit_words, word};

/// One sheet of a workbook.
#[derive(Clone, Debug)]
pub struct BookSheet {
    /// Its name; none for a file that has no sheets.
    pub name: Option<String>,
    /// Its rows.
    pub rows: Vec<Vec<Out>>,
}

/// Width of a column, characters.
const WIDTH: f64 = 16.0;
/// Rows of a template for which pick lists are offered.
const TEMPLATE_ROWS: u32 = 2_000;
/// Longest list that a spreadsheet program accepts in a validation, characters.
const LONGEST_LIST: usize = 255;

/// Writes a workbook of several sheets.
///
/// # Errors
/// [`WriteError::Xlsx`].
pub fn write_book(sheets: &[BookSheet]) -> Result<Vec<u8>, WriteError> {
    book_of(sheets, false)
}

/// Writes a workbook of several sheets whose first rows are headers: bold, frozen, with a filter.
///
/// # Errors
/// [`WriteError::Xlsx`].
pub fn write_ledger(sheets: &[BookSheet]) -> Result<Vec<u8>, WriteError> {
    book_of(sheets, true)
}

fn head(sheet: &mut Worksheet, rows: &[Vec<Out>]) -> Result<(), XlsxError> {
    let columns = rows.first().map_or(0, Vec::len);
    let (Ok(last), Ok(bottom)) = (u16::try_from(columns), u32::try_from(rows.len())) else { return Ok(()) };
    if last == 0 {
        return Ok(());
    }
    for column in 0..last {
        sheet.set_column_width(column, WIDTH)?;
    }
    sheet.set_row_format(0, &CellFormat::new().set_bold())?;
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofilter(0, 0, bottom - 1, last - 1)?;
    Ok(())
}

fn book_of(sheets: &[BookSheet], has_header: bool) -> Result<Vec<u8>, WriteError> {
    let mut book = Workbook::new();
    let text = text_format();
    for source in sheets {
        let sheet = book.add_worksheet();
        if let Some(name) = &source.name {
            sheet.set_name(name)?;
        }
        for (row, cells) in (0..).zip(&source.rows) {
            for (column, cell) in (0..).zip(cells) {
                put(sheet, row, column, cell, &text)?;
            }
        }
        if has_header {
            head(sheet, &source.rows)?;
        }
    }
    Ok(book.save_to_buffer()?)
}

fn text_format() -> CellFormat {
    CellFormat::new().set_quote_prefix().set_num_format("@")
}

/// Returns the rejected rows of the sheets that a file has, below their headers, with the reasons in a last column of the
/// name `reason`. `reasons` are by sheet and row, `headers` the first header row and their number by sheet.
#[must_use]
pub fn rejected_rows(
    sheets: &[Sheet],
    headers: &[(Option<String>, u32, usize)],
    reasons: &HashMap<(Option<String>, u32), String>,
    reason: &str,
) -> Vec<BookSheet> {
    let of_sheet = |sheet: &Sheet| {
        let (_, first, lines) = headers.iter().find(|(name, ..)| *name == sheet.name)?;
        let above = sheet.rows.iter().filter(|row| row.number >= *first).take(*lines);
        let width = sheet.rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
        let mut rows: Vec<Vec<Out>> = above.map(|row| padded(row, width)).collect();
        rows.first_mut()?.push(Out::text(reason));
        let before = rows.len();
        for row in &sheet.rows {
            if let Some(why) = reasons.get(&(sheet.name.clone(), row.number)) {
                let mut cells = padded(row, width);
                cells.push(Out::text(why.as_str()));
                rows.push(cells);
            }
        }
        (rows.len() > before).then(|| BookSheet { name: sheet.name.clone(), rows })
    };
    sheets.iter().filter_map(of_sheet).collect()
}

fn padded(row: &RawRow, width: usize) -> Vec<Out> {
    let cells = row.cells.iter().map(shown).chain(std::iter::repeat_with(|| Out::text("")));
    cells.take(width).collect()
}

/// The cell as its sheet shows it; a plain number stays one.
fn shown(raw: &Raw) -> Out {
    match raw {
        Raw::Number(number) if number.shown() == number.digits && !number.is_rounded => Out::number(number.shown()),
        other => Out::text(other.shown()),
    }
}

/// Returns the template of a kind: a line of advice, a line of examples, the header with a note on each column, and pick
/// lists below it. Examples are above the header, where an import passes over them.
///
/// # Errors
/// [`WriteError::Xlsx`].
pub fn template<T: Table>(kind: T, locale: Locale) -> Result<Vec<u8>, WriteError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let (text, bold) = (text_format(), CellFormat::new().set_bold());
    let pale = CellFormat::new().set_italic().set_font_color("#6b7780");
    sheet.write_string_with_format(0, 0, tell(locale, "staff.imports.template_text"), &bold)?;
    let columns: Vec<&Column> = kind.columns().iter().filter(|column| column.name != "demo").collect();
    for (at, column) in (0..).zip(&columns) {
        sheet.write_string_with_format(1, at, example(column), &pale)?;
        let star = if column.required { "*" } else { "" };
        sheet.write_string_with_format(2, at, format!("{}{star}", header_name(kind, column)), &bold)?;
        sheet.insert_note(2, at, &CellNote::new(advice(column, locale)).add_author_prefix(false))?;
        sheet.set_column_width(at, WIDTH)?;
        if !matches!(column.cell, Cell::Decimal(_) | Cell::Degrees(_)) {
            sheet.set_column_format(at, &text)?;
        }
        pick_list(sheet, at, column)?;
    }
    sheet.set_freeze_panes(3, 1)?;
    Ok(book.save_to_buffer()?)
}

/// The Chinese name that the importer binds to the column and its unit, else the column's own name.
fn header_name<T: Table>(kind: T, column: &Column) -> String {
    let unit = column.unit().map(|unit| unit_words(Locale::ZhHans, unit)).filter(|unit| !unit.is_empty());
    let chinese = column.chinese.first().copied().unwrap_or(column.name);
    let with_unit = unit.map(|unit| format!("{chinese}（{unit}）"));
    let is_bound = |name: &String| {
        let row = RawRow { number: 1, hidden: false, cells: vec![Raw::Text(name.clone())] };
        let outline = Header::outline(kind, &[row], &Names::default());
        let cell = outline.and_then(|outline| outline.cells.into_iter().next());
        cell.and_then(|cell| cell.column).is_some_and(|bound| bound.name == column.name)
    };
    with_unit.into_iter().chain([chinese.to_owned()]).find(is_bound).unwrap_or_else(|| column.name.to_owned())
}

/// The words of a column as the importer reads them.
fn choices(column: &Column) -> Vec<String> {
    match column.cell {
        Cell::YesNo => vec!["是".to_owned(), "否".to_owned()],
        Cell::Word(words) | Cell::Words(words) => words.words().into_iter().map(|it| zh(words.group, it)).collect(),
        Cell::Likely => ["yes", "likely", "no"].map(str::to_owned).to_vec(),
        _ => Vec::new(),
    }
}

fn zh(group: &str, it: &str) -> String {
    word(Locale::ZhHans, group, it)
}

fn pick_list(sheet: &mut Worksheet, at: u16, column: &Column) -> Result<(), XlsxError> {
    let choices = choices(column);
    let length: usize = choices.iter().map(|choice| choice.chars().count() + 1).sum();
    // Several words in one cell are typed: a pick list takes one.
    if choices.is_empty() || length > LONGEST_LIST || matches!(column.cell, Cell::Words(_)) {
        return Ok(());
    }
    let list = DataValidation::new().allow_list_strings(&choices)?;
    sheet.add_data_validation(3, at, 2 + TEMPLATE_ROWS, at, &list).map(drop)
}

fn advice(column: &Column, locale: Locale) -> String {
    let mut lines = vec![column.name.to_owned()];
    if let Some(unit) = column.unit() {
        lines.push(unit_words(locale, unit));
    }
    let choices = choices(column);
    if !choices.is_empty() {
        let several = matches!(column.cell, Cell::Words(_));
        lines.push(choices.join(if several { ";" } else { " / " }));
    }
    lines.join("\n")
}

/// A cell of the line of examples.
fn example(column: &Column) -> String {
    let text = match column.name {
        "plot_no" | "space_no" | "code" => "示例-001",
        "name" => "示例厂房 1 号楼",
        "province" => "浙江省",
        "city" => "宁波市",
        "county" => "北仑区",
        "location" => "示例路北、示例河东",
        "area_sqm" | "available_m2" => "20000",
        "area_mu" => "30",
        "land_use" => "工业用地",
        "start_price_wan" => "1200",
        "rent_yuan_m2_month" => "18",
        _ => "",
    };
    match column.cell {
        _ if !text.is_empty() => text.to_owned(),
        Cell::Day | Cell::LooseDate => "2027-03-01".to_owned(),
        Cell::Month => "2027-03".to_owned(),
        Cell::Industries => "3670;34".to_owned(),
        Cell::Mail => "zs@example.com".to_owned(),
        Cell::Degrees(_) | Cell::Decimal(_) | Cell::Text(_) | Cell::Division => String::new(),
        _ => choices(column).into_iter().next().unwrap_or_default(),
    }
}
