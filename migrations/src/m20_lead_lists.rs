//! Indexes of the desk: each list is one range in its order, and the counts read an index alone. `lead_desk_all` is replaced.

use sea_orm_migration::prelude::*;

use crate::alter_step;
use crate::table::SchemaChange::{AddIndex, DropIndex};
use crate::table::index;

alter_step!(
    "m20_lead_lists",
    up: [
        AddIndex(index(
            "lead_open",
            "lead",
            &["due_at", "number", "hidden", "state", "stage", "last_word", "touched"],
        )),
        AddIndex(index("lead_last_word", "lead", &["last_word", "due_at", "number"])),
        AddIndex(index("lead_stage", "lead", &["stage", "touched", "due_at", "number"])),
        DropIndex("lead", "lead_desk_all"),
    ],
    down: [
        AddIndex(index("lead_desk_all", "lead", &["due_at", "number"])),
        DropIndex("lead", "lead_stage"),
        DropIndex("lead", "lead_last_word"),
        DropIndex("lead", "lead_open"),
    ]
);
