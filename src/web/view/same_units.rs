//! Figures of listings in one unit per row: for comparing, sorting, the brief and the answer pack.

use chrono::NaiveDate;
use domain::area::{Mu, UNITS_PER_MU};
use domain::decimal::{Decimal, SCALE};
use domain::freshness::{Evidence, checked_on};
use domain::listing::{Kind, Status};
use domain::matching::{Criterion, Match, Value};
use domain::record::Record;
use domain::requirement::Word as _;
use domain::unit::Unit;

use super::beside::provenance;
use super::listing::{area, cell_in_words, price_per_mu, web_address};
use crate::i18n::{Locale, Notation, column, date, grouped, hundredths, spoken_up, tell, unit_label, word};

/// One listing to put beside others.
pub struct SideBySide<'a> {
    /// Its record.
    pub record: &'a Record,
    /// Its judgement; none without a requirement.
    pub found: Option<&'a Match>,
    /// The checks of its key facts.
    pub evidence: Evidence,
    /// Its distance from the places asked for, km.
    pub km: Option<f64>,
}

/// A cell of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SameCell {
    /// A figure in the row's unit.
    Figure(Decimal),
    /// Words.
    Words(String),
    /// The record is silent.
    Silent,
    /// The row does not apply to the listing.
    Absent,
}

impl SameCell {
    /// Returns the cell as pages show it; `dash` is for a row that does not apply.
    #[must_use]
    pub fn in_words(&self, locale: Locale, dash: &str) -> String {
        match self {
            Self::Figure(figure) => grouped(*figure),
            Self::Words(words) => words.clone(),
            Self::Silent => tell(locale, "format.silent"),
            Self::Absent => dash.to_owned(),
        }
    }
}

/// A row: one fact of every listing, in one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SameRow {
    /// The label.
    pub label: String,
    /// The unit in words; blank for words.
    pub unit: String,
    /// One cell per listing.
    pub cells: Vec<SameCell>,
}

/// The name of a row, its unit, and its cell; `None` is silence.
type RowSpec = (&'static str, Option<Unit>, fn(Locale, &SideBySide<'_>) -> Option<SameCell>);

/// Rows of figures, the price first; those that no listing fills are left out.
const ROWS: [RowSpec; 11] = [
    ("price_per_mu", Some(Unit::WanPerMu), |_, it| of(it, &[Kind::Plot], land_price(it.record))),
    ("rent_yuan_m2_month", Some(Unit::YuanPerM2PerMonth), |_, it| cell(it, &[Kind::Space], "rent_yuan_m2_month")),
    ("price_yuan_m2", Some(Unit::YuanPerM2), |_, it| cell(it, &[Kind::Space], "price_yuan_m2")),
    ("area", Some(Unit::Mu), |_, it| {
        of(it, &[Kind::Plot, Kind::Park], land_of(it.record).map(Mu::ceil4).map(hundredths))
    }),
    ("area", Some(Unit::Ha), |_, it| of(it, &[Kind::Plot, Kind::Park], land_of(it.record).map(in_hectares))),
    ("area", Some(Unit::M2), |_, it| of(it, &Kind::ALL, square_metres(it.record))),
    ("take", Some(Unit::Mu), |_, it| of(it, &[Kind::Plot], it.found.and_then(|found| found.take_mu).map(hundredths))),
    ("tax_asked", Some(Unit::WanPerYear), |_, it| of(it, &[Kind::Plot], it.found.and_then(tax_asked))),
    ("distance", Some(Unit::Km), |_, it| of(it, &Kind::ALL, it.km.map(|km| Decimal::from_int(km.round() as i64)))),
    ("available_from", None, |locale, it| free_from(it.record).map(|from| SameCell::Words(in_days(locale, from)))),
    ("share", Some(Unit::Percent), |_, it| of(it, &Kind::ALL, it.found.and_then(share))),
];

/// Rows that tell where the figures are from.
const SOURCES: [RowSpec; 4] = [
    ("source", None, |locale, it| provenance(locale, it.record).map(SameCell::Words)),
    ("source_url", None, |_, it| web_address(it.record.get("source_url")).map(SameCell::Words)),
    ("dated", None, |locale, it| {
        let named = ["notice_date", "verified_on"].into_iter().find(|name| !it.record.get(name).is_empty())?;
        Some(SameCell::Words(cell_in_words(locale, it.record, named)))
    }),
    ("checked", None, |locale, it| Some(SameCell::Words(date(locale, checked_on(it.record, &it.evidence)?)))),
];

