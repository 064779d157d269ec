//! Contact data of a text: telephone numbers, mail addresses, credit codes, WeChat ids, enterprises and persons.

pub(in crate::reader) mod claim;
mod enterprises;
mod hits;
mod latin_enterprises;
mod numbers;
mod persons;

use crate::contact::{Contact, Mail, Phone};
use crate::reader::letters::character::{Classes, is_han};
use crate::reader::letters::text::Text;
use crate::reader::tokens::contact::claim::{Claim, ContactField};
use crate::reader::tokens::contact::enterprises::company;
use crate::reader::tokens::contact::hits::Hits;
use crate::reader::tokens::contact::numbers::{address, credit_code, telephone, wechat};
use crate::reader::tokens::contact::persons::person;
use crate::reader::words::dictionary::Lookup;
use crate::reader::words::people::NameRole;
use crate::uscc::Uscc;

/// The shortest number or code without separators.
const SHORTEST: usize = 8;

/// The start of a number or an address.
const OPENING: Classes = Classes::ALPHANUMERIC.and(Classes::DIAL);

/// Reads the contact; returns it with its claims in the order of the text, and whether a labelled credit code is wrong.
pub(crate) fn contact(text: &Text, lookup: &Lookup) -> (Contact, Vec<Claim>, bool) {
    let mut claims = Vec::new();
    let mut bad_uscc = false;
    let mut at = 0;
    let mut opening = text.find(0, OPENING);
    let mut named =
        lookup.roles.iter().filter(|(.., roles)| roles.has(NameRole::Wechat)).map(|&(at, ..)| at).peekable();
    loop {
        while named.next_if(|&place| place < at).is_some() {}
        if opening < at {
            opening = text.find(at, OPENING);
        }
        at = named.peek().map_or(opening, |&place| place.min(opening));
        if at >= text.chars.len() {
            break;
        }
        let classes = text.classes(at);
        let inside = classes.any(Classes::ALPHANUMERIC) && at > 0 && text.classes(at - 1).any(Classes::ALPHANUMERIC);
        let opens = classes.any(OPENING) && !inside;
        let found = if opens { number(text, at, &mut claims, &mut bad_uscc) } else { None };
        let found = found.or_else(|| if named.peek() == Some(&at) { wechat(text, lookup, at) } else { None });
        match found {
            Some(claim) => {
                at = claim.end.max(at + 1);
                if claim.end > claim.start {
                    claims.push(claim);
                }
            }
            None => {
                // Nothing starts inside a run of letters and digits, except a word for WeChat.
                while named.next_if_eq(&at).is_some() {}
                let run = text.end(at, Classes::ALPHANUMERIC).max(at + 1);
                at = named.peek().map_or(run, |&place| place.min(run));
            }
        }
    }
    let hits = Hits::new(text, lookup);
    company(text, lookup, &hits, &mut claims);
    person(text, lookup, &hits, &mut claims);
    claims.sort_by_key(|claim| claim.start);
    (gather(&claims, hits.same), claims, bad_uscc)
}

fn number(text: &Text, at: usize, claims: &mut Vec<Claim>, bad_uscc: &mut bool) -> Option<Claim> {
    let run = (at..at + SHORTEST).take_while(|&at| text.classes(at).any(Classes::ALPHANUMERIC)).count();
    let (short, next) = ((1..SHORTEST).contains(&run), text.at(at + run));
    // Fast path: 30亩 and 3000kva的 are too short for any of them.
    if short && (is_han(next) || matches!(next, ',' | ';' | '。' | '、' | '\n')) {
        return None;
    }
    let code = || if short { None } else { credit_code(text, at, bad_uscc) };
    address(text, at).or_else(code).or_else(|| telephone(text, at, claims))
}

