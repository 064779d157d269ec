//! The page of one file: progress, columns and sheets, preview.

use domain::fault::CellReason;
use domain::import::Note;
use domain::kind::Kind;
use domain::lead::{ConsentBasis, Source};
use domain::lead_sheet::SheetKind;
use domain::record::{Column, Record, Table as _};
use domain::requirement::Word as _;
use serde::Serialize;

use crate::db::import_job::ImportJob;
use crate::db::words::JobState;
use crate::i18n::{column as column_label, import_note, say, word};
use crate::service::import_jobs::{ALL_SHEETS, JobCell, JobHeader, JobNote, JobOptions, JobReport};
use crate::service::lead_sheets::LeadOptions;
use crate::web::pages::Page;
use crate::web::staff::listings::base;
use crate::web::view::{OptionView, cell_in_words};

/// The choice of a column that is left out, and of one on which nothing is decided.
pub(super) const LEFT_OUT: &str = "-";
pub(super) const UNDECIDED: &str = "?";
/// Rows of each table of a preview that the page shows at once.
const SHOWN: usize = 200;

#[derive(Serialize)]
pub(super) struct ImportPage {
    id: String,
    file: String,
    kind: String,
    park: Option<String>,
    code: String,
    state: String,
    /// Seconds after which the page asks again; none where nothing runs.
    refresh: Option<u32>,
    progress: Option<ProgressView>,
    unreadable: Option<String>,
    refused: Option<String>,
    clearing: Vec<OptionView>,
    is_renewed: bool,
    sheets: Vec<OptionView>,
    headers: Vec<HeaderView>,
    is_unclear: bool,
    skip_hidden: bool,
    complete: bool,
    withdraw_missing: bool,
    has_park: bool,
    leads: Option<LeadChoices>,
    counts: Vec<Count>,
    notable: Vec<CellView>,
    changes: Vec<CellView>,
    more_changes: bool,
    warnings: Vec<NoteView>,
    more_warnings: bool,
    rejected: Vec<NoteView>,
    more_rejected: bool,
    rejected_rows: usize,
    missing: Vec<String>,
    may_keep: bool,
    can_apply: bool,
    has_good: bool,
    import: Option<String>,
}

/// Choices for rows of a file of leads that are silent.
#[derive(Serialize)]
struct LeadChoices {
    sources: Vec<OptionView>,
    bases: Vec<OptionView>,
    basis_note: String,
    owners: String,
}

#[derive(Serialize)]
struct ProgressView {
    step: i64,
    words: String,
    rows: Option<String>,
}

#[derive(Serialize)]
struct Count {
    code: &'static str,
    label: String,
    n: usize,
}

#[derive(Serialize)]
struct HeaderView {
    sheet: Option<String>,
    row: u32,
    columns: Vec<ColumnChoice>,
    missing: Option<String>,
}

/// One column of the file with what it means.
#[derive(Serialize)]
struct ColumnChoice {
    at: usize,
    key: String,
    name: String,
    letters: String,
    samples: String,
    options: Vec<OptionView>,
    is_open: bool,
    note: Option<String>,
}

#[derive(Serialize)]
struct CellView {
    row: u32,
    id: String,
    url: String,
    label: String,
    from: String,
    to: String,
    is_unpublished: bool,
}

#[derive(Serialize)]
struct NoteView {
    place: String,
    label: String,
    value: String,
    reason: String,
}

pub(super) fn job_page(page: &Page, job: &ImportJob, may_keep: bool) -> ImportPage {
    let found = job.findings();
    let options = job.choices();
    let kind = job.kind.known().unwrap_or(SheetKind::Listing(Kind::Plot));
    let is_ready = job.state == JobState::Ready;
    let good = found.counts.created + found.counts.updated + found.counts.withdrawn;
    ImportPage {
        id: job.id.clone(),
        file: job.file.clone(),
        kind: word(page.locale, "kind", job.kind.word()),
        park: job.park.as_deref().map(|park| page.app.inventory.park_name(park)),
        code: job.state.word().to_owned(),
        state: word(page.locale, "job_state", job.state.word()),
        refresh: job.is_running().then_some(1),
        progress: job.is_running().then(|| progress(page, job)),
        unreadable: found.unreadable.as_ref().map(|words| unreadable(page, words)),
        refused: found.refused.as_ref().map(|(code, columns)| refused(page, kind, code, columns)),
        clearing: clearing(page, kind, &found, &options),
        is_renewed: found.is_renewed,
        sheets: sheets(page, &found, &options),
        is_unclear: found.headers.iter().any(JobHeader::is_unclear),
        headers: headers(page, kind, &found.headers),
        skip_hidden: options.skip_hidden,
        complete: options.complete,
        withdraw_missing: options.withdraw_missing,
        has_park: job.park.is_some() && matches!(kind, SheetKind::Listing(Kind::Plot | Kind::Space)),
        leads: (kind == SheetKind::Leads).then(|| lead_choices(page, &options.leads)),
        counts: counts(page, &found),
        notable: found.notable.iter().take(SHOWN).map(|cell| cell_view(page, kind, cell)).collect(),
        changes: found.changes.iter().take(SHOWN).map(|cell| cell_view(page, kind, cell)).collect(),
        more_changes: found.changes.len() > SHOWN,
        warnings: found.warnings.iter().take(SHOWN).map(|note| note_view(page, kind, note)).collect(),
        more_warnings: found.warnings.len() > SHOWN,
        rejected: found.rejected.iter().take(SHOWN).map(|note| note_view(page, kind, note)).collect(),
        more_rejected: found.rejected.len() > SHOWN,
        rejected_rows: found.counts.rejected,
        missing: found.missing.clone(),
        may_keep,
        can_apply: is_ready && may_keep && found.refused.is_none(),
        has_good: good > 0,
        import: job.import.clone().filter(|_| job.state == JobState::Done),
    }
}

