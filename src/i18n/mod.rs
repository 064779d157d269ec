//! Localization: catalogues, locale negotiation, numbers and dates in words.

mod catalogue;
mod format;
mod locale;
mod names;
mod reading;
mod units;
mod words;

pub use catalogue::{Catalogue, catalogue, has, say, tell};
pub use format::{age, date, grouped, land, moment, quantity, quantity_near, quantity_up};
pub use locale::Locale;
pub use names::{
    NamedListing, division, division_alone, divisions_named, free_word, has_chinese, industry, industry_named,
    is_chinese, listing_name, park_name, provinces, region_name, without_chinese,
};
pub use reading::{WordedReading, question, worded_reading};
pub use units::{
    LandUnit, Notation, RentPeriod, UnitChoice, Units, hundredths, spoken_down, spoken_step, spoken_up, up_to_step,
};
pub use words::{
    LabelledValue, column, field, field_error, header_faults, headline, import_note, need, promise, range_in_words,
    requirement_facts, requirement_value, stored_facts, unit_label, unit_words, word,
};
