//! Staff accounts and what each role may do.

use serde::{Deserialize, Serialize};

use crate::requirement::Word;

/// What a member of staff may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything, everywhere.
    Admin,
    /// All leads of one park.
    Manager,
    /// Works the leads of one park.
    Officer,
    /// Reads the leads of one park; sees no contact data.
    Observer,
}

impl Word for Role {
    const WORDS: &'static [(&'static str, Self)] =
        &[("admin", Self::Admin), ("manager", Self::Manager), ("officer", Self::Officer), ("observer", Self::Observer)];
}

impl Role {
    /// The word of the command line and the database.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, role)| *role == self).map_or("", |(word, _)| word)
    }

    /// Whether it may change leads.
    #[must_use]
    pub const fn works_leads(self) -> bool {
        !matches!(self, Self::Observer)
    }

    /// Whether it may see contact data in full.
    #[must_use]
    pub const fn reveals_contacts(self) -> bool {
        !matches!(self, Self::Observer)
    }
}

/// Whose leads somebody may see: the first argument of every query on leads, inquiries and personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every park's.
    All,
    /// One park's.
    Park(String),
}
