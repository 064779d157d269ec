//! Extractors of the API: bodies, idempotency keys, paths and queries. Their errors are [`Problem`]s of this program,
//! not the framework's plain texts.

use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use axum::BoxError;
use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use domain::requirement::{FieldCode, FieldError};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::layers::Who;
use super::problem::Problem;
use crate::error::Code;
use crate::i18n::Locale;
use crate::service::accounts::Actor;
use crate::service::context::App;
use crate::service::idempotency::{Call, check_key};
use crate::service::keys::{self, KeyCaller};

/// JSON body; no object repeats a name.
#[derive(Clone, Debug)]
pub struct JsonBody(pub Value);

impl FromRequest<App> for JsonBody {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::UnsupportedMediaType));
        }
        let bytes = read_body(request.into_body(), app).await?;
        parse_json(&bytes).map(Self)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json") || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// Reads the whole body, within the limits of size and time.
///
/// # Errors
/// 413 above `server.body_bytes`, 408 after `server.body_seconds`, 400 where the connection was cut.
pub async fn read_body(body: Body, app: &App) -> Result<Vec<u8>, Problem> {
    let server = &app.config.server;
    let reading = copy_of(Limited::new(body, server.body_bytes));
    match tokio::time::timeout(Duration::from_secs(server.body_seconds), reading).await {
        Err(_) => Err(Problem::new(StatusCode::REQUEST_TIMEOUT, Code::BodyTimeout)),
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, Code::TooLarge))
        }
        Ok(Err(_)) => Err(Problem::new(StatusCode::BAD_REQUEST, Code::Malformed)),
    }
}

/// Copies each frame and drops it, so that memory is bounded by the body's length (UPSTREAM-HAZARDS.md F12).
async fn copy_of(mut body: Limited<Body>) -> Result<Vec<u8>, BoxError> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        if let Some(piece) = frame?.data_ref() {
            bytes.extend_from_slice(piece);
        }
    }
    Ok(bytes)
}

/// Parses JSON and refuses duplicate names in an object, which parsers resolve differently.
///
/// # Errors
/// 400 `malformed_json` or `duplicate_field`.
pub fn parse_json(bytes: &[u8]) -> Result<Value, Problem> {
    match serde_json::from_slice::<NoDuplicates>(bytes) {
        Ok(NoDuplicates) => {}
        Err(error) if error.to_string().starts_with(DUPLICATE) => {
            return Err(Problem::new(StatusCode::BAD_REQUEST, Code::DuplicateField));
        }
        Err(_) => return Err(Problem::new(StatusCode::BAD_REQUEST, Code::MalformedJson)),
    }
    let body = serde_json::from_slice(bytes).map_err(|_| Problem::new(StatusCode::BAD_REQUEST, Code::MalformedJson))?;
    match field_with_nul(&body) {
        Some(field) => Err(Problem::invalid(vec![FieldError::new(field, FieldCode::ControlCharacter)])),
        None => Ok(body),
    }
}

/// Returns the path of the first text or name with a NUL: PostgreSQL stores none, SQLite would.
fn field_with_nul(body: &Value) -> Option<String> {
    let inside = |name: String, value: &Value| {
        let inner = field_with_nul(value)?;
        Some(if inner.is_empty() { name } else { format!("{name}.{inner}") })
    };
    match body {
        Value::String(text) => text.contains('\0').then(String::new),
        Value::Array(entries) => entries.iter().enumerate().find_map(|(at, value)| inside(at.to_string(), value)),
        Value::Object(members) => members.iter().find_map(|(name, value)| {
            if name.contains('\0') { Some(name.replace('\0', "")) } else { inside(name.clone(), value) }
        }),
        _ => None,
    }
}

const DUPLICATE: &str = "duplicate field";

/// Deserializer that discards the value and fails on duplicate names.
struct NoDuplicates;

