//! Requirements with their consents, the accesses to their contact data, the audit trail, stored answers and quotas.

use sea_orm_migration::prelude::*;

use crate::table::{index, int, int_null, key, references, step, table, text, text_null, unique};

/// Personal columns may be null, so that erasing leaves the row for statistics.
fn requirement() -> TableCreateStatement {
    table(
        "requirement",
        vec![
            key("id"),
            text("reference"),
            text("state"),
            text("body"),
            text_null("free_text"),
            text_null("company"),
            text_null("contact"),
            text_null("phone"),
            text_null("email"),
            text_null("uscc"),
            text("locale"),
            int("created_at"),
            int_null("erased_at"),
        ],
    )
}

/// One row a purpose and receiver (PIPL articles 14, 17 and 23).
fn consent() -> TableCreateStatement {
    let mut consent = table(
        "consent",
        vec![
            key("id"),
            text("requirement_id"),
            text("purpose"),
            text("receiver"),
            text("receiver_name"),
            text("receiver_contact"),
            text("data_kinds"),
            text("notice_version"),
            text("notice_hash"),
            int("at"),
            int_null("withdrawn_at"),
        ],
    );
    references(&mut consent, "consent_requirement", "requirement_id", "requirement");
    consent
}

/// Views of contact data (account, part, time); shown to the enterprise.
fn access() -> TableCreateStatement {
    let mut access = table(
        "access",
        vec![key("id"), text("requirement_id"), text("account_id"), text("park_code"), text("what"), int("at")],
    );
    references(&mut access, "access_requirement", "requirement_id", "requirement");
    references(&mut access, "access_account", "account_id", "account");
    access
}

fn audit() -> TableCreateStatement {
    table("audit", vec![key("id"), int("at"), text("actor"), text("action"), text("subject"), text("detail")])
}

/// The stored answer of a writing call; it is written in the transaction of the work itself.
fn idempotency() -> TableCreateStatement {
    table(
        "idempotency",
        vec![text("path"), text("key"), text("body_hash"), int("status"), text("body"), int("created_at")],
    )
    .primary_key(Index::create().col("path").col("key"))
    .take()
}

/// Rate-limit counters: uses per name and window.
fn quota() -> TableCreateStatement {
    table("quota", vec![text("name"), int("window_start"), int("used")])
        .primary_key(Index::create().col("name").col("window_start"))
        .take()
}

step!(
    "m03_requirements",
    up: [requirement(), consent(), access(), audit(), idempotency(), quota()],
    indexes: [
        unique("requirement_reference", "requirement", &["reference"]),
        unique("consent_once", "consent", &["requirement_id", "purpose", "receiver"]),
        index("access_requirement", "access", &["requirement_id"]),
        index("audit_subject", "audit", &["subject"]),
        index("idempotency_created", "idempotency", &["created_at"]),
        index("quota_window", "quota", &["window_start"]),
    ],
    down: ["quota", "idempotency", "audit", "access", "consent", "requirement"]
);
