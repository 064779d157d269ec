//! Exact fractions, in which amounts are computed between the text and a field.

use std::cmp::Ordering;

use crate::decimal::Decimal;

/// A fraction in lowest terms. Every operation is checked: an overflow is `None`, never a wrong amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exact {
    top: i128,
    bottom: i128,
}

/// The largest numerator that is accepted; a product of two reduced fractions of everyday size stays below it.
const MOST: i128 = 1_i128 << 100;

impl Exact {
    pub(crate) const fn int(value: i128) -> Self {
        Self { top: value, bottom: 1 }
    }

    pub(crate) fn new(top: i128, bottom: i128) -> Option<Self> {
        if bottom <= 0 || top.abs() > MOST {
            return None;
        }
        if bottom == 1 {
            return Some(Self { top, bottom });
        }
        let divisor = gcd(top.abs(), bottom);
        Some(Self { top: top / divisor, bottom: bottom / divisor })
    }

    /// Builds a number from its digits, `places` of them decimal. Refuses more than 15 integer or 9 decimal digits.
    pub(crate) fn from_digits(digits: impl Iterator<Item = u32>, places: usize) -> Option<Self> {
        let (mut top, mut count) = (0_i128, 0);
        for digit in digits {
            count += 1;
            if count > 24 {
                return None;
            }
            top = top * 10 + i128::from(digit);
        }
        if places > 9 || count > 15 + places {
            return None;
        }
        Self::new(top, 10_i128.pow(u32::try_from(places).ok()?))
    }

    pub(crate) fn times(self, other: Self) -> Option<Self> {
        if other == Self::int(1) {
            return Some(self);
        }
        Self::new(product(self.top, other.top)?, product(self.bottom, other.bottom)?)
    }

    pub(crate) fn over(self, other: Self) -> Option<Self> {
        if other.top <= 0 {
            return None;
        }
        self.times(Self { top: other.bottom, bottom: other.top })
    }

    pub(crate) fn plus(self, other: Self) -> Option<Self> {
        if self.bottom == other.bottom {
            return Self::new(self.top.checked_add(other.top)?, self.bottom);
        }
        let top = product(self.top, other.bottom)?.checked_add(product(other.top, self.bottom)?)?;
        Self::new(top, product(self.bottom, other.bottom)?)
    }

    /// Rounds half up to four decimal places, the precision of a requirement; `None` below 0 or above 10⁹.
    pub(crate) fn decimal(self) -> Option<Decimal> {
        let doubled = self.top.checked_mul(20_000)?.checked_add(self.bottom)?;
        let rounded = doubled.div_euclid(self.bottom.checked_mul(2)?);
        let micro = i64::try_from(rounded.checked_mul(100)?).ok()?;
        (0..=1_000_000_000_000_000).contains(&micro).then(|| Decimal::from_micro(micro))
    }

    /// Returns the value if it is an integer.
    pub(crate) const fn whole(self) -> Option<i128> {
        if self.top % self.bottom == 0 { Some(self.top / self.bottom) } else { None }
    }

    /// Returns whether the value is between `low` and `high` percent of another.
    pub(crate) fn is_within(self, other: Self, low: i128, high: i128) -> bool {
        let sides = product(self.top, other.bottom).zip(product(other.top, self.bottom));
        let hundredths = sides.and_then(|(mine, its)| {
            let mine = product(mine, 100)?;
            Some(product(its, low)? <= mine && mine <= product(its, high)?)
        });
        hundredths.unwrap_or(false)
    }

    pub(crate) const fn is_zero(self) -> bool {
        self.top == 0
    }
}

impl From<Decimal> for Exact {
    fn from(value: Decimal) -> Self {
        Self::new(i128::from(value.micro()), 1_000_000).unwrap_or(Self::int(0))
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.bottom == other.bottom {
            return self.top.cmp(&other.top);
        }
        match (product(self.top, other.bottom), product(other.top, self.bottom)) {
            (Some(a), Some(b)) => a.cmp(&b),
            // Only for products beyond 10³⁸, where integer parts decide well enough.
            _ => (self.top / self.bottom).cmp(&(other.top / other.bottom)),
        }
    }
}

/// Multiplies; the fast path covers 64-bit factors, as nearly all amounts have.
fn product(a: i128, b: i128) -> Option<i128> {
    match (i64::try_from(a), i64::try_from(b)) {
        (Ok(a), Ok(b)) => Some(i128::from(a) * i128::from(b)),
        _ => a.checked_mul(b),
    }
}

fn gcd(mut a: i128, mut b: i128) -> i128 {
    // Fast path: 64-bit division is much faster than 128-bit division.
    if let (Ok(mut short), Ok(mut other)) = (u64::try_from(a), u64::try_from(b)) {
        while other != 0 {
            (short, other) = (other, short % other);
        }
        return i128::from(short.max(1));
    }
    while b != 0 {
        (a, b) = (b, a % b);
    }
    if a == 0 { 1 } else { a }
}
