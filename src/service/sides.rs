//! The two sides of an inquiry, known by their mail addresses.

/// Side of an inquiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The enterprise that asks.
    Enterprise,
    /// The park that is asked.
    Park,
}

impl Side {
    /// The side that is written to.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Enterprise => Self::Park,
            Self::Park => Self::Enterprise,
        }
    }

    /// Word in the proof of a reply address and in the name of a rate limit.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Enterprise => "enterprise",
            Self::Park => "park",
        }
    }
}

/// Mail hosts at which anybody has an address: a shared host shows no common side.
const PUBLIC_HOSTS: &[&str] = &[
    "qq.com",
    "vip.qq.com",
    "foxmail.com",
    "163.com",
    "vip.163.com",
    "126.com",
    "vip.126.com",
    "yeah.net",
    "139.com",
    "189.cn",
    "wo.cn",
    "sina.com",
    "sina.cn",
    "vip.sina.com",
    "sina.com.cn",
    "sohu.com",
    "tom.com",
    "21cn.com",
    "263.net",
    "aliyun.com",
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "live.cn",
    "msn.com",
    "icloud.com",
    "me.com",
    "yahoo.com",
    "yahoo.cn",
    "yahoo.com.cn",
    "proton.me",
    "protonmail.com",
    "188.com",
    "wo.com.cn",
    "189.com",
    "263.com",
    "sina.net",
    "vip.sohu.com",
    "eyou.com",
    "msn.cn",
    "aol.com",
    "mail.com",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "t-online.de",
    "yandex.com",
    "yandex.ru",
    "mail.ru",
    "zoho.com",
    "zohomail.cn",
    "naver.com",
    "daum.net",
    "hanmail.net",
    "fastmail.com",
    "tutanota.com",
    "mac.com",
    "rediffmail.com",
    "pchome.com.tw",
    "seed.net.tw",
    "hinet.net",
    "netvigator.com",
];
/// Public hosts with a domain in many countries (`yahoo.co.jp`, `hotmail.fr`).
const PUBLIC_FAMILIES: &[&str] = &["yahoo", "hotmail", "outlook", "live", "gmx", "yandex"];

/// Returns the side of a sender: its known address, or another one of that address's own mail domain. `None`
/// for strangers, and where both sides fit.
#[must_use]
pub fn side_of(from: &str, enterprise: &str, park: &str) -> Option<Side> {
    let fits = |is_like: fn(&str, &str) -> bool| match (is_like(from, enterprise), is_like(from, park)) {
        (true, false) => Some(Side::Enterprise),
        (false, true) => Some(Side::Park),
        _ => None,
    };
    fits(str::eq_ignore_ascii_case).or_else(|| fits(is_of_one_domain))
}

fn is_of_one_domain(one: &str, other: &str) -> bool {
    let host = |address: &str| address.rsplit_once('@').map(|(_, host)| host.to_ascii_lowercase());
    match (host(one), host(other)) {
        (Some(one), Some(other)) => one == other && !is_public(&one),
        _ => false,
    }
}

fn is_public(host: &str) -> bool {
    let mut labels = host.split('.');
    let (first, rest) = (labels.next().unwrap_or_default(), labels.collect::<Vec<_>>());
    // `outlook.example.com` is a host of its own.
    let is_country = rest.len() <= 2 && rest.iter().all(|label| label.len() <= 3);
    PUBLIC_HOSTS.contains(&host) || PUBLIC_FAMILIES.contains(&first) && is_country
}
