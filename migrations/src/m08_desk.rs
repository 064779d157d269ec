//! The desk: leads with source, consent, number and last word, several listings per lead, hand-overs, API keys, digests and
//! filed reports.

use sea_orm_migration::prelude::*;

use crate::alter_step;
use crate::table::SchemaChange::{AddColumn, AddIndex, AddTable, DropColumn, DropIndex, DropTable, Fill};
use crate::table::{index, int, int_null, key, references, table, text, text_null, unique};

/// A text column with a default.
fn text_default(name: &'static str, value: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().not_null().default(value).take()
}

/// A Boolean column, false by default.
fn flag_off(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).boolean().not_null().default(false).take()
}

/// `state`: proposed, refused, consented, declined, accepted.
fn handover() -> TableCreateStatement {
    let mut handover = table(
        "handover",
        vec![
            key("id"),
            text("lead_id"),
            text("requirement_id"),
            text("from_park"),
            text("to_park"),
            text("listing_kind"),
            text("listing_code"),
            text("reason"),
            text("state"),
            text("proposed_by"),
            int("created_at"),
            int_null("consented_at"),
            int_null("answered_at"),
            text_null("new_lead_id"),
        ],
    );
    references(&mut handover, "handover_lead", "lead_id", "lead");
    references(&mut handover, "handover_requirement", "requirement_id", "requirement");
    handover
}

/// `parks`: codes joined by `;`, empty for all. `account_id` is the account that the key acts as: of the person for whom it
/// was made, or one of its own that cannot sign in.
fn api_key() -> TableCreateStatement {
    let mut api_key = table(
        "api_key",
        vec![
            key("id"),
            text("name"),
            text("hash"),
            text("role"),
            text("parks"),
            text("account_id"),
            text_null("for_account"),
            int("created_at"),
            int_null("revoked_at"),
        ],
    );
    references(&mut api_key, "api_key_account", "account_id", "account");
    references(&mut api_key, "api_key_for", "for_account", "account");
    api_key
}

/// One row per person and morning; it is inserted in the transaction that queues the mail.
fn digest() -> TableCreateStatement {
    table("digest", vec![text("account_id"), text("day"), int("at")])
        .primary_key(Index::create().col("account_id").col("day"))
        .take()
}

/// The report of a past period as filed. `kind`: weekly, monthly; `figures` is JSON.
fn report() -> TableCreateStatement {
    table("report", vec![text("kind"), text("period"), text("park_code"), text("figures"), int("filed_at")])
        .primary_key(Index::create().col("kind").col("period").col("park_code"))
        .take()
}

/// Positions in logs: `listing_change` is told to leads up to `seq`.
fn log_cursor() -> TableCreateStatement {
    table("log_cursor", vec![key("name"), int("seq")])
}

// An end of a path, a loss and a withdrawal close a lead; its due day then sorts behind all others (9999-12-31).
const CLOSE: &str = "UPDATE lead SET state = 'closed', due_at = 253402271999999 \
    WHERE stage IN ('audited', 'graduated', 'lost', 'withdrawn')";
const WITHDRAW: &str = "UPDATE lead SET state = 'withdrawn', hidden = FALSE, due_at = 253402271999999 \
    WHERE requirement_id IN (SELECT id FROM requirement WHERE erased_at IS NOT NULL)";

