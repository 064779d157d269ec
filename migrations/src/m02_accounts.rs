//! Staff accounts, their one-time links and their sessions; tokens are stored as SHA-256 only.

use sea_orm_migration::prelude::*;

use crate::table::{index, int, int_null, key, references, step, table, text, text_null, unique};

fn account() -> TableCreateStatement {
    table(
        "account",
        vec![
            key("id"),
            text("email"),
            text("role"),
            text_null("park_code"),
            text_null("password_hash"),
            int("created_at"),
            int_null("disabled_at"),
        ],
    )
}

fn account_token() -> TableCreateStatement {
    let mut token = table(
        "account_token",
        vec![key("hash"), text("account_id"), text("purpose"), int("expires_at"), int_null("used_at")],
    );
    references(&mut token, "account_token_account", "account_id", "account");
    token
}

fn session() -> TableCreateStatement {
    let mut session =
        table("session", vec![key("hash"), text("account_id"), int("created_at"), int("seen_at"), int("expires_at")]);
    references(&mut session, "session_account", "account_id", "account");
    session
}

step!(
    "m02_accounts",
    up: [account(), account_token(), session()],
    indexes: [
        unique("account_email", "account", &["email"]),
        index("account_token_account", "account_token", &["account_id"]),
        index("session_account", "session", &["account_id"]),
    ],
    down: ["session", "account_token", "account"]
);
