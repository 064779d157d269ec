//! The text in one form: half-width, lower case, one kind of dash; every character knows where it came from.

use crate::contact::half_width;

/// A text ready to be read.
pub(super) struct Text {
    /// The characters in their one form.
    pub(super) chars: Vec<char>,
    /// For each of [`Text::chars`], the index of the original character; one more at the end.
    origin: Vec<usize>,
    /// The characters as written.
    original: Vec<char>,
}

impl Text {
    pub(super) fn new(text: &str) -> Self {
        let original: Vec<char> = text.chars().collect();
        let mut chars = Vec::with_capacity(original.len() + 8);
        let mut origin = Vec::with_capacity(original.len() + 9);
        for (at, &c) in original.iter().enumerate() {
            for folded in fold(c) {
                chars.push(folded);
                origin.push(at);
            }
        }
        origin.push(original.len());
        Self { chars, origin, original }
    }

    /// The place in the original of a stretch of [`Text::chars`].
    pub(super) fn place(&self, start: usize, end: usize) -> (usize, usize) {
        let from = self.origin[start];
        (from, if end > start { self.origin[end - 1] + 1 } else { from })
    }

    /// A stretch as written.
    pub(super) fn written(&self, start: usize, end: usize) -> String {
        let (from, to) = self.place(start, end);
        self.original[from..to].iter().collect()
    }

    /// A stretch in its one form.
    pub(super) fn folded(&self, start: usize, end: usize) -> String {
        self.chars[start..end].iter().collect()
    }

    /// The character at a place in its one form; a blank outside the text.
    pub(super) fn at(&self, at: usize) -> char {
        self.chars.get(at).copied().unwrap_or(' ')
    }

    /// The character before a place; a blank at the start.
    pub(super) fn before(&self, at: usize) -> char {
        if at == 0 { ' ' } else { self.at(at - 1) }
    }

    /// Whether the text goes on with `word` (in its one form) at a place.
    pub(super) fn goes_on(&self, at: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(offset, c)| self.chars.get(at + offset) == Some(&c))
    }

    /// Whether a character was written full-width.
    pub(super) fn is_wide(&self, at: usize) -> bool {
        self.origin.get(at).and_then(|&from| self.original.get(from)).is_some_and(|c| ('！'..='～').contains(c))
    }
}

fn fold(c: char) -> impl Iterator<Item = char> {
    let pair = match half_width(c) {
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
            None => (other.to_lowercase().next().unwrap_or(other), None),
        },
    };
    std::iter::once(pair.0).chain(pair.1)
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

/// Whether a character is Han.
pub(super) const fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '〇')
}

/// Whether a character ends a clause or a sentence.
pub(super) const fn is_stop(c: char) -> bool {
    matches!(c, ',' | '，' | '。' | ';' | '!' | '?' | '\n' | '、' | '|')
}
