//! Enterprises and persons in a text.

use super::{Claim, Hits, NAMES, Role, claimed, word};
use crate::contact::is_visible;
use crate::reader::letters::character::Classes;
use crate::reader::letters::text::{Text, is_han, is_stop};
use crate::reader::tokens::units::unit;
use crate::reader::words::dictionary::Lookup;

/// Enterprises: a name that ends in its legal form, or what stands after a label.
pub(crate) fn company(text: &Text, lookup: &Lookup, hits: &Hits, claims: &mut Vec<Claim>) {
    let mut found: Vec<Claim> =
        hits.company_labels.iter().filter_map(|&at| labelled_company(text, lookup, at)).collect();
    found.extend(hits.company_ends.iter().filter_map(|&at| formed_company(text, lookup, at, hits)));
    let forms = text.places(Classes::BLANK).filter(|&at| opens_form(text.at(at + 1), text.at(at + 2)));
    found.extend(forms.filter_map(|at| latin_company(text, at)));
    found.sort_by_key(|claim| (claim.start, std::cmp::Reverse(claim.end)));
    for claim in found {
        if !claims.iter().rev().take(400).any(|other| other.start < claim.end && claim.start < other.end) {
            claims.push(claim);
        }
    }
}

const LONGEST_NAME: usize = 60;

/// Endings that are no legal forms.
const EVERYDAY_ENDS: [&str; 7] = ["公司", "集团", "总公司", "分公司", "研究院", "研究所", "事务所"];

fn labelled_company(text: &Text, lookup: &Lookup, at: usize) -> Option<Claim> {
    if is_han(text.before(at)) && at > 0 {
        return None;
    }
    let length = word(text, lookup, at, Role::CompanyLabel)?;
    let colon =
        matches!(text.at(at + length), ':' | '】' | ']') || !is_han(text.at(at)) && !text.at(at).is_ascii_alphabetic();
    if !colon {
        return None;
    }
    let mut start = at + length;
    while matches!(text.at(start), ':' | ' ' | '】' | ']') && start < text.chars.len() {
        start += 1;
    }
    let end = (start..text.chars.len().min(start + LONGEST_NAME))
        .find(|&i| ends_name(text, i))
        .unwrap_or(text.chars.len().min(start + LONGEST_NAME));
    // 单位:平方米 is no enterprise.
    let thing = lookup.at(start).word().is_some_and(|(length, _)| start + length == end)
        || unit(text, start).is_some_and(|(.., after)| after == end);
    if thing { None } else { name_claim(text, start, end, "company") }
}

fn ends_name(text: &Text, at: usize) -> bool {
    let c = text.at(at);
    let form = [", ltd", ",ltd", ", inc"].iter().any(|form| text.goes_on(at, form));
    let alias = c == '(' && ["以下", "简称", "下称"].iter().any(|word| text.goes_on(at + 1, word));
    is_stop(c) && !form
        || alias
        || c == ' ' && (is_han(text.at(at + 1)) || text.at(at + 1).is_ascii_digit())
        || matches!(c, '/' | ':' | '<' | '>' | '【' | '[' | '☎' | '✉' | '☻')
}

fn name_claim(text: &Text, start: usize, end: usize, field: &'static str) -> Option<Claim> {
    let written = text.written(start, end);
    let value = written.trim().to_owned();
    let length = value.chars().count();
    let fits =
        (2..=LONGEST_NAME).contains(&length) && value.chars().all(is_visible) && value.chars().any(char::is_alphabetic);
    fits.then_some(Claim { start, end, field, value })
}

