//! The accept loop against slow, silent and lying clients, over real sockets.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderMap, HeaderValue};
use hyper::body::Frame;
use luodi::web::extract::{Peer, network, read_body};
use luodi::web::gate::{Front, Gate};
use luodi::web::serve::serve;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::app::TestApp;
use crate::database;

struct Server {
    address: SocketAddr,
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
    _test: TestApp,
}

/// Limit of a request's head in these tests, one second as [`start`] configures it.
pub(crate) const HEAD_LIMIT: Duration = Duration::from_secs(1);

async fn start() -> Server {
    start_with(&[("LUODI__SERVER__HEAD_SECONDS", "1"), ("LUODI__SERVER__BODY_SECONDS", "1")]).await
}

/// The answer to a head that is finished one second after its limit; empty where the server has closed by then.
pub(crate) async fn late_head(address: SocketAddr, limit: Duration) -> String {
    let mut stream = TcpStream::connect(address).await.expect("connects");
    stream.write_all(b"GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: ").await.expect("writes");
    let mut answer = String::new();
    let closing = tokio::time::timeout(limit + Duration::from_secs(1), stream.read_to_string(&mut answer));
    if let Ok(closed) = closing.await {
        closed.expect("is closed in order");
        return answer;
    }
    stream.write_all(b"close\r\n\r\n").await.expect("writes");
    rest(stream).await
}

async fn start_with(limits: &[(&str, &str)]) -> Server {
    let limits = [&[("LUODI__SERVER__DRAIN_SECONDS", "5")], limits].concat();
    let test = TestApp::over(database::sqlite().await, &limits).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (stop, gate) = (CancellationToken::new(), Gate::new(8));
    let front = Front::new(&test.app, &gate);
    let task = tokio::spawn(serve(listener, front, stop.clone()));
    Server { address, stop, task, _test: test }
}

