//! `luodi key`: API keys, printed once.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;
use domain::account::Role;
use domain::requirement::Word as _;

use super::{operate, print};
use crate::error::Error;
use crate::i18n::{self, Locale};
use crate::service::keys;

/// Commands on keys.
#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Make a key and print it, once
    Add {
        name: String,
        /// admin, manager, officer or observer
        #[arg(long)]
        role: String,
        /// Codes of its parks; an admin's key without one has all
        #[arg(long, num_args = 1.., value_delimiter = ',')]
        park: Vec<String>,
        /// Address of the person for whom it is: it ends when the account is disabled
        #[arg(long = "for")]
        person: Option<String>,
    },
    /// List the keys
    List,
    /// Revoke a key at once
    Revoke { name: String },
}

/// Runs a command.
pub(super) async fn run(command: KeyCommand) -> anyhow::Result<ExitCode> {
    let app = operate::context().await?;
    match command {
        KeyCommand::Add { name, role, park, person } => {
            let role = Role::from_word(&role)
                .with_context(|| format!("--role {role} must be admin, manager, officer or observer"))?;
            let key = keys::add(&app, &name, role, &park, person.as_deref()).await.map_err(worded)?;
            print(&key)?;
        }
        KeyCommand::List => {
            for key in keys::list(&app).await.map_err(worded)? {
                let parks = if key.parks.is_empty() { "*".to_owned() } else { key.parks.join(",") };
                let state = if key.is_live { "live" } else { "ended" };
                let person = key.person.unwrap_or_else(|| "-".to_owned());
                let role = key.role.word();
                print(&format!("{}\t{role}\t{parks}\t{person}\t{}\t{state}", key.name, key.created_at.rfc3339()))?;
            }
        }
        KeyCommand::Revoke { name } => {
            keys::revoke(&app, &name).await.map_err(worded)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Words an error of a use case for the terminal, with the options as they are typed.
fn worded(error: Error) -> anyhow::Error {
    match error {
        Error::Invalid(errors) => {
            // Options: the message names them as they are typed.
            let typed =
                |field: &str| if matches!(field, "park" | "for") { format!("--{field}") } else { field.to_owned() };
            let lines: Vec<String> = errors
                .iter()
                .map(|e| format!("{}: {}", typed(&e.field), i18n::field_error(Locale::ZhHans, e)))
                .collect();
            anyhow::anyhow!(lines.join("; "))
        }
        Error::Conflict(code) => anyhow::anyhow!(i18n::tell(Locale::ZhHans, &format!("error.code.{code}"))),
        Error::NotFound => anyhow::anyhow!("there is no such live key"),
        other => other.into(),
    }
}
