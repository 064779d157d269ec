//! Units of amounts and what an amount is counted by: `万元/亩`, `元/㎡·月`, `kN/m²`.

use std::sync::LazyLock;

use crate::reader::letters::text::Text;
use crate::reader::tokens::exact::Exact;
use crate::reader::words::lexicon::rows;
use crate::reader::words::trie::Trie;

/// What an amount measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dim {
    /// Land area in mu.
    Land,
    /// An area in m², of land or of floor.
    Floor,
    /// Yuan.
    Money,
    /// Money of another country.
    Foreign,
    /// kVA.
    Power,
    /// kW, which is not kVA.
    Watt,
    /// Metres.
    Length,
    /// Tonnes.
    Mass,
    /// kN.
    Force,
    /// kPa, which is kN/m².
    Pressure,
    /// Tonnes of coal equivalent.
    Energy,
    Percent,
    People,
    /// Kilometres.
    Far,
    /// `5个`: a number of whatever comes next.
    Count,
    /// A number without a unit.
    Bare,
    /// Anything that no field is measured in.
    Other,
}

/// What an amount is divided by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Per {
    pub(crate) mu: bool,
    pub(crate) hectare: bool,
    pub(crate) m2: bool,
    pub(crate) year: bool,
    pub(crate) month: bool,
    pub(crate) day: bool,
    /// Desk, person, tonne, hour, 万元: anything else.
    pub(crate) other: bool,
}

impl Per {
    pub(crate) const NONE: Self =
        Self { mu: false, hectare: false, m2: false, year: false, month: false, day: false, other: false };

    /// Both together.
    pub(crate) const fn and(self, more: Self) -> Self {
        Self {
            mu: self.mu || more.mu,
            hectare: self.hectare || more.hectare,
            m2: self.m2 || more.m2,
            year: self.year || more.year,
            month: self.month || more.month,
            day: self.day || more.day,
            other: self.other || more.other,
        }
    }

    /// Whether it is divided by an area.
    pub(crate) const fn area(self) -> bool {
        self.mu || self.hectare || self.m2
    }
}

#[derive(Clone, Copy)]
struct Unit {
    dim: Dim,
    factor: Exact,
}

static UNITS: LazyLock<Trie<Option<Unit>>> = LazyLock::new(|| {
    let mut units = Trie::with_room(1 << 11);
    for (head, list) in rows(include_str!("../../../../../config/data/reader/units.txt")) {
        let (dim, factor) = head.split_once(' ').unwrap_or((head, "1"));
        let (top, bottom) = factor.split_once('/').unwrap_or((factor, "1"));
        let (Some(dim), Ok(top), Ok(bottom)) = (dim_of(dim), top.parse(), bottom.parse()) else { continue };
        let Some(factor) = Exact::new(top, bottom) else { continue };
        list.split('|').for_each(|word| *units.entry(word) = Some(Unit { dim, factor }));
    }
    units
});

fn dim_of(word: &str) -> Option<Dim> {
    Some(match word {
        "land" => Dim::Land,
        "floor" => Dim::Floor,
        "money" => Dim::Money,
        "foreign" => Dim::Foreign,
        "power" => Dim::Power,
        "watt" => Dim::Watt,
        "length" => Dim::Length,
        "mass" => Dim::Mass,
        "force" => Dim::Force,
        "pressure" => Dim::Pressure,
        "energy" => Dim::Energy,
        "percent" => Dim::Percent,
        "people" => Dim::People,
        "far" => Dim::Far,
        "count" => Dim::Count,
        "other" => Dim::Other,
        _ => return None,
    })
}

/// The unit that starts at `at`, the longest: its dimension, how many base units it is, and where it ends.
pub(crate) fn unit(text: &Text, at: usize) -> Option<(Dim, Exact, usize)> {
    let mut best = None;
    UNITS.each(&text.chars, at, |length, unit| {
        if let Some(unit) = unit
            && bounded(text, at, at + length)
        {
            best = Some((unit.dim, unit.factor, at + length));
        }
    });
    best
}

