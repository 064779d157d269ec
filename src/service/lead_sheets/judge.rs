//! Rows of a file judged: each becomes a lead, is known already, or is rejected with every wrong cell.

use std::collections::HashSet;

use domain::contact::{Mail, Phone, company_key, visible_name};
use domain::fault::CellReason;
use domain::import::{FileRow, Note, identity_key};
use domain::kind::Kind;
use domain::lead::{SITE_PATH, SPACE_PATH, Source, Stage};
use domain::lead_sheet;
use domain::listing::{Detail, SpaceKind};
use domain::requirement::{Requirement, Word as _};
use domain::time::{Moment, SECONDS_PER_HOUR, parse_day};
use domain::uscc::Uscc;
use serde_json::{Value, json};

use super::options::LeadOptions;
use super::rows::{RowPlace, SheetLead};
use crate::db::requirement::StoredContact;
use crate::error::Result;
use crate::ids;
use crate::service::accounts::{self, Actor};
use crate::service::context::Context;
use crate::service::imports::{ImportOptions, Readings};

/// Longest name, in characters.
const LONGEST_NAME: usize = 100;
/// Longest note and text, in characters.
const LONGEST_NOTE: usize = 2_000;
/// Accounts that are told where a name means none.
const NEAREST: usize = 3;
/// Figures of a row with the field of a requirement that each fills, and whether that holds a range.
const FIGURES: [(&str, &str, bool); 5] = [
    ("land_mu", "land_mu", true),
    ("floor_m2", "floor_m2", true),
    ("investment_wan", "investment_wan", false),
    ("tax_wan", "tax_wan", false),
    ("output_wan", "output_wan", false),
];
/// Stages beside every path.
const BESIDE: [Stage; 3] = [Stage::Shelved, Stage::Lost, Stage::Withdrawn];

/// Accounts that may own leads.
pub(super) struct Owners(Vec<Actor>);

impl Owners {
    pub(super) async fn of(app: &Context) -> Result<Self> {
        let all = app.db.accounts().await?.into_iter().map(|(account, _)| account);
        let live = all.filter(|account| !account.disabled).filter_map(|account| accounts::actor(app, account));
        Ok(Self(live.filter(|actor| actor.role.works_leads()).collect()))
    }

    /// Returns the account that a name means for a park's lead, or the nearest addresses.
    fn find(&self, names: &[(String, String)], written: &str, park: &str) -> std::result::Result<String, Vec<String>> {
        let meant = names.iter().find(|(name, _)| name == written.trim()).map(|(_, email)| email.as_str());
        let email = meant.unwrap_or(written).trim().to_lowercase();
        let own = || self.0.iter().filter(|actor| actor.scope.covers(park));
        let found = own().find(|actor| actor.email == email);
        found.map(|actor| actor.id.clone()).ok_or_else(|| {
            let mut near: Vec<&str> = own().map(|actor| actor.email.as_str()).collect();
            near.sort_by(|a, b| strsim::jaro(b, &email).total_cmp(&strsim::jaro(a, &email)));
            near.into_iter().take(NEAREST).map(str::to_owned).collect()
        })
    }
}

/// The rows of a file, judged.
#[derive(Default)]
pub(super) struct JudgedRows {
    pub(super) new: Vec<SheetLead>,
    pub(super) unchanged: usize,
    pub(super) rejected: Vec<Note>,
    pub(super) warnings: Vec<Note>,
}

/// The context, options and accounts by which rows are judged.
pub(super) struct RowJudge<'a> {
    pub(super) app: &'a Context,
    pub(super) options: &'a ImportOptions,
    pub(super) leads: &'a LeadOptions,
    pub(super) owners: &'a Owners,
}

