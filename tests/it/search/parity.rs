//! One behaviour of every engine on the real inventory: sets and totals of filters, codes, exact names and single words. A real
//! Meilisearch is asked where `TEST_MEILI_URL` names one; `PARITY_REPORT=FILE` writes the table.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use domain::region::{DivisionCode, DivisionLevel, divisions};
use luodi::demo;
use luodi::search::{Doc, DocKind, SearchQuery, TextIndex};
use luodi::service::search_documents::documents;

use super::suite::indexes;
use crate::app::TestApp;
use crate::database;

const FEWEST_QUERIES: usize = 300;
const PER_PAGE: u32 = 100;
/// Results of which the set is compared; of more the total and the first ones.
const MOST_COMPARED: u64 = 400;
/// Words that people look for, one at a time.
const WORDS: &str = "厂房 标准厂房 仓库 仓储 土地 地块 工业用地 标准地 孵化器 众创空间 加速器 写字楼 研发 物流 冷库 电镀 化工 医药 汽车 \
    电子 半导体 光伏 新能源 机械 装备 食品 纺织 家具 建材 钢铁 有色 石化 软件 通信 航空 船舶 模具 电机 电池 经济技术开发区 高新区 \
    保税区 工业园 产业园 factory warehouse land park office incubator";

/// More documents than pages reach.
const BEYOND_PAGES: usize = 10_100;

/// A query with the class by which it is counted.
struct ParityQuery {
    class: &'static str,
    told: String,
    query: SearchQuery,
}

fn asked(text: &str) -> SearchQuery {
    SearchQuery::new(text, 1, PER_PAGE).expect("a query").strict()
}

fn queries(docs: &[Doc]) -> Vec<ParityQuery> {
    let mut all = Vec::new();
    let mut add = |class, told: &str, query| all.push(ParityQuery { class, told: told.to_owned(), query });
    let provinces = divisions().all().iter().filter(|division| division.level == DivisionLevel::Province);
    for province in provinces {
        let within = |kinds: &[DocKind]| asked("").only(kinds.to_vec(), vec![province.code], Vec::new());
        add("filter", &province.name, within(&[]).expect("a query"));
        add("filter", &format!("{} plots", province.name), within(&[DocKind::Plot]).expect("a query"));
    }
    let cities: BTreeSet<DivisionCode> = docs.iter().filter_map(|doc| doc.regions.get(1).copied()).collect();
    for city in cities.into_iter().step_by(6) {
        let query = asked("").only(Vec::new(), vec![city], Vec::new()).expect("a query");
        add("filter", &divisions().full_name(city), query);
    }
    for level in ["国家级", "省级"] {
        add("filter", level, asked("").having("level", &[level.to_owned()]).expect("a query"));
    }
    for doc in docs.iter().step_by(docs.len().div_ceil(80)) {
        add("code", &doc.id, asked(&doc.id));
    }
    let parks = docs.iter().filter(|doc| doc.kind == DocKind::Park);
    let parks: Vec<&Doc> = parks.collect();
    for park in parks.iter().step_by(parks.len().div_ceil(80)) {
        add("name", &park.title, asked(&park.title));
    }
    for word in WORDS.split_whitespace() {
        add("word", word, asked(word));
    }
    all
}

/// The total, and the results as far as they are compared.
async fn found(index: &dyn TextIndex, query: &SearchQuery) -> (u64, BTreeSet<(DocKind, String)>) {
    let first = index.search(query).await.expect("an answer");
    let mut ids: BTreeSet<_> = first.hits.iter().map(|hit| (hit.kind, hit.id.clone())).collect();
    if first.total > MOST_COMPARED {
        return (first.total, BTreeSet::new());
    }
    for page in 2..=u32::try_from(first.total).expect("few").div_ceil(PER_PAGE) {
        let next = index.search(&query.clone().at_page(page)).await.expect("an answer");
        ids.extend(next.hits.into_iter().map(|hit| (hit.kind, hit.id)));
    }
    (first.total, ids)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_engine_finds_the_same_for_filters_codes_names_and_words() {
    let test = TestApp::without_import(database::sqlite().await, &[]).await;
    demo::load(&test.app).await.expect("the demo inventory");
    let docs = documents(&test.app).await.expect("documents");
    let all = queries(&docs);
    assert!(all.len() >= FEWEST_QUERIES, "{} queries", all.len());
    let engines: Vec<(&str, Arc<dyn TextIndex>)> = indexes("parity");
    for (name, engine) in &engines {
        engine.rebuild(docs.clone()).await.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    let ((_, reference), others) = engines.split_first().expect("an engine");
    let mut table: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    let mut apart = Vec::new();
    for asked in &all {
        let wanted = found(&**reference, &asked.query).await;
        for (name, engine) in others {
            let got = found(&**engine, &asked.query).await;
            let counts = table.entry((name, asked.class)).or_default();
            counts.1 += 1;
            counts.0 += usize::from(got == wanted);
            if got != wanted {
                apart.push(format!("{name} {} {}: {} against {}", asked.class, asked.told, got.0, wanted.0));
            }
        }
    }
    let mut report = String::new();
    for ((name, class), (equal, of)) in &table {
        writeln!(report, "{name} {class}: {equal} of {of} equal").expect("memory");
    }
    writeln!(report, "{}", apart.join("\n")).expect("memory");
    if let Ok(path) = std::env::var("PARITY_REPORT") {
        std::fs::write(path, &report).expect("a file");
    }
    assert!(apart.is_empty(), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_total_beyond_the_deepest_page_is_exact_in_every_engine() {
    let one = super::docs().into_iter().find(|doc| doc.kind == DocKind::Plot).expect("a plot");
    let docs: Vec<Doc> = (0..BEYOND_PAGES).map(|n| Doc { id: format!("P{n:05}"), ..one.clone() }).collect();
    for (name, engine) in indexes("beyond") {
        engine.rebuild(docs.clone()).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        for text in ["", "北仑", "北仑 小港"] {
            let last = SearchQuery::new(text, 100, PER_PAGE).expect("a query");
            let found = engine.search(&last).await.expect("an answer");
            let ids: Vec<&str> = found.hits.iter().map(|hit| hit.id.as_str()).collect();
            assert_eq!((found.total, ids.len()), (BEYOND_PAGES as u64, 100), "{name} {text}");
            assert_eq!((ids[0], ids[99]), ("P09900", "P09999"), "{name} {text}");
            assert_eq!(found.facets.provinces.get("330000"), Some(&(BEYOND_PAGES as u64)), "{name} {text}");
        }
    }
}
