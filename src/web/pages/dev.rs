//! Development only: mails written as files.

use axum::http::StatusCode;
use serde::Serialize;

use super::context::{Page, PageResult};
use crate::error::Code;
use crate::i18n::{LabelledValue, moment};
use crate::web::extract::Id;
use crate::web::problem::Problem;

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
    let bytes = page.app.stored_mails().read(&name).map_err(|error| internal(&error))?;
    let source = String::from_utf8_lossy(&bytes).into_owned();
    let head = source.split("\r\n\r\n").next().unwrap_or_default();
    let headers = head.replace("\r\n ", " ");
    let fact = |line: &str| {
        let (name, value) = line.split_once(':')?;
        Some(LabelledValue { name: name.to_owned(), label: name.to_owned(), value: value.trim().to_owned() })
    };
    page.show("dev_mail.html", MailPage { headers: headers.lines().filter_map(fact).collect(), name, source })
}

fn internal(error: &std::io::Error) -> Problem {
    if error.kind() == std::io::ErrorKind::NotFound {
        Problem::new(StatusCode::NOT_FOUND, Code::NotFound)
    } else {
        crate::error::Error::Internal(anyhow::anyhow!("mail folder: {error}")).into()
    }
}