fn gather(claims: &[Claim], same: bool) -> Contact {
    let first = |field: ContactField| claims.iter().find(|claim| claim.field == field).map(|claim| claim.value.clone());
    let numbers: Vec<&Claim> = claims.iter().filter(|claim| claim.field == ContactField::Phone).collect();
    let mut phones: Vec<Phone> = Vec::new();
    let mut glued: Vec<Phone> = Vec::new();
    for (at, claim) in numbers.iter().enumerate() {
        let Some(phone) = Phone::parse(&claim.value) else { continue };
        let touches = at > 0 && numbers[at - 1].end == claim.start
            || numbers.get(at + 1).is_some_and(|next| next.start == claim.end);
        if touches && !glued.contains(&phone) {
            glued.push(phone.clone());
        }
        phones.push(phone);
    }
    let mobile =
        phones.iter().find(|phone| phone.is_mobile()).map(|phone| phone.e164().trim_start_matches("+86").to_owned());
    Contact {
        company: first(ContactField::Company),
        person: first(ContactField::Person),
        phone: phones.first().cloned(),
        phones: if glued.len() > 1 { glued } else { Vec::new() },
        email: first(ContactField::Email).and_then(|mail| Mail::parse(&mail)),
        uscc: first(ContactField::Uscc).and_then(|code| Uscc::parse(&code).ok()),
        wechat: first(ContactField::Wechat).or_else(|| mobile.filter(|_| same)),
    }
}

#[cfg(test)]
mod tests {
    use super::contact;
    use crate::reader::letters::text::Text;
    use crate::reader::words::dictionary::Lookup;

    fn read(text: &str) -> serde_json::Value {
        let text = Text::new(text);
        serde_json::to_value(contact(&text, &Lookup::new(&text)).0).expect("json")
    }

    #[test]
    fn contacts_are_read_in_every_writing() {
        for (text, expected) in [
            ("联系人张先生，电话１３８００１３００１２", r#"{"person":"张先生","phone":"+8613800130012"}"#),
            ("TEL:0512-00001234转801 陈工", r#"{"person":"陈工","phone":"+8651200001234"}"#),
            (
                "姓名:王五;手机:(+86)13800130012;公司:常州样例机电有限公司",
                r#"{"company":"常州样例机电有限公司","person":"王五","phone":"+8613800130012"}"#,
            ),
            (
                "☎13900000015 📧 zhao@example.com 👤赵六",
                r#"{"person":"赵六","phone":"+8613900000015","email":"zhao@example.com"}"#,
            ),
            ("投资方：示例控股集团（香港）有限公司，拟在晋江建厂", r#"{"company":"示例控股集团（香港）有限公司"}"#),
            ("我们是苏州样例科技有限公司，想租厂房", r#"{"company":"苏州样例科技有限公司"}"#),
            ("张三 13800138000", r#"{"person":"张三","phone":"+8613800138000"}"#),
            (
                "138001380001390000001513700137000",
                r#"{"phone":"+8613800138000","phones":["+8613800138000","+8613900000015","+8613700137000"]}"#,
            ),
            ("微信：abc_12345", r#"{"wechat":"abc_12345"}"#),
            ("13800138000微信同号", r#"{"phone":"+8613800138000","wechat":"13800138000"}"#),
            ("信用代码91350100M000100Y43", r#"{"uscc":"91350100M000100Y43"}"#),
            (
                "Contact: John Smith, +49 30 1234567, j.smith@example.com",
                r#"{"person":"John Smith","phone":"+49301234567","email":"j.smith@example.com"}"#,
            ),
            ("We are Example Motors Co., Ltd. and need 30 mu", r#"{"company":"Example Motors Co., Ltd."}"#),
            ("400 0123 021", r#"{"phone":"+864000123021"}"#),
            ("厂房2000平，王总13800138000", r#"{"person":"王总","phone":"+8613800138000"}"#),
        ] {
            let expected: serde_json::Value = serde_json::from_str(expected).expect("json");
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn amounts_days_and_codes_are_no_contacts() {
        for text in [
            "总投资13800000000元",
            "2027-03-01前",
            "地块21-03-44",
            "我公司想租2000平",
            "最高总投资5亿",
            "方案 李家 金属 高新区",
            "软件公司",
            "一家汽车零部件有限公司",
        ] {
            assert_eq!(read(text), serde_json::json!({}), "{text}");
        }
    }
}