impl<'de> Deserialize<'de> for NoDuplicates {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for NoDuplicates {
    type Value = Self;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Self, A::Error> {
        while entries.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self, A::Error> {
        let mut names = std::collections::HashSet::new();
        while let Some(name) = members.next_key::<String>()? {
            if names.contains(&name) {
                return Err(A::Error::custom(format!("{DUPLICATE} {name}")));
            }
            names.insert(name);
            members.next_value::<Self>()?;
        }
        Ok(self)
    }
}

/// Members of a JSON object, taken one by one; names left at the end are unknown fields.
#[derive(Default)]
pub struct Members {
    left: serde_json::Map<String, Value>,
    /// Names taken so far.
    accepted: Vec<&'static str>,
    /// Errors found so far.
    pub errors: Vec<FieldError>,
}

impl Members {
    /// Takes the members of a body.
    ///
    /// # Errors
    /// 422 where the body is not an object.
    pub fn of(body: Value) -> Result<Self, Problem> {
        match body {
            Value::Object(left) => Ok(Self { left, ..Self::default() }),
            _ => Err(Problem::invalid(vec![FieldError::new("", FieldCode::WrongType).with("expected", "object")])),
        }
    }

    /// Takes a member of any type; `null` equals absent.
    pub fn take(&mut self, name: &'static str) -> Option<Value> {
        self.accepted.push(name);
        self.left.remove(name).filter(|value| !value.is_null())
    }

    /// Takes a string; any other type is recorded as an error.
    pub fn text(&mut self, name: &'static str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) => Some(text),
            _ => {
                self.errors.push(FieldError::new(name, FieldCode::WrongType).with("expected", "text"));
                None
            }
        }
    }

    /// Takes yes or no, which must be there; any other type is recorded as an error.
    pub fn flag(&mut self, name: &'static str) -> bool {
        match self.take(name) {
            Some(Value::Bool(flag)) => flag,
            Some(_) => {
                self.errors.push(FieldError::new(name, FieldCode::WrongType).with("expected", "flag"));
                false
            }
            None => {
                self.errors.push(FieldError::new(name, FieldCode::Missing));
                false
            }
        }
    }

    /// Takes yes or no; absent is no, any other type is recorded as an error.
    pub fn option_flag(&mut self, name: &'static str) -> bool {
        match self.take(name) {
            None => false,
            Some(Value::Bool(flag)) => flag,
            Some(_) => {
                self.errors.push(FieldError::new(name, FieldCode::WrongType).with("expected", "flag"));
                false
            }
        }
    }

    /// Takes a list of strings; any other type is recorded as an error.
    pub fn texts(&mut self, name: &'static str) -> Vec<String> {
        let entries = match self.take(name) {
            None => return Vec::new(),
            Some(Value::Array(entries)) => entries,
            Some(_) => {
                self.errors.push(FieldError::new(name, FieldCode::WrongType).with("expected", "list"));
                return Vec::new();
            }
        };
        let mut texts = Vec::new();
        for (at, entry) in entries.into_iter().enumerate() {
            match entry {
                Value::String(text) => texts.push(text),
                _ => self
                    .errors
                    .push(FieldError::new(format!("{name}.{at}"), FieldCode::WrongType).with("expected", "text")),
            }
        }
        texts
    }

    /// Takes a nested object; absent equals empty.
    pub fn inner(&mut self, name: &'static str) -> Self {
        match self.take(name) {
            Some(Value::Object(left)) => Self { left, ..Self::default() },
            None => Self::default(),
            Some(_) => Self {
                errors: vec![FieldError::new("", FieldCode::WrongType).with("expected", "object")],
                ..Self::default()
            },
        }
    }

    /// Adds the errors of a nested object, prefixed with the member's name.
    pub fn absorb(&mut self, name: &str, inner: Self) {
        let place = |error: FieldError| {
            let field = if error.field.is_empty() { name.to_owned() } else { format!("{name}.{}", error.field) };
            FieldError { field, ..error }
        };
        self.errors.extend(inner.finish().into_iter().map(place));
    }

