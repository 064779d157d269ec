#!/usr/bin/env bash
# FlexSearch finds 310 for 3100, and with its set for Chinese 310 and 3100 for 3000.
#
# GUESS      A whole number is one token. Without prefix matching 310 finds 310 alone; the set for Chinese, Japanese
#            and Korean text changes how Han characters are cut, not how numbers are.
# VERSION    flexsearch 0.8.212, Index with its defaults, tokenize "full", Charset.CJK and Charset.Exact.
# BEHAVIOUR  Numbers are cut after each third digit and repeated characters are folded. By default 310 finds 310 and
#            3100. With tokenize "full" or Charset.CJK 3100 finds 310, and 100 finds 310 and 3100; with Charset.CJK,
#            where digits are characters of their own, 3000 finds 310 and 3100. Charset.Exact is right on numbers and
#            finds 厂房 only between blanks.
# OUTPUT     The lines under "want".
# WHY HERE   Who searches for 3000㎡ is shown 310㎡; the two settings that find 厂房 inside a word are those that mix
#            numbers.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

npm install --silent --no-audit --no-fund --prefix "$temp" flexsearch@0.8.212

cat > "$temp/run.js" <<'JS'
const { Index, Charset } = require("flexsearch");
const texts = ["310 平", "3100 平", "3000 平", "100 平", "标准厂房出租", "厂房 出租"];
for (const [name, options] of [
  ["default", {}],
  ["full", { tokenize: "full" }],
  ["CJK", { encoder: Charset.CJK }],
  ["Exact", { encoder: Charset.Exact }],
]) {
  const index = new Index(options);
  texts.forEach((text, id) => index.add(id, text));
  for (const query of ["310", "3100", "3000", "100", "0", "厂房"]) {
    console.log(name, query, "finds", index.search(query).map((id) => texts[id].split(" ")[0]).sort().join(" ") || "nothing");
  }
}
JS

cat > "$temp/want" <<'WANT'
default 310 finds 310 3100
default 3100 finds 3100
default 3000 finds 3000
default 100 finds 100
default 0 finds 3000 3100
default 厂房 finds 厂房
full 310 finds 310 3100
full 3100 finds 310 3100
full 3000 finds 3000
full 100 finds 100 310 3100
full 0 finds 100 3000 310 3100
full 厂房 finds 厂房 标准厂房出租
CJK 310 finds 310 3100
CJK 3100 finds 310 3100
CJK 3000 finds 3000 310 3100
CJK 100 finds 100 310 3100
CJK 0 finds 100 3000 310 3100
CJK 厂房 finds 厂房 标准厂房出租
Exact 310 finds 310
Exact 3100 finds 3100
Exact 3000 finds 3000
Exact 100 finds 100
Exact 0 finds nothing
Exact 厂房 finds 厂房
WANT

(cd "$temp" && node run.js) > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
