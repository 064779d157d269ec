//! SMTP mailer: one conversation per mail, a timeout per phase, the connection closed at the first protocol error.

use std::error::Error as _;
use std::io;
use std::str::FromStr;
use std::time::Duration;

use async_trait::async_trait;
use lettre::Address;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Ehlo, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, MailParameter, RcptParameter};
use lettre::transport::smtp::response::Response;
use secrecy::ExposeSecret;
use thiserror::Error;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::message::verp_token;
use super::relay_url::{RelayUrl, Security};
use super::wire::Wire;
use super::{Built, Mailer, Phase, SendOutcome};

/// Timeout of QUIT: the outcome is already known, so its reply is not worth waiting for.
const QUIT_LIMIT: Duration = Duration::from_millis(250);
/// Longest relay reply kept, in characters.
const KEPT_REPLY: usize = 500;

/// Timeout per phase. Before the body the defaults are below the minutes that RFC 5321 §4.5.3.2 recommends: a retry cannot
/// duplicate a mail yet, and a slow relay holds one of few slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhaseLimits {
    /// DNS lookup and TCP connect.
    pub connect: Duration,
    pub greeting: Duration,
    pub ehlo: Duration,
    pub tls: Duration,
    pub auth: Duration,
    pub mail: Duration,
    pub rcpt: Duration,
    pub data: Duration,
    /// Body, final dot and its reply; a shorter timeout would duplicate mails (RFC 5321 §4.5.3.2.6).
    pub dot: Duration,
}

impl Default for PhaseLimits {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            connect: seconds(30),
            greeting: seconds(30),
            ehlo: seconds(30),
            tls: seconds(60),
            auth: seconds(60),
            mail: seconds(60),
            rcpt: seconds(60),
            data: seconds(120),
            dot: seconds(600),
        }
    }
}

impl PhaseLimits {
    /// Default timeouts, none above `longest`.
    pub fn capped(longest: Duration) -> Self {
        let all = Self::default();
        Self {
            connect: all.connect.min(longest),
            greeting: all.greeting.min(longest),
            ehlo: all.ehlo.min(longest),
            tls: all.tls.min(longest),
            auth: all.auth.min(longest),
            mail: all.mail.min(longest),
            rcpt: all.rcpt.min(longest),
            data: all.data.min(longest),
            dot: all.dot.min(longest),
        }
    }
}

/// Mailer for one configured relay.
pub struct SmtpMailer {
    relay: RelayUrl,
    tls: Option<TlsParameters>,
    hello: ClientId,
    limits: PhaseLimits,
}

/// Reasons why the mailer cannot be created.
#[derive(Debug, Error)]
pub enum SmtpSetupError {
    #[error("the relay's TLS settings are unusable: {0}")]
    Tls(#[source] SmtpError),
}

impl SmtpMailer {
    /// Creates a mailer; `hello` is the EHLO name, `root_pem` adds a private certificate authority.
    ///
    /// # Errors
    /// [`SmtpSetupError`] where the certificate or the host name is unusable for TLS.
    pub fn new(
        relay: RelayUrl,
        hello: &str,
        limits: PhaseLimits,
        root_pem: Option<&[u8]>,
    ) -> Result<Self, SmtpSetupError> {
        let tls = match relay.security {
            Security::Plain => None,
            Security::StartTls | Security::Implicit => {
                let mut builder = TlsParameters::builder(relay.host.clone());
                if let Some(pem) = root_pem {
                    builder = builder.add_root_certificate(Certificate::from_pem(pem).map_err(SmtpSetupError::Tls)?);
                }
                Some(builder.build().map_err(SmtpSetupError::Tls)?)
            }
        };
        Ok(Self { relay, tls, hello: ClientId::Domain(hello.to_owned()), limits })
    }

