//! Inquiries, leads and entries of their history as stored.

use domain::inquiry::InquiryState;
use domain::lead::{ConsentBasis, EventKind, LastWord, LeadState, Source, Stage};
use domain::listing::Kind;
use domain::stored::Stored;
use domain::time::Moment;

use crate::db::entity::{inquiry, lead};
use crate::db::words::{
    CONSENT_BASIS, INQUIRY_KIND, INQUIRY_STATE, LEAD_LAST_WORD, LEAD_SOURCE, LEAD_STAGE, LEAD_STATE,
};

/// An inquiry as stored.
#[derive(Clone, Debug)]
pub struct Inquiry {
    /// Row id.
    pub id: String,
    /// The number used in conversation, `LD20261129-4H3RP0ES`.
    pub number: String,
    /// Id of its requirement.
    pub requirement_id: String,
    /// The kind of its listing.
    pub kind: Stored<Kind>,
    /// The id of its listing.
    pub listing: String,
    /// The listing's name at the time of the inquiry.
    pub listing_name: String,
    /// Code of the park that answers.
    pub park: String,
    /// The delivery state of its mail.
    pub state: Stored<InquiryState>,
    /// Time of acceptance.
    pub created_at: Moment,
    /// Time of the last change of its state.
    pub updated_at: Moment,
}

/// A lead as stored.
#[derive(Clone, Debug)]
pub struct Lead {
    /// Row id.
    pub id: String,
    /// Id of its first inquiry.
    pub inquiry_id: String,
    /// Code of the park that owns it; empty for the operator.
    pub park: String,
    /// Its stage.
    pub stage: Stored<Stage>,
    /// Whether it is worked.
    pub state: Stored<LeadState>,
    /// Its origin.
    pub source: Stored<Source>,
    /// Basis of the consent to a typed-in lead.
    pub basis: Option<Stored<ConsentBasis>>,
    /// Id of the account that is responsible for it.
    pub owner_id: Option<String>,
    /// Optimistic lock: rises by one with every move.
    pub version: i64,
    /// Time of registration.
    pub created_at: Moment,
    /// Time of the last change.
    pub updated_at: Moment,
    /// End of its due day; [`NEVER`](domain::time::NEVER) once it is not worked any more.
    pub due_at: Moment,
    /// Time of the first answer to the enterprise.
    pub answered_at: Option<Moment>,
    /// The side that spoke last.
    pub last_word: Option<Stored<LastWord>>,
    /// Whether a member of staff has done anything with it.
    pub touched: bool,
    /// Name of the person or firm that referred it; none once erased.
    pub referrer: Option<String>,
}

impl Lead {
    /// Whether it is worked; a lead of another version's state is not.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state == LeadState::Open && !self.stage.known().is_some_and(Stage::is_final)
    }
}

/// A lead with its inquiries and requirement, as a row of the desk and the export.
#[derive(Clone, Debug)]
pub struct LeadRow {
    /// The lead.
    pub lead: Lead,
    /// Its first inquiry.
    pub inquiry: Inquiry,
    /// All its inquiries, oldest first.
    pub inquiries: Vec<Inquiry>,
    /// The requirement's JSON, verbatim; without any field once withdrawn.
    pub requirement: String,
    /// Name of the enterprise; `None` once withdrawn.
    pub company: Option<String>,
    /// Address of the owner.
    pub owner: Option<String>,
    /// The last stage on its path, of a lead that is beside it.
    pub stood: Option<Stage>,
}

/// An entry of a lead's history.
#[derive(Clone, Debug)]
pub struct LeadEvent {
    /// Time of the event.
    pub at: Moment,
    /// Address of the account; `None` for the service itself.
    pub by: Option<String>,
    /// Its kind.
    pub kind: Stored<EventKind>,
    /// The stage before; `None` unless the stage changed.
    pub from: Option<Stored<Stage>>,
    /// The stage after.
    pub to: Option<Stored<Stage>>,
    /// The note, or the reason for the stage.
    pub note: String,
    /// Facts of the event as JSON, without personal data: amounts, days, listings.
    pub facts: Option<serde_json::Value>,
}

pub(super) fn stored_inquiry(row: inquiry::Model) -> Inquiry {
    Inquiry {
        kind: INQUIRY_KIND.read(&row.id, &row.listing_kind),
        state: INQUIRY_STATE.read(&row.id, &row.state),
        id: row.id,
        number: row.number,
        requirement_id: row.requirement_id,
        listing: row.listing_code,
        listing_name: row.listing_name,
        park: row.park_code,
        created_at: Moment(row.created_at),
        updated_at: Moment(row.updated_at),
    }
}

pub(super) fn stored_lead(row: lead::Model) -> Lead {
    Lead {
        stage: LEAD_STAGE.read(&row.id, &row.stage),
        state: LEAD_STATE.read(&row.id, &row.state),
        source: LEAD_SOURCE.read(&row.id, &row.source),
        basis: row.consent_basis.as_deref().map(|word| CONSENT_BASIS.read(&row.id, word)),
        last_word: row.last_word.as_deref().map(|word| LEAD_LAST_WORD.read(&row.id, word)),
        id: row.id,
        inquiry_id: row.inquiry_id,
        park: row.park_code,
        owner_id: row.owner_id,
        version: row.version,
        created_at: Moment(row.created_at),
        updated_at: Moment(row.updated_at),
        due_at: Moment(row.due_at),
        answered_at: row.answered_at.map(Moment),
        touched: row.touched,
        referrer: row.referrer,
    }
}
