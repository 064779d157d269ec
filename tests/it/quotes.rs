//! Only new words of a reply go on: the quotes of the mail clients used in China are cut, addresses and phones masked.

use std::time::{Duration, Instant};

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

#[test]
fn an_html_mail_of_any_depth_is_read_in_time() {
    let deepest = Duration::from_secs(30);
    for (element, count) in
        [("<blockquote>", 20_000), ("<table><tr><td>", 5_000), ("<div>", 100_000), ("<ul><li>", 20_000)]
    {
        let begin = Instant::now();
        let html = format!("<p>可供地</p>{}", format!("{element}a").repeat(count));
        let lines = read_part("text/html; charset=utf-8", html.as_bytes());
        assert!(lines.iter().any(|line| line.contains("可供地")), "{element}");
        assert!(begin.elapsed() < deepest, "{element}: {:?}", begin.elapsed());
    }
    let numbered = r#"<p>可供地</p><ol start="9223372036854775807"><li>a</li><li>b</li></ol>"#;
    assert!(read_part("text/html; charset=utf-8", numbered.as_bytes()).concat().contains("可供地"));
    let old = format!("<table>{}</table>", "<tr><td>地块<td>35 亩".repeat(400));
    let lines = read_part("text/html; charset=utf-8", old.as_bytes());
    assert_eq!(
        lines.iter().filter(|line| line.contains("地块") && line.contains("35 亩")).count(),
        400,
        "unclosed cells are rows"
    );
}

const FLOWED: &str = "text/plain; charset=utf-8; format=flowed";

#[test]
fn soft_line_breaks_of_a_flowed_mail_are_joined_and_hard_ones_stay() {
    let flowed = |body: &str| read_part(FLOWED, body.as_bytes());
    assert_eq!(flowed("We have \ntwo plots.\nCome.\n"), ["We have two plots.", "Come."]);
    assert_eq!(
        flowed("x\n >1 ha is free\n From us\n"),
        ["x", "\u{2060}>1 ha is free", "From us"],
        "protected beginnings"
    );
    assert_eq!(flowed("> Hello\n> Is it \n> free? \nYes, \n-- \nLi\n"), ["> Is it free?", "Yes,", "-- ", "Li"]);
    let delsp = format!("{FLOWED}; DelSp=Yes");
    assert_eq!(read_part(&delsp, "可供地 \n35 亩，欢 \n迎。\n\n李 \n".as_bytes()), ["可供地35 亩，欢迎。", "", "李"]);
    let fixed = "text/plain; charset=utf-8";
    assert_eq!(read_part(fixed, "two \nplots\n".as_bytes()), ["two ", "plots"], "not flowed");
}

/// Lines of a reply to one sent mail.
fn read_beside(sent: &str, text: &str) -> Vec<String> {
    let mail = |text: &str| {
        format!("From: a@example.com\nTo: b@example.com\nContent-Type: text/plain; charset=utf-8\n\n{text}\n")
            .into_bytes()
    };
    Incoming::read_beside(&mail(text), &[mail(sent)]).map(|mail| mail.lines).unwrap_or_default()
}

const SENT: &str = "您好：\n\n用地：30–50 亩\n层高：9 米\n请在 2026年12月1日前答复企业。\n能否在明年三月前交地?\n查看：\nhttps://luodi.example.com/staff/leads/7";
const HEADER: &str = "发件人: 落地\n发送时间: 2026年11月28日\n收件人: two@example.com\n主题: 新询盘\n\n";

#[test]
fn a_mail_of_somebody_else_in_an_unmarked_quote_stays_cut() {
    let lines = read_beside(SENT, &format!("可以。\n\n{HEADER}底价 38 万，先别说。\n王总周三来。"));
    assert_eq!(lines, ["可以。"]);
    let inner = format!("{HEADER}底价 38 万，先别说。\n\n{HEADER}{SENT}");
    assert_eq!(read_beside(SENT, &format!("可以。\n\n{inner}")), ["可以。"]);
}

#[test]
fn words_that_repeat_a_line_of_ours_are_new_the_second_time() {
    let quoted = SENT.replace("能否在明年三月前交地?", "能否在明年三月前交地?\n9 米");
    let lines = read_beside(SENT, &format!("见下。\n\n{HEADER}{quoted}"));
    assert_eq!(lines, ["见下。", "", "> 能否在明年三月前交地?", "9 米"]);
}

#[test]
fn a_few_words_of_ours_in_an_answer_are_no_quotation() {
    for text in
        ["您好：\n用地：30–50 亩\n可以。", "层高：9 米，够。\n您好：", "请在 2026年12月1日前答复企业。\n这是贵方的话？"]
    {
        assert_eq!(read_beside(SENT, text).join("\n"), text);
    }
}
