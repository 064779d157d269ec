#!/usr/bin/env bash
# polars reads 1,201 rows of a sheet as 1,200: the plot A-1200 with the area 约2000 is gone, without a word.
#
# GUESS      A column whose cells are numbers for a long while and then a text is read as text, or reading it fails.
# VERSION    polars 2.1.0 with its default engine fastexcel 0.21.0, beside pandas 3.1.1; sheet written by openpyxl 3.1.5.
# BEHAVIOUR  Types are guessed from the first 1,000 rows, and a later text in a column of numbers is null. A row whose
#            cells are all null counts as empty, and empty rows are dropped: the row is not there, and the frame says
#            nothing. With infer_schema_length=None each row is there, as text. pandas keeps the texts.
# OUTPUT     The lines under "want".
# WHY HERE   Plots added late get a letter before their number, and lists of a district are longer than 1,000 rows.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    polars==2.1.0 fastexcel==0.21.0 openpyxl==3.1.5 pandas==3.1.1 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }

cat > "$temp/run.py" <<'PY'
import sys
import openpyxl
import pandas
import polars
book = openpyxl.Workbook()
sheet = book.active
sheet.append(["plot_no", "area"])
for number in range(1, 1200):
    sheet.append([number, number * 1.5])
sheet.append(["A-1200", "约2000"])
sheet.append([1201, 30.5])
book.save(sys.argv[1])
for label, frame in [
    ("polars", polars.read_excel(sys.argv[1])),
    ("polars, all rows", polars.read_excel(sys.argv[1], infer_schema_length=None)),
]:
    print(label, len(frame), *frame.dtypes, frame.tail(2).rows())
frame = pandas.read_excel(sys.argv[1])
print("pandas", len(frame), frame.tail(2).values.tolist())
PY

cat > "$temp/want" <<'WANT'
polars 1200 Int64 Float64 [(1199, 1798.5), (1201, 30.5)]
polars, all rows 1201 String String [('A-1200', '约2000'), ('1201', '30.5')]
pandas 1201 [['A-1200', '约2000'], [1201, 30.5]]
WANT

PYTHONPATH="$temp/py" python3 "$temp/run.py" "$temp/plots.xlsx" > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
