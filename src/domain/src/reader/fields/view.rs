//! The view: the results of the lower floors for one text, with the predicates that several fields share.

use crate::facility::Facility;
use crate::reader::letters::text::Text;
use crate::reader::meaning::fact::Fact;
use crate::reader::meaning::frames::Frame;
use crate::reader::tokens::quantity::Quantity;
use crate::reader::tokens::token::{Tagged, Token};
use crate::reader::tokens::trades::TradePhrase;
use crate::reader::words::lexicon::{Tag, Tags};
use crate::reader::words::slot::Slot;

/// The results of the lower floors for one text, borrowed.
#[derive(Clone, Copy)]
pub(crate) struct View<'t> {
    pub(crate) text: &'t Text,
    pub(crate) tokens: &'t [Token],
    pub(crate) tagged: &'t Tagged,
    pub(crate) quantities: &'t [Quantity],
    /// The frame of each token.
    pub(crate) frames: &'t [Frame],
    pub(crate) facts: &'t [Fact],
    pub(crate) phrases: &'t [TradePhrase],
    /// Words of what a site has: position, length, facility.
    pub(crate) facilities: &'t [(usize, usize, Facility)],
    /// Index of the first token of the real need; the ones before it are withdrawn.
    pub(crate) real_from: usize,
}

/// The reach of a clause on either side, in tokens; it keeps a text without punctuation linear.
const CLAUSE: usize = 40;

impl<'t> View<'t> {
    /// Returns the indices of the tokens that have one of the tags.
    pub(crate) fn having(&self, tags: &[Tag]) -> impl DoubleEndedIterator<Item = usize> + use<'t> {
        self.tagged.having(Tags::of(tags))
    }

    /// Returns whether a token belongs to the need.
    pub(crate) fn is_of_need(&self, at: usize) -> bool {
        at >= self.real_from && self.frames[at].is_of_need()
    }

    /// Returns the range of the tokens of a token's clause.
    pub(crate) fn clause(&self, at: usize) -> std::ops::Range<usize> {
        let clause = self.tokens[at].clause;
        let start = self.tokens[..at].iter().rposition(|token| token.clause != clause).map_or(0, |before| before + 1);
        let end =
            self.tokens[at..].iter().position(|token| token.clause != clause).map_or(self.tokens.len(), |n| at + n);
        start.max(at.saturating_sub(CLAUSE))..end.min(at + CLAUSE)
    }

    /// Returns the index of the token that holds a position.
    pub(crate) fn token_at(&self, position: usize) -> usize {
        self.tokens.partition_point(|token| token.end <= position).min(self.tokens.len().saturating_sub(1))
    }

    pub(crate) fn clause_has(&self, at: usize, tags: &[Tag]) -> bool {
        self.tokens[self.clause(at)].iter().any(|token| token.any(tags))
    }

    /// Returns whether a token is inside the name of a facility: 近港口 is no 港口区.
    pub(crate) fn is_facility(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        let behind = self.facilities.partition_point(|&(start, ..)| start <= token.start);
        let names = self.facilities[..behind].iter().rev().take(2);
        names.into_iter().any(|&(start, length, _)| token.end <= start + length)
    }

    /// Returns whether an amount of the need fills a slot.
    pub(crate) fn has_fact(&self, slot: Slot) -> bool {
        self.facts.iter().any(|fact| fact.slot == Some(slot) && fact.is_wanted() && fact.token >= self.real_from)
    }

    /// Returns whether a floor area is in the clause of a token or next to it.
    pub(crate) fn has_area_near(&self, at: usize) -> bool {
        let clause = self.tokens[at].clause;
        let near = clause.saturating_sub(1)..=clause + 1;
        let from = self.facts.partition_point(|fact| fact.token + CLAUSE < at);
        let mut floors = self.facts[from..].iter().take(CLAUSE).filter(|fact| fact.slot == Some(Slot::FLOOR));
        floors.any(|fact| {
            near.contains(&self.tokens[fact.token].clause)
                && self.tokens[fact.token].sentence == self.tokens[at].sentence
        })
    }

    /// Returns whether an existing building is bought: 求购厂房.
    pub(crate) fn is_bought(&self, at: usize) -> bool {
        let clause = self.clause(at);
        let before = &self.tokens[clause.start..at];
        let bought = before.iter().rev().take(4).any(|token| token.has(Tag::Buy) && !token.names(Slot::LAND));
        bought && self.is_of_need(at) && !self.clause_has(at, &[Tag::Plot, Tag::Build])
    }
}
