//! The new words of a reply: the text without the quoted mail, in the forms of the clients used in China, and by comparison
//! with the mails that we sent where a client does not mark what it quotes.

use super::sent_text::{SentText, is_ruling};

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
    "由",
];
/// Field that begins such a block.
const FIRST_FIELDS: &[&str] = &["发件人", "寄件人", "寄件者", "from", "sender"];
/// Ends of an attribution.
const WROTE: &[&str] = &["写道:", "写道：", "寫道:", "寫道：", "wrote:", "写到:", "写到：", "wrote："];

/// Least weight of the lines of ours by which a quotation is recognised: a few words prove nothing.
const LEAST_OURS: usize = 30;
/// Lines of ours are at least one in so many of the quotation, or of the mail that we sent: answers may be longer than
/// the questions, and a sender may delete what is not answered.
const SHARE: usize = 3;

/// Returns the lines that the sender wrote: quoted blocks and what follows a client's divider are cut, save answers between
/// lines of a mail that we sent. A quoted line that directly precedes an answer stays, as the line that is answered.
pub(super) fn new_words(lines: &[String], sent: &[SentText]) -> Vec<String> {
    let best = sent.iter().filter_map(|sent| remarked(lines, sent)).max_by_key(|(ours, _)| *ours);
    let Some((_, lines)) = best else { return unquoted(lines) };
    let mut kept = unquoted(&lines);
    // The lines that were taken out leave blank ones.
    kept.dedup_by(|line, former| line.trim().is_empty() && former.trim().is_empty());
    kept
}

/// Marks the lines of ours in a quotation and unmarks all others, with the weight of ours; `None` where the quotation is not
/// recognised as this mail.
fn remarked(lines: &[String], sent: &SentText) -> Option<(usize, Vec<String>)> {
    let begins =
        |at: &usize| is_quoted(&lines[*at]) || attribution_end(lines, *at).is_some() || begins_quote(lines, *at);
    let first = (0..lines.len()).find(begins);
    let (head, has_fields) = first.map_or((0, false), |at| head_end(lines, attribution_end(lines, at).unwrap_or(at)));
    let quotation = without_nested(&lines[head..]);
    let compared = sent.compare(&quotation.iter().map(|line| unmarked(line)).collect::<Vec<_>>());
    let is_recognised = match first {
        Some(_) => compared.ours * SHARE >= compared.all || compared.ours * SHARE >= compared.sent,
        // Without a divider or mark only a mail that is quoted nearly whole is one.
        None => compared.ours * 4 >= compared.sent * 3,
    };
    if compared.ours < LEAST_OURS || !is_recognised {
        return None;
    }
    let both = quotation.into_iter().zip(compared.is_ours);
    // A long header field goes on in the next line.
    let body = both.skip_while(|(line, is_ours)| has_fields && !is_ours && !unmarked(line).is_empty());
    let body = body.map(|(line, is_ours)| match (is_ours, is_quoted(line)) {
        (true, _) => format!("> {}", unmarked(line)),
        (false, true) => unmarked(line).to_owned(),
        (false, false) => line.clone(),
    });
    Some((compared.ours, lines[..first.unwrap_or(0)].iter().cloned().chain(body).collect()))
}

/// The line after the client's divider, rule and header fields of a quoted mail that begin here, and whether there were fields.
fn head_end(lines: &[String], from: usize) -> (usize, bool) {
    let is_rule = |line: &&String| {
        let line = unmarked(line);
        line.is_empty() || is_divider(line) || is_ruling(line)
    };
    let begin = from + lines[from..].iter().take_while(is_rule).count();
    let has_divider = lines[from..begin].iter().any(|line| is_divider(unmarked(line)));
    // Below a divider a table of fields has lost its colons.
    let is_cell = |line: &str| line.split_whitespace().next().is_some_and(|name| FIELDS.contains(&name));
    let is_field = |line: &&String| field_name(line).is_some() || has_divider && is_cell(unmarked(line));
    let fields = lines[begin..].iter().take_while(is_field).count();
    (begin + fields, fields > 0)
}

/// The lines of a quotation without the mails that the quoted mail quotes: a marked one to its last mark, any other to the end.
fn without_nested(lines: &[String]) -> Vec<&String> {
    let (mut kept, mut is_nested) = (Vec::new(), false);
    for (at, line) in lines.iter().enumerate() {
        let begins = attribution_end(lines, at).is_some() || is_divider(unmarked(line)) || is_header_block(lines, at);
        if begins && !is_quoted(line) {
            break;
        }
        is_nested = is_quoted(line) && (is_nested || begins);
        if !is_nested {
            kept.push(line);
        }
    }
    kept
}

/// The lines without marked blocks and without what follows a divider.
fn unquoted(lines: &[String]) -> Vec<String> {
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
    let Some(name) = field_name(&lines[at]) else { return false };
    FIRST_FIELDS.contains(&name.as_str())
        && lines[at + 1..].iter().take_while(|line| field_name(line).is_some()).count() >= LEAST_FIELDS
}

/// Name of the header field in a line, also in a cell of a table; `None` where it has none.
fn field_name(line: &str) -> Option<String> {
    let line = line.trim().trim_start_matches(['*', '|', '│', '>', ' ']);
    let (name, _) = line.split_once([':', '：', '|', '│'])?;
    let name: String = name.to_lowercase().chars().filter(|c| !c.is_whitespace() && *c != '*').collect();
    FIELDS.contains(&name.as_str()).then_some(name)
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
