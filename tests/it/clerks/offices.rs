//! Six files as offices make them, each imported and compared with a table made by hand.

use domain::column::Table as _;
use domain::import::Names;
use domain::kind::Kind;
use luodi::service::imports::{ImportOptions, ImportReport, SheetChoice};

use super::{rejected, stocked, with};
use crate::app::TestApp;
use crate::offices::{self, Office};

/// The filled cells of every listing of a kind, by id.
async fn table(test: &TestApp, kind: Kind) -> Vec<String> {
    let records = test.app.db.listings_of(kind).await.expect("records");
    let cells = |record: &domain::record::Record| {
        let filled = kind.columns().iter().zip(record.row()).filter(|(_, cell)| !cell.is_empty());
        filled.map(|(column, cell)| format!("{}={cell}", column.name)).collect::<Vec<_>>().join(" ")
    };
    let mut rows: Vec<String> = records.iter().map(cells).collect();
    rows.sort();
    rows
}

fn options(office: &Office) -> ImportOptions {
    let ignored = office.left_out.iter().map(|name| (*name).to_owned()).collect();
    let sheet = if office.all_sheets { SheetChoice::All } else { SheetChoice::Only };
    ImportOptions { names: Names { ignored, mapped: Vec::new() }, sheet, ..ImportOptions::default() }
}

/// Imports a file and compares all that came of it.
async fn imported(office: &Office) -> ImportReport {
    let test = stocked().await;
    let report = with(&test, office.kind, &office.bytes, options(office)).await;
    assert_eq!(rejected(&report), office.rejected);
    assert_eq!(table(&test, office.kind).await, office.table);
    assert_eq!(report.created, office.table.len());
    report
}

#[tokio::test]
async fn a_list_with_titles_two_lines_of_header_merged_districts_sections_and_totals() {
    assert_eq!(imported(&offices::district_list()).await.header_row, Some(3));
}

#[tokio::test]
async fn a_workbook_with_a_sheet_per_district_and_one_of_explanations() {
    imported(&offices::sheet_per_district()).await;
}

#[tokio::test]
async fn a_sheet_of_formats_formulas_and_dates_of_every_kind() {
    imported(&offices::formats_and_dates()).await;
}

#[tokio::test]
async fn a_filtered_list_with_hidden_rows_and_a_column_of_serial_numbers() {
    let office = offices::filtered_list();
    imported(&office).await;
    let skipped = ImportOptions { skip_hidden: true, dry_run: true, ..options(&office) };
    assert_eq!(with(&stocked().await, Kind::Plot, &office.bytes, skipped).await.read, 2);
}

#[tokio::test]
async fn an_incubators_list_of_spaces_with_rents_per_day_and_loads_in_kilonewtons() {
    imported(&offices::incubators_list()).await;
}

#[tokio::test]
async fn a_gb18030_export_of_an_old_system_with_semicolons_and_slashed_dates() {
    imported(&offices::old_system()).await;
}
