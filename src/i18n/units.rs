//! Units of measure that a reader chose for areas and prices, and the rounding of figures to what people say.

use domain::decimal::{Decimal, SCALE};

use super::Locale;

/// Unit of land and of its prices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LandUnit {
    /// 亩 in Chinese; hectares with mu beside them in English.
    #[default]
    Usual,
    /// Mu alone.
    Mu,
    /// Hectares; prices per hectare.
    Ha,
    /// m²; prices per m².
    M2,
}

/// Period of rents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RentPeriod {
    /// A month.
    #[default]
    Month,
    /// A day, of which a month has 30.
    Day,
}

/// A unit as addresses and the cookie name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitChoice {
    /// Of land.
    Land(LandUnit),
    /// Of rents.
    Rent(RentPeriod),
}

/// Units that a reader chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Units {
    /// Of land.
    pub land: LandUnit,
    /// Of rents.
    pub rent: RentPeriod,
}

/// Locale and units of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Notation {
    /// The locale.
    pub locale: Locale,
    /// The units.
    pub units: Units,
}

impl From<Locale> for Notation {
    fn from(locale: Locale) -> Self {
        Self { locale, units: Units::default() }
    }
}

/// Days of a month of rent, as in the reader of free text.
const RENT_DAYS: i64 = 30;
/// 1 hectare is 15 mu; 1 万元 per mu is 15 yuan per m² and 15 万元 per hectare.
const MU_PER_HECTARE: i64 = 15;

impl UnitChoice {
    /// Every choice with its name.
    pub const ALL: [(&'static str, Self); 6] = [
        ("usual", Self::Land(LandUnit::Usual)),
        ("mu", Self::Land(LandUnit::Mu)),
        ("ha", Self::Land(LandUnit::Ha)),
        ("m2", Self::Land(LandUnit::M2)),
        ("month", Self::Rent(RentPeriod::Month)),
        ("day", Self::Rent(RentPeriod::Day)),
    ];

    /// Returns its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, own)| *own == self).map_or("", |(name, _)| name)
    }
}

impl Units {
    /// Applies the choices named in a text (`ha`, `day`, `ha.day`); unknown names change nothing.
    #[must_use]
    pub fn with(self, names: &str) -> Self {
        let known = names.split('.').filter_map(|name| UnitChoice::ALL.iter().find(|(own, _)| *own == name));
        known.fold(self, |units, (_, choice)| match *choice {
            UnitChoice::Land(land) => Self { land, ..units },
            UnitChoice::Rent(rent) => Self { rent, ..units },
        })
    }

    /// Returns the names of both choices.
    #[must_use]
    pub fn names(self) -> String {
        format!("{}.{}", UnitChoice::Land(self.land).name(), UnitChoice::Rent(self.rent).name())
    }

    /// Returns whether a choice is in force.
    #[must_use]
    pub fn has(self, choice: UnitChoice) -> bool {
        match choice {
            UnitChoice::Land(land) => self.land == land,
            UnitChoice::Rent(rent) => self.rent == rent,
        }
    }

    /// Converts a figure into the chosen unit, to hundredths; a figure in another unit is returned unchanged.
    #[must_use]
    pub fn converted(self, number: Decimal, unit: &str) -> (Decimal, &str) {
        let Some((over, under, unit)) = self.factor(unit) else { return (number, unit) };
        (rounded(i128::from(number.micro()) * i128::from(over), under), unit)
    }

    /// As [`Units::converted`], rounded up to what people say.
    #[must_use]
    pub fn converted_up(self, number: Decimal, unit: &str) -> (Decimal, &str) {
        let Some((over, under, unit)) = self.factor(unit) else { return (spoken_up(number), unit) };
        let micro = i128::from(number.micro()) * i128::from(over);
        (spoken_up(Decimal::ceil4(micro, i128::from(under) * i128::from(SCALE))), unit)
    }

