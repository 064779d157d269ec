//! Assignment of new leads to people: by the rules of their park, else by turns; else they remain on the unowned
//! list with their clock. Managers keep rules and turns.

use chrono::NaiveDate;
use domain::account::{Role, Scope};
use domain::assignment::{AbsentDays, Arrival, Conditions, Team};
use domain::chain::{Chain, FirmTag};
use domain::region::DivisionCode;
use domain::requirement::{FieldCode, FieldError};
use domain::stored::StoredRequirement;
use domain::time::{Moment, parse_day};
use sea_orm::DatabaseTransaction;

use super::accounts::{self, Actor};
use super::context::{App, Context};
use super::owners;
use crate::db;
use crate::db::account::Account;
use crate::db::assignment::{AssigningPark, AssignmentRule};
use crate::db::lead::LeadRow;
use crate::db::requirement::RequirementRow;
use crate::db::words::AuditAction;
use crate::error::{Error, Result};
use crate::ids;

/// Rules of a park at most.
const MOST_RULES: u64 = 100;
/// Most investment that a rule names, in 10,000 yuan.
const MOST_WAN: i64 = 100_000_000;
/// Longest absence, in days.
const LONGEST_ABSENCE: i64 = 366;

/// Why an account got a lead at its arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// A rule names it.
    Rule,
    /// It is the deputy of the absent account that a rule names.
    Deputy,
    /// It had the next turn.
    Turn,
}

impl Reason {
    /// Returns the word under which the lead's history holds it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Deputy => "deputy",
            Self::Turn => "turn",
        }
    }
}

/// Returns the enabled people who work the leads of a park, by their ids.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`].
pub async fn workers(app: &Context, park: &str) -> Result<Vec<Account>> {
    let accounts = app.db.enabled_accounts().await?;
    Ok(accounts.into_iter().filter(|account| works(app, account, park)).collect())
}

fn works(app: &Context, account: &Account, park: &str) -> bool {
    let actor = accounts::actor(app, account.clone());
    actor.is_some_and(|actor| actor.role.works_leads() && actor.scope.covers(park))
}

/// Gives new leads of parks that assign at arrival to their owners: pairs of lead and park. A lead that no rule and no turn
/// gives away remains unowned.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub(super) async fn arrived(
    app: &Context,
    tx: &DatabaseTransaction,
    new: &[(String, String)],
    now: Moment,
) -> Result<()> {
    for (lead, park) in new {
        let Some(found) = db::assignment::park(tx, park).await? else { continue };
        let scope = Scope::Park(park.clone());
        let Some(row) = db::lead::locked(tx, &scope, lead).await?.filter(|row| row.lead.owner_id.is_none()) else {
            continue;
        };
        let Some(need) = db::requirement::lock_of(tx, &row.inquiry.requirement_id).await? else { continue };
        assign(app, tx, (&found, &row, &need), now).await?;
    }
    Ok(())
}

async fn assign(
    app: &Context,
    tx: &DatabaseTransaction,
    (park, row, need): (&AssigningPark, &LeadRow, &RequirementRow),
    now: Moment,
) -> Result<()> {
    let accounts = db::account::enabled(tx).await?;
    let people: Vec<&Account> = accounts
        .iter()
        .filter(|account| account.password_hash.is_some() && works(app, account, &row.lead.park))
        .collect();
    let absences = db::assignment::absences(tx, &now.day().to_string()).await?;
    let rules = db::assignment::rules(tx, &row.lead.park).await?;
    let Some((id, reason)) = chosen(park, &rules, (&people, &absences), need, now.day()) else { return Ok(()) };
    let Some(account) = people.into_iter().find(|account| account.id == id) else { return Ok(()) };
    if reason == Reason::Turn {
        db::assignment::set_last(tx, &row.lead.park, &account.id).await?;
    }
    owners::arrive(app, tx, row, (account, reason.word()), now).await
}

/// Returns the account that gets a lead, and why.
fn chosen(
    park: &AssigningPark,
    rules: &[AssignmentRule],
    (people, absences): (&[&Account], &[AbsentDays]),
    need: &RequirementRow,
    today: NaiveDate,
) -> Option<(String, Reason)> {
    let ids: Vec<String> = people.iter().map(|account| account.id.clone()).collect();
    let team = Team { people: &ids, absences, today };
    let company = need.contact.as_ref().map_or("", |contact| contact.company.as_str());
    let words = format!("{company}\n{}", need.free_text.as_deref().unwrap_or_default());
    let uscc = need.contact.as_ref().and_then(|contact| contact.uscc.as_deref());
    let known: &StoredRequirement = &need.requirement;
    let lead = Arrival { requirement: known.known(), uscc, words: &words };
    for rule in rules.iter().filter(|rule| rule.conditions.hold(lead)) {
        if let Some(id) = team.present(&rule.account_id) {
            let reason = if id == rule.account_id { Reason::Rule } else { Reason::Deputy };
            return Some((id, reason));
        }
    }
    // Officers take turns; in a park without any, its managers do.
    let of = |role: Role| -> Vec<String> {
        people.iter().filter(|account| account.role == role).map(|account| account.id.clone()).collect()
    };
    let officers = Some(of(Role::Officer)).filter(|ids| !ids.is_empty()).unwrap_or_else(|| of(Role::Manager));
    let turns = Team { people: &officers, absences, today };
    let next = park.takes_turns.then(|| turns.turn(park.last_account.as_deref()));
    next.flatten().map(|id| (id, Reason::Turn))
}

