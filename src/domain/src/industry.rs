//! National industry classification GB/T 4754-2017: section letter, two-, three- and four-digit codes.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// A code of any level without its section letter: `C` (a section), `36`, `367`, `3670`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IndustryCode {
    /// `A`–`T` in ASCII; for divisions and below the section that they belong to.
    section: u8,
    /// Number of digits, 0 for a section.
    digits: u8,
    /// The digits as a number.
    number: u16,
}

/// One row of the classification.
#[derive(Clone, Debug)]
pub struct Industry {
    /// Its code.
    pub code: IndustryCode,
    /// Its Chinese name.
    pub name: String,
}

/// The classification.
#[derive(Debug)]
pub struct Industries {
    rows: Vec<Industry>,
    by_text: HashMap<String, usize>,
}

static TABLE: LazyLock<Industries> =
    LazyLock::new(|| Industries::parse(include_str!("../../../config/data/industries.csv")));

/// GB/T 4754-2017.
#[must_use]
pub fn industries() -> &'static Industries {
    &TABLE
}

impl IndustryCode {
    /// Parses a code that the classification holds, with or without the section letter (`C3670`, `3670`, `C`).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        TABLE.by_text.get(text).map(|&at| TABLE.rows[at].code)
    }

    /// The section, `A`–`T`.
    #[must_use]
    pub const fn section(self) -> char {
        self.section as char
    }

    /// Returns the number of digits: 0 for a section, else 2 to 4.
    #[must_use]
    pub const fn digits(self) -> u8 {
        self.digits
    }

    /// The digits as a number (0 for a section).
    #[must_use]
    pub const fn number(self) -> u16 {
        self.number
    }

    /// Returns the two-digit division that contains the code; a section is returned unchanged.
    #[must_use]
    pub const fn division(self) -> Self {
        let number = match self.digits {
            4 => self.number / 100,
            3 => self.number / 10,
            _ => self.number,
        };
        Self { section: self.section, digits: if self.digits > 2 { 2 } else { self.digits }, number }
    }

    /// Returns whether `other` is this code or one of its descendants.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        if self.section != other.section || self.digits > other.digits {
            return false;
        }
        self.digits == 0 || other.number / 10_u16.pow(u32::from(other.digits - self.digits)) == self.number
    }

    /// Whether the two are equal or one contains the other.
    #[must_use]
    pub fn related(self, other: Self) -> bool {
        self.contains(other) || other.contains(self)
    }
}

impl fmt::Display for IndustryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.digits {
            0 => write!(f, "{}", self.section()),
            digits => write!(f, "{:0width$}", self.number, width = usize::from(digits)),
        }
    }
}

impl fmt::Debug for IndustryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl From<IndustryCode> for String {
    fn from(code: IndustryCode) -> Self {
        code.to_string()
    }
}

impl TryFrom<String> for IndustryCode {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("unknown industry {text}"))
    }
}

impl Industries {
    fn parse(table: &str) -> Self {
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let rows: Vec<Industry> = reader.records().filter_map(|row| Self::parse_row(&row.ok()?)).collect();
        let mut by_text = HashMap::new();
        for (at, row) in rows.iter().enumerate() {
            by_text.insert(row.code.to_string(), at);
            if row.code.digits > 0 {
                by_text.insert(format!("{}{}", row.code.section(), row.code), at);
            }
        }
        Self { rows, by_text }
    }

    fn parse_row(row: &csv::StringRecord) -> Option<Industry> {
        let (code, digits) = (row.get(0)?, row.get(1)?);
        let section = *code.as_bytes().first()?;
        let is_section = code.len() == 1;
        Some(Industry {
            code: IndustryCode {
                section,
                digits: if is_section { 0 } else { u8::try_from(digits.len()).ok()? },
                number: if is_section { 0 } else { digits.parse().ok()? },
            },
            name: row.get(3)?.to_owned(),
        })
    }

    /// Every row, in the order of the standard.
    #[must_use]
    pub fn all(&self) -> &[Industry] {
        &self.rows
    }

    /// The name of a code.
    #[must_use]
    pub fn name(&self, code: IndustryCode) -> &str {
        self.by_text.get(&code.to_string()).map_or("", |&at| self.rows[at].name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::{IndustryCode, industries};

    fn code(text: &str) -> IndustryCode {
        IndustryCode::parse(text).expect("a code of the standard")
    }

    #[test]
    fn the_section_letter_may_be_left_out() {
        assert_eq!(code("C3670"), code("3670"));
        assert_eq!(industries().all().len(), 1971);
        assert_eq!(IndustryCode::parse("9999"), None);
    }

    #[test]
    fn codes_contain_what_lies_below_them() {
        assert!(code("C").contains(code("3670")));
        assert!(code("36").related(code("3670")));
        assert!(code("3670").related(code("36")));
        assert!(!code("36").related(code("3711")));
        assert_eq!(code("0111").to_string(), "0111");
        assert_eq!(code("3670").division(), code("36"));
        assert_eq!(code("C").division(), code("C"));
    }
}
