//! The whole, in a real browser: the program itself, Chromium, and the walk that an enterprise and its park take.
//!
//! Where Chromium is not installed the walk is skipped loudly; `LUODI_TEST_REQUIRE=chromium` turns that into a failure.
//! `LUODI_TEST_PICTURES=FOLDER` keeps a picture of each page on the way.

mod alert;
mod axe;
mod clerk;
mod driver;
mod journeys;
mod keyboard;
#[path = "../support/offices.rs"]
mod offices;
mod program;
mod reading;
mod shortlist;
mod week;

use std::time::{Duration, Instant};

use thirtyfour::error::WebDriverResult;
use thirtyfour::prelude::{By, WebDriver};

use driver::Screen;
use program::Program;

/// With a telephone number that nobody has.
const TEXT: &str =
    "我们做新能源汽车零部件,总投资1.2亿,想在宁波或嘉兴找40亩左右工业地,年税收1000万,明年6月前能拿地,王工 138 0013 8000";

#[tokio::test]
async fn an_enterprise_finds_a_site_and_its_park_answers_on_a_phone() {
    walk(Screen::Phone).await;
}

#[tokio::test]
async fn an_enterprise_finds_a_site_and_its_park_answers_on_a_desk() {
    walk(Screen::Desk).await;
}

async fn walk(screen: Screen) {
    let Some(browser) = driver::start() else { return };
    let program = Program::start();
    let driver = browser.open(screen).await;
    let done = both_sides(&driver, &program, screen).await;
    let log = driver.browser_log().await;
    driver.quit().await.expect("closes");
    done.expect("the walk");
    // Nothing was blocked by the content security policy, and no script failed.
    let severe: Vec<_> = log.expect("a log").into_iter().filter(|entry| entry.level == "SEVERE").collect();
    assert!(severe.is_empty(), "{severe:?}");
}

async fn both_sides(driver: &WebDriver, program: &Program, screen: Screen) -> WebDriverResult<()> {
    nothing_is_out_of_sight(driver, program, screen).await?;
    let status = enterprise(driver, program, screen).await?;
    park(driver, program, screen).await?;
    driver.goto(&status).await?;
    let shown = text(driver, "main").await?;
    assert!(shown.contains("完整联系方式"), "the enterprise sees who looked: {shown}");
    driver.goto(program.url("/dev/mails")).await?;
    let listed = text(driver, ".list").await?;
    assert!(listed.contains("buyer@example.com"), "the list says who gets each: {listed}");
    click(driver, ".list h2 a").await?;
    see(driver, "pre.mail", "http").await?;
    driver::picture(driver, screen, "9-mail").await?;
    driver.goto(program.url("/_components")).await?;
    driver::picture(driver, screen, "9-components").await?;
    see(driver, ".wrong .error", "").await
}

/// The navigation in the longer language, and two listings side by side, fit the screen's width.
async fn nothing_is_out_of_sight(driver: &WebDriver, program: &Program, screen: Screen) -> WebDriverResult<()> {
    const OUT: &str = "const [css] = arguments;
        const out = (element) => element.getBoundingClientRect().right > innerWidth;
        return [...document.querySelectorAll(css)].filter(out).map((element) => element.textContent).join();";
    driver.goto(program.url("/en/plots")).await?;
    let hidden = driver.execute(OUT, vec![".top a".into()]).await?.convert::<String>()?;
    assert_eq!(hidden, "", "the navigation is cut");
    for tick in driver.find_all(By::Css("input[name=ids]")).await?.iter().take(2) {
        driver::tap(driver, tick).await?;
    }
    click(driver, ".bar button").await?;
    see(driver, "h1", "Side by side").await?;
    driver::picture(driver, screen, "0-compare").await?;
    let columns = driver.find_all(By::Css(".compare thead a:not(.small)")).await?;
    assert_eq!(columns.len(), 2);
    let hidden = driver.execute(OUT, vec![".compare th, .compare td".into()]).await?.convert::<String>()?;
    assert_eq!(hidden, "", "a column is out of sight");
    Ok(())
}

