//! Mail: letters built once, sent by one of three mailers, and the words in them; who gets one is decided in `service`.

mod bounce;
mod dkim;
mod files;
mod incoming;
mod memory;
mod message;
mod relay_url;
mod render;
mod smtp;
mod wire;

use std::fmt;

use async_trait::async_trait;

pub use bounce::{Bounce, mails_in};
pub use dkim::{Dkim, DkimError};
pub use files::{FileMailer, StoredMail};
pub use incoming::Incoming;
pub use memory::MemoryMailer;
pub use message::{Built, CannotBuild, Letter, Party};
pub use relay_url::{RelayUrl, RelayUrlError, Security};
pub use render::{InquiryMail, NeedLine, ReceiptMail, RenderError, Rendered, ReplyMail, Templates, WithdrawalMail};
pub use smtp::{PhaseLimits, SmtpMailer, SmtpSetupError};

/// Hands one built mail to the next hop and says what is known of its fate.
///
/// An implementation never fails in any other way: whatever happens is a [`SendOutcome`].
/// Dropping the future leaves the fate unknown; the caller has to treat that as [`SendOutcome::Ambiguous`].
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Makes one attempt, for one recipient.
    async fn send(&self, mail: &Built) -> SendOutcome;
}

/// What one attempt has come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendOutcome {
    /// The next hop has taken responsibility: code 250 after the final dot, or the file is on disk.
    Sent { reply: String },
    /// Surely not taken, may be taken later. `code` is absent where no reply was read.
    Transient { phase: Phase, code: Option<u16>, text: String },
    /// Surely not taken, and never will be: a 5xx at RCPT or after the final dot.
    Permanent { phase: Phase, code: u16, text: String },
    /// Perhaps taken: anything but a clear answer once DATA was accepted.
    Ambiguous { phase: Phase, text: String },
    /// Surely not taken, for a reason that concerns the relay and not this mail: credentials, TLS, our sender.
    RelayPaused { phase: Phase, code: Option<u16>, text: String },
    /// The mail can never be put on the wire as it is.
    CannotBuild { text: String },
}

/// Where in the conversation an attempt ended (RFC 5321 §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Phase {
    Connect,
    Greeting,
    Ehlo,
    Tls,
    Auth,
    Mail,
    Rcpt,
    Data,
    /// The body, the final dot and its answer: lettre does all three in one step.
    Dot,
    /// Writing the file of a mailer that keeps files.
    Store,
}

impl Phase {
    /// The stable word stored with an attempt.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Greeting => "greeting",
            Self::Ehlo => "ehlo",
            Self::Tls => "tls",
            Self::Auth => "auth",
            Self::Mail => "mail",
            Self::Rcpt => "rcpt",
            Self::Data => "data",
            Self::Dot => "dot",
            Self::Store => "store",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
