//! What a built mail holds, byte by byte, as an independent parser reads it.

use luodi::mail::{
    CannotBuild, FileMailer, Mailer as _, Party, ReceiptMail, RelayUrl, RelayUrlError, Security, SendOutcome, Templates,
};
use mail_parser::{MessageParser, MimeHeaders as _};
use proptest::prelude::*;
use secrecy::ExposeSecret as _;

use crate::mailbag::letter;
use crate::samples::{all_mails, inquiry};

#[test]
fn a_parser_reads_back_names_subject_and_both_parts() {
    let letter = letter();
    let built = letter.build(None).expect("builds");
    let mail = MessageParser::default().parse(&built.bytes).expect("parses");
    assert_eq!(mail.subject(), Some(letter.subject.as_str()));
    assert_eq!(mail.from().and_then(|a| a.first()).and_then(|a| a.name()), Some("落地选址"));
    assert_eq!(mail.to().and_then(|a| a.first()).and_then(|a| a.name()), Some("示例园区招商局"));
    assert_eq!(mail.body_text(0).as_deref().map(unix_lines).as_deref(), Some(letter.text.as_str()));
    assert_eq!(mail.body_html(0).as_deref().map(unix_lines).as_deref(), Some(letter.html.as_str()));
    assert_eq!(mail.message_id(), Some("018f.1@luodi.example.com"));
    assert_eq!(mail.header("X-Luodi-Inquiry").and_then(|h| h.as_text()), Some("LD-000123"));
    assert_eq!(mail.header("Auto-Submitted").and_then(|h| h.as_text()), Some("auto-generated"));
    assert!(mail.content_type().is_some_and(|kind| kind.subtype() == Some("alternative")));
    assert_eq!(
        (built.recipient.as_str(), built.envelope_from.as_str()),
        ("park@example.com", "bounce@luodi.example.com")
    );
}

#[test]
fn line_breaks_in_header_fields_are_refused() {
    let attack = "王\r\nBcc: victim@example.com";
    let mut by_subject = letter();
    by_subject.subject = attack.into();
    assert_eq!(by_subject.build(None), Err(CannotBuild::Control { field: "subject" }));
    let mut by_name = letter();
    by_name.to.name = Some(attack.into());
    assert_eq!(by_name.build(None), Err(CannotBuild::Control { field: "to" }));
    let mut by_number = letter();
    by_number.number = Some("LD-1\nBcc:x".into());
    assert_eq!(by_number.build(None), Err(CannotBuild::Token { field: "number" }));
    let mut by_id = letter();
    by_id.message_id = "a b@c".into();
    assert_eq!(by_id.build(None), Err(CannotBuild::MessageId));
}

#[test]
fn an_address_that_is_not_ascii_cannot_be_built() {
    let mut letter = letter();
    letter.to.address = "园区@example.com".into();
    assert_eq!(letter.build(None), Err(CannotBuild::Address { field: "to" }));
}

#[test]
fn a_bare_carriage_return_in_the_text_is_refused() {
    let mut letter = letter();
    letter.text = "a\r.\rb".into();
    assert_eq!(letter.build(None), Err(CannotBuild::Control { field: "text" }));
}

