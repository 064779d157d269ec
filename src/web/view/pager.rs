//! Links to the pages of a list.

use serde::Serialize;

/// Where a list stands and what lies beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Pager {
    /// The page shown, from 1.
    pub page: usize,
    /// How many there are; where nobody counted, one more than is shown while more follow.
    pub count: usize,
    /// The address of the page before.
    pub previous: Option<String>,
    /// The address of the page after.
    pub next: Option<String>,
}

impl Pager {
    /// The links of `page` of `count`, each the list's address with its filters and `page=`.
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

/// A path with a query; blank values are left out.
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

/// One segment of a path, or a name or value of a query.
#[must_use]
pub fn encode(text: &str) -> String {
    const KEPT: percent_encoding::AsciiSet =
        percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    percent_encoding::utf8_percent_encode(text, &KEPT).to_string()
}
