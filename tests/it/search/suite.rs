//! The questions that every index answers alike.

use std::sync::Arc;

use domain::listing::{Kind, Listing};
use luodi::search::{Doc, DocKind, Embedded, Meili, Memory, SearchQuery, TextIndex};
use luodi::service::imports::settle_alone;
use luodi::tables::{Limits, Reader};
use proptest::prelude::Strategy as _;
use proptest::test_runner::{Config, TestRunner};

use super::{division, docs, found, ids, industry, put, query, remove};

/// The indexes of this machine, and a real Meilisearch where `TEST_MEILI_URL` names one.
pub(super) fn indexes(name: &str) -> Vec<(&'static str, Arc<dyn TextIndex>)> {
    let mut indexes: Vec<(&'static str, Arc<dyn TextIndex>)> =
        vec![("memory", Arc::new(Memory::new())), ("embedded", Arc::new(Embedded::in_memory().expect("an index")))];
    if let Ok(address) = std::env::var("TEST_MEILI_URL") {
        let key = std::env::var("TEST_MEILI_KEY").ok();
        let name = format!("luodi-test-{name}-{}", std::process::id());
        indexes.push(("meili", Arc::new(Meili::new(&address, key.as_deref(), &name).expect("an index"))));
    }
    indexes
}

async fn filled(name: &str) -> Vec<(&'static str, Arc<dyn TextIndex>)> {
    filled_with(name, docs()).await
}

pub(super) async fn filled_with(name: &str, docs: Vec<Doc>) -> Vec<(&'static str, Arc<dyn TextIndex>)> {
    let indexes = indexes(name);
    for (name, index) in &indexes {
        index.rebuild(docs.clone()).await.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    indexes
}

#[tokio::test]
async fn words_are_found_in_any_width_script_and_place() {
    for (name, index) in filled("words").await {
        for (text, expected) in [
            ("北仑", &["DEMO-S-0001", "G331021", "甬储出2026-045号"][..]),
            ("北仑 小港", &["甬储出2026-045号"]),
            ("標準廠房", &["DEMO-S-0001"]),
            ("园区公告", &["ZC-1"]),
            ("g331021", &["G331021"]),
            ("\u{ff27}331021", &["G331021"]),
            ("经济技术开发区 昆山", &["G321001"]),
            ("电子信息", &["G321001"]),
            ("汽车零部件", &["甬储出2026-045号"]),
            ("我想找北仑的厂房", &["DEMO-S-0001"]),
            ("2026-045", &["甬储出2026-045号"]),
        ] {
            let ids = ids(&*index, &query(text)).await;
            assert!(expected.iter().all(|id| ids.iter().any(|found| found == id)), "{name} {text}: {ids:?}");
            if name != "meili" {
                assert_eq!(ids, expected, "{name} {text}");
            }
        }
        for text in ["量子计算机", "!?。", "\u{3000}、"] {
            assert_eq!(ids(&*index, &query(text)).await, [] as [&str; 0], "{name} {text}");
        }
    }
}

#[tokio::test]
async fn a_listing_is_found_by_what_people_call_its_kind_and_use() {
    for (name, index) in filled("further-words").await {
        for (text, expected) in [
            ("土地", "甬储出2026-045号"),
            ("工业地", "甬储出2026-045号"),
            ("industrial land", "甬储出2026-045号"),
            ("车间", "DEMO-S-0001"),
            ("factory", "DEMO-S-0001"),
            ("工廠", "DEMO-S-0001"),
            ("开发区 estate", "G331021"),
        ] {
            let found = found(&*index, &query(text)).await;
            let hit = found.hits.iter().find(|hit| hit.id == expected);
            assert!(hit.is_some(), "{name} {text}: {found:?}");
            assert!(!hit.is_some_and(|hit| hit.highlight.contains("factory")), "{name}: further words are not shown");
        }
    }
}

#[tokio::test]
async fn the_last_words_are_let_go_where_not_all_are_found_together() {
    for (name, index) in filled("last").await {
        assert_eq!(ids(&*index, &query("昆山 量子纠缠")).await, ["G321001"], "{name}");
    }
}

#[tokio::test]
async fn filters_of_one_sort_widen_and_of_two_narrow() {
    for (name, index) in filled("filters").await {
        let only = |kinds: &[DocKind], regions: &[&str], industries: &[&str]| {
            query("")
                .only(
                    kinds.to_vec(),
                    regions.iter().map(|code| division(code)).collect(),
                    industries.iter().map(|code| industry(code)).collect(),
                )
                .expect("a question")
        };
        for (query, expected) in [
            (query(""), &["DEMO-S-0001", "G321001", "G331021", "ZC-1", "甬储出2026-045号"][..]),
            (only(&[DocKind::Plot, DocKind::Policy], &[], &[]), &["ZC-1", "甬储出2026-045号"]),
            (only(&[], &["330200"], &[]), &["DEMO-S-0001", "G331021", "甬储出2026-045号"]),
            (only(&[], &["330206", "320500"], &[]), &["DEMO-S-0001", "G321001", "G331021", "甬储出2026-045号"]),
            // The park by its leading industries.
            (only(&[], &["330000"], &["36"]), &["DEMO-S-0001", "G331021", "甬储出2026-045号"]),
            (only(&[DocKind::Space], &["320000"], &[]), &[]),
            (query("").demo(true), &["DEMO-S-0001"]),
        ] {
            assert_eq!(ids(&*index, &query).await, expected, "{name} {query:?}");
        }
    }
}

#[tokio::test]
async fn facets_and_total_count_everything_found_and_pages_part_it() {
    for (name, index) in filled("facets").await {
        let first = found(&*index, &SearchQuery::new("", 1, 2).expect("a question")).await;
        assert_eq!((first.total, first.hits.len()), (5, 2), "{name}");
        let kinds: Vec<(DocKind, u64)> = first.facets.kinds.into_iter().collect();
        assert_eq!(
            kinds,
            [(DocKind::Park, 2), (DocKind::Plot, 1), (DocKind::Space, 1), (DocKind::Policy, 1)],
            "{name}"
        );
        assert_eq!(first.facets.provinces.get("330000"), Some(&4), "{name}");
        let mut ids: Vec<String> = first.hits.into_iter().map(|hit| hit.id).collect();
        for page in 2..=4 {
            let hits = found(&*index, &SearchQuery::new("", page, 2).expect("a question")).await;
            assert_eq!(hits.total, 5, "{name}");
            ids.extend(hits.hits.into_iter().map(|hit| hit.id));
        }
        ids.sort();
        assert_eq!(ids, ["DEMO-S-0001", "G321001", "G331021", "ZC-1", "甬储出2026-045号"], "{name}");
    }
}

#[tokio::test]
async fn highlights_mark_words_and_escape_the_rest() {
    for (name, index) in filled("marks").await {
        let highlight = async |text: &str| found(&*index, &query(text)).await.hits[0].highlight.clone();
        assert_eq!(highlight("小港").await, "北仑区<em>小港</em>街道&lt;纬三路&gt;北侧", "{name}");
        assert_eq!(highlight("標準廠房").await, "<em>标准厂房</em>A3栋2层", "{name}");
        assert_eq!(highlight("ａ3").await, "标准厂房<em>A3</em>栋2层", "{name}");
        let body = highlight("税收").await;
        assert!(body.contains("亩均<em>税收</em>等控制指标"), "{name} {body}");
    }
}

#[tokio::test]
async fn changes_are_seen_at_once_and_may_be_repeated() {
    for (name, index) in filled("changes").await {
        let mut plot = docs().into_iter().find(|doc| doc.kind == DocKind::Plot).expect("a plot");
        plot.title = "大榭开发区示例地块".to_owned();
        for _ in 0..2 {
            let changes = [put(&plot), remove(DocKind::Park, "G321001"), remove(DocKind::Space, "G331021")];
            index.apply(&changes).await.expect("applied");
            assert_eq!(ids(&*index, &query("大榭")).await, ["甬储出2026-045号"], "{name}");
            assert_eq!(ids(&*index, &query("小港")).await, ["甬储出2026-045号"], "{name}: the body has it still");
            assert_eq!(ids(&*index, &query("昆山")).await, [] as [&str; 0], "{name}");
            assert_eq!(
                ids(&*index, &query("宁波经济技术")).await.len(),
                3,
                "{name}: a space of a park's id is no park"
            );
            assert_eq!(index.health().await.expect("well").docs, 4, "{name}");
        }
        index.apply(&[remove(DocKind::Plot, "甬储出2026-045号"), put(&plot)]).await.expect("applied");
        assert_eq!(ids(&*index, &query("大榭")).await, ["甬储出2026-045号"], "{name}: the last change counts");
        index.rebuild(vec![plot]).await.expect("rebuilt");
        assert_eq!(index.health().await.expect("well").docs, 1, "{name}");
    }
}

#[tokio::test]
async fn an_index_on_disk_is_found_again_and_a_broken_one_begun_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let index = Embedded::open(folder.path()).expect("an index");
    index.rebuild(docs()).await.expect("rebuilt");
    drop(index);
    let index = Embedded::open(folder.path()).expect("an index");
    assert_eq!(ids(&index, &query("昆山")).await, ["G321001"]);
    drop(index);
    std::fs::write(folder.path().join("v13/meta.json"), "{").expect("broken");
    let index = Embedded::open(folder.path()).expect("an index");
    assert_eq!(index.health().await.expect("well").docs, 0);
    index.apply(&[put(&docs()[0])]).await.expect("applied");
    assert_eq!(index.health().await.expect("well").docs, 1);
}

#[tokio::test]
async fn two_processes_may_write_to_one_folder_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let [one, other] = [(), ()].map(|()| Embedded::open(folder.path()).expect("an index"));
    let docs = docs();
    for pair in docs.chunks(2) {
        let (first, last) = ([put(&pair[0])], [put(&pair[pair.len() - 1])]);
        let (first, last) = tokio::join!(one.apply(&first), other.apply(&last));
        first.and(last).expect("applied");
    }
    let both = Embedded::open(folder.path()).expect("an index");
    assert_eq!(both.health().await.expect("well").docs, docs.len() as u64);
}

