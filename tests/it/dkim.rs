//! DKIM signatures, checked by a verifier written against RFC 6376 that shares nothing with the signer but the primitives
//! of the public-key algorithms.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use luodi::mail::{Dkim, DkimError, DkimFault, Letter};
use ring::signature::{self, UnparsedPublicKey};
use sha2::{Digest as _, Sha256};

use crate::mailbag::letter;

const RSA_PKCS1: &str = include_str!("keys/rsa_pkcs1.pem");
const RSA_PKCS8: &str = include_str!("keys/rsa_pkcs8.pem");
const RSA_PUBLIC: &str = include_str!("keys/rsa.pub");
const ED25519_PKCS8: &str = include_str!("keys/ed25519_pkcs8.pem");
const ED25519_SEED: &str = include_str!("keys/ed25519_seed.txt");
const ED25519_PUBLIC: &str = include_str!("keys/ed25519.pub");
/// Bytes of a 2048-bit key's SubjectPublicKeyInfo before the RSAPublicKey in it.
const SPKI_HEAD: usize = 24;

fn signer(key: &str) -> Dkim {
    Dkim::new("luodi.example.com", "s1", key).expect("a key")
}

/// Letters whose canonical forms differ from their bytes in every way that the rules name.
fn letters() -> impl Iterator<Item = Letter> {
    const LINES: [&str; 10] = ["", ".", "..", "行尾空格   ", "a\tb  c ", "From here", "=3D", "  缩进", "\t", "短"];
    (0..200_usize).map(|n| {
        let mut letter = letter();
        letter.subject = format!("{} {}", "新询盘｜汽车零部件".repeat(n % 9 + 1), " ".repeat(n % 4));
        letter.text = (0..n % 23).map(|at| format!("{}\n", LINES[(at * 7 + n) % LINES.len()])).collect();
        letter.text += &"长".repeat(n * 3);
        letter.text += &"a".repeat(n * 6);
        letter.text += &"\n".repeat(n % 5);
        letter.html = format!("<p>{}</p>{}", letter.text, " \n".repeat(n % 3));
        letter.message_id = format!("{n}@luodi.example.com");
        letter.number = (n % 2 == 0).then(|| format!("LD-{n:06}"));
        letter.list_unsubscribe = (n % 3 == 0).then(|| format!("https://luodi.example.com/u/{n}"));
        letter.to.name = (n % 4 != 0).then(|| format!("示例园区 {n}"));
        letter
    })
}

/// RFC 6376 §3.4.2, by whole text: unfold, one blank for each run, none at the ends of name and value.
fn relaxed_header(field: &str) -> String {
    let (name, value) = field.split_once(':').expect("a field");
    let words: Vec<&str> = value.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty()).collect();
    format!("{}:{}", name.trim().to_lowercase(), words.join(" "))
}

/// RFC 6376 §3.4.4.
fn relaxed_body(body: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in body.strip_suffix("\r\n").unwrap_or(body).split("\r\n") {
        let mut out = String::new();
        for piece in line.split_inclusive([' ', '\t']) {
            let word = piece.trim_end_matches([' ', '\t']);
            if !word.is_empty() || !out.ends_with(' ') {
                out += word;
                out += if piece.len() > word.len() { " " } else { "" };
            }
        }
        lines.push(out.trim_end().to_owned());
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines.iter().map(|line| format!("{line}\r\n")).collect()
}

/// Verifies one mail against the record that DNS would give. Returns the names of the signed fields.
fn verified(mail: &[u8], record: &str) -> Result<Vec<String>, String> {
    let mail = std::str::from_utf8(mail).map_err(|e| e.to_string())?;
    let (head, body) = mail.split_once("\r\n\r\n").ok_or("no body")?;
    let mut fields: Vec<String> = Vec::new();
    for line in head.split("\r\n") {
        match fields.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) => *last += &format!("\r\n{line}"),
            _ => fields.push(line.to_owned()),
        }
    }
    let at = fields.iter().position(|field| field.starts_with("DKIM-Signature:")).ok_or("unsigned")?;
    let signature = fields.remove(at);
    let tags: BTreeMap<String, String> = signature["DKIM-Signature:".len()..]
        .split(';')
        .map(|pair| pair.split_once('=').expect("tag=value"))
        .map(|(name, value)| (name.trim().to_owned(), value.split_whitespace().collect()))
        .collect();
    if BASE64.encode(Sha256::digest(relaxed_body(body))) != tags["bh"] {
        return Err("body hash".to_owned());
    }
    let mut input = String::new();
    let names: Vec<String> = tags["h"].split(':').map(str::to_owned).collect();
    for name in &names {
        let is_named = |field: &String| field.split(':').next().is_some_and(|n| n.trim().eq_ignore_ascii_case(name));
        if let Some(found) = fields.iter().rposition(is_named) {
            input += &format!("{}\r\n", relaxed_header(&fields.remove(found)));
        }
    }
    let own = relaxed_header(&signature);
    input += own.split_once("; b=").map(|(before, _)| format!("{before}; b=")).ok_or("no b=")?.as_str();
    let public = public_key(record, &tags["s"], &tags["d"])?;
    let value = BASE64.decode(&tags["b"]).map_err(|e| e.to_string())?;
    let outcome = match tags["a"].as_str() {
        "rsa-sha256" => UnparsedPublicKey::new(&signature::RSA_PKCS1_2048_8192_SHA256, &public[SPKI_HEAD..])
            .verify(input.as_bytes(), &value),
        "ed25519-sha256" => UnparsedPublicKey::new(&signature::ED25519, &public).verify(&Sha256::digest(input), &value),
        other => return Err(format!("algorithm {other}")),
    };
    outcome.map_err(|_| "signature".to_owned()).map(|()| names)
}