fn formed_company(text: &Text, lookup: &Lookup, at: usize, hits: &Hits) -> Option<Claim> {
    let length = word(text, lookup, at, Role::CompanyEnd)?;
    let end = at + length;
    // 公司 and 集团 alone are everyday words; a legal form is not.
    if EVERYDAY_ENDS.iter().any(|word| text.is(at, end, word)) {
        return None;
    }
    let floor = at.saturating_sub(LONGEST_NAME);
    let mut start = at;
    while start > floor {
        let c = text.before(start);
        let inside = is_han(c) || c.is_ascii_alphanumeric() || matches!(c, '(' | ')' | '·' | '&' | '-');
        // 从事…生产的浙江样例有限公司; 美的 is a name.
        let of = c == '的' && start > 1 && text.at(start - 2) != '美';
        if of || !inside || start < at && hits.is_opened(start) {
            break;
        }
        start -= 1;
    }
    // 投资方为样例公司.
    if hits.is_opened(start) && matches!(text.at(start), '为' | '是') {
        start += 1;
    }
    // 我司(样例公司): a bracket that opens before the name closes behind it.
    if text.at(start) == '(' && !text.folded(start, end).contains(')') {
        start += 1;
    }
    let body = text.folded(start, end);
    let plain = NAMES.generic.contains(body.as_str())
        || ["一家", "家", "某", "多家", "我们", "这"].iter().any(|head| body.starts_with(head));
    let long = body.chars().count() >= length + 2;
    if plain || !long {
        return None;
    }
    name_claim(text, start, end, "company")
}

/// Whether a legal form starts with two letters.
const fn opens_form(first: char, second: char) -> bool {
    matches!((first, second), ('a', 'g') | ('c', 'o') | ('g', 'm') | ('i', 'n') | ('l', 'i' | 'l' | 't') | ('p', 'l'))
}

/// `Example Motors Co., Ltd.`
fn latin_company(text: &Text, at: usize) -> Option<Claim> {
    let endings = [
        " co., ltd.",
        " co., ltd",
        " co.,ltd.",
        " co.,ltd",
        " co ltd",
        " gmbh",
        " inc.",
        " inc",
        " corporation",
        " corp.",
        " corp",
        " llc",
        " limited",
        " ltd.",
        " ltd",
        " ag",
        " plc",
    ];
    let ending = endings
        .iter()
        .find(|ending| text.goes_on(at, ending) && !text.at(at + ending.len()).is_ascii_alphanumeric())?;
    // Words with a capital in the original belong to the name.
    let mut start = at;
    let floor = at.saturating_sub(LONGEST_NAME);
    // `Company: Example GmbH`, `… Bureau. Example Ltd`: what ends there is another thing.
    let ends = |at: usize| text.before(at) == ':' || text.before(at) == '.' && text.at(at.saturating_sub(5)) != ' ';
    while start > floor && !(start < at && ends(start)) {
        let word_start = (floor..start)
            .rev()
            .find(|&i| text.at(i) == ' ' || is_stop(text.at(i)) || is_han(text.at(i)))
            .map_or(floor, |i| i + 1);
        let capital = word_start < start
            && text.written(word_start, word_start + 1).starts_with(|c: char| c.is_uppercase() || c == '&');
        if !capital {
            break;
        }
        start = word_start;
        if text.before(start) != ' ' || start == 0 {
            break;
        }
        start -= 1;
    }
    if text.at(start) == ' ' {
        start += 1;
    }
    (start < at).then(|| name_claim(text, start, at + ending.len(), "company")).flatten()
}

/// Persons: after a label, with a way of address, or right beside a telephone number; the first in the text.
pub(crate) fn person(text: &Text, lookup: &Lookup, hits: &Hits, claims: &mut Vec<Claim>) {
    let free = |claim: &Claim| !claimed(claims, claim.start, claim.end);
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
        .filter(|claim| claim.field == "phone")
        .take(20)
        .flat_map(|claim| (claim.start.saturating_sub(8)..claim.start).chain(claim.end..claim.end + 4))
        .filter_map(|at| before_phone(text, lookup, at, claims))
        .find(free);
    // Each kind is found from the front: the first of the firsts is the first of all.
    let first = [labelled, addressed, latin, signed, beside].into_iter().flatten().min_by_key(|claim| claim.start);
    claims.extend(first);
}

/// How long the surname at a place is.
fn surname(text: &Text, at: usize) -> Option<usize> {
    let mut longest = None;
    NAMES.surnames.each(&text.chars, at, |length, _| longest = Some(length));
    longest
}

fn boundary(c: char) -> bool {
    !is_han(c) && !c.is_ascii_alphabetic()
}

