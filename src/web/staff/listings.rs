//! Listings kept by hand: the list, the form of one, its status, its history, and two versions side by side.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use domain::account::Scope;
use domain::fault::CellReason;
use domain::import::Note;
use domain::kind::Kind;
use domain::listing::Status;
use domain::record::{Cell, Column, Record, Table as _};
use domain::requirement::Word as _;
use domain::stored::Stored;
use serde::Serialize;

use crate::db::history::PastChange;
use crate::error::{Code, Error};
use crate::i18n::{column as column_label, import_note, moment, say, tell, unit_words, word};
use crate::service::listings::{self, Divergence, ListingDraft, OwnFilter, Saved};
use crate::service::pictures;
use crate::service::promises::Review;
use crate::web::extract::Id;
use crate::web::pages::{Form, Page, PageResult, Query, WrongField};
use crate::web::problem::Problem;
use crate::web::view::{OptionView, Pager, PictureView, cell_in_words, encode, listing_url};

#[derive(Serialize)]
struct ListingsPage {
    kinds: Vec<OptionView>,
    statuses: Vec<OptionView>,
    q: String,
    rows: Vec<OwnRow>,
    total: usize,
    pages: Pager,
    may_keep: bool,
    new: Vec<NewLink>,
}

#[derive(Serialize)]
struct NewLink {
    label: String,
    url: String,
}

#[derive(Serialize)]
struct OwnRow {
    url: String,
    name: String,
    id: String,
    kind: String,
    place: String,
    status: String,
    status_code: String,
}

/// Page of one listing's form.
#[derive(Serialize)]
struct ListingForm {
    title: String,
    kind: String,
    /// Where the form is sent.
    action: String,
    /// The listing's own address, below which pictures and status are.
    base: String,
    version: String,
    is_new: bool,
    status: String,
    statuses: Vec<StatusButton>,
    fields: Vec<CellField>,
    errors: Vec<WrongField>,
    public_url: String,
    history: Vec<HistoryRow>,
    pictures: Vec<PictureView>,
    picture_errors: Vec<WrongField>,
    may_keep: bool,
    has_room: bool,
    review: Option<Review>,
    /// Whether public pages hold words of it back.
    has_held: bool,
}

#[derive(Serialize)]
struct StatusButton {
    value: &'static str,
    label: String,
    is_danger: bool,
}

/// One column as the form draws it.
#[derive(Serialize)]
struct CellField {
    name: &'static str,
    label: String,
    /// `number`, `select`, `checks`, `area`, or a type of `<input>`.
    input: &'static str,
    unit: String,
    hint: String,
    value: String,
    options: Vec<OptionView>,
    error: Option<String>,
    required: bool,
}

#[derive(Serialize)]
struct HistoryRow {
    at: String,
    who: String,
    cause: String,
    cells: Vec<HistoryCell>,
}

#[derive(Serialize)]
struct HistoryCell {
    label: String,
    from: String,
    to: String,
}

/// Two versions of one listing, side by side.
#[derive(Serialize)]
struct ConflictPage {
    title: String,
    action: String,
    back: String,
    version: String,
    by: String,
    both: Vec<ConflictField>,
    theirs: Vec<HistoryCell>,
}

#[derive(Serialize)]
struct ConflictField {
    name: String,
    label: String,
    base: String,
    mine: String,
    theirs: String,
    value: String,
    takes_mine: bool,
}

/// Longest text that is typed on one line, in characters.
const ONE_LINE: usize = 60;
/// Columns of long text.
const LONG: [&str; 6] =
    ["quality_note", "industry_limit", "location", "leading_industries", "coord_note", "facilities"];

