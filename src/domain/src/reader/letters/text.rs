//! The text as an array of folded characters, with the mapping back to the positions of the original.

use crate::reader::letters::character::{Classes, Folding, forms, is_han, starts_with_unit};

/// A folded text.
pub(crate) struct Text {
    /// The folded characters.
    pub(crate) chars: Vec<char>,
    /// Their classes, position by position.
    classes: Vec<Classes>,
    /// Where the offset between folded and original positions changes, in ascending order.
    shifts: Vec<Shift>,
    /// The characters of the original.
    original: Vec<char>,
    /// HTML tags with digits in them, as ranges of the original: they are skipped, and reported as unread.
    pub(crate) marks: Vec<(usize, usize)>,
}

/// From the folded position `at` on, positions of the original count from `origin`.
#[derive(Clone, Copy)]
struct Shift {
    at: usize,
    origin: usize,
}

impl Text {
    pub(crate) fn new(text: &str) -> Self {
        let mut original = Vec::with_capacity(text.chars().count());
        original.extend(text.chars());
        Self::of(original)
    }

    /// Folds the characters of an original.
    pub(crate) fn of(original: Vec<char>) -> Self {
        let (mut chars, mut classes) = (Vec::with_capacity(original.len() + 8), Vec::with_capacity(original.len() + 8));
        let mut shifts = Vec::new();
        let mut marks = Vec::new();
        let folding = Folding::new();
        let mut layouts = layouts(&original).into_iter().peekable();
        let mut at = 0;
        while at < original.len() {
            let until = layouts.peek().map_or(original.len(), |next| next.start.max(at));
            let end = at + folding.plain(&original[at..until]);
            shift(&mut shifts, chars.len(), at);
            chars.extend(original[at..end].iter().map(|&c| folding.form(c)));
            classes.extend(original[at..end].iter().map(|&c| folding.classes(c)));
            at = end;
            let Some(&c) = original.get(at) else { break };
            if let Some(layout) = layouts.next_if(|layout| layout.start == at) {
                for (form, class) in layout.written.into_iter().flat_map(forms) {
                    shift(&mut shifts, chars.len(), at);
                    chars.push(form);
                    classes.push(class);
                }
                at = layout.end;
                continue;
            }
            let (written, end) = match mark(&original, at) {
                None if c == '_' && is_line(&original, at) => (Some(' '), at + 1),
                None => (Some(c), at + 1),
                Some((end, breaks)) => {
                    if original[at..end].iter().any(|c| c.is_numeric()) {
                        marks.push((at, end));
                    }
                    (breaks, end)
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

    /// Maps a folded position to the original; positions past the end map to its end.
    fn origin(&self, at: usize) -> usize {
        let at = at.min(self.chars.len());
        let shift = self.shifts[self.shifts.partition_point(|shift| shift.at <= at).saturating_sub(1)];
        shift.origin + (at - shift.at)
    }

    /// Returns the characters of the original.
    pub(crate) fn chars_as_written(&self) -> &[char] {
        &self.original
    }

    /// Returns a range of the original, by positions of the original.
    pub(crate) fn original(&self, from: usize, to: usize) -> String {
        string(&self.original[from..to])
    }

    /// Maps a folded range to the original.
    pub(crate) fn place(&self, start: usize, end: usize) -> (usize, usize) {
        let from = self.origin(start);
        (from, if end > start { (self.origin(end - 1) + 1).min(self.original.len()) } else { from })
    }

    /// Returns the original text of a folded range.
    pub(crate) fn written(&self, start: usize, end: usize) -> String {
        let (from, to) = self.place(start, end);
        string(&self.original[from..to])
    }

    /// Returns the folded text of a folded range.
    pub(crate) fn folded(&self, start: usize, end: usize) -> String {
        string(&self.chars[start..end])
    }

    /// Returns the folded character at a position; a blank outside the text.
    #[inline]
    pub(crate) fn at(&self, at: usize) -> char {
        self.chars.get(at).copied().unwrap_or(' ')
    }

    /// Returns the classes of the character at a position; none outside the text.
    #[inline]
    pub(crate) fn classes(&self, at: usize) -> Classes {
        self.classes.get(at).copied().unwrap_or_default()
    }

    /// Returns the next position of one of these classes; the end of the text where there is none.
    pub(crate) fn find(&self, from: usize, classes: Classes) -> usize {
        let rest = self.classes.get(from..).unwrap_or_default();
        from + rest.iter().position(|it| it.any(classes)).unwrap_or(rest.len())
    }

    /// Returns the end of the run of these classes that starts at a position.
    pub(crate) fn end(&self, from: usize, classes: Classes) -> usize {
        let rest = self.classes.get(from..).unwrap_or_default();
        from + rest.iter().position(|it| !it.any(classes)).unwrap_or(rest.len())
    }

    /// Returns all positions of these classes.
    pub(crate) fn places(&self, classes: Classes) -> impl Iterator<Item = usize> {
        let next = move |from: usize| Some(self.find(from, classes)).filter(|&at| at < self.classes.len());
        std::iter::successors(next(0), move |at| next(at + 1))
    }

    /// Returns the folded character before a position; a blank at the start.
    pub(crate) fn before(&self, at: usize) -> char {
        if at == 0 { ' ' } else { self.at(at - 1) }
    }

    /// Returns whether `word`, which must be folded, starts at a position.
    #[inline]
    pub(crate) fn goes_on(&self, at: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(offset, c)| self.chars.get(at + offset) == Some(&c))
    }

    /// Returns whether a range equals `word`, which must be folded.
    pub(crate) fn is(&self, start: usize, end: usize, word: &str) -> bool {
        self.goes_on(start, word) && start + word.chars().count() == end
    }

    /// Returns whether the character at a position is full-width in the original.
    pub(crate) fn is_wide(&self, at: usize) -> bool {
        self.original.get(self.origin(at)).is_some_and(|c| ('！'..='～').contains(c))
    }
}

/// Returns whether an underscore is the line of a form, `面积____3500____`, `面积：_3500_平方米`, and not part of an address.
fn is_line(original: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| original.get(at));
    let sides = [before, original.get(at + 1)];
    // _315_kVA
    let figure = original[..at].iter().rev().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).count();
    let opened = figure > 0 && at > figure && original[at - figure - 1] == '_';
    let latin = || !opened && sides.iter().flatten().any(|c| c.is_ascii_alphabetic());
    sides.contains(&Some(&'_')) || !latin() && !sides.iter().all(|c| c.is_some_and(char::is_ascii_digit))
}

/// A range of the original that only lays a form out, with the character in its place in the folded text, if any.
struct FormMark {
    start: usize,
    end: usize,
    written: Option<char>,
}

/// The longest label before a leader, in characters, and a Latin one.
const LABEL: usize = 14;
const LATIN_LABEL: usize = 28;

/// Returns the layout of the lines of a form: blanks that stretch a label, `产    值：`, or a line, a leader between label and
/// value, `Term ........ 5 years`, `租期 —— 3年`.
fn layouts(original: &[char]) -> Vec<FormMark> {
    let mut all = Vec::new();
    let mut start = 0;
    let mut lines = original.split_inclusive(|&c| c == '\n').peekable();
    while let Some(line) = lines.next() {
        let head = &line[..line.len().min(LATIN_LABEL)];
        if let Some(label) = stretched(head) {
            let blanks = (0..label).filter(|&at| is_blank(head[at]));
            all.extend(blanks.map(|at| FormMark { start: start + at, end: start + at + 1, written: None }));
        } else if let Some(blanks) = spaced(line) {
            all.extend(blanks.map(|at| FormMark { start: start + at, end: start + at + 1, written: None }));
        } else if let Some(at) = answered_below(line) {
            all.push(FormMark { start: start + at, end: start + line.len(), written: Some(':') });
        } else if let Some(at) = leader(head) {
            let end = at + line[at..].iter().take_while(|&&c| c == line[at]).count();
            all.push(FormMark { start: start + at, end: start + end, written: Some(':') });
        }
        if let Some((at, written)) = lines.peek().and_then(|next| wrapped(line, next)) {
            all.push(FormMark { start: start + at, end: start + line.len(), written });
        }
        start += line.len();
    }
    all
}

const fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\u{3000}' | '\u{a0}')
}

