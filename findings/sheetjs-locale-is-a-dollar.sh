#!/usr/bin/env bash
# A number format that names the Chinese locale makes SheetJS show dollars.
#
# GUESS      [$-804] in a number format is the locale, Chinese of the mainland, and no currency: a sign would be between $
#            and the hyphen. Chinese versions write it into formats of numbers: 中文大写数字 in the list "special" is
#            [DBNum2][$-804]General. Readers show the number, at best in capitals.
# VERSION    xlsx (SheetJS) 0.18.5, numfmt 4.0.1.
# BEHAVIOUR  SheetJS takes an empty sign for $: 1205000 yuan are shown as $1,205,000.00, and capitals as $1205000. With a
#            sign, [$¥-804], and in dates it is right. numfmt shows no sign. Neither shows 壹佰贰拾万伍仟.
# OUTPUT     The lines under "want".
# WHY HERE   Investment and output of a list of parks become dollars in a preview of the workbook.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

npm install --silent --no-audit --no-fund --prefix "$temp" xlsx@0.18.5 numfmt@4.0.1

cat > "$temp/run.mjs" <<'JS'
import XLSX from "xlsx";
import { format } from "numfmt";

const shown = (value, code) => {
  const sheet = XLSX.utils.aoa_to_sheet([[value]]);
  sheet.A1.z = code;
  const book = XLSX.utils.book_new();
  XLSX.utils.book_append_sheet(book, sheet, "示例");
  return XLSX.read(XLSX.write(book, { type: "buffer", bookType: "xlsx" })).Sheets["示例"].A1.w;
};
for (const [value, code] of [
  [1205000, "#,##0.00"], [1205000, "[$-804]#,##0.00"], [1205000, "[DBNum2][$-804]General"], [1205000, "[$¥-804]#,##0.00"],
  [46447, '[$-804]yyyy"年"m"月"'],
]) console.log(code, "|", shown(value, code), "|", format(code, value));
JS

cat > "$temp/want" <<'WANT'
#,##0.00 | 1,205,000.00 | 1,205,000.00
[$-804]#,##0.00 | $1,205,000.00 | 1,205,000.00
[DBNum2][$-804]General | $1205000 | 1205000
[$¥-804]#,##0.00 | ¥1,205,000.00 | ¥1,205,000.00
[$-804]yyyy"年"m"月" | 2027年3月 | 2027年3月
WANT

node "$temp/run.mjs" > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
