//! Fills the fields of the draft from what was named, placed and claimed.

use serde_json::{Value, json};

use crate::contact::is_visible;
use crate::decimal::Decimal;
use crate::half_width::half_width;
use crate::industry::IndustryCode;
use crate::reader::fields::draft::Draft;
use crate::reader::fields::exchange::exchanged;
use crate::reader::fields::named::Named;
use crate::reader::fields::site::{NamedPlace, Site};
use crate::reader::fields::trade::trade;
use crate::reader::fields::uses::goods;
use crate::reader::fields::view::View;
use crate::reader::letters::character::Classes;
use crate::reader::letters::numerals::ONE;
use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharSet;
use crate::reader::letters::text::Text;
use crate::reader::meaning::slot::Doubt;
use crate::reader::tokens::contact::claim::{Claim, ContactField};
use crate::reader::tokens::token::Token;
use crate::reader::words::lexicon::Tag;
use crate::reader::words::slot::Slot;
use crate::region::{DivisionCode, divisions, succession};
use crate::requirement::{Near, ParkLevel, Word as _};

cues! {
    FillCues in "fill.txt" {
        code_gap: CharSet,
        of_city: CharSet,
    }
}

/// The most labels of an industry code that are tried; it keeps a text of labels linear.
const MOST_CODES: usize = 20;

pub(crate) fn contacts(draft: &mut Draft<'_>, claims: &[Claim], bad_uscc: bool) {
    for claim in claims {
        let field = match claim.field {
            ContactField::Company => "contact.company",
            ContactField::Person => "contact.person",
            ContactField::Phone => "contact.phone",
            ContactField::Email => "contact.email",
            ContactField::Uscc => "contact.uscc",
            ContactField::Wechat => "contact.wechat",
            ContactField::None => continue,
        };
        draft.span(field, claim.start, claim.end, Value::from(claim.value.as_str()));
    }
    if bad_uscc {
        draft.ask("contact.uscc", "bad_uscc");
    }
}

pub(crate) fn kinds_and_uses(draft: &mut Draft<'_>, named: &Named) {
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
    if let Some((said, at, end)) = named.chemical_said {
        draft.reading.requirement.chemical = Some(said);
        draft.span("chemical", draft.view.tokens[at].start, end, json!(said));
    } else if let Some(at) = named.chemical {
        let token = draft.view.tokens[at];
        draft.span("chemical", token.start, token.end, Value::Null);
        draft.ask("chemical", "chemical_park");
    }
}

/// Returns the range of a token with the 一个, 一块, 一处 before it, whose number means nothing by itself.
fn with_measure(view: &View<'_>, at: usize) -> (usize, usize) {
    let (text, token) = (view.text, &view.tokens[at]);
    let mut start = token.start;
    if let Some(before) = at.checked_sub(1).map(|before| &view.tokens[before])
        && let Some(amount) = before.amount()
        && view.quantities[amount.number as usize].is_one()
        && text.at(before.start) == ONE
        && text.chars[before.end..token.start].iter().all(|&c| c == ' ')
    {
        start = before.start;
    }
    (start, token.end)
}

/// The longest capacity that a requirement takes, in characters.
const LONGEST_CAPACITY: usize = 200;

/// Takes over in words what will be made by the year, and how much of it.
pub(crate) fn capacity(draft: &mut Draft<'_>) {
    let view = draft.view;
    let mut made = view.having(&[Tag::Made]).filter(|&at| view.is_of_need(at)).take(MOST_CODES);
    let Some((start, end)) = made.find_map(|at| goods(&view, at)) else { return };
    let said: String = view
        .text
        .written(start, end)
        .chars()
        .filter(|&c| is_visible(c))
        .map(half_width)
        .take(LONGEST_CAPACITY)
        .collect();
    draft.span("capacity", start, end, Value::from(said.as_str()));
    draft.reading.requirement.capacity = Some(said);
}

