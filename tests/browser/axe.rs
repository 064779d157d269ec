//! Long tier (`.ci/axe`): axe-core finds nothing on any page or state, in both languages, at three widths, light and dark, at
//! text of 100 % and 200 %; and nothing is wider than its screen. `LUODI_TEST_AXE` names the script of axe-core; without it the
//! walk is skipped loudly. `LUODI_TEST_PICTURES=FOLDER` keeps a picture of each state.

use serde_json::{Value, json};
use thirtyfour::error::WebDriverResult;
use thirtyfour::prelude::{By, WebDriver};

use crate::driver::{self, Screen};
use crate::program::Program;
use crate::{TEXT, alert, click, fill, see};

const WIDTHS: [u32; 3] = [320, 390, 1280];
const HEIGHT: u32 = 900;
/// Parts of an answer's address that hold a need with matches, and one without any.
const NEED: &str = "kinds=plot&land_mu.min=20&land_mu.max=60&tax_wan=1000&regions=330200";
const NOTHING: &str = "kinds=plot&land_mu.min=30&land_mu.max=34&price_wan_per_mu_max=1.5&regions=330206";
/// Pages that an address opens.
const PUBLIC: [&str; 19] = [
    "/",
    "/plots",
    "/spaces?q=%E5%AE%9E%E9%AA%8C%E5%AE%A4",
    "/parks?region=%E6%B5%99%E6%B1%9F",
    "/plots?q=nothingofthename",
    "/search",
    "/search?q=%E5%AE%81%E6%B3%A2%E5%8E%82%E6%88%BF",
    "/search?q=zzzzzzzz",
    "/policies",
    "/policies/DEMO-ZC-001",
    "/compare",
    "/privacy",
    "/ranking",
    "/lost",
    "/staff",
    "/staff/forgot",
    "/nowhere",
    "/requirements/00000000000000000000000000000000",
    "/plots?units=ha",
];
/// Pages of staff.
const STAFF: [&str; 14] = [
    "/staff",
    "/staff/tasks",
    "/staff/listings",
    "/staff/imports",
    "/staff/people",
    "/staff/assignment",
    "/staff/webhooks",
    "/staff/holds",
    "/staff/ledger",
    "/staff/reports",
    "/staff/promises",
    "/staff/me",
    "/staff/export",
    "/staff/leads/new",
];

#[tokio::test]
async fn axe_finds_nothing_on_any_page_or_state() {
    let Some(path) = std::env::var_os("LUODI_TEST_AXE") else { return say_skipped() };
    let axe = std::fs::read_to_string(path).expect("the script of axe-core");
    let Some(browser) = driver::start() else { return };
    let program = Program::start();
    let driver = browser.open(Screen::Desk).await;
    let mut walk = Walk { driver: &driver, program: &program, axe, states: 0, found: Vec::new() };
    let mut done = Ok(());
    for language in ["", "/en"] {
        done = done.and(walk.all(language).await);
    }
    let (states, found) = (walk.states, walk.found);
    drop(driver.quit().await);
    done.expect("the walk");
    tell(states, &found);
    assert!(found.is_empty(), "{} findings", found.len());
}

#[expect(clippy::print_stderr, reason = "a skipped test must be heard")]
fn say_skipped() {
    eprintln!("SKIPPED: `.ci/axe` runs this walk");
}

#[expect(clippy::print_stdout, reason = "a report is what it is for")]
fn tell(states: usize, found: &[String]) {
    found.iter().for_each(|line| println!("{line}"));
    println!("axe: {states} states, {} findings", found.len());
}

struct Walk<'t> {
    driver: &'t WebDriver,
    program: &'t Program,
    axe: String,
    states: usize,
    found: Vec<String>,
}