alter_step!(
    "m08_desk",
    up: [
        AddColumn("lead", text_null("requirement_id")),
        AddColumn("lead", text_null("number")),
        AddColumn("lead", text_default("state", "open")),
        AddColumn("lead", text_default("source", "web")),
        AddColumn("lead", text_null("consent_basis")),
        AddColumn("lead", text_null("consent_note")),
        AddColumn("lead", text_null("last_word")),
        AddColumn("lead", int_null("last_word_at")),
        AddColumn("lead", flag_off("touched")),
        AddColumn("lead_event", text_null("facts")),
        AddColumn("inquiry", text_null("lead_id")),
        AddColumn("requirement", text_null("company_key")),
        AddColumn("requirement", text_null("phone_last4")),
        AddColumn("idempotency", text_null("subject")),
        AddTable(handover()),
        AddTable(api_key()),
        AddTable(digest()),
        AddTable(report()),
        AddTable(log_cursor()),
        Fill("UPDATE lead SET requirement_id = (SELECT requirement_id FROM inquiry WHERE inquiry.id = lead.inquiry_id)"),
        Fill("UPDATE lead SET number = (SELECT number FROM inquiry WHERE inquiry.id = lead.inquiry_id)"),
        Fill("UPDATE inquiry SET lead_id = (SELECT id FROM lead WHERE lead.inquiry_id = inquiry.id)"),
        Fill("UPDATE lead SET touched = TRUE WHERE version > 1"),
        Fill("UPDATE requirement SET phone_last4 = SUBSTR(phone, LENGTH(phone) - 3) WHERE phone IS NOT NULL"),
        Fill(CLOSE),
        Fill(WITHDRAW),
        Fill("UPDATE lead_event SET note = '' WHERE lead_id IN (SELECT id FROM lead WHERE state = 'withdrawn')"),
        // Leads that are not worked any more are due at the end of time: those in work are one range of each index.
        AddIndex(index("lead_desk", "lead", &["park_code", "due_at", "number"])),
        AddIndex(index("lead_desk_all", "lead", &["due_at", "number"])),
        AddIndex(index("lead_owner_due", "lead", &["owner_id", "state", "due_at"])),
        AddIndex(index("lead_requirement", "lead", &["requirement_id"])),
        AddIndex(index("lead_number", "lead", &["number"])),
        AddIndex(index("lead_created", "lead", &["created_at"])),
        AddIndex(index("lead_answered", "lead", &["answered_at"])),
        AddIndex(index("lead_event_kind_at", "lead_event", &["kind", "at"])),
        AddIndex(index("inquiry_lead", "inquiry", &["lead_id"])),
        AddIndex(index("inquiry_listing", "inquiry", &["listing_code"])),
        AddIndex(index("requirement_company_key", "requirement", &["company_key"])),
        AddIndex(index("requirement_phone_last4", "requirement", &["phone_last4"])),
        AddIndex(index("requirement_phone", "requirement", &["phone"])),
        AddIndex(index("requirement_email", "requirement", &["email"])),
        AddIndex(index("requirement_uscc", "requirement", &["uscc"])),
        AddIndex(index("idempotency_subject", "idempotency", &["subject"])),
        AddIndex(index("handover_lead", "handover", &["lead_id"])),
        AddIndex(index("handover_requirement", "handover", &["requirement_id"])),
        AddIndex(index("handover_to", "handover", &["to_park", "state"])),
        AddIndex(unique("api_key_name", "api_key", &["name"])),
        AddIndex(unique("api_key_hash", "api_key", &["hash"])),
    ],
    down: [
        DropTable("log_cursor"),
        DropTable("report"),
        DropTable("digest"),
        DropTable("api_key"),
        DropTable("handover"),
        DropIndex("idempotency", "idempotency_subject"),
        DropIndex("requirement", "requirement_uscc"),
        DropIndex("requirement", "requirement_email"),
        DropIndex("requirement", "requirement_phone"),
        DropIndex("requirement", "requirement_phone_last4"),
        DropIndex("requirement", "requirement_company_key"),
        DropIndex("inquiry", "inquiry_listing"),
        DropIndex("inquiry", "inquiry_lead"),
        DropIndex("lead_event", "lead_event_kind_at"),
        DropIndex("lead", "lead_answered"),
        DropIndex("lead", "lead_created"),
        DropIndex("lead", "lead_number"),
        DropIndex("lead", "lead_requirement"),
        DropIndex("lead", "lead_owner_due"),
        DropIndex("lead", "lead_desk_all"),
        DropIndex("lead", "lead_desk"),
        // A program without this step shows the leads of withdrawn requirements unless they are hidden.
        Fill("UPDATE lead SET hidden = TRUE WHERE state = 'withdrawn'"),
        DropColumn("idempotency", "subject"),
        DropColumn("requirement", "phone_last4"),
        DropColumn("requirement", "company_key"),
        DropColumn("inquiry", "lead_id"),
        DropColumn("lead_event", "facts"),
        DropColumn("lead", "touched"),
        DropColumn("lead", "last_word_at"),
        DropColumn("lead", "last_word"),
        DropColumn("lead", "consent_note"),
        DropColumn("lead", "consent_basis"),
        DropColumn("lead", "source"),
        DropColumn("lead", "state"),
        DropColumn("lead", "number"),
        DropColumn("lead", "requirement_id"),
    ]
);
