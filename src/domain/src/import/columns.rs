//! Names of columns as clerks write them, with their units: which column each means.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;

use super::quantity::{self, Factor};
use super::raw::is_blank_char;
use crate::column::{Cell, Column, Table};
use crate::fields::Policies;
use crate::fold::simplify;
use crate::kind::Kind;
use crate::lead_sheet::LeadSheet;

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

/// A column, with the ratio of the header's unit to its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Binding {
    pub(super) column: &'static Column,
    pub(super) scale: Factor,
}

/// The column and unit that a name means, after the mappings of the person who imports.
pub(super) fn meaning<T: Table>(table: T, names: &Names, written: &str) -> Option<Binding> {
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

pub(super) fn named<T: Table>(table: T, written: &str) -> Option<Binding> {
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
    let columns = Kind::ALL.into_iter().flat_map(Table::columns).chain(Policies.columns()).chain(LeadSheet.columns());
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
        Cell::Decimal(own) => Some(Binding { column, scale: quantity::named_factor(own, unit)? }),
        // Degrees and years say their unit in words that change nothing.
        Cell::Degrees(_) if matches!(unit, "°" | "度") => Some(Binding { column, scale: Factor::ONE }),
        _ => None,
    }
}

/// Signs of a threshold in the name of a column: 投资强度（≥万元/亩）.
const BOUNDS: [char; 2] = ['≥', '≤'];

/// `面积（亩）`, `面积/亩`, `面积【亩】` as name and unit.
pub(super) fn split_unit(written: &str) -> Option<(String, String)> {
    let folded: String = written.nfkc().filter(|c| !is_blank_char(*c)).collect();
    let folded = folded.replace(['【', '[', '〔'], "(").replace(['】', ']', '〕'], ")");
    let folded = without_marks(&folded);
    if let Some(inner) = folded.strip_suffix(')') {
        let at = inner.rfind('(')?;
        let unit = inner[at + 1..].trim_start_matches("单位:").trim_start_matches(BOUNDS);
        return Some((inner[..at].to_owned(), unit.to_owned()));
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

/// A name in simplified characters, without width, case, blanks, underscores, signs of a threshold and marks of a required
/// column.
pub(super) fn normal(name: &str) -> String {
    let is_left_out = |c: char| is_blank_char(c) || matches!(c, '_' | '*' | ':') || BOUNDS.contains(&c);
    let folded = name.nfkc().filter(|c| !is_left_out(*c)).collect::<String>();
    simplify(without_marks(&folded.to_lowercase()))
}

/// A column as it is told to people: `area_sqm（面积）`.
#[must_use]
pub fn display(column: &Column) -> String {
    column.chinese.first().map_or_else(|| column.name.to_owned(), |chinese| format!("{}（{chinese}）", column.name))
}

pub(super) fn near_columns<T: Table>(table: T, written: &str) -> Vec<&'static Column> {
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

#[cfg(test)]
mod tests {
    use super::{ALIASES, candidates, normal};
    use crate::column::Table as _;
    use crate::kind::Kind;

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
}
