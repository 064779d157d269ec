//! Indexes of the desk: each list is one range in its order, and the counts read an index alone. `lead_desk` and `lead_desk_all`
//! are replaced.
//! Checks of staged rows are staged with them; `changed` are the facts whose values changed.

use sea_orm_migration::prelude::*;

use crate::alter_step;
use crate::table::SchemaChange::{AddColumn, AddIndex, DropColumn, DropIndex};
use crate::table::{index, text_null};

alter_step!(
    "m20_speed",
    up: [
        AddIndex(index(
            "lead_open",
            "lead",
            &["due_at", "number", "hidden", "state", "stage", "last_word", "touched"],
        )),
        AddIndex(index(
            "lead_park_open",
            "lead",
            &["park_code", "due_at", "number", "hidden", "state", "stage", "last_word", "touched"],
        )),
        AddIndex(index("lead_last_word", "lead", &["last_word", "due_at", "number"])),
        AddIndex(index("lead_stage", "lead", &["stage", "touched", "due_at", "number"])),
        DropIndex("lead", "lead_desk_all"),
        DropIndex("lead", "lead_desk"),
        AddColumn("import_staged", text_null("checked")),
        AddColumn("import_staged", text_null("changed")),
    ],
    down: [
        DropColumn("import_staged", "changed"),
        DropColumn("import_staged", "checked"),
        AddIndex(index("lead_desk", "lead", &["park_code", "due_at", "number"])),
        AddIndex(index("lead_desk_all", "lead", &["due_at", "number"])),
        DropIndex("lead", "lead_stage"),
        DropIndex("lead", "lead_last_word"),
        DropIndex("lead", "lead_park_open"),
        DropIndex("lead", "lead_open"),
    ]
);
