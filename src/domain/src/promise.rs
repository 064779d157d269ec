//! Promises to enterprises that 公平竞争审查条例 forbids, found in texts: the phrases are `config/data/promises.csv`, their
//! explanation and the wording to use the catalogue's `promise.…`.

use std::sync::LazyLock;

use hashbrown::HashMap;
use unicode_normalization::UnicodeNormalization as _;

use crate::column::{Cell, Column, LONGEST_CELL, Table};
use crate::fold::simplified;
use crate::record::Record;

/// Most characters that a `*` of a phrase replaces.
const GAP: usize = 8;
/// Characters before a phrase in which a word denies it.
const BEFORE: usize = 10;

/// A promise in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// The code of its explanation.
    pub code: &'static str,
    /// Its first character.
    pub start: usize,
    /// The character after its last.
    pub end: usize,
    /// The words.
    pub text: String,
}

/// A phrase: parts with gaps between them.
struct PromisePhrase {
    code: String,
    parts: Vec<Vec<char>>,
}

/// Phrases with an index by their first letter: a whole inventory is looked through at each start.
#[derive(Default)]
struct PhraseList {
    phrases: Vec<PromisePhrase>,
    by_first: HashMap<char, Vec<usize>>,
}

impl PhraseList {
    fn push(&mut self, phrase: PromisePhrase) {
        let first = phrase.parts.first().and_then(|part| part.first());
        self.by_first.entry(first.copied().unwrap_or(END)).or_default().push(self.phrases.len());
        self.phrases.push(phrase);
    }
}

#[derive(Default)]
struct Phrases {
    flagged: PhraseList,
    lawful: PhraseList,
    denying: PhraseList,
}

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| parse(include_str!("../../../config/data/promises.csv")));

fn parse(table: &str) -> Phrases {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(table.as_bytes());
    let mut all = Phrases::default();
    for row in reader.records() {
        let row = row.unwrap_or_else(|error| panic!("promises.csv: {error}"));
        let [kind, code, phrases] = [0, 1, 2].map(|at| row.get(at).unwrap_or_default());
        let list = match kind {
            "flag" => &mut all.flagged,
            "pass" => &mut all.lawful,
            "not" => &mut all.denying,
            other => panic!("promises.csv: {other}"),
        };
        for phrase in phrases.split('|') {
            let parts = phrase.split('*').map(|part| folded(part).into_iter().map(|(c, _)| c).collect()).collect();
            list.push(PromisePhrase { code: code.to_owned(), parts });
        }
    }
    all
}

/// Returns the codes of promises, each once, in the order of the table.
#[must_use]
pub fn codes() -> Vec<&'static str> {
    let mut codes: Vec<&'static str> = PHRASES.flagged.phrases.iter().map(|phrase| phrase.code.as_str()).collect();
    codes.dedup();
    codes
}

/// The end of a clause, which no phrase crosses.
const END: char = '\u{0}';

/// The letters and digits of a text with their places, simplified and without width, case and signs; ends of clauses as
/// [`END`].
fn folded(text: &str) -> Vec<(char, usize)> {
    let mut folded = Vec::with_capacity(text.len() / 2);
    for (at, c) in text.chars().enumerate() {
        if matches!(c, '。' | '；' | ';' | '！' | '!' | '？' | '?' | '\n' | '，' | ',') {
            folded.push((END, at));
            continue;
        }
        // Han characters are their own compatibility form and have no case.
        if matches!(c, '\u{4e00}'..='\u{9fff}') {
            folded.push((simplified(c), at));
            continue;
        }
        if c.is_ascii() {
            folded.extend(c.is_ascii_alphanumeric().then_some((c.to_ascii_lowercase(), at)));
            continue;
        }
        for part in std::iter::once(c).nfkc().map(simplified).flat_map(char::to_lowercase) {
            if part.is_alphanumeric() {
                folded.push((part, at));
            }
        }
    }
    folded
}

/// The place after a phrase that begins at `from`; `None` where it does not.
fn ends(phrase: &PromisePhrase, text: &[(char, usize)], from: usize) -> Option<usize> {
    let is_at = |part: &[char], at: usize| {
        !part.is_empty()
            && text.get(at..at + part.len()).is_some_and(|own| own.iter().zip(part).all(|(a, b)| a.0 == *b))
    };
    let (first, rest) = phrase.parts.split_first()?;
    if !is_at(first, from) {
        return None;
    }
    let mut at = from + first.len();
    for part in rest {
        let within = |next: &usize| text[at..*next].iter().all(|(c, _)| *c != END);
        at = (at..=(at + GAP).min(text.len())).filter(within).find(|next| is_at(part, *next))? + part.len();
    }
    Some(at)
}

fn spans<'p>(list: &'p PhraseList, text: &[(char, usize)]) -> impl Iterator<Item = (&'p PromisePhrase, usize, usize)> {
    let at = move |from: usize| {
        let begin = list.by_first.get(&text[from].0).into_iter().flatten().map(|at| &list.phrases[*at]);
        begin.filter_map(move |it| Some((it, from, ends(it, text, from)?)))
    };
    (0..text.len()).flat_map(at)
}

/// Whether a word before a place denies what follows in the same clause.
fn is_denied(text: &[(char, usize)], from: usize) -> bool {
    let clause = text[..from].iter().rposition(|(c, _)| *c == END).map_or(0, |at| at + 1);
    let near = clause.max(from.saturating_sub(BEFORE));
    spans(&PHRASES.denying, &text[near..from]).next().is_some()
}

