//! Further files of the families of habits, each with what a careful person would make of it.

use domain::fault::CellReason;
use domain::kind::Kind;
use luodi::service::imports::ImportOptions;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula};

use super::{book, plots, rejected, stocked, stored, warned, with, write};
use crate::app::TestApp;

async fn figures<const N: usize>(test: &TestApp, id: &str, columns: [&str; N]) -> [String; N] {
    stored(test, Kind::Plot, id, columns).await
}

#[tokio::test]
async fn units_of_headers_have_magnitudes_line_breaks_and_marks() {
    let test = stocked().await;
    let file = book(|sheet| {
        let header: &[&str] = &[
            "地块编号\n（必填）",
            "省份*",
            "面积\n（万㎡）",
            "起始价\n（元/亩）",
            "竞买保证金（百万元）",
            "容积率上限",
            "投资强度（≥元/㎡）",
        ];
        write(
            sheet,
            0,
            &[
                &["2026年第三批（共2宗）"],
                header,
                &["W-1", "浙江省", "2.5", "300,000", "1.2", "2.0", "6000"],
                &["W-2", "浙江省", "30亩", "450元/平方米", "120万元", "2.0", "400万元/亩"],
            ],
        )
    });
    let report = plots(&test, file).await;
    assert_eq!((report.header_row, rejected(&report)), (Some(2), Vec::new()), "{report:?}");
    let columns = ["area_sqm", "start_price_yuan_sqm", "deposit_wan", "far_max", "invest_intensity_wan_mu"];
    assert_eq!(figures(&test, "W-1", columns).await, ["25000", "450", "120", "2", "400"]);
    assert_eq!(figures(&test, "W-2", columns).await, ["20000", "450", "120", "2", "400"]);
}

#[tokio::test]
async fn formats_of_accountants_show_the_same_amount() {
    let test = stocked().await;
    let formats = [
        "_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * \"-\"??_ ;_ @_ ",
        "[$¥-804]#,##0.00",
        "#,##0.00;[Red]-#,##0.00",
        "#,##0.00\"万元\"",
        "#,##0.00_);[Red](#,##0.00)",
    ];
    let file = book(|sheet| {
        write(sheet, 0, &[&["地块编号", "省份", "起始价（万元）"]])?;
        for (row, code) in (1..).zip(formats) {
            write(sheet, row, &[&[&format!("F-{row}"), "浙江省"]])?;
            sheet.write_number_with_format(row, 2, 1_250.5, &Format::new().set_num_format(code))?;
        }
        // 12,505,000 yuan that the sheet shows as 1250.5 万元.
        write(sheet, 6, &[&["F-6", "浙江省"]])?;
        let as_ten_thousands = Format::new().set_num_format("0!.0,\"万元\"");
        sheet.write_number_with_format(6, 2, 12_505_000, &as_ten_thousands).map(drop)
    });
    assert_eq!(rejected(&plots(&test, file).await), Vec::<String>::new());
    for row in 1..=6 {
        assert_eq!(figures(&test, &format!("F-{row}"), ["start_price_wan"]).await, ["1250.5"], "{row}");
    }
}

#[tokio::test]
async fn formulas_count_with_what_they_gave() {
    let test = stocked().await;
    let file = book(|sheet| {
        write(sheet, 0, &[&["地块编号", "省份", "面积（亩）", "标准地", "土地位置", "亩均税收"]])?;
        for (row, id) in (1..).zip(["X-1", "X-2", "X-3"]) {
            write(sheet, row, &[&[id, "浙江省"]])?;
        }
        sheet.write_formula(1, 2, Formula::new("=SUM(A1:A2)").set_result("30"))?;
        sheet.write_formula(1, 3, Formula::new("=TRUE()").set_result("TRUE"))?;
        sheet.write_formula(1, 5, Formula::new("=30*1").set_result("30"))?;
        sheet.write_formula(2, 2, Formula::new("=VLOOKUP(1,A1:B2,2,0)").set_result("#N/A"))?;
        sheet.write_formula(3, 4, Formula::new("=A3&\"路\"").set_result("示例路")).map(drop)
    });
    let report = plots(&test, file).await;
    assert_eq!(rejected(&report), ["3 area_mu formula_without_value"]);
    assert_eq!(
        figures(&test, "X-1", ["area_mu", "standard_land", "location", "tax_wan_mu"]).await,
        ["30", "yes", "", "30"]
    );
    assert_eq!(figures(&test, "X-3", ["location"]).await, ["示例路"]);
}

