//! The pipeline: runs the lower floors over a text.

use std::cell::Cell;

use chrono::NaiveDate;

use crate::contact::Contact;
use crate::facility::Facility;
use crate::reader::fields::view::View;
use crate::reader::letters::text::Text;
use crate::reader::meaning::fact::Fact;
use crate::reader::meaning::facts::facts;
use crate::reader::meaning::frames::{Frame, frames};
use crate::reader::tokens::contact::claim::Claim;
use crate::reader::tokens::contact::contact;
use crate::reader::tokens::lexer::tokens;
use crate::reader::tokens::quantity::Quantity;
use crate::reader::tokens::token::{Tagged, Token};
use crate::reader::tokens::trades::{TradePhrase, phrases};
use crate::reader::words::dictionary::Lookup;
use crate::reader::words::lexicon::{Tag, Tags};

/// Empty vectors with the room of a former reading: a fifth of the time of a long text went into pages that the allocator
/// had given back to the system.
#[derive(Default)]
struct Spare {
    tokens: Vec<Token>,
    quantities: Vec<Quantity>,
    frames: Vec<Frame>,
    facts: Vec<Fact>,
}

/// The most tokens for which a thread keeps room, those of about 30,000 characters: 3 MB with all that belongs to them.
const MOST_KEPT: usize = 20_000;

thread_local! {
    static SPARE: Cell<Spare> = Cell::default();
}

impl Drop for Findings {
    fn drop(&mut self) {
        fn emptied<T>(all: &mut Vec<T>) -> Vec<T> {
            all.clear();
            std::mem::take(all)
        }
        if self.tokens.capacity() <= MOST_KEPT {
            SPARE.set(Spare {
                tokens: emptied(&mut self.tokens),
                quantities: emptied(&mut self.quantities),
                frames: emptied(&mut self.frames),
                facts: emptied(&mut self.facts),
            });
        }
    }
}

/// The results of the lower floors for one text.
pub(crate) struct Findings {
    text: Text,
    pub(crate) contact: Contact,
    pub(crate) claims: Vec<Claim>,
    /// Whether a labelled credit code fails its check.
    pub(crate) bad_uscc: bool,
    tokens: Vec<Token>,
    tagged: Tagged,
    quantities: Vec<Quantity>,
    frames: Vec<Frame>,
    facts: Vec<Fact>,
    phrases: Vec<TradePhrase>,
    facilities: Vec<(usize, usize, Facility)>,
    real_from: usize,
}

impl Findings {
    /// Runs over a whole text.
    pub(crate) fn new(text: Vec<char>, now: NaiveDate) -> Self {
        let text = Text::of(text);
        let lookup = Lookup::new(&text);
        let contact = contact(&text, &lookup);
        Self::found(text, &lookup, contact, now)
    }

    /// Runs over the answer to a single question, without the stage of contact data: 卫生 is a trade there, not Mr. 卫.
    pub(crate) fn of_answer(answer: &str) -> Self {
        let text = Text::new(answer.trim());
        let lookup = Lookup::new(&text);
        Self::found(text, &lookup, Default::default(), NaiveDate::default())
    }

    fn found(
        text: Text,
        lookup: &Lookup,
        (contact, claims, bad_uscc): (Contact, Vec<Claim>, bool),
        now: NaiveDate,
    ) -> Self {
        let spare = SPARE.take();
        let (tokens, quantities) = tokens(&text, lookup, &claims, now, (spare.tokens, spare.quantities));
        let frames = frames(&text, &tokens, now, spare.frames);
        let facts = facts(&tokens, &quantities, &frames, spare.facts);
        let phrases = phrases(&text, lookup);
        let tagged = Tagged::new(&tokens);
        let real_from = tagged.having(Tags::of(&[Tag::Real])).next_back().unwrap_or(0);
        let facilities = lookup.facilities();
        Self {
            text,
            contact,
            claims,
            bad_uscc,
            tokens,
            tagged,
            quantities,
            frames,
            facts,
            phrases,
            facilities,
            real_from,
        }
    }

    pub(crate) fn view(&self) -> View<'_> {
        View {
            text: &self.text,
            tokens: &self.tokens,
            tagged: &self.tagged,
            quantities: &self.quantities,
            frames: &self.frames,
            facts: &self.facts,
            phrases: &self.phrases,
            facilities: &self.facilities,
            real_from: self.real_from,
        }
    }
}
