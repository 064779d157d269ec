//! Import: files of the kinds that clerks keep, read and settled as a whole (contract §7).

use domain::column::Table;
use domain::fault::CellReason;
use domain::import::{ImportPlan, KnownParks, Names, Raw, RawRow, Settling, Sheet, read, settle};
use domain::kind::Kind;
use domain::record::Record;

fn sheet(csv: &str) -> Sheet {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(csv.as_bytes());
    let cells = |record: csv::StringRecord| record.iter().map(|cell| Raw::Text(cell.to_owned())).collect();
    let rows = reader.records().zip(1..).map(|(record, number)| RawRow {
        number,
        hidden: false,
        cells: cells(record.expect("CSV")),
    });
    Sheet { name: None, rows: rows.collect() }
}

fn settling<'s, T: Table>(table: T, stored: Vec<Record<T>>) -> Settling<'s, T> {
    Settling { stored: stored.into_iter().map(std::sync::Arc::new).collect(), ..Settling::of_files(table) }
}

fn plan(csv: &str, settling: &Settling<'_, Kind>) -> ImportPlan<Kind> {
    let reading = read(settling.table, &sheet(csv), &Names::default(), false).expect("a header");
    settle(&[reading], settling)
}

fn stored(plan: ImportPlan<Kind>) -> Vec<Record<Kind>> {
    plan.settled.into_iter().map(|settled| settled.after).collect()
}

fn codes(plan: &ImportPlan<Kind>) -> Vec<(u32, &str, CellReason)> {
    plan.rejected.iter().map(|note| (note.row, note.column.as_str(), note.code)).collect()
}

#[test]
fn columns_that_the_file_does_not_have_stay_as_they_are() {
    let full = "code,name,level,province,city,county,county_code,approval_month,longitude,latitude,available_land_mu\n\
        G990001,甲经济开发区,省级,浙江省,宁波市,北仑区,330206,1994-08,121.8,29.9,300\n";
    let before = stored(plan(full, &settling(Kind::Park, Vec::new())));
    let inboxes = "code,name,level,province,inbox_email\nG990001,甲经济开发区,省级,浙江省,zs@example.com\n";
    let plan = plan(inboxes, &settling(Kind::Park, before));
    assert_eq!(plan.updated(), 1);
    let after = &plan.settled[0].after;
    assert_eq!(
        ["city", "county_code", "approval_month", "latitude", "available_land_mu", "inbox_email"].map(|c| after.get(c)),
        ["宁波市", "330206", "1994-08", "29.9", "300", "zs@example.com"]
    );
    let changes: Vec<_> = plan.changes.iter().map(|c| (c.column, c.from.as_str(), c.to.as_str())).collect();
    assert_eq!(changes, [("inbox_email", "", "zs@example.com")]);
}

#[test]
fn an_empty_cell_clears_and_too_many_are_refused_by_column() {
    let line = |n: u32, area: &str| format!("P-{n},浙江省,{area}\n");
    let file = |filled: u32| {
        let rows = (1..=60).map(|n| line(n, if n <= filled { "1000" } else { "" }));
        format!("plot_no,province,area_sqm\n{}", rows.collect::<String>())
    };
    let before = stored(plan(&file(60), &settling(Kind::Plot, Vec::new())));
    // Ten may always be cleared; twelve of sixty are a fifth, which is not over a fifth.
    assert!(plan(&file(50), &settling(Kind::Plot, before.clone())).would_clear.is_empty());
    assert!(plan(&file(48), &settling(Kind::Plot, before.clone())).would_clear.is_empty());
    let refused = plan(&file(47), &settling(Kind::Plot, before.clone()));
    assert_eq!(refused.would_clear, ["area_sqm"]);
    let allowed = ["area_sqm".to_owned()];
    let meant = plan(&file(47), &Settling { clearing: &allowed, ..settling(Kind::Plot, before) });
    assert!(meant.would_clear.is_empty());
    assert_eq!(meant.updated(), 13);
}

#[test]
fn ids_that_look_alike_are_one_plot() {
    let file = "plot_no,province\n\"2026（挂）01号\",浙江省\n\"2026(挂)01号\",浙江省\n\"2026（挂）01号\u{200b}\",浙江省\n\
        \"2026（挂）\n01号\",浙江省\n\"２０２６（挂）01号\",浙江省\n\"2026（挂） 01号\",浙江省\n";
    let plan = plan(file, &settling(Kind::Plot, Vec::new()));
    assert_eq!((plan.created(), plan.rejected.len()), (1, 5));
    assert!(plan.rejected.iter().all(|note| note.code == CellReason::DuplicateId));
    let again = self::plan("plot_no,province\n2026(挂)01号,浙江省\n", &settling(Kind::Plot, stored(plan)));
    assert_eq!((again.unchanged, again.created()), (1, 0));
}

