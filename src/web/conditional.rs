//! Entity tags of the API's answers (RFC 9110 §8.8.3): a GET whose answer the client has already is answered 304 without a body.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::problem::Problem;
use crate::error::Code;

/// Hexadecimal digits of a tag: 128 bits of the body's hash.
const TAG_DIGITS: usize = 32;
/// Answers without personal data and without a key, which caches may keep and must ask about.
const PUBLIC: [&str; 4] = ["/api/v1/listings", "/api/v1/search", "/api/v1/ranking", "/api/v1/notice"];

/// Sets `ETag` on JSON that a GET answers, and answers 304 where the client names the same one.
pub(super) async fn answer(request: Request, next: Next) -> Response {
    let is_get = *request.method() == Method::GET;
    let is_public = PUBLIC.iter().any(|folder| request.uri().path().starts_with(folder));
    let is_public = is_public && !request.headers().contains_key(header::AUTHORIZATION);
    let known = is_get.then(|| tags(request.headers()));
    let response = next.run(request).await;
    match known {
        Some(known) if response.status() == StatusCode::OK && is_json(response.headers()) => {
            tagged(response, &known, is_public).await
        }
        _ => response,
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"))
}

/// The tags that the client names, without the mark of weak ones: the comparison is weak (RFC 9110 §13.1.2).
fn tags(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let tags = values.flat_map(|value| value.split(',')).map(str::trim);
    tags.map(|tag| tag.strip_prefix("W/").unwrap_or(tag).to_owned()).collect()
}

async fn tagged(response: Response, known: &[String], is_public: bool) -> Response {
    let (mut head, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return Problem::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal).into_response();
    };
    let digest = crate::ids::sha256_hex(&bytes);
    let tag = format!("\"{}\"", &digest[..TAG_DIGITS]);
    // Weak: the compressed answer has the same.
    if let Ok(value) = HeaderValue::from_str(&format!("W/{tag}")) {
        head.headers.insert(header::ETAG, value);
    }
    if is_public {
        head.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        head.headers.insert(header::VARY, HeaderValue::from_static("accept-language, authorization"));
    }
    if known.iter().any(|known| *known == tag || known == "*") {
        head.status = StatusCode::NOT_MODIFIED;
        head.headers.remove(header::CONTENT_TYPE);
        head.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(head, Body::empty());
    }
    Response::from_parts(head, Body::from(bytes))
}
