//! The program.

use std::process::ExitCode;

fn main() -> ExitCode {
    // A child that reads an XLSX file within limits asks first, before any runtime or thread.
    luodi::tables::xlsx_child::run_if_asked().unwrap_or_else(luodi::cli::run)
}
