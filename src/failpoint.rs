//! Failpoints for fault runs (T33); without the feature `failpoints` they compile to nothing.

/// Marks a failpoint. An injected error leaves the function by `?`, or by returning the expression after the name.
#[cfg(feature = "failpoints")]
macro_rules! failpoint {
    ($point:literal) => {
        $crate::failpoint::reach($point).await?
    };
    ($point:literal, ()) => {
        if $crate::failpoint::reach($point).await.is_err() {
            return;
        }
    };
    ($point:literal, $failure:expr) => {
        if $crate::failpoint::reach($point).await.is_err() {
            return $failure;
        }
    };
}

#[cfg(not(feature = "failpoints"))]
macro_rules! failpoint {
    ($point:literal $(, $failure:expr)?) => {};
}

#[cfg(all(feature = "failpoints", not(debug_assertions)))]
compile_error!("failpoints have no place in a release build");

#[cfg(feature = "failpoints")]
pub(crate) use armed::reach;
#[cfg(feature = "failpoints")]
pub use armed::{POINTS, arm};

#[cfg(feature = "failpoints")]
mod armed {
    use std::fs::OpenOptions;
    use std::io::Write as _;
    use std::time::Duration;

    use sea_orm::{DbErr, RuntimeErr};

    use crate::db::DbError;
    use crate::error::Error;

    /// Every failpoint, in the order of an inquiry's processing.
    pub const POINTS: &[&str] = &[
        "accept.received",
        "accept.in_turn",
        "db.begin",
        "db.begun",
        "db.commit",
        "db.committed",
        "rows.in_turn",
        "submit.counted",
        "submit.rows_stored",
        "inquiry.locked",
        "inquiry.rows_stored",
        "accept.answering",
        "claim.selected",
        "claim.leased",
        "claim.committed",
        "attempt.begun",
        "smtp.connected",
        "smtp.mail",
        "smtp.rcpt",
        "smtp.data",
        "smtp.body",
        "smtp.answered",
        "attempt.ended",
        "settle.recorded",
        "settle.row_updated",
        "settle.inquiry_updated",
        "settle.committed",
        "bounce.recorded",
        "bounce.task_opened",
        "withdraw.cancelled",
        "withdraw.forgotten",
        "erase.hidden",
        "erase.farewells_queued",
        "import.logged",
        "import.rows_stored",
        "import.staged",
        "import.decided",
        "import.applied",
        "backup.copied",
        "restore.copied",
        "restore.held",
    ];

    /// Environment variables: the actions per point (`point=actions` in the syntax of the `fail` crate, whose `return`
    /// takes one of error, panic, sleep, abort), and the journal of the points reached.
    const ACTIONS: &str = "LUODI_FAILPOINTS";
    const JOURNAL: &str = "LUODI_FAILPOINTS_JOURNAL";

    /// Duration of `sleep`: longer than a request waits for a connection (3 s) or for a concurrent call under its key
    /// (5 s).
    const SLEEP: Duration = Duration::from_millis(5_500);

    /// Error injected by a failpoint.
    #[derive(Debug, thiserror::Error)]
    #[error("failpoint {0}")]
    pub(crate) struct Injected(&'static str);

    impl From<Injected> for DbErr {
        fn from(injected: Injected) -> Self {
            Self::Conn(RuntimeErr::Internal(injected.to_string()))
        }
    }

    impl From<Injected> for DbError {
        fn from(injected: Injected) -> Self {
            Self::Unavailable(injected.to_string())
        }
    }

    impl From<Injected> for Error {
        fn from(injected: Injected) -> Self {
            DbError::from(injected).into()
        }
    }

    /// Arms the failpoints given by the environment.
    ///
    /// # Panics
    /// If an action is not in the syntax of the `fail` crate.
    pub fn arm() {
        let actions = std::env::var(ACTIONS).unwrap_or_default();
        for (point, actions) in actions.split(';').filter_map(|one| one.split_once('=')) {
            assert!(POINTS.contains(&point), "no failpoint is called {point}");
            fail::cfg(point, actions).expect("actions as the fail crate reads them");
        }
    }

    pub(crate) async fn reach(point: &'static str) -> Result<(), Injected> {
        let Some(action) = fail::eval(point, Option::unwrap_or_default) else { return Ok(()) };
        journal(point, &action);
        match action.as_str() {
            "error" => Err(Injected(point)),
            "abort" => std::process::abort(),
            "sleep" => {
                tokio::time::sleep(SLEEP).await;
                Ok(())
            }
            other => panic!("failpoint {point}: {other}"),
        }
    }

    /// Written before the action, since nothing runs after an abort.
    fn journal(point: &str, action: &str) {
        let Ok(path) = std::env::var(JOURNAL) else { return };
        let line = format!("{point} {action}\n");
        let written = OpenOptions::new()
            .create(true)
            .append(true)
            .open(path)
            .and_then(|mut file| file.write_all(line.as_bytes()));
        if let Err(error) = written {
            tracing::error!(%error, "the failpoints' journal");
        }
    }
}
