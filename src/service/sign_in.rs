//! Signing in: password, second factor, and what slows those who guess.
//!
//! Every try is counted before it is judged and given back where it was right, so that tries at once are counted too. The
//! counters are of the account and of the network; a browser in which the account has signed in before counts for itself,
//! so that a stranger's failures never keep the owner out. Past the limit an unknown browser becomes a known one by a mailed
//! link.

use std::time::Duration;

use domain::requirement::{FieldCode, FieldError};
use domain::time::{MILLIS_PER_SECOND, Moment, SECONDS_PER_HOUR};
use sea_orm::DatabaseTransaction;

use super::accounts::{SESSION_SECONDS, link_url, token_owner};
use super::context::Context;
use super::passwords::{check_password, hash_password, verify_password};
use super::{letters, people, sealed, totp};
use crate::db;
use crate::db::account::Account;
use crate::db::quota::Counted;
use crate::db::sign_in::{NewSession, NewToken};
use crate::db::words::{AuditAction, MailPurpose, TokenPurpose};
use crate::error::{Error, Result};
use crate::ids;

/// Lifetime of the links that replace a password or make a browser known.
const MAILED_SECONDS: i64 = 20 * 60;
/// Lifetime of a sign-in that waits for the second factor.
const SECOND_STEP_SECONDS: i64 = 5 * 60;
/// Window of the counters of failures.
const WINDOW_SECONDS: i64 = SECONDS_PER_HOUR;
/// Failures of an account or network without any delay: people mistype.
const FREE_TRIES: i64 = 5;
/// The delay of the first try after these, doubled with each further one.
const FIRST_DELAY_MS: u64 = 250;
/// Failures of a known browser, after which it is as any other.
const BROWSER_TRIES: i64 = 10;
/// Mails to one address that anybody may ask for in a window.
const MAILS_PER_ADDRESS: i64 = 3;
/// The same per network.
const MAILS_PER_NETWORK: i64 = 20;

/// The client of a sign-in.
#[derive(Clone, Debug, Default)]
pub struct Visitor {
    /// The client's address.
    pub network: String,
    /// Browser and system in a few words.
    pub browser: Option<String>,
    /// The cookie by which the browser may be known.
    pub known: Option<String>,
}

/// An open session.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The session's token.
    pub session: String,
    /// A cookie by which the browser is known from now on; `None` where it was known.
    pub browser: Option<String>,
}

/// The outcome of a right password.
#[derive(Clone, Debug)]
pub enum SignIn {
    /// Signed in.
    Open(Opened),
    /// A code of the second factor has to follow, with this ticket.
    SecondStep(String),
}

/// Which counters a try belongs to.
struct Tries {
    counted: Vec<Counted>,
    /// The hash of a known browser's cookie.
    browser: Option<String>,
}

fn counter(kind: &str, name: &str) -> Counted {
    Counted { name: format!("{kind}:{}", ids::sha256_hex(name.as_bytes())), seconds: WINDOW_SECONDS }
}

/// Returns the delay before the answer to a try, ms, of the failures so far in the fuller counter.
#[must_use]
pub fn delay_ms(failures: i64, longest: u64) -> u64 {
    let over = u32::try_from((failures - FREE_TRIES).clamp(0, 16)).unwrap_or_default();
    if over == 0 { 0 } else { (FIRST_DELAY_MS << (over - 1)).min(longest) }
}