/// Returns the rows of figures of several listings.
#[must_use]
pub fn same_rows(notation: Notation, listings: &[SideBySide<'_>]) -> Vec<SameRow> {
    rows(notation, &ROWS, listings)
}

/// Returns the rows of sources and days of several listings.
#[must_use]
pub fn source_rows(locale: Locale, listings: &[SideBySide<'_>]) -> Vec<SameRow> {
    rows(locale.into(), &SOURCES, listings)
}

fn rows(notation: Notation, rows: &[RowSpec], listings: &[SideBySide<'_>]) -> Vec<SameRow> {
    let locale = notation.locale;
    let row = |&(name, unit, cell): &RowSpec| {
        let cells = listings.iter().map(|it| match (cell(locale, it).unwrap_or(SameCell::Silent), unit) {
            (SameCell::Figure(figure), Some(unit)) => SameCell::Figure(in_row(notation, name, figure, unit)),
            (other, _) => other,
        });
        let cells = cells.collect();
        let unit = unit.map(|unit| unit_label(locale, row_unit(notation, name, unit)).replace(" /", "/"));
        SameRow { label: label(notation, name), unit: unit.unwrap_or_default(), cells }
    };
    let is_told = |row: &SameRow| row.cells.iter().any(|it| matches!(it, SameCell::Figure(_) | SameCell::Words(_)));
    rows.iter().map(row).filter(is_told).collect()
}

fn label(notation: Notation, name: &str) -> String {
    let locale = notation.locale;
    match name {
        "take" | "share" | "tax_asked" | "dated" | "checked" => tell(locale, &format!("card.{name}")),
        "distance" => word(locale, "criterion", Criterion::Near.id()),
        _ => column(notation, name),
    }
}

/// The unit of a row in the reader's units; areas have a row per unit.
fn row_unit(notation: Notation, name: &str, unit: Unit) -> &'static str {
    if name == "area" { unit.word() } else { notation.units.converted(Decimal::ZERO, unit.word()).1 }
}

/// A figure of a row in its unit.
fn in_row(notation: Notation, name: &str, figure: Decimal, unit: Unit) -> Decimal {
    if name == "area" {
        return figure;
    }
    let (figure, unit) = notation.units.converted(figure, unit.word());
    let figure = hundredths(figure);
    if unit.starts_with(Unit::Wan.word()) { in_money(notation.locale, figure) } else { figure }
}

/// Pages in English count in yuan.
fn in_money(locale: Locale, wan: Decimal) -> Decimal {
    match locale {
        Locale::ZhHans => wan,
        Locale::En => Decimal::from_micro(wan.micro().saturating_mul(10_000)),
    }
}

fn of(it: &SideBySide<'_>, kinds: &[Kind], figure: Option<Decimal>) -> Option<SameCell> {
    if kinds.contains(&it.record.kind()) { figure.map(SameCell::Figure) } else { Some(SameCell::Absent) }
}

fn cell(it: &SideBySide<'_>, kinds: &[Kind], name: &str) -> Option<SameCell> {
    if kinds.contains(&it.record.kind()) {
        it.record.decimal(name).map(SameCell::Figure)
    } else {
        Some(SameCell::Absent)
    }
}

/// Returns the starting price of land in 万元 per mu, from a price of the whole or per m².
#[must_use]
pub fn land_price(record: &Record) -> Option<Decimal> {
    // 1 yuan per m² is 2000/3 yuan, 1/15 of 万元, per mu.
    let per_m2 = || record.decimal("start_price_yuan_sqm");
    let from_m2 = |yuan: Decimal| Decimal::ceil4(i128::from(yuan.micro()), 15 * i128::from(SCALE));
    price_per_mu(record).or_else(|| per_m2().map(from_m2))
}

/// Returns the land of a plot or park; none for a space.
pub(super) fn land_of(record: &Record) -> Option<Mu> {
    match record.kind() {
        Kind::Plot => area(record),
        Kind::Park => record.decimal("available_land_mu").map(Mu::from_mu),
        Kind::Space => None,
    }
}

/// Returns the land of a plot or park or the floor of a space, m².
#[must_use]
pub fn square_metres(record: &Record) -> Option<Decimal> {
    match record.kind() {
        Kind::Space => record.decimal("available_m2"),
        // 3 units are a millionth of a m².
        Kind::Plot | Kind::Park => land_of(record).map(|land| hundredths(Decimal::from_micro(land.units() / 3))),
    }
}

fn in_hectares(land: Mu) -> Decimal {
    hundredths(Decimal::ceil4(i128::from(land.units()), 15 * UNITS_PER_MU))
}

fn tax_asked(found: &Match) -> Option<Decimal> {
    let judged = found.criteria.iter().find(|judged| judged.criterion == Criterion::Tax)?;
    if let Value::Number(amount) = judged.offer { Some(spoken_up(amount)) } else { None }
}

fn share(found: &Match) -> Option<Decimal> {
    let most: u32 = found.criteria.iter().map(|judged| judged.max_points).sum();
    (found.score * 100).checked_div(most).map(|share| Decimal::from_int(share.into()))
}

/// Returns the first free day: the one stated, none in `Some(None)` for what is free now; `None` where the record is silent.
#[must_use]
pub fn free_from(record: &Record) -> Option<Option<NaiveDate>> {
    match record.day("available_from") {
        Some(day) => Some(Some(day)),
        None => (record.get("status") == Status::Available.word()).then_some(None),
    }
}

fn in_days(locale: Locale, from: Option<NaiveDate>) -> String {
    from.map_or_else(|| tell(locale, "card.now"), |day| date(locale, day))
}
