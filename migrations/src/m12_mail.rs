//! Mail that comes back: the envelope sender of each mail, by which a bounce is matched (VERP).

use crate::table::SchemaChange::{AddColumn, AddIndex, DropColumn, DropIndex};
use crate::table::{index, text_null};

crate::alter_step!(
    "m12_mail",
    up: [
        AddColumn("outbox", text_null("envelope_from")),
        AddIndex(index("outbox_envelope_from", "outbox", &["envelope_from"])),
    ],
    down: [DropIndex("outbox", "outbox_envelope_from"), DropColumn("outbox", "envelope_from")]
);
