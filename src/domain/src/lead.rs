//! Leads (线索): an inquiry as investment staff work it, stage by stage from 线索登记 to 投产.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::account::Role;
use crate::requirement::Word;
use crate::word::words;
use crate::workday::Workdays;

/// The stage of a lead. Plots take the long path, incubator space the short one; both may be shelved (搁置), lost (未成) or
/// withdrawn (退出/违约). 流转 is the hand-over, no stage; leads that an earlier version moved to it keep it until they move.
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
    /// 流转, of earlier versions
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

words! {
    /// The kind of an entry in a lead's history.
    pub enum EventKind in "event" {
        /// The inquiry arrived, or staff typed the lead in.
        Received "received",
        /// The stage changed.
        Stage "stage",
        /// Contact data were shown in full.
        Reveal "reveal",
        /// A failed mail was queued again.
        Resend "resend",
        /// A message of the park to the enterprise.
        MailOut "mail_out",
        /// A message or a correction of the enterprise.
        MailIn "mail_in",
        /// A note of staff.
        Note "note",
        /// The owner changed.
        Owner "owner",
        /// A listing was added to the lead, withdrawn from it, or changed.
        Listing "listing",
        /// The enterprise withdrew the inquiry or the whole requirement.
        Withdrawal "withdrawal",
        /// A step of a hand-over to another park.
        Handover "handover",
        /// An amount was paid in (到位资金).
        Funds "funds",
    }
}

words! {
    /// Whether a lead is worked.
    pub enum LeadState in "lead_state" {
        /// In work; it has a due day.
        Open "open",
        /// Ended by its stage or by a hand-over.
        Closed "closed",
        /// Withdrawn by the enterprise: only number, park, listings, stages and amounts are left.
        Withdrawn "withdrawn",
    }
}

words! {
    /// The origin of a lead.
    pub enum Source in "source" {
        /// An inquiry on these pages.
        Web "web",
        /// A call of the enterprise.
        CallIn "call_in",
        /// A message by WeChat.
        Wechat "wechat",
        /// A fair.
        Fair "fair",
        /// A referral.
        Referral "referral",
        /// A visit.
        Visit "visit",
        /// Any other.
        Other "other",
    }
}

words! {
    /// The basis on which a typed-in lead's contact data are processed.
    pub enum ConsentBasis in "basis" {
        /// Consent by word of mouth.
        Oral "oral",
        /// Consent in writing.
        Written "written",
        /// Published by the enterprise itself.
        Public "public",
    }
}

words! {
    /// The kind of a note.
    pub enum NoteKind in "note_kind" {
        /// A call to the enterprise.
        Phone "phone",
        /// WeChat.
        Wechat "wechat",
        /// A visit.
        Visit "visit",
        /// A call of the enterprise.
        CallIn "call_in",
        /// A meeting.
        Meeting "meeting",
        /// Any other.
        Other "other",
    }
}

words! {
    /// The side that spoke last.
    pub enum LastWord in "last_word" {
        /// The enterprise: the park has to answer.
        Enterprise "enterprise",
        /// The park: it waits for the enterprise.
        Ours "ours",
    }
}

words! {
    /// The list of the desk on which an open lead is: the first that fits.
    pub enum Bucket in "bucket" {
        /// The due day has passed.
        Overdue "overdue",
        /// Due today.
        Today "today",
        /// The enterprise spoke last.
        ToAnswer "to_answer",
        /// Registered, and no member of staff has done anything yet.
        New "new",
        /// The park spoke last.
        Waiting "waiting",
    }
}

words! {
    /// The state of a hand-over to another park.
    pub enum HandoverState in "handover_state" {
        /// Proposed; the enterprise has not answered.
        Proposed "proposed",
        /// Refused by the enterprise.
        Refused "refused",
        /// The enterprise consents; the receiving park has not answered.
        Consented "consented",
        /// Declined by the receiving park.
        Declined "declined",
        /// Accepted by the receiving park, which has a new lead.
        Accepted "accepted",
    }
}

impl NoteKind {
    /// Returns the side that spoke last after a contact of this kind; `None` where it does not follow.
    #[must_use]
    pub const fn last_word(self) -> Option<LastWord> {
        match self {
            Self::Phone | Self::Wechat | Self::Visit | Self::Meeting => Some(LastWord::Ours),
            Self::CallIn => Some(LastWord::Enterprise),
            Self::Other => None,
        }
    }
}

impl HandoverState {
    /// Whether a side has still to answer.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Proposed | Self::Consented)
    }
}

