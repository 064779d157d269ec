#!/usr/bin/env bash
# The same webhook secret is two keys: Python's standardwebhooks signs with what JavaScript's refuses, and the reverse.
#
# GUESS      Libraries of one specification, with one version number, take the same secrets and make the same signatures.
# VERSION    standardwebhooks 1.1.0 (Python), standardwebhooks 1.1.1 (npm).
# BEHAVIOUR  With standard base64 both sign alike. A secret in the URL's alphabet, which most generators of tokens
#            give, is taken by Python: it drops every - and _ and signs with a shorter key; JavaScript refuses it. One
#            that lost its last three characters in pasting is taken by JavaScript and refused by Python.
# OUTPUT     The lines under "want".
# WHY HERE   Staff paste the secret of a webhook into the program of another office; a signature that fails for a dash
#            is looked for everywhere else.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    standardwebhooks==1.1.0 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }
npm install --silent --no-audit --no-fund --prefix "$temp" standardwebhooks@1.1.1

cat > "$temp/run.py" <<'PY'
import sys
from datetime import datetime, timezone
from standardwebhooks.webhooks import Webhook
for secret in sys.argv[1:]:
    try:
        signature = Webhook(secret).sign("msg_1", datetime.fromtimestamp(1790000000, timezone.utc), '{"stage":"signed"}')
    except ValueError:
        signature = "refused"
    print("Python", secret, signature)
PY
cat > "$temp/run.js" <<'JS'
const { Webhook } = require("standardwebhooks");
for (const secret of process.argv.slice(2)) {
    let signature = "refused";
    try {
        signature = new Webhook(secret).sign("msg_1", new Date(1790000000000), '{"stage":"signed"}');
    } catch (error) {}
    console.log("JavaScript", secret, signature);
}
JS
secrets=(whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4 whsec_YWJj-GVmZ_hpamtsbW5vcHFyc3R1dnd4ab whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1d)

cat > "$temp/want" <<'WANT'
Python whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4 v1,bVbyhM0bp3qVJX75E8PH5z0wFch1QByspIkeiNkCY8U=
Python whsec_YWJj-GVmZ_hpamtsbW5vcHFyc3R1dnd4ab v1,vpyGeXyhepjqftrI6Sc9HZiuwhMiYgYg2MtroE+0n+4=
Python whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1d refused
JavaScript whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4 v1,bVbyhM0bp3qVJX75E8PH5z0wFch1QByspIkeiNkCY8U=
JavaScript whsec_YWJj-GVmZ_hpamtsbW5vcHFyc3R1dnd4ab refused
JavaScript whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1d v1,yTEfwLH9xmtxKWfAaMUnsZR9Q67R0KW/lh8WyhmPnMo=
WANT

PYTHONPATH="$temp/py" python3 "$temp/run.py" "${secrets[@]}" > "$temp/got"
(cd "$temp" && node run.js "${secrets[@]}") >> "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
