//! The people of parks: inviting, listing, changing, disabling and enabling accounts. Managers do so in their own parks,
//! admins anywhere, the operator by the command line.

use domain::account::{IdentityProof, Role, Scope, Sphere};
use domain::contact::Mail;
use domain::industry::IndustryCode;
use domain::listing::Kind;
use domain::region::DivisionCode;
use domain::requirement::{FieldCode, FieldError, Word};
use domain::time::Moment;
use sea_orm::DatabaseTransaction;

use super::accounts::{Actor, LINK_SECONDS, link_url, scope_of};
use super::context::{App, Context};
use super::letters;
use super::owners::{self, OPERATOR};
use crate::db;
use crate::db::account::Account;
use crate::db::sign_in::{NewToken, WhichSessions};
use crate::db::words::{AuditAction, MailPurpose, TokenPurpose};
use crate::error::{Error, Result};
use crate::ids;

/// An account as those who manage it see it.
#[derive(Clone, Debug)]
pub struct Person {
    /// The account.
    pub account: Account,
    /// When a session of it was last used.
    pub seen_at: Option<Moment>,
}

/// The changes of an account; `None` changes nothing.
#[derive(Clone, Debug, Default)]
pub struct AccountChange {
    /// The new role.
    pub role: Option<Role>,
    /// The new sphere.
    pub sphere: Option<Sphere>,
    /// Removes the second factor, for an owner who has lost it with all recovery codes.
    pub removes_factor: bool,
    /// The check of the owner's identity before it; an actor who removes a factor names one.
    pub proof: Option<IdentityProof>,
}

fn wrong(field: &str, code: FieldCode) -> Error {
    Error::Invalid(vec![FieldError::new(field, code)])
}

/// Returns an address in the form in which accounts have it.
pub(super) fn normal(email: &str) -> Option<String> {
    Mail::parse(email.trim()).map(|mail| mail.as_str().to_lowercase())
}

fn author(by: Option<&Actor>) -> String {
    by.map_or(OPERATOR, |actor| actor.id.as_str()).to_owned()
}

/// Invites an account: adds it where it is new, and returns a one-time link's token, which replaces an earlier one. With an
/// actor the link also goes out by mail.
///
/// # Errors
/// As [`super::accounts::invite`]; [`Error::Forbidden`] for a role that manages no accounts.
pub(super) async fn invite_by(
    app: &Context,
    by: Option<&Actor>,
    email: &str,
    role: Role,
    sphere: Sphere,
) -> Result<String> {
    let email = normal(email).ok_or_else(|| wrong("email", FieldCode::BadMail))?;
    check_sphere(app, role, &sphere)?;
    check_right(app, by, role, &sphere)?;
    let (token, now) = (ids::token(), app.clock.now());
    let mail = match by {
        Some(_) => Some(letters::account(app, MailPurpose::Invitation, &email, Some(&link_url(app, "link", &token)))?),
        None => None,
    };
    let (hash, author) = (ids::token_hash(&token), author(by));
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let id = place(tx, &email, role, &sphere, now).await?;
                let expires_at = now.plus_seconds(LINK_SECONDS);
                let link =
                    NewToken { hash, account_id: id.clone(), purpose: TokenPurpose::SignIn, subject: None, expires_at };
                db::sign_in::replace_token(tx, link).await?;
                db::outbox::enqueue(tx, mail.into_iter().collect(), now).await?;
                db::requirement::audit(tx, &author, AuditAction::AccountInvite, &id, "", now).await?;
                Ok(())
            })
        })
        .await?;
    app.outbox.notify_waiters();
    Ok(token)
}

/// Invites an account from a page: the link goes to its address by mail.
///
/// # Errors
/// As [`super::accounts::invite`]; [`Error::Forbidden`] for a role that manages no accounts.
pub async fn invite(app: &Context, actor: &Actor, email: &str, role: Role, sphere: Sphere) -> Result<()> {
    invite_by(app, Some(actor), email, role, sphere).await.map(drop)
}

/// Sends a new one-time link to an account, which replaces an earlier one.
///
/// # Errors
/// [`Error::NotFound`] outside the actor's right; [`Error::Invalid`] for a disabled account.
pub async fn send_link(app: &Context, actor: &Actor, id: &str) -> Result<()> {
    let person = find(app, actor, id).await?;
    let role = person.account.role.known().ok_or(Error::NotFound)?;
    invite(app, actor, &person.account.email, role, person.account.sphere).await
}

