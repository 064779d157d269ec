//! Names of places, industries, parks and listings by locale, and English for Chinese words of records.
//!
//! English names are data (`config/data/*_en.csv`). Words without one stay Chinese, and pages mark them with their language.

use std::collections::HashMap;
use std::sync::LazyLock;

use domain::industry::{IndustryCode, industries};
use domain::kind::Kind;
use domain::region::{DivisionCode, DivisionLevel, divisions};

use super::{Locale, say, tell};

type EnglishNames = HashMap<&'static str, &'static str>;

static DIVISIONS: LazyLock<EnglishNames> = LazyLock::new(|| parse(include_str!("../../config/data/divisions_en.csv")));
static INDUSTRIES: LazyLock<EnglishNames> =
    LazyLock::new(|| parse(include_str!("../../config/data/industries_en.csv")));
static PARKS: LazyLock<EnglishNames> = LazyLock::new(|| parse(include_str!("../../config/data/parks_en.csv")));
static WORDS: LazyLock<EnglishNames> = LazyLock::new(|| parse(include_str!("../../config/data/words_en.csv")));

/// Parts of names of buildings, the most particular first, with the keys of their English words.
const BUILDINGS: [(&str, &str); 15] = [
    ("单层厂房", "single_storey"),
    ("独栋厂房", "detached"),
    ("标准厂房", "factory"),
    ("厂房", "plant"),
    ("高标仓", "high_warehouse"),
    ("冷库", "cold_store"),
    ("仓", "warehouse"),
    ("实验", "laboratory"),
    ("研发", "research"),
    ("众创空间", "makerspace"),
    ("孵化", "incubator"),
    ("加速器", "accelerator"),
    ("大厦", "office"),
    ("写字楼", "office"),
    ("办公", "office"),
];
/// Words after the number of a building or plot.
const AFTER_NUMBER: [&str; 6] = ["号", "座", "栋", "幢", "库", "楼"];

/// Reads the two columns of a table; a second column may be quoted, because it may hold commas.
fn parse(table: &'static str) -> EnglishNames {
    let pair = |line: &'static str| line.trim_end().split_once(',').map(|(key, name)| (key, name.trim_matches('"')));
    table.lines().skip(1).filter_map(pair).collect()
}

/// Name of one division: `宁波市`, `Ningbo`.
#[must_use]
pub fn division(locale: Locale, code: DivisionCode) -> String {
    let own = || divisions().get(code).map_or_else(|| code.to_string(), |row| row.name.clone());
    match locale {
        Locale::ZhHans => own(),
        Locale::En => DIVISIONS.get(code.to_string().as_str()).map_or_else(own, |name| (*name).to_owned()),
    }
}

/// Name of one division by itself; in English with the division around it where several have the name: `Suzhou (Jiangsu)`.
#[must_use]
pub fn division_alone(locale: Locale, code: DivisionCode) -> String {
    let name = division(locale, code);
    let around = divisions().get(code).and_then(|row| row.parent);
    match around.filter(|_| locale == Locale::En && divisions_named(&name).len() > 1) {
        Some(around) => format!("{name} ({})", division(locale, around)),
        None => name,
    }
}

/// Division with those around it: `浙江省 宁波市`, `Ningbo, Zhejiang`.
#[must_use]
pub fn region_name(locale: Locale, code: DivisionCode) -> String {
    match locale {
        Locale::ZhHans => divisions().full_name(code),
        Locale::En => {
            let names: Vec<String> = divisions().upwards(code).map(|row| division(locale, row.code)).collect();
            names.join(", ")
        }
    }
}

/// Industry with its code: `汽车零部件及配件制造(3670)`; in English a class has the name of its group.
#[must_use]
pub fn industry(locale: Locale, code: IndustryCode) -> String {
    say(locale, "format.industry", &[("name", &industry_name(locale, code)), ("code", &code.to_string())])
}

fn industry_name(locale: Locale, code: IndustryCode) -> String {
    let text = code.to_string();
    let english = || (1..=text.len()).rev().find_map(|length| by_digits(&text[..length]));
    match locale {
        Locale::En => english().map_or_else(|| industries().name(code).to_owned(), str::to_owned),
        Locale::ZhHans => industries().name(code).to_owned(),
    }
}

/// The name of a code with or without its section letter.
fn by_digits(code: &str) -> Option<&'static str> {
    static BARE: LazyLock<EnglishNames> = LazyLock::new(|| {
        let bare = |code: &'static str| if code.len() > 1 { &code[1..] } else { code };
        INDUSTRIES.iter().map(|(code, name)| (bare(code), *name)).collect()
    });
    INDUSTRIES.get(code).or_else(|| BARE.get(code)).copied()
}

/// A word of a free-text column: land use, type of park, leading industries. Words without an English name stay.
#[must_use]
pub fn free_word(locale: Locale, text: &str) -> String {
    if locale == Locale::ZhHans {
        return text.to_owned();
    }
    if let Some(whole) = WORDS.get(text) {
        return (*whole).to_owned();
    }
    let words: Vec<&str> = text.split('、').map(|word| WORDS.get(word).copied().unwrap_or(word)).collect();
    words.join(", ")
}

