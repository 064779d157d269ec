//! Request context of pages: locale, signed-in account, layout data.

use std::sync::Arc;

use axum::extract::{FromRequestParts, MatchedPath};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use chrono::NaiveDate;
use serde::Serialize;

use crate::config::Profile;
use crate::error::Error;
use crate::i18n::{Locale, tell, word};
use crate::service::accounts::{self, Actor};
use crate::service::context::{App, Context};
use crate::web::extract::locale as accepted_locale;
use crate::web::layers::RequestId;
use crate::web::problem::Problem;
use crate::web::view::{ActorView, PageInfo, SiteView, local_url, render};

/// Result of a page handler.
pub type PageResult = Result<Response, Problem>;

/// Context of one page request.
pub struct Page {
    /// Shared state of the program.
    pub app: App,
    /// Locale of the page.
    pub locale: Locale,
    /// Signed-in account.
    pub actor: Option<Actor>,
    /// Path without `/en`.
    path: String,
    query: String,
    method: Method,
    cookies: CookieJar,
    request_id: Arc<str>,
    /// Whether the URL names a language, which is then remembered in a cookie.
    asks_language: bool,
}

const LANGUAGE_COOKIE: &str = "luodi_lang";
/// Path prefixes of personal pages: not indexed by crawlers, no canonical URL.
const PRIVATE: [&str; 5] = ["/requirements", "/staff", "/dev", "/inquiry", "/matches"];
/// Pages rendered as the response of a form: browsers may show them from history, where `no-store` would force them to
/// submit the form again.
const COME_BACK_TO: [&str; 3] = ["/", "/matches", "/inquiry"];

impl FromRequestParts<App> for Page {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let mut page = Self::unsigned(parts, app);
        if let Some(token) = page.session() {
            page.actor = match accounts::session(app, &token).await {
                Ok(actor) => Some(actor),
                Err(Error::NotSignedIn) => None,
                Err(error) => return Err(error.into()),
            };
        }
        Ok(page)
    }
}

impl Page {
    /// Builds the context without the account, which needs a database query.
    pub(super) fn unsigned(parts: &Parts, app: &App) -> Self {
        // axum strips the nest prefix `/en` from the handler's path; the matched route keeps it.
        let matched = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
        let whole = parts.uri.path();
        let english = [matched, whole].iter().any(|path| *path == "/en" || path.starts_with("/en/"));
        let path = whole.strip_prefix("/en").filter(|rest| rest.is_empty() || rest.starts_with('/')).unwrap_or(whole);
        let query = parts.uri.query().unwrap_or_default();
        let cookies = CookieJar::from_headers(&parts.headers);
        let asked = query.split('&').find_map(|pair| pair.strip_prefix("lang=")).and_then(Locale::from_tag);
        let remembered = cookies.get(LANGUAGE_COOKIE).and_then(|cookie| Locale::from_tag(cookie.value()));
        let chosen = english.then_some(Locale::En).or(asked).or(remembered);
        Self {
            app: app.clone(),
            locale: chosen.unwrap_or_else(|| accepted_locale(&parts.headers)),
            actor: None,
            path: if path.is_empty() { "/" } else { path }.to_owned(),
            query: query.to_owned(),
            method: parts.method.clone(),
            request_id: parts.extensions.get::<RequestId>().map_or_else(|| "".into(), |id| id.0.clone()),
            asks_language: asked.is_some(),
            cookies,
        }
    }

    /// The request's method.
    pub(super) const fn method(&self) -> &Method {
        &self.method
    }

