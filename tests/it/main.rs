//! One program of integration tests: the parts against each other, and the whole from outside.

#[path = "../support/relay.rs"]
mod fault_relay;
mod mail;
mod relay;
mod search;
mod tables;
