//! Short words for columns, foreign keys and indexes, and the one shape of a step.

use sea_orm_migration::prelude::*;

/// Text that must be there.
pub(crate) fn text(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().not_null().take()
}

/// Text that may be absent.
pub(crate) fn text_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().null().take()
}

/// A whole number or a moment.
pub(crate) fn int(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().not_null().take()
}

/// A whole number or a moment that may be absent.
pub(crate) fn int_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().null().take()
}

/// Yes or no.
pub(crate) fn flag(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).boolean().not_null().take()
}

/// Bytes that may be absent.
pub(crate) fn bytes_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).binary().null().take()
}

/// The text column that identifies a row.
pub(crate) fn key(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().not_null().primary_key().take()
}

/// A table of columns.
pub(crate) fn table(name: &'static str, columns: Vec<ColumnDef>) -> TableCreateStatement {
    let mut table = Table::create().table(name).take();
    for mut column in columns {
        table.col(&mut column);
    }
    table
}

/// A foreign key; nothing that others point to can be deleted.
pub(crate) fn references(table: &mut TableCreateStatement, name: &'static str, column: &'static str, to: &'static str) {
    table.foreign_key(
        ForeignKey::create().name(name).from_col(column).to(to, "id").on_delete(ForeignKeyAction::Restrict),
    );
}

/// An index.
pub(crate) fn index(name: &'static str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create().name(name).table(table).take();
    for column in columns {
        index.col(*column);
    }
    index
}

/// An index that allows each combination once.
pub(crate) fn unique(name: &'static str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
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

/// Drops tables, in the order given.
pub(crate) async fn drop(manager: &SchemaManager<'_>, names: &[&'static str]) -> Result<(), DbErr> {
    for name in names {
        manager.drop_table(Table::drop().table(*name).take()).await?;
    }
    Ok(())
}

/// A step: its name, its tables and indexes, and the tables to drop on the way back. Always in one transaction, since
/// on SQLite a step that fails half way would otherwise leave half a schema.
macro_rules! step {
    ($name:literal, up: [$($table:expr),* $(,)?], indexes: [$($index:expr),* $(,)?], down: [$($drop:literal),* $(,)?]) => {
        #[derive(Debug)]
        pub(crate) struct Step;

        impl MigrationName for Step {
            fn name(&self) -> &str {
                $name
            }
        }

        #[async_trait::async_trait]
        impl MigrationTrait for Step {
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
