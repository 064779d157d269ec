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
];
/// Field that begins such a block.
const FIRST_FIELDS: &[&str] = &["发件人", "寄件人", "寄件者", "from", "sender"];
/// Ends of an attribution.
const WROTE: &[&str] = &["写道:", "写道：", "wrote:", "写到:", "写到：", "wrote："];

/// Returns the lines that the sender wrote: quoted blocks and what follows a client's divider are cut. A quoted line that
/// directly precedes an answer stays, as the line that is answered.
pub(super) fn new_words(lines: &[String]) -> Vec<String> {
    let end = (0..lines.len()).find(|&at| begins_quote(lines, at)).unwrap_or(lines.len());
    let own = &lines[..end];
    let is_quoted = |line: &String| line.trim_start().starts_with(['>', '＞']);
    let mut kept: Vec<String> = Vec::new();
    for (at, line) in own.iter().enumerate() {
        if !is_quoted(line) {
            kept.push(line.clone());
            continue;
        }
        let answer = own[at + 1..].iter().find(|next| !next.trim().is_empty());
        let is_answered = answer.is_some_and(|next| !is_quoted(next)) && own[..at].iter().any(is_quoted);
        if is_answered && !line.trim_matches(['>', '＞', ' ']).is_empty() {
            kept.push(line.clone());
        }
    }
    let blank = |line: &String| line.trim().is_empty();
    let from = kept.iter().position(|line| !blank(line)).unwrap_or(kept.len());
    let to = kept.iter().rposition(|line| !blank(line)).map_or(from, |at| at + 1);
    kept[from..to].to_vec()
}

fn begins_quote(lines: &[String], at: usize) -> bool {
    let line = lines[at].trim();
    is_divider(line) || is_header_block(lines, at) || is_attribution(lines, at) || is_rule(lines, at)
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

/// `On …, … wrote:`, `在 …，… 写道：`, `…于2026年…写道：`, wrapped over some lines.
fn is_attribution(lines: &[String], at: usize) -> bool {
    let line = lines[at].trim();
    let lower = line.to_lowercase();
    let begins = ["on ", "at ", "在", "于"].iter().any(|word| lower.starts_with(word));
    let is_dated = |text: &str| {
        text.chars().filter(char::is_ascii_digit).count() >= 4
            && (text.contains('@') || text.contains(':') || text.contains('年') || text.contains(','))
    };
    let mut joined = String::new();
    for next in lines[at..].iter().take(WRAPPED) {
        joined += next.trim();
        if WROTE.iter().any(|end| joined.to_lowercase().ends_with(end)) {
            let is_one_line = joined == line;
            return is_dated(&joined) && (begins || is_one_line || line.contains('@') || line.contains('于'));
        }
        if next.trim().is_empty() {
            return false;
        }
    }
    false
}

/// The rule that Outlook on the web and mobile clients draw before a header block.
fn is_rule(lines: &[String], at: usize) -> bool {
    let line = lines[at].trim();
    let is_rule = line.chars().count() >= 10 && line.chars().all(|c| matches!(c, '_' | '-' | '—' | '─'));
    let next = lines[at + 1..].iter().position(|line| !line.trim().is_empty());
    is_rule && next.is_some_and(|skip| is_header_block(lines, at + 1 + skip) || is_attribution(lines, at + 1 + skip))
}
