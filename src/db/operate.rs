//! Operations on the whole database: schema migration, backup, restore.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, bail};
use migrations::{MigrationStatus, Migrator, MigratorTrait as _};
use percent_encoding::percent_decode_str;
use sea_orm::{ConnectionTrait as _, DatabaseBackend, Statement};
use secrecy::ExposeSecret as _;
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::process::Command;

use super::{Db, DbError};
use crate::clock::{Clock as _, SystemClock};
use crate::config;

/// The advisory lock under which processes migrate in turn on PostgreSQL: "luodi".
const MIGRATION_LOCK: i64 = 0x6c_756f_6469;

/// Attempts at applying schema steps while other processes may do the same.
const STARTERS: usize = 5;
/// The schema step since which there are webhooks.
const WEBHOOKS: &str = "m23_webhooks";
const STARTERS_PAUSE: std::time::Duration = std::time::Duration::from_millis(200);

/// The server's time, ms since 1970.
const SERVER_TIME: &str = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

impl Db {
    /// Returns by how many ms the clock of the database server is ahead of this process's, as of the middle of the question;
    /// `None` on SQLite, which has no clock of its own.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn clock_difference(&self) -> Result<Option<i64>, DbError> {
        if self.backend() != DatabaseBackend::Postgres {
            return Ok(None);
        }
        let before = SystemClock.now();
        let row = self.read().query_one_raw(Statement::from_string(DatabaseBackend::Postgres, SERVER_TIME)).await?;
        let after = SystemClock.now();
        let server: i64 = row.context("no time")?.try_get_by_index(0)?;
        Ok(Some(server - (before.0 + after.0) / 2))
    }

    /// Applies the pending schema steps. Processes that start together take turns.
    ///
    /// # Errors
    /// An [`anyhow::Error`] with the failed step's `DbErr`; the step was rolled back.
    pub async fn migrate(&self) -> anyhow::Result<()> {
        for _ in 1..STARTERS {
            match self.in_turn(async |connection| Migrator::up(connection, None).await).await {
                Ok(()) => return Ok(()),
                // On SQLite another process may have applied a step meanwhile: the pending ones are read again.
                Err(error) => tracing::debug!(error = format!("{error:#}"), "migrating once more"),
            }
            tokio::time::sleep(STARTERS_PAUSE).await;
        }
        self.in_turn(async |connection| Migrator::up(connection, None).await).await
    }

    /// Reverts the last schema step.
    ///
    /// # Errors
    /// An [`anyhow::Error`] with the failed step's `DbErr`; the step was rolled back.
    pub async fn migrate_down(&self) -> anyhow::Result<()> {
        self.in_turn(async |connection| Migrator::down(connection, Some(1)).await).await
    }

    async fn in_turn<F>(&self, work: F) -> anyhow::Result<()>
    where
        F: AsyncFnOnce(&sea_orm::DatabaseConnection) -> Result<(), sea_orm::DbErr>,
    {
        if self.backend() != DatabaseBackend::Postgres {
            return work(self.schema()).await.context("migrating");
        }
        use sea_orm::TransactionTrait as _;
        let turn = self.schema().begin().await?;
        turn.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
        // Waiting for another process's steps may exceed the timeout of idle transactions.
        turn.execute_unprepared("SET LOCAL idle_in_transaction_session_timeout = 0").await?;
        work(self.schema()).await.context("migrating")?;
        turn.rollback().await?;
        Ok(())
    }

    /// Returns the name of each step and whether it was applied.
    ///
    /// # Errors
    /// An [`anyhow::Error`] where the database does not answer.
    pub async fn migration_status(&self) -> anyhow::Result<Vec<(String, bool)>> {
        let steps = Migrator::get_migration_with_status(self.schema()).await?;
        let applied = |status| matches!(status, MigrationStatus::Applied);
        Ok(steps.into_iter().map(|step| (step.name().to_owned(), applied(step.status()))).collect())
    }

    /// Writes a consistent copy into a folder while the service runs, mode 0600 since it holds personal data. Returns the
    /// file.
    ///
    /// # Errors
    /// The file exists already, the database cannot be reached or read, or `pg_dump` is missing or fails.
    pub async fn backup(settings: &config::DatabaseConfig, dir: &Path) -> anyhow::Result<PathBuf> {
        std::fs::create_dir_all(dir).with_context(|| dir.display().to_string())?;
        let url = settings.url.expose_secret();
        let is_sqlite = url.starts_with("sqlite:");
        let file = dir.join(if is_sqlite { "luodi.db" } else { "luodi.dump" });
        if file.exists() {
            bail!("{} exists already", file.display());
        }
        // Mode 0600 from its first byte, and renamed only when complete.
        let unfinished = file.with_added_extension("part");
        remove_if_there(&unfinished)?;
        std::fs::File::create(&unfinished)?;
        private(&unfinished)?;
        if is_sqlite {
            let db = Self::connect(settings).await?;
            let quoted = unfinished.display().to_string().replace('\'', "''");
            // Never a copy of the file: it would lack the write-ahead log.
            db.schema().execute_unprepared(&format!("VACUUM INTO '{quoted}'")).await?;
        } else {
            let done = client("pg_dump", url, &["--format=custom", "--file"]).arg(&unfinished).status().await;
            anyhow::ensure!(done.context("pg_dump")?.success(), "pg_dump failed");
        }
        failpoint!("backup.copied");
        put_in_place(&unfinished, &file)?;
        Ok(file)
    }

    /// Restores a backup into an absent database, checks it, and holds its queued mails, some of which may have been sent
    /// after the backup. `finish` then changes what must not be seen as it was; on SQLite before the database is in place, on
    /// PostgreSQL before this returns. Returns the number of held mails.
    ///
    /// # Errors
    /// An [`anyhow::Error`] where there is no backup, the database exists already, or the copy is damaged; that of `finish`.
    pub async fn restore<F>(settings: &config::DatabaseConfig, dir: &Path, finish: F) -> anyhow::Result<u64>
    where
        F: AsyncFnOnce(&Self) -> anyhow::Result<()>,
    {
        let url = settings.url.expose_secret();
        if url.starts_with("sqlite:") {
            return Self::restore_sqlite(settings, dir, finish).await;
        }
        restore_postgres(url, &dir.join("luodi.dump")).await?;
        let db = Self::connect(settings).await?;
        let held = db.held_mails().await?;
        finish(&db).await?;
        Ok(held)
    }

    /// Checks the copy and holds its mails before renaming it: an interrupted restore leaves no database from which mail
    /// could be sent.
    async fn restore_sqlite<F>(settings: &config::DatabaseConfig, dir: &Path, finish: F) -> anyhow::Result<u64>
    where
        F: AsyncFnOnce(&Self) -> anyhow::Result<()>,
    {
        let backup = dir.join("luodi.db");
        let target = PathBuf::from(super::open::sqlite_path(settings.url.expose_secret()));
        if target.exists() {
            bail!("{} exists already: move it away first", target.display());
        }
        if let Some(folder) = target.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)?;
        }
        let beside = |suffix: &str| PathBuf::from(format!("{}{suffix}", target.display()));
        let unfinished = beside(".restoring");
        for stale in ["-wal", "-shm", ".restoring", ".restoring-wal", ".restoring-shm"] {
            remove_if_there(&beside(stale))?;
        }
        std::fs::copy(&backup, &unfinished).with_context(|| backup.display().to_string())?;
        private(&unfinished)?;
        failpoint!("restore.copied");
        let url = format!("sqlite://{}?mode=rw", unfinished.display());
        let db = Self::connect(&config::DatabaseConfig { url: url.into(), ..settings.clone() }).await?;
        let check = sea_orm::Statement::from_string(DatabaseBackend::Sqlite, "PRAGMA quick_check");
        let row = db.schema().query_one_raw(check).await?;
        let verdict: String = row.context("quick_check gave no row")?.try_get_by_index(0)?;
        anyhow::ensure!(verdict == "ok", "the backup is damaged: {verdict}");
        let held = db.hold_mails().await?;
        // A backup of an earlier release has no webhooks yet.
        if db.migration_status().await?.iter().any(|(step, is_applied)| *is_applied && step == WEBHOOKS) {
            db.hold_deliveries().await?;
        }
        finish(&db).await?;
        // Everything into the one file that is renamed.
        db.schema().execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        for connection in [db.few.pool, db.schema, db.writer] {
            connection.close().await?;
        }
        failpoint!("restore.held");
        put_in_place(&unfinished, &target)?;
        Ok(held)
    }
}

