//! Texts with promises that a reviewer let pass: without a row here their words are not published.

use crate::table::SchemaChange::{AddTable, DropTable};
use crate::table::{key, table, text};

crate::alter_step!(
    "m19_passed_promises",
    up: [AddTable(table("passed_promise", vec![key("digest"), text("review_id")]))],
    down: [DropTable("passed_promise")]
);
