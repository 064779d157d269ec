//! The order of results by what Meilisearch does not weigh: it is asked for in parts, one after the other.

use super::document::FoundDoc;
use super::filter::{filter, named, trades};
use super::{Meili, SearchError, SearchQuery};

/// The last place in the order of results, see [`crate::search::Doc::place`].
const LAST_PLACE: u8 = 2;

/// Joins the conditions that there are; none where that is all.
fn joined(conditions: &[Option<String>]) -> String {
    conditions.iter().flatten().filter(|it| !it.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" AND ")
}

/// Returns the conditions of the trades of each weight, the heaviest first; one without a condition where the query has none.
fn by_weight(query: &SearchQuery) -> Vec<Option<String>> {
    let mut weights: Vec<u8> = query.trades.iter().map(|(_, weight)| *weight).collect();
    weights.sort_unstable_by(|a, b| b.cmp(a));
    weights.dedup();
    if weights.is_empty() {
        return vec![None];
    }
    let of_weight = |&weight: &u8| {
        let heavier = trades(query, |own| own > weight).map(|heavier| format!("NOT {heavier}"));
        Some(joined(&[trades(query, |own| own == weight), heavier]))
    };
    weights.iter().map(of_weight).collect()
}

impl Meili {
    /// Returns filters that part the results by what Meilisearch does not weigh, in the order of the parts: in each place a name
    /// that is the whole query, then trades by their weights. None where that makes no difference.
    pub(super) async fn parts(&self, query: &SearchQuery, words: &str) -> Result<Vec<String>, SearchError> {
        let is_named = named(&query.text);
        let has_name = !query.text.is_empty() && {
            let filter = joined(&[filter(query), Some(is_named.clone())]);
            self.part(words, Some(&filter), 0, 0, &[]).await?.total > 0
        };
        let by_weight = by_weight(query);
        if !has_name && by_weight.len() < 2 {
            return Ok(Vec::new());
        }
        let not_named = has_name.then(|| format!("NOT {is_named}"));
        let rest = by_weight.iter().map(|weight| joined(&[not_named.clone(), weight.clone()]));
        let of_place: Vec<String> = has_name.then_some(is_named).into_iter().chain(rest).collect();
        let in_place =
            |place| of_place.iter().map(move |part| joined(&[Some(format!("place = {place}")), Some(part.clone())]));
        Ok((0..=LAST_PLACE).flat_map(in_place).collect())
    }

    /// Returns the page of a query from its parts, one after the other.
    pub(super) async fn in_order(
        &self,
        query: &SearchQuery,
        words: &str,
        parts: Vec<String>,
    ) -> Result<Vec<FoundDoc>, SearchError> {
        let filter = filter(query);
        let (mut skipped, mut hits) = (query.offset(), Vec::new());
        for part in parts {
            let left = query.per_page as usize - hits.len();
            if left == 0 {
                break;
            }
            let filter = joined(&[filter.clone(), Some(part)]);
            let found = self.part(words, Some(&filter), skipped, left, &[]).await?;
            skipped = skipped.saturating_sub(found.total as usize);
            hits.extend(found.hits);
        }
        Ok(hits)
    }
}
