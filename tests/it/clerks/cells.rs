//! Cells: figures, dates, words, ids and places as they are written and formatted.

use domain::fault::CellReason;
use domain::kind::Kind;
use luodi::service::imports::ImportOptions;
use rust_xlsxwriter::Format;

use super::{book, plots, rejected, stocked, stored, warned, with, write};

#[tokio::test]
async fn a_percent_format_means_what_the_sheet_shows() {
    let test = stocked().await;
    let file = book(|sheet| {
        write(sheet, 0, &[&["plot_no", "province", "rd_pct", "green_ratio_max_pct"], &["P-1", "浙江省"]])?;
        sheet.write_number_with_format(1, 2, 0.035, &Format::new().set_num_format("0.0%"))?;
        sheet.write_number_with_format(1, 3, 0.2, &Format::new().set_num_format_index(9))?;
        write(sheet, 2, &[&["P-2", "浙江省", "3.5%", "２０％"]])?;
        write(sheet, 3, &[&["P-3", "浙江省", "", "350%"]])?;
        write(sheet, 4, &[&["P-4", "浙江省"]])?;
        sheet.write_number_with_format(4, 3, 3.5, &Format::new().set_num_format("0%")).map(drop)
    });
    let report = plots(&test, file).await;
    for id in ["P-1", "P-2"] {
        assert_eq!(stored(&test, Kind::Plot, id, ["rd_pct", "green_ratio_max_pct"]).await, ["3.5", "20"]);
    }
    assert_eq!(rejected(&report), ["4 green_ratio_max_pct out_of_range", "5 green_ratio_max_pct out_of_range"]);
    assert_eq!(warned(&report, CellReason::Converted).len(), 4);
}

#[tokio::test]
async fn units_in_cells_and_in_formats_convert_and_inexact_figures_are_refused() {
    let test = stocked().await;
    let file = book(|sheet| {
        let header: &[&str] = &["地块编号", "省份", "面积（平方米）", "使用年限", "起始价（万元）", "供电容量"];
        write(sheet, 0, &[header, &["P-1", "浙江省", "30亩", "50年", "1,250.5", "2MVA"], &["P-2", "浙江省"]])?;
        sheet.write_number_with_format(2, 2, 30, &Format::new().set_num_format("0.0\"亩\""))?;
        sheet.write_number_with_format(2, 4, 1250.5, &Format::new().set_num_format("#,##0.00"))?;
        write(
            sheet,
            3,
            &[
                &["P-3", "浙江省", "约2000"],
                &["P-4", "浙江省", "30-50"],
                &["P-5", "浙江省", "3.3;4.8"],
                &["P-6", "浙江省", "9*.5"],
                &["P-7", "浙江省", "１２００", "", "１．５亿元"],
            ],
        )
    });
    let report = plots(&test, file).await;
    let columns = ["area_sqm", "start_price_wan", "power_kva"];
    assert_eq!(stored(&test, Kind::Plot, "P-1", columns).await, ["20000", "1250.5", "2000"]);
    assert_eq!(stored(&test, Kind::Plot, "P-2", columns).await, ["20000", "1250.5", ""]);
    assert_eq!(stored(&test, Kind::Plot, "P-7", columns).await, ["1200", "15000", ""]);
    assert_eq!(
        rejected(&report),
        ["4 area_sqm approximate", "5 area_sqm range", "6 area_sqm not_a_number", "7 area_sqm not_a_number"]
    );
    assert!(warned(&report, CellReason::Converted).contains(&(2, "area_sqm", "30亩")));
    assert!(warned(&report, CellReason::Converted).contains(&(3, "area_sqm", "30亩")));
}

