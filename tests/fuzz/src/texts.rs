//! Parsers of what strangers write, each by itself with the law that its result keeps.

use std::io::{Cursor, sink};
use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderValue};
use chrono::{DateTime, NaiveDate};
use domain::contact::Phone;
use domain::import;
use domain::listing::Kind;
use domain::reader;
use domain::record::Table as _;
use domain::requirement::Requirement;
use luodi::mail::{Incoming, Letter, Party, Report};
use luodi::tables::xlsx_child;
use luodi::web::extract;
use mail_parser::MessageParser;

/// Limits of a workbook: rows, and bytes of text.
const ROWS: u64 = 1_000;
const TEXT_BYTES: u64 = 1 << 20;

/// A phone number in its one form is itself again.
pub(crate) fn phone(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Some(phone) = Phone::parse(text) {
        assert_eq!(Phone::parse(phone.e164()), Some(phone.clone()));
    }
}

/// What is read of a need is JSON and back, and every span is of the text.
pub(crate) fn reader(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let now = NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day");
    let reading = reader::read(text, now);
    let length = text.chars().count();
    assert!(reading.spans.iter().all(|span| span.start < span.end && span.end <= length));
    assert_eq!(Requirement::from_json(&reading.requirement.to_json()).as_ref(), Ok(&reading.requirement));
}

/// A cell of any column of a listing.
pub(crate) fn cell(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let kind = Kind::ALL[usize::from(*first) % Kind::ALL.len()];
    let columns = kind.columns();
    let column = columns[usize::from(*first) / Kind::ALL.len() % columns.len()].name;
    let reading = import::typed(kind, &[(columns[0].name, "F1"), (column, text)]);
    std::hint::black_box(reading.keys());
}

/// A workbook, as its child process reads it.
pub(crate) fn book(data: &[u8]) {
    xlsx_child::print_rows(|| Ok(Cursor::new(data)), sink(), ROWS, TEXT_BYTES).expect("printed");
}

/// A letter that can be built is one mail to one recipient with its own subject.
pub(crate) fn letter(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut fields = text.split('\0').map(str::to_owned);
    let mut next = || fields.next().unwrap_or_default();
    let letter = Letter {
        from: Party::named(next(), "office@example.com"),
        to: Party { name: Some(next()), address: next() },
        reply_to: None,
        bounce_to: None,
        subject: next(),
        text: next(),
        html: next(),
        kind: "inquiry",
        number: Some(next()),
        message_id: "f1@example.com".to_owned(),
        date: DateTime::UNIX_EPOCH,
        auto_submitted: true,
        references: Vec::new(),
        list_unsubscribe: None,
    };
    let Ok(built) = letter.build(None) else { return };
    let mail = MessageParser::default().parse(&built.bytes).expect("a mail");
    assert_eq!(mail.to().map(|to| to.iter().count()), Some(1));
    assert_eq!(mail.headers().iter().filter(|header| header.name().eq_ignore_ascii_case("subject")).count(), 1);
    assert!(mail.cc().is_none() && mail.bcc().is_none());
}

/// A client's address is one, whatever its head says.
pub(crate) fn forwarded(data: &[u8]) {
    let Some((hops, rest)) = data.split_first() else { return };
    let mut headers = HeaderMap::new();
    for line in rest.split(|byte| *byte == b'\n') {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append("x-forwarded-for", value);
        }
    }
    let network = extract::network(None, &headers, usize::from(*hops) % 4);
    assert!(network.is_empty() || network.parse::<IpAddr>().is_ok(), "{network}");
}

/// A mail that came in: an answer, or a notice of delivery.
pub(crate) fn incoming(data: &[u8]) {
    std::hint::black_box((Incoming::read(data), Report::read(data), Incoming::recipients(data)));
}
