//! Frames: properties of a token that the words before it set, such as denied, existing, past, or a part.

use chrono::{Datelike as _, NaiveDate};

use crate::reader::letters::character::is_han;
use crate::reader::letters::numerals::digit;
use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharSet;
use crate::reader::letters::text::Text;
use crate::reader::tokens::token::{Token, TokenKind};
use crate::reader::tokens::units::{Dim, unit as measure};
use crate::reader::words::lexicon::{Tag, Tags};
use crate::reader::words::lists::{Suffixes, WordList};
use crate::reader::words::slot::Slot;

cues! {
    FrameCues in "frames.txt" {
        occupied: CharSet,
        firm: CharSet,
        firm_behind: CharSet,
        following: CharSet,
        nothing: WordList,
        unchecked: CharSet,
        checked: CharSet,
        bracket: CharSet,
        at_hand: WordList,
        client: WordList,
        now: WordList,
        search: WordList,
        compared: WordList,
        firm_heading: WordList,
        heading_end: Suffixes,
        done: WordList,
        once: WordList,
        present: CharSet,
    }
}

/// Properties of a token that the words before it set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Frame {
    /// The firm has it already.
    pub(crate) existing: bool,
    /// It was so in the past.
    pub(crate) past: bool,
    /// It is a figure of the firm, told before its plan.
    pub(crate) told: bool,
    /// It is a part of a total.
    pub(crate) part: bool,
    /// It belongs to the first phase.
    pub(crate) phase_one: bool,
    /// It belongs to a later phase.
    pub(crate) phase_later: bool,
    /// It belongs to a second site.
    pub(crate) second: bool,
    /// It is said for full production.
    pub(crate) full: bool,
    /// It is denied.
    pub(crate) negated: bool,
    /// The year that it is said for; ordinal years are small numbers.
    pub(crate) year: Option<i32>,
}

impl Frame {
    /// Returns whether the token belongs to the need: neither denied, existing, past nor of a second site.
    pub(crate) const fn is_of_need(&self) -> bool {
        !(self.negated || self.existing || self.past || self.told || self.second)
    }
}

/// Tags of words that change the frame.
const TELLING: Tags = Tags::of(&[
    Tag::Existing,
    Tag::Plan,
    Tag::Full,
    Tag::Correct,
    Tag::Real,
    Tag::Past,
    Tag::Part,
    Tag::PhaseOne,
    Tag::PhaseLater,
    Tag::Total,
    Tag::Second,
    Tag::First,
    Tag::OrdinalYear,
    Tag::Not,
    Tag::WishList,
]);