#[tokio::test]
async fn dates_of_every_kind_are_days_and_months() {
    let test = stocked().await;
    let file = book(|sheet| {
        write(sheet, 0, &[&["plot_no", "province", "available_from", "notice_date"]])?;
        let day = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
        let built_in = Format::new().set_num_format_index(14);
        let month = Format::new().set_num_format("mmm-yy");
        for (row, text) in (1..).zip(["2027-3-1", "2027/3/1", "2027.3.1", "2027年3月1日", "２０２７年３月１日"])
        {
            write(sheet, row, &[&[&format!("T-{row}"), "浙江省", text, text]])?;
        }
        for (row, format) in (6..).zip([&day, &built_in, &Format::new()]) {
            write(sheet, row, &[&[&format!("T-{row}"), "浙江省"]])?;
            sheet.write_number_with_format(row, 2, 46_447, format)?;
            sheet.write_number_with_format(row, 3, 46_447, format)?;
        }
        write(sheet, 9, &[&["M-1", "浙江省", "", "2027年3月"], &["M-2", "浙江省"], &["M-3", "浙江省", "3月1日"]])?;
        sheet.write_number_with_format(10, 3, 46_447, &month).map(drop)
    });
    let report = plots(&test, file).await;
    for row in 1..=8 {
        let cells = stored(&test, Kind::Plot, &format!("T-{row}"), ["available_from", "notice_date"]).await;
        assert_eq!(cells, ["2027-03-01", "2027-03-01"], "{row}");
    }
    for id in ["M-1", "M-2"] {
        assert_eq!(stored(&test, Kind::Plot, id, ["notice_date"]).await, ["2027-03"], "{id}");
    }
    assert_eq!(rejected(&report), ["12 available_from bad_date"]);
}

#[tokio::test]
async fn words_of_the_field_and_marks_of_nothing_are_understood() {
    let test = stocked().await;
    let report = plots(
        &test,
        "地块编号,省份,状态,供地方式,标准地,园区代码,面积\nP-1,浙江省,已售,出让,√,-,／\nP-2,浙江省,可供,出租,有,无,暂无\n\
         P-3,浙江省,预留,出让;出租,否,A,-\nP-4,浙江省,谈判中,,,,\n无,浙江省,,,,,\n",
    )
    .await;
    let columns = ["status", "tenure", "standard_land", "park_code", "area_sqm"];
    assert_eq!(stored(&test, Kind::Plot, "P-1", columns).await, ["sold", "buy", "yes", "", ""]);
    assert_eq!(stored(&test, Kind::Plot, "P-2", columns).await, ["available", "lease", "yes", "", ""]);
    assert_eq!(stored(&test, Kind::Plot, "P-3", columns).await, ["reserved", "buy;lease", "no", "A", ""]);
    assert_eq!(rejected(&report), ["5 status unknown_word", "6 plot_no blank_id"]);
    let spaces = "编号,名称,类型,省份\nS-1,示例厂房,标准厂房,浙江省\n".replace("编号", "space_no");
    let report = with(&test, Kind::Space, spaces, ImportOptions::default()).await;
    assert_eq!(warned(&report, CellReason::Converted), [(2, "kind", "标准厂房")]);
    assert_eq!(stored(&test, Kind::Space, "S-1", ["kind"]).await, ["factory"]);
}

#[tokio::test]
async fn ids_keep_what_their_cells_mean() {
    let test = stocked().await;
    let file = book(|sheet| {
        write(sheet, 0, &[&["plot_no", "province"]])?;
        let numbers: [(f64, Option<&str>); 6] = [
            (7.0, Some("000")),
            (202_415.0, Some("0000-00")),
            (330_206_002_003_001.0, None),
            (330_206_002_003_002.0, Some("0.00E+00")),
            (330_206_002_003_000_123.0, Some("0")),
            (46_447.0, Some("yyyy-mm-dd")),
        ];
        for (row, (number, format)) in (1..).zip(numbers) {
            let format = format.map_or_else(Format::new, |code| Format::new().set_num_format(code));
            sheet.write_number_with_format(row, 0, number, &format)?;
            sheet.write_string(row, 1, "浙江省")?;
        }
        write(sheet, 7, &[&["1.17003E+13", "浙江省"], &["2024-15", "浙江省"], &["330206002003000123", "浙江省"]])
    });
    let report = plots(&test, file).await;
    assert_eq!(
        rejected(&report),
        ["6 plot_no digits_lost", "7 plot_no became_a_date", "8 plot_no digits_lost", "9 plot_no duplicate_id"]
    );
    for id in ["007", "2024-15", "330206002003001", "330206002003002", "330206002003000123"] {
        assert_eq!(stored(&test, Kind::Plot, id, ["plot_no"]).await, [id]);
    }
    assert_eq!(report.created, 5);
}

