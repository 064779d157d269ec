//! Names of persons.

use crate::reader::letters::character::{Classes, is_han};
use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharSet;
use crate::reader::letters::text::Text;
use crate::reader::tokens::contact::claim::{Claim, ContactField, claimed, name_claim};
use crate::reader::tokens::contact::hits::{Hits, word};
use crate::reader::words::dictionary::Lookup;
use crate::reader::words::lists::{Suffixes, WordList};
use crate::reader::words::people::{NameRole, surname};

cues! {
    PersonCues in "persons.txt" {
        after_title: WordList,
        after_long_title: WordList,
        short_title: WordList,
        engineer: CharSet,
        work_before: CharSet,
        lead: Suffixes,
        personal_title: WordList,
        office_title: WordList,
        worker_title: WordList,
        nobody: WordList,
        latin_title: WordList,
        latin_lead: WordList,
        no_first_name: WordList,
        verb_label: WordList,
        other_name: Suffixes,
        weak_label: WordList,
        seeking: WordList,
        nick: CharSet,
        nick_given: CharSet,
        label_gap: CharSet,
        no_name_end: CharSet,
        office_end: CharSet,
        channel: WordList,
        call_me: WordList,
        after_name: WordList,
        no_nickname: WordList,
        dear: Suffixes,
        greeting: WordList,
        courtesy: WordList,
        office: WordList,
        subject: WordList,
    }
}

/// Claims the first person of the text: behind a label, with a form of address, or beside a telephone number.
pub(crate) fn person(text: &Text, lookup: &Lookup, hits: &Hits, claims: &mut Vec<Claim>) {
    let free = |claim: &Claim| !claimed(claims, claim.start, claim.end) && !is_addressee(text, claim);
    let labelled = hits.person_labels.iter().filter_map(|&at| labelled_person(text, lookup, at, claims)).find(free);
    let addressed = hits
        .titles
        .iter()
        .filter_map(|&at| (at.saturating_sub(4)..at).find_map(|from| addressed(text, lookup, from)))
        .find(free);
    let latin = text
        .places(Classes::TITLE)
        .filter(|&at| !text.before(at).is_ascii_alphabetic())
        .filter_map(|at| latin_addressed(text, at))
        .find(free);
    let signed = hits.sign_offs.iter().filter_map(|&at| signed(text, lookup, at)).find(free);
    let beside = claims
        .iter()
        .filter(|claim| claim.field == ContactField::Phone)
        .take(20)
        .flat_map(|claim| (claim.start.saturating_sub(8)..claim.start).chain(claim.end..claim.end + 4))
        .filter_map(|at| before_phone(text, lookup, at, claims))
        .find(free);
    let nickname = claims.iter().find_map(|claim| nickname(text, lookup, claim)).filter(free);
    let closing = closing(text, lookup).filter(free);
    let signer = claims.iter().filter_map(|claim| signer(text, lookup, claim)).find(free);
    let latin_signer = claims
        .iter()
        .filter_map(|claim| latin_signer(text, lookup, hits, claim).or_else(|| latin_behind(text, lookup, claim)))
        .find(free);
    let officer = hits.titles.iter().filter_map(|&at| officer(text, lookup, at, claims)).find(free);
    // Each kind is searched from the front, so the first of them is the first of the text.
    let all = [labelled, addressed, latin, signed, beside, nickname, closing, signer, latin_signer, officer];
    let first = all.into_iter().flatten().min_by_key(|claim| claim.start);
    claims.extend(first);
}

/// Returns whether a letter is written to the person: `Dear Mr. Lin`, and before the greeting `王主任：⏎您好`.
fn is_addressee(text: &Text, claim: &Claim) -> bool {
    // Attn: Grace Yoon, grace@example.com is who is to be written to.
    let reached =
        || (claim.end..claim.end + REACHED).take_while(|&at| text.at(at) != '\n').any(|at| text.at(at) == '@');
    let dear = CUES.dear.fit(text, 0, claim.start) && !reached();
    let opens = claim.start == 0 || text.before(claim.start) == '\n';
    let behind = (claim.end..claim.end + 4).find(|&at| is_han(text.at(at))).unwrap_or(claim.end);
    // 倪总：⏎上次说的厂房, also behind the line of the subject; a number would be that of the person.
    let line = opens && text.at(claim.end) == ':' && text.at(claim.end + 1) == '\n';
    let alone = line && claim.start <= SUBJECT && !text.at(claim.end + 2).is_ascii_digit();
    let greeted = CUES.greeting.starts(text, claim.end)
        || matches!(text.at(claim.end), ':' | ',') && CUES.greeting.starts(text, behind);
    // 主题：找房⏎陈总，公司决定…: so does one behind the subject whom the letter goes on to address.
    let subject = opens && claim.start > 0 && CUES.subject.starts(text, 0) && claim.start <= SUBJECT;
    let told = subject && text.at(claim.end) == ',' && is_han(text.at(claim.end + 1));
    dear || alone || told || opens && greeted
}