#[tokio::test]
async fn ids_of_a_system_stay_as_they_are_and_mangled_ones_are_refused() {
    let test = stocked().await;
    let report = plots(
        &test,
        "plot_no,province\n1.17003E13,浙江省\n1.17003e+13,浙江省\n2E5,浙江省\n00012,浙江省\nＡ１－２,浙江省\n\
         330206202400001,浙江省\n 甲地块 ,浙江省\n３３０２０６２０２４００００２,浙江省\n",
    )
    .await;
    assert_eq!(rejected(&report), ["2 plot_no digits_lost", "3 plot_no digits_lost"]);
    for id in ["2E5", "00012", "A1－2", "330206202400001", "甲地块", "330206202400002"] {
        assert_eq!(figures(&test, id, ["plot_no"]).await, [id]);
    }
    let normalised: Vec<u32> = warned(&report, CellReason::Normalised).iter().map(|it| it.0).collect();
    assert_eq!(normalised, [6, 8, 9]);
}

#[tokio::test]
async fn places_are_short_repeated_old_or_refused() {
    let test = stocked().await;
    let report = plots(
        &test,
        "地块编号,省份,城市,区县\nL-1,上海,,闸北区\nL-2,浙江,杭州,下城区\nL-3,浙江省,浙江省杭州市,杭州市西 湖 区\nL-4,江苏,苏州,园区\n\
         L-5,浙江省,杭州市,鄞州区\nL-6,北京,北京,朝阳\nL-7,浙江,宁波,江东区\nL-8,江浙省,,\nL-9,,,朝阳区\n",
    )
    .await;
    let columns = ["province", "city", "county"];
    assert_eq!(figures(&test, "L-1", columns).await, ["上海市", "", "静安区"]);
    assert_eq!(figures(&test, "L-2", columns).await, ["浙江省", "杭州市", "拱墅区"]);
    assert_eq!(figures(&test, "L-3", columns).await, ["浙江省", "杭州市", "西湖区"]);
    assert_eq!(figures(&test, "L-6", columns).await, ["北京市", "北京市", "朝阳区"]);
    assert_eq!(figures(&test, "L-7", columns).await, ["浙江省", "宁波市", "鄞州区"]);
    let refused = [
        "5 county unknown_division",
        "6 county not_inside",
        "9 province unknown_division",
        "10 county unknown_division",
    ];
    assert_eq!(rejected(&report), refused);
    let renamed: Vec<u32> = warned(&report, CellReason::Renamed).iter().map(|it| it.0).collect();
    assert_eq!(renamed, [2, 3, 8]);
}

#[tokio::test]
async fn dates_of_databases_and_of_cells_with_a_time_are_days() {
    let test = stocked().await;
    let file = book(|sheet| {
        write(sheet, 0, &[&["地块编号", "省份", "可用时间"]])?;
        let texts = [
            "2027-03-01 00:00:00.0",
            "2027-03-01T00:00:00Z",
            "2027年03月01日",
            "２０２７／３／１",
            "2027.03.01",
            "20270301",
        ];
        for (row, text) in (1..).zip(texts) {
            write(sheet, row, &[&[&format!("D-{row}"), "浙江省", text]])?;
        }
        write(sheet, 7, &[&["D-7", "浙江省"], &["D-8", "浙江省", "27.3.1"], &["D-9", "浙江省", "2027年2月30日"]])?;
        let moment = ExcelDateTime::from_ymd(2027, 3, 1)?.and_hms(9, 30, 0)?;
        sheet.write_datetime_with_format(7, 2, moment, &Format::new().set_num_format("m\"月\"d\"日\" h:mm")).map(drop)
    });
    let report = plots(&test, file).await;
    assert_eq!(rejected(&report), ["9 available_from bad_date", "10 available_from bad_date"]);
    for row in 1..=7 {
        assert_eq!(figures(&test, &format!("D-{row}"), ["available_from"]).await, ["2027-03-01"], "{row}");
    }
}