/// Sends bytes and returns everything until the server closes.
async fn exchange(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.expect("connects");
    stream.write_all(bytes).await.expect("writes");
    let mut answer = Vec::new();
    let limit = Duration::from_secs(10);
    tokio::time::timeout(limit, stream.read_to_end(&mut answer)).await.expect("is closed").expect("reads");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_head_a_silent_and_an_idle_connection_are_closed_in_time() {
    let server = start().await;
    assert_eq!(late_head(server.address, HEAD_LIMIT).await, "", "closed before the head was finished");
    for bytes in [&b""[..], LIVE] {
        exchange(server.address, bytes).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_is_understood_however_it_comes() {
    let server = start().await;
    let cookie = format!("Cookie: {}\r\n", "x".repeat(6_000));
    let long = format!("GET /livez HTTP/1.1\r\nHost: x\r\n{cookie}Connection: close\r\n\r\n");
    let short = "GET /livez HTTP/1.0\r\n\r\n";
    for (request, piece) in [(short, 1), ("\r\nGET /livez HTTP/1.0\n\n", 1), (&long, 500), (&long, 10_000)] {
        let mut stream = TcpStream::connect(server.address).await.expect("connects");
        stream.set_nodelay(true).expect("no delay");
        for piece in request.as_bytes().chunks(piece) {
            stream.write_all(piece).await.expect("writes");
            tokio::task::yield_now().await;
        }
        let answer = rest(stream).await;
        assert!(answer.starts_with("HTTP/1.") && answer.contains(" 200 OK"), "{request}: {answer}");
    }
    let two = exchange(server.address, &[LIVE, short.as_bytes()].concat()).await;
    assert_eq!(two.matches(" 200 OK").count(), 2, "{two}");
    // Half of the long one is closed too.
    exchange(server.address, &long.as_bytes()[..5_000]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_http_is_refused_without_waiting_for_more() {
    let server = start_with(&[("LUODI__SERVER__HEAD_SECONDS", "60")]).await;
    for bytes in [&b"\x16\x03\x01\x00"[..], b"GET /livez\r\n", b"GET /livez HTTP/7\r\nHost: x\r\n"] {
        let answer = exchange(server.address, bytes).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_head_that_was_begun_before_the_end_is_answered() {
    let (server, first, mut queued) = crowded().await;
    for stream in &mut queued {
        stream.write_all(&LIVE[..10]).await.expect("writes");
    }
    server.stop.cancel();
    rest(first).await;
    for stream in &mut queued {
        stream.write_all(&LIVE[10..]).await.expect("writes");
    }
    for stream in queued {
        assert!(rest(stream).await.starts_with("HTTP/1.1 200"));
    }
    server.task.await.expect("without a panic");
}

/// A body of a thousand frames that counts how many of them are alive, now and at most.
#[derive(Default)]
struct Pieces {
    sent: usize,
    alive: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

struct Piece(Arc<AtomicUsize>);

impl AsRef<[u8]> for Piece {
    fn as_ref(&self) -> &[u8] {
        b" "
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.sent += 1;
        if self.sent > 1_000 {
            return Poll::Ready(None);
        }
        let alive = self.alive.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(alive, Ordering::SeqCst);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_owner(Piece(Arc::clone(&self.alive)))))))
    }
}

#[tokio::test]
async fn one_frame_of_a_body_is_held_at_a_time() {
    let test = TestApp::over(database::sqlite().await, &[]).await;
    let pieces = Pieces::default();
    let most = Arc::clone(&pieces.most);
    let bytes = read_body(Body::new(pieces), &test.app).await.map_err(|problem| problem.code).expect("a body");
    assert_eq!((bytes.len(), most.load(Ordering::SeqCst)), (1_000, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_body_is_answered_408() {
    let server = start().await;
    let head =
        "POST /api/v1/matches HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
    let answer = exchange(server.address, head.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_says_not_ready_at_once_and_ends_with_idle_connections_open() {
    let server = start().await;
    let idle = TcpStream::connect(server.address).await.expect("connects");
    server.stop.cancel();
    // The order to stop is seen by the accept loop's own task.
    while !exchange(server.address, b"GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .await
        .starts_with("HTTP/1.1 503")
    {
        tokio::task::yield_now().await;
    }
    tokio::time::timeout(Duration::from_secs(10), server.task).await.expect("ends").expect("without a panic");
    drop(idle);
}

const LIVE: &[u8] = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n";

/// A server that has one place, the connection that has it (answered, now idle), and connections that its kernel holds
/// in the queue until the end.
async fn crowded() -> (Server, TcpStream, Vec<TcpStream>) {
    let server = start_with(&[("LUODI__SERVER__MAX_CONNECTIONS", "1")]).await;
    let mut first = TcpStream::connect(server.address).await.expect("connects");
    first.write_all(LIVE).await.expect("writes");
    let mut answer = [0; 15];
    first.read_exact(&mut answer).await.expect("is answered");
    assert_eq!(&answer, b"HTTP/1.1 200 OK");
    let mut queued = Vec::new();
    for _ in 0..32 {
        queued.push(TcpStream::connect(server.address).await.expect("connects"));
    }
    (server, first, queued)
}

/// Everything until the server closes, which it does in order.
async fn rest(mut stream: TcpStream) -> String {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("is closed in order");
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_wait_in_the_queue_at_the_end_are_answered() {
    let (server, first, mut queued) = crowded().await;
    for stream in &mut queued {
        stream.write_all(LIVE).await.expect("writes");
    }
    server.stop.cancel();
    for stream in queued {
        assert!(rest(stream).await.starts_with("HTTP/1.1 200"));
    }
    rest(first).await;
    server.task.await.expect("without a panic");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_request_that_comes_after_the_end_is_answered_and_an_idle_connection_is_closed_before() {
    let (server, first, mut queued) = crowded().await;
    server.stop.cancel();
    // Its end says that the end has come; the others have asked nothing yet.
    rest(first).await;
    let refused = TcpStream::connect(server.address).await.expect_err("nobody listens");
    assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
    for stream in &mut queued {
        stream.write_all(LIVE).await.expect("writes");
    }
    for stream in queued {
        assert!(rest(stream).await.starts_with("HTTP/1.1 200"));
    }
    server.task.await.expect("without a panic");
}

#[test]
fn what_a_client_forges_into_forwarded_addresses_changes_nothing() {
    let peer = Some(Peer("192.0.2.1:9".parse().expect("an address")));
    let headers = |value: &str| {
        HeaderMap::from_iter([(
            "x-forwarded-for".parse().expect("a name"),
            HeaderValue::from_str(value).expect("a value"),
        )])
    };
    assert_eq!(network(peer, &headers("203.0.113.9"), 0), "192.0.2.1");
    assert_eq!(network(peer, &headers("203.0.113.9, 198.51.100.7"), 1), "198.51.100.7");
    assert_eq!(network(peer, &headers("203.0.113.1, 203.0.113.2, 198.51.100.7"), 1), "198.51.100.7");
    assert_eq!(network(peer, &headers("garbage, 198.51.100.7"), 1), "198.51.100.7");
    assert_eq!(network(peer, &headers("garbage"), 1), "192.0.2.1");
    assert_eq!(network(peer, &HeaderMap::new(), 2), "192.0.2.1");
}
