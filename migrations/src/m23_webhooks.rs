//! Webhooks: addresses that are told of leads, and the events to be delivered to each.

use sea_orm_migration::prelude::*;

use crate::table::SchemaChange::{AddIndex, AddTable, DropTable};
use crate::table::{index, int, int_null, key, table, text, text_null};

/// `park_code`: blank for all parks. `address`, `secret` and `former_secret` are encrypted where there is a key; `shown` is what
/// lists show of the address. `events`: their words, each between semicolons. `next_at`: no delivery before it.
fn webhook() -> TableCreateStatement {
    let told = vec![key("id"), text("park_code"), text("address"), text("shown"), text("format"), text("events")];
    let secrets = vec![text("secret"), text_null("former_secret"), int_null("former_until")];
    let made = vec![text("account_id"), int("created_at")];
    let lease = vec![text_null("lease_token"), int("lease_until"), int("next_at")];
    table("webhook", [told, secrets, made, lease].concat())
}

/// An event to be delivered to one webhook. `turn`: its place among those of the same lead. `state`: queued, delivered, held.
fn webhook_delivery() -> TableCreateStatement {
    let whose = vec![text("event_id"), text("webhook_id"), int("turn"), text("event"), int("at")];
    let told = vec![text("lead_id"), text("number"), text("park_code"), text("stage"), text_null("from_stage")];
    let state = vec![text("state"), int("attempts"), int("next_at"), text_null("last_error"), int_null("settled_at")];
    table("webhook_delivery", [whose, told, state].concat())
        .primary_key(Index::create().col("event_id").col("webhook_id"))
        .take()
}

crate::alter_step!(
    "m23_webhooks",
    up: [
        AddTable(webhook()),
        AddTable(webhook_delivery()),
        AddIndex(index("webhook_delivery_due", "webhook_delivery", &["webhook_id", "state", "next_at"])),
        AddIndex(index("webhook_delivery_turn", "webhook_delivery", &["webhook_id", "lead_id", "turn"])),
        AddIndex(index("webhook_delivery_settled", "webhook_delivery", &["settled_at"])),
    ],
    down: [DropTable("webhook_delivery"), DropTable("webhook")]
);
