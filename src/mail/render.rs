//! Mail templates; their data are prepared by the caller.

use minijinja::value::Serde;
use minijinja::{Environment, ErrorKind, Value};
use serde::Serialize;
use serde_json::Value as Json;
use thiserror::Error;

const SOURCES: [(&str, &str); 35] = [
    ("layout.html", include_str!("templates/layout.html")),
    ("parts.html", include_str!("templates/parts.html")),
    ("inquiry.subject.txt", include_str!("templates/inquiry.subject.txt")),
    ("inquiry.txt", include_str!("templates/inquiry.txt")),
    ("inquiry.html", include_str!("templates/inquiry.html")),
    ("reply.subject.txt", include_str!("templates/reply.subject.txt")),
    ("reply.txt", include_str!("templates/reply.txt")),
    ("reply.html", include_str!("templates/reply.html")),
    ("files.subject.txt", include_str!("templates/files.subject.txt")),
    ("files.txt", include_str!("templates/files.txt")),
    ("files.html", include_str!("templates/files.html")),
    ("news.subject.txt", include_str!("templates/news.subject.txt")),
    ("news.txt", include_str!("templates/news.txt")),
    ("news.html", include_str!("templates/news.html")),
    ("receipt.subject.txt", include_str!("templates/receipt.subject.txt")),
    ("receipt.txt", include_str!("templates/receipt.txt")),
    ("receipt.html", include_str!("templates/receipt.html")),
    ("staff.subject.txt", include_str!("templates/staff.subject.txt")),
    ("staff.txt", include_str!("templates/staff.txt")),
    ("staff.html", include_str!("templates/staff.html")),
    ("withdrawal.subject.txt", include_str!("templates/withdrawal.subject.txt")),
    ("withdrawal.txt", include_str!("templates/withdrawal.txt")),
    ("withdrawal.html", include_str!("templates/withdrawal.html")),
    ("inbox_confirm.subject.txt", include_str!("templates/inbox_confirm.subject.txt")),
    ("inbox_confirm.txt", include_str!("templates/inbox_confirm.txt")),
    ("inbox_confirm.html", include_str!("templates/inbox_confirm.html")),
    ("still_valid.subject.txt", include_str!("templates/still_valid.subject.txt")),
    ("still_valid.txt", include_str!("templates/still_valid.txt")),
    ("still_valid.html", include_str!("templates/still_valid.html")),
    ("report_answer.subject.txt", include_str!("templates/report_answer.subject.txt")),
    ("report_answer.txt", include_str!("templates/report_answer.txt")),
    ("report_answer.html", include_str!("templates/report_answer.html")),
    ("need_alert.subject.txt", include_str!("templates/need_alert.subject.txt")),
    ("need_alert.txt", include_str!("templates/need_alert.txt")),
    ("need_alert.html", include_str!("templates/need_alert.html")),
];

/// One line of the requirement, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NeedLine {
    pub label: String,
    pub value: String,
}

/// Inquiry mail to a park.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InquiryMail {
    pub number: String,
    pub listing_name: String,
    /// Industry, area and tax for the subject, as far as stated; else the listing.
    pub headline: String,
    /// Industry, use, area and tax. Never contact data.
    pub facts: Vec<NeedLine>,
    /// The other facts, in display order.
    pub more_facts: Vec<NeedLine>,
    /// All facts in English, where the enterprise writes English.
    pub facts_en: Vec<NeedLine>,
    /// The enterprise's own words by line, contact data masked.
    pub words: Vec<String>,
    /// Operator of the service and its contact.
    pub operator: String,
    pub operator_contact: String,
    /// `138****8000`; the full number is shown after sign-in.
    pub masked_phone: String,
    pub company: String,
    /// Lead page for staff, from the configured base URL.
    pub portal_url: String,
    /// Whether the reply alias forwards to the enterprise.
    pub has_reply_address: bool,
    /// Deadline of the first contact in words, for example `2 个工作日`.
    pub answer_within: String,
}

