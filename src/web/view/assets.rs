//! Stylesheet, script and icon: compiled in, addressed by content hash, cacheable without expiry.

use std::sync::LazyLock;

use crate::ids::sha256_hex;

/// A static file.
#[derive(Debug)]
pub struct Asset {
    /// Name below `/static/`.
    pub name: &'static str,
    pub media_type: &'static str,
    pub body: &'static str,
}

const ASSETS: [Asset; 4] = [
    Asset { name: "style.css", media_type: "text/css; charset=utf-8", body: include_str!("../static/style.css") },
    Asset { name: "page.js", media_type: "text/javascript; charset=utf-8", body: include_str!("../static/page.js") },
    Asset { name: "desk.js", media_type: "text/javascript; charset=utf-8", body: include_str!("../static/desk.js") },
    Asset { name: "icon.svg", media_type: "image/svg+xml", body: include_str!("../static/icon.svg") },
];

static VERSIONS: LazyLock<[String; 4]> =
    LazyLock::new(|| ASSETS.map(|asset| sha256_hex(asset.body.as_bytes())[..12].to_owned()));

/// Looks up a file by name.
#[must_use]
pub fn asset(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}

/// URL of a file with its content hash.
#[must_use]
pub fn asset_url(name: &str) -> String {
    let version = ASSETS.iter().position(|asset| asset.name == name).map_or("", |at| VERSIONS[at].as_str());
    format!("/static/{name}?v={version}")
}
