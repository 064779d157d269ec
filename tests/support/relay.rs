//! Scripted SMTP relay on loopback, with planned faults and a journal of commands, mails and replies.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Phase of a fault, before the relay's reply of that phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum At {
    Connect,
    Banner,
    Ehlo,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    Data,
    /// After `354`, before the body has been read.
    Body,
    /// After the final dot.
    Dot,
    Quit,
}

/// Behaviour instead of the usual reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Does {
    /// Sends this line.
    Says(&'static str),
    /// Sends this line and closes.
    SaysAndCloses(&'static str),
    /// Closes with FIN.
    Drops,
    /// Closes with RST.
    Resets,
    /// Is silent for this long, then replies as usual. Closes instead where the other side has left or has gone on
    /// sending.
    Late(Duration),
    /// Sends bytes that are not a reply.
    Garbage,
    /// Says its usual reply, padded to this many bytes.
    LongLine(usize),
    /// Sends the usual reply, one byte per interval.
    Trickles(Duration),
    /// Sends the usual reply after a delay.
    Delays(Duration),
    /// Sends the usual reply as this many lines.
    Lines(usize),
    /// Sends the usual reply and this line in one write.
    AlsoSays(&'static str),
    /// Accepts the mail and closes without a reply. Only at [`At::Dot`].
    TakesAndDrops,
}

/// A planned fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) at: At,
    pub(crate) does: Does,
}

/// State of the conversation when a fault is chosen.
#[derive(Debug, Clone, Default)]
pub(crate) struct Situation {
    /// Recipient, known from RCPT on.
    pub(crate) recipient: Option<String>,
}

/// Chooses the fault; called in every phase.
pub(crate) type Script = dyn Fn(At, &Situation) -> Option<Does> + Send + Sync;

/// A mail received completely.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Taken {
    pub(crate) recipient: String,
    pub(crate) sender: String,
    pub(crate) message_id: Option<String>,
    /// SHA-256 of the unstuffed DATA bytes, lower-case hex.
    pub(crate) sha256: String,
    /// Reply as sent, or the fault in its place.
    pub(crate) answer: String,
    /// Whether the relay took responsibility: its reply was 250, or would have been.
    pub(crate) accepted: bool,
    /// Whether the reply was sent completely before the connection ended.
    pub(crate) answer_delivered: bool,
    pub(crate) bytes: Vec<u8>,
    pub(crate) at: Instant,
}

#[derive(Debug, Default)]
struct Journal {
    taken: Vec<Taken>,
    open: usize,
    most_open: usize,
    longest_hold: Duration,
    commands: Vec<String>,
}

/// Running relay; stops when dropped.
pub(crate) struct Relay {
    address: SocketAddr,
    journal: Arc<Mutex<Journal>>,
    task: JoinHandle<()>,
}

/// Capabilities that the relay announces.
#[derive(Debug, Clone, Default)]
pub(crate) struct Offers {
    pub(crate) auth: bool,
    pub(crate) starttls: bool,
    pub(crate) dsn: bool,
}

impl Relay {
    /// Starts a relay that accepts every mail.
    pub(crate) async fn healthy() -> std::io::Result<Self> {
        Self::scripted(Offers::default(), |_, _| None).await
    }

    /// Starts a relay with one permanent fault.
    pub(crate) async fn with_fault(fault: Fault) -> std::io::Result<Self> {
        let offers = Offers { auth: fault.at == At::Auth, starttls: fault.at == At::StartTls, ..Offers::default() };
        Self::scripted(offers, move |at, _| (at == fault.at).then(|| fault.does.clone())).await
    }

