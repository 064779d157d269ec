//! An import taken back as a whole, or refused where a later change touched a row of it.

use domain::kind::Kind;
use luodi::service::imports::{ImportOptions, undo};
use luodi::tables::{Format, write};

use super::{PARKS, plots, with};
use crate::app::TestApp;
use crate::database;

pub(super) async fn each() -> Vec<TestApp> {
    let mut all = Vec::new();
    for db in database::each().await {
        let test = TestApp::without_import(db, &[]).await;
        test.import(Kind::Park, PARKS).await;
        all.push(test);
    }
    all
}

pub(super) async fn export(test: &TestApp) -> Vec<u8> {
    let records = test.app.db.listings_of(Kind::Plot).await.expect("records");
    write(Kind::Plot, &records, Format::Csv).expect("a file")
}

#[tokio::test]
async fn undoing_restores_the_export_to_the_byte() {
    for test in each().await {
        plots(&test, "plot_no,park_code,province,area_mu,status\n1,A,浙江省,10,available\n2,A,浙江省,20,\n").await;
        let before = export(&test).await;
        let file = "plot_no,park_code,province,area_mu\n1,A,浙江省,11\n2,A,浙江省,\n1,B,浙江省,5\n3,B,浙江省,6\n";
        let report = plots(&test, file).await;
        assert_eq!((report.created, report.updated), (2, 2));
        let id = report.import.expect("an import");
        let undone = undo(&test.app, &id, "operator").await.expect("an answer");
        assert_eq!((undone.restored, undone.removed, undone.refused.is_none()), (2, 2, true));
        assert_eq!(export(&test).await, before);
        assert_eq!(test.get("/api/v1/listings/B%2F1").await.status, 404);
        let again = undo(&test.app, &id, "operator").await.expect("an answer").refused.expect("refused");
        assert_eq!(again.code, "undone_before");
        let listed = test.app.db.imports().await.expect("a list");
        assert!(listed.iter().any(|import| import.id == id && import.undone_at.is_some()));
    }
}

#[tokio::test]
async fn an_import_whose_rows_changed_since_is_not_undone_and_they_are_named() {
    for test in each().await {
        let first = plots(&test, "plot_no,province,area_mu\n1,浙江省,10\n2,浙江省,20\n").await;
        plots(&test, "plot_no,province,area_mu\n2,浙江省,21\n").await;
        let before = export(&test).await;
        let refused = undo(&test.app, &first.import.expect("an import"), "operator").await.expect("an answer");
        let refused = refused.refused.expect("refused");
        assert_eq!((refused.code, refused.ids), ("changed_since", vec!["2".to_owned()]));
        assert_eq!(export(&test).await, before);
        let unknown = undo(&test.app, "none", "operator").await.expect("an answer").refused.expect("refused");
        assert_eq!(unknown.code, "unknown_import");
    }
}

#[tokio::test]
async fn a_dry_run_says_the_same_and_keeps_nothing() {
    for test in each().await {
        plots(&test, "plot_no,province,area_mu\n1,浙江省,10\n").await;
        let (before, imports) = (export(&test).await, test.app.db.imports().await.expect("a list").len());
        let file = "plot_no,province,area_mu\n1,浙江省,11\n2,浙江省,20亩\n3,浙江省,约3\n";
        let dry = with(&test, Kind::Plot, file, ImportOptions { dry_run: true, ..ImportOptions::default() }).await;
        assert_eq!((dry.import.as_ref(), export(&test).await), (None, before));
        assert_eq!(test.app.db.imports().await.expect("a list").len(), imports);
        let real = plots(&test, file).await;
        assert_eq!((dry.created, dry.updated, dry.changes.len()), (real.created, real.updated, real.changes.len()));
        assert_eq!((dry.rejected.len(), dry.warnings.len()), (real.rejected.len(), real.warnings.len()));
        let change = &real.changes[0];
        assert_eq!((change.row, change.column, change.from.as_str(), change.to.as_str()), (2, "area_mu", "10", "11"));
    }
}