/// The most characters from a name to the mail address behind it.
const REACHED: usize = 32;

/// The most characters before the line of the addressee.
const SUBJECT: usize = 60;

/// Returns the length of a surname at a position, or of a familiar name that is all of its stretch: 小何, 老李.
fn family(text: &Text, at: usize) -> Option<usize> {
    let familiar =
        || surname(text, at + 1).filter(|&length| CUES.nick.has(text.at(at)) && !is_han(text.at(at + 1 + length)));
    surname(text, at).or_else(|| familiar().map(|length| length + 1))
}

fn boundary(c: char) -> bool {
    !is_han(c) && !c.is_ascii_alphabetic()
}

/// Returns the length of the form of address at a position, unless it is part of a longer word.
fn title(text: &Text, lookup: &Lookup, at: usize) -> Option<usize> {
    let length = word(text, lookup, at, NameRole::Title)?;
    let end = at + length;
    // 白茶加工, 金属加工: a trade, not an engineer.
    if CUES.engineer.has(text.at(at)) && CUES.work_before.has(text.before(at)) {
        return None;
    }
    let followed = || {
        CUES.after_title.starts(text, end)
            || !CUES.short_title.is(text, at, end) && CUES.after_long_title.starts(text, end)
    };
    (boundary(text.at(end)) || followed()).then_some(length)
}

/// Claims 张先生, 李明经理, 陈工.
fn addressed(text: &Text, lookup: &Lookup, at: usize) -> Option<Claim> {
    if !(boundary(text.before(at)) || CUES.lead.fit(text, 0, at) || at == 0) {
        return None;
    }
    latin_addressed(text, at).or_else(|| {
        if CUES.latin_title.starts(text, at) {
            return None;
        }
        let family = surname(text, at).and_then(|family| titled(text, lookup, at, family));
        family.or_else(|| personal(text, lookup, at))
    })
}

/// Claims a rare surname before a title that only persons have: `云先生`.
fn personal(text: &Text, lookup: &Lookup, at: usize) -> Option<Claim> {
    let personal = (1..=3).find(|length| CUES.personal_title.starts(text, at + length));
    let office = |length: &usize| CUES.office_title.starts(text, at + length);
    // 阿卜杜师傅，138 0013 8000
    let worker = || {
        (2..=3)
            .find(|length| CUES.worker_title.starts(text, at + length))
            .filter(|_| at > 0 && !is_han(text.before(at)))
    };
    let length = personal.or_else(|| Some(1).filter(office)).or_else(worker)?;
    let from = at + length;
    // 联系周先生: what leads to a name is no part of it.
    let led = (at + 1..from).any(|end| CUES.lead.fit(text, at, end));
    let is_name = (at..from).all(|at| is_han(text.at(at))) && !led && !CUES.nobody.starts(text, at);
    let known = lookup.at(at).word().is_some_and(|(length, _)| length > 1) || lookup.at(at).trade().is_some();
    let title = title(text, lookup, from).filter(|_| is_name && !known)?;
    name_claim(text, at, from + title, ContactField::Person)
}

/// Claims a surname with up to two characters of a given name and a form of address.
fn titled(text: &Text, lookup: &Lookup, at: usize, family: usize) -> Option<Claim> {
    (0..=2).find_map(|given| {
        let from = at + family + given;
        if !(at..from).all(|i| is_han(text.at(i))) {
            return None;
        }
        let length = title(text, lookup, from)?;
        name_claim(text, at, from + length, ContactField::Person)
    })
}

/// Claims Mr. Wang.
fn latin_addressed(text: &Text, at: usize) -> Option<Claim> {
    let length = CUES.latin_title.at(text, at)?;
    name_claim(text, at, latin_name(text, at + length)?, ContactField::Person)
}

