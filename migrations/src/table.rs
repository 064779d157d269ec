//! Columns, foreign keys, indexes and changes of tables, and the one shape of a step.

use sea_orm_migration::prelude::*;

/// A text column, not null.
#[must_use]
pub fn text(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().not_null().take()
}

/// A nullable text column.
#[must_use]
pub fn text_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().null().take()
}

/// A 64-bit integer column for numbers and moments, not null.
#[must_use]
pub fn int(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().not_null().take()
}

/// A nullable 64-bit integer column.
#[must_use]
pub fn int_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().null().take()
}

/// A Boolean column, not null.
#[must_use]
pub fn flag(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).boolean().not_null().take()
}

/// A nullable binary column.
#[must_use]
pub fn bytes_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).binary().null().take()
}

/// A text column that is the primary key.
#[must_use]
pub fn key(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().not_null().primary_key().take()
}

/// A table with these columns.
#[must_use]
pub fn table(name: &'static str, columns: Vec<ColumnDef>) -> TableCreateStatement {
    let mut table = Table::create().table(name).take();
    for mut column in columns {
        table.col(&mut column);
    }
    table
}

/// A foreign key; a referenced row cannot be deleted.
pub(crate) fn references(table: &mut TableCreateStatement, name: &'static str, column: &'static str, to: &'static str) {
    table.foreign_key(
        ForeignKey::create().name(name).from_col(column).to(to, "id").on_delete(ForeignKeyAction::Restrict),
    );
}

/// An index.
#[must_use]
pub fn index(name: &'static str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create().name(name).table(table).take();
    for column in columns {
        index.col(*column);
    }
    index
}

/// A unique index.
#[must_use]
pub fn unique(name: &'static str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    index(name, table, columns).unique().take()
}

/// Creates tables, then their indexes.
pub(crate) async fn create(
    manager: &SchemaManager<'_>,
    tables: Vec<TableCreateStatement>,
    indexes: Vec<IndexCreateStatement>,
) -> Result<(), DbErr> {
    for table in tables {
        manager.create_table(table).await?;
    }
    for index in indexes {
        manager.create_index(index).await?;
    }
    Ok(())
}

/// Drops tables in the given order.
pub(crate) async fn drop(manager: &SchemaManager<'_>, names: &[&'static str]) -> Result<(), DbErr> {
    for name in names {
        manager.drop_table(Table::drop().table(*name).take()).await?;
    }
    Ok(())
}

/// A step that creates tables: its name, tables, indexes, and the tables to drop on the way back. Always in one transaction:
/// on SQLite a step that fails would otherwise leave half a schema.
macro_rules! step {
    ($name:literal, up: [$($table:expr),* $(,)?], indexes: [$($index:expr),* $(,)?], down: [$($drop:literal),* $(,)?]) => {
        #[derive(Debug)]
        pub(crate) struct Migration;

        impl MigrationName for Migration {
            fn name(&self) -> &str {
                $name
            }
        }

        #[async_trait::async_trait]
        impl MigrationTrait for Migration {
            async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
                $crate::table::create(manager, vec![$($table),*], vec![$($index),*]).await
            }

            async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
                $crate::table::drop(manager, &[$($drop),*]).await
            }

            fn use_transaction(&self) -> Option<bool> {
                Some(true)
            }
        }
    };
}
pub(crate) use step;

/// A change of a table that exists, the same on SQLite and PostgreSQL.
///
/// SQLite cannot change the type or nullability of a column: such a change is a new column, a fill and, a release later, a
/// drop (migrations/README.md).
#[derive(Debug)]
pub enum SchemaChange {
    /// Adds a column: nullable, or with a default.
    AddColumn(&'static str, ColumnDef),
    /// Drops a column, which no index may use.
    DropColumn(&'static str, &'static str),
    /// Creates an index.
    AddIndex(IndexCreateStatement),
    /// Drops an index of a table.
    DropIndex(&'static str, &'static str),
    /// Creates a table.
    AddTable(TableCreateStatement),
    /// Drops a table.
    DropTable(&'static str),
    /// Runs a statement that both databases understand, to fill a new column from old ones.
    Fill(&'static str),
}

/// Applies changes in the given order.
///
/// # Errors
/// [`DbErr`] of the statement that failed; the transaction of the step then undoes those before it.
pub async fn alter(manager: &SchemaManager<'_>, changes: Vec<SchemaChange>) -> Result<(), DbErr> {
    for change in changes {
        match change {
            SchemaChange::AddColumn(table, mut column) => {
                manager.alter_table(Table::alter().table(table).add_column(&mut column).take()).await?;
            }
            SchemaChange::DropColumn(table, column) => {
                manager.alter_table(Table::alter().table(table).drop_column(column).take()).await?;
            }
            SchemaChange::AddIndex(index) => manager.create_index(index).await?,
            SchemaChange::DropIndex(table, name) => {
                manager.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
            }
            SchemaChange::AddTable(table) => manager.create_table(table).await?,
            SchemaChange::DropTable(table) => manager.drop_table(Table::drop().table(table).take()).await?,
            SchemaChange::Fill(sql) => {
                manager.get_connection().execute_unprepared(sql).await?;
            }
        }
    }
    Ok(())
}

/// A step that changes tables: its name, its changes, and those that undo them. In one transaction, as [`step`].
#[macro_export]
macro_rules! alter_step {
    ($name:literal, up: [$($up:expr),* $(,)?], down: [$($down:expr),* $(,)?]) => {
        /// The step.
        #[derive(Debug)]
        pub(crate) struct Migration;

        impl $crate::sea_orm_migration::prelude::MigrationName for Migration {
            fn name(&self) -> &str {
                $name
            }
        }

        #[async_trait::async_trait]
        impl $crate::sea_orm_migration::prelude::MigrationTrait for Migration {
            async fn up(
                &self,
                manager: &$crate::sea_orm_migration::prelude::SchemaManager,
            ) -> Result<(), $crate::sea_orm_migration::prelude::DbErr> {
                $crate::table::alter(manager, vec![$($up),*]).await
            }

            async fn down(
                &self,
                manager: &$crate::sea_orm_migration::prelude::SchemaManager,
            ) -> Result<(), $crate::sea_orm_migration::prelude::DbErr> {
                $crate::table::alter(manager, vec![$($down),*]).await
            }

            fn use_transaction(&self) -> Option<bool> {
                Some(true)
            }
        }
    };
}