    /// The fraction by which figures of a unit are multiplied, and the chosen unit.
    fn factor(self, unit: &str) -> Option<(i64, i64, &'static str)> {
        match (unit, self.land, self.rent) {
            ("mu", LandUnit::Ha, _) => Some((1, MU_PER_HECTARE, "ha")),
            ("mu", LandUnit::M2, _) => Some((2000, 3, "m2")),
            ("wan/mu", LandUnit::Ha, _) => Some((MU_PER_HECTARE, 1, "wan/ha")),
            ("wan/mu", LandUnit::M2, _) => Some((MU_PER_HECTARE, 1, "yuan/m2")),
            ("yuan/m2/month", _, RentPeriod::Day) => Some((1, RENT_DAYS, "yuan/m2/day")),
            _ => None,
        }
    }
}

/// Rounds to the hundredths that people compare; a smaller figure keeps its digits.
#[must_use]
pub fn hundredths(number: Decimal) -> Decimal {
    let near = rounded(i128::from(number.micro()), 1);
    if near == Decimal::ZERO { number } else { near }
}

/// A fraction of millionths, rounded to the nearest hundredth.
fn rounded(micro: i128, under: i64) -> Decimal {
    const HUNDREDTH: i128 = SCALE as i128 / 100;
    let under = i128::from(under) * HUNDREDTH;
    let rounded = (2 * micro + under).div_euclid(2 * under) * HUNDREDTH;
    Decimal::from_micro(i64::try_from(rounded).unwrap_or(i64::MAX))
}

/// Returns the step, in millionths, to which people round a figure of a size: 10 from 1,000, 1 from 10, 0.1 from 1, else 0.01.
#[must_use]
pub const fn spoken_step(size: Decimal) -> i64 {
    match size.micro().saturating_abs() / SCALE {
        1_000.. => 10 * SCALE,
        10.. => SCALE,
        1.. => SCALE / 10,
        _ => SCALE / 100,
    }
}

/// Rounds a figure up to a step.
#[must_use]
pub const fn up_to_step(number: Decimal, step: i64) -> Decimal {
    let below = number.micro().div_euclid(step) * step;
    Decimal::from_micro(if below == number.micro() { below } else { below.saturating_add(step) })
}

/// Rounds a figure up to what people say.
#[must_use]
pub const fn spoken_up(number: Decimal) -> Decimal {
    up_to_step(number, spoken_step(number))
}

/// Rounds a figure down to what people say.
#[must_use]
pub const fn spoken_down(number: Decimal) -> Decimal {
    let step = spoken_step(number);
    Decimal::from_micro(number.micro().div_euclid(step) * step)
}

#[cfg(test)]
mod tests {
    use super::{LandUnit, RentPeriod, Units, spoken_down, spoken_up};
    use domain::decimal::Decimal;

    fn figure(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn names_of_units_are_read_back_and_unknown_ones_are_ignored() {
        let both = Units { land: LandUnit::Ha, rent: RentPeriod::Day };
        assert_eq!(both.names(), "ha.day");
        assert_eq!(Units::default().with("ha.day"), both);
        assert_eq!(both.with("month"), Units { land: LandUnit::Ha, rent: RentPeriod::Month });
        assert_eq!(both.with("acre.<b>"), both);
    }

    #[test]
    fn figures_are_rounded_outward_to_what_people_say() {
        let both = |text: &str| [spoken_up(figure(text)), spoken_down(figure(text))].map(|it| it.to_string());
        assert_eq!(both("26.8312"), ["27", "26"]);
        assert_eq!(both("2683.12"), ["2690", "2680"]);
        assert_eq!(both("1.24"), ["1.3", "1.2"]);
        assert_eq!(both("0.0312"), ["0.04", "0.03"]);
        assert_eq!(both("-3.26"), ["-3.2", "-3.3"]);
        assert_eq!(both("40"), ["40", "40"]);
    }
}
