//! Fifteen more files of the families of `odd.rs`, each put through the program and compared with the table that a person
//! would type from it.

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet, XlsxError};
use serde_json::Value;

use super::{book, write};
use crate::cli::{Shell, errors, json};
use crate::offices::PARKS;

/// An inventory of two parks, and files imported into it by the command line.
struct Importer(Shell);

impl Importer {
    fn new() -> Self {
        let importer = Self(Shell::new());
        assert_eq!(importer.import("parks", "parks.csv", PARKS, &[]).0, Some(0));
        importer
    }

    fn import(&self, table: &str, name: &str, file: impl AsRef<[u8]>, more: &[&str]) -> (Option<i32>, Value) {
        let path = self.0.file(name, file.as_ref());
        let output = self.0.run(&[&["import", table, &path], more].concat());
        (output.status.code(), json(&output))
    }

    /// Imports a file and compares its rejected cells and exit code.
    fn takes(&self, table: &str, file: impl AsRef<[u8]>, rejected: &[&str]) -> Value {
        let (code, report) = self.import(table, "file", file, &[]);
        assert_eq!(told(&report), rejected, "{report:#}");
        assert_eq!(code, Some(if rejected.is_empty() { 0 } else { 2 }), "{report:#}");
        report
    }

    /// The cells of an export in some columns, row by row.
    fn table(&self, table: &str, columns: &[&str]) -> Vec<String> {
        let output = self.0.run(&["export", table]);
        assert!(output.status.success(), "{}", errors(&output));
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let header = reader.headers().expect("a header").clone();
        let places: Vec<usize> =
            columns.iter().map(|name| header.iter().position(|it| it == *name).expect("a column")).collect();
        let row = |row: csv::StringRecord| places.iter().map(|at| row[*at].to_owned()).collect::<Vec<_>>().join("|");
        let mut rows: Vec<String> = reader.records().map(|record| row(record.expect("a row"))).collect();
        rows.sort();
        rows
    }
}

/// `row column code` of each rejected cell, with its sheet where there are several.
fn told(report: &Value) -> Vec<String> {
    let words = |note: &Value| {
        let sheet = note["sheet"].as_str().map(|name| format!("{name} ")).unwrap_or_default();
        let [column, code] = ["column", "code"].map(|field| note[field].as_str().expect("text"));
        format!("{sheet}{} {column} {code}", note["row"])
    };
    report["rejected"].as_array().expect("a list").iter().map(words).collect()
}

/// A workbook of one sheet without a name in its report.
fn one(fill: impl FnOnce(&mut Worksheet) -> Result<(), XlsxError>) -> Vec<u8> {
    book(fill)
}

#[test]
fn a_header_in_the_ninth_row_has_limits_and_units_in_its_second_line() {
    let importer = Importer::new();
    let file = one(|sheet| {
        let plain = Format::new();
        sheet.merge_range(0, 0, 1, 10, "示例开发区2026年度拟出让工业用地清单", &plain)?;
        write(sheet, 3, &[&["填报单位：示例局"], &["联系人：示例", "", "", "电话：010-0000 0000"]])?;
        write(sheet, 6, &[&["单位：亩、万元"]])?;
        for (column, name) in [(0, "宗地编号"), (1, "省份"), (2, "城市")] {
            sheet.merge_range(8, column, 9, column, name, &plain)?;
        }
        sheet.merge_range(8, 3, 8, 4, "容积率", &plain)?;
        sheet.merge_range(8, 5, 8, 6, "建筑密度（%）", &plain)?;
        write(sheet, 8, &[&["", "", "", "", "", "", "", "面积", "投资强度", "亩均税收"]])?;
        write(
            sheet,
            9,
            &[
                &["", "", "", "下限", "上限", "下限", "上限", "公顷", "万元/亩", "万元/亩"],
                &["甲-1", "浙江", "宁波", "1.2", "2.5", "40", "60", "2", "400", "30"],
                &["甲-2", "浙江", "宁波", "2.5", "1.2", "", "", "2", "400", "30"],
            ],
        )
    });
    let report = importer.takes("plots", file, &["Sheet1 12 far_min min_above_max"]);
    assert_eq!((&report["header_row"], &report["created"]), (&9.into(), &1.into()));
    let columns = [
        "plot_no",
        "city",
        "far_min",
        "far_max",
        "building_density_min_pct",
        "building_density_max_pct",
        "area_sqm",
        "area_mu",
        "invest_intensity_wan_mu",
        "tax_wan_mu",
    ];
    assert_eq!(importer.table("plots", &columns), ["甲-1|宁波市|1.2|2.5|40|60|20000||400|30"]);
}