/// Returns the end of up to three capitalised words from a position.
fn latin_name(text: &Text, at: usize) -> Option<usize> {
    let mut end = at;
    for _ in 0..3 {
        let start = if end > at && text.at(end) == ' ' { end + 1 } else { end };
        let capital =
            text.at(start).is_ascii_alphabetic() && text.written(start, start + 1).starts_with(char::is_uppercase);
        if !capital || end > at && start == end {
            break;
        }
        end = (start..)
            .find(|&i| !(text.at(i).is_alphabetic() && !is_han(text.at(i)) || matches!(text.at(i), '-' | '\'')))?;
    }
    (end > at + 1).then_some(end)
}

fn labelled_person(text: &Text, lookup: &Lookup, at: usize, claims: &[Claim]) -> Option<Claim> {
    let length = word(text, lookup, at, NameRole::PersonLabel)?;
    if CUES.other_name.fit(text, 0, at) {
        return None;
    }
    let label_end = at + length;
    let verb = CUES.verb_label.is(text, at, label_end);
    let mut start = label_end;
    let mut colon = false;
    while CUES.label_gap.has(text.at(start)) && start < text.chars.len() {
        colon |= matches!(text.at(start), ':' | '】' | ']');
        start += 1;
    }
    start = past_office(text, start);
    // 急找：上海嘉定 looks for a site.
    colon &= !CUES.seeking.is(text, at, label_end);
    if claimed(claims, start, start + 1) {
        return None;
    }
    // 联系人 Contact：岑小姐 is one label in two languages, and the second one is followed by the name.
    let twice = word(text, lookup, start, NameRole::PersonLabel).filter(|_| !colon);
    if twice.is_some_and(|length| text.at(start + length) == ':' || text.before(start + length) == ':') {
        return None;
    }
    let addressed = || titled(text, lookup, start, surname(text, start)?);
    if let Some(claim) = latin_addressed(text, start).or_else(addressed) {
        return Some(claim);
    }
    if text.at(start).is_ascii_alphabetic() {
        let label = text.folded(at, label_end);
        // contact Tom Lee, but not contact Us.
        let full = |end: usize| label == "contact" && text.chars[start..end].contains(&' ');
        let end = latin_name(text, start)
            .filter(|&end| !CUES.office.is_in(text, start, end))
            .filter(|&end| colon || !verb || label.starts_with("my") || full(end) || is_before_phone(claims, end))?;
        return name_claim(text, start, end, ContactField::Person);
    }
    let end = (start..start + 9).take_while(|&i| is_han(text.at(i)) || text.at(i) == '·').count() + start;
    let called = CUES.call_me.is(text, at, label_end);
    let tail = (start + 2..end).find(|&tail| called && CUES.after_name.is(text, tail, end));
    let end = tail.unwrap_or(end);
    let han = end - start;
    // 我是苏州人 and 联系我们 have no name in them.
    let place = lookup.at(start).place().is_some_and(|(length, _)| length >= 2);
    if !colon && (place || CUES.no_name_end.has(text.before(end))) {
        return None;
    }
    if CUES.channel.is(text, start, end) {
        return None;
    }
    let surname_first = family(text, start).is_some();
    // 请帮忙找：厂房: a thing is no name.
    let thing = lookup.at(start).word().is_some_and(|(length, _)| length == han)
        || lookup.at(start).trade().is_some_and(|(length, _)| length == han);
    if thing && (verb || !surname_first) {
        return None;
    }
    let pictogram = !is_han(text.at(at)) && !text.at(at).is_ascii_alphabetic();
    // 联系人阿坚13800138000
    let ends = text.at(end).is_ascii_digit() || !verb && boundary(text.at(end));
    let nick = han == 2 && CUES.nick_given.has(text.at(start)) && ends;
    // 叫我巴图, 找才让13800138000: names without a surname that is known.
    let called = (2..=3).contains(&han)
        && lookup.at(start).word().is_none()
        && (CUES.call_me.is(text, at, label_end) && (boundary(text.at(end)) || tail.is_some())
            || touches_phone(claims, end));
    let fits = nick
        || called
        || (2..=4).contains(&han) && (surname_first || text.chars[start..end].contains(&'·'))
        || colon && (1..=4).contains(&han);
    let named = verb && surname_first && (2..=3).contains(&han) && !CUES.weak_label.is(text, at, label_end);
    ((colon || pictogram || !verb) && fits || named || called)
        .then(|| name_claim(text, start, end, ContactField::Person))
        .flatten()
}

