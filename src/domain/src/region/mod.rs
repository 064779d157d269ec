//! Administrative divisions of China (GB/T 2260): province, prefecture, county.

mod succession;

use std::fmt;
use std::sync::LazyLock;

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use crate::geo::{Point, distance_km};

pub use succession::{Succession, succession};

/// A division's six-digit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DivisionCode(u32);

/// The level of a division.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DivisionLevel {
    /// 省、自治区、直辖市
    Province,
    /// 地级市、自治州、地区
    Prefecture,
    /// 县、区、县级市
    County,
}

/// One row of the table of divisions.
#[derive(Clone, Debug)]
pub struct Division {
    /// Its GB/T 2260 code.
    pub code: DivisionCode,
    /// Its name as written in the table, `宁波市`.
    pub name: String,
    /// Its level.
    pub level: DivisionLevel,
    /// The division around it; none for provinces.
    pub parent: Option<DivisionCode>,
    /// The seat of its government, accurate to 1–5 km.
    pub seat: Option<Point>,
}

/// The table of divisions, indexed by code and name.
#[derive(Debug)]
pub struct Divisions {
    rows: Vec<Division>,
    by_code: HashMap<DivisionCode, usize>,
    by_name: HashMap<String, Vec<usize>>,
    /// The seats of each division and of all inside it.
    seats: HashMap<DivisionCode, Vec<Point>>,
}

static TABLE: LazyLock<Divisions> =
    LazyLock::new(|| Divisions::parse(include_str!("../../../../config/data/divisions.csv")));

/// Returns the divisions of China.
#[must_use]
pub fn divisions() -> &'static Divisions {
    &TABLE
}

impl DivisionCode {
    /// Returns the province's digits, the first two of the code.
    const fn province(self) -> u32 {
        self.0 / 10_000
    }

    /// Returns the code as a number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// Parses a code of the table.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let code = Self::raw(text)?;
        TABLE.by_code.contains_key(&code).then_some(code)
    }

    /// Returns the division that a code of forms means: a code of the table, the successor of an abolished one, and the
    /// province for 110100, 429000 and their like, which collect the counties directly under it.
    #[must_use]
    pub fn understood(text: &str) -> Option<Self> {
        let collected = |code: &str| matches!(code.get(2..), Some("0100" | "0200" | "9000"));
        let province = || Self::parse(&format!("{}0000", text.get(..2)?)).filter(|_| collected(text));
        Self::parse(text).or_else(|| succession().of_code(text)).or_else(province)
    }

    fn raw(text: &str) -> Option<Self> {
        (text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok().map(Self)).flatten()
    }
}

impl fmt::Display for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

impl From<DivisionCode> for String {
    fn from(code: DivisionCode) -> Self {
        code.to_string()
    }
}

impl TryFrom<String> for DivisionCode {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::understood(&text).ok_or_else(|| format!("unknown division {text}"))
    }
}