#[test]
fn impossible_values_are_refused_by_row_and_column() {
    let file = "plot_no,province,area_sqm,far_min,far_max,min_divisible_sqm,building_density_max_pct,longitude,latitude,notice_date\n\
        P-1,浙江省,1000,2.5,1.2,5000,350,0,0,46447\n\
        P-2,浙江省,,,,,,,29.8,\nP-3,浙江省,,,,,350,,,\nP-4,浙江省,,,,,,0,0,\nP-5,浙江省,,,,,,,,46447\n\
        P-6,浙江省,1000,,,5000,,,,\n";
    let plan = plan(file, &settling(Kind::Plot, Vec::new()));
    assert_eq!(
        codes(&plan),
        [
            (2, "building_density_max_pct", CellReason::OutOfRange),
            (2, "notice_date", CellReason::BadDate),
            (2, "far_min", CellReason::MinAboveMax),
            (2, "longitude", CellReason::OutOfRange),
            (3, "longitude", CellReason::HalfPair),
            (4, "building_density_max_pct", CellReason::OutOfRange),
            (5, "longitude", CellReason::OutOfRange),
            (6, "notice_date", CellReason::BadDate),
        ]
    );
    assert_eq!(stored(plan)[0].get("plot_no"), "P-6");
}

#[test]
fn the_resulting_record_is_judged_not_the_files_half_of_it() {
    let before = stored(plan("plot_no,province,far_max\nP-1,浙江省,1.2\n", &settling(Kind::Plot, Vec::new())));
    let plan = plan("plot_no,province,far_min\nP-1,浙江省,2.5\n", &settling(Kind::Plot, before));
    assert_eq!(codes(&plan), [(2, "far_min", CellReason::MinAboveMax)]);
}

#[test]
fn places_are_read_short_and_refused_where_they_contradict() {
    let file = "plot_no,province,city,county,area_sqm,land_use\nP-1,浙江,宁波,鄞州,20000,工业用地\n\
        P-2,浙江省,杭州市,余姚市,20000,工业用地\nP-3,江浙省,,,20000,工业用地\nP-4,Zhejiang,Ningbo,,20000,工业用地\n";
    let plan = plan(file, &settling(Kind::Plot, Vec::new()));
    assert_eq!(
        codes(&plan),
        [
            (3, "county", CellReason::NotInside),
            (4, "province", CellReason::UnknownDivision),
            (5, "province", CellReason::UnknownDivision)
        ]
    );
    let one = &plan.settled[0].after;
    assert_eq!(["province", "city", "county"].map(|c| one.get(c)), ["浙江省", "宁波市", "鄞州区"]);
    assert_eq!(plan.warnings.iter().filter(|note| note.code == CellReason::Converted).count(), 3);
}

#[test]
fn a_number_that_two_parks_use_is_two_plots_for_good() {
    let file = "plot_no,park_code,province,area_sqm\n1,A,浙江省,100\n1,B,浙江省,200\n1,,浙江省,300\n";
    let plan = plan(file, &settling(Kind::Plot, Vec::new()));
    let records = stored(plan);
    assert_eq!(records.iter().map(Record::id).collect::<Vec<_>>(), ["1", "B/1", "/1"]);
    let turned = "plot_no,park_code,province,area_sqm\n1,B,浙江省,250\n1,A,浙江省,100\n";
    let plan = self::plan(turned, &settling(Kind::Plot, records));
    assert_eq!((plan.updated(), plan.unchanged), (1, 1));
    assert_eq!((plan.settled[0].after.id(), plan.changes[0].to.as_str()), ("B/1", "250"));
}

#[test]
fn with_a_park_rows_of_another_are_refused_and_blank_ones_are_its_own() {
    let file = "plot_no,park_code,province\n1,A,浙江省\n2,B,浙江省\n3,,浙江省\n";
    let plan = plan(file, &Settling { park: Some("A"), ..settling(Kind::Plot, Vec::new()) });
    assert_eq!(codes(&plan), [(3, "park_code", CellReason::OtherPark)]);
    assert!(stored(plan).iter().all(|record| record.get("park_code") == "A"));
}

#[test]
fn a_complete_file_tells_what_it_lacks_and_withdraws_it_where_asked() {
    let before = stored(plan(
        "plot_no,park_code,province,status\n1,A,浙江省,available\n2,A,浙江省,available\n3,B,浙江省,available\n",
        &settling(Kind::Plot, Vec::new()),
    ));
    let file = "plot_no,park_code,province\n1,A,浙江省\n";
    let complete = Settling { park: Some("A"), complete: true, ..settling(Kind::Plot, before.clone()) };
    let told = plan(file, &complete);
    assert_eq!((told.missing.as_slice(), told.updated()), (["2".to_owned()].as_slice(), 0));
    let done = plan(file, &Settling { withdraw_missing: true, ..complete });
    assert_eq!((done.settled[0].after.id(), done.settled[0].after.get("status")), ("2", "off"));
}

