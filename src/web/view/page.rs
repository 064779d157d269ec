//! What every page shows around its own content.

use serde::{Serialize, Serializer};

use crate::config::SiteConfig;
use crate::i18n::Locale;

/// The context of the layout.
#[derive(Clone, Debug, Serialize)]
pub struct PageInfo {
    /// The reader's locale; printed as its tag.
    #[serde(rename = "lang", serialize_with = "tag")]
    pub locale: Locale,
    /// The tag of the other locale.
    pub other_lang: &'static str,
    /// This page in the other locale.
    pub switch: String,
    /// This page's own address, without a host.
    pub here: String,
    /// This page in Chinese, without a host.
    pub in_chinese: String,
    /// This page in English, without a host.
    pub in_english: String,
    /// `https://…` without a slash at the end.
    pub base_url: String,
    /// Whether search machines are kept away.
    pub private: bool,
    /// Whether the pages of the development profile are linked.
    pub development: bool,
    /// The operator.
    pub site: SiteView,
    /// Who is signed in.
    pub actor: Option<ActorView>,
    /// What has just been done, in words.
    pub done: Option<String>,
    /// The request's id, which error pages show.
    pub request_id: String,
}

fn tag<S: Serializer>(locale: &Locale, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(locale.tag())
}

/// The operator as the footer names it.
#[derive(Clone, Debug, Serialize)]
pub struct SiteView {
    /// Its name.
    pub operator: String,
    /// Its mail address for matters of privacy.
    pub contact: String,
    /// Its telephone; blank: none.
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

/// Who is signed in.
#[derive(Clone, Debug, Serialize)]
pub struct ActorView {
    /// The account's address.
    pub email: String,
    /// Their role in words.
    pub role: String,
    /// Their park's name; none: all parks.
    pub park: Option<String>,
}
