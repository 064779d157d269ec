//! A text cut into tokens: amounts, dates, words, places, breaks, and what belongs to a contact.

use chrono::NaiveDate;

use crate::reader::letters::character::Classes;
use crate::reader::letters::text::Text;
use crate::reader::tokens::contact::Claim;
use crate::reader::tokens::date::{Period, date};
use crate::reader::tokens::exact::Exact;
use crate::reader::tokens::quantity::{Quantity, quantity};
use crate::reader::tokens::units::{Dim, per, unit};
use crate::reader::words::dictionary::Lookup;
use crate::reader::words::gazetteer::lies_in;
use crate::reader::words::lexicon::{Tag, Tags};

/// A piece of the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) kind: Kind,
    /// What the word tells; nothing for other kinds.
    pub(crate) tags: Tags,
    /// Which clause it is in: cut at every comma, bracket and stop.
    pub(crate) clause: u32,
    /// Which sentence it is in: cut at stops.
    pub(crate) sentence: u32,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Amount(Amount),
    Date(Period),
    Word,
    /// Number in the gazetteer.
    Place(u32),
    /// Number of the trade word, which may be a word too.
    Trade,
    /// `(万元)` after a label: number of the quantity that is one of the unit of the bare number to come.
    Unit(u32),
    /// A comma or a bracket, a stop, a blank.
    Break(char),
    Claimed,
    Other(char),
}

/// An amount: what it measures, and the number of its quantity.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Amount {
    pub(crate) number: u32,
    pub(crate) dim: Dim,
    pub(crate) large: bool,
}

impl Token {
    pub(crate) fn has(&self, tag: Tag) -> bool {
        self.tags.has(tag)
    }

    pub(crate) fn any(&self, tags: &[Tag]) -> bool {
        self.tags.any(tags)
    }

    pub(crate) const fn amount(&self) -> Option<Amount> {
        match self.kind {
            Kind::Amount(amount) => Some(amount),
            _ => None,
        }
    }

    pub(crate) const fn is_blank(&self) -> bool {
        matches!(self.kind, Kind::Break(' '))
    }

    /// Whether a clause ends here.
    pub(crate) const fn ends_clause(&self) -> bool {
        matches!(self.kind, Kind::Break(c) if c != ' ')
    }
}

/// The tokens whose words tell something, side by side: most who look for words need to see no others.
pub(crate) struct Words(Vec<(usize, Tags)>);

impl Words {
    pub(crate) fn new(tokens: &[Token]) -> Self {
        let telling = tokens.iter().enumerate().filter(|(_, token)| token.tags != Tags::NONE);
        Self(telling.map(|(at, token)| (at, token.tags)).collect())
    }

    /// The numbers of the tokens that have one of the tags.
    pub(crate) fn having(&self, tags: Tags) -> impl DoubleEndedIterator<Item = usize> {
        self.0.iter().filter(move |(_, has)| has.meets(tags)).map(|&(at, _)| at)
    }
}