/// Reads `p=` of a zone-file record, whose strings are joined without blanks (RFC 6376 §3.6.2.2).
fn public_key(record: &str, selector: &str, domain: &str) -> Result<Vec<u8>, String> {
    let text = record.strip_prefix(&format!("{selector}._domainkey.{domain}. IN TXT ( ")).ok_or("another name")?;
    let strings: Vec<&str> = text.split('"').skip(1).step_by(2).collect();
    assert!(strings.iter().all(|string| string.len() <= 255), "RFC 1035 §3.3.14");
    let joined = strings.concat();
    let (_, key) = joined.split_once("p=").ok_or("no key")?;
    BASE64.decode(key).map_err(|e| e.to_string())
}

#[test]
fn two_hundred_varied_mails_verify_with_each_form_of_key() {
    for key in [RSA_PKCS1, RSA_PKCS8, ED25519_PKCS8, ED25519_SEED] {
        let dkim = signer(key);
        let record = dkim.dns_record();
        for letter in letters() {
            let built = letter.build(Some(&dkim)).expect("builds");
            let names = verified(&built.bytes, &record).unwrap_or_else(|fault| panic!("{fault}: {letter:?}"));
            for name in ["from", "to", "subject", "date", "message-id", "mime-version", "content-type"] {
                assert!(names.iter().any(|signed| signed == name), "{name} is signed: {names:?}");
            }
            assert_eq!(dkim.verify(&built.bytes), Ok(()));
            assert!(built.bytes.split(|&b| b == b'\n').all(|line| line.len() <= 79), "no long line");
        }
    }
}

