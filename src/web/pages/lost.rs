//! Lost link of a private page: its owner asks for it by mail.

use axum::response::Response;

use super::context::{Page, PageResult};
use super::forms::Form;
use crate::service::lost_link;
use crate::web::extract::Network;
use crate::web::problem::Problem;

/// `GET /lost`
pub(super) async fn form(page: Page) -> PageResult {
    page.show("lost.html", ())
}

/// `POST /lost`: says the same for every address, known or not.
pub(super) async fn submit(page: Page, Network(network): Network, form: Form) -> Result<Response, Problem> {
    lost_link::send(&page.app, form.get("email").trim(), &network).await?;
    Ok(page.see("/lost?done=lost"))
}
