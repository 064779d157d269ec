//! What is written reads back unchanged, and no text becomes a formula.

use std::io::Cursor;

use calamine::{Reader as _, Xlsx};
use domain::decimal::Decimal;
use domain::import::Sheet;
use domain::listing::Kind;
use domain::record::Record;
use luodi::tables::{Format, Out, write, write_rows};
use proptest::prelude::{ProptestConfig, Strategy, prop_assert, prop_assert_eq, proptest};

use super::{plan, read, records, shown};

fn plot(cells: &[(&str, &str)]) -> Record {
    Record::of_cells(Kind::Plot, cells.iter().copied())
}

/// The first cell of each row below the first.
fn texts(sheet: &Sheet) -> Vec<String> {
    sheet.rows.iter().skip(1).map(|row| shown(row).swap_remove(0)).collect()
}

#[test]
fn records_come_back_unchanged_from_both_formats() {
    let plots = [
        plot(&[
            ("plot_no", "2022-07(土挂)"),
            ("province", "浙江省"),
            ("area_sqm", "38700.4"),
            ("start_price_wan", "9007199254740.123457"),
            ("longitude", "-121.50"),
            ("latitude", "29.8"),
            ("industry_code_gb4754", "0111;36"),
            ("available_from", "2027-03-01"),
            ("demo", "yes"),
        ]),
        plot(&[("plot_no", "=1"), ("location", "@甲,\"乙\"\n丙"), ("province", "浙江省")]),
        plot(&[("plot_no", "007"), ("notice_no", "1e3"), ("quality_note", "'=x")]),
    ];
    for format in [Format::Csv, Format::Xlsx] {
        let bytes = write(Kind::Plot, &plots, format).expect("a file");
        assert_eq!(records(&plan(Kind::Plot, bytes)), plots, "{format:?}");
    }
}

/// Every way to begin a formula before every sort of what may follow.
fn payloads() -> Vec<String> {
    let begins = ["=", "+", "-", "@", "\t=", "\r=", "\u{ff1d}", "\u{ff0b}", "\u{ff0d}", "\u{ff20}", " =", "'=", "''+"];
    let follows = [
        "1+1",
        "HYPERLINK(\"http://example.com\",\"x\")",
        "cmd|' /C calc'!A0",
        "8613800130000",
        "SUM(A1:A9)*cmd",
        "a\r\nb,c;d",
        "_x003D_1",
        "DDE(\"x\")",
        "1,2",
        "-1",
        "IMPORTXML(\"http://example.com\")",
        "12.5",
        "宁波",
        "\"",
        "'",
        "0",
    ];
    let plain = ["a=b", "'plain'", "宁波", "1e5", "007", "_x0041_"].map(str::to_owned);
    begins.iter().flat_map(|begin| follows.map(|follow| format!("{begin}{follow}"))).chain(plain).collect()
}

#[test]
fn no_text_of_anybodys_becomes_a_formula() {
    let payloads = payloads();
    assert!(payloads.len() >= 200);
    let rows =
        payloads.iter().map(|text| vec![Out::text(text.as_str()), Out::number(text.as_str()), Out::number("-12.50")]);
    let csv = write_rows(&["a", "b", "c"], rows.clone(), Format::Csv).expect("a file");
    assert!(csv.starts_with("\u{feff}\"a\"".as_bytes()), "Excel reads UTF-8 by its mark");
    let triggers = ['=', '+', '-', '@', '\t', '\r', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    for record in csv::Reader::from_reader(&csv[3..]).records() {
        let record = record.expect("a row");
        assert!(!record[0].trim_start_matches(' ').starts_with(triggers), "{:?}", &record[0]);
        let is_number = record[1].bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.'));
        assert!(is_number || !record[1].trim_start_matches(' ').starts_with(triggers), "{:?}", &record[1]);
        assert_eq!(&record[2], "-12.50", "numbers stay numbers");
    }
    let xlsx = write_rows(&["a", "b", "c"], rows, Format::Xlsx).expect("a file");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(xlsx.clone())).expect("a workbook");
    assert!(book.worksheet_formula("Sheet1").expect("a sheet").is_empty());
    for bytes in [csv, xlsx] {
        assert_eq!(texts(&read(bytes).expect("a table")), payloads);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn any_text_comes_back_from_csv(cells in proptest::collection::vec("[ '=+@\t\r\n\",;a宁\u{ff1d}-]{1,8}", 1..8)) {
        // A first cell that is not blank keeps the row from being a blank line.
        let rows = cells.iter().map(|cell| vec![Out::text(cell.as_str()), Out::text("x")]);
        let bytes = write_rows(&["a", "b"], rows, Format::Csv).expect("a file");
        let table = read(bytes).expect("a table");
        prop_assert_eq!(texts(&table), cells);
    }
}

/// Any text that a record may hold: blanks at the ends are not stored, and a dash alone is an empty cell.
fn cell() -> impl Strategy<Value = String> {
    let text = proptest::string::string_regex("[ '=+@\t\n\",;a0.宁𠮷\u{ff1d}-]{1,12}").expect("a pattern");
    text.prop_map(|text| format!("{}末", text.trim_start()))
}

proptest! {
    // A workbook is read in a process of its own.
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn any_plots_come_back_unchanged_from_both_formats(
        rows in proptest::collection::vec((cell(), cell(), 0_i64..9_000_000_000_000), 1..20),
    ) {
        let plots: Vec<Record> = rows
            .iter()
            .enumerate()
            .map(|(at, (text, more, number))| {
                let (id, area) = (format!("{at}x{}", text.replace('\n', "")), Decimal::from_micro(*number * 100).to_string());
                plot(&[("plot_no", &id), ("location", text), ("quality_note", more), ("area_sqm", &area)])
            })
            .collect();
        for format in [Format::Csv, Format::Xlsx] {
            let bytes = write(Kind::Plot, &plots, format).expect("a file");
            let back = plan(Kind::Plot, bytes);
            prop_assert!(back.rejected.is_empty(), "{:?}", back.rejected);
            prop_assert_eq!(&records(&back), &plots);
        }
    }
}

#[test]
fn semicolons_and_line_breaks_in_cells_do_not_change_the_separator() {
    let plots = [plot(&[("plot_no", "1x"), ("location", ";\n末"), ("quality_note", ";\n;末"), ("area_sqm", "1")])];
    let back = plan(Kind::Plot, write(Kind::Plot, &plots, Format::Csv).expect("a file"));
    assert_eq!(records(&back), plots);
}
