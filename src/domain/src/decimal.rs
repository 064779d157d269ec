//! Exact decimals: what people write in forms and tables, never a binary float.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A decimal number with at most six places, held as millionths.
///
/// The unit is the field's own (mu, m², 万元 …). Magnitude is below 9.2 × 10¹².
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(i64);

/// Millionths in one.
pub const SCALE: i64 = 1_000_000;
const PLACES: usize = 6;

/// Why a text is not a [`Decimal`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalError {
    /// Not a number in digits.
    NotANumber,
    /// More places than can be held exactly.
    TooManyPlaces,
    /// Too large to hold.
    OutOfRange,
}

impl Decimal {
    /// Zero.
    pub const ZERO: Self = Self(0);

    /// From millionths.
    #[must_use]
    pub const fn from_micro(micro: i64) -> Self {
        Self(micro)
    }

    /// From a whole number; saturates at the ends of the range.
    #[must_use]
    pub const fn from_int(int: i64) -> Self {
        Self(int.saturating_mul(SCALE))
    }

    /// The value in millionths.
    #[must_use]
    pub const fn micro(self) -> i64 {
        self.0
    }

    /// Parses `-12.50`, `1e3`; no thousands separators, no blanks inside.
    ///
    /// # Errors
    /// See [`DecimalError`]. Trailing zeros are not places.
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        let (negative, rest) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let (mantissa, exponent) = match rest.find(['e', 'E']) {
            Some(at) => (&rest[..at], rest[at + 1..].parse::<i32>().map_err(|_| DecimalError::NotANumber)?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.is_empty() && fraction.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit())
        {
            return Err(DecimalError::NotANumber);
        }
        let digits: String = [whole, fraction].concat();
        let significant = digits.trim_end_matches('0');
        // The value is `digits × 10^power` with trailing zeros moved into the power.
        let power = exponent as i64 - fraction.len() as i64 + (digits.len() - significant.len()) as i64;
        let significant = significant.trim_start_matches('0');
        if significant.is_empty() {
            return Ok(Self::ZERO);
        }
        let shift = power + PLACES as i64;
        if shift < 0 {
            return Err(DecimalError::TooManyPlaces);
        }
        if shift + significant.len() as i64 > 19 {
            return Err(DecimalError::OutOfRange);
        }
        let magnitude = significant
            .parse::<i64>()
            .ok()
            .and_then(|n| n.checked_mul(10_i64.checked_pow(u32::try_from(shift).ok()?)?))
            .ok_or(DecimalError::OutOfRange)?;
        Ok(Self(if negative { -magnitude } else { magnitude }))
    }

    /// Returns the number of decimal places in use, 0 to 6.
    #[must_use]
    pub fn places(self) -> usize {
        let mut rest = self.0 % SCALE;
        let mut places = PLACES;
        while places > 0 && rest % 10 == 0 {
            rest /= 10;
            places -= 1;
        }
        places
    }

    /// `numerator ÷ denominator`, rounded up at the fourth place, as answers print gaps and takes.
    ///
    /// Both are plain integers (not millionths); `denominator` is positive.
    #[must_use]
    pub fn ceil4(numerator: i128, denominator: i128) -> Self {
        // What most figures are: machine words divide many times faster.
        if let (Ok(over), Ok(under)) = (u64::try_from(numerator), u64::try_from(denominator))
            && under < u64::MAX / 10_000
            && over / under < i64::MAX as u64 / SCALE as u64
        {
            let (whole, rest) = (over / under, over % under * 10_000);
            return Self((whole * SCALE as u64 + rest.div_ceil(under) * 100) as i64);
        }
        // Whole part first: `numerator × 10000` of two large factors would leave i128.
        let (whole, rest) = (numerator.div_euclid(denominator), numerator.rem_euclid(denominator) * 10_000);
        let fraction = rest.div_euclid(denominator) + i128::from(rest.rem_euclid(denominator) != 0);
        let micro = whole.saturating_mul(i128::from(SCALE)).saturating_add(fraction * 100);
        Self(i64::try_from(micro).unwrap_or(if micro < 0 { i64::MIN } else { i64::MAX }))
    }

    /// For display and for figures that need no exactness (points, drawings).
    #[must_use]
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / SCALE as f64
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.unsigned_abs();
        let (whole, rest) = (magnitude / SCALE as u64, magnitude % SCALE as u64);
        let sign = if self.0 < 0 { "-" } else { "" };
        let places = self.places();
        if places == 0 {
            return write!(f, "{sign}{whole}");
        }
        let shown = rest / 10_u64.pow((PLACES - places) as u32);
        write!(f, "{sign}{whole}.{shown:0places$}")
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // The printed digits are the JSON number: nothing passes through a float.
        let number: serde_json::Number = self.to_string().parse().map_err(serde::ser::Error::custom)?;
        number.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = serde_json::Number::deserialize(deserializer)?;
        Self::parse(&number.to_string()).map_err(|e| serde::de::Error::custom(format!("{e:?}")))
    }
}

#[cfg(test)]
mod tests {
    use super::{Decimal, DecimalError};

    #[test]
    fn decimals_print_as_short_as_they_parse() {
        for (text, shown) in [
            ("30.000", "30"),
            ("-0.5", "-0.5"),
            ("1e3", "1000"),
            ("15.2787", "15.2787"),
            ("0.000001", "0.000001"),
            (".5", "0.5"),
        ] {
            assert_eq!(Decimal::parse(text).map(|d| d.to_string()), Ok(shown.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_held_exactly_is_refused() {
        assert_eq!(Decimal::parse("0.0000001"), Err(DecimalError::TooManyPlaces));
        assert_eq!(Decimal::parse("1e308"), Err(DecimalError::OutOfRange));
        for text in ["", "-", ".", "3.3;4.8", "9*.5", "1,000", "NaN", "1e", "１"] {
            assert_eq!(Decimal::parse(text), Err(DecimalError::NotANumber), "{text}");
        }
    }

    #[test]
    fn gaps_round_up_at_the_fourth_place() {
        assert_eq!(Decimal::ceil4(1, 3).to_string(), "0.3334");
        assert_eq!(Decimal::ceil4(30, 1).to_string(), "30");
        assert_eq!(Decimal::ceil4(-1, 3).to_string(), "-0.3333");
        // Beyond machine words the same, and saturating.
        let large = 1 << 100;
        assert_eq!(Decimal::ceil4(7 * large + 1, 7 * large), Decimal::ceil4(100_001, 100_000));
        assert_eq!(Decimal::ceil4(large, 1).micro(), i64::MAX);
    }
}
