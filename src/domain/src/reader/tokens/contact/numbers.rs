//! Mail addresses, credit codes, WeChat ids and telephone numbers in a text.

use super::{Claim, Role, word};
use crate::contact::{Mail, Phone};
use crate::half_width::half_width;
use crate::reader::letters::text::Text;
use crate::reader::words::dictionary::Lookup;
use crate::uscc::Uscc;

/// A mail address or the address of a page.
pub(crate) fn address(text: &Text, at: usize) -> Option<Claim> {
    let inside = |c: char| {
        c.is_ascii_graphic() && !matches!(c, '"' | '(' | ')' | ',' | ':' | ';' | '<' | '>' | '@' | '[' | '\\' | ']')
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
            return Some(Claim { start: at, end: at + length, field: "", value: String::new() });
        }
    }
    // An address is never longer than this, so a long run without an at sign costs little.
    let local = (at..at + 65).take_while(|&i| inside(text.at(i))).count();
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
    // The local part keeps its case.
    let written = fold_width(&text.written(at, end));
    Mail::parse(&written).map(|mail| Claim { start: at, end, field: "email", value: mail.as_str().to_owned() })
}

fn fold_width(text: &str) -> String {
    text.chars().map(half_width).collect()
}

/// 18 letters and digits of a unified social credit code.
pub(crate) fn credit_code(text: &Text, at: usize, bad: &mut bool) -> Option<Claim> {
    let inside = |c: char| c.is_ascii_alphanumeric();
    if !inside(text.at(at)) || at > 0 && inside(text.before(at)) {
        return None;
    }
    let run = (at..at + 19).take_while(|&i| inside(text.at(i))).count();
    if run != 18 || (at..at + 18).filter(|&i| text.at(i).is_ascii_digit()).count() < 8 {
        return None;
    }
    match Uscc::parse(&text.folded(at, at + 18)) {
        Ok(code) => Some(Claim { start: at, end: at + 18, field: "uscc", value: code.to_string() }),
        Err(_) => {
            let near: String = text.folded(at.saturating_sub(12), at);
            let meant = ["信用", "代码", "税号", "uscc", "credit"].iter().any(|word| near.contains(word));
            *bad |= meant;
            meant.then_some(Claim { start: at, end: at + 18, field: "", value: String::new() })
        }
    }
}

pub(crate) fn wechat(text: &Text, lookup: &Lookup, at: usize) -> Option<Claim> {
    if word(text, lookup, at, Role::Same).is_some() {
        return None;
    }
    let length = word(text, lookup, at, Role::Wechat)?;
    let mut start = at + length;
    while matches!(text.at(start), ':' | ' ' | '号' | '是' | '为' | '：' | '/')
        && start < text.chars.len().min(at + length + 4)
    {
        start += 1;
    }
    let run = (start..start + 21)
        .take_while(|&i| text.at(i).is_ascii_alphanumeric() || matches!(text.at(i), '_' | '-'))
        .count();
    let value = fold_width(&text.written(start, start + run));
    let mobile = Phone::parse(&value).is_some();
    let id = text.at(start).is_ascii_alphabetic() && (5..=20).contains(&run);
    (id || mobile).then_some(Claim { start, end: start + run, field: "wechat", value })
}

/// Telephone numbers from `at`; several glued together each become a claim.
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
    // Nothing as long as that is a number of anything; the scan goes on behind it.
    if run > 110 {
        return Some(Claim { start: at, end: at, field: "", value: String::new() }).map(|claim| Claim {
            end: at + run,
            start: at + run,
            ..claim
        });
    }
    if run >= 22
        && let Some(phones) = Phone::split_glued(&text.folded(at, at + run))
    {
        for (index, phone) in phones.into_iter().enumerate() {
            let start = at + index * 11;
            claims.push(Claim { start, end: start + 11, field: "phone", value: phone.e164().to_owned() });
        }
        return Some(Claim { start: at + run, end: at + run, field: "", value: String::new() });
    }
    let (end, value) = longest_number(text, at)?;
    // 13800000000元 is money, 13800138000 a telephone.
    let after = text.at(end);
    let amount = matches!(after, '元' | '万' | '亿' | '平' | '亩' | '吨' | '%')
        || after == '.' && text.at(end + 1).is_ascii_digit();
    if amount || after.is_ascii_alphanumeric() && !extension(text, end) {
        return None;
    }
    let before = text.folded(at.saturating_sub(4), at);
    let fax = ["传真", "fax"].iter().any(|word| before.contains(word));
    Some(Claim { start: at, end, field: if fax { "" } else { "phone" }, value })
}

fn extension(text: &Text, at: usize) -> bool {
    ["ext", "x"].iter().any(|word| text.goes_on(at, word))
}

/// The longest stretch from `at` that is one telephone number.
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
        // 4000000000 might be money: bare free numbers need a word before them.
        if free && bare && !spoken_of(text, at) {
            continue;
        }
        if let Some(phone) = Phone::parse(&written) {
            return Some((end, phone.e164().to_owned()));
        }
    }
    None
}

fn spoken_of(text: &Text, at: usize) -> bool {
    let near = text.folded(at.saturating_sub(8), at);
    ["电话", "热线", "tel", "手机", "联系", "致电", "call", "phone", "☎", "座机"].iter().any(|word| near.contains(word))
}
