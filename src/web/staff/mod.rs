//! Pages for investment staff: sign-in, the inbox, a lead, tasks; every one starts from the actor's scope.

mod inbox;
mod lead;
mod sign_in;

use axum::Router;
use axum::routing::{get, post};

use crate::service::context::App;

/// The routes below `/staff`.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/staff", get(inbox::show))
        .route("/staff/tasks", get(inbox::tasks))
        .route("/staff/tasks/{id}/clear", post(inbox::clear))
        .route("/staff/sign-in", get(sign_in::form).post(sign_in::submit))
        .route("/staff/sign-out", post(sign_in::sign_out))
        .route("/staff/link/{token}", get(sign_in::link).post(sign_in::redeem))
        .route("/staff/leads/{id}", get(lead::show))
        .route("/staff/leads/{id}/reveal", post(lead::reveal))
        .route("/staff/leads/{id}/notes", post(lead::add_note))
        .route("/staff/leads/{id}/reply", post(lead::reply))
        .route("/staff/leads/{id}/stage", post(lead::advance))
        .route("/staff/leads/{id}/resend", post(lead::resend))
}
