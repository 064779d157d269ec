//! The domain of luodi: requirements, listings, matching and the reader of free text.
//!
//! No IO, no clock, no randomness: `now` and ids come in as arguments.

pub mod account;
pub mod area;
pub mod assignment;
mod cells;
pub mod chain;
pub mod column;
pub mod contact;
pub mod decimal;
pub mod facility;
pub mod fault;
pub mod field;
pub mod fields;
pub mod fold;
pub mod follow_up;
pub mod freshness;
pub mod geo;
mod half_width;
pub mod hold;
pub mod import;
pub mod industry;
pub mod inquiry;
mod json;
pub mod kind;
pub mod land_use;
pub mod lead;
pub mod lead_sheet;
pub mod listing;
pub mod matching;
pub mod password;
pub mod policy;
pub mod promise;
pub mod rate;
pub mod reader;
pub mod record;
pub mod region;
pub mod requirement;
pub mod shape;
pub mod stored;
pub mod time;
pub mod unit;
pub mod uscc;
pub mod value;
pub mod vocabulary;
pub mod word;
pub mod workday;
