//! Inboxes of parks whose mail comes back, and the kinds of mail that a recipient does not want.

use crate::table::SchemaChange::{AddIndex, AddTable, DropTable};
use crate::table::{int, int_null, key, table, text, unique};

crate::alter_step!(
    "m18_mail_wishes",
    up: [
        AddTable(table(
            "inbox_trouble",
            vec![key("address"), int("bounces"), text("reason"), int("last_at"), int_null("paused_at")],
        )),
        AddTable(table(
            "mail_choice",
            vec![key("token"), text("address"), text("kind"), int("created_at"), int_null("off_at")],
        )),
        AddIndex(unique("mail_choice_address", "mail_choice", &["address", "kind"])),
    ],
    down: [DropTable("mail_choice"), DropTable("inbox_trouble")]
);
