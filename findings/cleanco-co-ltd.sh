#!/usr/bin/env bash
# cleanco does not clean the legal form of nearly every Chinese firm's English name, Co., Ltd.
#
# GUESS      A list of the world's legal forms takes "Co., Ltd." off, as it takes off "Inc." and "GmbH", and knows 有限公司.
# VERSION    cleanco 2.3.
# BEHAVIOUR  "Co., Ltd." loses its second half only; written "Co.,Ltd.", as most write it in China, it stays whole. A
#            second pass, which the first half needs, takes a closing parenthesis with it: "Example (Shanghai". No
#            Chinese form is among its terms, and China is no country of "Co., Ltd.": Israel and Singapore are.
# OUTPUT     The lines under "want".
# WHY HERE   Leads of one firm are found by its name without the form.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    cleanco==2.3 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }

cat > "$temp/run.py" <<'PY'
from cleanco import basename, countrysources, matches
for name in ["Example Inc.", "Example GmbH", "Example Co., Ltd.", "Example Co.,Ltd.", "Example (Shanghai) Co., Ltd.", "示例有限公司"]:
    countries = set(matches(name, countrysources()))
    print(name, "|", basename(name), "|", basename(basename(name)), "| China" if "China" in countries else "| not China")
PY

cat > "$temp/want" <<'WANT'
Example Inc. | Example | Example | not China
Example GmbH | Example | Example | not China
Example Co., Ltd. | Example Co. | Example | not China
Example Co.,Ltd. | Example Co.,Ltd. | Example Co.,Ltd. | not China
Example (Shanghai) Co., Ltd. | Example (Shanghai) Co. | Example (Shanghai | not China
示例有限公司 | 示例有限公司 | 示例有限公司 | not China
WANT

PYTHONPATH="$temp/py" python3 -W ignore "$temp/run.py" > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