/// How long the way of address at `at` is, where nothing goes on behind it.
fn title(text: &Text, lookup: &Lookup, at: usize) -> Option<usize> {
    let length = word(text, lookup, at, Role::Title)?;
    let next = text.at(at + length);
    let goes_on = [
        "电话",
        "手机",
        "收",
        "联系",
        "微信",
        "tel",
        "的电话",
        "的手机",
        "的联系",
        "处",
        "想",
        "需",
        "要",
        "找",
        "公司",
        "这边",
        "您",
        "说",
        "会",
        "在",
        "我",
    ];
    // 白茶加工, 金属加工: a trade and no person.
    if text.at(at) == '工' && matches!(text.before(at), '加' | '施' | '手' | '化' | '职' | '员' | '精' | '轻' | '重')
    {
        return None;
    }
    let short = matches!(text.folded(at, at + length).as_str(), "总" | "工" | "董" | "哥" | "姐" | "生" | "采购");
    (boundary(next)
        || goes_on.iter().take(10).any(|word| text.goes_on(at + length, word))
        || !short && goes_on.iter().any(|word| text.goes_on(at + length, word)))
    .then_some(length)
}

/// 张先生, 李明经理, 陈工.
fn addressed(text: &Text, lookup: &Lookup, at: usize) -> Option<Claim> {
    let before = text.before(at);
    let led = ["联系", "找", "我是", "叫", "姓", "人", "致电", "打给", "请", "和", "给", "是", "为", "联系人"]
        .iter()
        .any(|word| {
            let length = word.chars().count();
            at >= length && text.goes_on(at - length, word)
        });
    if !(boundary(before) || led || at == 0) {
        return None;
    }
    if let Some(latin) =
        ["mr. ", "mr ", "ms. ", "ms ", "mrs. ", "mrs ", "dr. ", "miss "].iter().find(|word| text.goes_on(at, word))
    {
        return latin_name(text, at + latin.len())
            .map(|end| (at, end))
            .and_then(|(start, end)| name_claim(text, start, end, "person"));
    }
    let family = surname(text, at)?;
    (0..=2).find_map(|given| {
        let from = at + family + given;
        if !(at..from).all(|i| is_han(text.at(i))) {
            return None;
        }
        let length = title(text, lookup, from)?;
        name_claim(text, at, from + length, "person")
    })
}

/// Mr. Wang.
fn latin_addressed(text: &Text, at: usize) -> Option<Claim> {
    let titles = ["mr. ", "mr ", "ms. ", "ms ", "mrs. ", "mrs ", "dr. ", "miss "];
    let title = titles.iter().find(|word| text.goes_on(at, word))?;
    name_claim(text, at, latin_name(text, at + title.len())?, "person")
}