#[test]
fn a_csv_of_such_a_sheet_has_its_groups_in_their_first_cells_alone() {
    let importer = Importer::new();
    let file = "\u{feff}示例区拟出让地块,,,,,\r\n地块编号,省份,容积率,,绿地率(%),\r\n,,下限,上限,下限,上限\r\n\
        乙-1,浙江省,1.0,2.0,5,20\r\n乙-2,浙江省,1.0,2.0,5,120\r\n";
    let report = importer.takes("plots", file, &["5 green_ratio_max_pct out_of_range"]);
    assert_eq!(report["header_row"], 2);
    let columns = ["plot_no", "far_min", "far_max", "green_ratio_min_pct", "green_ratio_max_pct"];
    assert_eq!(importer.table("plots", &columns), ["乙-1|1|2|5|20"]);
}

#[test]
fn a_misspelt_column_and_a_header_too_far_below_are_refused_by_name() {
    let importer = Importer::new();
    let (code, report) = importer.import("plots", "a.csv", "地块编号；省份；用地面机（亩）\n".replace('；', ";"), &[]);
    assert_eq!((code, &report["refused"]["code"]), (Some(1), &"unknown_column".into()));
    let reason = report["refused"]["reason"].as_str().expect("a reason");
    assert!(reason.contains("用地面机") && reason.contains("area_mu（面积）"), "{reason}");
    let far = format!("{}plot_no,province\nP-1,浙江省\n", "示例区地块表,\n".repeat(10));
    let (code, report) = importer.import("plots", "b.csv", far, &[]);
    assert_eq!((code, &report["refused"]["code"]), (Some(1), &"unknown_column".into()), "{report:#}");
    assert_eq!(importer.table("plots", &["plot_no"]), Vec::<String>::new());
}

#[test]
fn a_part_of_a_record_is_judged_with_what_is_stored() {
    let importer = Importer::new();
    let full = "plot_no,province,far_min,far_max,longitude,latitude,area_mu\nP-1,浙江省,2.0,3.0,121.5,29.8,30\n\
        P-2,浙江省,2.0,3.0,121.5,29.8,30\nP-3,浙江省,,,,,30\nP-4,浙江省,,,,,30\n";
    importer.takes("plots", full, &[]);
    let part = "plot_no,province,far_max,longitude,notice_date,area_mu\nP-1,浙江省,1.5,121.6,2026-02-28,31\n\
        P-2,浙江省,3.5,121.6,2026-02-29,31\nP-3,浙江省,1.5,121.6,,31\nP-4,浙江省,1.5,,2026.2.28,-31\nP-5,浙江省,,,,31\n";
    let refused =
        ["2 far_max min_above_max", "3 notice_date bad_date", "4 latitude half_pair", "5 area_mu out_of_range"];
    importer.takes("plots", part, &refused);
    let columns = ["plot_no", "far_min", "far_max", "longitude", "area_mu"];
    let kept = ["P-1|2|3|121.5|30", "P-2|2|3|121.5|30", "P-3||||30", "P-4||||30", "P-5||||31"];
    assert_eq!(importer.table("plots", &columns), kept);
}

#[test]
fn impossible_figures_of_spaces_and_parks_are_refused_by_row_and_column() {
    let importer = Importer::new();
    let spaces = "房源编号,房源名称,载体类型,省份,可租面积,租金,层高,经度,纬度,核实日期\n\
        S-1,示例一,标准厂房,浙江,-20,25,4.5,,,\nS-2,示例二,标准厂房,浙江,20,25,4.5,29.8,121.5,\n\
        S-3,示例三,标准厂房,浙江,20,25,4.5,121.5,29.8,2026-13-01\nS-4,示例四,标准厂房,浙江,20,二十五,4.5,121.5,29.8,2026年6月31日\n\
        S-5,示例五,标准厂房,浙江,20,25,4.5,121.5°,北纬29.8,2026年6月30日\n";
    let refused = [
        "2 available_m2 out_of_range",
        "3 latitude out_of_range",
        "4 verified_on bad_date",
        "5 rent_yuan_m2_month not_a_number",
        "5 verified_on bad_date",
    ];
    importer.takes("spaces", spaces, &refused);
    let columns = ["space_no", "longitude", "latitude", "verified_on"];
    assert_eq!(importer.table("spaces", &columns), ["S-5|121.5|29.8|2026-06-30"]);
    let parks = "园区代码,名称,级别,省份,批准年月,邮箱\nK1,示例,省级,浙江,2026-13,a@example.com\nK2,示例,省级,浙江,2006年8月,a#example.com\n\
        K3,示例,超级,浙江,2006.8,\nK4,示例,省级,浙江,2006/8,Ａ@example.com\n";
    let refused = ["2 approval_month bad_date", "3 inbox_email bad_mail", "4 level unknown_word"];
    importer.takes("parks", parks, &refused);
    assert!(
        importer
            .table("parks", &["code", "approval_month", "inbox_email"])
            .contains(&"K4|2006-08|A@example.com".into())
    );
}

