//! Telephone numbers in the notations common in China, normalised to E.164.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::half_width::half_width;

/// A telephone number in E.164. Shown masked; [`Phone::e164`] gives it in full.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

/// Digits of a mobile number of mainland China, without the country code.
const MOBILE: usize = 11;

impl Phone {
    /// Parses one number: mobile, landline with its area code, 400/800, Hong Kong, Macau, Taiwan, or an international
    /// number with `+` and its country code. An extension (`转801`, `-801`, `ext. 801`) is dropped.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let folded: String = text.trim().chars().map(half_width).collect();
        let number = without_extension(&folded);
        let international = number.trim_start_matches(['(', ' ']).starts_with('+');
        let mut digits = String::with_capacity(number.len());
        for c in number.chars() {
            match c {
                '0'..='9' => digits.push(c),
                ' ' | '-' | '.' | '(' | ')' | '·' | '/' | '\u{2010}'..='\u{2015}' => {}
                '+' if digits.is_empty() => {}
                _ => return None,
            }
        }
        from_digits(&digits, international).or_else(|| {
            // `0512-1234567-801`: the last group is an extension only where the whole is no number.
            let (head, tail) = number.rsplit_once('-')?;
            let short = (1..=6).contains(&tail.len()) && tail.bytes().all(|b| b.is_ascii_digit());
            let head: String = head.chars().filter(char::is_ascii_digit).collect();
            short.then(|| from_digits(&head, international)).flatten()
        })
    }

    /// Splits mobile numbers that are joined without a separator; `None` unless there are two or more and each is valid.
    #[must_use]
    pub fn split_glued(digits: &str) -> Option<Vec<Self>> {
        if digits.len() < 2 * MOBILE || !digits.len().is_multiple_of(MOBILE) {
            return None;
        }
        digits
            .as_bytes()
            .chunks(MOBILE)
            .map(|chunk| std::str::from_utf8(chunk).ok().filter(|part| is_mobile(part)))
            .map(|part| part.map(|part| Self(format!("+86{part}"))))
            .collect()
    }

    /// Returns the unmasked number in E.164, `+8613800138000`.
    #[must_use]
    pub fn e164(&self) -> &str {
        &self.0
    }

    /// Returns the masked number: `138****8000` for a mobile, `****` and the last four digits for any other.
    #[must_use]
    pub fn masked(&self) -> String {
        let last = &self.0[self.0.len().saturating_sub(4)..];
        match self.0.strip_prefix("+86") {
            Some(national) if is_mobile(national) => format!("{}****{last}", &national[..3]),
            _ => format!("****{last}"),
        }
    }

    /// Returns whether this is a mobile number of mainland China.
    #[must_use]
    pub fn is_mobile(&self) -> bool {
        self.0.strip_prefix("+86").is_some_and(is_mobile)
    }
}

fn without_extension(number: &str) -> &str {
    // Fast path: without letters or Han characters there is no extension to look for.
    let plain = number.bytes().all(|b| b.is_ascii_digit() || matches!(b, b' ' | b'-' | b'.' | b'(' | b')' | b'+'));
    let cut = if plain { None } else { extension(&number.to_ascii_lowercase()) };
    number[..cut.unwrap_or(number.len())].trim_end_matches([' ', ',', '-', '(', '.'])
}

fn extension(lower: &str) -> Option<usize> {
    ["转", "轉", "ext", "分机", "x", "#"].iter().filter_map(|word| lower.find(word)).min()
}

fn is_mobile(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    bytes.len() == MOBILE && bytes[0] == b'1' && (b'3'..=b'9').contains(&bytes[1])
}

/// Returns the length of the area code including its leading 0.
fn area_length(digits: &str) -> Option<usize> {
    let bytes = digits.as_bytes();
    match (bytes.first()?, bytes.get(1)?) {
        (b'0', b'1') => (bytes.get(2) == Some(&b'0')).then_some(3),
        (b'0', b'2') => Some(3),
        (b'0', b'3'..=b'9') => Some(4),
        _ => None,
    }
}

