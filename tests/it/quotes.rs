//! Only new words of a reply go on: the quotes of the mail clients used in China are cut, addresses and phones masked.

use luodi::mail::{Incoming, masked};

const SECRET: &str = "buyer@example.com";

/// Beginnings of a quoted mail; each is followed by words of ours with an address.
const QUOTES: &[(&str, &str)] = &[
    (
        "QQ",
        "------------------ 原始邮件 ------------------\n发件人: \"落地\" <noreply@luodi.example.com>;\n发送时间: 2026年11月28日(星期六) 上午10:00\n收件人: \"招商\"<two@example.com>;\n主题: 新询盘",
    ),
    (
        "QQ English",
        "------------------ Original ------------------\nFrom: \"luodi\" <noreply@luodi.example.com>;\nDate: Sat, Nov 28, 2026 10:00 AM\nTo: \"x\"<two@example.com>;\nSubject: inquiry",
    ),
    (
        "QQ phone",
        "---Original---\nFrom: \"luodi\"<noreply@luodi.example.com>\nDate: Sat, Nov 28, 2026 10:00\nTo: \"x\"<two@example.com>;\nSubject: inquiry",
    ),
    ("163", "在 2026-11-28 10:00:00，\"落地\" <noreply@luodi.example.com> 写道："),
    ("163 colon", "在 2026-11-28 10:00:00，落地 <noreply@luodi.example.com> 写道:"),
    (
        "163 new",
        "---- 回复的原邮件 ----\n| 发件人 | 落地<noreply@luodi.example.com> |\n| 发送日期 | 2026年11月28日 10:00 |",
    ),
    (
        "163 new English",
        "---- Replied Message ----\n| From | luodi<noreply@luodi.example.com> |\n| Date | 11/28/2026 10:00 |",
    ),
    ("126 English", "At 2026-11-28 10:00:00, \"luodi\" <noreply@luodi.example.com> wrote:"),
    ("Foxmail", "发件人： 落地\n发送时间： 2026-11-28 10:00\n收件人： two@example.com\n主题： 新询盘"),
    ("Foxmail English", "From: luodi\nDate: 2026-11-28 10:00\nTo: two@example.com\nSubject: inquiry"),
    (
        "139",
        "----邮件原文----\n发件人：落地 <noreply@luodi.example.com>\n收件人：two <two@example.com>\n发送时间：2026-11-28 10:00:00\n主题：新询盘",
    ),
    (
        "Alimail",
        "------------------------------------------------------------------\n发件人：落地 <noreply@luodi.example.com>\n发送时间：2026年11月28日(星期六) 10:00\n收件人：two <two@example.com>\n主　题：新询盘",
    ),
    (
        "DingTalk",
        "------------------原始邮件 ------------------\n发件人：落地<noreply@luodi.example.com>\n发送时间：2026-11-28 10:00",
    ),
    (
        "WeCom",
        "------------------ 原始邮件 ------------------\n发件人: 落地 <noreply@luodi.example.com>\n收件人: two <two@example.com>",
    ),
    (
        "Outlook",
        "________________________________\n发件人: 落地 <noreply@luodi.example.com>\n发送时间: 2026年11月28日 10:00\n收件人: two@example.com\n主题: 新询盘",
    ),
    (
        "Outlook English",
        "-----Original Message-----\nFrom: luodi <noreply@luodi.example.com>\nSent: Saturday, November 28, 2026 10:00 AM\nTo: two@example.com\nSubject: inquiry",
    ),
    (
        "Outlook desktop",
        "From: luodi <noreply@luodi.example.com>\nSent: Saturday, November 28, 2026 10:00 AM\nTo: two@example.com\nSubject: inquiry",
    ),
    (
        "Outlook zh",
        "-----邮件原件-----\n发件人: 落地 <noreply@luodi.example.com>\n发送时间: 2026年11月28日 10:00\n收件人: two@example.com",
    ),
    ("Apple Mail", "On Nov 28, 2026, at 10:00 AM, luodi <noreply@luodi.example.com> wrote:"),
    ("Apple Mail zh", "在 2026年11月28日，10:00，落地 <noreply@luodi.example.com> 写道："),
    ("iPhone zh", "> 在 2026年11月28日，10:00，落地 <noreply@luodi.example.com> 写道："),
    ("iPhone zh plain", "2026年11月28日 10:00，落地 <noreply@luodi.example.com> 写道："),
    ("Gmail", "On Sat, Nov 28, 2026 at 10:00 AM luodi <noreply@luodi.example.com> wrote:"),
    ("Gmail wrapped", "On Sat, Nov 28, 2026 at 10:00 AM luodi\n<noreply@luodi.example.com> wrote:"),
    ("Gmail zh", "落地 <noreply@luodi.example.com> 于2026年11月28日周六 10:00写道："),
    ("Gmail zh wrapped", "落地 <noreply@luodi.example.com> 于\n2026年11月28日周六 10:00写道："),
    ("forwarded", "Begin forwarded message:\n\nFrom: luodi"),
];

fn read(text: &str) -> Vec<String> {
    let mail = format!("From: a@example.com\nTo: b@example.com\nContent-Type: text/plain; charset=utf-8\n\n{text}\n");
    Incoming::read(mail.as_bytes()).map(|mail| mail.lines).unwrap_or_default()
}

