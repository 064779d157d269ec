//! Characters: the one form of each, and what can start with it.

use std::sync::LazyLock;

use crate::half_width::half_width;
use crate::reader::letters::text::is_han;
use crate::reader::tokens::date::may_start;
use crate::reader::tokens::lexer::{is_comma, is_end};
use crate::reader::tokens::number::is_numeral;

/// What a character can be, so that most places of a text are passed with one look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Classes(u8);

impl Classes {
    /// What an amount starts with, or a date with a number, or a Latin word.
    pub(crate) const AMOUNT: Self = Self(1);
    /// What other dates start with.
    pub(crate) const DATE: Self = Self(1 << 1);
    /// A figure of any kind.
    pub(crate) const FIGURE: Self = Self(1 << 2);
    /// A Latin letter or a digit.
    pub(crate) const ALPHANUMERIC: Self = Self(1 << 3);
    /// What a telephone number starts with besides digits.
    pub(crate) const DIAL: Self = Self(1 << 4);
    /// What cuts sentences or clauses, and a blank.
    pub(crate) const BREAK: Self = Self(1 << 5);
    pub(crate) const BLANK: Self = Self(1 << 6);
    /// What `mr.`, `dr.` and `miss` start with.
    pub(crate) const TITLE: Self = Self(1 << 7);

    fn of(c: char) -> Self {
        let alphanumeric = c.is_ascii_alphanumeric();
        [
            (Self::AMOUNT, alphanumeric || is_numeral(c) || matches!(c, '.' | '半' | '几' | '数')),
            (Self::DATE, may_start(c)),
            (Self::FIGURE, is_numeral(c) || !is_han(c) && c.is_numeric()),
            (Self::ALPHANUMERIC, alphanumeric),
            (Self::DIAL, matches!(c, '+' | '(')),
            (Self::BREAK, c == ' ' || is_end(c) || is_comma(c)),
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

/// Characters below this are looked up, which is all but a few signs.
const TABLED: usize = 0x1_0000;
/// Scripts in between that hardly stand in a need, such as Hangul: loading is faster without them.
const RARE: std::ops::Range<char> = '\u{a000}'..'\u{ff00}';

/// The one form of each character and its classes, side by side; a form of zero where a closer look is needed.
static FORMS: LazyLock<(Vec<char>, Vec<Classes>)> = LazyLock::new(|| {
    let form = |code: u32| {
        let c = char::from_u32(code).filter(|&c| c != '<' && !RARE.contains(&c))?;
        let (form, None) = fold(c) else { return None };
        Some((form, Classes::of(form)))
    };
    (0..).take(TABLED).map(|code| form(code).unwrap_or_default()).unzip()
});

/// Folds characters to their one form.
pub(crate) struct Folding {
    forms: &'static [char],
    classes: &'static [Classes],
}

impl Folding {
    pub(crate) fn new() -> Self {
        let (forms, classes) = &*FORMS;
        Self { forms, classes }
    }

    /// How many characters come before one that has two forms, is rare or may open a mark of HTML.
    pub(crate) fn plain(&self, chars: &[char]) -> usize {
        chars.iter().take_while(|&&c| self.form(c) != '\0').count()
    }

    /// The form of a plain character.
    pub(crate) fn form(&self, c: char) -> char {
        self.forms.get(c as usize).copied().unwrap_or_default()
    }

    /// The classes of a plain character.
    pub(crate) fn classes(&self, c: char) -> Classes {
        self.classes.get(c as usize).copied().unwrap_or_default()
    }
}

/// The forms and classes of any character.
pub(crate) fn forms(c: char) -> impl Iterator<Item = (char, Classes)> {
    let (first, second) = fold(c);
    std::iter::once(first).chain(second).map(|form| (form, Classes::of(form)))
}

/// The one form of a character; two where it stands for two.
fn fold(c: char) -> (char, Option<char>) {
    if is_han(c) {
        return (traditional(c).unwrap_or(c), None);
    }
    match half_width(c) {
        '㎡' => ('m', Some('2')),
        '㎥' => ('m', Some('3')),
        '㎞' => ('k', Some('m')),
        '㎏' => ('k', Some('g')),
        '²' => ('2', None),
        '³' => ('3', None),
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '─' | '－' => ('-', None),
        '～' | '〜' | '∼' => ('~', None),
        '\t' | '\r' | '\u{2002}'..='\u{200a}' | '\u{202f}' | '\u{200b}' | '\u{feff}' => (' ', None),
        '’' | '‘' | '＇' => ('\'', None),
        '￥' | '¥' => ('¥', None),
        '👤' | '🙋' | '🧑' | '👨' | '👩' | '🙍' | '👥' => ('☻', None),
        '📱' | '📞' | '☏' => ('☎', None),
        '📧' | '📩' | '📨' | '✉' => ('✉', None),
        '🏢' => ('⌂', None),
        '•' | '・' | '∙' => ('·', None),
        other => match traditional(other) {
            Some(simple) => (simple, None),
            None if other.is_ascii() => (other.to_ascii_lowercase(), None),
            None => (other.to_lowercase().next().unwrap_or(other), None),
        },
    }
}

/// The simple form of the characters that words of needs are made of, for texts from Hong Kong and Taiwan.
const fn traditional(c: char) -> Option<char> {
    Some(match c {
        '畝' => '亩',
        '萬' => '万',
        '億' => '亿',
        '廠' => '厂',
        '倉' => '仓',
        '庫' => '库',
        '產' => '产',
        '業' => '业',
        '園' => '园',
        '區' => '区',
        '稅' => '税',
        '總' => '总',
        '資' => '资',
        '電' => '电',
        '層' => '层',
        '積' => '积',
        '買' => '买',
        '購' => '购',
        '辦' => '办',
        '發' => '发',
        '實' => '实',
        '驗' => '验',
        '間' => '间',
        '寫' => '写',
        '樓' => '楼',
        '個' => '个',
        '圓' => '圆',
        '蘇' => '苏',
        '寧' => '宁',
        '東' => '东',
        '廣' => '广',
        '門' => '门',
        '縣' => '县',
        '約' => '约',
        '內' => '内',
        '過' => '过',
        _ => return None,
    })
}
