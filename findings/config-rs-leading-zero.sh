#!/usr/bin/env bash
# The Rust crate config hands a text field the number of a variable: the phone 057487000000 loses its 0, 7E5 is 700000.
#
# GUESS      try_parsing(true) is for fields that are numbers or lists; a field of the type String gets the variable's
#            text as it stands. At worst a number is refused for such a field.
# VERSION    config 0.15.27, an Environment source with try_parsing(true), fields of the type String.
# BEHAVIOUR  What looks like a number is one before the field's type is known, and a String is then made from the
#            number: leading zeros and a plus sign are gone, 7E5 is 700000, and 20 digits come back rounded. Nothing
#            is refused. The same word in TOML, with quotes, stays as it is.
# OUTPUT     The lines under "want".
# WHY HERE   Phone numbers, selectors of mail keys, short passwords and codes of districts are set by environment
#            variables.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

mkdir "$temp/src"
cat > "$temp/Cargo.toml" <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2021"

[dependencies]
config = { version = "=0.15.27", default-features = false, features = ["toml"] }
serde = { version = "1.0.228", features = ["derive"] }

[profile.dev]
debug = false
TOML
cat > "$temp/src/main.rs" <<'RUST'
use config::{Config, Environment, File, FileFormat};

#[derive(serde::Deserialize)]
struct Site {
    phone: String,
}

fn phone(builder: config::ConfigBuilder<config::builder::DefaultState>) -> String {
    let site: Result<Site, _> = builder.build().and_then(Config::try_deserialize);
    site.map_or_else(|error| error.to_string(), |site| site.phone)
}

fn main() {
    for text in ["057487000000", "+8657487000000", "0326", "7E5", "12345678901234567890", "0574-87000000", "True"] {
        let variables = std::collections::HashMap::from([("SITE_PHONE".to_owned(), text.to_owned())]);
        let source = Environment::with_prefix("SITE").try_parsing(true).source(Some(variables));
        let file = File::from_str(&format!("phone = \"{text}\""), FileFormat::Toml);
        println!("{text} variable {} file {}", phone(Config::builder().add_source(source)),
                 phone(Config::builder().add_source(file)));
    }
}
RUST

cat > "$temp/want" <<'WANT'
057487000000 variable 57487000000 file 057487000000
+8657487000000 variable 8657487000000 file +8657487000000
0326 variable 326 file 0326
7E5 variable 700000 file 7E5
12345678901234567890 variable 12345678901234567000 file 12345678901234567890
0574-87000000 variable 0574-87000000 file 0574-87000000
True variable true file True
WANT

CARGO_TARGET_DIR="$temp/target" nice cargo run --quiet --manifest-path "$temp/Cargo.toml" > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
