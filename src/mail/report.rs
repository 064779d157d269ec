//! Classes of incoming mails: delivery reports of every form, automatic answers, letters of people.

use mail_parser::{Message, MessageParser, MimeHeaders as _};

use super::mail_text::{Section, ids, inner_sections, sections, unix_lines, values_of};
use super::message::{is_token, verp_token};
use super::notice::FailureNotice;
use super::reason::BounceReason;

/// Class of an incoming mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailClass {
    /// A mail came back for good.
    Permanent,
    /// A mail is delayed; the server goes on trying.
    Delay,
    /// Vacation notice, read receipt, list mail, confirmation of delivery.
    Automatic,
    /// Written by a person.
    Letter,
    /// None of these: for a person to look at.
    Unclear,
}

/// An incoming mail as far as its class needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub class: MailClass,
    /// Ids in the mail that may be Message-IDs of ours, without angle brackets.
    pub ids: Vec<String>,
    /// Addresses in the mail that may be envelope senders of ours, lower case.
    pub envelopes: Vec<String>,
    /// Values of `X-Luodi-Inquiry` in the mail.
    pub numbers: Vec<String>,
    /// Values of `Original-Envelope-Id` (RFC 3464 §2.2.1), the ENVID of our mails.
    pub tokens: Vec<String>,
    pub reason: BounceReason,
    /// Enhanced status code (RFC 3463), for example `5.1.1`; empty where absent.
    pub status: String,
    /// The server's words, in one line; empty where absent.
    pub diagnostic: String,
    /// Decoded subject, for a task.
    pub subject: String,
}

/// Longest diagnostic and subject kept, in characters.
const KEPT: usize = 300;
/// Characters at the beginning of a mail in which it says that a machine wrote it: what it quotes is below.
const OPENING: usize = 200;
/// Longest text searched for phrases, in characters: notices are short, and returned copies long.
const SEARCHED: usize = 4_000;

impl Report {
    /// Parses and classifies a mail; one that cannot be parsed is [`MailClass::Unclear`].
    #[must_use]
    pub fn read(mail: &[u8]) -> Self {
        let mail = unix_lines(mail);
        let raw = String::from_utf8_lossy(&mail);
        let parsed = MessageParser::default().parse(mail.as_slice());
        let mut parts = parsed.as_ref().map_or_else(Vec::new, sections);
        let inner: Vec<Section> = parts
            .iter()
            .filter(|part| part.kind.starts_with("message/") && !part.is_returned)
            .flat_map(|part| inner_sections(&part.text))
            .collect();
        let notice = FailureNotice::read(&parts, &raw);
        let has_copy = parts.iter().any(|part| part.is_returned);
        parts.extend(inner);
        // The head first: the address that the report went to is there.
        let head = raw.split("\n\n").next().unwrap_or_default();
        let texts = || [head].into_iter().chain(parts.iter().map(|part| part.text.as_str())).chain([raw.as_ref()]);
        let ids = ids(texts());
        let subject = parsed.as_ref().and_then(|mail| mail.subject()).unwrap_or_default();
        let searched: String = notice.text.chars().take(SEARCHED).collect();
        let class = parsed.as_ref().map_or(MailClass::Unclear, |mail| class(mail, &notice, &searched, has_copy));
        let words = if notice.diagnostic.is_empty() { &searched } else { &notice.diagnostic };
        Self {
            class,
            envelopes: ids.iter().map(|id| id.to_ascii_lowercase()).filter(|id| verp_token(id).is_some()).collect(),
            ids,
            numbers: values_of(texts(), "X-Luodi-Inquiry")
                .into_iter()
                .filter(|number| number.bytes().all(|byte| byte.is_ascii_graphic()))
                .collect(),
            tokens: values_of(texts(), "Original-Envelope-Id").into_iter().filter(|token| is_token(token)).collect(),
            reason: BounceReason::of(&notice.status, words),
            status: kept(&notice.status),
            diagnostic: kept(if notice.diagnostic.is_empty() { &notice.gist } else { &notice.diagnostic }),
            subject: kept(subject),
        }
    }
}

