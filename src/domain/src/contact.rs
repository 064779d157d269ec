//! Contact data: parsed and validated at the boundary, masked by `Display` and `Debug`.

mod mail;
mod mask;
mod names;
mod phone;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use mail::Mail;
pub use mask::masked_text;
pub use names::{company_key, is_visible, visible_name};
pub use phone::Phone;

use crate::uscc::Uscc;

/// The contact of an enterprise; every field is optional, since free text states any part of it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contact {
    /// The enterprise's name as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// The person's name or form of address as written, `张先生`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The first telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// All telephone numbers where the text joins several without a separator; empty otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<Phone>,
    /// The mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Mail>,
    /// The unified social credit code (GB 32100-2015).
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
