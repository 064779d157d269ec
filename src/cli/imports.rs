//! `luodi import`: files into the inventory, the list of imports, and undoing one.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use domain::column::{Column, Table};
use domain::import::{Names, display, names};
use domain::kind::Kind;
use domain::lead::{ConsentBasis, Source};
use domain::lead_sheet::LeadSheet;
use domain::record::Policies;
use domain::word::Word;
use serde_json::json;

use super::{operate, print};
use crate::db::import::StoredTable;
use crate::db::words::Changed;
use crate::i18n::Locale;
use crate::ids;
use crate::service::imports::{self, ImportOptions, ImportReport, SheetChoice};
use crate::service::lead_sheets::{self, LeadOptions};
use crate::service::policy_files;
use crate::tables::{Limits, Reader, TableError};

/// The account that commands act as.
const OPERATOR: &str = "operator";

#[derive(Debug, Subcommand)]
pub(super) enum ImportCommand {
    /// Import parks from CSV or XLSX
    Parks(ImportArgs),
    /// Import plots from CSV or XLSX
    Plots(ImportArgs),
    /// Import spaces from CSV or XLSX
    Spaces(ImportArgs),
    /// Import policies from CSV or XLSX, or from a folder of Markdown files with their cells as TOML between lines of +++
    Policies(ImportArgs),
    /// Import an office's leads from CSV or XLSX: the same file read again changes nothing
    Leads(LeadArgs),
    /// List the columns of a table with their English and Chinese names
    Columns {
        #[arg(value_enum)]
        table: TableName,
    },
    /// List the imports, newest first
    List,
    /// Take one import back as a whole
    Undo {
        /// The import's id, as its report and the list name it
        id: String,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum TableName {
    Parks,
    Plots,
    Spaces,
    Policies,
    Leads,
}

#[derive(Debug, Args)]
pub(super) struct LeadArgs {
    file: PathBuf,
    /// Say what would happen, change nothing
    #[arg(long)]
    dry_run: bool,
    /// Leave a column of the file out; may be repeated
    #[arg(long, value_name = "NAME")]
    ignore: Vec<String>,
    /// Read a name of the file as a column; may be repeated
    #[arg(long, value_name = "FROM=TO", value_parser = mapping)]
    map: Vec<(String, String)>,
    /// Read the sheet of this name, or all sheets with a header (`all`)
    #[arg(long, value_name = "NAME|all")]
    sheet: Option<String>,
    /// Leave hidden rows out
    #[arg(long)]
    skip_hidden: bool,
    /// The park whose leads these are; rows may name it themselves
    #[arg(long, value_name = "CODE")]
    park: Option<String>,
    /// Origin of rows that name none
    #[arg(long, value_name = "WORD", value_parser = word_of::<Source>)]
    source: Option<Source>,
    /// Basis of the consent of rows that name none
    #[arg(long, value_name = "WORD", value_parser = word_of::<ConsentBasis>)]
    basis: Option<ConsentBasis>,
    /// Note on that basis
    #[arg(long, default_value = "", hide_default_value = true)]
    basis_note: String,
    /// Read a name of the column 负责人 as an account; may be repeated
    #[arg(long, value_name = "NAME=EMAIL", value_parser = mapping)]
    owner: Vec<(String, String)>,
}

fn word_of<T: Word + Send + Sync>(text: &str) -> Result<T, String> {
    T::from_word(text).ok_or_else(|| format!("must be one of {}", T::words().join(", ")))
}

#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    file: PathBuf,
    /// Say what would happen, change nothing
    #[arg(long)]
    dry_run: bool,
    /// Leave a column of the file out; may be repeated
    #[arg(long, value_name = "NAME")]
    ignore: Vec<String>,
    /// Read a name of the file as a column; may be repeated
    #[arg(long, value_name = "FROM=TO", value_parser = mapping)]
    map: Vec<(String, String)>,
    /// Read the sheet of this name, or all sheets with a header (`all`)
    #[arg(long, value_name = "NAME|all")]
    sheet: Option<String>,
    /// Leave hidden rows out
    #[arg(long)]
    skip_hidden: bool,
    /// Let the import clear this column in many stored rows; may be repeated
    #[arg(long, value_name = "COLUMN")]
    allow_clearing: Vec<String>,
    /// Refuse rows of other parks; rows without a park are of this one
    #[arg(long, value_name = "CODE")]
    park: Option<String>,
    /// The file is all of the park: tell which stored rows it lacks
    #[arg(long)]
    complete: bool,
    /// Withdraw the stored rows that a complete file lacks
    #[arg(long, requires = "complete")]
    withdraw_missing: bool,
}

fn mapping(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((from, to)) if !from.trim().is_empty() && !to.trim().is_empty() => {
            Ok((from.trim().to_owned(), to.trim().to_owned()))
        }
        _ => Err("must be FROM=TO".to_owned()),
    }
}