/// The assignment of a park as its managers keep it.
pub struct Board {
    /// Whether people take turns.
    pub takes_turns: bool,
    /// The rules in their order.
    pub rules: Vec<AssignmentRule>,
    /// The people who work its leads.
    pub people: Vec<Account>,
    /// Present and coming absences of these people.
    pub absences: Vec<AbsentDays>,
}

fn check_manager(actor: &Actor, park: &str) -> Result<()> {
    if !actor.role.decides_leads() {
        return Err(Error::Forbidden);
    }
    if actor.scope.covers(park) { Ok(()) } else { Err(Error::NotFound) }
}

/// Returns the assignment of a park.
///
/// # Errors
/// [`Error::Forbidden`] for a role that decides no leads; [`Error::NotFound`] outside the scope.
pub async fn board(app: &Context, actor: &Actor, park: &str) -> Result<Board> {
    check_manager(actor, park)?;
    let (found, rules) = app.db.assignment(park).await?.unwrap_or_default();
    let people = workers(app, park).await?;
    let mut absences = app.db.absences(&app.clock.now().day().to_string()).await?;
    absences.retain(|absent| people.iter().any(|account| account.id == absent.account));
    Ok(Board { takes_turns: found.takes_turns, rules, people, absences })
}

/// A rule as typed; blank conditions are met by every lead.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields of the form")]
pub struct RuleIn {
    pub chain: String,
    pub region: Option<DivisionCode>,
    pub least_wan: String,
    pub most_wan: String,
    pub tag: String,
    /// Address of the account that gets the lead.
    pub owner: String,
}

fn wrong(field: &str, code: FieldCode, value: &str) -> FieldError {
    FieldError::new(field, code).with("value", value)
}

/// Parses a blank or whole amount.
fn amount(field: &str, text: &str, errors: &mut Vec<FieldError>) -> Option<i64> {
    let text = text.trim();
    let parsed = text.parse().ok().filter(|amount| (0..=MOST_WAN).contains(amount));
    if parsed.is_none() && !text.is_empty() {
        let error = wrong(field, FieldCode::OutOfRange, text).with("min", "0").with("max", MOST_WAN.to_string());
        errors.push(error);
    }
    parsed
}

fn conditions(new: &RuleIn) -> Result<Conditions> {
    let mut errors = Vec::new();
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let (chain, tag) = (given(&new.chain), given(&new.tag));
    if let Some(code) = chain.as_ref().filter(|code| Chain::parse(code).is_none()) {
        errors.push(wrong("chain", FieldCode::UnknownCode, code));
    }
    if let Some(code) = tag.as_ref().filter(|code| FirmTag::parse(code).is_none()) {
        errors.push(wrong("tag", FieldCode::UnknownCode, code));
    }
    let least_wan = amount("least_wan", &new.least_wan, &mut errors);
    let most_wan = amount("most_wan", &new.most_wan, &mut errors);
    if let (Some(least), Some(most)) = (least_wan, most_wan)
        && least >= most
    {
        let error = FieldError::new("most_wan", FieldCode::MinAboveMax);
        errors.push(error.with("min", least.to_string()).with("max", most.to_string()));
    }
    let found = Conditions { chain, region: new.region, least_wan, most_wan, tag };
    if errors.is_empty() { Ok(found) } else { Err(Error::Invalid(errors)) }
}

/// Adds a rule behind the others of its park.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`] outside the scope; [`Error::Invalid`] with every wrong field.
pub async fn add_rule(app: &Context, actor: &Actor, park: &str, new: RuleIn) -> Result<()> {
    check_manager(actor, park)?;
    let conditions = conditions(&new)?;
    let people = workers(app, park).await?;
    let owner = people.into_iter().find(|account| account.email == new.owner.trim().to_lowercase());
    let owner = owner.ok_or_else(|| Error::Invalid(vec![wrong("owner", FieldCode::UnknownCode, &new.owner)]))?;
    let now = app.clock.now();
    let rule =
        AssignmentRule { id: ids::row_id(), park: park.to_owned(), place: now.0, conditions, account_id: owner.id };
    let author = actor.id.clone();
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                db::assignment::open_park(tx, &rule.park).await?;
                if db::assignment::add_rule(tx, &rule, now).await? >= MOST_RULES {
                    let error = FieldError::new("rules", FieldCode::TooMany).with("max", MOST_RULES.to_string());
                    return Err(Error::Invalid(vec![error]));
                }
                record(tx, &author, &rule.park, now).await
            })
        })
        .await
}

