//! Contact data: parsed once, masked when shown.

/// A mail address, lower-cased in its domain.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail(String);

impl Mail {
    /// Parses an address.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (local, domain) = text.rsplit_once('@')?;
        (!local.is_empty() && domain.contains('.')).then(|| Self(format!("{local}@{}", domain.to_lowercase())))
    }

    /// The address in full.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
