//! Six files as offices make them, each imported and compared with a table made by hand.

use domain::column::Table as _;
use domain::import::Names;
use domain::kind::Kind;
use luodi::service::imports::{ImportOptions, SheetChoice};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use super::{book, plots, rejected, stocked, with, write};
use crate::app::TestApp;

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

fn without(names: &[&str]) -> ImportOptions {
    let ignored = names.iter().map(|name| (*name).to_owned()).collect();
    ImportOptions { names: Names { ignored, mapped: Vec::new() }, ..ImportOptions::default() }
}

#[tokio::test]
async fn a_list_with_titles_two_lines_of_header_merged_districts_sections_and_totals() {
    let test = stocked().await;
    let file = book(|sheet| {
        let plain = Format::new();
        sheet.merge_range(0, 0, 0, 7, "宁波市可供工业用地一览表", &plain)?;
        sheet.merge_range(1, 0, 1, 7, "填报单位：示例局　　单位：亩、万元", &plain)?;
        for (column, name) in [(0, "序号"), (1, "省份"), (2, "区县"), (3, "地块编号"), (4, "面积（亩）"), (7, "状态")]
        {
            sheet.merge_range(2, column, 3, column, name, &plain)?;
        }
        sheet.merge_range(2, 5, 2, 6, "价格与产出", &plain)?;
        write(sheet, 3, &[&["", "", "", "", "", "起始价（万元）", "亩均税收(万元/亩)"]])?;
        sheet.merge_range(4, 0, 4, 7, "一、鄞州区", &plain)?;
        write(
            sheet,
            5,
            &[
                &["1", "", "", "YZ-1", "30", "1,200", "30", "可供"],
                &["2", "", "", "YZ-2", "40.5亩", "0.13亿元", "32", "已出让"],
                &["小计", "", "", "", "70.5", "2500"],
                &["二、北仑区"],
                &["序号", "省份", "区县", "地块编号", "面积（亩）", "起始价（万元）", "亩均税收(万元/亩)", "状态"],
                &["3", "浙江", "北仑", "BL-1", "３０", "1250.5", "-", "预留"],
                &["合计", "", "", "", "100.5", "3750.5"],
                &["注：以上数据截至2026年6月"],
                &["填表人：示例", "", "", "审核人：示例"],
            ],
        )?;
        sheet.merge_range(5, 1, 6, 1, "浙江省", &plain)?;
        sheet.merge_range(5, 2, 6, 2, "鄞州区", &plain).map(drop)
    });
    let report = with(&test, Kind::Plot, file, without(&["序号"])).await;
    assert_eq!((report.header_row, report.created), (Some(3), 3), "{report:?}");
    let told = [
        "5 plot_no heading_row",
        "8 plot_no totals_row",
        "9 plot_no heading_row",
        "10 plot_no heading_row",
        "12 plot_no totals_row",
        "13 plot_no totals_row",
        "14 plot_no totals_row",
    ];
    assert_eq!(rejected(&report), told);
    let expected = [
        "plot_no=BL-1 province=浙江省 county=北仑区 area_mu=30 start_price_wan=1250.5 status=reserved",
        "plot_no=YZ-1 province=浙江省 county=鄞州区 area_mu=30 start_price_wan=1200 tax_wan_mu=30 status=available",
        "plot_no=YZ-2 province=浙江省 county=鄞州区 area_mu=40.5 start_price_wan=1300 tax_wan_mu=32 status=sold",
    ];
    assert_eq!(table(&test, Kind::Plot).await, expected);
}

#[tokio::test]
async fn a_workbook_with_a_sheet_per_district_and_one_of_explanations() {
    let test = stocked().await;
    let mut book = Workbook::new();
    for (name, header, row) in [
        ("封面", &["可供地块汇总"][..], &["2026年"][..]),
        ("鄞州", &["宗地编号", "省份", "区县", "用地面积（公顷）"], &["YZ-1", "浙江", "鄞州", "2"]),
        ("北仑", &["地块号", "所在省", "县（市、区）", "土地面积（㎡）"], &["BL-1", "浙江省", "北仑区", "20000"]),
        ("余姚", &["编号", "省", "县（区）", "面积/亩"], &["YY-1", "浙江省", "余姚市", "30"]),
    ] {
        let sheet = book.add_worksheet().set_name(name).expect("a name");
        write(sheet, 0, &[header, row]).expect("cells");
    }
    let all = ImportOptions { sheet: SheetChoice::All, ..ImportOptions::default() };
    let report = with(&test, Kind::Plot, book.save_to_buffer().expect("a workbook"), all).await;
    assert_eq!((report.created, report.rejected.len()), (3, 0), "{report:?}");
    let expected = [
        "plot_no=BL-1 province=浙江省 county=北仑区 area_sqm=20000",
        "plot_no=YY-1 province=浙江省 county=余姚市 area_mu=30",
        "plot_no=YZ-1 province=浙江省 county=鄞州区 area_sqm=20000",
    ];
    assert_eq!(table(&test, Kind::Plot).await, expected);
}

