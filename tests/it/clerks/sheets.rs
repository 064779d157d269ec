//! Workbooks: several sheets, merged areas, hidden rows.

use domain::fault::CellReason;
use domain::kind::Kind;
use luodi::service::imports::{ImportOptions, SheetChoice};
use rust_xlsxwriter::{Format, Workbook};

use super::{book, plots, rejected, stocked, stored, warned, with, write};

/// A sheet of two plots per district, and one of remarks.
fn districts() -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, prefix) in [("北仑", "B"), ("鄞州", "Y"), ("余姚", "U")] {
        let sheet = book.add_worksheet().set_name(name).expect("a name");
        let ids = [1, 2].map(|n| format!("{prefix}-{n}"));
        write(sheet, 0, &[&["地块编号", "省份"], &[&ids[0], "浙江省"], &[&ids[1], "浙江省"]]).expect("cells");
    }
    write(book.add_worksheet().set_name("说明").expect("a name"), 0, &[&["本表由各区填报"]]).expect("cells");
    let hidden = book.add_worksheet().set_name("旧").expect("a name").set_hidden(true);
    write(hidden, 0, &[&["地块编号", "省份"], &["X-1", "浙江省"]]).expect("cells");
    book.save_to_buffer().expect("a workbook")
}

#[tokio::test]
async fn several_sheets_are_refused_by_name_or_read_as_asked() {
    let test = stocked().await;
    let refused = plots(&test, districts()).await.refused.expect("refused");
    assert_eq!((refused.code, refused.sheets), ("several_sheets", ["北仑", "鄞州", "余姚"].map(String::from).into()));
    let choose = |sheet| ImportOptions { sheet, ..ImportOptions::default() };
    let one = with(&test, Kind::Plot, districts(), choose(SheetChoice::Named("鄞州".into()))).await;
    assert_eq!((one.created, one.sheet), (2, "鄞州".into()));
    let all = with(&test, Kind::Plot, districts(), choose(SheetChoice::All)).await;
    assert_eq!((all.read, all.created, all.unchanged), (6, 4, 2));
    assert_eq!(all.sheet, serde_json::json!(["北仑", "鄞州", "余姚"]));
    assert_eq!(all.warnings[0].sheet.as_deref(), Some("说明"));
    assert_eq!(all.warnings[0].code, CellReason::SheetNotRead);
    for name in ["南湖", "旧"] {
        let report = with(&test, Kind::Plot, districts(), choose(SheetChoice::Named(name.into()))).await;
        assert_eq!(report.refused.expect("refused").code, "unknown_sheet", "{name}");
    }
}

#[tokio::test]
async fn a_rejected_row_names_its_sheet() {
    let test = stocked().await;
    let mut book = Workbook::new();
    for (name, id) in [("甲", "P-1"), ("乙", "P-1")] {
        let sheet = book.add_worksheet().set_name(name).expect("a name");
        write(sheet, 0, &[&["地块编号", "省份"], &[id, "浙江省"]]).expect("cells");
    }
    let file = book.save_to_buffer().expect("a workbook");
    let all = ImportOptions { sheet: SheetChoice::All, ..ImportOptions::default() };
    let report = with(&test, Kind::Plot, file, all).await;
    assert_eq!((report.created, rejected(&report)), (1, vec!["2 plot_no duplicate_id".to_owned()]));
    assert_eq!(report.rejected[0].sheet.as_deref(), Some("乙"));
}

#[tokio::test]
async fn a_merged_area_holds_its_value_in_each_of_its_cells() {
    let test = stocked().await;
    let file = book(|sheet| {
        let plain = Format::new();
        write(sheet, 0, &[&["plot_no", "province", "city", "county", "area_mu", "status"]])?;
        write(sheet, 1, &[&["P-1"], &["P-2"], &["P-3"]])?;
        sheet.merge_range(1, 1, 3, 1, "浙江省", &plain)?;
        sheet.merge_range(1, 2, 3, 2, "宁波市", &plain)?;
        sheet.merge_range(1, 3, 3, 3, "北仑区", &plain)?;
        // One area across rows and columns, and one beside the table.
        sheet.merge_range(1, 5, 2, 5, "可供", &plain)?;
        sheet.merge_range(5, 0, 5, 5, "", &plain).map(drop)
    });
    let report = plots(&test, file).await;
    assert_eq!((report.created, report.read), (3, 3), "{report:?}");
    for id in ["P-1", "P-2", "P-3"] {
        let cells = stored(&test, Kind::Plot, id, ["province", "city", "county"]).await;
        assert_eq!(cells, ["浙江省", "宁波市", "北仑区"], "{id}");
    }
    assert_eq!(stored(&test, Kind::Plot, "P-2", ["status"]).await, ["available"]);
    assert_eq!(stored(&test, Kind::Plot, "P-3", ["status"]).await, [""]);
}

#[tokio::test]
async fn hidden_rows_are_read_with_a_warning_or_left_out() {
    let test = stocked().await;
    let file = || {
        book(|sheet| {
            write(sheet, 0, &[&["plot_no", "province"], &["P-1", "浙江省"], &["P-2", "浙江省"]])?;
            sheet.set_row_hidden(2).map(drop)
        })
    };
    let skip = ImportOptions { skip_hidden: true, ..ImportOptions::default() };
    assert_eq!(with(&test, Kind::Plot, file(), skip).await.read, 1);
    let report = plots(&test, file()).await;
    assert_eq!((report.created, report.unchanged), (1, 1));
    assert_eq!(warned(&report, CellReason::HiddenRow), [(3, "", "")]);
}
