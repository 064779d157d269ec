//! Staff accounts: roles, their permissions, their spheres, and the scope of visible leads.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::requirement::Word;
use crate::word::words;

/// The role of a staff account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// All permissions in all parks.
    Admin,
    /// All leads and people of its parks.
    Manager,
    /// Moves the leads of its parks.
    Officer,
    /// Reads leads without contact data.
    Observer,
}

impl Word for Role {
    const WORDS: &'static [(&'static str, Self)] =
        &[("admin", Self::Admin), ("manager", Self::Manager), ("officer", Self::Officer), ("observer", Self::Observer)];
}

words! {
    /// The check of a person's identity before a lost second factor is removed.
    pub enum IdentityProof in "identity_proof" {
        /// 当面核对证件
        InPerson "in_person",
        /// 回拨登记的电话核对
        CallBack "call_back",
        /// 单位书面证明
        Document "document",
    }
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

    /// Whether the role invites, changes and disables accounts of its parks.
    #[must_use]
    pub const fn manages_people(self) -> bool {
        matches!(self, Self::Admin | Self::Manager)
    }
}

/// Codes in which an account works; empty for admins. Regions and industries are for observers alone, and an account has
/// either industries or places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sphere {
    /// Codes of parks, each of which includes its sub-parks.
    pub parks: BTreeSet<String>,
    /// Division codes, six digits; each includes every park in it.
    pub regions: BTreeSet<String>,
    /// GB/T 4754 codes without the section letter, two to four digits; each includes the codes that begin with it.
    pub industries: BTreeSet<String>,
}

impl Sphere {
    /// Returns the sphere of these parks.
    #[must_use]
    pub fn of_parks<S: Into<String>>(parks: impl IntoIterator<Item = S>) -> Self {
        Self { parks: parks.into_iter().map(Into::into).collect(), ..Self::default() }
    }

    /// Whether it names nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parks.is_empty() && self.regions.is_empty() && self.industries.is_empty()
    }

    /// Returns every code, parks first.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.parks.iter().chain(&self.regions).chain(&self.industries).map(String::as_str)
    }
}

impl From<Option<&str>> for Sphere {
    /// Returns the sphere of one park, or an empty one.
    fn from(park: Option<&str>) -> Self {
        Self::of_parks(park)
    }
}

/// The leads that an actor may see: first argument of every query on leads, inquiries and personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All parks.
    All,
    /// One park, by code.
    Park(String),
    /// Several parks, by code: those of a region, or a park with its sub-parks.
    Parks(Vec<String>),
    /// Requirements of industries in any park, by the first digits of their codes.
    Industries(Vec<String>),
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
            Self::Industries(_) => false,
        }
    }

    /// Returns the codes of its parks; `None` where it is not bounded by parks.
    #[must_use]
    pub fn parks(&self) -> Option<Vec<&str>> {
        match self {
            Self::All | Self::Industries(_) => None,
            Self::Park(park) => Some(vec![park]),
            Self::Parks(parks) => Some(parks.iter().map(String::as_str).collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Scope;

    #[test]
    fn a_scope_of_parks_covers_these_and_no_other() {
        let both = Scope::of(vec!["A".into(), "B".into()]);
        assert!(both.covers("A") && both.covers("B") && !both.covers("C"));
        assert_eq!(both.parks(), Some(vec!["A", "B"]));
        assert_eq!(Scope::of(vec!["A".into()]), Scope::Park("A".into()));
        let none = Scope::of(Vec::new());
        assert!(!none.covers("A") && none.parks() == Some(Vec::new()));
        assert!(Scope::All.covers("A") && !Scope::Industries(vec!["36".into()]).covers("A"));
    }
}
