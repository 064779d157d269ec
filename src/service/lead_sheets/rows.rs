//! One accepted row of a file, and the rows of the database that it becomes.

use domain::fault::CellReason;
use domain::import::Note;
use domain::inquiry::InquiryState;
use domain::kind::Kind;
use domain::lead::{ConsentBasis, Source, Stage};
use domain::requirement::{Requirement, Word as _};
use domain::time::{Moment, NEVER};
use serde_json::json;

use crate::db::lead::{Inquiry, NewLead};
use crate::db::requirement::{NewConsent, RequirementRow, StoredContact};
use crate::db::sheet_lead::NewSheetLead;
use crate::db::words::{ConsentPurpose, RequirementState};
use crate::ids;
use crate::service::context::Context;
use crate::service::due;

/// A row's place in its file.
#[derive(Clone, Debug)]
pub(super) struct RowPlace {
    pub(super) sheet: Option<String>,
    pub(super) row: u32,
}

impl RowPlace {
    pub(super) fn note(&self, column: &str, value: &str, code: CellReason, detail: Vec<String>) -> Note {
        let (sheet, column, value) = (self.sheet.clone(), column.to_owned(), value.to_owned());
        Note { sheet, row: self.row, column, value, code, detail }
    }
}

/// A lead as read from a row of a file. Without `Debug`, so that no contact data get into a log.
pub(super) struct SheetLead {
    pub(super) place: RowPlace,
    /// Hash of park and number, or of park, company and project.
    pub(super) key: String,
    /// Hash of the row.
    pub(super) digest: String,
    pub(super) park: String,
    pub(super) contact: StoredContact,
    pub(super) requirement: Requirement,
    pub(super) text: Option<String>,
    pub(super) source: Source,
    pub(super) basis: ConsentBasis,
    pub(super) basis_note: String,
    pub(super) referrer: Option<String>,
    /// Kind, id and name.
    pub(super) listing: (Kind, String, String),
    pub(super) stage: Stage,
    pub(super) owner_id: Option<String>,
    pub(super) registered_at: Moment,
    pub(super) answered_at: Option<Moment>,
    pub(super) signed_at: Option<Moment>,
    /// Amount of the signature, 10,000 yuan.
    pub(super) amount_wan: Option<String>,
    pub(super) note: Option<(Moment, String)>,
    /// End of the day on which it becomes due, where the row names one.
    pub(super) next_at: Option<Moment>,
}

impl SheetLead {
    /// Returns the rows to store.
    pub(super) fn rows(self, app: &Context, now: Moment) -> NewSheetLead {
        let requirement = self.requirement_row();
        let lead = self.lead(app, &requirement.id, now);
        let next_on = self.next_at.map(|at| at.day().to_string());
        let signed_on = self.signed_at.map(|at| at.day().to_string());
        let amount = self.amount_wan.clone();
        NewSheetLead {
            consent: self.consent(app, &requirement.id),
            requirement,
            lead,
            stage: self.stage,
            answered_at: self.answered_at,
            signed: self.signed_at.map(|at| (at, json!({ "amount_wan": amount, "signed_on": signed_on }))),
            note: self.note.map(|(at, words)| (at, words, json!({ "note": "other", "next_on": next_on }))),
            key: self.key,
            digest: self.digest,
        }
    }

    fn requirement_row(&self) -> RequirementRow {
        RequirementRow {
            id: ids::row_id(),
            reference: ids::reference(),
            requirement: self.requirement.clone().into(),
            free_text: self.text.clone(),
            contact: Some(self.contact.clone()),
            locale: "zh-Hans".to_owned(),
            created_at: self.registered_at,
            erased_at: None,
            state: RequirementState::Open.into(),
        }
    }

    fn consent(&self, app: &Context, requirement_id: &str) -> NewConsent {
        NewConsent {
            requirement_id: requirement_id.to_owned(),
            purpose: ConsentPurpose::Provide,
            receiver: self.park.clone(),
            receiver_name: app.inventory.park_name(&self.park),
            receiver_contact: app.inventory.inbox(&self.park).unwrap_or_default(),
            data_kinds: "company,contact,phone,email,requirement",
            // The basis that the office recorded stands in for a notice.
            notice_version: self.basis.word().to_owned(),
            notice_hash: String::new(),
        }
    }

    fn lead(&self, app: &Context, requirement_id: &str, now: Moment) -> NewLead {
        let (kind, listing, listing_name) = self.listing.clone();
        let inquiry = Inquiry {
            id: ids::row_id(),
            number: ids::inquiry_number(self.registered_at),
            requirement_id: requirement_id.to_owned(),
            kind: kind.into(),
            listing,
            listing_name,
            park: self.park.clone(),
            state: InquiryState::TypedIn.into(),
            created_at: self.registered_at,
            updated_at: now,
        };
        NewLead {
            id: ids::row_id(),
            inquiry,
            park: self.park.clone(),
            source: self.source,
            basis: Some(self.basis),
            basis_note: Some(self.basis_note.clone()),
            referrer: self.referrer.clone(),
            owner_id: self.owner_id.clone(),
            stage: Stage::Registered,
            due_at: self.due_at(app, now),
            is_hidden: false,
        }
    }

    /// The next date of the row; without one the clock of the stage runs from the import.
    fn due_at(&self, app: &Context, now: Moment) -> Moment {
        if self.stage.is_final() {
            return NEVER;
        }
        self.next_at.unwrap_or_else(|| due::after_move(app, &self.park, self.stage, now))
    }
}
