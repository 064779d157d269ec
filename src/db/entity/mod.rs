//! The tables' rows as sea-orm sees them; these types stay inside `db`.

pub(crate) mod access;
pub(crate) mod account;
pub(crate) mod account_token;
pub(crate) mod audit;
pub(crate) mod clock;
pub(crate) mod consent;
pub(crate) mod idempotency;
pub(crate) mod import;
pub(crate) mod import_row;
pub(crate) mod import_staged;
pub(crate) mod inquiry;
pub(crate) mod lead;
pub(crate) mod lead_event;
pub(crate) mod listing;
pub(crate) mod listing_change;
pub(crate) mod listing_now;
pub(crate) mod outbox;
pub(crate) mod outbox_attempt;
pub(crate) mod policy;
pub(crate) mod quota;
pub(crate) mod requirement;
pub(crate) mod session;
pub(crate) mod staff_task;
