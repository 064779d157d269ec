//! `[reading]`: the exchange rates by which amounts in foreign currencies are converted.

use std::collections::BTreeMap;

use domain::decimal::Decimal;
use domain::rate::{Currency, Rate, Rates};
use domain::time::parse_day;
use serde::Deserialize;

/// `[reading]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadingConfig {
    /// Rates by currency.
    #[serde(default)]
    pub rates: RatesConfig,
}

/// `[reading.rates]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(try_from = "BTreeMap<String, Written>")]
pub struct RatesConfig(pub Rates);

/// A rate as it is written: `{ yuan = "7.1", on = "2026-11-20" }`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    yuan: String,
    on: String,
}

impl TryFrom<BTreeMap<String, Written>> for RatesConfig {
    type Error = String;

    fn try_from(written: BTreeMap<String, Written>) -> Result<Self, String> {
        let rates: Result<Vec<Rate>, String> = written.into_iter().map(|(code, it)| it.rate(&code)).collect();
        rates.map(|rates| Self(Rates::new(rates)))
    }
}

impl Written {
    fn rate(self, code: &str) -> Result<Rate, String> {
        let named = |what: &str| format!("reading.rates.{code}: {what}");
        let currency = Currency::of(&code.to_lowercase()).ok_or_else(|| named("use usd, eur, jpy, hkd or gbp"))?;
        let yuan = Decimal::parse(&self.yuan).ok().filter(|yuan| yuan.micro() > 0);
        let yuan = yuan.ok_or_else(|| named("yuan must be a number above 0 with at most four places"))?;
        let on = parse_day(&self.on).ok_or_else(|| named("on must be a day like 2026-11-20"))?;
        Ok(Rate { currency, yuan, on })
    }
}
