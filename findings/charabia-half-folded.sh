#!/usr/bin/env bash
# charabia folds 业, 区 and 仓 to their traditional forms and leaves 厂, 园 and 产, so 標準廠房 never meets 标准厂房.
#
# GUESS      A search engine that lists variants of Han characters folds all of the common pairs of simplified and
#            traditional, in one direction; a phrase in the other form gives the same tokens.
# VERSION    charabia 0.10.0 with its feature "chinese", its dependencies as cargo resolves them.
# BEHAVIOUR  Of the pairs in a park's name half meet: 業/业, 區/区, 倉/仓 and 樓/楼 do, on the traditional form, and
#            廠/厂, 園/园, 產/产, 製/制 and 發/发 do not. Words are cut first, with a dictionary of simplified words,
#            so traditional text falls into single characters: 工业 is one token and 工業 two.
# OUTPUT     The lines under "want".
# WHY HERE   Investors from Hong Kong and Taiwan ask for 標準廠房 and 工業園區.
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

fn tokens(text: &str) -> String {
    text.tokenize().map(|t| t.lemma().to_owned()).collect::<Vec<_>>().join("|")
}

fn main() {
    let pairs = ["业業", "区區", "仓倉", "楼樓", "厂廠", "园園", "产產", "制製", "发發"];
    for pair in pairs {
        let (simplified, traditional) = pair.split_at(3);
        println!("{pair} {}", tokens(simplified) == tokens(traditional));
    }
    for text in ["标准厂房", "標準廠房", "工业", "工業"] {
        println!("{text} {}", tokens(text));
    }
}
RUST

cat > "$temp/want" <<'WANT'
业業 true
区區 true
仓倉 true
楼樓 true
厂廠 false
园園 false
产產 false
制製 false
发發 false
标准厂房 标准|厂房
標準廠房 標|準|廠|房
工业 工業
工業 工|業
WANT

CARGO_TARGET_DIR="$temp/target" nice cargo run --quiet --manifest-path "$temp/Cargo.toml" > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
