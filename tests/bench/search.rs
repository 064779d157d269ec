//! `cargo bench --bench search`: 100,000 listings are indexed, and searched at 50 requests per second (see `README.md`).
#![expect(clippy::print_stdout, reason = "a report is what it is for")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::listing::Kind;
use domain::record::Record;
use luodi::search::{Doc, Embedded, MEILI_INDEX, Meili, SearchQuery, TextIndex, understood};

const LISTINGS: usize = 100_000;
/// Requests per second, and their number.
const RATE: u64 = 50;
const REQUESTS: u64 = 1_500;
/// Bounds.
const INDEXED_WITHIN: Duration = Duration::from_secs(60);
const P99_WITHIN: Duration = Duration::from_millis(30);

const TRADES: [(&str, &str); 6] = [
    ("3670", "汽车零部件"),
    ("3921", "通信设备"),
    ("2710", "化学药品原料药"),
    ("3484", "紧固件"),
    ("1361", "水产冷冻"),
    ("2651", "合成树脂"),
];
const PLACES: [(&str, &str, &str); 6] = [
    ("浙江省", "宁波市", "北仑区"),
    ("浙江省", "台州市", "温岭市"),
    ("江苏省", "苏州市", "昆山市"),
    ("广东省", "佛山市", "顺德区"),
    ("安徽省", "合肥市", "肥西县"),
    ("四川省", "成都市", "双流区"),
];
const QUERIES: [&str; 12] = [
    "厂房",
    "宁波 地块",
    "昆山 3000平厂房",
    "50亩 减速机",
    "标准地",
    "cangku",
    "顺德 紧固件",
    "工业用地 肥西",
    "仓库 8米层高",
    "G000042",
    "温岭 汽车零部件",
    "双流 通信设备 厂房",
];

/// The nth listing: half plots, half spaces.
fn doc(n: usize) -> Option<Doc> {
    let ((trade, product), (province, city, county)) = (TRADES[n % 6], PLACES[n / 6 % 6]);
    let (area, number) = ((n % 400 * 500 + 3_000).to_string(), format!("G{n:06}"));
    let name = format!("{county}{product}标准厂房{}号楼", n % 97);
    let location = format!("{county}工业大道{}号", n % 997);
    let place = [("province", province), ("city", city), ("county", county)];
    let record = if n.is_multiple_of(2) {
        let own = [
            ("plot_no", number.as_str()),
            ("location", &location),
            ("land_use", "二类工业用地"),
            ("area_sqm", &area),
            ("industry_code_gb4754", trade),
        ];
        Record::of_cells(Kind::Plot, place.into_iter().chain(own))
    } else {
        let own = [
            ("space_no", number.as_str()),
            ("name", &name),
            ("kind", "factory"),
            ("available_m2", &area),
            ("industries", trade),
            ("ceiling_height_m", "8"),
        ];
        Record::of_cells(Kind::Space, place.into_iter().chain(own))
    };
    Doc::of_listing(&record, None)
}

fn query(text: &str) -> SearchQuery {
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 29).unwrap_or_default();
    let meant = understood(text, today, &[]);
    let query = SearchQuery::new(&meant.text, 1, 20).expect("a query");
    let query = query.only(Vec::new(), meant.regions, Vec::new()).expect("a query");
    query.within(meant.bounds).for_trades(&meant.trades)
}

/// Searches at [`RATE`], each at its own time whether or not those before have ended; returns the sorted times.
async fn load(index: &Arc<dyn TextIndex>) -> Vec<Duration> {
    let mut clock = tokio::time::interval(Duration::from_millis(1_000 / RATE));
    let mut running = tokio::task::JoinSet::new();
    for n in 0..REQUESTS {
        let due = clock.tick().await;
        let index = Arc::clone(index);
        running.spawn(async move {
            let text = QUERIES[n as usize % QUERIES.len()];
            index.search(&query(text)).await.expect("an answer");
            due.elapsed()
        });
    }
    let mut times = running.join_all().await;
    times.sort_unstable();
    times
}

async fn measure(name: &str, index: Arc<dyn TextIndex>, has_bound: bool) {
    let started = Instant::now();
    let docs: Vec<Doc> = (0..LISTINGS).filter_map(doc).collect();
    let built = started.elapsed();
    index.rebuild(docs).await.expect("indexed");
    let indexed = started.elapsed();
    let held = index.health().await.expect("an answer").docs;
    println!("{name}: {held} documents, built in {built:.1?}, indexed in {indexed:.1?} (bound {INDEXED_WITHIN:?})");
    assert_eq!(held, LISTINGS as u64);
    let times = load(&index).await;
    let at = |share: usize| times[(times.len() * share / 1_000).min(times.len() - 1)];
    println!(
        "{name}: {RATE}/s, median {:.1?}, p99 {:.1?}, longest {:.1?}{}",
        at(500),
        at(990),
        at(1_000),
        if has_bound { format!(" (bound of p99 {P99_WITHIN:?})") } else { String::new() }
    );
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        measure("embedded", Arc::new(Embedded::open(folder.path()).expect("an index")), true).await;
        if let Ok(address) = std::env::var("TEST_MEILI_URL") {
            let key = std::env::var("TEST_MEILI_KEY").ok();
            let name = format!("{MEILI_INDEX}bench");
            measure("Meilisearch", Arc::new(Meili::new(&address, key.as_deref(), &name).expect("an index")), false)
                .await;
        }
    });
}
