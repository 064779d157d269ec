//! Supervises the real program: starts it, waits until it serves, kills it by its own id.

use std::fs::OpenOptions;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::http;

/// How the processes of a run are configured.
#[derive(Debug, Clone)]
pub(crate) struct Setup {
    pub(crate) folder: PathBuf,
    pub(crate) database_url: String,
    pub(crate) smtp_url: String,
    /// Further `LUODI__…` values.
    pub(crate) more: Vec<(String, String)>,
}

/// One process of the program; killed with its value.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    setup: Setup,
    child: Child,
}

impl Setup {
    /// Runs one command of the program to its end.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_luodi"));
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env_clear()
            .env("LUODI_PROFILE", "test")
            .env("RUST_LOG", "info")
            .env("DATABASE_URL", &self.database_url)
            .env("SMTP_URL", &self.smtp_url)
            .env("LUODI__SEARCH__DIR", self.folder.join("index"))
            .envs(self.more.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Everything that the processes have logged.
    pub(crate) fn log(&self) -> PathBuf {
        self.folder.join("log")
    }
}

impl Server {
    /// Starts a process on a free port.
    pub(crate) fn start(setup: &Setup) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port");
        Self { child: spawn(setup, address), setup: setup.clone(), address }
    }

    /// The process's id.
    pub(crate) fn id(&self) -> rustix::process::Pid {
        rustix::process::Pid::from_child(&self.child)
    }

    /// Waits until the process answers 200, and says how long that took.
    pub(crate) async fn ready(&mut self) -> Duration {
        let started = Instant::now();
        let mut look = tokio::time::interval(Duration::from_millis(10));
        loop {
            look.tick().await;
            if http::get(self.address, "/readyz").await.is_ok_and(|answer| answer.status == 200) {
                return started.elapsed();
            }
            let ended = self.child.try_wait().expect("its state");
            assert!(
                ended.is_none() && started.elapsed() < Duration::from_secs(60),
                "the server does not come up: {ended:?}"
            );
        }
    }

    /// SIGKILL, then the same process anew on the same port.
    pub(crate) fn kill_and_restart(&mut self) {
        self.child.kill().expect("kills");
        self.child.wait().expect("ends");
        self.start_again();
    }

    /// After its end, the same process anew on the same port.
    pub(crate) fn start_again(&mut self) {
        self.child = spawn(&self.setup, self.address);
    }

    /// Whether the process that ended by itself died of a signal; none while it runs.
    #[cfg(feature = "failpoints")]
    pub(crate) fn ended(&mut self) -> Option<bool> {
        self.child.try_wait().expect("its state").map(|status| status.code().is_none())
    }

    /// Starts from now on without this variable.
    #[cfg(feature = "failpoints")]
    pub(crate) fn forget(&mut self, variable: &str) {
        self.setup.more.retain(|(name, _)| name != variable);
    }

    /// SIGTERM; says how the process ended and how long that took.
    pub(crate) async fn terminate(&mut self) -> (ExitStatus, Duration) {
        let started = Instant::now();
        rustix::process::kill_process(self.id(), rustix::process::Signal::TERM).expect("signals");
        let mut look = tokio::time::interval(Duration::from_millis(10));
        loop {
            look.tick().await;
            if let Some(status) = self.child.try_wait().expect("its state") {
                return (status, started.elapsed());
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(setup: &Setup, address: SocketAddr) -> Child {
    let log = append(&setup.log());
    let errors = log.try_clone().expect("a file");
    let mut command = setup.command(&["serve"]);
    command.env("LUODI__SERVER__LISTEN", address.to_string()).stdin(Stdio::null()).stdout(log).stderr(errors);
    command.spawn().expect("the program starts")
}

fn append(path: &Path) -> std::fs::File {
    OpenOptions::new().create(true).append(true).open(path).expect("a log")
}
