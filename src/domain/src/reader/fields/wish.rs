//! Criteria that are only wished for: 最好, 优先, 希望.

use serde_json::json;

use crate::matching::Criterion;
use crate::reader::assemble::Draft;
use crate::reader::fields::site::Site;
use crate::reader::tokens::lexer::{Kind, Token};
use crate::reader::words::lexicon::Tag;

/// A criterion's fact: where in the text it stands.
struct Stated {
    criterion: Criterion,
    start: usize,
}

const CRITERIA: &[(&str, Criterion)] = &[
    ("land_mu", Criterion::Land),
    ("floor_m2", Criterion::Floor),
    ("tax_wan", Criterion::Tax),
    ("fixed_investment_wan", Criterion::Investment),
    ("output_wan", Criterion::Output),
    ("rd_percent", Criterion::Rd),
    ("plot_ratio", Criterion::PlotRatio),
    ("price_wan_per_mu_max", Criterion::Price),
    ("rent_yuan_m2_month_max", Criterion::Price),
    ("tenure", Criterion::Tenure),
    ("power_kva", Criterion::Power),
    ("ceiling_height_m", Criterion::Height),
    ("floor_load_t_m2", Criterion::Load),
    ("workstations", Criterion::Workstations),
    ("regions", Criterion::Region),
    ("near", Criterion::Near),
    ("park_levels", Criterion::Level),
    ("available_by", Criterion::Available),
    ("industry", Criterion::Industry),
];

/// Finds the wishes: a word of wishing whose clause states one criterion, while others are stated elsewhere.
pub(crate) fn preferences(draft: &mut Draft<'_>, _place: &Site) {
    listed(draft);
    let text = draft.view.text;
    let tokens = draft.view.tokens;
    let mut wishes = draft.view.having(&[Tag::Wish]).peekable();
    if wishes.peek().is_none() {
        return;
    }
    let stated = stated(draft);
    let mut found: Vec<(Criterion, usize, usize)> = Vec::new();
    for at in wishes.filter(|&at| at >= draft.view.real_from) {
        let token = &tokens[at];
        let start = tokens[..at]
            .iter()
            .rposition(|before| before.clause != token.clause)
            .map_or(0, |before| tokens[before + 1].start);
        let end = tokens[at..]
            .iter()
            .find(|after| after.clause != token.clause)
            .map_or(text.chars.len(), |after| after.start);
        let leading = tokens[..at]
            .iter()
            .rev()
            .take_while(|before| before.clause == token.clause)
            .all(|before| before.is_blank() || !before.any(&[Tag::Filler]) && before.end - before.start < 2);
        let mut inside = criteria_between(draft, &stated, start, end);
        // 价格优先, 孵化器优先: that word is of what stands right before it.
        let of_place = tokens[..at].last().is_none_or(|before| {
            before.clause != token.clause || before.is_blank() || matches!(before.kind, Kind::Place(_))
        });
        if inside.is_empty() && of_place && text.at(token.start) == '优' {
            // `嘉善、平湖优先`: the list before the word.
            inside = criteria_between(draft, &stated, start.saturating_sub(30), end)
                .into_iter()
                .filter(|criterion| *criterion == Criterion::Region)
                .collect();
        }
        if inside.len() > 1 && !token.has(Tag::WishSoft) {
            inside = next_behind(draft, &stated, start, token, end).into_iter().collect();
        }
        let [criterion] = inside[..] else { continue };
        let elsewhere = stated.iter().any(|other| other.criterion != criterion);
        // 希望 that opens the whole need governs all of it.
        let (from, _) = text.place(token.start, token.end);
        let opens = token.has(Tag::WishSoft) && leading && !stated.iter().any(|other| other.start < from);
        if elsewhere && !opens && !criterion.is_legal() && !found.iter().any(|(known, ..)| *known == criterion) {
            found.push((criterion, token.start, token.end));
        }
    }
    for (criterion, start, end) in found {
        draft.reading.requirement.prefer.push(criterion);
        draft.span("prefer", start, end, json!([criterion.id()]));
    }
}