/// `GET /staff/listings`
pub(super) async fn list(page: Page, query: Query) -> PageResult {
    let actor = page.staff()?;
    let (kind, status) = (Kind::from_word(query.get("kind")), query.get("status"));
    let filter = OwnFilter { kind, status: status.to_owned(), q: query.get("q").to_owned() };
    let found = listings::own(&page.app, &actor.scope, &filter);
    let last = found.len().div_ceil(listings::PER_PAGE).max(1);
    let number = query.page().min(last);
    let first = (number - 1) * listings::PER_PAGE;
    let rows = found.iter().skip(first).take(listings::PER_PAGE).map(|record| own_row(&page, record)).collect();
    let kept = [("kind", query.get("kind")), ("status", status), ("q", query.get("q"))];
    let pages = Pager::new(&page.url("/staff/listings"), &kept, number, last);
    let option = |group: &str, value: &str, checked| OptionView {
        value: value.to_owned(),
        label: word(page.locale, group, value),
        checked,
    };
    let may_keep = listings::may_keep(actor).is_ok();
    let kinds = [Kind::Plot, Kind::Space, Kind::Park].into_iter();
    let new = kinds.clone().filter(|kind| may_keep && (*kind != Kind::Park || actor.scope == Scope::All));
    let context = ListingsPage {
        kinds: kinds.map(|own| option("kind", own.word(), kind == Some(own))).collect(),
        statuses: Status::words().into_iter().map(|own| option("status", own, status == own)).collect(),
        q: query.get("q").to_owned(),
        rows,
        total: found.len(),
        pages,
        may_keep,
        new: new
            .map(|kind| NewLink {
                label: say(page.locale, "staff.listings.add", &[("kind", &word(page.locale, "kind", kind.word()))]),
                url: page.url(&format!("/staff/listings/{}", kind.word())),
            })
            .collect(),
    };
    page.show("staff/listings.html", context)
}

fn own_row(page: &Page, record: &Record) -> OwnRow {
    let (kind, id) = (record.kind(), record.id());
    let name = page.app.inventory.listing(kind, id).map_or_else(|| id.to_owned(), |listing| listing.name.to_string());
    let place = ["province", "city", "county"].map(|column| record.get(column));
    OwnRow {
        url: page.url(&base(kind, id)),
        name,
        id: id.to_owned(),
        kind: word(page.locale, "kind", kind.word()),
        place: place.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "),
        status: status_words(page, record.get("status")),
        status_code: record.get("status").to_owned(),
    }
}

fn status_words(page: &Page, status: &str) -> String {
    if status.is_empty() { page.tell("staff.listings.no_status") } else { word(page.locale, "status", status) }
}

/// The address of a listing's form, without the language.
pub(super) fn base(kind: Kind, id: &str) -> String {
    format!("/staff/listings/{}/{}", kind.word(), encode(id))
}

/// A kind in a path.
pub(super) fn kind_of(text: &str) -> Result<Kind, Problem> {
    Kind::from_word(text).ok_or(Problem::new(StatusCode::NOT_FOUND, Code::NotFound))
}

/// Content of a form beside the stored record.
#[derive(Default)]
pub(super) struct FormState {
    /// Cells as typed; none: those of the record.
    pub(super) typed: Option<Vec<(String, String)>>,
    /// Refused cells.
    pub(super) faults: Vec<Note>,
    /// Faults of a picture's form.
    pub(super) picture_errors: Vec<WrongField>,
    /// The word of a reviewer as typed.
    pub(super) review: Option<Review>,
}

impl FormState {
    /// The fields of a reviewer, where a text holds a promise or a review did not count.
    fn asks_review(&self) -> Option<Review> {
        let is_promise = self.faults.iter().any(|note| note.code == CellReason::UnlawfulPromise);
        self.review.clone().or_else(|| is_promise.then(Review::default))
    }
}

/// `GET /staff/listings/{kind}`: the form of a new listing.
pub(super) async fn blank(page: Page, Id(kind): Id<String>) -> PageResult {
    let kind = kind_of(&kind)?;
    listings::may_keep(page.staff()?)?;
    new_form(&page, kind, StatusCode::OK, &FormState::default())
}

