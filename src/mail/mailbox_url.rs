//! `receive.imap_url`: server, credentials and folder of a mailbox.

use percent_encoding::percent_decode_str;
use secrecy::SecretString;

use super::relay_url::{RelayUrlError, is_loopback, read_credentials, split_port};

/// Address of a mailbox: `imaps://USER:PASSWORD@HOST[:PORT][/FOLDER]`; `imap://` without TLS to loopback only.
#[derive(Debug, Clone)]
pub struct MailboxUrl {
    /// Host name or IP address, IPv6 without brackets.
    pub host: String,
    pub port: u16,
    /// Whether the connection is encrypted from its first byte on (RFC 8314).
    pub is_encrypted: bool,
    pub user: String,
    pub password: SecretString,
    /// Folder as the server names it, `INBOX` where absent.
    pub folder: String,
}

impl MailboxUrl {
    /// Parses the address. Default ports: 993 with TLS, 143 without.
    ///
    /// # Errors
    /// [`RelayUrlError`] with the invalid part.
    pub fn parse(url: &str) -> Result<Self, RelayUrlError> {
        let (scheme, rest) = url.trim().split_once("://").ok_or(RelayUrlError::Scheme)?;
        let is_encrypted = match scheme.to_ascii_lowercase().as_str() {
            "imaps" => true,
            "imap" => false,
            _ => return Err(RelayUrlError::Scheme),
        };
        // A password may contain an unencoded `@`, a host never does.
        let (user_info, place) = rest.rsplit_once('@').ok_or(RelayUrlError::Credentials)?;
        let (authority, folder) = place.split_once('/').unwrap_or((place, ""));
        let (host, port) = split_port(authority)?;
        if !is_encrypted && !is_loopback(&host) {
            return Err(RelayUrlError::PlainBeyondLoopback);
        }
        let (user, password) = read_credentials(user_info)?;
        let folder = percent_decode_str(folder).decode_utf8().map_err(|_| RelayUrlError::Encoding)?;
        let folder = if folder.is_empty() { "INBOX".to_owned() } else { folder.into_owned() };
        let port = port.unwrap_or(if is_encrypted { 993 } else { 143 });
        Ok(Self { host, port, is_encrypted, user, password, folder })
    }

    /// Name under which the position in the mailbox is stored: without the password, which may change.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}@{}:{}/{}", self.user, self.host, self.port, self.folder)
    }
}
