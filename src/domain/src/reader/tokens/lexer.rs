//! The lexer: cuts a text into amounts, dates, words, places, trades, breaks and contact data.

use chrono::{Datelike as _, NaiveDate};

use crate::reader::letters::character::{Classes, is_han, is_sentence_end};
use crate::reader::letters::numerals::myriad;
use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharSet;
use crate::reader::letters::text::Text;
use crate::reader::tokens::contact::claim::Claim;
use crate::reader::tokens::date::calendar::When;
use crate::reader::tokens::date::{date, part_of_year, starts_part_of_year};
use crate::reader::tokens::exact::Exact;
use crate::reader::tokens::quantity::{Quantity, currency_unit, quantity};
use crate::reader::tokens::token::{Amount, Token, TokenKind};
use crate::reader::tokens::units::{Dim, Per, per, unit};
use crate::reader::words::dictionary::{Lookup, lies_in};
use crate::reader::words::lexicon::{Tag, Tags};
use crate::reader::words::lists::{WordList, WordTable};
use crate::reader::words::slot::Slot;

cues! {
    LexerCues in "lexer.txt" {
        unit_label: WordList,
        answer: WordList,
        year_of_last: WordTable<1>,
        signed: CharSet,
        from_then_on: WordList,
        bound: CharSet,
    }
}

/// Cuts a text into tokens; returns them with the quantities that amounts and units refer to by index. Both are written to
/// the vectors given, which must be empty.
pub(crate) fn tokens(
    text: &Text,
    lookup: &Lookup,
    claims: &[Claim],
    now: NaiveDate,
    (mut tokens, mut quantities): (Vec<Token>, Vec<Quantity>),
) -> (Vec<Token>, Vec<Quantity>) {
    // A word has two characters and more, an amount with what is around it twelve.
    tokens.reserve(text.chars.len() * 3 / 5 + SPARE);
    quantities.reserve(text.chars.len() / 12 + SPARE);
    let mut lexer = Lexer { text, lookup, now, tokens, quantities, last_date: None, clause: 0, sentence: 0 };
    let mut claims = claims.iter().peekable();
    let mut at = 0;
    while at < text.chars.len() {
        while claims.next_if(|claim| claim.end <= at).is_some() {}
        if let Some(claim) = claims.next_if(|claim| claim.start <= at) {
            lexer.push(at, claim.end, TokenKind::Claimed, Tags::NONE);
            at = claim.end;
            continue;
        }
        let limit = claims.peek().map_or(usize::MAX, |claim| claim.start);
        at = lexer.step(at, limit);
    }
    (lexer.tokens, lexer.quantities)
}

/// Tokens of a short text, for which nothing is estimated.
const SPARE: usize = 16;

/// Tags of words that label a row without naming the field of an amount.
const KEYS: &[Tag] = &[
    Tag::Start,
    Tag::Commission,
    Tag::Signing,
    Tag::Wanted,
    Tag::Code,
    Tag::Avail,
    Tag::LevelLabel,
    Tag::Produce,
    Tag::DivisionCode,
];

struct Lexer<'t> {
    text: &'t Text,
    lookup: &'t Lookup,
    now: NaiveDate,
    tokens: Vec<Token>,
    quantities: Vec<Quantity>,
    /// Index of the last token that is a date.
    last_date: Option<usize>,
    clause: u32,
    sentence: u32,
}

