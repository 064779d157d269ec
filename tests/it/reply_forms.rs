//! Replies as the clients write them (`tests/replies`, written for this test): every new word goes on, of the quoted mail next
//! to nothing, of the other side's address and phone nothing at all.

use std::path::{Path, PathBuf};

use luodi::mail::{Incoming, masked};
use mail_parser::{MessageParser, PartType};
use toml::{Table, Value};

const BUYER: &str = "buyer@example.com";
const PARK: &str = "two@example.com";
const PHONE: &str = "+8613800138000";
/// Forms that the folder must have at least.
const FORMS: usize = 60;
/// Quoted characters that may go on: one in so many.
const QUOTED: usize = 20;

struct Form {
    name: String,
    mail: Vec<u8>,
    new: Vec<String>,
    /// Lines that may go on: the line that is answered, the client's own signature.
    may: Vec<String>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/replies")
}

fn forms() -> Vec<Form> {
    let text = std::fs::read_to_string(folder().join("want.toml")).expect("the words wanted");
    let table: Table = text.parse().expect("TOML");
    table.iter().map(|(name, want)| form(name, want)).collect()
}

fn form(name: &str, want: &Value) -> Form {
    let lines = |key: &str| {
        let list = want.get(key).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str).map(dense).collect::<Vec<_>>()
    };
    let mail = std::fs::read(folder().join(format!("{name}.eml"))).expect("a mail");
    Form { name: name.to_owned(), mail, new: lines("new"), may: [lines("answered"), lines("optional")].concat() }
}

/// Without white space, which a change from HTML to text moves.
fn dense(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{feff}').collect()
}

/// The mails that the forms quote.
fn sent() -> Vec<Vec<u8>> {
    ["zh", "en"].map(|name| std::fs::read(folder().join(format!("sent/{name}.eml"))).expect("a sent mail")).into()
}

/// The lines that go on, with the registered phone and addresses masked.
fn gone_on(mail: &[u8]) -> Vec<String> {
    let lines = Incoming::read_beside(mail, &sent()).map(|mail| mail.lines).unwrap_or_default();
    lines.iter().map(|line| masked(line, &[BUYER, PARK], &[PHONE])).collect()
}

/// Characters of the mail's text, as any reader of mail shows it.
fn length(mail: &[u8]) -> usize {
    let mail = MessageParser::default().parse(mail).expect("a mail");
    let of = |parts: &[u32]| {
        let texts = parts.iter().map(|&at| match &mail.parts[at as usize].body {
            PartType::Text(text) => dense(text).chars().count(),
            PartType::Html(html) => dense(&mail_parser::decoders::html::html_to_text(html)).chars().count(),
            _ => 0,
        });
        texts.sum::<usize>()
    };
    match of(&mail.text_body) {
        0 => of(&mail.html_body),
        plain => plain,
    }
}

/// What a form has lost, and what of the quoted mail is left in it.
fn judge(form: &Form) -> (Vec<String>, String) {
    let mut rest = dense(&gone_on(&form.mail).concat());
    let mut lost = Vec::new();
    for words in &form.new {
        match rest.find(words.as_str()) {
            Some(at) => rest.replace_range(at..at + words.len(), "\n"),
            None => lost.push(words.clone()),
        }
    }
    for words in &form.may {
        rest = rest.replace(words.as_str(), "\n");
    }
    // The marks of tables and lists.
    let left = rest.chars().filter(|c| !matches!(c, '\n' | '|' | '*' | '>' | '—' | '─'));
    (lost, left.collect::<String>().replace("［已隐藏］", ""))
}

#[test]
fn of_every_clients_reply_the_new_words_go_on_and_the_quoted_do_not() {
    let forms = forms();
    assert!(forms.len() >= FORMS, "{}", forms.len());
    let (mut lost, mut left, mut quoted, mut faults) = (0, 0, 0, String::new());
    for form in &forms {
        let (missing, rest) = judge(form);
        lost += missing.len();
        left += rest.chars().count();
        quoted += length(&form.mail).saturating_sub(form.new.iter().map(|words| words.chars().count()).sum());
        if !missing.is_empty() || !rest.is_empty() {
            faults += &format!("{}: lost {missing:?}, left {rest:?}\n", form.name);
        }
    }
    assert_eq!(lost, 0, "words lost\n{faults}");
    assert!(left * QUOTED <= quoted, "{left} of {quoted} quoted characters go on\n{faults}");
}

#[test]
fn no_reply_gives_away_the_other_sides_address_or_phone() {
    for form in forms() {
        let text = dense(&gone_on(&form.mail).concat());
        for secret in [BUYER, PARK, "13800138000"] {
            assert!(!text.contains(secret), "{}: {text}", form.name);
        }
    }
}
