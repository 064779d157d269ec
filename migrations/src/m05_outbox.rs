//! The outbox: work that was committed with its cause and is carried out after, and the tasks that it leaves to staff.

use sea_orm_migration::prelude::*;

use crate::table::{bytes_null, index, int, int_null, key, references, step, table, text, text_null, unique};

/// One row a mail and recipient; `message_id` and `payload`, its bytes, are fixed before the first attempt. `purpose`:
/// inquiry, receipt, withdrawal, reply. `state`: queued, sent, failed, cancelled; parked (its requirement is suspected), held
/// (restored from a backup). Rows are never deleted to settle work.
fn outbox() -> TableCreateStatement {
    let mut outbox = table(
        "outbox",
        vec![
            key("id"),
            text("purpose"),
            text_null("requirement_id"),
            text_null("inquiry_id"),
            text_null("resend_of"),
            text_null("recipient"),
            text_null("message_id"),
            bytes_null("payload"),
            text("state"),
            int("attempts"),
            int("next_at"),
            text_null("lease_token"),
            int_null("lease_until"),
            text_null("last_error"),
            int("created_at"),
            int_null("settled_at"),
        ],
    );
    references(&mut outbox, "outbox_requirement", "requirement_id", "requirement");
    references(&mut outbox, "outbox_inquiry", "inquiry_id", "inquiry");
    outbox
}

/// Delivery attempts, one row each. `outcome`: sent, transient, permanent, ambiguous, relay_paused, cannot_build,
/// lease_expired.
fn outbox_attempt() -> TableCreateStatement {
    let mut attempt = table(
        "outbox_attempt",
        vec![key("id"), text("outbox_id"), int("at"), text("lease_token"), text("outcome"), text("detail")],
    );
    references(&mut attempt, "outbox_attempt_outbox", "outbox_id", "outbox");
    attempt
}

/// Something that a person must do: a mail that failed for good, a record in doubt.
fn staff_task() -> TableCreateStatement {
    table(
        "staff_task",
        vec![
            key("id"),
            text("kind"),
            text_null("park_code"),
            text_null("requirement_id"),
            text_null("inquiry_id"),
            text_null("outbox_id"),
            text("detail"),
            int("created_at"),
            int_null("done_at"),
            text_null("done_by"),
        ],
    )
}

step!(
    "m05_outbox",
    up: [outbox(), outbox_attempt(), staff_task()],
    indexes: [
        index("outbox_due", "outbox", &["state", "next_at"]),
        // What was never tried is found without reading a backlog that was.
        index("outbox_fresh", "outbox", &["state", "attempts", "next_at"]),
        index("outbox_inquiry", "outbox", &["inquiry_id"]),
        index("outbox_requirement", "outbox", &["requirement_id"]),
        unique("outbox_message_id", "outbox", &["message_id"]),
        index("outbox_attempt_outbox", "outbox_attempt", &["outbox_id"]),
        index("staff_task_open", "staff_task", &["done_at", "park_code"]),
    ],
    down: ["staff_task", "outbox_attempt", "outbox"]
);
