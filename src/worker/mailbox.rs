//! Mail polled from one IMAP mailbox (RFC 3501), for operators whose mail server hands nothing over. The folder is opened
//! read-only; what was taken in is known by UID, so that people and other programs may read the mailbox too.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use async_imap::{Client, Session};
use futures_util::{FutureExt as _, TryStreamExt as _};
use secrecy::ExposeSecret as _;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};

use super::bounces::{Tally, look};
use super::intake;
use crate::error::Error;
use crate::mail::MailboxUrl;
use crate::service::context::App;

/// Longest wait for one answer of the server.
const STEP: Duration = Duration::from_secs(60);
/// Largest mail fetched, bytes; a larger one opens a task.
const LARGEST_MAIL: u32 = 25 * 1024 * 1024;

/// A stream to the server, with or without TLS.
trait ServerStream: AsyncRead + AsyncWrite + Unpin + Send + std::fmt::Debug {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send + std::fmt::Debug> ServerStream for S {}

/// Takes in the mails that have come since the last poll, oldest first; returns their number. Each is committed before its
/// position is stored: after a crash one mail is read again, which changes nothing. A mail that cannot be taken in for a fault
/// of this program opens a task and does not hold up the others.
///
/// # Errors
/// [`anyhow::Error`] where the server or the database fails; mails taken in before it remain.
pub async fn poll(app: &App, mailbox: &MailboxUrl) -> anyhow::Result<usize> {
    let mut session = connect(app, mailbox).await?;
    let folder = step("EXAMINE", session.examine(&mailbox.folder)).await?;
    let validity = folder.uid_validity.context("the mailbox has no UIDVALIDITY")?;
    let name = mailbox.name();
    let last = app.db.mailbox_position(&name, validity).await?;
    // `n:*` names the newest mail even where its UID is below n.
    let uids = step("SEARCH", session.uid_search(format!("UID {}:*", last.saturating_add(1)))).await?;
    let mut uids: Vec<u32> = uids.into_iter().filter(|uid| *uid > last).collect();
    uids.sort_unstable();
    for &uid in &uids {
        take(app, &mut session, uid).await?;
        app.db.set_mailbox_position(&name, validity, uid).await?;
    }
    // The answer to LOGOUT changes nothing.
    drop(timeout(STEP, session.logout()).await);
    Ok(uids.len())
}

async fn take(app: &App, session: &mut Session<Box<dyn ServerStream>>, uid: u32) -> anyhow::Result<()> {
    let size = fetch(session, uid, "(UID RFC822.SIZE)").await?.and_then(|mail| mail.size);
    if size.is_some_and(|size| size > LARGEST_MAIL) {
        let head = fetch(session, uid, "(UID BODY.PEEK[HEADER])").await?;
        let head = head.as_ref().and_then(|mail| mail.header()).unwrap_or_default();
        look(&app.db, app.clock.as_ref(), head, "", &mut Tally::default()).await?;
        return Ok(());
    }
    let Some(mail) = fetch(session, uid, "(UID BODY.PEEK[])").await? else {
        // Deleted meanwhile, or the connection was cut: async-imap ends both in silence, and only the first may be passed over.
        return step("NOOP", session.run_command_and_check_ok("NOOP")).await;
    };
    let body = mail.body().context("the server sent no body")?;
    match AssertUnwindSafe(intake::take(app, &[body])).catch_unwind().await {
        Ok(Ok(_)) => Ok(()),
        // The database is away or full: the same mail is due again at the next poll.
        Ok(Err(error @ (Error::Unavailable(_) | Error::Full(_)))) => Err(error.into()),
        Ok(Err(error)) => pass_over(app, uid, body, &format!("{error:#}")).await,
        Err(_) => pass_over(app, uid, body, "panicked, see the log").await,
    }
}

/// Opens a task about a mail that cannot be taken in, so that those behind it are. The mail stays in the mailbox.
async fn pass_over(app: &App, uid: u32, mail: &[u8], reason: &str) -> anyhow::Result<()> {
    tracing::error!(uid, reason, "a mail could not be taken in; a task names it");
    look(&app.db, app.clock.as_ref(), mail, &raw_subject(mail), &mut Tally::default()).await?;
    Ok(())
}

/// The undecoded subject: a parser may be what failed.
fn raw_subject(mail: &[u8]) -> String {
    const HEAD: usize = 16 * 1024;
    const LONGEST: usize = 200;
    let head = String::from_utf8_lossy(&mail[..mail.len().min(HEAD)]);
    let mut lines = head.lines().take_while(|line| !line.is_empty());
    let line = lines.find(|line| line.get(..8).is_some_and(|name| name.eq_ignore_ascii_case("subject:")));
    line.map(|line| line[8..].trim().chars().take(LONGEST).collect()).unwrap_or_default()
}

async fn fetch(
    session: &mut Session<Box<dyn ServerStream>>,
    uid: u32,
    items: &str,
) -> anyhow::Result<Option<async_imap::types::Fetch>> {
    let all = async {
        let stream = session.uid_fetch(uid.to_string(), items).await?;
        stream.try_collect::<Vec<_>>().await
    };
    // A server may send changes of other mails in between.
    Ok(step("FETCH", all).await?.into_iter().find(|mail| mail.uid == Some(uid)))
}

async fn connect(app: &App, mailbox: &MailboxUrl) -> anyhow::Result<Session<Box<dyn ServerStream>>> {
    let target = (mailbox.host.as_str(), mailbox.port);
    let stream = timeout(STEP, TcpStream::connect(target)).await.context("connect")?.context("connect")?;
    let wire: Box<dyn ServerStream> = if mailbox.is_encrypted {
        let host = ServerName::try_from(mailbox.host.clone()).context("receive.imap_url")?;
        let connector = TlsConnector::from(Arc::new(tls(&app.config.mail.ca_file)?));
        Box::new(timeout(STEP, connector.connect(host, stream)).await.context("TLS")?.context("TLS")?)
    } else {
        Box::new(stream)
    };
    let mut client = Client::new(wire);
    let greeting = timeout(STEP, client.read_response()).await.context("greeting")?.context("greeting")?;
    if greeting.is_none() {
        bail!("the server closed before its greeting");
    }
    let login = timeout(STEP, client.login(&mailbox.user, mailbox.password.expose_secret())).await.context("LOGIN")?;
    login.map_err(|(error, _)| anyhow::anyhow!("LOGIN: {error}"))
}

/// TLS settings with the public certificate authorities and the configured private one.
fn tls(ca_file: &str) -> anyhow::Result<ClientConfig> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if !ca_file.is_empty() {
        for certificate in CertificateDer::pem_file_iter(ca_file).context("mail.ca_file")? {
            roots.add(certificate.context("mail.ca_file")?).context("mail.ca_file")?;
        }
    }
    let provider = Arc::new(crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

async fn step<T>(name: &'static str, step: impl Future<Output = async_imap::error::Result<T>>) -> anyhow::Result<T> {
    timeout(STEP, step).await.context(name)?.context(name)
}
