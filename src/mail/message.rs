//! Letters and their immutable bytes; every header and part is written by lettre's MIME builder.

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use lettre::address::{Address, Envelope};
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use thiserror::Error;

use super::dkim::Dkim;

/// Mailbox of a header: display name and address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Display name; may contain Chinese, never a control character.
    pub name: Option<String>,
    /// ASCII `local@domain`; an internationalized domain in IDNA form.
    pub address: String,
}

impl Party {
    /// Creates a mailbox without a display name.
    pub fn bare(address: impl Into<String>) -> Self {
        Self { name: None, address: address.into() }
    }

    /// Creates a mailbox with a display name.
    pub fn named(name: impl Into<String>, address: impl Into<String>) -> Self {
        Self { name: Some(name.into()), address: address.into() }
    }

    /// Parses `name <address>` or a bare address, as in the configuration.
    ///
    /// # Errors
    /// [`CannotBuild`] where the text has neither form, or contains characters that a header must not have.
    pub fn parse(text: &str) -> Result<Self, CannotBuild> {
        let text = text.trim();
        let party = match text.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) {
            Some((name, address)) if !name.trim().is_empty() => Self::named(name.trim(), address),
            Some((_, address)) => Self::bare(address),
            None => Self::bare(text),
        };
        party.mailbox("address").map(|_| party)
    }

    fn mailbox(&self, field: &'static str) -> Result<Mailbox, CannotBuild> {
        if let Some(name) = &self.name {
            refuse_control(field, name)?;
        }
        Ok(Mailbox::new(self.name.clone(), address(field, &self.address)?))
    }
}

/// One mail to one recipient, before serialization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub from: Party,
    pub to: Party,
    pub reply_to: Option<Party>,
    /// Envelope sender; `None` equals `from`.
    pub bounce_to: Option<String>,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// Kind of mail (`inquiry`, `receipt`, …), header `X-Luodi-Kind`.
    pub kind: &'static str,
    /// Inquiry number, header `X-Luodi-Inquiry`.
    pub number: Option<String>,
    /// `local@domain` without angle brackets, the same for every attempt, so that receivers can discard duplicates.
    pub message_id: String,
    pub date: DateTime<Utc>,
    /// Adds `Auto-Submitted` (RFC 3834), which suppresses out-of-office replies.
    pub auto_submitted: bool,
    /// Message-IDs of the thread that the recipient has, oldest first: `References`, the last one `In-Reply-To`.
    pub references: Vec<String>,
    /// One-click unsubscribe URL (RFC 8058), of mails that answer no action.
    pub list_unsubscribe: Option<String>,
}

/// Serialized mail, the same bytes for every attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    pub recipient: String,
    pub envelope_from: String,
    /// See [`Letter::message_id`].
    pub message_id: String,
    /// RFC 5322 message: ASCII, lines end in CRLF.
    pub bytes: Vec<u8>,
}

/// Beginning of the local part of an envelope sender that one mail has for itself (VERP).
const VERP: &str = "bounce+";
/// Length of a token that may be one of ours, which have 32 characters.
const SHORTEST_TOKEN: usize = 16;

/// Returns the envelope sender that a token gives in the domain of bounces.
#[must_use]
pub fn verp_address(token: &str, domain: &str) -> String {
    format!("{VERP}{token}@{}", domain.to_ascii_lowercase())
}

/// Returns the token of an envelope sender; `None` where it is the one for all mails.
pub(super) fn verp_token(address: &str) -> Option<&str> {
    address.strip_prefix(VERP)?.split('@').next()
}

