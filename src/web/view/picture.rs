//! Pictures of a listing as pages show them.

use serde::Serialize;

use crate::db::picture::Picture;
use crate::db::words::PictureShows;
use crate::i18n::{Locale, word};

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PictureView {
    /// Row id.
    pub id: String,
    /// Its address.
    pub url: String,
    /// Its alternative text.
    pub alt: String,
    /// Its subject in words.
    pub shows: String,
    /// Whether it is a floor plan.
    pub is_plan: bool,
    /// Width, px.
    pub width: i64,
    /// Height, px.
    pub height: i64,
}

impl PictureView {
    /// Makes the view of a picture.
    #[must_use]
    pub fn new(locale: Locale, picture: Picture) -> Self {
        Self {
            url: format!("/pictures/{}", picture.name),
            shows: word(locale, "picture", picture.shows.word()),
            is_plan: picture.shows == PictureShows::Plan,
            id: picture.id,
            alt: picture.alt,
            width: picture.width,
            height: picture.height,
        }
    }
}