/// Returns the end of a label of single characters with blanks between them, before its colon: `申 请 人：`.
fn stretched(head: &[char]) -> Option<usize> {
    const LONGEST: usize = 5;
    let colon = head.iter().position(|&c| matches!(c, ':' | '：'))?;
    let pieces = head[..colon].split(|&c| is_blank(c)).filter(|piece| !piece.is_empty());
    let single = pieces.clone().all(|piece| piece.len() == 1 && is_han(piece[0]));
    (single && (2..=LONGEST).contains(&pieces.count())).then_some(colon)
}

/// Returns where a full line ends between a number and its unit, with the blank that a Latin unit needs in place of the line's end:
/// `拟购买工业用地约30⏎亩`.
fn wrapped(line: &[char], next: &[char]) -> Option<(usize, Option<char>)> {
    /// Columns of the shortest full line; a Han character takes two. Shorter ones are cells and answers.
    const FULL: usize = 30;
    let body = line.strip_suffix(&['\n'])?;
    let body = body.strip_suffix(&['\r']).unwrap_or(body);
    let columns: usize = body.iter().map(|&c| if is_han(c) { 2 } else { 1 }).sum();
    let is_broken = columns >= FULL && body.last().is_some_and(char::is_ascii_digit) && starts_with_unit(next);
    is_broken.then(|| (body.len(), next[0].is_ascii().then_some(' ')))
}

