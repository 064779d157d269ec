//! Work on a lead: notes, stages, owner, replies. Each call is one transaction that locks the lead, checks, changes, writes
//! history and stores the answer.

mod change;
mod contact;
mod dispatch;
mod stages;
mod talk;

pub(super) use change::{LONGEST_NOTE, change, check_live, check_text, next_day, own};
pub use change::{check_right, page_call};
pub use contact::reveal;
pub use dispatch::{assign, resend};
pub(super) use stages::reopen;
pub use stages::{MoveIn, advance};
pub use talk::{NoteIn, note, reply};
pub(super) use talk::{answered_by, count_message, enterprise_wrote};
