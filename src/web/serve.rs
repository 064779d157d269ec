//! Accept loop: header timeout, connection cap, graceful shutdown.

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

/// Time after SIGTERM in which new connections are still accepted: load balancers see `/readyz` fail before the
/// listener closes.
const ACCEPT_AFTER_STOP: Duration = Duration::from_secs(1);
/// Pause after a failed accept (EMFILE): accepting resumes when connections close, without a busy loop until then.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// Time from accept to the first request head during shutdown: proxies connect before they send, and hyper would close
/// the idle connection without a response.
const FIRST_REQUEST: Duration = Duration::from_secs(2);
/// Listen backlog, capped by Linux at `net.core.somaxconn`; also the most connections taken from it at shutdown, so
/// that steady arrivals cannot delay it.
const QUEUE: u32 = 4096;

/// Listens with a long backlog: above it the kernel drops handshakes that the client believes complete, and the client
/// waits for its own timeout.
///
/// # Errors
/// [`std::io::Error`] where the address cannot be bound.
pub fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // Connections of the previous process may still be in TIME_WAIT.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(QUEUE)
}

/// Serves until `stop`. Then `/readyz` fails at once, requests in progress or in the backlog finish, idle connections
/// are closed, and after `drain_seconds` the rest is dropped.
///
/// `axum::serve` is not used: it has no header timeout (UPSTREAM-HAZARDS.md F4).
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
        tokio::time::sleep(ACCEPT_AFTER_STOP).await;
    };
    tokio::pin!(ending);
    loop {
        // At the cap accepting pauses: the kernel's backlog holds further connections.
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
                tracing::warn!(%error, "accept");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    // Their clients see them connected: closing the listener would reset them, with the requests already sent.
    for (stream, peer) in still_queued(listener) {
        hold(stream, peer, None);
    }
    closing.cancel();
    connections.close();
    if tokio::time::timeout(Duration::from_secs(settings.drain_seconds), connections.wait()).await.is_err() {
        tracing::warn!(left = connections.len(), "connections did not end in time");
    }
}

/// Accepts the connections left in the backlog, even above the cap; the listener closes as soon as the backlog is
/// empty.
fn still_queued(listener: TcpListener) -> Vec<(TcpStream, SocketAddr)> {
    let Ok(listener) = listener.into_std() else { return Vec::new() };
    let mut queued = Vec::new();
    for _ in 0..QUEUE {
        match listener.accept() {
            Ok(taken) => queued.push(taken),
            // The client gave up while it was queued.
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

/// One connection from accept to close.
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
    // Boxed: most idle connections wait before this point and should not reserve the larger future.
    Box::pin(answer(stream, peer, front, first, head, closing)).await;
    drop(place);
}

/// Passes a connection with a complete first head to hyper.
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
        // `biased` reads received bytes before the shutdown signal: otherwise the connection would close without a
        // response.
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
