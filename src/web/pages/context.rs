//! Request context of pages: locale, signed-in account, layout data.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequestParts, MatchedPath};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use chrono::NaiveDate;
use domain::account::Scope;
use domain::rate::Rates;
use domain::time::SECONDS_PER_DAY;
use serde::Serialize;

use super::cache::{PageCache, takes_gzip};
use super::units;
use crate::config::Profile;
use crate::error::{Code, Error};
use crate::i18n::{self, Locale, Units, say, tell, word};
use crate::service::accounts::{self, Actor};
use crate::service::context::{App, Context};
use crate::service::policy_desk;
use crate::web::extract::locale as accepted_locale;
use crate::web::layers::{RequestId, Who};
use crate::web::problem::Problem;
use crate::web::view::{ActorView, PageInfo, SiteView, address, local_url, render};

/// Result of a page handler.
pub type PageResult = Result<Response, Problem>;

/// Context of one page request.
pub struct Page {
    /// Shared state of the program.
    pub app: App,
    /// Locale of the page.
    pub locale: Locale,
    /// Units that the reader chose.
    pub units: Units,
    /// Whether the reader chose large type.
    is_large: bool,
    /// Signed-in account.
    pub actor: Option<Actor>,
    /// Whether the account must set up its second factor before it may do anything else.
    owes_factor: bool,
    /// Path without `/en`.
    path: String,
    query: String,
    method: Method,
    cookies: CookieJar,
    request_id: Arc<str>,
    /// Cookies that remember what the URL chooses: language, units, size of type.
    chosen: Vec<(&'static str, String)>,
    /// The pages that are kept for all.
    pub(super) cache: Option<Arc<PageCache>>,
    /// Whether the client takes gzip.
    pub(super) takes_gzip: bool,
    /// Whether a browser says that it shows the answer as a page (Fetch Metadata, `Sec-Fetch-Mode`).
    pub(super) is_navigation: bool,
}

const LANGUAGE_COOKIE: &str = "luodi_lang";
const SIZE_COOKIE: &str = "luodi_size";
const LARGE: &str = "large";
/// Path prefixes of personal pages: not indexed by crawlers, no canonical URL.
const PRIVATE: [&str; 12] = [
    "/requirements",
    "/staff",
    "/dev",
    "/inquiry",
    "/matches",
    "/report",
    "/tickets",
    "/still-valid",
    "/alerts",
    "/brief",
    "/shares",
    "/shared",
];
/// Pages rendered as the response of a form: browsers may show them from history, where `no-store` would force them to
/// submit the form again.
const COME_BACK_TO: [&str; 4] = ["/", "/matches", "/inquiry", "/alerts"];

impl FromRequestParts<App> for Page {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let mut page = Self::unsigned(parts, app);
        if let Some(token) = page.session() {
            match accounts::enter(app, &token).await {
                Ok(entry) => {
                    Who::is(parts, &entry.actor.id);
                    (page.actor, page.owes_factor) = (Some(entry.actor), entry.owes_factor);
                }
                Err(Error::NotSignedIn) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(page)
    }
}

impl Page {
    /// Builds the context without the account, which needs a database query.
    pub(crate) fn unsigned(parts: &Parts, app: &App) -> Self {
        // axum strips the nest prefix `/en` from the handler's path; the matched route keeps it.
        let matched = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
        let whole = parts.uri.path();
        let english = [matched, whole].iter().any(|path| *path == "/en" || path.starts_with("/en/"));
        let path = whole.strip_prefix("/en").filter(|rest| rest.is_empty() || rest.starts_with('/')).unwrap_or(whole);
        let query = parts.uri.query().unwrap_or_default();
        let cookies = CookieJar::from_headers(&parts.headers);
        let asked = parameter(query, "lang").and_then(Locale::from_tag);
        let remembered = cookies.get(LANGUAGE_COOKIE).and_then(|cookie| Locale::from_tag(cookie.value()));
        let locale = english.then_some(Locale::En).or(asked).or(remembered);
        let locale = locale.unwrap_or_else(|| accepted_locale(&parts.headers));
        let names = units::asked(query);
        let units = units::remembered(&cookies).with(names.unwrap_or_default());
        let size = parameter(query, "size");
        let choices = [
            asked.map(|_| (LANGUAGE_COOKIE, locale.tag().to_owned())),
            names.map(|_| (units::COOKIE, units.names())),
            size.map(|size| (SIZE_COOKIE, if size == LARGE { LARGE } else { "usual" }.to_owned())),
        ];
        Self {
            app: app.clone(),
            locale,
            units,
            is_large: size
                .map_or_else(|| cookies.get(SIZE_COOKIE).is_some_and(|it| it.value() == LARGE), |it| it == LARGE),
            actor: None,
            owes_factor: false,
            path: if path.is_empty() { "/" } else { path }.to_owned(),
            query: query.to_owned(),
            method: parts.method.clone(),
            request_id: parts.extensions.get::<RequestId>().map_or_else(|| "".into(), |id| id.0.clone()),
            chosen: choices.into_iter().flatten().collect(),
            cache: parts.extensions.get().cloned(),
            takes_gzip: takes_gzip(&parts.headers),
            is_navigation: parts.headers.get("sec-fetch-mode").is_some_and(|mode| mode == "navigate"),
            cookies,
        }
    }

