//! Imports: each file with its counts, and of each row that it altered the record as it was before.

use sea_orm_migration::prelude::*;

use crate::table::{index, int, int_null, key, references, step, table, text, text_null};

/// `counts` is JSON: read, created, updated, unchanged, rejected.
fn import() -> TableCreateStatement {
    table(
        "import",
        vec![
            key("id"),
            text("kind"),
            text("file"),
            text("digest"),
            text_null("park_code"),
            text("actor"),
            int("at"),
            text("counts"),
            int_null("undone_at"),
            text_null("undone_by"),
        ],
    )
}

/// `before` is the record's JSON, absent where the import created it; `after` is the SHA-256 of the stored JSON.
fn import_row() -> TableCreateStatement {
    let mut table = table("import_row", vec![text("import_id"), text("code"), text_null("before"), text("after")]);
    table.primary_key(Index::create().col("import_id").col("code"));
    references(&mut table, "import_row_import", "import_id", "import");
    table
}

step!(
    "m06_imports",
    up: [import(), import_row()],
    indexes: [index("import_at", "import", &["at"])],
    down: ["import_row", "import"]
);