fn class(mail: &Message<'_>, notice: &FailureNotice, words: &str, has_copy: bool) -> MailClass {
    let origin = Origin::of(mail);
    match origin.report_type.as_str() {
        "disposition-notification" => return MailClass::Automatic,
        "feedback-report" => return MailClass::Unclear,
        _ => {}
    }
    let words = words.to_lowercase();
    if let Some(class) = structured(notice, &words).filter(|_| notice.is_structured) {
        return class;
    }
    let opening: String = words.chars().take(OPENING).collect();
    if origin.subject_begins(AUTOMATIC) || has(&opening, VACATIONS) {
        return MailClass::Automatic;
    }
    let is_failure = origin.subject_has(FAILURES);
    let is_refusal = has(&words, REFUSED) && !origin.is_automatic;
    // A server that names itself nowhere: its words with the mail that it returns, and nobody's answer or forwarding.
    let is_returned =
        has_copy && has(&words, UNDELIVERED) || is_failure && has(&words, REFUSED) && !origin.is_automatic;
    let is_servers = is_returned && !origin.subject_begins(ANSWERS);
    if origin.is_daemon || origin.names_failed || is_servers || (origin.is_null && (is_failure || is_refusal)) {
        return of_server(&origin, notice, &words);
    }
    if origin.is_automatic {
        return MailClass::Automatic;
    }
    // A person may write about something that was returned.
    let is_doubtful = is_failure && (has_copy || has(&words, REFUSED)) && !origin.subject_begins(ANSWERS);
    if origin.is_null || is_doubtful { MailClass::Unclear } else { MailClass::Letter }
}

/// Class of a mail server's text without the fields of a delivery status.
fn of_server(origin: &Origin, notice: &FailureNotice, words: &str) -> MailClass {
    let (is_failure, gave_up) = (origin.subject_has(FAILURES), has(words, GAVE_UP));
    if origin.subject_has(DELAYS) || (has(words, TRYING) && !gave_up) {
        return MailClass::Delay;
    }
    if is_failure || gave_up || origin.names_failed {
        return MailClass::Permanent;
    }
    match notice.status.as_bytes().first() {
        Some(b'4') => MailClass::Delay,
        Some(b'5') => MailClass::Permanent,
        _ if has(words, REFUSED) => MailClass::Permanent,
        _ if origin.is_automatic => MailClass::Automatic,
        _ => MailClass::Unclear,
    }
}

/// Class by the fields of a delivery status (RFC 3464 §2.3.3): the action, else the class of the status code.
fn structured(notice: &FailureNotice, words: &str) -> Option<MailClass> {
    match (notice.action.as_str(), notice.status.as_bytes().first()) {
        ("failed" | "expired", _) => Some(MailClass::Permanent),
        ("delayed", _) => Some(MailClass::Delay),
        ("delivered" | "relayed" | "expanded", _) => Some(MailClass::Automatic),
        (_, Some(b'5')) => Some(MailClass::Permanent),
        (_, Some(b'2')) => Some(MailClass::Automatic),
        (_, Some(b'4')) if has(words, GAVE_UP) => Some(MailClass::Permanent),
        (_, Some(b'4')) => Some(MailClass::Delay),
        _ => None,
    }
}

/// Header fields that reveal a machine.
struct Origin {
    subject: String,
    report_type: String,
    /// `From` is a mail server.
    is_daemon: bool,
    /// The envelope sender is empty.
    is_null: bool,
    /// `X-Failed-Recipients`, which Exim and Gmail add to failures alone.
    names_failed: bool,
    is_automatic: bool,
}

impl Origin {
    fn of(mail: &Message<'_>) -> Self {
        let header = |name: &'static str| mail.header_raw(name).map(|value| value.trim().to_ascii_lowercase());
        let from = mail.from().and_then(|from| from.first());
        let address = from.and_then(|from| from.address()).unwrap_or_default().to_ascii_lowercase();
        let name = from.and_then(|from| from.name()).unwrap_or_default().to_lowercase();
        let raw_from = header("From").unwrap_or_default();
        let is_daemon = has(&address, DAEMONS) || has(&name, DAEMON_NAMES) || raw_from.contains("mailer-daemon");
        let is_automatic = header("Auto-Submitted").is_some_and(|value| !is_by_hand(&value))
            || header("Precedence")
                .is_some_and(|value| ["bulk", "junk", "list", "auto_reply"].contains(&value.as_str()))
            || ["X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Autoreply-From", "List-Id", "List-Unsubscribe"]
                .into_iter()
                .any(|name| header(name).is_some_and(|value| value != "no"));
        Self {
            subject: mail.subject().unwrap_or_default().trim().to_lowercase(),
            report_type: mail
                .content_type()
                .and_then(|kind| kind.attribute("report-type"))
                .unwrap_or_default()
                .to_ascii_lowercase(),
            is_daemon,
            is_null: header("Return-Path").is_some_and(|value| value == "<>"),
            names_failed: header("X-Failed-Recipients").is_some(),
            is_automatic,
        }
    }

    fn subject_has(&self, phrases: &[&str]) -> bool {
        has(&self.subject, phrases)
    }

    fn subject_begins(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.subject.starts_with(phrase))
    }
}

