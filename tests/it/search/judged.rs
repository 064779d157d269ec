//! Judged queries: what a reader types, and by which facts of a listing or policy a result is right.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use domain::facility::Facility;
use domain::industry::IndustryCode;
use domain::listing::{Detail, Kind, Listing};
use domain::record::Record;
use domain::region::{DivisionCode, divisions};
use domain::requirement::Word as _;
use luodi::demo;
use luodi::search::{DocKind, Guarded};
use luodi::service::context::Context;
use luodi::service::search::{SearchRequest, find, rebuild};

use super::suite::indexes;
use crate::app::TestApp;
use crate::database;

const JUDGED: &str = include_str!("judged.csv");
/// Results among which one must be right.
const TOP: u32 = 3;
/// Fewest queries in a hundred that find it there, of all and of each make.
const LEAST: usize = 95;
const LEAST_OF_MAKE: usize = 75;
const FEWEST_QUERIES: usize = 150;

struct Judged {
    make: String,
    language: String,
    query: String,
    /// Alternatives of conditions that hold together.
    relevant: Vec<Vec<String>>,
}

fn judged() -> Vec<Judged> {
    let rows = csv::Reader::from_reader(JUDGED.as_bytes()).into_deserialize::<(String, String, String, String)>();
    let row = |row: Result<(String, String, String, String), csv::Error>| {
        let (make, language, query, rule) = row.expect("a row");
        let relevant = rule.split(" | ").map(|all| all.split(';').map(str::to_owned).collect()).collect();
        Judged { make, language, query, relevant }
    };
    rows.map(row).collect()
}

impl Judged {
    fn accepts(&self, facts: &Facts) -> bool {
        self.relevant.iter().any(|all| all.iter().all(|condition| facts.holds(condition)))
    }
}

/// The facts of one result.
struct Facts {
    record: Option<(std::sync::Arc<Record>, Listing)>,
    kind: DocKind,
    id: String,
    title: String,
    text: String,
}

async fn facts(app: &Context, kind: DocKind, id: &str) -> Facts {
    let listing_kind = Kind::from_word(kind.word());
    let record = listing_kind.and_then(|kind| app.inventory.record(kind, id).zip(app.inventory.listing(kind, id)));
    let policy = if kind == DocKind::Policy { app.db.policy(id).await.expect("a database") } else { None };
    let cell = |name: &str| policy.as_ref().map(|policy| policy.get(name).to_owned()).unwrap_or_default();
    let title = record.as_ref().map_or_else(|| cell("title"), |(_, listing)| listing.name.to_string());
    Facts { record, kind, id: id.to_owned(), text: format!("{title} {} {}", cell("summary"), cell("tags")), title }
}

impl Facts {
    fn cell(&self, name: &str) -> &str {
        self.record.as_ref().map_or("", |(record, _)| record.get(name))
    }

    fn holds(&self, condition: &str) -> bool {
        let (name, value) = condition.split_once('=').unwrap_or((condition, ""));
        let listing = self.record.as_ref().map(|(_, listing)| listing);
        let space = match listing.map(|listing| &listing.detail) {
            Some(Detail::Space(space)) => Some(space),
            _ => None,
        };
        match name {
            "kind" => self.kind.word() == value,
            "id" => self.id == value,
            "in" => self.cell("park_code") == value,
            "name" => self.title.contains(value),
            "title" => self.kind == DocKind::Policy && self.title.contains(value),
            "text" => self.kind == DocKind::Policy && self.text.contains(value),
            "region" => {
                let outer = DivisionCode::parse(value).expect("a division");
                listing.and_then(|it| it.division).is_some_and(|inner| divisions().covers(outer, inner))
            }
            "trade" => {
                let wanted = IndustryCode::parse(value).expect("an industry");
                let stated = ["industry_code_gb4754", "industries"].map(|column| self.cell(column));
                let mut stated = stated.iter().flat_map(|cell| cell.split(';')).filter_map(IndustryCode::parse);
                stated.any(|code| code.related(wanted))
            }
            "lead" => self.cell("leading_industries").contains(value),
            "land" => self.cell("land_use").contains(value),
            "level" => self.cell("level") == value,
            "standard" => matches!(self.cell("standard_land"), "yes" | "likely") || !self.cell("tax_wan_mu").is_empty(),
            "space" => space.is_some_and(|space| space.kind.word() == value),
            "use" => space.is_some_and(|space| space.uses.iter().any(|it| it.word() == value)),
            "facility" => {
                let wanted = Facility::parse(value).expect("a facility");
                listing.is_some_and(|it| it.facilities.has.has(wanted))
            }
            figure => self.is_within(figure, value),
        }
    }

