//! The header of a sheet: where it is, which column each of its names means, and in which unit.

use super::columns::{Binding, Names, display, meaning, named, near_columns, normal, split_unit};
use super::raw::{Raw, RawRow, is_blank_char};
use super::remark::is_remark;
use crate::column::{Column, Table};

/// Rows from the top among which the header is searched.
const SEARCHED_ROWS: usize = 10;

/// A header matched to a table's columns.
#[derive(Clone, Debug)]
pub struct Header {
    /// Its row, from 1; the first where two lines make the header.
    pub row: u32,
    /// The first row below it, as an index into the sheet's rows.
    pub(super) first: usize,
    /// The column of each cell of a row; none where the column is left out.
    pub(super) bound: Vec<Option<Binding>>,
    /// The header's lines, as compared.
    lines: Vec<Vec<String>>,
}

/// The names of a header before they are matched.
struct NamedHeader {
    /// Its row, from 1; the first where two lines make the header.
    row: u32,
    /// The first row below it, as an index into the sheet's rows.
    first: usize,
    /// Its names, two lines joined.
    cells: Vec<String>,
    /// Its lines, as compared.
    lines: Vec<Vec<String>>,
}

/// A header as it was read, before any fault refuses it.
#[derive(Clone, Debug)]
pub struct Outline {
    /// Its row, from 1; the first where two lines make the header.
    pub row: u32,
    /// The rows that it takes, 1 or 2.
    pub lines: usize,
    /// Its cells that have a name or data below them.
    pub cells: Vec<HeaderCell>,
    /// Required columns that it lacks.
    pub missing: Vec<&'static Column>,
}

/// One cell of a header.
#[derive(Clone, Debug)]
pub struct HeaderCell {
    /// The text by which [`Names`] map or ignore it: its name, or its letters in brackets where it has none of its own.
    pub key: String,
    /// The name as written, two lines joined; blank for none.
    pub name: String,
    /// The spreadsheet's letters.
    pub letters: String,
    /// The column that it means.
    pub column: Option<&'static Column>,
    /// Whether [`Names`] leave it out.
    pub is_ignored: bool,
    /// Whether an earlier cell means the same column.
    pub is_repeated: bool,
    /// The nearest columns where it means none, best first.
    pub nearest: Vec<&'static Column>,
    /// The first values below it, as shown, at most three.
    pub samples: Vec<String>,
}

/// Why a header is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderFault {
    /// The kind of fault.
    pub code: HeaderCode,
    /// The name as written, or the column that is missing.
    pub name: String,
    /// The nearest known names, best first.
    pub nearest: Vec<String>,
}

crate::word::words! {
    /// Faults of a header.
    pub enum HeaderCode in "import.header" {
        /// No column of this name, or not in this unit.
        Unknown "unknown_column",
        /// A second cell that means the same column.
        Repeated "repeated_column",
        /// A required column is absent.
        Missing "missing_column",
    }
}

impl Header {
    /// Finds the header among a sheet's first rows and matches it.
    ///
    /// # Errors
    /// [`HeaderFault`] for every unknown, repeated and missing column. Where no row holds a required column the first row is judged.
    pub fn find<T: Table>(table: T, rows: &[RawRow], names: &Names) -> Result<Self, Vec<HeaderFault>> {
        let Some(found) = Self::named(table, rows, names) else { return Err(missing(table, &[])) };
        let NamedHeader { row, first, cells, lines } = found;
        bind(table, &cells, names, &rows[first.min(rows.len())..]).map(|bound| Self { row, first, bound, lines })
    }

