//! What is asked of an index: within limits by its making, so that no index has to defend itself.

use domain::industry::IndustryCode;
use domain::region::DivisionCode;
use domain::requirement::FieldCode;

use super::DocKind;

/// The longest text, in characters.
pub const LONGEST_TEXT: usize = 200;
/// The most filter values.
pub const MOST_FILTERS: usize = 20;
/// The last page that is shown.
pub const LAST_PAGE: u32 = 100;
/// The most hits on a page.
pub const LONGEST_PAGE: u32 = 100;

/// A valid question. Filters of one sort widen each other; different sorts narrow each other; none is no limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchQuery {
    pub(super) text: String,
    pub(super) kinds: Vec<DocKind>,
    pub(super) regions: Vec<DivisionCode>,
    pub(super) industries: Vec<IndustryCode>,
    pub(super) demo: Option<bool>,
    pub(super) page: u32,
    pub(super) per_page: u32,
}

/// Which limit a question breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// More than [`LONGEST_TEXT`] characters.
    #[error("q holds more than {LONGEST_TEXT} characters")]
    TextTooLong,
    /// More than [`MOST_FILTERS`] values.
    #[error("more than {MOST_FILTERS} filter values")]
    TooManyFilters,
    /// No page from 1 to [`LAST_PAGE`], or none of 1 to [`LONGEST_PAGE`] hits.
    #[error("page is not from 1 to {LAST_PAGE}, or its length not from 1 to {LONGEST_PAGE}")]
    NoSuchPage,
}

impl QueryError {
    /// The field that is wrong, for an answer's `errors`.
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
    /// A question without filters; a blank text finds everything, one without a word nothing.
    ///
    /// # Errors
    /// See [`QueryError`].
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
            page,
            per_page,
        })
    }

    /// Only these kinds, divisions (with what lies in them), industries (with what lies below them).
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

    /// Only samples, or none.
    #[must_use]
    pub fn demo(self, demo: bool) -> Self {
        Self { demo: Some(demo), ..self }
    }

    pub(super) const fn offset(&self) -> usize {
        (self.page as usize - 1) * self.per_page as usize
    }
}