#[test]
fn every_clients_quote_is_cut_and_every_new_word_kept() {
    let answer =
        ["您好：", "", "地价 30–40 万元/亩,周三 10:00 可看地。", "From: 高速出口到园区 5 分钟", "—— 招商局 王先生"];
    for (name, quote) in QUOTES {
        for marked in [false, true] {
            let quoted = format!("联系人 {SECRET}\n电话 13800138000");
            let quoted =
                if marked { quoted.replace('\n', "\n> ").replacen("联系人", "> 联系人", 1) } else { quoted };
            let lines = read(&format!("{}\n\n{quote}\n\n{quoted}", answer.join("\n")));
            assert_eq!(lines, answer, "{name}");
        }
    }
}

#[test]
fn words_that_only_resemble_a_quote_stay() {
    for text in [
        "- 面积 30 亩\n- 价格面议\n----------\n以上为报价",
        "To: 您好\n价格 30 万",
        "发件人：王先生负责，电话另告",
        "在 2026-11-28 来看地的客户写道：很满意\n请放心",
        "On Monday we can meet.\nHe wrote: ok",
        "主题：看地\n日期：周三",
    ] {
        assert_eq!(read(text).join("\n"), text);
    }
}

#[test]
fn an_answer_between_quoted_lines_keeps_the_line_that_it_answers() {
    let lines =
        read("> 您好：\n> 能否供地 30 亩?\n可以,现有 35 亩。\n> 电力够吗?\n\n够。\n> 谢谢\n> buyer@example.com");
    let want = ["> 能否供地 30 亩?", "可以,现有 35 亩。", "", "够。"];
    let got: Vec<&String> = lines.iter().filter(|line| !line.contains("电力")).collect();
    assert_eq!(got, want, "{lines:?}");
    assert!(!lines.iter().any(|line| line.contains(SECRET)));
    assert_eq!(read("> 只有引文\n> buyer@example.com"), Vec::<String>::new(), "nothing new");
}

/// Lines of a mail with this media type and body, in this transfer encoding.
fn read_part(kind: &str, body: &[u8]) -> Vec<String> {
    let mut mail =
        format!("From: a@example.com\nTo: b@example.com\nMIME-Version: 1.0\nContent-Type: {kind}\n\n").into_bytes();
    mail.extend_from_slice(body);
    Incoming::read(&mail).map(|mail| mail.lines).unwrap_or_default()
}

#[test]
fn tables_lists_and_line_breaks_of_an_html_mail_are_kept() {
    let html = "<p>您好：</p><table><tr><th>地块</th><th>面积</th></tr><tr><td>A-1</td><td>30 亩</td></tr></table>\
                <ul><li>电力充足</li><li>可看地</li></ul><div>周三<br>周四</div>";
    let lines = read_part("text/html; charset=utf-8", html.as_bytes());
    let row = lines.iter().find(|line| line.contains("A-1")).expect("a row");
    assert!(row.contains("30 亩"), "one row is one line: {lines:?}");
    for text in ["您好：", "电力充足", "可看地", "周三", "周四"] {
        assert_eq!(lines.iter().filter(|line| line.contains(text)).count(), 1, "{text}: {lines:?}");
    }
    assert!(!lines.iter().any(|line| line.contains("周三") && line.contains("周四")), "{lines:?}");
}

#[test]
fn a_part_without_charset_is_read_as_gb18030_where_it_is_not_utf8() {
    let (gbk, _, _) = encoding_rs::GB18030.encode("可供地 35 亩，欢迎来看。");
    assert_eq!(read_part("text/plain", &gbk), ["可供地 35 亩，欢迎来看。"]);
    assert_eq!(read_part("text/plain", "可供地".as_bytes()), ["可供地"]);
    let (gbk, _, _) = encoding_rs::GB18030.encode("<p>可供地</p>");
    assert_eq!(read_part("text/html", &gbk), ["可供地"]);
}

#[test]
fn a_blank_plain_part_gives_way_to_html_and_long_lines_lose_nothing() {
    let both = "--b\nContent-Type: text/plain; charset=utf-8\n\n \n--b\nContent-Type: text/html; charset=utf-8\n\n<p>在此</p>\n--b--\n";
    assert_eq!(read_part("multipart/alternative; boundary=b", both.as_bytes()), ["在此"]);
    let long = "长".repeat(4_500);
    assert_eq!(read(&long).concat(), long);
}

#[test]
fn registered_phones_and_addresses_are_masked_in_every_spelling_and_others_pass() {
    let hide = |line: &str| masked(line, &[SECRET, "two@example.com"], &["+8613800138000", "+8657487654321"]);
    for secret in [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "+86 138 0013 8000",
        "8613800138000",
        "（１３８）００１３８０００",
        "0574-87654321",
        "+86-574-87654321",
        "Buyer@Example.COM",
        "two@example.com",
    ] {
        let line = hide(&format!("请联系 {secret}，谢谢"));
        assert!(line.contains("［已隐藏］") && !line.contains(secret), "{secret}: {line}");
        assert!(line.starts_with("请联系 ") && line.ends_with("，谢谢"), "{line}");
    }
    for other in ["138 0013 8001", "213800138000", "138001380001", "other@example.com", "面积 13800 平方米"] {
        assert_eq!(hide(other), other);
    }
}
