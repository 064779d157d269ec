//! Views of an answer: groups of matches with their reasons.

use domain::decimal::Decimal;
use domain::listing::Kind;
use domain::matching::{Answer, Criterion, Judged, Match, Mode, Value};
use serde::Serialize;

use super::advice::{AdviceView, PairView, StatedNeed, advice, pair_view};
use super::draft::FormContent;
use super::listing::{Badge, FreshMark, listing_url, park_beside};
use super::verdict::verdict_code;
use crate::i18n::{
    LabelledValue, Locale, NamedListing, Notation, date, division_alone, free_word, industry, listing_name, quantity,
    quantity_near, quantity_up, range_in_words, region_name, say, tell, word,
};

/// One criterion of a match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CriterionView {
    /// The verdict's code, the CSS class of its colour.
    pub code: &'static str,
    /// The criterion.
    pub label: String,
    /// The verdict.
    pub verdict: String,
    /// Whether it is a wish.
    pub wish: bool,
    /// Whether the listing's side is what it demands, not what it offers.
    pub demand: bool,
    /// The requirement's side.
    pub need: String,
    /// The listing's side.
    pub offer: String,
    /// Whether that side is a figure or a day, which its label alone does not tell.
    #[serde(skip)]
    pub is_figure: bool,
    /// The gap in words.
    pub gap: Option<String>,
    /// The points.
    pub points: u32,
    /// The maximum of points.
    pub max_points: u32,
}

/// One criterion in short form; cards show short ones first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignView {
    /// The verdict's code.
    pub code: &'static str,
    /// The verdict.
    pub verdict: String,
    /// The criterion and its gap.
    pub words: String,
}

/// One match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each is what its name says, in words")]
pub struct MatchView {
    pub id: String,
    pub kind: String,
    pub name: String,
    pub url: String,
    pub region: String,
    pub park_name: Option<String>,
    pub take: Option<String>,
    pub score: u32,
    pub max_score: u32,
    /// Points as a share of the maximum, %.
    pub share: u32,
    /// Key facts, the price first.
    pub facts: Vec<LabelledValue>,
    pub demo: bool,
    pub status: Option<String>,
    pub old: Option<String>,
    pub marks: Vec<FreshMark>,
    pub source: Option<String>,
    pub criteria: Vec<CriterionView>,
    pub signs: Vec<SignView>,
    pub group: String,
    /// Whether its park has an inbox for inquiries.
    pub inbox: bool,
    /// Official phone of a park without one, and the official page of the listing.
    pub phone: Option<String>,
    pub page: Option<String>,
    /// Whether the checkbox is ticked.
    pub picked: bool,
    /// Whether it is on the shortlist.
    pub compared: bool,
    /// Number of the card on its page and on the map; 0 without one.
    pub number: usize,
}

/// One group of matches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each is what its name says, in words")]
pub struct GroupView {
    pub code: &'static str,
    pub label: String,
    pub hint: String,
    pub empty: String,
    pub total: usize,
    pub matches: Vec<MatchView>,
    /// Whether the group has more matches than shown.
    pub more: bool,
    /// Address of the answer with all matches of the group; `None` where they are shown already.
    pub url: Option<String>,
}

/// A whole answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnswerView {
    /// The groups, best first.
    pub groups: Vec<GroupView>,
    /// Advice of one change.
    pub relaxations: Vec<AdviceView>,
    /// Advice of two changes.
    pub pairs: Vec<PairView>,
}

impl GroupView {
    /// Makes the view of one group; `view` makes the card of a match.
    #[must_use]
    pub fn new(
        locale: Locale,
        code: &'static str,
        matches: &[Match],
        total: usize,
        view: impl Fn(&Match) -> MatchView,
    ) -> Self {
        Self {
            code,
            label: tell(locale, &format!("group.{code}")),
            hint: tell(locale, &format!("group.{code}_hint")),
            empty: tell(locale, &format!("group.{code}_empty")),
            total,
            more: total > matches.len(),
            url: None,
            matches: matches.iter().map(view).collect(),
        }
    }
}

