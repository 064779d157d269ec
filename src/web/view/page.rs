//! Data of the page layout.

use serde::{Serialize, Serializer};

use crate::config::SiteConfig;
use crate::i18n::Locale;

/// Template context of the layout.
#[derive(Clone, Debug, Serialize)]
pub struct PageInfo {
    /// Locale of the page; serialized as its BCP 47 tag.
    #[serde(rename = "lang", serialize_with = "tag")]
    pub locale: Locale,
    /// BCP 47 tag of the other locale.
    pub other_lang: &'static str,
    /// URL of this page in the other locale.
    pub switch: String,
    /// Whether the page has large type.
    pub is_large: bool,
    /// URL of this page with the other size of type.
    pub size_switch: String,
    /// Whether the language switch posts the page's form again, so that nothing typed is lost.
    pub reposts: bool,
    /// Path and query of this page.
    pub here: String,
    /// Path and query of this page in Chinese.
    pub in_chinese: String,
    /// Path and query of this page in English.
    pub in_english: String,
    /// `https://…` without a trailing slash.
    pub base_url: String,
    /// Whether crawlers are excluded (`noindex`).
    pub private: bool,
    /// Whether pages of the development profile are linked.
    pub development: bool,
    /// Operator in the footer.
    pub site: SiteView,
    /// Signed-in account.
    pub actor: Option<ActorView>,
    /// Confirmation of the last action, as a sentence.
    pub done: Option<String>,
    /// Request id, shown on error pages.
    pub request_id: String,
}

fn tag<S: Serializer>(locale: &Locale, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(locale.tag())
}

/// Operator in the footer.
#[derive(Clone, Debug, Serialize)]
pub struct SiteView {
    /// Legal name.
    pub operator: String,
    /// Mail address for privacy requests.
    pub contact: String,
    /// Phone number; blank: none.
    pub phone: String,
    /// ICP filing number; blank: none.
    pub icp: String,
    /// Public security filing number; blank: none.
    pub police: String,
}

impl From<&SiteConfig> for SiteView {
    fn from(site: &SiteConfig) -> Self {
        Self {
            operator: site.operator.clone(),
            contact: site.contact.clone(),
            phone: site.phone.clone(),
            icp: site.icp.clone(),
            police: site.police.clone(),
        }
    }
}

/// Signed-in account.
#[derive(Clone, Debug, Serialize)]
pub struct ActorView {
    /// Mail address of the account.
    pub email: String,
    /// Role in words.
    pub role: String,
    /// Name of the account's park, or how many it has; `None`: all parks.
    pub park: Option<String>,
    /// Whether it manages people.
    pub manages: bool,
    /// Whether it edits policies.
    pub edits: bool,
}