const DAEMONS: &[&str] = &["mailer-daemon", "postmaster@", "mail-daemon", "mailerdaemon", "mdaemon", "postoffice@"];
const DAEMON_NAMES: &[&str] = &[
    "mail delivery s",
    "mailer-daemon",
    "delivery subsystem",
    "postmaster",
    "mail administrator",
    "系统退信",
    "邮件系统",
];
const FAILURES: &[&str] = &[
    "failure notice",
    "mail failed",
    "returning to sender",
    "undeliver",
    "returned mail",
    "returned to sender",
    "delivery failure",
    "delivery failed",
    "delivery has failed",
    "delivery status notification",
    "delivery error",
    "delivery problem",
    "delivery report",
    "mail failure",
    "mail system error",
    "message not delivered",
    "mail could not be delivered",
    "could not be delivered",
    "non remis",
    "nondeliverable",
    "non-delivery",
    "non delivery",
    "mail delivery",
    "unzustellbar",
    "permanent error",
    "退信",
    "退回",
    "投递失败",
    "发送失败",
    "未送达",
    "无法送达",
    "无法投递",
    "未传递",
];
const DELAYS: &[&str] = &[
    "delay",
    "warning",
    "still being retried",
    "not yet delivered",
    "not yet been delivered",
    "could not be delivered yet",
    "延迟",
    "延误",
    "暂未送达",
];
/// The server goes on trying.
const TRYING: &[&str] = &[
    "will continue to try",
    "will continue trying",
    "will keep trying",
    "continue to be made",
    "still trying",
    "warning message only",
    "temporary failure report",
    "kept in the queue",
    "do not need to re-send",
    "do not need to resend",
    "will be retried",
    "will retry",
    "attempts will continue",
    "继续尝试",
    "继续投递",
    "稍后重试",
    "重新投递",
];
/// The server tries no more.
const GAVE_UP: &[&str] = &[
    "given up",
    "giving up",
    "gave up",
    "permanent error",
    "permanent fatal error",
    "could not be delivered for",
    "retry timeout exceeded",
    "no further attempt",
    "too long",
    "failed permanently",
    "will not be retried",
    "returned to sender",
    "expired",
    "i wasn't able to deliver",
    "unable to deliver your message",
];
/// The server could not hand the mail over; no letter with another one attached has these words.
const UNDELIVERED: &[&str] = &[
    "could not be delivered",
    "couldn't be delivered",
    "was not delivered",
    "undeliverable",
    "delivery failed",
    "delivery to the following",
    "无法投递",
    "投递失败",
];
/// The server refused the mail.
const REFUSED: &[&str] = &[
    "could not be delivered",
    "couldn't be delivered",
    "wasn't able to deliver",
    "was not delivered",
    "undeliverable",
    "did not reach",
    "user unknown",
    "unknown user",
    "no such user",
    "does not exist",
    "rejected",
    "not found",
    "mailbox full",
    "mailbox unavailable",
    "mailbox is full",
    "not a valid user",
    "delivery failed",
    "delivery to the following",
    "退信",
    "不存在",
    "拒收",
];
/// Beginnings of the subjects of people's answers and forwarded mails.
const ANSWERS: &[&str] =
    &["re:", "re：", "fw:", "fw：", "fwd:", "fwd：", "aw:", "回复:", "回复：", "答复:", "答复：", "转发:", "转发："];
/// Beginnings of the subjects of automatic answers.
const AUTOMATIC: &[&str] = &[
    "automatic reply",
    "auto reply",
    "auto-reply",
    "autoreply",
    "auto response",
    "autoresponse",
    "auto:",
    "out of office",
    "out of the office",
    "vacation",
    "on vacation",
    "away from",
    "read:",
    "not read:",
    "read receipt",
    "disposition",
    "return receipt",
    "automatische antwort",
    "réponse automatique",
    "自動返信",
    "자동 회신",
    "自动回复",
    "自动答复",
    "自動回覆",
    "自動回復",
    "自動答覆",
    "【自动回复】",
    "[自动回复]",
    "外出",
    "休假",
    "已读:",
    "已读：",
    "未读:",
    "未读：",
    "回执",
    "阅读回执",
    "答复: 自动回复",
];

/// Fixed sentences of vacation mails without a header field of RFC 3834.
const VACATIONS: &[&str] = &[
    "这是来自qq邮箱的假期自动回复邮件",
    "这是一封自动回复邮件",
    "此邮件为自动回复",
    "本邮件为自动回复",
    "此邮件为系统自动回复",
    "此为自动回复",
    "this is an automatic reply",
    "this is an automated reply",
    "this is an automated response",
];

/// Whether the value of `Auto-Submitted` says that a person wrote the mail (RFC 3834 §5: a keyword, then parameters and
/// comments).
pub(super) fn is_by_hand(value: &str) -> bool {
    value.split([';', '(', ' ', '\t']).next() == Some("no")
}

fn has(text: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| text.contains(phrase))
}

fn kept(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(KEPT).collect()
}
