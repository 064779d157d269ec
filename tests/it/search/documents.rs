//! What goes into an index.

use luodi::search::DocKind;

use super::{docs, industry};

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