/// Whether a text may be such a token: nothing that a pattern of a query gives a meaning.
pub(super) fn is_token(text: &str) -> bool {
    text.len() >= SHORTEST_TOKEN && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Reasons why a letter cannot be serialized.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CannotBuild {
    #[error("{field}: control characters are refused")]
    Control { field: &'static str },
    #[error("{field}: not an ASCII mail address")]
    Address { field: &'static str },
    #[error("message_id: must be local@domain in visible ASCII")]
    MessageId,
    #[error("{field}: must be visible ASCII")]
    Token { field: &'static str },
    #[error("the builder refuses it: {0}")]
    Builder(String),
    #[error("the built mail is not clean ASCII with CR LF line ends")]
    Wire,
}

impl Letter {
    /// Serializes the letter, signed where a key is given.
    ///
    /// # Errors
    /// [`CannotBuild`] for control characters, non-ASCII addresses, and errors of the MIME builder.
    pub fn build(&self, dkim: Option<&Dkim>) -> Result<Built, CannotBuild> {
        self.refuse_bad_input()?;
        let recipient = address("to", &self.to.address)?;
        let bounce = self.bounce_to.as_deref().unwrap_or(&self.from.address);
        let envelope_from = address("bounce_to", bounce)?;
        let envelope = Envelope::new(Some(envelope_from.clone()), vec![recipient.clone()]).map_err(refused)?;
        let mut builder = Message::builder()
            .envelope(envelope)
            .date(SystemTime::from(self.date))
            .message_id(Some(format!("<{}>", self.message_id)))
            .from(self.from.mailbox("from")?)
            .to(self.to.mailbox("to")?)
            .subject(self.subject.clone())
            .header(Kind(self.kind.to_owned()));
        if let Some(reply_to) = &self.reply_to {
            builder = builder.reply_to(reply_to.mailbox("reply_to")?);
        }
        if let Some(number) = &self.number {
            builder = builder.header(InquiryNumber(number.clone()));
        }
        if let Some(last) = self.references.last() {
            let all = self.references.iter().map(|id| format!("<{id}>")).collect::<Vec<_>>().join(" ");
            builder = builder.in_reply_to(format!("<{last}>")).references(all);
        }
        if self.auto_submitted {
            builder = builder.header(AutoSubmitted("auto-generated".to_owned()));
        }
        if let Some(target) = &self.list_unsubscribe {
            builder = builder
                .header(ListUnsubscribe(format!("<{target}>")))
                .header(ListUnsubscribePost("List-Unsubscribe=One-Click".to_owned()));
        }
        let message = builder
            .multipart(MultiPart::alternative_plain_html(self.text.clone(), self.html.clone()))
            .map_err(refused)?;
        let bytes = message.formatted();
        let bytes = dkim.map_or(Ok(bytes.clone()), |dkim| dkim.signed(&bytes)).map_err(refused)?;
        if !is_clean(&bytes) {
            return Err(CannotBuild::Wire);
        }
        Ok(Built {
            recipient: recipient.to_string(),
            envelope_from: envelope_from.to_string(),
            message_id: self.message_id.clone(),
            bytes,
        })
    }

    fn refuse_bad_input(&self) -> Result<(), CannotBuild> {
        refuse_control("subject", &self.subject)?;
        for (field, body) in [("text", &self.text), ("html", &self.html)] {
            if body.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
                return Err(CannotBuild::Control { field });
            }
        }
        let id_is_sound = self.message_id.split_once('@').is_some_and(|(local, domain)| {
            [local, domain].iter().all(|part| !part.is_empty() && part.bytes().all(is_id_byte))
        });
        if !id_is_sound {
            return Err(CannotBuild::MessageId);
        }
        let tokens = [
            ("kind", Some(self.kind)),
            ("number", self.number.as_deref()),
            ("list_unsubscribe", self.list_unsubscribe.as_deref()),
        ];
        for (field, token) in tokens {
            if token.is_some_and(|t| t.is_empty() || !t.bytes().all(|b| b.is_ascii_graphic() && b != b'<' && b != b'>'))
            {
                return Err(CannotBuild::Token { field });
            }
        }
        Ok(())
    }
}

fn is_id_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'+')
}

fn refuse_control(field: &'static str, text: &str) -> Result<(), CannotBuild> {
    // Some mail readers treat U+2028 and U+2029 as line ends.
    if text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
        return Err(CannotBuild::Control { field });
    }
    Ok(())
}

fn address(field: &'static str, text: &str) -> Result<Address, CannotBuild> {
    if !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(CannotBuild::Address { field });
    }
    text.parse().map_err(|_| CannotBuild::Address { field })
}

fn refused(error: impl std::fmt::Display) -> CannotBuild {
    CannotBuild::Builder(error.to_string())
}

/// Checks for bare CR and LF, which enable SMTP smuggling, and for non-ASCII, which a relay without 8BITMIME damages.
fn is_clean(bytes: &[u8]) -> bool {
    let mut previous = 0;
    for &byte in bytes {
        if (previous == b'\r') != (byte == b'\n') || !byte.is_ascii() || byte == 0 {
            return false;
        }
        previous = byte;
    }
    previous != b'\r'
}

macro_rules! text_header {
    ($($type:ident = $name:literal),+ $(,)?) => {$(
        #[derive(Debug, Clone)]
        struct $type(String);

        impl Header for $type {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($name)
            }

            fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Ok(Self(text.to_owned()))
            }

            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), self.0.clone())
            }
        }
    )+};
}

text_header! {
    AutoSubmitted = "Auto-Submitted",
    InquiryNumber = "X-Luodi-Inquiry",
    Kind = "X-Luodi-Kind",
    ListUnsubscribe = "List-Unsubscribe",
    ListUnsubscribePost = "List-Unsubscribe-Post",
}
