//! The process that is at work on an import, so that another one of the machine sees its end at once.

use std::fs::{read_link, read_to_string};

/// Name of this process: boot, process namespace, process id and start time; blank where the system does not tell.
pub(super) fn own() -> String {
    let process = std::process::id().to_string();
    place().zip(started(&process)).map(|(place, started)| format!("{place}/{process}/{started}")).unwrap_or_default()
}

/// Whether a named process of this machine has ended; false where that cannot be seen from here.
pub(super) fn has_ended(owner: &str) -> bool {
    let mut parts = owner.rsplitn(3, '/');
    let (Some(start), Some(process), Some(at)) = (parts.next(), parts.next(), parts.next()) else { return false };
    place().is_some_and(|here| here == at) && started(process).is_none_or(|found| found != start)
}

/// The boot and the namespace in which a process id means a process.
fn place() -> Option<String> {
    let boot = read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let namespace = read_link("/proc/self/ns/pid").ok()?;
    Some(format!("{} {}", boot.trim(), namespace.display()))
}

/// The start time of a process, in clock ticks since the boot; none for one that has ended (proc(5): `Z` and `X`).
fn started(process: &str) -> Option<String> {
    let stat = read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name in brackets may hold blanks; the state is the third field and the start time the twenty-second.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let is_there = !matches!(*fields.first()?, "Z" | "X");
    fields.get(19).filter(|_| is_there).map(|start| (*start).to_owned())
}