#[test]
fn long_numbers_survive_as_text_and_are_refused_where_digits_are_gone() {
    let importer = Importer::new();
    let csv = "plot_no,park_code,province,county_code\n".replace(",county_code", "");
    let file = format!(
        "{csv}=\"0330206002003000123\",A,浙江省\n\"=\"\"330206002003000124\"\"\",A,浙江省\n'330206002003000125,A,浙江省\n\
         330206002003000126\t,A,浙江省\n3.30206E+17,A,浙江省\n3.30206002003e17,A,浙江省\nP-1,1E+10,浙江省\n"
    );
    let refused = ["6 plot_no digits_lost", "7 plot_no digits_lost", "8 park_code digits_lost"];
    importer.takes("plots", file, &refused);
    let stored = ["0330206002003000123", "330206002003000124", "330206002003000125", "330206002003000126"];
    assert_eq!(importer.table("plots", &["plot_no"]), stored);
    let file = one(|sheet| {
        write(sheet, 0, &[&["plot_no", "province"]])?;
        for (row, (number, format)) in (1..).zip([
            (1_000_000_000_000_000.0, "0"),
            (999_999_999_999_999.0, "0.00E+00"),
            (202_415.0, "#,##0"),
            (33_020_600_200_300.0, "0000000000000000000"),
            (12.0, "@"),
        ]) {
            sheet.write_number_with_format(row, 0, number, &Format::new().set_num_format(format))?;
            sheet.write_string(row, 1, "江苏省")?;
        }
        Ok(())
    });
    importer.takes("plots", file, &["Sheet1 2 plot_no digits_lost"]);
    let mut stored = stored.map(str::to_owned).to_vec();
    stored.extend(["999999999999999", "202415", "0000033020600200300", "12"].map(str::to_owned));
    stored.sort();
    assert_eq!(importer.table("plots", &["plot_no"]), stored);
}

#[test]
fn numbers_that_look_alike_are_one_plot_within_a_file_and_in_the_next() {
    let importer = Importer::new();
    let file = "plot_no,park_code,province,area_mu\n甬北〔2026〕—1号,A,浙江省,30\n甬北[2026]-1号,A,浙江省,31\n\
        甬北(2026)－１号,A,浙江省,32\n甬\u{a0}北【2026】–1号,A,浙江省,33\n甬北〔2026〕—1\u{ad}号,A,浙江省,34\n甬北〔2026〕—1号,B,浙江省,35\n\
        甬北〔2026〕—11号,A,浙江省,36\n";
    let refused = [3, 4, 5, 6].map(|row| format!("{row} plot_no duplicate_id"));
    importer.takes("plots", file, &refused.each_ref().map(String::as_str));
    let report =
        importer.takes("plots", "plot_no,park_code,province,area_mu\n 甬北(2026)-1号\u{2060},Ａ,浙江省,40\n", &[]);
    assert_eq!((&report["created"], &report["updated"]), (&0.into(), &1.into()));
    let stored = ["甬北〔2026〕—11号|A|36", "甬北〔2026〕—1号|A|40", "甬北〔2026〕—1号|B|35"];
    assert_eq!(importer.table("plots", &["plot_no", "park_code", "area_mu"]), stored);
}

