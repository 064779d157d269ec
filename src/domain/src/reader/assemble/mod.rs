//! Facts, names and places put together into a requirement, with spans, questions and what stayed unread.

pub(super) mod print;

use chrono::{Datelike as _, NaiveDate};
use serde_json::{Value, json};

use crate::contact::Contact;
use crate::decimal::Decimal;
use crate::industry::IndustryCode;
use crate::reader::fields::need::{Named, View, wanted};
use crate::reader::fields::questions::question;
use crate::reader::fields::site::{Site, site};
use crate::reader::fields::trade::trade;
use crate::reader::fields::{settle, time, wish};
use crate::reader::letters::character::Classes;
use crate::reader::letters::text::Text;
use crate::reader::meaning::facts::{Bound, Doubt, Fact, Slot};
use crate::reader::tokens::contact::Claim;
use crate::reader::tokens::exact::Exact;
use crate::reader::tokens::lexer::{Kind, Token};
use crate::reader::words::lexicon::{Tag, Tags};
use crate::reader::{Reading, Span, Unread};
use crate::region::divisions;
use crate::requirement::{Near, Tenure, Word as _};

/// A reading in the making.
pub(crate) struct Draft<'t> {
    pub(crate) view: View<'t>,
    pub(crate) reading: Reading,
    pub(crate) this_year: i32,
    /// Tokens that say that what was said before was wrong, in their order.
    pub(crate) corrections: Vec<usize>,
    /// Whether a building that stands is to be rented or bought.
    pub(crate) standing: bool,
    /// Stretches of the folded text that spans cover.
    covered: Vec<(usize, usize)>,
}

impl Draft<'_> {
    /// Records what a stretch of tokens gave.
    pub(crate) fn span(&mut self, field: &'static str, start: usize, end: usize, value: Value) {
        let text = self.view.text;
        let (from, to) = text.place(start, end);
        self.covered.push((start, end));
        self.reading.spans.push(Span { field, start: from, end: to, text: text.original(from, to), value });
    }

    /// Asks, once for each field and code.
    pub(crate) fn ask(&mut self, field: &str, code: &'static str) {
        if !self.reading.questions.iter().any(|known| known.field == field && known.code == code) {
            self.reading.questions.push(question(field, code));
        }
    }
}

/// Puts a reading together.
pub(crate) fn assemble(view: View<'_>, contact: Contact, claims: &[Claim], bad_uscc: bool, now: NaiveDate) -> Reading {
    let reading = Reading { contact, ..Reading::default() };
    let corrections = view.having(&[Tag::Correct, Tag::Real]).collect();
    let mut draft = Draft { view, reading, this_year: now.year(), corrections, standing: false, covered: Vec::new() };
    contacts(&mut draft, claims, bad_uscc);
    let named = draft.view.named();
    let place = site(&draft.view);
    let bought = draft.view.having(&[Tag::Space]).any(|at| draft.view.is_bought(at));
    draft.standing =
        bought || named.either.is_none() && named.tenure.is_some_and(|(tenure, _)| tenure == Tenure::Lease);
    settle::amounts(&mut draft);
    kinds_and_uses(&mut draft, &named);
    tenure(&mut draft, &named);
    trades(&mut draft);
    levels(&mut draft, &named);
    places(&mut draft, &place);
    time::available(&mut draft, now);
    doubts(&mut draft);
    wish::preferences(&mut draft, &place);
    finish(draft)
}

fn contacts(draft: &mut Draft<'_>, claims: &[Claim], bad_uscc: bool) {
    for claim in claims {
        let field = match claim.field {
            "company" => "contact.company",
            "person" => "contact.person",
            "phone" => "contact.phone",
            "email" => "contact.email",
            "uscc" => "contact.uscc",
            "wechat" => "contact.wechat",
            _ => continue,
        };
        draft.span(field, claim.start, claim.end, Value::from(claim.value.as_str()));
    }
    if bad_uscc {
        draft.ask("contact.uscc", "bad_uscc");
    }
}

fn kinds_and_uses(draft: &mut Draft<'_>, named: &Named) {
    for &(kind, at) in &named.kinds {
        let (start, end) = with_measure(&draft.view, at);
        draft.reading.requirement.kinds.push(kind);
        draft.span("kinds", start, end, json!([kind.word()]));
    }
    if let Some(&(found, at)) = named.uses.first() {
        draft.reading.requirement.site_use = Some(found);
        let (start, end) = with_measure(&draft.view, at);
        draft.span("use", start, end, json!(found));
    }
    if named.uses.len() > 1 {
        draft.ask("use", "second_use");
    }
    if let Some((said, at)) = named.chemical_said {
        draft.reading.requirement.chemical = Some(said);
        let token = draft.view.tokens[at];
        draft.span("chemical", token.start, token.end, json!(said));
    } else if let Some(at) = named.chemical {
        let token = draft.view.tokens[at];
        draft.span("chemical", token.start, token.end, Value::Null);
        draft.ask("chemical", "chemical_park");
    }
}

