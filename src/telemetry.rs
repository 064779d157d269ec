//! Logs on standard error: text in development, JSON elsewhere. A write to a closed pipe is dropped: reporting it there
//! would panic within a request.

use tracing_subscriber::EnvFilter;

use crate::config::Profile;

/// Starts logging; `RUST_LOG` sets the filter.
pub fn start(profile: Profile) {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,sea_orm=warn,tantivy=warn"));
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).log_internal_errors(false);
    // A second start (tests) keeps the first subscriber.
    let started = if profile == Profile::Development { builder.try_init() } else { builder.json().try_init() };
    drop(started);
}

/// Logs warnings only, for commands whose output goes to standard output.
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
