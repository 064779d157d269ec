//! Named places where a run makes the program fail (T33); without the feature `failpoints` the marks are nothing at all.

/// Marks such a place. An error leaves the function by `?`, or by returning what follows the name.
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

    /// Every point, in the order of an inquiry's way.
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
        "import.rows_stored",
        "import.logged",
        "backup.copied",
        "restore.copied",
        "restore.held",
    ];

    /// The environment's names: which points do what (`point=actions` in the words of the `fail` crate, whose `return`
    /// carries one of ours: error, panic, sleep, abort), and the file that tells which of them were reached.
    const ACTIONS: &str = "LUODI_FAILPOINTS";
    const JOURNAL: &str = "LUODI_FAILPOINTS_JOURNAL";

    /// How long `sleep` takes: longer than a request waits for a connection or for its twin.
    const SLEEP: Duration = Duration::from_millis(5_500);

    /// What a point that fails returns.
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

    /// Arms the points that the environment names.
    ///
    /// # Panics
    /// They are not written as the `fail` crate reads them.
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

    /// Written before the action: nothing may come after an abort.
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
