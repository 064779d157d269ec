//! Amounts in foreign currencies: converted where the operator states a rate, else asked about.

use crate::rate::{Currency, Rate};
use crate::reader::fields::draft::Draft;
use crate::reader::letters::rules::cues;
use crate::reader::meaning::fact::Fact;
use crate::reader::meaning::slot::Doubt;
use crate::reader::tokens::exact::Exact;
use crate::reader::words::lists::{TermTable, Terms};
use crate::reader::words::slot::Slot;

cues! {
    CurrencyCues in "currencies.txt" {
        currency: TermTable,
        unknown: Terms,
    }
}

/// Returns the amount in yuan where its field is named and its currency has a rate. The dimension stays the foreign one.
pub(crate) fn exchanged(draft: &Draft<'_>, fact: &Fact) -> Option<Fact> {
    let Some((slot, Doubt::Foreign)) = fact.doubt else { return None };
    let rate = rate(draft, fact).filter(|_| fact.label.is_some())?;
    let yuan = |value: Exact| value.times(Exact::from(rate.yuan));
    // An investment per area is one of fixed assets.
    let slot = if slot == Slot::INVEST && fact.per.area() { Slot::FIXED } else { slot };
    Some(Fact { slot: Some(slot), doubt: None, low: yuan(fact.low)?, high: yuan(fact.high)?, ..*fact })
}

/// Returns the rate of the currency that an amount is written in.
pub(crate) fn rate(draft: &Draft<'_>, fact: &Fact) -> Option<Rate> {
    let token = &draft.view.tokens[fact.token];
    let written = draft.view.text.folded(token.start, token.end);
    let code = CUES.currency.0.iter().find(|(_, words)| words.iter().any(|word| written.contains(word)));
    let known = code.filter(|_| !CUES.unknown.are_in(&written));
    known.and_then(|(code, _)| Currency::of(code)).and_then(|currency| draft.rates.of(currency))
}
