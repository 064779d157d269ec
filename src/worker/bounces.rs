//! Bounce processing: delivery reports from an mbox file or a pipe, matched to sent mails.

use crate::clock::Clock;
use crate::db::{Db, DbError};
use crate::mail::Bounce;

/// Counts of one batch of incoming mails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub read: usize,
    /// Permanent failures of sent mails that were not recorded before.
    pub bounced: usize,
    /// Delays, foreign reports, duplicates, and mails that are not reports.
    pub passed_over: usize,
}

/// Records bounces; each permanent failure opens a staff task. Reading the same mails again records nothing twice.
///
/// # Errors
/// [`DbError`]; bounces recorded before it remain.
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
