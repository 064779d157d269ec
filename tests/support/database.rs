//! Databases for tests: a SQLite file, and a PostgreSQL cluster on a Unix socket that lives as long as the test program.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use luodi::config;
use luodi::db::Db;
use migrations::{Migrator, MigratorTrait as _};
use sea_orm::{ConnectionTrait as _, DatabaseConnection};
use tempfile::TempDir;

/// Makes a cluster, prints its folder, and removes it when its input ends, which it does when the tests do.
const CLUSTER: &str = r#"
set -e
bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
dir=$(mktemp -d /tmp/luodi-pg.XXXXXX)
"$bin/initdb" -D "$dir/data" -A trust -U luodi -E UTF8 --no-locale --no-sync >"$dir/initdb" 2>&1
"$bin/postgres" -D "$dir/data" -c listen_addresses= -c unix_socket_directories="$dir" -c max_connections=300 >"$dir/log" 2>&1 &
server=$!
until "$bin/pg_isready" -q -h "$dir"; do kill -0 $server; sleep 0.1; done
echo "$dir"
read -r _ || true
kill -INT $server
wait $server || true
rm -rf "$dir"
"#;

struct Cluster {
    folder: String,
    // Its standard input is what keeps the cluster alive.
    _shell: Child,
}

static CLUSTER_OF_THIS_RUN: OnceLock<Option<Cluster>> = OnceLock::new();
static NAMES: AtomicUsize = AtomicUsize::new(0);

/// A migrated, empty database.
pub(crate) struct TestDb {
    pub(crate) name: &'static str,
    pub(crate) url: String,
    pub(crate) db: Db,
    /// For looking at what is there, past the program's own queries.
    pub(crate) raw: DatabaseConnection,
    _folder: Option<TempDir>,
}

impl TestDb {
    async fn open(name: &'static str, url: String, folder: Option<TempDir>) -> Self {
        let raw = sea_orm::Database::connect(url.as_str()).await.expect("connects");
        Migrator::up(&raw, None).await.expect("migrates");
        let db = Db::connect(&settings(&url)).await.expect("connects");
        Self { name, url, db, raw, _folder: folder }
    }

    /// A second handle, as another process would have.
    pub(crate) async fn another(&self) -> Db {
        Db::connect(&settings(&self.url)).await.expect("connects")
    }

    /// Runs statements as they stand.
    pub(crate) async fn execute(&self, sql: &str) {
        self.raw.execute_unprepared(sql).await.expect(sql);
    }

    /// The rows of a query whose columns are all text, joined by `|`.
    pub(crate) async fn rows(&self, sql: &str) -> Vec<String> {
        let statement = sea_orm::Statement::from_string(self.raw.get_database_backend(), sql);
        let rows = self.raw.query_all_raw(statement).await.expect(sql);
        let text = |row: &sea_orm::QueryResult| {
            let cells = (0..row.column_names().len()).map(|at| row.try_get_by_index::<Option<String>>(at).expect(sql));
            cells.map(Option::unwrap_or_default).collect::<Vec<_>>().join("|")
        };
        rows.iter().map(text).collect()
    }
}

fn settings(url: &str) -> config::Database {
    config::Database { url: url.to_owned().into(), connections: 8, acquire_seconds: 10 }
}

/// A SQLite database.
pub(crate) async fn sqlite() -> TestDb {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("luodi.db").display());
    TestDb::open("sqlite", url, Some(folder)).await
}

/// A database of the run's PostgreSQL cluster; none where PostgreSQL is not installed, which is said loudly.
#[expect(clippy::print_stderr, reason = "a skip must be seen")]
pub(crate) async fn postgres() -> Option<TestDb> {
    let Some(cluster) = CLUSTER_OF_THIS_RUN.get_or_init(start) else {
        let required = std::env::var("LUODI_TEST_REQUIRE").unwrap_or_default();
        assert!(!required.split(',').any(|part| part == "postgres"), "PostgreSQL is required and could not be started");
        eprintln!("SKIPPED: PostgreSQL is not installed, only SQLite was tested");
        return None;
    };
    let name = format!("test{}", NAMES.fetch_add(1, Ordering::Relaxed));
    let url = |name: &str| format!("postgres://luodi@localhost/{name}?host={}", cluster.folder);
    let server = sea_orm::Database::connect(url("postgres")).await.expect("connects");
    server.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a database");
    Some(TestDb::open("postgres", url(&name), None).await)
}

/// Every kind of database there is here.
pub(crate) async fn each() -> Vec<TestDb> {
    let mut all = vec![sqlite().await];
    all.extend(postgres().await);
    all
}

fn start() -> Option<Cluster> {
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
    // initdb refuses root.
    let mut command = if is_root { Command::new("runuser") } else { Command::new("sh") };
    if is_root {
        command.args(["-u", "postgres", "--", "sh"]);
    }
    command.args(["-c", CLUSTER]).current_dir("/").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut shell = command.spawn().ok()?;
    let mut folder = String::new();
    BufReader::new(shell.stdout.take()?).read_line(&mut folder).ok()?;
    let folder = folder.trim_end().to_owned();
    (!folder.is_empty()).then_some(Cluster { folder, _shell: shell })
}
