//! The header of a sheet: where it is, which column each of its names means, and in which unit.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;

use super::quantity::{self, Factor};
use super::raw::{Raw, RawRow, is_blank_char};
use super::remark::is_remark;
use crate::column::{Cell, Column, Table};
use crate::fields::Policies;
use crate::fold::simplify;
use crate::kind::Kind;

/// Rows from the top among which the header is searched.
const SEARCHED_ROWS: usize = 10;
/// Nearest names told for an unknown one.
const NEAREST: usize = 3;
/// Likeness below which a name is not told as near, 0 to 1 (Jaro).
const LEAST_LIKENESS: f64 = 0.55;

/// Names that an import leaves out or maps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Names whose columns are left out.
    pub ignored: Vec<String>,
    /// Names of the file with the column's name that each means.
    pub mapped: Vec<(String, String)>,
}

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

/// A column, with the ratio of the header's unit to its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Binding {
    pub(super) column: &'static Column,
    pub(super) scale: Factor,
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
        let cells = second.map_or_else(|| cells.clone(), |second| joined(&cells, &second));
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
        if meaning(table, names, cell).is_none() {
            return false;
        }
        named = true;
    }
    named
}

fn joined(first: &[String], second: &[String]) -> Vec<String> {
    let width = first.len().max(second.len());
    let cell = |line: &[String], at: usize| line.get(at).filter(|cell| !is_blank(cell)).cloned();
    (0..width).map(|at| cell(second, at).or_else(|| cell(first, at)).unwrap_or_default()).collect()
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
    let filled = data.iter().filter_map(|row| row.cells.get(at)).filter(|raw| !raw.is_blank());
    filled.take(SAMPLES).map(Raw::shown).collect()
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

/// The column and unit that a name means, after the mappings of the person who imports.
fn meaning<T: Table>(table: T, names: &Names, written: &str) -> Option<Binding> {
    let own = normal(written);
    let unit = split_unit(written);
    let bare = unit.as_ref().map(|(name, _)| normal(name));
    let is_meant = |from: &str| normal(from) == own || bare.as_deref() == Some(normal(from).as_str());
    match names.mapped.iter().find(|(from, _)| is_meant(from)) {
        // The file's own unit converts; where the column has none the name alone is mapped.
        Some((_, to)) => unit.and_then(|(_, unit)| in_unit(table, &normal(to), &unit)).or_else(|| named(table, to)),
        None => named(table, written),
    }
}

fn named<T: Table>(table: T, written: &str) -> Option<Binding> {
    if let Some(column) = candidates(table, &normal(written)).next() {
        return Some(Binding { column, scale: Factor::ONE });
    }
    let (name, unit) = split_unit(written)?;
    in_unit(table, &normal(&name), &unit)
}

/// Further names of columns: `config/data/import_columns.csv`.
static ALIASES: LazyLock<HashMap<String, Vec<String>>> =
    LazyLock::new(|| parse_aliases(include_str!("../../../../config/data/import_columns.csv")));

fn parse_aliases(table: &str) -> HashMap<String, Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(table.as_bytes());
    let rows = reader.records().map(|row| row.unwrap_or_else(|error| panic!("import_columns.csv: {error}")));
    let names = |row: &csv::StringRecord| row.get(1).unwrap_or_default().split('|').map(str::to_owned).collect();
    rows.map(|row| (row.get(0).unwrap_or_default().to_owned(), names(&row))).collect()
}

/// Returns the names by which a column is known beside its own, those that the pages show first.
pub fn names(column: &Column) -> impl Iterator<Item = &'static str> {
    let aliases = ALIASES.get(column.name).into_iter().flatten().map(String::as_str);
    column.chinese.iter().copied().chain(aliases)
}

/// The compared form of every known name: each cell of the first rows is compared with all of them.
static NORMAL: LazyLock<HashMap<&'static str, String>> = LazyLock::new(|| {
    let columns = Kind::ALL.into_iter().flat_map(Table::columns).chain(Policies.columns());
    let known = columns.flat_map(|column| std::iter::once(column.name).chain(names(column)));
    known.map(|name| (name, normal(name))).collect()
});

/// Returns whether a column is known by a name.
pub(super) fn is_named(column: &Column, name: &str) -> bool {
    is_normal(column, &normal(name))
}

/// Whether a column is known by a name in its compared form.
fn is_normal(column: &Column, name: &str) -> bool {
    let is_name = |known: &str| NORMAL.get(known).is_some_and(|normal| normal == name);
    is_name(column.name) || names(column).any(is_name)
}

fn candidates<T: Table>(table: T, name: &str) -> impl Iterator<Item = &'static Column> {
    table.columns().iter().filter(move |column| is_normal(column, name))
}

/// The column of a name whose unit is the written one, else the first whose unit it converts to.
fn in_unit<T: Table>(table: T, name: &str, unit: &str) -> Option<Binding> {
    let named: Vec<&'static Column> = candidates(table, name).collect();
    // A mu unit of `area_sqm` means `area_mu`: columns that share a Chinese name differ in their unit alone.
    let twins = table.columns().iter().filter(|twin| {
        named.iter().any(|column| column.chinese.first() == twin.chinese.first() && !column.chinese.is_empty())
    });
    let bounds: Vec<Binding> = named.iter().copied().chain(twins).filter_map(|column| bound_in(column, unit)).collect();
    bounds.iter().find(|bound| bound.scale.is_one()).or_else(|| bounds.first()).copied()
}

