//! Tables of listings and policies as people keep them: one table of columns a kind, and rows read against it (contract §7).
//!
//! Import, export, storage and the pages all follow from [`columns`]; adding a column is one row there.

mod columns;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::decimal::{Decimal, DecimalError};
use crate::industry::IndustryCode;
use crate::kind::Kind;
use crate::region::DivisionCode;
use crate::time::parse_day;
use crate::word::Word;

pub use columns::{Cell, Column, Policies, Table, columns};

/// Why a header is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderError {
    /// A name that the table does not know.
    Unknown(String),
    /// A name that stands twice.
    Repeated(String),
    /// A required name that is missing.
    Missing(&'static str),
}

/// A header matched to a table's columns: for each cell of a row, its column.
#[derive(Clone, Debug)]
pub struct Header<T = Kind> {
    kind: T,
    order: Vec<&'static Column>,
}

impl<T: Table> Header<T> {
    /// Matches a header row.
    ///
    /// # Errors
    /// Every unknown, repeated and missing name.
    pub fn parse<'n>(kind: T, names: impl IntoIterator<Item = &'n str>) -> Result<Self, Vec<HeaderError>> {
        let mut errors = Vec::new();
        let mut order: Vec<&'static Column> = Vec::new();
        for name in names {
            let name = name.trim().trim_start_matches('\u{feff}');
            match kind.columns().iter().find(|column| column.name == name) {
                Some(column) if order.iter().any(|seen| seen.name == name) => {
                    errors.push(HeaderError::Repeated(column.name.to_owned()));
                }
                Some(column) => order.push(column),
                None => errors.push(HeaderError::Unknown(name.to_owned())),
            }
        }
        for column in kind.columns().iter().filter(|column| column.required) {
            if !order.iter().any(|seen| seen.name == column.name) {
                errors.push(HeaderError::Missing(column.name));
            }
        }
        if errors.is_empty() { Ok(Self { kind, order }) } else { Err(errors) }
    }

    /// The table that the header belongs to.
    #[must_use]
    pub const fn kind(&self) -> T {
        self.kind
    }

    /// The name of the column at a place in the row; blank past its end.
    #[must_use]
    pub fn name(&self, at: usize) -> &'static str {
        self.order.get(at).map_or("", |column| column.name)
    }
}

/// Why a cell is refused; a stable code, whose words are the catalogue's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellError {
    /// The column's name.
    pub column: String,
    /// The cell as it stands in the file.
    pub value: String,
    /// `blank_id`, `duplicate_id`, `not_a_number`, `too_many_places`, `out_of_range`, `unknown_industry`,
    /// `unknown_division`, `bad_date`, `not_yes_or_no`, `unknown_word`, `bad_mail`, `too_long`, `control_character`,
    /// `too_many_cells`.
    pub reason: String,
}

/// One accepted row: its kind and its filled cells in canonical form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record<T = Kind> {
    kind: T,
    cells: BTreeMap<String, String>,
}

/// The longest cell that is stored, in characters.
const LONGEST_CELL: usize = 4000;
/// The longest id, in characters.
const LONGEST_ID: usize = 200;