    /// Path without `/en`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Query as it came.
    pub(super) fn query(&self) -> &str {
        &self.query
    }

    /// Value of a cookie.
    pub(super) fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(Cookie::value)
    }

    /// Whether browsers reach the site over HTTPS.
    pub(super) fn is_secure(&self) -> bool {
        is_secure(&self.app)
    }

    /// The request's method.
    pub(super) const fn method(&self) -> &Method {
        &self.method
    }

    /// Exchange rates that the operator states.
    #[must_use]
    pub fn rates(&self) -> &Rates {
        &self.app.config.reading.rates.0
    }

    /// Key of the page among those that are kept for all; `None` where the answer is not for all: a browser that is signed in
    /// or chooses anything by this address, or a form.
    pub(super) fn cache_key(&self) -> Option<String> {
        let is_for_all = self.method == Method::GET && self.session().is_none() && self.chosen.is_empty();
        let (locale, units, size) = (self.locale.tag(), self.units.names(), if self.is_large { LARGE } else { "" });
        is_for_all.then(|| format!("{locale} {units} {size} {}?{}", self.path, self.query))
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

    /// Path and query of this page, without the reader's choices and the confirmation of the last action.
    #[must_use]
    pub fn here(&self) -> String {
        let is_passing = |pair: &&str| ["lang=", "units=", "size=", "done="].iter().all(|name| !pair.starts_with(name));
        let passing = |pair: &&str| !pair.is_empty() && is_passing(pair);
        let kept: Vec<&str> = self.query.split('&').filter(passing).collect();
        if kept.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, kept.join("&")) }
    }

    /// Returns the signed-in account.
    ///
    /// # Errors
    /// [`Problem`] 401 where the request has no valid session, 403 outside `/staff/me` until the second factor is set up.
    pub fn staff(&self) -> Result<&Actor, Problem> {
        let actor = self.actor.as_ref().ok_or(Error::NotSignedIn)?;
        if self.owes_factor && !self.path.starts_with("/staff/me") {
            return Err(Problem::new(StatusCode::FORBIDDEN, Code::FactorMissing));
        }
        Ok(actor)
    }

    /// Session token of the cookie.
    #[must_use]
    pub fn session(&self) -> Option<String> {
        self.token(OwnCookie::Session)
    }

    /// Token of a cookie of this program.
    #[must_use]
    pub fn token(&self, of: OwnCookie) -> Option<String> {
        token_of(&self.app, &self.cookies, of)
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
        let mut html = render(&self.info(), template, context).map_err(Error::Internal)?;
        if let Some(session) = self.session().filter(|_| self.actor.is_some() && self.path.starts_with("/staff")) {
            html = with_form_token(&html, &accounts::form_token(&session));
        }
        Ok(self.answer(status, html))
    }

    /// Answers with the HTML of a page and the headers that every page has.
    pub(super) fn answer(&self, status: StatusCode, html: impl Into<Body>) -> Response {
        let mut response = (status, Html(html.into())).into_response();
        let headers = response.headers_mut();
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Language, Cookie"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(self.locale.tag()));
        if COME_BACK_TO.contains(&self.path.as_str()) {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        }
        for &(name, ref value) in &self.chosen {
            if let Ok(cookie) = HeaderValue::from_str(&self.lasting(name, value.clone()).to_string()) {
                headers.append(header::SET_COOKIE, cookie);
            }
        }
        response
    }