    /// Starts a relay that follows a script.
    pub(crate) async fn scripted(
        offers: Offers,
        script: impl Fn(At, &Situation) -> Option<Does> + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let journal = Arc::new(Mutex::new(Journal::default()));
        let task = tokio::spawn(accept(listener, offers, Arc::new(script), Arc::clone(&journal)));
        Ok(Self { address, journal, task })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// `smtp://127.0.0.1:PORT`.
    pub(crate) fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Mails received completely, in order.
    pub(crate) fn taken(&self) -> Vec<Taken> {
        lock(&self.journal).taken.clone()
    }

    /// Mails that the relay took responsibility for.
    pub(crate) fn accepted(&self) -> Vec<Taken> {
        self.taken().into_iter().filter(|mail| mail.accepted).collect()
    }

    /// Command lines of all connections, in order.
    pub(crate) fn commands(&self) -> Vec<String> {
        lock(&self.journal).commands.clone()
    }

    /// The longest time that the other side stayed with a silent relay.
    pub(crate) fn longest_hold(&self) -> Duration {
        lock(&self.journal).longest_hold
    }

    /// Most concurrent connections.
    pub(crate) fn most_open(&self) -> usize {
        lock(&self.journal).most_open
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock(journal: &Mutex<Journal>) -> std::sync::MutexGuard<'_, Journal> {
    journal.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn accept(listener: TcpListener, offers: Offers, script: Arc<Script>, journal: Arc<Mutex<Journal>>) {
    // Dropping the set closes all conversations.
    let mut conversations = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        {
            let mut journal = lock(&journal);
            journal.open += 1;
            journal.most_open = journal.most_open.max(journal.open);
        }
        let _ = stream.set_nodelay(true);
        let situation = Situation::default();
        let mut conversation = Conversation {
            line: BufReader::new(stream),
            offers: offers.clone(),
            script: Arc::clone(&script),
            situation,
            sender: String::new(),
            journal: Arc::clone(&journal),
        };
        let journal = Arc::clone(&journal);
        conversations.spawn(async move {
            let ended = conversation.run().await;
            if matches!(ended, Err(End::Reset)) {
                // SO_LINGER 0 turns the close into RST.
                let _ = conversation.line.get_ref().set_zero_linger();
            }
            drop(conversation);
            lock(&journal).open -= 1;
        });
        while conversations.try_join_next().is_some() {}
    }
}

/// Reason why a conversation ended.
enum End {
    Closed,
    Reset,
}

impl From<std::io::Error> for End {
    fn from(_: std::io::Error) -> Self {
        Self::Closed
    }
}

struct Conversation {
    line: BufReader<TcpStream>,
    offers: Offers,
    script: Arc<Script>,
    situation: Situation,
    sender: String,
    journal: Arc<Mutex<Journal>>,
}

impl Conversation {
    async fn run(&mut self) -> Result<(), End> {
        if let Some(does) = self.fault(At::Connect) {
            self.strike(&does, "").await?;
        }
        self.reply(At::Banner, "220 relay.example.com ESMTP\r\n").await?;
        loop {
            let command = self.command().await?;
            let verb = command.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            match verb.as_str() {
                "EHLO" => _ = self.ehlo().await?,
                "STARTTLS" => _ = self.reply(At::StartTls, "220 go ahead\r\n").await?,
                "AUTH" => _ = self.reply(At::Auth, "235 welcome\r\n").await?,
                "MAIL" => {
                    self.sender = address_in(&command);
                    self.reply(At::Mail, "250 sender ok\r\n").await?;
                }
                "RCPT" => {
                    self.situation.recipient = Some(address_in(&command));
                    self.reply(At::Rcpt, "250 recipient ok\r\n").await?;
                }
                "DATA" => {
                    if self.reply(At::Data, "354 go on\r\n").await? {
                        self.body().await?;
                    }
                }
                "QUIT" => {
                    self.reply(At::Quit, "221 bye\r\n").await?;
                    return Ok(());
                }
                _ => self.say("502 not known\r\n").await?,
            };
        }
    }

    async fn command(&mut self) -> Result<String, End> {
        let mut line = String::new();
        if self.line.read_line(&mut line).await? == 0 {
            return Err(End::Closed);
        }
        let line = line.trim_end().to_owned();
        lock(&self.journal).commands.push(line.clone());
        Ok(line)
    }

    async fn ehlo(&mut self) -> Result<bool, End> {
        let mut reply = "250-relay.example.com\r\n".to_owned();
        if self.offers.auth {
            reply.push_str("250-AUTH PLAIN LOGIN\r\n");
        }
        if self.offers.starttls {
            reply.push_str("250-STARTTLS\r\n");
        }
        if self.offers.dsn {
            reply.push_str("250-DSN\r\n");
        }
        reply.push_str("250 8BITMIME\r\n");
        self.reply(At::Ehlo, &reply).await
    }

    async fn body(&mut self) -> Result<(), End> {
        if let Some(does) = self.fault(At::Body) {
            self.strike(&does, "").await?;
        }
        let bytes = self.read_body().await?;
        let sha256 = Sha256::digest(&bytes).iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        let fault = self.fault(At::Dot);
        let usual = "250 taken\r\n";
        let (answer, accepted) = match &fault {
            None => (usual.trim_end().to_owned(), true),
            Some(Does::Says(line) | Does::SaysAndCloses(line)) => ((*line).to_owned(), line.starts_with("250")),
            Some(does @ (Does::Garbage | Does::LongLine(_) | Does::Drops | Does::Resets)) => {
                (format!("{does:?}"), false)
            }
            Some(does) => (format!("{does:?}"), true),
        };
        let place = {
            let mut journal = lock(&self.journal);
            journal.taken.push(Taken {
                recipient: self.situation.recipient.clone().unwrap_or_default(),
                sender: self.sender.clone(),
                message_id: message_id(&bytes),
                sha256,
                answer,
                accepted,
                answer_delivered: false,
                bytes,
                at: Instant::now(),
            });
            journal.taken.len() - 1
        };
        let said = match fault {
            None => self.say(usual).await.map(|()| true),
            Some(does) => self.strike(&does, usual).await,
        };
        if matches!(said, Ok(true)) {
            lock(&self.journal).taken[place].answer_delivered = true;
        }
        said.map(|_| ())
    }

    async fn read_body(&mut self) -> Result<Vec<u8>, End> {
        let mut bytes = Vec::new();
        loop {
            let mut line = Vec::new();
            if self.line.read_until(b'\n', &mut line).await? == 0 {
                return Err(End::Closed);
            }
            match line.as_slice() {
                b".\r\n" => return Ok(bytes),
                [b'.', rest @ ..] => bytes.extend_from_slice(rest),
                whole => bytes.extend_from_slice(whole),
            }
        }
    }

    fn fault(&self, at: At) -> Option<Does> {
        (self.script)(at, &self.situation)
    }

    /// Sends a reply; returns whether it was the usual one.
    async fn reply(&mut self, at: At, usual: &str) -> Result<bool, End> {
        match self.fault(at) {
            None => self.say(usual).await.map(|()| true),
            Some(does) => self.strike(&does, usual).await,
        }
    }

    async fn say(&mut self, text: &str) -> Result<(), End> {
        Ok(self.line.get_mut().write_all(text.as_bytes()).await?)
    }

    async fn strike(&mut self, does: &Does, usual: &str) -> Result<bool, End> {
        match does {
            Does::Says(line) => self.say(&format!("{line}\r\n")).await.map(|()| false),
            Does::SaysAndCloses(line) => {
                self.say(&format!("{line}\r\n")).await?;
                Err(End::Closed)
            }
            Does::Drops | Does::TakesAndDrops => Err(End::Closed),
            Does::Resets => Err(End::Reset),
            Does::Late(time) => {
                self.hold(*time).await?;
                self.say(usual).await.map(|()| true)
            }
            Does::Garbage => {
                self.line.get_mut().write_all(b"\x00\xff\x16\x03garbage\r\n").await?;
                Ok(false)
            }
            Does::LongLine(length) => {
                let code = usual.get(..3).unwrap_or("220");
                let padding = "x".repeat(length.saturating_sub(code.len() + 1));
                self.say(&format!("{code} {padding}\r\n")).await.map(|()| false)
            }
            Does::Trickles(interval) => {
                for byte in usual.bytes() {
                    tokio::time::sleep(*interval).await;
                    self.line.get_mut().write_all(&[byte]).await?;
                }
                Ok(true)
            }
            Does::Delays(time) => {
                tokio::time::sleep(*time).await;
                self.say(usual).await.map(|()| true)
            }
            Does::Lines(count) => {
                let (code, rest) = usual.split_at_checked(4).unwrap_or((usual, ""));
                let mut reply = String::new();
                for _ in 1..*count {
                    let _ = write!(reply, "{}-more\r\n", code.trim_end_matches([' ', '-']));
                }
                reply.push_str(&code.replace('-', " "));
                reply.push_str(rest.lines().next().unwrap_or_default());
                reply.push_str("\r\n");
                self.say(&reply).await.map(|()| true)
            }
            Does::AlsoSays(line) => self.say(&format!("{usual}{line}\r\n")).await.map(|()| true),
        }
    }

    /// Waits this long, and journals how long the other side stayed. The conversation ends where the other side leaves,
    /// or where it went on sending: those bytes are consumed, so nothing sensible could follow.
    async fn hold(&mut self, time: Duration) -> Result<(), End> {
        let began = Instant::now();
        let (mut sink, mut consumed) = ([0; 4096], 0);
        let leaving = async {
            while let Ok(count @ 1..) = self.line.read(&mut sink).await {
                consumed += count;
            }
        };
        let stayed = tokio::time::timeout(time, leaving).await.is_err();
        let mut journal = lock(&self.journal);
        journal.longest_hold = journal.longest_hold.max(began.elapsed());
        if stayed && consumed == 0 { Ok(()) } else { Err(End::Closed) }
    }
}

fn address_in(command: &str) -> String {
    let inside = command.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map(|(address, _)| address.to_owned()).unwrap_or_default()
}

fn message_id(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let line = text.lines().find(|line| line.to_ascii_lowercase().starts_with("message-id:"))?;
    line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(id, _)| id.to_owned())
}