impl<T: Table> Record<T> {
    /// Reads one row under a header. Cells are trimmed; missing ones at the end are blank.
    ///
    /// # Errors
    /// Every cell that cannot be read as its column's type: nothing is guessed and nothing dropped.
    pub fn parse<'c>(header: &Header<T>, row: impl IntoIterator<Item = &'c str>) -> Result<Self, Vec<CellError>> {
        let mut errors = Vec::new();
        let mut cells = BTreeMap::new();
        let mut columns = header.order.iter();
        for raw in row {
            let value = raw.trim();
            let Some(column) = columns.next() else {
                if !value.is_empty() {
                    errors.push(CellError {
                        column: String::new(),
                        value: value.to_owned(),
                        reason: "too_many_cells".to_owned(),
                    });
                }
                continue;
            };
            if value.is_empty() {
                continue;
            }
            match canonical(column, value) {
                Ok(canonical) => {
                    cells.insert(column.name.to_owned(), canonical);
                }
                Err(reason) => errors.push(CellError {
                    column: column.name.to_owned(),
                    value: value.to_owned(),
                    reason: reason.to_owned(),
                }),
            }
        }
        let record = Self { kind: header.kind, cells };
        let id = header.kind.columns()[0].name;
        if record.id().is_empty() && !errors.iter().any(|error| error.column == id) {
            errors.insert(0, CellError { column: id.to_owned(), value: String::new(), reason: "blank_id".to_owned() });
        }
        for column in header.kind.filled() {
            if record.get(column).is_empty() && !errors.iter().any(|error| error.column == *column) {
                errors.push(CellError {
                    column: (*column).to_owned(),
                    value: String::new(),
                    reason: "unknown_word".to_owned(),
                });
            }
        }
        if errors.is_empty() { Ok(record) } else { Err(errors) }
    }

    /// The kind of listing, or [`Policies`].
    #[must_use]
    pub const fn kind(&self) -> T {
        self.kind
    }

    /// `plot_no`, `space_no`, `code` or `policy_id`.
    #[must_use]
    pub fn id(&self) -> &str {
        self.get(self.kind.columns()[0].name)
    }

    /// A cell in canonical form; blank where the source is silent.
    #[must_use]
    pub fn get(&self, column: &str) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    /// All cells in the order of the table's columns, blanks included, for export.
    pub fn row(&self) -> impl Iterator<Item = &str> {
        self.kind.columns().iter().map(|column| self.get(column.name))
    }

    /// A number.
    #[must_use]
    pub fn decimal(&self, column: &str) -> Option<Decimal> {
        Decimal::parse(self.get(column)).ok()
    }

    /// A coordinate.
    #[must_use]
    pub fn float(&self, column: &str) -> Option<f64> {
        self.get(column).parse().ok()
    }

    /// A day.
    #[must_use]
    pub fn day(&self, column: &str) -> Option<NaiveDate> {
        parse_day(self.get(column))
    }

    /// yes, no or silence.
    #[must_use]
    pub fn yes_no(&self, column: &str) -> Option<bool> {
        match self.get(column) {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        }
    }

    /// Industry codes.
    #[must_use]
    pub fn codes(&self, column: &str) -> Vec<IndustryCode> {
        self.get(column).split(';').filter_map(IndustryCode::parse).collect()
    }

    /// Words of an enumeration.
    #[must_use]
    pub fn words<W: Word>(&self, column: &str) -> Vec<W> {
        self.get(column).split(';').filter_map(W::from_word).collect()
    }
}

/// The canonical form of a filled cell, or why it cannot be read.
fn canonical(column: &Column, value: &str) -> Result<String, &'static str> {
    if value.chars().count() > LONGEST_CELL {
        return Err("too_long");
    }
    if value.chars().any(|c| c.is_control() && c != '\n' && c != '\t' && c != '\r') {
        return Err("control_character");
    }
    match column.cell {
        Cell::Text
            if matches!(column.name, "code" | "plot_no" | "space_no" | "policy_id")
                && value.chars().count() > LONGEST_ID =>
        {
            Err("too_long")
        }
        Cell::Text => Ok(value.to_owned()),
        Cell::Decimal => match Decimal::parse(value) {
            Ok(number) if number < Decimal::ZERO => Err("out_of_range"),
            Ok(number) => Ok(number.to_string()),
            Err(DecimalError::NotANumber) => Err("not_a_number"),
            Err(DecimalError::TooManyPlaces) => Err("too_many_places"),
            Err(DecimalError::OutOfRange) => Err("out_of_range"),
        },
        Cell::Degrees(most) => match value.parse::<f64>() {
            Ok(degrees) if degrees.is_finite() && degrees.abs() <= most => Ok(value.to_owned()),
            Ok(degrees) if degrees.is_finite() => Err("out_of_range"),
            _ => Err("not_a_number"),
        },
        Cell::Industries => {
            entries(value, "unknown_industry", |code| IndustryCode::parse(code).map(|code| code.to_string()))
        }
        Cell::Division => DivisionCode::parse(value).map(|code| code.to_string()).ok_or("unknown_division"),
        Cell::Day => parse_day(value).map(|day| day.to_string()).ok_or("bad_date"),
        Cell::YesNo => yes_no(value).map(|yes| if yes { "yes" } else { "no" }.to_owned()).ok_or("not_yes_or_no"),
        Cell::Likely if value == "likely" => Ok(value.to_owned()),
        Cell::Likely => yes_no(value).map(|yes| if yes { "yes" } else { "no" }.to_owned()).ok_or("unknown_word"),
        Cell::Word(words) => words.contains(&value).then(|| value.to_owned()).ok_or("unknown_word"),
        Cell::Words(words) => entries(value, "unknown_word", |word| words.contains(&word).then(|| word.to_owned())),
        Cell::Mail => crate::contact::Mail::parse(value).map(|mail| mail.as_str().to_owned()).ok_or("bad_mail"),
    }
}

