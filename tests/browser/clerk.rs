//! A clerk's journey with the six office files: file, columns, preview, the good rows alone, the rejected ones as a workbook,
//! list, undo.

use std::collections::BTreeSet;

use calamine::{Data, Reader as _, Xlsx};
use domain::column::Table as _;
use thirtyfour::error::WebDriverResult;
use thirtyfour::prelude::{By, WebDriver, WebElement};

use crate::driver::{self, Browser, Screen};
use crate::offices::{self, Office, PARKS};
use crate::program::Program;
use crate::{click, fill, see, text};

#[tokio::test]
async fn a_clerk_imports_six_office_files_and_takes_each_back_on_a_desk() {
    journey(Screen::Desk, "", &offices::all()).await;
}

#[tokio::test]
async fn a_clerk_imports_an_office_file_on_a_phone_in_english() {
    journey(Screen::Phone, "/en", &[offices::district_list()]).await;
}

async fn journey(screen: Screen, language: &'static str, files: &[Office]) {
    let Some(browser) = driver::start() else { return };
    let program = Program::start();
    program.import_parks(PARKS);
    let driver = browser.open(screen).await;
    let clerk = Clerk { driver: &driver, browser: &browser, program: &program, screen, language };
    let done = clerk.works(files).await;
    driver.quit().await.expect("closes");
    // The meaning of a column is asked once, and so are the sheets of each workbook that has several.
    let asked: Vec<&str> = done.expect("the journey");
    let expected = ["可供地块一览表.xlsx", "分区汇总.xlsx"];
    assert_eq!(asked, expected[..files.len().min(2)]);
}

struct Clerk<'t> {
    driver: &'t WebDriver,
    browser: &'t Browser,
    program: &'t Program,
    screen: Screen,
    /// `/en` or nothing.
    language: &'static str,
}

