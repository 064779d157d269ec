//! Mail addresses that are safe in a header field.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A mail address in ASCII: the domain in lower case, international labels in Punycode. `Display` and `Debug` mask it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mail(String);

/// Limits of RFC 5321 §4.5.3.1 (local part, whole path) and RFC 1035 §2.3.4 (label), in bytes.
const LONGEST_LOCAL: usize = 64;
const LONGEST: usize = 254;
const LONGEST_LABEL: usize = 63;

impl Mail {
    /// Parses an address: dot-atom, `@`, a domain of two labels or more. Refuses quoted local parts, comments, blanks
    /// and control characters, which rules out header injection.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (local, domain) = text.rsplit_once('@')?;
        let domain = ascii_domain(domain)?;
        let whole = local.len() + 1 + domain.len();
        (is_dot_atom(local) && local.len() <= LONGEST_LOCAL && whole <= LONGEST)
            .then(|| Self(format!("{local}@{domain}")))
    }

    /// Returns the unmasked address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the masked address, `w***@example.com`.
    #[must_use]
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.rsplit_once('@').unwrap_or((&self.0, ""));
        format!("{}***@{domain}", &local[..local.len().min(1)])
    }
}

fn is_dot_atom(local: &str) -> bool {
    let atext = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b);
    local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(atext))
}

fn ascii_domain(domain: &str) -> Option<String> {
    let labels: Vec<String> = domain.split('.').map(ascii_label).collect::<Option<_>>()?;
    let top = labels.last()?;
    (labels.len() >= 2 && !top.bytes().all(|b| b.is_ascii_digit())).then(|| labels.join("."))
}

fn ascii_label(label: &str) -> Option<String> {
    let lower = label.to_lowercase();
    let ascii = if lower.is_ascii() {
        lower
    } else {
        lower.chars().all(|c| c.is_alphanumeric() || c == '-').then(|| punycode(&lower)).flatten()?
    };
    let ldh = ascii.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let ends = !ascii.starts_with('-') && !ascii.ends_with('-');
    (ldh && ends && (1..=LONGEST_LABEL).contains(&ascii.len())).then_some(ascii)
}

/// Encodes a label as `xn--` and Punycode (RFC 3492); `None` on overflow.
fn punycode(label: &str) -> Option<String> {
    const BASE: u32 = 36;
    let points: Vec<u32> = label.chars().map(u32::from).collect();
    if points.len() > LONGEST_LABEL {
        return None;
    }
    let mut out: String = label.chars().filter(char::is_ascii).collect();
    let basic = u32::try_from(out.len()).ok()?;
    if basic > 0 {
        out.push('-');
    }
    let (mut n, mut delta, mut bias, mut handled) = (128, 0_u32, 72, basic);
    while (handled as usize) < points.len() {
        let next = *points.iter().filter(|&&point| point >= n).min()?;
        delta = delta.checked_add((next - n).checked_mul(handled + 1)?)?;
        n = next;
        for &point in &points {
            delta = if point < n { delta.checked_add(1)? } else { delta };
            if point != n {
                continue;
            }
            let (mut q, mut k) = (delta, BASE);
            loop {
                let threshold = k.saturating_sub(bias).clamp(1, 26);
                if q < threshold {
                    break;
                }
                out.push(digit(threshold + (q - threshold) % (BASE - threshold)));
                q = (q - threshold) / (BASE - threshold);
                k += BASE;
            }
            out.push(digit(q));
            bias = adapt(delta, handled + 1, handled == basic);
            delta = 0;
            handled += 1;
        }
        delta += 1;
        n += 1;
    }
    Some(format!("xn--{out}"))
}

fn digit(value: u32) -> char {
    char::from_digit(value, 36).map_or('a', |_| {
        let byte = if value < 26 { b'a' + value as u8 } else { b'0' + (value - 26) as u8 };
        byte as char
    })
}

fn adapt(delta: u32, count: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / count;
    let mut k = 0;
    while delta > 455 {
        delta /= 35;
        k += 36;
    }
    k + 36 * delta / (delta + 38)
}

impl fmt::Display for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl From<Mail> for String {
    fn from(mail: Mail) -> Self {
        mail.0
    }
}

impl TryFrom<String> for Mail {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| "not a mail address".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::Mail;

    #[test]
    fn addresses_are_kept_in_ascii_with_a_lower_case_domain() {
        for (text, kept) in [
            ("Wang.Wu+a@Example.COM", "Wang.Wu+a@example.com"),
            ("a@bücher.example", "a@xn--bcher-kva.example"),
            ("info@例子.中国", "info@xn--fsqu00a.xn--fiqs8s"),
        ] {
            assert_eq!(Mail::parse(text).map(String::from).as_deref(), Some(kept), "{text}");
        }
    }

    #[test]
    fn what_could_break_a_header_or_reach_nobody_is_refused() {
        let long = format!("{}@example.com", "a".repeat(65));
        for text in [
            "",
            "@",
            "a@",
            "@example.com",
            "a@example",
            "a b@example.com",
            "a@exa mple.com",
            "a@example.com\r\nBcc: b",
            "a\n@example.com",
            "a..b@example.com",
            ".a@example.com",
            "a@-example.com",
            "a@1.2.3.4",
            "王@example.com",
            "a@example..com",
            &long,
        ] {
            assert_eq!(Mail::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_shown_address_is_masked() {
        let mail = Mail::parse("wangwu@example.com").expect("an address");
        assert_eq!(format!("{mail} {mail:?}"), "w***@example.com w***@example.com");
    }
}
