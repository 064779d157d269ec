//! The journeys of an enterprise, on a phone and on a desk, each with and without the page's script: from a text to inquiries of
//! which one is withdrawn, a lost link, a visitor who reads English alone; without script also several needs and the shortlist.
//! Advice and alerts are in `alert`, the shortlist with script in `shortlist`.

use std::time::{Duration, Instant};

use mail_parser::MessageParser;
use thirtyfour::common::print::PrintParameters;
use thirtyfour::error::WebDriverResult;
use thirtyfour::prelude::{By, WebDriver};

use crate::driver::{self, Browser, Screen, Script};
use crate::program::Program;
use crate::{TEXT, click, fill, see, tick_two};

const ENGLISH: &str = "German auto parts maker seeks 30 mu of industrial land in Suzhou or a factory of 3,000 sqm with a loading \
                       dock in Taicang, Jiangsu. Annual tax RMB 6 million.";

#[tokio::test]
async fn an_enterprise_gets_to_its_end_with_and_without_script_on_a_phone() {
    walk(Screen::Phone).await;
}

#[tokio::test]
async fn an_enterprise_gets_to_its_end_with_and_without_script_on_a_desk() {
    walk(Screen::Desk).await;
}

async fn walk(screen: Screen) {
    let Some(browser) = driver::start() else { return };
    let program = Program::start();
    for script in [Script::On, Script::Off] {
        let driver = browser.open_with(screen, script).await;
        let journey = Journey { driver: &driver, browser: &browser, program: &program, screen, script };
        let done = journey.all().await;
        // A browser that does not close in time is ended with its driver.
        drop(driver.quit().await);
        done.expect("the journeys");
    }
}

struct Journey<'t> {
    driver: &'t WebDriver,
    browser: &'t Browser,
    program: &'t Program,
    screen: Screen,
    script: Script,
}

