//! Search query, valid by construction.

use domain::industry::IndustryCode;
use domain::region::DivisionCode;
use domain::requirement::FieldCode;

use super::tags::{of_trade, tag};
use super::{DocKind, FigureBound};

/// Longest text, in characters.
pub const LONGEST_TEXT: usize = 200;
/// Most filter values.
pub const MOST_FILTERS: usize = 20;
/// Most tags, those of trades included.
const MOST_TAGS: usize = 60;
/// Last page that is served: deep pages cost as much as all before them.
pub const LAST_PAGE: u32 = 100;
/// Most hits per page.
pub const LONGEST_PAGE: u32 = 100;

/// Valid search query. Values of one filter are alternatives (OR), filters are combined (AND); an empty one does not
/// restrict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchQuery {
    pub(super) text: String,
    pub(super) kinds: Vec<DocKind>,
    pub(super) regions: Vec<DivisionCode>,
    pub(super) industries: Vec<IndustryCode>,
    pub(super) demo: Option<bool>,
    pub(super) figures: Vec<FigureBound>,
    /// Groups of tags, of each of which a document has one.
    pub(super) tags: Vec<Vec<String>>,
    /// Tags of trades with their weights, of which a document has one.
    pub(super) trades: Vec<(String, u8)>,
    /// Whether every word must be found: otherwise the last ones are let go where not all are found together.
    pub(super) is_strict: bool,
    pub(super) page: u32,
    pub(super) per_page: u32,
}

/// Limit that a query exceeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// More than [`LONGEST_TEXT`] characters.
    #[error("q holds more than {LONGEST_TEXT} characters")]
    TextTooLong,
    /// More than [`MOST_FILTERS`] values.
    #[error("more than {MOST_FILTERS} filter values")]
    TooManyFilters,
    /// Page not in 1 to [`LAST_PAGE`], or page size not in 1 to [`LONGEST_PAGE`].
    #[error("page is not from 1 to {LAST_PAGE}, or its length not from 1 to {LONGEST_PAGE}")]
    NoSuchPage,
}

impl QueryError {
    /// Field name in the `errors` of a response.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::TextTooLong => "q",
            Self::TooManyFilters => "filters",
            Self::NoSuchPage => "page",
        }
    }

    /// Returns the code of forms and APIs.
    #[must_use]
    pub const fn code(self) -> FieldCode {
        match self {
            Self::TextTooLong => FieldCode::TooLong,
            Self::TooManyFilters => FieldCode::TooMany,
            Self::NoSuchPage => FieldCode::OutOfRange,
        }
    }
}

impl SearchQuery {
    /// Creates a query without filters; a blank text matches everything, a text without words nothing.
    ///
    /// # Errors
    /// [`QueryError::TextTooLong`], [`QueryError::NoSuchPage`].
    pub fn new(text: &str, page: u32, per_page: u32) -> Result<Self, QueryError> {
        let text = text.trim();
        if text.chars().count() > LONGEST_TEXT {
            return Err(QueryError::TextTooLong);
        }
        if !(1..=LAST_PAGE).contains(&page) || !(1..=LONGEST_PAGE).contains(&per_page) {
            return Err(QueryError::NoSuchPage);
        }
        Ok(Self {
            text: text.to_owned(),
            kinds: Vec::new(),
            regions: Vec::new(),
            industries: Vec::new(),
            demo: None,
            figures: Vec::new(),
            tags: Vec::new(),
            trades: Vec::new(),
            is_strict: false,
            page,
            per_page,
        })
    }

    /// Restricts kinds, divisions and industries, each with its descendants.
    ///
    /// # Errors
    /// [`QueryError::TooManyFilters`].
    pub fn only(
        self,
        kinds: Vec<DocKind>,
        regions: Vec<DivisionCode>,
        industries: Vec<IndustryCode>,
    ) -> Result<Self, QueryError> {
        if kinds.len() + regions.len() + industries.len() > MOST_FILTERS {
            return Err(QueryError::TooManyFilters);
        }
        Ok(Self { kinds, regions, industries, ..self })
    }

    /// Restricts to samples, or to real records.
    #[must_use]
    pub fn demo(self, demo: bool) -> Self {
        Self { demo: Some(demo), ..self }
    }

    /// Restricts to documents that have each figure within its bound.
    #[must_use]
    pub fn within(self, figures: Vec<FigureBound>) -> Self {
        Self { figures, ..self }
    }

    /// Restricts to documents for a trade: those that name it or one inside it first, then those that name one around it.
    #[must_use]
    pub fn for_trades(mut self, codes: &[IndustryCode]) -> Self {
        self.trades.extend(codes.iter().flat_map(|code| of_trade(*code)));
        self
    }

    /// Restricts to documents that have one of the values of a facet, one of [`super::FACETS`].
    ///
    /// # Errors
    /// [`QueryError::TooManyFilters`].
    pub fn having(mut self, facet: &str, values: &[String]) -> Result<Self, QueryError> {
        if self.tags.iter().map(Vec::len).sum::<usize>() + values.len() > MOST_TAGS {
            return Err(QueryError::TooManyFilters);
        }
        let tags: Vec<String> = values.iter().map(|value| tag(facet, value)).collect();
        self.tags.extend((!tags.is_empty()).then_some(tags));
        Ok(self)
    }

    /// Asks for another page, from 1 to [`LAST_PAGE`].
    #[must_use]
    pub fn at_page(self, page: u32) -> Self {
        Self { page: page.clamp(1, LAST_PAGE), ..self }
    }

    /// Demands every word.
    #[must_use]
    pub fn strict(self) -> Self {
        Self { is_strict: true, ..self }
    }

    /// Number of words that must be found at least, of `all`.
    pub(super) fn fewest_words(&self, all: usize) -> usize {
        if self.is_strict { all } else { all.min(1) }
    }

    pub(super) const fn offset(&self) -> usize {
        (self.page as usize - 1) * self.per_page as usize
    }
}
