//! Assignment of new leads: rules and turns of parks, absences of people.

use sea_orm_migration::prelude::*;

use crate::table::{flag, index, int, int_null, key, references, step, table, text, text_null};

/// `place` orders the rules of a park. A blank condition is met by every lead; amounts are in 10,000 yuan.
fn assignment_rule() -> TableCreateStatement {
    let mut rule = table(
        "assignment_rule",
        vec![
            key("id"),
            text("park_code"),
            int("place"),
            text_null("chain"),
            text_null("region"),
            int_null("least_wan"),
            int_null("most_wan"),
            text_null("tag"),
            text("account_id"),
            int("created_at"),
        ],
    );
    references(&mut rule, "assignment_rule_account", "account_id", "account");
    rule
}

/// One row per park that assigns at arrival; `last_account` had the last turn.
fn assignment_park() -> TableCreateStatement {
    table("assignment_park", vec![key("park_code"), flag("takes_turns"), text_null("last_account")])
}

/// One row per account: absent from `from_day` to `until_day`, both included.
fn absence() -> TableCreateStatement {
    let columns = vec![key("account_id"), text("from_day"), text("until_day"), text_null("deputy_id")];
    let mut absence = table("absence", columns);
    references(&mut absence, "absence_account", "account_id", "account");
    references(&mut absence, "absence_deputy", "deputy_id", "account");
    absence
}

step!(
    "m14_assignment",
    up: [assignment_rule(), assignment_park(), absence()],
    indexes: [index("assignment_rule_park", "assignment_rule", &["park_code", "place"])],
    down: ["absence", "assignment_park", "assignment_rule"]
);
