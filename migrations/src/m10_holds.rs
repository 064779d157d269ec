//! Tables beside a listing's record: soft holds, the evidence of its key facts with the monthly question to its park, and
//! reports that it is wrong. Leases of background jobs.

use sea_orm_migration::prelude::*;

use crate::table::{flag, index, int, int_null, key, step, table, text, text_null, unique};

/// `amount` is in whole units of `domain::hold`. `seq` is the number of the clock `beside` under which the row was last
/// written, by which every process follows.
fn soft_hold() -> TableCreateStatement {
    table(
        "soft_hold",
        vec![
            key("id"),
            text("listing_kind"),
            text("listing_code"),
            text_null("park_code"),
            text("resource"),
            int("amount"),
            text("note"),
            text("account_id"),
            int("created_at"),
            int("expires_at"),
            int_null("released_at"),
            text_null("released_by"),
            int("seq"),
        ],
    )
}

/// One row per listing. `checks` is JSON as `domain::freshness` reads it. `asked` counts the monthly questions since the last
/// check, `behind` is set where two of them were left unanswered.
fn evidence() -> TableCreateStatement {
    table(
        "evidence",
        vec![
            text("kind"),
            text("code"),
            text("checks"),
            int("asked"),
            int_null("asked_at"),
            flag("behind"),
            int("seq"),
        ],
    )
    .primary_key(Index::create().col("kind").col("code"))
    .take()
}

/// Checks of an import that is stored in stages: `checked` is JSON, none takes the import's checks back.
fn evidence_staged() -> TableCreateStatement {
    table("evidence_staged", vec![text("import_id"), text("code"), text_null("checked")])
        .primary_key(Index::create().col("import_id").col("code"))
        .take()
}

/// The monthly question to a park: `month` is `2026-11`, `listings` a JSON list of kind and id, `token` a SHA-256.
fn still_valid() -> TableCreateStatement {
    table(
        "still_valid",
        vec![
            key("id"),
            text("park_code"),
            text("month"),
            text("token"),
            text("listings"),
            int("asked_at"),
            int("expires_at"),
            int_null("answered_at"),
        ],
    )
}

/// A report that a listing is wrong. The address is absent where none was given, once it was used and once it was erased.
fn listing_report() -> TableCreateStatement {
    table(
        "listing_report",
        vec![
            key("id"),
            text("number"),
            text("listing_kind"),
            text("listing_code"),
            text("listing_name"),
            text_null("park_code"),
            text("reason"),
            text("words"),
            text_null("email"),
            text_null("notice_version"),
            text("locale"),
            text("state"),
            text("due_on"),
            text("answer"),
            int_null("answered_at"),
            text_null("answered_by"),
            text_null("message_id"),
            int("created_at"),
        ],
    )
}

fn job_lease() -> TableCreateStatement {
    table("job_lease", vec![key("name"), text("holder"), int("until")])
}

step!(
    "m10_holds",
    up: [soft_hold(), evidence(), evidence_staged(), still_valid(), listing_report(), job_lease()],
    indexes: [
        index("soft_hold_listing", "soft_hold", &["listing_kind", "listing_code", "resource", "expires_at"]),
        index("soft_hold_park", "soft_hold", &["park_code", "expires_at"]),
        index("soft_hold_seq", "soft_hold", &["seq"]),
        index("evidence_seq", "evidence", &["seq"]),
        unique("still_valid_once", "still_valid", &["park_code", "month"]),
        unique("still_valid_token", "still_valid", &["token"]),
        unique("listing_report_number", "listing_report", &["number"]),
        index("listing_report_park", "listing_report", &["state", "park_code"]),
    ],
    down: ["job_lease", "listing_report", "still_valid", "evidence_staged", "evidence", "soft_hold"]
);
