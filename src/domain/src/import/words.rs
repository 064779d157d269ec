//! The words of the field for enumerations and yes or no, as clerks write them: `config/data/import_words.csv`.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;

use crate::fold::simplify;
use crate::word::Vocabulary;

type Aliases = HashMap<(String, String), String>;

static ALIASES: LazyLock<Aliases> = LazyLock::new(|| parse(include_str!("../../../../config/data/import_words.csv")));

/// Marks of an empty cell.
const EMPTY: [&str; 9] = ["-", "--", "—", "——", "/", "\\", "无", "暂无", "n/a"];

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
    aliases
}

/// A word in simplified characters, without width, case and blanks.
pub(super) fn normal(written: &str) -> String {
    let folded = written.nfkc().filter(|c| !super::raw::is_blank_char(*c)).collect::<String>();
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
    if let Some(word) = vocabulary.words().into_iter().find(|word| super::words::normal(word) == normal) {
        return Some((word, true));
    }
    let word = ALIASES.get(&(vocabulary.group.to_owned(), normal))?;
    vocabulary.find(word).map(|word| (word, true))
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
    use super::{is_empty_mark, word, yes_no};
    use crate::vocabulary::{SpaceKind, Status, Tenure};

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
        ] {
            assert_eq!(word(vocabulary, written), Some((stored, true)), "{written}");
        }
        assert_eq!(word(Status::VOCABULARY, "sold"), Some(("sold", false)));
        assert_eq!(word(Status::VOCABULARY, "谈判中"), None);
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
