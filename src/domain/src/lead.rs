//! Leads (线索): an inquiry as investment staff work it, stage by stage from 线索登记 to 投产.

use serde::{Deserialize, Serialize};

use crate::requirement::Word;
use crate::time::{Moment, SECONDS_PER_DAY};

/// The stage of a lead. Plots take the long path, incubator space the short one; both may be transferred (流转), shelved
/// (搁置), lost (未成) or withdrawn (退出).
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

/// The stages of the long path, for land, parks and factories.
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

/// The kind of an entry in a lead's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The inquiry arrived and the lead was registered.
    Received,
    /// The stage changed.
    Stage,
    /// Contact data were shown in full.
    Reveal,
    /// A failed mail was queued again.
    Resend,
}

impl Word for EventKind {
    const WORDS: &'static [(&'static str, Self)] =
        &[("received", Self::Received), ("stage", Self::Stage), ("reveal", Self::Reveal), ("resend", Self::Resend)];
}

/// The stages of the short path, for incubators and other space that is let.
pub const SPACE_PATH: &[Stage] =
    &[Stage::Registered, Stage::Viewed, Stage::Admitted, Stage::Signed, Stage::MovedIn, Stage::Graduated];

/// The reason for which a move is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageError {
    /// The stage is not among [`next_stages`].
    NoWay,
    /// The stage needs a written reason and none was given.
    ReasonMissing,
}

impl Stage {
    /// Returns the word used by forms and the database.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, stage)| *stage == self).map_or("", |(word, _)| word)
    }

    /// Whether no stage follows.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Audited | Self::Graduated | Self::Lost | Self::Withdrawn)
    }

    /// Whether a move to it needs a written reason.
    #[must_use]
    pub const fn needs_reason(self) -> bool {
        matches!(self, Self::Transferred | Self::Shelved | Self::Lost | Self::Withdrawn)
    }

    /// Whether reaching it counts as an answer to the enterprise.
    #[must_use]
    pub const fn is_answer(self) -> bool {
        !matches!(self, Self::Registered | Self::Assessed | Self::Transferred | Self::Shelved)
    }
}

/// A lead's position: its path, stage and last stage on the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// [`SITE_PATH`] or [`SPACE_PATH`].
    pub path: &'static [Stage],
    /// The current stage.
    pub stage: Stage,
    /// The last stage that was on the path; equals `stage` while that is on the path.
    pub stood: Stage,
}

impl Standing {
    /// Derives the position from the stage and the stages of the history, oldest first.
    #[must_use]
    pub fn of(path: &'static [Stage], stage: Stage, history: impl DoubleEndedIterator<Item = Stage>) -> Self {
        let on_path = |stage: &Stage| path.contains(stage);
        let stood = std::iter::once(stage).chain(history.rev()).find(on_path).unwrap_or(path[0]);
        Self { path, stage, stood }
    }

    fn place(self, stage: Stage) -> Option<usize> {
        self.path.iter().position(|other| *other == stage)
    }

    /// Whether the lead reached 签约, even if it is shelved or transferred now.
    #[must_use]
    pub fn has_signed(self) -> bool {
        self.place(self.stood) >= self.place(Stage::Signed)
    }
}

/// Returns the stages that a lead may be moved to, those of its path first.
///
/// On the path a move goes forward by any number of steps (a first talk may already be the visit) or one step back, which
/// corrects a mistake. From 搁置 and 流转 a lead resumes anywhere on the path; once signed, only from 签约 on. Before 签约 a lead
/// ends as lost, afterwards as withdrawn, also when it was shelved in between.
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

/// Checks a move of a lead.
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

/// Returns the due time of the next step in calendar days: 1 for the first contact, 3 for the study, 7 for the answer, 14
/// for each further step (the pattern of local investment-promotion rules).
#[must_use]
pub const fn due_after(stage: Stage, now: Moment) -> Moment {
    let days = match stage {
        Stage::Registered => 1,
        Stage::Assessed => 3,
        Stage::Contacted | Stage::Viewed => 7,
        _ => 14,
    };
    now.plus_seconds(days * SECONDS_PER_DAY)
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
        // A mistaken 签约 that was corrected before the lead was shelved does not count.
        let corrected = site(&[Stage::Signed, Stage::Reviewed, Stage::Shelved]);
        assert_eq!(check_move(corrected, Stage::Lost, "x"), Ok(()));
        assert_eq!(check_move(corrected, Stage::Contacted, ""), Ok(()));
    }
}
