//! Files that a reader must refuse: an error in time, and this process none the worse. Guards are met by lawful files under
//! smaller limits.

use std::time::{Duration, Instant};

use luodi::tables::{Limits, NotARowFile, Reader, TableError};

use super::workbook::{self, parts, row, workbook, zip};
use super::{read, reader_with, shown};

/// The error of a reading, within its time.
fn refused(bytes: impl AsRef<[u8]>) -> TableError {
    let start = Instant::now();
    let error = read(bytes).expect_err("refused");
    assert!(start.elapsed() < Duration::from_millis(5_500), "{:?}", start.elapsed());
    error
}

/// The parts of a small workbook, with this one.
fn with(part: &'static str, data: Vec<u8>) -> Vec<(&'static str, Vec<u8>)> {
    let mut parts = parts(&row(1, &["a"]));
    parts.retain(|(name, _)| *name != part);
    parts.push((part, data));
    parts
}

const STRINGS: &str = "xl/sharedStrings.xml";

#[test]
fn parts_announced_larger_than_the_limit_are_refused_unopened() {
    let small = reader_with(Limits { inflated_bytes: 1_000, ..Limits::upload() });
    let lawful = workbook(&row(1, &["a"]));
    assert!(matches!(small.read_bytes(&lawful), Err(TableError::TooLarge { limit: 1_000 })));
    assert_eq!(shown(&read(&lawful).expect("within the usual limit").rows[0]), ["a"]);
}

#[test]
fn a_part_that_is_longer_than_announced_is_refused() {
    let strings = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(10_000)).into_bytes();
    let error = refused(zip(&with(STRINGS, strings), Some(100), 0));
    assert!(matches!(error, TableError::Damaged(_)), "{error:?}");
}

#[test]
fn a_lawful_workbook_that_needs_more_memory_than_the_child_has_ends_the_child_alone() {
    let tight = reader_with(Limits { memory_bytes: workbook::TIGHT_MEMORY, ..Limits::upload() });
    let large = workbook::large();
    let error = tight.read_bytes(&large).expect_err("refused");
    assert!(matches!(error, TableError::ChildDied), "{error:?}");
    assert_eq!(shown(&tight.read_bytes(&workbook(&row(1, &["a"]))).expect("a small one")[0].rows[0]), ["a"]);
    assert!(!read(large).expect("with the usual memory").rows.is_empty());
}

#[test]
fn a_lawful_workbook_that_takes_longer_than_the_child_has_is_ended() {
    let rows: String = (1..=9_000).map(|n| row(n, &["a", "b", "c"])).collect();
    let impatient = reader_with(Limits { time: Duration::ZERO, ..Limits::upload() });
    let error = impatient.read_bytes(&workbook(&rows)).expect_err("refused");
    assert!(matches!(error, TableError::TimedOut { seconds: 0 }), "{error:?}");
}

#[test]
fn a_child_that_prints_something_else_is_ended() {
    // `yes` prints its arguments until it is ended.
    let babbling = Reader::new(Limits::upload()).with_program("/usr/bin/yes".into());
    let error = babbling.read_bytes(&workbook(&row(1, &["a"]))).expect_err("refused");
    assert!(matches!(error, TableError::ChildDied), "{error:?}");
}

#[test]
fn a_wide_row_is_refused_by_its_column_in_both_formats() {
    let wide: Vec<&str> = vec!["a"; 65];
    for bytes in [workbook(&row(1, &wide)), wide.join(",").into_bytes()] {
        assert!(matches!(refused(bytes), TableError::TooManyColumns { row: 1, column: 65 }));
    }
    let blank = format!("a{}\n1{}\n", ",".repeat(200), ",".repeat(200));
    assert_eq!(read(blank).expect("a table").rows.len(), 2);
}

#[test]
fn a_reference_to_nowhere_and_an_unknown_type_are_errors() {
    for rows in [
        r#"<row r="1"><c r="A1" t="s"><v>99</v></c></row>"#,
        r#"<row r="1"><c r="1A"><v>1</v></c></row>"#,
        r#"<row r="1"><c r="A1" t="q"><v>1</v></c></row>"#,
    ] {
        let error = refused(workbook(rows));
        assert!(matches!(error, TableError::Damaged(_)), "{rows}: {error:?}");
    }
}

#[test]
fn entities_from_outside_are_not_fetched() {
    let strings =
        br#"<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><sst><si><t>&e;</t></si></sst>"#;
    let error = refused(zip(&with(STRINGS, strings.to_vec()), None, 0));
    assert!(matches!(error, TableError::Damaged(_)), "{error:?}");
}

#[test]
fn more_rows_than_allowed_stop_the_reading() {
    let rows: String = (1..=10_002).map(|n| row(n, &["a"])).collect();
    assert!(matches!(refused(workbook(&rows)), TableError::TooManyRows { limit: 10_000 }));
    let rows: String = (1..=10_001).map(|n| row(n, &["a"])).collect();
    assert_eq!(read(workbook(&rows)).expect("a table").rows.len(), 10_001);
}

#[test]
fn encrypted_foreign_and_broken_zips_are_told_apart() {
    let encrypted = zip(&parts(&row(1, &["a"])), None, 1);
    assert!(matches!(refused(encrypted), TableError::NotARowFile(NotARowFile::OldOrEncrypted)));
    let other = zip(&[("../../etc/evil", b"x".to_vec())], None, 0);
    assert!(matches!(refused(other), TableError::NotARowFile(NotARowFile::OtherZip)));
    let whole = workbook(&row(1, &["a"]));
    assert!(matches!(refused(&whole[..whole.len() - 30]), TableError::Damaged(_)));
    assert!(matches!(refused(workbook("<row r=\"1\"><c r=\"A1\"><v>1</v>")), TableError::Damaged(_)));
    let turned = format!("{}{}", row(5, &["a"]), row(2, &["b"]));
    assert!(matches!(refused(workbook(&turned)), TableError::Damaged(_)));
    assert!(matches!(refused(workbook("")), TableError::Empty));
}