/// Receipt to the enterprise: without the sender's own words, so that the form cannot send messages to strangers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ReceiptMail {
    /// Private page of the requirement, from the configured base URL.
    pub status_url: String,
    /// Industry, area and tax; empty where none is stated.
    pub headline: String,
    /// The need by field: codes and figures in our words.
    pub facts: Vec<NeedLine>,
    /// The same in English, for a requirement that came in English.
    pub in_english: Vec<NeedLine>,
    /// Names of the parks that were asked.
    pub parks: Vec<String>,
    /// Their names in English, with the Chinese ones beside them.
    pub parks_in_english: Vec<String>,
    /// The requirement was received before: parks were asked now.
    pub is_later: bool,
}

/// Withdrawal notice to a park that received the inquiry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WithdrawalMail {
    pub number: String,
    pub listing_name: String,
    /// Operator of the service and its contact.
    pub operator: String,
    pub operator_contact: String,
}

/// Link with which the owner of a park's new inbox confirms it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InboxConfirmMail {
    /// Name of the park.
    pub park: String,
    /// Page with the button that confirms, from the configured base URL.
    pub confirm_url: String,
    /// Operator of the service and its contact, for an owner of the address who does not know the service.
    pub operator: String,
    pub operator_contact: String,
}

/// The monthly question to a park.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StillValidMail {
    pub park: String,
    /// Number of listings that wait for a word; a text, since a JSON number of arbitrary precision does not print in a template.
    pub count: String,
    /// Page of the question: opening it has no effect, its button has.
    pub page_url: String,
    /// Page on which staff change listings.
    pub listings_url: String,
    /// Page that stops these mails.
    pub stop_url: String,
}

/// Note to a reader that a report was answered: fixed text without the reader's own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportAnswerMail {
    pub number: String,
    /// Public name of the listing that was reported.
    pub listing_name: String,
    /// Whether the reader's language is English.
    pub in_english: bool,
    pub ticket_url: String,
}

/// Reply forwarded to the other side of an inquiry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReplyMail {
    pub number: String,
    pub listing_name: String,
    /// Name of the park or company, never an address.
    pub sender: String,
    /// Text by line.
    pub lines: Vec<String>,
    /// Number of further lines that are not in this mail; empty where there are none. Text, since a template shows a number
    /// of serde_json's arbitrary precision as a map.
    pub more_lines: String,
    /// Names of files that are not forwarded.
    pub files: Vec<String>,
    /// Page with the whole text, from the configured base URL.
    pub page_url: String,
    /// Whether an answer to this mail reaches the other side.
    pub has_reply_address: bool,
    /// Whether its reader is an enterprise that writes English: the mail's own sentences are in English as well.
    pub in_english: bool,
}

/// Notice to the writer of a reply whose files were not forwarded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FilesMail {
    pub number: String,
    /// Their names.
    pub files: Vec<String>,
    /// Whether its reader is an enterprise that writes English.
    pub in_english: bool,
}

/// A notice in a few lines: a correction to a park, a hand-over to the enterprise, an assignment, a digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewsMail {
    /// Number of the inquiry; `None` where it is about several.
    pub number: Option<String>,
    pub subject: String,
    /// Paragraphs.
    pub lines: Vec<String>,
    /// Items of a list.
    pub rows: Vec<String>,
    /// Address of a page, from the configured base URL.
    pub link: Option<String>,
    pub link_label: String,
    pub footer: String,
    /// Page that stops such mails; `None` where the mail answers an action.
    pub stop_url: Option<String>,
}

/// Mail to a member of staff about an account: one sentence and one button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StaffMail {
    pub subject: String,
    pub text: String,
    /// Words of the button.
    pub button: String,
    /// Address of the button, from the configured base URL.
    pub url: String,
    /// Page that stops such mails; `None` where the mail answers an action.
    pub stop_url: Option<String>,
}

/// Mail about an alert, in the words of its language: the question whether its reader wants it, listings that newly fit, its end.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct NeedAlertMail {
    /// Language tag of the words.
    pub lang: String,
    pub subject: String,
    pub greeting: String,
    /// Paragraphs before the listings.
    pub lines: Vec<String>,
    /// The need by field: codes and figures in our words.
    pub need: Vec<NeedLine>,
    /// Listings that newly fit.
    pub items: Vec<AlertItem>,
    /// Paragraphs after them.
    pub after: Vec<String>,
    /// Words and address of the button.
    pub button: String,
    pub button_url: String,
    pub footer: String,
    /// Words and address of the link that ends the alert; none before it is confirmed.
    pub stop: String,
    pub stop_url: Option<String>,
    /// Sign between a label and its value.
    pub colon: String,
}

