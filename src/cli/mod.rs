//! The command line: parse, load the configuration, call; one file a group of commands.

mod files;
mod operate;
mod pure;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::config::Config;
use crate::{lifecycle, telemetry};

/// luodi (落地): matches what an enterprise needs to parks, plots and space, and carries its inquiries.
#[derive(Debug, Parser)]
#[command(name = "luodi", version)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve pages and API (the default)
    Serve,
    /// Apply, revert or list the schema steps
    Migrate {
        #[arg(value_enum)]
        step: SchemaStep,
    },
    /// Import parks, plots, spaces or policies from CSV or XLSX; prints a JSON report
    Import {
        #[arg(value_enum)]
        table: ImportTable,
        file: PathBuf,
        /// Say what would happen, change nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Export a table
    Export {
        #[arg(value_enum)]
        table: ExportTable,
        #[arg(long, default_value = "csv")]
        format: String,
        /// Where to; standard output where absent
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Read free text into a draft requirement
    Read {
        /// The text, or - for standard input
        #[arg(allow_hyphen_values = true)]
        text: String,
        /// One text a line in, one JSON a line out
        #[arg(long)]
        lines: bool,
        /// The day that relative dates are anchored to
        #[arg(long)]
        now: Option<String>,
    },
    /// Match a requirement (JSON) against the database, or against CSV files alone
    Match {
        /// A file, or - for standard input
        file: String,
        #[arg(long, default_value = "20")]
        limit: String,
        #[arg(long)]
        plots: Option<PathBuf>,
        #[arg(long)]
        parks: Option<PathBuf>,
        #[arg(long)]
        spaces: Option<PathBuf>,
    },
    /// Staff accounts
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Build the text index anew
    Reindex,
    /// Check configuration, database, index and relay
    Doctor,
    /// Match bounced mails to what was sent, and pass on what was written to reply addresses: an mbox file, or - for
    /// standard input, as a mail server's pipe gives it
    Bounces { file: String },
    /// Print the OpenAPI document
    Openapi,
    /// Back up the database into a folder
    Backup { dir: PathBuf },
    /// Restore the database from a backup's folder; mails that wait are held
    Restore { dir: PathBuf },
    /// Let mails go that a restore held, once it is known that they were not sent before
    Release,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum SchemaStep {
    Up,
    Down,
    Status,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ImportTable {
    Parks,
    Plots,
    Spaces,
    Policies,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ExportTable {
    Parks,
    Plots,
    Spaces,
    Requirements,
    Leads,
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// Add an account, or give it a new one-time link
    Add {
        email: String,
        /// admin, manager, officer or observer
        #[arg(long)]
        role: String,
        /// The park's code; admins have none
        #[arg(long)]
        park: Option<String>,
    },
}

/// Runs the command that was asked for. Exit codes: 0 done, 1 refused or failed, 2 done but for rejected rows.
#[must_use]
pub fn run() -> ExitCode {
    #[cfg(feature = "failpoints")]
    crate::failpoint::arm();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = u8::from(error.use_stderr());
            drop(error.print());
            return ExitCode::from(code);
        }
    };
    match dispatch(cli.command.unwrap_or(Command::Serve)) {
        Ok(code) => code,
        Err(error) => {
            say(&format!("luodi: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Read { text, lines, now } => pure::read(&text, lines, now.as_deref()),
        Command::Match { file, limit, plots, parks, spaces } => {
            let files = pure::FileInventory { plots, parks, spaces };
            if files.is_named() {
                pure::match_files(&file, &limit, &files)
            } else {
                block_on(files::match_database(&file, &limit))
            }
        }
        Command::Openapi => {
            print(&serde_json::to_string_pretty(&crate::web::api::document())?)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Serve => {
            let config = Config::load()?;
            telemetry::start(config.profile);
            block_on(async {
                lifecycle::serve(config).await?;
                Ok(ExitCode::SUCCESS)
            })
        }
        Command::Migrate { step } => block_on(operate::migrate(step)),
        Command::Import { table, file, dry_run } => block_on(files::import(table, &file, dry_run)),
        Command::Export { table, format, out } => block_on(files::export(table, &format, out.as_deref())),
        Command::User { command: UserCommand::Add { email, role, park } } => {
            block_on(operate::add_user(&email, &role, park.as_deref()))
        }
        Command::Reindex => block_on(operate::reindex()),
        Command::Doctor => block_on(operate::doctor()),
        Command::Bounces { file } => block_on(operate::bounces(&file)),
        Command::Backup { dir } => block_on(operate::backup(&dir)),
        Command::Restore { dir } => block_on(operate::restore(&dir)),
        Command::Release => block_on(operate::release()),
    }
}

fn block_on(work: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

/// Prints to standard output, whose reader may be gone.
fn print(text: &str) -> anyhow::Result<()> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")?;
    Ok(out.flush()?)
}

/// Says something on standard error.
fn say(text: &str) {
    use std::io::Write as _;
    drop(writeln!(std::io::stderr(), "{text}"));
}