/// A word with the 一个, 一块, 一处 before it, whose number says nothing of its own.
fn with_measure(view: &View<'_>, at: usize) -> (usize, usize) {
    let (text, token) = (view.text, &view.tokens[at]);
    let mut start = token.start;
    if let Some(before) = at.checked_sub(1).map(|before| &view.tokens[before])
        && let Some(amount) = before.amount()
        && view.quantities[amount.number as usize].is_one()
        && text.at(before.start) == '一'
        && text.chars[before.end..token.start].iter().all(|&c| c == ' ')
    {
        start = before.start;
    }
    (start, token.end)
}

fn tenure(draft: &mut Draft<'_>, named: &Named) {
    if named.either.is_some() {
        draft.ask("tenure", "both_tenures");
        return;
    }
    if let Some((found, at)) = named.tenure {
        draft.reading.requirement.tenure = Some(found);
        let token = draft.view.tokens[at];
        draft.span("tenure", token.start, token.end, json!(found));
    }
}

fn trades(draft: &mut Draft<'_>) {
    if industry_code(draft) {
        return;
    }
    let phrases = draft.view.phrases;
    let Some(phrase) = trade(&draft.view, phrases) else { return };
    if let Some(code) = phrase.code {
        draft.reading.requirement.industry = Some(code);
        draft.span("industry", phrase.start, phrase.end, json!(code.to_string()));
    }
}

/// `行业代码：C3670`.
fn industry_code(draft: &mut Draft<'_>) -> bool {
    let text = draft.view.text;
    let tokens = draft.view.tokens;
    for token in draft.view.having(&[Tag::Code]).take(20).map(|at| &tokens[at]) {
        let start =
            (token.end..token.end + 4).find(|&at| !matches!(text.at(at), ':' | ' ' | '为' | '是')).unwrap_or(token.end);
        let end = (start..start + 6).find(|&at| !text.at(at).is_ascii_alphanumeric()).unwrap_or(start + 6);
        if let Some(code) = IndustryCode::parse(
            &text.folded(start.min(text.chars.len()), end.min(text.chars.len())).to_ascii_uppercase(),
        ) {
            draft.reading.requirement.industry = Some(code);
            draft.span("industry", start, end, json!(code.to_string()));
            return true;
        }
    }
    false
}

fn levels(draft: &mut Draft<'_>, named: &Named) {
    for &(level, at) in &named.levels {
        draft.reading.requirement.park_levels.push(level);
        let token = draft.view.tokens[at];
        let word =
            crate::requirement::ParkLevel::WORDS.iter().find(|(_, value)| *value == level).map_or("", |(word, _)| word);
        draft.span("park_levels", token.start, token.end, json!([word]));
    }
}

fn places(draft: &mut Draft<'_>, place: &Site) {
    let tokens = draft.view.tokens;
    for &(code, first, last) in &place.regions {
        draft.reading.requirement.regions.push(code);
        draft.span("regions", tokens[first].start, tokens[last].end, json!([code.to_string()]));
    }
    for &(code, first, last) in &place.excluded {
        draft.reading.requirement.exclude_regions.push(code);
        draft.span("exclude_regions", tokens[first].start, tokens[last].end, json!([code.to_string()]));
    }
    if !place.ambiguous.is_empty() {
        draft.ask("regions", "ambiguous_place");
    }
    if place.second.is_some() {
        draft.ask("regions", "second_site");
    }
    near(draft, place);
}

/// Half around the earth: more kilometres than that are a slip.
const FARTHEST: Decimal = Decimal::from_int(20_100);

fn near(draft: &mut Draft<'_>, place: &Site) {
    if let Some((found, start, end)) = point_near(draft) {
        draft.reading.requirement.near = Some(found);
        draft.span("near", start, end, json!(found));
        return;
    }
    let Some((code, first, amount)) = place.near else {
        if draft.view.facts.iter().any(|fact| fact.slot == Some(Slot::Far)) {
            draft.ask("near", "distance_from");
        }
        return;
    };
    let fact = draft.view.facts.iter().find(|fact| fact.token == amount).copied();
    let seat = divisions().get(code).and_then(|row| row.seat);
    let (Some(fact), Some(seat)) = (fact, seat) else {
        draft.ask("near", "distance_from");
        return;
    };
    let degrees = |value: f64| Decimal::parse(&format!("{value:.4}")).ok();
    let (Some(lng), Some(lat), Some(max_km)) = (degrees(seat.lng), degrees(seat.lat), fact.high.decimal()) else {
        return;
    };
    if max_km > FARTHEST {
        draft.ask("near", "out_of_range");
        return;
    }
    let found = Near { lng, lat, max_km };
    draft.reading.requirement.near = Some(found);
    let tokens = draft.view.tokens;
    let start = tokens[first].start.min(fact.start);
    draft.span("near", start, tokens[first].end.max(fact.end), json!(found));
}