impl Lexer<'_> {
    fn push(&mut self, start: usize, end: usize, kind: TokenKind, tags: Tags) -> usize {
        if matches!(kind, TokenKind::Date(_)) {
            self.last_date = Some(self.tokens.len());
        }
        self.tokens.push(Token { start, end, kind, tags, clause: self.clause, sentence: self.sentence });
        end
    }

    fn keep(&mut self, quantity: Quantity) -> u32 {
        self.quantities.push(quantity);
        u32::try_from(self.quantities.len() - 1).unwrap_or(u32::MAX)
    }

    /// Pushes the token at a position, which must end at `limit` or before; returns its end.
    fn step(&mut self, at: usize, limit: usize) -> usize {
        let c = self.text.at(at);
        let fits = |end: usize| end <= limit;
        let found = self.lookup.at(at);
        let found_word = found.word().filter(|&(length, _)| fits(at + length));
        let found_place = found.place().filter(|&(length, _)| fits(at + length));
        let found_trade = found.trade().filter(|(_, trade)| !trade.neutral).filter(|&(length, _)| fits(at + length));
        let longest = found_word
            .map_or(0, |(length, _)| length)
            .max(found_place.map_or(0, |(length, _)| length))
            .max(found_trade.map_or(0, |(length, _)| length));
        if let Some(unit) = self.unit_cell(at, limit) {
            let number = self.keep(unit);
            return self.push(at, unit.end, TokenKind::Unit(number), Tags::NONE);
        }
        let classes = self.text.classes(at);
        if classes.any(Classes::AMOUNT) {
            let when = date(self.text, at, self.now).or_else(|| self.year_of_last(at));
            if let Some(when) = when.filter(|when| fits(when.end) && when.end > at + longest.min(2)) {
                return self.push(at, when.end, TokenKind::Date(when.period), Tags::NONE);
            }
            if let Some(quantity) = self.quantity(at).filter(|quantity| fits(quantity.end)) {
                // 一定, 三角, 五金, 四川: words that start with a numeral and are longer.
                // 租一年 is a term, 一年20万 a price per year.
                let leased = || quantity.dim == Dim::Years && self.is_term(at, quantity.end);
                let same = quantity.end == at + longest && (c.is_ascii_digit() || leased());
                if quantity.end > at + longest || same {
                    let is_row = quantity.dim == Dim::Bare && (is_row_number(self.text, at) || self.is_section(at));
                    let quantity = if is_row { Quantity { dim: Dim::Other, ..quantity } } else { quantity };
                    let amount = Amount { number: self.keep(quantity), dim: quantity.dim, large: quantity.large };
                    return self.push(quantity.start.min(at), quantity.end, TokenKind::Amount(amount), Tags::NONE);
                }
            }
        } else if classes.any(Classes::DATE)
            && let Some(when) = date(self.text, at, self.now).filter(|when| fits(when.end) && when.end >= at + longest)
        {
            return self.push(at, when.end, TokenKind::Date(when.period), Tags::NONE);
        }
        if let Some(when) = self.year_of_last(at).filter(|when| fits(when.end)) {
            return self.push(at, when.end, TokenKind::Date(when.period), Tags::NONE);
        }
        if let Some(unit) = self.unit_note(at, limit) {
            let number = self.keep(unit);
            return self.push(at, unit.end, TokenKind::Unit(number), Tags::NONE);
        }
        let tags = found_word.map_or(Tags::NONE, |(_, tags)| tags);
        // 阳泉市城区: behind a wider place, a name inside it is a place rather than a word.
        let found_word = found_word
            .filter(|&(length, _)| found_place.is_none_or(|(other, name)| other < length || !self.narrows(at, name)));
        // 和平 and 七星 are stop words only where they are not names of places.
        let found_word = found_word.filter(|&(length, tags)| {
            tags != Tags::NONE.with(Tag::Stop) || found_place.is_none_or(|(other, _)| other < length)
        });
        match (found_word, found_place, found_trade) {
            (Some((length, _)), ..) if length == longest => self.push(at, at + length, TokenKind::Word, tags),
            (_, Some((length, name)), _) if length == longest => {
                self.push(at, at + length, TokenKind::Place(name), Tags::NONE)
            }
            (.., Some((length, trade))) => {
                let made = if trade.made { Tags::NONE.with(Tag::Production) } else { Tags::NONE };
                let tags = made.and(self.ending(at, at + length));
                self.push(at, at + length, TokenKind::Trade, tags)
            }
            _ => self.single(at, c, limit),
        }
    }

    /// Returns whether years at this position are the term of a lease: 租一年, 租期：一年, 签一年, 一年起租.
    fn is_term(&self, at: usize, end: usize) -> bool {
        if CUES.signed.has(self.text.before(at)) || CUES.from_then_on.starts(self.text, end) {
            return true;
        }
        let mut before = self.tokens.iter().rev().filter(|token| !token.is_blank() && token.other() != Some(':'));
        before.next().is_some_and(|token| token.has(Tag::Lease) || token.names(Slot::LEASE))
    }

    /// Reads a part of the year of the date before, or of the next: `同年12月`, `次年6月`, `2027年一季度签约，二季度开工`.
    fn year_of_last(&self, at: usize) -> Option<When> {
        let last = self.last_date.filter(|last| last + BEFORE >= self.tokens.len())?;
        let TokenKind::Date(last) = self.tokens[last].kind else { return None };
        let named = CUES.year_of_last.at(self.text, at);
        let (length, [years]) = named.or_else(|| starts_part_of_year(self.text, at).then_some((0, [0])))?;
        part_of_year(self.text, at + length, last.last.year() + years, self.now)
    }

    /// Reads an amount; a unit behind a blank is none where it starts a longer word: `1 层高 6米`.
    fn quantity(&self, at: usize) -> Option<Quantity> {
        let found = quantity(self.text, at)?;
        // 2000 平仓库 are 2,000 m², though 平仓 is a word too.
        let sure = matches!(found.dim, Dim::Land | Dim::Floor | Dim::Money | Dim::Power);
        // 固投2.5亿 亩税8万: the mu belongs to the next label.
        let longer = |from: usize| {
            let word = self.lookup.at(from).word().filter(|&(length, _)| from + length > found.end);
            word.is_some_and(|(_, tags)| !sure || tags.has(Tag::PerMu))
        };
        match found.unit_apart {
            Some(from) if longer(from) || is_row_number(self.text, at) || self.is_section(at) => {
                Quantity::without_unit(self.text, at)
            }
            _ => Some(found),
        }
    }

    /// Returns whether the number at a position counts a section: `4.3 企业现有三个车间`, at the start of its line and before words;
    /// before a unit where the section of an adjacent line is the adjacent one: `3.6 人员：160人`.
    fn is_section(&self, at: usize) -> bool {
        let text = self.text;
        let Some((chapter, number, end)) = section(text, at) else { return false };
        let word = self.lookup.at(end + 1).word().map_or(0, |(length, _)| end + 1 + length);
        let counted = unit(text, end + 1).is_some_and(|(dim, _, behind)| !dim.is_other() && behind >= word);
        let starts = text.at(end) == ' ' && is_han(text.at(end + 1));
        let Some(own) = opened_line(text, at).filter(|_| starts) else { return false };
        let is = |at: usize, wanted: u32| {
            section(text, at).is_some_and(|(other, number, _)| (other, number) == (chapter, wanted))
        };
        let next = text.chars[end..].iter().position(|&c| c == '\n').map(|length| end + length + 1);
        let before =
            own.checked_sub(1).map(|end| text.chars[..end].iter().rposition(|&c| c == '\n').map_or(0, |at| at + 1));
        !counted || next.is_some_and(|at| is(at, number + 1)) || before.is_some_and(|at| is(at, number.wrapping_sub(1)))
    }

    /// Returns whether a name directly follows a place that contains it.
    fn narrows(&self, at: usize, name: u32) -> bool {
        let before = self.tokens.last().filter(|token| token.end == at);
        before.is_some_and(|token| matches!(token.kind, TokenKind::Place(outer) if lies_in(name, outer)))
    }

    /// Returns the tags of the use that a trade ends in: 冷链仓储, 新药研发, food processing.
    fn ending(&self, start: usize, end: usize) -> Tags {
        let uses = [Tag::Production, Tag::Research, Tag::Warehouse, Tag::Office];
        for at in start + 1..end {
            if let Some((length, tags)) = self.lookup.at(at).word()
                && at + length == end
            {
                return uses.into_iter().filter(|&tag| tags.has(tag)).fold(Tags::NONE, Tags::with);
            }
        }
        Tags::NONE
    }

    /// Reads a unit between a label and its number, as tables have it: `总投资 万元 120`, `用地面积|亩|45`, `总投资/万元 120`.
    fn unit_cell(&self, at: usize, limit: usize) -> Option<Quantity> {
        let gap = self.tokens.last()?;
        let slash = matches!(gap.kind, TokenKind::Break('/'));
        let apart = slash || gap.is_blank() || gap.other() == Some(':') && self.text.before(at) == '|';
        if !apart || gap.end != at {
            return None;
        }
        // 用地面积      亩     45: columns may be set with many blanks.
        let blanks = self.tokens.iter().rev().take(COLUMN).take_while(|token| token.is_blank()).count().max(1);
        let mut before = self.tokens[..self.tokens.len().saturating_sub(blanks)].iter().rev();
        // 面积：      亩   40: a form has a colon behind its labels.
        let label = before.next().filter(|token| token.other() != Some(':')).or_else(|| before.next());
        let label = label.filter(|label| label.is_label())?;
        let (dim, factor, per, end) = self.unit(at)?;
        // 租金/年, 税收/亩: a price per year or mu.
        let divisor = dim == Dim::Years || dim == Dim::Land && !label.names(Slot::LAND);
        if slash && divisor {
            return None;
        }
        let cell_ends = matches!(self.text.at(end), ' ' | '|' | ':') && end < limit;
        // ≤15 is a value too.
        let next = (end..end + COLUMN)
            .map(|at| self.text.at(at))
            .find(|&c| !matches!(c, ' ' | '|' | ':') && !CUES.bound.has(c))?;
        (cell_ends && next.is_ascii_digit()).then(|| Quantity::one(at, end, dim, factor, per))
    }

    /// Reads a unit with its 万 or 亿 before it and its divisors behind it.
    fn unit(&self, at: usize) -> Option<(Dim, Exact, Per, usize)> {
        let large = myriad(self.text.at(at)).unwrap_or(1);
        let found = currency_unit(self.text, at).or_else(|| unit(self.text, if large > 1 { at + 1 } else { at }));
        let (dim, factor, end) = found?;
        let (divided, end) = per(self.text, end, true);
        Some((dim, factor.times(Exact::int(large))?, divided, end))
    }

    /// Reads a unit in brackets: `(万元)`, `(亩)`, `(万元/亩)`.
    fn unit_note(&self, at: usize, limit: usize) -> Option<Quantity> {
        let open = self.text.at(at);
        if !matches!(open, '(' | '[' | '【') {
            return self.unit_glued(at, limit);
        }
        let mut start = at + 1;
        if let Some(length) = CUES.unit_label.at(self.text, start) {
            start += length + usize::from(self.text.at(start + length) == ':');
        }
        let (dim, factor, divided, end) = self.unit(start)?;
        let closes = matches!(self.text.at(end), ')' | ']' | '】') && end < limit;
        closes.then_some(())?;
        Some(Quantity::one(at, end + 1, dim, factor, divided))
    }

    /// Reads a unit between a label and its colon: `面积㎡：3000`.
    fn unit_glued(&self, at: usize, limit: usize) -> Option<Quantity> {
        self.tokens.last().filter(|label| label.end == at && label.is_label())?;
        let (dim, factor, divided, end) = self.unit(at)?;
        let closes = self.text.at(end) == ':' && end < limit;
        closes.then(|| Quantity::one(at, end, dim, factor, divided))
    }

    /// Returns the end of the word that answers the question at a position: `面积？ 答：6000平方米`.
    fn answer(&self, at: usize, limit: usize) -> Option<usize> {
        let from = (at + 1..at + MARGIN + 2).find(|&at| !matches!(self.text.at(at), ' ' | '\n'))?;
        let length = CUES.answer.longest_at(self.text, from)?;
        Some(from + length).filter(|&end| end <= limit)
    }

    fn single(&mut self, at: usize, c: char, limit: usize) -> usize {
        // The answer belongs to the field that the question names.
        if c == '?'
            && let Some(end) = self.answer(at, limit)
        {
            return self.push(at, end, TokenKind::Other(':'), Tags::NONE);
        }
        // 多少工位？⏎80个: a label that a question ends in is answered by the next line.
        let asked = |label: &Token| label.is_label() || label.any(KEYS);
        if c == '?' && self.text.at(at + 1) == '\n' && at + 2 <= limit && self.tokens.last().is_some_and(asked) {
            return self.push(at, at + 2, TokenKind::Other(':'), Tags::NONE);
        }
        if self.text.classes(at).any(Classes::BREAK) {
            let stop = is_sentence_end(c) && (c != '.' || at > 0 && !self.text.at(at + 1).is_ascii_alphanumeric());
            if stop || c != '.' {
                return self.cut(at, c, stop);
            }
        }
        // An unknown Latin word is one token, and so is a run of digits that is too long for a number.
        let alike = |i: usize| {
            let other = self.text.at(i);
            c.is_ascii_alphabetic() && other.is_ascii_alphabetic() || c.is_ascii_digit() && other.is_ascii_digit()
        };
        let run = if c.is_ascii() { (at..limit).take_while(|&i| alike(i)).count() } else { 1 };
        self.push(at, at + run.max(1), TokenKind::Other(c), Tags::NONE)
    }

    /// Returns whether the cell of a table that ends here is a label alone, with or without its unit: the next one is its
    /// value.
    fn is_key(&self, opens: impl Fn(&Token) -> bool) -> bool {
        let cell = self.tokens.iter().rev().filter(|token| !token.is_blank());
        let mut cell = cell.skip_while(|token| matches!(token.kind, TokenKind::Unit(_) | TokenKind::Other(':')));
        let label = cell
            .next()
            .is_some_and(|token| matches!(token.kind, TokenKind::Word) && token.any(KEYS) || token.is_label());
        label && cell.next().is_none_or(opens)
    }

    /// Pushes a break, which starts a new clause and perhaps a new sentence; behind the label of a row it is a colon.
    fn cut(&mut self, at: usize, c: char, stop: bool) -> usize {
        let unit_before = self.tokens.last().is_some_and(|token| matches!(token.kind, TokenKind::Unit(_)));
        let divides = c == '|' || c == ',' && unit_before && self.text.at(at + 1).is_ascii_digit();
        // 交地,2027年9月底: the first of two cells of a line.
        let row = |token: &Token| matches!(token.kind, TokenKind::Break('|' | '.'));
        let line = |token: &Token| self.text.at(token.start) == '\n';
        if divides && self.is_key(row) || c == ',' && self.is_key(line) {
            return self.push(at, at + 1, TokenKind::Other(':'), Tags::NONE);
        }
        let end = self.push(at, at + 1, TokenKind::Break(if stop { '.' } else { c }), Tags::NONE);
        self.clause += u32::from(stop || !matches!(c, ' ' | '/' | '-' | '+'));
        self.sentence += u32::from(stop);
        end
    }
}