/// Returns the network of an address as sessions and the audit have it: the first 24 bits, of IPv6 the first 48.
#[must_use]
pub fn near_network(address: &str) -> String {
    match address.parse() {
        Ok(std::net::IpAddr::V4(address)) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        Ok(std::net::IpAddr::V6(address)) => {
            let [a, b, c, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
        Err(_) => "-".to_owned(),
    }
}

impl Tries {
    async fn of(app: &Context, email: &str, account: Option<&Account>, visitor: &Visitor) -> Result<Self> {
        let mut this = Self { counted: Vec::new(), browser: None };
        if !app.config.limits.enabled {
            return Ok(this);
        }
        if let (Some(account), Some(cookie)) = (account, &visitor.known) {
            let hash = ids::token_hash(cookie);
            let failures = app.db.browser_failures(&hash, &account.id).await?;
            this.browser = failures.filter(|failures| *failures < BROWSER_TRIES).map(|_| hash);
        }
        if this.browser.is_none() {
            this.counted = vec![counter("sign_in", email), counter("sign_in_net", &visitor.network)];
        }
        Ok(this)
    }

    /// Counts the try, and waits.
    ///
    /// # Errors
    /// [`Error::TooMany`] past the limit.
    async fn take(&self, app: &Context, now: Moment) -> Result<()> {
        if let Some(hash) = self.browser.clone() {
            return app
                .db
                .write::<_, Error, _>(move |tx| {
                    Box::pin(async move { Ok(db::sign_in::count_browser_try(tx, &hash).await?) })
                })
                .await;
        }
        if self.counted.is_empty() {
            return Ok(());
        }
        let counted = self.counted.clone();
        let used = app
            .db
            .write::<_, Error, _>(move |tx| Box::pin(async move { Ok(db::quota::take(tx, &counted, now).await?) }))
            .await?;
        let limits = &app.config.limits;
        let most = [limits.sign_in_failures_per_account_hour, limits.sign_in_failures_per_network_hour];
        if used.iter().zip(most).any(|(used, most)| *used > most) {
            let window = WINDOW_SECONDS * MILLIS_PER_SECOND;
            let left = window - now.0.rem_euclid(window);
            return Err(Error::TooMany((left / MILLIS_PER_SECOND).unsigned_abs().max(1)));
        }
        // An office's failures count against its network a tenth as much as an account's own.
        let before = |used: Option<&i64>, share: i64| used.map_or(0, |used| (used - 1) / share);
        let failures = before(used.first(), 1).max(before(used.get(1), 10));
        let delay = delay_ms(failures, limits.sign_in_delay_max_ms);
        if delay > 0 {
            tokio::time::sleep(Duration::from_millis(delay)).await;
        }
        Ok(())
    }
}

/// Signs in by password. An unknown address takes as long as a wrong password.
///
/// # Errors
/// [`Error::NotSignedIn`]; [`Error::TooMany`] past the limit of failures: a link by mail then makes the browser known, and
/// one has gone out.
pub async fn sign_in(app: &Context, email: &str, password: &str, visitor: &Visitor) -> Result<SignIn> {
    let now = app.clock.now();
    let email = email.trim().to_lowercase();
    let account = app.db.account_by_email(&email).await?.filter(|account| !account.disabled);
    let tries = Tries::of(app, &email, account.as_ref(), visitor).await?;
    if let Err(error) = tries.take(app, now).await {
        mail_unlock(app, account.as_ref(), now).await?;
        return Err(error);
    }
    let known = account.as_ref().and_then(|account| account.password_hash.clone());
    let is_right = verify_password(app, password, known).await?;
    let account = match account.filter(|account| is_right && account.role.known().is_some()) {
        Some(account) => account,
        None => return Err(failed(app, &email, visitor, "password").await?),
    };
    if account.totp.is_some() {
        return second_ticket(app, &account, tries, now).await.map(SignIn::SecondStep);
    }
    open(app, account, tries, visitor, None).await.map(SignIn::Open)
}

/// Records a failure and returns its error. The audit names the account, where there is one, and never what was typed.
async fn failed(app: &Context, email: &str, visitor: &Visitor, what: &'static str) -> Result<Error> {
    let account = app.db.account_by_email(email).await?;
    let subject = account.map_or_else(|| "unknown".to_owned(), |account| account.id);
    let detail = format!("{what} {}", near_network(&visitor.network));
    let now = app.clock.now();
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let action = AuditAction::AccountSignInFailed;
                Ok(db::requirement::audit(tx, "visitor", action, &subject, &detail, now).await?)
            })
        })
        .await?;
    Ok(Error::NotSignedIn)
}

async fn second_ticket(app: &Context, account: &Account, tries: Tries, now: Moment) -> Result<String> {
    let ticket = ids::token();
    let token = NewToken {
        hash: ids::token_hash(&ticket),
        account_id: account.id.clone(),
        purpose: TokenPurpose::SecondStep,
        subject: None,
        expires_at: now.plus_seconds(SECOND_STEP_SECONDS),
    };
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                db::quota::give_back(tx, &tries.counted, now).await?;
                if let Some(browser) = &tries.browser {
                    db::sign_in::greet_browser(tx, browser, now).await?;
                }
                Ok(db::sign_in::replace_token(tx, token).await?)
            })
        })
        .await?;
    Ok(ticket)
}

