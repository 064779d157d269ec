#!/usr/bin/env bash
# frictionless describes the floors "1,2" as a point on the globe and the floors 1-2 as a month of the year 1.
#
# GUESS      describe() offers numbers, dates and true/false; "1,2" and 1-2 are strings, as to every other sniffer of CSV.
#            A point needs more than two small numbers with a comma.
# VERSION    frictionless 5.21.0, default confidence, over three rows and over 200.
# BEHAVIOUR  "1,2" is a geopoint, read as 1 and 2 degrees, and so is the plan size "30,50"; a size of 240 ends it, floors
#            have none. 1-2 is a yearmonth: February of the year 1. The lot 2026-1 is January 2026, until a lot 2026-13
#            comes. With 200 rows it is the same as with three, and validate() finds nothing wrong in any of it.
# OUTPUT     The lines under "want".
# WHY HERE   "Which floors" is a column of every list of workshops; a schema that describe() wrote is then
#            what other files of the same park are checked against.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    frictionless==5.21.0 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }

cat > "$temp/run.py" <<'PY'
from frictionless import Resource, validate

def show(rows):
    resource = Resource(rows)
    resource.infer()
    print(len(rows) - 1, *(f"{field.name}:{field.type}" for field in resource.schema.fields))
    print(*(f"{value!r}" for value in Resource(rows).read_rows()[0].values()), validate(rows).valid)

head = ["name", "storeys", "floors", "lot", "size"]
three = [["示例一", "1,2", "1-2", "2026-1", "30,50"], ["示例二", "3,5", "3-4", "2026-2", "24,60"],
         ["示例三", "2,4", "5-6", "2026-3", "18,72"]]
show([head] + three)
show([head] + [[f"示例{n}", f"{n % 20 + 1},{n % 20 + 2}", f"{n % 11 + 1}-{n % 11 + 2}", f"2026-{n % 12 + 1}", "30,50"]
               for n in range(200)])
show([head, ["示例一", "1,2", "1-2", "2026-1", "30,50"], ["示例二", "3,5", "11-13", "2026-13", "240,60"]])
PY

cat > "$temp/want" <<'WANT'
3 name:string storeys:geopoint floors:yearmonth lot:yearmonth size:geopoint
'示例一' [1.0, 2.0] yearmonth(year=1, month=2) yearmonth(year=2026, month=1) [30.0, 50.0] True
200 name:string storeys:geopoint floors:yearmonth lot:yearmonth size:geopoint
'示例0' [1.0, 2.0] yearmonth(year=1, month=2) yearmonth(year=2026, month=1) [30.0, 50.0] True
2 name:string storeys:geopoint floors:string lot:string size:string
'示例一' [1.0, 2.0] '1-2' '2026-1' '30,50' True
WANT

PYTHONPATH="$temp/py" python3 "$temp/run.py" > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