/// Returns the id of the account with this address, which is added where it is new.
async fn place(tx: &DatabaseTransaction, email: &str, role: Role, sphere: &Sphere, now: Moment) -> Result<String> {
    let Some(account) = db::account::lock(tx, email).await? else {
        let id = ids::row_id();
        db::account::insert(tx, &id, email, (role, sphere), now).await?;
        return Ok(id);
    };
    if account.disabled {
        return Err(wrong("email", FieldCode::AccountDisabled));
    }
    if account.role != role || account.sphere != *sphere {
        return Err(wrong("email", FieldCode::AccountDiffers));
    }
    Ok(account.id)
}

/// Refuses a sphere that does not fit the role, and codes that nothing has.
fn check_sphere(app: &Context, role: Role, sphere: &Sphere) -> Result<()> {
    let unknown = |field: &str, code: &str| FieldError::new(field, FieldCode::UnknownCode).with("value", code);
    let mut errors = Vec::new();
    let parks = sphere.parks.iter().filter(|code| app.inventory.record(Kind::Park, code).is_none());
    errors.extend(parks.map(|code| unknown("park", code)));
    let regions = sphere.regions.iter().filter(|code| DivisionCode::parse(code).is_none());
    errors.extend(regions.map(|code| unknown("region", code)));
    let is_industry = |code: &str| code.bytes().all(|b| b.is_ascii_digit()) && IndustryCode::parse(code).is_some();
    let industries = sphere.industries.iter().filter(|code| !is_industry(code));
    errors.extend(industries.map(|code| unknown("industry", code)));
    let has_places = !sphere.parks.is_empty() || !sphere.regions.is_empty();
    let watches = !sphere.regions.is_empty() || !sphere.industries.is_empty();
    match role {
        Role::Admin if !sphere.is_empty() => errors.push(FieldError::new("role", FieldCode::SphereMixed)),
        Role::Admin => {}
        _ if sphere.is_empty() => errors.push(FieldError::new("park", FieldCode::Missing)),
        Role::Observer if has_places && !sphere.industries.is_empty() => {
            errors.push(FieldError::new("industry", FieldCode::SphereMixed));
        }
        Role::Observer => {}
        _ if watches => errors.push(FieldError::new("role", FieldCode::SphereMixed)),
        _ => {}
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

/// Refuses a role or sphere that the caller may not give.
fn check_right(app: &Context, by: Option<&Actor>, role: Role, sphere: &Sphere) -> Result<()> {
    let Some(actor) = by else { return Ok(()) };
    if !actor.role.manages_people() {
        return Err(Error::Forbidden);
    }
    if actor.role == Role::Admin {
        return Ok(());
    }
    if role == Role::Admin {
        return Err(wrong("role", FieldCode::OutsideSphere));
    }
    if is_within(app, actor, role, sphere) { Ok(()) } else { Err(wrong("park", FieldCode::OutsideSphere)) }
}

/// Whether everything that a role sees in a sphere is the actor's too.
fn is_within(app: &Context, actor: &Actor, role: Role, sphere: &Sphere) -> bool {
    match (&actor.scope, scope_of(app, role, sphere)) {
        (Scope::All, _) => true,
        (own, Some(scope)) => scope.parks().is_some_and(|parks| parks.iter().all(|park| own.covers(park))),
        (_, None) => false,
    }
}

/// Whether an actor manages an account.
fn manages(app: &Context, actor: &Actor, account: &Account) -> bool {
    match (actor.role, account.role.known()) {
        (Role::Admin, _) => true,
        (Role::Manager, Some(role)) => role != Role::Admin && is_within(app, actor, role, &account.sphere),
        _ => false,
    }
}

/// Returns every account, for the operator.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`].
pub async fn all(app: &Context) -> Result<Vec<Person>> {
    let accounts = app.db.accounts().await?;
    Ok(accounts.into_iter().map(|(account, seen_at)| Person { account, seen_at }).collect())
}

/// Returns the accounts that the actor manages, by their addresses.
///
/// # Errors
/// [`Error::Forbidden`] for a role that manages no accounts; [`Error::Unavailable`] or [`Error::Internal`].
pub async fn list(app: &Context, actor: &Actor) -> Result<Vec<Person>> {
    if !actor.role.manages_people() {
        return Err(Error::Forbidden);
    }
    Ok(all(app).await?.into_iter().filter(|person| manages(app, actor, &person.account)).collect())
}

/// Returns an account that the actor manages.
///
/// # Errors
/// [`Error::Forbidden`] for a role that manages no accounts; [`Error::NotFound`] outside its right.
pub async fn find(app: &Context, actor: &Actor, id: &str) -> Result<Person> {
    if !actor.role.manages_people() {
        return Err(Error::Forbidden);
    }
    let account =
        app.db.account_by_id(id).await?.filter(|account| manages(app, actor, account)).ok_or(Error::NotFound)?;
    Ok(Person { account, seen_at: None })
}

/// Returns the account of an address for the operator, or of an id for an actor who manages it.
async fn target(app: &Context, by: Option<&Actor>, name: &str) -> Result<Account> {
    if let Some(actor) = by {
        return find(app, actor, name).await.map(|person| person.account);
    }
    let email = normal(name).ok_or_else(|| wrong("email", FieldCode::BadMail))?;
    app.db.account_by_email(&email).await?.ok_or_else(|| wrong("email", FieldCode::UnknownAccount))
}

/// Changes role, sphere or second factor. Leads that the account may not work any more become unowned; returns how many.
/// `name` is the address for the operator, the id for an actor.
///
/// # Errors
/// [`Error::Invalid`], [`Error::NotFound`] or [`Error::Forbidden`] as for an invitation; one's own role on
/// [`FieldCode::OwnAccount`]; [`FieldCode::LastAdmin`] where no other account is an admin.
pub async fn change(app: &App, by: Option<&Actor>, name: &str, change: AccountChange) -> Result<usize> {
    let account = target(app, by, name).await?;
    let sphere = change.sphere.unwrap_or_else(|| account.sphere.clone());
    let role = change.role.or(account.role.known()).ok_or_else(|| wrong("role", FieldCode::Missing))?;
    // An admin has no sphere: one who becomes an admin loses what was named before.
    let sphere = if role == Role::Admin { Sphere::default() } else { sphere };
    check_sphere(app, role, &sphere)?;
    check_right(app, by, role, &sphere)?;
    let is_same = account.role == role && account.sphere == sphere;
    if by.is_some_and(|actor| actor.id == account.id) && !is_same {
        return Err(wrong("role", FieldCode::OwnAccount));
    }
    if account.role == Role::Admin && role != Role::Admin {
        check_other_admin(app, &account.id).await?;
    }
    if by.is_some() && change.removes_factor && change.proof.is_none() {
        return Err(wrong("proof", FieldCode::Missing));
    }
    let proof = change.proof.map(Word::word).unwrap_or_default();
    let scope = scope_of(app, role, &sphere).filter(|_| role.works_leads());
    let (author, now) = (author(by), app.clock.now());
    let (own, by_id) = (app.clone(), by.map(|actor| actor.id.clone()));
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                db::account::change(tx, &account.id, role, &sphere).await?;
                if change.removes_factor {
                    db::account::set_totp(tx, &account.id, None, now).await?;
                    db::sign_in::replace_codes(tx, &account.id, Vec::new()).await?;
                    db::requirement::audit(tx, &author, AuditAction::AccountTotpOff, &account.id, proof, now).await?;
                }
                let mut lost = db::lead::open_of(tx, &account.id).await?;
                lost.retain(|row| !scope.as_ref().is_some_and(|scope| scope.covers(&row.lead.park)));
                for row in &lost {
                    owners::hand_on(&own, tx, row, (None, by_id.as_deref()), now).await?;
                }
                let detail = format!("{} {}", role.word(), sphere.codes().collect::<Vec<_>>().join(";"));
                db::requirement::audit(tx, &author, AuditAction::AccountChange, &account.id, detail.trim(), now)
                    .await?;
                Ok(lost.len())
            })
        })
        .await
}