/// The stages of the short path, for incubators and other space that is let.
pub const SPACE_PATH: &[Stage] =
    &[Stage::Registered, Stage::Viewed, Stage::Admitted, Stage::Signed, Stage::MovedIn, Stage::Graduated];

/// The reason for which a move is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageError {
    /// The stage is not among [`next_stages`].
    NoWay,
    /// The move needs a written reason and none was given.
    ReasonMissing,
}

impl Stage {
    /// Returns the word used by forms and the database.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, stage)| *stage == self).map_or("", |(word, _)| word)
    }

    /// Whether the lead is ended by it.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Audited | Self::Graduated | Self::Lost | Self::Withdrawn)
    }

    /// Whether the enterprise has signed: its site is settled, and a sold plot is its own.
    #[must_use]
    pub fn is_signed(self) -> bool {
        let from_signing = |path: &'static [Self]| path.iter().skip_while(|stage| **stage != Self::Signed);
        [SITE_PATH, SPACE_PATH].into_iter().flat_map(from_signing).any(|stage| *stage == self)
    }

    /// Whether it ends a path: it is left no more.
    #[must_use]
    pub const fn ends_path(self) -> bool {
        matches!(self, Self::Audited | Self::Graduated)
    }

    /// Whether reaching it counts as an answer to the enterprise.
    #[must_use]
    pub const fn is_answer(self) -> bool {
        !matches!(
            self,
            Self::Registered | Self::Assessed | Self::Transferred | Self::Shelved | Self::Lost | Self::Withdrawn
        )
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

    /// Returns the stage after the present one on the path.
    #[must_use]
    pub fn following(self) -> Option<Stage> {
        self.place(self.stage).and_then(|at| self.path.get(at + 1)).copied()
    }

    /// Whether the move leaves a final stage.
    #[must_use]
    pub const fn reopens(self) -> bool {
        self.stage.is_final()
    }

    /// Whether a move needs a written reason: a jump, an end that is no success, a reopening.
    #[must_use]
    pub fn needs_reason(self, to: Stage) -> bool {
        let is_jump = self.place(to).is_some() && self.following() != Some(to) && to != self.stood;
        self.reopens() || matches!(to, Stage::Lost | Stage::Withdrawn) || is_jump
    }
}

/// Returns the stages to which a role may move a lead, the usual one first.
///
/// Officers go one step along the path, shelve, and take a shelved lead up again where it was left. Managers and admins also
/// jump along the path, end a lead as lost or withdrawn, and reopen an ended one at the stage that was left. Nothing follows
/// the end of a path.
#[must_use]
pub fn next_stages(lead: Standing, role: Role) -> Vec<Stage> {
    if !role.works_leads() || lead.stage.ends_path() {
        return Vec::new();
    }
    if lead.reopens() {
        return if role.decides_leads() { vec![lead.stood] } else { Vec::new() };
    }
    let on_path = lead.place(lead.stage).is_some();
    let mut next: Vec<Stage> = if on_path { lead.following().into_iter().collect() } else { vec![lead.stood] };
    if lead.stage != Stage::Shelved {
        next.push(Stage::Shelved);
    }
    if role.decides_leads() {
        let jumps = lead.path.iter().copied().filter(|stage| *stage != lead.stage && !next.contains(stage));
        let jumps: Vec<Stage> = jumps.collect();
        next.extend(jumps);
        next.extend([Stage::Lost, Stage::Withdrawn]);
    }
    next
}

/// Checks a move of a lead.
///
/// # Errors
/// [`StageError::NoWay`] where [`next_stages`] does not list it, [`StageError::ReasonMissing`] where the move needs a
/// reason and none is given.
pub fn check_move(lead: Standing, role: Role, to: Stage, reason: &str) -> Result<(), StageError> {
    if !next_stages(lead, role).contains(&to) {
        return Err(StageError::NoWay);
    }
    if lead.needs_reason(to) && reason.trim().is_empty() {
        return Err(StageError::ReasonMissing);
    }
    Ok(())
}

/// Working days until a lead is due, per park in configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClockDays {
    /// From the day of arrival to the answer.
    pub answer: u32,
    /// From the answer, or the move to 研判.
    pub assessed: u32,
    /// From the move to 接洽.
    pub contacted: u32,
    /// From the move to each later stage.
    pub later: u32,
}

impl Default for ClockDays {
    /// The days of contract §8.
    fn default() -> Self {
        Self { answer: 1, assessed: 3, contacted: 5, later: 10 }
    }
}