/// Types a text, corrects one piece, ticks two listings, consents, sends; returns the private page's address.
async fn enterprise(driver: &WebDriver, program: &Program, screen: Screen) -> WebDriverResult<String> {
    driver.goto(&program.url("/")).await?;
    driver::picture(driver, screen, "1-front").await?;
    fill(driver, "#f-text", TEXT).await?;
    click(driver, ".front button.primary").await?;
    see(driver, "mark", "40亩左右").await?;
    driver::picture(driver, screen, "2-understood").await?;
    // A tap on the piece opens the chip that it was read into.
    let piece = driver.find(By::Css("mark[data-field=tax_wan]")).await?;
    driver::tap(driver, &piece).await?;
    fill(driver, "#f-tax_wan", "1200").await?;
    click(driver, "#c-tax_wan button").await?;
    see(driver, ".chip.corrected", "1,200 万元/年").await?;
    click(driver, ".bar button.primary").await?;
    see(driver, ".need", "1,200 万元/年").await?;
    driver::picture(driver, screen, "3-matches").await?;
    come_back(driver, ".match h3 a").await?;
    tick_two(driver).await?;
    click(driver, ".bar button.primary").await?;
    see(driver, ".inquiry h2", "将发送的需求").await?;
    driver.back().await?;
    see(driver, ".need", "1,200 万元/年").await?;
    driver.forward().await?;
    see(driver, ".inquiry h2", "将发送的需求").await?;
    for (field, value) in [("company", "示例零部件有限公司"), ("contact", "王工"), ("email", "buyer@example.com")]
    {
        fill(driver, &format!("#f-{field}"), value).await?;
    }
    for tick in driver.find_all(By::Css("input[name=parks], input[name=consent]")).await? {
        assert!(!tick.is_selected().await?, "consent is never ticked beforehand");
        driver::tap(driver, &tick).await?;
    }
    driver::picture(driver, screen, "4-consent").await?;
    click(driver, ".bar button.primary").await?;
    see(driver, "h1", "需求状态").await?;
    driver::picture(driver, screen, "5-status").await?;
    let rows = driver.find_all(By::Css("article.row")).await?;
    assert_eq!(rows.len(), 2, "one inquiry a listing");
    Ok(driver.current_url().await?.to_string())
}

/// Opens a listing and goes back: the matches are there, without sending the form once more.
async fn come_back(driver: &WebDriver, link: &str) -> WebDriverResult<()> {
    click(driver, link).await?;
    see(driver, "h2", "与您的需求对比").await?;
    driver.back().await?;
    see(driver, ".need", "1,200 万元/年").await
}

/// Ticks the first two listings that can be contacted.
async fn tick_two(driver: &WebDriver) -> WebDriverResult<()> {
    let cards = driver.find_all(By::Css(".match")).await?;
    let mut ticked = 0;
    for card in cards {
        if ticked < 2 && !card.text().await?.contains("暂时不能在线联系") {
            driver::tap(driver, &card.find(By::Css("input[name=listings]")).await?).await?;
            ticked += 1;
        }
    }
    assert_eq!(ticked, 2, "two listings can be contacted");
    Ok(())
}

/// Opens the one-time link, the inbox and a lead, looks at the contact and moves the lead on.
async fn park(driver: &WebDriver, program: &Program, screen: Screen) -> WebDriverResult<()> {
    driver.goto(&program.invite("staff@example.com")).await?;
    fill(driver, "#f-password", "a sentence of twelve").await?;
    click(driver, ".narrow button.primary").await?;
    see(driver, "h1", "线索").await?;
    driver::picture(driver, screen, "6-inbox").await?;
    click(driver, ".lead h2 a").await?;
    see(driver, ".facts-list", "138****8000").await?;
    click(driver, "form[action$=reveal] button").await?;
    see(driver, ".facts-list a[href^='tel:']", "13800138000").await?;
    driver::picture(driver, screen, "7-lead").await?;
    click(driver, "main > p > a").await?;
    fill(driver, "#f-stage-note", "已电话联系").await?;
    click(driver, "form[action$=stage] button").await?;
    see(driver, ".notice.good", "阶段已更新").await?;
    see(driver, ".next .badge", "研判").await
}

async fn text(driver: &WebDriver, css: &str) -> WebDriverResult<String> {
    driver.find(By::Css(css)).await?.text().await
}

/// Waits until some element of a selector says something; asked in one go, so that a page on its way out cannot mislead.
async fn see(driver: &WebDriver, css: &str, words: &str) -> WebDriverResult<()> {
    const SAYS: &str = "const [css, words] = arguments;
        return [...document.querySelectorAll(css)].some((element) => element.textContent.includes(words));";
    let patience = Instant::now() + Duration::from_secs(20);
    loop {
        let seen = driver.execute(SAYS, vec![css.into(), words.into()]).await.and_then(|it| it.convert::<bool>());
        match seen {
            Ok(true) => return Ok(()),
            Err(error) if Instant::now() > patience => return Err(error),
            _ => assert!(Instant::now() <= patience, "{css} never said {words}: {}", driver.source().await?),
        }
    }
}

async fn click(driver: &WebDriver, css: &str) -> WebDriverResult<()> {
    driver::tap(driver, &driver.find(By::Css(css)).await?).await
}

async fn fill(driver: &WebDriver, css: &str, words: &str) -> WebDriverResult<()> {
    let input = driver.find(By::Css(css)).await?;
    input.clear().await?;
    input.send_keys(words).await
}
