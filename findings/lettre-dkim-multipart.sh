#!/usr/bin/env bash
# lettre's DKIM signature of a multipart mail never verifies where Content-Type is among the signed headers.
#
# GUESS      Signing the headers that RFC 6376 recommends, Content-Type among them, works for every mail that the builder
#            makes; a signature made for a plain text is made for plain text and HTML alike.
# VERSION    lettre 0.11.23, checked by dkimpy 1.1.8 with PyNaCl 1.6.2, relaxed/relaxed, Ed25519.
# BEHAVIOUR  A mail of text alone verifies. multipart/alternative and a single part of HTML do not, and do once
#            Content-Type is left out of the list. lettre names the header in h= and hashes nothing for it: a part keeps
#            its Content-Type with the body, where the signer does not look, and it is written among the headers later.
#            sign() returns nothing that would tell.
# OUTPUT     The lines under "want".
# WHY HERE   Mails go out as text and HTML; a signature that fails is worse for their delivery than none, and a test that
#            only looks for the header DKIM-Signature is content.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    dkimpy==1.1.8 PyNaCl==1.6.2 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }

mkdir "$temp/src"
cat > "$temp/Cargo.toml" <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2021"

[dependencies]
lettre = { version = "=0.11.23", default-features = false, features = ["builder", "dkim"] }

[profile.dev]
debug = false
TOML
cat > "$temp/src/main.rs" <<'RUST'
use lettre::message::dkim::{
    DkimCanonicalization, DkimCanonicalizationType, DkimConfig, DkimSigningAlgorithm, DkimSigningKey,
};
use lettre::message::header::{ContentType, HeaderName};
use lettre::message::{Message, MultiPart, SinglePart};

fn mail(kind: &str) -> Message {
    let mail = Message::builder()
        .from("park@example.com".parse().unwrap())
        .to("firm@example.com".parse().unwrap())
        .subject("Reply");
    let (text, html) = ("50 mu\r\n".to_owned(), "<p>50 mu</p>\r\n".to_owned());
    match kind {
        "text" => mail.header(ContentType::TEXT_PLAIN).body(text).unwrap(),
        "html-part" => mail.singlepart(SinglePart::html(html)).unwrap(),
        _ => mail.multipart(MultiPart::alternative_plain_html(text, html)).unwrap(),
    }
}

fn main() {
    let (seed, folder) = (std::env::args().nth(1).unwrap(), std::env::args().nth(2).unwrap());
    let relaxed = DkimCanonicalizationType::Relaxed;
    for (label, headers) in [("with", &["From", "Subject", "Content-Type"][..]), ("without", &["From", "Subject"])] {
        for kind in ["text", "html-part", "multipart"] {
            let key = DkimSigningKey::new(&seed, DkimSigningAlgorithm::Ed25519).unwrap();
            let headers = headers.iter().map(|name| HeaderName::new_from_ascii_str(name)).collect();
            let form = DkimCanonicalization { header: relaxed, body: relaxed };
            let mut message = mail(kind);
            message.sign(&DkimConfig::new("s1".into(), "example.com".into(), key, headers, form));
            std::fs::write(format!("{folder}/{kind}.{label}.eml"), message.formatted()).unwrap();
        }
    }
}
RUST

cat > "$temp/key.py" <<'PY'
import base64, sys
from nacl.signing import SigningKey
key = SigningKey.generate()
print(base64.b64encode(bytes(key)).decode())
open(sys.argv[1], "w").write("v=DKIM1; k=ed25519; p=" + base64.b64encode(bytes(key.verify_key)).decode())
PY
cat > "$temp/check.py" <<'PY'
import sys
import dkim
folder = sys.argv[1]
record = open(folder + "/record").read().encode()
for label in ["with", "without"]:
    for kind in ["text", "html-part", "multipart"]:
        mail = open(f"{folder}/{kind}.{label}.eml", "rb").read()
        print(label, "Content-Type:", kind, dkim.verify(mail, dnsfunc=lambda name, timeout=5: record))
PY

cat > "$temp/want" <<'WANT'
with Content-Type: text True
with Content-Type: html-part False
with Content-Type: multipart False
without Content-Type: text True
without Content-Type: html-part True
without Content-Type: multipart True
WANT

seed=$(PYTHONPATH="$temp/py" python3 "$temp/key.py" "$temp/record")
CARGO_TARGET_DIR="$temp/target" nice cargo run --quiet --manifest-path "$temp/Cargo.toml" -- "$seed" "$temp"
PYTHONPATH="$temp/py" python3 "$temp/check.py" "$temp" > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