impl AnswerView {
    /// Makes the view of an answer; `view` makes the card of a match.
    #[must_use]
    pub fn new(
        notation: Notation,
        answer: &Answer,
        stated: StatedNeed<'_>,
        view: impl Fn(&Match) -> MatchView,
    ) -> Self {
        let group = |code, matches: &[Match], total| GroupView::new(notation.locale, code, matches, total, &view);
        Self {
            groups: vec![
                group("matched", &answer.matched, answer.counts.matched),
                group("to_confirm", &answer.to_confirm, answer.counts.to_confirm),
                group("near", &answer.near, answer.counts.near),
            ],
            relaxations: answer.relaxations.iter().filter_map(|it| advice(notation, stated, it)).collect(),
            pairs: answer.pairs.iter().map(|pair| pair_view(notation, pair)).collect(),
        }
    }
}

/// Returns the card of a match; its link carries the requirement of `draft`.
#[must_use]
pub fn matched(
    notation: Notation,
    found: &Match,
    badge: Badge,
    around: Option<&str>,
    inbox: bool,
    draft: &FormContent,
) -> MatchView {
    let (locale, listing) = (notation.locale, &found.listing);
    let named = NamedListing {
        kind: listing.kind,
        name: &listing.name,
        park: listing.park.as_deref(),
        division: listing.region,
    };
    let name = listing_name(locale, named);
    let url = super::pager::address(&listing_url(locale, listing.kind, &listing.id), draft.query());
    let criteria: Vec<CriterionView> =
        found.criteria.iter().map(|judged| criterion(notation, listing.kind, judged)).collect();
    let max_score: u32 = found.criteria.iter().map(|judged| judged.max_points).sum();
    MatchView {
        id: listing.id.to_string(),
        kind: word(locale, "kind", listing.kind.word()),
        name: name.clone(),
        url,
        region: listing.region.map(|code| region_name(locale, code)).unwrap_or_default(),
        park_name: park_beside(locale, &name, listing.park.as_deref().zip(around)),
        take: found.take_mu.map(|take| quantity_near(notation, take, "mu")),
        score: found.score,
        share: (found.score * 100).checked_div(max_score).unwrap_or_default(),
        max_score,
        facts: Vec::new(),
        demo: badge.demo,
        status: badge.status,
        old: badge.old,
        marks: badge.marks,
        source: badge.source,
        signs: signs(&criteria),
        criteria,
        group: tell(locale, &format!("group.{}", group_code(found))),
        inbox,
        phone: None,
        page: None,
        picked: false,
        compared: false,
        number: 0,
    }
}

/// Met criteria shown in short form; the table below the card has all.
const REASONS: usize = 3;

/// Returns the criteria in short form: what is short with its gap, what is open, then the reasons with the listing's side.
fn signs(criteria: &[CriterionView]) -> Vec<SignView> {
    let order = |code: &str| ["short", "unknown", "unstated", "met"].iter().position(|it| *it == code);
    let mut sorted: Vec<&CriterionView> = criteria.iter().collect();
    sorted.sort_by_key(|row| (order(row.code), std::cmp::Reverse(row.max_points)));
    let open = sorted.iter().filter(|row| row.code != "met").count();
    sorted.truncate(open + REASONS);
    let words = |row: &CriterionView| match &row.gap {
        Some(gap) => format!("{} {gap}", row.label),
        None if row.code == "met" && row.is_figure => format!("{} {}", row.label, row.offer),
        None => row.label.clone(),
    };
    let sign = |row: &CriterionView| SignView { code: row.code, verdict: row.verdict.clone(), words: words(row) };
    sorted.into_iter().map(sign).collect()
}

fn group_code(found: &Match) -> &'static str {
    match found.group() {
        domain::matching::Group::Matched => "matched",
        domain::matching::Group::ToConfirm => "to_confirm",
        domain::matching::Group::Near => "near",
        domain::matching::Group::Out => "out",
    }
}

/// Criteria of which a listing states what it demands.
const DEMANDS: [Criterion; 8] = [
    Criterion::Industry,
    Criterion::BannedIndustry,
    Criterion::Tax,
    Criterion::Investment,
    Criterion::Output,
    Criterion::Rd,
    Criterion::Energy,
    Criterion::Emission,
];