impl Journey<'_> {
    async fn all(&self) -> WebDriverResult<()> {
        let email = if self.script == Script::On { "with@example.com" } else { "without@example.com" };
        self.sent_and_withdrawn(email).await?;
        self.lost(email).await?;
        self.english().await?;
        if self.script == Script::Off {
            let front = self.program.url("/");
            crate::reading::two_needs(self.driver, &front, self.screen).await?;
            self.compared().await?;
        }
        if self.screen == Screen::Desk {
            crate::keyboard::to_the_first_card(self.driver, self.program).await?;
        }
        self.units_and_paper().await
    }

    async fn picture(&self, name: &str) -> WebDriverResult<()> {
        let script = if self.script == Script::On { "on" } else { "off" };
        driver::pictures(self.driver, self.screen, &format!("journey-{script}-{name}")).await
    }

    async fn goto(&self, path: &str) -> WebDriverResult<()> {
        self.driver.goto(&self.program.url(path)).await
    }

    /// From the box to the answer.
    async fn answer(&self, prefix: &str, text: &str) -> WebDriverResult<()> {
        self.goto(&format!("{prefix}/")).await?;
        fill(self.driver, "#f-text", text).await?;
        click(self.driver, ".front button.primary").await?;
        see(self.driver, ".echo", "").await?;
        click(self.driver, ".bar button.primary").await?;
        see(self.driver, ".match h3", "").await
    }

    async fn sent_and_withdrawn(&self, email: &str) -> WebDriverResult<()> {
        self.answer("", TEXT).await?;
        tick_two(self.driver).await?;
        click(self.driver, ".bar button.primary").await?;
        see(self.driver, ".inquiry h2", "将发送的需求").await?;
        for (field, value) in [("company", "示例零部件有限公司"), ("contact", "王工"), ("email", email)] {
            fill(self.driver, &format!("#f-{field}"), value).await?;
        }
        for tick in self.driver.find_all(By::Css("input[name=parks], input[name=consent]")).await? {
            driver::tap(self.driver, &tick).await?;
        }
        click(self.driver, ".bar button.primary").await?;
        see(self.driver, "h1", "需求状态").await?;
        assert_eq!(self.withdrawable().await?, 2, "two inquiries can be withdrawn");
        click(self.driver, "details:has(form[action$=withdraw]) > summary").await?;
        click(self.driver, "form[action$=withdraw] button").await?;
        see(self.driver, ".notice.good", "已撤回").await?;
        assert_eq!(self.withdrawable().await?, 1, "the other one goes on");
        self.picture("withdrawn").await
    }

    async fn withdrawable(&self) -> WebDriverResult<usize> {
        let number = "return document.querySelectorAll('form[action$=withdraw]').length";
        self.driver.execute(number, Vec::new()).await?.convert()
    }

    /// The link comes back by mail to the address that sent the need.
    async fn lost(&self, email: &str) -> WebDriverResult<()> {
        self.goto("/lost").await?;
        fill(self.driver, "#f-email", email).await?;
        click(self.driver, "main button.primary").await?;
        see(self.driver, ".notice.good", "链接已发到该邮箱").await?;
        let letter = self.letter(email, "找回需求页面").await?;
        let link = letter.split_whitespace().find(|word| word.starts_with("http") && word.contains("/requirements/"));
        self.driver.goto(link.unwrap_or_else(|| panic!("no link in {letter}"))).await?;
        see(self.driver, "h1", "需求状态").await
    }

    /// Waits for a mail to an address that says something.
    async fn letter(&self, address: &str, words: &str) -> WebDriverResult<String> {
        let patience = Instant::now() + Duration::from_secs(30);
        loop {
            for bytes in self.program.letters() {
                let Some(mail) = MessageParser::default().parse(&bytes) else { continue };
                let to = mail.to().and_then(|to| to.first()).and_then(|to| to.address());
                let text = mail.body_text(0).expect("a text");
                if to == Some(address) && text.contains(words) {
                    return Ok(text.into_owned());
                }
            }
            assert!(Instant::now() <= patience, "no mail to {address} says {words}");
            self.driver.title().await?;
        }
    }

    /// From the search to the inquiry; every Chinese word is marked as such, and is a name beside its English.
    async fn english(&self) -> WebDriverResult<()> {
        self.goto("/en/search?q=Suzhou").await?;
        see(self.driver, "main a[href*='/en/']", "").await?;
        self.no_chinese("search").await?;
        self.answer("/en", ENGLISH).await?;
        self.no_chinese("answer").await?;
        self.picture("english-answer").await?;
        click(self.driver, ".match h3 a").await?;
        see(self.driver, ".listing-head h1", "").await?;
        self.no_chinese("listing").await?;
        self.picture("english-listing").await?;
        click(self.driver, "aside a.button.primary").await?;
        see(self.driver, "input[name=company]", "").await?;
        self.no_chinese("inquiry").await?;
        fill(self.driver, "#f-company", "Sample Parts GmbH").await?;
        click(self.driver, ".bar button.primary").await?;
        see(self.driver, ".notice.bad", "").await?;
        self.no_chinese("inquiry with errors").await
    }

    async fn no_chinese(&self, page: &str) -> WebDriverResult<()> {
        const UNMARKED: &str = r"
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            const found = [];
            while (walker.nextNode()) {
                const around = walker.currentNode.parentElement;
                const own = around.closest('script, style, textarea, .echo, .heard, .needs');
                const lang = around.closest('[lang]').lang;
                if (/[\u3400-\u9fff]/.test(walker.currentNode.data) && !own && !lang.startsWith('zh')) {
                    found.push(walker.currentNode.data.trim());
                }
            }
            return found.concat(/[\u3400-\u9fff]/.test(document.title) ? [document.title] : []).join(' | ');";
        let found = self.driver.execute(UNMARKED, Vec::new()).await?.convert::<String>()?;
        assert_eq!(found, "", "Chinese that no element marks: {page}");
        Ok(())
    }

    /// Ticks, comparison, brief on one page of paper, workbook.
    async fn compared(&self) -> WebDriverResult<()> {
        self.answer("", TEXT).await?;
        tick_two(self.driver).await?;
        click(self.driver, "#compare-bar").await?;
        see(self.driver, "table.compare th", "").await?;
        assert_eq!(self.driver.find_all(By::Css(".compare thead a:not(.small)")).await?.len(), 2);
        click(self.driver, ".ways a[href*='/brief']").await?;
        see(self.driver, ".brief-listing .verdict", "").await?;
        assert_eq!(self.sheets_of_paper().await?, 1, "the brief");
        self.driver.back().await?;
        click(self.driver, ".ways a[href*='/pack']").await?;
        let day = luodi::clock::Clock::now(&luodi::clock::SystemClock).day();
        let bytes = self.browser.downloaded(self.driver, &format!("answer-{day}.xlsx")).await?;
        assert!(bytes.starts_with(b"PK"), "a workbook");
        Ok(())
    }

    /// A listing judged against a need is one page of paper, in each of the units that its reader chooses.
    async fn units_and_paper(&self) -> WebDriverResult<()> {
        const NEED: &str =
            "land_mu.min=20&land_mu.max=60&tax_wan=1000&fixed_investment_wan=12000&industry=3670&regions=330200";
        let found = self.program.call("/api/v1/listings?kind=plot&region=330200", None);
        let id = found["items"][0]["id"].as_str().expect("a plot");
        self.goto(&format!("/plots/{id}?{NEED}")).await?;
        see(self.driver, ".facts-list", "亩").await?;
        assert_eq!(self.sheets_of_paper().await?, 1, "the listing");
        click(self.driver, ".units a[href*='units=ha']").await?;
        see(self.driver, ".facts-list", "公顷").await?;
        self.picture("units").await?;
        self.goto("/plots").await?;
        see(self.driver, ".list .line", "公顷").await?;
        click(self.driver, ".units a[href*='units=usual']").await?;
        see(self.driver, ".list .line", "亩").await
    }

    async fn sheets_of_paper(&self) -> WebDriverResult<usize> {
        let paper = PrintParameters { background: true, ..PrintParameters::default() };
        let bytes = self.driver.print_page(paper).await?;
        if let Some(folder) = std::env::var_os("LUODI_TEST_PICTURES") {
            std::fs::write(std::path::Path::new(&folder).join("listing.pdf"), &bytes).expect("written");
        }
        Ok(String::from_utf8_lossy(&bytes).matches("/Type /Page\n").count())
    }
}