/// Returns the frame of every token, in the order of the tokens; they are written to the vector given, which must be empty.
pub(crate) fn frames(text: &Text, tokens: &[Token], now: NaiveDate, mut all: Vec<Frame>) -> Vec<Frame> {
    all.reserve(tokens.len());
    let mut frame = Frame::default();
    let (mut sentence, mut clause) = (0, 0);
    // The last token of a denial.
    let mut denied: Option<usize> = None;
    // Names of criteria behind 仅为偏好 state no need.
    let mut listing = false;
    // 累计税收1500万，用地20亩: the cumulated figure is past, the one behind it is not.
    let mut summed = false;
    // 年产值：现4200万元，预计9000万元: the word right before an amount holds up to the end of its clause.
    let mut present = false;
    // 曾致函申请用地60亩: what was once asked for is past up to the end of its clause, though the word is one of asking.
    let mut once = false;
    // 11月16日，与某企业签约，总投资3亿元: a past day tells when something happened, not what the figures behind are of.
    let mut dated = false;
    // 我公司在宁波，占地10亩，现拟扩建: the land exists already.
    let mut home = false;
    // 现租厂房到期，需另租2800平: without a first site there is no second one.
    let mut stated = false;
    // 办公场所论证意见：现办公室520平…，另租1300平: a thing without an area is no first site beside one that exists.
    let (mut had, mut measured) = (false, false);
    // 某模具厂，年产值8000万，员工110人，拟搬迁至惠州: what is told of the firm before its plan is its present.
    let mut told = u32::MAX;
    // □土地 ☑厂房: what is behind an empty box is not wanted.
    let mut unchecked = false;
    // 土地□ 厂房☑: the first box of a line tells on which side of it the options are.
    let mut trailing: Option<bool> = None;
    // 【存量】土地40亩；容积率0.9: the heading holds for all of its line.
    let mut headed = false;
    // 一、企业现状⏎占地60亩: one on a line of its own holds up to the next.
    let mut block = false;
    // What was said before the bracket that is open.
    let mut inside: Option<(bool, bool)> = None;
    // 示例食品有限公司（厂址郫都区，年纳税190万元）: figures of the firm, not of its plan.
    let mut remark = false;
    let boxes = text.chars.iter().any(|&c| CUES.checked.has(c));
    for (at, token) in tokens.iter().enumerate() {
        if token.sentence != sentence || at == 0 {
            headed &= at > 0 && text.at(tokens[at - 1].start) == ';';
            let second = frame.second && !token.has(Tag::First);
            block = heading(text, tokens, at).unwrap_or(block);
            inside = None;
            frame = Frame { second, existing: headed || block, ..Frame::default() };
            (sentence, listing, home, unchecked, trailing) = (token.sentence, false, false, false, None);
        }
        if let Some(c) = token.other().filter(|&c| is_box(c)) {
            let trails = *trailing.get_or_insert_with(|| is_behind_option(text, tokens, at));
            if trails && CUES.unchecked.has(c) {
                deny_option(&mut all, tokens);
            }
            unchecked = !trails && CUES.unchecked.has(c);
        }
        unchecked |= boxes && is_empty_box(text, token);
        if opens_heading(text, token) {
            headed = token.has(Tag::Existing) && !token.has(Tag::Plan);
            (frame.existing, frame.past) = (headed, false);
        }
        if token.has(Tag::Plan) && !token.has(Tag::Existing) && token.sentence != told {
            told = token.sentence;
            let from = at - tokens[..at].iter().rev().take_while(|other| other.sentence == token.sentence).count();
            if tells_of_firm(text, &tokens[from..at]) {
                let figures =
                    all[from..].iter_mut().zip(&tokens[from..at]).filter(|(_, other)| is_of_firm_today(other));
                figures.for_each(|(frame, _)| frame.told = true);
            }
        }
        match token.kind {
            TokenKind::Break('(') => {
                inside = Some((frame.existing, frame.past));
                remark = at > 0 && matches!(tokens[at - 1].kind, TokenKind::Claimed);
            }
            // （与现厂区相距不超过10公里）: what a remark says of what exists ends with it.
            TokenKind::Break(')') => {
                remark = false;
                if let Some((existing, past)) = inside.take() {
                    (frame.existing, frame.past) = (frame.existing && existing, frame.past && past);
                }
            }
            _ => {}
        }
        if token.any(&[Tag::Seek, Tag::Plan]) && text.at(token.end) == ':' && !headed {
            frame.existing &= block;
        }
        if token.clause != clause {
            // 一期用地62亩，已于2022年建成投产: what was said of the phase exists.
            if CUES.done.starts(text, token.start) && is_phase_one(&tokens[..at], token.sentence) {
                let before = tokens[..at].iter().rev().take_while(|other| other.clause == tokens[at - 1].clause);
                let from = at - before.count();
                all[from..].iter_mut().for_each(|it: &mut Frame| it.existing = true);
                frame.existing = true;
            }
            (clause, denied, once) = (token.clause, None, false);
            frame.existing &= !std::mem::take(&mut present);
            frame.past &= !(std::mem::take(&mut summed) | std::mem::take(&mut dated));
        }
        if !frame.existing && is_present(tokens, at) {
            (frame.existing, present) = (true, true);
        }
        once |= CUES.once.starts(text, token.start);
        home = (home || is_of_firm(text, token)) && !token.any(&[Tag::Plan, Tag::Seek]);
        frame.existing |= home && token.names(Slot::LAND) && CUES.occupied.has(text.at(token.start));
        // 不用很大 五六百平: a blank between Han characters ends the denial.
        if token.is_blank() && is_han(text.before(token.start)) {
            denied = denied.filter(|from| from + 1 == at);
        }
        let mut negated = false;
        // 厂房在昆山 exists already, 厂房在3000平左右 does not.
        let measures = token.has(Tag::Home)
            && token.has(Tag::Space)
            && tokens.get(at + 1).is_some_and(|next| next.amount().is_some());
        if token.tags.meets(TELLING) && !measures || matches!(token.kind, TokenKind::Date(_)) {
            summed |= token.has(Tag::Summed) && !frame.past;
            dated |= !frame.past && matches!(token.kind, TokenKind::Date(when) if when.day && when.first == when.last);
            let (second, existing) = (frame.second, frame.existing);
            step(&mut frame, text, token, now);
            frame.past |= once;
            frame.existing &= existing || !is_search(text, token);
            // 拟租用（或购买）现有厂房: a standing building is wanted.
            frame.existing &= existing
                || !(is_acquired(tokens, at)
                    || is_of_rented(tokens, at)
                    || is_beside(tokens, at)
                    || is_at_hand(text, tokens, at));
            let instead = had && !measured && token.any(&[Tag::Lease, Tag::Buy, Tag::Seek]);
            frame.second &= second || stated && !instead;
            // 货梯：无需　天然气：需要: an answer says nothing of the next field.
            let answer = text.before(token.start) == ':' && text.at(token.end) == ' ';
            if token.has(Tag::Not) {
                denied = Some(at).filter(|_| !answer);
            } else if token.any(&[Tag::Plan, Tag::Correct]) && !token.has(Tag::Existing) {
                // `don't need land`, 无需新增用地: the need directly behind is denied.
                denied = denied.filter(|from| tokens[from + 1..at].iter().all(Token::is_blank)).map(|_| at);
                negated = denied.is_some();
            }
            listing |= token.has(Tag::WishList);
        }
        negated |= (token.is_label() || is_measured_line(tokens, at)) && is_empty_line(text, tokens, at)
            || is_unit_alone(text, token);
        frame.negated = listing
            || negated
            || unchecked
            || denied.is_some_and(|from| from < at && is_reached(text, tokens, from, at));
        let of_firm = remark && is_of_firm_today(token);
        stated |= frame.is_of_need() && is_of_site(token);
        had |= frame.existing && is_of_site(token);
        measured |= frame.is_of_need() && is_of_site(token) && token.amount().is_some();
        all.push(Frame { told: of_firm, ..frame });
    }
    all
}

