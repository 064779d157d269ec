//! Passwords that are guessed first: the most used, and those made of names that are no secret.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::half_width::half_width;

/// Fewest characters, and fewest letters among them, that must remain of a password beside a known name.
const FEWEST_BESIDE_NAME: usize = 8;
const FEWEST_LETTERS_BESIDE_NAME: usize = 4;
/// Shortest part of a name that is looked for: `a` or `of` occur in any sentence.
const SHORTEST_NAME: usize = 4;
/// The same for names in Chinese, whose characters each tell as much as several letters.
const SHORTEST_CHINESE_NAME: usize = 2;
/// Fewest different characters of a password.
const FEWEST_CHARACTERS: usize = 5;

/// Why a password of sufficient length is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordFault {
    /// Among the most used, one of these with digits or signs around it, one repeated, or a mere sequence.
    Common,
    /// Little more than the name of the service, the park or the account.
    Named,
}

static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("../../../config/data/common_passwords.txt").lines();
    lines.filter(|line| !line.starts_with('#') && !line.is_empty()).collect()
});

/// Returns why a password is refused, or `None`. `names` are those of the service, of the account's parks and of its mail
/// address, in any case.
#[must_use]
pub fn fault(password: &str, names: &[&str]) -> Option<PasswordFault> {
    let folded: String = password.chars().map(half_width).flat_map(char::to_lowercase).collect();
    if is_common(&folded) {
        return Some(PasswordFault::Common);
    }
    is_named(&folded, names).then_some(PasswordFault::Named)
}

fn is_common(folded: &str) -> bool {
    let different: HashSet<char> = folded.chars().collect();
    let core = folded.trim_matches(|c: char| !c.is_alphabetic());
    let known = |text: &str| COMMON.contains(text);
    different.len() < FEWEST_CHARACTERS
        || is_sequence(folded)
        || [folded, core].iter().any(|text| known(text) || known(&plain(text)) || repeats(text))
        || is_one_word(folded)
}

/// Undoes the usual replacements of letters.
fn plain(text: &str) -> String {
    let letter = |c| match c {
        '@' | '4' => 'a',
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '$' | '5' => 's',
        '7' => 't',
        other => other,
    };
    text.chars().map(letter).collect()
}

/// Whether the text is a known password several times over.
fn repeats(text: &str) -> bool {
    (1..=text.len() / 2).filter(|size| text.len().is_multiple_of(*size) && text.is_char_boundary(*size)).any(|size| {
        let unit = &text[..size];
        unit.repeat(text.len() / size) == text && (size <= SHORTEST_NAME || COMMON.contains(unit))
    })
}

/// Whether its words are all one known password, digits aside: `password-password-2026`.
fn is_one_word(folded: &str) -> bool {
    let words: HashSet<&str> = folded.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    words.len() == 1 && words.iter().all(|word| COMMON.contains(word))
}

/// Whether each character follows the one before it by the same step: `abcdefghijkl`, `987654321098`.
fn is_sequence(folded: &str) -> bool {
    let codes: Vec<i64> = folded.chars().map(|c| i64::from(u32::from(c))).collect();
    let step = |pair: &[i64]| {
        let step = pair[1] - pair[0];
        // Nine is followed by zero.
        if step.abs() == 9 { -step.signum() } else { step }
    };
    let mut steps = codes.windows(2).map(step);
    let Some(first) = steps.next() else { return true };
    first.abs() <= 1 && steps.all(|step| step == first)
}

fn is_named(folded: &str, names: &[&str]) -> bool {
    let mut rest = folded.to_owned();
    let lower: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    let mut parts: Vec<&str> = lower
        .iter()
        .map(|name| name.trim())
        .chain(lower.iter().flat_map(|name| name.split(|c: char| !c.is_alphanumeric())))
        .filter(|part| is_long(part))
        .collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    for part in parts {
        rest = rest.replace(part, "");
    }
    let letters = rest.chars().filter(|c| c.is_alphabetic()).count();
    rest.len() < folded.len() && (rest.chars().count() < FEWEST_BESIDE_NAME || letters < FEWEST_LETTERS_BESIDE_NAME)
}

fn is_long(part: &str) -> bool {
    let least = if part.is_ascii() { SHORTEST_NAME } else { SHORTEST_CHINESE_NAME };
    part.chars().count() >= least
}

#[cfg(test)]
mod tests {
    use super::{COMMON, PasswordFault, fault};

    const NAMES: [&str; 5] = ["luodi", "落地", "示例一号园区", "wang.fang@nbhitech.example.com", "330206"];

    #[test]
    fn the_list_holds_the_three_thousand_and_the_long_ones() {
        assert!(COMMON.len() > 3_000 && COMMON.contains("123456") && COMMON.contains("1qaz2wsx3edc"));
    }

    #[test]
    fn what_is_guessed_first_is_refused() {
        for bad in [
            "1qaz2wsx3edc",
            "Password2026!",
            "P@ssw0rd2026!!",
            "passwordpassword",
            "password-password",
            "aaaaaaaaaaaa",
            "abababababab",
            "abcdefghijklmn",
            "12345678901234",
            "98765432109876",
            "!!!dragon!!!2027",
            "ｐａｓｓｗｏｒｄ１２３４",
            "2026-2026-2026",
        ] {
            assert_eq!(fault(bad, &NAMES), Some(PasswordFault::Common), "{bad}");
        }
    }

    #[test]
    fn names_that_everybody_knows_do_not_make_a_password() {
        for bad in [
            "luodi-2026-luodi",
            "Luodi20261128",
            "落地示例一号园区123",
            "nbhitech2026!",
            "wangfang-nbhitech",
            "330206330206luodi",
        ] {
            assert_eq!(fault(bad, &NAMES), Some(PasswordFault::Named), "{bad}");
        }
    }

    #[test]
    fn a_sentence_passes() {
        for good in [
            "correct horse battery",
            "a sentence of twelve",
            "我家门前有两棵枣树还有一条河",
            "luodi is where I keep my leads",
            "Tr4mpolin-Zebra",
        ] {
            assert_eq!(fault(good, &NAMES), None, "{good}");
        }
    }
}
