//! Staff accounts: invitations by one-time links, and the account behind a session.

use domain::account::{Role, Scope, Sphere};
use domain::time::{Moment, SECONDS_PER_DAY, SECONDS_PER_HOUR};

use super::context::Context;
use super::passwords::{check_password, hash_password};
use super::people;
use crate::config::{FactorRule, Profile};
use crate::db;
use crate::db::account::Account;
use crate::db::sign_in::NewSession;
use crate::db::words::{AuditAction, TokenPurpose};
use crate::error::{Error, Result};
use crate::ids;

/// A signed-in account.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The account's id.
    pub id: String,
    /// Its mail address.
    pub email: String,
    /// Its role.
    pub role: Role,
    /// The leads that it may see.
    pub scope: Scope,
}

impl Actor {
    /// Whether it is a person: a key of its own has no mail address, owns no lead and gets no mail.
    #[must_use]
    pub fn is_person(&self) -> bool {
        self.email.contains('@')
    }
}

/// An account as a request enters with it.
#[derive(Clone, Debug)]
pub struct Entrance {
    /// The account.
    pub actor: Actor,
    /// Whether it must set up its second factor before it may do anything else.
    pub owes_factor: bool,
}

/// Lifetime of a one-time link.
pub(super) const LINK_SECONDS: i64 = 3 * SECONDS_PER_DAY;
/// Idle timeout of a session.
pub(super) const IDLE_SECONDS: i64 = 30 * 60;
/// Lifetime of a session: a working day.
pub(super) const SESSION_SECONDS: i64 = 12 * SECONDS_PER_HOUR;
/// A session's time of last use is written at most once in this time.
const TOUCH_SECONDS: i64 = 60;

/// Adds an account for the operator and returns a one-time link, which replaces an earlier one. An account that is there
/// with the same role and sphere gets a new link.
///
/// # Errors
/// [`Error::Invalid`] for a malformed address, a sphere that does not fit the role, an unknown code, or an account that has
/// another role or sphere or is disabled; [`Error::Unavailable`] or [`Error::Internal`].
pub async fn invite(app: &Context, email: &str, role: Role, sphere: impl Into<Sphere>) -> Result<String> {
    let token = people::invite_by(app, None, email, role, sphere.into()).await?;
    Ok(link_url(app, "link", &token))
}

/// Returns the address of a page that a one-time token opens.
pub(super) fn link_url(app: &Context, page: &str, token: &str) -> String {
    format!("{}/staff/{page}/{token}", app.config.server.base_url.trim_end_matches('/'))
}

/// Returns the address of a link's account without using the link up: mail scanners open links.
///
/// # Errors
/// [`Error::NotFound`] for an unknown, used or expired link; [`Error::Unavailable`] or [`Error::Internal`].
pub async fn link_owner(app: &Context, token: &str) -> Result<String> {
    token_owner(app, TokenPurpose::SignIn, token).await.map(|account| account.email)
}

pub(super) async fn token_owner(app: &Context, purpose: TokenPurpose, token: &str) -> Result<Account> {
    let found = app.db.token_account(purpose, &ids::token_hash(token), app.clock.now()).await?;
    found.map(|(account, _)| account).ok_or(Error::NotFound)
}

/// Uses a one-time link up: sets the password, ends other sessions, opens one and returns its token.
///
/// # Errors
/// [`Error::NotFound`] as for [`link_owner`], [`Error::Invalid`] for a password that is refused; [`Error::NotSignedIn`] where
/// the password is set and a second factor has to follow.
pub async fn redeem_link(app: &Context, token: &str, password: &str) -> Result<String> {
    let account = token_owner(app, TokenPurpose::SignIn, token).await?;
    check_password(app, password, &account.email, &account.sphere).await?;
    let password_hash = hash_password(app, password).await?;
    let (hash, session, now) = (ids::token_hash(token), ids::token(), app.clock.now());
    let has_factor = account.totp.is_some();
    let new = NewSession { hash: ids::token_hash(&session), account_id: account.id.clone(), ..NewSession::default() };
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                if !db::sign_in::use_token(tx, &hash, now).await? {
                    return Err(Error::NotFound);
                }
                db::account::set_password(tx, &account.id, &password_hash).await?;
                db::sign_in::end_sessions(tx, &account.id, db::sign_in::WhichSessions::All).await?;
                if !has_factor {
                    db::sign_in::open_session(tx, new, now, now.plus_seconds(SESSION_SECONDS)).await?;
                }
                db::requirement::audit(tx, &account.id, AuditAction::AccountRedeemLink, &account.id, "", now).await?;
                Ok(())
            })
        })
        .await?;
    if has_factor { Err(Error::NotSignedIn) } else { Ok(session) }
}

