//! Facilities of the site and the class of fire hazard.

use serde_json::json;

use crate::reader::fields::draft::Draft;
use crate::reader::fields::reading::Span;
use crate::reader::fields::view::View;
use crate::reader::letters::character::is_han;
use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharSet;
use crate::reader::meaning::frames::Frame;
use crate::reader::tokens::token::{Amount, Token, TokenKind};
use crate::reader::tokens::units::Dim;
use crate::reader::words::facilities::fire_classes;
use crate::reader::words::lexicon::Tag;
use crate::reader::words::lists::{Suffixes, WordList};
use crate::reader::words::slot::Slot;
use crate::requirement::{FireClass, Word as _};

cues! {
    FacilityContext in "facility_context.txt" {
        own: Suffixes,
        own_end: CharSet,
        installed: Suffixes,
        denied: WordList,
        chosen: CharSet,
        own_behind: WordList,
        own_lead: CharSet,
        asked: Suffixes,
        said_of: CharSet,
        storey: WordList,
        upper: WordList,
        made: WordList,
        maker: Suffixes,
        class_start: CharSet,
        no_class: WordList,
    }
}

/// The most facilities that become spans; it keeps a text of repeated words linear.
const MOST: usize = 60;

/// Fills the facilities that the need names and neither denies nor builds itself.
pub(crate) fn facilities(draft: &mut Draft<'_>) {
    let view = draft.view;
    for &(start, length, facility) in view.facilities.iter().take(MOST) {
        if !is_asked(draft, (start, start + length), facility.code()) {
            continue;
        }
        let list = &mut draft.reading.requirement.facilities;
        if !list.contains(&facility) {
            list.push(facility);
        }
        draft.span("facilities", start, start + length, json!([facility.code()]));
    }
}

/// Returns whether the text names a facility and never asks for it: a crane that the firm installs is no facility of the site.
pub(crate) fn is_left_out(draft: &Draft<'_>, code: &str) -> bool {
    let mut named = draft.view.facilities.iter().take(MOST).filter(|(.., facility)| facility.code() == code).peekable();
    named.peek().is_some() && !named.any(|&(start, length, _)| is_asked(draft, (start, start + length), code))
}

/// Utilities that no firm puts up on its own land: 配套天然气 asks for them.
const SUPPLIED: [&str; 3] = ["natural_gas", "steam", "rail_siding"];

/// Returns whether the site is asked to have the facility that a range of the text names.
fn is_asked(draft: &Draft<'_>, (start, end): (usize, usize), code: &str) -> bool {
    let view = &draft.view;
    let at = view.token_at(start);
    // 高台县 has no dock, nor has a firm's name.
    let name = match view.tokens.get(at).map(|token| token.kind) {
        Some(TokenKind::Place(_)) => {
            let behind_place = at > 0 && matches!(view.tokens[at - 1].kind, TokenKind::Place(_));
            behind_place || !view.is_facility(at)
        }
        kind => matches!(kind, None | Some(TokenKind::Claimed)),
    };
    !name
        && is_of_need(view, at)
        && !is_denied(view, end)
        && !is_own(draft, at, start, SUPPLIED.contains(&code))
        && !is_own_behind(view, end)
        && !is_laid_out(draft, end)
        && !is_of_storey(view, start, end)
        && !is_measured(view, start, end)
        && !CUES.made.starts(view.text, end)
        && !CUES.maker.fit(view.text, 0, start)
        && !is_product(draft, start, end)
}

/// Returns whether a facility is in the words that tell what the firm makes: 主要生产桥式起重机.
fn is_product(draft: &Draft<'_>, start: usize, end: usize) -> bool {
    let (from, to) = draft.view.text.place(start, end);
    let made = draft.reading.requirement.industry.is_some_and(|code| code.section() == 'C');
    let told = |span: &Span| span.field == "industry" && span.start <= from && to <= span.end;
    made && draft.reading.spans.iter().any(told)
}

