//! Leads that came by a file: the row of each, by which the same file read again changes nothing.

use crate::table::SchemaChange::{AddIndex, AddTable, DropTable};
use crate::table::{index, int, key, table, text};

crate::alter_step!(
    "m16_lead_sheets",
    up: [
        // `key` is a hash of park and number, or of park, company and project: it stays when the company's name is erased.
        AddTable(table("sheet_lead", vec![
            key("key"), text("park_code"), text("lead_id"), text("import_id"), text("digest"), int("events"),
        ])),
        AddIndex(index("sheet_lead_import_id", "sheet_lead", &["import_id"])),
        AddIndex(index("sheet_lead_lead_id", "sheet_lead", &["lead_id"])),
    ],
    down: [DropTable("sheet_lead")]
);
