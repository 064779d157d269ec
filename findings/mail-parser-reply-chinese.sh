#!/usr/bin/env bash
# mail-parser-reply offers Chinese, and finds no Chinese quote: its pattern excludes what it looks for.
#
# GUESS      With languages=["zh"] the line "在 2026年3月1日 09:30，… 写道：" above a quote ends the reply, as "On … wrote:"
#            does in English; at least lines that begin with ">" are no reply.
# VERSION    mail-parser-reply 1.36.
# BEHAVIOUR  The Chinese pattern opens with a negative lookahead for a date and 写道： and then asks for a date and 写道：, so
#            it matches nothing: Gmail's, Apple's and 163's Chinese headers stay in latest_reply, and the quoted lines
#            with them. QQ's block of 发件人, 发送时间, 收件人, 主题 is found; its rule of dashes stays.
# OUTPUT     The lines under "want".
# WHY HERE   Officers and firms answer by mail from these four programs; a quoted question read as an answer changes a
#            requirement.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    mail-parser-reply==1.36 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }

cat > "$temp/run.py" <<'PY'
from mailparser_reply import EmailReplyParser
mails = {
    "English": "We need 50 mu.\n\nOn Sun, Mar 1, 2026 at 9:30 AM Park <park@example.com> wrote:\n\n> How much land?\n",
    "Gmail": "我们需要五十亩。\n\n示例园区 <park@example.com> 于2026年3月1日周日 09:30写道：\n\n> 请问需要多少亩？\n",
    "Apple": "我们需要五十亩。\n\n> 在 2026年3月1日，09:30，示例园区 <park@example.com> 写道：\n> \n> 请问需要多少亩？\n",
    "plain": "我们需要五十亩。\n\n在 2026年3月1日 09:30，示例园区 写道：\n\n> 请问需要多少亩？\n",
    "QQ": "我们需要五十亩。\n\n------------------ 原始邮件 ------------------\n发件人: \"示例园区\" <park@example.com>;\n"
          "发送时间: 2026年3月1日(星期日) 上午9:30\n收件人: \"示例\" <firm@example.com>;\n主题: 选址需求\n\n请问需要多少亩？\n",
}
for name, text in mails.items():
    mail = EmailReplyParser(languages=["en", "zh"]).read(text)
    print(name, len(mail.replies), repr(mail.latest_reply))
PY

cat > "$temp/want" <<'WANT'
English 2 'We need 50 mu.'
Gmail 1 '我们需要五十亩。\n\n示例园区 <park@example.com> 于2026年3月1日周日 09:30写道：\n\n> 请问需要多少亩？'
Apple 1 '我们需要五十亩。\n\n> 在 2026年3月1日，09:30，示例园区 <park@example.com> 写道：\n>\n> 请问需要多少亩？'
plain 1 '我们需要五十亩。\n\n在 2026年3月1日 09:30，示例园区 写道：\n\n> 请问需要多少亩？'
QQ 2 '我们需要五十亩。\n\n------------------ 原始邮件 ------------------'
WANT

PYTHONPATH="$temp/py" python3 -W ignore "$temp/run.py" > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
