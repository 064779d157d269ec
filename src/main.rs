//! The program.

use std::process::ExitCode;

/// jemalloc: glibc's allocator takes nearly a fifth of a submission's CPU time, under load over a quarter, because it
/// searches fragmented arenas (tests/torture/results). Configured in `.cargo/config.toml`.
#[global_allocator]
static HEAP: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    // The XLSX child process sets its resource limits before any runtime or thread exists.
    luodi::tables::xlsx_child::run_if_asked().unwrap_or_else(luodi::cli::run)
}
