#!/usr/bin/env bash
# Text copied out of a PDF that Skia wrote, as Chromium prints, has radicals for characters; NFKC mends only a part of them.
#
# GUESS      What is drawn as 工业用地 is copied as 工业用地; where a PDF has compatibility characters instead, NFKC, which is
#            for them, gives the characters back.
# VERSION    skia-python 144.1 with Noto Sans SC of @expo-google-fonts/noto-sans-sc 0.4.3; read by pypdf 7.1.1 and
#            pdfminer.six 20260107. Beside it fpdf2 2.8.9 with the same font.
# BEHAVIOUR  The font has one glyph for 用 (U+7528) and the radical ⽤ (U+2F64). Skia writes for a glyph the least of its
#            characters, so every reader gets the radical; fpdf2 writes the one that was drawn. Of the 6,763 characters of
#            GB 2312 225 change. NFKC restores those of the block at U+2F00 but for 户, which becomes 戶. Those at U+2E80, 门 长
#            角 车 见 贝 页 风 among them, have no decomposition and stay radicals; 胶 becomes 㬵, another character.
# OUTPUT     The lines under "want".
# WHY HERE   Needs and land notices are pasted out of printed pages: ⼚⻔⾼8⽶ is no height, ⻓三⻆ no place.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    skia-python==144.1 pypdf==7.1.1 pdfminer.six==20260107 fpdf2==2.8.9 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }
npm install --silent --no-audit --no-fund --prefix "$temp" @expo-google-fonts/noto-sans-sc@0.4.3

cat > "$temp/run.py" <<'PY'
import sys
import unicodedata

import skia
from fpdf import FPDF
from pdfminer.high_level import extract_text
from pypdf import PdfReader

folder, font = sys.argv[1:]
face = skia.Font(skia.Typeface.MakeFromFile(font), 10)

def with_skia(lines):
    path = f"{folder}/skia.pdf"
    stream = skia.FILEWStream(path)
    with skia.PDF.MakeDocument(stream) as document, document.page(900, 20 * len(lines) + 20) as canvas:
        for at, line in enumerate(lines):
            canvas.drawString(line, 10, 20 * at + 20, face, skia.Paint())
    stream.flush()
    del stream
    return path

def read(path):
    return "".join(page.extract_text() for page in PdfReader(path).pages)

text = "工业用地30亩,厂门高8米,长三角车间"
path = with_skia([text])
print("skia, pypdf:", read(path))
print("skia, pdfminer:", extract_text(path).strip())
print("NFKC:", unicodedata.normalize("NFKC", read(path)))
pdf = FPDF()
pdf.add_page()
pdf.add_font("noto", fname=font)
pdf.set_font("noto", size=10)
pdf.cell(text=text)
pdf.output(f"{folder}/fpdf.pdf")
print("fpdf2, pypdf:", read(f"{folder}/fpdf.pdf"))

plane = [bytes([row, column]).decode("gb2312", "ignore") for row in range(0xB0, 0xF8) for column in range(0xA1, 0xFF)]
plane = "".join(plane)
lines = [plane[at:at + 80] for at in range(0, len(plane), 80)]
back = "".join(read(with_skia(lines)).split())
changed = [(drawn, got) for drawn, got in zip(plane, back) if drawn != got]
stay = [drawn for drawn, got in changed if unicodedata.normalize("NFKC", got) != drawn]
print("drawn", len(plane), "read", len(back), "changed", len(changed), "not restored", len(stay), "".join(stay[:40]))
PY

cat > "$temp/want" <<'WANT'
skia, pypdf: ⼯业⽤地30亩,⼚⻔⾼8⽶,⻓三⻆⻋间
skia, pdfminer: ⼯业⽤地30亩,⼚⻔⾼8⽶,⻓三⻆⻋间
NFKC: 工业用地30亩,厂⻔高8米,⻓三⻆⻋间
fpdf2, pypdf: 工业用地30亩,厂门高8米,长三角车间
drawn 6763 read 6763 changed 225 not restored 50 贝长车齿飞风骨鬼户黄见胶角龙卤马麦门民鸟齐青食巳韦页鱼刂亻讠阝艹尢扌犭饣忄丬氵辶
WANT

PYTHONPATH="$temp/py" python3 -W ignore "$temp/run.py" "$temp" \
    "$temp/node_modules/@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf" \
    > "$temp/got" 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }
cat "$temp/got"
diff "$temp/want" "$temp/got"