/// A listing that newly fits an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AlertItem {
    pub name: String,
    /// Its page, from the configured base URL.
    pub url: String,
    /// Park, price, area and distance, as far as they are known.
    pub facts: Vec<NeedLine>,
}

/// Subject, text part and HTML part of one mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// A template does not fit its data; a defect of this program.
#[derive(Debug, Error)]
#[error("mail template: {0:#}")]
pub struct RenderError(#[from] minijinja::Error);

/// Compiled templates.
#[derive(Debug)]
pub struct Templates {
    environment: Environment<'static>,
}

impl Templates {
    /// Compiles all templates; undefined names are errors.
    ///
    /// # Errors
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

    /// Renders the inquiry to a park.
    ///
    /// # Errors
    /// [`RenderError`] where the template does not fit its data.
    pub fn inquiry(&self, mail: &InquiryMail) -> Result<Rendered, RenderError> {
        self.render("inquiry", mail)
    }

    /// Renders the receipt to the enterprise.
    ///
    /// # Errors
    /// [`RenderError`] where the template does not fit its data.
    pub fn receipt(&self, mail: &ReceiptMail) -> Result<Rendered, RenderError> {
        self.render("receipt", mail)
    }

    /// Renders the withdrawal notice to a park.
    ///
    /// # Errors
    /// [`RenderError`] where the template does not fit its data.
    pub fn withdrawal(&self, mail: &WithdrawalMail) -> Result<Rendered, RenderError> {
        self.render("withdrawal", mail)
    }

    /// Renders a forwarded reply.
    ///
    /// # Errors
    /// [`RenderError`] where the template does not fit its data.
    pub fn reply(&self, mail: &ReplyMail) -> Result<Rendered, RenderError> {
        self.render("reply", mail)
    }

    /// Renders the notice about files that were not forwarded.
    ///
    /// # Errors
    /// [`RenderError`] where the template does not fit its data.
    pub fn files(&self, mail: &FilesMail) -> Result<Rendered, RenderError> {
        self.render("files", mail)
    }

    /// Renders a notice.
    ///
    /// # Errors
    /// [`RenderError`] where the template does not fit its data.
    pub fn news(&self, mail: &NewsMail) -> Result<Rendered, RenderError> {
        self.render("news", mail)
    }

    /// Renders the confirmation of a new inbox.
    ///
    /// # Errors
    /// [`RenderError`] where the template does not fit its data.
    pub fn inbox_confirm(&self, mail: &InboxConfirmMail) -> Result<Rendered, RenderError> {
        self.render("inbox_confirm", mail)
    }

    /// Renders a mail about an account.
    ///
    /// # Errors
    /// [`RenderError`] where the template does not fit its data.
    pub fn staff(&self, mail: &StaffMail) -> Result<Rendered, RenderError> {
        self.render("staff", mail)
    }

    /// Renders the monthly question to a park.
    ///
    /// # Errors
    /// [`RenderError`] where the template does not fit its data.
    pub fn still_valid(&self, mail: &StillValidMail) -> Result<Rendered, RenderError> {
        self.render("still_valid", mail)
    }

    /// Renders the note that a report was answered.
    ///
    /// # Errors
    /// [`RenderError`] where the template does not fit its data.
    pub fn report_answer(&self, mail: &ReportAnswerMail) -> Result<Rendered, RenderError> {
        self.render("report_answer", mail)
    }

    /// Renders a mail about an alert.
    ///
    /// # Errors
    /// [`RenderError`] where the template does not fit its data.
    pub fn need_alert(&self, mail: &NeedAlertMail) -> Result<Rendered, RenderError> {
        self.render("need_alert", mail)
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

/// Removes line breaks from values: one in a company name could start a line that imitates the mail's own text.
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
