//! Checks of a policy before it is published: paired brackets, region, phones, links, promises.

use crate::promise::promising;
use crate::record::{Policies, Record};
use crate::region::{Division, DivisionCode, DivisionLevel, divisions};
use crate::word::words;

/// Brackets that come in pairs.
const PAIRS: [(char, char); 4] = [('《', '》'), ('（', '）'), ('「', '」'), ('“', '”')];
/// Columns with prose.
const PROSE: [&str; 4] = ["title", "summary", "body", "needs"];
/// Most digits of one phone number: an area code of four and a number of eight.
const PHONE_DIGITS: usize = 12;
/// Path of a policy's page.
const OWN_PAGES: &str = "/policies/";

words! {
    /// A kind of fault.
    pub enum PolicyFault in "policy_fault" {
        /// A bracket without its other half.
        Unpaired "unpaired",
        /// Title or issuer name a province outside the region.
        Region "region",
        /// Two phone numbers without anything between them.
        Phones "phones",
        /// A link that leads nowhere.
        Link "link",
        /// A promise that the law forbids; public pages hold it back until a reviewer lets it pass.
        Promise "promise",
    }
}

words! {
    /// The state of a page on another site.
    pub enum LinkState in "link_state" {
        /// It is there, or moved.
        Answers "answers",
        /// It is gone.
        Dead "dead",
        /// Its site could not be asked, or refused to say: people have to look.
        Unsure "unsure",
    }
}

impl LinkState {
    /// Returns what an HTTP status tells of a page.
    #[must_use]
    pub const fn of_status(status: u16) -> Self {
        match status {
            200..400 => Self::Answers,
            404 | 410 => Self::Dead,
            _ => Self::Unsure,
        }
    }
}

impl PolicyFault {
    /// Whether the policy cannot be published before it is mended.
    #[must_use]
    pub fn blocks(self) -> bool {
        self != Self::Promise
    }
}

/// A fault of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyFinding {
    /// Its kind.
    pub fault: PolicyFault,
    /// Name of the column.
    pub column: &'static str,
    /// The words in question.
    pub text: String,
}

/// Returns the faults of a policy; `is_known` tells whether a policy of this code is published.
#[must_use]
pub fn findings(policy: &Record<Policies>, is_known: impl Fn(&str) -> bool) -> Vec<PolicyFinding> {
    let mut found = Vec::new();
    for column in PROSE {
        let text = policy.get(column);
        let mut add = |fault, texts: Vec<String>| {
            found.extend(texts.into_iter().map(|text| PolicyFinding { fault, column, text }));
        };
        add(PolicyFault::Unpaired, unpaired(text));
        add(PolicyFault::Phones, glued_phones(text));
        add(
            PolicyFault::Link,
            links(text).filter(|link| !leads_somewhere(link, &is_known)).map(str::to_owned).collect(),
        );
    }
    let source = policy.get("source_url");
    if !source.is_empty() && !is_web(source) {
        found.push(PolicyFinding { fault: PolicyFault::Link, column: "source_url", text: source.to_owned() });
    }
    found.extend(foreign_provinces(policy));
    let held = promising(policy).into_iter().flat_map(|text| {
        let column = text.column.name;
        text.promises.into_iter().map(move |it| PolicyFinding { fault: PolicyFault::Promise, column, text: it.text })
    });
    found.extend(held);
    found
}

/// Returns the lines in which brackets of a kind do not pair, in their order.
fn unpaired(text: &str) -> Vec<String> {
    let is_wrong = |line: &&str| PAIRS.iter().any(|(open, close)| !pairs(line, *open, *close));
    text.lines().filter(is_wrong).map(str::to_owned).collect()
}

fn pairs(line: &str, open: char, close: char) -> bool {
    let depth = line.chars().try_fold(0_u32, |depth, c| match c {
        c if c == open => Some(depth + 1),
        c if c == close => depth.checked_sub(1),
        _ => Some(depth),
    });
    depth == Some(0)
}

/// Returns runs of digits and hyphens that are longer than any phone number. Digits beside letters or in a link are codes.
fn glued_phones(text: &str) -> Vec<String> {
    let is_part = |c: char| c.is_ascii_digit() || c == '-';
    let words = text.split(|c: char| !(is_part(c) || c.is_ascii_alphanumeric() || "/:._%?=&#".contains(c)));
    let is_long = |word: &&str| {
        let digits = word.chars().filter(char::is_ascii_digit).count();
        digits > PHONE_DIGITS && word.chars().all(is_part)
    };
    words.filter(is_long).map(str::to_owned).collect()
}

/// Targets of the Markdown links of a text.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap_or_default())
}

