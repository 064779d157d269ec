//! Leads (线索): an inquiry as investment staff work it, stage by stage from 线索登记 to 投产.

use serde::{Deserialize, Serialize};

use crate::requirement::Word;
use crate::time::Moment;

/// Where a lead stands. Plots take the long path, incubator space the short one; both may be handed over (流转), rest
/// (搁置), or end without success (未成, 退出).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 线索登记
    Registered,
    /// 研判
    Assessed,
    /// 接洽(首谈)
    Contacted,
    /// 考察
    Visited,
    /// 洽谈
    Negotiating,
    /// 评审/上会
    Reviewed,
    /// 签约
    Signed,
    /// 供地
    LandSupplied,
    /// 备案/能评/环评/规划/施工许可
    Permitted,
    /// 开工
    Started,
    /// 竣工
    Completed,
    /// 投产
    Producing,
    /// 上规/达产复核
    Audited,
    /// 看场地
    Viewed,
    /// 入驻评审
    Admitted,
    /// 入驻
    MovedIn,
    /// 毕业
    Graduated,
    /// 流转
    Transferred,
    /// 搁置
    Shelved,
    /// 未成(原因)
    Lost,
    /// 退出/违约
    Withdrawn,
}

impl Word for Stage {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("registered", Self::Registered),
        ("assessed", Self::Assessed),
        ("contacted", Self::Contacted),
        ("visited", Self::Visited),
        ("negotiating", Self::Negotiating),
        ("reviewed", Self::Reviewed),
        ("signed", Self::Signed),
        ("land_supplied", Self::LandSupplied),
        ("permitted", Self::Permitted),
        ("started", Self::Started),
        ("completed", Self::Completed),
        ("producing", Self::Producing),
        ("audited", Self::Audited),
        ("viewed", Self::Viewed),
        ("admitted", Self::Admitted),
        ("moved_in", Self::MovedIn),
        ("graduated", Self::Graduated),
        ("transferred", Self::Transferred),
        ("shelved", Self::Shelved),
        ("lost", Self::Lost),
        ("withdrawn", Self::Withdrawn),
    ];
}

/// The long path, for land, parks and factories.
pub const SITE_PATH: &[Stage] = &[
    Stage::Registered,
    Stage::Assessed,
    Stage::Contacted,
    Stage::Visited,
    Stage::Negotiating,
    Stage::Reviewed,
    Stage::Signed,
    Stage::LandSupplied,
    Stage::Permitted,
    Stage::Started,
    Stage::Completed,
    Stage::Producing,
    Stage::Audited,
];

/// The short path, for incubators and other space that is let.
pub const SPACE_PATH: &[Stage] =
    &[Stage::Registered, Stage::Viewed, Stage::Admitted, Stage::Signed, Stage::MovedIn, Stage::Graduated];

/// Why a lead cannot be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageError {
    /// No way leads from here to there.
    NoWay,
    /// This step needs a reason.
    ReasonMissing,
}

impl Stage {
    /// The word of forms and the database.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, stage)| *stage == self).map_or("", |(word, _)| word)
    }

    /// Whether nothing follows.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Audited | Self::Graduated | Self::Lost | Self::Withdrawn)
    }

    /// Whether it needs a written reason.
    #[must_use]
    pub const fn needs_reason(self) -> bool {
        matches!(self, Self::Transferred | Self::Shelved | Self::Lost | Self::Withdrawn)
    }

    /// Whether somebody has answered the enterprise once a lead is here.
    #[must_use]
    pub const fn is_answer(self) -> bool {
        !matches!(self, Self::Registered | Self::Assessed | Self::Transferred | Self::Shelved)
    }
}

/// Where a lead stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its path.
    pub path: &'static [Stage],
    /// Its stage.
    pub stage: Stage,
    /// Where on its path it stood last; while it stands there, its stage.
    pub stood: Stage,
}

impl Standing {
    /// The standing of a lead with a stage, by the stages of its history, oldest first.
    #[must_use]
    pub fn of(path: &'static [Stage], stage: Stage, history: impl DoubleEndedIterator<Item = Stage>) -> Self {
        let on_path = |stage: &Stage| path.contains(stage);
        let stood = std::iter::once(stage).chain(history.rev()).find(on_path).unwrap_or(path[0]);
        Self { path, stage, stood }
    }

    fn place(self, stage: Stage) -> Option<usize> {
        self.path.iter().position(|other| *other == stage)
    }

    /// Whether it has signed, though it may rest since.
    #[must_use]
    pub fn has_signed(self) -> bool {
        self.place(self.stood) >= self.place(Stage::Signed)
    }
}

