//! The program.

use std::process::ExitCode;

/// The C library's heap takes near a fifth of a submit's time, more than a quarter in a crowd: it looks for room among what hundreds of
/// requests hold (tests/torture/results). This one is set up by `.cargo/config.toml`.
#[global_allocator]
static HEAP: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    // A child that reads an XLSX file within limits asks first, before any runtime or thread.
    luodi::tables::xlsx_child::run_if_asked().unwrap_or_else(luodi::cli::run)
}