fn bound_in(column: &'static Column, unit: &str) -> Option<Binding> {
    match column.cell {
        Cell::Decimal(own) => Some(Binding { column, scale: quantity::factor(own, unit)? }),
        // Degrees and years say their unit in words that change nothing.
        Cell::Degrees(_) if matches!(unit, "°" | "度") => Some(Binding { column, scale: Factor::ONE }),
        _ => None,
    }
}

/// `面积（亩）`, `面积/亩`, `面积【亩】` as name and unit.
fn split_unit(written: &str) -> Option<(String, String)> {
    let folded: String = written.nfkc().filter(|c| !is_blank_char(*c)).collect();
    let folded = folded.replace(['【', '[', '〔'], "(").replace(['】', ']', '〕'], ")");
    let folded = without_marks(&folded);
    if let Some(inner) = folded.strip_suffix(')') {
        let at = inner.rfind('(')?;
        return Some((inner[..at].to_owned(), inner[at + 1..].trim_start_matches("单位:").to_owned()));
    }
    let at = folded.find('/')?;
    Some((folded[..at].to_owned(), folded[at + 1..].to_owned()))
}

/// Marks of templates that say whether a column must be filled.
const MARKS: [&str; 8] = ["(必填)", "(必填项)", "(选填)", "(可选)", "(非必填)", "(必输)", "(required)", "(optional)"];

/// A folded name without the marks of a required or optional column at its ends.
fn without_marks(folded: &str) -> &str {
    let bare = folded.trim_matches(['*', ':']);
    MARKS.iter().find_map(|mark| bare.strip_suffix(mark).or_else(|| bare.strip_prefix(mark))).unwrap_or(bare)
}

/// A name in simplified characters, without width, case, blanks, underscores and marks of a required column.
fn normal(name: &str) -> String {
    let folded = name.nfkc().filter(|c| !is_blank_char(*c) && !matches!(c, '_' | '*' | ':')).collect::<String>();
    simplify(without_marks(&folded.to_lowercase()))
}

fn is_blank(text: &str) -> bool {
    text.chars().all(is_blank_char)
}

/// A column as it is told to people: `area_sqm（面积）`.
#[must_use]
pub fn display(column: &Column) -> String {
    column.chinese.first().map_or_else(|| column.name.to_owned(), |chinese| format!("{}（{chinese}）", column.name))
}

fn nearest<T: Table>(table: T, written: &str) -> Vec<String> {
    near_columns(table, written).into_iter().map(display).collect()
}

fn near_columns<T: Table>(table: T, written: &str) -> Vec<&'static Column> {
    let written = split_unit(written).map_or_else(|| normal(written), |(name, _)| normal(&name));
    let likeness = |column: &Column| {
        let all = std::iter::once(column.name).chain(names(column));
        all.map(|name| strsim::jaro(&normal(name), &written)).fold(0.0, f64::max)
    };
    let mut ranked: Vec<(f64, &'static Column)> =
        table.columns().iter().map(|column| (likeness(column), column)).collect();
    ranked.retain(|(likeness, _)| *likeness >= LEAST_LIKENESS);
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    ranked.into_iter().take(NEAREST).map(|(_, column)| column).collect()
}

/// The letters of a spreadsheet's column: 0 is `A`, 26 is `AA`.
fn letters(at: usize) -> String {
    let letter = char::from(b'A' + (at % 26) as u8).to_string();
    if at < 26 { letter } else { format!("{}{letter}", letters(at / 26 - 1)) }
}

#[cfg(test)]
mod tests {
    use super::super::raw::{Raw, RawRow};
    use super::{ALIASES, Header, HeaderCode, Names, candidates, normal};
    use crate::column::Table as _;
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
    fn a_further_name_means_one_column_of_its_table_alone() {
        for kind in Kind::ALL {
            for column in kind.columns() {
                for name in ALIASES.get(column.name).into_iter().flatten() {
                    let name = normal(name);
                    let mut meant = candidates(kind, &name).map(|it| it.chinese.first());
                    assert!(meant.all(|first| first == column.chinese.first()), "{kind:?}: {name}");
                }
            }
        }
        let known = |name: &String| Kind::ALL.iter().any(|kind| kind.column(name).is_some());
        assert!(ALIASES.keys().all(known));
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
    fn an_outline_names_each_cell_and_a_column_without_a_name_is_left_out_by_its_letters() {
        let file = rows(&["plot_no,面机,,省", "P-1,100,x,浙江省"]);
        let outline = Header::outline(Kind::Plot, &file, &Names::default()).expect("an outline");
        let told: Vec<_> = outline.cells.iter().map(|cell| (cell.key.as_str(), cell.column.map(|c| c.name))).collect();
        assert_eq!(told, [("plot_no", Some("plot_no")), ("面机", None), ("(C)", None), ("省", Some("province"))]);
        assert_eq!((outline.cells[1].nearest[0].name, outline.cells[2].samples[0].as_str()), ("area_sqm", "x"));
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
