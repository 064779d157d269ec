//! First request head of a connection, buffered in 1 KB: hyper allocates 16 KB for an idle connection and 24 KB for one
//! that has sent half a head.

use std::io::Cursor;
use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio::time::Instant;

/// Longest head that is buffered, bytes; a longer one is passed to hyper, which applies its own limit.
const LONGEST: usize = 4096;
/// Initial buffer, bytes: most heads fit, so that one read suffices.
const USUAL: usize = 1024;

/// Bytes received before hyper takes over the connection.
pub(super) struct FirstHead {
    heard: Vec<u8>,
    /// Deadline of the head; none where the head is complete, or where no limit applies.
    limit: Option<Instant>,
}

impl FirstHead {
    /// Returns the header timeout to give to hyper: the time left for a head that has begun.
    pub(super) fn left(&self, head: Duration) -> Duration {
        self.limit.map_or(head, |limit| limit.saturating_duration_since(Instant::now()))
    }

    /// Returns the buffered bytes, to be read before the stream.
    pub(super) fn bytes(self) -> Cursor<Vec<u8>> {
        Cursor::new(self.heard)
    }
}

/// Reads until the head is complete or too long; `None` where the connection closed, or the head missed its deadline.
/// `closed` ends the wait for the first byte only.
pub(super) async fn gather(
    stream: &mut TcpStream,
    limit: Option<Instant>,
    closed: impl Future<Output = ()>,
) -> Option<FirstHead> {
    let mut heard = Vec::new();
    let reading = async {
        tokio::select! {
            biased;
            ready = stream.readable() => ready.ok()?,
            () = closed => return None,
        }
        loop {
            if heard.len() == heard.capacity() {
                heard.reserve(USUAL);
            }
            let ended = stream.read_buf(&mut heard).await.map_or(true, |count| count == 0);
            match judge(&heard) {
                HeadState::Whole => return Some(true),
                HeadState::Begun if !ended && heard.len() < LONGEST => {}
                HeadState::Begun | HeadState::Foreign => return Some(false),
            }
        }
    };
    let is_whole = match limit {
        Some(limit) => tokio::time::timeout_at(limit, reading).await.ok()??,
        None => reading.await?,
    };
    Some(FirstHead { heard, limit: limit.filter(|_| !is_whole) }).filter(|it| !it.heard.is_empty())
}

#[derive(Debug, PartialEq, Eq)]
enum HeadState {
    Begun,
    Whole,
    /// Not HTTP/1: hyper refuses it at once.
    Foreign,
}

fn judge(heard: &[u8]) -> HeadState {
    // hyper ignores empty lines before a request (RFC 9112 §2.2), so they do not begin a head.
    let Some(start) = heard.iter().position(|byte| !matches!(byte, b'\r' | b'\n')) else { return HeadState::Begun };
    let said = &heard[start..];
    let line = said.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let is_http = line.len() == said.len()
        || [&b" HTTP/1.1"[..], b" HTTP/1.0"].iter().any(|version| line.trim_ascii_end().ends_with(version));
    if !said[0].is_ascii_alphabetic() || !is_http {
        HeadState::Foreign
    } else if said.windows(2).any(|two| two == b"\n\n") || said.windows(3).any(|three| three == b"\n\r\n") {
        HeadState::Whole
    } else {
        HeadState::Begun
    }
}