async fn record(tx: &DatabaseTransaction, author: &str, park: &str, now: Moment) -> Result<()> {
    Ok(db::requirement::audit(tx, author, AuditAction::AssignmentChange, park, "", now).await?)
}

/// A change of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleChange {
    /// Goes before the one above it.
    Up,
    /// Is removed.
    Remove,
}

/// Changes a rule and returns the code of its park.
///
/// # Errors
/// [`Error::NotFound`] for an unknown rule and one outside the scope; [`Error::Forbidden`].
pub async fn change_rule(app: &Context, actor: &Actor, id: &str, change: RuleChange) -> Result<String> {
    let rule = app.db.assignment_rule(id).await?.ok_or(Error::NotFound)?;
    check_manager(actor, &rule.park)?;
    let (park, author, now) = (rule.park.clone(), actor.id.clone(), app.clock.now());
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                match change {
                    RuleChange::Remove => db::assignment::remove_rule(tx, &rule.id).await?,
                    RuleChange::Up => up(tx, &rule).await?,
                }
                record(tx, &author, &rule.park, now).await
            })
        })
        .await?;
    Ok(park)
}

/// Swaps the places of a rule and the one before it.
async fn up(tx: &DatabaseTransaction, rule: &AssignmentRule) -> Result<()> {
    let rules = db::assignment::rules(tx, &rule.park).await?;
    let Some(at) = rules.iter().position(|own| own.id == rule.id).filter(|at| *at > 0) else { return Ok(()) };
    db::assignment::set_place(tx, &rule.id, rules[at - 1].place).await?;
    Ok(db::assignment::set_place(tx, &rules[at - 1].id, rules[at].place).await?)
}

/// Lets the people of a park take turns, or not.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`] outside the scope.
pub async fn set_turns(app: &Context, actor: &Actor, park: &str, takes_turns: bool) -> Result<()> {
    check_manager(actor, park)?;
    let (park, author, now) = (park.to_owned(), actor.id.clone(), app.clock.now());
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                db::assignment::save_park(tx, &park, takes_turns).await?;
                record(tx, &author, &park, now).await
            })
        })
        .await
}

/// An absence as typed; blank days end it.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields of the form")]
pub struct AbsenceIn {
    pub from: String,
    pub until: String,
    /// Address of the deputy; blank for none.
    pub deputy: String,
}

/// Stores the absence of an account: one's own, or that of a person whose park the actor manages.
///
/// # Errors
/// [`Error::NotFound`] for another account; [`Error::Invalid`] with every wrong field.
pub async fn set_absence(app: &App, actor: &Actor, account: &str, new: AbsenceIn) -> Result<()> {
    let found = app.db.account_by_id(account).await?.ok_or(Error::NotFound)?;
    let manages = actor.role.decides_leads()
        && accounts::actor(app, found.clone())
            .and_then(|own| own.scope.parks().map(|parks| parks.iter().all(|park| actor.scope.covers(park))))
            .unwrap_or(false);
    if found.id != actor.id && !manages {
        return Err(Error::NotFound);
    }
    let absent = absence(app, &found, &new).await?;
    let (author, now) = (actor.id.clone(), app.clock.now());
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                db::assignment::set_absence(tx, &found.id, absent.as_ref()).await?;
                record(tx, &author, &found.id, now).await
            })
        })
        .await
}

async fn absence(app: &Context, of: &Account, new: &AbsenceIn) -> Result<Option<AbsentDays>> {
    if new.from.trim().is_empty() && new.until.trim().is_empty() {
        return Ok(None);
    }
    let mut errors = Vec::new();
    let mut day = |field: &str, text: &str| {
        let day = parse_day(text.trim());
        if day.is_none() {
            errors.push(wrong(field, FieldCode::BadDate, text));
        }
        day
    };
    let (from, until) = (day("from_day", &new.from), day("until_day", &new.until));
    let deputy = match new.deputy.trim().to_lowercase() {
        text if text.is_empty() => None,
        email => {
            let found = app.db.account_by_email(&email).await?.filter(|it| !it.disabled && it.id != of.id);
            if found.is_none() {
                errors.push(wrong("deputy", FieldCode::UnknownAccount, &email));
            }
            found.map(|account| account.id)
        }
    };
    if let (Some(from), Some(until)) = (from, until)
        && (until < from || (until - from).num_days() > LONGEST_ABSENCE || until < app.clock.now().day())
    {
        errors.push(wrong("until_day", FieldCode::DayPassed, &new.until));
    }
    match (from, until) {
        (Some(from), Some(until)) if errors.is_empty() => {
            Ok(Some(AbsentDays { account: of.id.clone(), from, until, deputy }))
        }
        _ => Err(Error::Invalid(errors)),
    }
}

/// Returns one's own absence.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`].
pub async fn own_absence(app: &Context, actor: &Actor) -> Result<Option<AbsentDays>> {
    let all = app.db.absences(&app.clock.now().day().to_string()).await?;
    Ok(all.into_iter().find(|absent| absent.account == actor.id))
}
