//! Key facts of a match in the order in which an owner compares listings: price, area, tax asked, distance, first free day.

use domain::decimal::Decimal;
use domain::listing::{Kind, Status};
use domain::matching::{Criterion, Match, Value, Verdict};
use domain::record::Record;
use domain::region::{DivisionCode, divisions};
use domain::requirement::Word as _;

use super::listing::{area, cell_in_words, price_per_mu};
use crate::i18n::{
    LabelledValue, Locale, Notation, column, division, land, quantity, quantity_near, quantity_up, say, tell, word,
};

/// Returns the key facts of a match that are known; `wanted` are the divisions asked for.
#[must_use]
pub fn key_facts(notation: Notation, record: &Record, found: &Match, wanted: &[DivisionCode]) -> Vec<LabelledValue> {
    let locale = notation.locale;
    let all = [
        price(notation, record),
        size(notation, record, found),
        tax_asked(locale, found),
        distance(locale, found, wanted),
        free_from(locale, record),
    ];
    all.into_iter().flatten().collect()
}

fn fact(notation: Notation, name: &str, value: String) -> LabelledValue {
    LabelledValue { name: name.to_owned(), label: column(notation, name), value }
}

/// Returns the first filled column of several.
fn first_filled(notation: Notation, record: &Record, names: &[&str]) -> Option<LabelledValue> {
    let name = names.iter().find(|name| !record.get(name).is_empty())?;
    Some(fact(notation, name, cell_in_words(notation, record, name)))
}

fn price(notation: Notation, record: &Record) -> Option<LabelledValue> {
    match record.kind() {
        Kind::Plot => match price_per_mu(record) {
            Some(price) => Some(fact(notation, "price_per_mu", quantity_near(notation, price, "wan/mu"))),
            None => first_filled(notation, record, &["start_price_yuan_sqm"]),
        },
        Kind::Space => first_filled(notation, record, &["rent_yuan_m2_month", "price_yuan_m2"]),
        Kind::Park => None,
    }
}

/// Returns the area; of a divisible plot the part that would be taken and the whole.
fn size(notation: Notation, record: &Record, found: &Match) -> Option<LabelledValue> {
    let locale = notation.locale;
    let name = match record.kind() {
        Kind::Plot => {
            let whole = land(notation, area(record)?);
            let take = found.take_mu.map(|take| quantity_near(notation, take, "mu")).filter(|_| is_part(record, found));
            let value = take.map(|take| say(locale, "card.take_of", &[("take", &take), ("whole", &whole)]));
            return Some(fact(notation, "area", value.unwrap_or(whole)));
        }
        Kind::Space => "available_m2",
        Kind::Park => "available_land_mu",
    };
    first_filled(notation, record, &[name])
}

/// Whether a match takes less than the whole plot, by more than the rounding of its area.
fn is_part(record: &Record, found: &Match) -> bool {
    let whole = area(record).map(domain::area::Mu::ceil4);
    whole.zip(found.take_mu).is_some_and(|(whole, take)| take < whole)
}

fn tax_asked(locale: Locale, found: &Match) -> Option<LabelledValue> {
    let judged = found.criteria.iter().find(|judged| judged.criterion == Criterion::Tax)?;
    let Value::Number(amount) = judged.offer else { return None };
    let label = tell(locale, "card.tax_asked");
    Some(LabelledValue { name: "tax_asked".to_owned(), label, value: quantity_up(locale, amount, "wan/year") })
}

/// Returns the distance that was judged, else how far a listing elsewhere is from the nearest division asked for.
fn distance(locale: Locale, found: &Match, wanted: &[DivisionCode]) -> Option<LabelledValue> {
    let judged = |criterion| found.criteria.iter().find(move |judged| judged.criterion == criterion);
    let label = word(locale, "criterion", Criterion::Near.id());
    let fact = |value| LabelledValue { name: "distance".to_owned(), label: label.clone(), value };
    if let Some(Value::Number(km)) = judged(Criterion::Near).map(|judged| &judged.offer) {
        return Some(fact(quantity(locale, whole(km.to_f64()), "km")));
    }
    judged(Criterion::Region).filter(|judged| judged.verdict == Verdict::Short)?;
    let (place, km) = nearest(found.listing.region?, wanted)?;
    Some(fact(say(locale, "card.from", &[("place", &division(locale, place)), ("km", &quantity(locale, km, "km"))])))
}

/// Returns the nearest of the divisions asked for and its distance between seats in whole km.
pub(super) fn nearest(own: DivisionCode, wanted: &[DivisionCode]) -> Option<(DivisionCode, Decimal)> {
    let far = |&place: &DivisionCode| Some((place, divisions().distance_km(own, place)?));
    let (place, km) = wanted.iter().filter_map(far).min_by(|a, b| a.1.total_cmp(&b.1))?;
    Some((place, whole(km)))
}

fn whole(km: f64) -> Decimal {
    Decimal::from_int(km.round() as i64)
}

fn free_from(locale: Locale, record: &Record) -> Option<LabelledValue> {
    let label = column(locale, "available_from");
    let value = cell_in_words(locale, record, "available_from");
    let is_free = record.get("status") == Status::Available.word();
    let value = if value.is_empty() && is_free { tell(locale, "card.now") } else { value };
    (!value.is_empty()).then(|| LabelledValue { name: "available_from".to_owned(), label, value })
}
