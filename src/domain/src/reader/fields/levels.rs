//! Levels of parks that are asked for.

use crate::reader::fields::need::{Named, View};
use crate::reader::tokens::lexer::{Kind, Token};
use crate::reader::words::lexicon::Tag;
use crate::requirement::{ParkLevel, Word as _};

impl View<'_> {
    /// 国家级 of a zone or park: not of a project, an enterprise, an award.
    pub(crate) fn levels(&self, at: usize, it: &mut Named) {
        let token = &self.tokens[at];
        let written = ["市县级", "未列入"].into_iter().find(|word| self.text.goes_on(token.start, word));
        let level = if let Some(level) = written.and_then(ParkLevel::from_word) {
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
        if !self.speaks(at) || !self.is_of_zone(at) {
            return;
        }
        let mut add = |level: ParkLevel| {
            if !it.levels.iter().any(|(known, _)| *known == level) {
                it.levels.push((level, at));
            }
        };
        // 省级以上, `provincial-level zone or higher`.
        let passes = |token: &&Token| token.is_blank() || token.has(Tag::Zone);
        let up = self.tokens[at + 1..].iter().find(|token| !passes(token)).is_some_and(|token| token.has(Tag::LevelUp));
        if up && level != ParkLevel::国家级 {
            add(ParkLevel::国家级);
        }
        if up && level == ParkLevel::市级 {
            add(ParkLevel::省级);
        }
        add(level);
    }

    /// 园区要是省级以上的: the zone stands before, and nothing else behind.
    fn is_said_of_zone(&self, at: usize) -> bool {
        let clause = self.tokens[at].clause;
        let same = |token: &&Token| token.clause == clause;
        let zone = self.tokens[..at].iter().rev().take(4).take_while(same).any(|token| token.has(Tag::Zone));
        let rest = self.tokens[at + 1..].iter().take_while(same);
        let mut rest = rest.filter(|token| {
            !(token.is_blank() || token.ends_clause() || token.any(&[Tag::LevelUp, Tag::AtLeastAfter, Tag::National]))
        });
        zone && rest.all(|token| matches!(token.kind, Kind::Other('的' | '或' | '才' | '行')))
    }

    fn is_of_zone(&self, at: usize) -> bool {
        for token in self.tokens[at + 1..].iter().take(6) {
            if token.has(Tag::Zone) {
                return true;
            }
            // 国家级或省级开发区, 国家级、省级园区, 省级以上的开发区.
            let passes = token.is_blank()
                || token.any(&[
                    Tag::National,
                    Tag::Provincial,
                    Tag::Municipal,
                    Tag::LevelUp,
                    Tag::CountyLevel,
                    Tag::AtLeastAfter,
                ])
                || matches!(token.kind, Kind::Other('或' | '和' | '的' | '者' | '、') | Kind::Break('、' | '/'));
            if !passes {
                break;
            }
        }
        if self.is_said_of_zone(at) {
            return true;
        }
        // 园区级别：国家级、省级.
        let listed = |token: &&Token| {
            token.any(&[
                Tag::National,
                Tag::Provincial,
                Tag::Municipal,
                Tag::CountyLevel,
                Tag::LevelUp,
                Tag::LevelLabel,
            ]) || token.is_blank()
                || matches!(token.kind, Kind::Other(':' | '或') | Kind::Break('、'))
        };
        let mut before = self.tokens[..at].iter().rev().take(16).take_while(listed);
        before.any(|token| token.has(Tag::LevelLabel)) || self.clause_has(at, &[Tag::LevelLabel])
    }
}