/// 2000平厂房最好在昆山层高8米: where something is stated before the wish, it is for what comes next.
fn next_behind(draft: &Draft<'_>, stated: &[Stated], start: usize, wish: &Token, end: usize) -> Option<Criterion> {
    let text = draft.view.text;
    let place = |at: usize| text.place(at, at).0;
    // 昆山优先: that word stands behind what it is for.
    let trails = text.at(wish.start) == '优';
    let ahead = place(start)..place(wish.start);
    let before = stated.iter().any(|other| ahead.contains(&other.start));
    let near = place(wish.end)..place(end).min(place(wish.end) + 8);
    let behind = stated.iter().filter(|other| other.criterion != Criterion::Use && near.contains(&other.start));
    behind.min_by_key(|other| other.start).filter(|_| before && !trails).map(|other| other.criterion)
}

/// What people call each criterion.
pub(crate) const NAMES: &[(Criterion, &str)] = &[
    (Criterion::Region, "地区"),
    (Criterion::Industry, "行业"),
    (Criterion::Land, "用地"),
    (Criterion::Floor, "楼面"),
    (Criterion::Tax, "税收"),
    (Criterion::Investment, "固投"),
    (Criterion::Output, "产值"),
    (Criterion::Rd, "研发"),
    (Criterion::Energy, "能耗"),
    (Criterion::Emission, "排放"),
    (Criterion::PlotRatio, "容积率"),
    (Criterion::Price, "价格"),
    (Criterion::Tenure, "租购"),
    (Criterion::Power, "用电"),
    (Criterion::Height, "层高"),
    (Criterion::Load, "承重"),
    (Criterion::Workstations, "座席"),
    (Criterion::Near, "距离"),
    (Criterion::Level, "级别"),
    (Criterion::Available, "时间"),
];

/// `仅为偏好：价格、距离`, as a requirement is printed.
fn listed(draft: &mut Draft<'_>) {
    let text = draft.view.text;
    let Some(label) = draft.view.having(&[Tag::WishList]).next() else { return };
    let mut at = draft.view.tokens[label].end;
    loop {
        at += usize::from(matches!(text.at(at), ':' | '、'));
        let Some((criterion, name)) = NAMES.iter().find(|(_, name)| text.goes_on(at, name)) else { return };
        let end = at + name.chars().count();
        if !draft.reading.requirement.prefer.contains(criterion) {
            draft.reading.requirement.prefer.push(*criterion);
            draft.span("prefer", at, end, json!([criterion.id()]));
        }
        at = end;
    }
}

fn stated(draft: &Draft<'_>) -> Vec<Stated> {
    let criterion = |field: &str| CRITERIA.iter().find(|(known, _)| *known == field).map(|&(_, criterion)| criterion);
    let spans = draft.reading.spans.iter();
    let mut all: Vec<Stated> =
        spans.filter_map(|span| Some(Stated { criterion: criterion(span.field)?, start: span.start })).collect();
    // Kinds and uses are needs too, though nobody wishes for them only.
    all.extend(
        draft
            .reading
            .spans
            .iter()
            .filter(|span| matches!(span.field, "kinds" | "use"))
            .map(|span| Stated { criterion: Criterion::Use, start: span.start }),
    );
    all
}

fn criteria_between(draft: &Draft<'_>, stated: &[Stated], start: usize, end: usize) -> Vec<Criterion> {
    let text = draft.view.text;
    let (from, _) = text.place(start, start);
    let (_, to) = text.place(start, end);
    let mut all: Vec<Criterion> = Vec::new();
    for fact in stated {
        if (from..to).contains(&fact.start) && fact.criterion != Criterion::Use && !all.contains(&fact.criterion) {
            all.push(fact.criterion);
        }
    }
    // A limit to the rent says the tenure too; it is one wish.
    if all.contains(&Criterion::Price) {
        all.retain(|criterion| *criterion != Criterion::Tenure);
    }
    all
}
