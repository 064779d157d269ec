//! Commands on accounts and on the audit.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use domain::account::{Role, Sphere};
use domain::requirement::{FieldCode, Word as _};
use domain::time::{MILLIS_PER_SECOND, Moment, SECONDS_PER_DAY, parse_day};

use super::operate::context;
use super::{print, say};
use crate::db::audit::Look;
use crate::error::Error;
use crate::i18n::{self, Locale};
use crate::service::accounts;
use crate::service::audit::{self, ChainFault};
use crate::service::people::{self, AccountChange, Person};

/// Seconds by which a day begins earlier in China than in UTC.
const CHINA_SECONDS: i64 = 8 * 3_600;

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Add an account, or issue a new one-time link to an existing one
    Add {
        email: String,
        /// admin, manager, officer or observer
        #[arg(long)]
        role: String,
        #[command(flatten)]
        sphere: SphereArgs,
    },
    /// List the accounts
    List,
    /// Change role, parks or second factor of an account; what is not named stays
    Change {
        email: String,
        /// admin, manager, officer or observer
        #[arg(long)]
        role: Option<String>,
        #[command(flatten)]
        sphere: SphereArgs,
        /// Remove the second factor, for an owner who has lost it with all recovery codes
        #[arg(long)]
        remove_totp: bool,
    },
    /// Disable an account: its sessions and links end, its open leads go to --to or to their parks' unowned list
    Disable {
        email: String,
        /// Address of the account that takes the open leads over
        #[arg(long)]
        to: Option<String>,
    },
    /// Enable a disabled account
    Enable { email: String },
}

#[derive(Args, Debug)]
pub(super) struct SphereArgs {
    /// Codes of the parks, each with its sub-parks; admins have none
    #[arg(long, num_args = 1.., value_delimiter = ',')]
    park: Vec<String>,
    /// Division codes, for observers
    #[arg(long, num_args = 1.., value_delimiter = ',')]
    region: Vec<String>,
    /// Industry codes without the letter, two to four digits, for observers of an industry chain
    #[arg(long, num_args = 1.., value_delimiter = ',')]
    industry: Vec<String>,
}

