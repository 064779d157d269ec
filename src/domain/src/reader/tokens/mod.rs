//! Tokens: numbers, units, amounts, dates, contact data and trades of a text, and the lexer that cuts the text into them.
//! Knows no fields.

pub(super) mod contact;
pub(super) mod date;
pub(super) mod exact;
pub(super) mod lexer;
pub(super) mod number;
pub(super) mod quantity;
pub(super) mod token;
pub(super) mod trades;
pub(super) mod units;
