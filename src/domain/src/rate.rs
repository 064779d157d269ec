//! Exchange rates that the operator states, each with its day.

use chrono::NaiveDate;
use serde::Serialize;

use crate::decimal::Decimal;

/// A currency of amounts that people write beside the yuan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "ISO 4217 codes")]
pub enum Currency {
    Usd,
    Eur,
    Jpy,
    Hkd,
    Gbp,
}

impl Currency {
    /// Returns the currency of an ISO 4217 code in lower case.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Some(match code {
            "usd" => Self::Usd,
            "eur" => Self::Eur,
            "jpy" => Self::Jpy,
            "hkd" => Self::Hkd,
            "gbp" => Self::Gbp,
            _ => return None,
        })
    }

    /// The ISO 4217 code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Usd => "USD",
            Self::Eur => "EUR",
            Self::Jpy => "JPY",
            Self::Hkd => "HKD",
            Self::Gbp => "GBP",
        }
    }
}

/// The yuan for one unit of a currency, on a day.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rate {
    /// The foreign currency.
    pub currency: Currency,
    /// Yuan for one unit.
    pub yuan: Decimal,
    /// The day of the rate.
    pub on: NaiveDate,
}

/// The rates that are known; an amount in another currency is asked about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rates(Vec<Rate>);

impl Rates {
    /// Collects rates, one for each currency.
    #[must_use]
    pub const fn new(rates: Vec<Rate>) -> Self {
        Self(rates)
    }

    /// Returns the rate of a currency.
    #[must_use]
    pub fn of(&self, currency: Currency) -> Option<Rate> {
        self.0.iter().find(|rate| rate.currency == currency).copied()
    }
}
