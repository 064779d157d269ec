//! Mail addresses, credit codes, WeChat ids and telephone numbers.

use crate::contact::{Mail, Phone};
use crate::half_width::half_width;
use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharSet;
use crate::reader::letters::text::Text;
use crate::reader::tokens::contact::claim::{Claim, ContactField};
use crate::reader::tokens::contact::hits::word;
use crate::reader::words::dictionary::Lookup;
use crate::reader::words::lists::WordList;
use crate::reader::words::people::NameRole;
use crate::uscc::Uscc;

cues! {
    ContactNumberCues in "contact_numbers.txt" {
        credit_label: WordList,
        wechat_gap: CharSet,
        unit_behind: CharSet,
        fax: WordList,
        phone_label: WordList,
    }
}

/// The length of a unified social credit code.
const USCC: usize = 18;
/// The length of a mobile number.
const MOBILE: usize = 11;
/// A local part is at most 64 characters long (RFC 5321), which bounds the work on a long run without an `@`.
const LONGEST_LOCAL: usize = 64;
/// A run of digits longer than ten mobile numbers is no telephone number; the scan continues behind it.
const LONGEST_RUN: usize = 110;

/// Claims a mail address, or the address of a page.
pub(crate) fn address(text: &Text, at: usize) -> Option<Claim> {
    let inside = |c: char| {
        // A slash parts what a form has in one line: 岳经理/13800138000/yue@example.com.
        c.is_ascii_graphic()
            && !matches!(c, '/' | '"' | '(' | ')' | ',' | ':' | ';' | '<' | '>' | '@' | '[' | '\\' | ']' | '|')
    };
    if !text.at(at).is_ascii_alphanumeric() || inside(text.before(at)) && at > 0 && text.before(at) != '\'' {
        return None;
    }
    for scheme in ["http://", "https://", "www."] {
        if text.goes_on(at, scheme) {
            let length = (at..)
                .take_while(|&i| text.at(i).is_ascii_graphic() && !matches!(text.at(i), '<' | '>' | '"'))
                .take(2000)
                .count();
            return Some(Claim { start: at, end: at + length, field: ContactField::None, value: String::new() });
        }
    }
    let local = (at..=at + LONGEST_LOCAL).take_while(|&i| inside(text.at(i))).count();
    if text.at(at + local) != '@' {
        return None;
    }
    let domain_at = at + local + 1;
    let domain = (domain_at..domain_at + 255)
        .take_while(|&i| text.at(i).is_ascii_alphanumeric() || matches!(text.at(i), '.' | '-'))
        .count();
    let mut end = domain_at + domain;
    while matches!(text.before(end), '.' | '-') && end > domain_at {
        end -= 1;
    }
    if !text.chars[domain_at..end].contains(&'.') {
        return None;
    }
    // From the original, since a local part may be case-sensitive.
    let written = fold_width(&text.written(at, end));
    Mail::parse(&written).map(|mail| Claim {
        start: at,
        end,
        field: ContactField::Email,
        value: mail.as_str().to_owned(),
    })
}

fn fold_width(text: &str) -> String {
    text.chars().map(half_width).collect()
}

/// Claims a unified social credit code; sets `bad` where a labelled one fails its check.
pub(crate) fn credit_code(text: &Text, at: usize, bad: &mut bool) -> Option<Claim> {
    let inside = |c: char| c.is_ascii_alphanumeric();
    if !inside(text.at(at)) || at > 0 && inside(text.before(at)) {
        return None;
    }
    let end = at + USCC;
    let run = (at..=end).take_while(|&i| inside(text.at(i))).count();
    if run != USCC || (at..end).filter(|&i| text.at(i).is_ascii_digit()).count() < 8 {
        return None;
    }
    match Uscc::parse(&text.folded(at, end)) {
        Ok(code) => Some(Claim { start: at, end, field: ContactField::Uscc, value: code.to_string() }),
        Err(_) => {
            let meant = CUES.credit_label.is_in(text, at.saturating_sub(12), at);
            *bad |= meant;
            meant.then_some(Claim { start: at, end, field: ContactField::None, value: String::new() })
        }
    }
}

