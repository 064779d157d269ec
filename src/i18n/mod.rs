//! Localization: catalogues, locale negotiation, numbers and dates in words.

mod catalogue;
mod format;
mod locale;
mod reading;
mod words;

pub use catalogue::{Catalogue, catalogue, has, say, tell};
pub use format::{age, date, grouped, land, moment, quantity};
pub use locale::Locale;
pub use reading::{WordedReading, question, worded_reading};
pub use words::{
    LabelledValue, column, division, field, field_error, header_faults, headline, import_note, industry, need,
    range_in_words, region_name, requirement_facts, requirement_value, stored_facts, unit_words, word,
};