/// Claims what ends the text or its line behind a telephone number, a name without a surname that is known:
/// `13800138000（微信同号）陆陆`, `13800138000 Kiki`.
fn nickname(text: &Text, lookup: &Lookup, phone: &Claim) -> Option<Claim> {
    const NOTE: usize = 10;
    if phone.field != ContactField::Phone {
        return None;
    }
    let mut start = phone.end;
    if text.at(start) == '(' {
        start = (start..start + NOTE).find(|&at| text.at(at) == ')')? + 1;
    }
    start += (start..start + 2).take_while(|&at| matches!(text.at(at), ' ' | ',')).count();
    let end = (start..start + NAME).find(|&at| !is_han(text.at(at))).unwrap_or(start);
    let latin = || latin_name(text, start).filter(|&end| end - start >= FIRST_NAME && is_first_name(text, start, end));
    let end = if (2..=3).contains(&(end - start)) { end } else { latin()? };
    let closed = end >= text.chars.len() || text.at(end) == '\n';
    let found = lookup.at(start);
    let known = found.word().is_some() || found.place().is_some() || found.trade().is_some();
    let other = CUES.no_nickname.is_in(text, start, end) || CUES.courtesy.is_in(text, start, end);
    (closed && !known && !other).then(|| name_claim(text, start, end, ContactField::Person)).flatten()
}

/// Returns the position behind the office that a person belongs to: `招商三科 小韦`.
fn past_office(text: &Text, start: usize) -> usize {
    let end = start + (start..start + OFFICE).take_while(|&at| is_han(text.at(at))).count();
    let office = end > start + 2 && CUES.office_end.has(text.before(end)) && text.at(end) == ' ';
    if office && is_han(text.at(end + 1)) { end + 1 } else { start }
}

/// The longest name of an office.
const OFFICE: usize = 12;

/// Returns whether a telephone number follows: contact David, +86 …, call Andy on +86 ….
fn is_before_phone(claims: &[Claim], end: usize) -> bool {
    claims.iter().any(|claim| claim.field == ContactField::Phone && (end + 1..end + 6).contains(&claim.start))
}

/// Returns whether a telephone number follows, behind a blank at most.
fn touches_phone(claims: &[Claim], end: usize) -> bool {
    claims.iter().any(|claim| claim.field == ContactField::Phone && (end..=end + 1).contains(&claim.start))
}

/// Claims the name on the line behind `Best regards,`.
fn signed(text: &Text, lookup: &Lookup, at: usize) -> Option<Claim> {
    let end = at + word(text, lookup, at, NameRole::SignOff)?;
    let start = (end..end + 6).find(|&at| !matches!(text.at(at), ',' | ' ' | '\n' | '.' | '!'))?;
    let opens = at == 0 || matches!(text.before(at), '\n' | '.' | '!' | '。' | ',' | ';' | ' ');
    if !opens || !(end..start).any(|at| matches!(text.at(at), ',' | '\n')) {
        return None;
    }
    // Thanks, We need …: a name has a line of its own.
    let last = latin_name(text, start)?;
    let noted = text.at(last) == ' ' && text.at(last + 1) == '(';
    let closed = noted || last >= text.chars.len() || matches!(text.at(last), '\n' | ',' | '.' | '(' | ';' | '|');
    let found = lookup.at(start);
    (closed && found.place().is_none() && found.word().is_none())
        .then(|| name_claim(text, start, last, ContactField::Person))
        .flatten()
}

/// Claims the name that is the last line of a letter: `周五可以看房。⏎⏎胥勇`.
fn closing(text: &Text, lookup: &Lookup) -> Option<Claim> {
    let is_gap = |at: &usize| matches!(text.at(*at), ' ' | '\n');
    let end = (0..text.chars.len()).rev().find(|at| !is_gap(at))? + 1;
    let start = (end.saturating_sub(NAME)..end).find(|&at| (at..end).all(|at| is_han(text.at(at))))?;
    let before = (0..start).rev().find(|at| !is_gap(at))?;
    let own = text.chars[before..start].contains(&'\n') && matches!(text.at(before), '.' | '。' | '!' | ';' | '~');
    let letter = CUES.greeting.is_in(text, 0, before.min(SALUTATION));
    let family = surname(text, start)?;
    let fits = (2..=3).contains(&(end - start)) || family == 2 && end - start == NAME;
    let found = lookup.at(start);
    let known = found.place().is_some_and(|(length, _)| start + length == end)
        || found.trade().is_some()
        || found.word().is_some_and(|(length, _)| length >= 2)
        || CUES.courtesy.is(text, start, end);
    (own && letter && fits && !known).then(|| name_claim(text, start, end, ContactField::Person)).flatten()
}