/// Returns whether the words before the first plan of a sentence tell of a firm, and not of a project.
fn tells_of_firm(text: &Text, before: &[Token]) -> bool {
    const FIRST: usize = 12;
    let of_project = |token: &Token| {
        token.any(&[Tag::Full, Tag::Seek, Tag::Build, Tag::Plot, Tag::Lease, Tag::Buy])
            || token.names(Slot::INVEST)
            || token.names(Slot::FIXED)
            || token.amount().is_some_and(|amount| matches!(amount.dim, Dim::Land | Dim::Floor))
    };
    // 某模具厂，… and 我公司年产值…: the firm is the subject.
    let firm = |token: &Token| {
        let named = matches!(token.kind, TokenKind::Claimed) || CUES.firm.has(text.before(token.end));
        named && (text.at(token.end) == ',' || CUES.firm_behind.has(text.at(token.end)))
    };
    before.iter().take(FIRST).any(firm) && !before.iter().any(of_project)
}

/// Returns whether a figure of a firm is one of money or people.
fn is_of_firm_today(token: &Token) -> bool {
    token.amount().is_some_and(|amount| matches!(amount.dim, Dim::Money | Dim::People) || amount.large)
}

fn is_box(c: char) -> bool {
    CUES.unchecked.has(c) || CUES.checked.has(c)
}