pub(crate) fn tenure(draft: &mut Draft<'_>, named: &Named) {
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

pub(crate) fn trades(draft: &mut Draft<'_>) {
    if let Some((code, start, end)) = industry_code(&draft.view) {
        draft.reading.requirement.industry = Some(code);
        draft.span("industry", start, end, json!(code.to_string()));
        return;
    }
    let Some(phrase) = trade(&draft.view, false) else { return };
    if let Some(code) = phrase.code {
        draft.reading.requirement.industry = Some(code);
        draft.span("industry", phrase.start, phrase.end, json!(code.to_string()));
    }
}

/// Returns the industry code behind its label, or written with its section anywhere, with its range: `行业代码：C3670`,
/// `C2921塑料薄膜`.
pub(crate) fn industry_code(view: &View<'_>) -> Option<(IndustryCode, usize, usize)> {
    let labelled = view.having(&[Tag::Code]).take(MOST_CODES).find_map(|at| {
        let (start, end) = code_behind(view, view.tokens[at].end);
        Some((IndustryCode::parse(&view.text.folded(start, end).to_ascii_uppercase())?, start, end))
    });
    labelled.or_else(|| bare_code(view.text))
}

/// Returns the range of the letters and digits behind a label.
fn code_behind(view: &View<'_>, label_end: usize) -> (usize, usize) {
    let (text, most) = (view.text, view.text.chars.len());
    let start = (label_end..label_end + 4).find(|&at| !CUES.code_gap.has(text.at(at))).unwrap_or(label_end);
    let end = (start..start + 7).find(|&at| !text.at(at).is_ascii_alphanumeric()).unwrap_or(start + 7);
    (start.min(most), end.min(most))
}

/// Returns a code of four digits with its section, `C2921`; a shorter one is also a number of a room or a bus line.
fn bare_code(text: &Text) -> Option<(IndustryCode, usize, usize)> {
    let boundary = |at: usize| !text.classes(at).any(Classes::ALPHANUMERIC);
    let section = |at: usize| text.at(at).is_ascii_alphabetic() && (at == 0 || boundary(at - 1)) && boundary(at + 5);
    let starts = text.places(Classes::ALPHANUMERIC).filter(|&at| section(at) && at + 5 <= text.chars.len());
    starts.take(MOST_CODES).find_map(|at| {
        let digits = text.chars[at + 1..at + 5].iter().all(char::is_ascii_digit);
        let code = IndustryCode::parse(&text.folded(at, at + 5).to_ascii_uppercase()).filter(|_| digits)?;
        Some((code, at, at + 5))
    })
}

pub(crate) fn levels(draft: &mut Draft<'_>, named: &Named) {
    for &(level, at) in &named.levels {
        draft.reading.requirement.park_levels.push(level);
        let token = draft.view.tokens[at];
        let word = ParkLevel::WORDS.iter().find(|(_, value)| *value == level).map_or("", |(word, _)| word);
        draft.span("park_levels", token.start, token.end, json!([word]));
    }
}

/// Returns whether the tokens that name a division have a name in them that it took over: 会理县, or 江北区 in Chongqing.
fn is_old_name(view: &View<'_>, code: DivisionCode, first: usize, last: usize) -> bool {
    view.tokens[first..=last].iter().filter(|token| !CUES.of_city.has(view.text.at(token.end))).any(|token| {
        let written = view.text.folded(token.start, token.end);
        succession().of_name(&written, None).any(|row| row.code == code && row.name != written)
    })
}

/// Adds the divisions whose codes are written behind a label; an abolished code is its successor, and a question says so.
fn division_codes(draft: &mut Draft<'_>) {
    for at in draft.view.having(&[Tag::DivisionCode]).take(MOST_CODES) {
        let (start, end) = code_behind(&draft.view, draft.view.tokens[at].end);
        let written = draft.view.text.folded(start, end);
        let Some(code) = DivisionCode::understood(&written).filter(|_| draft.view.is_of_need(at)) else { continue };
        if !draft.reading.requirement.regions.contains(&code) {
            draft.reading.requirement.regions.push(code);
        }
        draft.span("regions", start, end, json!([code.to_string()]));
        if succession().of_code(&written).is_some() {
            draft.ask("regions", "renamed");
        }
    }
}

pub(crate) fn places(draft: &mut Draft<'_>, place: &Site) {
    let tokens = draft.view.tokens;
    let named = place.regions.iter().chain(&place.excluded);
    if named.into_iter().any(|&(code, first, last)| is_old_name(&draft.view, code, first, last)) {
        draft.ask("regions", "renamed");
    }
    division_codes(draft);
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

/// The longest distance between two points of the earth is 20,040 km; a longer one is a slip of the pen.
const FARTHEST: Decimal = Decimal::from_int(20_100);

fn near(draft: &mut Draft<'_>, place: &Site) {
    if let Some((found, start, end)) = point_near(draft) {
        draft.reading.requirement.near = Some(found);
        draft.span("near", start, end, json!(found));
        return;
    }
    let Some((code, first, amount)) = place.near else {
        if draft.view.facts.iter().any(|fact| fact.slot == Some(Slot::FAR)) {
            let unmapped = |&(code, ..): &NamedPlace| divisions().get(code).is_some_and(|row| row.seat.is_none());
            let code = if place.regions.iter().any(unmapped) { "no_coordinates" } else { "distance_from" };
            draft.ask("near", code);
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

/// Reads a distance to coordinates: `距东经121.5度北纬29.8度100公里以内`.
fn point_near(draft: &Draft<'_>) -> Option<(Near, usize, usize)> {
    let tokens = draft.view.tokens;
    let far = draft.view.facts.iter().find(|fact| fact.slot == Some(Slot::FAR))?;
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

/// Raises the questions of amounts that were understood and fill no field.
pub(crate) fn doubts(draft: &mut Draft<'_>) {
    for fact in draft.view.facts {
        let Some((slot, doubt)) = fact.doubt.filter(|_| fact.is_wanted() && fact.token >= draft.view.real_from) else {
            continue;
        };
        let code = match doubt {
            Doubt::Foreign if exchanged(draft, fact).is_some() => continue,
            Doubt::TaxPart if draft.reading.requirement.tax_wan.is_some() => continue,
            Doubt::Kilowatt => "kilowatts",
            Doubt::NoUnit => "no_unit",
            Doubt::Foreign => "foreign_currency",
            Doubt::NoLabel => "unclear_amount",
            Doubt::RentInAll => "rent_in_all",
            Doubt::Placed => "jobs_placed",
            Doubt::TaxPart => "tax_part",
        };
        draft.ask(slot.field(), code);
    }
}
