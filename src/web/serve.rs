//! The accept loop: a time limit on every head, a cap on connections, and a graceful end.

use std::convert::Infallible;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::extract::Peer;
use super::first_head::{self, FirstHead};
use super::gate::Front;

/// How long after the order to end new connections are still taken, so that whoever asks hears that we are not ready.
const FAREWELL: Duration = Duration::from_secs(1);
/// How long a connection that has asked nothing may take for its first request once the end has come, from when it was
/// taken: a proxy connects before it sends, and hyper would close it without an answer.
const FIRST_REQUEST: Duration = Duration::from_secs(2);
/// How many connections the kernel's queue may hold, as far as Linux lets it (`net.core.somaxconn`), and how many are
/// taken from it at the end: a crowd that keeps coming must not put that off.
const QUEUE: u32 = 4096;

/// Listens with a long queue: what finds it full may be dropped by the kernel after its client was told that it is
/// connected, and waits for an answer that nobody knows of.
///
/// # Errors
/// The address cannot be had.
pub fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // As after the last process, whose connections may still be ending.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(QUEUE)
}

/// Serves until `stop`; then `/readyz` says no at once, requests that were begun or are on their way finish, idle
/// connections are closed, and after `drain_seconds` whatever is left is dropped.
///
/// `axum::serve` is not used: it has no limit on how long a head may take (UPSTREAM-HAZARDS.md F4).
pub async fn serve(listener: TcpListener, front: Front, stop: CancellationToken) {
    let settings = front.settings();
    let places = Arc::new(Semaphore::new(settings.max_connections));
    let head = Duration::from_secs(settings.head_seconds);
    let (closing, connections) = (CancellationToken::new(), TaskTracker::new());
    let hold = |stream, peer, place: Option<OwnedSemaphorePermit>| {
        connections.spawn(connection(stream, Peer(peer), place, front.clone(), head, closing.clone()));
    };
    let ending = async {
        stop.cancelled().await;
        front.gate().drain();
        tokio::time::sleep(FAREWELL).await;
    };
    tokio::pin!(ending);
    loop {
        // At the cap accepting waits: the kernel's queue holds the rest.
        let place = tokio::select! {
            place = places.clone().acquire_owned() => place,
            () = &mut ending => break,
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut ending => break,
        };
        match accepted {
            Ok((stream, peer)) => hold(stream, peer, place.ok()),
            Err(error) => {
                // Out of file descriptors: wait for connections to end.
                tracing::warn!(%error, "accept");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    // To their clients they are connected: closing the listener would reset them, with the requests they have sent.
    for (stream, peer) in still_queued(listener) {
        hold(stream, peer, None);
    }
    closing.cancel();
    connections.close();
    if tokio::time::timeout(Duration::from_secs(settings.drain_seconds), connections.wait()).await.is_err() {
        tracing::warn!(left = connections.len(), "connections did not end in time");
    }
}

/// What waits in the kernel's queue, above the cap too; the listener is closed as soon as it is empty.
fn still_queued(listener: TcpListener) -> Vec<(TcpStream, SocketAddr)> {
    let Ok(listener) = listener.into_std() else { return Vec::new() };
    let mut queued = Vec::new();
    for _ in 0..QUEUE {
        match listener.accept() {
            Ok(taken) => queued.push(taken),
            // One that its client has given up.
            Err(error) if error.kind() == ErrorKind::ConnectionAborted => {}
            Err(_) => break,
        }
    }
    drop(listener);
    let ours = |stream: std::net::TcpStream| {
        stream.set_nonblocking(true)?;
        TcpStream::from_std(stream)
    };
    queued.into_iter().filter_map(|(stream, peer)| Some((ours(stream).ok()?, peer))).collect()
}

/// One connection from its first byte to its end.
async fn connection(
    mut stream: TcpStream,
    peer: Peer,
    place: Option<OwnedSemaphorePermit>,
    front: Front,
    head: Duration,
    closing: CancellationToken,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "nodelay");
    }
    let taken = Instant::now();
    let limit = (!crate::guard::is_out("head-limit")).then_some(taken + head);
    let closed = async {
        closing.cancelled().await;
        tokio::time::sleep_until(taken + FIRST_REQUEST).await;
    };
    let Some(first) = first_head::gather(&mut stream, limit, closed).await else { return };
    // Most connections that are held are held before this: they should not have room for what comes after.
    Box::pin(answer(stream, peer, front, first, head, closing)).await;
    drop(place);
}

/// Hands a connection whose first head has come to hyper.
async fn answer(
    mut stream: TcpStream,
    peer: Peer,
    front: Front,
    first: FirstHead,
    head: Duration,
    closing: CancellationToken,
) {
    let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        let answer = front.clone().answer(request);
        async { Ok::<_, Infallible>(answer.await) }
    });
    let head = first.left(head);
    let (reader, writer) = stream.split();
    let stream = tokio::io::join(first.bytes().chain(reader), writer);
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(if crate::guard::is_out("head-limit") { None } else { Some(head) })
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        // It reads what has come before it may hear of the end: otherwise it would close without an answer.
        biased;
        ended = connection.as_mut() => ended,
        () = closing.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "connection");
    }
}
