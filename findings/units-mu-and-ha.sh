#!/usr/bin/env bash
# 50 mu of land is a mass to pint and to UCUM, and ha, the hectare, is a hundred years to UCUM.
#
# GUESS      Unit libraries do not know the Chinese mu and say so; ha is the hectare everywhere, one of the few units
#            that the SI accepts beside its own.
# VERSION    pint 0.25.3, @lhncbc/ucum-lhc 7.1.10, beside mathjs 15.2.0.
# BEHAVIOUR  To pint and UCUM mu is m and u: a thousandth of the atomic mass unit. UCUM writes the hectare har, since
#            a is the year and h the prefix hundred: "ha" is valid and means a hundred years; so 5 ha to m2 fails, and
#            5 ha to d is 182,625 days. pint's a is the year too, its ha the hectare. mathjs refuses mu, ha and a.
# OUTPUT     The lines under "want".
# WHY HERE   Plots are offered in mu and hectares, and both codes pass a validator of units.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    pint==0.25.3 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }
npm install --silent --no-audit --no-fund --prefix "$temp" @lhncbc/ucum-lhc@7.1.10 mathjs@15.2.0

cat > "$temp/run.py" <<'PY'
import pint
units = pint.UnitRegistry()
for text in ["50 mu", "5 ha", "5 a"]:
    print("pint", text, units(text).units, units(text).dimensionality)
PY
cat > "$temp/run.js" <<'JS'
const ucum = require("@lhncbc/ucum-lhc").UcumLhcUtils.getInstance();
const { evaluate } = require("mathjs");
for (const code of ["mu", "ha", "har", "a"]) {
  const { status, unit } = ucum.validateUnitString(code);
  console.log("ucum", code, status, unit.name);
}
for (const [from, to] of [["ha", "m2"], ["har", "m2"], ["ha", "d"], ["mu", "g"]]) {
  const { status, toVal } = ucum.convertUnitTo(from, 5, to);
  console.log("ucum 5", from, "to", to, status, toVal);
}
for (const text of ["50 mu", "5 ha", "5 a", "5 hectare"]) {
  try {
    console.log("mathjs", String(evaluate(text)));
  } catch (error) {
    console.log("mathjs", error.message);
  }
}
JS

cat > "$temp/want" <<'WANT'
pint 50 mu milliunified_atomic_mass_unit [mass]
pint 5 ha hectare [length] ** 2
pint 5 a year [time]
ucum mu valid milliunified atomic mass unit
ucum ha valid hectoyear
ucum har valid hectoare
ucum a valid year
ucum 5 ha to m2 failed null
ucum 5 har to m2 succeeded 50000
ucum 5 ha to d succeeded 182625
ucum 5 mu to g succeeded 8.302701e-27
mathjs Undefined symbol mu
mathjs Undefined symbol ha
mathjs Undefined symbol a
mathjs 5 hectare
WANT

PYTHONPATH="$temp/py" python3 "$temp/run.py" > "$temp/got"
(cd "$temp" && node run.js) >> "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
