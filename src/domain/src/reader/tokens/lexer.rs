//! The lexer: cuts a text into amounts, dates, words, places, trades, breaks and contact data.

use chrono::NaiveDate;

use crate::reader::letters::character::{Classes, is_sentence_end};
use crate::reader::letters::numerals::myriad;
use crate::reader::letters::rules::cues;
use crate::reader::letters::text::Text;
use crate::reader::tokens::contact::claim::Claim;
use crate::reader::tokens::date::date;
use crate::reader::tokens::exact::Exact;
use crate::reader::tokens::quantity::{Quantity, quantity};
use crate::reader::tokens::token::{Amount, Token, TokenKind};
use crate::reader::tokens::units::{per, unit};
use crate::reader::words::dictionary::{Lookup, lies_in};
use crate::reader::words::lexicon::{Tag, Tags};
use crate::reader::words::lists::WordList;

cues! {
    LexerCues in "lexer.txt" {
        unit_label: WordList,
    }
}

/// Cuts a text into tokens; returns them with the quantities that amounts and units refer to by index.
pub(crate) fn tokens(text: &Text, lookup: &Lookup, claims: &[Claim], now: NaiveDate) -> (Vec<Token>, Vec<Quantity>) {
    let mut lexer = Lexer {
        text,
        lookup,
        now,
        tokens: Vec::with_capacity(text.chars.len()),
        quantities: Vec::with_capacity(text.chars.len() / 8),
        clause: 0,
        sentence: 0,
    };
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

struct Lexer<'t> {
    text: &'t Text,
    lookup: &'t Lookup,
    now: NaiveDate,
    tokens: Vec<Token>,
    quantities: Vec<Quantity>,
    clause: u32,
    sentence: u32,
}

impl Lexer<'_> {
    fn push(&mut self, start: usize, end: usize, kind: TokenKind, tags: Tags) -> usize {
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
        let classes = self.text.classes(at);
        if classes.any(Classes::AMOUNT) {
            if let Some(when) =
                date(self.text, at, self.now).filter(|when| fits(when.end) && when.end > at + longest.min(2))
            {
                return self.push(at, when.end, TokenKind::Date(when.period), Tags::NONE);
            }
            if let Some(quantity) = self.quantity(at).filter(|quantity| fits(quantity.end)) {
                // 一定, 三角, 五金, 四川: words that start with a numeral and are longer.
                if quantity.end > at + longest || c.is_ascii_digit() && quantity.end >= at + longest {
                    let amount = Amount { number: self.keep(quantity), dim: quantity.dim, large: quantity.large };
                    return self.push(quantity.start.min(at), quantity.end, TokenKind::Amount(amount), Tags::NONE);
                }
            }
        } else if classes.any(Classes::DATE)
            && let Some(when) = date(self.text, at, self.now).filter(|when| fits(when.end) && when.end >= at + longest)
        {
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

    /// Reads an amount; a unit behind a blank is none where it starts a longer word: `1 层高 6米`.
    fn quantity(&self, at: usize) -> Option<Quantity> {
        let found = quantity(self.text, at)?;
        let longer = |from: usize| self.lookup.at(from).word().is_some_and(|(length, _)| from + length > found.end);
        match found.unit_apart {
            Some(from) if longer(from) => Quantity::without_unit(self.text, at),
            _ => Some(found),
        }
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

    /// Reads a unit in brackets: `(万元)`, `(亩)`, `(万元/亩)`.
    fn unit_note(&self, at: usize, limit: usize) -> Option<Quantity> {
        let open = self.text.at(at);
        if !matches!(open, '(' | '[' | '【') {
            return None;
        }
        let mut start = at + 1;
        if let Some(length) = CUES.unit_label.at(self.text, start) {
            start += length + usize::from(self.text.at(start + length) == ':');
        }
        let large = myriad(self.text.at(start)).unwrap_or(1);
        let from = if large > 1 { start + 1 } else { start };
        let (dim, factor, end) = unit(self.text, from)?;
        let (divided, end) = per(self.text, end, true);
        let closes = matches!(self.text.at(end), ')' | ']' | '】') && end < limit;
        closes.then_some(())?;
        Some(Quantity::one(at, end + 1, dim, factor.times(Exact::int(large))?, divided))
    }

    fn single(&mut self, at: usize, c: char, limit: usize) -> usize {
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

    /// Pushes a break, which starts a new clause and perhaps a new sentence.
    fn cut(&mut self, at: usize, c: char, stop: bool) -> usize {
        let end = self.push(at, at + 1, TokenKind::Break(if stop { '.' } else { c }), Tags::NONE);
        self.clause += u32::from(stop || !matches!(c, ' ' | '/' | '-' | '+'));
        self.sentence += u32::from(stop);
        end
    }
}
