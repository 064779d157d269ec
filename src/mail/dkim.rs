//! DKIM signatures (RFC 6376). The operator publishes the public key in DNS.

use std::fmt;

use lettre::message::header::HeaderName;
use lettre::message::{
    DkimCanonicalization, DkimCanonicalizationType, DkimConfig, DkimSigningAlgorithm, DkimSigningKey, Message,
};
use thiserror::Error;

/// Signer of one sending domain.
pub struct Dkim {
    config: DkimConfig,
}

/// Invalid signing key.
#[derive(Debug, Error)]
#[error("the DKIM key must be an RSA key as PKCS#1 PEM or a base64 Ed25519 seed: {0}")]
pub struct DkimError(String);

impl Dkim {
    /// Parses an RSA key in PKCS#1 PEM, or an Ed25519 seed of 32 bytes in base64 (RFC 8463).
    ///
    /// # Errors
    /// [`DkimError`] where the key has neither format.
    pub fn new(domain: &str, selector: &str, key: &str) -> Result<Self, DkimError> {
        let algorithm =
            if key.contains("BEGIN RSA") { DkimSigningAlgorithm::Rsa } else { DkimSigningAlgorithm::Ed25519 };
        let key = DkimSigningKey::new(key.trim(), algorithm).map_err(|error| DkimError(error.to_string()))?;
        let relaxed = DkimCanonicalizationType::Relaxed;
        // The headers recommended by RFC 6376 §5.4.1, as far as these mails have them.
        let headers = [
            HeaderName::new_from_ascii_str("From"),
            HeaderName::new_from_ascii_str("Reply-To"),
            HeaderName::new_from_ascii_str("Subject"),
            HeaderName::new_from_ascii_str("Date"),
            HeaderName::new_from_ascii_str("To"),
            HeaderName::new_from_ascii_str("Message-ID"),
            HeaderName::new_from_ascii_str("MIME-Version"),
            HeaderName::new_from_ascii_str("Content-Type"),
            HeaderName::new_from_ascii_str("X-Luodi-Inquiry"),
        ];
        let config = DkimConfig::new(
            selector.to_owned(),
            domain.to_owned(),
            key,
            headers.to_vec(),
            DkimCanonicalization { header: relaxed, body: relaxed },
        );
        Ok(Self { config })
    }

    pub(super) fn sign(&self, message: &mut Message) {
        message.sign(&self.config);
    }
}

impl fmt::Debug for Dkim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dkim { key: [withheld] }")
    }
}
