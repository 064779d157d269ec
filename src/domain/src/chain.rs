//! Industry chains (产业链) with their GB/T 4754 codes, and tags of firms that their own words name.

use std::sync::LazyLock;

use crate::industry::IndustryCode;

/// An industry chain.
#[derive(Clone, Debug)]
pub struct Chain {
    /// The stable code.
    pub code: String,
    /// The Chinese name.
    pub name: String,
    /// Its industries, at any level.
    pub industries: Vec<IndustryCode>,
}

/// A tag of firms, such as 链主 and 专精特新.
#[derive(Clone, Debug)]
pub struct FirmTag {
    /// The stable code.
    pub code: String,
    /// The Chinese name.
    pub name: String,
    /// Words by which texts name it.
    pub words: Vec<String>,
}

static CHAINS: LazyLock<Vec<Chain>> =
    LazyLock::new(|| rows(include_str!("../../../config/data/chains.csv")).into_iter().map(Chain::of).collect());
static TAGS: LazyLock<Vec<FirmTag>> =
    LazyLock::new(|| rows(include_str!("../../../config/data/firm_tags.csv")).into_iter().map(FirmTag::of).collect());

/// Words that turn the tag behind them into its opposite.
const DENIALS: [&str; 4] = ["不是", "非", "并非", "还不是"];

/// The chains of `config/data/chains.csv`.
#[must_use]
pub fn chains() -> &'static [Chain] {
    &CHAINS
}

/// The tags of `config/data/firm_tags.csv`.
#[must_use]
pub fn firm_tags() -> &'static [FirmTag] {
    &TAGS
}

/// Returns code, name and the list of a row.
fn rows(table: &str) -> Vec<(String, String, Vec<String>)> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let row = |row: csv::StringRecord| {
        let list = row.get(2)?.split(';').map(|part| part.trim().to_owned()).collect();
        Some((row.get(0)?.to_owned(), row.get(1)?.to_owned(), list))
    };
    reader.records().filter_map(|read| row(read.ok()?)).collect()
}

impl Chain {
    fn of((code, name, list): (String, String, Vec<String>)) -> Self {
        Self { code, name, industries: list.iter().filter_map(|code| IndustryCode::parse(code)).collect() }
    }

    /// Returns the chain of a code.
    #[must_use]
    pub fn parse(code: &str) -> Option<&'static Self> {
        chains().iter().find(|chain| chain.code == code)
    }

    /// Whether an industry belongs to it.
    #[must_use]
    pub fn holds(&self, industry: IndustryCode) -> bool {
        self.industries.iter().any(|own| own.contains(industry))
    }
}

impl FirmTag {
    fn of((code, name, words): (String, String, Vec<String>)) -> Self {
        Self { code, name, words }
    }

    /// Returns the tag of a code.
    #[must_use]
    pub fn parse(code: &str) -> Option<&'static Self> {
        firm_tags().iter().find(|tag| tag.code == code)
    }

    /// Whether a text names it without denying it.
    #[must_use]
    pub fn is_named(&self, text: &str) -> bool {
        let is_claimed = |(at, _): (usize, &str)| !DENIALS.iter().any(|denial| text[..at].ends_with(denial));
        self.words.iter().any(|word| text.match_indices(word.as_str()).any(is_claimed))
    }
}

#[cfg(test)]
mod tests {
    use super::{Chain, FirmTag, chains, firm_tags};
    use crate::industry::IndustryCode;

    #[test]
    fn every_code_of_a_chain_is_in_the_classification() {
        let table = include_str!("../../../config/data/chains.csv");
        let written: usize = table.lines().skip(1).map(|line| line.matches(';').count() + 1).sum();
        assert_eq!(chains().iter().map(|chain| chain.industries.len()).sum::<usize>(), written);
        assert_eq!((chains().len(), firm_tags().len()), (20, 6));
    }

    #[test]
    fn a_chain_holds_the_industries_below_its_codes() {
        let code = |text: &str| IndustryCode::parse(text).expect("a code");
        let vehicles = Chain::parse("vehicles").expect("a chain");
        assert!(vehicles.holds(code("3670")) && vehicles.holds(code("3612")) && !vehicles.holds(code("3841")));
        assert!(!vehicles.holds(code("36")), "a whole division is wider than the chain");
    }

    #[test]
    fn a_tag_is_named_and_not_denied() {
        let leader = FirmTag::parse("leader").expect("a tag");
        assert!(leader.is_named("我们是光伏链主,找地") && !leader.is_named("我们不是链主") && !leader.is_named("找地"));
    }
}
