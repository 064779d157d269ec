//! The reply addresses of an inquiry, one for each side.

use super::context::Context;
use super::sides::Side;
use crate::db::lead::Inquiry;
use crate::ids;

/// Hexadecimal digits of the proof in a reply address: 96 bits cannot be guessed, and the local part stays within the 64
/// octets of RFC 5321 §4.5.3.1.1.
const PROOF_DIGITS: usize = 24;

/// Returns the address of one side of an inquiry: mail to it goes on to that side. It holds the inquiry's number and a proof
/// that only recipients of the mail know. `None` without `mail.alias_domain`.
pub(super) fn alias(app: &Context, reference: &str, inquiry: &Inquiry, of: Side) -> Option<String> {
    // Each side's secret name has the side in it: neither side can derive the other's address.
    address(app, inquiry, &format!("reply:{}:{reference}:{}", of.word(), inquiry.id))
}

/// The address that both sides shared in mails of a program before m12, read for as long as these are answered.
pub(super) fn shared_alias(app: &Context, reference: &str, inquiry: &Inquiry) -> Option<String> {
    address(app, inquiry, &format!("reply:{reference}:{}", inquiry.id))
}

fn address(app: &Context, inquiry: &Inquiry, secret: &str) -> Option<String> {
    let domain = app.config.mail.alias_domain.as_str();
    // The reference is a secret of 128 bits: its hash does not reveal it.
    let proof: String = ids::sha256_hex(secret.as_bytes()).chars().take(PROOF_DIGITS).collect();
    (!domain.is_empty()).then(|| format!("{}.{proof}@{}", inquiry.number, domain).to_ascii_lowercase())
}
