//! Use cases: who may, one transaction, what follows from it. Pages, API and command line all call these, and they return
//! codes and arguments, never prose.

pub mod accounts;
pub mod context;
pub mod first_inquiry;
pub mod housekeeping;
pub mod idempotency;
pub mod inquiries;
pub mod inventory;
pub mod leads;
mod letters;
pub mod matching;
pub mod notice;
pub mod policies;
pub mod replies;
pub mod requirements;
pub mod search;