#[tokio::test]
async fn rows_of_sums_in_any_wording_are_no_plots() {
    let test = stocked().await;
    let report = plots(
        &test,
        "区县,地块编号,省份,面积（亩）\n鄞州区,S-1,浙江省,30\n鄞州区小计,,,30\n,鄞州区小计,,30\n合　计：1宗,,,30\n,本页合计,,30\n\
         其中：工业用地,,,30\n,总　计,,30\n注：面积以实测为准,,,\n鄞州区,合计路1号,浙江省,20\n",
    )
    .await;
    let expected: Vec<String> = (3..=9).map(|row| format!("{row} plot_no totals_row")).collect();
    assert_eq!(rejected(&report)[..7], expected);
    assert_eq!(figures(&test, "S-1", ["area_mu"]).await, ["30"]);
    assert!(test.app.db.listing(Kind::Plot, "鄞州区小计").await.expect("an answer").is_none());
}

#[tokio::test]
async fn a_list_in_utf_16_with_tabs_as_excel_saves_unicode_text() {
    let test = stocked().await;
    let text = "地块编号\t省份\t面积（亩）\t状态\r\nU-1\t浙江省\t\"1,250.5\"\t在售\r\nU-2\t浙江省\t约30\t已成交\r\n";
    let bytes: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let report = plots(&test, bytes).await;
    assert_eq!(rejected(&report), ["3 area_mu approximate"]);
    assert_eq!(figures(&test, "U-1", ["area_mu", "status"]).await, ["1250.5", "available"]);
}

#[tokio::test]
async fn contradictions_within_a_row_refuse_it_by_column() {
    let test = stocked().await;
    let report = plots(
        &test,
        "plot_no,province,far_min,far_max,green_ratio_max_pct,longitude,latitude,area_sqm,min_divisible_sqm,park_code\n\
         C-1,浙江省,2.5,1.0,,,,,,\nC-2,浙江省,,,120,,,,,\nC-3,浙江省,,,,121.5,,,,\nC-4,浙江省,,,,,,1000,2000,A\n\
         C-5,浙江省,,,,,,,,NONE\nC-6,浙江省,1.0,1.0,0,121.5,29.8,-5,,\n,浙江省,,,,,,,,\n",
    )
    .await;
    let expected = [
        "2 far_min min_above_max",
        "3 green_ratio_max_pct out_of_range",
        "4 latitude half_pair",
        "6 park_code unknown_park",
        "7 area_sqm out_of_range",
        "8 plot_no blank_id",
    ];
    assert_eq!(rejected(&report), expected);
    assert_eq!(figures(&test, "C-4", ["min_divisible_sqm"]).await, ["2000"]);
}

#[tokio::test]
async fn a_landlords_list_of_floors_has_lists_marks_and_ranges() {
    let test = stocked().await;
    let report = with(
        &test,
        Kind::Space,
        "房源编号,房源名称,载体类型,省份,可租面积(万㎡),租金（元/㎡·天）,承重(kg/㎡),层高（cm）,禁止行业,配电(MVA),起租年限,所属园区\n\
         F1,示例一层,标准厂房,浙江,0.12,0.8,1500,450,26；17,1.25,3年,A\n\
         F2,示例二层,高标厂房,浙江,2000平,\"25元/㎡/月\",0.5吨/㎡,4.5m,—,1250kVA,,B\n\
         F3,示例三层,食堂,浙江,800-1200㎡,面议,,,,,,A\n",
        ImportOptions::default(),
    )
    .await;
    let told = ["4 kind unknown_word", "4 available_m2 range", "4 rent_yuan_m2_month not_a_number"];
    let mut found = rejected(&report);
    found.sort();
    let mut told = told.map(str::to_owned);
    told.sort();
    assert_eq!(found, told, "{report:?}");
    let columns = [
        "available_m2",
        "rent_yuan_m2_month",
        "floor_load_t_m2",
        "ceiling_height_m",
        "banned_industries",
        "power_kva",
        "lease_years_min",
    ];
    assert_eq!(stored(&test, Kind::Space, "F1", columns).await, ["1200", "24", "1.5", "4.5", "26;17", "1250", "3"]);
    assert_eq!(stored(&test, Kind::Space, "F2", columns).await, ["2000", "25", "0.5", "4.5", "", "1250", ""]);
}