/// Builds the command of a PostgreSQL client program. The password goes into its environment: arguments are visible to
/// every user of the machine.
fn client(program: &str, url: &str, arguments: &[&str]) -> Command {
    let (shown, password) = without_password(url);
    let mut command = Command::new(program);
    command.args(["--dbname", &shown]).args(arguments);
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    command
}

/// Splits a PostgreSQL URL into the URL without its password, and the decoded password.
fn without_password(url: &str) -> (String, Option<String>) {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let (hidden, shown): (Vec<&str>, Vec<&str>) = query.split('&').partition(|pair| pair.starts_with("password="));
    let mut password = hidden.last().map(|pair| decoded(pair.trim_start_matches("password=")));
    let mut base = base.to_owned();
    if let Some((user_info, place)) = base.rsplit_once('@')
        && let Some(at) = user_info.find("://").map(|at| at + 3)
        && let Some((user, secret)) = user_info[at..].split_once(':')
    {
        password = password.or_else(|| Some(decoded(secret)));
        base = format!("{}{user}@{place}", &user_info[..at]);
    }
    let query = shown.join("&");
    (if query.is_empty() { base } else { format!("{base}?{query}") }, password)
}

/// Restores and holds mails in one transaction: an interrupted restore, or one into a database with tables, changes nothing.
async fn restore_postgres(url: &str, dump: &Path) -> anyhow::Result<()> {
    let mut reading = Command::new("pg_restore");
    reading.args(["--no-owner", "--file", "-"]).arg(dump).stdout(Stdio::piped()).kill_on_drop(true);
    let mut reading = reading.spawn().context("pg_restore")?;
    let mut writing = client("psql", url, &["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"]);
    writing.stdin(Stdio::piped()).stdout(Stdio::null()).kill_on_drop(true);
    let mut writing = writing.spawn().context("psql")?;
    let script = reading.stdout.take().context("pg_restore gave no output")?;
    let mut session = writing.stdin.take().context("psql takes no input")?;
    let passed = pass_on(BufReader::new(script), &mut session).await;
    // Half a script must not be committed; a psql that failed has printed why and closed its input.
    anyhow::ensure!(reading.wait().await?.success() || passed.is_err(), "pg_restore failed");
    failpoint!("restore.copied");
    let ended = match passed {
        Ok(()) => session.write_all(HOLD_AND_COMMIT).await,
        failed => failed,
    };
    drop(session);
    anyhow::ensure!(writing.wait().await?.success(), "psql failed");
    Ok(ended?)
}