/// Returns whether a facility belongs to the need; 还要宿舍 adds one to the site and is no second site.
fn is_of_need(view: &View<'_>, at: usize) -> bool {
    let added = Frame { second: false, ..view.frames[at] };
    // 该公司南宁冷库去年纳税600万元 tells of the past.
    at >= view.real_from && added.is_of_need() && !view.clause_has(at, &[Tag::Past])
}

/// Returns whether a denial follows: `天然气不用`, `rail siding not required`.
fn is_denied(view: &View<'_>, end: usize) -> bool {
    // 燃气/Gas：不需要 is one label in two languages.
    let latin = (end + 1..end + LATIN).find(|&at| !matches!(view.text.at(at), 'a'..='z' | ' '));
    let end = latin.filter(|_| view.text.at(end) == '/').unwrap_or(end);
    let from = (end..end + 3).find(|&at| !CUES.said_of.has(view.text.at(at))).unwrap_or(end);
    // 食堂：☐需要 ☑不需要
    let options = (end..end + OPTIONS).take_while(|&at| view.text.at(at) != '\n');
    let chosen = options.into_iter().find(|&at| CUES.chosen.has(view.text.at(at)));
    CUES.denied.starts(view.text, from) || chosen.is_some_and(|at| CUES.denied.starts(view.text, at + 1))
}

/// The most characters from a facility to the box that is ticked.
const OPTIONS: usize = 12;

/// The longest Latin label behind a Chinese one.
const LATIN: usize = 16;

/// Returns whether the words behind a facility say that the firm has it by itself: `冷库可自建`, `蒸汽4t/h（自建锅炉）`.
fn is_own_behind(view: &View<'_>, end: usize) -> bool {
    let text = view.text;
    let lead = usize::from(CUES.own_lead.has(text.at(end)));
    let mut behind = view.tokens[view.token_at(end)..]
        .iter()
        .take(REMARK)
        .skip_while(|token| token.start < end || token.is_blank() || token.amount().is_some());
    let remark = behind.next().filter(|token| matches!(token.kind, TokenKind::Break('(')));
    let inside = remark.map_or(0..0, |token| token.end..token.end + REACH);
    let mut inside = inside.take_while(|&at| text.at(at) != ')');
    // 行车、办公楼自建: of a list the word at its end says it.
    let listed = text.at(end) == '、';
    let list = (end + 1..end + OWN_LIST).take_while(|&at| is_han(text.at(at)));
    let of_list = || list.clone().any(|at| CUES.own_behind.starts(text, at));
    CUES.own_behind.starts(text, end + lead) || inside.any(|at| CUES.own_behind.starts(text, at)) || listed && of_list()
}

/// The most characters from a facility over the next of a list to what is said of both.
const OWN_LIST: usize = 10;

/// Returns whether an area right behind a facility makes it a part of the land that the firm lays out: `停车场5600平方米`.
fn is_laid_out(draft: &Draft<'_>, end: usize) -> bool {
    let view = &draft.view;
    let on_land = draft.reading.requirement.land_mu.is_some() && !draft.standing;
    let next = view.tokens.get(view.token_at(end)).filter(|token| token.start == end);
    // 燃气600万方/年 is a volume.
    let area = |amount: &Amount| {
        let per = view.quantities[amount.number as usize].per;
        amount.dim == Dim::Floor && !(per.year || per.day || per.month || per.other)
    };
    on_land && next.and_then(Token::amount).as_ref().is_some_and(area)
}

/// The most tokens of a facility, its amount and the bracket behind them.
const REMARK: usize = 8;

