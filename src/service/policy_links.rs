//! Links of a policy to other sites: whether their pages are there.

use domain::policy_check::{LinkState, outside_links};
use domain::record::{Policies, Record};
use futures_util::future::join_all;

use super::context::Context;
use super::link_probe::LinkProbe;

/// Links that are looked at: more is a page of links, not a policy.
const MOST_LINKS: usize = 20;

/// A link with what its site answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedLink {
    /// Name of the column.
    pub column: &'static str,
    /// The address.
    pub link: String,
    /// The state of its page.
    pub state: LinkState,
    /// HTTP status, or the word of what failed.
    pub answer: String,
}

/// Asks for the page behind each link of a policy to another site, all at once. Empty where no probe is configured.
pub async fn check(app: &Context, policy: &Record<Policies>) -> Vec<CheckedLink> {
    let Some(probe) = app.links.as_deref() else { return Vec::new() };
    let links = outside_links(policy).into_iter().take(MOST_LINKS);
    join_all(links.map(|(column, link)| asked(probe, column, link))).await
}

async fn asked(probe: &dyn LinkProbe, column: &'static str, link: String) -> CheckedLink {
    // What is behind `#` is the reader's, not the site's.
    let page = link.split('#').next().unwrap_or_default();
    let answer = probe.status(page).await;
    let state = answer.as_ref().map_or(LinkState::Unsure, |status| LinkState::of_status(*status));
    CheckedLink { column, link, state, answer: answer.map_or_else(|word| word, |status| status.to_string()) }
}