fn inventory() -> Vec<Doc> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("config/data");
    let records = |kind, name| {
        let sheets = Reader::new(Limits::command_line()).read(&folder.join(name)).expect("a table");
        let plan = settle_alone(kind, sheets).expect("a header");
        plan.settled.into_iter().map(|settled| settled.after).collect::<Vec<_>>()
    };
    let parks = records(Kind::Park, "demo_parks.csv");
    let listings: Vec<Listing> = parks.iter().map(Listing::from_park).collect();
    let park = |code: &str| listings.iter().find(|park| &*park.id == code);
    let rest = [(Kind::Plot, "demo_plots.csv"), (Kind::Space, "demo_spaces.csv")];
    let rest: Vec<_> = rest.into_iter().flat_map(|(kind, name)| records(kind, name)).collect();
    parks.iter().chain(&rest).filter_map(|record| Doc::of_listing(record, park(record.get("park_code")))).collect()
}

/// The plain scan is what the embedded index is measured by: any question finds the same things in both.
#[test]
fn the_embedded_index_finds_what_a_plain_scan_finds() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let (memory, embedded) = (Memory::new(), Embedded::in_memory().expect("an index"));
    let docs = inventory();
    runtime.block_on(memory.rebuild(docs.clone())).expect("rebuilt");
    runtime.block_on(embedded.rebuild(docs.clone())).expect("rebuilt");
    // Pieces of real texts, cut anywhere, and two of them together.
    let texts: Vec<String> = docs.iter().flat_map(|doc| [doc.title.clone(), doc.body.clone()]).collect();
    let piece = (0..texts.len(), 0_usize..200, 1_usize..8).prop_map(move |(text, start, length)| {
        let chars: Vec<char> = texts[text].chars().collect();
        chars.iter().cycle().skip(start % chars.len().max(1)).take(length.min(chars.len())).collect::<String>()
    });
    let kinds = proptest::sample::subsequence(vec![DocKind::Park, DocKind::Plot, DocKind::Space], 0..=2);
    let regions = proptest::sample::subsequence(vec!["330000", "320500", "440000"], 0..=2);
    let questions = (proptest::collection::vec(piece, 1..3), kinds, regions, proptest::option::of(proptest::bool::ANY));
    let mut runner = TestRunner::new(Config::with_cases(150));
    let answered = runner.run(&questions, |(pieces, kinds, regions, demo)| {
        let regions = regions.into_iter().map(division).collect();
        let mut question = SearchQuery::new(&pieces.join(" "), 1, 20).expect("a question");
        question = question.only(kinds, regions, Vec::new()).expect("a question");
        if let Some(demo) = demo {
            question = question.demo(demo);
        }
        let [plain, indexed] =
            [&memory as &dyn TextIndex, &embedded].map(|index| runtime.block_on(found(index, &question)));
        assert_eq!((plain.total, &plain.facets), (indexed.total, &indexed.facets), "{question:?}");
        if plain.total <= 20 {
            let sorted = |hits: &[luodi::search::Hit]| {
                let mut hits: Vec<_> = hits.iter().map(|hit| (hit.id.clone(), hit.highlight.clone())).collect();
                hits.sort();
                hits
            };
            assert_eq!(sorted(&plain.hits), sorted(&indexed.hits), "{question:?}");
        }
        Ok(())
    });
    answered.expect("the same");
}
