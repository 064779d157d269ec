//! Meilisearch filter expressions built from typed values; quoting prevents injection.

use crate::search::tags::tag;
use crate::search::{SearchQuery, aliases};

/// Builds the filter expression; `None` without filters.
pub(super) fn filter(query: &SearchQuery) -> Option<String> {
    let groups = [
        any("kind", query.kinds.iter().map(|kind| kind.word())),
        any("tags", query.regions.iter().map(|code| tag("region", code))),
        any("tags", query.industries.iter().map(|code| tag("industry", code))),
        query.demo.map(|demo| format!("demo = {demo}")),
    ];
    let ends = query.figures.iter().flat_map(|bound| {
        let end = |sign: &str, figure: Option<i64>| figure.map(|it| format!("figures.{} {sign} {it}", bound.field));
        [end(">=", bound.min), end("<=", bound.max)]
    });
    let tags = query.tags.iter().map(|tags| any("tags", tags.iter()));
    let groups: Vec<String> =
        groups.into_iter().chain(ends).chain(tags).chain([trades(query, |_| true)]).flatten().collect();
    (!groups.is_empty()).then(|| groups.join(" AND "))
}

/// Builds the filter of the trades with some weights; `None` without such a trade.
pub(super) fn trades(query: &SearchQuery, has_weight: impl Fn(u8) -> bool) -> Option<String> {
    any("tags", query.trades.iter().filter(|(_, weight)| has_weight(*weight)).map(|(tag, _)| tag))
}

/// Builds the filter of documents of which a text is the name.
pub(super) fn named(text: &str) -> String {
    format!("names = {}", quoted(&aliases::key(text)))
}

fn any(field: &str, values: impl Iterator<Item = impl AsRef<str>>) -> Option<String> {
    let values: Vec<String> = values.map(|value| quoted(value.as_ref())).collect();
    (!values.is_empty()).then(|| format!("{field} IN [{}]", values.join(", ")))
}

/// Double-quoted value; backslashes and quotes escaped.
fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}
