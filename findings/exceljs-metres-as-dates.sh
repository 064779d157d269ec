#!/usr/bin/env bash
# exceljs reads a clear height of 9 m as 8 January 1900 where the unit is escaped with a backslash.
#
# GUESS      Readers tell dates from numbers by the letters of the cell's format outside quotes and escapes, so 0.0\m
#            (a number and the letter m) is a number like 0.0"m".
# VERSION    exceljs 4.4.0, beside openpyxl 3.1.5 and python-calamine 0.9.1.
# BEHAVIOUR  exceljs takes quoted text out of the format before it looks for letters of dates, and not escaped letters:
#            0.0\m, 0\d and 0\h are dates to it. The other two return numbers. The quoted form is a number to all three.
# OUTPUT     The lines under "want".
# WHY HERE   Heights, spans and terms stand in cells with a unit in the format; the backslash is the other of the two
#            ways to write a literal letter there.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    openpyxl==3.1.5 python-calamine==0.9.1 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }
npm install --silent --no-audit --no-fund --prefix "$temp" exceljs@4.4.0

cat > "$temp/run.py" <<'PY'
import sys
import openpyxl, python_calamine
FORMATS = ['0.0"m"', "0.0\\m", "0\\d", "0\\h", 'yyyy"年"m"月"']
book = openpyxl.Workbook()
for row, form in enumerate(FORMATS, 1):
    book.active.cell(row, 1, form)
    book.active.cell(row, 2, 9).number_format = form
book.save(sys.argv[1])
cells = python_calamine.CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()
for (form, first), (_, second) in zip(openpyxl.load_workbook(sys.argv[1]).active.values, cells):
    print(form, "openpyxl", first, "calamine", second)
PY
cat > "$temp/run.js" <<'JS'
const { Workbook } = require("exceljs");
(async () => {
  const book = new Workbook();
  await book.xlsx.readFile("heights.xlsx");
  book.worksheets[0].eachRow((row) => {
    const value = row.getCell(2).value;
    console.log(row.getCell(1).value, "exceljs", value instanceof Date ? value.toISOString().slice(0, 10) : value);
  });
})();
JS

cat > "$temp/want" <<'WANT'
0.0"m" openpyxl 9 calamine 9.0
0.0\m openpyxl 9 calamine 9.0
0\d openpyxl 9 calamine 9.0
0\h openpyxl 9 calamine 9.0
yyyy"年"m"月" openpyxl 1900-01-09 00:00:00 calamine 1900-01-09
0.0"m" exceljs 9
0.0\m exceljs 1900-01-08
0\d exceljs 1900-01-08
0\h exceljs 1900-01-08
yyyy"年"m"月" exceljs 1900-01-08
WANT

PYTHONPATH="$temp/py" python3 -W ignore "$temp/run.py" "$temp/heights.xlsx" > "$temp/got"
(cd "$temp" && node run.js) >> "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