impl Walk<'_> {
    async fn all(&mut self, language: &str) -> WebDriverResult<()> {
        for path in PUBLIC {
            self.open(&format!("{language}{path}")).await?;
        }
        self.listings(language).await?;
        self.answers(language).await?;
        let reference = self.sent(language).await?;
        self.open(&format!("{language}/requirements/{reference}")).await?;
        self.open(&format!("{language}/requirements/{reference}/matches")).await?;
        self.needs(language).await?;
        self.reported(language).await?;
        self.alerts(language).await?;
        let gone = self.sent(&format!("{language}/gone")).await?;
        self.withdrawn(language, &gone).await?;
        self.staff(language).await
    }

    /// Opens a page and looks at it in every way.
    async fn open(&mut self, path: &str) -> WebDriverResult<()> {
        self.driver.goto(self.program.url(path)).await?;
        self.look(path).await
    }

    async fn listings(&mut self, language: &str) -> WebDriverResult<()> {
        for (kind, folder) in [("plot", "plots"), ("space", "spaces"), ("park", "parks")] {
            let list = self.program.call(&format!("/api/v1/listings?kind={kind}&region=330200"), None);
            let Some(id) = list["items"][0]["id"].as_str().map(str::to_owned) else { continue };
            self.open(&format!("{language}/{folder}/{id}")).await?;
            self.open(&format!("{language}/{folder}/{id}?{NEED}&fixed_investment_wan=12000")).await?;
            self.open(&format!("{language}/report?kind={kind}&id={id}")).await?;
        }
        Ok(())
    }

    /// The reading, answers, chosen listings, shared links and the inquiry with its errors.
    async fn answers(&mut self, language: &str) -> WebDriverResult<()> {
        self.driver.goto(self.program.url(&format!("{language}/"))).await?;
        fill(self.driver, "#f-text", TEXT).await?;
        see(self.driver, ".heard .chip", "").await?;
        self.look(&format!("{language}/ while typing")).await?;
        click(self.driver, ".front button.primary").await?;
        see(self.driver, ".echo", "").await?;
        self.look(&format!("{language}/ read")).await?;
        self.open(&format!("{language}/matches?{NOTHING}")).await?;
        click(self.driver, ".nothing .advice-step").await?;
        see(self.driver, ".notice.good", "").await?;
        self.look(&format!("{language}/matches after advice")).await?;
        self.open(&format!("{language}/matches?{NEED}")).await?;
        let summaries = "document.querySelectorAll('details').forEach((it) => { it.open = true; })";
        self.driver.execute(summaries, Vec::new()).await?;
        self.look(&format!("{language}/matches unfolded")).await?;
        for tick in self.driver.find_all(By::Css("input[name=listings]")).await?.iter().take(2) {
            driver::tap(self.driver, tick).await?;
        }
        click(self.driver, ".bar button.primary").await?;
        see(self.driver, "#f-company", "").await?;
        self.look(&format!("{language}/inquiry")).await?;
        click(self.driver, ".bar button.primary").await?;
        see(self.driver, ".notice.bad", "").await?;
        self.look(&format!("{language}/inquiry with errors")).await?;
        self.chosen(language).await
    }

    async fn chosen(&mut self, language: &str) -> WebDriverResult<()> {
        let list = self.program.call("/api/v1/listings?kind=plot&region=330200", None);
        let ids: Vec<&str> = (0..3).filter_map(|at| list["items"][at]["id"].as_str()).collect();
        let ids: String = ids.iter().map(|id| format!("ids={id}&")).collect();
        self.open(&format!("{language}/brief?{ids}{NEED}")).await?;
        self.open(&format!("{language}/compare?{ids}{NEED}")).await?;
        click(self.driver, ".bar button[formaction$='/shares']").await?;
        see(self.driver, "form[action$='/end'] button", "").await?;
        self.look(&format!("{language}/shares")).await?;
        click(self.driver, ".ways a[href*='/shared/']").await?;
        see(self.driver, ".brief-listing h2", "").await?;
        self.look(&format!("{language}/shared")).await
    }

    /// Sends a requirement with an inquiry, whose company ends in a mark of its own; returns its reference.
    async fn sent(&self, mark: &str) -> WebDriverResult<String> {
        let notice = self.program.call("/api/v1/notice", None)["version"].clone();
        let need = json!({ "kinds": ["plot"], "land_mu": { "min": 20, "max": 60 }, "regions": ["330200"] });
        let company = format!("示例零部件有限公司{mark}");
        let sent = self.program.call(
            "/api/v1/requirements",
            Some(&json!({ "requirement": need, "company": company, "contact": "王工", "phone": "138 0013 8000",
                "email": "buyer@example.com", "consent": { "notice_version": notice } })),
        );
        let reference = sent["reference"].as_str().expect("a reference").to_owned();
        let found = &sent["matches"]["to_confirm"][0]["listing"];
        let asked =
            json!({ "listings": [found["id"]], "consent": { "notice_version": notice, "parks": [found["park"]] } });
        self.program.call(&format!("/api/v1/requirements/{reference}/inquiries"), Some(&asked));
        Ok(reference)
    }

    /// A text of two needs, and wrong fields.
    async fn needs(&mut self, language: &str) -> WebDriverResult<()> {
        let front = self.program.url(&format!("{language}/"));
        crate::reading::send(self.driver, &front, crate::reading::TWO_NEEDS).await?;
        see(self.driver, ".needs button", "").await?;
        self.look(&format!("{language}/ two needs read")).await?;
        click(self.driver, ".bar button.primary").await?;
        see(self.driver, ".need .chip-value", "").await?;
        self.look(&format!("{language}/matches of two needs")).await?;
        self.open(&format!("{language}/matches?kinds=plot&land_mu.min=60&land_mu.max=20&tax_wan=many")).await
    }

    /// A wrong entry reported: the form with its errors, then the ticket.
    async fn reported(&mut self, language: &str) -> WebDriverResult<()> {
        let list = self.program.call("/api/v1/listings?kind=plot&region=330200", None);
        let id = list["items"][0]["id"].as_str().expect("a plot");
        self.driver.goto(self.program.url(&format!("{language}/report?kind=plot&id={id}"))).await?;
        click(self.driver, "form.report button.primary").await?;
        see(self.driver, ".notice.bad", "").await?;
        self.look(&format!("{language}/report with errors")).await?;
        click(self.driver, "[name=reason]").await?;
        click(self.driver, "[name=consent]").await?;
        fill(self.driver, "#f-words", "示例更正 sample correction").await?;
        fill(self.driver, "#f-email", "reader@example.com").await?;
        click(self.driver, "form.report button.primary").await?;
        see(self.driver, ".reference", "").await?;
        self.look(&format!("{language}/tickets")).await
    }

    /// An alert from its form to its end.
    async fn alerts(&mut self, language: &str) -> WebDriverResult<()> {
        let email = format!("alert{}@example.com", language.len());
        self.driver.goto(self.program.url(&format!("{language}/matches?{NOTHING}"))).await?;
        click(self.driver, ".alert-card button").await?;
        see(self.driver, ".alert-card .error", "").await?;
        self.look(&format!("{language}/alerts with errors")).await?;
        fill(self.driver, "#f-alert_email", &email).await?;
        click(self.driver, "#f-alert_consent").await?;
        click(self.driver, ".alert-card button").await?;
        see(self.driver, "main .facts-list, main h1", "").await?;
        self.look(&format!("{language}/alerts asked")).await?;
        let link = alert::link(&alert::mail(self.driver, self.program, &email, 1).await?, "/alerts/");
        self.driver.goto(&link).await?;
        self.look(&format!("{language}/alerts to confirm")).await?;
        click(self.driver, "form[action$=confirm] button").await?;
        see(self.driver, ".notice.good", "").await?;
        self.look(&format!("{language}/alerts on")).await?;
        click(self.driver, "form[action$=stop] button").await?;
        see(self.driver, "form[action$=why]", "").await?;
        self.look(&format!("{language}/alerts ended")).await
    }

    /// The private page after a withdrawal, a lost link asked for, and what is left after an erasure.
    async fn withdrawn(&mut self, language: &str, reference: &str) -> WebDriverResult<()> {
        let own = self.program.url(&format!("{language}/requirements/{reference}"));
        self.driver.goto(&own).await?;
        click(self.driver, "details:has(form[action$=withdraw]) > summary").await?;
        click(self.driver, "form[action$=withdraw] button").await?;
        see(self.driver, ".notice.good", "").await?;
        self.look(&format!("{language}/requirements withdrawn")).await?;
        self.driver.goto(self.program.url(&format!("{language}/lost"))).await?;
        fill(self.driver, "#f-email", "buyer@example.com").await?;
        click(self.driver, "main button.primary").await?;
        see(self.driver, ".notice.good", "").await?;
        self.look(&format!("{language}/lost sent")).await?;
        self.driver.goto(&own).await?;
        click(self.driver, "form[action$=erase] button").await?;
        see(self.driver, "form[action$=erase] .error", "").await?;
        self.look(&format!("{language}/requirements erase unsure")).await?;
        click(self.driver, "form[action$=erase] input[name=sure]").await?;
        click(self.driver, "form[action$=erase] button").await?;
        see(self.driver, ".error-page", "").await?;
        self.look(&format!("{language}/requirements erased")).await?;
        self.open(&format!("{language}/requirements/{reference}")).await
    }

    async fn staff(&mut self, language: &str) -> WebDriverResult<()> {
        let email = format!("axe{}@example.com", language.len());
        self.driver.goto(&self.program.invite(&email)).await?;
        self.look(&format!("{language} an invitation")).await?;
        fill(self.driver, "#f-password", "a sentence of twelve").await?;
        click(self.driver, ".narrow button.primary").await?;
        see(self.driver, ".signed-in", "").await?;
        for path in STAFF {
            self.open(&format!("{language}{path}")).await?;
        }
        self.driver.goto(self.program.url(&format!("{language}/staff"))).await?;
        click(self.driver, ".lead h2 a").await?;
        see(self.driver, "form[action$=reveal]", "").await?;
        self.look(&format!("{language} a lead")).await?;
        self.driver.goto(self.program.url(&format!("{language}/staff/listings"))).await?;
        click(self.driver, "main .list a").await?;
        see(self.driver, "main form", "").await?;
        self.look(&format!("{language} a listing's form")).await?;
        self.driver.delete_all_cookies().await
    }

    /// Looks at the page in every width, colour scheme and size of text.
    async fn look(&mut self, name: &str) -> WebDriverResult<()> {
        let tools = self.driver.cdp();
        self.driver.execute(&self.axe, Vec::new()).await?;
        for width in WIDTHS {
            let metrics = json!({ "width": width, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": false });
            tools.send_raw("Emulation.setDeviceMetricsOverride", metrics).await?;
            for scheme in ["light", "dark"] {
                let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
                tools.send_raw("Emulation.setEmulatedMedia", media).await?;
                for size in ["100%", "200%"] {
                    self.judge(&format!("{name} {width} px {scheme} {size}"), size).await?;
                }
                driver::whole_page(self.driver, &format!("{width}-{scheme}{name}")).await?;
            }
        }
        tools.send_raw("Emulation.clearDeviceMetricsOverride", json!({})).await?;
        Ok(())
    }

    async fn judge(&mut self, name: &str, size: &str) -> WebDriverResult<()> {
        const RUN: &str = r"
            const [size, done] = arguments;
            document.documentElement.style.fontSize = size;
            const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
            axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => {
                document.documentElement.style.fontSize = '';
                const told = violations.map((it) => `${it.id}: ${it.nodes.slice(0, 3).map((node) => node.target.join(' ')).join(', ')}`);
                done(wide > 0 ? told.concat([`wider than the screen by ${wide} px`]) : told);
            });";
        let found = self.driver.execute_async(RUN, vec![Value::from(size)]).await?.convert::<Vec<String>>()?;
        self.states += 1;
        self.found.extend(found.into_iter().map(|it| format!("{name}: {it}")));
        Ok(())
    }
}
