//! Sets of characters and tables from characters to values, as rule files declare them.

use crate::reader::letters::rules::{Cue, RuleLine, only};

/// A set of characters.
pub(crate) struct CharSet {
    /// Bit `c % 64` of each member: a cheap test that refuses most characters without a look at the list.
    filter: u64,
    all: Vec<char>,
}

impl CharSet {
    #[inline]
    pub(crate) fn has(&self, c: char) -> bool {
        self.filter >> (c as u32 % 64) & 1 == 1 && self.all.contains(&c)
    }
}

impl Cue for CharSet {
    fn parse(rules: &[RuleLine]) -> Result<Self, String> {
        let rule = only(rules)?;
        let single = |entry: Vec<char>| match entry[..] {
            [c] => Ok(c),
            _ => Err(rule.error("expected single characters")),
        };
        let all: Vec<char> = rule.letters()?.into_iter().map(single).collect::<Result<_, _>>()?;
        Ok(Self { filter: all.iter().fold(0, |filter, &c| filter | 1 << (c as u32 % 64)), all })
    }
}

/// Words between single blanks.
pub(crate) struct CharWords(pub(crate) Vec<Vec<char>>);

impl Cue for CharWords {
    fn parse(rules: &[RuleLine]) -> Result<Self, String> {
        only(rules)?.letters().map(Self)
    }
}

/// Characters with a value: `name value: characters`, one rule for each value.
pub(crate) struct CharTable(pub(crate) Vec<(char, i32)>);

impl Cue for CharTable {
    fn parse(rules: &[RuleLine]) -> Result<Self, String> {
        let mut all = Vec::new();
        for rule in rules {
            let [value] = rule.numbers()?;
            for entry in rule.letters()? {
                let [c] = entry[..] else { return Err(rule.error("expected single characters")) };
                all.push((c, value));
            }
        }
        Ok(Self(all))
    }
}

/// Characters with the one or two characters that they fold to: `㎡m2`.
pub(crate) struct Folds(pub(crate) Vec<(char, (char, Option<char>))>);

impl Cue for Folds {
    fn parse(rules: &[RuleLine]) -> Result<Self, String> {
        let rule = only(rules)?;
        let fold = |entry: Vec<char>| match entry[..] {
            [c, form] => Ok((c, (form, None))),
            [c, first, second] => Ok((c, (first, Some(second)))),
            _ => Err(rule.error("expected a character and its one or two folded ones")),
        };
        rule.letters()?.into_iter().map(fold).collect::<Result<_, _>>().map(Self)
    }
}