/// Returns the blanks between single characters of a line that is written with one behind each: `需 要 厂 房 3000 平 方 米`.
fn spaced(line: &[char]) -> Option<impl Iterator<Item = usize>> {
    /// Fewest characters in a row; fewer may be cells of a table, or a name.
    const FEWEST: usize = 4;
    let is_single = |at: usize| {
        let stands_alone = |next: Option<&char>| next.is_none_or(|&c| !is_han(c));
        is_han(line[at])
            && stands_alone(at.checked_sub(1).map(|before| &line[before]))
            && stands_alone(line.get(at + 1))
    };
    let parts =
        |at: &usize| *at > 0 && at + 1 < line.len() && is_blank(line[*at]) && is_single(at - 1) && is_single(at + 1);
    let blanks: Vec<usize> = (0..line.len()).filter(parts).collect();
    let in_a_row = blanks.windows(FEWEST - 1).any(|row| row[FEWEST - 2] - row[0] == 2 * (FEWEST - 2));
    in_a_row.then(|| blanks.into_iter())
}

/// Returns where the note of a questionnaire starts that tells how the question is answered, on the next line:
/// `4. 需要工位数 [填空]`.
fn answered_below(line: &[char]) -> Option<usize> {
    const NOTE: usize = 4;
    let [label @ .., '\n'] = line else { return None };
    let label = label.strip_suffix(&['\r']).unwrap_or(label);
    let label = label.strip_suffix(&[']']).or_else(|| label.strip_suffix(&['】']))?;
    let open = label.iter().rposition(|&c| matches!(c, '[' | '【'))?;
    let note = &label[open + 1..];
    let asks = !label[..open].iter().any(|c| matches!(c, ':' | '：')) && label[..open].iter().any(|&c| is_han(c));
    (asks && open <= LATIN_LABEL && (2..=NOTE).contains(&note.len()) && note.iter().all(|&c| is_han(c))).then_some(open)
}

/// Returns where the leader behind the label of a line starts.
fn leader(head: &[char]) -> Option<usize> {
    let run = |at: usize| head[at..].iter().take_while(|&&c| c == head[at]).count();
    let is_leader = |at: &usize| match head[*at] {
        '—' | '─' | '━' => run(*at) > 1,
        '.' | '…' | '·' => run(*at) > 2,
        _ => false,
    };
    (0..head.len()).find(is_leader).filter(|&at| {
        let label = &head[..at];
        let most = if label.iter().any(char::is_ascii) { LATIN_LABEL } else { LABEL };
        let stop = label.iter().any(|c| matches!(c, '，' | '。' | ':' | '：' | '；'));
        at <= most && !stop && label.iter().any(|c| c.is_alphabetic())
    })
}

/// Records the origin of a character where its offset differs from the offset of the character before it.
fn shift(shifts: &mut Vec<Shift>, at: usize, origin: usize) {
    if shifts.last().is_none_or(|last| last.origin + (at - last.at) != origin) {
        shifts.push(Shift { at, origin });
    }
}

/// Collects characters; capacity for three bytes each, the longest of a Han character, avoids reallocation.
fn string(chars: &[char]) -> String {
    let mut text = String::with_capacity(chars.len() * 3);
    text.extend(chars);
    text
}

/// Returns the end of the HTML tag that starts at a position, and whether the tag breaks the line.
fn mark(original: &[char], at: usize) -> Option<(usize, Option<char>)> {
    /// A tag with attributes is rarely longer; the bound keeps a text of `<` linear.
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
    // <a.berg@example.com> is an address.
    let after = original[name_at..].iter().find(|c| !c.is_ascii_alphanumeric());
    if !after.is_some_and(|c| c.is_whitespace() || matches!(c, '>' | '/')) {
        return None;
    }
    let name: String = original[name_at..].iter().take_while(|c| c.is_ascii_alphanumeric()).take(8).collect();
    let written = match name.as_str() {
        "br" | "p" | "div" | "li" | "tr" | "table" | "h1" | "h2" | "h3" => Some('\n'),
        "td" | "th" => Some(' '),
        _ => None,
    };
    Some((name_at + length + 1, written))
}