#[test]
fn merged_numbers_parks_and_words_count_for_each_row_and_a_second_use_of_a_plot_is_told() {
    let importer = Importer::new();
    let file = one(|sheet| {
        let plain = Format::new();
        write(sheet, 0, &[&["地块编号", "所属园区", "省份", "区县", "面积（亩）", "土地用途", "标准地", "状态"]])?;
        write(
            sheet,
            1,
            &[
                &["", "", "", "北仑区", "30", "工业用地"],
                &["", "", "", "北仑区", "10", "仓储用地"],
                &["M-2", "", "", "鄞州", "40", "工业用地"],
                &["M-3", "B", "", "鄞州", "50", "工业用地"],
                &["合计", "", "", "", "130"],
            ],
        )?;
        sheet.merge_range(1, 0, 2, 0, "M-1", &plain)?;
        sheet.merge_range(1, 1, 3, 1, "A", &plain)?;
        sheet.merge_range(1, 2, 5, 2, "浙江省", &plain)?;
        sheet.merge_range(1, 6, 4, 6, "√", &plain)?;
        sheet.merge_range(1, 7, 4, 7, "在供", &plain).map(drop)
    });
    importer.takes("plots", file, &["Sheet1 3 plot_no duplicate_id", "Sheet1 6 plot_no totals_row"]);
    let columns = ["plot_no", "park_code", "province", "county", "area_mu", "land_use", "standard_land", "status"];
    let stored = [
        "M-1|A|浙江省|北仑区|30|工业用地|yes|available",
        "M-2|A|浙江省|鄞州区|40|工业用地|yes|available",
        "M-3|B|浙江省|鄞州区|50|工业用地|yes|available",
    ];
    assert_eq!(importer.table("plots", &columns), stored);
}

#[test]
fn a_workbook_with_a_cover_blank_and_hidden_sheets_reads_the_one_with_rows_and_names_the_others() {
    let importer = Importer::new();
    let mut book = Workbook::new();
    let mut sheet = |name: &str, rows: &[&[&str]]| {
        let sheet = book.add_worksheet().set_name(name).expect("a name");
        write(sheet, 0, rows).expect("cells");
        if name == "往年" {
            sheet.set_very_hidden(true);
        }
    };
    sheet("封面", &[&["示例区工业用地"], &["2026年11月"]]);
    sheet("Sheet2", &[]);
    sheet("往年", &[&["地块编号", "省份"], &["旧-1", "浙江"]]);
    sheet(
        "清单",
        &[&["示例区"], &[], &["地块编号", "省份", "面积/亩"], &["新-1", "浙江", "30"], &["新-2", "浙江", "30亩左右"]],
    );
    let file = book.save_to_buffer().expect("a workbook");
    let report = importer.takes("plots", &file, &["清单 5 area_mu approximate"]);
    assert_eq!((&report["sheet"], &report["header_row"]), (&"清单".into(), &3.into()));
    let unread: Vec<&Value> =
        report["warnings"].as_array().expect("a list").iter().filter(|it| it["code"] == "sheet_not_read").collect();
    assert_eq!(unread.iter().map(|it| &it["sheet"]).collect::<Vec<_>>(), ["封面"]);
    assert_eq!(importer.table("plots", &["plot_no", "area_mu"]), ["新-1|30"]);
}

#[test]
fn a_list_of_rents_and_states_keeps_179_spaces_and_an_emptied_column_is_refused() {
    let importer = Importer::new();
    let rows = |row: fn(usize) -> String| (1..=179).map(row).collect::<String>();
    let full = rows(|n| format!("S-{n},A,示例{n}号楼,标准厂房,浙江省,宁波市,{},{},4.5,1.5\n", 800 + n, 20 + n % 9));
    let header =
        "space_no,park_code,name,kind,province,city,available_m2,rent_yuan_m2_month,ceiling_height_m,floor_load_t_m2\n";
    importer.takes("spaces", format!("{header}{full}"), &[]);
    let columns = ["space_no", "city", "available_m2", "ceiling_height_m", "floor_load_t_m2"];
    let before = importer.table("spaces", &columns);
    let part = rows(|n| format!("S-{n},示例{n}号楼,厂房,浙江省,{},已租\n", 30 + n % 9));
    let report = importer.takes("spaces", format!("房源编号,房源名称,载体类型,省份,租金,房源状态\n{part}"), &[]);
    assert_eq!((&report["updated"], importer.table("spaces", &columns)), (&179.into(), before.clone()));
    let states = importer.table("spaces", &["status"]);
    assert!(states.len() == 179 && states.iter().all(|state| state == "sold"));
    let emptied = rows(|n| format!("S-{n},示例{n}号楼,厂房,浙江省,\n"));
    let (code, report) =
        importer.import("spaces", "c.csv", format!("房源编号,房源名称,载体类型,省份,层高\n{emptied}"), &[]);
    assert_eq!((code, &report["refused"]["code"]), (Some(1), &"would_clear".into()));
    assert_eq!(importer.table("spaces", &columns), before);
}

