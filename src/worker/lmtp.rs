//! LMTP server (RFC 2033) on a Unix socket or a loopback port: the mail server hands over what comes in, and each recipient is
//! answered after its transaction. A mail handed over again after a crash changes nothing.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use smtp_proto::request::receiver::{DataReceiver, RequestReceiver};
use smtp_proto::{Error as Fault, Request};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, UnixListener, UnixStream};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::intake;
use crate::service::context::App;

/// Largest mail, bytes: replies carry no attachments on, so that what comes with them need not be kept.
const LARGEST_MAIL: usize = 25 * 1024 * 1024;
/// Recipients of one mail: ours are one address per inquiry.
const MOST_RECIPIENTS: usize = 50;
/// Conversations at once; a mail server opens a few per destination (Postfix: 20).
const MOST_CONVERSATIONS: usize = 32;
/// Longest silence of the other side (RFC 5321 §4.5.3.2.7).
const IDLE: Duration = Duration::from_secs(300);
/// Bytes read at once.
const CHUNK: usize = 16 * 1024;

/// The address to listen on.
#[derive(Debug)]
pub enum Listener {
    /// A Unix socket and its path.
    Unix(UnixListener, PathBuf),
    /// A loopback port.
    Tcp(TcpListener),
}

impl Listener {
    /// Binds `unix:PATH`, or a loopback `HOST:PORT`: the protocol has no authentication.
    ///
    /// # Errors
    /// [`anyhow::Error`] where the address is malformed, not of this machine alone, or taken.
    pub async fn bind(address: &str) -> anyhow::Result<Self> {
        if let Some(path) = address.strip_prefix("unix:") {
            return Self::bind_unix(Path::new(path)).await;
        }
        let address: SocketAddr = address.parse().context("receive.lmtp must be unix:PATH or HOST:PORT")?;
        anyhow::ensure!(address.ip().is_loopback(), "receive.lmtp must be a loopback address");
        Ok(Self::Tcp(TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?))
    }

    async fn bind_unix(path: &Path) -> anyhow::Result<Self> {
        // A killed process leaves its socket behind; one that answers belongs to a process that lives.
        if path.exists() && UnixStream::connect(path).await.is_err() {
            std::fs::remove_file(path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
        let listener = UnixListener::bind(path).with_context(|| format!("cannot listen on {}", path.display()))?;
        Ok(Self::Unix(listener, path.to_owned()))
    }

    /// The port, for tests that let the system choose one.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        match self {
            Self::Tcp(listener) => listener.local_addr().ok().map(|address| address.port()),
            Self::Unix(..) => None,
        }
    }
}

/// Serves until the stop; conversations in progress end with their present mail.
pub async fn serve(app: App, listener: Listener, stop: CancellationToken) {
    let mut conversations = JoinSet::new();
    loop {
        while conversations.len() >= MOST_CONVERSATIONS {
            conversations.join_next().await;
        }
        tokio::select! {
            () = stop.cancelled() => break,
            () = accept(&app, &listener, &stop, &mut conversations) => {}
        }
        while conversations.try_join_next().is_some() {}
    }
    while conversations.join_next().await.is_some() {}
    if let Listener::Unix(_, path) = &listener {
        drop(std::fs::remove_file(path));
    }
}

async fn accept(app: &App, listener: &Listener, stop: &CancellationToken, conversations: &mut JoinSet<()>) {
    let (app, stop) = (app.clone(), stop.clone());
    match listener {
        Listener::Tcp(listener) => match listener.accept().await {
            Ok((stream, _)) => _ = conversations.spawn(converse(app, stream, stop)),
            Err(error) => refused(&error).await,
        },
        Listener::Unix(listener, _) => match listener.accept().await {
            Ok((stream, _)) => _ = conversations.spawn(converse(app, stream, stop)),
            Err(error) => refused(&error).await,
        },
    }
}

/// Waits after a failed accept: out of file descriptors, the next one fails at once.
async fn refused(error: &std::io::Error) {
    tracing::warn!(%error, "a conversation was not accepted");
    tokio::time::sleep(Duration::from_secs(1)).await;
}

async fn converse<S: AsyncRead + AsyncWrite + Unpin>(app: App, stream: S, stop: CancellationToken) {
    let mut conversation = Conversation { app, stream, pending: Vec::new(), sender: None, recipients: Vec::new() };
    if let Err(error) = conversation.run(&stop).await {
        tracing::debug!(%error, "the mail server left");
    }
}

