//! The accept loop: a time limit on every head, a cap on connections, and a graceful end.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::extract::Peer;
use super::layers::Gate;
use crate::config;

/// How long after the order to end new connections are still taken, so that whoever asks hears that we are not ready.
const FAREWELL: Duration = Duration::from_secs(1);

/// Serves until `stop`; then `/readyz` says no at once, requests that were begun finish, idle connections are closed,
/// and after `drain_seconds` whatever is left is dropped.
///
/// `axum::serve` is not used: it has no limit on how long a head may take (UPSTREAM-HAZARDS.md F4).
pub async fn serve(
    listener: TcpListener,
    router: Router,
    settings: &config::Server,
    gate: &Gate,
    stop: CancellationToken,
) {
    let places = Arc::new(Semaphore::new(settings.max_connections));
    let head = Duration::from_secs(settings.head_seconds);
    let (closing, connections) = (CancellationToken::new(), TaskTracker::new());
    let ending = async {
        stop.cancelled().await;
        gate.drain();
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
            Ok((stream, peer)) => {
                let task = connection(stream, Peer(peer), router.clone(), head, closing.clone());
                connections.spawn(async move {
                    let _place = place;
                    task.await;
                });
            }
            Err(error) => {
                // Out of file descriptors: wait for connections to end.
                tracing::warn!(%error, "accept");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    closing.cancel();
    connections.close();
    if tokio::time::timeout(Duration::from_secs(settings.drain_seconds), connections.wait()).await.is_err() {
        tracing::warn!(left = connections.len(), "connections did not end in time");
    }
}

async fn connection(stream: TcpStream, peer: Peer, router: Router, head: Duration, closing: CancellationToken) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "nodelay");
    }
    let service = tower::ServiceExt::map_request(router, move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(peer);
        request
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(if crate::guard::is_out("head-limit") { None } else { Some(head) })
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    tokio::pin!(connection);
    let ended = tokio::select! {
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
