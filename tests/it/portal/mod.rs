//! The inventory as clerks keep it in the browser: files, listings by hand, a park's inbox, pictures.

mod files;
mod hand;
mod inbox;
mod pictures;

pub(crate) use files::settled;

use domain::account::Role;
use luodi::service::accounts;
use scraper::Html;

use crate::app::TestApp;
use crate::templates::{Browser, Seen, select};

/// Signs an officer of a park in.
async fn officer<'t>(test: &'t TestApp, email: &str, park: &str) -> Browser<'t> {
    signed_in(test, email, Role::Officer, Some(park)).await
}

pub(crate) async fn signed_in<'t>(test: &'t TestApp, email: &str, role: Role, park: Option<&str>) -> Browser<'t> {
    let link = accounts::invite(&test.app, email, role, park).await.expect("a link");
    let mut browser = Browser { test, cookie: String::new() };
    browser.post(&link[link.find("/staff").expect("a path")..], &[("password", "a sentence of twelve")]).await;
    browser
}

/// The path of the link in the newest mail that confirms an inbox.
pub(crate) async fn confirmation(test: &TestApp) -> String {
    test.deliver().await;
    let mut mails = test.letters().into_iter().filter_map(|bytes| {
        let text = mail_parser::MessageParser::default().parse(&bytes)?.body_text(0)?.into_owned();
        let at = text.find("/staff/inbox/")?;
        Some(text[at..].split_whitespace().next()?.to_owned())
    });
    mails.next_back().expect("a confirmation")
}

/// The value of a hidden field.
fn hidden(seen: &Seen, name: &str) -> String {
    let css = format!("input[type=hidden][name='{name}']");
    select(&seen.html(), &css).first().and_then(|input| input.attr("value")).unwrap_or_default().to_owned()
}

/// The text of the elements of a selector.
fn texts(html: &Html, css: &str) -> Vec<String> {
    let words = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    select(html, css).iter().map(|element| words(element.text().collect())).collect()
}