/// Returns the promises in a text, in its order; of overlapping ones the first.
#[must_use]
pub fn promises(text: &str) -> Vec<Promise> {
    let letters = folded(text);
    if spans(&PHRASES.flagged, &letters).next().is_none() {
        return Vec::new();
    }
    let lawful: Vec<(usize, usize)> = spans(&PHRASES.lawful, &letters).map(|(_, from, to)| (from, to)).collect();
    let characters: Vec<char> = text.chars().collect();
    let mut found: Vec<Promise> = Vec::new();
    let mut after = 0;
    for (phrase, from, to) in spans(&PHRASES.flagged, &letters) {
        let is_lawful = lawful.iter().any(|(start, end)| *start <= from && to <= *end);
        if from < after || is_lawful || is_denied(&letters, from) {
            continue;
        }
        after = to;
        let (start, end) = (letters[from].1, letters[to - 1].1 + 1);
        let text = characters[start..end].iter().collect();
        found.push(Promise { code: phrase.code.as_str(), start, end, text });
    }
    found
}

/// Replaces words that are held back from a published text, in every language.
pub const HELD_BACK: &str = "〔…〕";

/// A text of a record that holds promises.
#[derive(Clone, Debug)]
pub struct PromisingText {
    /// Its column.
    pub column: &'static Column,
    /// The text as stored.
    pub text: String,
    /// Its promises, in the text's order.
    pub promises: Vec<Promise>,
}

/// Text columns of codes and addresses, which no reader takes for words.
const NO_WORDS: [&str; 5] = ["park_code", "parent_code", "source_url", "service_phone", "crs"];

/// Returns the texts of a published record that hold promises. The record's number is its identity, not a text.
#[must_use]
pub fn promising<T: Table>(record: &Record<T>) -> Vec<PromisingText> {
    let is_text =
        |column: &&'static Column| matches!(column.cell, Cell::Text(LONGEST_CELL)) && !NO_WORDS.contains(&column.name);
    let found = |column: &'static Column| {
        let text = record.get(column.name);
        let promises = promises(text);
        (!promises.is_empty()).then(|| PromisingText { column, text: text.to_owned(), promises })
    };
    let columns = record.kind().columns().iter().skip(1);
    columns.filter(is_text).filter_map(found).collect()
}

impl PromisingText {
    /// Returns the text with [`HELD_BACK`] in the place of each promise.
    #[must_use]
    pub fn without_promises(&self) -> String {
        let characters: Vec<char> = self.text.chars().collect();
        let mut shown = String::with_capacity(self.text.len());
        let mut from = 0;
        for promise in &self.promises {
            shown.extend(&characters[from..promise.start]);
            shown.push_str(HELD_BACK);
            from = promise.end;
        }
        shown.extend(&characters[from..]);
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::{codes, promises, promising};
    use crate::kind::Kind;
    use crate::record::Record;

    fn found(text: &str) -> Vec<&'static str> {
        promises(text).into_iter().map(|promise| promise.code).collect()
    }

    #[test]
    fn promises_are_found_by_their_code_also_where_signs_stand_between_their_letters() {
        for (text, code) in [
            ("落户企业享受税收返还，前三年全额", "tax_return"),
            ("增值税地方部分先征后返", "pay_first"),
            ("优质项目可零地价供地", "land_price"),
            ("按企业年度纳税额的30%给予奖励", "by_tax"),
            ("重大项目一事一议减免税", "case_by_case"),
            ("企业社保费减免一半", "fees"),
            ("税 收-返·还", "tax_return"),
            ("稅收返還", "tax_return"),
            ("０地价", "land_price"),
            ("Tax rebates for ten years", "tax_return"),
            ("土地出让金全额返还：返还企业土地款", "land_price"),
            ("仅限本地企业报名", "local_only"),
        ] {
            let own = found(text);
            assert_eq!(own.first(), Some(&code), "{text}: {own:?}");
        }
    }

    #[test]
    fn lawful_benefits_and_denials_pass() {
        for text in [
            "可享受研发费用加计扣除",
            "高新技术企业减按15%的税率征收企业所得税",
            "符合条件的享受增值税留抵退税、出口退税",
            "软件产品增值税即征即退",
            "本园区不承诺税收返还",
            "严禁以先征后返、税收返还等方式招商",
            "依法享受国家规定的税收优惠",
            "年税收1000万元，亩均税收25万元",
            "设备投资按实际投入的10%补助",
            "企业缴纳的土地出让金按合同约定分期支付",
            "失业保险稳岗返还按省里规定办",
            "一事一议，帮助企业免费办理手续",
        ] {
            assert_eq!(promises(text), [], "{text}");
        }
    }

    #[test]
    fn places_are_those_of_the_text_and_no_text_is_too_odd() {
        let promise = promises("我们提供“零 地 价”政策").remove(0);
        assert_eq!((promise.start, promise.end, promise.text.as_str()), (5, 10, "零 地 价"));
        for odd in ["", "*", "｡｡", "\u{0}税\u{0}返", "ﬀ", "返".repeat(5_000).as_str()] {
            drop(promises(odd));
        }
        assert_eq!(codes().len(), 8);
    }

    #[test]
    fn promises_are_held_back_from_texts_and_never_from_numbers_and_links() {
        let cells = [
            ("plot_no", "税收返还1号"),
            ("park_code", "税收返还"),
            ("source_url", "https://example.com/零地价"),
            ("location", "高速口旁，零地价，税收返还。近港口"),
            ("quality_note", "严禁税收返还"),
        ];
        let found = promising(&Record::of_cells(Kind::Plot, cells));
        let told: Vec<_> = found.iter().map(|text| (text.column.name, text.without_promises())).collect();
        assert_eq!(told, [("location", "高速口旁，〔…〕，〔…〕。近港口".to_owned())]);
    }
}
