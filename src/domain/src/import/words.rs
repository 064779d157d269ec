//! The words of the field for enumerations and yes or no, as clerks write them: `config/data/import_words.csv`, and those
//! of facilities.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;

use super::raw::is_blank_char;
use crate::facility::Facility;
use crate::fold::simplify;
use crate::word::Vocabulary;

type Aliases = HashMap<(String, String), String>;

static ALIASES: LazyLock<Aliases> = LazyLock::new(|| parse(include_str!("../../../../config/data/import_words.csv")));

/// Marks of an empty cell.
const EMPTY: [&str; 11] = ["-", "--", "—", "——", "―", "――", "/", "\\", "无", "暂无", "n/a"];

fn parse(table: &str) -> Aliases {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(table.as_bytes());
    let mut aliases = Aliases::new();
    for row in reader.records() {
        let row = row.unwrap_or_else(|error| panic!("import_words.csv: {error}"));
        let [group, word, written] = [0, 1, 2].map(|at| row.get(at).unwrap_or_default());
        for written in written.split('|') {
            aliases.insert((group.to_owned(), normal(written)), word.to_owned());
        }
    }
    for facility in Facility::all() {
        let row = facility.row();
        for written in row.words.iter().chain([&row.zh, &row.en]) {
            aliases.insert((Facility::VOCABULARY.group.to_owned(), normal(written)), row.code.clone());
        }
    }
    aliases
}

/// A word in simplified characters, without width, case and blanks.
pub(super) fn normal(written: &str) -> String {
    let folded = written.nfkc().filter(|c| !is_blank_char(*c)).collect::<String>();
    simplify(&folded.to_lowercase())
}

/// Returns whether a cell's text means that there is nothing to say.
pub(super) fn is_empty_mark(text: &str) -> bool {
    EMPTY.contains(&normal(text).as_str())
}

/// Returns the stored word of a written one; whether it had to be translated.
pub(super) fn word(vocabulary: Vocabulary, written: &str) -> Option<(&'static str, bool)> {
    if let Some(word) = vocabulary.find(written) {
        return Some((word, false));
    }
    let normal = normal(written);
    if let Some(word) = vocabulary.words().into_iter().find(|word| self::normal(word) == normal) {
        return Some((word, true));
    }
    let word = ALIASES.get(&(vocabulary.group.to_owned(), normal))?;
    vocabulary.find(word).map(|word| (word, true))
}

/// The least likeness of a word that is offered instead of an unknown one.
const LEAST_LIKENESS: f64 = 0.5;
/// The most words offered.
const NEAREST: usize = 3;

/// Returns the known words that are likest to those of a cell that are unknown, best first: `crane（行车）`.
pub(super) fn nearest(vocabulary: Vocabulary, cell: &str) -> Vec<String> {
    let unknown: Vec<String> = entries(cell).filter(|entry| words(vocabulary, entry).is_none()).map(normal).collect();
    let likeness = |known: &str| unknown.iter().map(|it| strsim::jaro(known, it)).fold(0.0, f64::max);
    let own = vocabulary.words().into_iter().map(|word| (normal(word), word.to_owned()));
    let aliases = ALIASES.iter().filter(|((group, _), _)| group == vocabulary.group);
    let known = own.chain(aliases.map(|((_, written), word)| (written.clone(), word.clone())));
    let mut ranked: Vec<(f64, String, String)> =
        known.map(|(written, word)| (likeness(&written), written, word)).collect();
    ranked.retain(|(likeness, ..)| *likeness >= LEAST_LIKENESS);
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let mut nearest: Vec<(String, String)> = Vec::new();
    for (_, written, word) in ranked {
        if !nearest.iter().any(|(known, _)| *known == word) {
            nearest.push((word, written));
        }
    }
    let shown =
        |(word, written): (String, String)| if word == written { word } else { format!("{word}（{written}）") };
    nearest.into_iter().take(NEAREST).map(shown).collect()
}

