//! Names of enterprises.

use crate::reader::letters::character::{is_han, is_stop};
use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharSet;
use crate::reader::letters::text::Text;
use crate::reader::tokens::contact::claim::{Claim, ContactField, LONGEST_NAME, name_claim};
use crate::reader::tokens::contact::hits::{Hits, word};
use crate::reader::tokens::contact::latin_enterprises::latin_companies;
use crate::reader::tokens::quantity::quantity;
use crate::reader::tokens::units::{Dim, unit};
use crate::reader::words::dictionary::Lookup;
use crate::reader::words::lists::{Suffixes, WordList};
use crate::reader::words::people::{NameRole, is_generic};

cues! {
    EnterpriseCues in "enterprises.txt" {
        everyday_end: WordList,
        legal_form: Suffixes,
        generic_start: WordList,
        speaker: WordList,
        alias: WordList,
        form_end: Suffixes,
        of_form: WordList,
        told: WordList,
        anonymous: WordList,
        anonymous_end: Suffixes,
        of_place: WordList,
        described: WordList,
        said_end: Suffixes,
        of: CharSet,
        of_in_name: CharSet,
        is: CharSet,
        latin_form_behind_comma: WordList,
        title: WordList,
        other_party: Suffixes,
    }
}

/// Claims the names of enterprises: names with a legal form, and what follows a label.
pub(crate) fn company(text: &Text, lookup: &Lookup, hits: &Hits, claims: &mut Vec<Claim>) {
    let mut found: Vec<Claim> =
        hits.company_labels.iter().filter_map(|&at| labelled_company(text, lookup, at)).collect();
    found.extend(hits.company_ends.iter().filter_map(|&at| formed_company(text, lookup, at, hits)));
    found.extend(latin_companies(text, hits));
    found.sort_by_key(|claim| (claim.start, std::cmp::Reverse(claim.end)));
    for mut claim in found {
        // 编制单位：示例工程咨询有限公司 is no party to the need.
        if CUES.other_party.fit(text, 0, claim.start) {
            claim.field = ContactField::None;
        }
        // The last 400 claims reach further back than any name is long; the bound keeps a long list of names linear.
        if !claims.iter().rev().take(400).any(|other| other.start < claim.end && claim.start < other.end) {
            claims.push(claim);
        }
    }
}

fn labelled_company(text: &Text, lookup: &Lookup, at: usize) -> Option<Claim> {
    if is_han(text.before(at)) && at > 0 {
        return None;
    }
    let length = word(text, lookup, at, NameRole::CompanyLabel)?;
    let colon = matches!(text.at(at + length), ':' | '】' | ']' | '|')
        || !is_han(text.at(at)) && !text.at(at).is_ascii_alphabetic();
    // 投资主体为示例集团: without a colon a name must end like one.
    let said = CUES.is.has(text.at(at + length));
    if !colon && !said {
        return None;
    }
    let mut start = at + length + usize::from(said && !colon);
    while matches!(text.at(start), ':' | ' ' | '】' | ']' | '|') && start < text.chars.len() {
        start += 1;
    }
    let limit = text.chars.len().min(start + LONGEST_NAME);
    let end = (start..limit).find(|&i| ends_name(text, i) || closes_outside(text, start, i)).unwrap_or(limit);
    // 单位:平方米 names no enterprise.
    let thing = lookup.at(start).word().is_some_and(|(length, _)| start + length == end)
        || unit(text, start).is_some_and(|(.., after)| after == end)
        || has_amount(text, start, end);
    let last = end - (start..end).rev().take_while(|&at| text.at(at) == ' ').count();
    // Tenant: distribution warehouse is no name.
    let latin = text.at(at).is_ascii_alphabetic() && text.at(start).is_ascii_alphabetic();
    if latin && !is_capitalised(&text.written(start, last)) {
        return None;
    }
    // 湖南企业: a place is all that is told of it.
    let placed =
        lookup.at(start).place().is_some_and(|(length, _)| CUES.of_place.is(text, (start + length).min(last), last));
    let described = CUES.described.is_in(text, start, last) || CUES.speaker.leads(text, start, last);
    let generic =
        placed || described || CUES.anonymous.leads(text, start, end) || CUES.anonymous_end.fit(text, start, last);
    // 单位 | 指标 are two headings.
    let heading = text.at(at + length) == '|' && last - start < SHORTEST;
    let unlike = heading
        || !colon
            && (!CUES.said_end.fit(text, start, end)
                || is_generic(&text.folded(start, end))
                || CUES.generic_start.leads(text, start, end));
    if thing || generic || unlike { None } else { name_claim(text, start, end, ContactField::Company) }
}

/// Returns whether a bracket closes that was opened before the name: （建设单位：示例瓷业有限公司）.
fn closes_outside(text: &Text, start: usize, at: usize) -> bool {
    text.at(at) == ')' && !text.chars[start..at].contains(&'(')
}

