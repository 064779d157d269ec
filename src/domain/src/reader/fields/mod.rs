//! Fields: what each field of a requirement takes from the facts, words and places of a text, and the reading that is
//! filled. Knows neither the order in which fields are filled nor what stays unread.

pub(super) mod amounts;
pub(super) mod criteria;
pub(super) mod draft;
pub(super) mod due_dates;
pub(super) mod exchange;
pub(super) mod facilities;
pub(super) mod figure;
pub(super) mod kinds;
pub(super) mod levels;
pub(super) mod named;
pub(super) mod needs;
pub(super) mod place_lists;
pub(super) mod places;
pub(super) mod questions;
pub(super) mod reading;
pub(super) mod roles;
pub(super) mod site;
pub(super) mod tenure;
pub(super) mod things;
pub(super) mod trade;
pub(super) mod trade_dealings;
pub(super) mod trade_parties;
pub(super) mod uses;
pub(super) mod view;
pub(super) mod wishes;