    /// Finds the header and returns each of its names with what it means; `None` for a sheet without rows.
    #[must_use]
    pub fn outline<T: Table>(table: T, rows: &[RawRow], names: &Names) -> Option<Outline> {
        let NamedHeader { row, first, cells, .. } = Self::named(table, rows, names)?;
        let data = &rows[first.min(rows.len())..];
        let lines = rows[..first.min(rows.len())].iter().filter(|line| line.number >= row).count();
        let mut outline = Outline { row, lines, cells: Vec::new(), missing: Vec::new() };
        let mut bound: Vec<Option<Binding>> = Vec::new();
        for (at, name) in cells.iter().enumerate() {
            let samples: Vec<String> = samples(data, at);
            if is_blank(name) && samples.is_empty() {
                continue;
            }
            let found = sense(table, names, at, name);
            let is_repeated = found.is_ok_and(|found| found.is_some_and(|found| is_bound(&bound, found)));
            let is_named = !is_blank(name) && !cells[..at].contains(name);
            outline.cells.push(HeaderCell {
                key: if is_named { name.trim().to_owned() } else { letter_key(at) },
                name: name.trim().to_owned(),
                letters: letters(at),
                column: found.ok().flatten().map(|found| found.column),
                is_ignored: matches!(found, Ok(None)),
                is_repeated,
                nearest: if found.is_err() { near_columns(table, name) } else { Vec::new() },
                samples,
            });
            bound.push(found.ok().flatten());
        }
        outline.missing = absent(table, &bound).collect();
        Some(outline)
    }

    /// The first row that holds a required column, else the first row, with the line below where that belongs to it.
    fn named<T: Table>(table: T, rows: &[RawRow], names: &Names) -> Option<NamedHeader> {
        let at = Self::position(table, rows, names).unwrap_or(0);
        let row = rows.get(at)?;
        let cells: Vec<String> = row.cells.iter().map(Raw::shown).collect();
        let below = rows.get(at + 1).map(|row| row.cells.iter().map(Raw::shown).collect::<Vec<_>>());
        let second = below.filter(|below| is_second_line(table, names, &cells, below));
        let first = at + 1 + usize::from(second.is_some());
        let lines = std::iter::once(&cells).chain(&second).map(|line| line.iter().map(|cell| normal(cell)).collect());
        let lines = lines.collect();
        let cells = second.map_or_else(|| cells.clone(), |second| joined(table, names, &cells, &second));
        Some(NamedHeader { row: row.number, first, cells, lines })
    }

    /// The first row that holds a required column.
    fn position<T: Table>(table: T, rows: &[RawRow], names: &Names) -> Option<usize> {
        rows.iter().take(SEARCHED_ROWS).position(|row| {
            row.cells.iter().any(|cell| meaning(table, names, &cell.shown()).is_some_and(|bound| bound.column.required))
        })
    }

    /// Returns whether a row repeats a line of the header, as sheets of several printed pages do.
    pub(super) fn is_repeated(&self, row: &RawRow) -> bool {
        let filled = || row.cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank());
        let is_of = |line: &Vec<String>| filled().all(|(at, cell)| line.get(at) == Some(&normal(&cell.shown())));
        filled().count() > 1 && self.lines.iter().any(is_of)
    }

    /// Returns the columns that the file has.
    pub(super) fn columns(&self) -> impl Iterator<Item = &'static Column> {
        self.bound.iter().flatten().map(|bound| bound.column)
    }
}

/// Returns whether the sheet has a header of the table.
pub fn has_header<T: Table>(table: T, rows: &[RawRow], names: &Names) -> bool {
    Header::position(table, rows, names).is_some()
}

/// Whether the row below belongs to the header: it names columns where the first line groups them, and elsewhere
/// repeats the first line (merged cells) or is blank.
fn is_second_line<T: Table>(table: T, names: &Names, first: &[String], second: &[String]) -> bool {
    let mut named = false;
    for (at, cell) in second.iter().enumerate().filter(|(_, cell)| !is_blank(cell)) {
        if first.get(at) == Some(cell) {
            continue;
        }
        if of_both(table, names, group(first, at), cell).is_none() {
            return false;
        }
        named = true;
    }
    named
}

