//! Which trade: names, products and everyday words of GB/T 4754, the most specific code that is certain.

use std::sync::LazyLock;

use crate::industry::{IndustryCode, industries};
use crate::reader::fields::need::View;
use crate::reader::letters::text::{is_han, is_stop};
use crate::reader::meaning::facts::is_label;
use crate::reader::tokens::lexer::Kind;
use crate::reader::words::dictionary::{Entry, Lookup};
use crate::reader::words::endings::Endings;
use crate::reader::words::lexicon::{Tag, rows};
use crate::reader::words::trie::Trie;

/// A word of a trade: a code, or none where nobody can tell from the word.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trade {
    pub(crate) code: Option<IndustryCode>,
    /// A word that says nothing itself: 设备, 配件, 项目.
    pub(crate) neutral: bool,
    /// A word that ends in 加工, 制造 or 生产.
    pub(crate) made: bool,
}

impl Trade {
    /// Of a word that is none.
    pub(crate) const UNKNOWN: Self = Self { code: None, neutral: false, made: false };
}

const TRADES: &str = include_str!("../../../../../config/data/reader/trades.txt");

/// What stands before a trade that is carried on, and what stands behind one.
struct Beside {
    leads: Endings,
    /// Before what a building has besides.
    had: Endings,
    /// Before a trade of others.
    served: Endings,
    follows: Trie<bool>,
    /// The same words once more: a trade may end in one.
    ends: Endings,
}

static BESIDE: LazyLock<Beside> = LazyLock::new(|| {
    let words = |wanted: &'static str| {
        rows(TRADES).filter(move |(head, _)| *head == wanted).flat_map(|(_, list)| list.split('|'))
    };
    let mut follows = Trie::with_room(1 << 9);
    words("follows").for_each(|word| *follows.entry(word) = true);
    Beside {
        leads: Endings::new(words("leads")),
        had: Endings::new(["带", "带有", "附带", "配有", "配备"].into_iter()),
        served: Endings::new(["给", "为", "供应", "配套", "客户", "服务"].into_iter()),
        follows,
        ends: Endings::new(words("follows")),
    }
});

/// Adds the standard's names and the words of trades, which go before them.
pub(crate) fn add_to(words: &mut Trie<Entry>) {
    let mut add = |text: &str, code: Option<IndustryCode>, neutral: bool| {
        let made = ["加工", "制造", "生产"].iter().any(|ending| text.ends_with(ending));
        words.entry(text).trade = Some(Trade { code, neutral, made });
    };
    for (text, code) in standard_names() {
        add(&text, Some(code), false);
    }
    for (head, list) in rows(TRADES).filter(|(head, _)| !matches!(*head, "leads" | "follows")) {
        let code = IndustryCode::parse(head);
        list.split('|').for_each(|text| add(text, code, head == "~"));
    }
}

/// Endings of the standard's names that people leave away.
const ENDINGS: &[&str] = &["制造业", "加工业", "制造", "加工", "业"];

/// Names of the standard as people say them: three digits at most, one name for each thing that a title lists.
fn standard_names() -> Vec<(String, IndustryCode)> {
    let mut all = Vec::new();
    for row in industries().all().iter().filter(|row| row.code.digits() >= 2) {
        let code = three_digits(row.code);
        let name = row.name.split(['（', '(']).next().unwrap_or(&row.name);
        if name.starts_with("其他") || name.contains("其他") || name.contains("未列明") {
            continue;
        }
        all.push((name.to_lowercase(), code));
        let bare = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending));
        let one_thing = |bare: &&str| bare.chars().count() >= 3 && !bare.contains(['、', '和', '及']);
        all.extend(bare.filter(one_thing).map(|bare| (bare.to_lowercase(), code)));
    }
    all
}

/// The code, or the three-digit group that it lies in: what a word of everyday can be sure of.
fn three_digits(code: IndustryCode) -> IndustryCode {
    if code.digits() < 4 {
        return code;
    }
    let text = code.to_string();
    IndustryCode::parse(&text[..3]).unwrap_or(code)
}

/// A phrase of one or several words of trades that touch or overlap; its head is the last.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Phrase {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) code: Option<IndustryCode>,
}

/// All phrases of a text: `新能源汽车座椅` is one, and stands for its head.
pub(crate) fn phrases(lookup: &Lookup) -> Vec<Phrase> {
    let mut all: Vec<Phrase> = Vec::new();
    for (at, length, trade) in lookup.trades() {
        let end = at + length;
        match all.last_mut() {
            Some(last) if at <= last.end => {
                // Inside a longer word nothing is said; past its end the head is the later one.
                if end > last.end {
                    if !trade.neutral {
                        last.code = trade.code;
                    }
                    last.end = end;
                }
            }
            _ if trade.neutral => {}
            _ => all.push(Phrase { start: at, end, code: trade.code }),
        }
    }
    all
}