/// The mail after a relay that wraps lines of more than 998 octets (RFC 5321 §4.5.3.1.6) and has no 8BITMIME.
fn relayed(mail: &[u8]) -> Vec<u8> {
    let lines = mail.split(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let wrapped = lines.map(|line| line.chunks(998).collect::<Vec<_>>().join(&b"\r\n"[..]));
    wrapped.collect::<Vec<_>>().join(&b"\r\n"[..]).iter().map(|byte| byte & 0x7f).collect()
}

#[test]
fn a_relay_with_short_lines_and_seven_bits_breaks_no_signature() {
    for key in [RSA_PKCS8, ED25519_PKCS8] {
        let dkim = signer(key);
        let record = dkim.dns_record();
        for letter in letters() {
            let built = letter.build(Some(&dkim)).expect("builds");
            let mail = relayed(&built.bytes);
            verified(&mail, &record).unwrap_or_else(|fault| panic!("{fault}: {letter:?}"));
            assert_eq!(dkim.verify(&mail), Ok(()));
        }
    }
    let long = format!("a: {}\r\n\r\n", "é".repeat(1_000));
    assert_ne!(relayed(long.as_bytes()), long.as_bytes(), "such a relay changes other mails");
}

#[test]
fn the_one_click_that_stops_mails_is_signed() {
    let dkim = signer(ED25519_PKCS8);
    let mut letter = letter();
    letter.list_unsubscribe = Some("https://luodi.example.com/unsubscribe/abc".to_owned());
    let built = letter.build(Some(&dkim)).expect("builds");
    let names = verified(&built.bytes, &dkim.dns_record()).expect("verifies");
    for name in ["list-unsubscribe", "list-unsubscribe-post"] {
        assert!(names.iter().any(|signed| signed == name), "RFC 8058 §4: {names:?}");
    }
}

#[test]
fn a_changed_mail_does_not_verify() {
    let dkim = signer(ED25519_SEED);
    let record = dkim.dns_record();
    let built = letter().build(Some(&dkim)).expect("builds");
    let text = String::from_utf8(built.bytes).expect("ASCII");
    let changes = [
        ("To: ", "To: x@example.com, ", DkimFault::Signature),
        ("X-Luodi-Inquiry: LD-000123", "X-Luodi-Inquiry: LD-000124", DkimFault::Signature),
        ("multipart/alternative", "multipart/mixed", DkimFault::Signature),
        ("\r\nFrom: ", "\r\nFrom: other@example.com\r\nFrom: ", DkimFault::Signature),
        ("\r\n\r\n--", "\r\n\r\nx\r\n--", DkimFault::Body),
    ];
    for (from, to, fault) in changes {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{from}");
        assert_eq!(dkim.verify(changed.as_bytes()), Err(fault), "{from}");
        assert!(verified(changed.as_bytes(), &record).is_err(), "{from}");
    }
    let refolded = text.replacen("Subject: ", "Subject:\r\n\t  ", 1);
    assert_eq!(dkim.verify(refolded.as_bytes()), Ok(()), "blanks of a header may change on the way");
    assert_eq!(dkim.verify(b"From: a@example.com\r\n\r\n"), Err(DkimFault::Unsigned));
}

#[test]
fn the_dns_record_holds_the_public_key_as_openssl_derives_it() {
    let rsa = signer(RSA_PKCS8).dns_record();
    assert_eq!(rsa, signer(RSA_PKCS1).dns_record(), "one key in two forms");
    assert!(rsa.starts_with("s1._domainkey.luodi.example.com. IN TXT ( \"v=DKIM1; k=rsa; p="), "{rsa}");
    let key = public_key(&rsa, "s1", "luodi.example.com").expect("a key");
    assert_eq!(BASE64.encode(key), RSA_PUBLIC);
    let seed = signer(ED25519_SEED).dns_record();
    assert_eq!(seed, format!("s1._domainkey.luodi.example.com. IN TXT ( \"v=DKIM1; k=ed25519; p={ED25519_PUBLIC}\" )"));
    assert_eq!(seed, signer(ED25519_PKCS8).dns_record());
}

#[test]
fn every_other_key_is_refused_by_its_name() {
    let unsupported = |label: &str| DkimError::Unsupported(label.to_owned());
    let cases = [
        (include_str!("keys/ec.pem"), unsupported("EC PRIVATE KEY")),
        (include_str!("keys/enc.pem"), DkimError::Encrypted),
        (include_str!("keys/enc1.pem"), DkimError::Encrypted),
        (include_str!("keys/small.pem"), DkimError::Refused("TooSmall".to_owned())),
        ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", unsupported("PUBLIC KEY")),
        (
            "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
            unsupported("OPENSSH PRIVATE KEY"),
        ),
        ("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd", DkimError::NotAKey),
        ("no key", DkimError::NotAKey),
        ("", DkimError::NotAKey),
    ];
    for (key, error) in cases {
        assert_eq!(Dkim::new("luodi.example.com", "s1", key).err(), Some(error), "{key}");
    }
    for (domain, selector, field) in [
        ("", "s1", "mail.dkim_domain"),
        ("luodi.example.com", "", "mail.dkim_selector"),
        ("例.com", "s1", "mail.dkim_domain"),
    ] {
        assert_eq!(Dkim::new(domain, selector, ED25519_SEED).err(), Some(DkimError::Name(field)));
    }
    let with_windows_lines = RSA_PKCS8.replace('\n', "\r\n");
    assert!(Dkim::new("luodi.example.com", "s1", &format!("\u{feff}{with_windows_lines}")).is_ok());
}
