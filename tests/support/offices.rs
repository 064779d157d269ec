//! Six files as offices make them, each with the table that a person would type from it.

use domain::kind::Kind;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet, XlsxError};

/// Parks that the files name.
pub(crate) const PARKS: &str = "code,name,level,province\nA,示例甲园区,省级,浙江省\nB,示例乙园区,省级,浙江省\n";

/// A file with what an import of it gives.
pub(crate) struct Office {
    /// The file's name.
    pub(crate) file: &'static str,
    pub(crate) kind: Kind,
    pub(crate) bytes: Vec<u8>,
    /// Names of columns that are left out.
    pub(crate) left_out: &'static [&'static str],
    /// Whether every sheet with a header is read.
    pub(crate) all_sheets: bool,
    /// Row, column and code of each rejected cell.
    pub(crate) rejected: &'static [&'static str],
    /// The filled cells of each new listing.
    pub(crate) table: &'static [&'static str],
}

/// All six.
pub(crate) fn all() -> [Office; 6] {
    [district_list(), sheet_per_district(), formats_and_dates(), filtered_list(), incubators_list(), old_system()]
}

/// Titles, a header of two lines, merged districts, sections, subtotals and notes.
pub(crate) fn district_list() -> Office {
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
    Office {
        file: "可供地块一览表.xlsx",
        kind: Kind::Plot,
        bytes: file,
        left_out: &["序号"],
        all_sheets: false,
        rejected: &[
            "5 plot_no heading_row",
            "8 plot_no totals_row",
            "9 plot_no heading_row",
            "10 plot_no heading_row",
            "12 plot_no totals_row",
            "13 plot_no totals_row",
            "14 plot_no totals_row",
        ],
        table: &[
            "plot_no=BL-1 province=浙江省 county=北仑区 area_mu=30 start_price_wan=1250.5 status=reserved",
            "plot_no=YZ-1 province=浙江省 county=鄞州区 area_mu=30 start_price_wan=1200 tax_wan_mu=30 status=available",
            "plot_no=YZ-2 province=浙江省 county=鄞州区 area_mu=40.5 start_price_wan=1300 tax_wan_mu=32 status=sold",
        ],
    }
}

/// A sheet per district and one of explanations.
pub(crate) fn sheet_per_district() -> Office {
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
    Office {
        file: "分区汇总.xlsx",
        kind: Kind::Plot,
        bytes: book.save_to_buffer().expect("a workbook"),
        left_out: &[],
        all_sheets: true,
        rejected: &[],
        table: &[
            "plot_no=BL-1 province=浙江省 county=北仑区 area_sqm=20000",
            "plot_no=YY-1 province=浙江省 county=余姚市 area_mu=30",
            "plot_no=YZ-1 province=浙江省 county=鄞州区 area_sqm=20000",
        ],
    }
}

/// Formats, stored formulas and dates of every kind.
pub(crate) fn formats_and_dates() -> Office {
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
    Office {
        file: "指标表.xlsx",
        kind: Kind::Plot,
        bytes: file,
        left_out: &[],
        all_sheets: false,
        rejected: &[],
        table: &[
            "plot_no=007 notice_date=2026-09-01 province=浙江省 area_sqm=20000 building_density_max_pct=60 start_price_wan=1200 \
         rd_pct=3.5 available_from=2027-03-01",
            "plot_no=2024-15 notice_date=2026-09-01 province=浙江省 area_sqm=20000 start_price_wan=1250.5 rd_pct=3.5 \
         available_from=2027-03-01",
            "plot_no=GY-008 notice_date=2026-09 province=浙江省 area_sqm=20000 start_price_wan=1250.5 rd_pct=3.5 \
         available_from=2027-03-01",
        ],
    }
}

/// A filtered list with hidden rows and a column of serial numbers.
pub(crate) fn filtered_list() -> Office {
    let file = book(|sheet| {
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
    });
    Office {
        file: "筛选清单.xlsx",
        kind: Kind::Plot,
        bytes: file,
        left_out: &["序号"],
        all_sheets: false,
        rejected: &["3 area_mu approximate"],
        table: &[
            "plot_no=P-1 province=浙江省 area_mu=30 standard_land=yes park_code=A status=sold tenure=buy",
            "plot_no=P-3 province=浙江省 area_mu=50 park_code=B status=available tenure=buy;lease",
        ],
    }
}

/// Spaces with rents per day and loads in kilonewtons.
pub(crate) fn incubators_list() -> Office {
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
    Office {
        file: "载体空间情况表.xlsx",
        kind: Kind::Space,
        bytes: file,
        left_out: &[],
        all_sheets: false,
        rejected: &["5 available_m2 range", "6 space_no totals_row"],
        table: &[
            "space_no=A栋101 name=甲楼一层 kind=factory province=浙江省 available_m2=1250.5 rent_yuan_m2_month=36 \
         ceiling_height_m=4.5 floor_load_t_m2=1 free_rent_months=3 status=available",
            "space_no=A栋102 name=甲楼二层 kind=office province=浙江省 available_m2=800 rent_yuan_m2_month=60 \
         ceiling_height_m=3.9 free_rent_months=12 status=sold",
        ],
    }
}

/// GB18030 with semicolons, a line `sep=` and slashed dates.
pub(crate) fn old_system() -> Office {
    let text = "sep=;\r\n\"地块名录;2026\"\r\n地块编号;所属园区;省份;城市;区县;面积（亩）;出让年限;可用时间;负面清单行业\r\n\
        ２０２６(挂)01号 ;A;浙江;宁波;鄞州;30;50年;2027/6/23;化工、印染\r\n\r\n\
        2026(挂)02号;A;浙江省;宁波市;奉化市;1,250.5;50;2027-06-23 00:00:00;26，17\r\n\
        2026(挂)03号;ZZ;浙江省;宁波市;;30;50;;\r\n";
    let (file, _, unmappable) = encoding_rs::GB18030.encode(text);
    assert!(!unmappable);
    Office {
        file: "地块名录.csv",
        kind: Kind::Plot,
        bytes: file.into_owned(),
        left_out: &[],
        all_sheets: false,
        rejected: &["3 banned_industries unknown_industry", "6 park_code unknown_park"],
        table: &[
            "plot_no=2026(挂)02号 province=浙江省 city=宁波市 county=奉化区 area_mu=1250.5 term_years=50 park_code=A \
         banned_industries=26;17 available_from=2027-06-23",
        ],
    }
}

fn book(fill: impl FnOnce(&mut Worksheet) -> Result<(), XlsxError>) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet()).expect("cells");
    book.save_to_buffer().expect("a workbook")
}

/// Writes rows of text from a row on.
fn write(sheet: &mut Worksheet, first: u32, rows: &[&[&str]]) -> Result<(), XlsxError> {
    for (row, cells) in (first..).zip(rows) {
        for (column, cell) in (0..).zip(*cells).filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(row, column, *cell)?;
        }
    }
    Ok(())
}