/// The phrase that says the trade: what is done or made before what is only mentioned.
pub(crate) fn trade<'p>(view: &View<'_>, phrases: &'p [Phrase]) -> Option<&'p Phrase> {
    let mut best: Option<(i32, &Phrase)> = None;
    for phrase in phrases {
        let Some(score) = trade_score(view, phrase) else { continue };
        if best.is_none_or(|(most, _)| score > most) {
            best = Some((score, phrase));
        }
    }
    best.map(|(_, phrase)| phrase)
}

fn trade_score(view: &View<'_>, phrase: &Phrase) -> Option<i32> {
    let first = view.tokens.partition_point(|token| token.end <= phrase.start);
    let token = view.tokens.get(first)?;
    // Part of a longer word (食品厂房), of a contact, or a label (电力).
    let swallowed = matches!(token.kind, Kind::Claimed | Kind::Place(_))
        || matches!(token.kind, Kind::Word) && token.start <= phrase.start && token.end > phrase.end
        || matches!(token.kind, Kind::Word) && token.end >= phrase.end && is_label(token);
    if swallowed {
        return None;
    }
    // 非化工 says what it is not.
    if ["非化工", "无化工", "禁止", "不含"].iter().any(|word| view.text.goes_on(phrase.start, word)) {
        return None;
    }
    let frame = view.frames[first];
    if frame.negated || frame.second || first < view.real_from {
        return None;
    }
    let (text, beside) = (view.text, &*BESIDE);
    let led = beside.leads.fit(text, 0, phrase.start);
    let followed = beside.follows.starts(&text.chars, phrase.end) || beside.ends.fit(text, phrase.start, phrase.end);
    // 带家具: what the building has besides.
    if beside.had.fit(text, 0, phrase.start) {
        return None;
    }
    let served = beside.served.fit(text, 0, phrase.start) && !led;
    let made = phrase.code.is_none_or(|code| code.section() == 'C');
    // Services are mentioned for many reasons; products seldom for another than being made.
    if !made && !led && !followed && !stands_alone(view, phrase) {
        return None;
    }
    Some(i32::from(led) * 2 + i32::from(followed) + i32::from(made) - i32::from(served) * 4)
}

/// `软件开发，20个工位`: all that a clause says.
fn stands_alone(view: &View<'_>, phrase: &Phrase) -> bool {
    let edge = |c: char| is_stop(c) && c != '、' || matches!(c, ' ' | ':' | '【' | '】' | '(' | ')' | '[' | ']');
    let from = view.tokens.partition_point(|token| token.end <= phrase.start);
    let of_site = view.tokens[from..].iter().take_while(|token| token.start < phrase.end).any(|token| {
        token.any(&[Tag::Production, Tag::Research, Tag::Warehouse, Tag::Office, Tag::Incubation, Tag::Space])
    });
    let han = !of_site && is_han(view.text.at(phrase.start));
    han && edge(view.text.before(phrase.start)) && edge(view.text.at(phrase.end))
}

#[cfg(test)]
mod tests {
    use super::phrases;
    use crate::industry::industries;
    use crate::reader::letters::text::Text;
    use crate::reader::words::dictionary::Lookup;

    fn head(text: &str) -> Option<String> {
        phrases(&Lookup::new(&Text::new(text))).first().and_then(|phrase| phrase.code).map(|code| code.to_string())
    }

    #[test]
    fn the_head_of_a_phrase_is_its_last_word() {
        for (text, code) in [
            ("新能源汽车座椅", Some("367")),
            ("新能源汽车零部件", Some("367")),
            ("稀土永磁电机", Some("381")),
            ("数码印花面料", Some("17")),
            ("智能包装设备", Some("346")),
            ("水泵", Some("344")),
            ("汽车模具", Some("352")),
            ("预制菜", None),
            ("运动鞋", Some("195")),
            ("动力电池", Some("384")),
        ] {
            assert_eq!(head(text).as_deref(), code, "{text}");
        }
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

    #[test]
    fn every_code_of_the_word_list_is_in_the_standard() {
        let words = include_str!("../../../../../config/data/reader/trades.txt");
        for (head, _) in words.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(": ")) {
            assert!(
                ["-", "~", "leads", "follows"].contains(&head) || crate::industry::IndustryCode::parse(head).is_some(),
                "{head}"
            );
        }
    }
}
