//! Time-based one-time passwords, RFC 6238: HMAC-SHA-1, steps of 30 s, six digits, as every authenticator has them.

use domain::time::{MILLIS_PER_SECOND, Moment};
use ring::hmac;

/// Length of a time step, s.
const STEP_SECONDS: i64 = 30;
/// Digits of a code.
const DIGITS: usize = 6;
/// Steps before and after the present one whose codes count: clocks of phones differ (RFC 6238 §5.2).
const SLACK_STEPS: i64 = 1;
/// RFC 4648 §6.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Returns the secret in base 32, as authenticators take it.
#[must_use]
pub fn base32(secret: &[u8]) -> String {
    let mut text = String::with_capacity(secret.len().div_ceil(5) * 8);
    let (mut bits, mut held) = (0_u32, 0);
    for &byte in secret {
        bits = bits << 8 | u32::from(byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            text.push(BASE32[(bits >> held & 31) as usize] as char);
        }
        bits &= (1 << held) - 1;
    }
    if held > 0 {
        text.push(BASE32[(bits << (5 - held) & 31) as usize] as char);
    }
    text
}

fn from_base32(text: &str) -> Vec<u8> {
    let (mut bits, mut held, mut bytes) = (0_u32, 0, Vec::new());
    for value in text.bytes().filter_map(|byte| BASE32.iter().position(|own| *own == byte)) {
        bits = bits << 5 | value as u32;
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 255) as u8);
            bits &= (1 << held) - 1;
        }
    }
    bytes
}

/// Returns the code of a step (RFC 4226 §5.3).
fn code(secret: &[u8], step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    let offset = usize::from(bytes[bytes.len() - 1] & 15);
    let number =
        bytes[offset..offset + 4].iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) & 0x7fff_ffff;
    format!("{:0DIGITS$}", number % 10_u32.pow(DIGITS as u32))
}

/// Returns the step to which a code belongs, at most one step from `now`; `None` for a wrong code. Blanks are passed over.
#[must_use]
pub fn step_of(secret: &str, typed: &str, now: Moment) -> Option<i64> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let (secret, present) = (from_base32(secret), now.0.div_euclid(STEP_SECONDS * MILLIS_PER_SECOND));
    (present - SLACK_STEPS..=present + SLACK_STEPS).find(|step| code(&secret, *step) == typed)
}

/// Returns the code at a moment, as an authenticator shows it.
#[must_use]
pub fn code_at(secret: &str, now: Moment) -> String {
    code(&from_base32(secret), now.0.div_euclid(STEP_SECONDS * MILLIS_PER_SECOND))
}

/// Returns the address that a QR code gives to authenticators.
#[must_use]
pub fn address(email: &str, secret: &str) -> String {
    let email = percent_encoding::utf8_percent_encode(email, percent_encoding::NON_ALPHANUMERIC);
    format!("otpauth://totp/luodi:{email}?secret={secret}&issuer=luodi&digits={DIGITS}&period={STEP_SECONDS}")
}