#[test]
fn an_alert_can_be_ended_with_one_click() {
    let mut letter = letter();
    letter.list_unsubscribe = Some("https://luodi.example.com/u/abc".into());
    let built = letter.build(None).expect("builds");
    let text = String::from_utf8(built.bytes).expect("ASCII");
    assert!(text.contains("List-Unsubscribe: <https://luodi.example.com/u/abc>\r\n"));
    assert!(text.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
}

#[test]
fn senders_are_read_as_the_configuration_writes_them() {
    let party = Party::parse("落地选址 luodi <noreply@luodi.example.com>").expect("a party");
    assert_eq!(party, Party::named("落地选址 luodi", "noreply@luodi.example.com"));
    assert_eq!(Party::parse("a@example.com"), Ok(Party::bare("a@example.com")));
    assert_eq!(Party::parse("<a@example.com>"), Ok(Party::bare("a@example.com")));
    assert!(Party::parse("nobody").is_err());
}

#[test]
fn every_template_renders_as_in_its_snapshot() {
    let templates = Templates::new().expect("templates");
    for (kind, mail) in all_mails(&templates) {
        insta::assert_snapshot!(format!("{kind}_subject"), mail.subject);
        insta::assert_snapshot!(format!("{kind}_text"), mail.text);
        insta::assert_snapshot!(format!("{kind}_html"), mail.html);
    }
}

#[test]
fn markup_in_a_company_name_stays_text() {
    let templates = Templates::new().expect("templates");
    let mail = templates.inquiry(&inquiry()).expect("renders");
    let page = scraper::Html::parse_document(&mail.html);
    let bold = scraper::Selector::parse("b").expect("a selector");
    assert_eq!(page.select(&bold).count(), 0);
    assert!(page.root_element().text().collect::<String>().contains("宁波某某<b>机械</b>有限公司"));
}

#[test]
fn a_line_break_in_a_company_name_starts_no_line() {
    let templates = Templates::new().expect("templates");
    let mut mail = inquiry();
    mail.company = "某公司\n联系电话：000\u{2028}x".into();
    let rendered = templates.inquiry(&mail).expect("renders");
    assert!(rendered.text.contains("企业名称：某公司 联系电话：000 x\n"));
    assert_eq!(rendered.text.lines().filter(|line| line.starts_with("联系电话")).count(), 1);
}

#[test]
fn the_receipt_holds_nothing_but_fixed_words_and_the_link() {
    let templates = Templates::new().expect("templates");
    let of = |url: &str| {
        templates.receipt(&ReceiptMail { status_url: url.into(), ..ReceiptMail::default() }).expect("renders")
    };
    let (one, other) = (of("https://luodi.example.com/r/1"), of("https://luodi.example.com/r/2"));
    assert_eq!(one.subject, other.subject);
    assert_eq!(one.text.replace("/r/1", "/r/2"), other.text);
}

#[tokio::test]
async fn a_mail_kept_as_a_file_is_the_mail_byte_for_byte() {
    let dir = tempfile::tempdir().expect("a folder");
    let mailer = FileMailer::new(dir.path().join("mail"));
    assert_eq!(mailer.list().expect("lists"), Vec::new());
    let built = letter().build(None).expect("builds");
    assert!(matches!(mailer.send(&built).await, SendOutcome::Sent { .. }));
    assert!(matches!(mailer.send(&built).await, SendOutcome::Sent { .. }));
    let listed = mailer.list().expect("lists");
    assert_eq!(listed.iter().map(|mail| mail.name.as_str()).collect::<Vec<_>>(), ["018f.1@luodi.example.com.eml"]);
    assert_eq!(mailer.open(&listed[0].name).expect("opens").source.as_bytes(), built.bytes);
    assert!(mailer.open("../mail/018f.1@luodi.example.com.eml").is_err());
    assert_eq!(std::fs::read_dir(dir.path().join("mail")).expect("lists").count(), 1);
}

#[test]
fn relay_urls_say_where_who_and_how_protected() {
    let cases = [
        ("smtp://127.0.0.1:2525", "127.0.0.1", 2525, Security::Plain),
        ("smtp://localhost", "localhost", 25, Security::Plain),
        ("smtp://[::1]:25", "::1", 25, Security::Plain),
        ("smtp://mail.example.com?tls=required", "mail.example.com", 587, Security::StartTls),
        ("smtp://127.0.0.1:25/?tls=required", "127.0.0.1", 25, Security::StartTls),
        ("smtps://mail.example.com", "mail.example.com", 465, Security::Implicit),
        ("SMTPS://mail.example.com:994", "mail.example.com", 994, Security::Implicit),
    ];
    for (url, host, port, security) in cases {
        let relay = RelayUrl::parse(url).expect(url);
        assert_eq!((relay.host.as_str(), relay.port, relay.security), (host, port, security), "{url}");
        assert!(relay.credentials.is_none());
    }
    let relay = RelayUrl::parse("smtps://user%40example.com:p%3Aa%20%E5%9C%B0@mail.example.com").expect("parses");
    let (user, password) = relay.credentials.expect("credentials");
    assert_eq!((user.as_str(), password.expose_secret()), ("user@example.com", "p:a 地"));
}

#[test]
fn relay_urls_that_would_send_in_the_clear_or_are_unclear_are_refused() {
    let cases = [
        ("smtp://mail.example.com", RelayUrlError::PlainBeyondLoopback),
        ("smtp://localhost.example.com", RelayUrlError::PlainBeyondLoopback),
        ("smtp://10.0.0.1:25", RelayUrlError::PlainBeyondLoopback),
        ("smtp://mail.example.com?tls=opportunistic", RelayUrlError::Option),
        ("http://127.0.0.1", RelayUrlError::Scheme),
        ("127.0.0.1:25", RelayUrlError::Scheme),
        ("smtp://", RelayUrlError::Host),
        ("smtp://127.0.0.1:x", RelayUrlError::Port),
        ("smtp://127.0.0.1:0", RelayUrlError::Port),
        ("smtp://127.0.0.1/inbox", RelayUrlError::Path),
        ("smtps://user@mail.example.com", RelayUrlError::Credentials),
        ("smtps://user:@mail.example.com", RelayUrlError::Credentials),
        ("smtps://user:%zz@mail.example.com", RelayUrlError::Encoding),
    ];
    for (url, error) in cases {
        assert_eq!(RelayUrl::parse(url).map(|relay| relay.host), Err(error), "{url}");
    }
}

fn unix_lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

fn written_text() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        prop_oneof![
            Just("\n".to_owned()),
            Just("\n.\n".to_owned()),
            Just("..".to_owned()),
            Just("From ".to_owned()),
            Just("=3D=?utf-8?b?DQo=?=".to_owned()),
            Just("长".repeat(400)),
            Just("a".repeat(1100)),
            "[^\\p{Cc}\u{2028}\u{2029}]{0,40}",
        ],
        0..12,
    )
    .prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_text_puts_a_bare_line_end_or_a_long_line_on_the_wire(
        text in written_text(), subject in "[^\\p{Cc}\u{2028}\u{2029}]{0,120}", name in "[^\\p{Cc}\u{2028}\u{2029}]{1,60}",
    ) {
        let mut letter = letter();
        (letter.text, letter.subject, letter.to.name) = (text, subject, Some(name));
        let built = letter.build(None).expect("builds");
        let wire = String::from_utf8(built.bytes).expect("ASCII");
        for line in wire.split("\r\n") {
            prop_assert!(!line.contains(['\r', '\n', '\0']) && line.is_ascii());
            prop_assert!(line.len() <= 998, "{} bytes", line.len());
        }
        let mail = MessageParser::default().parse(wire.as_bytes()).expect("parses");
        prop_assert_eq!(mail.body_text(0).as_deref().map(unix_lines), Some(letter.text));
        prop_assert_eq!(mail.headers().iter().filter(|header| header.name() == "Bcc").count(), 0);
        prop_assert_eq!(mail.parts.len(), 3);
    }
}
