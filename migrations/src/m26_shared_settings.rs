//! Settings that every process has in common, each as a digest.

use crate::table::SchemaChange::{AddTable, DropTable};
use crate::table::{key, table, text};

crate::alter_step!(
    "m26_shared_settings",
    up: [AddTable(table("shared_setting", vec![key("name"), text("digest")]))],
    down: [DropTable("shared_setting")]
);
