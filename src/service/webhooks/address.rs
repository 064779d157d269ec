//! Addresses of webhooks: their form, and whether a service may be made to call them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::config::{Config, Profile};

/// Longest address, in characters.
const LONGEST: usize = 2_000;
/// Last characters of an address that lists show: enough to tell two apart, too few to call a robot.
const SHOWN_END: usize = 4;

/// An address of a receiver, in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookAddress {
    /// Whether it is `https`.
    pub is_tls: bool,
    /// Host name or address, without brackets.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Host and port as they are written.
    pub authority: String,
    /// Path and query.
    pub target: String,
}

impl WebhookAddress {
    /// Parses an absolute `http` or `https` address; none with user, password or fragment.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST || !text.bytes().all(|byte| byte.is_ascii_graphic()) || text.contains(['#', '\\', '"'])
        {
            return None;
        }
        let (scheme, rest) = text.split_once("://")?;
        let is_tls = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at(end);
        let target = if target.starts_with('/') { target.to_owned() } else { format!("/{target}") };
        let (host, port) = match authority.strip_prefix('[') {
            Some(inside) => {
                let (host, after) = inside.split_once(']')?;
                host.parse::<Ipv6Addr>().ok()?;
                (host, after)
            }
            None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
        };
        let port = match port.strip_prefix(':') {
            Some(digits) => digits.parse().ok().filter(|port| *port > 0)?,
            None if port.is_empty() && is_tls => 443,
            None if port.is_empty() => 80,
            None => return None,
        };
        let is_name = |host: &str| host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
        if host.is_empty() || !(is_name(host) || authority.starts_with('[')) {
            return None;
        }
        Some(Self { is_tls, host: host.to_ascii_lowercase(), port, authority: authority.to_owned(), target })
    }

    /// The address as lists show it: path and query of a robot are its secret.
    #[must_use]
    pub fn shown(&self) -> String {
        let scheme = if self.is_tls { "https" } else { "http" };
        let characters: Vec<char> = self.target.chars().collect();
        let end: String = characters[characters.len().saturating_sub(SHOWN_END)..].iter().collect();
        format!("{scheme}://{}/…{}", self.authority, end.trim_start_matches('/'))
    }

    /// The address as a number, where the host is one or names this machine.
    fn number(&self) -> Option<IpAddr> {
        if self.host == "localhost" || self.host.ends_with(".localhost") {
            return Some(IpAddr::V4(Ipv4Addr::LOCALHOST));
        }
        self.host.parse().ok()
    }

    /// Whether it may be entered: encrypted, or on this machine outside production.
    #[must_use]
    pub fn is_safe(&self, config: &Config) -> bool {
        let is_own = self.number().is_some_and(|address| address.is_loopback());
        self.is_tls || (is_own && config.profile != Profile::Production)
    }

    /// Whether its host is a number that may not be called. A name is judged at each attempt, by the addresses that it then has.
    #[must_use]
    pub fn is_refused(&self, config: &Config) -> bool {
        self.number().is_some_and(|address| !may_call(config, address))
    }
}

/// Whether the service may call a machine.
#[must_use]
pub fn may_call(config: &Config, address: IpAddr) -> bool {
    config.webhooks.private_network
        || is_public(address)
        || (config.profile != Profile::Production && address.is_loopback())
}

/// Whether an address belongs to the public network (IANA's registries of special-purpose addresses, RFC 6890).
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_shared = a == 100 && (64..128).contains(&b);
    let is_protocol = a == 192 && b == 0 && c == 0;
    let is_benchmark = a == 198 && (18..20).contains(&b);
    let is_special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || is_shared
        || is_protocol
        || is_benchmark;
    // 0.0.0.0/8 is this network; from 224.0.0.0 on are multicast and reserved addresses.
    !is_special && a != 0 && a < 224
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let inside = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match (a, b) {
        // An IPv4 address in the clothes of IPv6: mapped, by NAT64 (RFC 6052), by 6to4.
        (0, 0) if (c, d, e, f) == (0, 0, 0, 0xffff) => inside(g, h),
        (0x64, 0xff9b) if (c, d, e, f) == (0, 0, 0, 0) => inside(g, h),
        (0x2002, _) => inside(b, c),
        // Teredo, documentation, benchmarks and other protocols.
        (0x2001, b) if b < 0x200 || b == 0xdb8 => false,
        // Global unicast is 2000::/3 alone (RFC 4291).
        _ => (0x2000..0x4000).contains(&a),
    }
}

#[cfg(test)]
mod tests {
    use super::{WebhookAddress, is_public};

    #[test]
    fn an_address_is_taken_apart_and_anything_odd_is_none() {
        let parts = |text: &str| WebhookAddress::parse(text).map(|it| (it.is_tls, it.host, it.port, it.target));
        let right = [
            ("https://a.example/x?key=1", (true, "a.example", 443, "/x?key=1")),
            ("HTTPS://A.example", (true, "a.example", 443, "/")),
            ("https://a.example?key=1", (true, "a.example", 443, "/?key=1")),
            ("http://127.0.0.1:8080/", (false, "127.0.0.1", 8080, "/")),
            ("https://[2001:db8::1]:444/x", (true, "2001:db8::1", 444, "/x")),
        ];
        for (text, (is_tls, host, port, target)) in right {
            assert_eq!(parts(text), Some((is_tls, host.to_owned(), port, target.to_owned())), "{text}");
        }
        let wrong = [
            "",
            "ftp://a.example/",
            "https://",
            "https://u:p@a.example/",
            "https://a.example/#x",
            "https://a b/",
            "https://a.example:0/",
            "https://a.example:99999/",
            "https://[::1/",
            "https://[x]/",
            "https://示例.cn/",
            "https://[::1]x/",
            "//a.example/",
            "https://a.example\\@b.example/",
        ];
        for text in wrong {
            assert_eq!(parts(text), None, "{text}");
        }
    }

    #[test]
    fn a_list_shows_neither_path_nor_query_of_a_robot() {
        let shown = |text: &str| WebhookAddress::parse(text).map(|it| it.shown()).unwrap_or_default();
        assert_eq!(
            shown("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6"),
            "https://qyapi.weixin.qq.com/…91f6"
        );
        assert_eq!(shown("https://a.example"), "https://a.example/…");
    }

    #[test]
    fn private_networks_are_known_in_every_spelling() {
        let private = [
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "127.0.0.1",
            "169.254.169.254",
            "0.0.0.0",
            "0.1.2.3",
            "100.64.0.1",
            "192.0.0.1",
            "192.0.2.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "::127.0.0.1",
        ];
        for text in private {
            assert!(!is_public(text.parse().expect("an address")), "{text}");
        }
        for text in ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2400:3200::1", "::ffff:1.1.1.1", "64:ff9b::101:101"] {
            assert!(is_public(text.parse().expect("an address")), "{text}");
        }
    }
}