/// The cell of the first line that heads a column: its own, or the nearest before it, which a merged cell leaves blank in CSV.
fn group(first: &[String], at: usize) -> &str {
    first.iter().take(at + 1).rev().find(|cell| !is_blank(cell)).map_or("", String::as_str)
}

/// The name that two lines make: the second where it names a column, else both: 容积率 over 上限, 面积 over 亩, 建筑密度（%）
/// over 上限.
fn of_both<T: Table>(table: T, names: &Names, first: &str, second: &str) -> Option<String> {
    let with_unit = split_unit(first).map(|(name, unit)| format!("{name}{second}（{unit}）"));
    let joined = [format!("{first}{second}"), format!("{first}（{second}）")];
    if meaning(table, names, second).is_some() {
        return Some(second.to_owned());
    }
    // Names that a clerk gave are of whole cells: with brackets of any kind behind them they would take a row for a header.
    joined.into_iter().chain(with_unit).find(|name| meaning(table, &Names::default(), name).is_some())
}

fn joined<T: Table>(table: T, names: &Names, first: &[String], second: &[String]) -> Vec<String> {
    let name = |at: usize| {
        let own = first.get(at).cloned().unwrap_or_default();
        match second.get(at).filter(|cell| !is_blank(cell) && **cell != own) {
            Some(cell) => of_both(table, names, group(first, at), cell).unwrap_or_else(|| cell.clone()),
            None => own,
        }
    };
    (0..first.len().max(second.len())).map(name).collect()
}

fn bind<T: Table>(
    table: T,
    cells: &[String],
    names: &Names,
    data: &[RawRow],
) -> Result<Vec<Option<Binding>>, Vec<HeaderFault>> {
    let mut faults = Vec::new();
    let mut bound: Vec<Option<Binding>> = Vec::new();
    for (at, cell) in cells.iter().enumerate() {
        let found = sense(table, names, at, cell);
        if found.is_err() && is_blank(cell) {
            let mut rows = data.iter().filter(|row| !is_remark(row));
            if rows.any(|row| row.cells.get(at).is_some_and(|raw| !raw.is_blank())) {
                faults.push(fault(HeaderCode::Unknown, letter_key(at), Vec::new()));
            }
        } else if found.is_err() {
            faults.push(fault(HeaderCode::Unknown, cell.trim().to_owned(), nearest(table, cell)));
        } else if found.is_ok_and(|found| found.is_some_and(|found| is_bound(&bound, found))) {
            faults.push(fault(HeaderCode::Repeated, cell.trim().to_owned(), Vec::new()));
        }
        bound.push(found.ok().flatten());
    }
    faults.extend(missing(table, &bound));
    if faults.is_empty() { Ok(bound) } else { Err(faults) }
}

/// The column that a cell of the header means, `Ok(None)` where the person who imports leaves it out, an error where it
/// means nothing. Letters in brackets name a cell that has no name of its own.
fn sense<T: Table>(table: T, names: &Names, at: usize, cell: &str) -> Result<Option<Binding>, ()> {
    let key = letter_key(at);
    let is_left_out = |ignored: &String| *ignored == key || !is_blank(cell) && normal(ignored) == normal(cell);
    if names.ignored.iter().any(is_left_out) {
        return Ok(None);
    }
    let by_letters = names.mapped.iter().find(|(from, _)| *from == key);
    let found = match by_letters {
        Some((_, to)) => named(table, to),
        None if is_blank(cell) => None,
        None => meaning(table, names, cell),
    };
    found.map(Some).ok_or(())
}

fn is_bound(bound: &[Option<Binding>], found: Binding) -> bool {
    bound.iter().flatten().any(|seen| seen.column.name == found.column.name)
}

/// The name of a cell without one: `(B)`.
fn letter_key(at: usize) -> String {
    format!("({})", letters(at))
}

/// Values that an outline repeats per column.
const SAMPLES: usize = 3;