/// One conversation: the bytes read and not used, and the envelope.
struct Conversation<S> {
    app: App,
    stream: S,
    pending: Vec<u8>,
    sender: Option<String>,
    recipients: Vec<String>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Conversation<S> {
    async fn run(&mut self, stop: &CancellationToken) -> std::io::Result<()> {
        self.say("220 luodi LMTP").await?;
        while !stop.is_cancelled() {
            let reply = match self.request(stop).await? {
                Ok(Request::Quit) => return self.say("221 2.0.0 bye").await,
                Ok(Request::Data) => {
                    self.data().await?;
                    continue;
                }
                Ok(request) => self.answer(request),
                Err(fault) => fault_reply(&fault),
            };
            self.say(&reply).await?;
        }
        self.say("421 4.3.2 stopping").await
    }

    /// Reads the next command.
    async fn request(&mut self, stop: &CancellationToken) -> std::io::Result<Result<Request<String>, Fault>> {
        let mut receiver = RequestReceiver::default();
        loop {
            let mut bytes = self.pending.iter();
            let parsed = receiver.ingest(&mut bytes).map(Request::into_owned);
            self.pending = bytes.copied().collect();
            match parsed {
                Err(Fault::NeedsMoreData { .. }) => {}
                done => return Ok(done),
            }
            tokio::select! {
                read = self.read() => read?,
                // The other side is silent: nothing is lost by leaving.
                () = stop.cancelled() => return Ok(Ok(Request::Quit)),
            }
        }
    }

    fn answer(&mut self, request: Request<String>) -> String {
        match request {
            Request::Lhlo { .. } => {
                self.forget();
                format!(
                    "250-luodi\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250 SIZE {LARGEST_MAIL}"
                )
            }
            Request::Mail { from } if from.size > LARGEST_MAIL => "552 5.3.4 too large".to_owned(),
            Request::Mail { from } => {
                self.forget();
                self.sender = Some(from.address);
                "250 2.1.0 ok".to_owned()
            }
            Request::Rcpt { to } => self.recipient(&to.address),
            Request::Rset => {
                self.forget();
                "250 2.0.0 ok".to_owned()
            }
            Request::Noop { .. } => "250 2.0.0 ok".to_owned(),
            Request::Vrfy { .. } => "252 2.5.0 cannot verify".to_owned(),
            _ => "502 5.5.1 not an LMTP command".to_owned(),
        }
    }

    fn recipient(&mut self, address: &str) -> String {
        if self.sender.is_none() {
            return "503 5.5.1 MAIL first".to_owned();
        }
        if self.recipients.len() >= MOST_RECIPIENTS {
            return "452 4.5.3 too many recipients".to_owned();
        }
        let address = address.to_ascii_lowercase();
        if !is_ours(&self.app, &address) {
            return "550 5.1.1 no such address".to_owned();
        }
        self.recipients.push(address);
        "250 2.1.5 ok".to_owned()
    }

    fn forget(&mut self) {
        self.sender = None;
        self.recipients.clear();
    }

    /// Takes in one mail and answers each recipient, in the order of RCPT.
    async fn data(&mut self) -> std::io::Result<()> {
        if self.recipients.is_empty() {
            return self.say("503 5.5.1 RCPT first").await;
        }
        self.say("354 end with a dot").await?;
        let mail = self.body().await?;
        let sender = self.sender.take().unwrap_or_default();
        for recipient in std::mem::take(&mut self.recipients) {
            let reply = match &mail {
                Some(mail) => deliver(&self.app, mail, &sender, &recipient).await,
                None => "552 5.3.4 too large",
            };
            self.say(reply).await?;
        }
        Ok(())
    }

    /// Reads the body up to the final dot; `None` where it is too large.
    async fn body(&mut self) -> std::io::Result<Option<Vec<u8>>> {
        // The receiver looks for CR LF before a dot: the one that ended DATA is not among its bytes.
        let (mut receiver, mut mail) = (DataReceiver::new(), Vec::new());
        receiver.ingest(&mut b"\r\n".iter(), &mut mail);
        let mut is_large = false;
        loop {
            let mut bytes = self.pending.iter();
            let is_whole = receiver.ingest(&mut bytes, &mut mail);
            self.pending = bytes.copied().collect();
            is_large |= mail.len() > LARGEST_MAIL;
            if is_large {
                mail.clear();
            }
            if is_whole {
                return Ok((!is_large).then(|| mail.split_off(2)));
            }
            self.read().await?;
        }
    }

    async fn read(&mut self) -> std::io::Result<()> {
        let mut chunk = vec![0; CHUNK];
        let read = timeout(IDLE, self.stream.read(&mut chunk)).await??;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        self.pending.extend_from_slice(&chunk[..read]);
        Ok(())
    }

    async fn say(&mut self, reply: &str) -> std::io::Result<()> {
        timeout(IDLE, self.stream.write_all(format!("{reply}\r\n").as_bytes())).await??;
        timeout(IDLE, self.stream.flush()).await?
    }
}

fn fault_reply(fault: &Fault) -> String {
    match fault {
        Fault::InvalidSenderAddress => "501 5.1.7 bad sender address",
        Fault::InvalidRecipientAddress => "501 5.1.3 bad recipient address",
        Fault::UnsupportedParameter { .. } => "555 5.5.4 unsupported parameter",
        Fault::ResponseTooLong => "500 5.5.2 line too long",
        Fault::UnknownCommand => "500 5.5.1 unknown command",
        _ => "501 5.5.4 syntax error",
    }
    .to_owned()
}

/// Whether mail to an address is for this service: the domains of replies and bounces, and the envelope sender of all mails.
fn is_ours(app: &App, address: &str) -> bool {
    let mail = &app.config.mail;
    let is_of = |domain: &String| {
        !domain.is_empty() && address.rsplit_once('@').is_some_and(|(_, host)| host.eq_ignore_ascii_case(domain))
    };
    is_of(&mail.alias_domain) || is_of(&mail.bounce_domain) || app.envelope_from().eq_ignore_ascii_case(address)
}

/// Takes in a mail for one recipient, with the envelope in front of it as a mail server writes it on final delivery.
async fn deliver(app: &App, mail: &[u8], sender: &str, recipient: &str) -> &'static str {
    let mut whole = format!("Return-Path: <{sender}>\r\nDelivered-To: {recipient}\r\n").into_bytes();
    whole.extend_from_slice(mail);
    match intake::take(app, &[&whole]).await {
        Ok(_) => "250 2.0.0 taken in",
        Err(error) => {
            tracing::warn!(%error, "a mail was not taken in");
            "451 4.3.0 not taken in, try again later"
        }
    }
}
