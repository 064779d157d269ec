//! Staff accounts: roles, their permissions, and the scope of visible leads.

use serde::{Deserialize, Serialize};

use crate::requirement::Word;

/// The role of a staff account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// All permissions in all parks.
    Admin,
    /// All leads of one park.
    Manager,
    /// Moves the leads of one park.
    Officer,
    /// Reads the leads of one park without contact data.
    Observer,
}

impl Word for Role {
    const WORDS: &'static [(&'static str, Self)] =
        &[("admin", Self::Admin), ("manager", Self::Manager), ("officer", Self::Officer), ("observer", Self::Observer)];
}

impl Role {
    /// Returns the word used by the command line and the database.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, role)| *role == self).map_or("", |(word, _)| word)
    }

    /// Whether the role may change leads.
    #[must_use]
    pub const fn works_leads(self) -> bool {
        !matches!(self, Self::Observer)
    }

    /// Whether the role may jump, end and reopen leads.
    #[must_use]
    pub const fn decides_leads(self) -> bool {
        matches!(self, Self::Admin | Self::Manager)
    }

    /// Whether the role may see contact data in full.
    #[must_use]
    pub const fn reveals_contacts(self) -> bool {
        !matches!(self, Self::Observer)
    }
}

/// The leads that an actor may see: first argument of every query on leads, inquiries and personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All parks.
    All,
    /// One park, by code.
    Park(String),
    /// Several parks, by code.
    Parks(Vec<String>),
}

impl Scope {
    /// Returns the scope of a list of parks.
    #[must_use]
    pub fn of(mut parks: Vec<String>) -> Self {
        match parks.len() {
            1 => Self::Park(parks.swap_remove(0)),
            _ => Self::Parks(parks),
        }
    }

    /// Whether a park's leads are inside.
    #[must_use]
    pub fn covers(&self, park: &str) -> bool {
        match self {
            Self::All => true,
            Self::Park(own) => own == park,
            Self::Parks(own) => own.iter().any(|code| code == park),
        }
    }

    /// Returns the codes of its parks; `None` where it is not bounded by parks.
    #[must_use]
    pub fn parks(&self) -> Option<Vec<&str>> {
        match self {
            Self::All => None,
            Self::Park(park) => Some(vec![park]),
            Self::Parks(parks) => Some(parks.iter().map(String::as_str).collect()),
        }
    }
}
