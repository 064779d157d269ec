//! Files made to harm whoever opens them: an error in time, and this process none the worse.

use std::time::{Duration, Instant};

use luodi::tables::{Limits, NotARowFile, Reader, TableError};

use super::workbook::{Part, parts, row, two_cells, workbook, zip};
use super::{read, reader_with};

/// Reads, and holds the reading to its time.
fn refused(bytes: impl AsRef<[u8]>) -> TableError {
    let start = Instant::now();
    let error = read(bytes).expect_err("refused");
    assert!(start.elapsed() < Duration::from_millis(5_500), "{:?}", start.elapsed());
    error
}

fn with(part: &'static str, data: Part) -> Vec<(&'static str, Part)> {
    let mut parts = parts(&row(1, &["a"]));
    parts.retain(|(name, _)| *name != part);
    parts.push((part, data));
    parts
}

const STRINGS: &str = "xl/sharedStrings.xml";

#[test]
fn two_cells_at_the_ends_of_the_sheet_are_refused_by_column() {
    let bytes = two_cells();
    let error = refused(bytes);
    assert!(matches!(error, TableError::TooManyColumns { row: 1_048_576, column: 16_384 }), "{error:?}");
}

#[test]
fn a_bomb_that_says_its_size_is_refused_unopened() {
    let bytes = zip(&with(STRINGS, Part::Stored(b"<sst/>".to_vec())), Some(200 << 20), 0);
    assert!(matches!(refused(bytes), TableError::TooLarge { .. }));
}

fn bomb() -> Part {
    Part::Repeated { before: "<sst><si><t>", byte: b'x', times: 128 << 20, after: "</t></si></sst>" }
}

#[test]
fn a_bomb_that_lies_about_its_size_is_found_out() {
    let bytes = zip(&with(STRINGS, bomb()), Some(100), 0);
    assert!(bytes.len() < 1 << 20);
    let error = refused(bytes);
    assert!(matches!(error, TableError::Damaged(_)), "{error:?}");
}

#[test]
fn what_fills_the_childs_memory_ends_the_child_alone() {
    let reader = reader_with(Limits { inflated_bytes: 1 << 30, memory_bytes: 48 << 20, ..Limits::upload() });
    let error = reader.read_bytes(&zip(&with(STRINGS, bomb()), None, 0)).expect_err("refused");
    assert!(matches!(error, TableError::ChildDied), "{error:?}");
    let strings = br#"<sst uniqueCount="9000000000000"><si><t>a</t></si></sst>"#.to_vec();
    let error = refused(zip(&with(STRINGS, Part::Stored(strings)), None, 0));
    assert!(matches!(error, TableError::ChildDied), "{error:?}");
}

#[test]
fn many_short_strings_and_eighty_thousand_attributes_are_read_or_refused_in_time() {
    let start = Instant::now();
    let strings = format!("<sst>{}</sst>", "<si><t>ab</t></si>".repeat(50_000)).into_bytes();
    let _ = read(zip(&with(STRINGS, Part::Stored(strings)), None, 0));
    let attributes: String = (0..80_000).map(|n| format!(" a{n}=\"1\"")).collect();
    let _ = read(workbook(&format!(r#"<row r="1"{attributes}><c r="A1"{attributes}><v>1</v></c></row>"#)));
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

#[test]
fn a_wide_row_is_refused_by_its_column_in_both_formats() {
    let wide: Vec<&str> = vec!["a"; 65];
    for bytes in [workbook(&row(1, &wide)), wide.join(",").into_bytes()] {
        assert!(matches!(refused(bytes), TableError::TooManyColumns { row: 1, column: 65 }));
    }
    let blank = format!("a{}\n1{}\n", ",".repeat(200), ",".repeat(200));
    assert_eq!(read(blank).expect("a table").rows.len(), 1);
}

#[test]
fn references_to_nowhere_are_an_error_and_no_panic_here() {
    for rows in [
        r#"<row r="1"><c r="A1" t="s"><v>99</v></c></row>"#,
        r#"<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>"#,
        r#"<row r="1"><c r="1A"><v>1</v></c></row>"#,
        r#"<row r="1"><c r="A1" t="q"><v>1</v></c></row>"#,
        r#"<row r="1"><c r="A1"><f t="shared" si="4000000000" ref="A1">1</f></c></row>"#,
    ] {
        let answer = read(workbook(rows));
        assert!(answer.is_err(), "{rows}: {answer:?}");
    }
}

#[test]
fn entities_from_outside_are_not_fetched() {
    let strings =
        br#"<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><sst><si><t>&e;</t></si></sst>"#;
    let error = refused(zip(&with(STRINGS, Part::Stored(strings.to_vec())), None, 0));
    assert!(matches!(error, TableError::Damaged(_)), "{error:?}");
}

#[test]
fn more_rows_than_allowed_stop_the_reading() {
    let rows: String = (1..=10_002).map(|n| row(n, &["a"])).collect();
    assert!(matches!(refused(workbook(&rows)), TableError::TooManyRows { limit: 10_000 }));
    let rows: String = (1..=10_001).map(|n| row(n, &["a"])).collect();
    assert_eq!(read(workbook(&rows)).expect("a table").rows.len(), 10_000);
}

#[test]
fn encrypted_foreign_and_broken_zips_are_told_apart() {
    let encrypted = zip(&parts(&row(1, &["a"])), None, 1);
    assert!(matches!(refused(encrypted), TableError::NotARowFile(NotARowFile::OldOrEncrypted)));
    let other = zip(&[("../../etc/evil", Part::Stored(b"x".to_vec()))], None, 0);
    assert!(matches!(refused(other), TableError::NotARowFile(NotARowFile::OtherZip)));
    let whole = workbook(&row(1, &["a"]));
    assert!(matches!(refused(&whole[..whole.len() - 30]), TableError::Damaged(_)));
    assert!(matches!(refused(workbook("<row r=\"1\"><c r=\"A1\"><v>1</v>")), TableError::Damaged(_)));
    let turned = format!("{}{}", row(5, &["a"]), row(2, &["b"]));
    assert!(matches!(refused(workbook(&turned)), TableError::Damaged(_)));
    assert!(matches!(refused(workbook("")), TableError::Empty));
}

#[test]
fn a_child_out_of_time_or_out_of_its_mind_is_ended() {
    let rows: String = (1..=9_000).map(|n| row(n, &["a", "b", "c"])).collect();
    let impatient = reader_with(Limits { time: Duration::ZERO, ..Limits::upload() });
    let error = impatient.read_bytes(&workbook(&rows)).expect_err("refused");
    assert!(matches!(error, TableError::TimedOut { seconds: 0 }), "{error:?}");
    // `yes` prints its arguments for ever.
    let babbling = Reader::new(Limits::upload()).with_program("/usr/bin/yes".into());
    let error = babbling.read_bytes(&workbook(&rows)).expect_err("refused");
    assert!(matches!(error, TableError::ChildDied), "{error:?}");
}
