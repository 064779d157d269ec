//! Who asks: telephone numbers, mail addresses, credit codes, WeChat ids, enterprises and persons in a text.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::lexicon::{rows, whole};
use super::text::{Text, is_han, is_stop};
use super::trie::Trie;
use crate::contact::{Contact, Mail, Phone, is_visible};
use crate::uscc::Uscc;

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

/// A mail address or the address of a page.
fn address(text: &Text, at: usize) -> Option<Claim> {
    let inside = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
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
    text.chars().map(crate::contact::half_width).collect()
}

/// 18 letters and digits of a unified social credit code.
fn credit_code(text: &Text, at: usize, bad: &mut bool) -> Option<Claim> {
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
            *bad |= ["信用", "代码", "税号", "uscc", "credit"].iter().any(|word| near.contains(word));
            None
        }
    }
}

fn wechat(text: &Text, at: usize) -> Option<Claim> {
    if word(text, at, Word::Same).is_some() {
        return None;
    }
    let length = word(text, at, Word::Wechat)?;
    let mut start = at + length;
    while matches!(text.at(start), ':' | ' ' | '号' | '是' | '为' | '：' | '/') && start < at + length + 4 {
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
fn telephone(text: &Text, at: usize, claims: &mut Vec<Claim>) -> Option<Claim> {
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
    Some(Claim { start: at, end, field: "phone", value })
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

/// Enterprises: a name that ends in its legal form, or what stands after a label.
fn company(text: &Text, hits: &Hits, claims: &mut Vec<Claim>) {
    let mut found: Vec<Claim> = hits.company_labels.iter().filter_map(|&at| labelled_company(text, at)).collect();
    found.extend(hits.company_ends.iter().filter_map(|&at| formed_company(text, at, hits)));
    let spaces = (0..text.chars.len()).filter(|&at| text.chars[at] == ' ' && text.at(at + 1).is_ascii_alphabetic());
    found.extend(spaces.filter_map(|at| latin_company(text, at)));
    found.sort_by_key(|claim| (claim.start, std::cmp::Reverse(claim.end)));
    for claim in found {
        if !claims.iter().rev().take(400).any(|other| other.start < claim.end && claim.start < other.end) {
            claims.push(claim);
        }
    }
}

const LONGEST_NAME: usize = 60;

fn labelled_company(text: &Text, at: usize) -> Option<Claim> {
    if is_han(text.before(at)) && at > 0 {
        return None;
    }
    let length = word(text, at, Word::CompanyLabel)?;
    let colon = text.at(at + length) == ':' || !is_han(text.at(at)) && !text.at(at).is_ascii_alphabetic();
    if !colon {
        return None;
    }
    let mut start = at + length;
    while matches!(text.at(start), ':' | ' ') && start < text.chars.len() {
        start += 1;
    }
    let end = (start..text.chars.len().min(start + LONGEST_NAME))
        .find(|&i| ends_name(text, i))
        .unwrap_or(text.chars.len().min(start + LONGEST_NAME));
    name_claim(text, start, end, "company")
}

fn ends_name(text: &Text, at: usize) -> bool {
    let c = text.at(at);
    is_stop(c)
        && !(c == ',' && text.goes_on(at, ", ltd")
            || c == ',' && text.goes_on(at, ",ltd")
            || c == ',' && text.goes_on(at, ", inc"))
        || c == ' ' && (is_han(text.at(at + 1)) || text.at(at + 1).is_ascii_digit())
        || matches!(c, '/' | ':' | '<' | '>' | '☎' | '✉' | '☻')
}

fn name_claim(text: &Text, start: usize, end: usize, field: &'static str) -> Option<Claim> {
    let written = text.written(start, end);
    let value = written.trim().to_owned();
    let length = value.chars().count();
    let fits =
        (2..=LONGEST_NAME).contains(&length) && value.chars().all(is_visible) && value.chars().any(char::is_alphabetic);
    fits.then_some(Claim { start, end, field, value })
}

fn formed_company(text: &Text, at: usize, hits: &Hits) -> Option<Claim> {
    let length = word(text, at, Word::CompanyEnd)?;
    let ending = text.folded(at, at + length);
    let end = at + length;
    // 公司 and 集团 alone are everyday words; a legal form is not.
    let legal = !matches!(ending.as_str(), "公司" | "集团" | "总公司" | "分公司" | "研究院" | "研究所" | "事务所");
    let floor = at.saturating_sub(LONGEST_NAME);
    let mut start = at;
    while start > floor {
        let c = text.before(start);
        let inside = is_han(c) || c.is_ascii_alphanumeric() || matches!(c, '(' | ')' | '·' | '&' | '-');
        if !inside || start < at && hits.opened.contains(&start) {
            break;
        }
        start -= 1;
    }
    // 我司(样例公司): a bracket that opens before the name closes behind it.
    if text.at(start) == '(' && !text.folded(start, end).contains(')') {
        start += 1;
    }
    let body = text.folded(start, end);
    let plain = PEOPLE.generic.contains(body.as_str())
        || ["一家", "家", "某", "多家", "我们", "这"].iter().any(|head| body.starts_with(head));
    let long = body.chars().count() >= length + 2;
    if !legal || plain || !long {
        return None;
    }
    name_claim(text, start, end, "company")
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
    while start > floor {
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
fn person(text: &Text, hits: &Hits, claims: &mut Vec<Claim>) {
    let labelled = hits.person_labels.iter().filter_map(|&at| labelled_person(text, at, claims));
    let addressed =
        hits.titles.iter().flat_map(|&at| (at.saturating_sub(4)..at).filter_map(|from| addressed(text, from)).take(1));
    let latin = (0..text.chars.len())
        .filter(|&at| matches!(text.chars[at], 'm' | 'd') && !text.before(at).is_ascii_alphabetic());
    let latin = latin.filter_map(|at| latin_addressed(text, at));
    let phones = claims.iter().filter(|claim| claim.field == "phone").take(20);
    let beside = phones
        .flat_map(|claim| (claim.start.saturating_sub(8)..claim.start).chain(claim.end..claim.end + 4))
        .filter_map(|at| before_phone(text, at, claims));
    let mut found: Vec<Claim> = labelled.chain(addressed).chain(latin).chain(beside).collect();
    found.sort_by_key(|claim| claim.start);
    let first = found.into_iter().find(|claim| !claimed(claims, claim.start, claim.end));
    claims.extend(first);
}

/// How long the surname at a place is.
fn surname(text: &Text, at: usize) -> Option<usize> {
    let (first, second) = (text.at(at), text.at(at + 1));
    if PEOPLE.surnames.contains(&(first, second)) && second != ' ' {
        return Some(2);
    }
    PEOPLE.surnames.contains(&(first, ' ')).then_some(1)
}

fn boundary(c: char) -> bool {
    !is_han(c) && !c.is_ascii_alphabetic()
}

/// How long the way of address at `at` is, where nothing goes on behind it.
fn title(text: &Text, at: usize) -> Option<usize> {
    let length = word(text, at, Word::Title)?;
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
    let short = matches!(text.folded(at, at + length).as_str(), "总" | "工" | "董" | "哥" | "姐" | "生" | "采购");
    (boundary(next)
        || goes_on.iter().take(10).any(|word| text.goes_on(at + length, word))
        || !short && goes_on.iter().any(|word| text.goes_on(at + length, word)))
    .then_some(length)
}

/// 张先生, 李明经理, 陈工.
fn addressed(text: &Text, at: usize) -> Option<Claim> {
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
        let length = title(text, from)?;
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

fn labelled_person(text: &Text, at: usize, claims: &[Claim]) -> Option<Claim> {
    let length = word(text, at, Word::PersonLabel)?;
    let label = text.folded(at, at + length);
    let verb = matches!(
        label.as_str(),
        "找" | "联系" | "我是" | "对接" | "本人" | "请联系" | "i am" | "i'm" | "contact" | "name" | "联系方式"
    );
    let mut start = at + length;
    let mut colon = false;
    while matches!(text.at(start), ':' | ' ' | '是' | '为' | '-' | '叫') && start < text.chars.len() {
        colon |= text.at(start) == ':';
        start += 1;
    }
    if claimed(claims, start, start + 1) {
        return None;
    }
    if let Some(claim) = latin_addressed(text, start).or_else(|| addressed_after_label(text, start)) {
        return Some(claim);
    }
    let emoji = !is_han(text.at(at)) && !text.at(at).is_ascii_alphabetic();
    if text.at(start).is_ascii_alphabetic() {
        let end = latin_name(text, start).filter(|_| colon || !verb || label.starts_with("my"))?;
        return name_claim(text, start, end, "person");
    }
    let end = (start..start + 9).take_while(|&i| is_han(text.at(i)) || text.at(i) == '·').count() + start;
    let han = end - start;
    // 我是苏州人, 联系我们: no names.
    let place = super::gazetteer::place(&text.chars, start).is_some_and(|(length, _)| length >= 2);
    if place && !colon || matches!(text.before(end), '的' | '人') && !colon {
        return None;
    }
    let surname_first = surname(text, start).is_some();
    let fits = (2..=4).contains(&han) && (surname_first || text.folded(start, end).contains('·'))
        || colon && (1..=8).contains(&han) && han <= 4;
    ((colon || emoji || !verb) && fits
        || verb && surname_first && (2..=3).contains(&han) && label != "找" && label != "对接")
        .then(|| name_claim(text, start, end, "person"))
        .flatten()
}

fn addressed_after_label(text: &Text, at: usize) -> Option<Claim> {
    let family = surname(text, at)?;
    (0..=2).find_map(|given| {
        let from = at + family + given;
        let length = title(text, from)?;
        (at..from).all(|i| is_han(text.at(i))).then(|| name_claim(text, at, from + length, "person")).flatten()
    })
}

/// `张三 13800138000`: two to four characters by themselves just before or after a telephone number.
fn before_phone(text: &Text, at: usize, claims: &[Claim]) -> Option<Claim> {
    if !boundary(text.before(at)) {
        return None;
    }
    let family = surname(text, at)?;
    let han = (at..at + 5).take_while(|&i| is_han(text.at(i))).count();
    if !(2..=3).contains(&han) && !(family == 2 && han == 4) {
        return None;
    }
    let end = at + han;
    let mut next = end;
    while matches!(text.at(next), ' ' | ':' | ',' | '-' | '/') && next < end + 3 {
        next += 1;
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
    let known = super::gazetteer::place(&text.chars, at).is_some_and(|(length, _)| length == han)
        || super::lexicon::word(&text.chars, at).is_some_and(|(length, _)| length >= 2);
    let near = phone(next, true) && next > end || last < at && phone(last, false) && boundary(text.at(end));
    (near && !known).then(|| name_claim(text, at, end, "person")).flatten()
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
