#!/usr/bin/env bash
# charabia takes full-width Latin letters for Hangul, so Ｃ栋 is not found as C栋 and 10ＫＶ not as 10kV.
#
# GUESS      Meilisearch's tokenizer maps full-width forms to half-width ones and then folds case: Ｃ栋, C栋 and c栋 give
#            the same tokens, and scripts are those of Unicode.
# VERSION    charabia 0.10.0 with its feature "chinese", its dependencies as cargo resolves them.
# BEHAVIOUR  Full-width letters are of the script Hangul to it. They are mapped to half width, and their case stays,
#            since Hangul has none: Ｃ gives "C" and C gives "c".
# OUTPUT     The lines under "want".
# WHY HERE   Chinese input methods write buildings, voltages and codes in full width: Ｃ栋, 10ＫＶ, ＶＯＣｓ.
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
charabia = { version = "=0.10.0", default-features = false, features = ["chinese"] }

[profile.dev]
debug = false
TOML
cat > "$temp/src/main.rs" <<'RUST'
use charabia::Tokenize as _;

fn main() {
    for text in ["C栋", "Ｃ栋", "ｃ栋", "10KV", "10ＫＶ", "VOCs", "ＶＯＣｓ"] {
        let tokens: Vec<_> = text.tokenize().map(|t| format!("{}:{:?}", t.lemma(), t.script)).collect();
        println!("{text} {}", tokens.join(" "));
    }
}
RUST

cat > "$temp/want" <<'WANT'
C栋 c:Latin 棟:Cj
Ｃ栋 C:Hangul 棟:Cj
ｃ栋 c:Hangul 棟:Cj
10KV 10kv:Latin
10ＫＶ 10KV:Hangul
VOCs vocs:Latin
ＶＯＣｓ VOCs:Hangul
WANT

CARGO_TARGET_DIR="$temp/target" nice cargo run --quiet --manifest-path "$temp/Cargo.toml" > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
