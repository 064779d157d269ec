//! Pagination links.

use serde::Serialize;

/// Links to the neighbouring pages of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Pager {
    /// Current page, from 1.
    pub page: usize,
    /// Number of pages; without a total, one more than the current page while more rows follow.
    pub count: usize,
    /// URL of the previous page.
    pub previous: Option<String>,
    /// URL of the next page.
    pub next: Option<String>,
}

impl Pager {
    /// Builds the links of `page` out of `count`; each URL keeps the filters and sets `page=`.
    #[must_use]
    pub fn new(path: &str, query: &[(&str, &str)], page: usize, count: usize) -> Self {
        let link = |page: usize| address(path, query.iter().copied().chain([("page", page.to_string().as_str())]));
        Self {
            page,
            count,
            previous: (page > 1 && count > 0).then(|| link((page - 1).min(count))),
            next: (page < count).then(|| link(page + 1)),
        }
    }
}

/// Path with a query string; blank values are left out.
#[must_use]
pub fn address<'a>(path: &str, query: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut address = path.to_owned();
    for (name, value) in query.filter(|(_, value)| !value.is_empty()) {
        address.push(if address.contains('?') { '&' } else { '?' });
        address.push_str(&encode(name));
        address.push('=');
        address.push_str(&encode(value));
    }
    address
}

/// Percent-encodes a path segment, or a name or value of a query.
#[must_use]
pub fn encode(text: &str) -> String {
    const KEPT: percent_encoding::AsciiSet =
        percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    percent_encoding::utf8_percent_encode(text, &KEPT).to_string()
}
