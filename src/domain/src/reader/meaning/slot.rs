//! The slot that an amount fills by its label: the rules of money, and the common rule of the other units.

use crate::reader::tokens::exact::Exact;
use crate::reader::tokens::quantity::Quantity;
use crate::reader::tokens::units::{Dim, Per};
use crate::reader::words::lexicon::Tags;
use crate::reader::words::slot::Slot;
use crate::unit::Unit;

/// The relation of an amount to the wanted value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    Plain,
    About,
    AtLeast,
    AtMost,
}

/// Why an amount that was understood fills no field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// kW where the field takes kVA.
    Kilowatt,
    NoUnit,
    /// A foreign currency.
    Foreign,
    /// Money without a label.
    NoLabel,
    /// A rent or budget per month, year or desk instead of per m² and month.
    RentInAll,
    /// Jobs created or placed, which may not be the headcount.
    Placed,
    /// One kind of tax, which is not all of it.
    TaxPart,
}

/// Returns the dimension of the amounts of a field; `None` where the reader knows no unit of it.
fn dim(slot: Slot) -> Option<Dim> {
    match slot.unit()? {
        Unit::Mu => Some(Dim::Land),
        Unit::M2 => Some(Dim::Floor),
        Unit::Percent => Some(Dim::Percent),
        Unit::TcePerYear => Some(Dim::Energy),
        Unit::T | Unit::TPerYear => Some(Dim::Mass),
        Unit::Kva => Some(Dim::Power),
        Unit::M => Some(Dim::Length),
        Unit::People => Some(Dim::People),
        Unit::Desks => Some(Dim::Count),
        Unit::Km => Some(Dim::Far),
        Unit::Years => Some(Dim::Years),
        Unit::Ratio => Some(Dim::Bare),
        unit if unit.is_wan() => Some(Dim::Money),
        _ => None,
    }
}

/// Returns the field without rules of its own that the tags of a label name for amounts of a dimension.
pub(crate) fn plain(tags: Tags, amount: Dim) -> Option<Slot> {
    tags.plain().find(|&slot| dim(slot) == Some(amount))
}

/// Slots of money, the ones that decide where a label has several tags first.
pub(crate) const MONEY: [Slot; 8] =
    [Slot::TAX, Slot::FIXED, Slot::VALUE_ADDED, Slot::OUTPUT, Slot::BUDGET, Slot::PRICE, Slot::RENT, Slot::INVEST];

/// Returns the slot of an amount of money by the tags of its label.
pub(crate) fn money_of(tags: Tags) -> Option<Slot> {
    MONEY.into_iter().find(|&slot| tags.names(slot)).or_else(|| plain(tags, Dim::Money))
}

/// Returns the slot of an amount of money, or the doubt; `project` and `spent` describe the words behind it.
pub(crate) fn money_slot(
    tags: Tags,
    per: Per,
    quantity: &Quantity,
    project: bool,
    spent: bool,
) -> (Option<Slot>, Option<(Slot, Doubt)>) {
    let timed = per.month || per.day || per.year;
    match money_of(tags) {
        Some(Slot::RENT) => rent(quantity, per),
        Some(Slot::BUDGET) if per.mu || per.hectare => (Some(Slot::PRICE), None),
        // 预算18元: nobody buys for that.
        Some(Slot::BUDGET) if !quantity.large && quantity.high < Exact::int(LOWEST_PRICE_PER_M2) => rent(quantity, per),
        Some(Slot::BUDGET | Slot::PRICE) if per.m2 => by_square_metre(quantity, timed),
        Some(Slot::BUDGET | Slot::PRICE) if timed || per.other => (None, Some((Slot::RENT, Doubt::RentInAll))),
        // 价格控制在18块: no land costs that.
        Some(Slot::PRICE) if !per.mu && !per.hectare && is_of_rooms(quantity) => (Some(Slot::RENT), None),
        Some(Slot::PRICE) if !per.mu && !per.hectare => price_without_area(quantity),
        Some(Slot::INVEST) if per.area() => (Some(Slot::FIXED), None),
        Some(slot) if per.other => (None, Some((slot, Doubt::NoLabel))),
        Some(slot) => (Some(slot), None),
        None if per.mu || per.hectare => (None, Some((Slot::PRICE, Doubt::NoLabel))),
        None if per.m2 => by_square_metre(quantity, timed),
        // 0.7元/天, 18元/月: nothing but a square metre costs that.
        None if per.month && is_of_rooms(quantity) || per.day && is_of_rooms_by_day(quantity) => {
            (Some(Slot::RENT), None)
        }
        None if timed && (per.month || per.day) => (None, Some((Slot::RENT, Doubt::RentInAll))),
        None if spent && !timed => (Some(Slot::BUDGET), None),
        None if project && quantity.large => (Some(Slot::INVEST), None),
        None => (None, quantity.large.then_some((Slot::INVEST, Doubt::NoLabel))),
    }
}

/// The highest land price in yuan per mu that a price without a unit is taken for; more is a price in total.
const HIGHEST_PRICE_PER_MU: i128 = 1_000_000;
/// The lowest price in yuan per m² that is the price of a building rather than a rent; no field holds it.
const LOWEST_PRICE_PER_M2: i128 = 200;

/// Reads a price without an area as per mu, as land is priced: `单价30万`, `地价30万以内`.
fn price_without_area(quantity: &Quantity) -> (Option<Slot>, Option<(Slot, Doubt)>) {
    if quantity.large && quantity.high <= Exact::int(HIGHEST_PRICE_PER_MU) {
        (Some(Slot::PRICE), None)
    } else {
        (None, Some((Slot::PRICE, Doubt::NoLabel)))
    }
}

/// The highest rent in yuan per m² and day of rooms that are let.
const HIGHEST_RENT_PER_DAY: i128 = 20;

fn is_of_rooms_by_day(quantity: &Quantity) -> bool {
    is_of_rooms(quantity) && quantity.high <= Exact::int(HIGHEST_RENT_PER_DAY)
}

/// Returns whether a price in yuan is too low for anything but a square metre of rooms.
pub(crate) fn is_of_rooms(quantity: &Quantity) -> bool {
    quantity.dim == Dim::Money && !quantity.large && quantity.high < Exact::int(LOWEST_PRICE_PER_M2)
}

fn by_square_metre(quantity: &Quantity, timed: bool) -> (Option<Slot>, Option<(Slot, Doubt)>) {
    if timed || quantity.high < Exact::int(LOWEST_PRICE_PER_M2) { (Some(Slot::RENT), None) } else { (None, None) }
}

/// Returns the slot of an amount that is labelled as a rent.
pub(crate) fn rent(quantity: &Quantity, per: Per) -> (Option<Slot>, Option<(Slot, Doubt)>) {
    if per.other || per.mu || per.hectare {
        (None, Some((Slot::RENT, Doubt::RentInAll)))
    } else if per.m2 {
        // 单价3800/平: what a building costs.
        by_square_metre(quantity, per.month || per.day || per.year)
    } else if quantity.high < Exact::int(LOWEST_PRICE_PER_M2) {
        (Some(Slot::RENT), None)
    } else {
        (None, Some((Slot::RENT, Doubt::RentInAll)))
    }
}