/// The most tokens between two dates of which one counts from the other.
const BEFORE: usize = 24;

/// The most blanks between two columns of a table without rules.
const COLUMN: usize = 16;

/// Returns the number of up to two digits at a position, with its end.
fn small_number(text: &Text, at: usize) -> Option<(u32, usize)> {
    let end = (at..at + 3).find(|&at| !text.at(at).is_ascii_digit())?;
    let digits = text.chars.get(at..end).filter(|digits| !digits.is_empty())?;
    Some((digits.iter().filter_map(|c| c.to_digit(10)).fold(0, |sum, digit| sum * 10 + digit), end))
}

/// Returns chapter and number of a section at a position, with the end: `3.6`.
fn section(text: &Text, at: usize) -> Option<(u32, u32, usize)> {
    let (chapter, dot) = small_number(text, at).filter(|&(_, dot)| text.at(dot) == '.')?;
    let (number, end) = small_number(text, dot + 1)?;
    Some((chapter, number, end))
}

/// Returns whether the number at a position counts the rows of a table: it starts its line, and an adjacent line starts with
/// the adjacent number.
fn is_row_number(text: &Text, at: usize) -> bool {
    let Some((number, end)) = small_number(text, at).filter(|&(_, end)| end < text.chars.len()) else { return false };
    if !matches!(text.at(end), ' ' | '|') {
        return false;
    }
    let Some(own) = opened_line(text, at) else { return false };
    if heads_section(text, own, number, end) {
        return true;
    }
    let start = |at: usize| (at..at + MARGIN).find(|&at| !matches!(text.at(at), ' ' | '|')).unwrap_or(at);
    let next = text.chars[end..].iter().position(|&c| c == '\n').map(|length| end + length + 1);
    let behind = || next.and_then(|next| small_number(text, start(next)));
    let line = |at: usize| text.chars[..at].iter().rposition(|&c| c == '\n').map_or(0, |end| end + 1);
    let before = || own.checked_sub(1).and_then(|end| small_number(text, start(line(end))));
    behind().is_some_and(|(next, _)| next == number + 1) || before().is_some_and(|(last, _)| last + 1 == number)
}

