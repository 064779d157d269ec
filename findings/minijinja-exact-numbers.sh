#!/usr/bin/env bash
# minijinja shows a number of serde_json as a map once any crate of the build asks for exact numbers.
#
# GUESS      A template that prints {{ n }} of json!({"n": 120}) prints 120, whatever other crates of the program use of
#            serde_json: its feature arbitrary_precision is about digits that a double would lose.
# VERSION    minijinja 3.1.0, serde_json 1.0.154, the same two lines of Rust with and without serde_json's feature
#            arbitrary_precision.
# BEHAVIOUR  With the feature a number of serde_json::Value serializes as a struct with one private field, which only
#            serde_json's own serializer recognises. minijinja sees a map: it prints it as one, it is never equal to 120,
#            and {% if n > 100 %} compares a map with a number. No error, no warning. Features are united over a build: a crate
#            far from the templates can switch it on.
# OUTPUT     The lines under "want".
# WHY HERE   Exact decimals of land and money need the feature; mails are templates. The first mail that counted lines
#            said "{'$serde_json::private::Number': '120'} lines". Numbers go into templates as text.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

mkdir "$temp/src"
cat > "$temp/Cargo.toml" <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2024"
[features]
exact = ["serde_json/arbitrary_precision"]
[dependencies]
minijinja = { version = "=3.1.0", features = ["serde"] }
serde_json = "=1.0.154"
TOML
cat > "$temp/src/main.rs" <<'RS'
use minijinja::{Environment, Value, value::Serde};

fn main() {
    let data = Value::from(Serde(serde_json::json!({ "n": 120, "area": 30.5 })));
    for template in ["{{ n }}", "{{ area }}", "{{ n == 120 }}", "{{ n > 100 }}"] {
        let shown = Environment::new().render_str(template, data.clone());
        println!("{template} -> {}", shown.unwrap_or_else(|error| format!("error: {error}")));
    }
}
RS
export CARGO_TARGET_DIR="$temp/target"
got=$(
    for features in "" exact; do
        echo "features: ${features:-none}"
        cargo run --quiet --manifest-path "$temp/Cargo.toml" --features "$features" 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }
    done
)
want='features: none
{{ n }} -> 120
{{ area }} -> 30.5
{{ n == 120 }} -> True
{{ n > 100 }} -> True
features: exact
{{ n }} -> {'"'"'$serde_json::private::Number'"'"': '"'"'120'"'"'}
{{ area }} -> {'"'"'$serde_json::private::Number'"'"': '"'"'30.5'"'"'}
{{ n == 120 }} -> False
{{ n > 100 }} -> True'
echo "$got"
[ "$got" = "$want" ] || { echo "The behaviour has changed."; exit 1; }
