//! Changes that a person should look at before all others.

use super::settle::CellChange;
use crate::column::Table;
use crate::decimal::Decimal;
use crate::unit::Unit;

/// Why a change is shown before the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeNote {
    /// A price or an area that differs by more than a fifth of what is stored.
    Jump,
    /// The listing is no longer on offer.
    Unpublished,
}

/// Statuses that are not on offer.
const NOT_OFFERED: [&str; 2] = ["sold", "off"];
/// A jump is a difference of more than one part in so many of the stored figure.
const JUMP_PARTS: i128 = 5;

impl CellChange {
    /// Returns why the change is to be looked at first; `None` for an ordinary one.
    #[must_use]
    pub fn note<T: Table>(&self, table: T) -> Option<ChangeNote> {
        if self.column == "status" && NOT_OFFERED.contains(&self.to.as_str()) {
            return (!NOT_OFFERED.contains(&self.from.as_str())).then_some(ChangeNote::Unpublished);
        }
        let unit = table.column(self.column)?.unit()?;
        let is_watched =
            matches!(unit, Unit::M2 | Unit::Mu | Unit::Ha | Unit::Wan | Unit::YuanPerM2 | Unit::YuanPerM2PerMonth);
        let (from, to) = (Decimal::parse(&self.from).ok()?, Decimal::parse(&self.to).ok()?);
        let (from, to) = (i128::from(from.micro()), i128::from(to.micro()));
        (is_watched && (to - from).abs() * JUMP_PARTS > from.abs()).then_some(ChangeNote::Jump)
    }
}

#[cfg(test)]
mod tests {
    use super::{CellChange, ChangeNote};
    use crate::kind::Kind;

    #[test]
    fn jumps_beyond_a_fifth_and_withdrawn_listings_are_notable() {
        let change = |column, from: &str, to: &str| CellChange {
            sheet: None,
            row: 2,
            id: "P-1".into(),
            column,
            from: from.into(),
            to: to.into(),
        };
        for (column, from, to, note) in [
            ("area_sqm", "10000", "12000", None),
            ("area_sqm", "10000", "12001", Some(ChangeNote::Jump)),
            ("start_price_wan", "100", "79", Some(ChangeNote::Jump)),
            ("start_price_wan", "", "79", None),
            ("tax_wan_mu", "30", "300", None),
            ("status", "available", "off", Some(ChangeNote::Unpublished)),
            ("status", "sold", "off", None),
            ("status", "off", "available", None),
        ] {
            assert_eq!(change(column, from, to).note(Kind::Plot), note, "{column} {from} {to}");
        }
    }
}