fn samples(data: &[RawRow], at: usize) -> Vec<String> {
    let records = data.iter().filter(|row| !is_remark(row) && !is_spread(row));
    let mut samples: Vec<String> = Vec::new();
    for shown in records.filter_map(|row| row.cells.get(at)).filter(|raw| !raw.is_blank()).map(Raw::shown) {
        if !samples.contains(&shown) {
            samples.push(shown);
        }
        if samples.len() == SAMPLES {
            break;
        }
    }
    samples
}

/// Whether one value is merged across a row, which heads a section.
fn is_spread(row: &RawRow) -> bool {
    let mut filled = row.cells.iter().filter(|raw| !raw.is_blank());
    let first = filled.next();
    let others: Vec<&Raw> = filled.collect();
    !others.is_empty() && others.iter().all(|raw| Some(*raw) == first)
}

fn fault(code: HeaderCode, name: String, nearest: Vec<String>) -> HeaderFault {
    HeaderFault { code, name, nearest }
}

/// The required columns that a header lacks.
fn absent<T: Table>(table: T, bound: &[Option<Binding>]) -> impl Iterator<Item = &'static Column> {
    let has = |column: &Column| bound.iter().flatten().any(|bound| bound.column.name == column.name);
    table.columns().iter().filter(move |column| column.required && !has(column))
}

fn missing<T: Table>(table: T, bound: &[Option<Binding>]) -> Vec<HeaderFault> {
    absent(table, bound)
        .map(|column| fault(HeaderCode::Missing, column.name.to_owned(), vec![display(column)]))
        .collect()
}

fn is_blank(text: &str) -> bool {
    text.chars().all(is_blank_char)
}

fn nearest<T: Table>(table: T, written: &str) -> Vec<String> {
    near_columns(table, written).into_iter().map(display).collect()
}

/// The letters of a spreadsheet's column: 0 is `A`, 26 is `AA`.
fn letters(at: usize) -> String {
    let letter = char::from(b'A' + (at % 26) as u8).to_string();
    if at < 26 { letter } else { format!("{}{letter}", letters(at / 26 - 1)) }
}

#[cfg(test)]
mod tests {
    use super::super::raw::{Raw, RawRow};
    use super::{Header, HeaderCode, Names};
    use crate::kind::Kind;

    fn rows(lines: &[&str]) -> Vec<RawRow> {
        let cells = |line: &str| line.split(',').map(|cell| Raw::Text(cell.to_owned())).collect();
        lines.iter().zip(1..).map(|(line, number)| RawRow { number, hidden: false, cells: cells(line) }).collect()
    }

    type Faults = Vec<(HeaderCode, String)>;

    fn columns(lines: &[&str]) -> Result<(u32, Vec<&'static str>), Faults> {
        match Header::find(Kind::Plot, &rows(lines), &Names::default()) {
            Ok(header) => Ok((header.row, header.columns().map(|column| column.name).collect())),
            Err(faults) => Err(faults.into_iter().map(|fault| (fault.code, fault.name)).collect()),
        }
    }

    #[test]
    fn a_header_is_found_below_titles_in_either_language_width_and_case() {
        for lines in [
            &["XX开发区可供地块一览表,,", "单位：平方米,,", "plot_no,province,area_sqm", "P-1,浙江省,100"][..],
            &["Plot_No,PROVINCE,Area_Sqm"],
            &["地块编号,省,面积（平方米）"],
            &["宗地编号*,省份,面积／㎡"],
            &["地塊編號,省份,面積（平方公尺）"],
            &["地块编码（必填）,*所在省（区、市）,净地面积（㎡）（选填）"],
        ] {
            let found = columns(lines).expect("a header");
            assert_eq!(found.1, ["plot_no", "province", "area_sqm"], "{lines:?}");
        }
    }