    /// Returns all errors, unknown names included.
    #[must_use]
    pub fn finish(mut self) -> Vec<FieldError> {
        let accepted = self.accepted.join(", ");
        let unknown = |name: String| FieldError::new(name, FieldCode::UnknownField).with("accepted", accepted.as_str());
        self.errors.extend(self.left.into_iter().map(|(name, _)| unknown(name)));
        self.errors
    }
}

/// Idempotency key of a writing call, scoped to its path.
#[derive(Clone, Debug)]
pub struct Key {
    path: String,
    key: String,
}

impl Key {
    /// Returns the call identified by this key and the hash of the body.
    #[must_use]
    pub fn call(self, body: &Value) -> Call {
        Call { path: self.path, key: self.key, body_hash: crate::ids::sha256_hex(canonical(body).as_bytes()) }
    }
}

/// The actor of an API key, from `Authorization: Bearer KEY`.
#[derive(Clone, Debug)]
pub struct Bearer(pub Actor);

impl FromRequestParts<App> for Bearer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let not_signed_in = || Problem::new(StatusCode::UNAUTHORIZED, Code::NotSignedIn);
        let key = bearer_key(&parts.headers).ok_or_else(not_signed_in)?.to_owned();
        let KeyCaller { actor, key_id } = keys::caller(app, &key).await?;
        Who::is(parts, &key_id);
        parts.extensions.insert(KeyId(key_id));
        Ok(Self(actor))
    }
}

/// Id of the API key of a request, once [`Bearer`] has let it in.
#[derive(Clone, Debug)]
pub struct KeyId(pub String);

/// Returns the key of `Authorization: Bearer KEY`, unchecked.
#[must_use]
pub fn bearer_key(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (scheme, key) = value.and_then(|value| value.split_once(' '))?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

/// JSON body that may be absent: an empty object then.
#[derive(Clone, Debug)]
pub struct OptionalJson(pub Value);

impl FromRequest<App> for OptionalJson {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let has_json = is_json(request.headers());
        let bytes = read_body(request.into_body(), app).await?;
        if bytes.is_empty() {
            return Ok(Self(Value::Object(serde_json::Map::new())));
        }
        if !has_json {
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::UnsupportedMediaType));
        }
        parse_json(&bytes).map(Self)
    }
}

/// Canonical JSON: names of each object sorted, so that formatting does not change the hash.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut parts: Vec<String> = members
                .iter()
                .map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), canonical(value)))
                .collect();
            parts.sort_unstable();
            format!("{{{}}}", parts.join(","))
        }
        Value::Array(entries) => format!("[{}]", entries.iter().map(canonical).collect::<Vec<_>>().join(",")),
        plain => plain.to_string(),
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Key {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut values = parts.headers.get_all("idempotency-key").iter();
        let first = values.next();
        if values.next().is_some() {
            return Err(Problem::new(StatusCode::BAD_REQUEST, Code::IdempotencyKeyMalformed));
        }
        let text = first.map(|value| value.to_str().unwrap_or_default());
        let key = check_key(text).map_err(Problem::from)?.to_owned();
        Ok(Self { path: format!("{} {}", parts.method, parts.uri.path()), key })
    }
}

/// Query parameters; an unknown or repeated name is refused by [`Params::only`].
#[derive(Clone, Debug)]
pub struct Params(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs: Vec<(String, String)> =
            pairs_of(query).ok_or(Problem::new(StatusCode::BAD_REQUEST, Code::Malformed))?;
        for (at, (name, _)) in pairs.iter().enumerate() {
            if pairs[..at].iter().any(|(other, _)| other == name) {
                return Err(Problem::new(StatusCode::BAD_REQUEST, Code::DuplicateField));
            }
        }
        Ok(Self(pairs))
    }
}

/// Splits `name=value` pairs, percent-decoded as UTF-8.
pub(super) fn pairs_of(query: &str) -> Option<Vec<(String, String)>> {
    let decode = |text: &str| {
        let text = text.replace('+', " ");
        let text = percent_encoding::percent_decode_str(&text).decode_utf8().ok()?;
        // PostgreSQL stores no NUL, and no reader types one.
        (!text.contains('\0')).then(|| text.into_owned())
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| Some((decode(name)?, decode(value)?)))
        .collect()
}