impl Divisions {
    fn parse(table: &str) -> Self {
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let rows: Vec<Division> = reader.records().filter_map(|row| Self::parse_row(&row.ok()?)).collect();
        let by_code = rows.iter().enumerate().map(|(at, row)| (row.code, at)).collect();
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, row) in rows.iter().enumerate() {
            by_name.entry(row.name.clone()).or_default().push(at);
        }
        let mut table = Self { rows, by_code, by_name, seats: HashMap::new() };
        table.seats = table.seats_inside();
        table
    }

    fn seats_inside(&self) -> HashMap<DivisionCode, Vec<Point>> {
        let mut inside: HashMap<DivisionCode, Vec<Point>> = HashMap::new();
        for row in &self.rows {
            let Some(seat) = row.seat else { continue };
            self.upwards(row.code).for_each(|outer| inside.entry(outer.code).or_default().push(seat));
        }
        inside
    }

    fn parse_row(row: &csv::StringRecord) -> Option<Division> {
        let coordinate = |at: usize| row.get(at).and_then(|cell| cell.parse::<f64>().ok());
        Some(Division {
            code: DivisionCode::raw(row.get(0)?)?,
            name: row.get(1)?.to_owned(),
            level: match row.get(2)? {
                "province" => DivisionLevel::Province,
                "city" => DivisionLevel::Prefecture,
                _ => DivisionLevel::County,
            },
            parent: row.get(3).and_then(DivisionCode::raw),
            seat: coordinate(4).zip(coordinate(5)).map(|(lng, lat)| Point { lng, lat }),
        })
    }

    /// Returns every division, in the order of the table.
    #[must_use]
    pub fn all(&self) -> &[Division] {
        &self.rows
    }

    /// Returns the row of a code.
    #[must_use]
    pub fn get(&self, code: DivisionCode) -> Option<&Division> {
        self.by_code.get(&code).map(|&at| &self.rows[at])
    }

    /// Returns all divisions of exactly this name.
    pub fn named(&self, name: &str) -> impl Iterator<Item = &Division> {
        self.by_name.get(name).into_iter().flatten().map(|&at| &self.rows[at])
    }

    /// Returns the division and those around it up to its province, itself first.
    pub fn upwards(&self, code: DivisionCode) -> impl Iterator<Item = &Division> {
        std::iter::successors(self.get(code), |row| row.parent.and_then(|parent| self.get(parent)))
    }

    /// Returns whether `inner` is `outer` or a part of it.
    #[must_use]
    pub fn covers(&self, outer: DivisionCode, inner: DivisionCode) -> bool {
        outer.province() == inner.province() && self.upwards(inner).any(|row| row.code == outer)
    }

    /// Returns the prefecture that is or contains a division; none for provinces and counties directly under one.
    #[must_use]
    pub fn prefecture(&self, code: DivisionCode) -> Option<DivisionCode> {
        self.upwards(code).find(|row| row.level == DivisionLevel::Prefecture).map(|row| row.code)
    }

    /// Returns the narrowest division of a record's three names.
    ///
    /// A narrower name counts only inside the wider ones. A name that is not in the table (`市辖区`, a masked name) is
    /// skipped, and the result is then the wider division.
    #[must_use]
    pub fn resolve(&self, province: &str, city: &str, county: &str) -> Option<DivisionCode> {
        let mut found: Option<DivisionCode> = None;
        for name in [province, city, county].map(str::trim) {
            if name.is_empty() {
                continue;
            }
            let inside: Vec<&Division> =
                self.named(name).filter(|row| found.is_none_or(|outer| self.covers(outer, row.code))).collect();
            // Of several of one name (a county-level city named like its county) only a unique one is taken.
            if let [one] = inside[..] {
                found = Some(one.code);
            }
        }
        found
    }

    /// Returns the least distance from the seat of a division to that of another or of any inside it, km; `None` where no seat
    /// is known.
    #[must_use]
    pub fn distance_km(&self, from: DivisionCode, to: DivisionCode) -> Option<f64> {
        let from = self.get(from)?.seat?;
        self.seats.get(&to)?.iter().map(|&seat| distance_km(from, seat)).reduce(f64::min)
    }

    /// Returns the names from the province down: `浙江省 宁波市 北仑区`.
    #[must_use]
    pub fn full_name(&self, code: DivisionCode) -> String {
        let mut names: Vec<&str> = self.upwards(code).map(|row| row.name.as_str()).collect();
        names.reverse();
        names.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::{DivisionCode, divisions};

    fn code(text: &str) -> DivisionCode {
        DivisionCode::parse(text).expect("a code of the table")
    }

    #[test]
    fn every_division_lies_in_the_province_that_its_code_starts_with() {
        for row in divisions().all() {
            assert!(divisions().upwards(row.code).all(|outer| outer.code.province() == row.code.province()));
        }
    }

    #[test]
    fn a_code_covers_everything_below_it() {
        let table = divisions();
        assert!(table.covers(code("330000"), code("330206")));
        assert!(table.covers(code("330200"), code("330206")));
        assert!(!table.covers(code("330206"), code("330200")));
        assert_eq!(table.all().len(), 3214);
    }

    #[test]
    fn codes_of_forms_are_understood() {
        for (text, means) in [("330206", "330206"), ("500112", "500157"), ("110100", "110000"), ("429000", "420000")] {
            assert_eq!(DivisionCode::understood(text), Some(code(means)), "{text}");
        }
        for text in ["330999", "990100", "3302", "33020a"] {
            assert_eq!(DivisionCode::understood(text), None, "{text}");
        }
    }

    #[test]
    fn names_resolve_to_the_narrowest_division_stated() {
        let table = divisions();
        assert_eq!(table.resolve("浙江省", "宁波市", "北仑区"), Some(code("330206")));
        assert_eq!(table.resolve("北京市", "北京市", "朝阳区"), Some(code("110105")));
        assert_eq!(table.resolve("广西壮族自治区", "贵港市", ""), Some(code("450800")));
        assert_eq!(table.resolve("河南省", "", "济源市"), Some(code("419001")));
        assert_eq!(table.resolve("", "", ""), None);
    }
}