#[tokio::test]
async fn a_sheet_of_formats_formulas_and_dates_of_every_kind() {
    let test = stocked().await;
    let file = book(|sheet| {
        let format = |code: &str| Format::new().set_num_format(code);
        let header =
            ["地块编号(必填)", "省份*", "面积", "研发投入占比", "建筑密度上限", "可用时间", "公告日期", "起始价"];
        write(sheet, 0, &[&header])?;
        let day = |year, month, day| ExcelDateTime::from_ymd(year, month, day);
        for (row, code) in [(1, "000"), (2, "\"GY-\"000"), (3, "0000-00")] {
            sheet.write_number_with_format(row, 0, [7.0, 8.0, 202_415.0][row as usize - 1], &format(code))?;
            sheet.write_string(row, 1, "浙江省")?;
        }
        sheet.write_number_with_format(1, 2, 30.0, &format("0.0\"亩\""))?;
        sheet.write_formula(2, 2, Formula::new("=10000*2").set_result("20000"))?;
        sheet.write_string(3, 2, "2万平方米")?;
        sheet.write_number_with_format(1, 3, 0.035, &format("0.0%"))?;
        sheet.write_number(2, 3, 3.5)?;
        sheet.write_string(3, 3, "3.5%")?;
        sheet.write_number_with_format(1, 4, 0.6, &format("0%"))?;
        sheet.write_datetime_with_format(1, 5, day(2027, 3, 1)?, &format("yyyy\"年\"m\"月\"d\"日\""))?;
        sheet.write_datetime_with_format(2, 5, day(2027, 3, 1)?.and_hms(8, 30, 0)?, &format("yyyy-mm-dd hh:mm"))?;
        sheet.write_number(3, 5, 46_447.0)?;
        sheet.write_string(1, 6, "2026.9.1")?;
        sheet.write_datetime_with_format(2, 6, day(2026, 9, 1)?, &format("mmm-yy"))?;
        sheet.write_string(3, 6, "2026年9月1日")?;
        sheet.write_formula(1, 7, Formula::new("=C2*40").set_result("1200"))?;
        sheet.write_number_with_format(2, 7, 1_250.5, &format("\"¥\"#,##0.00"))?;
        sheet.write_string(3, 7, "1,250.5万元").map(drop)
    });
    let report = plots(&test, file).await;
    assert_eq!((report.created, report.rejected.len()), (3, 0), "{report:?}");
    let expected = [
        "plot_no=007 notice_date=2026-09-01 province=浙江省 area_sqm=20000 building_density_max_pct=60 start_price_wan=1200 \
         rd_pct=3.5 available_from=2027-03-01",
        "plot_no=2024-15 notice_date=2026-09-01 province=浙江省 area_sqm=20000 start_price_wan=1250.5 rd_pct=3.5 \
         available_from=2027-03-01",
        "plot_no=GY-008 notice_date=2026-09 province=浙江省 area_sqm=20000 start_price_wan=1250.5 rd_pct=3.5 \
         available_from=2027-03-01",
    ];
    assert_eq!(table(&test, Kind::Plot).await, expected);
}