fn from_digits(digits: &str, international: bool) -> Option<Phone> {
    let home = digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86"));
    if let Some(home) = home.and_then(|rest| domestic(rest).or_else(|| landline(&format!("0{rest}")))) {
        return Some(home);
    }
    if !international && let Some(home) = domestic(digits) {
        return Some(home);
    }
    let abroad = digits.strip_prefix("00").unwrap_or(digits);
    for (country, lengths) in [("852", 8..=8), ("853", 8..=8), ("886", 8..=9)] {
        if let Some(rest) = abroad.strip_prefix(country) {
            let rest = rest.strip_prefix('0').filter(|_| !lengths.contains(&rest.len())).unwrap_or(rest);
            return lengths.contains(&rest.len()).then(|| Phone(format!("+{country}{rest}")));
        }
    }
    let plausible = international && (8..=15).contains(&digits.len()) && !digits.starts_with(['0']);
    (plausible && !digits.starts_with("86")).then(|| Phone(format!("+{digits}")))
}

fn domestic(digits: &str) -> Option<Phone> {
    let free = digits.len() == 10 && (digits.starts_with("400") || digits.starts_with("800"));
    if is_mobile(digits) || free {
        return Some(Phone(format!("+86{digits}")));
    }
    landline(digits)
}

fn landline(digits: &str) -> Option<Phone> {
    let area = area_length(digits)?;
    (7..=8).contains(&(digits.len() - area.min(digits.len()))).then(|| Phone(format!("+86{}", &digits[1..])))
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> Self {
        phone.0
    }
}

impl TryFrom<String> for Phone {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| "not a telephone number".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::Phone;

    #[test]
    fn every_writing_of_a_number_is_one_number() {
        for (text, e164) in [
            ("13800138000", "+8613800138000"),
            ("138 0013 8000", "+8613800138000"),
            ("138-0013-8000", "+8613800138000"),
            ("138.0013.8000", "+8613800138000"),
            ("１３８００１３８０００", "+8613800138000"),
            ("+86 138 0013 8000", "+8613800138000"),
            ("(+86)13800138000", "+8613800138000"),
            ("008613800138000", "+8613800138000"),
            ("86-13800138000", "+8613800138000"),
            ("19900138000", "+8619900138000"),
            ("010-12345678", "+861012345678"),
            ("(021) 1234 5678", "+862112345678"),
            ("0512-00001234", "+8651200001234"),
            ("0512-1234567", "+865121234567"),
            ("0512-00001234转801", "+8651200001234"),
            ("0512-00001234-801", "+8651200001234"),
            ("0512-00001234 ext. 801", "+8651200001234"),
            ("+86 512 1234 5678", "+8651212345678"),
            ("+86 (0)512 12345678", "+8651212345678"),
            ("+86-10-12345678", "+861012345678"),
            ("400-012-3021", "+864000123021"),
            ("400 0123 021", "+864000123021"),
            ("800-810-0000", "+868008100000"),
            ("+852 1234 5678", "+85212345678"),
            ("852-12345678", "+85212345678"),
            ("+853 6123 4567", "+85361234567"),
            ("+886 2 1234 5678", "+886212345678"),
            ("+886 0912 345 678", "+886912345678"),
            ("+49 30 1234567", "+49301234567"),
        ] {
            assert_eq!(Phone::parse(text).map(String::from).unwrap_or_default(), e164, "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in
            ["", "1380013800", "12800138000", "1380013800000", "2027-03-01", "91350100M000100Y43", "400123", "8"]
        {
            assert_eq!(Phone::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_shown_number_is_masked() {
        let mobile = Phone::parse("13800138000").expect("a mobile");
        assert_eq!(format!("{mobile} {mobile:?}"), "138****8000 138****8000");
        assert_eq!(Phone::parse("0512-00001234").expect("a landline").masked(), "****1234");
    }

    #[test]
    fn glued_mobiles_split_only_where_they_fit() {
        let split = Phone::split_glued("138001380001390000001513700137000").expect("three");
        let split: Vec<&str> = split.iter().map(Phone::e164).collect();
        assert_eq!(split, ["+8613800138000", "+8613900000015", "+8613700137000"]);
        for digits in ["13800138000", "1380013800012800138000", "138001380001390000001"] {
            assert_eq!(Phone::split_glued(digits), None, "{digits}");
        }
    }
}
