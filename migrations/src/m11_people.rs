//! People: spheres beside the first park, second factors, known browsers, kept forms; the audit's sealed batches.
//! `down` loses spheres of more than one park, second factors and the seals.

use sea_orm_migration::prelude::*;

use crate::alter_step;
use crate::table::SchemaChange::{AddColumn, AddIndex, AddTable, DropColumn, DropIndex, DropTable};
use crate::table::{index, int, int_null, key, references, table, text, text_null};

/// Parks, divisions and industries of an account; `account.park_code` keeps the first park for the previous program.
fn account_sphere() -> TableCreateStatement {
    let mut sphere = table("account_sphere", vec![text("account_id"), text("kind"), text("code")]);
    sphere.primary_key(Index::create().col("account_id").col("kind").col("code"));
    references(&mut sphere, "account_sphere_account", "account_id", "account");
    sphere
}

/// One-time codes in place of a lost second factor, by hash.
fn recovery_code() -> TableCreateStatement {
    let mut code = table("recovery_code", vec![key("hash"), text("account_id"), int_null("used_at")]);
    references(&mut code, "recovery_code_account", "account_id", "account");
    code
}

/// Browsers in which an account has signed in, by the hash of their cookie: others' failures do not slow them.
fn known_browser() -> TableCreateStatement {
    let columns = vec![key("hash"), text("account_id"), int("seen_at"), int("failures")];
    let mut browser = table("known_browser", columns);
    references(&mut browser, "known_browser_account", "account_id", "account");
    browser
}

/// A form that was posted after the session had ended, encrypted under a key that only the browser has.
fn kept_form() -> TableCreateStatement {
    let columns = vec![key("hash"), text("account_id"), text("sealed"), int("expires_at")];
    let mut form = table("kept_form", columns);
    references(&mut form, "kept_form_account", "account_id", "account");
    form
}

/// A sealed batch of the audit; `digest` is over its lines, `chain` over the former batch's chain and this batch.
fn audit_seal() -> TableCreateStatement {
    table(
        "audit_seal",
        vec![
            int("number").primary_key().take(),
            int("sealed_at"),
            int("lines"),
            text("digest"),
            text("chain"),
            int_null("dropped_at"),
        ],
    )
}

alter_step!(
    "m11_people",
    up: [
        AddColumn("account", text_null("totp_secret")),
        AddColumn("account", int_null("totp_at")),
        AddColumn("account", int_null("totp_step")),
        AddColumn("account_token", text_null("subject")),
        AddColumn("session", text_null("network")),
        AddColumn("session", text_null("browser")),
        AddColumn("audit", int_null("batch")),
        AddIndex(index("audit_of_batch", "audit", &["batch"])),
        AddIndex(index("access_at", "access", &["at"])),
        AddTable(account_sphere()),
        AddTable(recovery_code()),
        AddTable(known_browser()),
        AddTable(kept_form()),
        AddTable(audit_seal()),
        AddIndex(index("recovery_code_account", "recovery_code", &["account_id"])),
        AddIndex(index("known_browser_account", "known_browser", &["account_id"])),
    ],
    down: [
        DropTable("audit_seal"),
        DropTable("kept_form"),
        DropTable("known_browser"),
        DropTable("recovery_code"),
        DropTable("account_sphere"),
        DropIndex("access", "access_at"),
        DropIndex("audit", "audit_of_batch"),
        DropColumn("audit", "batch"),
        DropColumn("session", "browser"),
        DropColumn("session", "network"),
        DropColumn("account_token", "subject"),
        DropColumn("account", "totp_step"),
        DropColumn("account", "totp_at"),
        DropColumn("account", "totp_secret"),
    ]
);
