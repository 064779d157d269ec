//! Nothing fits: advice taken in place and taken back, an alert asked for, confirmed, told of a listing that comes in, stopped;
//! on a phone and on a desk, in both languages, with and without the page's script.

use std::time::{Duration, Instant};

use mail_parser::MessageParser;
use thirtyfour::error::WebDriverResult;
use thirtyfour::prelude::{By, WebDriver};

use crate::driver::{self, Screen, Script};
use crate::program::Program;
use crate::{click, fill, see};

/// Land in Beilun that nobody sells for so little.
const NEED: &str = "kinds=plot&land_mu.min=30&land_mu.max=34&price_wan_per_mu_max=1.5&regions=330206";
const HEAD: &str = "plot_no,province,city,county,location,area_mu,start_price_wan,status\n";

/// The words of a language that the walk looks for.
struct Words {
    prefix: &'static str,
    nothing: &'static str,
    changed: &'static str,
    asked: &'static str,
    on: &'static str,
    ended: &'static str,
    thanks: &'static str,
}

const CHINESE: Words = Words {
    prefix: "",
    nothing: "目前没有完全符合的载体",
    changed: "已修改",
    asked: "请查收确认邮件",
    on: "提醒已生效",
    ended: "提醒已结束",
    thanks: "谢谢，已记下",
};
const ENGLISH: Words = Words {
    prefix: "/en",
    nothing: "Nothing fits in full at present",
    changed: "Changed:",
    asked: "Look for the confirmation mail",
    on: "The alert is on",
    ended: "The alert has ended",
    thanks: "Thank you, noted",
};

#[tokio::test]
async fn where_nothing_fits_an_alert_tells_of_what_comes_in_on_a_phone() {
    both(Screen::Phone, [(&CHINESE, Script::On), (&ENGLISH, Script::Off)]).await;
}

#[tokio::test]
async fn where_nothing_fits_an_alert_tells_of_what_comes_in_on_a_desk() {
    both(Screen::Desk, [(&ENGLISH, Script::On), (&CHINESE, Script::Off)]).await;
}

async fn both(screen: Screen, walks: [(&Words, Script); 2]) {
    let Some(browser) = driver::start() else { return };
    let program = Program::start();
    for (at, (words, script)) in walks.into_iter().enumerate() {
        let driver = browser.open_with(screen, script).await;
        let done = walk(&driver, &program, words, (screen, at)).await;
        // A browser that does not close in time is ended with its driver.
        drop(driver.quit().await);
        done.expect("the walk");
    }
}

async fn walk(
    driver: &WebDriver,
    program: &Program,
    words: &Words,
    (screen, at): (Screen, usize),
) -> WebDriverResult<()> {
    let email = format!("reader{at}@example.com");
    let answer = program.url(&format!("{}/matches?{NEED}", words.prefix));
    driver.goto(&answer).await?;
    see(driver, ".nothing h2", words.nothing).await?;
    driver::pictures(driver, screen, &format!("alert-{at}-nothing")).await?;
    // The smallest change, in place, and back.
    click(driver, ".nothing .advice-step").await?;
    see(driver, ".notice.good", words.changed).await?;
    click(driver, ".notice.good button[name=undo]").await?;
    see(driver, ".nothing h2", words.nothing).await?;
    fill(driver, "#f-alert_email", &email).await?;
    click(driver, "#f-alert_consent").await?;
    click(driver, ".alert-card button").await?;
    see(driver, "h1", words.asked).await?;
    driver::picture(driver, screen, &format!("alert-{at}-asked")).await?;
    let link = link(&mail(driver, program, &email, 1).await?, "/alerts/");
    driver.goto(&link).await?;
    driver::picture(driver, screen, &format!("alert-{at}-confirm")).await?;
    click(driver, "form[action$=confirm] button").await?;
    see(driver, ".notice.good", words.on).await?;
    driver::picture(driver, screen, &format!("alert-{at}-on")).await?;
    // A listing that fits comes in by another process.
    let row = format!("ALERT-{at},浙江省,宁波市,北仑区,示例来件{at}号地块,32,40,available\n");
    program.file("came_in.csv", format!("{HEAD}{row}").as_bytes());
    program.run(&["import", "plots", "came_in.csv"]);
    let news = mail(driver, program, &email, 2).await?;
    assert!(
        news.contains(&format!("/plots/ALERT-{at}")) && (news.contains("1.25") || news.contains("12,500")),
        "{news}"
    );
    driver.goto(&self::link(&news, "/plots/")).await?;
    see(driver, "h1", &at.to_string()).await?;
    driver.goto(&stop_link(&news)).await?;
    see(driver, "form[action$=stop]", "").await?;
    click(driver, "form[action$=stop] button").await?;
    see(driver, "h1", words.ended).await?;
    driver::picture(driver, screen, &format!("alert-{at}-ended")).await?;
    driver::tap(driver, &driver.find(By::Css("input[name=reason]")).await?).await?;
    click(driver, "form[action$=why] button").await?;
    see(driver, "main", words.thanks).await?;
    // What fits now is taken away again, so that the next walk begins with nothing.
    let row = row.replace("available", "off");
    program.file("goes.csv", format!("{HEAD}{row}").as_bytes());
    program.run(&["import", "plots", "goes.csv"]);
    Ok(())
}

/// Waits for a number of mails to an address and returns the text of the last one.
pub(crate) async fn mail(
    driver: &WebDriver,
    program: &Program,
    address: &str,
    number: usize,
) -> WebDriverResult<String> {
    let patience = Instant::now() + Duration::from_secs(30);
    loop {
        let mut texts = Vec::new();
        for bytes in program.letters() {
            let Some(mail) = MessageParser::default().parse(&bytes) else { continue };
            let to = mail.to().and_then(|to| to.first()).and_then(|to| to.address());
            if to == Some(address) {
                texts.push(mail.body_text(0).expect("a text").into_owned());
            }
        }
        if texts.len() >= number {
            return Ok(texts.remove(number - 1));
        }
        assert!(Instant::now() <= patience, "{} of {number} mails to {address}", texts.len());
        driver.title().await?;
    }
}

/// The first address in a mail that has a part.
pub(crate) fn link(text: &str, part: &str) -> String {
    let found = text.split_whitespace().find(|word| word.starts_with("http") && word.contains(part));
    found.unwrap_or_else(|| panic!("no {part} in {text}")).to_owned()
}

fn stop_link(text: &str) -> String {
    let end = text.find("/stop").expect("a link that stops it");
    let from = text[..end].rfind("http").expect("its beginning");
    text[from..end + "/stop".len()].to_owned()
}
