//! Rows of listings and policies, read against the columns of their table (contract §7).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::column::LONGEST_CELL;
use crate::contact::Mail;
use crate::decimal::{Decimal, DecimalError};
use crate::industry::IndustryCode;
use crate::kind::Kind;
use crate::region::DivisionCode;
use crate::time::parse_day;
use crate::word::{Vocabulary, Word};

pub use crate::column::{Cell, Column, Table};
pub use crate::fault::{CellError, CellReason};
pub use crate::fields::{Policies, columns};

/// Why a header is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderError {
    /// No column of this name.
    Unknown(String),
    /// A second cell of the same name.
    Repeated(String),
    /// A required column is absent.
    Missing(&'static str),
}

/// A header matched to a table's columns: the column of each cell of a row.
#[derive(Clone, Debug)]
pub struct Header<T = Kind> {
    kind: T,
    order: Vec<&'static Column>,
}

impl<T: Table> Header<T> {
    /// Matches a header row.
    ///
    /// # Errors
    /// A [`HeaderError`] for each unknown, repeated and missing name.
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

    /// Returns the header's table.
    #[must_use]
    pub const fn kind(&self) -> T {
        self.kind
    }

    /// Returns the column's name at a place in the row; blank past its end.
    #[must_use]
    pub fn name(&self, at: usize) -> &'static str {
        self.order.get(at).map_or("", |column| column.name)
    }
}

/// One accepted row: its kind and its filled cells in canonical form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record<T = Kind> {
    kind: T,
    cells: BTreeMap<String, String>,
}

impl<T: Table> Record<T> {
    /// Reads one row under a header. Cells are trimmed; missing cells at the end are blank.
    ///
    /// # Errors
    /// A [`CellError`] for each cell that cannot be read as its column's type.
    pub fn parse<'c>(header: &Header<T>, row: impl IntoIterator<Item = &'c str>) -> Result<Self, Vec<CellError>> {
        let mut errors = Vec::new();
        let mut cells = BTreeMap::new();
        let mut columns = header.order.iter();
        for value in row.into_iter().map(str::trim) {
            match columns.next() {
                None if value.is_empty() => {}
                None => errors.push(CellError::new("", value, CellReason::TooManyCells)),
                Some(_) if value.is_empty() => {}
                Some(column) => match canonical(column, value) {
                    Ok(canonical) => {
                        cells.insert(column.name.to_owned(), canonical);
                    }
                    Err(reason) => errors.push(CellError::new(column.name, value, reason)),
                },
            }
        }
        let record = Self { kind: header.kind, cells };
        record.refuse_blanks(&mut errors);
        if errors.is_empty() { Ok(record) } else { Err(errors) }
    }

    /// Adds an error for each blank cell that the row must fill, unless the cell already has one.
    fn refuse_blanks(&self, errors: &mut Vec<CellError>) {
        let columns = self.kind.columns();
        let is_refused = |errors: &[CellError], name: &str| errors.iter().any(|error| error.column == name);
        let id = columns[0].name;
        if self.id().is_empty() && !is_refused(errors, id) {
            errors.insert(0, CellError::new(id, "", CellReason::BlankId));
        }
        for column in columns.iter().filter(|column| column.filled) {
            if self.get(column.name).is_empty() && !is_refused(errors, column.name) {
                errors.push(CellError::new(column.name, "", CellReason::UnknownWord));
            }
        }
    }

    /// Returns the kind of listing, or [`Policies`].
    #[must_use]
    pub const fn kind(&self) -> T {
        self.kind
    }

    /// Returns the cell of the first column: `plot_no`, `space_no`, `code` or `policy_id`.
    #[must_use]
    pub fn id(&self) -> &str {
        self.get(self.kind.columns()[0].name)
    }

    /// Returns a cell in canonical form; blank where the source is silent.
    #[must_use]
    pub fn get(&self, column: &str) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    /// Returns all cells in the order of the table's columns, blanks included, for export.
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

    /// yes or no; `None` for a blank cell.
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

