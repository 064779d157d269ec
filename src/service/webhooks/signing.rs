//! Signatures of webhooks: Standard Webhooks 1.0 (`v1`, HMAC-SHA256) for JSON, and those of the robots.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;

use crate::ids;

/// Beginning of a secret, by which secret scanners know it.
const PREFIX: &str = "whsec_";

/// Returns a new secret: `whsec_` and 256 bits in base64.
pub(super) fn new_secret() -> String {
    format!("{PREFIX}{}", STANDARD.encode(ids::signing_secret()))
}

fn mac(key: &[u8], text: &[u8]) -> String {
    STANDARD.encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text))
}

/// Returns `webhook-signature`: one signature per secret, separated by blanks. Id, seconds since 1970 and body are signed.
/// `None` for a secret that is no base64.
pub(super) fn signatures(secrets: &[String], id: &str, timestamp: i64, body: &str) -> Option<String> {
    let text = format!("{id}.{timestamp}.{body}");
    let sign = |secret: &String| {
        let key = STANDARD.decode(secret.strip_prefix(PREFIX).unwrap_or(secret)).ok()?;
        Some(format!("v1,{}", mac(&key, text.as_bytes())))
    };
    secrets.iter().map(sign).collect::<Option<Vec<_>>>().map(|all| all.join(" "))
}

/// Returns the parameter `sign` of 钉钉, unescaped: `millis` is its parameter `timestamp`.
pub(super) fn of_dingtalk(secret: &str, millis: i64) -> String {
    mac(secret.as_bytes(), format!("{millis}\n{secret}").as_bytes())
}

/// Returns the member `sign` of 飞书, whose key is time and secret and whose text is empty.
pub(super) fn of_feishu(secret: &str, seconds: i64) -> String {
    mac(format!("{seconds}\n{secret}").as_bytes(), b"")
}

#[cfg(test)]
mod tests {
    use super::{new_secret, of_dingtalk, of_feishu, signatures};

    /// The example of the reference libraries of Standard Webhooks.
    #[test]
    fn the_signature_is_that_of_the_reference_libraries() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned();
        let (id, body) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", "{\"test\": 2432232314}");
        let want = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(signatures(std::slice::from_ref(&secret), id, 1_614_265_330, body).as_deref(), Some(want));
        let two = signatures(&[new_secret(), secret], id, 1_614_265_330, body).expect("two secrets");
        assert!(two.ends_with(want) && two.split(' ').count() == 2, "{two}");
        assert_eq!(signatures(&["whsec_no base64".to_owned()], id, 1, body), None);
    }

    /// Computed by the vendors' Python examples.
    #[test]
    fn robots_get_the_signatures_of_their_vendors_examples() {
        assert_eq!(of_dingtalk("this is secret", 1_600_000_000_000), DINGTALK);
        assert_eq!(of_feishu("this is secret", 1_600_000_000), FEISHU);
    }

    const DINGTALK: &str = "MYEtKC4/NfMR1l4prX++ai6oOf70X1xOf6UlnyUhJH4=";
    const FEISHU: &str = "KPGy2t/of6Xra/AnHPcFkxvTtTVcBl/AnCo8A9Y2Tto=";
}