/// Returns whether a box follows its option: `土地□ 厂房☑`.
fn is_behind_option(text: &Text, tokens: &[Token], at: usize) -> bool {
    let before = tokens[..at].iter().rev().find(|token| !token.is_blank());
    let named =
        before.is_some_and(|token| !token.ends_clause() && token.other().is_none_or(|c| c != ':' && !is_box(c)));
    named && !text.at(tokens[at].end).is_alphanumeric()
}

/// Denies the option before an empty box, back to the box or the label before it.
fn deny_option(frames: &mut [Frame], tokens: &[Token]) {
    let ends = |token: &Token| token.ends_clause() || token.other().is_some_and(|c| c == ':' || is_box(c));
    let option = frames.iter_mut().zip(tokens).rev().take_while(|(_, token)| !ends(token));
    option.take(OPTION).for_each(|(frame, _)| frame.negated = true);
}

/// The most tokens of an option of a form.
const OPTION: usize = 8;

/// Returns whether a token opens brackets around nothing: `[ ]厂房`.
fn is_empty_box(text: &Text, token: &Token) -> bool {
    const WIDEST: usize = 3;
    let inside = || (token.start + 1..token.start + WIDEST).find(|&at| text.at(at) != ' ');
    CUES.bracket.has(text.at(token.start)) && inside().is_some_and(|at| matches!(text.at(at), ']' | ')' | '】'))
}

/// Returns whether a denial reaches a token: eight characters, 不需要那么大的厂房, and across Latin words that `or` joins.
fn is_reached(text: &Text, tokens: &[Token], from: usize, at: usize) -> bool {
    let (start, end) = (tokens[from].end, tokens[at].start);
    let joined = || {
        let between = &text.chars[start..end];
        between.iter().all(|c| c.is_ascii_alphabetic() || *c == ' ')
            && between.windows(4).any(|it| it == [' ', 'o', 'r', ' '])
    };
    end - start <= REACH || end - start <= REACH * 4 && joined()
}

/// Characters that a denial reaches.
const REACH: usize = 8;

/// Returns whether a token is the word for the present right before an amount: 现75人.
fn is_present(tokens: &[Token], at: usize) -> bool {
    let word = tokens[at].other().is_some_and(|c| CUES.present.has(c));
    word && tokens.get(at + 1).is_some_and(|next| next.amount().is_some())
}

/// Returns whether the last clause, of the same sentence, names a first phase.
fn is_phase_one(before: &[Token], sentence: u32) -> bool {
    let Some(last) = before.last().filter(|last| last.sentence == sentence) else { return false };
    before.iter().rev().take_while(|token| token.clause == last.clause).any(|token| token.has(Tag::PhaseOne))
}

/// Returns whether a word for leasing or buying leads to the token: 租用现有, 购买(或租用)现有, 租用太仓现有.
fn is_acquired(tokens: &[Token], at: usize) -> bool {
    let gap = |token: &&Token| {
        token.is_blank() || token.is_of() || matches!(token.kind, TokenKind::Break('(' | ')') | TokenKind::Place(_))
    };
    let acquired = |token: &Token| token.any(&[Tag::Lease, Tag::Buy]) && !token.has(Tag::Existing);
    // 拟租用孝感市某园区已建成的厂房: a plan reaches over the place.
    let clause = tokens[at].clause;
    let same = |token: &&Token| token.clause == clause && token.amount().is_none();
    let planned = tokens[..at].iter().rev().take(ACQUIRED).take_while(same);
    // 租赁麦积区社棠工业园现有厂房: the place of the building is right behind the verb.
    let from = at - planned.clone().count();
    let placed =
        tokens[from..at].windows(2).any(|pair| acquired(&pair[0]) && matches!(pair[1].kind, TokenKind::Place(_)));
    placed
        || tokens[..at].iter().rev().find(|token| !gap(token)).is_some_and(acquired)
        || planned.clone().any(acquired)
            && planned.into_iter().any(|token| token.has(Tag::Plan) || acquired(token) && token.has(Tag::Seek))
}

