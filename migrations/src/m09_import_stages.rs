//! Imports of many rows in stages: rows are staged in batches, one small transaction decides, and the rows are then applied
//! in batches. `listing_now` has every listing as decided, whether or not its row was applied.

use sea_orm_migration::prelude::*;

use crate::alter_step;
use crate::table::SchemaChange::{AddColumn, AddIndex, AddTable, DropColumn, DropIndex, DropTable, Fill};
use crate::table::{flag, index, int, int_null, table, text, text_null, unique};

/// A blank `record` removes the listing; `after` is the SHA-256 of `record`.
fn import_staged() -> TableCreateStatement {
    table(
        "import_staged",
        vec![
            text("import_id"),
            int("no"),
            text("code"),
            text("name"),
            text_null("park_code"),
            text_null("record"),
            flag("demo"),
            text("after"),
            int("updated_at"),
        ],
    )
    .primary_key(Index::create().col("import_id").col("no"))
    .take()
}

const LISTING_NOW: &str = "CREATE VIEW listing_now AS
    SELECT kind, code, name, park_code, record, demo, created_at, updated_at FROM listing
    WHERE NOT EXISTS (
        SELECT 1 FROM import JOIN import_staged ON import_staged.import_id = import.id
        WHERE import.state IN ('applying', 'undoing') AND import.kind = listing.kind
            AND import_staged.code = listing.code
    )
    UNION ALL
    SELECT import.kind, import_staged.code, import_staged.name, import_staged.park_code, import_staged.record,
        import_staged.demo, import_staged.updated_at, import_staged.updated_at
    FROM import JOIN import_staged ON import_staged.import_id = import.id
    WHERE import.state IN ('applying', 'undoing') AND import_staged.record IS NOT NULL";

alter_step!(
    "m09_import_stages",
    up: [
        // No state: the import is done, as every one of the previous program.
        AddColumn("import", text_null("state")),
        // The process at work, and the moment from which another one may take over.
        AddColumn("import", text_null("owner")),
        AddColumn("import", int_null("lease_until")),
        // Set on changes that the import's own entry announced before.
        AddColumn("listing_change", text_null("import_id")),
        AddIndex(index("import_state", "import", &["state"])),
        AddTable(import_staged()),
        AddIndex(unique("import_staged_code", "import_staged", &["import_id", "code"])),
        Fill(LISTING_NOW),
    ],
    down: [
        Fill("DROP VIEW listing_now"),
        DropTable("import_staged"),
        DropIndex("import", "import_state"),
        DropColumn("listing_change", "import_id"),
        DropColumn("import", "lease_until"),
        DropColumn("import", "owner"),
        DropColumn("import", "state"),
    ]
);
