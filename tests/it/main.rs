//! One program of integration tests: the parts against each other, and the whole from outside.

#[path = "../support/database.rs"]
mod database;
#[path = "../support/relay.rs"]
mod fault_relay;
mod mail;
#[path = "../support/mailbag.rs"]
mod mailbag;
#[path = "../support/matrix.rs"]
mod matrix;
mod outbox;
mod relay;
mod tables;
mod worker;
