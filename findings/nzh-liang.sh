#!/usr/bin/env bash
# nzh drops 两 and what it counts without a word: 两千五百 is 500, 两亿 is 0.
#
# GUESS      两 and 二 are the same to a decoder of Chinese numerals; a character that it does not know is an error or
#            NaN, as parseInt has it.
# VERSION    nzh 1.0.14, beside chinese-numbers-converter 2.3.1.
# BEHAVIOUR  Unknown characters count as nothing and the unit after them with them: 两千五百 is 500 while 二千五百 is
#            2500, 两亿 and 3万 are 0, 二〇二六 is 226. 三点五万 is 3.5 to nzh and 350000 to the other package: it
#            adds a zero for 点. Neither raises.
# OUTPUT     The lines under "want".
# WHY HERE   两千五百平米 and 三点五万平方米 are how areas are said; 500 in place of 2500
#            still looks like an area.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

npm install --silent --no-audit --no-fund --prefix "$temp" nzh@1.0.14 chinese-numbers-converter@2.3.1

cat > "$temp/run.js" <<'JS'
const nzh = require("nzh/cn");
const converter = require("chinese-numbers-converter");
const Other = converter.default || converter;
for (const text of ["二千五百", "两千五百", "两亿", "3万", "二〇二六", "三点五万"]) {
  console.log(text, nzh.decodeS(text), new Other(text).toInteger());
}
JS

cat > "$temp/want" <<'WANT'
二千五百 2500 2500
两千五百 500 2500
两亿 0 200000000
3万 0 30000
二〇二六 226 2026
三点五万 3.5 350000
WANT

(cd "$temp" && node run.js) > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