#[test]
fn an_unknown_park_is_refused_where_it_is_asked() {
    let parks: KnownParks = [("A", "示例园区")].into_iter().collect();
    let with = Settling { parks: Some(&parks), ..settling(Kind::Plot, Vec::new()) };
    let plan = plan("plot_no,park_code,province\n1,A,浙江省\n2,示例园,浙江省\n3,,浙江省\n", &with);
    assert_eq!(codes(&plan), [(3, "park_code", CellReason::UnknownPark)]);
    assert_eq!(plan.rejected[0].detail, ["A（示例园区）"], "the nearest park is named");
}

#[test]
fn the_inventory_itself_comes_in_whole() {
    let files = [
        (Kind::Park, include_str!("../../../config/data/parks.csv")),
        (Kind::Park, include_str!("../../../config/data/demo_parks.csv")),
        (Kind::Plot, include_str!("../../../config/data/plots.csv")),
        (Kind::Plot, include_str!("../../../config/data/demo_plots.csv")),
        (Kind::Space, include_str!("../../../config/data/demo_spaces.csv")),
    ];
    for (kind, file) in files {
        let plan = plan(file, &settling(kind, Vec::new()));
        // One notice gives two thresholds in one cell, two hide their plots' numbers.
        let told: Vec<_> = plan.rejected.iter().map(|note| (note.column.as_str(), note.value.as_str())).collect();
        let known = [("energy_va_wan_tce", "3.3;4.8"), ("plot_no", "")];
        assert!(told.iter().all(|note| known.contains(note)), "{kind:?}: {told:#?}");
        let warned: Vec<_> =
            plan.warnings.iter().map(|note| (note.row, &note.column, &note.value, note.code)).collect();
        assert!(plan.warnings.is_empty(), "{kind:?}: {warned:#?}");
    }
}

#[test]
fn a_park_in_an_unknown_park_is_refused_and_one_in_a_park_of_the_file_is_not() {
    let parks: KnownParks = [("A", "示例园区")].into_iter().collect();
    let with = Settling { parks: Some(&parks), ..settling(Kind::Park, Vec::new()) };
    let file = "code,name,level,province,parent_code\n\
        D,丁,省级,浙江省,C\nC,丙,省级,浙江省,B\nB,乙,省级,浙江省,A\nE,戊,省级,浙江省,X9\nF,己,省级,浙江省,F\n\
        H,辛,省级,浙江省,G\nG,庚,省级,江浙省,A\nJ,壬,省级,浙江省,K\nK,癸,省级,浙江省,J\nL,子,特级,浙江省,C\n";
    let plan = plan(file, &with);
    let unknown = |row| (row, "parent_code", CellReason::UnknownPark);
    let not_there = (8, "province", CellReason::UnknownDivision);
    let no_level = (11, "level", CellReason::UnknownWord);
    assert_eq!(codes(&plan), [unknown(5), unknown(6), unknown(7), not_there, unknown(9), unknown(10), no_level]);
    let mut accepted: Vec<_> = stored(plan).iter().map(|record| record.id().to_owned()).collect();
    accepted.sort();
    assert_eq!(accepted, ["B", "C", "D"]);
}

#[test]
fn clearing_is_refused_beyond_ten_rows_and_beyond_a_fifth_of_those_that_have_the_column() {
    for (have, lose, is_refused) in [(40, 10, false), (55, 11, false), (54, 11, true), (11, 11, true), (10, 10, false)]
    {
        let file = |filled: usize| -> String {
            let rows = (0..have).map(|n| format!("P-{n},浙江省,{}\n", if n < filled { "30" } else { "" }));
            format!("plot_no,province,area_mu\n{}", rows.collect::<String>())
        };
        let before = stored(plan(&file(have), &settling(Kind::Plot, Vec::new())));
        let with = settling(Kind::Plot, before);
        let told = plan(&file(have - lose), &with);
        assert_eq!(!told.would_clear.is_empty(), is_refused, "{lose} of {have}");
        let clearing = ["面积".to_owned()];
        let allowed = plan(&file(have - lose), &Settling { clearing: &clearing, ..with });
        assert!(allowed.would_clear.is_empty(), "{lose} of {have}");
    }
}

#[test]
fn nothing_is_withdrawn_while_the_number_of_a_row_cannot_be_read() {
    let before = stored(plan(
        "plot_no,park_code,province,status\n1,A,浙江省,available\n117003000000012,A,浙江省,available\n",
        &settling(Kind::Plot, Vec::new()),
    ));
    let complete = Settling { park: Some("A"), complete: true, ..settling(Kind::Plot, before) };
    let with = Settling { withdraw_missing: true, ..complete };
    let told = plan("plot_no,park_code,province\n1,A,浙江省\n1.17003E+14,A,浙江省\n", &with);
    assert_eq!((told.missing.len(), told.withdrawn), (1, 0));
    assert_eq!(codes(&told), [(3, "plot_no", CellReason::DigitsLost)]);
    assert_eq!(plan("plot_no,park_code,province\n1,A,浙江省\n", &with).withdrawn, 1);
}
