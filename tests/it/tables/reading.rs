//! CSV and the rules that hold for any file.

use domain::listing::Kind;
use domain::record::{HeaderError, Policies};
use luodi::i18n::{Locale, header_errors};
use luodi::tables::{Limits, NotARowFile, TableError, parse};

use super::{parsed, read, reader_with, reasons};

const PARKS: &str = "code,name,level,province";

fn numbered(text: &str) -> Vec<(u32, String)> {
    read(text).expect("a table").rows.into_iter().map(|row| (row.row, row.cells[0].clone())).collect()
}

#[test]
fn rows_are_numbered_as_a_spreadsheet_shows_them() {
    let rows = numbered("a,b\r\n1,x\r\n\r\n\"2\r\nmore\",y\r\n3,z\r\n");
    assert_eq!(rows, [(2, "1".into()), (4, "2\r\nmore".into()), (6 - 1, "3".into())]);
    assert_eq!(numbered("a\n\n\nx\ny"), [(4, "x".into()), (5, "y".into())]);
    assert_eq!(numbered("a\rx\r\ry"), [(2, "x".into()), (4, "y".into())]);
}

#[test]
fn an_open_quote_is_named_by_its_row_and_swallows_nothing() {
    let error = read("a,b\n1,\"x\n2,y\n3,z\n").expect_err("refused");
    assert!(matches!(error, TableError::UnclosedQuote { row: 2 }), "{error:?}");
}

#[test]
fn gbk_and_marked_utf8_are_read_alike() {
    let text = format!("{PARKS}\nG1,宁波经济技术开发区,国家级,浙江省\n");
    let (gbk, _, _) = encoding_rs::GBK.encode(&text);
    let plain = read(&text).expect("a table");
    assert_eq!(read(&gbk).expect("a table"), plain);
    assert_eq!(read(format!("\u{feff}{text}")).expect("a table"), plain);
}

#[test]
fn undecodable_bytes_are_named_by_row() {
    let text = format!("{PARKS}\nG1,宁波经济技术开发区,国家级,浙江省\nG2,");
    let (gbk, _, _) = encoding_rs::GBK.encode(&text);
    for start in [text.as_bytes(), &gbk] {
        let mut bytes = start.to_vec();
        bytes.extend(b"\xff\xff,,\nG3,,,\n");
        let error = read(&bytes).expect_err("refused");
        assert!(matches!(error, TableError::Undecodable { row: 3 }), "{error:?}");
    }
}

#[test]
fn one_row_over_the_limit_is_refused() {
    let reader = reader_with(Limits { rows: 2, ..Limits::upload() });
    assert!(reader.read_bytes(b"a\n1\n2\n").is_ok());
    assert!(matches!(reader.read_bytes(b"a\n1\n2\n3\n"), Err(TableError::TooManyRows { limit: 2 })));
}

#[test]
fn a_header_names_its_faults_and_lists_what_is_accepted() {
    let table = read("plot_no,provnce\n1,x\n").expect("a table");
    let errors = parse(Kind::Plot, table).expect_err("refused");
    assert_eq!(errors, [HeaderError::Unknown("provnce".into()), HeaderError::Missing("province")]);
    let sentence = header_errors(Locale::ZhHans, Kind::Plot, &errors);
    for word in ["「provnce」", "「province」", "province*", "min_divisible_sqm"] {
        assert!(sentence.contains(word), "{word} in {sentence}");
    }
    assert!(matches!(read(""), Err(TableError::Empty)));
    assert!(parse(Kind::Plot, read("\n\n,,\n").expect("a table")).is_err());
}

#[test]
fn blank_names_at_the_end_of_a_header_are_passed_over() {
    let parsed = parsed(Kind::Park, format!("{PARKS},,\nG1,甲,省级,浙江省,,\nG2,乙,省级,浙江省,x,\n"));
    assert_eq!(parsed.records.len(), 1);
    assert_eq!(reasons(&parsed), ["3  too_many_cells"]);
}

#[test]
fn an_id_is_taken_only_by_an_accepted_row() {
    let parsed = parsed(
        Kind::Park,
        format!(
            "{PARKS}\nG1,甲,高级,浙江省\nG1,甲,省级,浙江省\nG1,乙,省级,浙江省\n ,丙,省级,浙江省\nG1,丁,低级,浙江省\n"
        ),
    );
    assert_eq!(parsed.records.iter().map(|(row, park)| (*row, park.id())).collect::<Vec<_>>(), [(3, "G1")]);
    assert_eq!(
        reasons(&parsed),
        ["2 level unknown_word", "4 code duplicate_id", "5 code blank_id", "6 level unknown_word"]
    );
    assert_eq!(parsed.read, parsed.records.len() + parsed.rejected.len());
}

#[test]
fn a_row_with_several_bad_cells_is_one_entry_of_the_report() {
    let parsed = parsed(Kind::Plot, "plot_no,province,area_sqm,tax_wan_mu,status\nP1,浙江省,9*.5,3.3;4.8,free\n");
    let report = serde_json::to_value(&parsed.rejected).expect("JSON");
    assert_eq!(
        report,
        serde_json::json!([{"row": 2, "column": "area_sqm", "value": "9*.5", "reason": "not_a_number", "message": "不是数字：9*.5",
            "more": [
                {"column": "tax_wan_mu", "value": "3.3;4.8", "reason": "not_a_number", "message": "不是数字：3.3;4.8"},
                {"column": "status", "value": "free", "reason": "unknown_word", "message": "不是这一列允许的词：free"}]}])
    );
}

#[test]
fn policies_are_a_table_of_their_own() {
    let parsed = parsed(
        Policies,
        "policy_id,title,issued_on,region_code,industries,demo\nZC1,标准地办法,2024-05-01,330000,C36;38,是\nZC2,,2024-13-01,999999,X,\n",
    );
    assert_eq!((parsed.records[0].1.id(), parsed.records[0].1.get("industries")), ("ZC1", "36;38"));
    assert_eq!(reasons(&parsed), ["3 issued_on bad_date"]);
    assert_eq!(parsed.rejected[0].more.len(), 2);
}

#[test]
fn other_sorts_of_file_are_told_by_their_content() {
    for (bytes, expected) in [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), NotARowFile::OldOrEncrypted),
        (b"\xef\xbb\xbf <html><table><tr><td>code</td></tr></table>", NotARowFile::Markup),
        (b"<?xml version=\"1.0\"?><Workbook/>", NotARowFile::Markup),
        (b"\xff\xfec\0o\0d\0e\0", NotARowFile::Utf16),
        (b"%PDF-1.7 x", NotARowFile::Binary),
        (b"code,name\0\0", NotARowFile::Binary),
        (b"PK\x03\x04\0\0\0\0mimetypeapplication/vnd.oasis.opendocument.spreadsheet", NotARowFile::OpenDocument),
    ] {
        let error = read(bytes).expect_err("refused");
        assert!(matches!(error, TableError::NotARowFile(found) if found == expected), "{expected:?}: {error:?}");
    }
}
