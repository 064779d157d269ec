//! The least program that writes what a submit writes: the same tables, rows and bytes, one commit each, the same driver.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use migrations::{Migrator, MigratorTrait as _};
use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database, DatabaseBackend, DatabaseConnection, SqliteTransactionMode,
    Statement, TransactionOptions, TransactionTrait as _, Value,
};
use tokio::task::JoinSet;

use crate::database::{Raw, postgres_url};
use crate::scene::Stage;

/// What stands in a column.
#[derive(Clone, Copy)]
enum Cell {
    /// Different in every transaction, and the same in all of its rows.
    Fresh,
    /// As in a row that the server wrote.
    Kept,
    Number,
    /// Bytes, as many as in a row that the server wrote.
    Bytes,
}
use Cell::{Bytes, Fresh, Kept, Number};

/// The rows of one submit; columns that it leaves empty are left out.
const ROWS: [(&str, &[(&str, Cell)]); 5] = [
    (
        "idempotency",
        &[
            ("path", Kept),
            ("key", Fresh),
            ("body_hash", Kept),
            ("status", Number),
            ("body", Kept),
            ("created_at", Number),
        ],
    ),
    (
        "requirement",
        &[
            ("id", Fresh),
            ("reference", Fresh),
            ("state", Kept),
            ("body", Kept),
            ("company", Kept),
            ("contact", Kept),
            ("phone", Kept),
            ("email", Kept),
            ("locale", Kept),
            ("created_at", Number),
        ],
    ),
    (
        "consent",
        &[
            ("id", Fresh),
            ("requirement_id", Fresh),
            ("purpose", Kept),
            ("receiver", Kept),
            ("receiver_name", Kept),
            ("receiver_contact", Kept),
            ("data_kinds", Kept),
            ("notice_version", Kept),
            ("notice_hash", Kept),
            ("at", Number),
        ],
    ),
    (
        "audit",
        &[("id", Fresh), ("at", Number), ("actor", Kept), ("action", Kept), ("subject", Fresh), ("detail", Kept)],
    ),
    (
        "outbox",
        &[
            ("id", Fresh),
            ("purpose", Kept),
            ("requirement_id", Fresh),
            ("recipient", Kept),
            ("message_id", Fresh),
            ("payload", Bytes),
            ("state", Kept),
            ("attempts", Number),
            ("next_at", Number),
            ("created_at", Number),
        ],
    ),
];

/// An insert with the values that do not change.
struct Insert {
    sql: String,
    cells: Vec<(Cell, Value)>,
}

/// The program, with a database of its own.
pub(crate) struct Bare {
    connection: DatabaseConnection,
    inserts: Arc<[Insert]>,
    next: Arc<AtomicUsize>,
    tasks: usize,
    _folder: tempfile::TempDir,
}

impl Bare {
    /// Copies the shape of a submit from a database in which the server has stored some.
    pub(crate) async fn like(server: &Raw, stage: Stage) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let (url, tasks) = match stage {
            Stage::Sqlite => (format!("sqlite://{}?mode=rwc", folder.path().join("bare.db").display()), 1),
            // As many as the server has by default.
            Stage::Postgres => (postgres_url().await?, 8),
        };
        let mut options = ConnectOptions::new(url);
        options.max_connections(tasks).sqlx_logging(false).test_before_acquire(false).map_sqlx_sqlite_opts(|sqlite| {
            sqlite.pragma("journal_mode", "WAL").pragma("synchronous", "FULL").pragma("foreign_keys", "ON")
        });
        let connection = Database::connect(options).await.expect("connects");
        Migrator::up(&connection, None).await.expect("migrates");
        let mut inserts = Vec::new();
        for (table, columns) in ROWS {
            inserts.push(insert(server, connection.get_database_backend(), table, columns).await);
        }
        let (inserts, next) = (inserts.into(), Arc::default());
        Some(Self { connection, inserts, next, tasks: tasks as usize, _folder: folder })
    }

    /// Transactions a second over so long.
    pub(crate) async fn rate(&self, time: Duration) -> f64 {
        let started = Instant::now();
        let mut running = JoinSet::new();
        for _ in 0..self.tasks {
            let (connection, inserts, next) = (self.connection.clone(), self.inserts.clone(), self.next.clone());
            running.spawn(async move {
                let mut done = 0_usize;
                while started.elapsed() < time {
                    transaction(&connection, &inserts, next.fetch_add(1, Ordering::Relaxed)).await;
                    done += 1;
                }
                done
            });
        }
        running.join_all().await.iter().sum::<usize>() as f64 / started.elapsed().as_secs_f64()
    }
}

async fn insert(server: &Raw, backend: DatabaseBackend, table: &str, columns: &[(&str, Cell)]) -> Insert {
    let only = if table == "outbox" { " WHERE purpose = 'receipt'" } else { "" };
    let mut cells = Vec::new();
    for (column, cell) in columns {
        let what =
            if matches!(cell, Bytes) { format!("CAST(LENGTH({column}) AS TEXT)") } else { format!("{column:?}") };
        let value = match cell {
            Fresh => Value::from(String::new()),
            Number => Value::from(1_790_000_000_000_i64),
            Kept | Bytes => {
                let found = server.rows(&format!("SELECT {what} FROM {table}{only} LIMIT 1")).await.remove(0);
                match cell {
                    Bytes => Value::from(vec![b'x'; found.parse().expect("a length")]),
                    _ => Value::from(found),
                }
            }
        };
        cells.push((*cell, value));
    }
    let names: Vec<_> = columns.iter().map(|(column, _)| format!("{column:?}")).collect();
    let place = |at: usize| if backend == DatabaseBackend::Postgres { format!("${at}") } else { "?".to_owned() };
    let places: Vec<_> = (1..=columns.len()).map(place).collect();
    Insert { sql: format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), places.join(", ")), cells }
}

async fn transaction(connection: &DatabaseConnection, inserts: &[Insert], number: usize) {
    let backend = connection.get_database_backend();
    let immediate = (backend == DatabaseBackend::Sqlite).then_some(SqliteTransactionMode::Immediate);
    let options = TransactionOptions { sqlite_transaction_mode: immediate, ..TransactionOptions::default() };
    let transaction = connection.begin_with_options(options).await.expect("begins");
    // Spread as random references are.
    let fresh = format!("{:032x}", (number as u128 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835));
    for insert in inserts {
        let value = |(cell, value): &(Cell, Value)| match cell {
            Fresh => Value::from(fresh.as_str()),
            _ => value.clone(),
        };
        let values: Vec<_> = insert.cells.iter().map(value).collect();
        transaction.execute_raw(Statement::from_sql_and_values(backend, &insert.sql, values)).await.expect("inserts");
    }
    transaction.commit().await.expect("commits");
}
