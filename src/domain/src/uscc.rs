//! Unified social credit codes (GB 32100-2015): alphabet, check character, and the check character of the organisation
//! code inside it (GB 11714-1997).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::fault::FieldCode;
use crate::word::Word as _;

/// A code with valid characters and both check characters valid. Validity is no proof of registration: no register is
/// queried.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Uscc([u8; LENGTH]);

/// Why [`Uscc::parse`] refused a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsccError {
    /// Not 18 characters.
    Length,
    /// A character outside `0-9A-Z` without I, O, S, V, Z, at this 1-based position.
    Character(usize),
    /// The check character, the 18th, is wrong (GB 32100-2015).
    Check,
    /// The check character of the organisation code, the 17th, is wrong (GB 11714-1997).
    OrganisationCheck,
}

const LENGTH: usize = 18;
/// The 31 symbols in the order of their values, 0 to 30.
const SYMBOLS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Weights of the first 17 positions: 3^(i-1) mod 31.
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
/// Weights of the eight characters of the organisation code (GB 11714-1997).
const ORGANISATION_WEIGHTS: [usize; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

impl UsccError {
    /// Returns the stable error code of forms and the API.
    #[must_use]
    pub const fn code(self) -> FieldCode {
        match self {
            Self::Length => FieldCode::UsccLength,
            Self::Character(_) => FieldCode::UsccCharacter,
            Self::Check => FieldCode::UsccCheck,
            Self::OrganisationCheck => FieldCode::UsccOrganisationCheck,
        }
    }
}

impl Uscc {
    /// Parses a code; full-width characters, blanks, hyphens and lower case are normalised first.
    ///
    /// # Errors
    /// `Length`, then `Character` for the first invalid one, then `Check`, then `OrganisationCheck`.
    pub fn parse(text: &str) -> Result<Self, UsccError> {
        let folded: Vec<char> = text
            .chars()
            .map(crate::half_width::half_width)
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| c.to_ascii_uppercase())
            .take(LENGTH + 1)
            .collect();
        if folded.len() != LENGTH {
            return Err(UsccError::Length);
        }
        let mut code = [0; LENGTH];
        for (at, c) in folded.into_iter().enumerate() {
            code[at] =
                u8::try_from(c).ok().filter(|byte| SYMBOLS.contains(byte)).ok_or(UsccError::Character(at + 1))?;
        }
        if code[17] != check_character(&code) {
            return Err(UsccError::Check);
        }
        if code[16] != organisation_check(&code) {
            return Err(UsccError::OrganisationCheck);
        }
        Ok(Self(code))
    }

    /// Returns the 18 characters in upper case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

fn value(symbol: u8) -> usize {
    SYMBOLS.iter().position(|&s| s == symbol).unwrap_or(0)
}

fn check_character(code: &[u8; LENGTH]) -> u8 {
    let sum: usize = code.iter().zip(WEIGHTS).map(|(&symbol, weight)| value(symbol) * weight).sum();
    SYMBOLS[(31 - sum % 31) % 31]
}

fn organisation_check(code: &[u8; LENGTH]) -> u8 {
    // GB 11714 counts letters from A = 10 without gaps, unlike the symbol values of the whole code.
    let letter_value = |symbol: u8| match symbol {
        b'0'..=b'9' => usize::from(symbol - b'0'),
        _ => usize::from(symbol - b'A') + 10,
    };
    let sum: usize = code[8..16].iter().zip(ORGANISATION_WEIGHTS).map(|(&s, weight)| letter_value(s) * weight).sum();
    match 11 - sum % 11 {
        10 => b'X',
        11 => b'0',
        digit => b'0' + u8::try_from(digit).unwrap_or(0),
    }
}

impl fmt::Display for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<Uscc> for String {
    fn from(code: Uscc) -> Self {
        code.to_string()
    }
}

impl TryFrom<String> for Uscc {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).map_err(|error| error.code().word().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::{SYMBOLS, Uscc, UsccError};

    /// The example of the standard, with the check character that its rule gives.
    const VALID: &str = "91350100M000100Y43";

    #[test]
    fn the_standards_example_is_valid_in_every_writing() {
        for text in [VALID, "91350100m000100y43", "９１３５０１００Ｍ０００１００Ｙ４３", "91350100 M000100Y4-3"]
        {
            assert_eq!(Uscc::parse(text).map(|code| code.to_string()), Ok(VALID.to_owned()), "{text}");
        }
    }

    #[test]
    fn each_fault_has_its_own_error() {
        assert_eq!(Uscc::parse(""), Err(UsccError::Length));
        assert_eq!(Uscc::parse("91350100M000100Y4"), Err(UsccError::Length));
        assert_eq!(Uscc::parse("91350100M000100Y4Z"), Err(UsccError::Character(18)));
        assert_eq!(Uscc::parse("9135010OM000100Y43"), Err(UsccError::Character(8)));
        assert_eq!(Uscc::parse("91350100M000100Y44"), Err(UsccError::Check));
    }

    #[test]
    fn a_wrong_organisation_part_is_found_where_the_whole_agrees() {
        let found = SYMBOLS.iter().map(|&last| Uscc::parse(&format!("91350100M000100Y5{}", last as char)));
        assert!(found.into_iter().any(|result| result == Err(UsccError::OrganisationCheck)));
    }

    #[test]
    fn every_single_slip_and_every_swap_of_neighbours_is_caught() {
        for at in 0..18 {
            for &symbol in SYMBOLS {
                let mut slip = VALID.as_bytes().to_vec();
                if slip[at] == symbol {
                    continue;
                }
                slip[at] = symbol;
                assert!(Uscc::parse(std::str::from_utf8(&slip).expect("ascii")).is_err());
            }
        }
        for at in 0..17 {
            let mut swap = VALID.as_bytes().to_vec();
            swap.swap(at, at + 1);
            assert!(swap == VALID.as_bytes() || Uscc::parse(std::str::from_utf8(&swap).expect("ascii")).is_err());
        }
    }
}
