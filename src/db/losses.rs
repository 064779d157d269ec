//! Rows and values that reverting a schema step would delete.

use std::collections::BTreeSet;
use std::fmt;

use anyhow::Context as _;
use migrations::sea_orm_migration::SchemaManager;
use migrations::{Migrator, MigratorTrait as _};
use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseTransaction, DbErr, Statement, TransactionTrait as _};

use super::Db;

/// A table or column that a step would drop, with the rows that have something in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The table.
    pub table: String,
    /// The column; `None` for the whole table.
    pub column: Option<String>,
    /// Rows of the table, or those with a value in the column.
    pub rows: i64,
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.column {
            Some(column) => write!(f, "{}.{column}", self.table),
            None => f.write_str(&self.table),
        }
    }
}

impl Db {
    /// Returns the last applied schema step with the rows that reverting it would delete; `None` on an empty schema.
    ///
    /// The step is reverted in a transaction that is rolled back, so that the answer holds for steps of any shape.
    ///
    /// # Errors
    /// An [`anyhow::Error`] where the database does not answer or the step cannot be reverted.
    pub async fn losses_of_last_step(&self) -> anyhow::Result<Option<(String, Vec<Loss>)>> {
        let applied = self.migration_status().await?.into_iter().rfind(|(_, is_applied)| *is_applied);
        let Some((name, _)) = applied else { return Ok(None) };
        let steps = Migrator::migrations();
        let step = steps.iter().find(|step| step.name() == name).with_context(|| name.clone())?;
        let tx = self.schema().begin().await?;
        let before = columns(&tx).await?;
        step.down(&SchemaManager::new(&tx)).await?;
        let after = columns(&tx).await?;
        tx.rollback().await?;
        Ok(Some((name, self.losses(&before, &after).await?)))
    }

    async fn losses(&self, before: &SchemaColumns, after: &SchemaColumns) -> anyhow::Result<Vec<Loss>> {
        let tables = |all: &SchemaColumns| all.iter().map(|(table, _)| table.clone()).collect::<BTreeSet<_>>();
        let (had, left) = (tables(before), tables(after));
        let mut losses = Vec::new();
        for table in had.difference(&left) {
            losses.push(Loss { table: table.clone(), column: None, rows: self.count(table, None).await? });
        }
        for (table, column) in before.difference(after).filter(|(table, _)| left.contains(table)) {
            let rows = self.count(table, Some(column)).await?;
            losses.push(Loss { table: table.clone(), column: Some(column.clone()), rows });
        }
        losses.retain(|loss| loss.rows > 0);
        Ok(losses)
    }

    async fn count(&self, table: &str, column: Option<&str>) -> Result<i64, DbErr> {
        let counted = column.map_or_else(|| "*".to_owned(), |column| format!("\"{column}\""));
        let sql = format!("SELECT count({counted}) AS n FROM \"{table}\"");
        let row = self.schema().query_one_raw(Statement::from_string(self.backend(), sql)).await?;
        row.map_or(Ok(0), |row| row.try_get("", "n"))
    }
}

/// Tables with their columns.
type SchemaColumns = BTreeSet<(String, String)>;

async fn columns(tx: &DatabaseTransaction) -> Result<SchemaColumns, DbErr> {
    let sql = match tx.get_database_backend() {
        DatabaseBackend::Postgres => {
            "SELECT table_name AS t, column_name AS c FROM information_schema.columns \
             JOIN information_schema.tables USING (table_schema, table_name) \
             WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
        }
        _ => {
            "SELECT m.name AS t, c.name AS c FROM sqlite_master m, pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'"
        }
    };
    let rows = tx.query_all_raw(Statement::from_string(tx.get_database_backend(), sql)).await?;
    rows.iter().map(|row| Ok((row.try_get("", "t")?, row.try_get("", "c")?))).collect()
}
