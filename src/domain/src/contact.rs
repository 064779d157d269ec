//! Contact data: parsed once, masked when shown.

mod mail;
mod names;
mod phone;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use mail::Mail;
pub use names::{company_key, is_visible, visible_name};
pub use phone::Phone;

use crate::uscc::Uscc;

/// Who asks: whatever of it was stated.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contact {
    /// The enterprise's name as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// The person's name or way of address as written, `张先生`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The first telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// Every telephone number, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<Phone>,
    /// The mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Mail>,
    /// The unified social credit code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uscc: Option<Uscc>,
    /// The WeChat id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wechat: Option<String>,
}

impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contact")
            .field("company", &self.company)
            .field("person", &self.person.as_ref().map(|_| "***"))
            .field("phone", &self.phone)
            .field("phones", &self.phones)
            .field("email", &self.email)
            .field("uscc", &self.uscc)
            .field("wechat", &self.wechat.as_ref().map(|_| "***"))
            .finish()
    }
}

/// The half-width form of a full-width character; others unchanged.
pub(crate) const fn half_width(c: char) -> char {
    match c {
        '\u{3000}' | '\u{a0}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => match char::from_u32(c as u32 - 0xfee0) {
            Some(half) => half,
            None => c,
        },
        _ => c,
    }
}