/// Runs `luodi import …`.
pub(super) async fn run(command: ImportCommand) -> anyhow::Result<ExitCode> {
    match command {
        ImportCommand::Parks(args) => import(Kind::Park, args).await,
        ImportCommand::Plots(args) => import(Kind::Plot, args).await,
        ImportCommand::Spaces(args) => import(Kind::Space, args).await,
        ImportCommand::Policies(args) => import(Policies, args).await,
        ImportCommand::Leads(args) => leads(args).await,
        ImportCommand::Columns { table } => columns(table),
        ImportCommand::List => {
            let app = operate::context_without_listings().await?;
            print(&serde_json::to_string(&json!({ "imports": app.db.imports().await? }))?)?;
            Ok(ExitCode::SUCCESS)
        }
        ImportCommand::Undo { id } => {
            let app = operate::context_without_listings().await?;
            let report = lead_sheets::undo(&app, &id, OPERATOR).await?;
            print(&serde_json::to_string(&report)?)?;
            Ok(if report.refused.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
    }
}

async fn import<T: StoredTable>(table: T, args: ImportArgs) -> anyhow::Result<ExitCode> {
    let source = if args.file.is_dir() { read_folder(table, &args.file)? } else { read(&args.file) };
    let report = match source {
        Ok((sheets, digest)) => {
            let app = operate::context_without_listings().await?;
            imports::import(&app, table, sheets, options(args, digest)).await?
        }
        Err(TableError::Io(error)) => return Err(error).with_context(|| args.file.display().to_string()),
        Err(error) => {
            let reason = format!("{} / {}", error.message(Locale::ZhHans), error.message(Locale::En));
            ImportReport::unreadable(error.code(), reason)
        }
    };
    told(&report)
}

async fn leads(args: LeadArgs) -> anyhow::Result<ExitCode> {
    let report = match read(&args.file) {
        Ok((sheets, digest)) => {
            let app = operate::context().await?;
            let (options, leads) = lead_options(args, digest);
            lead_sheets::import(&app, sheets, &options, &leads).await?
        }
        Err(TableError::Io(error)) => return Err(error).with_context(|| args.file.display().to_string()),
        Err(error) => {
            let reason = format!("{} / {}", error.message(Locale::ZhHans), error.message(Locale::En));
            ImportReport::unreadable(error.code(), reason)
        }
    };
    told(&report)
}

fn lead_options(args: LeadArgs, digest: String) -> (ImportOptions, LeadOptions) {
    let options = ImportOptions {
        file: file_name(&args.file),
        digest,
        by: OPERATOR.to_owned(),
        dry_run: args.dry_run,
        sheet: sheet_choice(args.sheet),
        skip_hidden: args.skip_hidden,
        names: Names { ignored: args.ignore, mapped: args.map },
        park: args.park,
        ..ImportOptions::default()
    };
    let (source, basis) = (args.source, args.basis);
    (options, LeadOptions { source, basis, basis_note: args.basis_note, owners: args.owner })
}

fn told(report: &ImportReport) -> anyhow::Result<ExitCode> {
    print(&serde_json::to_string(report)?)?;
    Ok(match (&report.refused, report.rejected.is_empty()) {
        (Some(_), _) => ExitCode::FAILURE,
        (None, true) => ExitCode::SUCCESS,
        (None, false) => ExitCode::from(2),
    })
}

/// Sheets of a file, and its digest.
type ReadSheets = Result<(Vec<domain::import::Sheet>, String), TableError>;

/// Reads a folder of Markdown files, which policies alone have.
fn read_folder<T: StoredTable>(table: T, folder: &Path) -> anyhow::Result<ReadSheets> {
    anyhow::ensure!(table.changed() == Changed::Policy, "{} is a folder", folder.display());
    let csv = policy_files::as_csv(folder)?;
    let sheets = Reader::new(Limits::command_line()).read_bytes(&csv);
    Ok(sheets.map(|sheets| (sheets, ids::sha256_hex(&csv))))
}

fn read(path: &Path) -> ReadSheets {
    let sheets = Reader::new(Limits::command_line()).read(path)?;
    Ok((sheets, ids::sha256_hex(&std::fs::read(path)?)))
}

fn options(args: ImportArgs, digest: String) -> ImportOptions {
    ImportOptions {
        file: file_name(&args.file),
        digest,
        by: OPERATOR.to_owned(),
        dry_run: args.dry_run,
        sheet: sheet_choice(args.sheet),
        skip_hidden: args.skip_hidden,
        names: Names { ignored: args.ignore, mapped: args.map },
        park: args.park,
        complete: args.complete,
        withdraw_missing: args.withdraw_missing,
        clearing: args.allow_clearing,
        ..ImportOptions::default()
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn sheet_choice(name: Option<String>) -> SheetChoice {
    match name {
        None => SheetChoice::Only,
        Some(name) if name == "all" => SheetChoice::All,
        Some(name) => SheetChoice::Named(name),
    }
}

fn columns(table: TableName) -> anyhow::Result<ExitCode> {
    let columns = match table {
        TableName::Parks => Kind::Park.columns(),
        TableName::Plots => Kind::Plot.columns(),
        TableName::Spaces => Kind::Space.columns(),
        TableName::Policies => Policies.columns(),
        TableName::Leads => LeadSheet.columns(),
    };
    columns.iter().try_for_each(|column| print(&line(column)))?;
    Ok(ExitCode::SUCCESS)
}

/// `area_sqm（面积）* [m2]: 地块面积、…`; a star marks a required column.
fn line(column: &Column) -> String {
    let star = if column.required { "*" } else { "" };
    let unit = column.unit().map(|unit| format!(" [{}]", domain::word::Word::word(unit))).unwrap_or_default();
    let others = names(column).skip(1).collect::<Vec<_>>().join("、");
    let others = if others.is_empty() { String::new() } else { format!(": {others}") };
    format!("{}{star}{unit}{others}", display(column))
}