/// Words with a capital from `at`, at most three.
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
    let length = word(text, lookup, at, Role::PersonLabel)?;
    let label = text.folded(at, at + length);
    let verb = matches!(
        label.as_str(),
        "找" | "联系" | "我是" | "对接" | "本人" | "请联系" | "i am" | "i'm" | "contact" | "name" | "联系方式"
    );
    let mut start = at + length;
    let mut colon = false;
    while matches!(text.at(start), ':' | ' ' | '是' | '为' | '-' | '叫' | '】' | ']') && start < text.chars.len() {
        colon |= matches!(text.at(start), ':' | '】' | ']');
        start += 1;
    }
    if claimed(claims, start, start + 1) {
        return None;
    }
    if let Some(claim) = latin_addressed(text, start).or_else(|| addressed_after_label(text, lookup, start)) {
        return Some(claim);
    }
    let emoji = !is_han(text.at(at)) && !text.at(at).is_ascii_alphabetic();
    if text.at(start).is_ascii_alphabetic() {
        // contact Tom Lee, but not contact Us.
        let full = |end: usize| label == "contact" && text.chars[start..end].contains(&' ');
        let office = |end: usize| {
            let name = text.folded(start, end);
            ["bureau", "department", "committee", "office", "team", "centre", "center"]
                .iter()
                .any(|word| name.contains(word))
        };
        let end = latin_name(text, start)
            .filter(|&end| !office(end))
            .filter(|&end| colon || !verb || label.starts_with("my") || full(end))?;
        return name_claim(text, start, end, "person");
    }
    let end = (start..start + 9).take_while(|&i| is_han(text.at(i)) || text.at(i) == '·').count() + start;
    let han = end - start;
    // 我是苏州人, 联系我们: no names.
    let place = lookup.at(start).place().is_some_and(|(length, _)| length >= 2);
    if !colon && (place || matches!(text.before(end), '的' | '人')) {
        return None;
    }
    let surname_first = surname(text, start).is_some();
    if ["手机", "电话", "微信", "邮箱", "座机", "固话"].iter().any(|word| text.is(start, end, word)) {
        return None;
    }
    // 请帮忙找：厂房: a thing is no name.
    let thing = lookup.at(start).word().is_some_and(|(length, _)| length == han)
        || lookup.at(start).trade().is_some_and(|(length, _)| length == han);
    if thing && (verb || !surname_first) {
        return None;
    }
    let fits = (2..=4).contains(&han) && (surname_first || text.folded(start, end).contains('·'))
        || colon && (1..=8).contains(&han) && han <= 4;
    ((colon || emoji || !verb) && fits
        || verb && surname_first && (2..=3).contains(&han) && label != "找" && label != "对接")
        .then(|| name_claim(text, start, end, "person"))
        .flatten()
}

/// `Best regards,` and a name on the next line.
fn signed(text: &Text, lookup: &Lookup, at: usize) -> Option<Claim> {
    let end = at + word(text, lookup, at, Role::SignOff)?;
    let start = (end..end + 6).find(|&at| !matches!(text.at(at), ',' | ' ' | '\n' | '.' | '!'))?;
    let opens = at == 0 || matches!(text.before(at), '\n' | '.' | '!' | '。' | ',' | ';' | ' ');
    if !opens || !(end..start).any(|at| matches!(text.at(at), ',' | '\n')) {
        return None;
    }
    // Thanks, We need …: a name has a line of its own.
    let last = latin_name(text, start)?;
    let closed = last >= text.chars.len() || matches!(text.at(last), '\n' | ',' | '.' | '(' | ';' | '|');
    let found = lookup.at(start);
    (closed && found.place().is_none() && found.word().is_none())
        .then(|| name_claim(text, start, last, "person"))
        .flatten()
}

fn addressed_after_label(text: &Text, lookup: &Lookup, at: usize) -> Option<Claim> {
    let family = surname(text, at)?;
    (0..=2).find_map(|given| {
        let from = at + family + given;
        let length = title(text, lookup, from)?;
        (at..from).all(|i| is_han(text.at(i))).then(|| name_claim(text, at, from + length, "person")).flatten()
    })
}

/// `张三 13800138000`: two to four characters by themselves just before or after a telephone number.
fn before_phone(text: &Text, lookup: &Lookup, at: usize, claims: &[Claim]) -> Option<Claim> {
    if !boundary(text.before(at)) {
        return None;
    }
    let family = surname(text, at)?;
    let han = (at..at + 5).take_while(|&i| is_han(text.at(i))).count();
    let fits = (2..=3).contains(&han) || family == 2 && han == 4;
    if !fits {
        return None;
    }
    let end = at + han;
    let mut next = end;
    while matches!(text.at(next), ' ' | ':' | ',' | '-' | '/') && next < end + 3 {
        next += 1;
    }
    // 李四(总经理)13900000015.
    if text.at(end) == '('
        && let Some(length) = word(text, lookup, end + 1, Role::Title)
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
        claims
            .iter()
            .any(|claim| claim.field == "phone" && if at_start { claim.start == place } else { claim.end == place })
    };
    // A place or a thing is no person: 常州 13800138000.
    let known = lookup.at(at).place().is_some_and(|(length, _)| length == han)
        || lookup.at(at).word().is_some_and(|(length, _)| length >= 2);
    let near = phone(next, true) && next > end || last < at && phone(last, false) && boundary(text.at(end));
    (near && !known).then(|| name_claim(text, at, end, "person")).flatten()
}