#[test]
fn shares_in_every_notation_are_what_the_sheet_shows() {
    let importer = Importer::new();
    let file = one(|sheet| {
        write(sheet, 0, &[&["地块编号", "省份", "研发投入占比（%）", "绿地率上限", "容积率上限"]])?;
        let shares: [(f64, &str); 6] = [
            (0.035, "0.00%;[Red]-0.00%"),
            (3.5, "0.0\"%\""),
            (3.5, "0.0"),
            (0.035, "_ * 0.0%_ ;_ * -0.0%_ ;_ * \"-\"_ ;_ @_ "),
            (1.2, "0%"),
            (0.000_35, "0.00%"),
        ];
        for (row, (number, format)) in (1..).zip(shares) {
            write(sheet, row, &[&[&format!("R-{row}"), "浙江省"]])?;
            sheet.write_number_with_format(row, 2, number, &Format::new().set_num_format(format))?;
        }
        write(
            sheet,
            7,
            &[&["R-7", "浙江省", "35‰", "２０ ％"], &["R-8", "浙江省", "3.5％", "", ""], &["R-9", "浙江省"]],
        )?;
        let formula = Formula::new("=7/200").set_result("0.035");
        sheet.write_formula_with_format(8, 3, formula, &Format::new().set_num_format("0.0%"))?;
        sheet.write_number_with_format(9, 4, 1.2, &Format::new().set_num_format("0%")).map(drop)
    });
    importer.takes("plots", file, &["Sheet1 6 rd_pct out_of_range", "Sheet1 10 far_max not_a_number"]);
    let stored = ["R-1|3.5|", "R-2|3.5|", "R-3|3.5|", "R-4|3.5|", "R-6|0.035|", "R-7|3.5|20", "R-8|3.5|3.5"];
    assert_eq!(importer.table("plots", &["plot_no", "rd_pct", "green_ratio_max_pct"]), stored);
}

