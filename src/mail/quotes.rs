//! The new words of a reply: the text without the quoted mail, in the forms of the clients used in China.

/// Header fields that directly follow the sender's in a quoted mail.
const LEAST_FIELDS: usize = 2;
/// Lines over which a client wraps its attribution (`On …, … wrote:`).
const WRAPPED: usize = 3;

/// Words of a dividing line between dashes, without blanks, lower case.
const DIVIDERS: &[&str] = &[
    "originalmessage",
    "originalmail",
    "original",
    "邮件原件",
    "原始邮件",
    "原始信息",
    "原邮件",
    "回复的原邮件",
    "邮件原文",
    "原文",
    "repliedmessage",
    "forwardedmessage",
    "转发邮件",
    "转发的邮件",
    "转发邮件信息",
    "以下为原邮件",
    "replymessage",
];
/// Header fields of a quoted mail, in the languages of the clients.
const FIELDS: &[&str] = &[
    "发件人",
    "发送时间",
    "收件人",
    "抄送",
    "主题",
    "日期",
    "发送日期",
    "时间",
    "寄件人",
    "寄件者",
    "收件者",
    "from",
    "sent",
    "to",
    "cc",
    "subject",
    "date",
    "sender",
    "sendtime",
    "sentat",
    "recipient",
];
/// Field that begins such a block.
const FIRST_FIELDS: &[&str] = &["发件人", "寄件人", "寄件者", "from", "sender"];
/// Ends of an attribution.
const WROTE: &[&str] = &["写道:", "写道：", "寫道:", "寫道：", "wrote:", "写到:", "写到：", "wrote："];

/// Returns the lines that the sender wrote: quoted blocks and what follows a client's divider are cut. A quoted line that
/// directly precedes an answer stays, as the line that is answered.
pub(super) fn new_words(lines: &[String]) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    let (mut at, mut has_quote) = (0, false);
    while at < lines.len() {
        let after = attribution_end(lines, at);
        if after.is_some() || begins_quote(lines, at) {
            // Below marked lines an answer may follow; what is not marked is quoted to its end.
            match after.filter(|&after| next_line(lines, after).is_some_and(|line| is_quoted(line))) {
                Some(after) => at = after,
                None => break,
            }
            has_quote = true;
            continue;
        }
        let is_kept = !is_quoted(&lines[at]) || has_quote && is_answered(lines, at);
        if is_kept {
            kept.push(lines[at].clone());
        }
        has_quote |= is_quoted(&lines[at]);
        at += 1;
    }
    trimmed(&kept)
}

fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with(MARKS)
}

/// Marks of quoted lines.
const MARKS: [char; 2] = ['>', '＞'];

/// The line without its marks.
fn unmarked(line: &str) -> &str {
    line.trim_start_matches(|c: char| c.is_whitespace() || MARKS.contains(&c)).trim_end()
}

fn next_line(lines: &[String], from: usize) -> Option<&String> {
    lines[from..].iter().find(|line| !line.trim().is_empty())
}

/// Whether an answer directly follows a quoted line.
fn is_answered(lines: &[String], at: usize) -> bool {
    let Some(next) = lines[at + 1..].iter().position(|line| !line.trim().is_empty()).map(|skip| at + 1 + skip) else {
        return false;
    };
    let is_answer = !is_quoted(&lines[next]) && attribution_end(lines, next).is_none() && !begins_quote(lines, next);
    is_answer && !unmarked(&lines[at]).is_empty()
}

fn trimmed(kept: &[String]) -> Vec<String> {
    let blank = |line: &String| line.trim().is_empty();
    let from = kept.iter().position(|line| !blank(line)).unwrap_or(kept.len());
    let to = kept.iter().rposition(|line| !blank(line)).map_or(from, |at| at + 1);
    kept[from..to].to_vec()
}

/// Whether a divider or header of a quoted mail begins here; inside marked lines they are quoted anyhow.
fn begins_quote(lines: &[String], at: usize) -> bool {
    let line = lines[at].trim();
    !is_quoted(&lines[at]) && (is_divider(line) || is_header_block(lines, at) || is_rule(lines, at))
}

/// `-----Original Message-----`, `------------------ 原始邮件 ------------------`, `---- 回复的原邮件 ----`.
fn is_divider(line: &str) -> bool {
    let dashes = |c: char| matches!(c, '-' | '—' | '－' | '_' | '=' | '*' | '─');
    if !line.starts_with(dashes) && !line.eq_ignore_ascii_case("begin forwarded message:") {
        return false;
    }
    let words: String = line.to_lowercase().chars().filter(|c| !c.is_whitespace() && !dashes(*c)).collect();
    let words = words.trim_matches([':', '：', '|', '<', '>', '《', '》', '[', ']', '【', '】']);
    DIVIDERS.contains(&words) || words == "beginforwardedmessage"
}

/// A block of header fields that begins with the sender.
fn is_header_block(lines: &[String], at: usize) -> bool {
    let field = |line: &str| {
        let line = line.trim().trim_start_matches(['*', '|', '>', ' ']);
        let (name, value) = line.split_once([':', '：'])?;
        let name: String = name.to_lowercase().chars().filter(|c| !c.is_whitespace() && *c != '*').collect();
        FIELDS.contains(&name.as_str()).then(|| (name, value.trim().to_owned()))
    };
    let Some((name, _)) = field(&lines[at]) else { return false };
    FIRST_FIELDS.contains(&name.as_str())
        && lines[at + 1..].iter().take_while(|line| field(line).is_some()).count() >= LEAST_FIELDS
}

/// The line after `On …, … wrote:`, `在 …，… 写道：`, `…于2026年…写道：`, which a client wraps over some lines; `None` where none
/// begins here.
fn attribution_end(lines: &[String], at: usize) -> Option<usize> {
    let ruled = |c: char| matches!(c, '=' | '-' | '_') || c.is_whitespace();
    let line = unmarked(&lines[at]).trim_matches(ruled);
    let lower = line.to_lowercase();
    let begins = ["on ", "at ", "在", "于"].iter().any(|word| lower.starts_with(word));
    let is_dated = |text: &str| {
        text.chars().filter(char::is_ascii_digit).count() >= 4
            && (text.contains('@') || text.contains(':') || text.contains('年') || text.contains(','))
    };
    let mut joined = String::new();
    for (next, wrapped) in lines.iter().enumerate().skip(at).take(WRAPPED) {
        let wrapped = unmarked(wrapped).trim_matches(ruled);
        joined += wrapped;
        if WROTE.iter().any(|end| joined.to_lowercase().ends_with(end)) {
            let is_sender = next == at || begins || line.contains('@') || line.contains(['于', '於']);
            return (is_dated(&joined) && is_sender).then_some(next + 1);
        }
        if wrapped.is_empty() {
            return None;
        }
    }
    None
}

/// The rule that Outlook on the web and mobile clients draw before a header block.
fn is_rule(lines: &[String], at: usize) -> bool {
    let line = lines[at].trim();
    let is_rule = line.chars().count() >= 10 && line.chars().all(|c| matches!(c, '_' | '-' | '—' | '─'));
    let next = lines[at + 1..].iter().position(|line| !line.trim().is_empty());
    let begins = |at: usize| is_header_block(lines, at) || attribution_end(lines, at).is_some();
    is_rule && next.is_some_and(|skip| begins(at + 1 + skip))
}
