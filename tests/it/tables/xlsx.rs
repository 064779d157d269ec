//! Values of an XLSX, as a person sees them in it.

use domain::listing::Kind;
use luodi::tables::{TableError, parse};

use super::workbook::{parts, row, workbook, zip};
use super::{parsed, read, reader, reasons};

const HEADER: [&str; 5] = ["plot_no", "province", "area_sqm", "available_from", "demo"];

#[test]
fn values_read_as_a_person_sees_them() {
    let plots = workbook(&format!(
        r#"{}<row r="2"><c r="A2"><v>2022</v></c><c r="B2" t="inlineStr"><is><r><t>浙</t></r><r><t>江省</t></r></is></c><c r="C2"><v>38700.400000000001</v></c><c r="D2" s="1"><v>46447</v></c><c r="E2" t="b"><v>1</v></c></row>"#,
        row(1, &HEADER)
    ));
    let parsed = parsed(Kind::Plot, plots);
    let (at, plot) = &parsed.records[0];
    let cells = HEADER.map(|column| plot.get(column));
    assert_eq!((*at, cells), (2, ["2022", "浙江省", "38700.4", "2027-03-01", "yes"]));
}

#[test]
fn rows_keep_their_spreadsheet_numbers_and_blank_ones_are_none() {
    let plots = workbook(&format!(
        r#"{}<row r="3"><c r="B3" s="1"/></row>{}<row r="7"><c r="B7" t="inlineStr"><is><t>浙江省</t></is></c></row>"#,
        row(1, &HEADER),
        row(5, &["P5", "浙江省"])
    ));
    let parsed = parsed(Kind::Plot, plots);
    assert_eq!(parsed.records.iter().map(|(row, plot)| (*row, plot.id())).collect::<Vec<_>>(), [(5, "P5")]);
    assert_eq!(reasons(&parsed), ["7 plot_no blank_id"]);
}

#[test]
fn formulas_and_their_errors_are_listed_by_row_and_column_and_good_rows_pass() {
    let plots = workbook(&format!(
        r#"{}{}<row r="3"><c r="A3"><f>CONCAT("P","1")</f><v>P1</v></c><c r="C3"><f t="shared" ref="C3:C4" si="0">1+1</f><v>2</v></c></row><row r="4"><c r="A4" t="inlineStr"><is><t>P4</t></is></c><c r="C4"><f t="shared" si="0"/><v>2</v></c></row><row r="5"><c r="A5" t="inlineStr"><is><t>P5</t></is></c><c r="C5" t="e"><v>#REF!</v></c></row>"#,
        row(1, &HEADER),
        row(2, &["P2", "浙江省"])
    ));
    let parsed = parsed(Kind::Plot, plots);
    assert_eq!(parsed.records.len(), 1);
    assert_eq!(reasons(&parsed), ["3 plot_no formula", "4 area_sqm formula", "5 area_sqm cell_error"]);
    assert_eq!(parsed.rejected[0].problem.value, r#"=CONCAT("P","1")"#);
    assert_eq!(parsed.rejected[0].more.len(), 1);
    let header = workbook(r#"<row r="1"><c r="A1"><f>1</f><v>plot_no</v></c></row>"#);
    assert!(matches!(read(header), Err(TableError::FormulaInHeader { column: 1 })));
}

#[test]
fn a_moment_or_a_mistyped_date_is_not_a_day() {
    let plots = workbook(&format!(
        r#"{}<row r="2"><c t="inlineStr"><is><t>P2</t></is></c><c r="D2" s="2"><v>46447.5</v></c></row>"#,
        row(1, &HEADER)
    ));
    let parsed = parsed(Kind::Plot, plots);
    assert_eq!(parsed.rejected[0].problem.value, "2027-03-01 12:00:00");
    assert_eq!(reasons(&parsed), ["2 available_from bad_date"]);
}

#[test]
fn a_file_is_read_by_its_content_from_disk_as_from_memory() {
    let bytes = zip(&parts(&format!("{}{}", row(1, &HEADER), row(2, &["P2", "浙江省"]))), None, 0);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("plots.csv");
    std::fs::write(&path, &bytes).expect("written");
    let table = reader().read(&path).expect("a table");
    assert_eq!(table, read(bytes).expect("a table"));
    assert_eq!(parse(Kind::Plot, table).expect("a header").records.len(), 1);
}
