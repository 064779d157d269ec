//! Exact fractions for amounts on their way from words to fields.

use std::cmp::Ordering;

use crate::decimal::Decimal;

/// A fraction; every step is checked, and what does not fit is no amount at all.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exact {
    top: i128,
    bottom: i128,
}

/// Larger tops or bottoms are refused, so that two can be multiplied safely.
const MOST: i128 = 1_i128 << 100;

impl Exact {
    pub(super) const fn int(value: i128) -> Self {
        Self { top: value, bottom: 1 }
    }

    pub(super) fn new(top: i128, bottom: i128) -> Option<Self> {
        if bottom <= 0 || top.abs() > MOST {
            return None;
        }
        if bottom == 1 {
            return Some(Self { top, bottom });
        }
        let divisor = gcd(top.abs(), bottom);
        Some(Self { top: top / divisor, bottom: bottom / divisor })
    }

    /// Parses digits with at most one point.
    pub(super) fn parse(digits: &str) -> Option<Self> {
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.len() > 15 || fraction.len() > 9 {
            return None;
        }
        let bottom = 10_i128.pow(u32::try_from(fraction.len()).ok()?);
        Self::new(format!("{whole}{fraction}").parse().ok()?, bottom)
    }

    pub(super) fn times(self, other: Self) -> Option<Self> {
        Self::new(self.top.checked_mul(other.top)?, self.bottom.checked_mul(other.bottom)?)
    }

    pub(super) fn over(self, other: Self) -> Option<Self> {
        if other.top <= 0 {
            return None;
        }
        self.times(Self { top: other.bottom, bottom: other.top })
    }

    pub(super) fn plus(self, other: Self) -> Option<Self> {
        let top = self.top.checked_mul(other.bottom)?.checked_add(other.top.checked_mul(self.bottom)?)?;
        Self::new(top, self.bottom.checked_mul(other.bottom)?)
    }

    /// Rounded half up at the fourth place, as a requirement holds numbers; `None` beyond what it takes.
    pub(super) fn decimal(self) -> Option<Decimal> {
        let doubled = self.top.checked_mul(20_000)?.checked_add(self.bottom)?;
        let rounded = doubled.div_euclid(self.bottom.checked_mul(2)?);
        let micro = i64::try_from(rounded.checked_mul(100)?).ok()?;
        (0..=1_000_000_000_000_000).contains(&micro).then(|| Decimal::from_micro(micro))
    }

    /// The value where it is a whole number.
    pub(super) const fn whole(self) -> Option<i128> {
        if self.top % self.bottom == 0 { Some(self.top / self.bottom) } else { None }
    }

    pub(super) const fn is_zero(self) -> bool {
        self.top == 0
    }
}

impl From<Decimal> for Exact {
    fn from(value: Decimal) -> Self {
        Self::new(i128::from(value.micro()), 1_000_000).unwrap_or(Self::int(0))
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Exact {}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.top.checked_mul(other.bottom), other.top.checked_mul(self.bottom)) {
            (Some(a), Some(b)) => a.cmp(&b),
            // Only beyond 10^38: whole parts tell apart well enough.
            _ => (self.top / self.bottom).cmp(&(other.top / other.bottom)),
        }
    }
}

const fn gcd(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    if a == 0 { 1 } else { a }
}