/// Returns whether the building that is to be rented has the thing: `拟租用3号厂房，层高4.5米，已有3吨货梯2台`.
fn is_of_rented(tokens: &[Token], at: usize) -> bool {
    const FARTHEST: usize = 48;
    const THING: usize = 4;
    let sentence = tokens[at].sentence;
    let same = |token: &&Token| token.sentence == sentence;
    let rented = |token: &Token| token.has(Tag::Lease) && token.has(Tag::Plan);
    let had = |token: &Token| token.names(Slot::CRANE) || token.names(Slot::LIFT) || token.names(Slot::POWER);
    let opens = at.checked_sub(1).is_some_and(|before| tokens[before].ends_clause());
    opens
        && tokens[at + 1..].iter().take(THING).take_while(same).any(had)
        && tokens[..at].iter().rev().take(FARTHEST).take_while(same).any(rented)
}

/// The most tokens between a plan to lease or buy and the word for a building that exists.
const ACQUIRED: usize = 16;

/// Returns whether a token names a site or its area; a place alone is none, 在晋源区另租一间库房.
fn is_of_site(token: &Token) -> bool {
    let area = token.amount().is_some_and(|amount| matches!(amount.dim, Dim::Land | Dim::Floor));
    area || token.any(&[Tag::Plot, Tag::Space, Tag::SpaceArea])
}

/// Returns whether a label starts a line or a cell of a form that states nothing: `面积（亩）：`, `面积：0`, `面积：/`.
fn is_empty_line(text: &Text, tokens: &[Token], at: usize) -> bool {
    let opens = tokens[..at].iter().rev().find(|token| !token.is_blank()).is_none_or(Token::ends_clause);
    let mut behind = tokens[at + 1..].iter().take(LINE).filter(|token| !token.is_blank()).take(6);
    let mut marked = false;
    let mut paired = false;
    let value = behind.by_ref().find(|token| {
        let mark = matches!(token.kind, TokenKind::Unit(_)) || token.other() == Some(':');
        marked |= mark;
        // 土地/Land：— is one label in two languages.
        let pair = !marked
            && (matches!(token.kind, TokenKind::Break('/')) || paired && text.at(token.start).is_ascii_alphabetic());
        paired |= pair;
        !(mark || pair)
    });
    // 用地面积：____亩　厂房面积：1600平方米: the next field of the line follows.
    let next_field = value.is_some_and(|token| {
        let thing = token.is_label() || token.any(&[Tag::Plot, Tag::Space, Tag::SpaceArea, Tag::Area]);
        thing && text.before(token.start) == ' ' && text.at(token.end) == ':'
    });
    let nothing = next_field
        || value.is_none_or(|token| {
            let word = CUES.nothing.is(text, token.start, token.end);
            let zero =
                token.amount().is_some() && text.chars[token.start..token.end].iter().all(|c| matches!(c, '0' | '.'));
            token.ends_clause()
                && !matches!(token.kind, TokenKind::Break('、' | '('))
                && token.end - token.start == 1
                && is_end(text, token)
                || (word || zero)
                    && behind.find(|next| text.at(next.start) != '-').is_none_or(|next| is_end(text, next))
        });
    opens && marked && nothing
}

