//! The party that a mentioned trade belongs to: the enterprise, its customers, suppliers or neighbours, or its own past.

use crate::reader::letters::character::is_han;
use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharSet;
use crate::reader::letters::text::Text;
use crate::reader::tokens::trades::TradePhrase;
use crate::reader::words::lists::{Suffixes, WordList};

cues! {
    PartyCues in "trade_parties.txt" {
        made: Suffixes,
        customer: Suffixes,
        client: Suffixes,
        supply: Suffixes,
        bought: Suffixes,
        loose_bought: CharSet,
        loose_customer: CharSet,
        loose_supply: CharSet,
        subject: CharSet,
        no_verb: CharSet,
        beside: Suffixes,
        before: Suffixes,
        firm: WordList,
        buys: WordList,
        bought_behind: WordList,
    }
}

/// The most characters between a word and the trade that it governs.
const REACH: usize = 28;

/// The party that a mentioned trade belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TradeParty {
    /// The enterprise, or no word for another party.
    Own,
    /// A client: the enterprise itself where a broker writes, else a customer.
    Client,
    /// Customers, suppliers, neighbours, or a former trade.
    Other,
}

/// Returns whose trade a phrase is by the words around it.
pub(crate) fn party(text: &Text, phrase: &TradePhrase) -> TradeParty {
    let firm = firm_end(text, phrase);
    let governed = governed(text, phrase, firm.is_some());
    if firm.is_some_and(|end| buys(text, end)) || is_bought(text, phrase) { TradeParty::Other } else { governed }
}

/// Returns the party of the last word before the phrase that governs it: `卖给电炉钢厂`, but `给汽车厂做座椅`.
fn governed(text: &Text, phrase: &TradePhrase, firm: bool) -> TradeParty {
    let other = |is: bool| if is { TradeParty::Other } else { TradeParty::Own };
    let floor = phrase.start.saturating_sub(REACH);
    for at in (floor..=phrase.start).rev() {
        // 用于光学仪器装配: of the building.
        let loose = at > 0 && is_opening(text, at - 1) && !CUES.no_verb.has(text.at(at));
        let verb = |all: &CharSet| loose && all.has(text.before(at));
        if is_behind_other(text, at) || verb(&CUES.loose_customer) {
            return TradeParty::Other;
        }
        if CUES.supply.fit(text, 0, at) || verb(&CUES.loose_supply) {
            return other(firm);
        }
        if CUES.bought.fit(text, 0, at) || verb(&CUES.loose_bought) {
            return TradeParty::Other;
        }
        // 邻居是做食品的: what others make.
        if let Some(length) = CUES.made.longest_before(text, 0, at) {
            return other(is_behind_other(text, at - length));
        }
        if CUES.client.fit(text, 0, at) {
            return TradeParty::Client;
        }
        if at > 0 && (ends_clause(text.before(at)) || is_gap(text, at - 1)) {
            return TradeParty::Own;
        }
    }
    TradeParty::Own
}

/// Returns whether a position is right behind a word for customers, for what is beside the site, or for the past.
fn is_behind_other(text: &Text, at: usize) -> bool {
    [&CUES.customer, &CUES.beside, &CUES.before].into_iter().any(|words| words.fit(text, 0, at))
}

/// Returns whether a word at a position is the verb of its clause, as far as the character before it tells.
fn is_opening(text: &Text, at: usize) -> bool {
    at == 0 || ends_clause(text.before(at)) || CUES.subject.has(text.before(at))
}

/// Returns the end of the word for a firm that the phrase ends in or is followed by.
fn firm_end(text: &Text, phrase: &TradePhrase) -> Option<usize> {
    const LONGEST: usize = 4;
    let own = (1..=LONGEST)
        .any(|length| phrase.end - phrase.start > length && CUES.firm.is(text, phrase.end - length, phrase.end));
    let blank = usize::from(text.at(phrase.end) == ' ');
    let behind = CUES.firm.longest_at(text, phrase.end + blank).map(|length| phrase.end + blank + length);
    behind.or(own.then_some(phrase.end))
}

/// Returns whether the clause says behind a firm that it buys: `电缆厂和配电柜厂拿货`.
fn buys(text: &Text, end: usize) -> bool {
    let inside = |at: &usize| !ends_clause(text.at(*at)) && !is_gap(text, *at);
    let mut rest = (end..text.chars.len().min(end + REACH)).take_while(inside);
    rest.any(|at| CUES.buys.starts(text, at))
}

/// Returns whether goods are bought, as the words right behind them say: `浆粕进口`.
fn is_bought(text: &Text, phrase: &TradePhrase) -> bool {
    CUES.bought_behind.starts(text, phrase.end)
}

/// Returns whether a blank is beside a Chinese character, where it parts clauses.
fn is_gap(text: &Text, at: usize) -> bool {
    text.at(at) == ' ' && (is_han(text.before(at)) || is_han(text.at(at + 1)))
}

/// Returns whether a clause ends at a character; a list goes on.
fn ends_clause(c: char) -> bool {
    !is_han(c) && !c.is_alphanumeric() && !matches!(c, '、' | ' ' | '-' | '/' | '(' | ')' | '"' | '“' | '”' | '+' | '.')
}
