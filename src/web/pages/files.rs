//! Static files and `robots.txt`.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::context::PageResult;
use crate::db::words::PictureFormat;
use crate::error::Code;
use crate::service::context::App;
use crate::service::pictures;
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

/// `GET /pictures/{name}`; the name is the content's hash, so the response never expires.
pub(super) async fn picture(State(app): State<App>, Id(name): Id<String>) -> PageResult {
    let (format, bytes) = pictures::bytes(&app, &name).await?;
    let media_type = match format {
        PictureFormat::Jpeg => "image/jpeg",
        PictureFormat::Png => "image/png",
    };
    let kept = [
        (header::CONTENT_TYPE, media_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::CONTENT_DISPOSITION, "inline"),
    ];
    Ok((kept, bytes).into_response())
}

/// `GET /robots.txt`
pub(super) async fn robots(State(app): State<App>) -> Response {
    let base = app.config.server.base_url.trim_end_matches('/');
    let kept = "Disallow: /requirements/\nDisallow: /staff\nDisallow: /api/\nDisallow: /inquiry\n";
    let rules = format!("User-agent: *\n{kept}\nSitemap: {base}/sitemap.xml\n");
    let kept = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=86400")];
    (kept, rules).into_response()
}
