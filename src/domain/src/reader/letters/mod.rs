//! Characters: folding, character classes, numeral values, the text as an array of folded characters, and the parser of
//! rule files. Knows no words.

pub(super) mod character;
pub(super) mod numerals;
pub(super) mod rules;
pub(super) mod sets;
pub(super) mod text;
