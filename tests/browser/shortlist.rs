//! From the text to a shortlist: chips while typing, order and map, comparison, the brief on one page, the workbook, a shared
//! link; on a phone and a desk, in both languages.

use calamine::{Data, Reader as _, Xlsx};
use thirtyfour::common::print::PrintParameters;
use thirtyfour::error::WebDriverResult;
use thirtyfour::prelude::{By, WebDriver};

use crate::driver::{self, Browser, Screen};
use crate::program::Program;
use crate::{click, fill, see, text};

/// The text, a part of it as a chip, what the answer's need shows, the price's column in the workbook.
const WORDS: [(&str, [&str; 4]); 2] = [
    ("", ["宁波或绍兴找20到40亩工业地，年税收2000万，固定资产投资3亿", "20到40亩", "20–40 亩", "折合地价（万元/亩）"]),
    (
        "/en",
        ["20 to 40 mu of industrial land in Ningbo, annual tax RMB 20 million", "20 to 40 mu", "20–40 mu", "CNY/mu"],
    ),
];

#[tokio::test]
async fn a_shortlist_is_compared_briefed_and_packed_on_a_phone() {
    walk(Screen::Phone).await;
}

#[tokio::test]
async fn a_shortlist_is_compared_briefed_and_packed_on_a_desk() {
    walk(Screen::Desk).await;
}

async fn walk(screen: Screen) {
    let Some(browser) = driver::start() else { return };
    let program = Program::start();
    for (language, words) in WORDS {
        let driver = browser.open(screen).await;
        let journey = Journey { driver: &driver, browser: &browser, program: &program, screen, language };
        let done = journey.go(words).await;
        let log = driver.browser_log().await;
        driver.quit().await.expect("closes");
        done.expect("the walk");
        let severe: Vec<_> = log.expect("a log").into_iter().filter(|entry| entry.level == "SEVERE").collect();
        // The ended link alone is refused, as it must be.
        assert!(severe.iter().all(|entry| entry.message.contains("410")), "{severe:?}");
    }
}

struct Journey<'t> {
    driver: &'t WebDriver,
    browser: &'t Browser,
    program: &'t Program,
    screen: Screen,
    /// `/en` or nothing.
    language: &'static str,
}

