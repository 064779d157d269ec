//! Inquiries and leads: their rows, queries by scope, history and changes.

mod find;
mod history;
mod row;
mod store;

pub(super) use find::{every_lead, leads, rows_of};
pub(crate) use find::{locked, of_inquiry, of_need, of_requirement, open_of, open_on};
pub(crate) use history::{NewEvent, copy_history, events_of, forget_words};
pub use row::{Inquiry, Lead, LeadEvent, LeadRow};
pub(crate) use store::{LeadChange, NewLead, add_leads, add_untold, change, fill, inquiry_rows, set_state, unhide};
pub(super) use store::{came_back, lock_all, settle_state};
