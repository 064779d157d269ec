//! The privacy notice in force, to which consents refer by version.

use std::sync::LazyLock;

use domain::requirement::{FieldCode, FieldError};

use crate::config::Config;
use crate::error::{Code, Error, Result};
use crate::ids;

/// The version in force; a new text needs a new version.
pub const VERSION: &str = "2026-11-29";
const ZH: &str = include_str!("../i18n/locales/notice.zh-Hans.txt");
const EN: &str = include_str!("../i18n/locales/notice.en.txt");

/// A notice in one language.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Its version.
    pub version: &'static str,
    /// Its text, paragraphs divided by blank lines.
    pub text: String,
}

/// Returns the notice with the operator's name and contact, and the period of retention; `locale` is `zh-Hans` or `en`.
#[must_use]
pub fn current(config: &Config, locale: &str) -> Notice {
    let text = if locale == "en" { EN } else { ZH };
    let text = text.trim().replace("{operator}", &config.site.operator).replace("{contact}", &config.site.contact);
    Notice { version: VERSION, text: text.replace("{months}", &config.retention.contact_months.to_string()) }
}

/// Checks that the version that was read is in force.
///
/// # Errors
/// [`Error::Refused`] with [`Code::NoticeOutdated`].
pub fn check(version: &str) -> Result<()> {
    if version == VERSION {
        return Ok(());
    }
    let error = FieldError::new("consent.notice_version", FieldCode::NoticeOutdated);
    Err(Error::Refused(Code::NoticeOutdated, vec![error]))
}

/// Returns the SHA-256 of the notice's texts, which is stored with each consent.
#[must_use]
pub fn hash() -> &'static str {
    static HASH: LazyLock<String> = LazyLock::new(|| ids::sha256_hex(format!("{ZH}\n{EN}").as_bytes()));
    &HASH
}
