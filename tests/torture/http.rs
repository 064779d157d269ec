//! An HTTP client that is as small as can be: one connection a request, and every doubt an error.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

const LIMIT: Duration = Duration::from_secs(10);

/// An answer that came whole.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

pub(crate) async fn get(server: SocketAddr, path: &str) -> io::Result<Answer> {
    call(server, &request("GET", path, None, "")).await
}

pub(crate) async fn post(server: SocketAddr, path: &str, key: &str, body: &str) -> io::Result<Answer> {
    call(server, &request("POST", path, Some(key), body)).await
}

/// An erasure under its key.
#[cfg(feature = "failpoints")]
pub(crate) async fn delete(server: SocketAddr, path: &str, key: &str) -> io::Result<Answer> {
    call(server, &request("DELETE", path, Some(key), "")).await
}

/// A request's bytes.
pub(crate) fn request(method: &str, path: &str, key: Option<&str>, body: &str) -> String {
    let key = key.map(|key| format!("Idempotency-Key: {key}\r\n")).unwrap_or_default();
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nHost: torture.example.com\r\nConnection: close\r\n{key}\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

/// Sends a request's bytes.
pub(crate) async fn call(server: SocketAddr, request: &str) -> io::Result<Answer> {
    timeout(LIMIT, converse(server, request)).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
}

async fn converse(server: SocketAddr, request: &str) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(server).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await?;
    let text = String::from_utf8(bytes).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
    let (head, body) = text.split_once("\r\n\r\n").ok_or(io::ErrorKind::UnexpectedEof)?;
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
    let answer = Answer { status, head: head.to_owned(), body: body.to_owned() };
    // A server that dies while it writes must not look like one that has answered.
    let length: usize = answer.header("content-length").and_then(|value| value.parse().ok()).unwrap_or(0);
    if answer.body.len() < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(answer)
}
