//! Passwords from breaches: a sorted file of SHA-1 hashes, searched on disk. The download of all known ones has more than 40 GB.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Result, Seek as _, SeekFrom};
use std::path::Path;

use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};

/// Length of a hash in hexadecimal.
const HASH: usize = 40;

/// Whether a file of lines `HASH` or `HASH:COUNT`, sorted by hash, has a password. The steps of the binary search are those of
/// the file's size in bytes.
///
/// # Errors
/// [`std::io::Error`] where the file cannot be read.
pub(super) fn has(path: &Path, password: &str) -> Result<bool> {
    let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes());
    let mut wanted = String::with_capacity(HASH);
    for byte in hash.as_ref() {
        write!(wanted, "{byte:02X}").map_err(std::io::Error::other)?;
    }
    let mut file = BufReader::new(File::open(path)?);
    // The line of the hash begins within these bytes, if there is one.
    let (mut from, mut to) = (0, file.seek(SeekFrom::End(0))?);
    while from < to {
        let middle = from + (to - from) / 2;
        let Some(found) = line_from(&mut file, middle)? else {
            to = middle;
            continue;
        };
        match found.hash.as_str().cmp(&wanted) {
            std::cmp::Ordering::Equal => return Ok(true),
            std::cmp::Ordering::Less => from = found.end,
            std::cmp::Ordering::Greater => to = middle,
        }
    }
    Ok(false)
}

/// A line of the file.
struct HashLine {
    hash: String,
    /// The place after it.
    end: u64,
}

/// The first line that begins at a place or after it; `None` past the last.
fn line_from(file: &mut BufReader<File>, place: u64) -> Result<Option<HashLine>> {
    let mut skipped = 0;
    // A line that begins at `place` follows the end of another one right before it.
    file.seek(SeekFrom::Start(place.saturating_sub(1)))?;
    if place > 0 {
        skipped = file.skip_until(b'\n')? as u64;
    }
    let begin = place.saturating_sub(1) + skipped;
    let mut hash = Vec::with_capacity(HASH);
    let length = file.by_ref().take(HASH as u64).read_to_end(&mut hash)?;
    if length == 0 {
        return Ok(None);
    }
    let end = begin + (length + file.skip_until(b'\n')?) as u64;
    Ok(Some(HashLine { hash: String::from_utf8_lossy(&hash).to_ascii_uppercase(), end }))
}

#[cfg(test)]
mod tests {
    use super::has;

    /// SHA-1 of passwords, as `printf %s WORD | sha1sum` has them.
    const HASHES: [(&str, &str); 5] = [
        ("password", "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8"),
        ("123456", "7C4A8D09CA3762AF61E59520943DC26494F8941B"),
        ("qwerty", "B1B3773A05C0ED0176787A4F1574FF0075F7521E"),
        ("letmein", "B7A875FC1EA228B9061041B7CEC4BD3C52AB3CE3"),
        ("abc123", "6367C48DD193D56EA7B0BAAD25B19455E529F5EE"),
    ];

    #[test]
    fn every_line_of_a_file_is_found_and_nothing_else_with_and_without_counts() {
        let mut hashes: Vec<&str> = HASHES.iter().map(|(_, hash)| *hash).collect();
        hashes.sort_unstable();
        let file = tempfile::NamedTempFile::new().expect("a file");
        for (line, end) in [(":17", "\r\n"), ("", "\n"), (":2", "")] {
            let lines: Vec<String> = hashes.iter().map(|hash| format!("{hash}{line}")).collect();
            let text = lines.join(if end.is_empty() { "\n" } else { end }) + end;
            std::fs::write(file.path(), text).expect("written");
            for (password, _) in HASHES {
                assert!(has(file.path(), password).expect("reads"), "{password} {line}");
            }
            for other in ["", "Password", "another sentence", "zzz"] {
                assert!(!has(file.path(), other).expect("reads"), "{other}");
            }
        }
        std::fs::write(file.path(), "").expect("written");
        assert!(!has(file.path(), "password").expect("reads"), "an empty file");
        assert!(has("absent/file".as_ref(), "password").is_err());
    }
}
