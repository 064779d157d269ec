//! CSV and the rules that hold for any file.

use domain::listing::Kind;
use domain::record::Policies;
use luodi::service::imports::settle_alone;
use luodi::tables::{Limits, NotARowFile, TableError};

use super::{plan, read, reader, reader_with, reasons, records, shown};

const PARKS: &str = "code,name,level,province";

/// The rows below the first, by number and first cell.
fn numbered(text: &str) -> Vec<(u32, String)> {
    read(text).expect("a table").rows.iter().skip(1).map(|row| (row.number, shown(row).swap_remove(0))).collect()
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
fn a_header_names_its_faults_with_the_nearest_names() {
    let refused = |text: &str| {
        settle_alone(Kind::Plot, reader().read_bytes(text.as_bytes()).expect("a table")).expect_err("refused")
    };
    let refusal = refused("plot_no,provnce\n1,x\n");
    assert_eq!((refusal.code, refusal.columns), ("unknown_column", vec!["provnce".to_owned(), "province".to_owned()]));
    for word in ["「provnce」", "province（省份）", "\"provnce\"", "luodi import columns plots"] {
        assert!(refusal.reason.contains(word), "{word} in {}", refusal.reason);
    }
    assert!(matches!(read(""), Err(TableError::Empty)));
    assert!(matches!(read("\n\n,,\n"), Err(TableError::Empty)));
}

#[test]
fn blank_names_at_the_end_of_a_header_are_passed_over() {
    let blank = plan(Kind::Park, format!("{PARKS},,\nG1,甲,省级,浙江省,,\n"));
    assert_eq!((blank.created(), blank.rejected.len()), (1, 0));
    let wide = plan(Kind::Park, format!("{PARKS}\nG1,甲,省级,浙江省,,\nG2,乙,省级,浙江省,x,\n"));
    assert_eq!((wide.created(), reasons(&wide)), (1, vec!["3  too_many_cells".to_owned()]));
    let nameless = reader().read_bytes(format!("{PARKS},,\nG2,乙,省级,浙江省,x,\n").as_bytes()).expect("a table");
    let refusal = settle_alone(Kind::Park, nameless).expect_err("refused");
    assert_eq!((refusal.code, refusal.columns), ("unknown_column", vec!["(E)".to_owned()]));
}

#[test]
fn an_id_is_taken_only_by_an_accepted_row() {
    let plan = plan(
        Kind::Park,
        format!(
            "{PARKS}\nG1,甲,高级,浙江省\nG1,甲,省级,浙江省\nG1,乙,省级,浙江省\n ,丙,省级,浙江省\nG1,丁,低级,浙江省\n"
        ),
    );
    assert_eq!(records(&plan).iter().map(|park| (park.id(), park.get("name"))).collect::<Vec<_>>(), [("G1", "甲")]);
    assert_eq!(
        reasons(&plan),
        ["2 level unknown_word", "4 code duplicate_id", "5 code blank_id", "6 level unknown_word"]
    );
}

#[test]
fn each_bad_cell_of_a_row_is_an_entry_of_its_own() {
    let plan = plan(Kind::Plot, "plot_no,province,area_sqm,tax_wan_mu,status\nP1,浙江省,9*.5,3.3;4.8,free\n");
    assert_eq!(plan.created(), 0);
    assert_eq!(reasons(&plan), ["2 area_sqm not_a_number", "2 tax_wan_mu not_a_number", "2 status unknown_word"]);
    let values: Vec<_> = plan.rejected.iter().map(|note| note.value.as_str()).collect();
    assert_eq!(values, ["9*.5", "3.3;4.8", "free"]);
}

#[test]
fn policies_are_a_table_of_their_own() {
    let plan = plan(
        Policies,
        "policy_id,title,issued_on,region_code,industries,demo\nZC1,标准地办法,2024-05-01,330000,C36;38,是\nZC2,,2024-13-01,999999,X,\n",
    );
    let policy = &records(&plan)[0];
    assert_eq!((policy.id(), policy.get("industries"), policy.get("demo")), ("ZC1", "36;38", "yes"));
    assert_eq!(
        reasons(&plan),
        ["3 issued_on bad_date", "3 region_code unknown_division", "3 industries unknown_industry"]
    );
}

#[test]
fn utf_16_is_read_with_its_mark_and_without() {
    let text = format!("{PARKS}\nG1,宁波经济技术开发区,国家级,浙江省\n");
    let plain = read(&text).expect("a table");
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [[&[0xff, 0xfe], little.as_slice()].concat(), [&[0xfe, 0xff], big.as_slice()].concat(), little] {
        assert_eq!(read(bytes).expect("a table"), plain);
    }
}

#[test]
fn other_sorts_of_file_are_told_by_their_content() {
    for (bytes, expected) in [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), NotARowFile::OldOrEncrypted),
        (b"\xef\xbb\xbf <html><table><tr><td>code</td></tr></table>", NotARowFile::Markup),
        (b"<?xml version=\"1.0\"?><Workbook/>", NotARowFile::Markup),
        (b"%PDF-1.7 x", NotARowFile::Binary),
        (b"code,name\0\0", NotARowFile::Binary),
        (b"PK\x03\x04\0\0\0\0mimetypeapplication/vnd.oasis.opendocument.spreadsheet", NotARowFile::OpenDocument),
    ] {
        let error = read(bytes).expect_err("refused");
        assert!(matches!(error, TableError::NotARowFile(found) if found == expected), "{expected:?}: {error:?}");
    }
}
