//! The privacy notice in force: what people consent to, by version.

use std::sync::LazyLock;

use domain::requirement::{FieldCode, FieldError};

use crate::config::SiteConfig;
use crate::error::{Error, Result};
use crate::ids;

/// The version in force; a new text needs a new version.
pub const VERSION: &str = "2026-11-24";
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

/// The notice as this operator gives it; `locale` is `zh-Hans` or `en`.
#[must_use]
pub fn current(site: &SiteConfig, locale: &str) -> Notice {
    let text = if locale == "en" { EN } else { ZH };
    Notice {
        version: VERSION,
        text: text.trim().replace("{operator}", &site.operator).replace("{contact}", &site.contact),
    }
}

/// Whether the version that was read is the one in force.
///
/// # Errors
/// `notice_outdated`.
pub fn check(version: &str) -> Result<()> {
    if version == VERSION {
        return Ok(());
    }
    Err(Error::Refused("notice_outdated", vec![FieldError::new("consent.notice_version", FieldCode::NoticeOutdated)]))
}

/// SHA-256 of the notice's texts, stored with each consent.
#[must_use]
pub fn hash() -> &'static str {
    static HASH: LazyLock<String> = LazyLock::new(|| ids::sha256_hex(format!("{ZH}\n{EN}").as_bytes()));
    &HASH
}
