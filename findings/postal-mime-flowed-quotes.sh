#!/usr/bin/env bash
# postal-mime joins flowed lines and leaves the mark of quotes inside the sentence: 请问需要> 多少面积？
#
# GUESS      A parser either knows format=flowed (RFC 3676) and joins quoted lines without their marks, or leaves the
#            lines as they are. DelSp, which Chinese text needs, is the part that is left out.
# VERSION    postal-mime 4.0.0, mailparser 3.14.2, Python's email.
# BEHAVIOUR  postal-mime knows DelSp and joins the writer's own lines right. It joins quoted lines too, and keeps the
#            ">" of the second one in the middle of the sentence, which is one line then and starts with one mark.
#            mailparser takes it out. Python's email leaves the lines with their blanks.
# OUTPUT     The lines under "want".
# WHY HERE   Answers of parks come with the question quoted; what is cut off line by line, by ">", leaves a tail.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

npm install --silent --no-audit --no-fund --prefix "$temp" postal-mime@4.0.0 mailparser@3.14.2

cat > "$temp/run.mjs" <<'JS'
import { readFileSync } from "node:fs";
import PostalMime from "postal-mime";
import { simpleParser } from "mailparser";
const mail = readFileSync(process.argv[2]);
console.log("postal-mime", JSON.stringify((await PostalMime.parse(mail)).text.trimEnd()));
console.log("mailparser", JSON.stringify((await simpleParser(mail)).text.trimEnd()));
JS
cat > "$temp/run.py" <<'PY'
import email, email.policy, json, sys
with open(sys.argv[1], "rb") as file:
    content = email.message_from_binary_file(file, policy=email.policy.default).get_content()
print("email", json.dumps(content.rstrip(), ensure_ascii=False))
PY
printf '%s\r\n' 'From: a@example.com' 'To: b@example.com' 'Subject: x' 'MIME-Version: 1.0' \
    'Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes' 'Content-Transfer-Encoding: 8bit' '' \
    '我们需要三千 ' '五百平方米。' '' '> 请问需要 ' '> 多少面积？' > "$temp/mail.eml"

cat > "$temp/want" <<'WANT'
postal-mime "我们需要三千五百平方米。\n\n> 请问需要> 多少面积？"
mailparser "我们需要三千五百平方米。\n\n> 请问需要多少面积？"
email "我们需要三千 \n五百平方米。\n\n> 请问需要 \n> 多少面积？"
WANT

(cd "$temp" && node run.mjs mail.eml) > "$temp/got"
python3 "$temp/run.py" "$temp/mail.eml" >> "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
