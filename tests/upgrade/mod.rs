//! Databases of earlier releases, brought up by the present program; and the rules of schema steps (migrations/README.md).

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use axum::http::StatusCode;
use domain::account::{Role, Scope};
use domain::lead::Stage;
use luodi::service::accounts::{self, Actor};
use luodi::service::leads;
use migrations::sea_orm_migration::SchemaManager;
use migrations::table::{SchemaChange, alter, index, int_null, key, table, text, text_null};
use migrations::{Migrator, MigratorTrait as _};
use sha2::{Digest as _, Sha256};

use crate::app::TestApp;
use crate::database::{TestDb, each, each_filled};
use crate::templates::Browser;

/// A release's database and its own exports, for SQLite and for PostgreSQL.
struct Fixture {
    release: &'static str,
    /// The schema steps that it had.
    steps: u32,
    sqlite: [&'static str; 2],
    postgres: [&'static str; 2],
}

/// One entry per release; made by `make-fixture`.
const FIXTURES: &[Fixture] = &[Fixture {
    release: "e0743a9",
    steps: 5,
    sqlite: [include_str!("e0743a9.sqlite.sql"), include_str!("e0743a9.sqlite.exports")],
    postgres: [include_str!("e0743a9.postgres.sql"), include_str!("e0743a9.postgres.exports")],
}];

/// Rows per table in a script of inserts.
fn rows(script: &str) -> BTreeMap<String, usize> {
    let mut rows = BTreeMap::new();
    for line in script.lines().filter_map(|line| line.strip_prefix("INSERT INTO ")) {
        let name = line.split(" VALUES").next().unwrap_or_default();
        let name = name.split('(').next().unwrap_or_default().trim_start_matches("public.").trim_matches('"');
        *rows.entry(name.to_owned()).or_default() += 1;
    }
    rows.remove("seaql_migrations");
    rows
}

fn run(test: &TestApp, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_luodi"))
        .args(arguments)
        .current_dir(test.mails.path())
        .env("LUODI_PROFILE", "test")
        .env("DATABASE_URL", &test.db.url)
        .output()
        .expect("runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_of_an_earlier_release_is_there_exported_and_shown() {
    for fixture in FIXTURES {
        for db in each_filled(fixture.sqlite[0], fixture.postgres[0]).await {
            let [script, exports] = if db.name == "sqlite" { fixture.sqlite } else { fixture.postgres };
            let name = format!("{} {}", fixture.release, db.name);
            let expected = rows(script);
            assert!(expected.len() >= 19 && expected.values().all(|count| *count > 0), "{name}: {expected:?}");
            let test = TestApp::without_import(db, &[]).await;
            assert_eq!(counted(&test.db, &expected).await, expected, "{name}");
            let doctor = run(&test, &["doctor"]);
            assert!(doctor.contains("0 steps pending") && !doctor.contains("unknown:"), "{name}: {doctor}");
            exported_as_before(&test, exports, &name);
            shown(&test, &name).await;
            worked_on(&test, &name).await;
        }
    }
}

async fn counted(db: &TestDb, tables: &BTreeMap<String, usize>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for table in tables.keys() {
        let count = db.rows(&format!("SELECT CAST(COUNT(*) AS TEXT) FROM {table}")).await;
        counts.insert(table.clone(), count[0].parse().expect("a number"));
    }
    counts
}

/// Every column of the release's exports has the same cells in the present program's, which may have more columns, and of
/// leads also the rows that the enterprise withdrew.
fn exported_as_before(test: &TestApp, exports: &str, name: &str) {
    for section in exports.split("== ").skip(1) {
        let (table, before) = section.split_once('\n').expect("a name");
        let (before, mut now) = (columns(before), columns(&run(test, &["export", table])));
        let states = now.get("lead_state").cloned().unwrap_or_default();
        let is_left = |at: usize| states.get(at).is_none_or(|state| state != "withdrawn");
        for cells in now.values_mut() {
            let left = cells.iter().enumerate().filter(|(at, _)| is_left(*at)).map(|(_, cell)| cell.clone());
            *cells = left.collect();
        }
        for (column, cells) in &before {
            let found = now.get(column).expect(column);
            assert_eq!(found.len(), cells.len(), "{name}: {table}.{column}");
            // A lead that is not worked any more has no due day.
            let is_same = |(now, before): (&String, &String)| now == before || column == "due_at" && now.is_empty();
            assert!(found.iter().zip(cells).all(is_same), "{name}: {table}.{column}: {found:?} {cells:?}");
        }
    }
}

fn columns(csv: &str) -> BTreeMap<String, Vec<String>> {
    let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    let header: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    let mut columns: BTreeMap<String, Vec<String>> = header.iter().map(|name| (name.clone(), Vec::new())).collect();
    for row in reader.records() {
        for (name, cell) in header.iter().zip(row.expect("a row").iter()) {
            columns.get_mut(name).expect("a column").push(cell.to_owned());
        }
    }
    columns
}

async fn shown(test: &TestApp, name: &str) {
    let live = test.db.rows("SELECT id, reference FROM requirement WHERE erased_at IS NULL").await;
    for row in &live {
        let (id, reference) = row.split_once('|').expect("two columns");
        let status = test.get(&format!("/api/v1/requirements/{reference}")).await;
        assert_eq!(status.status, StatusCode::OK, "{name}: {}", status.text);
        let inquiries = test.db.rows(&format!("SELECT id FROM inquiry WHERE requirement_id = '{id}'")).await;
        assert_eq!(status.json()["inquiries"].as_array().map(Vec::len), Some(inquiries.len()), "{name}");
        assert_eq!(test.get(&format!("/requirements/{reference}")).await.status, StatusCode::OK, "{name}");
    }
    let erased = test.db.rows("SELECT reference FROM requirement WHERE erased_at IS NOT NULL").await.remove(0);
    assert_eq!(test.get(&format!("/api/v1/requirements/{erased}")).await.status, StatusCode::GONE, "{name}");
    let link = accounts::invite(&test.app, "upgrade@example.com", Role::Admin, None).await.expect("a link");
    let mut staff = Browser { test, cookie: String::new() };
    staff.post(&link[link.find("/staff").expect("a path")..], &[("password", "a sentence of twelve")]).await;
    let inbox = staff.get("/staff").await.text;
    let leads = "SELECT l.id, i.number FROM lead l JOIN inquiry i ON i.id = l.inquiry_id WHERE NOT l.hidden AND l.state <> 'withdrawn'";
    let leads = test.db.rows(leads).await;
    assert_eq!(leads.len(), 3, "{name}");
    for lead in leads {
        let (id, number) = lead.split_once('|').expect("two columns");
        let page = staff.get(&format!("/staff/leads/{id}")).await;
        assert!(
            page.status == StatusCode::OK && page.text.contains(number) && inbox.contains(number),
            "{name}: {number}"
        );
    }
    let tasks = staff.get("/staff/tasks").await;
    assert!(tasks.status == StatusCode::OK && tasks.text.contains("no such user"), "{name}: {}", tasks.text);
}

async fn worked_on(test: &TestApp, name: &str) {
    let id = test.db.rows("SELECT id FROM account WHERE role = 'admin'").await.remove(0);
    let admin = Actor { id, email: String::new(), role: Role::Admin, scope: Scope::All };
    let rows = leads::inbox(&test.app, &admin, None, 1).await.expect("an inbox").rows;
    let shelved = rows.iter().find(|row| row.lead.stage == Stage::Shelved).expect("a lead at rest");
    let moved = TestApp::advance(&test.app, &admin, &shelved.lead.id, shelved.lead.version, "visited", "恢复");
    moved.await.unwrap_or_else(|error| panic!("{name}: {error}"));
    let body = TestApp::submission(&serde_json::json!({ "tax_wan": 1 }));
    assert_eq!(test.post_with("/api/v1/requirements", "upgrade", &body).await.status, StatusCode::CREATED, "{name}");
}

#[test]
fn a_released_step_is_never_edited() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let released = std::fs::read_to_string(folder.join("released.txt")).expect("a list");
    let released: Vec<&str> = released.lines().collect();
    assert_eq!(released.len() as u32, FIXTURES.last().expect("a release").steps);
    for line in released {
        let (file, digest) = line.split_once(' ').expect("a file and its digest");
        let text = std::fs::read_to_string(folder.join("src").join(file)).expect("a step");
        let code: Vec<&str> =
            text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")).collect();
        let found: String = Sha256::digest(code.join("\n")).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(found, digest, "{file} was released: add a step instead (migrations/README.md)");
    }
}

/// The helpers that released steps are written with must go on meaning the same.
#[tokio::test]
async fn released_steps_make_the_schema_that_they_made() {
    for fixture in FIXTURES {
        let folder = tempfile::tempdir().expect("a folder");
        let open = async |name: &str| {
            let url = format!("sqlite://{}?mode=rwc", folder.path().join(name).display());
            crate::database::Raw::open(&url).await
        };
        let (old, new) = (open("old.db").await, open("new.db").await);
        old.execute(fixture.sqlite[0]).await;
        Migrator::up(new.connection(), Some(fixture.steps)).await.expect("migrates");
        let schema = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'seaql%' ORDER BY name";
        assert_eq!(new.rows(schema).await, old.rows(schema).await, "{}", fixture.release);
    }
}

#[tokio::test]
async fn a_step_can_expand_migrate_and_contract_on_both_databases() {
    for db in each().await {
        let manager = SchemaManager::new(&db.raw);
        let made = vec![
            SchemaChange::AddTable(table("sample", vec![key("id"), text("old")])),
            SchemaChange::Fill("INSERT INTO sample (id, old) VALUES ('a', '3'), ('b', '4')"),
        ];
        alter(&manager, made).await.expect("makes");
        let expand = vec![
            SchemaChange::AddColumn("sample", int_null("new")),
            SchemaChange::AddColumn("sample", text_null("note")),
            SchemaChange::AddIndex(index("sample_new", "sample", &["new"])),
            SchemaChange::Fill("UPDATE sample SET new = CAST(old AS BIGINT)"),
        ];
        alter(&manager, expand).await.expect("expands");
        // The previous release goes on inserting its own columns.
        db.execute("UPDATE sample SET note = 'x' WHERE id = 'a'").await;
        db.execute("INSERT INTO sample (id, old) VALUES ('c', '5')").await;
        let contract = vec![SchemaChange::DropIndex("sample", "sample_new"), SchemaChange::DropColumn("sample", "old")];
        alter(&manager, contract).await.expect("contracts");
        let found = db.rows("SELECT id, CAST(new AS TEXT), note FROM sample ORDER BY id").await;
        assert_eq!(found, ["a|3|x", "b|4|", "c||"], "{}", db.name);
        alter(&manager, vec![SchemaChange::DropTable("sample")]).await.expect("drops");
    }
}
