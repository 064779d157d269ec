//! Command line: parse arguments, load the configuration, run; one file per group of commands.

mod doctor;
mod files;
mod imports;
mod keys;
mod operate;
mod people;
mod pure;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::config::Config;
use crate::{lifecycle, telemetry};

/// luodi (落地): matches site needs of enterprises to parks, plots and space, and sends their inquiries
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
        way: SchemaWay,
        /// Revert this step, which must be the last one, with the rows that it would delete; refused in production
        #[arg(long)]
        step: Option<String>,
        /// Revert the last step with the rows that it would delete; refused in production
        #[arg(long)]
        yes: bool,
    },
    /// Import parks, plots, spaces or policies from CSV or XLSX and print a JSON report; list and undo imports
    Import {
        #[command(subcommand)]
        command: imports::ImportCommand,
    },
    /// Export a table
    Export {
        #[arg(value_enum)]
        table: ExportTable,
        #[arg(long, default_value = "csv")]
        format: String,
        /// Output file; standard output where absent
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Read free text into a draft requirement
    Read {
        /// The text, or - for standard input
        #[arg(allow_hyphen_values = true)]
        text: String,
        /// Batch mode: one text per input line, one JSON object per output line
        #[arg(long)]
        lines: bool,
        /// Reference day of relative dates such as 明年6月
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
        command: people::UserCommand,
    },
    /// The audit trail
    Audit {
        #[command(subcommand)]
        command: people::AuditCommand,
    },
    /// List who saw whose contact data: an account's looks, those for a park, or those at an enterprise's requirements
    Incident {
        /// Address of an account or an enterprise, or code of a park
        name: String,
        /// First day, YYYY-MM-DD
        #[arg(long)]
        from: String,
        /// Last day, YYYY-MM-DD
        #[arg(long)]
        to: String,
    },
    /// API keys of staff's programs
    Key {
        #[command(subcommand)]
        command: keys::KeyCommand,
    },
    /// Rebuild the text index from the database
    Reindex,
    /// Check configuration, database, index and relay
    Doctor,
    /// Read bounces and replies from an mbox file, or from standard input (-) as a mail server's pipe delivers them
    Bounces { file: String },
    /// Take in bounces and replies by LMTP (receive.lmtp) and from a mailbox (receive.imap_url) until stopped
    Receive,
    /// Print the OpenAPI document
    Openapi,
    /// Check the configuration, and print the keys that differ from the defaults
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Back up the database into a folder
    Backup { dir: PathBuf },
    /// Restore a backup from a folder; its unsent mails are held, and what was erased since is erased again
    Restore {
        dir: PathBuf,
        /// Ledger of erasures, where it is not the configured one
        #[arg(long, conflicts_with = "without_ledger")]
        ledger: Option<PathBuf>,
        /// Restore what was erased since the backup too
        #[arg(long)]
        without_ledger: bool,
    },
    /// Copy everything into another, empty database; stopped, it is taken up again. Stop the service first
    Copy {
        /// URL of the database to read
        #[arg(long)]
        from: String,
        /// URL of the database to fill
        #[arg(long)]
        to: String,
    },
    /// Release the mails held by a restore, after checking that they were not sent before
    Release,
}

#[derive(Clone, Copy, Debug, Subcommand)]
enum ConfigCommand {
    /// Exits 1 with every fault; connects to nothing
    Check,
    /// Takes the settings that all processes have in common as they are here, before the processes are restarted
    Adopt,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum SchemaWay {
    Up,
    Down,
    Status,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ExportTable {
    Parks,
    Plots,
    Spaces,
    Requirements,
    Leads,
    /// Into a folder of Markdown files, `--out`
    Policies,
}

/// Runs one command. Exit codes: 0 done, 1 refused or failed, 2 done with rejected rows.
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
        Command::Receive => {
            let config = Config::load()?;
            telemetry::start(config.profile);
            block_on(async {
                lifecycle::receive(config).await?;
                Ok(ExitCode::SUCCESS)
            })
        }
        Command::Migrate { way, step, yes } => block_on(operate::migrate(way, step.as_deref(), yes)),
        Command::Import { command } => block_on(imports::run(command)),
        Command::Export { table, format, out } => block_on(files::export(table, &format, out.as_deref())),
        Command::Key { command } => block_on(keys::run(command)),
        Command::User { command } => block_on(people::user(command)),
        Command::Audit { command } => block_on(people::audit(command)),
        Command::Incident { name, from, to } => block_on(people::incident(&name, &from, &to)),
        Command::Config(ConfigCommand::Check) => operate::check_config(),
        Command::Config(ConfigCommand::Adopt) => block_on(operate::adopt_config()),
        Command::Reindex => block_on(operate::reindex()),
        Command::Doctor => block_on(doctor::doctor()),
        Command::Bounces { file } => block_on(operate::bounces(&file)),
        Command::Backup { dir } => block_on(operate::backup(&dir)),
        Command::Restore { dir, ledger, without_ledger } => {
            block_on(operate::restore(&dir, ledger.as_deref(), without_ledger))
        }
        Command::Copy { from, to } => block_on(operate::copy(from, to)),
        Command::Release => block_on(operate::release()),
    }
}

fn block_on(work: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

/// Prints to standard output; a closed pipe is not an error.
fn print(text: &str) -> anyhow::Result<()> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")?;
    Ok(out.flush()?)
}

/// Prints to standard error.
fn say(text: &str) {
    use std::io::Write as _;
    drop(writeln!(std::io::stderr(), "{text}"));
}
