//! The program: parses, loads configuration, calls.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Before any runtime: the child that reads a spreadsheet counts every byte.
    if let Some(code) = luodi::tables::xlsx_child::run_if_asked() {
        return code;
    }
    ExitCode::SUCCESS
}
