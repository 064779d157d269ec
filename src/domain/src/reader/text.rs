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
    /// Marks of HTML with digits in them, by their place in the original: no words of a need.
    pub(super) marks: Vec<(usize, usize)>,
}

impl Text {
    pub(super) fn new(text: &str) -> Self {
        let original: Vec<char> = text.chars().collect();
        let mut chars = Vec::with_capacity(original.len() + 8);
        let mut origin = Vec::with_capacity(original.len() + 9);
        let mut marks = Vec::new();
        let mut at = 0;
        while at < original.len() {
            if let Some((end, breaks)) = mark(&original, at) {
                if original[at..end].iter().any(|c| c.is_numeric()) {
                    marks.push((at, end));
                }
                if breaks {
                    chars.push('\n');
                    origin.push(at);
                }
                at = end;
                continue;
            }
            let (first, second) = fold(original[at]);
            chars.push(first);
            origin.push(at);
            if let Some(second) = second {
                chars.push(second);
                origin.push(at);
            }
            at += 1;
        }
        origin.push(original.len());
        Self { chars, origin, original, marks }
    }

    /// A stretch of the original.
    pub(super) fn original(&self, from: usize, to: usize) -> String {
        string(&self.original[from..to])
    }

    /// The place in the original of a stretch of [`Text::chars`].
    pub(super) fn place(&self, start: usize, end: usize) -> (usize, usize) {
        let last = self.origin.len() - 1;
        let from = self.origin[start.min(last)];
        (from, if end > start { (self.origin[(end - 1).min(last)] + 1).min(self.original.len()) } else { from })
    }

    /// A stretch as written.
    pub(super) fn written(&self, start: usize, end: usize) -> String {
        let (from, to) = self.place(start, end);
        string(&self.original[from..to])
    }

    /// A stretch in its one form.
    pub(super) fn folded(&self, start: usize, end: usize) -> String {
        string(&self.chars[start..end])
    }

    /// The character at a place in its one form; a blank outside the text.
    #[inline]
    pub(super) fn at(&self, at: usize) -> char {
        self.chars.get(at).copied().unwrap_or(' ')
    }

    /// The character before a place; a blank at the start.
    pub(super) fn before(&self, at: usize) -> char {
        if at == 0 { ' ' } else { self.at(at - 1) }
    }

    /// Whether the text goes on with `word` (in its one form) at a place.
    #[inline]
    pub(super) fn goes_on(&self, at: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(offset, c)| self.chars.get(at + offset) == Some(&c))
    }

    /// Whether a character was written full-width.
    pub(super) fn is_wide(&self, at: usize) -> bool {
        self.origin.get(at).and_then(|&from| self.original.get(from)).is_some_and(|c| ('！'..='～').contains(c))
    }
}

/// Room for the longest that the characters can be is faster than growing to it.
fn string(chars: &[char]) -> String {
    let mut text = String::with_capacity(chars.len() * 3);
    text.extend(chars);
    text
}

/// The mark of HTML that starts at a place: where it ends, and whether a line ends with it.
fn mark(original: &[char], at: usize) -> Option<(usize, bool)> {
    const LONGEST: usize = 200;
    if original[at] != '<' {
        return None;
    }
    let name_at = if original.get(at + 1) == Some(&'/') { at + 2 } else { at + 1 };
    if !original.get(name_at).is_some_and(char::is_ascii_alphabetic) {
        return None;
    }
    let length = original[name_at..].iter().take(LONGEST).position(|&c| c == '>' || c == '<')?;
    if original[name_at + length] != '>' {
        return None;
    }
    let name: String = original[name_at..].iter().take_while(|c| c.is_ascii_alphanumeric()).take(8).collect();
    let breaks = matches!(name.as_str(), "br" | "p" | "div" | "li" | "tr" | "table" | "h1" | "h2" | "h3");
    Some((name_at + length + 1, breaks))
}

fn fold(c: char) -> (char, Option<char>) {
    // Most characters of a text are Han and stay as they are, or are letters and digits.
    if c.is_ascii_alphanumeric() {
        return (c.to_ascii_lowercase(), None);
    }
    if ('\u{4e00}'..='\u{9fff}').contains(&c) { (traditional(c).unwrap_or(c), None) } else { folded(c) }
}

fn folded(c: char) -> (char, Option<char>) {
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

/// Whether a character is Han.
pub(super) const fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '〇')
}

/// Whether a character ends a clause or a sentence.
pub(super) const fn is_stop(c: char) -> bool {
    matches!(c, ',' | '，' | '。' | ';' | '!' | '?' | '\n' | '、' | '|')
}
