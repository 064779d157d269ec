//! Alerts 「有合适的通知我」: a reader's need and address. A mail asks the owner of the address first (double opt-in); then one
//! mail per week at most tells of listings that newly fit in full, until the reader stops it or its year is over.
//!
//! A listing newly fits where it fits and did not at the last look: `follow` keeps for each alert the listings that fit, from
//! those that its reader had in the answer on. One that was told is never told again.

mod asking;
mod ending;
mod follow;
mod mails;
mod terms;

pub use asking::{AlertRequest, ask, confirm};
pub use ending::{go_on, say_why, stop, sweep};
pub use follow::follow;
pub use mails::send;
pub use terms::{ENDING_DAYS, LIFE_DAYS, PAUSE_DAYS, PENDING_DAYS, show};