/// Signs in by a code of the second factor, or a recovery code, after a right password.
///
/// # Errors
/// [`Error::NotFound`] for a ticket that has expired or was used; [`Error::Invalid`] on the field `code`;
/// [`Error::TooMany`] as for [`sign_in`].
pub async fn second_step(app: &Context, ticket: &str, code: &str, visitor: &Visitor) -> Result<Opened> {
    let now = app.clock.now();
    let account = token_owner(app, TokenPurpose::SecondStep, ticket).await?;
    let tries = Tries::of(app, &account.email, Some(&account), visitor).await?;
    if let Err(error) = tries.take(app, now).await {
        mail_unlock(app, Some(&account), now).await?;
        return Err(error);
    }
    let email = account.email.clone();
    let factor = SecondFactor { ticket: ids::token_hash(ticket), proof: Proof::of(app, &account, code, now)? };
    match open(app, account, tries, visitor, Some(factor)).await {
        Err(Error::Invalid(errors)) => {
            failed(app, &email, visitor, "code").await?;
            Err(Error::Invalid(errors))
        }
        other => other,
    }
}

/// The second factor of a sign-in.
struct SecondFactor {
    ticket: String,
    proof: Proof,
}

/// Meanings of a typed code.
enum Proof {
    /// The code of a time step.
    Step(i64),
    /// The hash of what may be a recovery code.
    Recovery(String),
}

impl Proof {
    /// # Errors
    /// [`Error::Internal`] where the secret cannot be opened.
    fn of(app: &Context, account: &Account, code: &str, now: Moment) -> Result<Self> {
        let secret = match &account.totp {
            None => None,
            Some(totp) => Some(sealed::open(app, &account.id, &totp.secret)?),
        };
        let step = secret.and_then(|secret| totp::step_of(&secret, code, now));
        let typed: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        Ok(step.map_or_else(|| Self::Recovery(ids::token_hash(&typed.to_uppercase())), Self::Step))
    }
}

/// Opens a session, with the second factor where there is one, and gives the try back.
async fn open(
    app: &Context,
    account: Account,
    tries: Tries,
    visitor: &Visitor,
    factor: Option<SecondFactor>,
) -> Result<Opened> {
    let (session, cookie, now) = (ids::token(), ids::token(), app.clock.now());
    let new = NewSession {
        hash: ids::token_hash(&session),
        account_id: account.id.clone(),
        network: Some(near_network(&visitor.network)),
        browser: visitor.browser.clone(),
    };
    let known = match &visitor.known {
        Some(cookie) => {
            let hash = ids::token_hash(cookie);
            app.db.browser_failures(&hash, &account.id).await?.map(|_| hash)
        }
        None => None,
    };
    let (is_new, fresh) = (known.is_none(), ids::token_hash(&cookie));
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                if let Some(factor) = factor {
                    prove(tx, &account.id, factor, now).await?;
                }
                db::quota::give_back(tx, &tries.counted, now).await?;
                match &known {
                    Some(hash) => db::sign_in::greet_browser(tx, hash, now).await?,
                    None => db::sign_in::know_browser(tx, &fresh, &account.id, now).await?,
                }
                db::sign_in::open_session(tx, new, now, now.plus_seconds(SESSION_SECONDS)).await?;
                db::requirement::audit(tx, &account.id, AuditAction::AccountSignIn, &account.id, "", now).await?;
                Ok(())
            })
        })
        .await?;
    Ok(Opened { session, browser: is_new.then_some(cookie) })
}

/// Uses ticket and code up.
async fn prove(tx: &DatabaseTransaction, account_id: &str, factor: SecondFactor, now: Moment) -> Result<()> {
    match factor.proof {
        Proof::Step(step) if db::account::use_step(tx, account_id, step).await? => {}
        Proof::Recovery(hash) if db::sign_in::use_code(tx, account_id, &hash, now).await? => {
            db::requirement::audit(tx, account_id, AuditAction::AccountRecoveryCode, account_id, "", now).await?;
        }
        Proof::Step(_) | Proof::Recovery(_) => {
            return Err(Error::Invalid(vec![FieldError::new("code", FieldCode::CodeWrong)]));
        }
    }
    if db::sign_in::use_token(tx, &factor.ticket, now).await? { Ok(()) } else { Err(Error::NotFound) }
}

/// Sends the link that makes a browser known, unless one is on its way.
async fn mail_unlock(app: &Context, account: Option<&Account>, now: Moment) -> Result<()> {
    let Some(account) = account else { return Ok(()) };
    let counted = vec![Counted { name: format!("unlock_mail:{}", account.id), seconds: MAILED_SECONDS }];
    mail_token(app, account.clone(), TokenPurpose::Unlock, counted, 1, now).await
}

