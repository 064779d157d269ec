//! Our own exports, as they are and as spreadsheet programs save them again.

use domain::kind::Kind;
use domain::record::Policies;
use luodi::tables::{Format, write};

use super::with;
use crate::app::TestApp;
use crate::database;

/// The parks of the catalogue and all samples.
async fn demo() -> TestApp {
    let test = TestApp::without_import(database::sqlite().await, &[]).await;
    for (kind, name) in [
        (Kind::Park, "parks.csv"),
        (Kind::Park, "demo_parks.csv"),
        (Kind::Plot, "demo_plots.csv"),
        (Kind::Space, "demo_spaces.csv"),
    ] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("config/data").join(name);
        test.import(kind, &std::fs::read_to_string(path).expect("a file")).await;
    }
    // Numbers, dates and codes that programs like to take for something else.
    let odd = "plot_no,province,notice_no,notice_date,industry_code_gb4754,longitude,latitude,location\n\
        X-1,浙江省,007,2024-05,0111,121.50,29.80,=1+1\nX-2,浙江省,2024-05,2024-05-06,36;38,,,3-5\n\
        0012,浙江省,2024-05-06,2024,0111;36,,,001\n330206002003001,浙江省,,09-30,36,,,\n330206002003000123,浙江省,,,,,,1e5\n\
        2024-08,浙江省,,,,,,\n3-5,浙江省,,,,,,\n2024-05-06,浙江省,,,,,,\n";
    test.import(Kind::Plot, odd).await;
    test
}

async fn export(test: &TestApp, kind: Kind, format: Format) -> Vec<u8> {
    let records = test.app.db.listings_of(kind).await.expect("records");
    write(kind, &records, format).expect("a file")
}

#[tokio::test]
async fn exports_come_back_unchanged_in_both_formats() {
    let test = demo().await;
    for (kind, least) in [(Kind::Park, 2_542), (Kind::Plot, 300), (Kind::Space, 400)] {
        for format in [Format::Csv, Format::Xlsx] {
            let report = with(&test, kind, export(&test, kind, format).await, Default::default()).await;
            assert!(report.read >= least, "{kind:?}: {}", report.read);
            assert_eq!(
                report.unchanged, report.read,
                "{kind:?} {format:?}: {:?} {:?}",
                report.changes, report.rejected
            );
            assert!(report.warnings.is_empty(), "{kind:?} {format:?}: {:?}", report.warnings);
        }
    }
    test.import(Policies, include_str!("../../../config/data/policies.csv")).await;
}

/// What a spreadsheet program on a Chinese system writes for a cell of a CSV that it opened and saved.
fn saved_again(cell: &str) -> String {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = cell.split('-').collect();
    match parts[..] {
        [y, m, d] if y.len() == 4 && parts.iter().all(|part| digits(part)) => {
            format!("{y}/{}/{}", m.trim_start_matches('0'), d.trim_start_matches('0'))
        }
        [y, m] if y.len() == 4 && digits(y) && digits(m) && (1..=12).contains(&m.parse().unwrap_or(0)) => {
            let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
            format!("{}-{}", months[m.parse::<usize>().expect("a month") - 1], &y[2..])
        }
        [m, d] if digits(m) && digits(d) && m.len() <= 2 && d.len() <= 2 => format!("{m}月{d}日"),
        _ if digits(cell) && cell.trim_start_matches('0').len() > 11 => {
            let float: f64 = cell.parse().expect("a number");
            let text = format!("{float:.5E}");
            let (mantissa, exponent) = text.split_once('E').expect("an exponent");
            format!("{}E+{exponent:0>2}", mantissa.trim_end_matches('0').trim_end_matches('.'))
        }
        _ if digits(cell) && cell != "0" => cell.trim_start_matches('0').to_owned(),
        _ => match cell.parse::<f64>() {
            Ok(float) if cell.contains('.') => float.to_string(),
            _ => cell.to_owned(),
        },
    }
}

/// An export with each cell changed, in the encoding of a Chinese system.
async fn changed(test: &TestApp, kind: Kind, change: impl Fn(&str) -> String) -> Vec<u8> {
    let file = export(test, kind, Format::Csv).await;
    let mut writer = csv::Writer::from_writer(Vec::new());
    for record in csv::ReaderBuilder::new().has_headers(false).from_reader(&file[3..]).records() {
        writer.write_record(record.expect("a record").iter().map(&change)).expect("written");
    }
    let text = String::from_utf8(writer.into_inner().expect("written")).expect("UTF-8");
    encoding_rs::GB18030.encode(&text).0.into_owned()
}

#[tokio::test]
async fn exports_saved_again_by_a_spreadsheet_program_change_nothing() {
    let test = demo().await;
    for (kind, lost) in [
        (Kind::Park, &[][..]),
        // Long digits, a day without its year, and numbers that became dates or lost their zeros: by row, each.
        (Kind::Plot, &["330206002003001", "330206002003000123", "0012", "2024-08", "3-5", "2024-05-06", "X-2"]),
        (Kind::Space, &[]),
    ] {
        let report = with(&test, kind, changed(&test, kind, saved_again).await, Default::default()).await;
        assert_eq!((report.updated, report.created), (0, 0), "{kind:?}: {:?}", report.changes);
        assert_eq!(report.read - report.unchanged, lost.len(), "{kind:?}: {:?}", report.rejected);
    }
}

#[tokio::test]
async fn exports_saved_again_by_a_program_that_takes_digits_for_floats_change_nothing() {
    let test = demo().await;
    let float = |cell: &str| {
        let is_digits = !cell.is_empty() && cell.bytes().all(|b| b.is_ascii_digit());
        if is_digits { format!("{cell}.0") } else { cell.to_owned() }
    };
    for kind in Kind::ALL {
        let report = with(&test, kind, changed(&test, kind, float).await, Default::default()).await;
        assert_eq!((report.updated, report.created), (0, 0), "{kind:?}: {:?}", report.changes);
        assert_eq!(report.read, report.unchanged, "{kind:?}: {:?}", report.rejected);
    }
}
