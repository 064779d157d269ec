//! The text in one form: half-width, lower case, one kind of dash; every character knows where it came from.

use crate::reader::letters::character::{Classes, Folding, forms};

/// A text ready to be read.
pub(crate) struct Text {
    /// The characters in their one form.
    pub(crate) chars: Vec<char>,
    /// What each of them can be.
    classes: Vec<Classes>,
    /// Where the characters came from: one stands behind its neighbour as in the original, but at these places.
    shifts: Vec<Shift>,
    /// The characters as written.
    original: Vec<char>,
    /// Marks of HTML with digits in them, by their place in the original: no words of a need.
    pub(crate) marks: Vec<(usize, usize)>,
}

/// From the character `at` on, the original's are those from `origin` on.
#[derive(Clone, Copy)]
struct Shift {
    at: usize,
    origin: usize,
}

impl Text {
    pub(crate) fn new(text: &str) -> Self {
        let mut original = Vec::with_capacity(text.chars().count());
        original.extend(text.chars());
        let (mut chars, mut classes) = (Vec::with_capacity(original.len() + 8), Vec::with_capacity(original.len() + 8));
        let mut shifts = Vec::new();
        let mut marks = Vec::new();
        let folding = Folding::new();
        let mut at = 0;
        while at < original.len() {
            let end = at + folding.plain(&original[at..]);
            shift(&mut shifts, chars.len(), at);
            chars.extend(original[at..end].iter().map(|&c| folding.form(c)));
            classes.extend(original[at..end].iter().map(|&c| folding.classes(c)));
            at = end;
            let Some(&c) = original.get(at) else { break };
            let (written, end) = match mark(&original, at) {
                None => (Some(c), at + 1),
                Some((end, breaks)) => {
                    if original[at..end].iter().any(|c| c.is_numeric()) {
                        marks.push((at, end));
                    }
                    (breaks.then_some('\n'), end)
                }
            };
            for (form, class) in written.into_iter().flat_map(forms) {
                shift(&mut shifts, chars.len(), at);
                chars.push(form);
                classes.push(class);
            }
            at = end;
        }
        shift(&mut shifts, chars.len(), original.len());
        Self { chars, classes, shifts, original, marks }
    }

    /// The place in the original of one of [`Text::chars`]; the end of the original behind the last.
    fn origin(&self, at: usize) -> usize {
        let at = at.min(self.chars.len());
        let shift = self.shifts[self.shifts.partition_point(|shift| shift.at <= at).saturating_sub(1)];
        shift.origin + (at - shift.at)
    }

    /// A stretch of the original.
    pub(crate) fn original(&self, from: usize, to: usize) -> String {
        string(&self.original[from..to])
    }

    /// The place in the original of a stretch of [`Text::chars`].
    pub(crate) fn place(&self, start: usize, end: usize) -> (usize, usize) {
        let from = self.origin(start);
        (from, if end > start { (self.origin(end - 1) + 1).min(self.original.len()) } else { from })
    }

    /// A stretch as written.
    pub(crate) fn written(&self, start: usize, end: usize) -> String {
        let (from, to) = self.place(start, end);
        string(&self.original[from..to])
    }

    /// A stretch in its one form.
    pub(crate) fn folded(&self, start: usize, end: usize) -> String {
        string(&self.chars[start..end])
    }

    /// The character at a place in its one form; a blank outside the text.
    #[inline]
    pub(crate) fn at(&self, at: usize) -> char {
        self.chars.get(at).copied().unwrap_or(' ')
    }

    /// What the character at a place can be; nothing outside the text.
    #[inline]
    pub(crate) fn classes(&self, at: usize) -> Classes {
        self.classes.get(at).copied().unwrap_or_default()
    }

    /// The next place whose character can be one of these; the end of the text where there is none.
    pub(crate) fn find(&self, from: usize, classes: Classes) -> usize {
        let rest = self.classes.get(from..).unwrap_or_default();
        from + rest.iter().position(|it| it.any(classes)).unwrap_or(rest.len())
    }

    /// Where the characters from a place on are none of these any more.
    pub(crate) fn end(&self, from: usize, classes: Classes) -> usize {
        let rest = self.classes.get(from..).unwrap_or_default();
        from + rest.iter().position(|it| !it.any(classes)).unwrap_or(rest.len())
    }

    /// All places whose characters can be one of these.
    pub(crate) fn places(&self, classes: Classes) -> impl Iterator<Item = usize> {
        let next = move |from: usize| Some(self.find(from, classes)).filter(|&at| at < self.classes.len());
        std::iter::successors(next(0), move |at| next(at + 1))
    }

    /// The character before a place; a blank at the start.
    pub(crate) fn before(&self, at: usize) -> char {
        if at == 0 { ' ' } else { self.at(at - 1) }
    }

    /// Whether the text goes on with `word` (in its one form) at a place.
    #[inline]
    pub(crate) fn goes_on(&self, at: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(offset, c)| self.chars.get(at + offset) == Some(&c))
    }

    /// Whether a stretch is `word` (in its one form).
    pub(crate) fn is(&self, start: usize, end: usize, word: &str) -> bool {
        self.goes_on(start, word) && start + word.chars().count() == end
    }

    /// Whether a character was written full-width.
    pub(crate) fn is_wide(&self, at: usize) -> bool {
        self.original.get(self.origin(at)).is_some_and(|c| ('！'..='～').contains(c))
    }
}

/// Notes where a character came from, unless its neighbours say so.
fn shift(shifts: &mut Vec<Shift>, at: usize, origin: usize) {
    if shifts.last().is_none_or(|last| last.origin + (at - last.at) != origin) {
        shifts.push(Shift { at, origin });
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

/// Whether a character is Han.
pub(crate) const fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '〇')
}

/// Whether a character ends a clause or a sentence.
pub(crate) const fn is_stop(c: char) -> bool {
    matches!(c, ',' | '，' | '。' | ';' | '!' | '?' | '\n' | '、' | '|')
}
