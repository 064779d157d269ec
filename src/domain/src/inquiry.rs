//! Inquiries (询盘): what becomes of a requirement sent to a park.

use serde::{Deserialize, Serialize};

use crate::requirement::Word;

/// How far an inquiry's mail has come (contract §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InquiryState {
    /// Committed, not yet taken by the relay.
    Queued,
    /// The relay answered 250.
    Sent,
    /// The relay refused it for good; a staff task is open.
    Failed,
    /// The park has no inbox: it sees the lead in the portal only.
    NoInbox,
    /// Withdrawn before it left.
    Cancelled,
}

impl Word for InquiryState {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("queued", Self::Queued),
        ("sent", Self::Sent),
        ("failed", Self::Failed),
        ("no_inbox", Self::NoInbox),
        ("cancelled", Self::Cancelled),
    ];
}

impl InquiryState {
    /// The word of the API and the database.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, state)| *state == self).map_or("", |(word, _)| word)
    }
}
