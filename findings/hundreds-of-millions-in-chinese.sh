#!/usr/bin/env bash
# In Chinese, 350 million is "350.0 百万" to humanize, numbro and numeral, and the third is "3第".
#
# GUESS      The Chinese locale of a library for readable numbers counts in 万 and 亿, as CLDR has it: 3.5 亿. That is
#            what such a locale is for.
# VERSION    humanize 4.17.0, numbro 2.5.0, numeral 2.0.6, beside Babel 2.19.0.
# BEHAVIOUR  The libraries divide by thousands in every language and translate the words: 12345 is 12.3 千, 350 million
#            350 百万, 3.5 billion "3.5 十亿", and 3.5 * 10^12 "3.5兆", which stands for a million as often. humanize puts
#            the ordinal's word behind the number (3第), and 400 days are "1年又1月之前". Babel writes 3.5亿 and 1.2万.
# OUTPUT     The lines under "want".
# WHY HERE   Investment and output of a park are given in 亿 and 万; 350百万 has to be counted out.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    humanize==4.17.0 Babel==2.19.0 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }
npm install --silent --no-audit --no-fund --prefix "$temp" numbro@2.5.0 numeral@2.0.6

cat > "$temp/run.py" <<'PY'
import datetime
import humanize
from babel.numbers import format_compact_decimal
humanize.i18n.activate("zh_CN")
for number in [12345, 350_000_000, 3_500_000_000, 3_500_000_000_000]:
    print(number, "humanize", humanize.intword(number), "Babel", format_compact_decimal(number, locale="zh_CN", fraction_digits=1))
print("humanize", humanize.ordinal(3), humanize.naturaltime(datetime.timedelta(days=400)))
PY
cat > "$temp/run.js" <<'JS'
const numbro = require("numbro");
numbro.registerLanguage(require("numbro/dist/languages/zh-CN.min.js"));
numbro.setLanguage("zh-CN");
const numeral = require("numeral");
require("numeral/locales/chs");
numeral.locale("chs");
for (const number of [12345, 3.5e8, 3.5e9, 3.5e12]) {
  console.log(number, "numbro", numbro(number).format({ average: true, mantissa: 1 }), "numeral", numeral(number).format("0.0a"));
}
JS

cat > "$temp/want" <<'WANT'
12345 humanize 12.3 千 Babel 1.2万
350000000 humanize 350.0 百万 Babel 3.5亿
3500000000 humanize 3.5 十亿 Babel 35亿
3500000000000 humanize 3.5 兆 Babel 3.5万亿
humanize 3第 1年又1月之前
12345 numbro 12.3千 numeral 12.3千
350000000 numbro 350.0百万 numeral 350.0百万
3500000000 numbro 3.5十亿 numeral 3.5十亿
3500000000000 numbro 3.5兆 numeral 3.5兆
WANT

PYTHONPATH="$temp/py" python3 "$temp/run.py" > "$temp/got"
(cd "$temp" && node run.js) >> "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