#[test]
fn sums_counts_notes_and_signatures_are_no_plots_wherever_their_words_are() {
    let importer = Importer::new();
    let file = "区县,地块编号,省份,面积（亩）,资料说明\n北仑区,T-1,浙江省,30,\n,共1宗,,30,\n北仑区合计,,,30,\n,,全市总计,30,\n\
        ,Grand Total,,30,\n,(注)价格另议,,,\n,※注1、含道路用地,,,\n,截至2026年6月30日,,,\n,以上数据由各区提供,,,\n,填表日期：2026-06-30,,,\n\
        ,资料来源:示例局,,,\n,单位：亩,,,\n,NOTE: gross area,,,\n北仑区,共和路2号,浙江省,20,合计两宗之一\n北仑区,注塑园1号,浙江省,20,\n";
    let refused: Vec<String> = (3..=14).map(|row| format!("{row} plot_no totals_row")).collect();
    importer.takes("plots", file, &refused.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(importer.table("plots", &["plot_no", "area_mu"]), ["T-1|30", "共和路2号|20", "注塑园1号|20"]);
}

#[test]
fn places_of_autonomous_and_merged_divisions_are_found_and_made_up_ones_refused() {
    let importer = Importer::new();
    let file = "地块编号,省,市,县（市、区）\n1,湖北,恩施州,恩施\n2,浙江,丽水,景宁县\n3,云南省,大理白族自治州,大理市\n4,上海,上海,南汇区\n\
        5,山东,莱芜市,\n6,北京,市辖区,海淀\n7,湖北省,省直辖县级行政区划,仙桃\n8,新疆,伊犁州,伊宁县\n9,内蒙古,呼伦贝尔,鄂温克旗\n\
        10,浙江,宁波,示范区\n11,浙江,南京,\n12,江苏,宁波,\n13,中国,宁波,鄞州\n14,Jiangsu,,\n15,浙江省,宁波市,浙江省宁波市镇海区\n16,海南,,陵水县\n";
    let refused = [
        "11 county unknown_division",
        "12 city not_inside",
        "13 city not_inside",
        "14 province unknown_division",
        "15 province unknown_division",
    ];
    importer.takes("plots", file, &refused);
    let stored = [
        "15|浙江省|宁波市|镇海区",
        "16|海南省||陵水黎族自治县",
        "1|湖北省|恩施土家族苗族自治州|恩施市",
        "2|浙江省|丽水市|景宁畲族自治县",
        "3|云南省|大理白族自治州|大理市",
        "4|上海市|上海市|浦东新区",
        "5|山东省|莱芜区|",
        "6|北京市|市辖区|海淀区",
        "7|湖北省|省直辖县级行政区划|仙桃市",
        "8|新疆维吾尔自治区|伊犁哈萨克自治州|伊宁县",
        "9|内蒙古自治区|呼伦贝尔市|鄂温克族自治旗",
    ];
    assert_eq!(importer.table("plots", &["plot_no", "province", "city", "county"]), stored);
}

#[test]
fn loads_rents_and_power_in_every_unit_convert_and_others_are_refused() {
    let importer = Importer::new();
    let file = "编号；名称；类型；省份；面积(万平方米)；租金(元/㎡/年)；承重；净高(mm)；供电容量；起租年限；免租期；可入驻时间；工位数\n\
        U-1；甲；标准厂房；浙江；0.2；300；500kg/㎡；4500；2台1250kVA；36个月；半年；2027年3月1日；20个\n\
        U-2；乙；厂房；浙江；1500平；0.8元/㎡/天；9.8kN/㎡；4.5米；1.6MVA；3年；60天；2027-03-01；\n\
        U-3；丙；写字楼；浙江；２０００㎡；25；5吨/平方米；4.5m；800千伏安；；3个月；即日；20-30\n\
        U-4；丁；众创空间；浙江；0.1；300；；；10kV；2；；2027/3/1 0:00；50\n"
        .replace('；', ";");
    let refused = [
        "2 power_kva not_a_number",
        "2 free_rent_months not_a_number",
        "3 free_rent_months not_a_number",
        "4 available_from bad_date",
        "4 workstations range",
        "5 power_kva not_a_number",
    ];
    importer.takes("spaces", &file, &refused);
    let mended = file.replace("2台1250kVA", "1,250 kVA").replace("半年", "6个月").replace("60天", "2个月");
    let mended = mended.replace("即日", "").replace("20-30", "30").replace("10kV", "630");
    importer.takes("spaces", mended, &[]);
    let columns = [
        "space_no",
        "available_m2",
        "rent_yuan_m2_month",
        "floor_load_t_m2",
        "ceiling_height_m",
        "power_kva",
        "lease_years_min",
        "free_rent_months",
        "available_from",
        "workstations",
    ];
    let stored = [
        "U-1|2000|25|0.5|4.5|1250|3|6|2027-03-01|20",
        "U-2|1500|24|1|4.5|1600|3|2|2027-03-01|",
        "U-3|2000|2.083333|5|4.5|800||3||30",
        "U-4|1000|25|||630|2||2027-03-01|50",
    ];
    assert_eq!(importer.table("spaces", &columns), stored);
}

#[test]
fn of_179_plots_those_of_unknown_parks_are_refused_by_row_and_the_others_stored() {
    let importer = Importer::new();
    let park = |n: usize| ["A", "ZZ", "示例甲园区"][n % 3];
    let rows: String = (1..=179).map(|n| format!("P-{n},{},浙江省,{n}\n", park(n))).collect();
    let (code, report) = importer.import("plots", "p.csv", format!("plot_no,park_code,province,area_mu\n{rows}"), &[]);
    let refused: Vec<String> =
        (1..=179).filter(|n| n % 3 != 0).map(|n| format!("{} park_code unknown_park", n + 1)).collect();
    assert_eq!((code, told(&report)), (Some(2), refused));
    assert_eq!(importer.table("plots", &["park_code"]), vec!["A"; 59]);
    assert_eq!(report["rejected"][1]["value"], "示例甲园区");
}

#[test]
fn a_workbook_of_a_mac_counts_its_days_from_1904() {
    let importer = Importer::new();
    let file = one(|sheet| {
        write(sheet, 0, &[&["地块编号", "省份", "可用时间", "公告日期"], &["D-1", "浙江省"]])?;
        let day = ExcelDateTime::from_ymd(2027, 3, 1)?;
        sheet.write_datetime_with_format(1, 2, day, &Format::new().set_num_format("yyyy/m/d"))?;
        sheet.write_string(1, 3, "2026年9月").map(drop)
    });
    importer.takes("plots", super::since_1904(&file), &[]);
    // The same serial number is four years and a day later in such a book.
    assert_eq!(importer.table("plots", &["plot_no", "available_from", "notice_date"]), ["D-1|2031-03-02|2026-09"]);
}
