//! Figures of documents, and bounds on them.

use std::collections::BTreeMap;

use domain::decimal::Decimal;
use domain::listing::{Detail, Listing};
use domain::record::Record;
use serde_json::Value;

/// The figures by which queries filter, by the requirement's field; all in one order, that of the index.
pub const FIGURES: [&str; 7] =
    ["land_mu", "floor_m2", "power_kva", "ceiling_height_m", "floor_load_t_m2", "crane_t", "rent_yuan_m2_month_max"];
/// Fields whose figure is a listing's least, given by the query as one number: it may offer more.
const AT_LEAST: [&str; 4] = ["power_kva", "ceiling_height_m", "floor_load_t_m2", "crane_t"];
/// Width of a bare area, in tenths of it: 50 mu means about that much.
const AROUND: (i64, i64) = (9, 11);

/// Figures of a document, in millionths, by their field.
pub type DocFigures = BTreeMap<String, i64>;

/// Returns the figures of a listing, as far as its record states them.
pub(super) fn of_listing(record: &Record, listing: &Listing) -> DocFigures {
    let land = match &listing.detail {
        Detail::Plot(plot) => plot.area.map(|area| area.units() / 2000),
        Detail::Park(_) => record.decimal("available_land_mu").map(Decimal::micro),
        Detail::Space(_) => None,
    };
    let cell = |column: &str| record.decimal(column).map(Decimal::micro);
    let stated = [
        land,
        cell("available_m2"),
        cell("power_kva"),
        cell("ceiling_height_m"),
        cell("floor_load_t_m2"),
        cell("crane_t"),
        cell("rent_yuan_m2_month"),
    ];
    FIGURES.iter().zip(stated).filter_map(|(name, figure)| Some(((*name).to_owned(), figure?))).collect()
}

/// A bound on one figure, both ends included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureBound {
    /// One of [`FIGURES`].
    pub field: &'static str,
    /// Least value, in millionths.
    pub min: Option<i64>,
    /// Greatest value, in millionths.
    pub max: Option<i64>,
}

impl FigureBound {
    /// Whether a document has such a figure within the bound.
    #[must_use]
    pub fn holds(&self, figures: &DocFigures) -> bool {
        figures.get(self.field).is_some_and(|figure| {
            self.min.is_none_or(|min| *figure >= min) && self.max.is_none_or(|max| *figure <= max)
        })
    }
}

/// Returns the bound that a field's value in a reading means.
pub(super) fn bound(field: &'static str, value: &Value) -> Option<FigureBound> {
    let micro = |value: &Value| Decimal::parse(&value.to_string()).ok().map(Decimal::micro);
    if value.is_object() {
        let end = |name: &str| value.get(name).and_then(micro);
        let (min, max) = (end("min"), end("max"));
        if min.is_some() && min == max {
            let (less, more) = AROUND;
            return Some(FigureBound { field, min: min.map(|it| it / 10 * less), max: max.map(|it| it / 10 * more) });
        }
        return (min.is_some() || max.is_some()).then_some(FigureBound { field, min, max });
    }
    let figure = micro(value)?;
    let is_least = AT_LEAST.contains(&field);
    Some(FigureBound { field, min: is_least.then_some(figure), max: (!is_least).then_some(figure) })
}

/// Returns a bound as `{"min","max"}`.
pub(super) fn shown(bound: &FigureBound) -> Value {
    let mut value = serde_json::Map::new();
    for (name, end) in [("min", bound.min), ("max", bound.max)] {
        if let Some(end) = end {
            let number = Decimal::from_micro(end).to_string().parse::<serde_json::Number>();
            value.insert(name.to_owned(), number.map_or(Value::Null, Value::Number));
        }
    }
    Value::Object(value)
}