/// The stages that a lead may be moved to next, the path's own first.
///
/// On a path one may go on by any number of steps (a first talk may already be the visit), or one step back to correct
/// a slip. 搁置 and 流转 may be resumed anywhere on the path, but what has signed from 签约 on; before 签约 a lead is lost,
/// after it it is withdrawn, whether it rested in between or not.
#[must_use]
pub fn next_stages(lead: Standing) -> Vec<Stage> {
    if lead.stage.is_final() {
        return Vec::new();
    }
    let signed = lead.place(Stage::Signed).filter(|_| lead.has_signed());
    let at = lead.place(lead.stage);
    let from = at.map_or(signed.unwrap_or(1), |at| at + 1);
    let mut next = lead.path[from..].to_vec();
    if let Some(at) = at.filter(|at| *at > 0) {
        next.push(lead.path[at - 1]);
    }
    next.extend([Stage::Transferred, Stage::Shelved].into_iter().filter(|stage| *stage != lead.stage));
    next.push(if signed.is_some() { Stage::Withdrawn } else { Stage::Lost });
    next
}

/// Checks one move of a lead.
///
/// # Errors
/// [`StageError::NoWay`] where [`next_stages`] does not list it, [`StageError::ReasonMissing`] where the step needs a
/// reason and none is given.
pub fn check_move(lead: Standing, to: Stage, reason: &str) -> Result<(), StageError> {
    if !next_stages(lead).contains(&to) {
        return Err(StageError::NoWay);
    }
    if to.needs_reason() && reason.trim().is_empty() {
        return Err(StageError::ReasonMissing);
    }
    Ok(())
}

/// When the next step is due: a day for the first contact, three for the study, a week for the answer, two weeks for
/// each further step (the pattern of the local rules in the field, in calendar days).
#[must_use]
pub const fn due_after(stage: Stage, now: Moment) -> Moment {
    let days = match stage {
        Stage::Registered => 1,
        Stage::Assessed => 3,
        Stage::Contacted | Stage::Viewed => 7,
        _ => 14,
    };
    now.plus_seconds(days * 86_400)
}

#[cfg(test)]
mod tests {
    use super::{SITE_PATH, SPACE_PATH, Stage, StageError, Standing, Word as _, check_move, next_stages};

    fn site(history: &[Stage]) -> Standing {
        Standing::of(SITE_PATH, history[history.len() - 1], history.iter().copied())
    }

    #[test]
    fn every_stage_of_a_path_can_be_reached_and_final_ones_are_left_no_more() {
        for path in [SITE_PATH, SPACE_PATH] {
            for pair in path.windows(2) {
                let lead = Standing { path, stage: pair[0], stood: pair[0] };
                assert_eq!(check_move(lead, pair[1], ""), Ok(()));
            }
        }
        for &(_, stage) in Stage::WORDS.iter().filter(|(_, stage)| stage.is_final()) {
            assert!(next_stages(site(&[stage])).is_empty());
        }
    }

    #[test]
    fn a_lost_lead_needs_its_reason_and_a_signed_one_cannot_be_lost() {
        let (visited, signed) = (site(&[Stage::Visited]), site(&[Stage::Signed]));
        assert_eq!(check_move(visited, Stage::Lost, " "), Err(StageError::ReasonMissing));
        assert_eq!(check_move(visited, Stage::Lost, "地价过高"), Ok(()));
        assert_eq!(check_move(signed, Stage::Lost, "x"), Err(StageError::NoWay));
        assert_eq!(check_move(site(&[Stage::Registered]), Stage::Graduated, ""), Err(StageError::NoWay));
    }

    #[test]
    fn rest_does_not_forget_that_a_lead_has_signed() {
        let rested = site(&[Stage::Registered, Stage::Signed, Stage::Shelved, Stage::Transferred]);
        assert_eq!(check_move(rested, Stage::Lost, "x"), Err(StageError::NoWay));
        assert_eq!(check_move(rested, Stage::Visited, ""), Err(StageError::NoWay));
        assert_eq!(check_move(rested, Stage::Withdrawn, "x"), Ok(()));
        assert_eq!(check_move(rested, Stage::Signed, ""), Ok(()));
        // A slip that was corrected before the rest is none.
        let corrected = site(&[Stage::Signed, Stage::Reviewed, Stage::Shelved]);
        assert_eq!(check_move(corrected, Stage::Lost, "x"), Ok(()));
        assert_eq!(check_move(corrected, Stage::Contacted, ""), Ok(()));
    }
}
