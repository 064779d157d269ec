#!/usr/bin/env bash
# The Rust crate chinese-number writes 10.5 as 十五角, fifteen tenths, and 20,000.5 as 二万五角.
#
# GUESS      A float is written with a point, 十点五, as people say it; or, if as money, with 元 before the tenths: 十元五角.
# VERSION    chinese-number 0.7.8, to_chinese for f64, simplified and lower case.
# BEHAVIOUR  Floats are money, which the type does not tell, and 元 is left out: 3.5 is 三五角, 66.7 is 六十六七角, 10.5 is
#            十五角, which a person reads as 1.5. Figures are rounded to two places: 3.456 is 三四角六分. Nothing is refused.
# OUTPUT     The lines under "want".
# WHY HERE   Areas in mu and rents have a place behind the point, and are written out in notices and letters.
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
chinese-number = "=0.7.8"

[profile.dev]
debug = false
TOML
cat > "$temp/src/main.rs" <<'RUST'
use chinese_number::{ChineseCase, ChineseCountMethod, ChineseVariant, NumberToChinese as _};

fn main() {
    for number in [0.5, 3.5, 10.5, 66.7, 120.0, 20000.5, 3.456] {
        let words = f64::to_chinese(number, ChineseVariant::Simple, ChineseCase::Lower, ChineseCountMethod::TenThousand);
        println!("{number} {}", words.expect("in range"));
    }
}
RUST

cat > "$temp/want" <<'WANT'
0.5 五角
3.5 三五角
10.5 十五角
66.7 六十六七角
120 一百二十
20000.5 二万五角
3.456 三四角六分
WANT

CARGO_TARGET_DIR="$temp/target" nice cargo run --quiet --manifest-path "$temp/Cargo.toml" > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
