//! DKIM signatures (RFC 6376, RFC 8463), relaxed/relaxed, over the serialized mail: the bytes that a verifier reads. The
//! operator publishes the public key in DNS.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ring::rand::SystemRandom;
use ring::signature::{self, Ed25519KeyPair, KeyPair as _, RsaKeyPair, UnparsedPublicKey};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::dkim_form::{body_hash_input, fields, header_hash_input, relaxed_field, tag};

/// Header fields signed where the mail has them (RFC 6376 §5.4.1).
const SIGNED: [&str; 12] = [
    "from",
    "reply-to",
    "to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "auto-submitted",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "x-luodi-inquiry",
];
/// Base64 characters per line of the signature, so that no line exceeds 78 octets.
const SIGNATURE_LINE: usize = 72;
/// Longest character string of a TXT record, octets (RFC 1035 §3.3).
const LONGEST_STRING: usize = 255;
/// Object identifiers of the key algorithms inside PKCS#8, DER.
const OID_RSA: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const OID_ED25519: &[u8] = &[0x06, 0x03, 0x2b, 0x65, 0x70];

/// Signer of one sending domain.
pub struct Dkim {
    domain: String,
    selector: String,
    key: SigningKey,
}

enum SigningKey {
    Rsa(Box<RsaKeyPair>),
    Ed25519(Box<Ed25519KeyPair>),
}

/// Reasons why signatures cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DkimError {
    #[error("the key is encrypted; store it without a passphrase")]
    Encrypted,
    #[error(
        "a block {0} is not a signing key; use RSA as PKCS#1 or PKCS#8 PEM, or Ed25519 as PKCS#8 PEM or base64 seed"
    )]
    Unsupported(String),
    #[error("neither a PEM file nor a base64 Ed25519 seed of 32 bytes")]
    NotAKey,
    #[error("the key is damaged, or an RSA key outside 2048 to 4096 bits: {0}")]
    Refused(String),
    #[error("{0} must be a DNS name in ASCII")]
    Name(&'static str),
}

/// Reasons why a signature does not verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DkimFault {
    #[error("the mail has no complete DKIM-Signature")]
    Unsigned,
    #[error("the body hash differs")]
    Body,
    #[error("the signature differs")]
    Signature,
}

impl Dkim {
    /// Parses an RSA key (PKCS#1 or PKCS#8 PEM, 2048 to 4096 bits) or an Ed25519 key (PKCS#8 PEM, or its seed in base64).
    ///
    /// # Errors
    /// [`DkimError`]; [`DkimError::Name`] where domain or selector is empty or not a DNS name.
    pub fn new(domain: &str, selector: &str, key: &str) -> Result<Self, DkimError> {
        for (field, name) in [("mail.dkim_domain", domain), ("mail.dkim_selector", selector)] {
            let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
            if name.is_empty() || !name.bytes().all(is_name) {
                return Err(DkimError::Name(field));
            }
        }
        Ok(Self { domain: domain.to_ascii_lowercase(), selector: selector.to_owned(), key: SigningKey::read(key)? })
    }

    /// Returns the mail with its signature on top; `mail` ends its lines in CRLF.
    pub(super) fn signed(&self, mail: &[u8]) -> Result<Vec<u8>, DkimError> {
        let body_hash = BASE64.encode(Sha256::digest(body_hash_input(mail)));
        let present: Vec<String> = fields(mail).map(|(name, _)| name).collect();
        let mut names: Vec<&str> = SIGNED.into_iter().filter(|name| present.iter().any(|has| has == name)).collect();
        // Named once more than it occurs: a second From added on the way breaks the signature (RFC 6376 §8.15).
        names.push("from");
        let unsigned = format!(
            "DKIM-Signature: v=1; a={}; c=relaxed/relaxed;\r\n\td={}; s={};\r\n\th={};\r\n\tbh={body_hash};\r\n\tb=",
            self.key.algorithm(),
            self.domain,
            self.selector,
            folded(&names),
        );
        let mut input = header_hash_input(mail, &names);
        input.extend_from_slice(relaxed_field(unsigned.as_bytes()).as_slice());
        let signature = BASE64.encode(self.key.sign(&input)?);
        let lines: Vec<&[u8]> = signature.as_bytes().chunks(SIGNATURE_LINE).collect();
        Ok([unsigned.as_bytes(), &lines.join(&b"\r\n\t"[..]), b"\r\n", mail].concat())
    }

