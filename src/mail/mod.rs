//! Mail: letters, templates, three mailers. Recipients are decided in `service`.

mod body;
mod dkim;
mod dkim_form;
mod files;
mod flowed;
mod incoming;
mod mail_text;
mod mailbox_url;
mod mask;
mod mbox;
mod memory;
mod message;
mod notice;
mod quotes;
mod reason;
mod relay_url;
mod render;
mod report;
mod sent_text;
mod smtp;
mod wire;

use std::fmt;

use async_trait::async_trait;

pub use dkim::{Dkim, DkimError, DkimFault};
pub use files::{FileMailer, OpenedMail, StoredMail};
pub use incoming::Incoming;
pub use mailbox_url::MailboxUrl;
pub use mask::masked;
pub use mbox::mails_in;
pub use memory::MemoryMailer;
pub use message::{Built, CannotBuild, Letter, Party, verp_address};
pub use reason::BounceReason;
pub use relay_url::{RelayUrl, RelayUrlError, Security};
pub use render::{
    AlertItem, FilesMail, InboxConfirmMail, InquiryMail, NeedAlertMail, NeedLine, NewsMail, ReceiptMail, RenderError,
    Rendered, ReplyMail, ReportAnswerMail, StaffMail, StillValidMail, Templates, WithdrawalMail,
};
pub use report::{MailClass, Report};
pub use smtp::{PhaseLimits, SmtpMailer, SmtpSetupError};

/// Delivers one built mail to the next hop.
///
/// Implementations report every failure as a [`SendOutcome`]. If the future is dropped the outcome is unknown, and the
/// caller must treat it as [`SendOutcome::Ambiguous`].
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Makes one delivery attempt for one recipient.
    async fn send(&self, mail: &Built) -> SendOutcome;

    /// Reaches the next hop without a mail, as far as it can be reached, and returns in words what it is.
    ///
    /// # Errors
    /// [`SendOutcome`], that of a mail at this moment.
    async fn check(&self) -> Result<String, SendOutcome>;
}

/// Outcome of one delivery attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendOutcome {
    /// Accepted by the next hop: reply 250 to the final dot, or the file is on disk.
    Sent { reply: String },
    /// Not accepted, may be retried. `code` is `None` where no reply was read.
    Transient { phase: Phase, code: Option<u16>, text: String },
    /// Not accepted, retries are useless: 5xx at RCPT or after the final dot.
    Permanent { phase: Phase, code: u16, text: String },
    /// Possibly accepted: no clear reply after DATA was accepted.
    Ambiguous { phase: Phase, text: String },
    /// Not accepted, for a reason that concerns the relay rather than this mail: credentials, TLS, sender.
    RelayPaused { phase: Phase, code: Option<u16>, text: String },
    /// The stored mail cannot be sent: malformed address.
    CannotBuild { text: String },
}

/// SMTP phase in which an attempt ended (RFC 5321 §3).
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
    /// Body, final dot and its reply: one step in lettre.
    Dot,
    /// Writing the file, for the file mailer.
    Store,
}

impl SendOutcome {
    /// Returns the next hop's words in one line, after the phase in which they were read.
    #[must_use]
    pub fn detail(&self) -> String {
        match self {
            Self::Sent { reply } => reply.clone(),
            Self::CannotBuild { text } => text.clone(),
            Self::Transient { phase, text, .. }
            | Self::Ambiguous { phase, text }
            | Self::Permanent { phase, text, .. }
            | Self::RelayPaused { phase, text, .. } => format!("{phase}: {text}"),
        }
    }
}

impl Phase {
    /// Stable word stored with an attempt.
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