/// `距东经121.5度北纬29.8度100公里以内`.
fn point_near(draft: &Draft<'_>) -> Option<(Near, usize, usize)> {
    let tokens = draft.view.tokens;
    let far = draft.view.facts.iter().find(|fact| fact.slot == Some(Slot::Far))?;
    let mut degrees: [Option<Decimal>; 2] = [None, None];
    let mut start = far.start;
    let from = far.token.saturating_sub(24);
    for (at, token) in tokens[from..far.token].iter().enumerate() {
        let (axis, sign) = match () {
            () if token.has(Tag::East) => (0, 1),
            () if token.has(Tag::West) => (0, -1),
            () if token.has(Tag::North) => (1, 1),
            () if token.has(Tag::South) => (1, -1),
            () => continue,
        };
        let amount = tokens[from + at + 1..].iter().take(3).find_map(Token::amount)?;
        let value = draft.view.quantities[amount.number as usize].low.decimal()?;
        degrees[axis] = Some(Decimal::from_micro(value.micro() * sign));
        start = start.min(token.start);
    }
    let (lng, lat, max_km) = (degrees[0]?, degrees[1]?, far.high.decimal()?);
    let possible = lng.micro().abs() <= 180_000_000 && lat.micro().abs() <= 90_000_000 && max_km <= FARTHEST;
    possible.then_some((Near { lng, lat, max_km }, start, far.end))
}

/// Amounts that were understood and fill no field.
fn doubts(draft: &mut Draft<'_>) {
    for fact in draft.view.facts {
        let Some((slot, doubt)) = fact.doubt.filter(|_| wanted(fact) && fact.token >= draft.view.real_from) else {
            continue;
        };
        let code = match doubt {
            Doubt::Kilowatt => "kilowatts",
            Doubt::NoUnit => "no_unit",
            Doubt::Foreign => "foreign_currency",
            Doubt::NoLabel => "unclear_amount",
            Doubt::RentInAll => "rent_in_all",
            Doubt::Placed => "jobs_placed",
        };
        draft.ask(slot.field(), code);
    }
}

/// Words that say a number though no figure stands in them.
const PHASES: Tags = Tags::of(&[Tag::PhaseOne, Tag::PhaseLater]);

/// The leftovers, and everything in the order of the text.
fn finish(mut draft: Draft<'_>) -> Reading {
    draft.covered.sort_unstable();
    let mut until = 0;
    let mut merged: Vec<(usize, usize)> = Vec::new();
    for &(start, end) in &draft.covered {
        match merged.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    let text = draft.view.text;
    let mut gaps = merged.iter().peekable();
    let mut figure = text.find(0, Classes::FIGURE);
    for token in draft.view.tokens {
        if figure < token.start {
            figure = text.find(token.start, Classes::FIGURE);
        }
        let numeric = match token.kind {
            Kind::Amount(_) | Kind::Date(_) => true,
            _ if figure >= token.end => token.tags.meets(PHASES),
            Kind::Claimed | Kind::Other(_) => true,
            Kind::Word | Kind::Trade | Kind::Place(_) => has_digit(text, token) || token.tags.meets(PHASES),
            _ => false,
        };
        if !numeric {
            continue;
        }
        while gaps.next_if(|gap| gap.1 <= token.start).is_some() {}
        let covered = gaps.peek().is_some_and(|gap| gap.0 <= token.start && token.end <= gap.1);
        if covered || token.end <= until {
            continue;
        }
        // A currency before an amount may be the unit of the one before it.
        let start = token.start.max(std::mem::replace(&mut until, token.end));
        let (from, to) = text.place(start, token.end);
        draft.reading.unread.push(Unread { start: from, end: to, text: text.original(from, to) });
    }
    for &(from, to) in &text.marks {
        draft.reading.unread.push(Unread { start: from, end: to, text: text.original(from, to) });
    }
    draft.reading.unread.sort_by_key(|unread| unread.start);
    draft.reading.spans.sort_by_key(|span| (span.start, span.end));
    draft.reading
}

fn has_digit(text: &Text, token: &Token) -> bool {
    text.chars[token.start..token.end].iter().any(char::is_ascii_digit)
}

/// The value of a fact that holds one number.
pub(crate) fn single(fact: &Fact, value: Exact) -> Result<Decimal, &'static str> {
    if fact.vague {
        return Err("vague_number");
    }
    if fact.slot.is_some_and(Slot::is_limit) {
        return value.decimal().ok_or("out_of_range");
    }
    if fact.low != fact.high {
        return Err("range_in_single");
    }
    if fact.bound == Bound::AtMost {
        return Err("upper_bound_in_single");
    }
    value.decimal().ok_or("out_of_range")
}