    /// Renders a form page: 200, or 422 where a field is wrong.
    ///
    /// # Errors
    /// [`Problem`], see [`Page::show`].
    pub fn show_form(&self, is_right: bool, template: &str, context: impl Serialize) -> PageResult {
        let status = if is_right { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        self.show_as(status, template, context)
    }

    /// Returns the name of a park; its code where there is no such park.
    #[must_use]
    pub fn park_name(&self, code: &str) -> String {
        i18n::park_name(self.locale, code, &self.app.inventory.park_name(code))
    }

    /// Redirects with 303 to a local path.
    #[must_use]
    pub fn see(&self, path: &str) -> Response {
        Redirect::to(&self.url(path)).into_response()
    }

    fn lasting(&self, name: &'static str, value: String) -> Cookie<'static> {
        Cookie::build((name, value))
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
        let reposts = self.method == Method::POST && COME_BACK_TO.contains(&self.path.as_str());
        // The response of any other form has no URL of its own for the language switch.
        let here = match self.method {
            Method::GET => self.here(),
            _ if reposts => self.path.clone(),
            _ => "/".to_owned(),
        };
        let in_chinese = format!("{here}{}lang=zh", if here.contains('?') { '&' } else { '?' });
        let in_english = local_url(Locale::En, &here);
        let (other_lang, switch) = match self.locale {
            Locale::ZhHans => (Locale::En.tag(), in_english.clone()),
            Locale::En => (Locale::ZhHans.tag(), in_chinese),
        };
        let other_size = if self.is_large { "usual" } else { LARGE };
        PageInfo {
            is_large: self.is_large,
            size_switch: address(&self.url(&here), [("size", other_size)].into_iter()),
            locale: self.locale,
            other_lang,
            switch,
            reposts,
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
            manages: actor.role.manages_people(),
            edits: policy_desk::may_edit(actor).is_ok(),
            park: match &actor.scope {
                Scope::All => None,
                Scope::Park(code) => Some(self.app.inventory.park_name(code)),
                Scope::Parks(codes) => Some(say(self.locale, "staff.parks", &[("n", &codes.len().to_string())])),
                Scope::Industries(codes) => Some(codes.join(&self.tell("format.list"))),
            },
        }
    }

    /// Confirmation named by the redirect's query; only known keys, so that a link cannot inject text.
    fn done(&self) -> Option<String> {
        let key = match self.query.split('&').find_map(|pair| pair.strip_prefix("done="))? {
            "moved" => "staff.moved",
            "noted" => "staff.noted",
            "replied" => "staff.replied",
            "resent" => "staff.resent",
            "assigned" => "staff.assigned",
            "visited" => "staff.visited",
            "funded" => "staff.funded",
            "proposed" => "staff.proposed",
            "typed_in" => "typed.done",
            "view_saved" => "staff.view_saved",
            "view_removed" => "staff.view_removed",
            "rules_saved" => "assignment.saved",
            "absence" => "me.absence_done",
            "saved" => "staff.listings.saved",
            "picture" => "staff.listings.picture_added",
            "discarded" => "staff.imports.discarded",
            "inbox" => "staff.park.asked",
            "invited" => "people.invited",
            "linked" => "people.linked",
            "changed" => "people.changed",
            "sessions_ended" => "people.sessions_ended",
            "disabled" => "people.disabled_done",
            "enabled" => "people.enabled_done",
            "password" => "me.password_done",
            "ended" => "me.ended",
            "factor_off" => "me.factor_off_done",
            "asked" => "staff.forgot_done",
            "reset" => "staff.reset_done",
            "known" => "staff.unlock_done",
            "held" => "hold.made",
            "passed" => "promises.passed",
            "released" => "hold.released",
            "answered" => "wrong_report.answered",
            "forgotten" => "wrong_report.forgotten",
            "confirmed" => "still_valid.done",
            "lost" => "lost.done",
            "alert_on" => "alert.done_on",
            "corrected" => "requirement.corrected",
            "messaged" => "requirement.messaged",
            "withdrawn" => "requirement.withdrawn",
            "shared" => "share.made",
            "hook_made" => "webhooks.made",
            "hook_changed" => "webhooks.changed",
            "hook_removed" => "webhooks.removed",
            "hook_replayed" => "webhooks.replayed",
            "share_ended" => "share.ended_done",
            _ => return None,
        };
        Some(self.tell(key))
    }
}

/// Returns the first value of a parameter as the query has it.
pub(super) fn parameter<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

fn is_secure(app: &Context) -> bool {
    app.config.server.base_url.starts_with("https://")
}

/// The cookies of this program that hold a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnCookie {
    /// The session.
    Session,
    /// A browser in which an account has signed in before.
    Browser,
    /// A form that waits for its sender to sign in again.
    Form,
}

/// Days for which a browser stays known.
const KNOWN_DAYS: i64 = 180;

impl OwnCookie {
    /// Browsers accept `__Host-` cookies over HTTPS only; production has an HTTPS base URL, development does not.
    fn name(self, app: &Context) -> &'static str {
        match (self, is_secure(app)) {
            (Self::Session, true) => "__Host-luodi",
            (Self::Session, false) => "luodi",
            (Self::Browser, true) => "__Host-luodi-known",
            (Self::Browser, false) => "luodi_known",
            (Self::Form, true) => "__Host-luodi-form",
            (Self::Form, false) => "luodi_form",
        }
    }
}

