//! The desk of the policy library: drafts with their second reader, published versions, addresses of before, and pages taken
//! down.

use sea_orm_migration::prelude::*;

use crate::table::SchemaChange::{AddColumn, AddIndex, AddTable, DropColumn, DropTable};
use crate::table::{index, int, int_null, key, table, text};

/// `policy_code`: the published policy that it changes; blank for a new one. `record`: all cells, as in `policy`.
fn policy_draft() -> TableCreateStatement {
    table(
        "policy_draft",
        vec![key("id"), text("policy_code"), text("record"), text("author_id"), int("created_at"), int("updated_at")],
    )
}

/// A version as it was published, its author and its reader.
fn policy_version() -> TableCreateStatement {
    table(
        "policy_version",
        vec![key("id"), text("policy_code"), text("record"), text("author_id"), text("reader_id"), int("published_at")],
    )
}

crate::alter_step!(
    "m24_policy_desk",
    up: [
        AddColumn("policy", int_null("withdrawn_at")),
        AddTable(policy_draft()),
        AddTable(policy_version()),
        AddTable(table("policy_redirect", vec![key("code"), text("to_code"), int("created_at")])),
        AddIndex(index("policy_version_code", "policy_version", &["policy_code", "published_at"])),
    ],
    down: [
        DropTable("policy_redirect"),
        DropTable("policy_version"),
        DropTable("policy_draft"),
        DropColumn("policy", "withdrawn_at"),
    ]
);