/// Returns whether a label is followed by blanks and a unit without a figure: `用地面积：____亩`.
fn is_unit_alone(text: &Text, token: &Token) -> bool {
    let thing = token.is_label() || token.any(&[Tag::Area, Tag::Plot, Tag::Space, Tag::SpaceArea]);
    let from = token.end + 1;
    let blanks = (from..from + WIDEST).take_while(|&at| text.at(at) == ' ' && at < text.chars.len()).count();
    let found = || measure(text, from + blanks).map(|(.., end)| end);
    let alone = || found().is_some_and(|end| matches!(text.at(end), ' ' | '\n' | ',' | ';' | ')'));
    thing && text.at(token.end) == ':' && blanks > 0 && alone()
}

/// The widest blank of a form, in characters.
const WIDEST: usize = 24;

/// The most tokens of a line of a form, blanks included, that are looked at for its value.
const LINE: usize = 24;

/// Returns whether a thing and a unit in brackets label a line: `实验室（㎡）：`; `厂房：` may be the heading of the lines below.
fn is_measured_line(tokens: &[Token], at: usize) -> bool {
    let unit = || tokens.get(at + 1).is_some_and(|token| matches!(token.kind, TokenKind::Unit(_)));
    tokens[at].any(&[Tag::Space, Tag::SpaceArea, Tag::Plot]) && unit()
}

/// Returns whether a line, a cell or a statement ends with a token.
fn is_end(text: &Text, token: &Token) -> bool {
    matches!(token.kind, TokenKind::Break('.' | ';' | '|' | ',')) || text.at(token.start) == '/'
}

/// The longest heading, in characters.
const HEADING: usize = 14;

/// Returns whether the word in brackets at a token is a heading: `【现状】`, `[需求]`, and at the start of a piece `(现状)`.
fn opens_heading(text: &Text, token: &Token) -> bool {
    let closes = |c: char| {
        (token.end..token.end + HEADING)
            .take_while(|&at| is_han(text.at(at)) || text.at(at) == c)
            .any(|at| text.at(at) == c)
    };
    match text.before(token.start) {
        _ if !is_han(text.at(token.start)) => false,
        '【' => closes('】'),
        '[' => closes(']'),
        '(' => closes(')') && (token.start < 2 || matches!(text.at(token.start - 2), '\n' | ' ' | ';' | '。')),
        _ => false,
    }
}

/// Returns whether the line that a token starts is a heading, and then whether it is one of what exists: `一、企业现状`,
/// `现有情况：`. `None` where the line states something.
fn heading(text: &Text, tokens: &[Token], at: usize) -> Option<bool> {
    let start = tokens[at].start;
    if start > 0 && text.before(start) != '\n' {
        return None;
    }
    let end = (start..(start + HEADING).min(text.chars.len())).find(|&at| text.at(at) == '\n')?;
    // 一、 and 1.1 are the number of the heading.
    let numbered = tokens[at].amount().is_some() && tokens.get(at + 1).is_some_and(Token::is_blank);
    let own = usize::from(
        numbered || tokens.get(at + 1).is_some_and(|next| matches!(next.kind, TokenKind::Break('、' | '.' | ')'))),
    );
    let line = || tokens[at + own..].iter().take_while(|token| token.start < end);
    let said = line().any(|token| {
        matches!(token.kind, TokenKind::Amount(_) | TokenKind::Date(_) | TokenKind::Place(_) | TokenKind::Claimed)
            || token.other() == Some(':') && token.end < end
    });
    let existing = || line().any(|token| token.has(Tag::Existing) && !token.has(Tag::Plan));
    // 原有土地已满 states something.
    let closed = CUES.heading_end.fit(text, start, end - usize::from(text.before(end) == ':'));
    // 投资方简介： is a label of a form.
    let titled = text.before(end) != ':';
    let of_firm = || line().find(|token| !token.is_blank()).is_some_and(|it| CUES.firm_heading.starts(text, it.start));
    (!said && start < end).then(|| closed && (existing() || titled && of_firm()))
}