/// Claims the WeChat id behind a word for WeChat.
pub(crate) fn wechat(text: &Text, lookup: &Lookup, at: usize) -> Option<Claim> {
    if word(text, lookup, at, NameRole::Same).is_some() {
        return None;
    }
    let length = word(text, lookup, at, NameRole::Wechat)?;
    let mut start = at + length;
    while CUES.wechat_gap.has(text.at(start)) && start < text.chars.len().min(at + length + 4) {
        start += 1;
    }
    let run = (start..start + 21)
        .take_while(|&i| text.at(i).is_ascii_alphanumeric() || matches!(text.at(i), '_' | '-'))
        .count();
    let value = fold_width(&text.written(start, start + run));
    let mobile = Phone::parse(&value).is_some();
    // An id starts with a letter and has 5 to 20 characters.
    let id = text.at(start).is_ascii_alphabetic() && (5..=20).contains(&run);
    (id || mobile).then_some(Claim { start, end: start + run, field: ContactField::Wechat, value })
}

/// Claims the telephone number at a position; of numbers joined without a separator each becomes a claim.
pub(crate) fn telephone(text: &Text, at: usize, claims: &mut Vec<Claim>) -> Option<Claim> {
    let c = text.at(at);
    let opens =
        c.is_ascii_digit() || matches!(c, '+' | '(') && (text.at(at + 1).is_ascii_digit() || text.at(at + 1) == '+');
    if !opens
        || text.before(at).is_ascii_alphanumeric()
        || text.before(at) == '.' && at > 1 && text.at(at - 2).is_ascii_digit()
    {
        return None;
    }
    let run = (at..).take_while(|&i| text.at(i).is_ascii_digit()).count();
    let passed = Claim { start: at + run, end: at + run, field: ContactField::None, value: String::new() };
    if run > LONGEST_RUN {
        return Some(passed);
    }
    if run >= 2 * MOBILE
        && let Some(phones) = Phone::split_glued(&text.folded(at, at + run))
    {
        for (index, phone) in phones.into_iter().enumerate() {
            let start = at + index * MOBILE;
            claims.push(Claim {
                start,
                end: start + MOBILE,
                field: ContactField::Phone,
                value: phone.e164().to_owned(),
            });
        }
        return Some(passed);
    }
    let (end, value) = longest_number(text, at)?;
    // 13800000000元 is money, 13800138000 a telephone number.
    let after = text.at(end);
    let amount = CUES.unit_behind.has(after) || after == '.' && text.at(end + 1).is_ascii_digit();
    if amount || after.is_ascii_alphanumeric() && !extension(text, end) {
        return None;
    }
    let fax = CUES.fax.is_in(text, at.saturating_sub(4), at);
    Some(Claim { start: at, end, field: if fax { ContactField::None } else { ContactField::Phone }, value })
}

fn extension(text: &Text, at: usize) -> bool {
    ["ext", "x"].iter().any(|word| text.goes_on(at, word))
}

/// Returns the longest stretch from a position that is one telephone number: its end and the number.
fn longest_number(text: &Text, at: usize) -> Option<(usize, String)> {
    let mut ends = Vec::new();
    let (mut i, mut digits) = (at, 0);
    while i < at + 28 && digits < 16 {
        let c = text.at(i);
        if c.is_ascii_digit() {
            digits += 1;
            i += 1;
            if digits >= 8 && !text.at(i).is_ascii_digit() {
                ends.push(i);
            }
        } else if matches!(c, '+' | '(' | ')' | '-' | '.' | ' ' | '·')
            && (text.at(i + 1).is_ascii_digit() || matches!(text.at(i + 1), '(' | ')' | '-' | ' ' | '+'))
            // 1600　　1000: columns of a table.
            && !(c == ' ' && text.at(i + 1) == ' ')
        {
            i += 1;
        } else {
            break;
        }
    }
    for end in ends.into_iter().rev() {
        let written = text.folded(at, end);
        let free = written.starts_with("400") || written.starts_with("800");
        let bare = written.chars().all(|c| c.is_ascii_digit());
        // 4000000000 may be money: a service number in bare digits needs a label.
        if free && bare && !CUES.phone_label.is_in(text, at.saturating_sub(8), at) {
            continue;
        }
        if let Some(phone) = Phone::parse(&written) {
            return Some((end, phone.e164().to_owned()));
        }
    }
    None
}
