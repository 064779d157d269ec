//! TCP fault proxy on loopback: delay, loss, reset, blackhole, half-open connections, byte-wise delivery.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// Fault of the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weather {
    /// No fault.
    Fair,
    /// Delays each chunk.
    Delays(Duration),
    /// Drops a percentage of chunks and closes the connection with each: the effect of a loss that TCP cannot repair.
    Loses {
        /// Percentage of chunks.
        percent: u32,
    },
    /// Resets every connection (RST), new ones too.
    Resets,
    /// Blackhole: connections stay open and nothing passes, on new ones too.
    Mute,
    /// Half-open connections, as after a firewall lost its state table: nothing passes on connections opened before, new
    /// ones work. The old ones are reset once the weather turns.
    Forgets,
    /// Delivers one byte per interval.
    Trickles(Duration),
}

/// Running proxy; stops when dropped.
pub(crate) struct FaultProxy {
    address: SocketAddr,
    weather: watch::Sender<Weather>,
    /// Connections that were cut or could not be opened.
    cut: Arc<Mutex<usize>>,
    task: JoinHandle<()>,
}

impl FaultProxy {
    /// Starts a proxy before a PostgreSQL server on a Unix socket; returns the URL through the proxy.
    pub(crate) async fn before_postgres(url: &str) -> std::io::Result<(Self, String)> {
        let (start, folder) = url.split_once("?host=").ok_or(std::io::ErrorKind::InvalidInput)?;
        let name = start.rsplit('/').next().unwrap_or_default();
        let proxy = Self::to(format!("{folder}/.s.PGSQL.5432").into()).await?;
        let url = format!("postgres://luodi@{}/{name}?sslmode=disable", proxy.address);
        Ok((proxy, url))
    }

    async fn to(target: PathBuf) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let (weather, seen) = watch::channel(Weather::Fair);
        let cut = Arc::new(Mutex::new(0));
        let task = tokio::spawn(accept(listener, target, seen, Arc::clone(&cut)));
        Ok(Self { address, weather, cut, task })
    }

    /// Switches the fault, for existing connections too.
    pub(crate) fn turn(&self, weather: Weather) {
        self.weather.send_replace(weather);
    }

    /// Number of connections cut so far.
    pub(crate) fn cut(&self) -> usize {
        *self.cut.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, target: PathBuf, weather: watch::Receiver<Weather>, cut: Arc<Mutex<usize>>) {
    // Dropping the set closes all connections.
    let mut connections = JoinSet::new();
    while let Ok((near, _)) = listener.accept().await {
        let (target, weather, cut) = (target.clone(), weather.clone(), Arc::clone(&cut));
        connections.spawn(async move {
            let _ = near.set_nodelay(true);
            if carry(near, target, weather).await.is_err() {
                *cut.lock().unwrap_or_else(PoisonError::into_inner) += 1;
            }
        });
        while connections.try_join_next().is_some() {}
    }
}

/// Marker of a cut connection.
struct Cut;

async fn carry(mut near: TcpStream, target: PathBuf, weather: watch::Receiver<Weather>) -> Result<(), Cut> {
    let result = match UnixStream::connect(target).await {
        Ok(far) => both_ways(&mut near, far, &weather).await,
        Err(_) => Err(Cut),
    };
    if result.is_err() {
        // SO_LINGER 0 turns the close into RST.
        let _ = near.set_zero_linger();
    }
    result
}

async fn both_ways<S>(near: &mut TcpStream, far: S, weather: &watch::Receiver<Weather>) -> Result<(), Cut>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (near_read, near_write) = near.split();
    let (far_read, far_write) = tokio::io::split(far);
    let until = async |what: Weather| {
        let mut weather = weather.clone();
        // Resets meet new connections too; half-open ones are those that were open before.
        if what == Weather::Forgets {
            let _ = weather.wait_for(|now| *now != Weather::Forgets).await;
        }
        if weather.wait_for(|now| *now == what).await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let carrying = async {
        tokio::select! {
            ended = one_way(near_read, far_write, weather.clone()) => ended,
            ended = one_way(far_read, near_write, weather.clone()) => ended,
        }
    };
    tokio::select! {
        ended = carrying => ended,
        () = until(Weather::Resets) => Err(Cut),
        () = until(Weather::Forgets) => {
            // Held open, so that neither side is notified.
            let _ = weather.clone().wait_for(|now| *now != Weather::Forgets).await;
            Err(Cut)
        }
    }
}

async fn one_way<R, W>(mut from: R, mut to: W, mut weather: watch::Receiver<Weather>) -> Result<(), Cut>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let mut piece = [0; 4096];
    loop {
        let count = from.read(&mut piece).await.map_err(|_| Cut)?;
        if count == 0 {
            return Ok(());
        }
        // Nothing passes in [`Weather::Mute`]; queued data continue afterwards.
        weather.wait_for(|now| *now != Weather::Mute).await.map_err(|_| Cut)?;
        let now = *weather.borrow();
        match now {
            Weather::Delays(time) => tokio::time::sleep(time).await,
            Weather::Loses { percent } if rand::random_range(0..100) < percent => return Err(Cut),
            Weather::Trickles(time) => {
                for byte in &piece[..count] {
                    tokio::time::sleep(time).await;
                    to.write_all(&[*byte]).await.map_err(|_| Cut)?;
                }
                continue;
            }
            _ => {}
        }
        to.write_all(&piece[..count]).await.map_err(|_| Cut)?;
    }
}