    async fn attempt(&self, mail: &Built) -> Result<SendOutcome, SendOutcome> {
        let sender = parse_address(&mail.envelope_from)?;
        let recipient = parse_address(&mail.recipient)?;
        let mut connection = self.open().await?;
        failpoint!("smtp.connected", Err(late(Phase::Connect)));
        self.authenticate(&mut connection).await?;
        let limits = &self.limits;
        let (for_mail, for_rcpt) = self.notifications(&mut connection, &mail.envelope_from).await?;
        failpoint!("smtp.mail", Err(late(Phase::Mail)));
        let reply = within(Phase::Mail, limits.mail, connection.command(Mail::new(Some(sender), for_mail))).await?;
        expect(Phase::Mail, &reply, &[250])?;
        failpoint!("smtp.rcpt", Err(late(Phase::Rcpt)));
        let reply = within(Phase::Rcpt, limits.rcpt, connection.command(Rcpt::new(recipient, for_rcpt))).await?;
        expect(Phase::Rcpt, &reply, &[250, 251])?;
        failpoint!("smtp.data", Err(late(Phase::Data)));
        let reply = within(Phase::Data, limits.data, connection.command(Data)).await?;
        expect(Phase::Data, &reply, &[354])?;
        failpoint!("smtp.body", Err(unanswered()));
        let outcome = after_data(timeout(limits.dot, connection.message(&mail.bytes)).await);
        failpoint!("smtp.answered", Err(unanswered()));
        if matches!(outcome, SendOutcome::Sent { .. }) {
            // The reply to QUIT does not change the outcome.
            let _ = timeout(QUIT_LIMIT, connection.quit()).await;
        }
        Ok(outcome)
    }

    async fn open(&self) -> Result<AsyncSmtpConnection, SendOutcome> {
        let target = (self.relay.host.as_str(), self.relay.port);
        let limits = &self.limits;
        if let (Security::Implicit, Some(tls)) = (self.relay.security, &self.tls) {
            // lettre performs lookup, connect, TLS handshake, greeting and EHLO in this one call.
            let opening = AsyncSmtpConnection::connect_tokio1(target, None, &self.hello, Some(tls.clone()), None);
            return within(Phase::Tls, limits.tls, opening).await;
        }
        let stream = timeout(limits.connect, TcpStream::connect(target))
            .await
            .map_err(|_| late(Phase::Connect))?
            .map_err(|error| unread(Phase::Connect, &error))?;
        // Nagle's algorithm would delay the final dot, a separate write, until the body is acknowledged.
        stream.set_nodelay(true).map_err(|error| unread(Phase::Connect, &error))?;
        let mut wire = Wire::new(stream);
        let greeting = timeout(limits.greeting, wire.greeting())
            .await
            .map_err(|_| late(Phase::Greeting))?
            .map_err(|error| unread(Phase::Greeting, &error))?;
        if greeting.code != 220 {
            let text = shorten(&greeting.text);
            return Err(SendOutcome::Transient { phase: Phase::Greeting, code: Some(greeting.code), text });
        }
        let opening = AsyncSmtpConnection::connect_with_transport(Box::new(wire), &self.hello);
        let mut connection = within(Phase::Ehlo, limits.ehlo, opening).await?;
        if let (Security::StartTls, Some(tls)) = (self.relay.security, &self.tls) {
            if !connection.can_starttls() {
                let text = "the relay does not offer STARTTLS".to_owned();
                return Err(SendOutcome::RelayPaused { phase: Phase::Tls, code: None, text });
            }
            within(Phase::Tls, limits.tls, connection.starttls(tls.clone(), &self.hello)).await?;
        }
        Ok(connection)
    }

    /// Parameters that ask for delivery reports under the envelope's own token (RFC 3461), where the mail has one and the
    /// relay offers `DSN`. lettre knows no such extension: a second EHLO reads it.
    async fn notifications(
        &self,
        connection: &mut AsyncSmtpConnection,
        envelope_from: &str,
    ) -> Result<(Vec<MailParameter>, Vec<RcptParameter>), SendOutcome> {
        let Some(token) = verp_token(envelope_from) else { return Ok((Vec::new(), Vec::new())) };
        let asked = connection.command(Ehlo::new(self.hello.clone()));
        let reply = within(Phase::Ehlo, self.limits.ehlo, asked).await?;
        if !reply.message().any(|line| line.trim().eq_ignore_ascii_case("DSN")) {
            return Ok((Vec::new(), Vec::new()));
        }
        let parameter = |keyword: &str, value: &str| (keyword.to_owned(), Some(value.to_owned()));
        let for_mail = [parameter("RET", "HDRS"), parameter("ENVID", token)];
        let (keyword, value) = parameter("NOTIFY", "FAILURE,DELAY");
        let for_mail = for_mail.map(|(keyword, value)| MailParameter::Other { keyword, value });
        Ok((for_mail.into(), vec![RcptParameter::Other { keyword, value }]))
    }

    async fn authenticate(&self, connection: &mut AsyncSmtpConnection) -> Result<(), SendOutcome> {
        let Some((user, password)) = &self.relay.credentials else { return Ok(()) };
        let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
        let attempt = connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials);
        let reply = within(Phase::Auth, self.limits.auth, attempt).await?;
        expect(Phase::Auth, &reply, &[235])
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &Built) -> SendOutcome {
        self.attempt(mail).await.unwrap_or_else(|outcome| outcome)
    }