impl RowJudge<'_> {
    /// Judges every row of a file.
    ///
    /// # Errors
    /// [`crate::error::Error::Unavailable`] or [`crate::error::Error::Internal`].
    pub(super) async fn rows(&self, file: &Readings) -> Result<JudgedRows> {
        let mut judged = JudgedRows::default();
        judged.rejected.extend(file.readings.iter().flat_map(|reading| reading.rejected.iter().cloned()));
        let mut seen = HashSet::new();
        let mut accepted = Vec::new();
        for row in file.readings.iter().flat_map(|reading| &reading.rows) {
            match self.row(row, &mut seen) {
                Ok(lead) => accepted.push(lead),
                Err(notes) => judged.rejected.extend(notes),
            }
        }
        judged.rejected.sort_by(|a, b| (&a.sheet, a.row).cmp(&(&b.sheet, b.row)));
        let keys: Vec<String> = accepted.iter().map(|lead| lead.key.clone()).collect();
        let known = self.app.db.known_rows(&keys).await?;
        for lead in accepted {
            let Some(row) = known.get(&lead.key) else {
                judged.new.push(lead);
                continue;
            };
            judged.unchanged += 1;
            if row.digest != lead.digest {
                let is_gone = row.digest.is_empty();
                let code = if is_gone { CellReason::WithdrawnSince } else { CellReason::KnownDiffers };
                judged.warnings.push(lead.place.note("company", "", code, Vec::new()));
            }
        }
        Ok(judged)
    }

    fn row(&self, row: &FileRow, seen: &mut HashSet<String>) -> std::result::Result<SheetLead, Vec<Note>> {
        let place = RowPlace { sheet: row.sheet().map(str::to_owned), row: row.number() };
        let mut cells = LeadCells { row, place, notes: Vec::new(), now: self.app.clock.now() };
        let park = self.park(&mut cells);
        let key = key(&park, row);
        if !seen.insert(key.clone()) {
            let column = if row.get("number").is_empty() { "company" } else { "number" };
            cells.refuse(column, CellReason::DuplicateId, Vec::new());
        }
        let contact = contact(&mut cells);
        let source = cells.word("source", Source::from_word, self.leads.source);
        let basis = cells.word("basis", domain::lead::ConsentBasis::from_word, self.leads.basis);
        let listing = self.listing(&mut cells, &park);
        let stage = listing.as_ref().and_then(|listing| self.stage(&mut cells, listing));
        let owner_id = self.owner(&mut cells, &park);
        let registered_at = cells.past("registered_on").unwrap_or(cells.now);
        let note_at = cells.past("last_on").unwrap_or(cells.now);
        let (answered_at, signed_at) = (cells.past("answered_on"), cells.past("signed_on"));
        let (requirement, text) = requirement(&mut cells, registered_at, listing.as_ref().map(|it| it.0));
        let basis_note = Some(cells.words("basis_note")).filter(|text| !text.is_empty());
        let last_note = cells.words("last_note");
        let referrer = cells.name("referrer").filter(|name| !name.is_empty());
        let next_at = parse_day(row.get("next_on")).map(Moment::end_of);
        if stage == Some(Stage::Shelved) && next_at.is_none() {
            cells.refuse("next_on", CellReason::Missing, Vec::new());
        }
        let parts = (contact, source, basis, listing, stage);
        let (Some(contact), Some(source), Some(basis), Some(listing), Some(stage)) = parts else {
            return Err(cells.notes);
        };
        if !cells.notes.is_empty() {
            return Err(cells.notes);
        }
        Ok(SheetLead {
            key,
            digest: digest(&park, row),
            park,
            contact,
            requirement,
            text,
            source,
            basis,
            basis_note: basis_note.unwrap_or_else(|| self.leads.basis_note.clone()),
            referrer,
            listing,
            stage,
            owner_id,
            registered_at,
            answered_at,
            signed_at,
            amount_wan: Some(row.get("amount_wan").to_owned()).filter(|amount| !amount.is_empty()),
            note: (!last_note.is_empty()).then_some((note_at, last_note)),
            next_at,
            place: cells.place,
        })
    }

    /// The park of a row: its own, or that of the whole file.
    fn park(&self, cells: &mut LeadCells<'_>) -> String {
        let (own, whole) = (cells.row.get("park_code"), self.options.park.as_deref());
        let park = if own.is_empty() { whole.unwrap_or_default() } else { own };
        let is_known = self.app.inventory.record(Kind::Park, park).is_some();
        if park.is_empty() {
            cells.refuse("park_code", CellReason::Missing, Vec::new());
        } else if whole.is_some_and(|whole| whole != park) {
            cells.refuse("park_code", CellReason::OtherPark, Vec::new());
        } else if !is_known {
            cells.refuse("park_code", CellReason::UnknownPark, Vec::new());
        }
        park.to_owned()
    }

    /// Kind, id and name of the listing, which must be the park's; the park itself where the row names none.
    fn listing(&self, cells: &mut LeadCells<'_>, park: &str) -> Option<(Kind, String, String)> {
        let (inventory, id) = (&self.app.inventory, cells.row.get("listing"));
        if id.is_empty() {
            return Some((Kind::Park, park.to_owned(), inventory.park_name(park)));
        }
        let own = inventory.find(id).filter(|record| {
            let of = if record.kind() == Kind::Park { record.id() } else { record.get("park_code") };
            of == park
        });
        let Some(record) = own else {
            let mut near: Vec<String> = inventory.inside(park).iter().map(|record| record.id().to_owned()).collect();
            near.sort_by(|a, b| strsim::jaro(b, id).total_cmp(&strsim::jaro(a, id)));
            near.truncate(NEAREST);
            cells.refuse("listing", CellReason::UnknownListing, near);
            return None;
        };
        let name = inventory.listing(record.kind(), record.id()).map(|listing| listing.name.to_string());
        Some((record.kind(), record.id().to_owned(), name.unwrap_or_else(|| record.id().to_owned())))
    }

    fn stage(&self, cells: &mut LeadCells<'_>, (kind, id, _): &(Kind, String, String)) -> Option<Stage> {
        let word = cells.row.get("stage");
        let stage = if word.is_empty() { Stage::Registered } else { lead_sheet::stage(word)? };
        let detail = self.app.inventory.listing(*kind, id).map(|listing| listing.detail);
        let path = match detail {
            Some(Detail::Space(space)) if space.kind != SpaceKind::Factory => SPACE_PATH,
            _ => SITE_PATH,
        };
        if path.contains(&stage) || BESIDE.contains(&stage) {
            return Some(stage);
        }
        cells.refuse("stage", CellReason::StageOffPath, path.iter().map(|stage| stage.word().to_owned()).collect());
        None
    }

    fn owner(&self, cells: &mut LeadCells<'_>, park: &str) -> Option<String> {
        let written = cells.row.get("owner");
        if written.is_empty() {
            return None;
        }
        match self.owners.find(&self.leads.owners, written, park) {
            Ok(id) => Some(id),
            Err(near) => {
                cells.refuse("owner", CellReason::UnknownOwner, near);
                None
            }
        }
    }
}