async fn check_other_admin(app: &Context, id: &str) -> Result<()> {
    let is_other = |account: &Account| account.role == Role::Admin && !account.disabled && account.id != id;
    let others = app.db.accounts().await?.iter().any(|(account, _)| is_other(account));
    if others { Ok(()) } else { Err(wrong("role", FieldCode::LastAdmin)) }
}

/// Ends every session of an account, which may sign in again; returns how many.
///
/// # Errors
/// [`Error::NotFound`] or [`Error::Forbidden`].
pub async fn end_sessions(app: &Context, actor: &Actor, id: &str) -> Result<u64> {
    let account = target(app, Some(actor), id).await?;
    let (by, now) = (actor.id.clone(), app.clock.now());
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let ended = db::sign_in::end_sessions(tx, &account.id, WhichSessions::All).await?;
                let detail = format!("{ended} sessions");
                db::requirement::audit(tx, &by, AuditAction::AccountSessionEnd, &account.id, &detail, now).await?;
                Ok(ended)
            })
        })
        .await
}

/// Disables an account: its sessions, links and keys end, and its open leads go to the account `to`, or
/// without one to their parks' unowned list, in one transaction. Returns how many leads moved. `name` as for [`change`].
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] for one's own account, the last admin, and on the field `heir`
/// for an account that cannot take the leads over.
pub async fn disable(app: &App, by: Option<&Actor>, name: &str, to: Option<&str>) -> Result<usize> {
    let account = target(app, by, name).await?;
    if by.is_some_and(|actor| actor.id == account.id) {
        return Err(wrong("email", FieldCode::OwnAccount));
    }
    if by.is_some() && account.role == Role::Admin {
        check_other_admin(app, &account.id).await?;
    }
    let heir = match to {
        Some(to) => Some(heir(app, by, &account.id, to).await?),
        None => None,
    };
    let (author, now) = (author(by), app.clock.now());
    let (own, by_id) = (app.clone(), by.map(|actor| actor.id.clone()));
    let moved = app
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                db::account::set_disabled(tx, &account.id, Some(now)).await?;
                db::sign_in::end_access(tx, &account.id).await?;
                db::key::revoke_of(tx, &account.id, now).await?;
                let moved = db::lead::open_of(tx, &account.id).await?;
                if heir.as_ref().is_some_and(|(_, works)| moved.iter().any(|row| !works.covers(&row.lead.park))) {
                    return Err(wrong("heir", FieldCode::CannotTakeOver));
                }
                let to = heir.as_ref().map(|(heir, _)| heir);
                for row in &moved {
                    owners::hand_on(&own, tx, row, (to, by_id.as_deref()), now).await?;
                }
                let moved = moved.len();
                let detail = format!("{moved} leads to {}", to.map_or("nobody", |heir| heir.id.as_str()));
                db::requirement::audit(tx, &author, AuditAction::AccountDisable, &account.id, &detail, now).await?;
                Ok(moved)
            })
        })
        .await?;
    app.outbox.notify_waiters();
    Ok(moved)
}

