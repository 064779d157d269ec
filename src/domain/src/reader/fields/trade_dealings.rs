//! Services for goods that the enterprise does not make: repair, tests, hire, sale.

use crate::industry::IndustryCode;
use crate::reader::letters::character::is_han;
use crate::reader::letters::rules::{Cue, RuleLine, cues};
use crate::reader::letters::text::Text;
use crate::reader::tokens::trades::TradePhrase;
use crate::reader::words::lists::{Suffixes, WordList};

cues! {
    DealingCues in "trade_dealings.txt" {
        repair_before: Suffixes,
        repair_behind: WordList,
        repair_of: GoodsGroups,
        trade_before: Suffixes,
        trade_behind: WordList,
        trade_of: GoodsGroups,
        hire_behind: WordList,
        hire_of: GoodsGroups,
        test_before: Suffixes,
        test_behind: WordList,
        test_of: GoodsGroups,
        thing: WordList,
    }
}

/// Groups of services, each with the codes of the goods that it is about.
struct GoodsGroups(Vec<(IndustryCode, Vec<IndustryCode>)>);

impl GoodsGroups {
    /// Returns the group that is about goods of a code.
    fn of(&self, goods: IndustryCode) -> Option<IndustryCode> {
        self.0.iter().find(|(_, all)| all.iter().any(|code| code.contains(goods))).map(|&(group, _)| group)
    }
}

impl Cue for GoodsGroups {
    fn parse(rules: &[RuleLine]) -> Result<Self, String> {
        let code = |rule: &RuleLine, text: &str| IndustryCode::parse(text).ok_or_else(|| rule.error("unknown code"));
        let entry = |rule: &RuleLine| {
            let (_, group) = rule.head().split_once(' ').ok_or_else(|| rule.error("expected a group"))?;
            let goods = rule.words()?.map(|text| code(rule, text)).collect::<Result<_, _>>()?;
            Ok((code(rule, group)?, goods))
        };
        rules.iter().map(entry).collect::<Result<_, _>>().map(Self)
    }
}

/// The most characters of a list between goods and the word for what is done with them.
const LIST: usize = 20;

/// Returns the group of the service that the words around goods tell: repairing them, or selling them on.
pub(crate) fn dealing(text: &Text, phrase: &TradePhrase) -> Option<IndustryCode> {
    let goods = phrase.code?;
    // 饲料批发, 钢材贸易: words of their own.
    let told = |words: &WordList| (2..=3).any(|length| words.is(text, phrase.end.saturating_sub(length), phrase.end));
    if goods.section() != 'C' && goods.digits() > 2 && (told(&CUES.trade_behind) || told(&CUES.repair_behind)) {
        return Some(goods);
    }
    let before = |words: &Suffixes| is_before(text, phrase, words);
    let behind = |words: &WordList| is_behind(text, phrase, words);
    if before(&CUES.repair_before) || behind(&CUES.repair_behind) {
        CUES.repair_of.of(goods)
    } else if before(&CUES.trade_before) || behind(&CUES.trade_behind) {
        CUES.trade_of.of(goods)
    } else if behind(&CUES.hire_behind) {
        CUES.hire_of.of(goods)
    } else if before(&CUES.test_before) || behind(&CUES.test_behind) {
        CUES.test_of.of(goods)
    } else {
        None
    }
}

/// Returns whether a character may be between the goods of a list.
fn is_inside(c: char) -> bool {
    is_han(c) || c.is_ascii_alphanumeric() || matches!(c, '、' | '-')
}

fn is_before(text: &Text, phrase: &TradePhrase, words: &Suffixes) -> bool {
    // 批发水泥 is one phrase.
    const LONGEST: usize = 4;
    let inside = (1..=LONGEST).map(|length| phrase.start + length).filter(|&end| end < phrase.end);
    if words.fit(text, 0, phrase.start) || inside.into_iter().any(|end| words.fit(text, phrase.start, end)) {
        return true;
    }
    // 维修打印机、复印机: the list goes on up to the phrase.
    let floor = phrase.start.saturating_sub(LIST);
    let mut listed = false;
    let mut list = (floor..phrase.start).rev().take_while(|&at| is_inside(text.at(at)));
    list.any(|at| {
        listed |= text.at(at) == '、';
        listed && words.fit(text, 0, at)
    })
}

fn is_behind(text: &Text, phrase: &TradePhrase, words: &WordList) -> bool {
    let limit = text.chars.len().min(phrase.end + LIST);
    let mut listed = text.at(phrase.end) == '、';
    for at in phrase.end..limit {
        // 的维修, 等维修: a particle at most, unless a list goes on.
        let near = at <= phrase.end + 2;
        if let Some(length) = words.longest_at(text, at).filter(|_| near || listed) {
            return !CUES.thing.starts(text, at + length);
        }
        if !is_inside(text.at(at)) {
            return false;
        }
        listed |= matches!(text.at(at), '、' | '和' | '及' | '与') && near;
    }
    false
}