/// Ends the restore; the script has emptied the search path.
const HOLD_AND_COMMIT: &[u8] = b"RESET search_path;\nUPDATE outbox SET state = 'held' WHERE state = 'queued';\n\
    DO $$ BEGIN IF to_regclass('webhook_delivery') IS NOT NULL THEN \
    UPDATE webhook_delivery SET state = 'held', last_error = 'restored' WHERE state = 'queued'; END IF; END $$;\n\
    COMMIT;\n";
/// A setting that pg_restore 17 writes for any server, and that servers before 17 refuse.
const OF_17: &[u8] = b"SET transaction_timeout = 0;\n";

async fn pass_on(
    mut script: impl AsyncBufRead + Unpin,
    session: &mut (impl AsyncWrite + Unpin),
) -> std::io::Result<()> {
    session.write_all(b"BEGIN;\n").await?;
    let mut line = Vec::new();
    // Settings precede the first object.
    while !line.starts_with(b"CREATE ") {
        line.clear();
        if script.read_until(b'\n', &mut line).await? == 0 {
            break;
        }
        if line != OF_17 {
            session.write_all(&line).await?;
        }
    }
    tokio::io::copy_buf(&mut script, session).await?;
    Ok(())
}

/// Sets mode 0600.
fn private(file: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600))?)
}

fn remove_if_there(file: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Renames a complete file and syncs its folder.
fn put_in_place(unfinished: &Path, file: &Path) -> std::io::Result<()> {
    std::fs::File::open(unfinished)?.sync_all()?;
    std::fs::rename(unfinished, file)?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn a_password_leaves_the_url_wherever_it_stands() {
        let cases = [
            ("postgres://u:p%40s:x@h:5432/d?host=/run", "postgres://u@h:5432/d?host=/run", Some("p@s:x")),
            ("postgres://u@h/d?sslmode=require&password=a%26b", "postgres://u@h/d?sslmode=require", Some("a&b")),
            ("postgres://u@h/d?password=secret", "postgres://u@h/d", Some("secret")),
            ("postgres:///d?host=/run", "postgres:///d?host=/run", None),
            ("postgres://h/d", "postgres://h/d", None),
        ];
        for (url, shown, password) in cases {
            assert_eq!(without_password(url), (shown.to_owned(), password.map(str::to_owned)), "{url}");
        }
    }
}
