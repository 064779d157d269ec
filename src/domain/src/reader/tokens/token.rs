//! Tokens: the pieces that the lexer cuts a text into.

use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharSet;
use crate::reader::tokens::date::calendar::Period;
use crate::reader::tokens::units::Dim;
use crate::reader::words::lexicon::{Tag, Tags};
use crate::reader::words::slot::Slot;

cues! {
    TokenCues in "tokens.txt" {
        land: CharSet,
        of: CharSet,
    }
}

/// A piece of the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) kind: TokenKind,
    /// Tags of a word; none for other kinds, except a trade that ends in a word for a use.
    pub(crate) tags: Tags,
    /// Number of the clause; clauses are cut at every comma, bracket and stop.
    pub(crate) clause: u32,
    /// Number of the sentence; sentences are cut at stops.
    pub(crate) sentence: u32,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum TokenKind {
    Amount(Amount),
    Date(Period),
    Word,
    /// A name of a place, by its index in the gazetteer.
    Place(u32),
    Trade,
    /// A unit in brackets behind a label, `(万元)`: index of the quantity that is one of the unit.
    Unit(u32),
    /// A comma, a bracket or a blank; a full stop for every end of a sentence.
    Break(char),
    /// A stretch that belongs to a contact.
    Claimed,
    Other(char),
}

/// An amount: its dimension, and the index of its quantity.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Amount {
    pub(crate) number: u32,
    pub(crate) dim: Dim,
    pub(crate) large: bool,
}

/// Tags of words that name no field, and yet are labels of amounts.
const LABELS: Tags = Tags::of(&[Tag::Area, Tag::Other, Tag::FixedShare]);

impl Token {
    pub(crate) fn has(&self, tag: Tag) -> bool {
        self.tags.has(tag)
    }

    pub(crate) fn any(&self, tags: &[Tag]) -> bool {
        self.tags.any(tags)
    }

    /// Returns whether the word names this field.
    pub(crate) fn names(&self, slot: Slot) -> bool {
        self.tags.names(slot)
    }

    /// Returns whether the word names one of these fields.
    pub(crate) fn names_any(&self, slots: &[Slot]) -> bool {
        slots.iter().any(|&slot| self.names(slot))
    }

    /// Returns whether the word can name the field of an amount.
    pub(crate) fn is_label(&self) -> bool {
        self.tags.has_label() || self.tags.meets(LABELS)
    }

    pub(crate) const fn amount(&self) -> Option<Amount> {
        match self.kind {
            TokenKind::Amount(amount) => Some(amount),
            _ => None,
        }
    }

    /// The character of a piece that is neither a word nor anything else.
    pub(crate) const fn other(&self) -> Option<char> {
        match self.kind {
            TokenKind::Other(c) => Some(c),
            _ => None,
        }
    }

    /// Returns whether the token is the bare word for land: 30亩地.
    pub(crate) fn is_bare_land(&self) -> bool {
        self.other().is_some_and(|c| CUES.land.has(c))
    }

    /// Returns whether the token is the particle 的.
    pub(crate) fn is_of(&self) -> bool {
        self.other().is_some_and(|c| CUES.of.has(c))
    }

    pub(crate) const fn is_blank(&self) -> bool {
        matches!(self.kind, TokenKind::Break(' '))
    }

    /// Returns whether a clause ends with the token.
    pub(crate) const fn ends_clause(&self) -> bool {
        matches!(self.kind, TokenKind::Break(c) if c != ' ')
    }
}

/// An index of the tokens with tags, since most rules look at no others.
pub(crate) struct Tagged(Vec<(usize, Tags)>);

impl Tagged {
    pub(crate) fn new(tokens: &[Token]) -> Self {
        let tagged = tokens.iter().enumerate().filter(|(_, token)| token.tags != Tags::NONE);
        Self(tagged.map(|(at, token)| (at, token.tags)).collect())
    }

    /// Returns the indices of the tokens that have one of the tags.
    pub(crate) fn having(&self, tags: Tags) -> impl DoubleEndedIterator<Item = usize> {
        self.0.iter().filter(move |(_, has)| has.meets(tags)).map(|&(at, _)| at)
    }
}
