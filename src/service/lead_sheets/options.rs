//! Choices of the person who imports leads, for rows that are silent.

use domain::lead::{ConsentBasis, Source};
use serde::{Deserialize, Serialize};

/// Words for rows that are silent, and the accounts that the names of the file mean.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LeadOptions {
    /// Origin of the leads.
    pub source: Option<Source>,
    /// Basis on which their contact data are processed.
    pub basis: Option<ConsentBasis>,
    /// Note on the basis.
    pub basis_note: String,
    /// Names of the file with the mail address of the account that each means.
    pub owners: Vec<(String, String)>,
}

impl LeadOptions {
    /// Parses `张三=zhang@example.com`, one per line; a line without `=` is left out.
    #[must_use]
    pub fn owners_of(text: &str) -> Vec<(String, String)> {
        let pair = |line: &str| {
            let (name, email) = line.split_once(['=', '＝'])?;
            let (name, email) = (name.trim().to_owned(), email.trim().to_lowercase());
            (!name.is_empty() && !email.is_empty()).then_some((name, email))
        };
        text.lines().filter_map(pair).collect()
    }
}