/// Returns the account of a session's token; updates its time of last use at most once in [`TOUCH_SECONDS`].
///
/// # Errors
/// [`Error::NotSignedIn`] for an unknown, idle or expired session, or a disabled account or one without rights.
pub async fn session(app: &Context, token: &str) -> Result<Actor> {
    enter(app, token).await.map(|entry| entry.actor)
}

/// As [`session`], with what the account owes before it may work.
///
/// # Errors
/// As [`session`].
pub async fn enter(app: &Context, token: &str) -> Result<Entrance> {
    let hash = ids::token_hash(token);
    let now = app.clock.now();
    let (account, seen_at) = app.db.session_account(&hash, now, IDLE_SECONDS).await?.ok_or(Error::NotSignedIn)?;
    if seen_at < now.plus_seconds(-TOUCH_SECONDS) {
        touch(app, hash, now).await?;
    }
    let owes_factor = account.totp.is_none() && owes_factor(app, account.role.known());
    let actor = actor(app, account).ok_or(Error::NotSignedIn)?;
    Ok(Entrance { actor, owes_factor })
}

/// Whether a role must have a second factor: admins in production, who see the contact data of every park, or all where the
/// operator says so.
pub(super) fn owes_factor(app: &Context, role: Option<Role>) -> bool {
    match app.config.accounts.second_factor {
        FactorRule::All => role.is_some(),
        FactorRule::Admins => app.config.profile == Profile::Production && role == Some(Role::Admin),
    }
}

async fn touch(app: &Context, hash: String, now: Moment) -> Result<()> {
    app.db
        .write::<_, Error, _>(move |tx| Box::pin(async move { Ok(db::sign_in::touch_session(tx, &hash, now).await?) }))
        .await
}

/// Returns the rights of an account; `None` where it has none.
pub(super) fn actor(app: &Context, account: Account) -> Option<Actor> {
    // A role of another version has no rights: which it would have is not known here.
    let role = account.role.known()?;
    let scope = scope_of(app, role, &account.sphere)?;
    Some(Actor { id: account.id, email: account.email, role, scope })
}

/// Returns the scope of a role in a sphere, sub-parks and the parks of divisions included; `None` where there are no leads to
/// see.
pub(super) fn scope_of(app: &Context, role: Role, sphere: &Sphere) -> Option<Scope> {
    if role == Role::Admin {
        return Some(Scope::All);
    }
    if !sphere.industries.is_empty() {
        return Some(Scope::Industries(sphere.industries.iter().cloned().collect()));
    }
    let mut parks = app.inventory.with_sub_parks(sphere.parks.iter().map(String::as_str));
    let regions = sphere.regions.iter().filter_map(|code| domain::region::DivisionCode::parse(code));
    parks.extend(regions.flat_map(|region| app.inventory.parks_in(region)));
    (!sphere.is_empty()).then(|| Scope::of(parks.into_iter().collect()))
}

/// Returns the token that proves that a form was shown in this session (CSRF).
#[must_use]
pub fn form_token(session: &str) -> String {
    ids::sha256_hex(format!("form of {session}").as_bytes())
}

/// Ends a session.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn sign_out(app: &Context, token: &str) -> Result<()> {
    let hash = ids::token_hash(token);
    app.db
        .write::<_, Error, _>(move |tx| Box::pin(async move { Ok(db::sign_in::close_session(tx, &hash).await?) }))
        .await
}