    /// Verifies the topmost signature of a mail with the public key.
    ///
    /// # Errors
    /// [`DkimFault`], the first one found.
    pub fn verify(&self, mail: &[u8]) -> Result<(), DkimFault> {
        let (_, field) = fields(mail).find(|(name, _)| name == "dkim-signature").ok_or(DkimFault::Unsigned)?;
        let value = |name: &str| tag(field, name).ok_or(DkimFault::Unsigned);
        let (names, body_hash, signature) = (value("h")?, value("bh")?, value("b")?);
        if BASE64.encode(Sha256::digest(body_hash_input(mail))) != body_hash {
            return Err(DkimFault::Body);
        }
        let names: Vec<&str> = names.split(':').collect();
        let mut input = header_hash_input(mail, &names);
        let relaxed = relaxed_field(field);
        // The signature is the last tag, and base64 has no `=` before its padding.
        let kept = relaxed.windows(4).rposition(|four| four == b"; b=").ok_or(DkimFault::Unsigned)? + 4;
        input.extend_from_slice(&relaxed[..kept]);
        let signature = BASE64.decode(signature).map_err(|_| DkimFault::Unsigned)?;
        self.key.verify(&input, &signature).map_err(|_| DkimFault::Signature)
    }

    /// Returns the TXT record of the public key as a zone file writes it.
    #[must_use]
    pub fn dns_record(&self) -> String {
        let (kind, public) = self.key.public();
        let text = format!("v=DKIM1; k={kind}; p={}", BASE64.encode(public));
        let strings: Vec<String> = text
            .as_bytes()
            .chunks(LONGEST_STRING)
            .map(|part| format!("\"{}\"", String::from_utf8_lossy(part)))
            .collect();
        format!("{}._domainkey.{}. IN TXT ( {} )", self.selector, self.domain, strings.join(" "))
    }

    /// Returns the signing domain, `d=`.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// Returns the algorithm, `a=`.
    #[must_use]
    pub fn algorithm(&self) -> &'static str {
        self.key.algorithm()
    }
}

impl fmt::Debug for Dkim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dkim { key: [withheld] }")
    }
}

