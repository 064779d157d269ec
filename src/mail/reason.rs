//! Reasons of failed deliveries, grouped by the step that staff take.

use domain::requirement::Word;

/// Group of reasons with the same remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BounceReason {
    /// No such mailbox or domain: correct the address.
    Address,
    /// The mailbox exists and refuses, or the cause is unknown: ring the park.
    Refuses,
    /// The mailbox is full: wait, then send again.
    Full,
    /// Blocked as spam: for the operator.
    Spam,
    /// Refused by a rule of the receiver: for the operator.
    Policy,
    /// The receiver could not be reached in time: send again.
    Temporary,
}

impl Word for BounceReason {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("address", Self::Address),
        ("refuses", Self::Refuses),
        ("full", Self::Full),
        ("spam", Self::Spam),
        ("policy", Self::Policy),
        ("temporary", Self::Temporary),
    ];
}

/// Phrases of mail servers, in lower case; the first group with a match wins.
const PHRASES: &[(BounceReason, &[&str])] = &[
    (
        BounceReason::Full,
        &[
            "mailbox full",
            "mailbox is full",
            "mailbox has exceeded",
            "over quota",
            "overquota",
            "quota exceeded",
            "exceeded storage",
            "exceeds the quota",
            "quota exceed",
            "out of storage",
            "inbox is full",
            "disk full",
            "not enough storage",
            "insufficient storage",
            "insufficient system storage",
            "mailfolder is full",
            "邮箱已满",
            "邮箱空间",
            "空间不足",
            "容量已满",
            "信箱已满",
        ],
    ),
    (
        BounceReason::Spam,
        &[
            "spam",
            "blacklist",
            "block list",
            "blocklist",
            "blocked using",
            "spamhaus",
            "barracuda",
            "rbl",
            "dnsbl",
            "reputation",
            "junk",
            "unsolicited",
            "listed by",
            "listed in",
            "listed at",
            "垃圾",
            "黑名单",
        ],
    ),
    (
        BounceReason::Address,
        &[
            "user unknown",
            "unknown user",
            "no such user",
            "no such mailbox",
            "no such recipient",
            "no such address",
            "no such person",
            "not exist",
            "doesn't exist",
            "does not have an account",
            "mailbox not found",
            "user not found",
            "recipient not found",
            "address not found",
            "invalid recipient",
            "invalid mailbox",
            "invalid address",
            "unknown recipient",
            "recipient unknown",
            "unknown address",
            "address unknown",
            "unknown local",
            "no mailbox here",
            "mailbox unavailable",
            "unrouteable",
            "unroutable",
            "not our customer",
            "isn't in our",
            "not listed in",
            "recipient address rejected",
            "address rejected",
            "bad destination",
            "host unknown",
            "unknown host",
            "host not found",
            "name not found",
            "domain not found",
            "no such domain",
            "unknown domain",
            "couldn't find any host",
            "no mail exchanger",
            "nullmx",
            "null mx",
            "not a valid mailbox",
            "no valid",
            "不存在",
            "无此用户",
            "用户不存",
            "找不到",
            "地址错误",
            "收件人地址",
        ],
    ),
    (
        BounceReason::Policy,
        &[
            "policy",
            "dmarc",
            "spf",
            "dkim",
            "relay",
            "not authorized",
            "not authorised",
            "authentication",
            "too large",
            "too big",
            "message size",
            "size limit",
            "exceeds size",
            "content reject",
            "message content",
            "virus",
            "prohibited",
            "permission",
            "denied",
            "rate limit",
            "too many",
            "拒收",
            "被拒绝",
            "策略",
            "限制",
        ],
    ),
    (
        BounceReason::Temporary,
        &[
            "timed out",
            "timeout",
            "connection refused",
            "could not connect",
            "unable to connect",
            "unreachable",
            "expired",
            "retry time",
            "no route to host",
            "temporar",
            "try again",
            "queue too long",
            "too long",
            "lookup failure",
            "超时",
            "暂时",
            "稍后",
        ],
    ),
];

impl BounceReason {
    /// Groups a failure by its status code (RFC 3463) and the words of the server.
    pub(super) fn of(status: &str, words: &str) -> Self {
        let words = words.to_lowercase();
        let phrase = PHRASES.iter().find(|(_, phrases)| phrases.iter().any(|phrase| words.contains(phrase)));
        let mut digits = status.split('.').skip(1);
        let (subject, detail) = (digits.next().unwrap_or_default(), digits.next().unwrap_or_default());
        match (subject, detail, phrase) {
            ("2", "2", _) => Self::Full,
            ("1", "0" | "1" | "2" | "3" | "10", Some((Self::Spam, _))) => Self::Spam,
            ("1", "0" | "1" | "2" | "3" | "10", _) => Self::Address,
            ("2", "1", Some((Self::Address, _))) => Self::Address,
            ("2", "1", _) => Self::Refuses,
            (_, _, Some((reason, _))) => *reason,
            ("7", ..) | ("3", "4", _) | ("6", ..) => Self::Policy,
            ("4", ..) => Self::Temporary,
            _ if status.starts_with('4') => Self::Temporary,
            _ => Self::Refuses,
        }
    }
}
