//! Logs, to standard error: lines for people in development, JSON elsewhere. A log that nobody reads any more is dropped:
//! telling of it on standard error would panic in the middle of a request.

use tracing_subscriber::EnvFilter;

use crate::config::Profile;

/// Starts logging; `RUST_LOG` sets what is logged.
pub fn start(profile: Profile) {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,sea_orm=warn,tantivy=warn"));
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).log_internal_errors(false);
    // A second start (tests) leaves the first one as it is.
    let started = if profile == Profile::Development { builder.try_init() } else { builder.json().try_init() };
    drop(started);
}

/// Logs warnings only, as a command's own output is what counts.
pub fn start_quiet() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    drop(
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr)
            .log_internal_errors(false)
            .try_init(),
    );
}
