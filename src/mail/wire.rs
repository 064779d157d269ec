//! Stream below a plaintext SMTP conversation: one reply line per read, no reply before its command.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// Longest reply, bytes; longer ones are refused (RFC 5321 §4.5.3.1.5 allows 512 per line).
const LONGEST_REPLY: usize = 16 * 1024;
/// First byte of a TLS handshake record; no SMTP command and no mail begins with it.
const TLS_HANDSHAKE: u8 = 0x16;

/// TCP stream that keeps lettre's reader in step with its commands.
///
/// lettre's read buffer survives STARTTLS and is not checked before the next command: replies sent too early, by a
/// faulty relay or an attacker (STARTTLS injection), would count as replies to later commands. This stream returns at
/// most one line per read and refuses writes while a positive reply is unread. After the TLS handshake begins it is
/// transparent.
#[derive(Debug)]
pub(super) struct Wire {
    stream: TcpStream,
    held: Vec<u8>,
    line_length: usize,
    encrypted: bool,
}

/// First reply of the relay.
pub(super) struct Greeting {
    pub(super) code: u16,
    pub(super) text: String,
}

impl Wire {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self { stream, held: Vec::new(), line_length: 0, encrypted: false }
    }

    /// Reads the greeting and keeps it buffered for lettre, which reads it again.
    pub(super) async fn greeting(&mut self) -> io::Result<Greeting> {
        loop {
            if let Some(greeting) = complete_reply(&self.held)? {
                return Ok(greeting);
            }
            if self.held.len() > LONGEST_REPLY {
                return Err(broken("the greeting is too long"));
            }
            if self.stream.read_buf(&mut self.held).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    fn refuse_early_reply(&mut self, outgoing: &[u8]) -> io::Result<()> {
        if self.encrypted {
            return Ok(());
        }
        if self.held.is_empty() {
            let mut look = [0; 512];
            match self.stream.try_read(&mut look) {
                Ok(n) => self.held.extend_from_slice(&look[..n]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        let starts_tls = outgoing.first() == Some(&TLS_HANDSHAKE);
        // A negative reply is legal at any time (421) and cannot be mistaken for success.
        let positive = matches!(self.held.first(), Some(b'2' | b'3'));
        if positive || (starts_tls && !self.held.is_empty()) {
            return Err(broken("a reply came before its question"));
        }
        self.encrypted = starts_tls;
        Ok(())
    }

    fn hand_on(&mut self, buffer: &mut ReadBuf<'_>) -> io::Result<()> {
        let line_end = self.held.iter().position(|&b| b == b'\n').map_or(self.held.len(), |at| at + 1);
        let count = if self.encrypted { self.held.len() } else { line_end }.min(buffer.remaining());
        buffer.put_slice(&self.held[..count]);
        let ended = self.held[..count].last() == Some(&b'\n');
        self.line_length = if ended { 0 } else { self.line_length + count };
        self.held.drain(..count);
        if !self.encrypted && self.line_length > LONGEST_REPLY {
            return Err(io::Error::other("a reply line is too long"));
        }
        Ok(())
    }
}

impl AsyncRead for Wire {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let wire = self.get_mut();
        if wire.held.is_empty() {
            if wire.encrypted {
                return Pin::new(&mut wire.stream).poll_read(cx, buffer);
            }
            let mut space = [0; 1024];
            let mut incoming = ReadBuf::new(&mut space);
            ready!(Pin::new(&mut wire.stream).poll_read(cx, &mut incoming))?;
            wire.held.extend_from_slice(incoming.filled());
        }
        Poll::Ready(wire.hand_on(buffer))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, outgoing: &[u8]) -> Poll<io::Result<usize>> {
        let wire = self.get_mut();
        wire.refuse_early_reply(outgoing)?;
        Pin::new(&mut wire.stream).poll_write(cx, outgoing)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

impl AsyncTokioStream for Wire {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.stream.peer_addr()
    }
}

fn complete_reply(bytes: &[u8]) -> io::Result<Option<Greeting>> {
    let mut rest = bytes;
    while let Some(end) = rest.iter().position(|&b| b == b'\n') {
        let line = &rest[..end];
        let code = line.get(..3).and_then(|digits| std::str::from_utf8(digits).ok()?.parse::<u16>().ok());
        let Some(code) = code else { return Err(broken("the greeting is not an SMTP reply")) };
        if line.get(3) != Some(&b'-') {
            let text = String::from_utf8_lossy(bytes).trim().to_owned();
            return Ok(Some(Greeting { code, text }));
        }
        rest = &rest[end + 1..];
    }
    Ok(None)
}

fn broken(text: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, text)
}
