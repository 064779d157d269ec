//! Slots: the fields that hold amounts, numbered as in the table of fields.

use crate::requirement::{FIELDS, REQUIREMENT};
use crate::shape::Shape;
use crate::unit::Unit;

/// A field that holds an amount, or an amount that only helps to compute or place another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot(u8);

/// Names the slots that rules of the reader know. A field without a name here is read by its label, its unit and its
/// shape alone.
macro_rules! named {
    ($($NAME:ident $field:literal,)+) => {
        impl Slot {
            $(pub(crate) const $NAME: Self = Self::of($field);)+
            const NAMED: &[Self] = &[$(Self::$NAME),+];
        }
    };
}

named! {
    LAND "land_mu",
    FLOOR "floor_m2",
    TAX "tax_wan",
    FIXED "fixed_investment_wan",
    INVEST "investment_wan",
    OUTPUT "output_wan",
    VALUE_ADDED "value_added_wan",
    RD "rd_percent",
    ENERGY "energy_tce",
    EMISSION "emission_t",
    RATIO "plot_ratio",
    PRICE "price_wan_per_mu_max",
    RENT "rent_yuan_m2_month_max",
    BUDGET "budget_wan",
    POWER "power_kva",
    HEIGHT "ceiling_height_m",
    LOAD "floor_load_t_m2",
    DESKS "workstations",
    HEADS "headcount",
    LEASE "lease_years",
    FAR "near",
}

impl Slot {
    /// The loads of cranes and goods lifts and the length of trucks, which are read like any plain field.
    pub(crate) const CRANE: Self = Self::of("crane_t");
    pub(crate) const LIFT: Self = Self::of("lift_t");
    pub(crate) const TRUCK: Self = Self::of("truck_m");
}

const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

impl Slot {
    /// The share of fixed assets in the total investment, percent: 固投占比. It is no field.
    pub(crate) const FIXED_SHARE: Self = Self(FIELDS.len() as u8);

    /// The number of slots, for arrays by slot.
    pub(crate) const COUNT: usize = FIELDS.len() + 1;

    /// Returns the slot of a field; an unknown one does not compile.
    const fn of(field: &str) -> Self {
        let mut at = 0;
        while !is_same(FIELDS[at], field) {
            at += 1;
        }
        Self(at as u8)
    }

    /// Returns every slot of a field that holds one number, in the order of the table.
    pub(crate) fn singles() -> impl Iterator<Item = Self> {
        Self::all().filter(|slot| matches!(slot.shape(), Some(Shape::Amount { .. })))
    }

    /// Returns every slot of a field that holds a range, in the order of the table.
    pub(crate) fn ranges() -> impl Iterator<Item = Self> {
        Self::all().filter(|slot| slot.is_range())
    }

    /// Returns the slot of a field that holds an amount, by its name.
    pub(crate) fn of_amount(field: &str) -> Option<Self> {
        Self::singles().chain(Self::ranges()).find(|slot| slot.field() == field)
    }

    fn all() -> impl Iterator<Item = Self> {
        (0..).map(Self).take(FIELDS.len())
    }

    fn shape(self) -> Option<Shape> {
        REQUIREMENT.get(self.index()).map(|field| field.shape)
    }

    /// Returns the number of the slot, below [`Self::COUNT`].
    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }

    /// Returns the name of the field in a requirement.
    pub(crate) fn field(self) -> &'static str {
        FIELDS.get(self.index()).copied().unwrap_or_else(|| Self::FIXED.field())
    }

    /// Returns the unit of the field.
    pub(crate) fn unit(self) -> Option<Unit> {
        self.shape().and_then(Shape::unit)
    }

    /// Returns whether the field has no rules of its own.
    pub(crate) const fn is_plain(self) -> bool {
        Self::PLAIN >> self.0 & 1 == 1
    }

    /// The bits of the fields that have no rules of their own.
    pub(crate) const PLAIN: u64 = {
        let (mut bits, mut at) = ((1 << FIELDS.len()) - 1, 0);
        while at < Self::NAMED.len() {
            bits &= !(1 << Self::NAMED[at].0);
            at += 1;
        }
        bits
    };

    /// Returns whether the field is an upper bound, so that `不超过` adds nothing.
    pub(crate) const fn is_limit(self) -> bool {
        matches!(self, Self::PRICE | Self::RENT | Self::BUDGET)
    }

    /// Returns whether the field holds a range.
    pub(crate) fn is_range(self) -> bool {
        matches!(self.shape(), Some(Shape::Range { .. }))
    }
}