/// Cuts the text; the quantities are those of amounts and units, by their numbers.
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
            lexer.push(at, claim.end, Kind::Claimed, Tags::NONE);
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
    fn push(&mut self, start: usize, end: usize, kind: Kind, tags: Tags) -> usize {
        self.tokens.push(Token { start, end, kind, tags, clause: self.clause, sentence: self.sentence });
        end
    }

    fn keep(&mut self, quantity: Quantity) -> u32 {
        self.quantities.push(quantity);
        u32::try_from(self.quantities.len() - 1).unwrap_or(u32::MAX)
    }

    /// Takes the token at `at`; nothing may reach past `limit`. Returns where it ends.
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
                return self.push(at, when.end, Kind::Date(when.period), Tags::NONE);
            }
            if let Some(quantity) = quantity(self.text, at).filter(|quantity| fits(quantity.end)) {
                // 一定, 三角, 五金, 四川: words that only start like numbers.
                if quantity.end > at + longest || c.is_ascii_digit() && quantity.end >= at + longest {
                    let amount = Amount { number: self.keep(quantity), dim: quantity.dim, large: quantity.large };
                    return self.push(quantity.start.min(at), quantity.end, Kind::Amount(amount), Tags::NONE);
                }
            }
        } else if classes.any(Classes::DATE)
            && let Some(when) = date(self.text, at, self.now).filter(|when| fits(when.end) && when.end >= at + longest)
        {
            return self.push(at, when.end, Kind::Date(when.period), Tags::NONE);
        }
        if let Some(unit) = self.unit_note(at, limit) {
            let number = self.keep(unit);
            return self.push(at, unit.end, Kind::Unit(number), Tags::NONE);
        }
        let tags = found_word.map_or(Tags::NONE, |(_, tags)| tags);
        // 阳泉市城区: behind a wider place the name of a place inside it is a place.
        let found_word = found_word
            .filter(|&(length, _)| found_place.is_none_or(|(other, name)| other < length || !self.narrows(at, name)));
        // 和平 and 七星 are stop words only where they are no places.
        let found_word = found_word.filter(|&(length, tags)| {
            tags != Tags::NONE.with(Tag::Stop) || found_place.is_none_or(|(other, _)| other < length)
        });
        match (found_word, found_place, found_trade) {
            (Some((length, _)), ..) if length == longest => self.push(at, at + length, Kind::Word, tags),
            (_, Some((length, name)), _) if length == longest => {
                self.push(at, at + length, Kind::Place(name), Tags::NONE)
            }
            (.., Some((length, trade))) => {
                let made = if trade.made { Tags::NONE.with(Tag::Production) } else { Tags::NONE };
                let tags = made.and(self.ending(at, at + length));
                self.push(at, at + length, Kind::Trade, tags)
            }
            _ => self.single(at, c, limit),
        }
    }

    /// Whether a name stands right behind a place that it lies in.
    fn narrows(&self, at: usize, name: u32) -> bool {
        let before = self.tokens.last().filter(|token| token.end == at);
        before.is_some_and(|token| matches!(token.kind, Kind::Place(outer) if lies_in(name, outer)))
    }

    /// The use that the ending of a trade tells: 冷链仓储, 新药研发, food processing.
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

    /// `(万元)`, `(亩)`, `(万元/亩)`.
    fn unit_note(&self, at: usize, limit: usize) -> Option<Quantity> {
        let open = self.text.at(at);
        if !matches!(open, '(' | '[' | '【') {
            return None;
        }
        let mut start = at + 1;
        if self.text.goes_on(start, "单位") {
            start += if self.text.at(start + 2) == ':' { 3 } else { 2 };
        }
        let large = match self.text.at(start) {
            '万' => 10_000,
            '亿' => 100_000_000,
            _ => 1,
        };
        let from = if large > 1 { start + 1 } else { start };
        let (dim, factor, end) = unit(self.text, from)?;
        let (divided, end) = per(self.text, end, true);
        let closes = matches!(self.text.at(end), ')' | ']' | '】') && end < limit;
        closes.then_some(())?;
        Some(Quantity::one(at, end + 1, dim, factor.times(Exact::int(large))?, divided))
    }

    fn single(&mut self, at: usize, c: char, limit: usize) -> usize {
        if self.text.classes(at).any(Classes::BREAK) {
            let stop = is_end(c) && (c != '.' || at > 0 && !self.text.at(at + 1).is_ascii_alphanumeric());
            if stop || c != '.' {
                return self.cut(at, c, stop);
            }
        }
        // An unknown Latin word is one token, and so is a run of digits too long for a number.
        let alike = |i: usize| {
            let other = self.text.at(i);
            c.is_ascii_alphabetic() && other.is_ascii_alphabetic() || c.is_ascii_digit() && other.is_ascii_digit()
        };
        let run = if c.is_ascii() { (at..limit).take_while(|&i| alike(i)).count() } else { 1 };
        self.push(at, at + run.max(1), Kind::Other(c), Tags::NONE)
    }

    /// A break, behind which another clause starts and perhaps another sentence.
    fn cut(&mut self, at: usize, c: char, stop: bool) -> usize {
        let end = self.push(at, at + 1, Kind::Break(if stop { '.' } else { c }), Tags::NONE);
        self.clause += u32::from(stop || !matches!(c, ' ' | '/' | '-' | '+'));
        self.sentence += u32::from(stop);
        end
    }
}

/// What ends a sentence; a point only where no letter or digit follows.
pub(crate) const fn is_end(c: char) -> bool {
    matches!(c, '。' | ';' | '!' | '?' | '\n' | '.')
}

/// What ends a clause, or cuts it.
pub(crate) const fn is_comma(c: char) -> bool {
    matches!(
        c,
        ',' | '、'
            | '('
            | ')'
            | '|'
            | '/'
            | '['
            | ']'
            | '<'
            | '>'
            | '【'
            | '】'
            | '"'
            | '“'
            | '”'
            | '+'
            | '…'
            | '—'
            | '→'
            | '='
            | '{'
            | '}'
            | '-'
            | '~'
    )
}