impl From<SphereArgs> for Sphere {
    fn from(args: SphereArgs) -> Self {
        let set = |codes: Vec<String>| codes.into_iter().filter(|code| !code.is_empty()).collect();
        Self { parks: set(args.park), regions: set(args.region), industries: set(args.industry) }
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Follow the chain of sealed batches; names the first bad one and exits 1
    Verify {
        /// A head that was printed before: exits 1 unless the chain holds it
        #[arg(long)]
        head: Option<String>,
    },
    /// Delete the lines sealed before a day; their seals stay, so that the chain still verifies
    Drop {
        /// The day, YYYY-MM-DD
        #[arg(long)]
        before: String,
    },
}

/// `luodi user`
pub(super) async fn user(command: UserCommand) -> anyhow::Result<ExitCode> {
    let app = Arc::new(context().await?);
    match command {
        UserCommand::Add { email, role, sphere } => {
            let link = accounts::invite(&app, &email, named(&role)?, sphere).await;
            print(&link.map_err(|error| worded(error, &email))?)?;
        }
        UserCommand::List => {
            print("email\trole\tpark\tstate\tsecond_factor\tlast_seen")?;
            for person in people::all(&app).await? {
                print(&line(&person))?;
            }
        }
        UserCommand::Change { email, role, sphere, remove_totp } => {
            let sphere = Some(Sphere::from(sphere)).filter(|sphere| !sphere.is_empty());
            let role = role.as_deref().map(named).transpose()?;
            let change = AccountChange { role, sphere, removes_factor: remove_totp, proof: None };
            let moved = people::change(&app, None, &email, change).await.map_err(|error| worded(error, &email))?;
            print(&format!("{email} is changed; {moved} open leads are unowned now"))?;
        }
        UserCommand::Disable { email, to } => {
            let moved = people::disable(&app, None, &email, to.as_deref()).await;
            let moved = moved.map_err(|error| worded(error, &email))?;
            let heir = to.map_or_else(|| "are unowned now".to_owned(), |to| format!("are {to}'s now"));
            print(&format!("{email} is disabled; {moved} open leads {heir}"))?;
        }
        UserCommand::Enable { email } => {
            people::enable(&app, None, &email).await.map_err(|error| worded(error, &email))?;
            print(&format!("{email} is enabled"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn named(role: &str) -> anyhow::Result<Role> {
    Role::from_word(role).with_context(|| format!("--role {role} must be admin, manager, officer or observer"))
}

fn line(person: &Person) -> String {
    let account = &person.account;
    let state = match (account.disabled, &account.password_hash) {
        (true, _) => "disabled",
        (false, None) => "invited",
        (false, Some(_)) => "active",
    };
    let factor = if account.totp.is_some() { "yes" } else { "no" };
    let codes: Vec<&str> = account.sphere.codes().collect();
    let seen_at = person.seen_at.map(Moment::rfc3339).unwrap_or_default();
    [account.email.as_str(), account.role.word(), &codes.join(";"), state, factor, &seen_at].join("\t")
}

/// Words an error; options are named as they are typed.
fn worded(error: Error, email: &str) -> anyhow::Error {
    let Error::Invalid(errors) = error else { return error.into() };
    let typed = |field: &str| match field {
        "email" | "name" => email.to_owned(),
        "heir" => "--to".to_owned(),
        other => format!("--{other}"),
    };
    let mut lines: Vec<String> = errors
        .iter()
        .map(|error| format!("{}: {}", typed(&error.field), i18n::field_error(Locale::ZhHans, error)))
        .collect();
    if errors.iter().any(|error| error.code == FieldCode::AccountDiffers) {
        lines.push(format!("luodi user change {email} --role ROLE --park CODE"));
    }
    if errors.iter().any(|error| error.code == FieldCode::AccountDisabled) {
        lines.push(format!("luodi user enable {email}"));
    }
    anyhow::anyhow!(lines.join("; "))
}

/// `luodi audit`
pub(super) async fn audit(command: AuditCommand) -> anyhow::Result<ExitCode> {
    let app = context().await?;
    match command {
        AuditCommand::Verify { head } => {
            let report = audit::verify(&app, head.as_deref()).await?;
            if let Some((number, fault)) = report.fault {
                say(&format!("batch {number} is bad: {}", why(fault)));
                return Ok(ExitCode::FAILURE);
            }
            let (batches, lines, fresh) = (report.batches, report.lines, report.unsealed);
            print(&format!("{batches} batches with {lines} lines are as sealed; {fresh} lines are not sealed yet"))?;
            print(&format!("head {}", report.head))?;
            if report.holds_head == Some(false) {
                say("the chain does not hold the head that was asked for: batches were cut off or made anew");
                return Ok(ExitCode::FAILURE);
            }
        }
        AuditCommand::Drop { before } => match audit::drop_before(&app, beginning(&before, "--before")?).await? {
            Some(last) => print(&format!("the lines up to batch {last} are deleted"))?,
            None => print("no batch was sealed before that day")?,
        },
    }
    Ok(ExitCode::SUCCESS)
}

const fn why(fault: ChainFault) -> &'static str {
    match fault {
        ChainFault::Gap => "a batch is missing before it",
        ChainFault::Chain => "its seal does not follow from the one before",
        ChainFault::Lines => "it has more or fewer lines than were sealed",
        ChainFault::Content => "a line of it was altered",
        ChainFault::Unknown => "lines name it, and there is no such seal",
    }
}

/// `luodi incident`: CSV on standard output, oldest first.
pub(super) async fn incident(name: &str, from: &str, to: &str) -> anyhow::Result<ExitCode> {
    let (from, to) = (beginning(from, "--from")?, beginning(to, "--to")?.plus_seconds(SECONDS_PER_DAY));
    let app = context().await?;
    let looks = audit::incident(&app, name, from, to).await.map_err(|error| worded(error, name))?;
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["at", "account", "role", "park", "what", "inquiries", "company", "email"])?;
    for look in &looks {
        table.write_record(row(look))?;
    }
    print(String::from_utf8(table.into_inner()?)?.trim_end())?;
    Ok(ExitCode::SUCCESS)
}

fn row(look: &Look) -> [String; 8] {
    let kept = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        look.at.rfc3339(),
        look.account.clone(),
        look.role.clone(),
        look.park.clone(),
        look.what.word().to_owned(),
        look.numbers.join(";"),
        kept(&look.company),
        kept(&look.email),
    ]
}

/// Returns the beginning of a day in China.
fn beginning(day: &str, option: &str) -> anyhow::Result<Moment> {
    let day = parse_day(day).with_context(|| format!("{option} {day} must be a day, YYYY-MM-DD"))?;
    let midnight = day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp() - CHINA_SECONDS;
    Ok(Moment(midnight * MILLIS_PER_SECOND))
}
