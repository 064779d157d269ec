//! Reviews of promises in texts: who let which words pass, and why.

use crate::table::SchemaChange::{AddIndex, AddTable, DropTable};
use crate::table::{index, int, key, table, text};

crate::alter_step!(
    "m17_promises",
    up: [
        AddTable(table("promise_review", vec![
            key("id"), int("at"), text("author"), text("reviewer"), text("subject"), text("codes"), text("reason"),
        ])),
        AddIndex(index("promise_review_subject", "promise_review", &["subject"])),
    ],
    down: [DropTable("promise_review")]
);
