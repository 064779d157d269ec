//! The way of a reader who uses the keyboard alone.

use thirtyfour::Key;
use thirtyfour::error::WebDriverResult;
use thirtyfour::prelude::WebDriver;

use crate::program::Program;
use crate::{TEXT, fill, see};

/// Stops from the box to the first card.
const MOST_STOPS: usize = 12;

/// Gets from the box to the first card by Tab and Enter alone.
pub(crate) async fn to_the_first_card(driver: &WebDriver, program: &Program) -> WebDriverResult<()> {
    driver.goto(program.url("/")).await?;
    fill(driver, "#f-text", TEXT).await?;
    let mut stops = tabs(driver, ".front button.primary").await?;
    press(driver, Key::Enter).await?;
    see(driver, ".echo", "").await?;
    stops += tabs(driver, "a.skip[href='#to-matches']").await?;
    press(driver, Key::Enter).await?;
    assert!(is_at(driver, "#to-matches").await?, "the link moves the focus to the button");
    press(driver, Key::Enter).await?;
    see(driver, ".match h3", "").await?;
    stops += tabs(driver, "a.skip[href='#m-1']").await?;
    press(driver, Key::Enter).await?;
    stops += tabs(driver, "#m-1 a").await?;
    assert!(stops <= MOST_STOPS, "{stops} stops");
    Ok(())
}

/// Presses Tab until an element of a selector has the focus; returns how often.
async fn tabs(driver: &WebDriver, css: &str) -> WebDriverResult<usize> {
    for stops in 1..=MOST_STOPS {
        press(driver, Key::Tab).await?;
        if is_at(driver, css).await? {
            return Ok(stops);
        }
    }
    panic!("{css} is not within {MOST_STOPS} stops");
}

async fn press(driver: &WebDriver, key: Key) -> WebDriverResult<()> {
    driver.action_chain().send_keys(key).perform().await
}

async fn is_at(driver: &WebDriver, css: &str) -> WebDriverResult<bool> {
    let script = "return document.activeElement.matches(arguments[0])";
    driver.execute(script, vec![css.into()]).await?.convert()
}
