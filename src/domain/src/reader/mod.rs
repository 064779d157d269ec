//! Free text to a requirement. No model and no network: the same text gives the same reading.
//!
//! The reader is built in floors, each of which imports only from the ones before it: letters → words → tokens → meaning
//! → fields → assemble. `tests/floors.rs` checks that. The rules are data: `config/data/reader`.

mod assemble;
mod fields;
mod letters;
mod meaning;
mod tokens;
mod words;

pub use assemble::print::print;
pub use assemble::{read, read_place, read_trade, read_with};
pub use fields::figure::{FigureFault, read_figure};
pub use fields::reading::{Other, Question, Reading, Span, Unread};
pub(crate) use words::gazetteer::short_form;
