//! Listings and policies as their records, and the clock by which every process follows their changes.

use sea_orm_migration::prelude::*;

use crate::table::{flag, index, int, key, step, table, text, text_null};

/// `record` holds the row's cells as JSON, canonical, as `domain::record` reads them.
fn listing() -> TableCreateStatement {
    table(
        "listing",
        vec![
            text("kind"),
            text("code"),
            text("name"),
            text_null("park_code"),
            text("record"),
            flag("demo"),
            int("created_at"),
            int("updated_at"),
        ],
    )
    .primary_key(Index::create().col("kind").col("code"))
    .take()
}

/// One row a change, in the order of their commits: writers take the next number from `clock` under its row lock.
fn listing_change() -> TableCreateStatement {
    table(
        "listing_change",
        vec![
            ColumnDef::new("seq").big_integer().not_null().primary_key().take(),
            text("kind"),
            text("code"),
            int("at"),
        ],
    )
}

fn clock() -> TableCreateStatement {
    table("clock", vec![key("name"), int("value")])
}

fn policy() -> TableCreateStatement {
    table(
        "policy",
        vec![key("code"), text("title"), text("record"), flag("demo"), int("created_at"), int("updated_at")],
    )
}

step!(
    "m01_listings",
    up: [listing(), listing_change(), clock(), policy()],
    indexes: [index("listing_park", "listing", &["park_code"])],
    down: ["policy", "clock", "listing_change", "listing"]
);
