//! Development only: mails written as files, and the parts that pages are made of.

use std::collections::BTreeSet;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _};
use serde::Serialize;

use super::context::{Page, PageResult};
use crate::error::{Code, Error};
use crate::i18n::{LabelledValue, moment, tell};
use crate::web::extract::Id;
use crate::web::layers::CSP;
use crate::web::problem::Problem;
use crate::web::view::{FieldView, FormContent, Pager, Shown, form_fields};

#[derive(Serialize)]
struct Mails {
    mails: Vec<MailLine>,
}

#[derive(Serialize)]
struct MailLine {
    name: String,
    at: String,
    size: String,
    subject: String,
    to: String,
}

#[derive(Serialize)]
struct MailPage {
    name: String,
    subject: String,
    /// Sender, recipients and date, decoded.
    about: Vec<LabelledValue>,
    has_html: bool,
    plain: String,
    headers: Vec<LabelledValue>,
    source: String,
}

/// `GET /dev/mails`
pub(super) async fn mails(page: Page) -> PageResult {
    let stored = page.app.stored_mails().list().map_err(|error| internal(&error))?;
    let row = |mail: crate::mail::StoredMail| MailLine {
        at: moment(page.locale, domain::time::Moment(mail.stored_at.timestamp_millis())),
        size: format!("{} KB", mail.bytes.div_ceil(1024)),
        to: mail.recipients.join(", "),
        subject: mail.subject,
        name: mail.name,
    };
    page.show("dev_mails.html", Mails { mails: stored.into_iter().map(row).collect() })
}

/// `GET /dev/mails/{name}`
pub(super) async fn mail(page: Page, Id(name): Id<String>) -> PageResult {
    let opened = page.app.stored_mails().open(&name).map_err(|error| internal(&error))?;
    let fact = |(name, value): (String, String)| LabelledValue { label: name.clone(), name, value };
    let about = [("dev.from", opened.from), ("dev.to", opened.to), ("dev.date", opened.date)]
        .map(|(key, value)| LabelledValue { name: key.into(), label: tell(page.locale, key), value });
    let shown = MailPage {
        name,
        subject: opened.subject,
        about: about.into(),
        has_html: opened.html.is_some(),
        plain: opened.plain,
        headers: opened.headers.into_iter().map(fact).collect(),
        source: opened.source,
    };
    let mut response = page.show("dev_mail.html", shown)?;
    let framing = HeaderValue::from_str(&format!("{CSP}; frame-src 'self'")).map_err(anyhow::Error::from);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, framing.map_err(Error::Internal)?);
    Ok(response)
}

/// Policy of a mail's HTML in the frame of its page: it shows itself, and links that are clicked leave the frame.
const LETTER_CSP: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; \
                          sandbox allow-top-navigation-by-user-activation";

/// `GET /dev/mails/{name}/html`
pub(super) async fn mail_html(page: Page, Id(name): Id<String>) -> PageResult {
    let opened = page.app.stored_mails().open(&name).map_err(|error| internal(&error))?;
    let html = opened.html.ok_or_else(|| Problem::new(StatusCode::NOT_FOUND, Code::NotFound))?;
    let framed = [
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(LETTER_CSP)),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN")),
    ];
    // Links leave the frame, as they leave a mail reader.
    Ok((framed, Html(format!("<base target=\"_top\">{html}"))).into_response())
}

/// Every form control, in its usual state and with an error.
#[derive(Serialize)]
struct Components {
    fields: Vec<FieldView>,
    wrong: Vec<FieldView>,
    errors: Vec<FieldFault>,
    pages: Pager,
}

/// A line of the summary of errors.
#[derive(Serialize)]
struct FieldFault {
    field: String,
    label: String,
    message: String,
}

/// Requirement fields of which each has another control: text, choices, list, range, figure, circle, day, ticks.
const CONTROLS: [&str; 8] =
    ["industry", "use", "tenure", "land_mu", "investment_wan", "near", "available_by", "facilities"];

/// `GET /_components`
pub(super) async fn components(page: Page) -> PageResult {
    let mut draft = FormContent::default();
    for (name, value) in
        [("use", "production"), ("land_mu.min", "3公顷"), ("investment_wan", "5千万"), ("near.lng", "x")]
    {
        draft.set(name, value);
    }
    let none = BTreeSet::new();
    let errors = draft.requirement().err().unwrap_or_default();
    let shown = Shown { locale: page.locale, draft: &draft, requirement: None, errors: &[], corrected: &none };
    let fields = form_fields(shown, CONTROLS);
    let wrong: Vec<FieldView> = form_fields(Shown { errors: &errors, ..shown }, CONTROLS);
    let wrong: Vec<FieldView> = wrong.into_iter().filter(|field| field.error.is_some()).collect();
    let fault = |field: &FieldView| FieldFault {
        field: format!("wrong-{}", field.name),
        label: field.label.clone(),
        message: field.error.clone().unwrap_or_default(),
    };
    let errors = wrong.iter().map(fault).collect();
    let pages = Pager::new("/_components", &[], 2, 3);
    page.show("dev_components.html", Components { fields, wrong, errors, pages })
}

fn internal(error: &std::io::Error) -> Problem {
    if error.kind() == std::io::ErrorKind::NotFound {
        Problem::new(StatusCode::NOT_FOUND, Code::NotFound)
    } else {
        crate::error::Error::Internal(anyhow::anyhow!("mail folder: {error}")).into()
    }
}
