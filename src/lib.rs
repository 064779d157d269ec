//! luodi (落地): matches site needs of enterprises to parks, plots and space, and sends inquiries to the chosen parks.

#[macro_use]
pub mod failpoint;

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
mod cores;
pub mod db;
pub mod demo;
pub mod error;
pub(crate) mod guard;
pub mod i18n;
pub mod ids;
pub mod lifecycle;
pub mod mail;
pub mod search;
pub mod service;
pub mod tables;
pub mod telemetry;
pub mod web;
pub mod worker;
