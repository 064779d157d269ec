//! Pages that are the same for all readers: the front page, lists and matches, from the store or rendered for it.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use super::cache::CachedPage;
use super::context::{Page, PageResult};
use super::forms::Guards;
use crate::error::Error;
use crate::service::inventory::edition;

/// Longest key of a page that is kept, bytes.
const LONGEST_KEY: usize = 2_000;

impl Page {
    /// Answers from the pages that are kept, or with the page that `make` renders, which is kept then. For pages that show
    /// nothing but what is published, and nothing of their reader but language, units and size of type.
    ///
    /// # Errors
    /// [`crate::web::problem::Problem`] of `make`.
    pub(super) async fn cached(&self, make: impl FnOnce() -> PageResult) -> PageResult {
        let key = self.cache_key().filter(|key| key.len() <= LONGEST_KEY);
        let Some((cache, key)) = self.cache.as_ref().zip(key) else { return make() };
        // Before the page is rendered: what changes meanwhile makes it one of an edition that has passed.
        let edition = edition(&self.app);
        if let Some(page) = cache.get(&key, edition) {
            return self.answer_cached(&page);
        }
        let response = make()?;
        if response.status() != StatusCode::OK {
            return Ok(response);
        }
        let (head, body) = response.into_parts();
        let html = to_bytes(body, usize::MAX).await.map_err(|error| Error::Internal(error.into()))?;
        let page = std::str::from_utf8(&html).ok().and_then(CachedPage::of);
        let Some(page) = page.map(Arc::new) else { return Ok(Response::from_parts(head, Body::from(html))) };
        cache.put(key, edition, page.clone());
        self.answer_cached(&page)
    }

    fn answer_cached(&self, page: &CachedPage) -> PageResult {
        let guards = Guards::new(&self.app);
        let bytes = if self.takes_gzip { page.gzip(&guards) } else { page.html(&guards) };
        let mut response = self.answer(StatusCode::OK, bytes.map_err(|error| Error::Internal(error.into()))?);
        let headers = response.headers_mut();
        headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
        if self.takes_gzip {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        Ok(response)
    }
}
