//! Land and floor areas: 1 mu (亩) is exactly 2000/3 m².

use crate::decimal::{Decimal, SCALE};

/// A land area, exact: whole units of 1/2000 millionth of a mu.
///
/// One m² is 3/2000 mu, so every area that a table can hold is a whole number of 1/2000 millionths of a mu.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mu(i64);

/// [`Mu`]'s smallest units per mu.
pub const UNITS_PER_MU: i128 = 2000 * SCALE as i128;

impl Mu {
    /// An area given in mu.
    #[must_use]
    pub const fn from_mu(mu: Decimal) -> Self {
        Self(mu.micro().saturating_mul(2000))
    }

    /// An area given in m²; exact.
    #[must_use]
    pub const fn from_sqm(sqm: Decimal) -> Self {
        Self(sqm.micro().saturating_mul(3))
    }

    /// An area in units of 1/2000 millionth mu.
    #[must_use]
    pub const fn from_units(units: i64) -> Self {
        Self(units)
    }

    /// The area in units of 1/2000 millionth mu.
    #[must_use]
    pub const fn units(self) -> i64 {
        self.0
    }

    /// Mu, rounded up at the fourth place, as answers print takes.
    #[must_use]
    pub fn ceil4(self) -> Decimal {
        Decimal::ceil4(i128::from(self.0), UNITS_PER_MU)
    }
}

#[cfg(test)]
mod tests {
    use super::Mu;
    use crate::decimal::Decimal;

    #[test]
    fn thirty_mu_is_exactly_twenty_thousand_square_metres() {
        assert_eq!(Mu::from_mu(Decimal::from_int(30)), Mu::from_sqm(Decimal::from_int(20_000)));
        assert_eq!(Mu::from_sqm(Decimal::from_int(1)).ceil4().to_string(), "0.0015");
    }
}
