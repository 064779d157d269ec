//! One program of integration tests: the parts against each other, and the whole from outside.

mod mail;
mod relay;
mod tables;