/// Returns the addresses on other sites that a policy names, each once with its column.
#[must_use]
pub fn outside_links(policy: &Record<Policies>) -> Vec<(&'static str, String)> {
    let source = std::iter::once(("source_url", policy.get("source_url")));
    let of_prose = PROSE.into_iter().flat_map(|column| links(policy.get(column)).map(move |link| (column, link)));
    let mut found: Vec<(&'static str, String)> = Vec::new();
    for (column, link) in source.chain(of_prose).filter(|(_, link)| is_web(link)) {
        if !found.iter().any(|(_, known)| known == link) {
            found.push((column, link.to_owned()));
        }
    }
    found
}

fn leads_somewhere(link: &str, is_known: impl Fn(&str) -> bool) -> bool {
    match link.strip_prefix(OWN_PAGES) {
        Some(code) => is_known(code),
        None => is_web(link) || link.strip_prefix("mailto:").is_some_and(|address| address.contains('@')),
    }
}

fn is_web(link: &str) -> bool {
    let rest = link.strip_prefix("https://").or_else(|| link.strip_prefix("http://")).unwrap_or_default();
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    host.split('.').filter(|part| !part.is_empty()).count() >= 2 && !link.contains(char::is_whitespace)
}

/// Names of provinces that begin title or issuer, of which the region is no part.
fn foreign_provinces(policy: &Record<Policies>) -> Vec<PolicyFinding> {
    let region = DivisionCode::parse(policy.get("region_code"));
    let is_inside = |province: &Division| region.is_some_and(|region| divisions().covers(province.code, region));
    let provinces = || divisions().all().iter().filter(|division| division.level == DivisionLevel::Province);
    let named = |column: &'static str| {
        let text = policy.get(column);
        let province = provinces().find(|it| text.starts_with(&*it.name) || text.starts_with(short(&it.name)));
        province.filter(|province| !is_inside(province)).map(|it| (column, it.name.to_string()))
    };
    let finding = |(column, text)| PolicyFinding { fault: PolicyFault::Region, column, text };
    ["title", "issuer"].into_iter().filter_map(named).map(finding).collect()
}

/// A province's name as titles have it: 浙江, 内蒙古, 广西.
fn short(name: &str) -> &str {
    let end = if name.starts_with("内蒙古") || name.starts_with("黑龙江") { 3 } else { 2 };
    name.char_indices().nth(end).map_or(name, |(at, _)| &name[..at])
}

#[cfg(test)]
mod tests {
    use super::{LinkState, PolicyFault, findings, outside_links};
    use crate::record::{Policies, Record};

    fn faults(cells: &[(&str, &str)]) -> Vec<(PolicyFault, String)> {
        let policy = Record::of_cells(Policies, cells.iter().copied());
        findings(&policy, |code| code == "known").into_iter().map(|it| (it.fault, it.text)).collect()
    }

    #[test]
    fn brackets_pair_within_a_line() {
        for (text, is_wrong) in [
            ("依据《办法》（2024年）执行", false),
            ("依据《办法（2024年）执行", true),
            ("依据》办法《", true),
            ("“十四五”期间《规划（2021）》", false),
            ("《办法\n》", true),
        ] {
            let found = faults(&[("summary", text)]);
            assert_eq!(found.iter().any(|(fault, _)| *fault == PolicyFault::Unpaired), is_wrong, "{text}: {found:?}");
        }
    }

    #[test]
    fn links_to_other_sites_are_found_once_and_own_pages_are_none() {
        let policy = Record::of_cells(
            Policies,
            [
                ("source_url", "https://www.example.com/a"),
                (
                    "body",
                    "见[原文](https://www.example.com/a)、[解读](http://example.org/b?c=1)和[旧页](/policies/known)。",
                ),
            ],
        );
        let found = outside_links(&policy);
        let found: Vec<(&str, &str)> = found.iter().map(|(column, link)| (*column, link.as_str())).collect();
        assert_eq!(found, [("source_url", "https://www.example.com/a"), ("body", "http://example.org/b?c=1")]);
    }

    #[test]
    fn a_page_is_dead_only_where_its_site_says_so() {
        for (status, state) in [
            (200, LinkState::Answers),
            (302, LinkState::Answers),
            (404, LinkState::Dead),
            (410, LinkState::Dead),
            (403, LinkState::Unsure),
            (503, LinkState::Unsure),
        ] {
            assert_eq!(LinkState::of_status(status), state, "{status}");
        }
    }

    #[test]
    fn a_province_in_title_or_issuer_is_that_of_the_region() {
        for (title, region, is_wrong) in [
            ("浙江省开发区条例", "330000", false),
            ("浙江标准地办法", "330200", false),
            ("浙江省开发区条例", "320000", true),
            ("浙江省开发区条例", "", true),
            ("开发区条例", "320000", false),
            ("内蒙古自治区开发区办法", "150000", false),
        ] {
            let found = faults(&[("title", title), ("region_code", region)]);
            assert_eq!(found.iter().any(|(fault, _)| *fault == PolicyFault::Region), is_wrong, "{title} {region}");
        }
    }

    #[test]
    fn glued_phones_are_seen_and_codes_are_none() {
        for (text, wrong) in [
            ("咨询电话0574-8768123413812345678", vec!["0574-8768123413812345678"]),
            ("电话 0574-87681234、13812345678", vec![]),
            ("统一社会信用代码 91330200MA2AXXXX12", vec![]),
            ("https://example.com/20240601123456789", vec![]),
            ("浙政发〔2024〕12号", vec![]),
        ] {
            let found = faults(&[("body", text)]);
            let phones: Vec<_> = found.iter().filter(|(fault, _)| *fault == PolicyFault::Phones).collect();
            assert_eq!(phones.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(), wrong);
        }
    }

    #[test]
    fn links_lead_to_a_site_a_mail_address_or_a_policy_that_is_there() {
        for (link, is_dead) in [
            ("https://www.zj.gov.cn/col/a.html", false),
            ("/policies/known", false),
            ("mailto:a@example.com", false),
            ("/policies/gone", true),
            ("http://", true),
            ("www.zj.gov.cn", true),
            ("javascript:alert(1)", true),
        ] {
            let found = faults(&[("body", &format!("见[原文]({link})"))]);
            assert_eq!(found.iter().any(|(fault, _)| *fault == PolicyFault::Link), is_dead, "{link}: {found:?}");
        }
        assert_eq!(faults(&[("source_url", "见附件")]).len(), 1);
    }

    #[test]
    fn a_promise_is_told_and_does_not_block() {
        let found = faults(&[("body", "入园企业税收返还地方留成的百分之八十")]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(!found[0].0.blocks() && PolicyFault::Link.blocks());
    }
}
