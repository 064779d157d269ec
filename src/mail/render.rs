//! The words of each mail, from templates; what goes into them is decided by the caller.

use minijinja::value::Serde;
use minijinja::{Environment, ErrorKind, Value};
use serde::Serialize;
use serde_json::Value as Json;
use thiserror::Error;

const SOURCES: [(&str, &str); 13] = [
    ("layout.html", include_str!("templates/layout.html")),
    ("inquiry.subject.txt", include_str!("templates/inquiry.subject.txt")),
    ("inquiry.txt", include_str!("templates/inquiry.txt")),
    ("inquiry.html", include_str!("templates/inquiry.html")),
    ("reply.subject.txt", include_str!("templates/reply.subject.txt")),
    ("reply.txt", include_str!("templates/reply.txt")),
    ("reply.html", include_str!("templates/reply.html")),
    ("receipt.subject.txt", include_str!("templates/receipt.subject.txt")),
    ("receipt.txt", include_str!("templates/receipt.txt")),
    ("receipt.html", include_str!("templates/receipt.html")),
    ("withdrawal.subject.txt", include_str!("templates/withdrawal.subject.txt")),
    ("withdrawal.txt", include_str!("templates/withdrawal.txt")),
    ("withdrawal.html", include_str!("templates/withdrawal.html")),
];

/// A line of the need, already in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NeedLine {
    pub label: String,
    pub value: String,
}

/// To a park: an enterprise asks for one of its listings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InquiryMail {
    pub number: String,
    pub listing_name: String,
    /// Industry, area, region, use, tax and the like, in the order shown. Never a contact.
    pub facts: Vec<NeedLine>,
    /// As `138****8000`; the full number is behind the sign-in.
    pub masked_phone: String,
    pub company: String,
    /// The lead's page for staff, from the configured base URL.
    pub portal_url: String,
    /// Whether a reply to this mail reaches the enterprise.
    pub has_reply_address: bool,
    /// The time promised for the first contact, in words, such as `2 个工作日`.
    pub answer_within: String,
}

/// To the enterprise: a fixed text, so that nobody can use the form to write to a stranger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReceiptMail {
    /// The requirement's private page, from the configured base URL.
    pub status_url: String,
}

/// To a park that was served: the enterprise has withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WithdrawalMail {
    pub number: String,
    pub listing_name: String,
}

/// What one side of an inquiry wrote to its reply address, for the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReplyMail {
    pub number: String,
    pub listing_name: String,
    /// The park or the company, never an address.
    pub sender: String,
    /// The text, line by line.
    pub lines: Vec<String>,
}

/// The three texts of one mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// A template that does not fit its data: a mistake in this program, not in the data.
#[derive(Debug, Error)]
#[error("mail template: {0:#}")]
pub struct RenderError(#[from] minijinja::Error);

/// The compiled templates.
#[derive(Debug)]
pub struct Templates {
    environment: Environment<'static>,
}

impl Templates {
    /// Compiles all templates; undefined names are errors.
    ///
    /// # Errors
    ///
    /// [`RenderError`] where a template does not parse.
    pub fn new() -> Result<Self, RenderError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
        if crate::guard::is_out("escaping") {
            environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        }
        for (name, source) in SOURCES {
            environment.add_template(name, source)?;
        }
        Ok(Self { environment })
    }

    /// The inquiry to a park.
    ///
    /// # Errors
    ///
    /// [`RenderError`] where the template does not fit.
    pub fn inquiry(&self, mail: &InquiryMail) -> Result<Rendered, RenderError> {
        self.render("inquiry", mail)
    }

    /// The receipt to the enterprise.
    ///
    /// # Errors
    ///
    /// [`RenderError`] where the template does not fit.
    pub fn receipt(&self, mail: &ReceiptMail) -> Result<Rendered, RenderError> {
        self.render("receipt", mail)
    }

    /// The withdrawal to a park.
    ///
    /// # Errors
    ///
    /// [`RenderError`] where the template does not fit.
    pub fn withdrawal(&self, mail: &WithdrawalMail) -> Result<Rendered, RenderError> {
        self.render("withdrawal", mail)
    }

    /// A reply to the other side of an inquiry.
    ///
    /// # Errors
    ///
    /// [`RenderError`] where the template does not fit.
    pub fn reply(&self, mail: &ReplyMail) -> Result<Rendered, RenderError> {
        self.render("reply", mail)
    }

    fn render(&self, kind: &str, mail: &impl Serialize) -> Result<Rendered, RenderError> {
        let data = Value::from(Serde(one_line_each(serde_json::to_value(mail).map_err(unserializable)?)));
        let part = |suffix: &str| self.environment.get_template(&format!("{kind}.{suffix}"))?.render(data.clone());
        Ok(Rendered { subject: part("subject.txt")?.trim().to_owned(), text: part("txt")?, html: part("html")? })
    }
}

fn unserializable(error: serde_json::Error) -> minijinja::Error {
    minijinja::Error::new(ErrorKind::BadSerialization, "mail data").with_source(error)
}

/// A value fills one place in one line: a line break in a company name must not start a line that looks like ours.
fn one_line_each(value: Json) -> Json {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    match value {
        Json::String(text) if text.contains(breaks) => {
            Json::String(text.split(breaks).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "))
        }
        Json::Array(items) => items.into_iter().map(one_line_each).collect(),
        Json::Object(fields) => fields.into_iter().map(|(name, field)| (name, one_line_each(field))).collect(),
        other => other,
    }
}
