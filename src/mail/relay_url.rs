//! `SMTP_URL`: address, credentials and TLS mode of the relay.

use std::net::IpAddr;

use percent_encoding::percent_decode_str;
use secrecy::SecretString;
use thiserror::Error;

/// TLS mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// No TLS; allowed to loopback only.
    Plain,
    /// STARTTLS; required, never downgraded.
    StartTls,
    /// Implicit TLS.
    Implicit,
}

/// Relay address: `smtp://` or `smtps://`, optional `user:password@`, port and `?tls=required`.
#[derive(Debug, Clone)]
pub struct RelayUrl {
    /// Host name or IP address, IPv6 without brackets.
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub credentials: Option<(String, SecretString)>,
}

/// Reasons why the URL of a relay or a mailbox is refused. No variant contains the password.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RelayUrlError {
    #[error("must begin with smtp:// or smtps:// (a mailbox: imaps://)")]
    Scheme,
    #[error("names no host")]
    Host,
    #[error("has a bad port")]
    Port,
    #[error("has a bad %XX sequence")]
    Encoding,
    #[error("needs both a user and a password, or neither")]
    Credentials,
    // The option is not repeated: an unencoded `?` in a password would put the password's tail into it.
    #[error("has an unknown option; the only one is tls=required")]
    Option,
    #[error("has a path, which a relay does not have")]
    Path,
    #[error("without TLS is for loopback only; use smtps:// or ?tls=required (a mailbox: imaps://)")]
    PlainBeyondLoopback,
}

impl RelayUrl {
    /// Parses a relay URL. Default ports: 25 without TLS, 587 with STARTTLS, 465 with implicit TLS.
    ///
    /// # Errors
    /// [`RelayUrlError`] with the invalid part.
    pub fn parse(url: &str) -> Result<Self, RelayUrlError> {
        let (scheme, rest) = url.trim().split_once("://").ok_or(RelayUrlError::Scheme)?;
        let implicit = match scheme.to_ascii_lowercase().as_str() {
            "smtp" => false,
            "smtps" => true,
            _ => return Err(RelayUrlError::Scheme),
        };
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        if !path.is_empty() {
            return Err(RelayUrlError::Path);
        }
        let tls_required = read_options(query)?;
        // A password may contain an unencoded `@`, a host never does.
        let (user_info, host_port) = match authority.rsplit_once('@') {
            Some((user_info, host_port)) => (Some(user_info), host_port),
            None => (None, authority),
        };
        let (host, port) = split_port(host_port)?;
        let security = match (implicit, tls_required) {
            (true, _) => Security::Implicit,
            (false, true) => Security::StartTls,
            (false, false) if is_loopback(&host) => Security::Plain,
            (false, false) => return Err(RelayUrlError::PlainBeyondLoopback),
        };
        let default_port = match security {
            Security::Plain => 25,
            Security::StartTls => 587,
            Security::Implicit => 465,
        };
        Ok(Self {
            host,
            port: port.unwrap_or(default_port),
            security,
            credentials: user_info.map(read_credentials).transpose()?,
        })
    }
}

fn read_options(query: &str) -> Result<bool, RelayUrlError> {
    let mut tls_required = false;
    for option in query.split('&').filter(|option| !option.is_empty()) {
        match option {
            "tls=required" => tls_required = true,
            _ => return Err(RelayUrlError::Option),
        }
    }
    Ok(tls_required)
}

pub(super) fn split_port(host_port: &str) -> Result<(String, Option<u16>), RelayUrlError> {
    let (host, port) = match host_port.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = rest.split_once(']').ok_or(RelayUrlError::Host)?;
            host.parse::<std::net::Ipv6Addr>().map_err(|_| RelayUrlError::Host)?;
            match after {
                "" => (host, None),
                _ => (host, Some(after.strip_prefix(':').ok_or(RelayUrlError::Host)?)),
            }
        }
        None => match host_port.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (host_port, None),
        },
    };
    let sound =
        !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b':'));
    if !sound {
        return Err(RelayUrlError::Host);
    }
    let port = port.map(|p| p.parse::<u16>().ok().filter(|&p| p != 0).ok_or(RelayUrlError::Port)).transpose()?;
    Ok((host.to_owned(), port))
}

pub(super) fn read_credentials(user_info: &str) -> Result<(String, SecretString), RelayUrlError> {
    let (user, password) = user_info.split_once(':').ok_or(RelayUrlError::Credentials)?;
    let (user, password) = (decode(user)?, decode(password)?);
    if user.is_empty() || password.is_empty() {
        return Err(RelayUrlError::Credentials);
    }
    Ok((user, SecretString::from(password)))
}

fn decode(text: &str) -> Result<String, RelayUrlError> {
    let bytes = text.as_bytes();
    let broken = |at: usize| !bytes.get(at + 1..at + 3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
    if bytes.iter().enumerate().any(|(at, &byte)| byte == b'%' && broken(at)) {
        return Err(RelayUrlError::Encoding);
    }
    Ok(percent_decode_str(text).decode_utf8().map_err(|_| RelayUrlError::Encoding)?.into_owned())
}

pub(super) fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