/// Returns whether the number opens the heading of a section, a line of words alone, as the number before it does further up:
/// `5 能源 … 6 人员`.
fn heads_section(text: &Text, line: usize, number: u32, end: usize) -> bool {
    const SECTION: usize = 600;
    const HEADING: usize = 12;
    let words = text.chars[end..].iter().skip(1).take_while(|&&c| c != '\n');
    let heading = words.clone().count() <= HEADING && words.clone().all(|&c| is_han(c) || c == '、');
    let floor = line.saturating_sub(SECTION);
    let mut lines = (floor..line).rev().filter(|&at| at == 0 || text.before(at) == '\n');
    let before =
        |at: usize| small_number(text, at).filter(|&(before, end)| before + 1 == number && text.at(end) == ' ');
    number > 1 && heading && lines.any(|at| before(at).is_some())
}

/// The most characters up to the number of a row, the number included.
const MARGIN: usize = 3;

/// Returns the start of the line that a position opens, blanks and rules before it aside.
fn opened_line(text: &Text, at: usize) -> Option<usize> {
    let starts = |from: usize| from == 0 || text.before(from) == '\n';
    let mut line = at;
    while !starts(line) && line + MARGIN > at + 1 && matches!(text.before(line), ' ' | '|') {
        line -= 1;
    }
    starts(line).then_some(line)
}