    /// Today in China's time zone.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.app.clock.now().day()
    }

    /// Sentence of a key.
    #[must_use]
    pub fn tell(&self, key: &str) -> String {
        tell(self.locale, key)
    }

    /// Path in the page's locale.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        local_url(self.locale, path)
    }

    /// Absolute URL for mails and QR codes, from the configured base URL, never from request headers.
    #[must_use]
    pub fn public_url(&self, path: &str) -> String {
        format!("{}{}", self.app.config.server.base_url.trim_end_matches('/'), self.url(path))
    }

    /// Path and query of this page, without the language and the confirmation of the last action.
    #[must_use]
    pub fn here(&self) -> String {
        let passing = |pair: &&str| !pair.is_empty() && !pair.starts_with("lang=") && !pair.starts_with("done=");
        let kept: Vec<&str> = self.query.split('&').filter(passing).collect();
        if kept.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, kept.join("&")) }
    }

    /// Returns the signed-in account.
    ///
    /// # Errors
    /// [`Problem`] 401 where the request has no valid session.
    pub fn staff(&self) -> Result<&Actor, Problem> {
        self.actor.as_ref().ok_or_else(|| Error::NotSignedIn.into())
    }

    /// Session token of the cookie.
    #[must_use]
    pub fn session(&self) -> Option<String> {
        let cookie = self.cookies.get(session_cookie_name(&self.app))?;
        Some(cookie.value().to_owned()).filter(|token| !token.is_empty())
    }

    /// Renders a page with status 200.
    ///
    /// # Errors
    /// [`Problem`] 500 where the template does not fit its context, which the tests exclude.
    pub fn show(&self, template: &str, context: impl Serialize) -> PageResult {
        self.show_as(StatusCode::OK, template, context)
    }

    /// Renders a page with a status.
    ///
    /// # Errors
    /// [`Problem`], see [`Page::show`].
    pub fn show_as(&self, status: StatusCode, template: &str, context: impl Serialize) -> PageResult {
        let html = render(&self.info(), template, context).map_err(Error::Internal)?;
        let mut response = (status, Html(html)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Language, Cookie"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(self.locale.tag()));
        if COME_BACK_TO.contains(&self.path.as_str()) {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        }
        if self.asks_language
            && let Ok(cookie) = HeaderValue::from_str(&self.language_cookie().to_string())
        {
            headers.append(header::SET_COOKIE, cookie);
        }
        Ok(response)
    }

    /// Renders a form page: 200, or 422 where a field is wrong.
    ///
    /// # Errors
    /// [`Problem`], see [`Page::show`].
    pub fn show_form(&self, is_right: bool, template: &str, context: impl Serialize) -> PageResult {
        let status = if is_right { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        self.show_as(status, template, context)
    }

    /// Redirects with 303 to a local path.
    #[must_use]
    pub fn see(&self, path: &str) -> Response {
        Redirect::to(&self.url(path)).into_response()
    }

    fn language_cookie(&self) -> Cookie<'static> {
        Cookie::build((LANGUAGE_COOKIE, self.locale.tag()))
            .path("/")
            .same_site(SameSite::Lax)
            .http_only(true)
            .secure(is_secure(&self.app))
            .permanent()
            .build()
    }

    /// Builds the layout data.
    #[must_use]
    pub fn info(&self) -> PageInfo {
        // The response of a form has no URL of its own for the language switch.
        let here = if self.method == Method::GET { self.here() } else { "/".to_owned() };
        let in_chinese = format!("{here}{}lang=zh", if here.contains('?') { '&' } else { '?' });
        let in_english = local_url(Locale::En, &here);
        let (other_lang, switch) = match self.locale {
            Locale::ZhHans => (Locale::En.tag(), in_english.clone()),
            Locale::En => (Locale::ZhHans.tag(), in_chinese),
        };
        PageInfo {
            locale: self.locale,
            other_lang,
            switch,
            here: self.url(&here),
            in_chinese: here,
            in_english,
            base_url: self.app.config.server.base_url.trim_end_matches('/').to_owned(),
            private: PRIVATE.iter().any(|folder| self.path.starts_with(folder)),
            development: self.app.config.profile == Profile::Development,
            site: SiteView::from(&self.app.config.site),
            actor: self.actor.as_ref().filter(|_| self.path.starts_with("/staff")).map(|actor| self.actor_view(actor)),
            done: self.done(),
            request_id: self.request_id.to_string(),
        }
    }

    fn actor_view(&self, actor: &Actor) -> ActorView {
        ActorView {
            email: actor.email.clone(),
            role: word(self.locale, "role", actor.role.word()),
            park: actor.scope.parks().map(|codes| {
                let names = codes.into_iter().map(|code| self.app.inventory.park_name(code));
                names.collect::<Vec<_>>().join("、")
            }),
        }
    }

    /// Confirmation named by the redirect's query; only known keys, so that a link cannot inject text.
    fn done(&self) -> Option<String> {
        let key = match self.query.split('&').find_map(|pair| pair.strip_prefix("done="))? {
            "moved" => "staff.moved",
            "noted" => "staff.noted",
            "replied" => "staff.replied",
            "resent" => "staff.resent",
            "saved" => "staff.listings.saved",
            "picture" => "staff.listings.picture_added",
            "discarded" => "staff.imports.discarded",
            "inbox" => "staff.park.asked",
            _ => return None,
        };
        Some(self.tell(key))
    }
}

fn is_secure(app: &Context) -> bool {
    app.config.server.base_url.starts_with("https://")
}

/// Browsers accept `__Host-` cookies over HTTPS only; production has an HTTPS base URL, development does not.
fn session_cookie_name(app: &Context) -> &'static str {
    if is_secure(app) { "__Host-luodi" } else { "luodi" }
}

/// Session cookie; without a token, the cookie that ends the session.
#[must_use]
pub fn session_cookie(app: &Context, token: Option<String>) -> Cookie<'static> {
    let ends = token.is_none();
    let mut cookie = Cookie::build((session_cookie_name(app), token.unwrap_or_default()))
        .path("/")
        .http_only(true)
        .secure(is_secure(app))
        .same_site(SameSite::Strict)
        .build();
    if ends {
        cookie.make_removal();
    }
    cookie
}
