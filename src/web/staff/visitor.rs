//! The visitor of a sign-in: client address, browser in a few words, the cookie of a known browser.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use crate::service::context::App;
use crate::service::sign_in::Visitor;
use crate::web::extract::Network;
use crate::web::pages::{OwnCookie, Page};

/// The visitor of a request.
pub(super) struct From(pub(super) Visitor);

/// Marks of browsers in `User-Agent`, the first that fits: later ones also name the earlier engines.
const BROWSERS: [(&str, &str); 8] = [
    ("MicroMessenger", "WeChat"),
    ("DingTalk", "DingTalk"),
    ("Edg/", "Edge"),
    ("QQBrowser", "QQBrowser"),
    ("Firefox/", "Firefox"),
    ("HuaweiBrowser", "Huawei"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMS: [(&str, &str); 6] = [
    ("Windows", "Windows"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
];

fn in_words(agent: &str) -> String {
    let found =
        |marks: &[(&str, &'static str)]| marks.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    let parts = [found(&BROWSERS), found(&SYSTEMS)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

impl FromRequestParts<App> for From {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let Network(network) = Network::from_request_parts(parts, app).await?;
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).map(in_words);
        let known = Page::unsigned(parts, app).token(OwnCookie::Browser);
        Ok(Self(Visitor { network, browser: agent.filter(|agent| !agent.is_empty()), known }))
    }
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn a_browser_is_named_by_what_it_is_and_not_by_its_engine() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0";
        let wechat =
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0";
        assert_eq!((in_words(edge), in_words(wechat)), ("Edge · Windows".into(), "WeChat · Android".into()));
        assert_eq!(in_words("curl/8"), "");
    }
}