/// Name of a park; in English with the Chinese one beside it.
#[must_use]
pub fn park_name(locale: Locale, code: &str, name: &str) -> String {
    match (locale, PARKS.get(code)) {
        (Locale::En, Some(english)) => beside(english, name),
        _ => name.to_owned(),
    }
}

/// Parts of a listing of which its name is made.
#[derive(Clone, Copy, Debug)]
pub struct NamedListing<'a> {
    /// The kind.
    pub kind: Kind,
    /// The name as its park writes it.
    pub name: &'a str,
    /// The code of the park itself or of the park around it.
    pub park: Option<&'a str>,
    /// The narrowest division.
    pub division: Option<DivisionCode>,
}

/// Name of a listing; in English what it is and where, with the Chinese name beside it.
#[must_use]
pub fn listing_name(locale: Locale, named: NamedListing<'_>) -> String {
    match locale {
        Locale::ZhHans => named.name.to_owned(),
        Locale::En if !has_chinese(named.name) => named.name.to_owned(),
        Locale::En => beside(&english_name(named), named.name),
    }
}

fn english_name(named: NamedListing<'_>) -> String {
    let park = named.park.and_then(|code| PARKS.get(code)).map(|name| (*name).to_owned());
    let around = park.or_else(|| named.division.map(|code| region_name(Locale::En, code))).unwrap_or_default();
    let what = match named.kind {
        Kind::Park if !around.is_empty() && named.park.is_some_and(|code| PARKS.contains_key(code)) => return around,
        Kind::Park => "park",
        Kind::Plot => "plot",
        Kind::Space => BUILDINGS.iter().find(|(part, _)| named.name.contains(part)).map_or("space", |(_, key)| key),
    };
    let sample = if named.name.contains("示例") { "sample" } else { "real" };
    let what = tell(Locale::En, &format!("named.{sample}.{what}"));
    let what = match number(named.name) {
        Some(number) => say(Locale::En, "named.number", &[("what", &what), ("number", number)]),
        None => what,
    };
    if around.is_empty() { what } else { say(Locale::En, "named.place", &[("what", &what), ("place", &around)]) }
}

/// Returns the number of a building or plot: `E11` of `产业大厦E11座5层`.
fn number(name: &str) -> Option<&str> {
    let is_part = |c: char| c.is_ascii_alphanumeric();
    AFTER_NUMBER.iter().find_map(|word| {
        let before = &name[..name.find(&**word)?];
        let digits = &before[before.rfind(|c| !is_part(c)).map_or(0, |at| at + char_length(&before[at..]))..];
        digits.contains(|c: char| c.is_ascii_digit()).then_some(digits)
    })
}

fn char_length(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

/// The English name with the Chinese one beside it.
fn beside(english: &str, chinese: &str) -> String {
    format!("{english} {chinese}")
}

/// A name without its Chinese part, for places that hold plain text alone.
#[must_use]
pub fn without_chinese(text: &str) -> &str {
    let end = text.find(is_chinese).unwrap_or(text.len());
    let english = text[..end].trim_end();
    if english.is_empty() { text } else { english }
}

/// Whether a text has a Chinese character.
#[must_use]
pub fn has_chinese(text: &str) -> bool {
    text.contains(is_chinese)
}

/// Whether a character is an ideograph or Chinese punctuation.
#[must_use]
pub fn is_chinese(c: char) -> bool {
    let punctuation = matches!(c, '\u{3001}'..='\u{3011}' | '\u{3014}' | '\u{3015}' | '\u{ff01}'..='\u{ff1f}');
    punctuation || matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// All provinces by their names, for suggestions.
#[must_use]
pub fn provinces(locale: Locale) -> Vec<String> {
    let provinces = divisions().all().iter().filter(|row| row.level == DivisionLevel::Province);
    provinces.map(|row| division(locale, row.code)).collect()
}

/// Returns the industry of an English name; of several with one name the widest.
#[must_use]
pub fn industry_named(name: &str) -> Option<IndustryCode> {
    let same = INDUSTRIES.iter().filter(|(_, own)| own.eq_ignore_ascii_case(name.trim())).map(|(code, _)| *code);
    IndustryCode::parse(same.min_by_key(|code| code.len())?)
}

/// Returns the divisions of an English name, as pages write it, with or without the words that follow it.
#[must_use]
pub fn divisions_named(name: &str) -> Vec<DivisionCode> {
    static BY_NAME: LazyLock<HashMap<String, Vec<DivisionCode>>> = LazyLock::new(|| {
        let mut by_name: HashMap<String, Vec<DivisionCode>> = HashMap::new();
        for row in divisions().all() {
            by_name.entry(division(Locale::En, row.code).to_lowercase()).or_default().push(row.code);
        }
        by_name
    });
    BY_NAME.get(&name.trim().to_lowercase()).cloned().unwrap_or_default()
}
