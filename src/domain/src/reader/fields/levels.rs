//! Levels of parks that a need demands.

use crate::reader::fields::named::Named;
use crate::reader::fields::view::View;
use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharSet;
use crate::reader::tokens::token::{Token, TokenKind};
use crate::reader::words::lexicon::Tag;
use crate::reader::words::lists::WordList;
use crate::requirement::{ParkLevel, Word as _};

cues! {
    LevelCues in "levels.txt" {
        written: WordList,
        said_end: CharSet,
        between: CharSet,
        listed: CharSet,
    }
}

/// Adds the levels that a token demands: those of a zone or park, not of a project, an enterprise or an award.
pub(crate) fn levels(view: &View<'_>, at: usize, it: &mut Named) {
    let token = &view.tokens[at];
    let written = CUES.written.at(view.text, token.start);
    let written = written.and_then(|length| ParkLevel::from_word(&view.text.folded(token.start, token.start + length)));
    let level = if let Some(level) = written {
        level
    } else if token.has(Tag::National) {
        ParkLevel::国家级
    } else if token.has(Tag::Provincial) {
        ParkLevel::省级
    } else if token.has(Tag::Municipal) {
        ParkLevel::市级
    } else if token.has(Tag::CountyLevel) {
        ParkLevel::县级
    } else {
        return;
    };
    if !view.is_of_need(at) || !is_of_zone(view, at) {
        return;
    }
    let mut add = |level: ParkLevel| {
        if !it.levels.iter().any(|(known, _)| *known == level) {
            it.levels.push((level, at));
        }
    };
    // 省级以上, `provincial-level zone or higher`.
    let passes = |token: &&Token| token.is_blank() || token.has(Tag::Zone);
    let up = view.tokens[at + 1..].iter().find(|token| !passes(token)).is_some_and(|token| token.has(Tag::LevelUp));
    if up && level != ParkLevel::国家级 {
        add(ParkLevel::国家级);
    }
    if up && level == ParkLevel::市级 {
        add(ParkLevel::省级);
    }
    add(level);
}

/// Returns whether a zone is before the level and nothing else behind it: 园区要是省级以上的.
fn is_said_of_zone(view: &View<'_>, at: usize) -> bool {
    let clause = view.tokens[at].clause;
    let same = |token: &&Token| token.clause == clause;
    let zone = view.tokens[..at].iter().rev().take(4).take_while(same).any(|token| token.has(Tag::Zone));
    let rest = view.tokens[at + 1..].iter().take_while(same);
    let mut rest = rest.filter(|token| {
        !(token.is_blank() || token.ends_clause() || token.any(&[Tag::LevelUp, Tag::AtLeastAfter, Tag::National]))
    });
    zone && rest.all(|token| token.other().is_some_and(|c| CUES.said_end.has(c)))
}

/// Tags of words between the levels of a list.
const LEVELS: &[Tag] = &[Tag::National, Tag::Provincial, Tag::Municipal, Tag::CountyLevel, Tag::LevelUp];

fn is_of_zone(view: &View<'_>, at: usize) -> bool {
    for token in view.tokens[at + 1..].iter().take(6) {
        if token.has(Tag::Zone) {
            return true;
        }
        // 国家级或省级开发区, 国家级、省级园区, 省级以上的开发区.
        let passes = token.is_blank()
            || token.any(LEVELS)
            || token.has(Tag::AtLeastAfter)
            || token.other().is_some_and(|c| CUES.between.has(c))
            || matches!(token.kind, TokenKind::Break('、' | '/'));
        if !passes {
            break;
        }
    }
    if is_said_of_zone(view, at) {
        return true;
    }
    // 园区级别：国家级、省级.
    let listed = |token: &&Token| {
        token.any(LEVELS)
            || token.has(Tag::LevelLabel)
            || token.is_blank()
            || token.other().is_some_and(|c| CUES.listed.has(c))
            || matches!(token.kind, TokenKind::Break('、'))
    };
    let mut before = view.tokens[..at].iter().rev().take(16).take_while(listed);
    before.any(|token| token.has(Tag::LevelLabel)) || view.clause_has(at, &[Tag::LevelLabel])
}
