//! Tasks about mails that wait too long, kept in line with the outbox.

use domain::time::{Moment, SECONDS_PER_DAY, SECONDS_PER_HOUR};
use sea_orm::{DatabaseTransaction, DbErr};

use super::words::TaskKind;
use super::{outbox, task};

/// A mail that waits this long opens a task: longer than any greylisting.
const LATE_SECONDS: i64 = 2 * SECONDS_PER_HOUR;
/// A mail that waits this long makes its task pressing: a working day is lost.
const OVERDUE_SECONDS: i64 = SECONDS_PER_DAY;
/// Tasks opened per sweep: a relay that is down for a day must not make one transaction of its whole backlog.
const MOST_OPENED: u64 = 500;

/// Opens tasks after [`LATE_SECONDS`], makes them pressing after [`OVERDUE_SECONDS`], closes them once the mail waits no
/// more. Returns the number opened.
pub(crate) async fn note(tx: &DatabaseTransaction, now: Moment) -> Result<usize, DbErr> {
    let (late, overdue) = (now.plus_seconds(-LATE_SECONDS), now.plus_seconds(-OVERDUE_SECONDS));
    task::close_late(tx, outbox::waiting_ids(late), now).await?;
    task::make_overdue(tx, outbox::waiting_ids(overdue)).await?;
    let mails = outbox::waiting_besides(tx, late, task::late_mails(), MOST_OPENED).await?;
    let opened = mails.len();
    for (mail, created_at, last_error) in mails {
        let kind = if created_at <= overdue { TaskKind::MailOverdue } else { TaskKind::MailLate };
        task::open(tx, kind, mail, last_error.unwrap_or_default(), now).await?;
    }
    Ok(opened)
}
