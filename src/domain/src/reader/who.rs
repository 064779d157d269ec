//! Who asks: telephone numbers, mail addresses, credit codes, WeChat ids, enterprises and persons in a text.

mod names;
mod numbers;

use std::collections::HashSet;
use std::sync::LazyLock;

use super::lexicon::{rows, whole};
use super::text::{Text, is_han};
use super::trie::Trie;
use crate::contact::{Contact, Mail, Phone};
use crate::uscc::Uscc;
use names::{company, person};
use numbers::{address, credit_code, telephone, wechat};

/// A stretch of the text that belongs to a contact and is nothing else.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Field of the contact; empty where the stretch is claimed without a field (a page's address).
    pub(super) field: &'static str,
    pub(super) value: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    PersonLabel,
    CompanyLabel,
    CompanyStart,
    CompanyEnd,
    Wechat,
    Same,
    Title,
}

struct People {
    words: Trie<Word>,
    /// Surnames of one character and of two; the second is a blank where there is none.
    surnames: HashSet<(char, char)>,
    generic: HashSet<&'static str>,
}

static PEOPLE: LazyLock<People> = LazyLock::new(|| {
    let mut words = Vec::new();
    let mut generic = HashSet::new();
    let mut surnames = HashSet::new();
    for (head, list) in rows(include_str!("../../../../config/data/reader/people.txt")) {
        let word = match head {
            "person_labels" => Word::PersonLabel,
            "company_labels" => Word::CompanyLabel,
            "company_starts" => Word::CompanyStart,
            "company_ends" => Word::CompanyEnd,
            "wechat" => Word::Wechat,
            "same" => Word::Same,
            "titles" => Word::Title,
            "surnames" => {
                surnames.extend(list.split('|').filter_map(|name| {
                    let mut chars = name.chars();
                    Some((chars.next()?, chars.next().unwrap_or(' ')))
                }));
                continue;
            }
            _ => {
                generic.extend(list.split('|'));
                continue;
            }
        };
        words.extend(list.split('|').map(|text| (text.chars().collect(), word)));
    }
    People { words: Trie::new(words), surnames, generic }
});

/// The longest word of a kind at a place.
fn word(text: &Text, at: usize, kind: Word) -> Option<usize> {
    let mut best = None;
    PEOPLE.words.each(&text.chars, at, |length, found| {
        if found == kind && whole(&text.chars, at, at + length) {
            best = Some(length);
        }
    });
    best
}

/// Where words of each kind stand in a text.
#[derive(Default)]
struct Hits {
    person_labels: Vec<usize>,
    company_labels: Vec<usize>,
    company_ends: Vec<usize>,
    titles: Vec<usize>,
    /// Ends of words that a name may follow.
    opened: HashSet<usize>,
    same: bool,
}

impl Hits {
    fn new(text: &Text) -> Self {
        let mut it = Self::default();
        for at in 0..text.chars.len() {
            PEOPLE.words.each(&text.chars, at, |length, word| match word {
                Word::PersonLabel => push(&mut it.person_labels, at),
                Word::CompanyLabel => push(&mut it.company_labels, at),
                Word::CompanyEnd => push(&mut it.company_ends, at),
                Word::Title => push(&mut it.titles, at),
                Word::Same => it.same = true,
                Word::CompanyStart => {
                    let single =
                        length == 1 && matches!(text.at(at), '和' | '与' | '及' | '由' | '受' | '为' | '系' | '我');
                    // A single character opens only at a boundary: 为 in 华为 does not.
                    if !single || !is_han(text.before(at)) {
                        it.opened.insert(at + length);
                    }
                }
                Word::Wechat => {}
            });
        }
        it
    }
}

fn push(list: &mut Vec<usize>, at: usize) {
    if list.last() != Some(&at) {
        list.push(at);
    }
}

/// Gathers the contact and the stretches that it was read from, by their place.
pub(super) fn contact(text: &Text) -> (Contact, Vec<Claim>, bool) {
    let mut claims = Vec::new();
    let mut bad_uscc = false;
    let mut at = 0;
    while at < text.chars.len() {
        let found = address(text, at)
            .or_else(|| credit_code(text, at, &mut bad_uscc))
            .or_else(|| wechat(text, at))
            .or_else(|| telephone(text, at, &mut claims));
        match found {
            Some(claim) => {
                at = claim.end.max(at + 1);
                if claim.end > claim.start {
                    claims.push(claim);
                }
            }
            None => at += 1,
        }
    }
    let hits = Hits::new(text);
    company(text, &hits, &mut claims);
    person(text, &hits, &mut claims);
    claims.sort_by_key(|claim| claim.start);
    (gather(&claims, hits.same), claims, bad_uscc)
}

fn gather(claims: &[Claim], same: bool) -> Contact {
    let first = |field: &str| claims.iter().find(|claim| claim.field == field).map(|claim| claim.value.clone());
    let mut phones: Vec<Phone> = Vec::new();
    for phone in claims.iter().filter(|claim| claim.field == "phone").filter_map(|claim| Phone::parse(&claim.value)) {
        if !phones.contains(&phone) {
            phones.push(phone);
        }
    }
    let mobile =
        phones.iter().find(|phone| phone.is_mobile()).map(|phone| phone.e164().trim_start_matches("+86").to_owned());
    Contact {
        company: first("company"),
        person: first("person"),
        phone: phones.first().cloned(),
        phones: if phones.len() > 1 { phones } else { Vec::new() },
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
    use crate::reader::text::Text;

    fn read(text: &str) -> serde_json::Value {
        serde_json::to_value(contact(&Text::new(text)).0).expect("json")
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
