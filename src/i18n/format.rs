//! Localized numbers, amounts, areas and dates, from exact decimals.

use chrono::{Datelike as _, NaiveDate};
use domain::area::Mu;
use domain::decimal::Decimal;
use domain::time::Moment;

use super::{LandUnit, Locale, Notation, say, tell};

/// Number with thousands separators: `12,000.5`.
#[must_use]
pub fn grouped(number: Decimal) -> String {
    let text = number.to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let mut out = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// Number with its unit, in the units that the reader chose; `unit` is one of the contract's units (`mu`, `m2`, `wan`, `wan/year`, `wan/mu`, `yuan/m2`,
/// `yuan/m2/month`, `wan/tce`, `wan/t`, `points`, `percent`, `tce`, `t`, `kVA`, `m`, `t/m2`, `desks`, `people`, `km`,
/// `days`, `years`, `months`, `ha`, `ratio`).
#[must_use]
pub fn quantity(notation: impl Into<Notation>, number: Decimal, unit: &str) -> String {
    let notation = notation.into();
    let (number, unit) = notation.units.converted(number, unit);
    measured(notation, number, unit)
}

/// As [`quantity`], rounded to hundredths.
#[must_use]
pub fn quantity_near(notation: impl Into<Notation>, number: Decimal, unit: &str) -> String {
    let notation = notation.into();
    let (number, unit) = notation.units.converted(number, unit);
    measured(notation, super::hundredths(number), unit)
}

/// As [`quantity`], rounded up to what people say.
#[must_use]
pub fn quantity_up(notation: impl Into<Notation>, number: Decimal, unit: &str) -> String {
    let notation = notation.into();
    let (number, unit) = notation.units.converted_up(number, unit);
    measured(notation, number, unit)
}

/// Number with its unit, without a conversion.
fn measured(Notation { locale, units }: Notation, number: Decimal, unit: &str) -> String {
    if let Some(rest) = unit.strip_prefix("wan") {
        return money(locale, number, rest);
    }
    let text = say(locale, &format!("unit.{}", key(unit)), &[("n", &grouped(number))]);
    let is_usual = unit == "mu" && units.land == LandUnit::Usual;
    if is_usual { beside_hectares(locale, &hectares(number), &text) } else { text }
}

/// Land in English has hectares first: `2 ha (30 mu)`.
pub(super) fn beside_hectares(locale: Locale, hectares: &str, mu: &str) -> String {
    match locale {
        Locale::ZhHans => mu.to_owned(),
        Locale::En => say(locale, "format.hectares", &[("ha", hectares), ("mu", mu)]),
    }
}

/// An area in hectares, rounded to two decimals.
pub(super) fn hectares(mu: Decimal) -> String {
    const MU_PER_HECTARE: i64 = 15;
    const HUNDREDTH: i64 = 10_000;
    let hundredths = (mu.micro() / (MU_PER_HECTARE * HUNDREDTH / 2) + 1).div_euclid(2);
    grouped(Decimal::from_micro(hundredths.saturating_mul(HUNDREDTH)))
}

fn key(unit: &str) -> String {
    unit.replace('/', "_per_")
}

/// 万元, from 10,000 on 亿元; in English million and billion yuan. `per` is `""`, `/year`, `/mu`, `/tce`, `/t`.
fn money(locale: Locale, wan: Decimal, per: &str) -> String {
    let micro = wan.micro();
    let amount = match locale {
        // 亿 only for totals, and only where no digit is lost.
        Locale::ZhHans if micro.abs() >= 10_000_000_000 && micro % 1_000_000 == 0 && matches!(per, "" | "/year") => {
            say(locale, "unit.yi", &[("n", &grouped(Decimal::from_micro(micro / 10_000)))])
        }
        Locale::ZhHans => say(locale, "unit.wan", &[("n", &grouped(wan))]),
        Locale::En => say(locale, "unit.wan", &[("n", &yuan_in_english(micro))]),
    };
    if per.is_empty() { amount } else { format!("{amount}{}", tell(locale, &format!("unit.per.{}", &per[1..]))) }
}

fn yuan_in_english(micro_wan: i64) -> String {
    let size = micro_wan.unsigned_abs();
    // 100 万元 are a million yuan, 100,000 万元 a billion.
    if size >= 100_000_000_000 && micro_wan % 10_000_000 == 0 {
        format!("{} billion", grouped(Decimal::from_micro(micro_wan / 100_000)))
    } else if size >= 100_000_000 && micro_wan % 10_000 == 0 {
        format!("{} million", grouped(Decimal::from_micro(micro_wan / 100)))
    } else {
        grouped(Decimal::from_micro(micro_wan.saturating_mul(10_000)))
    }
}

/// Land in mu, with m² and hectares rounded to two decimals: `40 亩(26,666.67 ㎡ · 2.67 公顷)`; in a chosen unit alone.
#[must_use]
pub fn land(notation: impl Into<Notation>, area: Mu) -> String {
    let notation = notation.into();
    let locale = notation.locale;
    if notation.units.land != LandUnit::Usual {
        return quantity(notation, area.ceil4(), "mu");
    }
    // 1 mu = 2000/3 m², 1 hectare = 15 mu.
    let units = i128::from(area.units());
    let rounded = |numerator: i128, denominator: i128| {
        let hundredths = (numerator * 200 / denominator + 1).div_euclid(2);
        grouped(Decimal::from_micro(i64::try_from(hundredths * 10_000).unwrap_or(i64::MAX)))
    };
    let mu = rounded(units, domain::area::UNITS_PER_MU);
    let m2 = rounded(units, 3 * i128::from(domain::decimal::SCALE));
    let ha = rounded(units, 15 * domain::area::UNITS_PER_MU);
    say(locale, "format.land", &[("mu", &mu), ("m2", &m2), ("ha", &ha)])
}

/// Day: `2027年3月1日`, `1 March 2027`.
#[must_use]
pub fn date(locale: Locale, day: NaiveDate) -> String {
    let month = match locale {
        Locale::ZhHans => day.month().to_string(),
        Locale::En => day.format("%B").to_string(),
    };
    say(locale, "format.date", &[("year", &day.year().to_string()), ("month", &month), ("day", &day.day().to_string())])
}

/// Time in China: `2026年11月24日 15:04`.
#[must_use]
pub fn moment(locale: Locale, at: Moment) -> String {
    let clock = at.in_china().format("%H:%M").to_string();
    say(locale, "format.moment", &[("date", &date(locale, at.day())), ("clock", &clock)])
}

/// Age of a day in the largest whole unit: `3 个月前`.
#[must_use]
pub fn age(locale: Locale, day: NaiveDate, today: NaiveDate) -> String {
    let days = (today - day).num_days();
    let (key, n) = match days {
        ..=0 => ("format.today", 0),
        // From two whole months, and from two whole years: one would be too coarse.
        1..=59 => ("format.days_ago", days),
        60..=729 => ("format.months_ago", days / 30),
        _ => ("format.years_ago", days / 365),
    };
    say(locale, key, &[("n", &n.to_string())])
}
