//! A text of several needs, its facilities, its unread clauses, and figures typed with their units, in both languages.

use thirtyfour::error::WebDriverResult;
use thirtyfour::prelude::{By, WebDriver};

use crate::driver::{self, Screen};
use crate::program::Program;
use crate::{click, fill, see, text};

pub(crate) const TWO_NEEDS: &str = "①厂房：3000平，淮安清江浦，行车5吨\n②仓库：1000平，淮安淮阴，有月台";
const FACILITIES: &str = "昆山租3000平厂房，要宿舍和食堂，离上海近一点";

/// Fields with what is typed into them and what is shown beside, in Chinese and English.
const TYPED: [(&str, &str, [&str; 2]); 9] = [
    ("investment_wan", "5千万", ["5,000", "50 million"]),
    ("land_mu", "3公顷", ["45", "45"]),
    ("power_kva", "2MVA", ["2,000", "2,000"]),
    ("floor_m2", "1.5万", ["15,000", "15,000"]),
    ("rent_yuan_m2_month_max", "2元/天", ["60", "60"]),
    ("land_mu", "40 ha", ["600", "600"]),
    ("floor_m2", "64,000 sqft", ["5,945.79", "5,945.79"]),
    ("ceiling_height_m", "33 ft", ["10.05", "10.05"]),
    ("investment_wan", "200 million", ["2 亿", "200 million"]),
];

#[tokio::test]
async fn a_text_of_two_needs_and_figures_with_units_are_understood_in_chinese() {
    both(Screen::Phone, "").await;
}

#[tokio::test]
async fn a_text_of_two_needs_and_figures_with_units_are_understood_in_english() {
    both(Screen::Desk, "/en").await;
}

async fn both(screen: Screen, language: &str) {
    let Some(browser) = driver::start() else { return };
    let program = Program::start();
    let driver = browser.open(screen).await;
    let front = program.url(&format!("{language}/"));
    let done = walk(&driver, &front, screen).await;
    driver.quit().await.expect("closes");
    done.expect("the walk");
}

async fn walk(driver: &WebDriver, front: &str, screen: Screen) -> WebDriverResult<()> {
    two_needs(driver, front, screen).await?;
    facilities(driver, front, screen).await?;
    for pass in [&TYPED[..5], &TYPED[5..]] {
        typed(driver, front, pass).await?;
    }
    driver::picture(driver, screen, "read-typed").await?;
    refused(driver, front).await
}

pub(crate) async fn send(driver: &WebDriver, front: &str, words: &str) -> WebDriverResult<()> {
    driver.goto(front).await?;
    fill(driver, "#f-text", words).await?;
    click(driver, ".front button.primary").await
}

/// Each need is a tab with an understanding and matches of its own.
pub(crate) async fn two_needs(driver: &WebDriver, front: &str, screen: Screen) -> WebDriverResult<()> {
    send(driver, front, TWO_NEEDS).await?;
    see(driver, "#c-floor_m2 .chip-value", "3,000").await?;
    assert_eq!(driver.find_all(By::Css(".needs button")).await?.len(), 2);
    driver::picture(driver, screen, "read-needs").await?;
    click(driver, ".needs form:nth-of-type(2) button").await?;
    see(driver, "#c-floor_m2 .chip-value", "1,000").await?;
    click(driver, ".bar button.primary").await?;
    see(driver, ".need .chip-value", "1,000").await?;
    driver::picture(driver, screen, "read-needs-matches").await?;
    click(driver, ".needs form:nth-of-type(1) button").await?;
    see(driver, ".need .chip-value", "3,000").await
}

/// A facility that was read is taken out; the clause that no field took is seen.
async fn facilities(driver: &WebDriver, front: &str, screen: Screen) -> WebDriverResult<()> {
    send(driver, front, FACILITIES).await?;
    see(driver, ".echo .unread", "离上海近一点").await?;
    let before = text(driver, "#c-facilities .chip-value").await?;
    click(driver, "#c-facilities summary").await?;
    click(driver, "#c-facilities input[value=canteen]").await?;
    click(driver, "#c-facilities button").await?;
    see(driver, "#c-facilities.corrected", "").await?;
    let after = text(driver, "#c-facilities .chip-value").await?;
    assert!(after.chars().count() < before.chars().count(), "{before} became {after}");
    driver::picture(driver, screen, "read-facilities").await
}

/// Opens every blank field of the understanding.
async fn open_fields(driver: &WebDriver, front: &str) -> WebDriverResult<()> {
    send(driver, front, "昆山").await?;
    click(driver, "#more > summary").await
}

async fn typed(driver: &WebDriver, front: &str, fields: &[(&str, &str, [&str; 2])]) -> WebDriverResult<()> {
    let language = usize::from(front.contains("/en"));
    open_fields(driver, front).await?;
    for (field, typed, _) in fields {
        fill(driver, &format!("#f-{field}"), typed).await?;
    }
    click(driver, "#more > button").await?;
    for (field, _, shown) in fields {
        see(driver, &format!("#c-{field} .chip-value"), shown[language]).await?;
        see(driver, &format!("#c-{field} .unit"), "= ").await?;
    }
    Ok(())
}

/// kW are no kVA: the field keeps what was typed and names the unit.
async fn refused(driver: &WebDriver, front: &str) -> WebDriverResult<()> {
    open_fields(driver, front).await?;
    fill(driver, "#f-power_kva", "800kW").await?;
    click(driver, "#more > button").await?;
    see(driver, ".notice.bad", "kW").await
}