impl SigningKey {
    fn read(text: &str) -> Result<Self, DkimError> {
        let Some((label, der)) = private_key_block(text)? else {
            let seed = BASE64.decode(text.trim()).map_err(|_| DkimError::NotAKey)?;
            return Ed25519KeyPair::from_seed_unchecked(&seed)
                .map(|key| Self::Ed25519(Box::new(key)))
                .map_err(|_| DkimError::NotAKey);
        };
        let has = |oid: &[u8]| der.windows(oid.len()).any(|bytes| bytes == oid);
        let refused = |error: ring::error::KeyRejected| DkimError::Refused(error.to_string());
        match label {
            "RSA PRIVATE KEY" => Ok(Self::Rsa(Box::new(RsaKeyPair::from_der(&der).map_err(refused)?))),
            "PRIVATE KEY" if has(OID_RSA) => Ok(Self::Rsa(Box::new(RsaKeyPair::from_pkcs8(&der).map_err(refused)?))),
            // OpenSSL writes the private key without the public one, which the stricter reader demands.
            "PRIVATE KEY" if has(OID_ED25519) => {
                Ok(Self::Ed25519(Box::new(Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).map_err(refused)?)))
            }
            "PRIVATE KEY" => Err(DkimError::Unsupported("PRIVATE KEY of another algorithm".to_owned())),
            other => Err(DkimError::Unsupported(other.to_owned())),
        }
    }

    fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "rsa-sha256",
            Self::Ed25519(_) => "ed25519-sha256",
        }
    }

    fn sign(&self, input: &[u8]) -> Result<Vec<u8>, DkimError> {
        match self {
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&signature::RSA_PKCS1_SHA256, &SystemRandom::new(), input, &mut signature)
                    .map_err(|error| DkimError::Refused(error.to_string()))?;
                Ok(signature)
            }
            // RFC 8463 §3: the hash is what is signed.
            Self::Ed25519(key) => Ok(key.sign(&Sha256::digest(input)).as_ref().to_vec()),
        }
    }

    fn verify(&self, input: &[u8], signature: &[u8]) -> Result<(), ring::error::Unspecified> {
        match self {
            Self::Rsa(key) => {
                UnparsedPublicKey::new(&signature::RSA_PKCS1_2048_8192_SHA256, key.public()).verify(input, signature)
            }
            Self::Ed25519(key) => UnparsedPublicKey::new(&signature::ED25519, key.public_key().as_ref())
                .verify(&Sha256::digest(input), signature),
        }
    }

    /// Returns the value of `k=` and the bytes of `p=`: SubjectPublicKeyInfo (RFC 6376 erratum 3017), or the bare key.
    fn public(&self) -> (&'static str, Vec<u8>) {
        match self {
            Self::Rsa(key) => {
                let algorithm = der(0x30, &[OID_RSA, &[0x05, 0x00]].concat());
                let bits = der(0x03, &[&[0x00], key.public().as_ref()].concat());
                ("rsa", der(0x30, &[algorithm, bits].concat()))
            }
            Self::Ed25519(key) => ("ed25519", key.public_key().as_ref().to_vec()),
        }
    }
}

/// Returns label and bytes of the first private key of a PEM file; `None` where the text is not PEM.
fn private_key_block(text: &str) -> Result<Option<(&str, Vec<u8>)>, DkimError> {
    let mut rest = text;
    let mut first = None;
    while let Some((_, block)) = rest.split_once("-----BEGIN ") {
        let (label, body) = block.split_once("-----").ok_or(DkimError::NotAKey)?;
        let (body, after) = body.split_once("-----END ").ok_or(DkimError::NotAKey)?;
        rest = after;
        first.get_or_insert(label);
        if !label.ends_with("PRIVATE KEY") {
            continue;
        }
        if label.starts_with("ENCRYPTED") || body.contains("ENCRYPTED") {
            return Err(DkimError::Encrypted);
        }
        let base64: String = body.chars().filter(|c| !c.is_whitespace()).collect();
        let damaged = |error: base64::DecodeError| match label {
            "RSA PRIVATE KEY" | "PRIVATE KEY" => DkimError::Refused(error.to_string()),
            other => DkimError::Unsupported(other.to_owned()),
        };
        return Ok(Some((label, BASE64.decode(base64).map_err(damaged)?)));
    }
    first.map_or(Ok(None), |label| Err(DkimError::Unsupported(label.to_owned())))
}

/// Encodes one DER value.
fn der(kind: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let digits = &length[length.iter().take_while(|&&byte| byte == 0).count()..];
    let head = match content.len() {
        short @ 0..=127 => vec![kind, u8::try_from(short).unwrap_or_default()],
        _ => [&[kind, 0x80 | u8::try_from(digits.len()).unwrap_or_default()], digits].concat(),
    };
    [head.as_slice(), content].concat()
}

/// Joins header names by colons, four per line.
fn folded(names: &[&str]) -> String {
    let lines: Vec<String> = names.chunks(4).map(|line| line.join(":")).collect();
    lines.join(":\r\n\t ")
}
