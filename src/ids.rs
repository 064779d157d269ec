//! Ids, references, numbers and tokens: the only source of randomness.

use domain::time::Moment;
use rand::Rng as _;
use sha2::{Digest as _, Sha256};

/// Crockford's base 32: no letters that are misread on paper or misheard by phone.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Row id: UUID v7, so that ids sort by creation time.
#[expect(clippy::disallowed_methods, reason = "this is the id module")]
#[must_use]
pub fn row_id() -> String {
    uuid::Uuid::now_v7().simple().to_string()
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

/// Unguessable reference of a requirement: 128 random bits in hexadecimal.
#[must_use]
pub fn reference() -> String {
    hex(&random::<16>())
}

/// Token for links and sessions, 256 random bits; only its [`token_hash`] is stored.
#[must_use]
pub fn token() -> String {
    hex(&random::<32>())
}

/// Secret of a second factor, the 160 bits that RFC 4226 §4 recommends.
#[must_use]
pub fn factor_secret() -> [u8; 20] {
    random()
}

/// Nonce of AES-GCM, 96 random bits: a key seals a few secrets per account, far fewer than the 2^32 for which a random nonce is
/// safe (NIST SP 800-38D §8.3).
#[must_use]
pub fn nonce() -> [u8; 12] {
    random()
}

/// Secret that signs webhooks: 256 bits, of the 192 to 512 that Standard Webhooks asks for.
#[must_use]
pub fn signing_secret() -> [u8; 32] {
    random()
}

/// Recovery code, 120 random bits in six groups of four: `7K3F-9QXB-…`; only its [`token_hash`] is stored, which from 112 bits
/// on need not be that of a password (OWASP ASVS 6.5.2).
#[must_use]
pub fn recovery_code() -> String {
    let characters: Vec<char> = random::<24>().iter().map(|byte| ALPHABET[usize::from(byte % 32)] as char).collect();
    characters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// Hash of a token, as stored in the database.
#[must_use]
pub fn token_hash(token: &str) -> String {
    sha256_hex(token.as_bytes())
}

/// SHA-256 in hexadecimal.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Inquiry number for people: the day and 40 random bits, `LD20261124-7K3F9QXB`.
#[must_use]
pub fn inquiry_number(now: Moment) -> String {
    numbered("LD", now)
}

/// Ticket number of a report (纠错), in the form of [`inquiry_number`]: `JC20261124-7K3F9QXB`.
#[must_use]
pub fn ticket_number(now: Moment) -> String {
    numbered("JC", now)
}

fn numbered(prefix: &str, now: Moment) -> String {
    let bytes = random::<8>();
    let tail: String = bytes.iter().map(|byte| ALPHABET[usize::from(byte % 32)] as char).collect();
    format!("{prefix}{}-{tail}", now.day().format("%Y%m%d"))
}

/// Bytes in hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
