//! Folding of characters, and character classes for a first scan of the text.

use std::sync::LazyLock;

use hashbrown::HashMap;

use crate::fold::simplified;
use crate::half_width::half_width;
use crate::reader::letters::numerals::is_numeral;
use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::{CharSet, CharWords, Folds};

cues! {
    CharacterCues in "characters.txt" {
        fold: Folds,
        amount_start: CharSet,
        date_start: CharSet,
        sentence_end: CharSet,
        clause_end: CharSet,
        name_end: CharSet,
        wrapped_unit: CharWords,
        unit_label: CharSet,
    }
}

/// Returns whether a character is Han.
pub(crate) const fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{3007}')
}

/// Returns whether a character ends a sentence; the full stop only where neither a letter nor a digit follows.
pub(crate) fn is_sentence_end(c: char) -> bool {
    CUES.sentence_end.has(c)
}

/// Returns whether a line goes on with the unit of a number that ends the line before.
pub(crate) fn starts_with_unit(line: &[char]) -> bool {
    let goes_on = |unit: &Vec<char>| {
        let next = line.get(unit.len()).copied().unwrap_or(' ');
        let is_longer_word = unit[0].is_ascii() && next.is_ascii_alphanumeric();
        line.starts_with(unit) && !is_longer_word && !CUES.unit_label.has(next)
    };
    CUES.wrapped_unit.0.iter().any(goes_on)
}

/// Returns whether a character ends a clause, a name or a sentence.
pub(crate) fn is_stop(c: char) -> bool {
    CUES.name_end.has(c)
}

/// A set of character classes, so that one look passes most positions of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Classes(u8);

impl Classes {
    /// The start of an amount, of a date with a number, or of a Latin word.
    pub(crate) const AMOUNT: Self = Self(1);
    /// The start of a date without a number.
    pub(crate) const DATE: Self = Self(1 << 1);
    /// A numeral of any script.
    pub(crate) const FIGURE: Self = Self(1 << 2);
    /// An ASCII letter or digit.
    pub(crate) const ALPHANUMERIC: Self = Self(1 << 3);
    /// The start of a telephone number besides a digit.
    pub(crate) const DIAL: Self = Self(1 << 4);
    /// The end of a sentence or clause, or a blank.
    pub(crate) const BREAK: Self = Self(1 << 5);
    pub(crate) const BLANK: Self = Self(1 << 6);
    /// The start of `mr.`, `dr.` and `miss`.
    pub(crate) const TITLE: Self = Self(1 << 7);

    fn of(c: char) -> Self {
        let alphanumeric = c.is_ascii_alphanumeric();
        [
            (Self::AMOUNT, alphanumeric || is_numeral(c) || CUES.amount_start.has(c)),
            (Self::DATE, CUES.date_start.has(c)),
            (Self::FIGURE, is_numeral(c) || !is_han(c) && c.is_numeric()),
            (Self::ALPHANUMERIC, alphanumeric),
            (Self::DIAL, matches!(c, '+' | '(')),
            (Self::BREAK, c == ' ' || is_sentence_end(c) || CUES.clause_end.has(c)),
            (Self::BLANK, c == ' '),
            (Self::TITLE, matches!(c, 'm' | 'd')),
        ]
        .into_iter()
        .fold(Self::default(), |all, (class, is)| if is { all.and(class) } else { all })
    }

    pub(crate) const fn and(self, more: Self) -> Self {
        Self(self.0 | more.0)
    }

    pub(crate) const fn any(self, classes: Self) -> bool {
        self.0 & classes.0 != 0
    }
}

/// Characters below this have an entry in [`FORMS`]: the Basic Multilingual Plane.
const TABLED: usize = 0x1_0000;
/// Scripts that hardly occur in a need, such as Hangul, have no entry: a third less to fill at the first use.
const RARE: std::ops::Range<char> = '\u{a000}'..'\u{ff00}';

/// The folded form of each character and its classes, as two parallel arrays. The form is `\0` where one entry does not
/// do: two folded characters, a rare script, `<`, which may open a tag of HTML, or `_`, of which several are a blank line.
static FORMS: LazyLock<(Vec<char>, Vec<Classes>)> = LazyLock::new(|| {
    let form = |code: u32| {
        let c = char::from_u32(code).filter(|&c| !matches!(c, '<' | '_') && !RARE.contains(&c))?;
        let (form, None) = fold(c) else { return None };
        Some((form, Classes::of(form)))
    };
    (0..).take(TABLED).map(|code| form(code).unwrap_or_default()).unzip()
});

/// Table-driven folding of plain characters.
pub(crate) struct Folding {
    forms: &'static [char],
    classes: &'static [Classes],
}

impl Folding {
    pub(crate) fn new() -> Self {
        let (forms, classes) = &*FORMS;
        Self { forms, classes }
    }

    /// Returns the length of the prefix of plain characters: those with one entry in the table.
    pub(crate) fn plain(&self, chars: &[char]) -> usize {
        chars.iter().take_while(|&&c| self.form(c) != '\0').count()
    }

    /// Returns the folded form of a plain character.
    pub(crate) fn form(&self, c: char) -> char {
        self.forms.get(c as usize).copied().unwrap_or_default()
    }

    /// Returns the classes of a plain character.
    pub(crate) fn classes(&self, c: char) -> Classes {
        self.classes.get(c as usize).copied().unwrap_or_default()
    }
}

/// Returns the one or two folded forms of any character with their classes.
pub(crate) fn forms(c: char) -> impl Iterator<Item = (char, Classes)> {
    let (first, second) = fold(c);
    std::iter::once(first).chain(second).map(|form| (form, Classes::of(form)))
}

/// Folded forms by character, besides half width and simplified characters.
static FOLDS: LazyLock<HashMap<char, (char, Option<char>)>> = LazyLock::new(|| CUES.fold.0.iter().copied().collect());

fn fold(c: char) -> (char, Option<char>) {
    let half = simplified(half_width(c));
    if let Some(&form) = FOLDS.get(&half) {
        return form;
    }
    match half {
        '\t' => ('|', None),
        '\r' | '\u{2002}'..='\u{200a}' | '\u{202f}' | '\u{200b}' | '\u{feff}' => (' ', None),
        other if is_han(other) => (other, None),
        other => (other.to_lowercase().next().unwrap_or(other), None),
    }
}
