//! Test databases: SQLite files, and a PostgreSQL cluster on a Unix socket that lives as long as the test program.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};

use luodi::config;
use luodi::db::Db;
use migrations::{Migrator, MigratorTrait as _};
use sea_orm::{ConnectionTrait as _, DatabaseBackend, DatabaseConnection, QueryResult, Statement};
use tempfile::TempDir;

/// Creates a cluster, prints its folder, and removes it at the end of its standard input, which closes with the test
/// program. A line of input stops the server with SIGQUIT (crash) and starts it again.
const CLUSTER: &str = r#"
set -e
bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
dir=$(mktemp -d)
"$bin/initdb" -D "$dir/data" -A trust -U luodi -E UTF8 --no-locale --no-sync >"$dir/initdb" 2>&1
start() {
  "$bin/postgres" -D "$dir/data" -c listen_addresses= -c unix_socket_directories="$dir" -c max_connections=300 >>"$dir/log" 2>&1 &
  server=$!
  until "$bin/pg_isready" -q -h "$dir"; do kill -0 $server; sleep 0.1; done
  echo "$dir"
}
start
while read -r _; do
  kill -QUIT $server
  wait $server || true
  start
done
kill -INT $server
wait $server || true
rm -rf "$dir"
"#;

/// Password in URLs; the cluster trusts every connection, so its appearance in any output proves a leaked secret.
pub(crate) const PASSWORD: &str = "canary-database-password";

struct Cluster {
    folder: String,
    // The script's standard input keeps the cluster alive.
    shell: Mutex<(Child, BufReader<ChildStdout>)>,
}

static CLUSTER_OF_THIS_RUN: OnceLock<Option<Cluster>> = OnceLock::new();
static NAMES: AtomicUsize = AtomicUsize::new(0);

/// Migrated, empty database.
pub(crate) struct TestDb {
    pub(crate) name: &'static str,
    pub(crate) url: String,
    pub(crate) db: Db,
    /// Direct connection for assertions, past the program's queries.
    pub(crate) raw: DatabaseConnection,
    _folder: Option<TempDir>,
}

/// Direct connection, past the program's queries.
#[derive(Debug, Clone)]
pub(crate) struct Raw(DatabaseConnection);

impl Raw {
    /// Opens an existing database.
    pub(crate) async fn open(url: &str) -> Self {
        // One connection, so that transactions begun by raw SQL stay on it.
        let mut options = sea_orm::ConnectOptions::new(url.to_owned());
        options.max_connections(1);
        Self(sea_orm::Database::connect(options).await.expect("connects"))
    }

    pub(crate) fn connection(&self) -> &DatabaseConnection {
        &self.0
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        self.0.get_database_backend() == DatabaseBackend::Sqlite
    }

    /// Executes raw statements.
    pub(crate) async fn execute(&self, sql: &str) {
        self.0.execute_unprepared(sql).await.expect(sql);
    }

    /// Rows of a query whose columns are all text, joined by `|`.
    pub(crate) async fn rows(&self, sql: &str) -> Vec<String> {
        let statement = Statement::from_string(self.0.get_database_backend(), sql);
        let rows = self.0.query_all_raw(statement).await.expect(sql);
        let text = |row: &QueryResult| {
            let cells = (0..row.column_names().len()).map(|at| row.try_get_by_index::<Option<String>>(at).expect(sql));
            cells.map(Option::unwrap_or_default).collect::<Vec<_>>().join("|")
        };
        rows.iter().map(text).collect()
    }
}

impl TestDb {
    async fn open(name: &'static str, url: String, folder: Option<TempDir>) -> Self {
        let Raw(raw) = Raw::open(&url).await;
        Migrator::up(&raw, None).await.expect("migrates");
        let db = Db::connect(&settings(&url)).await.expect("connects");
        Self { name, url, db, raw, _folder: folder }
    }

