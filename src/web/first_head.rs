//! A connection's first head, gathered in little memory: hyper takes 16 KB for a connection that has said nothing, and 24
//! for one that has said half a head.

use std::io::Cursor;
use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio::time::Instant;

/// How long a head is gathered for, bytes; what a longer one needs is hyper's to say.
const LONGEST: usize = 4096;
/// Room for most heads, bytes: one read.
const USUAL: usize = 1024;

/// What a connection has said until hyper can judge it.
pub(super) struct FirstHead {
    heard: Vec<u8>,
    /// Until when the rest must have come; none where all of it has, or where there is no limit.
    limit: Option<Instant>,
}

impl FirstHead {
    /// How long hyper may wait for a head: for one that has begun to come, no longer than it has left.
    pub(super) fn left(&self, head: Duration) -> Duration {
        self.limit.map_or(head, |limit| limit.saturating_duration_since(Instant::now()))
    }

    /// What was said, to be read before the rest.
    pub(super) fn bytes(self) -> Cursor<Vec<u8>> {
        Cursor::new(self.heard)
    }
}

/// Reads until a head is whole or hyper has to judge what has come; none where nothing came, or no end of it in time.
/// `closed` ends the wait for the first byte alone.
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
    /// No head of HTTP/1: hyper refuses it at once.
    Foreign,
}

fn judge(heard: &[u8]) -> HeadState {
    // As hyper does: empty lines before a request count for nothing.
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