/// Returns whether an amount is in a range: what is told of an enterprise, 企业：固定资产1.6个亿, and no name.
fn has_amount(text: &Text, start: usize, end: usize) -> bool {
    let opens = |at: &usize| text.at(*at).is_ascii_digit() && !text.before(*at).is_ascii_alphanumeric();
    (start..end).filter(opens).any(|at| quantity(text, at).is_some_and(|found| found.dim != Dim::Bare || found.large))
}

fn ends_name(text: &Text, at: usize) -> bool {
    let c = text.at(at);
    let form = CUES.latin_form_behind_comma.starts(text, at);
    // 示例科技有限公司（江苏常州）: a bracket behind the form is no part of the name, unless it is of the form.
    let form_ends = CUES.form_end.fit(text, at.saturating_sub(4), at);
    // Example Advisory (management consulting): nor is one behind a blank.
    let remark = form_ends || text.before(at) == ' ';
    let alias = c == '(' && (CUES.alias.starts(text, at + 1) || remark && !CUES.of_form.starts(text, at + 1));
    // 示例股份有限公司成立于2006年: what is told of the enterprise is no part of its name.
    let told = form_ends && CUES.told.starts(text, at);
    is_stop(c) && !form
        || alias
        || told
        || c == ' ' && (is_han(text.at(at + 1)) || text.at(at + 1).is_ascii_digit())
        || matches!(c, '/' | ':' | '<' | '>' | '【' | '[' | '☎' | '✉' | '☻')
}

fn formed_company(text: &Text, lookup: &Lookup, at: usize, hits: &Hits) -> Option<Claim> {
    let length = word(text, lookup, at, NameRole::CompanyEnd)?;
    let end = at + length;
    // 公司 and 集团 alone are everyday words; a legal form is not, nor is a name that a heading is of.
    let everyday = CUES.everyday_end.is(text, at, end) && !is_of_legal_form(text, at);
    // 示例职业培训学校（定兴）关于租赁…的公告: the bracket belongs to the name.
    let end = if everyday { past_place(text, end) } else { end };
    if everyday && !CUES.title.starts(text, end) {
        return None;
    }
    let floor = at.saturating_sub(LONGEST_NAME);
    let mut start = at;
    while start > floor {
        let c = text.before(start);
        let inside = is_han(c) || c.is_ascii_alphanumeric() || matches!(c, '(' | ')' | '·' | '&' | '-');
        // 从事…生产的浙江样例有限公司; but 美的 is a name.
        let of = CUES.of.has(c) && start > 1 && !CUES.of_in_name.has(text.at(start - 2));
        if of || !inside || start < at && hits.is_opened(start) {
            break;
        }
        start -= 1;
    }
    // 投资方为样例公司.
    if hits.is_opened(start) && CUES.is.has(text.at(start)) {
        start += 1;
    }
    start = past_brackets(text, start, at);
    start += text.chars[start..at].iter().take_while(|c| matches!(c, '-' | '·')).count();
    let body = text.folded(start, end);
    let plain = is_generic(&body) || CUES.generic_start.leads(text, start, end);
    let long = at - start >= 2;
    // 律师事务所选址公告 and 苏州设计公司选址 name nobody.
    let opens = start == 0 || text.before(start) == '\n';
    let known = lookup.at(start).place().is_some() || lookup.at(start).trade().is_some();
    if plain || !long || everyday && (!opens || known) {
        return None;
    }
    name_claim(text, start, end, ContactField::Company)
}

/// Returns whether every word of a Latin name but the small ones starts with a capital letter or a figure.
fn is_capitalised(name: &str) -> bool {
    let small = ["of", "and", "for", "the", "de", "von", "van"];
    name.split_whitespace().all(|word| small.contains(&word) || !word.starts_with(char::is_lowercase))
}

/// Returns whether a legal form ends right before a position, or before a place in front of it: 示例有限公司呼伦贝尔(分公司).
fn is_of_legal_form(text: &Text, at: usize) -> bool {
    const LONGEST_PLACE: usize = 8;
    let floor = at.saturating_sub(LONGEST_PLACE);
    let mut starts = (floor..=at).rev().take_while(|&from| from == at || is_han(text.at(from)));
    starts.any(|from| CUES.legal_form.fit(text, 0, from))
}

/// The fewest characters of a name in the cell behind its label.
const SHORTEST: usize = 5;

/// Returns the end of a short bracket right behind a name: `（定兴）`.
fn past_place(text: &Text, end: usize) -> usize {
    const LONGEST: usize = 8;
    let close = (end + 1..end + LONGEST).find(|&at| !is_han(text.at(at)));
    close.filter(|&at| text.at(end) == '(' && text.at(at) == ')').map_or(end, |at| at + 1)
}

/// Returns where a name starts that ends behind a position, without the brackets around it: 我司(样例公司), 投资人（上海样例公司）;
/// a bracket before it that closes is a remark, (摘自报告)示例公司.
fn past_brackets(text: &Text, start: usize, until: usize) -> usize {
    let mut open: Vec<usize> = Vec::new();
    let mut from = start;
    for at in start..until {
        match text.at(at) {
            '(' => open.push(at),
            ')' if open.pop() == Some(start) => from = at + 1,
            _ => {}
        }
    }
    open.last().map_or(from, |&at| from.max(at + 1))
}
