//! Bounces from a mailbox file or a pipe, matched to the mails that came back.

use crate::clock::Clock;
use crate::db::{Db, DbError};
use crate::mail::Bounce;

/// What a batch of incoming mails held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Mails read.
    pub read: usize,
    /// Mails of ours that came back for good, not known before.
    pub bounced: usize,
    /// Delays, other people's reports, repetitions, and mails that are no reports.
    pub passed_over: usize,
}

/// Reads mails; each of ours that came back for good opens a task for staff.
///
/// # Errors
/// The database's; what was recorded before stays, and reading the same mails again records nothing twice.
pub async fn take_in(db: &Db, clock: &dyn Clock, mails: &[&[u8]]) -> Result<Tally, DbError> {
    let mut tally = Tally::default();
    for mail in mails {
        tally.read += 1;
        let recorded = match Bounce::read(mail).filter(|bounce| bounce.failed) {
            Some(bounce) => {
                let detail = format!("{} {}", bounce.status, bounce.diagnostic).trim().to_owned();
                db.record_bounce(&bounce.message_id, detail, clock.now()).await?
            }
            None => false,
        };
        if recorded {
            tally.bounced += 1;
        } else {
            tally.passed_over += 1;
        }
    }
    Ok(tally)
}
