//! Words: the same questions to every index, their limits, and a Meilisearch that misbehaves.

mod breaker;
mod documents;
mod figures;
mod judged;
mod keeper;
mod limits;
mod meili;
mod parity;
mod suite;
mod typed;

use domain::industry::IndustryCode;
use domain::listing::{Kind, Listing};
use domain::record::{Policies, Record, Table};
use domain::region::DivisionCode;
use luodi::search::{Doc, DocKind, HitPage, IndexChange, SearchQuery, TextIndex};

fn record<T: Table>(table: T, cells: &[(&str, &str)]) -> Record<T> {
    Record::of_cells(table, cells.iter().copied())
}

/// A small inventory with two parks, plots, spaces and a policy.
fn docs() -> Vec<Doc> {
    let park = |code, name, level, county_code, industries| {
        let province = if county_code == "330206" { "浙江省" } else { "江苏省" };
        record(
            Kind::Park,
            &[
                ("code", code),
                ("name", name),
                ("level", level),
                ("province", province),
                ("county_code", county_code),
                ("leading_industries", industries),
                ("inbox_email", "secret@example.com"),
                ("service_phone", "13800130000"),
            ],
        )
    };
    let beilun = park("G331021", "宁波经济技术开发区", "国家级", "330206", "汽车、装备制造、石化");
    let suzhou = park("G321001", "昆山经济技术开发区", "国家级", "320583", "电子信息、精密机械");
    let listing = Listing::from_park(&beilun);
    let plot = record(
        Kind::Plot,
        &[
            ("plot_no", "甬储出2026-045号"),
            ("province", "浙江省"),
            ("city", "宁波市"),
            ("county", "北仑区"),
            ("location", "北仑区小港街道<纬三路>北侧"),
            ("land_use", "二类工业用地"),
            ("industry_code_gb4754", "3670"),
            ("park_code", "G331021"),
        ],
    );
    let space = record(
        Kind::Space,
        &[
            ("space_no", "DEMO-S-0001"),
            ("name", "标准厂房A3栋2层"),
            ("kind", "factory"),
            ("province", ""),
            ("park_code", "G331021"),
            ("industries", "36;38"),
            ("demo", "yes"),
        ],
    );
    let policy = record(
        Policies,
        &[
            ("policy_id", "ZC-1"),
            ("title", "工业用地“标准地”出让办法"),
            ("summary", "固定资产投资强度、亩均税收等控制指标,由園區公告"),
            ("region_code", "330000"),
            ("issued_on", "2024-05-01"),
        ],
    );
    let mut docs: Vec<Doc> = [(&beilun, None), (&suzhou, None), (&plot, Some(&listing)), (&space, Some(&listing))]
        .into_iter()
        .filter_map(|(record, park)| Doc::of_listing(record, park))
        .collect();
    docs.push(Doc::of_policy(&policy));
    docs
}

fn query(text: &str) -> SearchQuery {
    SearchQuery::new(text, 1, 20).expect("a question")
}

fn division(code: &str) -> DivisionCode {
    DivisionCode::parse(code).expect("a division")
}

fn industry(code: &str) -> IndustryCode {
    IndustryCode::parse(code).expect("an industry")
}

async fn found(index: &dyn TextIndex, query: &SearchQuery) -> HitPage {
    index.search(query).await.expect("an answer")
}

/// The ids found, in the order of their bytes.
async fn ids(index: &dyn TextIndex, query: &SearchQuery) -> Vec<String> {
    let mut ids: Vec<String> = found(index, query).await.hits.into_iter().map(|hit| hit.id).collect();
    ids.sort();
    ids
}

fn put(doc: &Doc) -> IndexChange {
    IndexChange::Put(Box::new(doc.clone()))
}

fn remove(kind: DocKind, id: &str) -> IndexChange {
    IndexChange::Remove { kind, id: id.to_owned() }
}
