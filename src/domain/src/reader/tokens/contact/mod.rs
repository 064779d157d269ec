//! Who asks: telephone numbers, mail addresses, credit codes, WeChat ids, enterprises and persons in a text.

mod names;
mod numbers;

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::contact::{Contact, Mail, Phone};
use crate::reader::letters::character::Classes;
use crate::reader::letters::text::{Text, is_han};
use crate::reader::words::dictionary::{Entry, Lookup};
use crate::reader::words::lexicon::rows;
use crate::reader::words::trie::Trie;
use crate::uscc::Uscc;
use names::{company, person};
use numbers::{address, credit_code, telephone, wechat};

/// A stretch of the text that belongs to a contact and is nothing else.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Field of the contact; empty where the stretch is claimed without a field (a page's address).
    pub(crate) field: &'static str,
    pub(crate) value: String,
}

/// What a word says of a contact.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Role {
    PersonLabel,
    CompanyLabel,
    CompanyStart,
    CompanyEnd,
    Wechat,
    Same,
    Title,
    SignOff,
}

/// A set of [`Role`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Roles(u8);

impl Roles {
    const fn has(self, role: Role) -> bool {
        self.0 >> (role as u8) & 1 == 1
    }

    const fn with(self, role: Role) -> Self {
        Self(self.0 | 1 << (role as u8))
    }
}

const PEOPLE: &str = include_str!("../../../../../../config/data/reader/people.txt");

/// Adds the words around names of enterprises and persons.
pub(crate) fn add_to(words: &mut Trie<Entry>) {
    for (head, list) in rows(PEOPLE) {
        let role = match head {
            "person_labels" => Role::PersonLabel,
            "company_labels" => Role::CompanyLabel,
            "company_starts" => Role::CompanyStart,
            "company_ends" => Role::CompanyEnd,
            "wechat" => Role::Wechat,
            "same" => Role::Same,
            "titles" => Role::Title,
            "sign_offs" => Role::SignOff,
            _ => continue,
        };
        for text in list.split('|') {
            let entry = words.entry(text);
            entry.roles = entry.roles.with(role);
        }
    }
}

/// Words that are looked up whole.
struct People {
    surnames: Trie<bool>,
    /// Names that are none: 公司, 一家公司.
    generic: HashSet<&'static str>,
}

static NAMES: LazyLock<People> = LazyLock::new(|| {
    let list = |wanted: &'static str| {
        rows(PEOPLE).filter(move |(head, _)| *head == wanted).flat_map(|(_, list)| list.split('|'))
    };
    let mut surnames = Trie::with_room(1 << 10);
    list("surnames").for_each(|name| *surnames.entry(name) = true);
    People { surnames, generic: list("company_generic").collect() }
});

/// The longest word of a kind at a place.
fn word(text: &Text, lookup: &Lookup, at: usize, role: Role) -> Option<usize> {
    lookup.role(text, at, |roles| roles.has(role))
}

/// Where words of each kind stand in a text.
#[derive(Default)]
struct Hits {
    person_labels: Vec<usize>,
    company_labels: Vec<usize>,
    company_ends: Vec<usize>,
    titles: Vec<usize>,
    sign_offs: Vec<usize>,
    /// Ends of words that a name may follow, in their order.
    opened: Vec<usize>,
    same: bool,
}

impl Hits {
    fn new(text: &Text, lookup: &Lookup) -> Self {
        let mut it = Self::default();
        for &(at, length, roles) in &lookup.roles {
            let lists = [
                (Role::PersonLabel, &mut it.person_labels),
                (Role::CompanyLabel, &mut it.company_labels),
                (Role::CompanyEnd, &mut it.company_ends),
                (Role::Title, &mut it.titles),
                (Role::SignOff, &mut it.sign_offs),
            ];
            for (role, list) in lists {
                if roles.has(role) && list.last() != Some(&at) {
                    list.push(at);
                }
            }
            it.same |= roles.has(Role::Same);
            let single = length == 1 && matches!(text.at(at), '和' | '与' | '及' | '由' | '受' | '为' | '系' | '我');
            // A single character opens only at a boundary: 为 in 华为 does not.
            if roles.has(Role::CompanyStart) && !(single && is_han(text.before(at))) {
                it.opened.push(at + length);
            }
        }
        it.opened.sort_unstable();
        it
    }

    fn is_opened(&self, at: usize) -> bool {
        self.opened.binary_search(&at).is_ok()
    }
}

/// No number or code is shorter, where it is written in one.
const SHORTEST: usize = 8;

/// What a number or an address starts with.
const OPENING: Classes = Classes::ALPHANUMERIC.and(Classes::DIAL);

/// Gathers the contact and the stretches that it was read from, by their place.
pub(crate) fn contact(text: &Text, lookup: &Lookup) -> (Contact, Vec<Claim>, bool) {
    let mut claims = Vec::new();
    let mut bad_uscc = false;
    let mut at = 0;
    let mut opening = text.find(0, OPENING);
    let mut named = lookup.roles.iter().filter(|(.., roles)| roles.has(Role::Wechat)).map(|&(at, ..)| at).peekable();
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
                // Nothing opens inside a run of letters and digits, but a word for WeChat may stand there.
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
    // 30亩, 3000kva的: too short for any of them, and nothing goes on behind it.
    if short && (is_han(next) || matches!(next, ',' | ';' | '。' | '、' | '\n')) {
        return None;
    }
    let code = || if short { None } else { credit_code(text, at, bad_uscc) };
    address(text, at).or_else(code).or_else(|| telephone(text, at, claims))
}

fn gather(claims: &[Claim], same: bool) -> Contact {
    let first = |field: &str| claims.iter().find(|claim| claim.field == field).map(|claim| claim.value.clone());
    let numbers: Vec<&Claim> = claims.iter().filter(|claim| claim.field == "phone").collect();
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
        company: first("company"),
        person: first("person"),
        phone: phones.first().cloned(),
        phones: if glued.len() > 1 { glued } else { Vec::new() },
        email: first("email").and_then(|mail| Mail::parse(&mail)),
        uscc: first("uscc").and_then(|code| Uscc::parse(&code).ok()),
        wechat: first("wechat").or_else(|| mobile.filter(|_| same)),
    }
}

fn claimed(claims: &[Claim], start: usize, end: usize) -> bool {
    claims.iter().any(|claim| claim.start < end && start < claim.end)
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