/// Claims the name behind a firm that opens the line: `示例叉车股份有限公司 乔磊 13800138000`.
fn signer(text: &Text, lookup: &Lookup, firm: &Claim) -> Option<Claim> {
    let opens = firm.start == 0 || text.before(firm.start) == '\n';
    let spaced = firm.field == ContactField::Company && opens && text.at(firm.end) == ' ';
    let start = firm.end + 1;
    let family = surname(text, start).filter(|_| spaced)?;
    let han = (start..start + NAME + 1).take_while(|&at| is_han(text.at(at))).count();
    let fits = (2..=3).contains(&han) || family == 2 && han == NAME;
    let end = start + han;
    let found = lookup.at(start);
    let known =
        found.place().is_some() || found.trade().is_some() || found.word().is_some_and(|(length, _)| length >= 2);
    let closed = end >= text.chars.len() || matches!(text.at(end), '\n' | ' ' | ',');
    (fits && closed && !known).then(|| name_claim(text, start, end, ContactField::Person)).flatten()
}

/// Claims a Latin name that is all of its piece before a mail address or a telephone number: `Anna Berg, anna@example.com`, or
/// on the line above.
fn latin_signer(text: &Text, lookup: &Lookup, hits: &Hits, contact: &Claim) -> Option<Claim> {
    let fits = matches!(contact.field, ContactField::Email | ContactField::Phone);
    let gap = |at: &usize| matches!(text.at(*at), ' ' | ',' | '\n' | '|' | '/');
    let end = (0..contact.start).rev().take(GAP).find(|at| !gap(at)).filter(|_| fits)? + 1;
    let start = (end.saturating_sub(LATIN_NAME)..end).rev().find(|&at| at == 0 || opens_piece(text, at - 1))?;
    let start = (start..end).find(|&at| text.at(at) != ' ')?;
    let start = past_lead(text, start, end);
    let found = lookup.at(start);
    let known = found.place().is_some()
        || found.word().is_some()
        || found.trade().is_some()
        || hits.sign_offs.binary_search(&start).is_ok()
        || word(text, lookup, start, NameRole::PersonLabel).is_some()
        || CUES.office.is_in(text, start, end);
    // Tel +86 138…: a single word is a name where the mail address has it, tom@example.com.
    let full = text.chars[start..end].contains(&' ');
    let own =
        || contact.field == ContactField::Email && contact.value.to_lowercase().contains(&text.folded(start, end));
    let first = || contact.field == ContactField::Phone && is_first_name(text, start, end);
    (end < contact.start && !known && latin_name(text, start) == Some(end) && (full || own() || first()))
        .then(|| name_claim(text, start, end, ContactField::Person))
        .flatten()
}

/// Claims a Latin name of two words or more that is all of its piece behind a telephone number: `call +86 …, Wendy Yao.`
fn latin_behind(text: &Text, lookup: &Lookup, contact: &Claim) -> Option<Claim> {
    // olga@example.com (Olga Berg)
    let fits = matches!(contact.field, ContactField::Email | ContactField::Phone);
    let noted = fits && text.at(contact.end) == ' ' && text.at(contact.end + 1) == '(';
    let phone = noted || contact.field == ContactField::Phone && text.at(contact.end) == ',';
    let start = contact.end + 1 + usize::from(noted || text.at(contact.end + 1) == ' ');
    let end = latin_name(text, start).filter(|_| phone)?;
    let closed = end >= text.chars.len() || matches!(text.at(end), '.' | '\n' | ',' | ';' | ')');
    let full = text.chars[start..end].contains(&' ') && !CUES.office.is_in(text, start, end);
    let found = lookup.at(start);
    (closed && full && found.place().is_none() && found.word().is_none())
        .then(|| name_claim(text, start, end, ContactField::Person))
        .flatten()
}

/// Returns whether a single word before a telephone number is a name: `Ivan, +86 …`, but not `Phone +86 …` or `TEL`.
fn is_first_name(text: &Text, start: usize, end: usize) -> bool {
    let small = text.written(start + 1, end).chars().all(char::is_lowercase);
    end - start >= FIRST_NAME && small && !CUES.no_first_name.is(text, start, end)
}

/// The shortest single name before a telephone number.
const FIRST_NAME: usize = 3;

