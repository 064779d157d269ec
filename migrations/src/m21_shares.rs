//! Shared shortlists: the address of a requirement and its chosen listings, without text or contact.

use crate::table::SchemaChange::{AddTable, DropTable};
use crate::table::{int, int_null, key, table, text};

// `id` is the hash of the link's token.
crate::alter_step!(
    "m21_shares",
    up: [AddTable(table(
        "shared_list",
        vec![key("id"), text("query"), int("created_at"), int("expires_at"), int_null("ended_at")],
    ))],
    down: [DropTable("shared_list")]
);