    async fn check(&self) -> Result<String, SendOutcome> {
        let mut connection = self.open().await?;
        self.authenticate(&mut connection).await?;
        let _ = timeout(QUIT_LIMIT, connection.quit()).await;
        let security = match self.relay.security {
            Security::Plain => "without TLS",
            Security::StartTls => "STARTTLS",
            Security::Implicit => "TLS",
        };
        let signed_in = if self.relay.credentials.is_some() { ", signed in" } else { "" };
        Ok(format!("ok ({}:{} answers, {security}{signed_in})", self.relay.host, self.relay.port))
    }
}

fn parse_address(text: &str) -> Result<Address, SendOutcome> {
    Address::from_str(text).map_err(|error| SendOutcome::CannotBuild { text: format!("stored address: {error}") })
}

/// Runs one phase before the body; its failure is never ambiguous.
async fn within<T>(
    phase: Phase,
    limit: Duration,
    step: impl Future<Output = Result<T, SmtpError>>,
) -> Result<T, SendOutcome> {
    match timeout(limit, step).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(before_body(phase, &error)),
        Err(_) => Err(late(phase)),
    }
}

fn expect(phase: Phase, reply: &Response, codes: &[u16]) -> Result<(), SendOutcome> {
    if codes.iter().any(|&code| reply.has_code(code)) {
        return Ok(());
    }
    let text = format!("out of step: {}", reply_text(reply));
    Err(SendOutcome::Transient { phase, code: Some(u16::from(reply.code())), text })
}

fn before_body(phase: Phase, error: &SmtpError) -> SendOutcome {
    let text = shorten(&error.to_string());
    let code = error.status().map(u16::from);
    // Every mail has the same sender, so a refusal at MAIL concerns the sender and not this mail.
    let concerns_relay = matches!(phase, Phase::Tls | Phase::Auth | Phase::Mail);
    match code {
        Some(code) if error.is_permanent() && phase == Phase::Rcpt => SendOutcome::Permanent { phase, code, text },
        Some(_) if error.is_permanent() && concerns_relay => SendOutcome::RelayPaused { phase, code, text },
        None if phase == Phase::Auth && error.is_client() => SendOutcome::RelayPaused { phase, code, text },
        None if phase == Phase::Tls && (error.is_client() || is_tls_refusal(error)) => {
            SendOutcome::RelayPaused { phase, code, text }
        }
        _ => SendOutcome::Transient { phase, code, text },
    }
}

/// rustls reports a refused certificate or handshake as `InvalidData`, a lost connection as another kind.
fn is_tls_refusal(error: &SmtpError) -> bool {
    std::iter::successors(error.source(), |&source| source.source())
        .filter_map(|source| source.downcast_ref::<io::Error>())
        .any(|source| source.kind() == io::ErrorKind::InvalidData)
}

fn after_data(answer: Result<Result<Response, SmtpError>, tokio::time::error::Elapsed>) -> SendOutcome {
    let phase = Phase::Dot;
    match answer {
        Ok(Ok(reply)) if reply.has_code(250) => SendOutcome::Sent { reply: reply_text(&reply) },
        Ok(Ok(reply)) => SendOutcome::Ambiguous { phase, text: format!("out of step: {}", reply_text(&reply)) },
        Ok(Err(error)) => {
            let text = shorten(&error.to_string());
            match error.status().map(u16::from) {
                Some(code) if error.is_permanent() => SendOutcome::Permanent { phase, code, text },
                Some(code) => SendOutcome::Transient { phase, code: Some(code), text },
                None => SendOutcome::Ambiguous { phase, text },
            }
        }
        Err(_) => unanswered(),
    }
}

fn unanswered() -> SendOutcome {
    SendOutcome::Ambiguous { phase: Phase::Dot, text: "no answer within the limit".to_owned() }
}

fn late(phase: Phase) -> SendOutcome {
    SendOutcome::Transient { phase, code: None, text: "no answer within the limit".to_owned() }
}

fn unread(phase: Phase, error: &io::Error) -> SendOutcome {
    SendOutcome::Transient { phase, code: None, text: shorten(&error.to_string()) }
}

fn reply_text(reply: &Response) -> String {
    let lines: Vec<_> = reply.message().collect();
    shorten(&format!("{} {}", reply.code(), lines.join(" ")))
}

/// Shortens a reply to one line of bounded length, for database and staff pages.
fn shorten(text: &str) -> String {
    let line: String = text.chars().take(KEPT_REPLY).map(|c| if c.is_control() { ' ' } else { c }).collect();
    line.trim().to_owned()
}
