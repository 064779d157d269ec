//! Everything that comes in by mail: reports of servers to `bounces`, letters of people to the other side.

use super::bounces::{Tally, look, take_in};
use crate::error::Result;
use crate::mail::Report;
use crate::service::context::App;
use crate::service::replies::{self, Forwarding};

/// Counts of one batch of incoming mails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Intake {
    /// Reports, and mails for a person to look at.
    pub reports: Tally,
    /// Letters queued for the other side.
    pub forwarded: usize,
    /// Letters of senders who are not of the side that may write to that address.
    pub held: usize,
    /// Letters about a requirement that was erased.
    pub passed_over: usize,
}

/// Takes in mails one after the other; each is committed before the next. Reading the same mails again changes nothing.
///
/// # Errors
/// [`Error::Unavailable`](crate::error::Error::Unavailable), [`Error::Full`](crate::error::Error::Full) or
/// [`Error::Internal`](crate::error::Error::Internal); mails before the one that failed remain recorded.
pub async fn take(app: &App, mails: &[&[u8]]) -> Result<Intake> {
    let (mut reports, letters) = take_in(&app.db, app.clock.as_ref(), mails).await?;
    let (mut forwarded, mut held, mut passed_over) = (0, 0, 0);
    for letter in letters {
        match replies::forward(app, letter).await? {
            Forwarding::Queued => forwarded += 1,
            Forwarding::Repeated => reports.repeated += 1,
            Forwarding::Held => held += 1,
            Forwarding::Erased => passed_over += 1,
            Forwarding::Refused => {
                look(&app.db, app.clock.as_ref(), letter, &Report::read(letter).subject, &mut reports).await?;
            }
        }
    }
    Ok(Intake { reports, forwarded, held, passed_over })
}