/// A `;`-joined list, each entry in canonical form, without repeats.
fn entries(value: &str, error: &'static str, read: impl Fn(&str) -> Option<String>) -> Result<String, &'static str> {
    let mut list: Vec<String> = Vec::new();
    for entry in value.split([';', '\u{ff1b}']).map(str::trim).filter(|entry| !entry.is_empty()) {
        let entry = read(entry).ok_or(error)?;
        if !list.contains(&entry) {
            list.push(entry);
        }
    }
    Ok(list.join(";"))
}

fn yes_no(value: &str) -> Option<bool> {
    match value.to_lowercase().as_str() {
        "yes" | "是" | "1" | "true" => Some(true),
        "no" | "否" | "0" | "false" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Header, HeaderError, Kind, Record, Word, columns};
    use crate::vocabulary::{ParkLevel, SpaceKind, Status, Tenure, Use};

    fn words<T: Word>() -> Vec<&'static str> {
        T::WORDS.iter().map(|(word, _)| *word).collect()
    }

    #[test]
    fn tables_and_enumerations_have_the_same_words() {
        for (kind, column, expected) in [
            (Kind::Park, "level", words::<ParkLevel>()),
            (Kind::Plot, "status", words::<Status>()),
            (Kind::Plot, "tenure", words::<Tenure>()),
            (Kind::Space, "kind", words::<SpaceKind>()),
            (Kind::Space, "use", words::<Use>()),
        ] {
            let cell = columns(kind).iter().find(|c| c.name == column).map(|c| c.cell);
            let Some(Cell::Word(found) | Cell::Words(found)) = cell else { panic!("{column} holds words") };
            assert_eq!(found, expected, "{column}");
        }
    }

    #[test]
    fn a_header_names_what_it_lacks_and_what_is_foreign() {
        let errors = Header::parse(Kind::Space, ["space_no", "name", "kind", "rent", "name"]).expect_err("refused");
        assert_eq!(
            errors,
            [
                HeaderError::Unknown("rent".into()),
                HeaderError::Repeated("name".into()),
                HeaderError::Missing("province")
            ]
        );
    }

    #[test]
    fn cells_that_cannot_be_read_reject_the_row_by_column() {
        let header =
            Header::parse(Kind::Plot, ["plot_no", "province", "energy_va_wan_tce", "industry_code_gb4754", "status"])
                .expect("header");
        let reasons = |row: [&str; 5]| {
            Record::parse(&header, row)
                .expect_err("rejected")
                .into_iter()
                .map(|e| (e.column, e.reason))
                .collect::<Vec<_>>()
        };
        assert_eq!(reasons(["P1", "", "3.3;4.8", "36", ""]), [("energy_va_wan_tce".into(), "not_a_number".into())]);
        assert_eq!(reasons([" ", "浙江省", "9*.5", "9999", "free"]).len(), 4);
        let record = Record::parse(&header, ["P1", "浙江省", "3.30", "C36; 367", "sold"]).expect("accepted");
        assert_eq!((record.get("energy_va_wan_tce"), record.get("industry_code_gb4754")), ("3.3", "36;367"));
    }
}
