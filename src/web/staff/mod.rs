//! Pages for investment staff: sign-in, people, the inbox, a lead, tasks, holds, reports; every one starts from the actor's
//! scope.

mod assignment;
mod callers;
mod due;
mod holds;
mod imports;
mod inbox;
mod kept;
mod lead;
mod ledger;
mod listings;
mod mailed;
mod me;
mod park;
mod people;
mod pictures;
mod policies;
mod posts;
mod promises;
mod reveal;
mod sign_in;
mod tasks;
mod typed_in;
mod visitor;
mod webhooks;
mod wrong_reports;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use crate::service::context::App;

/// The routes below `/staff`. `tests/it/people/matrix.rs` asks each of them in every role.
pub(super) fn router(app: &App) -> Router<App> {
    Router::new()
        .route("/staff", get(inbox::show))
        .route("/staff/tasks", get(tasks::show))
        .route("/staff/tasks/{id}/{action}", post(tasks::finish))
        .route("/staff/handovers/{lead}/{answer}", post(tasks::answer))
        .route("/staff/promises", get(promises::show))
        .route("/staff/promises/{kind}/{id}", post(promises::pass))
        .route("/staff/holds", get(holds::show).post(holds::make))
        .route("/staff/holds/{id}/release", post(holds::release))
        .route("/staff/reports", get(wrong_reports::list))
        .route("/staff/reports/{id}", get(wrong_reports::show).post(wrong_reports::answer))
        .route("/staff/ledger", get(ledger::start))
        .route("/staff/ledger/{kind}", get(ledger::show))
        .route("/staff/ledger/{kind}/rows/{figure}", get(ledger::rows))
        .route("/staff/ledger/{kind}/file", get(ledger::file))
        .route("/staff/unmet", get(ledger::show_unmet))
        .route("/staff/export", get(ledger::export_form).post(ledger::export))
        .route("/staff/sign-in", get(sign_in::form).post(sign_in::submit))
        .route("/staff/sign-in/code", post(sign_in::code))
        .route("/staff/sign-out", post(sign_in::sign_out))
        .route("/staff/link/{token}", get(sign_in::link).post(sign_in::redeem))
        .route("/staff/forgot", get(mailed::forgot).post(mailed::ask))
        .route("/staff/reset/{token}", get(mailed::reset_form).post(mailed::reset))
        .route("/staff/unlock/{token}", get(mailed::unlock_form).post(mailed::unlock))
        .route("/staff/kept", get(kept::show))
        .route("/staff/kept/discard", post(kept::discard))
        .route("/staff/me", get(me::show))
        .route("/staff/me/password", post(me::password))
        .route("/staff/me/absence", post(me::absence))
        .route("/staff/me/sessions", post(me::end_sessions))
        .route("/staff/me/factor", get(me::factor).post(me::propose))
        .route("/staff/me/factor/confirm", post(me::confirm))
        .route("/staff/me/factor/remove", post(me::remove))
        .route("/staff/people", get(people::list).post(people::invite))
        .route("/staff/people/{id}", get(people::show).post(people::change))
        .route("/staff/people/{id}/link", post(people::link))
        .route("/staff/people/{id}/sessions", post(people::end_sessions))
        .route("/staff/people/{id}/disable", post(people::disable))
        .route("/staff/people/{id}/enable", post(people::enable))
        .route("/staff/views", post(inbox::save_view))
        .route("/staff/views/{id}/remove", post(inbox::remove_view))
        .route("/staff/assignment", get(assignment::show))
        .route("/staff/assignment/rules", post(assignment::add))
        .route("/staff/assignment/rules/{id}/{action}", post(assignment::change))
        .route("/staff/assignment/turns", post(assignment::turns))
        .route("/staff/assignment/absence", post(assignment::absence))
        .route("/staff/webhooks", get(webhooks::show).post(webhooks::add))
        .route("/staff/webhooks/{id}", get(webhooks::one))
        .route("/staff/webhooks/{id}/secret", post(webhooks::rotate))
        .route("/staff/webhooks/{id}/replay", post(webhooks::replay))
        .route("/staff/webhooks/{id}/remove", post(webhooks::remove))
        .route("/staff/leads/new", get(typed_in::blank).post(typed_in::submit))
        .route("/staff/leads/{id}", get(lead::show))
        .route("/staff/leads/{id}/notes", post(lead::add_note))
        .route("/staff/leads/{id}/reply", post(lead::reply))
        .route("/staff/leads/{id}/reveal", post(reveal::begin))
        .route("/staff/leads/{id}/contact", get(reveal::show))
        .route("/staff/leads/{id}/stage", post(lead::advance))
        .route("/staff/leads/{id}/resend", post(lead::resend))
        .route("/staff/leads/{id}/owner", post(lead::assign))
        .route("/staff/leads/{id}/visits", post(lead::visit))
        .route("/staff/leads/{id}/funds", post(lead::funds))
        .route("/staff/leads/{id}/handover", post(lead::propose))
        .merge(inventory())
        .merge(library())
        .route_layer(from_fn_with_state(app.clone(), posts::guard))
}

/// The policy library as the platform's people keep it.
fn library() -> Router<App> {
    Router::new()
        .route("/staff/policies", get(policies::list).post(policies::save))
        .route("/staff/policies/form", get(policies::form))
        .route("/staff/policies/versions", get(policies::versions))
        .route("/staff/policies/drafts/{id}", get(policies::show))
        .route("/staff/policies/drafts/{id}/publish", post(policies::publish))
        .route("/staff/policies/drafts/{id}/links", post(policies::links))
        .route("/staff/policies/drafts/{id}/discard", post(policies::discard))
}

/// The inventory as clerks keep it.
fn inventory() -> Router<App> {
    // Uploads have limits of their own, which count from the account's check on.
    let uploads = Router::new()
        .route("/staff/imports", get(imports::list).post(imports::upload))
        .route("/staff/listings/{kind}/{id}/pictures", post(pictures::add))
        .layer(DefaultBodyLimit::disable());
    uploads
        .route("/staff/imports/templates/{kind}", get(imports::template_of))
        .route("/staff/imports/{id}", get(imports::show))
        .route("/staff/imports/{id}/choose", post(imports::choose))
        .route("/staff/imports/{id}/apply", post(imports::apply))
        .route("/staff/imports/{id}/discard", post(imports::discard))
        .route("/staff/imports/{id}/rejected", get(imports::rejected))
        .route("/staff/imports/{id}/undo", post(imports::undo))
        .route("/staff/listings", get(listings::list))
        .route("/staff/listings/{kind}", get(listings::blank).post(listings::create))
        .route("/staff/listings/{kind}/{id}", get(listings::show).post(listings::save))
        .route("/staff/listings/{kind}/{id}/status", post(listings::set_status))
        .route("/staff/listings/{kind}/{id}/callers", get(callers::show))
        .route("/staff/listings/{kind}/{id}/pictures/{picture}", post(pictures::change))
        .route("/staff/park", get(park::own))
        .route("/staff/parks/{code}", get(park::show))
        .route("/staff/parks/{code}/inbox", post(park::ask_inbox))
        .route("/staff/parks/{code}/phone", post(park::set_phone))
        .route("/staff/parks/{code}/resend", post(park::resend))
        .route("/staff/inbox/{token}", get(park::confirm_form).post(park::confirm))
}
