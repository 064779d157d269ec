//! Words of trades: names of GB/T 4754 and everyday words from `config/data/reader/trades.txt`, with their codes.

use crate::industry::{IndustryCode, industries};
use crate::reader::letters::rules::{cues, rule_file};
use crate::reader::letters::sets::CharSet;
use crate::reader::words::lists::Terms;

cues! {
    TradeNameCues in "trade_names.txt" {
        making: Terms,
        dropped_ending: Terms,
        residual: Terms,
        joint: CharSet,
        firm: Terms,
    }
}

/// A word of a trade.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trade {
    /// The code; none where the word leaves open which.
    pub(crate) code: Option<IndustryCode>,
    /// Whether the word has no meaning of its own: 设备, 配件, 项目.
    pub(crate) neutral: bool,
    /// Whether the word ends in 加工, 制造 or 生产.
    pub(crate) made: bool,
    /// The characters of the ending that names the firm and not what it does: 公司 of 设计公司.
    pub(crate) firm: usize,
}

impl Trade {
    /// The value of a word that is no trade.
    pub(crate) const UNKNOWN: Self = Self { code: None, neutral: false, made: false, firm: 0 };

    fn new(text: &str, code: Option<IndustryCode>, neutral: bool) -> Self {
        let bare = CUES.firm.strip_suffix(text).unwrap_or(text);
        let firm = text.chars().count() - bare.chars().count();
        Self { code, neutral, made: CUES.making.strip_suffix(text).is_some(), firm }
    }
}

/// Head of the words that belong to a trade and leave open which.
const OPEN: &str = "-";
/// Head of the neutral words.
const NEUTRAL: &str = "~";

/// Returns the names of the standard, then the everyday words; a later entry of the same word replaces an earlier one.
///
/// # Errors
/// A message with `file:line` where a rule is malformed or a code unknown.
pub(crate) fn words() -> Result<Vec<(String, Trade)>, String> {
    let mut all: Vec<(String, Trade)> =
        standard_names().into_iter().map(|(text, code)| (text.clone(), Trade::new(&text, Some(code), false))).collect();
    for rule in rule_file!("trades.txt")? {
        let code = IndustryCode::parse(rule.head());
        if code.is_none() && ![OPEN, NEUTRAL].contains(&rule.head()) {
            return Err(rule.error("unknown code"));
        }
        let trade = |text: &'static str| (text.to_owned(), Trade::new(text, code, rule.head() == NEUTRAL));
        all.extend(rule.words()?.map(trade));
    }
    Ok(all)
}

/// Everyday forms of the standard's names, with three digits at most: without brackets, and without an ending that people
/// drop where the name lists one thing only.
fn standard_names() -> Vec<(String, IndustryCode)> {
    let mut all = Vec::new();
    for row in industries().all().iter().filter(|row| row.code.digits() >= 2) {
        let code = three_digits(row.code);
        let name = row.name.split(['（', '(']).next().unwrap_or(&row.name);
        if CUES.residual.are_in(name) {
            continue;
        }
        all.push((name.to_lowercase(), code));
        let bare = CUES.dropped_ending.strip_suffix(name);
        let one_thing = |bare: &&str| bare.chars().count() >= 3 && !bare.chars().any(|c| CUES.joint.has(c));
        all.extend(bare.filter(one_thing).map(|bare| (bare.to_lowercase(), code)));
    }
    all
}

/// Returns the three-digit group of a code, the most that an everyday word makes certain.
fn three_digits(code: IndustryCode) -> IndustryCode {
    if code.digits() < 4 {
        return code;
    }
    let text = code.to_string();
    IndustryCode::parse(&text[..3]).unwrap_or(code)
}

#[cfg(test)]
mod tests {
    use super::words;
    use crate::industry::industries;

    #[test]
    fn every_rule_of_the_trades_is_well_formed_and_its_code_known() {
        assert_eq!(words().err(), None);
    }

    #[test]
    fn every_division_of_the_standard_has_words() {
        let words = include_str!("../../../../../config/data/reader/trades.txt");
        let heads: Vec<&str> = words.lines().filter_map(|line| line.split_once(": ")).map(|(head, _)| head).collect();
        for row in industries().all().iter().filter(|row| row.code.digits() == 2) {
            let division = row.code.to_string();
            assert!(heads.iter().any(|head| head.starts_with(&division)), "{division} {}", row.name);
        }
    }
}
