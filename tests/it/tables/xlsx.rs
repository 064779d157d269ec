//! Values of an XLSX, as a person sees them in it.

use domain::listing::Kind;
use luodi::service::imports::settle_alone;

use super::workbook::{parts, row, workbook, zip};
use super::{plan, read, reader, reasons, records};

const HEADER: [&str; 5] = ["plot_no", "province", "area_sqm", "available_from", "demo"];

#[test]
fn values_read_as_a_person_sees_them() {
    let plots = workbook(&format!(
        r#"{}<row r="2"><c r="A2"><v>2022</v></c><c r="B2" t="inlineStr"><is><r><t>浙</t></r><r><t>江省</t></r></is></c><c r="C2"><v>38700.400000000001</v></c><c r="D2" s="1"><v>46447</v></c><c r="E2" t="b"><v>1</v></c></row>"#,
        row(1, &HEADER)
    ));
    let plot = &records(&plan(Kind::Plot, plots))[0];
    let cells = HEADER.map(|column| plot.get(column));
    assert_eq!(cells, ["2022", "浙江省", "38700.4", "2027-03-01", "yes"]);
}

#[test]
fn rows_keep_their_spreadsheet_numbers_and_blank_ones_are_none() {
    let plots = workbook(&format!(
        r#"{}<row r="3"><c r="B3" s="1"/></row>{}<row r="7"><c r="B7" t="inlineStr"><is><t>浙江省</t></is></c></row>"#,
        row(1, &HEADER),
        row(5, &["P5", "浙江省"])
    ));
    let plan = plan(Kind::Plot, plots);
    assert_eq!(records(&plan).iter().map(domain::record::Record::id).collect::<Vec<_>>(), ["P5"]);
    assert_eq!(reasons(&plan), ["7 plot_no blank_id"]);
}

#[test]
fn a_formula_counts_with_its_stored_value_and_without_one_is_refused() {
    let plots = workbook(&format!(
        r#"{}{}<row r="3"><c r="A3" t="str"><f>CONCAT("P","3")</f><v>P3</v></c><c r="C3"><f t="shared" ref="C3:C4" si="0">1+1</f><v>2</v></c></row><row r="4"><c r="A4" t="inlineStr"><is><t>P4</t></is></c><c r="C4"><f t="shared" si="0"/><v>3</v></c></row><row r="5"><c r="A5" t="inlineStr"><is><t>P5</t></is></c><c r="C5" t="e"><f>C9/0</f><v>#DIV/0!</v></c></row><row r="6"><c r="A6" t="inlineStr"><is><t>P6</t></is></c><c r="C6"><f>C3*2</f></c></row>"#,
        row(1, &HEADER),
        row(2, &["P2", "浙江省"])
    ));
    let plan = plan(Kind::Plot, plots);
    let areas: Vec<_> = plan.settled.iter().map(|s| (s.after.id(), s.after.get("area_sqm"))).collect();
    assert_eq!(areas, [("P2", ""), ("P3", "2"), ("P4", "3")]);
    assert_eq!(reasons(&plan), ["5 area_sqm formula_without_value", "6 area_sqm formula_without_value"]);
    assert_eq!([&plan.rejected[0].value, &plan.rejected[1].value], ["#DIV/0!", "=C3*2"]);
    let header = workbook(&format!(
        r#"<row r="1"><c r="A1" t="str"><f>"plot_"&amp;"no"</f><v>plot_no</v></c><c r="B1" t="inlineStr"><is><t>province</t></is></c></row>{}"#,
        row(2, &["P2", "浙江省"])
    ));
    assert_eq!(self::plan(Kind::Plot, header).created(), 1);
}

#[test]
fn the_time_of_day_of_a_moment_is_dropped() {
    let plots = workbook(&format!(
        r#"{}<row r="2"><c t="inlineStr"><is><t>P2</t></is></c><c r="D2" s="2"><v>46447.5</v></c></row>"#,
        row(1, &HEADER)
    ));
    let plan = plan(Kind::Plot, plots);
    assert_eq!(plan.settled.iter().map(|row| row.after.get("available_from")).collect::<Vec<_>>(), ["2027-03-01"]);
    assert_eq!(reasons(&plan), Vec::<String>::new());
}

#[test]
fn a_file_is_read_by_its_content_from_disk_as_from_memory() {
    let bytes = zip(&parts(&format!("{}{}", row(1, &HEADER), row(2, &["P2", "浙江省"]))), None, 0);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("plots.csv");
    std::fs::write(&path, &bytes).expect("written");
    let sheets = reader().read(&path).expect("a table");
    assert_eq!(sheets[0], read(bytes).expect("a table"));
    assert_eq!(settle_alone(Kind::Plot, sheets).expect("a header").created(), 1);
}
