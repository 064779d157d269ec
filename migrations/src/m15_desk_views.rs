//! The desk: saved views of people, and who referred a lead.

use sea_orm_migration::prelude::*;

use crate::alter_step;
use crate::table::SchemaChange::{AddColumn, AddIndex, AddTable, DropColumn, DropTable};
use crate::table::{index, int, key, references, table, text, text_null};

/// `filters` is a query of list, stage, owner and grouping, without a search text.
fn desk_view() -> TableCreateStatement {
    let columns = vec![key("id"), text("account_id"), text("name"), text("filters"), int("created_at")];
    let mut view = table("desk_view", columns);
    references(&mut view, "desk_view_account", "account_id", "account");
    view
}

alter_step!(
    "m15_desk_views",
    up: [
        AddTable(desk_view()),
        AddIndex(index("desk_view_account", "desk_view", &["account_id"])),
        AddColumn("lead", text_null("referrer")),
    ],
    down: [DropColumn("lead", "referrer"), DropTable("desk_view")]
);
