//! Alerts: needs whose readers are told by mail of listings that newly fit. An ended alert keeps neither address nor need.

use sea_orm_migration::prelude::*;

use crate::table::SchemaChange::{AddIndex, AddTable, DropTable};
use crate::table::{index, int, int_null, key, table, text, text_null, unique};

/// `state`: pending, confirmed, ended; `why` it ended, `reason` that its reader gave; `next_at` is the moment from which a mail
/// may go, `asked_at` when its reader was asked whether it goes on.
fn alert() -> TableCreateStatement {
    let told = vec![key("id"), text("token"), text_null("address"), text_null("need"), text("locale")];
    let consent = vec![text("notice_version"), text("notice_hash"), int("created_at"), int_null("confirmed_at")];
    let state = vec![text("state"), text_null("why"), text_null("reason"), int_null("ended_at"), int("expires_at")];
    let mails = vec![int("next_at"), int("mails"), int_null("asked_at")];
    table("alert", [told, consent, state, mails].concat())
}

/// A listing that fits an alert. `state`: seen by its reader in the answer, due to be told, told.
fn alert_fit() -> TableCreateStatement {
    table("alert_fit", vec![text("alert_id"), text("kind"), text("code"), text("state"), int("at")])
        .primary_key(Index::create().col("alert_id").col("kind").col("code"))
        .take()
}

crate::alter_step!(
    "m22_alerts",
    up: [
        AddTable(alert()),
        AddIndex(unique("alert_token", "alert", &["token"])),
        AddIndex(index("alert_state", "alert", &["state", "next_at"])),
        AddIndex(index("alert_address", "alert", &["address"])),
        AddTable(alert_fit()),
        AddIndex(index("alert_fit_code", "alert_fit", &["kind", "code"])),
        AddTable(table("alert_mail", vec![key("message_id"), text("alert_id")])),
        AddIndex(index("alert_mail_alert", "alert_mail", &["alert_id"])),
    ],
    down: [DropTable("alert_mail"), DropTable("alert_fit"), DropTable("alert")]
);