/// The entries of a list joined by `;`, or by 、, commas and slashes as people join them: no word holds a slash.
pub(super) fn entries(cell: &str) -> impl Iterator<Item = &str> {
    cell.split([';', '；', '、', ',', '，', '/', '／', '\n']).map(str::trim).filter(|entry| !entry.is_empty())
}

/// Returns the stored words of a written one, which may mean several (租售均可), joined by `;`; whether it had to be
/// translated.
pub(super) fn words(vocabulary: Vocabulary, written: &str) -> Option<(String, bool)> {
    if let Some((word, translated)) = word(vocabulary, written) {
        return Some((word.to_owned(), translated));
    }
    let several = ALIASES.get(&(vocabulary.group.to_owned(), normal(written)))?;
    several.split(';').all(|word| vocabulary.find(word).is_some()).then(|| (several.clone(), true))
}

/// Returns the stored word of yes, no or likely; whether it had to be translated.
pub(super) fn yes_no(written: &str, likely: bool) -> Option<(&'static str, bool)> {
    let normal = normal(written);
    let stored = match normal.as_str() {
        "yes" => "yes",
        "no" => "no",
        "likely" if likely => "likely",
        other => match ALIASES.get(&("yes_no".to_owned(), other.to_owned()))?.as_str() {
            "yes" => "yes",
            "no" => "no",
            "likely" if likely => "likely",
            _ => return None,
        },
    };
    Some((stored, stored != written))
}

#[cfg(test)]
mod tests {
    use super::{is_empty_mark, nearest, word, words, yes_no};
    use crate::facility::Facility;
    use crate::vocabulary::{FireClass, SpaceKind, Status, Tenure};

    #[test]
    fn words_of_the_field_are_the_enumerations_words() {
        for (vocabulary, written, stored) in [
            (Status::VOCABULARY, "已售", "sold"),
            (Status::VOCABULARY, "可供", "available"),
            (Status::VOCABULARY, "预留", "reserved"),
            (Status::VOCABULARY, "Available", "available"),
            (Tenure::VOCABULARY, "出让", "buy"),
            (Tenure::VOCABULARY, "出租", "lease"),
            (SpaceKind::VOCABULARY, "标准厂房", "factory"),
            (SpaceKind::VOCABULARY, "標準廠房", "factory"),
            (Facility::VOCABULARY, "天车", "crane"),
            (Facility::VOCABULARY, "Loading Docks", "dock"),
            (Facility::VOCABULARY, "管道氣", "natural_gas"),
            (FireClass::VOCABULARY, "丙二类", "丙"),
        ] {
            assert_eq!(word(vocabulary, written), Some((stored, true)), "{written}");
        }
        assert_eq!(word(Status::VOCABULARY, "sold"), Some(("sold", false)));
        assert_eq!(word(Status::VOCABULARY, "谈判中"), None);
        assert_eq!(words(Tenure::VOCABULARY, "租售均可"), Some(("buy;lease".to_owned(), true)));
    }

    #[test]
    fn the_nearest_words_of_an_unknown_one_are_told() {
        assert_eq!(nearest(Facility::VOCABULARY, "dock;行車梁")[0], "crane（行车）");
        assert!(nearest(FireClass::VOCABULARY, "己类").iter().any(|word| word.starts_with('丙')));
        assert_eq!(nearest(Status::VOCABULARY, "#"), Vec::<String>::new());
    }

    #[test]
    fn ticks_are_yes_and_dashes_are_empty() {
        assert_eq!(yes_no("√", false), Some(("yes", true)));
        assert_eq!(yes_no("有", false), Some(("yes", true)));
        assert_eq!(yes_no("可能", false), None);
        assert_eq!(yes_no("可能", true), Some(("likely", true)));
        assert!(["-", "／", " 无 ", "暂无", "——"].iter().all(|mark| is_empty_mark(mark)));
        assert!(!is_empty_mark("0"));
    }
}
