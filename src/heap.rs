//! The C library's heaps: one a core. By default it opens eight a core, one for nearly each thread, and each keeps what
//! its peak took: 50 MB more at rest after the demo inventory was loaded.

use std::os::unix::process::CommandExt as _;
use std::process::Command;

/// Read by the C library when a process starts, and at no other time.
const VARIABLE: &str = "MALLOC_ARENA_MAX";

/// Starts the program anew in this same process with as many heaps as cores, unless whoever started it has chosen.
/// Returns where that cannot be done: it saves memory and nothing depends on it.
pub(crate) fn one_a_core() {
    if std::env::var_os(VARIABLE).is_some() {
        return;
    }
    let (Ok(program), Ok(cores)) = (std::env::current_exe(), std::thread::available_parallelism()) else { return };
    let error = Command::new(program).args(std::env::args_os().skip(1)).env(VARIABLE, cores.to_string()).exec();
    tracing::debug!(%error, "heaps are left as they are");
}
