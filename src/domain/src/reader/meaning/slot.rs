//! Slots: the fields that hold amounts, and which of them an amount of money fills.

use crate::reader::tokens::exact::Exact;
use crate::reader::tokens::quantity::Quantity;
use crate::reader::tokens::units::Per;
use crate::reader::words::lexicon::Tag;

/// A field that holds an amount, or an amount that only helps to compute or place another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    Land,
    Floor,
    Tax,
    Fixed,
    Invest,
    Output,
    ValueAdded,
    Rd,
    Energy,
    Emission,
    Ratio,
    Price,
    Rent,
    Budget,
    Power,
    Height,
    Load,
    Desks,
    Heads,
    /// The share of fixed assets in the total investment, percent: 固投占比.
    FixedShare,
    /// A distance to a place, km.
    Far,
}

impl Slot {
    /// The number of slots, for arrays by slot.
    pub(crate) const COUNT: usize = Self::Far as usize + 1;

    /// Returns the name of the field in a requirement.
    pub(crate) const fn field(self) -> &'static str {
        match self {
            Self::Land => "land_mu",
            Self::Floor => "floor_m2",
            Self::Tax => "tax_wan",
            Self::Fixed | Self::FixedShare => "fixed_investment_wan",
            Self::Invest => "investment_wan",
            Self::Output => "output_wan",
            Self::ValueAdded => "value_added_wan",
            Self::Rd => "rd_percent",
            Self::Energy => "energy_tce",
            Self::Emission => "emission_t",
            Self::Ratio => "plot_ratio",
            Self::Price => "price_wan_per_mu_max",
            Self::Rent => "rent_yuan_m2_month_max",
            Self::Budget => "budget_wan",
            Self::Power => "power_kva",
            Self::Height => "ceiling_height_m",
            Self::Load => "floor_load_t_m2",
            Self::Desks => "workstations",
            Self::Heads => "headcount",
            Self::Far => "near",
        }
    }

    /// Returns whether the field is an upper bound, so that `不超过` adds nothing.
    pub(crate) const fn is_limit(self) -> bool {
        matches!(self, Self::Price | Self::Rent | Self::Budget)
    }

    /// Returns whether the field holds a range.
    pub(crate) const fn is_range(self) -> bool {
        matches!(self, Self::Land | Self::Floor)
    }
}

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
}

/// Returns the slot of an amount of money by the tags of its label.
pub(crate) fn money_of(has: &impl Fn(Tag) -> bool) -> Option<Slot> {
    [
        (Tag::Tax, Slot::Tax),
        (Tag::Fixed, Slot::Fixed),
        (Tag::ValueAdded, Slot::ValueAdded),
        (Tag::Output, Slot::Output),
        (Tag::Budget, Slot::Budget),
        (Tag::Price, Slot::Price),
        (Tag::Rent, Slot::Rent),
        (Tag::Invest, Slot::Invest),
    ]
    .into_iter()
    .find_map(|(tag, slot)| has(tag).then_some(slot))
}

/// Returns the slot of an amount of money, or the doubt; `project` and `spent` describe the words behind it.
pub(crate) fn money_slot(
    has: &impl Fn(Tag) -> bool,
    per: Per,
    quantity: &Quantity,
    project: bool,
    spent: bool,
) -> (Option<Slot>, Option<(Slot, Doubt)>) {
    let timed = per.month || per.day || per.year;
    match money_of(has) {
        Some(Slot::Rent) => rent(quantity, per),
        Some(Slot::Budget) if per.mu || per.hectare => (Some(Slot::Price), None),
        Some(Slot::Budget | Slot::Price) if per.m2 => by_square_metre(quantity, timed),
        Some(Slot::Budget | Slot::Price) if timed || per.other => (None, Some((Slot::Rent, Doubt::RentInAll))),
        Some(Slot::Price) if !per.mu && !per.hectare => price_without_area(quantity),
        Some(Slot::Invest) if per.area() => (Some(Slot::Fixed), None),
        Some(slot) if per.other => (None, Some((slot, Doubt::NoLabel))),
        Some(slot) => (Some(slot), None),
        None if per.mu || per.hectare => (None, Some((Slot::Price, Doubt::NoLabel))),
        None if per.m2 => by_square_metre(quantity, timed),
        None if timed && (per.month || per.day) => (None, Some((Slot::Rent, Doubt::RentInAll))),
        None if spent && !timed => (Some(Slot::Budget), None),
        None if project && quantity.large => (Some(Slot::Invest), None),
        None => (None, quantity.large.then_some((Slot::Invest, Doubt::NoLabel))),
    }
}

/// The highest land price in yuan per mu that a price without a unit is taken for; more is a price in total.
const HIGHEST_PRICE_PER_MU: i128 = 1_000_000;
/// The lowest price in yuan per m² that is the price of a building rather than a rent; no field holds it.
const LOWEST_PRICE_PER_M2: i128 = 200;

/// Reads a price without an area as per mu, as land is priced: `单价30万`, `地价30万以内`.
fn price_without_area(quantity: &Quantity) -> (Option<Slot>, Option<(Slot, Doubt)>) {
    if quantity.large && quantity.high <= Exact::int(HIGHEST_PRICE_PER_MU) {
        (Some(Slot::Price), None)
    } else {
        (None, Some((Slot::Price, Doubt::NoLabel)))
    }
}

fn by_square_metre(quantity: &Quantity, timed: bool) -> (Option<Slot>, Option<(Slot, Doubt)>) {
    if timed || quantity.high < Exact::int(LOWEST_PRICE_PER_M2) { (Some(Slot::Rent), None) } else { (None, None) }
}

/// Returns the slot of an amount that is labelled as a rent.
pub(crate) fn rent(quantity: &Quantity, per: Per) -> (Option<Slot>, Option<(Slot, Doubt)>) {
    if per.other || per.mu || per.hectare {
        (None, Some((Slot::Rent, Doubt::RentInAll)))
    } else if per.m2 || quantity.high < Exact::int(LOWEST_PRICE_PER_M2) {
        (Some(Slot::Rent), None)
    } else {
        (None, Some((Slot::Rent, Doubt::RentInAll)))
    }
}