/// `POST /staff/listings/{kind}`
pub(super) async fn create(page: Page, Id(kind): Id<String>, form: Form) -> PageResult {
    let kind = kind_of(&kind)?;
    let mut cells = typed(kind, &form);
    let status = form.get("as");
    if Status::from_word(status).is_some() {
        cells.push(("status".to_owned(), status.to_owned()));
    }
    let draft = ListingDraft { kind, id: None, version: String::new(), cells: cells.clone() };
    let review = Review::of(form.get("reviewer"), form.get("review_reason"));
    match listings::save_reviewed(&page.app, page.staff()?, draft, review.as_ref()).await? {
        Saved::Stored(id) => Ok(page.see(&format!("{}?done=saved", base(kind, &id)))),
        Saved::Wrong(faults) => {
            let shown = FormState { typed: Some(cells), faults, review, ..FormState::default() };
            new_form(&page, kind, StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Saved::Changed(_) => Err(Error::Conflict(Code::Conflict).into()),
    }
}

fn new_form(page: &Page, kind: Kind, status: StatusCode, shown: &FormState) -> PageResult {
    let record = Record::blank(kind);
    let label = word(page.locale, "kind", kind.word());
    let action = page.url(&format!("/staff/listings/{}", kind.word()));
    let form = ListingForm {
        title: say(page.locale, "staff.listings.add", &[("kind", &label)]),
        kind: label,
        base: action.clone(),
        action,
        version: String::new(),
        is_new: true,
        status: String::new(),
        statuses: Vec::new(),
        fields: fields(page, &record, true, shown)?,
        errors: errors(page, &shown.faults),
        public_url: String::new(),
        history: Vec::new(),
        pictures: Vec::new(),
        picture_errors: Vec::new(),
        may_keep: true,
        has_room: false,
        review: shown.asks_review(),
        has_held: false,
    };
    page.show_as(status, "staff/listing.html", form)
}

/// `GET /staff/listings/{kind}/{id}`
pub(super) async fn show(page: Page, Id((kind, id)): Id<(String, String)>) -> PageResult {
    form_page(&page, kind_of(&kind)?, &id, StatusCode::OK, FormState::default()).await
}

/// Shows the form of a stored listing.
pub(super) async fn form_page(page: &Page, kind: Kind, id: &str, status: StatusCode, shown: FormState) -> PageResult {
    let actor = page.staff()?;
    let found = listings::editable(&page.app, &actor.scope, kind, id).await?;
    let own = pictures::of_listing(&page.app, kind, id).await?;
    let record = &found.record;
    let locale = page.locale;
    let name = page.app.inventory.listing(kind, id).map_or_else(|| id.to_owned(), |listing| listing.name.to_string());
    let may_keep = listings::may_keep(actor).is_ok();
    let action = page.url(&base(kind, id));
    let form = ListingForm {
        title: name,
        kind: word(locale, "kind", kind.word()),
        base: action.clone(),
        action,
        version: found.version,
        is_new: false,
        status: status_words(page, record.get("status")),
        statuses: if may_keep { status_buttons(page, record.get("status")) } else { Vec::new() },
        review: shown.asks_review(),
        fields: fields(page, record, false, &shown)?,
        errors: errors(page, &shown.faults),
        public_url: listing_url(locale, kind, id),
        history: history(page, record, &found.history),
        has_room: own.len() < usize::try_from(pictures::MOST_PICTURES).unwrap_or(usize::MAX),
        pictures: own.into_iter().map(|picture| PictureView::new(locale, picture)).collect(),
        picture_errors: shown.picture_errors,
        may_keep,
        has_held: page.app.inventory.is_held(kind, id),
    };
    page.show_as(status, "staff/listing.html", form)
}

/// The statuses that a listing does not have, as buttons.
fn status_buttons(page: &Page, present: &str) -> Vec<StatusButton> {
    let buttons = [
        ("available", "staff.listings.publish", false),
        ("reserved", "staff.listings.reserve", false),
        ("sold", "staff.listings.sell", true),
        ("off", "staff.listings.withdraw", true),
    ];
    let others = buttons.into_iter().filter(|(value, ..)| *value != present);
    others.map(|(value, key, is_danger)| StatusButton { value, label: page.tell(key), is_danger }).collect()
}

/// `POST /staff/listings/{kind}/{id}`
pub(super) async fn save(page: Page, Id((kind, id)): Id<(String, String)>, form: Form) -> PageResult {
    let kind = kind_of(&kind)?;
    let mut cells = typed(kind, &form);
    // Where two versions are side by side, a field that keeps theirs is not saved.
    cells.retain(|(name, _)| form.get(&format!("pick.{name}")) != "theirs");
    let review = Review::of(form.get("reviewer"), form.get("review_reason"));
    keep(&page, kind, id, form.get("version"), (cells, review)).await
}

/// `POST /staff/listings/{kind}/{id}/status`
pub(super) async fn set_status(page: Page, Id((kind, id)): Id<(String, String)>, form: Form) -> PageResult {
    let status = Status::from_word(form.get("status")).ok_or(Error::Malformed(Code::Malformed))?;
    let cells = vec![("status".to_owned(), status.word().to_owned())];
    keep(&page, kind_of(&kind)?, id, form.get("version"), (cells, None)).await
}

async fn keep(
    page: &Page,
    kind: Kind,
    id: String,
    version: &str,
    (cells, review): (Vec<(String, String)>, Option<Review>),
) -> PageResult {
    let draft = ListingDraft { kind, id: Some(id.clone()), version: version.to_owned(), cells: cells.clone() };
    match listings::save_reviewed(&page.app, page.staff()?, draft, review.as_ref()).await? {
        Saved::Stored(id) => Ok(page.see(&format!("{}?done=saved", base(kind, &id)))),
        Saved::Wrong(faults) => {
            let shown = FormState { typed: Some(cells), faults, review, ..FormState::default() };
            form_page(page, kind, &id, StatusCode::UNPROCESSABLE_ENTITY, shown).await
        }
        Saved::Changed(divergence) => conflict(page, kind, &id, &cells, &divergence),
    }
}

/// Columns of the form with their cells as typed; several ticks are joined as the importer reads them.
fn typed(kind: Kind, form: &Form) -> Vec<(String, String)> {
    let has = |name: &str| form.0.iter().any(|(own, _)| own == name);
    let columns = kind.columns().iter().filter(|column| has(column.name));
    let cell = |column: &Column| match column.cell {
        Cell::Words(_) => form.all(column.name).join(";"),
        _ => form.get(column.name).trim().to_owned(),
    };
    columns.map(|column| (column.name.to_owned(), cell(column))).collect()
}

fn fields(page: &Page, record: &Record, is_new: bool, shown: &FormState) -> Result<Vec<CellField>, Problem> {
    let scope = &page.staff()?.scope;
    let kind = record.kind();
    let columns = kind
        .columns()
        .iter()
        .filter(|column| column.name != "status" && !listings::is_fixed(scope, kind, is_new, column.name));
    Ok(columns.map(|column| field(page, record, column, shown)).collect())
}

fn field(page: &Page, record: &Record, column: &'static Column, shown: &FormState) -> CellField {
    let typed = shown.typed.iter().flatten().find(|(name, _)| name == column.name).map(|(_, text)| text.as_str());
    let value = typed.unwrap_or_else(|| record.get(column.name)).to_owned();
    let options = options(page, column, &value);
    let fault = shown.faults.iter().find(|note| note.column == column.name);
    CellField {
        name: column.name,
        label: column_label(page.locale, record.kind().label(column)),
        input: match column.cell {
            Cell::Words(_) => "checks",
            _ if !options.is_empty() => "select",
            Cell::Decimal(_) | Cell::Degrees(_) => "number",
            Cell::Text(_) if LONG.contains(&column.name) || value.chars().count() > ONE_LINE => "area",
            Cell::Day => "date",
            Cell::Mail => "email",
            _ => "text",
        },
        unit: column.unit().map(|unit| unit_words(page.locale, unit)).unwrap_or_default(),
        hint: match column.cell {
            Cell::Industries => page.tell("staff.listings.codes_hint"),
            Cell::Division => page.tell("staff.listings.division_hint"),
            Cell::LooseDate => page.tell("staff.listings.loose_hint"),
            Cell::Month => page.tell("staff.listings.month_hint"),
            _ => String::new(),
        },
        value,
        options,
        error: fault.map(|note| import_note(page.locale, note)),
        required: column.required || column.filled,
    }
}

fn options(page: &Page, column: &Column, value: &str) -> Vec<OptionView> {
    let chosen: BTreeSet<&str> = value.split(';').collect();
    let option =
        |value: &str, label: String| OptionView { value: value.to_owned(), label, checked: chosen.contains(value) };
    match column.cell {
        Cell::Word(words) | Cell::Words(words) => {
            words.words().into_iter().map(|it| option(it, word(page.locale, words.group, it))).collect()
        }
        Cell::YesNo => ["yes", "no"].map(|it| option(it, page.tell(yes_no_key(it)))).to_vec(),
        Cell::Likely => ["yes", "likely", "no"].map(|it| option(it, word(page.locale, "likely", it))).to_vec(),
        _ => Vec::new(),
    }
}

fn yes_no_key(it: &str) -> &'static str {
    if it == "yes" { "format.yes" } else { "format.no" }
}

fn errors(page: &Page, faults: &[Note]) -> Vec<WrongField> {
    let wrong = |note: &Note| WrongField {
        field: note.column.clone(),
        label: column_label(page.locale, &note.column),
        message: import_note(page.locale, note),
    };
    faults.iter().map(wrong).collect()
}

/// The history, newest first: each change with the cells before it and those before the next one.
fn history(page: &Page, present: &Record, changes: &[PastChange]) -> Vec<HistoryRow> {
    let mut after = Some(present);
    let mut rows = Vec::new();
    for change in changes {
        let cells = after.map(|after| cells_between(page, change.before.as_ref(), after)).unwrap_or_default();
        rows.push(HistoryRow {
            at: moment(page.locale, change.at),
            who: if change.actor == "operator" { page.tell("staff.imports.operator") } else { change.actor.clone() },
            cause: cause(page, change),
            cells,
        });
        after = change.before.as_ref();
    }
    rows
}

fn cause(page: &Page, change: &PastChange) -> String {
    use crate::db::words::EditCause;
    let key = match &change.cause {
        None => return say(page.locale, "staff.listings.by_import", &[("file", &change.file)]),
        Some(Stored::Known(EditCause::Edit)) if change.is_first => "staff.listings.by_adding",
        Some(Stored::Known(EditCause::Edit)) => "staff.listings.by_edit",
        Some(Stored::Known(EditCause::Undo)) => "staff.listings.by_undo",
        Some(Stored::Known(EditCause::Inbox)) => "staff.listings.by_inbox",
        Some(Stored::Unknown(word)) => return word.clone(),
    };
    page.tell(key)
}

fn cells_between(page: &Page, before: Option<&Record>, after: &Record) -> Vec<HistoryCell> {
    let blank = Record::blank(after.kind());
    let before = before.unwrap_or(&blank);
    let differs = after.kind().columns().iter().filter(|column| before.get(column.name) != after.get(column.name));
    differs.map(|column| history_cell(page, column, before, after)).collect()
}

fn history_cell(page: &Page, column: &Column, before: &Record, after: &Record) -> HistoryCell {
    HistoryCell {
        label: column_label(page.locale, after.kind().label(column)),
        from: cell_in_words(page.locale, before, column.name),
        to: cell_in_words(page.locale, after, column.name),
    }
}

/// Shows both versions of a listing that another person changed meanwhile.
fn conflict(page: &Page, kind: Kind, id: &str, cells: &[(String, String)], found: &Divergence) -> PageResult {
    let theirs = &found.theirs;
    let mut mine = found.base.clone().unwrap_or_else(|| theirs.clone());
    let base_record = mine.clone();
    let mut both = Vec::new();
    for (name, text) in cells.iter().filter(|(name, text)| base_record.get(name) != text) {
        mine.set(name, text);
        let Some(column) = kind.column(name) else { continue };
        if theirs.get(name) == text {
            continue;
        }
        both.push(ConflictField {
            name: name.clone(),
            label: column_label(page.locale, kind.label(column)),
            base: cell_in_words(page.locale, &base_record, name),
            mine: cell_in_words(page.locale, &mine, name),
            theirs: cell_in_words(page.locale, theirs, name),
            value: text.clone(),
            // Where they left the field alone there is nothing to weigh.
            takes_mine: theirs.get(name) == base_record.get(name),
        });
    }
    let is_in_both = |cell: &HistoryCell| both.iter().any(|field| field.label == cell.label);
    let mut others = cells_between(page, Some(&base_record), theirs);
    others.retain(|cell| !is_in_both(cell));
    let context = ConflictPage {
        title: tell(page.locale, "staff.listings.conflict"),
        action: page.url(&base(kind, id)),
        back: page.url(&base(kind, id)),
        version: found.version.clone(),
        by: found.by.clone(),
        both,
        theirs: others,
    };
    page.show_as(StatusCode::CONFLICT, "staff/listing_conflict.html", context)
}