/// Returns the position behind the words that ask to get in touch: `Please send options to`.
fn past_lead(text: &Text, start: usize, end: usize) -> usize {
    let step = |at: &usize| CUES.latin_lead.at(text, *at).map(|length| at + length).filter(|&at| at < end);
    std::iter::successors(Some(start), step).last().unwrap_or(start)
}

/// Returns whether a piece of text starts behind the character at a position: a line, a cell, a sentence.
fn opens_piece(text: &Text, at: usize) -> bool {
    // Example (Suzhou) Co., Ltd., Clara Jensen, clara@example.com
    let behind_firm = text.at(at) == ',' && text.before(at) == '.';
    matches!(text.at(at), '\n' | '|' | ';' | '。')
        || (behind_firm || matches!(text.at(at), '.' | '!' | '/')) && text.at(at + 1) == ' '
}

/// The most characters between a Latin name and the contact data behind it.
const GAP: usize = 4;
/// The longest Latin name of a person.
const LATIN_NAME: usize = 40;

/// Claims the name behind an office in the firm: `我是示例镀膜有限公司副总经理房毅。`
fn officer(text: &Text, lookup: &Lookup, at: usize, claims: &[Claim]) -> Option<Claim> {
    /// 副, 常务副, 执行: what is between the firm and the office.
    const RANK: usize = 4;
    let start = at + word(text, lookup, at, NameRole::Title).filter(|&length| length > 1)?;
    let of_firm =
        claims.iter().any(|claim| claim.field == ContactField::Company && claim.end <= at && at <= claim.end + RANK);
    let family = surname(text, start).filter(|_| of_firm)?;
    let han = (start..start + NAME + 1).take_while(|&at| is_han(text.at(at))).count();
    let fits = (2..=3).contains(&han) || family == 2 && han == NAME;
    (fits && boundary(text.at(start + han)))
        .then(|| name_claim(text, start, start + han, ContactField::Person))
        .flatten()
}

/// The longest name of a person.
const NAME: usize = 4;

/// The most characters up to the end of a letter's greeting.
const SALUTATION: usize = 120;

/// Claims two to four characters by themselves just before or behind a telephone number: `张三 13800138000`.
fn before_phone(text: &Text, lookup: &Lookup, at: usize, claims: &[Claim]) -> Option<Claim> {
    if !boundary(text.before(at)) {
        return None;
    }
    let han = (at..at + 5).take_while(|&i| is_han(text.at(i))).count();
    let given = || (CUES.nick_given.has(text.at(at)) && han == 2 && lookup.at(at).trade().is_none()).then_some(1);
    let family = family(text, at).or_else(given)?;
    let fits = (2..=3).contains(&han) || family == 2 && han == 4;
    if !fits {
        return None;
    }
    let end = at + han;
    let mut next = end;
    while matches!(text.at(next), ' ' | ':' | ',' | '-' | '/') && next < end + 3 {
        next += 1;
    }
    // 运营部 李四⏎电话：139…: a signature.
    let line = end + 1;
    if text.at(end) == '\n'
        && let Some(length) = CUES.channel.longest_at(text, line)
    {
        next = line + length;
        next += (next..next + 2).take_while(|&at| matches!(text.at(at), ':' | ' ')).count();
    }
    // 李四(总经理)13900000015.
    if text.at(end) == '('
        && let Some(length) = word(text, lookup, end + 1, NameRole::Title)
        && text.at(end + 1 + length) == ')'
    {
        next = end + 2 + length;
        next += usize::from(matches!(text.at(next), ' ' | ':' | ','));
    }
    let mut last = at;
    while last > 0 && matches!(text.before(last), ' ' | ',' | '/') && last + 3 > at {
        last -= 1;
    }
    let phone = |place: usize, at_start: bool| {
        let edge = |claim: &Claim| if at_start { claim.start == place } else { claim.end == place };
        claims.iter().any(|claim| claim.field == ContactField::Phone && edge(claim))
    };
    // A place or a thing is no person: 常州 13800138000.
    let known = lookup.at(at).place().is_some_and(|(length, _)| length == han)
        || CUES.channel.is(text, at, end)
        || lookup.at(at).word().is_some_and(|(length, _)| length >= 2);
    // 小仝13800138000: a familiar name may touch the number.
    let nick = CUES.nick.has(text.at(at)) && han == 2;
    let near = phone(next, true) && (next > end || nick) || phone(last, false) && boundary(text.at(end));
    (near && !known).then(|| name_claim(text, at, end, ContactField::Person)).flatten()
}
