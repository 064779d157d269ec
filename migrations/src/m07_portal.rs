//! The inventory as clerks keep it in the browser: import jobs, edits of listings, new inboxes, pictures.

use sea_orm_migration::prelude::*;

use crate::alter_step;
use crate::table::{SchemaChange, bytes_null, index, int, int_null, key, references, table, text, text_null};

/// One former record of a listing that people or the undoing of an import changed; `import_row` has those of imports.
/// `before` is the record's JSON, absent for a new listing.
fn listing_edit() -> TableCreateStatement {
    let columns =
        vec![key("id"), text("kind"), text("code"), int("at"), text("actor"), text("cause"), text_null("before")];
    table("listing_edit", columns)
}

/// One file in work. `options` and `report` are JSON; `lease_until` is blank where no process works on it.
fn import_job() -> TableCreateStatement {
    table(
        "import_job",
        vec![
            key("id"),
            text_null("park_code"),
            text("actor"),
            text("kind"),
            text("file"),
            text("digest"),
            text("state"),
            int("step"),
            int("total"),
            text("options"),
            text_null("report"),
            text_null("import_id"),
            int("created_at"),
            int("changed_at"),
            int_null("lease_until"),
        ],
    )
}

/// The bytes of a job, deleted with its end or after a day: `part` is `upload` or `rejected`.
fn import_job_file() -> TableCreateStatement {
    let mut table = table("import_job_file", vec![text("job_id"), text("part"), bytes_null("bytes")]);
    table.primary_key(Index::create().col("job_id").col("part"));
    references(&mut table, "import_job_file_job", "job_id", "import_job");
    table
}

/// Names of a park's files with the column that each means; blank for a column that is left out.
fn import_name() -> TableCreateStatement {
    let mut table = table("import_name", vec![text("park_code"), text("kind"), text("name"), text("means")]);
    table.primary_key(Index::create().col("park_code").col("kind").col("name"));
    table
}

/// A park's new inbox that its owner has not confirmed yet.
fn inbox_change() -> TableCreateStatement {
    table(
        "inbox_change",
        vec![
            key("token_hash"),
            text("park_code"),
            text("address"),
            text("actor"),
            int("created_at"),
            int("expires_at"),
            int_null("used_at"),
        ],
    )
}

/// A picture of a listing as it is served; `digest` is the SHA-256 of `bytes`.
fn picture() -> TableCreateStatement {
    table(
        "picture",
        vec![
            key("id"),
            text("kind"),
            text("code"),
            text("shows"),
            text("alt"),
            text("format"),
            text("digest"),
            int("width"),
            int("height"),
            bytes_null("bytes"),
            text("actor"),
            int("created_at"),
        ],
    )
}

alter_step!(
    "m07_portal",
    up: [
        SchemaChange::AddTable(listing_edit()),
        SchemaChange::AddTable(import_job()),
        SchemaChange::AddTable(import_job_file()),
        SchemaChange::AddTable(import_name()),
        SchemaChange::AddTable(inbox_change()),
        SchemaChange::AddTable(picture()),
        SchemaChange::AddIndex(index("listing_edit_listing", "listing_edit", &["kind", "code"])),
        SchemaChange::AddIndex(index("import_row_code", "import_row", &["code"])),
        SchemaChange::AddIndex(index("import_job_created", "import_job", &["created_at"])),
        SchemaChange::AddIndex(index("inbox_change_park", "inbox_change", &["park_code"])),
        SchemaChange::AddIndex(index("picture_listing", "picture", &["kind", "code"])),
        SchemaChange::AddIndex(index("picture_digest", "picture", &["digest"])),
    ],
    down: [
        SchemaChange::DropIndex("import_row", "import_row_code"),
        SchemaChange::DropTable("picture"),
        SchemaChange::DropTable("inbox_change"),
        SchemaChange::DropTable("import_name"),
        SchemaChange::DropTable("import_job_file"),
        SchemaChange::DropTable("import_job"),
        SchemaChange::DropTable("listing_edit"),
    ]
);