/// Returns one criterion's judgement in words.
#[must_use]
pub fn criterion(notation: impl Into<Notation>, kind: Kind, judged: &Judged) -> CriterionView {
    let notation = notation.into();
    let locale = notation.locale;
    let code = verdict_code(judged.verdict);
    CriterionView {
        code,
        label: word(locale, "criterion", judged.criterion.id()),
        verdict: tell(locale, &format!("verdict.{code}")),
        wish: judged.mode == Mode::Prefer,
        demand: DEMANDS.contains(&judged.criterion),
        need: match judged.need {
            Value::Nothing => tell(locale, "format.unfilled"),
            ref need => side(notation, judged.criterion, kind, need, stated),
        },
        offer: side(notation, judged.criterion, kind, &judged.offer, offered),
        is_figure: matches!(judged.offer, Value::Number(_) | Value::Range(_) | Value::Date(_)),
        gap: gap(notation, judged),
        points: judged.points,
        max_points: judged.max_points,
    }
}

/// Returns what is missing in words: an amount rounded up, or the facilities that are not there.
fn gap(notation: Notation, judged: &Judged) -> Option<String> {
    let locale = notation.locale;
    match (judged.gap.zip(judged.unit), &judged.offer) {
        (Some((gap, unit)), _) => Some(say(locale, "gap.short", &[("amount", &quantity_up(notation, gap, unit))])),
        (None, Value::Facilities { lacks, .. }) if !lacks.is_empty() => {
            Some(say(locale, "gap.lacks", &[("names", &names(locale, judged.criterion.id(), lacks))]))
        }
        _ => None,
    }
}

/// Returns one side of a criterion in words.
fn side(notation: Notation, criterion: Criterion, kind: Kind, value: &Value, figure: FigureWords) -> String {
    let locale = notation.locale;
    let unit = match criterion {
        // A share is a percentage; only the gap between two shares counts in points.
        Criterion::Rd => "percent",
        _ => criterion.unit(kind).unwrap_or("ratio"),
    };
    let group = match criterion {
        Criterion::Available => "status",
        _ => criterion.id(),
    };
    let list = |words: Vec<String>| words.join(&tell(locale, "format.list"));
    match value {
        Value::Nothing => tell(locale, "format.silent"),
        Value::Number(number) => figure(notation, criterion, *number, unit),
        Value::Range(range) => range_in_words(notation, *range, unit),
        Value::Word(text) => word(locale, group, text),
        Value::Words(words) => names(locale, group, words),
        Value::Facilities { has, lacks } => {
            let [has, lacks] = [has, lacks].map(|codes| names(locale, group, codes));
            match (has.is_empty(), lacks.is_empty()) {
                (_, true) => say(locale, "format.has", &[("names", &has)]),
                (true, _) => say(locale, "format.lacks", &[("names", &lacks)]),
                _ => say(locale, "format.has_and_lacks", &[("has", &has), ("lacks", &lacks)]),
            }
        }
        Value::Text(text) => free_word(locale, text),
        Value::Region(code) => region_name(locale, *code),
        Value::Regions(codes) => list(codes.iter().map(|&code| division_alone(locale, code)).collect()),
        Value::Industries(codes) => list(codes.iter().map(|&code| industry(locale, code)).collect()),
        Value::Date(day) => date(locale, *day),
        Value::Flag(flag) => tell(locale, if *flag { "format.yes" } else { "format.no" }),
    }
}

/// Returns the labels of words as a list; blank without any.
fn names(locale: Locale, group: &str, words: &[&str]) -> String {
    let labels: Vec<String> = words.iter().map(|text| word(locale, group, text)).collect();
    labels.join(&tell(locale, "format.list"))
}

/// Words of a criterion's figure.
type FigureWords = fn(Notation, Criterion, Decimal, &str) -> String;

/// A figure of the requirement: as typed, unless it is a quotient of two.
fn stated(notation: Notation, criterion: Criterion, number: Decimal, unit: &str) -> String {
    match criterion {
        Criterion::Energy | Criterion::Emission => quantity_near(notation, number, unit),
        _ => quantity(notation, number, unit),
    }
}

/// A figure of the listing: the product of a demand per mu and an area rounded up, any other to hundredths.
fn offered(notation: Notation, criterion: Criterion, number: Decimal, unit: &str) -> String {
    match criterion {
        Criterion::Tax | Criterion::Investment | Criterion::Output => quantity_up(notation, number, unit),
        _ => quantity_near(notation, number, unit),
    }
}