/// The cells of one row with their faults.
struct LeadCells<'r> {
    row: &'r FileRow,
    place: RowPlace,
    notes: Vec<Note>,
    now: Moment,
}

impl LeadCells<'_> {
    fn refuse(&mut self, column: &str, code: CellReason, detail: Vec<String>) {
        let note = self.place.note(column, self.row.shown(column), code, detail);
        self.notes.push(note);
    }

    /// The value of a word, or the one that the whole file has.
    fn word<T>(&mut self, column: &str, value: impl Fn(&str) -> Option<T>, whole: Option<T>) -> Option<T> {
        let found = value(self.row.get(column)).or(whole);
        if found.is_none() {
            self.refuse(column, CellReason::Missing, Vec::new());
        }
        found
    }

    /// The noon of a day that has come; today's is now.
    fn past(&mut self, column: &str) -> Option<Moment> {
        let day = parse_day(self.row.get(column))?;
        if day > self.now.day() {
            self.refuse(column, CellReason::DayAhead, Vec::new());
            return None;
        }
        Some(Moment::start_of(day).plus_seconds(12 * SECONDS_PER_HOUR).min(self.now))
    }

    /// A text of at most [`LONGEST_NOTE`] characters.
    fn words(&mut self, column: &str) -> String {
        let text = self.row.get(column).trim();
        if text.chars().count() > LONGEST_NOTE {
            self.refuse(column, CellReason::TooLong, Vec::new());
        }
        text.to_owned()
    }

    /// A name, blank where the cell is.
    fn name(&mut self, column: &str) -> Option<String> {
        let text = self.row.get(column);
        if text.is_empty() {
            return Some(String::new());
        }
        let name = visible_name(text, LONGEST_NAME).map(str::to_owned);
        if name.is_none() {
            self.refuse(column, CellReason::NotVisible, Vec::new());
        }
        name
    }
}