#[tokio::test]
async fn ids_that_look_alike_are_one_plot() {
    let test = stocked().await;
    let report = plots(
        &test,
        "plot_no,province\n\"2026（挂）01号\",浙江省\n\"2026(挂)01号\",浙江省\n\"2026（挂）01号\u{200b}\",浙江省\n\
         \"2026（挂）\n01号\",浙江省\n\"２０２６（挂）01号\",浙江省\n\"2026（挂） 01号\",浙江省\n",
    )
    .await;
    assert_eq!((report.read, report.created), (6, 1));
    assert!(report.rejected.iter().all(|note| note.code == CellReason::DuplicateId));
    let report = plots(&test, "plot_no,province\n　２０２７-01\u{feff} ,浙江省\n").await;
    assert_eq!(warned(&report, CellReason::Normalised).len(), 1);
    assert_eq!(stored(&test, Kind::Plot, "2027-01", ["plot_no"]).await, ["2027-01"]);
}

#[tokio::test]
async fn impossible_values_are_refused_by_row_and_column() {
    let test = stocked().await;
    let report = plots(
        &test,
        "plot_no,province,area_sqm,far_min,far_max,min_divisible_sqm,building_density_max_pct,longitude,latitude,notice_date\n\
         P-1,浙江省,1000,2.5,1.2,5000,350,0,0,46447\nP-2,浙江省,1000,,,,,,29.8,\nP-3,浙江省,1000,,,5000,,,,\n\
         P-4,浙江省,1000,2.5,1.2,,,,,\nP-5,浙江省,1000,,,,,0,0,\n",
    )
    .await;
    assert_eq!(
        rejected(&report),
        [
            "2 building_density_max_pct out_of_range",
            "2 notice_date bad_date",
            "2 far_min min_above_max",
            "2 longitude out_of_range",
            "3 longitude half_pair",
            "5 far_min min_above_max",
            "6 longitude out_of_range"
        ]
    );
    assert_eq!(stored(&test, Kind::Plot, "P-3", ["min_divisible_sqm"]).await, ["5000"]);
}

#[tokio::test]
async fn totals_and_remarks_are_no_plots() {
    let test = stocked().await;
    let report = plots(
        &test,
        "plot_no,province,city,area_sqm\nP-1,浙江省,宁波市,20000\n小计,,,20000\nP-2,浙江省,宁波市,100000\n合　计：,,,120000\n\
         总计,,,120000\n注:面积以实测为准,,,\n,合计,,120000\n",
    )
    .await;
    assert_eq!((report.created, report.read), (2, 7));
    assert!(report.rejected.iter().all(|note| note.code == CellReason::TotalsRow), "{report:?}");
}

#[tokio::test]
async fn places_are_read_short_and_old_and_refused_with_the_nearest_names() {
    let test = stocked().await;
    let report = plots(
        &test,
        "plot_no,province,city,county\nP-1,浙江,宁波,鄞州\nP-2,浙江省,杭州市,余姚市\nP-3,江浙省,,\nP-4,Zhejiang,Ningbo,\n\
         P-5,广西,南宁,横县\n",
    )
    .await;
    assert_eq!(
        rejected(&report),
        ["3 county not_inside", "4 province unknown_division", "5 province unknown_division"]
    );
    assert!(report.rejected[0].reason.contains("宁波市"), "{}", report.rejected[0].reason);
    assert!(report.rejected[1].reason.contains("浙江省"), "{}", report.rejected[1].reason);
    let places = ["province", "city", "county"];
    assert_eq!(stored(&test, Kind::Plot, "P-1", places).await, ["浙江省", "宁波市", "鄞州区"]);
    assert_eq!(stored(&test, Kind::Plot, "P-5", places).await, ["广西壮族自治区", "南宁市", "横州市"]);
    assert_eq!(warned(&report, CellReason::Renamed), [(6, "county", "横县")]);
    let parks = "code,name,level,province,city,county_code\nK1,示例,省级,浙江省,杭州市,330206\nK2,示例,省级,浙江省,宁波市,330206\n";
    let report = with(&test, Kind::Park, parks, ImportOptions::default()).await;
    assert_eq!((report.created, rejected(&report)), (1, vec!["2 county_code not_inside".to_owned()]));
}