impl Clerk<'_> {
    /// Signs in and takes each file through; returns the files about which something was asked.
    async fn works<'f>(&self, files: &'f [Office]) -> WebDriverResult<Vec<&'f str>> {
        self.driver.goto(&self.program.invite("clerk@example.com")).await?;
        fill(self.driver, "#f-password", "a sentence of twelve").await?;
        click(self.driver, ".narrow button.primary").await?;
        see(self.driver, "h1", "线索").await?;
        let mut asked = Vec::new();
        for (at, office) in files.iter().enumerate() {
            if self.import(office, at + 1).await? {
                asked.push(office.file);
            }
        }
        Ok(asked)
    }

    /// Takes one file through; whether something was asked.
    async fn import(&self, office: &Office, number: usize) -> WebDriverResult<bool> {
        let before = self.table(office);
        self.upload(office, number).await?;
        let is_asked = self.settled(&["job-choosing", "job-ready"]).await? == "job-choosing";
        if is_asked {
            self.picture(number, "2-columns").await?;
            self.answer(office).await?;
            self.settled(&["job-ready"]).await?;
        }
        self.picture(number, "3-preview").await?;
        self.preview(office).await?;
        assert_eq!(self.table(office), before, "nothing is stored before the clerk's word");
        click(self.driver, "form[action*='/apply'] button").await?;
        self.settled(&["job-done"]).await?;
        self.picture(number, "4-done").await?;
        let new: BTreeSet<String> = self.table(office).difference(&before).cloned().collect();
        assert_eq!(new.iter().map(String::as_str).collect::<Vec<_>>(), office.table, "{}", office.file);
        self.take_back(office, number).await?;
        assert_eq!(self.table(office), before, "as before");
        Ok(is_asked)
    }

    async fn upload(&self, office: &Office, number: usize) -> WebDriverResult<()> {
        self.driver.goto(self.program.url(&format!("{}/staff/imports", self.language))).await?;
        click(self.driver, &format!("input[name=kind][value={}]", office.kind.word())).await?;
        let path = self.program.file(office.file, &office.bytes);
        self.driver.find(By::Css("#f-file")).await?.send_keys(path.to_str().expect("a path")).await?;
        self.picture(number, "1-file").await?;
        click(self.driver, "form[enctype] button.primary").await?;
        see(self.driver, "h1", office.file).await
    }

    /// The class of the job's badge once it is one of these; a page of progress comes again by itself.
    async fn settled(&self, classes: &[&'static str]) -> WebDriverResult<&'static str> {
        let any = classes.iter().map(|class| format!(".badge.{class}")).collect::<Vec<_>>().join(", ");
        see(self.driver, &any, "").await?;
        let class = self.driver.find(By::Css(&any)).await?.class_name().await?.unwrap_or_default();
        Ok(classes.iter().find(|wanted| class.contains(*wanted)).expect("one of them"))
    }

    /// Leaves columns out and chooses the sheets.
    async fn answer(&self, office: &Office) -> WebDriverResult<()> {
        if office.all_sheets {
            click(self.driver, "input[name=sheet][value='*']").await?;
        }
        for field in self.driver.find_all(By::Css(".field.map.wrong")).await? {
            let name = field.find(By::Css("label")).await?.text().await?;
            assert!(office.left_out.contains(&name.as_str()), "{name} is known");
            self.choose(&field, "-").await?;
        }
        click(self.driver, "form[action*='/choose'] button").await
    }

    async fn choose(&self, field: &WebElement, value: &str) -> WebDriverResult<()> {
        let option = field.find(By::Css(format!("option[value='{value}']"))).await?;
        driver::tap(self.driver, &field.find(By::Css("select")).await?).await?;
        option.click().await
    }

    /// Counts of the preview, and the workbook of the rejected rows.
    async fn preview(&self, office: &Office) -> WebDriverResult<()> {
        let rows: BTreeSet<&str> = office.rejected.iter().map(|it| it.split(' ').next().expect("a row")).collect();
        for (class, count) in [("created", office.table.len()), ("updated", 0), ("rejected", rows.len())] {
            assert_eq!(
                text(self.driver, &format!(".tally .{class} strong")).await?,
                count.to_string(),
                "{}: {class}",
                office.file
            );
        }
        if rows.is_empty() {
            return Ok(());
        }
        click(self.driver, "a[href$=rejected]").await?;
        let bytes = self.browser.downloaded(self.driver, "rejected.xlsx").await?;
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).expect("a workbook");
        let sheet = book.worksheet_range_at(0).expect("a sheet").expect("cells");
        let reasons: Vec<&Data> =
            sheet.rows().filter_map(<[Data]>::last).filter(|cell| **cell != Data::Empty).collect();
        assert_eq!(reasons.len(), 1 + rows.len(), "a name and a reason per row: {reasons:?}");
        Ok(())
    }

    async fn take_back(&self, office: &Office, number: usize) -> WebDriverResult<()> {
        self.driver.goto(self.program.url(&format!("{}/staff/imports", self.language))).await?;
        see(self.driver, ".row strong", office.file).await?;
        self.picture(number, "5-list").await?;
        click(self.driver, "form[action*='/undo'] button").await?;
        see(self.driver, ".notice.good", &office.table.len().to_string()).await?;
        self.picture(number, "6-undone").await
    }

    /// The filled cells of every listing of the file's kind.
    fn table(&self, office: &Office) -> BTreeSet<String> {
        let exported = self.program.run(&["export", &format!("{}s", office.kind.word())]);
        let mut reader = csv::Reader::from_reader(exported.trim_start_matches('\u{feff}').as_bytes());
        let columns: Vec<&str> = office.kind.columns().iter().map(|column| column.name).collect();
        assert_eq!(reader.headers().expect("a header"), columns);
        let cells = |record: csv::StringRecord| {
            let filled = columns.iter().zip(&record).filter(|(_, cell)| !cell.is_empty());
            filled.map(|(column, cell)| format!("{column}={cell}")).collect::<Vec<_>>().join(" ")
        };
        reader.records().map(|record| cells(record.expect("a row"))).collect()
    }

    async fn picture(&self, number: usize, name: &str) -> WebDriverResult<()> {
        let language = if self.language.is_empty() { "zh" } else { "en" };
        driver::pictures(self.driver, self.screen, &format!("clerk-{language}-{number}-{name}")).await
    }
}