fn lead_choices(page: &Page, leads: &LeadOptions) -> LeadChoices {
    let option = |group: &str, word: &'static str, checked| OptionView {
        value: word.to_owned(),
        label: crate::i18n::word(page.locale, group, word),
        checked,
    };
    let sources = Source::WORDS.iter().map(|(word, own)| option("lead_source", word, leads.source == Some(*own)));
    let bases = ConsentBasis::WORDS.iter().map(|(word, own)| option("lead_basis", word, leads.basis == Some(*own)));
    let owners = leads.owners.iter().map(|(name, email)| format!("{name}={email}")).collect::<Vec<_>>();
    LeadChoices {
        sources: sources.collect(),
        bases: bases.collect(),
        basis_note: leads.basis_note.clone(),
        owners: owners.join("\n"),
    }
}

fn progress(page: &Page, job: &ImportJob) -> ProgressView {
    let key = match job.step {
        1 => "staff.imports.step_read",
        2 => "staff.imports.step_check",
        _ => "staff.imports.step_store",
    };
    let rows = (job.total > 0).then(|| say(page.locale, "staff.imports.rows", &[("n", &job.total.to_string())]));
    ProgressView { step: job.step, words: page.tell(key), rows }
}

fn unreadable(page: &Page, words: &(String, String)) -> String {
    match page.locale {
        crate::i18n::Locale::ZhHans => words.0.clone(),
        crate::i18n::Locale::En => words.1.clone(),
    }
}

fn refused(page: &Page, kind: SheetKind, code: &str, columns: &[String]) -> String {
    let names: Vec<String> = columns.iter().map(|name| label(page, kind, name)).collect();
    let names = names.join(&page.tell("format.list"));
    match code {
        "would_clear" => say(page.locale, "staff.imports.would_clear", &[("columns", &names)]),
        other => {
            say(page.locale, &format!("import.refused.{other}"), &[("columns", &names), ("sheets", ""), ("ids", "")])
        }
    }
}

/// Columns that the import would clear in many listings, and those for which that was allowed.
fn clearing(page: &Page, kind: SheetKind, found: &JobReport, options: &JobOptions) -> Vec<OptionView> {
    let refused = found.refused.iter().filter(|(code, _)| code == "would_clear").flat_map(|(_, columns)| columns);
    let option = |name: &String, checked| OptionView { value: name.clone(), label: label(page, kind, name), checked };
    let allowed = options.clearing.iter().map(|name| option(name, true));
    allowed.chain(refused.map(|name| option(name, false))).collect()
}

fn label(page: &Page, kind: SheetKind, name: &str) -> String {
    kind.column(name).map_or_else(|| name.to_owned(), |column| column_label(page.locale, kind.label(column)))
}

fn sheets(page: &Page, found: &JobReport, options: &JobOptions) -> Vec<OptionView> {
    if found.sheets.len() < 2 {
        return Vec::new();
    }
    let chosen = options.sheet.as_deref().unwrap_or_else(|| match found.headers.as_slice() {
        [only] => only.sheet.as_deref().unwrap_or_default(),
        _ => "",
    });
    let option = |value: &str, label: String| OptionView { value: value.to_owned(), label, checked: chosen == value };
    let named = found.sheets.iter().map(|name| option(name, name.clone()));
    named.chain([option(ALL_SHEETS, page.tell("staff.imports.all_sheets"))]).collect()
}

