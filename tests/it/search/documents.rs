//! What goes into an index.

use luodi::demo;
use luodi::search::{Doc, DocKind};
use luodi::service::search_documents::documents;
use sha2::{Digest as _, Sha256};

use super::{docs, industry};
use crate::app::TestApp;
use crate::database;

/// SHA-256 of the documents of the demo inventory, which indexes of this version hold. Where it moves, raise the versions of both
/// indexes (`embedded.rs`, `meili/mod.rs`) with it: what a release before has on its disk is otherwise taken for equal.
const DEMO_DOCUMENTS: &str = "d5be01b6c38d98b942edcc2b9bf7e53ed27b8518c1b46c5490ab93a9cd938e7c";

#[test]
fn no_inbox_and_no_telephone_number_goes_into_an_index() {
    let all = serde_json::to_string(&docs()).expect("JSON");
    assert!(all.contains("宁波经济技术开发区"));
    assert!(!all.contains("secret@") && !all.contains("13800130000"), "{all}");
}

#[test]
fn a_document_lies_in_its_divisions_and_industries_and_all_around_them() {
    let docs = docs();
    let plot = docs.iter().find(|doc| doc.kind == DocKind::Plot).expect("a plot");
    let codes: Vec<String> = plot.regions.iter().map(ToString::to_string).collect();
    assert_eq!(codes, ["330206", "330200", "330000"]);
    assert_eq!(plot.province().map(|code| code.to_string()).as_deref(), Some("330000"));
    for code in ["C", "36", "367", "3670"] {
        assert!(plot.industries.contains(&industry(code)), "{code}");
    }
    let space = docs.iter().find(|doc| doc.kind == DocKind::Space).expect("a space");
    assert_eq!(space.regions, plot.regions, "a space that names no place lies where its park does");
    assert!(space.body.contains("宁波经济技术开发区") && space.demo);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_documents_of_the_same_records_are_another_version_of_the_index() {
    let test = TestApp::without_import(database::sqlite().await, &[]).await;
    demo::load(&test.app).await.expect("the demo inventory");
    let mut docs = documents(&test.app).await.expect("documents");
    docs.sort_by(|a, b| (a.kind, &a.id).cmp(&(b.kind, &b.id)));
    let mut sha = Sha256::new();
    for doc in docs {
        // The place is of the day.
        sha.update(serde_json::to_vec(&Doc { place: 0, ..doc }).expect("JSON"));
    }
    let digest: String = sha.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(digest, DEMO_DOCUMENTS);
}
