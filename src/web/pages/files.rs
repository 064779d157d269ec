//! Static files and `robots.txt`.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use crate::error::Code;
use crate::web::extract::Id;
use crate::web::problem::Problem;
use crate::web::view;

/// `GET /static/{name}`; the URL contains the content hash, so the response never expires.
pub(super) async fn asset(Id(name): Id<String>) -> Response {
    let Some(asset) = view::asset(&name) else {
        return Problem::new(StatusCode::NOT_FOUND, Code::NotFound).into_response();
    };
    let kept =
        [(header::CONTENT_TYPE, asset.media_type), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (kept, asset.body).into_response()
}

/// `GET /robots.txt`
pub(super) async fn robots() -> Response {
    let rules = "User-agent: *\nDisallow: /requirements/\nDisallow: /staff\nDisallow: /api/\nDisallow: /inquiry\n";
    let kept = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=86400")];
    (kept, rules).into_response()
}