#[tokio::test]
async fn a_filtered_list_with_hidden_rows_and_a_column_of_serial_numbers() {
    let test = stocked().await;
    let file = || {
        book(|sheet| {
            write(
                sheet,
                0,
                &[
                    &["序号", "地块编号", "所属园区", "省份", "面积（亩）", "供地状态", "租售方式", "标准地"],
                    &["1", "P-1", "A", "浙江省", "30", "已成交", "出让", "√"],
                    &["2", "P-2", "A", "浙江省", "约40", "在供", "租售均可", "否"],
                    &["3", "P-3", "B", "浙江省", "50", "在供", "出让/出租", "/"],
                ],
            )?;
            sheet.autofilter(0, 0, 3, 7)?;
            sheet.set_row_hidden(1).map(drop)
        })
    };
    let skipped = ImportOptions { skip_hidden: true, dry_run: true, ..without(&["序号"]) };
    assert_eq!(with(&test, Kind::Plot, file(), skipped).await.read, 2);
    let report = with(&test, Kind::Plot, file(), without(&["序号"])).await;
    assert_eq!((report.created, rejected(&report)), (2, vec!["3 area_mu approximate".to_owned()]));
    let expected = [
        "plot_no=P-1 province=浙江省 area_mu=30 standard_land=yes park_code=A status=sold tenure=buy",
        "plot_no=P-3 province=浙江省 area_mu=50 park_code=B status=available tenure=buy;lease",
    ];
    assert_eq!(table(&test, Kind::Plot).await, expected);
}

#[tokio::test]
async fn an_incubators_list_of_spaces_with_rents_per_day_and_loads_in_kilonewtons() {
    let test = stocked().await;
    let file = book(|sheet| {
        let plain = Format::new();
        sheet.merge_range(0, 0, 0, 9, "载体空间情况表（2026年）", &plain)?;
        write(
            sheet,
            1,
            &[
                &[
                    "房源编号",
                    "房源名称",
                    "载体类型",
                    "省份",
                    "可租面积（㎡）",
                    "租金（元/㎡/天）",
                    "荷载（kN/㎡）",
                    "层高",
                    "免租期",
                    "房源状态",
                ],
                &["A栋101", "甲楼一层", "标准厂房", "浙江省", "1,250.5", "1.2", "9.8", "4.5米", "3个月", "招租中"],
                &["A栋102", "甲楼二层", "写字楼", "浙江", "800平方米", "2", "", "3.9", "1年", "满租"],
                &["A栋103", "甲楼三层", "仓库", "浙江", "100-200", "2", "", "3.9", "", "招租中"],
                &["合  计", "", "", "", "2050.5"],
            ],
        )
    });
    let report = with(&test, Kind::Space, file, ImportOptions::default()).await;
    assert_eq!(
        (report.created, rejected(&report)),
        (2, vec!["5 available_m2 range".into(), "6 space_no totals_row".into()])
    );
    let expected = [
        "space_no=A栋101 name=甲楼一层 kind=factory province=浙江省 available_m2=1250.5 rent_yuan_m2_month=36 \
         ceiling_height_m=4.5 floor_load_t_m2=1 free_rent_months=3 status=available",
        "space_no=A栋102 name=甲楼二层 kind=office province=浙江省 available_m2=800 rent_yuan_m2_month=60 \
         ceiling_height_m=3.9 free_rent_months=12 status=sold",
    ];
    assert_eq!(table(&test, Kind::Space).await, expected);
}

#[tokio::test]
async fn a_gb18030_export_of_an_old_system_with_semicolons_and_slashed_dates() {
    let test = stocked().await;
    let text = "sep=;\r\n\"地块名录;2026\"\r\n地块编号;所属园区;省份;城市;区县;面积（亩）;出让年限;可用时间;负面清单行业\r\n\
        ２０２６(挂)01号 ;A;浙江;宁波;鄞州;30;50年;2027/6/23;化工、印染\r\n\r\n\
        2026(挂)02号;A;浙江省;宁波市;奉化市;1,250.5;50;2027-06-23 00:00:00;26，17\r\n\
        2026(挂)03号;ZZ;浙江省;宁波市;;30;50;;\r\n";
    let (file, _, unmappable) = encoding_rs::GB18030.encode(text);
    assert!(!unmappable);
    let report = plots(&test, file).await;
    let told = ["3 banned_industries unknown_industry", "6 park_code unknown_park"];
    assert_eq!((report.created, rejected(&report)), (1, told.map(str::to_owned).to_vec()), "{report:?}");
    let expected = "plot_no=2026(挂)02号 province=浙江省 city=宁波市 county=奉化区 area_mu=1250.5 term_years=50 park_code=A \
         banned_industries=26;17 available_from=2027-06-23";
    assert_eq!(table(&test, Kind::Plot).await, [expected]);
}
