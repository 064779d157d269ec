//! Headers: found, translated, mapped and refused; and columns that a file does not have.

use domain::import::Names;
use domain::kind::Kind;
use luodi::service::imports::ImportOptions;

use super::{book, plots, rejected, stocked, stored, with, write};

#[tokio::test]
async fn titles_separators_case_and_chinese_names_are_understood() {
    let test = stocked().await;
    for (id, file, header_row) in [
        ("T-1", "XX开发区可供地块一览表,,\n单位：平方米,,\nplot_no,province,area_sqm\nT-1,浙江省,100\n", 3),
        ("T-2", "plot_no;province;area_sqm\nT-2;浙江省;100\n", 1),
        ("T-3", "plot_no\tprovince\tarea_sqm\nT-3\t浙江省\t100\n", 1),
        ("T-4", "sep=;\nplot_no;province;area_sqm\nT-4;浙江省;100\n", 1),
        ("T-5", "Plot_No,PROVINCE,Area_Sqm\nT-5,浙江省,100\n", 1),
        ("T-6", "地块编号,省,面积（平方米）\nT-6,浙江省,100\n", 1),
        ("T-7", "地块编号,省,面积（公顷）\nT-7,浙江省,0.01\n", 1),
    ] {
        let report = plots(&test, file).await;
        assert_eq!((report.created, report.header_row), (1, Some(header_row)), "{id}: {report:?}");
        assert_eq!(stored(&test, Kind::Plot, id, ["area_sqm"]).await, ["100"], "{id}");
    }
}

#[tokio::test]
async fn traditional_names_and_places_of_a_big5_file_are_read() {
    let test = stocked().await;
    let text = "地塊編號,省份,城市,區縣,面積（畝）,狀態\r\nT-1,浙江省,寧波市,鄞州區,30,已售\r\nT-2,浙江省,寧波市,鎮海區,40,\r\n";
    let (bytes, _, unmappable) = encoding_rs::BIG5.encode(text);
    assert!(!unmappable);
    let report = plots(&test, bytes).await;
    assert_eq!((report.created, rejected(&report).len()), (2, 0), "{report:?}");
    let cells = stored(&test, Kind::Plot, "T-1", ["city", "county", "area_mu", "status"]).await;
    assert_eq!(cells, ["宁波市", "鄞州区", "30", "sold"]);
    assert!(report.warnings.iter().any(|note| note.value == "寧波市"));
}

#[tokio::test]
async fn a_unit_of_the_header_chooses_or_converts_the_column() {
    let test = stocked().await;
    let header = "地块编号,省,面积（亩）,亩均税收（元/㎡）,起始价（元/㎡）,起始价(亿元)";
    plots(&test, format!("{header}\nT-1,浙江省,30,450,300,0.05\n")).await;
    let columns = ["area_mu", "area_sqm", "tax_wan_mu", "start_price_yuan_sqm", "start_price_wan"];
    assert_eq!(stored(&test, Kind::Plot, "T-1", columns).await, ["30", "", "30", "300", "500"]);
}

#[tokio::test]
async fn a_header_of_two_lines_with_merged_groups_is_one() {
    let test = stocked().await;
    let file = book(|sheet| {
        let plain = rust_xlsxwriter::Format::new();
        sheet.merge_range(0, 0, 0, 4, "可供地块", &plain)?;
        sheet.merge_range(1, 0, 2, 0, "地块编号", &plain)?;
        sheet.merge_range(1, 1, 2, 1, "省份", &plain)?;
        sheet.merge_range(1, 2, 1, 4, "控制指标", &plain)?;
        write(sheet, 2, &[&["", "", "亩均税收", "亩均产值", "研发投入占比"]])?;
        write(sheet, 3, &[&["P-1", "浙江省", "30", "600", "3.5%"]])
    });
    let report = plots(&test, file).await;
    assert_eq!((report.created, report.header_row), (1, Some(2)), "{report:?}");
    let cells = stored(&test, Kind::Plot, "P-1", ["tax_wan_mu", "output_wan_mu", "rd_pct"]).await;
    assert_eq!(cells, ["30", "600", "3.5"]);
}

#[tokio::test]
async fn unknown_names_are_left_out_or_mapped_where_asked_and_else_refused() {
    let test = stocked().await;
    let file = "序号,地块编号,省份,用地大小（亩）\n1,P-1,浙江省,30\n";
    let refused = plots(&test, file).await.refused.expect("refused");
    assert_eq!((refused.code, refused.columns), ("unknown_column", vec!["序号".into(), "用地大小（亩）".into()]));
    let mapped = vec![("用地大小".to_owned(), "面积".to_owned())];
    let names = Names { ignored: vec!["序号".into()], mapped };
    let report = with(&test, Kind::Plot, file, ImportOptions { names, ..ImportOptions::default() }).await;
    assert_eq!(report.created, 1, "{report:?}");
    assert_eq!(stored(&test, Kind::Plot, "P-1", ["area_mu"]).await, ["30"]);
    let missing = plots(&test, "地块编号,面积\nP-2,30\n").await.refused.expect("refused");
    assert_eq!((missing.code, missing.columns), ("missing_column", vec!["province".into()]));
    assert!(missing.reason.contains("省份") && missing.reason.contains(" / "), "{}", missing.reason);
    let twice = plots(&test, "地块编号,地块号,省份\nP-2,P-2,浙江省\n").await.refused.expect("refused");
    assert_eq!((twice.code, twice.columns), ("repeated_column", vec!["地块号".into()]));
}

#[tokio::test]
async fn columns_that_the_file_does_not_have_stay_in_every_row() {
    let test = stocked().await;
    let full: String = (1..=179).map(|n| format!("P-{n},A,浙江省,宁波市,{n},available\n")).collect();
    plots(&test, format!("plot_no,park_code,province,city,area_mu,status\n{full}")).await;
    let sold: String = (1..=179).map(|n| format!("P-{n},浙江省,sold\n")).collect();
    let report = plots(&test, format!("plot_no,province,status\n{sold}")).await;
    assert_eq!((report.updated, report.changes.len()), (179, 179));
    for n in 1..=179 {
        let cells = stored(&test, Kind::Plot, &format!("P-{n}"), ["park_code", "city", "area_mu", "status"]).await;
        assert_eq!(cells, ["A", "宁波市", &n.to_string(), "sold"]);
    }
}

#[tokio::test]
async fn clearing_a_column_in_many_rows_is_refused_in_a_dry_run_too_unless_named() {
    let test = stocked().await;
    let file = |area: &str| {
        let rows: String = (1..=12).map(|n| format!("P-{n},浙江省,{area}\n")).collect();
        format!("plot_no,province,area_mu\n{rows}")
    };
    plots(&test, file("30")).await;
    for dry_run in [true, false] {
        let report = with(&test, Kind::Plot, file(""), ImportOptions { dry_run, ..ImportOptions::default() }).await;
        let refused = report.refused.expect("refused");
        assert_eq!((refused.code, refused.columns), ("would_clear", vec!["area_mu".into()]));
        assert_eq!((report.import, report.updated, report.changes.len()), (None, 0, 12));
        assert_eq!(stored(&test, Kind::Plot, "P-1", ["area_mu"]).await, ["30"]);
    }
    let clearing = vec!["area_mu".to_owned()];
    let report = with(&test, Kind::Plot, file("-"), ImportOptions { clearing, ..ImportOptions::default() }).await;
    assert_eq!(report.updated, 12);
    assert_eq!(stored(&test, Kind::Plot, "P-1", ["area_mu"]).await, [""]);
}
