//! Mail that comes in: the envelope sender of each mail, by which a bounce is matched (VERP), and the position in a mailbox.

use crate::table::SchemaChange::{AddColumn, AddIndex, AddTable, DropColumn, DropIndex, DropTable};
use crate::table::{index, int, key, table, text_null};

crate::alter_step!(
    "m12_mail",
    up: [
        AddColumn("outbox", text_null("envelope_from")),
        AddIndex(index("outbox_envelope_from", "outbox", &["envelope_from"])),
        AddTable(table("mailbox_position", vec![key("name"), int("validity"), int("last_uid")])),
    ],
    down: [
        DropTable("mailbox_position"),
        DropIndex("outbox", "outbox_envelope_from"), DropColumn("outbox", "envelope_from"),
    ]
);