impl ClockDays {
    /// Returns the due day of a lead that reached a stage on `day`.
    #[must_use]
    pub fn due_on(&self, calendar: &Workdays, stage: Stage, day: NaiveDate) -> NaiveDate {
        let days = match stage {
            Stage::Registered => self.answer,
            Stage::Assessed => self.assessed,
            Stage::Contacted | Stage::Viewed => self.contacted,
            _ => self.later,
        };
        calendar.after(day, days)
    }

    /// Returns the due day of a lead that was answered on `day`.
    #[must_use]
    pub fn after_answer(&self, calendar: &Workdays, day: NaiveDate) -> NaiveDate {
        calendar.after(day, self.assessed)
    }
}

#[cfg(test)]
mod tests {
    use super::{
        ClockDays, Role, SITE_PATH, SPACE_PATH, Stage, StageError, Standing, Word as _, check_move, next_stages,
    };
    use crate::time::parse_day;
    use crate::workday::workdays;

    fn site(history: &[Stage]) -> Standing {
        Standing::of(SITE_PATH, history[history.len() - 1], history.iter().copied())
    }

    #[test]
    fn officers_take_every_step_of_a_path_and_shelve_and_do_no_more() {
        for path in [SITE_PATH, SPACE_PATH] {
            for pair in path.windows(2) {
                let lead = Standing { path, stage: pair[0], stood: pair[0] };
                assert_eq!(next_stages(lead, Role::Officer), [pair[1], Stage::Shelved]);
            }
        }
        let visited = site(&[Stage::Visited]);
        assert_eq!(check_move(visited, Role::Officer, Stage::Signed, "x"), Err(StageError::NoWay), "a jump");
        assert_eq!(check_move(visited, Role::Officer, Stage::Lost, "x"), Err(StageError::NoWay));
        assert!(next_stages(visited, Role::Observer).is_empty());
        let shelved = site(&[Stage::Registered, Stage::Visited, Stage::Shelved]);
        assert_eq!(next_stages(shelved, Role::Officer), [Stage::Visited], "taken up where it was left");
    }

    #[test]
    fn a_site_is_settled_from_the_signature_on_and_not_where_the_lead_was_left() {
        let signed = [Stage::Signed, Stage::LandSupplied, Stage::Audited, Stage::MovedIn, Stage::Graduated];
        assert!(signed.into_iter().all(Stage::is_signed));
        let open = [Stage::Registered, Stage::Reviewed, Stage::Admitted, Stage::Shelved, Stage::Lost, Stage::Withdrawn];
        assert!(!open.into_iter().any(Stage::is_signed));
    }

    #[test]
    fn managers_jump_end_and_reopen_with_a_reason() {
        let visited = site(&[Stage::Visited]);
        for to in [Stage::Signed, Stage::Contacted, Stage::Lost, Stage::Withdrawn] {
            assert_eq!(check_move(visited, Role::Manager, to, " "), Err(StageError::ReasonMissing), "{to:?}");
            assert_eq!(check_move(visited, Role::Manager, to, "地价过高"), Ok(()), "{to:?}");
        }
        assert_eq!(check_move(visited, Role::Manager, Stage::Negotiating, ""), Ok(()), "a step is no jump");
        let lost = site(&[Stage::Registered, Stage::Visited, Stage::Lost]);
        assert_eq!(next_stages(lost, Role::Manager), [Stage::Visited], "the stage that was left");
        assert_eq!(check_move(lost, Role::Admin, Stage::Visited, ""), Err(StageError::ReasonMissing));
        assert!(next_stages(lost, Role::Officer).is_empty());
        for &(_, stage) in Stage::WORDS.iter().filter(|(_, stage)| stage.ends_path()) {
            assert!(next_stages(site(&[stage]), Role::Admin).is_empty(), "{stage:?}");
        }
        assert_eq!(check_move(site(&[Stage::Registered]), Role::Admin, Stage::Graduated, "x"), Err(StageError::NoWay));
    }

    #[test]
    fn due_days_are_working_days_counted_from_the_day_of_the_move() {
        let (clock, calendar) = (ClockDays::default(), workdays());
        for (stage, from, due) in [
            (Stage::Registered, "2026-11-27", "2026-11-30"),
            (Stage::Registered, "2026-11-29", "2026-11-30"),
            (Stage::Registered, "2025-09-30", "2025-10-09"),
            (Stage::Assessed, "2025-09-30", "2025-10-11"),
            (Stage::Contacted, "2026-11-27", "2026-12-04"),
            (Stage::Visited, "2026-11-27", "2026-12-11"),
        ] {
            let day = |text| parse_day(text).expect("a day");
            assert_eq!(clock.due_on(calendar, stage, day(from)), day(due), "{stage:?} {from}");
        }
    }
}