    #[test]
    fn a_unit_in_brackets_chooses_the_column_that_has_it() {
        assert_eq!(columns(&["地块编号,省,面积（亩）"]).expect("header").1[2], "area_mu");
        let prices = columns(&["地块编号,省,起始价（元/㎡）,起始价(万元)"]).expect("header").1;
        assert_eq!(prices[2..], ["start_price_yuan_sqm", "start_price_wan"]);
        assert_eq!(columns(&["地块编号,省,area_sqm(亩)"]).expect("header").1[2], "area_mu");
    }

    #[test]
    fn a_mapped_name_keeps_the_unit_of_the_file() {
        let names = Names { ignored: vec!["序号".into()], mapped: vec![("用地大小".into(), "area_sqm".into())] };
        for (header, column) in [("用地大小", "area_sqm"), ("用地大小（亩）", "area_mu")] {
            let header = Header::find(Kind::Plot, &rows(&[&format!("序号,地块编号,省,{header}")]), &names);
            let columns: Vec<_> = header.expect("a header").columns().map(|column| column.name).collect();
            assert_eq!(columns, ["plot_no", "province", column]);
        }
    }

    #[test]
    fn a_header_of_two_lines_takes_the_names_of_the_second() {
        let found = columns(&["地块编号,省,控制指标,", ",,亩均税收,亩均产值", "P-1,浙江省,30,600"]).expect("a header");
        assert_eq!(found, (1, vec!["plot_no", "province", "tax_wan_mu", "output_wan_mu"]));
    }

    #[test]
    fn limits_and_units_in_the_second_line_belong_to_the_name_above_them() {
        let first = "地块编号,省,面积,容积率,,建筑密度（%）,,投资强度";
        let found =
            columns(&[first, ",,亩,下限,上限,≥,上限,万元/亩", "P-1,浙江省,30,1,2,3,4,5"]).expect_err("≥ says little");
        assert_eq!(found[0].0, HeaderCode::Unknown);
        let found =
            columns(&[first, ",,亩,下限,上限,下限,上限,万元/亩", "P-1,浙江省,30,1,2,3,4,5"]).expect("a header").1;
        let expected = ["far_min", "far_max", "building_density_min_pct", "building_density_max_pct"];
        assert_eq!((found[2], &found[3..7], found[7]), ("area_mu", &expected[..], "invest_intensity_wan_mu"));
    }

    #[test]
    fn an_outline_names_each_cell_and_a_column_without_a_name_is_left_out_by_its_letters() {
        let file = rows(&["plot_no,面机,,省", "一,一,一,一", "P-1,100,x,浙江省", "P-2,100,x,浙江省"]);
        let outline = Header::outline(Kind::Plot, &file, &Names::default()).expect("an outline");
        let told: Vec<_> = outline.cells.iter().map(|cell| (cell.key.as_str(), cell.column.map(|c| c.name))).collect();
        assert_eq!(told, [("plot_no", Some("plot_no")), ("面机", None), ("(C)", None), ("省", Some("province"))]);
        assert_eq!(outline.cells[1].nearest[0].name, "area_sqm");
        assert_eq!(
            (outline.cells[0].samples.join(" "), outline.cells[2].samples.join(" ")),
            ("P-1 P-2".into(), "x".into())
        );
        let names = Names { ignored: vec!["(C)".into()], mapped: vec![("面机".into(), "area_sqm".into())] };
        let header = Header::find(Kind::Plot, &file, &names).expect("a header");
        assert_eq!(header.columns().map(|column| column.name).collect::<Vec<_>>(), ["plot_no", "area_sqm", "province"]);
    }

    #[test]
    fn unknown_repeated_and_missing_columns_are_refused_by_name() {
        let faults = columns(&["plot_no,地块号,面机"]).expect_err("refused");
        let expected = [
            (HeaderCode::Repeated, "地块号".to_owned()),
            (HeaderCode::Unknown, "面机".to_owned()),
            (HeaderCode::Missing, "province".to_owned()),
        ];
        assert_eq!(faults, expected);
    }
}