    /// Second handle, as another process would have.
    pub(crate) async fn another(&self) -> Db {
        Db::connect(&settings(&self.url)).await.expect("connects")
    }

    /// See [`Raw::execute`].
    pub(crate) async fn execute(&self, sql: &str) {
        Raw(self.raw.clone()).execute(sql).await;
    }

    /// See [`Raw::rows`].
    pub(crate) async fn rows(&self, sql: &str) -> Vec<String> {
        Raw(self.raw.clone()).rows(sql).await
    }
}

pub(crate) fn settings(url: &str) -> config::DatabaseConfig {
    config::DatabaseConfig {
        url: url.to_owned().into(),
        connections: 8,
        acquire_seconds: 10,
        least_free_mb: 0,
        private_network: false,
    }
}

/// Creates a SQLite database.
pub(crate) async fn sqlite() -> TestDb {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("luodi.db").display());
    TestDb::open("sqlite", url, Some(folder)).await
}

/// Creates a database of every kind available, filled by its own script of statements and then migrated.
pub(crate) async fn each_filled(of_sqlite: &str, of_postgres: &str) -> Vec<TestDb> {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("luodi.db").display());
    Raw::open(&url).await.execute(of_sqlite).await;
    let mut all = vec![TestDb::open("sqlite", url, Some(folder)).await];
    if let Some(url) = postgres_url().await {
        Raw::open(&url).await.execute(of_postgres).await;
        all.push(TestDb::open("postgres", url, None).await);
    }
    all
}

/// Creates a database in the PostgreSQL cluster; `None`, with a notice, where PostgreSQL is not installed.
pub(crate) async fn postgres() -> Option<TestDb> {
    let url = postgres_url().await?;
    Some(TestDb::open("postgres", url, None).await)
}

/// URL of a new, empty PostgreSQL database; see [`postgres`].
#[expect(clippy::print_stderr, reason = "a skip must be seen")]
pub(crate) async fn postgres_url() -> Option<String> {
    let Some(cluster) = CLUSTER_OF_THIS_RUN.get_or_init(start) else {
        let required = std::env::var("LUODI_TEST_REQUIRE").unwrap_or_default();
        assert!(!required.split(',').any(|part| part == "postgres"), "PostgreSQL is required and could not be started");
        eprintln!("SKIPPED: PostgreSQL is not installed, only SQLite was tested");
        return None;
    };
    let name = format!("test{}", NAMES.fetch_add(1, Ordering::Relaxed));
    let url = |name: &str| format!("postgres://luodi:{PASSWORD}@localhost/{name}?host={}", cluster.folder);
    Raw::open(&url("postgres")).await.execute(&format!("CREATE DATABASE {name}")).await;
    Some(url(&name))
}

/// Crashes and restarts the PostgreSQL server.
pub(crate) fn restart_postgres() {
    let Some(Some(cluster)) = CLUSTER_OF_THIS_RUN.get() else { return };
    let mut shell = cluster.shell.lock().expect("no panic");
    let (child, says) = &mut *shell;
    child.stdin.as_mut().expect("its input").write_all(b"restart\n").expect("asks");
    says.read_line(&mut String::new()).expect("is up again");
}

/// One database of each available kind.
pub(crate) async fn each() -> Vec<TestDb> {
    let mut all = vec![sqlite().await];
    all.extend(postgres().await);
    all
}

fn start() -> Option<Cluster> {
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
    // initdb refuses to run as root.
    let mut command = if is_root { Command::new("runuser") } else { Command::new("sh") };
    if is_root {
        command.args(["-u", "postgres", "--", "sh"]);
    }
    command.args(["-c", CLUSTER]).current_dir("/").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut shell = command.spawn().ok()?;
    let mut folder = String::new();
    let mut says = BufReader::new(shell.stdout.take()?);
    says.read_line(&mut folder).ok()?;
    let folder = folder.trim_end().to_owned();
    (!folder.is_empty()).then(|| Cluster { folder, shell: Mutex::new((shell, says)) })
}