impl Journey<'_> {
    async fn go(&self, [typed, chip, need, price]: [&str; 4]) -> WebDriverResult<()> {
        self.type_in(typed, chip).await?;
        self.answer(need).await?;
        self.shortlist().await?;
        self.brief().await?;
        self.pack(price).await?;
        self.share().await
    }

    async fn picture(&self, name: &str) -> WebDriverResult<()> {
        let language = if self.language.is_empty() { "zh" } else { "en" };
        driver::pictures(self.driver, self.screen, &format!("shortlist-{language}-{name}")).await
    }

    async fn asks(&self, script: &str) -> WebDriverResult<bool> {
        self.driver.execute(script, Vec::new()).await?.convert()
    }

    /// Chips show what was understood; the box keeps the focus.
    async fn type_in(&self, typed: &str, chip: &str) -> WebDriverResult<()> {
        self.driver.goto(&self.program.url(&format!("{}/", self.language))).await?;
        fill(self.driver, "#f-text", typed).await?;
        see(self.driver, ".heard .chip", chip).await?;
        assert!(self.asks("return document.activeElement.id === 'f-text'").await?, "the focus stays in the box");
        self.picture("1-typed").await?;
        click(self.driver, ".front button.primary").await?;
        click(self.driver, ".bar button.primary").await
    }

    /// The map is beside the list on a desk and folded on a phone; an order stays in the address.
    async fn answer(&self, need: &str) -> WebDriverResult<()> {
        see(self.driver, ".need .chip-value", need).await?;
        const BESIDE: &str = "const list = document.querySelector('#need').getBoundingClientRect();
            const map = document.querySelector('.map-card').getBoundingClientRect();
            return map.width > 0 && map.left >= list.right && map.top < innerHeight;";
        assert_eq!(self.asks(BESIDE).await?, self.screen == Screen::Desk, "list and map side by side");
        self.picture("2-answer").await?;
        if self.screen == Screen::Phone {
            assert!(self.asks("return document.querySelector('.map-card').offsetHeight === 0").await?, "folded");
            click(self.driver, ".map-switch").await?;
            assert!(self.asks("return document.querySelector('.map-card').offsetHeight > 100").await?, "unfolded");
            driver::picture(self.driver, self.screen, &format!("shortlist-map{}", self.language.replace('/', "-")))
                .await?;
            click(self.driver, ".map-switch").await?;
        }
        click(self.driver, ".sift > summary").await?;
        click(self.driver, "#f-sort option[value=near]").await?;
        click(self.driver, ".sift button").await?;
        see(self.driver, ".sift[open] summary", "").await?;
        see(self.driver, ".need .chip-value", need).await?;
        let address = self.driver.current_url().await?.to_string();
        assert!(address.contains("sort=near") && !address.contains("text="), "{address}");
        const WIDE: &str = "return document.documentElement.scrollWidth <= innerWidth";
        assert!(self.asks(WIDE).await?, "nothing is wider than the screen");
        Ok(())
    }

    /// Two cards are added in place, remembered when the page is loaded again, and compared.
    async fn shortlist(&self) -> WebDriverResult<()> {
        let buttons = self.driver.find_all(By::Css(".to-compare")).await?;
        for button in buttons.iter().take(2) {
            driver::tap(self.driver, button).await?;
        }
        see(self.driver, "#compare-bar", "2").await?;
        assert_eq!(self.driver.find_all(By::Css(".to-compare[aria-pressed=true]")).await?.len(), 2);
        self.driver.refresh().await?;
        see(self.driver, "#compare-bar", "2").await?;
        click(self.driver, "#compare-bar").await?;
        see(self.driver, "table.compare th", "").await?;
        assert_eq!(self.driver.find_all(By::Css(".compare thead a:not(.small)")).await?.len(), 2);
        self.picture("3-compare").await
    }

    /// The brief is one page of paper.
    async fn brief(&self) -> WebDriverResult<()> {
        click(self.driver, ".ways a[href*='/brief']").await?;
        see(self.driver, ".brief-listing .verdict", "").await?;
        self.picture("4-brief").await?;
        let paper = self.driver.print_page(PrintParameters { background: true, ..PrintParameters::default() }).await?;
        if let Some(folder) = std::env::var_os("LUODI_TEST_PICTURES") {
            let name = format!("brief{}-{:?}.pdf", self.language.replace('/', "-"), self.screen == Screen::Phone);
            std::fs::write(std::path::Path::new(&folder).join(name), &paper).expect("written");
        }
        let pages = String::from_utf8_lossy(&paper).matches("/Type /Page\n").count();
        assert_eq!(pages, 1, "pages of paper");
        self.driver.back().await
    }

    async fn pack(&self, price: &str) -> WebDriverResult<()> {
        let link = self.driver.find(By::Css(".ways a[href*='/pack']")).await?;
        driver::tap(self.driver, &link).await?;
        let day = luodi::clock::Clock::now(&luodi::clock::SystemClock).day();
        let name = format!("answer-{day}.xlsx");
        let bytes = self.browser.downloaded(self.driver, &name).await?;
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).expect("a workbook");
        assert_eq!(book.sheet_names().len(), 3);
        let listings = book.worksheet_range_at(1).expect("a sheet").expect("readable");
        let head: Vec<String> = listings.rows().next().expect("a head").iter().map(ToString::to_string).collect();
        assert!(head.iter().any(|cell| cell.contains(price)), "{head:?}");
        assert_eq!(listings.rows().count(), 3, "a head and two listings");
        let area = head.iter().position(|cell| cell.contains('㎡') || cell.contains("m²")).expect("an area");
        assert!(matches!(listings.get((1, area)), Some(Data::Float(_) | Data::Int(_))), "figures are numbers");
        Ok(())
    }

    /// A link for colleagues, until its maker ends it.
    async fn share(&self) -> WebDriverResult<()> {
        click(self.driver, ".bar button[formaction$='/shares']").await?;
        see(self.driver, "form[action$='/end'] button", "").await?;
        self.picture("5-share").await?;
        let own = self.driver.current_url().await?.to_string();
        click(self.driver, ".ways a[href*='/shared/']").await?;
        see(self.driver, ".brief-listing h2", "").await?;
        self.picture("6-shared").await?;
        let readers = self.driver.current_url().await?.to_string();
        self.driver.goto(&own).await?;
        click(self.driver, "form[action$='/end'] button").await?;
        see(self.driver, ".notice.warn", "").await?;
        self.driver.goto(&readers).await?;
        see(self.driver, ".notice.warn", "").await?;
        assert!(!text(self.driver, "main").await?.contains("20–40"), "nothing is shown after the end");
        Ok(())
    }
}
