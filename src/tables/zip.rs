//! Check of a zip's central directory before anything is inflated.

use std::io::{Read, Seek, SeekFrom};

use super::{Limits, NotARowFile, TableError};

const END: [u8; 4] = *b"PK\x05\x06";
const ENTRY: [u8; 4] = *b"PK\x01\x02";
const END_LENGTH: usize = 22;
const ENTRY_LENGTH: usize = 46;
/// End record with the longest possible comment, bytes.
const LONGEST_TAIL: u64 = END_LENGTH as u64 + 65_535;
const MOST_ENTRIES: usize = 4_096;
const LONGEST_CONTENTS: u32 = 4 << 20;

/// Refuses archives without a workbook, encrypted ones, and those whose declared inflated size exceeds the limit.
///
/// False declarations are caught by the child's own limits.
pub(super) fn check(mut file: impl Read + Seek, limits: &Limits) -> Result<(), TableError> {
    let contents = contents(&mut file)?;
    let mut rest = contents.as_slice();
    let (mut inflated, mut entries, mut is_workbook) = (0_u64, 0, false);
    while rest.starts_with(&ENTRY) && rest.len() >= ENTRY_LENGTH {
        let lengths = [28, 30, 32].map(|at| usize::from(u16_at(rest, at)));
        if u16_at(rest, 8) & 1 == 1 {
            return Err(NotARowFile::OldOrEncrypted.into());
        }
        inflated += u64::from(u32_at(rest, 24));
        entries += 1;
        is_workbook |= rest.get(ENTRY_LENGTH..ENTRY_LENGTH + lengths[0]) == Some(b"[Content_Types].xml".as_slice());
        if inflated > limits.inflated_bytes || entries > MOST_ENTRIES {
            return Err(TableError::TooLarge { limit: limits.inflated_bytes });
        }
        rest = rest.get(ENTRY_LENGTH + lengths.iter().sum::<usize>()..).unwrap_or_default();
    }
    if is_workbook { Ok(()) } else { Err(NotARowFile::OtherZip.into()) }
}

fn contents(file: &mut (impl Read + Seek)) -> Result<Vec<u8>, TableError> {
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(LONGEST_TAIL)))?;
    let mut tail = Vec::new();
    file.take(LONGEST_TAIL).read_to_end(&mut tail)?;
    let damaged = || TableError::Damaged("没有压缩目录".to_owned());
    let at = tail.windows(END.len()).rposition(|part| part == END).ok_or_else(damaged)?;
    let end = tail.get(at..at + END_LENGTH).ok_or_else(damaged)?;
    let (size, start) = (u32_at(end, 12), u32_at(end, 16));
    if size > LONGEST_CONTENTS {
        return Err(damaged());
    }
    file.seek(SeekFrom::Start(u64::from(start)))?;
    let mut contents = Vec::new();
    file.take(u64::from(size)).read_to_end(&mut contents)?;
    Ok(contents)
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |b| u16::from_le_bytes([b[0], b[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}
