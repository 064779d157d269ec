//! Incoming mails from an mbox file or a pipe: reports matched to sent mails; letters are left to the caller.

use domain::requirement::Word as _;

use crate::clock::Clock;
use crate::db::returned::{Recorded, Returned};
use crate::db::words::{AttemptOutcome, TaskKind};
use crate::db::{Db, DbError};
use crate::ids;
use crate::mail::{MailClass, Report};

/// Counts of one batch of incoming mails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub read: usize,
    /// Permanent failures of mails of ours, recorded now.
    pub bounced: usize,
    /// Delays, of any mail.
    pub delayed: usize,
    /// Automatic answers, to any mail.
    pub automatic: usize,
    /// Tasks opened about mails that a person must look at.
    pub looked_at: usize,
    /// Recorded by an earlier reading.
    pub repeated: usize,
}

/// Records the reports among the mails and returns the letters of people. Reading the same mails again records nothing
/// twice.
///
/// # Errors
/// [`DbError`]; reports recorded before it remain.
pub async fn take_in<'m>(db: &Db, clock: &dyn Clock, mails: &[&'m [u8]]) -> Result<(Tally, Vec<&'m [u8]>), DbError> {
    let (mut tally, mut letters) = (Tally::default(), Vec::new());
    for &mail in mails {
        tally.read += 1;
        let report = Report::read(mail);
        match report.class {
            MailClass::Letter => letters.push(mail),
            MailClass::Unclear => look(db, clock, mail, &report.subject, &mut tally).await?,
            MailClass::Permanent | MailClass::Delay | MailClass::Automatic => {
                record(db, clock, mail, report, &mut tally).await?;
            }
        }
    }
    Ok((tally, letters))
}

async fn record(db: &Db, clock: &dyn Clock, mail: &[u8], report: Report, tally: &mut Tally) -> Result<(), DbError> {
    let (outcome, count) = match report.class {
        MailClass::Permanent => (AttemptOutcome::Bounced, &mut tally.bounced),
        MailClass::Delay => (AttemptOutcome::Delayed, &mut tally.delayed),
        _ => (AttemptOutcome::Automatic, &mut tally.automatic),
    };
    let detail = match outcome {
        AttemptOutcome::Bounced => format!("{} {} {}", report.reason.word(), report.status, report.diagnostic),
        _ => format!("{} {}", report.status, report.diagnostic),
    };
    let returned = Returned {
        ids: report.ids,
        envelopes: report.envelopes,
        numbers: report.numbers,
        tokens: report.tokens,
        outcome,
        detail: detail.split_whitespace().collect::<Vec<_>>().join(" "),
        digest: ids::sha256_hex(mail),
    };
    match db.record_returned(returned, clock.now()).await? {
        Recorded::New => *count += 1,
        Recorded::Repeated => tally.repeated += 1,
        // A failure of an unknown mail may be one of ours whose ids a server took out.
        Recorded::Unmatched if outcome == AttemptOutcome::Bounced => {
            look(db, clock, mail, &report.subject, tally).await?;
        }
        Recorded::Unmatched => *count += 1,
    }
    Ok(())
}

/// Opens a task about a mail that a person must look at in the mailbox.
///
/// # Errors
/// [`DbError`]; nothing was recorded.
pub async fn look(db: &Db, clock: &dyn Clock, mail: &[u8], subject: &str, tally: &mut Tally) -> Result<(), DbError> {
    let digest = ids::sha256_hex(mail);
    let is_new = db.open_look(TaskKind::MailUnclear, &digest, subject.to_owned(), clock.now()).await?;
    *(if is_new { &mut tally.looked_at } else { &mut tally.repeated }) += 1;
    Ok(())
}