/// Stores a one-time token and queues its mail, where the counters allow one more.
async fn mail_token(
    app: &Context,
    account: Account,
    purpose: TokenPurpose,
    counted: Vec<Counted>,
    most: i64,
    now: Moment,
) -> Result<()> {
    let (mail_purpose, page) = match purpose {
        TokenPurpose::Unlock => (MailPurpose::Unlock, "unlock"),
        _ => (MailPurpose::Reset, "reset"),
    };
    let token = ids::token();
    let mail = letters::account(app, mail_purpose, &account.email, Some(&link_url(app, page, &token)))?;
    let expires_at = now.plus_seconds(MAILED_SECONDS);
    let token = NewToken { hash: ids::token_hash(&token), account_id: account.id, purpose, subject: None, expires_at };
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let used = db::quota::take(tx, &counted, now).await?;
                if used.into_iter().all(|used| used <= most) {
                    db::sign_in::replace_token(tx, token).await?;
                    db::outbox::enqueue(tx, vec![mail], now).await?;
                }
                Ok(())
            })
        })
        .await?;
    app.outbox.notify_waiters();
    Ok(())
}

/// Sends the link that replaces a forgotten password. The answer is the same for an address without an account.
///
/// # Errors
/// [`Error::TooMany`] for a network that asks for too many; [`Error::Unavailable`] or [`Error::Internal`].
pub async fn forgot(app: &Context, email: &str, visitor: &Visitor) -> Result<()> {
    let now = app.clock.now();
    let asked = vec![counter("forgot_net", &visitor.network)];
    let used = app
        .db
        .write::<_, Error, _>(move |tx| Box::pin(async move { Ok(db::quota::take(tx, &asked, now).await?) }))
        .await?;
    if app.config.limits.enabled && used.into_iter().any(|used| used > MAILS_PER_NETWORK) {
        return Err(Error::TooMany(WINDOW_SECONDS.unsigned_abs()));
    }
    let Some(email) = people::normal(email) else { return Ok(()) };
    let account = app.db.account_by_email(&email).await?.filter(|account| !account.disabled);
    let Some(account) = account else {
        // The same work as for an account, so that response times reveal nothing.
        letters::account(app, MailPurpose::Reset, &email, Some(&link_url(app, "reset", &ids::token())))?;
        return Ok(());
    };
    mail_token(app, account, TokenPurpose::Reset, vec![counter("forgot", &email)], MAILS_PER_ADDRESS, now).await
}

/// Returns the address of the account of a mailed link without using the link up.
///
/// # Errors
/// [`Error::NotFound`] for an unknown, used or expired link.
pub async fn mailed_owner(app: &Context, purpose: TokenPurpose, token: &str) -> Result<String> {
    token_owner(app, purpose, token).await.map(|account| account.email)
}

/// Replaces a forgotten password by a mailed link: every session ends, and the browser is known from now on by the returned
/// cookie.
///
/// # Errors
/// [`Error::NotFound`] as for [`mailed_owner`]; [`Error::Invalid`] for a password that is refused.
pub async fn reset(app: &Context, token: &str, password: &str) -> Result<String> {
    let account = token_owner(app, TokenPurpose::Reset, token).await?;
    check_password(app, password, &account.email, &account.sphere).await?;
    let password_hash = hash_password(app, password).await?;
    let (cookie, hash, now) = (ids::token(), ids::token_hash(token), app.clock.now());
    let browser = ids::token_hash(&cookie);
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                if !db::sign_in::use_token(tx, &hash, now).await? {
                    return Err(Error::NotFound);
                }
                db::account::set_password(tx, &account.id, &password_hash).await?;
                db::sign_in::end_access(tx, &account.id).await?;
                db::sign_in::know_browser(tx, &browser, &account.id, now).await?;
                db::requirement::audit(tx, &account.id, AuditAction::AccountReset, &account.id, "", now).await?;
                Ok(())
            })
        })
        .await?;
    Ok(cookie)
}

/// Makes a browser known by a mailed link; returns its cookie.
///
/// # Errors
/// [`Error::NotFound`] as for [`mailed_owner`].
pub async fn unlock(app: &Context, token: &str) -> Result<String> {
    let account = token_owner(app, TokenPurpose::Unlock, token).await?;
    let (cookie, hash, now) = (ids::token(), ids::token_hash(token), app.clock.now());
    let browser = ids::token_hash(&cookie);
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                if !db::sign_in::use_token(tx, &hash, now).await? {
                    return Err(Error::NotFound);
                }
                db::sign_in::know_browser(tx, &browser, &account.id, now).await?;
                db::requirement::audit(tx, &account.id, AuditAction::AccountUnlock, &account.id, "", now).await?;
                Ok(())
            })
        })
        .await?;
    Ok(cookie)
}
