//! Pages: thin handlers that call the use cases and render templates.

mod alert_form;
mod alerts;
mod alike;
mod beside;
mod brief;
mod cache;
mod cached;
mod compare;
mod context;
mod dev;
mod errors;
mod files;
mod forms;
mod front;
mod inquiry;
mod listing;
mod lists;
mod lost;
mod matches;
mod own_link;
mod owner;
mod pack;
mod policy;
mod report;
mod requirement;
mod search;
mod shares;
mod shortlist;
mod sift;
mod still_valid;
mod supplement;
mod units;
mod unsubscribe;
mod words;

use std::sync::Arc;

use axum::routing::{get, post};
use axum::{Extension, Router};

use crate::config::Profile;
use crate::service::context::App;

pub(crate) use context::FORM_TOKEN;
pub use context::{OwnCookie, Page, PageResult, set_cookie};
pub use errors::worded;
pub(crate) use errors::{WrongField, problem_page, wrong_fields};
pub use forms::{Form, Query};
pub(crate) use matches::card;
pub(crate) use policy::{PolicyArticle, article};
pub(crate) use report::subject_url;

/// Every page with those of `staff`: Chinese at its path, English below `/en`.
pub fn router(app: &App, staff: Router<App>) -> Router<App> {
    let pages = everything(app).merge(staff);
    // axum's nested router answers its root without a trailing slash only; `/en/` is typed as often.
    let english = Router::new().route("/en/", get(front::home).post(front::understood)).nest("/en", pages.clone());
    pages
        .merge(english)
        .route("/static/{name}", get(files::asset))
        .route("/pictures/{name}", get(files::picture))
        .route("/robots.txt", get(files::robots))
        .route("/sitemap.xml", get(policy::sitemap))
        .layer(Extension(Arc::new(cache::PageCache::new())))
}

fn everything(app: &App) -> Router<App> {
    let pages = Router::new()
        .route("/", get(front::home).post(front::understood))
        .route("/matches", get(matches::show).post(matches::submit))
        .route("/inquiry", get(inquiry::start).post(inquiry::submit))
        .route("/requirements/{reference}", get(requirement::show))
        .route("/requirements/{reference}/matches", get(requirement::matches))
        .route("/requirements/{reference}/handovers/{id}", post(requirement::answer_handover))
        .route("/requirements/{reference}/correct", get(requirement::back).post(owner::correct))
        .route("/requirements/{reference}/export", get(owner::export))
        .route("/requirements/{reference}/inquiries/{number}/message", post(owner::message))
        .route("/requirements/{reference}/inquiries/{number}/withdraw", post(owner::withdraw))
        .route("/requirements/{reference}/erase", get(requirement::back).post(requirement::erase))
        .route("/lost", get(lost::form).post(lost::submit))
        .route("/plots", get(lists::plots))
        .route("/spaces", get(lists::spaces))
        .route("/parks", get(lists::parks))
        .route("/plots/{id}", get(listing::plot))
        .route("/spaces/{id}", get(listing::space))
        .route("/parks/{id}", get(listing::park))
        .route("/compare", get(compare::show).post(compare::pick))
        .route("/brief", get(brief::show))
        .route("/pack", get(pack::download))
        .route("/shares", get(shares::back).post(shares::make))
        .route("/shares/{token}", get(shares::own))
        .route("/shares/{token}/end", post(shares::end))
        .route("/shared/{token}", get(shares::read))
        .route("/search", get(search::show))
        .route("/search/suggest", get(search::suggest))
        .route("/policies", get(policy::library))
        .route("/policies.atom", get(policy::feed))
        .route("/policies/{id}", get(policy::show))
        .route("/report", get(report::form).post(report::submit))
        .route("/tickets/{number}", get(report::ticket))
        .route("/tickets/{number}/forget", post(report::forget))
        .route("/still-valid/{token}", get(still_valid::show).post(still_valid::confirm))
        .route("/unsubscribe/{token}", get(unsubscribe::show).post(unsubscribe::choose))
        .route("/alerts", get(alerts::asked).post(alerts::ask))
        .route("/alerts/{token}", get(alerts::show))
        .route("/alerts/{token}/confirm", get(alerts::show).post(alerts::confirm))
        .route("/alerts/{token}/stop", get(alerts::show).post(alerts::stop))
        .route("/alerts/{token}/why", get(alerts::show).post(alerts::why))
        .route("/alerts/{token}/go-on", get(alerts::show).post(alerts::go_on))
        .route("/privacy", get(words::privacy))
        .route("/ranking", get(words::ranking));
    if app.config.profile == Profile::Development {
        pages
            .route("/dev/mails", get(dev::mails))
            .route("/dev/mails/{name}", get(dev::mail))
            .route("/dev/mails/{name}/html", get(dev::mail_html))
            .route("/_components", get(dev::components))
    } else {
        pages
    }
}