/// Returns the token of a cookie of this program.
pub(super) fn token_of(app: &Context, cookies: &CookieJar, of: OwnCookie) -> Option<String> {
    let cookie = cookies.get(of.name(app))?;
    Some(cookie.value().to_owned()).filter(|token| !token.is_empty())
}

/// Adds a cookie of this program to a response; without a token, the cookie that ends it. `Lax`, so that a link in a mail
/// opens signed in; writes are posts with a form's token.
pub fn set_cookie(app: &Context, response: &mut Response, of: OwnCookie, token: Option<String>) {
    let ends = token.is_none();
    let mut cookie = Cookie::build((of.name(app), token.unwrap_or_default()))
        .path("/")
        .http_only(true)
        .secure(is_secure(app))
        .same_site(SameSite::Lax)
        .build();
    if ends {
        cookie.make_removal();
    }
    let mut text = cookie.to_string();
    if of == OwnCookie::Browser && !ends {
        text += &format!("; Max-Age={}", KNOWN_DAYS * SECONDS_PER_DAY);
    }
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Adds the token to each form that posts: as a hidden field, or in the address of a form that sends files.
fn with_form_token(html: &str, token: &str) -> String {
    const FORM: &str = "<form";
    let mut out = String::with_capacity(html.len() + 512);
    let mut rest = html;
    while let Some(at) = rest.find(FORM) {
        let Some(length) = rest[at..].find('>') else { break };
        let (tag, end) = (&rest[at..at + length], at + length + 1);
        out += &rest[..at];
        if !tag.contains("method=\"post\"") {
            out += &rest[at..end];
        } else if tag.contains("enctype=\"multipart/form-data\"") {
            out += &with_query(tag, token);
            out.push('>');
        } else {
            out += &rest[at..end];
            out += &format!("<input type=\"hidden\" name=\"{FORM_TOKEN}\" value=\"{token}\">");
        }
        rest = &rest[end..];
    }
    out + rest
}

/// Name of the field or parameter that proves that a form was shown in this session.
pub(crate) const FORM_TOKEN: &str = "csrf";

fn with_query(tag: &str, token: &str) -> String {
    let Some((before, after)) = tag.split_once("action=\"") else { return tag.to_owned() };
    let Some((action, rest)) = after.split_once('"') else { return tag.to_owned() };
    let joint = if action.contains('?') { "&amp;" } else { "?" };
    format!("{before}action=\"{action}{joint}{FORM_TOKEN}={token}\"{rest}")
}

#[cfg(test)]
mod tests {
    use super::with_form_token;

    #[test]
    fn every_form_that_posts_gets_the_token_and_no_other() {
        let html = "<form method=\"get\" action=\"/a\"></form><form class=\"x\" method=\"post\" action=\"/b\"><p></form>\
                    <form method=\"post\" action=\"/c?x=1\" enctype=\"multipart/form-data\"></form>";
        let with = with_form_token(html, "T");
        assert_eq!(with.matches("name=\"csrf\"").count(), 1);
        assert!(with.contains("action=\"/b\"><input type=\"hidden\" name=\"csrf\" value=\"T\"><p>"));
        assert!(with.contains("action=\"/c?x=1&amp;csrf=T\"") && with.contains("action=\"/a\"></form>"));
    }
}