/// Latin units end where no letter follows, `m2` where no digit does.
fn bounded(text: &Text, start: usize, end: usize) -> bool {
    let (last, next) = (text.at(end - 1), text.at(end));
    let latin = last.is_ascii_alphabetic() && next.is_ascii_alphabetic();
    let digit = last.is_ascii_digit() && next.is_ascii_digit();
    // 500万 亩均税收: the next label.
    let label = last == '亩' && matches!(next, '均' | '产');
    // `3 m` and `3m`, but `3 a…` only after a blank where a word may start.
    !(latin || digit || label) && end > start
}

/// What the words from `at` divide by (`/亩`, `每平每月`, ` per sqm per month`) and where they end.
pub(crate) fn per(text: &Text, at: usize, after_money: bool) -> (Per, usize) {
    let (mut found, mut end) = (Per::NONE, at);
    loop {
        let Some(start) = separator(text, end, after_money, end > at) else { return (found, end) };
        let Some((one, next)) = divisor(text, start) else { return (found, end) };
        found = found.and(one);
        end = if text.at(next) == ')' && text.chars[at..next].contains(&'(') { next + 1 } else { next };
    }
}

fn separator(text: &Text, at: usize, after_money: bool, again: bool) -> Option<usize> {
    if !again && !matches!(text.at(at), '/' | '每' | ' ' | 'p' | '一') {
        return None;
    }
    let words: &[&str] = match text.at(at) {
        '/' => &["/(", "/ ", "/每", "/"],
        '每' => &["每个", "每一", "每"],
        ' ' => &[" per ", " a ", " every ", " / "],
        'p' => &["per "],
        _ => &[],
    };
    if let Some(word) = words.iter().find(|word| text.goes_on(at, word)) {
        return Some(at + word.chars().count());
    }
    if after_money && text.at(at) == '一' {
        return Some(if text.at(at + 1) == '个' { at + 2 } else { at + 1 });
    }
    if again && matches!(text.at(at), '·' | '*' | '.' | '×') {
        return Some(at + 1);
    }
    (again && divisor(text, at).is_some_and(|(one, _)| one.month || one.day || one.year)).then_some(at)
}

/// Words of what an amount is divided by.
const DIVISORS: &[(Per, &[&str])] = &[
    (Per { mu: true, ..Per::NONE }, &["亩地", "亩", "mu"]),
    (Per { hectare: true, ..Per::NONE }, &["公顷", "hectare", "ha"]),
    (
        Per { m2: true, ..Per::NONE },
        &[
            "平方米",
            "平米",
            "平方",
            "平",
            "m2",
            "m^2",
            "sqm",
            "sq.m",
            "sq m",
            "square meter",
            "square metre",
            "方",
            "m²",
        ],
    ),
    (Per { year: true, ..Per::NONE }, &["年度", "年", "year", "annum", "yr", "a"]),
    (Per { month: true, ..Per::NONE }, &["个月", "月", "month", "mo"]),
    (Per { day: true, ..Per::NONE }, &["天", "日", "day", "d"]),
    (
        Per { other: true, ..Per::NONE },
        &[
            "万元产值",
            "万元",
            "人",
            "工位",
            "卡位",
            "个",
            "小时",
            "时",
            "吨",
            "度",
            "次",
            "户",
            "间",
            "套",
            "台",
            "hour",
            "h",
            "t",
            "desk",
            "person",
            "seat",
            "kwh",
            "立方",
            "方",
            "m3",
            "单",
            "件",
            "栋",
            "层",
            "米",
            "m",
            "车",
        ],
    ),
];

/// Where two kinds share a word the first has it.
static DIVIDED: LazyLock<Trie<Option<Per>>> = LazyLock::new(|| {
    let mut words: Trie<Option<Per>> = Trie::with_room(1 << 9);
    for (per, list) in DIVISORS {
        for word in *list {
            words.entry(word).get_or_insert(*per);
        }
    }
    words
});

/// The longest word that says what an amount is divided by, and where it ends.
fn divisor(text: &Text, at: usize) -> Option<(Per, usize)> {
    let mut best = None;
    DIVIDED.each(&text.chars, at, |length, per| {
        let end = at + length;
        let cut = text.at(end - 1).is_ascii_alphabetic() && text.at(end).is_ascii_alphanumeric()
            || text.at(end - 1) == '亩' && matches!(text.at(end), '均' | '产');
        best = per.filter(|_| !cut).map(|per| (per, end)).or(best);
    });
    best
}
