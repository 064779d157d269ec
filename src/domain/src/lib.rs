//! luodi's pure heart: what a requirement and a listing are, how they match, how plain words are read.
//!
//! No IO, no clock, no randomness: `now` and ids come in as arguments.

pub mod account;
pub mod area;
pub mod contact;
pub mod decimal;
pub mod geo;
pub mod industry;
pub mod inquiry;
pub mod kind;
pub mod land_use;
pub mod lead;
pub mod listing;
pub mod matching;
pub mod reader;
pub mod record;
pub mod region;
pub mod requirement;
pub mod time;
pub mod unit;
pub mod uscc;
pub mod vocabulary;
pub mod word;