/// Returns the canonical form of a filled cell, or the reason of its refusal.
fn canonical(column: &Column, value: &str) -> Result<String, CellReason> {
    if value.chars().count() > LONGEST_CELL {
        return Err(CellReason::TooLong);
    }
    if value.chars().any(|c| c.is_control() && c != '\n' && c != '\t' && c != '\r') {
        return Err(CellReason::ControlCharacter);
    }
    let word = |vocabulary: Vocabulary, word: &str| vocabulary.find(word).map(str::to_owned);
    match column.cell {
        Cell::Text(longest) if value.chars().count() > longest => Err(CellReason::TooLong),
        Cell::Text(_) | Cell::LooseDate => Ok(value.to_owned()),
        Cell::Decimal(_) => decimal(value),
        Cell::Degrees(most) => degrees(value, most),
        Cell::Industries => {
            entries(value, CellReason::UnknownIndustry, |code| IndustryCode::parse(code).map(|code| code.to_string()))
        }
        Cell::Division => DivisionCode::parse(value).map(|code| code.to_string()).ok_or(CellReason::UnknownDivision),
        Cell::Day => parse_day(value).map(|day| day.to_string()).ok_or(CellReason::BadDate),
        Cell::YesNo => yes_no(value).map(str::to_owned).ok_or(CellReason::NotYesOrNo),
        Cell::Likely if value == "likely" => Ok(value.to_owned()),
        Cell::Likely => yes_no(value).map(str::to_owned).ok_or(CellReason::UnknownWord),
        Cell::Word(vocabulary) => word(vocabulary, value).ok_or(CellReason::UnknownWord),
        Cell::Words(vocabulary) => entries(value, CellReason::UnknownWord, |entry| word(vocabulary, entry)),
        Cell::Mail => Mail::parse(value).map(|mail| mail.as_str().to_owned()).ok_or(CellReason::BadMail),
    }
}

fn decimal(value: &str) -> Result<String, CellReason> {
    match Decimal::parse(value) {
        Ok(number) if number < Decimal::ZERO => Err(CellReason::OutOfRange),
        Ok(number) => Ok(number.to_string()),
        Err(DecimalError::NotANumber) => Err(CellReason::NotANumber),
        Err(DecimalError::TooManyPlaces) => Err(CellReason::TooManyPlaces),
        Err(DecimalError::OutOfRange) => Err(CellReason::OutOfRange),
    }
}

fn degrees(value: &str, most: f64) -> Result<String, CellReason> {
    match value.parse::<f64>() {
        Ok(degrees) if degrees.is_finite() && degrees.abs() <= most => Ok(value.to_owned()),
        Ok(degrees) if degrees.is_finite() => Err(CellReason::OutOfRange),
        _ => Err(CellReason::NotANumber),
    }
}

/// A `;`-joined list, each entry in canonical form, without repeats.
fn entries(value: &str, error: CellReason, read: impl Fn(&str) -> Option<String>) -> Result<String, CellReason> {
    let mut list: Vec<String> = Vec::new();
    for entry in value.split([';', '\u{ff1b}']).map(str::trim).filter(|entry| !entry.is_empty()) {
        let entry = read(entry).ok_or(error)?;
        if !list.contains(&entry) {
            list.push(entry);
        }
    }
    Ok(list.join(";"))
}

fn yes_no(value: &str) -> Option<&'static str> {
    match value.to_lowercase().as_str() {
        "yes" | "是" | "1" | "true" => Some("yes"),
        "no" | "否" | "0" | "false" => Some("no"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{CellReason, Header, HeaderError, Kind, Record};

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
        assert_eq!(reasons(["P1", "", "3.3;4.8", "36", ""]), [("energy_va_wan_tce".into(), CellReason::NotANumber)]);
        assert_eq!(reasons([" ", "浙江省", "9*.5", "9999", "free"]).len(), 4);
        let record = Record::parse(&header, ["P1", "浙江省", "3.30", "C36; 367", "sold"]).expect("accepted");
        assert_eq!((record.get("energy_va_wan_tce"), record.get("industry_code_gb4754")), ("3.3", "36;367"));
    }
}