    /// Whether a figure lies in a range `min..max`, either end of which may be open.
    fn is_within(&self, figure: &str, range: &str) -> bool {
        let (min, max) = range.split_once("..").expect("a range");
        let stated = match (figure, self.kind) {
            ("land_mu", DocKind::Park) => self.cell("available_land_mu").to_owned(),
            ("land_mu", _) => match self.cell("area_sqm").parse::<f64>() {
                Ok(area) => (area * 3.0 / 2000.0).to_string(),
                Err(_) => self.cell("area_mu").to_owned(),
            },
            ("floor_m2", _) => self.cell("available_m2").to_owned(),
            _ => self.cell(figure).to_owned(),
        };
        let Ok(stated) = stated.parse::<f64>() else { return false };
        min.parse::<f64>().is_ok_and(|min| stated >= min) | min.is_empty()
            && max.parse::<f64>().is_ok_and(|max| stated <= max) | max.is_empty()
    }
}

/// The facts of everything that can be found.
async fn everything(app: &Context) -> Vec<Facts> {
    let mut all = Vec::new();
    for record in app.inventory.records() {
        all.push(facts(app, record.kind().into(), record.id()).await);
    }
    for policy in app.policies.all().iter() {
        all.push(facts(app, DocKind::Policy, policy.id()).await);
    }
    all
}

/// The ids of the first results, and whether one is right.
async fn judge(app: &Context, judged: &Judged) -> (bool, String) {
    let asked = SearchRequest { text: judged.query.clone(), page: 1, per_page: TOP, ..SearchRequest::default() };
    let found = find(app, &asked).await.expect("an answer");
    let mut told = format!("{} found, ", found.hits.total);
    let mut is_right = false;
    for hit in &found.hits.hits {
        let facts = facts(app, hit.kind, &hit.id).await;
        is_right |= judged.accepts(&facts);
        write!(told, "{} {}; ", hit.id, hit.title).expect("memory");
    }
    let filters: Vec<&str> = found.filters.iter().map(|filter| filter.text.as_str()).collect();
    write!(told, "filters {filters:?} reworded {:?}", found.reworded).expect("memory");
    (is_right, told)
}

#[tokio::test(flavor = "multi_thread")]
async fn judged_queries_find_what_is_meant_among_the_first_three() {
    let test = TestApp::without_import(database::sqlite().await, &[]).await;
    demo::load(&test.app).await.expect("the demo inventory");
    let (context, _db) = test.into_context();
    let all = judged();
    let everything = everything(&context).await;
    let without: Vec<&str> =
        all.iter().filter(|it| !everything.iter().any(|facts| it.accepts(facts))).map(|it| it.query.as_str()).collect();
    assert_eq!(without, Vec::<&str>::new(), "queries for which nothing is right");
    assert!(all.len() >= FEWEST_QUERIES && all.iter().any(|it| it.language == "en"));
    let (mut context, mut report) = (context, String::new());
    for (engine, index) in indexes("judged").into_iter().skip(1) {
        context.text = Arc::new(Guarded::alone(index));
        rebuild(&context).await.expect("an index");
        judge_all(engine, &context, &all, &mut report).await;
    }
    if let Ok(path) = std::env::var("JUDGED_REPORT") {
        std::fs::write(path, &report).expect("a file");
    }
}

/// Judges every query by one engine, and adds its counts by make to the report.
async fn judge_all(engine: &str, app: &Context, all: &[Judged], report: &mut String) {
    let mut makes: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for query in all {
        let (is_right, told) = judge(app, query).await;
        let counts = makes.entry(query.make.clone()).or_default();
        counts.0 += usize::from(is_right);
        counts.1 += 1;
        if !is_right {
            wrong.push(format!("{} {}: {told}", query.make, query.query));
        }
    }
    let right: usize = makes.values().map(|(right, _)| right).sum();
    let told = format!("{engine}: {right} of {}: {makes:?}\n{}\n", all.len(), wrong.join("\n"));
    report.push_str(&told);
    assert!(right * 100 >= LEAST * all.len(), "{told}");
    assert!(makes.values().all(|(right, all)| right * 100 >= LEAST_OF_MAKE * all), "{told}");
}