/// Returns the account that takes leads over, and the leads that it works.
async fn heir(app: &Context, by: Option<&Actor>, from: &str, email: &str) -> Result<(Account, Scope)> {
    let found = match normal(email) {
        Some(email) => app.db.account_by_email(&email).await?,
        None => None,
    };
    let account =
        found.filter(|it| it.id != from && !it.disabled).ok_or_else(|| wrong("heir", FieldCode::UnknownAccount))?;
    let heir = super::accounts::actor(app, account.clone()).filter(|heir| heir.role.works_leads());
    let heir = heir.ok_or_else(|| wrong("heir", FieldCode::CannotTakeOver))?;
    let is_seen = by.is_none_or(|actor| {
        actor.role == Role::Admin
            || heir.scope.parks().is_some_and(|parks| parks.iter().any(|it| actor.scope.covers(it)))
    });
    if is_seen { Ok((account, heir.scope)) } else { Err(wrong("heir", FieldCode::UnknownAccount)) }
}

/// Enables a disabled account; its password is as it was. `name` as for [`change`].
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] or [`Error::Invalid`].
pub async fn enable(app: &Context, by: Option<&Actor>, name: &str) -> Result<()> {
    let account = target(app, by, name).await?;
    let (author, now) = (author(by), app.clock.now());
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                db::account::set_disabled(tx, &account.id, None).await?;
                db::requirement::audit(tx, &author, AuditAction::AccountEnable, &account.id, "", now).await?;
                Ok(())
            })
        })
        .await
}

/// Returns the addresses that hear of something unusual in an account: managers of its parks, else the admins.
pub(super) async fn overseers(app: &Context, actor: &Actor) -> Result<Vec<String>> {
    let accounts: Vec<Account> =
        app.db.accounts().await?.into_iter().map(|it| it.0).filter(|it| !it.disabled && it.id != actor.id).collect();
    let oversees = |account: &&Account| {
        let Some(over) = super::accounts::actor(app, (*account).clone()) else { return false };
        let parks = actor.scope.parks().unwrap_or_default();
        over.role == Role::Manager && !parks.is_empty() && parks.iter().all(|park| over.scope.covers(park))
    };
    let managers: Vec<&Account> = accounts.iter().filter(oversees).collect();
    let chosen = if managers.is_empty() {
        accounts.iter().filter(|account| account.role == Role::Admin).collect()
    } else {
        managers
    };
    Ok(chosen.into_iter().map(|account| account.email.clone()).collect())
}
