//! Mails outside the outbox's queries: to be queued, claimed by a worker, shown to staff. The queries are in `outbox`.

use domain::stored::Stored;
use domain::time::Moment;

use super::words::{AttemptOutcome, MailPurpose, MailState};
use crate::mail::Built;

/// A mail to be sent after the transaction has committed.
#[derive(Clone, Debug)]
pub(crate) struct NewMail {
    pub(crate) purpose: MailPurpose,
    pub(crate) requirement_id: Option<String>,
    pub(crate) inquiry_id: Option<String>,
    /// The failed row that this one repeats.
    pub(crate) resend_of: Option<String>,
    /// Held back until staff clear its requirement.
    pub(crate) is_parked: bool,
    pub(crate) mail: Built,
}

/// A mail of an inquiry as staff see it.
#[derive(Clone, Debug)]
pub struct MailRow {
    /// Row id.
    pub id: String,
    /// The receiving inbox; empty once erased.
    pub recipient: String,
    /// Its state in the outbox.
    pub state: Stored<MailState>,
    /// Delivery attempts so far.
    pub attempts: i64,
    /// The relay's last reply, or the last error.
    pub last_error: Option<String>,
    /// Time of queueing.
    pub created_at: Moment,
    /// Time of the final outcome.
    pub settled_at: Option<Moment>,
}

/// A row under this process's lease.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// Row id.
    pub id: String,
    /// The lease's token; each claim draws another.
    pub lease_token: String,
    /// Attempts so far, including this one.
    pub attempts: i64,
    /// Time of queueing.
    pub created_at: Moment,
    /// Its purpose.
    pub purpose: Stored<MailPurpose>,
    /// The receiving address; `None` once erased.
    pub recipient: Option<String>,
    /// Without angle brackets.
    pub message_id: Option<String>,
    /// Envelope sender; `None` in rows of an earlier program.
    pub envelope_from: Option<String>,
    /// The mail's bytes; `None` once erased.
    pub payload: Option<Vec<u8>>,
}

/// The size and lease of a claim.
#[derive(Clone, Copy, Debug)]
pub struct LeaseRequest {
    /// Rows at most.
    pub at_most: u64,
    /// The lease's length.
    pub lease_seconds: i64,
    /// Claims rows without an attempt first, newest first, then the longest due; else the longest due alone.
    pub newest_first: bool,
    /// Claims rows whose lease has ended, too.
    pub takes_over: bool,
}

/// The new state of a claimed row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// Accepted by the relay.
    Sent,
    /// Tried again later.
    Later {
        /// Time of the next attempt.
        at: Moment,
        /// The relay was at fault: the attempt does not count.
        uncounted: bool,
    },
    /// Ended without success; a staff task opens.
    Failed,
}

/// The record of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Its outcome.
    pub outcome: AttemptOutcome,
    /// The SMTP phase, and the relay's reply or the error.
    pub detail: String,
}
