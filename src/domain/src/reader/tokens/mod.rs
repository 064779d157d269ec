pub(super) mod contact;
pub(super) mod date;
pub(super) mod exact;
pub(super) mod lexer;
pub(super) mod number;
pub(super) mod quantity;
pub(super) mod units;