/// The row's identity: a number of its own, else company and project.
fn key(park: &str, row: &FileRow) -> String {
    let number = row.get("number");
    let own = if number.is_empty() {
        format!("{}\n{}", company_key(row.get("company")), identity_key(row.get("project")))
    } else {
        identity_key(number)
    };
    ids::sha256_hex(format!("{park}\n{}\n{own}", number.is_empty()).as_bytes())
}

fn digest(park: &str, row: &FileRow) -> String {
    let mut cells: Vec<(&str, &str)> = row.filled().collect();
    cells.sort_unstable();
    ids::sha256_hex(json!([park, cells]).to_string().as_bytes())
}

fn contact(cells: &mut LeadCells<'_>) -> Option<StoredContact> {
    if cells.row.get("company").is_empty() {
        cells.refuse("company", CellReason::Missing, Vec::new());
    }
    let (company, person) = (cells.name("company"), cells.name("contact"));
    let phone = phone(cells);
    let email = Mail::parse(cells.row.get("email")).map(|mail| mail.as_str().to_owned()).unwrap_or_default();
    let code = cells.row.get("uscc");
    let uscc = if code.is_empty() { None } else { Uscc::parse(code).ok() };
    if uscc.is_none() && !code.is_empty() {
        cells.refuse("uscc", CellReason::BadUscc, Vec::new());
    }
    Some(StoredContact { company: company?, person: person?, phone, email, uscc: uscc.map(|it| it.to_string()) })
}

/// The first number of the cell: offices write several into one.
fn phone(cells: &mut LeadCells<'_>) -> String {
    let text = cells.row.get("phone");
    if text.is_empty() {
        return String::new();
    }
    let first = text.split([',', '，', '、', ';', '；', '\n']).next().unwrap_or_default();
    let glued = || Phone::split_glued(text).and_then(|phones| phones.into_iter().next());
    let slashed = || text.split('/').next().and_then(Phone::parse);
    match Phone::parse(first).or_else(glued).or_else(slashed) {
        Some(phone) => phone.e164().to_owned(),
        None => {
            cells.refuse("phone", CellReason::BadPhone, Vec::new());
            String::new()
        }
    }
}

/// The requirement: the words as the reader reads them, and over them the row's own figures.
fn requirement(cells: &mut LeadCells<'_>, at: Moment, kind: Option<Kind>) -> (Requirement, Option<String>) {
    let words: Vec<String> = ["project", "need"].iter().map(|column| cells.words(column)).collect();
    let text = words.iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>().join("。");
    let read = domain::reader::read(&text, at.day()).requirement;
    let mut body = serde_json::to_value(&read).unwrap_or_else(|_| json!({}));
    for (column, field, is_range) in FIGURES {
        if let Ok(number) = cells.row.get(column).parse::<serde_json::Number>() {
            body[field] = if is_range { json!({ "min": number, "max": number }) } else { Value::Number(number) };
        }
    }
    if let Some(code) = cells.row.get("industry").split(';').next().filter(|code| !code.is_empty()) {
        body["industry"] = json!(code);
    }
    if let Some(kind) = kind.filter(|kind| *kind != Kind::Park) {
        body["kinds"] = json!([kind.word()]);
    }
    let requirement = Requirement::from_json(&body).unwrap_or_else(|errors| {
        for error in errors {
            let field = error.field.split('.').next().unwrap_or_default().to_owned();
            let column = FIGURES.iter().find(|(_, own, _)| *own == field).map_or("need", |(column, ..)| column);
            cells.refuse(column, CellReason::BadNeed, Vec::new());
        }
        Requirement::default()
    });
    (requirement, Some(text).filter(|text| !text.is_empty()))
}
