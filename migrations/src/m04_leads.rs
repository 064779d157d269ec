//! Inquiries, and the leads that investment staff make of them.

use sea_orm_migration::prelude::*;

use crate::table::{flag, index, int, int_null, key, references, step, table, text, text_null, unique};

fn inquiry() -> TableCreateStatement {
    let mut inquiry = table(
        "inquiry",
        vec![
            key("id"),
            text("number"),
            text("requirement_id"),
            text("listing_kind"),
            text("listing_code"),
            text("listing_name"),
            text("park_code"),
            text("state"),
            int("created_at"),
            int("updated_at"),
        ],
    );
    references(&mut inquiry, "inquiry_requirement", "requirement_id", "requirement");
    inquiry
}

/// `version` rises with every change, so that of two editors the second is told.
fn lead() -> TableCreateStatement {
    let mut lead = table(
        "lead",
        vec![
            key("id"),
            text("inquiry_id"),
            text("park_code"),
            text("stage"),
            text_null("owner_id"),
            int("version"),
            int("created_at"),
            int("updated_at"),
            int("due_at"),
            int_null("answered_at"),
            flag("hidden"),
        ],
    );
    references(&mut lead, "lead_inquiry", "inquiry_id", "inquiry");
    references(&mut lead, "lead_owner", "owner_id", "account");
    lead
}

fn lead_event() -> TableCreateStatement {
    let mut event = table(
        "lead_event",
        vec![
            key("id"),
            text("lead_id"),
            int("at"),
            text_null("account_id"),
            text("kind"),
            text_null("from_stage"),
            text_null("to_stage"),
            text("note"),
        ],
    );
    references(&mut event, "lead_event_lead", "lead_id", "lead");
    event
}

step!(
    "m04_leads",
    up: [inquiry(), lead(), lead_event()],
    indexes: [
        unique("inquiry_number", "inquiry", &["number"]),
        unique("inquiry_once", "inquiry", &["requirement_id", "listing_kind", "listing_code"]),
        unique("lead_inquiry_once", "lead", &["inquiry_id"]),
        index("lead_inbox", "lead", &["park_code", "hidden", "id"]),
        index("lead_event_lead", "lead_event", &["lead_id", "at"]),
    ],
    down: ["lead_event", "lead", "inquiry"]
);