fn headers(page: &Page, kind: SheetKind, found: &[JobHeader]) -> Vec<HeaderView> {
    let mut at = 0;
    let mut views = Vec::new();
    for header in found {
        let mut columns = Vec::new();
        for cell in &header.cells {
            let is_open = cell.is_repeated || cell.column.is_none() && !cell.is_ignored;
            let repeated = || say(page.locale, "staff.imports.repeated", &[("name", &cell.name)]);
            let chosen = match &cell.column {
                _ if cell.is_ignored => LEFT_OUT,
                Some(column) => column.as_str(),
                None => UNDECIDED,
            };
            columns.push(ColumnChoice {
                at,
                key: cell.key.clone(),
                name: cell.name.clone(),
                letters: cell.letters.clone(),
                samples: cell.samples.join(&page.tell("format.list")),
                options: column_options(page, kind, chosen, &cell.nearest),
                is_open,
                note: cell.is_repeated.then(repeated),
            });
            at += 1;
        }
        let missing: Vec<String> = header.missing.iter().map(|name| label(page, kind, name)).collect();
        let names = missing.join(&page.tell("format.list"));
        views.push(HeaderView {
            sheet: header.sheet.clone(),
            row: header.row,
            columns,
            missing: (!missing.is_empty())
                .then(|| say(page.locale, "staff.imports.missing_columns", &[("names", &names)])),
        });
    }
    views
}

/// Choices of a column: nothing yet, left out, the nearest columns, all others.
fn column_options(page: &Page, kind: SheetKind, chosen: &str, nearest: &[String]) -> Vec<OptionView> {
    let option = |value: &str, label: String| OptionView { value: value.to_owned(), label, checked: chosen == value };
    let mut options = Vec::new();
    if chosen == UNDECIDED {
        options.push(option(UNDECIDED, page.tell("staff.imports.undecided")));
    }
    options.push(option(LEFT_OUT, page.tell("staff.imports.left_out")));
    let is_near = |column: &&Column| nearest.iter().any(|name| name == column.name);
    let named = |column: &Column| {
        option(column.name, format!("{}（{}）", column_label(page.locale, kind.label(column)), column.name))
    };
    let near = nearest.iter().filter_map(|name| kind.column(name));
    options.extend(near.map(named));
    options.extend(kind.columns().iter().filter(|column| !is_near(column)).map(named));
    options
}

fn counts(page: &Page, found: &JobReport) -> Vec<Count> {
    let counts = &found.counts;
    let all = [
        ("created", "staff.imports.created", counts.created),
        ("updated", "staff.imports.updated", counts.updated),
        ("unchanged", "staff.imports.unchanged", counts.unchanged),
        ("rejected", "staff.imports.rejected", counts.rejected),
        ("withdrawn", "staff.imports.withdrawn", counts.withdrawn),
    ];
    let shown = all.into_iter().filter(|(code, _, n)| *n > 0 || *code != "withdrawn");
    shown.map(|(code, key, n)| Count { code, label: page.tell(key), n }).collect()
}

/// The kind whose cells word those of a file; leads have none of their own.
fn listing_kind(kind: SheetKind) -> Kind {
    kind.listing().unwrap_or(Kind::Plot)
}

fn cell_view(page: &Page, kind: SheetKind, cell: &JobCell) -> CellView {
    let record = |text: &str| Record::of_cells(listing_kind(kind), [(cell.column.as_str(), text)]);
    let words = |text: &str| cell_in_words(page.locale, &record(text), &cell.column);
    CellView {
        row: cell.row,
        id: cell.id.clone(),
        url: page.url(&base(listing_kind(kind), &cell.id)),
        label: label(page, kind, &cell.column),
        from: words(&cell.from),
        to: words(&cell.to),
        is_unpublished: cell.is_unpublished,
    }
}

fn note_view(page: &Page, kind: SheetKind, note: &JobNote) -> NoteView {
    let row = note.row.to_string();
    NoteView {
        place: match &note.sheet {
            Some(sheet) => say(page.locale, "staff.imports.sheet_row", &[("sheet", sheet), ("row", &row)]),
            None => say(page.locale, "staff.imports.row", &[("row", &row)]),
        },
        label: label(page, kind, &note.column),
        value: note.value.clone(),
        reason: import_note(page.locale, &in_words(page, kind, note.note())),
    }
}

/// A remark whose new value is worded as pages show the cell.
fn in_words(page: &Page, kind: SheetKind, mut note: Note) -> Note {
    if let (CellReason::Converted, [text]) = (note.code, note.detail.as_mut_slice()) {
        let record = Record::of_cells(listing_kind(kind), [(note.column.as_str(), text.as_str())]);
        *text = cell_in_words(page.locale, &record, &note.column);
    }
    note
}
