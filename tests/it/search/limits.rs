//! Questions beyond their limits are refused before any index sees them.

use luodi::search::{DocKind, QueryError, SearchQuery};

use super::division;

#[test]
fn a_question_past_its_limits_is_refused() {
    let text = "园".repeat(200);
    assert!(SearchQuery::new(&text, 100, 100).is_ok());
    assert_eq!(SearchQuery::new(&format!("{text}区"), 1, 20), Err(QueryError::TextTooLong));
    for (page, per_page) in [(0, 20), (101, 20), (1, 0), (1, 101)] {
        assert_eq!(SearchQuery::new("", page, per_page), Err(QueryError::NoSuchPage));
    }
    let query = SearchQuery::new("", 1, 20).expect("a question");
    let regions = vec![division("330000"); 17];
    let kinds = vec![DocKind::Park, DocKind::Plot, DocKind::Space];
    assert!(query.clone().only(kinds.clone(), regions.clone(), Vec::new()).is_ok());
    let one_more = regions.into_iter().chain([division("320000")]).collect();
    assert_eq!(query.only(kinds, one_more, Vec::new()), Err(QueryError::TooManyFilters));
}