/// Returns whether the present is one of searching: 目前重点比选株洲、景德镇.
fn is_search(text: &Text, token: &Token) -> bool {
    // 目前在昌图县、梨树县之间比选: a list of places may be between.
    let widest = if CUES.now.is(text, token.start, token.end) { SEARCH } else { return false };
    let goes_on = |at: usize| is_han(text.at(at)) || text.at(at) == '、';
    let end = (token.end..token.end + widest).find(|&at| !goes_on(at)).unwrap_or(token.end + widest);
    let near = end.min(token.end + NEAR);
    CUES.search.is_in(text, token.end, near) || CUES.compared.is_in(text, token.end, end)
}

/// The most characters between the word for the present and the one for searching.
const NEAR: usize = 8;
/// The same across a list of places.
const SEARCH: usize = 40;

/// Returns whether the need is beside what exists: 紧邻现厂区, 靠近现有园区.
fn is_beside(tokens: &[Token], at: usize) -> bool {
    let mut before = tokens[..at].iter().rev().take(2).filter(|token| !token.is_of());
    before.next().is_some_and(|token| token.has(Tag::Near) && token.end == tokens[at].start)
}

/// Returns whether the thing had is a customer or a need: 手里有个做包装的客户.
fn is_at_hand(text: &Text, tokens: &[Token], at: usize) -> bool {
    let clause = tokens[at].clause;
    let same = |token: &&Token| token.clause == clause;
    let last = tokens[at..].iter().take(CLIENT).take_while(same).last();
    CUES.at_hand.starts(text, tokens[at].start)
        && last.is_some_and(|last| CUES.client.is_in(text, tokens[at].end, last.end))
}

/// The most tokens between the verb and the customer.
const CLIENT: usize = 16;

/// Returns whether a word introduces the firm's address: 公司位于, 我司在.
fn is_of_firm(text: &Text, token: &Token) -> bool {
    token.has(Tag::Home) && text.chars[token.start..token.end].iter().any(|&c| CUES.firm.has(c))
}

fn step(frame: &mut Frame, text: &Text, token: &Token, now: NaiveDate) {
    if token.has(Tag::Existing) && !token.has(Tag::Plan) {
        frame.existing = true;
    } else if token.any(&[Tag::Plan, Tag::Full, Tag::Correct, Tag::Real]) {
        (frame.existing, frame.past) = (false, false);
    }
    // 今年税收2000万,新项目预计1500万: the plan is not for this year. Ordinal years are at most 10.
    if token.has(Tag::Plan) && frame.year.is_some_and(|year| year <= now.year() && year > 10) {
        frame.year = None;
    }
    frame.past |= token.has(Tag::Past);
    frame.part |= token.has(Tag::Part);
    frame.full |= token.has(Tag::Full);
    if token.any(&[Tag::PhaseOne, Tag::PhaseLater]) {
        (frame.phase_one, frame.phase_later) = (token.has(Tag::PhaseOne), token.has(Tag::PhaseLater));
    } else if token.has(Tag::Total) {
        // 地块一112亩、地块二48亩，合计160亩.
        (frame.phase_one, frame.phase_later, frame.part, frame.second) = (false, false, false, false);
    }
    if token.has(Tag::Second) {
        frame.second = true;
    } else if token.any(&[Tag::First, Tag::Correct, Tag::Real]) {
        frame.second = false;
    }
    if token.has(Tag::OrdinalYear) {
        frame.full = false;
        let ordinal = (token.start..token.end)
            .find_map(|at| digit(text.at(at)).or_else(|| text.at(at).to_digit(10).map(i128::from)));
        frame.year = ordinal
            .and_then(|ordinal| i32::try_from(ordinal).ok())
            .or(Some(if CUES.following.has(text.at(token.start)) { 2 } else { 1 }));
    }
    if let TokenKind::Date(when) = token.kind {
        frame.past = when.last < now && !when.limit;
        frame.year = Some(when.last.year());
        if frame.past {
            frame.full = false;
        }
    }
}