impl Params {
    /// Returns a parameter; blank equals absent.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Returns an integer within bounds, or its default.
    ///
    /// # Errors
    /// [`FieldError`] where the value is not an integer or is out of bounds.
    pub fn number(
        &self,
        name: &str,
        bounds: std::ops::RangeInclusive<usize>,
        default: usize,
    ) -> Result<usize, FieldError> {
        let Some(text) = self.get(name) else { return Ok(default) };
        let error = |code| {
            FieldError::new(name, code)
                .with("value", text)
                .with("expected", "number")
                .with("min", bounds.start().to_string())
                .with("max", bounds.end().to_string())
        };
        let number: usize = text.parse().map_err(|_| error(FieldCode::WrongType))?;
        if bounds.contains(&number) { Ok(number) } else { Err(error(FieldCode::OutOfRange)) }
    }

    /// Refuses unknown parameters.
    ///
    /// # Errors
    /// 422 with one [`FieldError`] per unknown name.
    pub fn only(&self, known: &[&str]) -> Result<(), Problem> {
        let unknown: Vec<FieldError> = self
            .0
            .iter()
            .filter(|(name, _)| !known.contains(&name.as_str()))
            .map(|(name, _)| FieldError::new(name, FieldCode::UnknownField).with("accepted", known.join(", ")))
            .collect();
        if unknown.is_empty() { Ok(()) } else { Err(Problem::invalid(unknown)) }
    }
}

/// Path parameters: one, or a tuple of all.
#[derive(Clone, Debug)]
pub struct Id<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        #[expect(clippy::disallowed_types, reason = "the one place that words its refusal")]
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|path| Self(path.0)).map_err(|_| Problem::new(StatusCode::NOT_FOUND, Code::NotFound))
    }
}

/// Negotiates the locale from `Accept-Language`.
#[must_use]
pub fn locale(headers: &HeaderMap) -> Locale {
    Locale::negotiate(headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default())
}

/// Client IP for rate limits: the peer's address, or behind `server.trusted_hops` proxies the rightmost untrusted entry
/// of `X-Forwarded-For`. Entries to the left of it can be forged by the client and are ignored.
#[derive(Clone, Debug)]
pub struct Network(pub String);

/// Peer address of the connection, from the accept loop.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub std::net::SocketAddr);

impl FromRequestParts<App> for Network {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        Ok(Self(network(parts.extensions.get::<Peer>().copied(), &parts.headers, app.config.server.trusted_hops)))
    }
}

/// Returns the client IP, see [`Network`].
#[must_use]
pub fn network(peer: Option<Peer>, headers: &HeaderMap, trusted_hops: usize) -> String {
    let peer = peer.map_or_else(String::new, |Peer(address)| of_one_client(address.ip()));
    if trusted_hops == 0 {
        return peer;
    }
    let forwarded: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    let trusted = if crate::guard::is_out("forwarded") { forwarded.len() } else { trusted_hops };
    let entry = forwarded.len().checked_sub(trusted).and_then(|at| forwarded.get(at));
    let address: Option<IpAddr> = entry.and_then(|entry| entry.parse().ok());
    address.map_or(peer, of_one_client)
}

/// Returns an address for rate limits: of IPv6 the first 64 bits, within which one client has any number of addresses
/// (RFC 6177); an IPv4-mapped one as IPv4.
fn of_one_client(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
        }
        IpAddr::V4(address) => address.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_addresses_of_one_ipv6_client_count_as_one() {
        let behind_proxy = |address: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", address.parse().expect("a value"));
            network(None, &headers, 1)
        };
        for address in ["2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"] {
            assert_eq!(behind_proxy(address), "2001:db8:1:2::");
            let peer = Peer((address.parse::<IpAddr>().expect("an address"), 443).into());
            assert_eq!(network(Some(peer), &HeaderMap::new(), 0), "2001:db8:1:2::");
        }
        assert_ne!(behind_proxy("2001:db8:1:3::1"), behind_proxy("2001:db8:1:2::1"));
        for address in ["192.0.2.7", "::ffff:192.0.2.7"] {
            assert_eq!(behind_proxy(address), "192.0.2.7");
        }
    }
}
