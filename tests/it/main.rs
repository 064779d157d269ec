//! The integration tests, one binary.

#[path = "../support/relay.rs"]
mod fault_relay;
mod mail;
mod relay;
