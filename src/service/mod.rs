//! Use cases: permission, one transaction, follow-up work. Pages, API and command line call them; they return codes and
//! arguments, never prose.

pub mod accounts;
mod aliases;
pub mod context;
pub mod corrections;
pub mod desk;
pub mod desk_counts;
pub mod digests;
pub mod due;
pub mod first_inquiry;
pub mod handovers;
pub mod housekeeping;
pub mod idempotency;
pub mod imports;
pub mod inquiries;
mod inquiry_mail;
pub mod inventory;
pub mod keys;
pub mod lead_json;
pub mod leads;
pub mod letters;
pub mod matching;
pub mod notice;
pub mod policies;
pub mod replies;
pub mod reports;
pub mod requirements;
pub mod search;
pub mod sides;
pub mod snapshot;
pub mod tasks;
pub mod turns;
pub mod typed_in;
pub mod work;
