//! Inquiries (询盘): a requirement sent to a park, and the delivery state of its mail.

use serde::{Deserialize, Serialize};

use crate::requirement::Word;

/// The delivery state of an inquiry's mail (contract §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InquiryState {
    /// Committed, not yet accepted by the relay.
    Queued,
    /// The relay answered 250.
    Sent,
    /// Refused permanently by the relay; a staff task is open.
    Failed,
    /// The park has no inbox: the lead is visible in the portal only.
    NoInbox,
    /// Cancelled before it was sent, or withdrawn by the enterprise.
    Cancelled,
    /// The park has no inbox: the operator asks it.
    WithOperator,
    /// Typed in by staff: no mail belongs to it.
    TypedIn,
}

impl Word for InquiryState {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("queued", Self::Queued),
        ("sent", Self::Sent),
        ("failed", Self::Failed),
        ("no_inbox", Self::NoInbox),
        ("cancelled", Self::Cancelled),
        ("with_operator", Self::WithOperator),
        ("typed_in", Self::TypedIn),
    ];
}

impl InquiryState {
    /// Returns the word used by the API and the database.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, state)| *state == self).map_or("", |(word, _)| word)
    }
}