/// Returns whether the firm will put it up itself: 拟建宿舍楼 and 自建 always, 配置行车 only on land, what is `supplied` not then.
fn is_own(draft: &Draft<'_>, at: usize, start: usize, supplied: bool) -> bool {
    let view = &draft.view;
    // 新建生产车间、仓库及配套办公楼: the word for building reaches over the list.
    let mut reach = REACH;
    let listed = |&before: &usize| {
        let token = &view.tokens[before];
        let joint = matches!(token.kind, TokenKind::Break('、'));
        reach = if joint { LIST } else { reach };
        start - token.end <= reach && (!token.ends_clause() || joint)
    };
    let on_land = draft.reading.requirement.land_mu.is_some() && !draft.standing;
    (0..at).rev().take_while(listed).any(|before| {
        let token = &view.tokens[before];
        let (from, to) = (token.start, token.end);
        !(to + 1..=to + 2).any(|end| CUES.asked.fit(view.text, 0, end))
            && (CUES.own.fit(view.text, from.saturating_sub(2), to)
                || on_land
                    && !supplied
                    && (CUES.installed.fit(view.text, from.saturating_sub(2), to) || token.has(Tag::Build)))
            && !view.text.chars[to..start].iter().any(|&c| CUES.own_end.has(c))
    })
}

/// Reach of a word for building, in characters: 拟建一栋五层员工宿舍楼.
const REACH: usize = 14;
/// The same over a list: 新建发酵车间、原料筒仓、成品库、检验中心及职工宿舍、食堂.
const LIST: usize = 48;

/// Returns whether 一楼 or 一层 only tells one storey from the next: `一层3000平，二层2000平`, `不要二楼`.
fn is_of_storey(view: &View<'_>, start: usize, end: usize) -> bool {
    let followed = (end..end + 2).any(|at| view.text.at(at).is_ascii_digit());
    let sentence = view.tokens[view.token_at(start)].sentence;
    let rest = view.tokens[view.token_at(end)..].iter().take(40).take_while(|token| token.sentence == sentence);
    // 面积4200平方米（其中一层2500平方米）: a part of the rooms.
    CUES.storey.is(view.text, start, end)
        && followed
        && (view.frames[view.token_at(start)].part
            || rest.into_iter().any(|token| CUES.upper.starts(view.text, token.start)))
}

/// Returns whether a storey is only named for its height or load: `首层不低于6米`, `首层地坪承重3吨/㎡`.
fn is_measured(view: &View<'_>, start: usize, end: usize) -> bool {
    let mut behind = view.tokens[view.token_at(end)..].iter();
    let passed = |token: &Token| {
        token.any(&[Tag::AtLeast, Tag::AtMost, Tag::Approx, Tag::Filler])
            || token.names_any(&[Slot::HEIGHT, Slot::LOAD])
            || token.other() == Some(':')
    };
    let figure = behind.find(|token| !passed(token));
    CUES.storey.is(view.text, start, end)
        && figure.and_then(Token::amount).is_some_and(|amount| matches!(amount.dim, Dim::Length | Dim::Mass))
}

/// Fills the class of fire hazard: `丙类厂房`, `消防丙二类`.
pub(crate) fn fire_class(draft: &mut Draft<'_>) {
    let text = draft.view.text;
    let starts = (0..text.chars.len()).filter(|&at| CUES.class_start.has(text.at(at)));
    let found = starts.take(MOST).find_map(|at| {
        let word = fire_classes().filter(|(_, word)| text.goes_on(at, word)).max_by_key(|(_, word)| word.len())?;
        let end = at + word.1.chars().count();
        let latin = text.at(at).is_ascii_alphabetic() && (at > 0 && text.before(at).is_ascii_alphanumeric());
        let token = draft.view.token_at(at);
        let wanted = is_of_need(&draft.view, token)
            && !latin
            && !CUES.no_class.starts(text, end)
            && !is_denied(&draft.view, end);
        let class = FireClass::from_word(word.0).filter(|_| wanted && !text.at(end).is_ascii_alphanumeric())?;
        Some((class, at, end))
    });
    if let Some((class, start, end)) = found {
        draft.reading.requirement.fire_class = Some(class);
        draft.span("fire_class", start, end, json!(class.word()));
    }
}
