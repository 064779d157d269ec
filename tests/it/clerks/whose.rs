//! Whose a row is: numbers of several parks, one park's file, a park's complete file.

use domain::kind::Kind;
use luodi::service::imports::{ImportOptions, ImportReport};
use luodi::tables::{Format, write};

use super::{plots, rejected, stocked, stored, with};
use crate::app::TestApp;

async fn for_park(test: &TestApp, file: &str, options: ImportOptions) -> ImportReport {
    with(test, Kind::Plot, file, ImportOptions { park: Some("A".into()), ..options }).await
}

#[tokio::test]
async fn a_number_of_two_parks_is_two_plots_and_their_export_comes_back_by_the_pair() {
    let test = stocked().await;
    plots(&test, "plot_no,park_code,province,area_mu\n1,A,浙江省,10\n1,B,浙江省,20\n1,,浙江省,30\n").await;
    for (id, park, area) in [("1", "A", "10"), ("B/1", "B", "20"), ("/1", "", "30")] {
        assert_eq!(stored(&test, Kind::Plot, id, ["plot_no", "park_code", "area_mu"]).await, ["1", park, area]);
    }
    let records = test.app.db.listings_of(Kind::Plot).await.expect("records");
    for format in [Format::Csv, Format::Xlsx] {
        let report = plots(&test, write(Kind::Plot, &records, format).expect("a file")).await;
        assert_eq!((report.unchanged, report.read), (3, 3), "{format:?}");
    }
    let report = plots(&test, "plot_no,province,area_mu\n1,浙江省,11\n").await;
    assert_eq!(rejected(&report), ["2 park_code several_parks"]);
    let report = plots(&test, "plot_no,park_code,province,area_mu\n1,B,浙江省,21\n").await;
    assert_eq!((report.updated, report.changes[0].id.as_str()), (1, "B/1"));
    let page = test.get("/api/v1/listings/B%2F1").await;
    assert_eq!(page.status, 200, "{}", page.text);
}

#[tokio::test]
async fn an_unknown_park_refuses_the_row() {
    let test = stocked().await;
    let report = plots(&test, "plot_no,park_code,province\n1,A,浙江省\n2,ZZZ,浙江省\n").await;
    assert_eq!((report.created, rejected(&report)), (1, vec!["3 park_code unknown_park".to_owned()]));
}

#[tokio::test]
async fn a_file_for_one_park_holds_rows_of_that_park_alone() {
    let test = stocked().await;
    plots(&test, "plot_no,park_code,province\n7,B,浙江省\n").await;
    let report =
        for_park(&test, "plot_no,park_code,province\n1,A,浙江省\n2,B,浙江省\n3,,浙江省\n", ImportOptions::default())
            .await;
    assert_eq!((report.created, rejected(&report)), (2, vec!["3 park_code other_park".to_owned()]));
    let report = for_park(&test, "plot_no,province\n4,浙江省\n7,浙江省\n", ImportOptions::default()).await;
    assert_eq!(report.created, 2);
    for id in ["3", "4", "A/7"] {
        assert_eq!(stored(&test, Kind::Plot, id, ["park_code"]).await, ["A"], "{id}");
    }
    assert_eq!(stored(&test, Kind::Plot, "7", ["park_code"]).await, ["B"]);
}

#[tokio::test]
async fn a_complete_file_tells_what_it_lacks_and_withdraws_it_where_asked() {
    let test = stocked().await;
    plots(
        &test,
        "plot_no,park_code,province,status\n1,A,浙江省,available\n2,A,浙江省,available\n3,B,浙江省,available\n",
    )
    .await;
    let file = "plot_no,province\n1,浙江省\n";
    let complete = || ImportOptions { complete: true, ..ImportOptions::default() };
    let report = for_park(&test, file, complete()).await;
    assert_eq!((report.missing.as_slice(), report.withdrawn), (["2".to_owned()].as_slice(), 0));
    assert_eq!(stored(&test, Kind::Plot, "2", ["status"]).await, ["available"]);
    let report = for_park(&test, file, ImportOptions { withdraw_missing: true, ..complete() }).await;
    assert_eq!((report.unchanged, report.updated, report.withdrawn), (1, 0, 1));
    assert_eq!(stored(&test, Kind::Plot, "2", ["status"]).await, ["off"]);
    assert_eq!(stored(&test, Kind::Plot, "3", ["status"]).await, ["available"]);
    let refused = with(&test, Kind::Plot, file, complete()).await.refused.expect("refused");
    assert_eq!(refused.code, "needs_park");
}
