//! What the comparisons with other programs beside this file need of the product:
//! `cargo test --test peers -- read FOLDER` prints its reading of each mail, one JSON object per file; mails in
//! `FOLDER/sent` are those that we sent and the others answer;
//! `cargo test --test peers -- letters FOLDER` writes every letter there, as a mail and as HTML and text;
//! `cargo test --test peers -- signed FOLDER` writes 200 letters signed with each kind of key, and the public keys.
#![expect(clippy::print_stdout, reason = "the scripts read it")]

#[path = "../support/samples.rs"]
mod samples;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use chrono::{DateTime, Utc};
use luodi::mail::{Dkim, Incoming, Letter, MailClass, Party, Rendered, Report, Templates};
use serde_json::json;

const KEYS: [(&str, &str); 2] =
    [("rsa", include_str!("../it/keys/rsa_pkcs8.pem")), ("ed25519", include_str!("../it/keys/ed25519_pkcs8.pem"))];
/// Signed letters per key.
const SIGNED: usize = 200;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (order, folder) = (arguments.next().unwrap_or_default(), arguments.next().context("a folder")?);
    match order.as_str() {
        "read" => read(Path::new(&folder)),
        "letters" => letters(Path::new(&folder)),
        "signed" => signed(Path::new(&folder)),
        other => bail!("{other} is neither read nor letters nor signed"),
    }
}

fn read(folder: &Path) -> anyhow::Result<()> {
    let sent = folder.join("sent");
    let sent = if sent.is_dir() { files(&sent)? } else { Vec::new() };
    let sent = sent.iter().map(std::fs::read).collect::<Result<Vec<_>, _>>()?;
    for file in files(folder)? {
        let mail = std::fs::read(&file)?;
        let report = Report::read(&mail);
        let lines = Incoming::read_beside(&mail, &sent).map(|mail| mail.lines).unwrap_or_default();
        let class = word(report.class);
        println!("{}", json!({ "file": file, "class": class, "ids": report.ids, "lines": lines }));
    }
    Ok(())
}

/// The files below a folder, in order.
fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

const fn word(class: MailClass) -> &'static str {
    match class {
        MailClass::Permanent => "permanent",
        MailClass::Delay => "delay",
        MailClass::Automatic => "automatic",
        MailClass::Letter => "letter",
        MailClass::Unclear => "unclear",
    }
}

fn letter(kind: &'static str, rendered: Rendered, number: usize) -> Letter {
    let stop = rendered.text.contains("/unsubscribe/").then(|| "https://luodi.example.com/unsubscribe/abc".to_owned());
    Letter {
        from: Party::named("落地选址 luodi", "noreply@luodi.example.com"),
        to: Party::bare("park@example.com"),
        reply_to: None,
        bounce_to: Some("bounce@luodi.example.com".to_owned()),
        subject: rendered.subject,
        text: rendered.text,
        html: rendered.html,
        kind,
        number: Some(format!("LD-{number:06}")),
        message_id: format!("018f{number:028}@luodi.example.com"),
        date: DateTime::<Utc>::from_timestamp(1_790_000_000 + number as i64, 0).unwrap_or_default(),
        auto_submitted: true,
        references: Vec::new(),
        list_unsubscribe: stop,
    }
}

fn letters(folder: &Path) -> anyhow::Result<()> {
    for (kind, rendered) in samples::all_mails(&Templates::new()?) {
        std::fs::write(folder.join(format!("{kind}.html")), &rendered.html)?;
        std::fs::write(folder.join(format!("{kind}.txt")), format!("{}\n\n{}", rendered.subject, rendered.text))?;
        std::fs::write(folder.join(format!("{kind}.eml")), letter(kind, rendered, 1).build(None)?.bytes)?;
    }
    Ok(())
}

fn signed(folder: &Path) -> anyhow::Result<()> {
    let templates = Templates::new()?;
    for (name, key) in KEYS {
        let dkim = Dkim::new("luodi.example.com", name, key)?;
        std::fs::write(folder.join(format!("{name}.dns")), dkim.dns_record())?;
        let mut all = samples::all_mails(&templates).into_iter().cycle();
        for number in 0..SIGNED {
            let (kind, mut rendered) = all.next().context("a letter")?;
            rendered.text += &format!("{}{}\n", "长 ".repeat(number), " ".repeat(number % 3));
            let built = letter(kind, rendered, number).build(Some(&dkim))?;
            std::fs::write(folder.join(format!("{name}-{number:03}.eml")), built.bytes)?;
        }
    }
    Ok(())
}
