//! Soft holds (意向占用): a part of a listing kept for a talk until a day. They change no verdict, score or order.

use serde::Serialize;

use crate::area::Mu;
use crate::decimal::Decimal;
use crate::kind::Kind;
use crate::record::Record;
use crate::time::Moment;
use crate::unit::Unit;
use crate::word::words;

words! {
    /// The resource of a listing that is held.
    pub enum Resource in "resource" {
        /// Land of a plot.
        Area "area",
        /// Floor of a space.
        Floor "floor",
        /// Power.
        Power "power",
        /// Energy per year.
        Energy "energy",
    }
}

/// A part of a listing's resource that is held until a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SoftHold {
    /// The resource.
    pub resource: Resource,
    /// The part, in [`Resource::units`].
    pub units: i64,
    /// The moment at which it is free again.
    pub until: Moment,
}

/// The held part of one resource, as a match shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Held {
    /// The resource.
    pub what: Resource,
    /// The held part.
    pub amount: Decimal,
    /// The whole, where the record states it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<Decimal>,
    /// The unit of both.
    pub unit: Unit,
    /// The day on which all of it is free again.
    pub until: chrono::NaiveDate,
}

/// The part that a resource can lose to a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holdable {
    /// The whole, in [`Resource::units`].
    pub capacity: i64,
    /// The smallest part that is sold or let; the whole where it is not divided.
    pub least: i64,
}

impl Resource {
    /// Returns the resources of a kind.
    #[must_use]
    pub const fn of(kind: Kind) -> &'static [Self] {
        match kind {
            Kind::Plot => &[Self::Area, Self::Power, Self::Energy],
            Kind::Space => &[Self::Floor, Self::Power, Self::Energy],
            Kind::Park => &[],
        }
    }

    /// Returns the unit in which amounts are shown.
    #[must_use]
    pub const fn unit(self) -> Unit {
        match self {
            Self::Area => Unit::Mu,
            Self::Floor => Unit::M2,
            Self::Power => Unit::Kva,
            Self::Energy => Unit::TcePerYear,
        }
    }

    /// Returns an amount in whole units that are exact: land in 1/2000 millionth mu, all else in millionths. Land may be given
    /// in mu or m²; `None` for another unit.
    #[must_use]
    pub fn units(self, amount: Decimal, unit: Unit) -> Option<i64> {
        match (self, unit) {
            (Self::Area, Unit::Mu) => Some(Mu::from_mu(amount).units()),
            (Self::Area, Unit::M2) => Some(Mu::from_sqm(amount).units()),
            _ => (unit == self.unit()).then(|| amount.micro()),
        }
    }

    /// Returns whole units as an amount; land is rounded up at the fourth place.
    #[must_use]
    pub fn amount(self, units: i64) -> Decimal {
        if self == Self::Area { Mu::from_units(units).ceil4() } else { Decimal::from_micro(units) }
    }

    /// Returns the limits of holds on a record; `None` where it states no figure.
    #[must_use]
    pub fn holdable(self, record: &Record) -> Option<Holdable> {
        let figure = |column: &str, unit| self.units(record.decimal(column)?, unit);
        let capacity = match self {
            Self::Area => figure("area_sqm", Unit::M2).or_else(|| figure("area_mu", Unit::Mu)),
            Self::Floor => figure("available_m2", Unit::M2),
            Self::Power => figure("power_kva", Unit::Kva),
            Self::Energy => figure("energy_quota_tce", Unit::TcePerYear),
        }?;
        let least = match self {
            Self::Area => figure("min_divisible_sqm", Unit::M2).unwrap_or(capacity),
            Self::Floor => figure("min_lettable_m2", Unit::M2).unwrap_or(1),
            Self::Power | Self::Energy => 1,
        };
        (capacity > 0).then(|| Holdable { capacity, least: least.clamp(1, capacity) })
    }
}

/// Returns the live holds on a record by resource, in the order of the resources.
#[must_use]
pub fn held(record: &Record, holds: &[SoftHold], now: Moment) -> Vec<Held> {
    let of_resource = |&what: &Resource| {
        let live = holds.iter().filter(|hold| hold.resource == what && hold.until > now);
        let until = live.clone().map(|hold| hold.until).max()?;
        Some(Held {
            what,
            amount: what.amount(live.map(|hold| hold.units).sum()),
            of: what.holdable(record).map(|whole| what.amount(whole.capacity)),
            unit: what.unit(),
            until: until.day(),
        })
    };
    Resource::of(record.kind()).iter().filter_map(of_resource).collect()
}

#[cfg(test)]
mod tests {
    use super::{Decimal, Held, Holdable, Moment, Resource, SoftHold, Unit, held};
    use crate::kind::Kind;
    use crate::record::Record;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).expect("a number")
    }

    #[test]
    fn land_in_mu_and_in_square_metres_is_the_same_land() {
        let mu = Resource::Area.units(decimal("30"), Unit::Mu);
        assert_eq!(mu, Resource::Area.units(decimal("20000"), Unit::M2));
        assert_eq!(mu.map(|units| Resource::Area.amount(units).to_string()), Some("30".to_owned()));
        assert_eq!(Resource::Power.units(decimal("1"), Unit::Mu), None);
    }

    #[test]
    fn a_plot_that_is_not_divided_is_held_whole_and_a_silent_figure_not_at_all() {
        let plot = Record::of_cells(Kind::Plot, [("plot_no", "P"), ("area_mu", "30"), ("power_kva", "500")]);
        let whole = Resource::Area.units(decimal("30"), Unit::Mu).expect("land");
        assert_eq!(Resource::Area.holdable(&plot), Some(Holdable { capacity: whole, least: whole }));
        assert_eq!(Resource::Power.holdable(&plot), Some(Holdable { capacity: 500_000_000, least: 1 }));
        assert_eq!(Resource::Energy.holdable(&plot), None);
    }

    #[test]
    fn live_holds_add_up_and_ended_ones_count_no_more() {
        let space = Record::of_cells(Kind::Space, [("space_no", "S"), ("available_m2", "800")]);
        let hold = |amount: i64, until| SoftHold {
            resource: Resource::Floor,
            units: amount * 1_000_000,
            until: Moment(until),
        };
        let day = 24 * 3_600_000;
        let holds = [hold(100, 5 * day), hold(50, 9 * day), hold(400, day)];
        let expected = Held {
            what: Resource::Floor,
            amount: decimal("150"),
            of: Some(decimal("800")),
            unit: Unit::M2,
            until: Moment(9 * day).day(),
        };
        assert_eq!(held(&space, &holds, Moment(2 * day)), [expected]);
        assert_eq!(held(&space, &holds, Moment(9 * day)), []);
    }
}
