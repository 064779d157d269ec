//! The week of an investment office, in the browser: invitation, sign-in, a lead with an owner, the number and the note after
//! the call, an answer, a visit, a sold plot and another one offered, stages, a typed-in lead, a hand-over to another park, an
//! officer who leaves, a signature, the month's report, and the withdrawal that leaves a tombstone.

use serde_json::{Value, json};
use thirtyfour::error::WebDriverResult;
use thirtyfour::prelude::{By, WebDriver};

use crate::driver::{self, Browser, Screen};
use crate::program::Program;
use crate::{click, fill, see, text};

const PASSWORD: &str = "a sentence of twelve";

/// Sends a requirement and an inquiry about a plot of a park with an inbox that offers several; returns the reference, the
/// plot and the park.
fn enterprise(program: &Program) -> (String, String, String) {
    let notice = program.call("/api/v1/notice", None)["version"].clone();
    let need = json!({ "kinds": ["plot"], "land_mu": { "min": 20, "max": 60 }, "investment_wan": 12000 });
    let sent = program.call(
        "/api/v1/requirements",
        Some(
            &json!({ "requirement": need, "company": "示例零部件有限公司", "contact": "王工", "phone": "138 0013 8000",
            "email": "buyer@example.com", "consent": { "notice_version": notice } }),
        ),
    );
    let reference = sent["reference"].as_str().expect("a reference").to_owned();
    let lists = ["matched", "to_confirm", "near"].map(|list| sent["matches"][list].as_array().expect("a list"));
    let all: Vec<(&str, &str)> = lists
        .into_iter()
        .flatten()
        .filter_map(|found| Some((found["listing"]["id"].as_str()?, found["listing"]["park"].as_str()?)))
        .collect();
    let has_two = |park: &str| all.iter().filter(|(_, other)| *other == park).count() > 1;
    for (plot, park) in all.iter().filter(|(_, park)| has_two(park)) {
        let asked = program.call(
            &format!("/api/v1/requirements/{reference}/inquiries"),
            Some(&json!({ "listings": [plot], "consent": { "notice_version": notice, "parks": [park] } })),
        );
        if asked["inquiries"].is_array() {
            return (reference, (*plot).to_owned(), (*park).to_owned());
        }
    }
    panic!("no park with an inbox and two plots: {all:?}")
}

#[tokio::test]
async fn the_week_of_an_office_on_a_phone() {
    week(Screen::Phone).await;
}

#[tokio::test]
async fn the_week_of_an_office_on_a_desk() {
    week(Screen::Desk).await;
}

async fn week(screen: Screen) {
    let Some(browser) = driver::start() else { return };
    let program = Program::start();
    let mut windows = Vec::new();
    for _ in 0..4 {
        windows.push(browser.open(screen).await);
    }
    let done = days(&windows, &program, screen).await;
    let mut severe = Vec::new();
    for window in windows {
        severe.extend(window.browser_log().await.expect("a log").into_iter().filter(|entry| entry.level == "SEVERE"));
        window.quit().await.expect("closes");
    }
    done.expect("the week");
    // A refused or ended session is told by its status, which the browser logs; scripts and policy log nothing.
    let severe: Vec<_> = severe.into_iter().filter(|entry| !entry.message.contains("status of 4")).collect();
    assert!(severe.is_empty(), "{severe:?}");
    drop::<Browser>(browser);
}

async fn days(windows: &[WebDriver], program: &Program, screen: Screen) -> WebDriverResult<()> {
    let [admin, officer, manager, receiver] = windows else { unreachable!("four windows") };
    let (reference, plot, park) = enterprise(program);
    invite(admin, program, &park).await?;
    enter(officer, &program.invite_to("officer@example.com", "officer", &park)).await?;
    enter(manager, &program.invite_to("boss@example.com", "manager", &park)).await?;
    monday(officer, screen).await?;
    tuesday(officer, screen).await?;
    wednesday(officer, program, &plot, screen).await?;
    thursday(officer, program, screen).await?;
    handed_over(officer, (admin, receiver), program, (&park, screen)).await?;
    friday(officer, manager, program).await?;
    pictures(manager, program, (&park, &plot), screen).await?;
    withdrawn(admin, manager, program, &reference).await
}

/// The admin invites an officer and a manager from the page; a mail goes to each.
async fn invite(driver: &WebDriver, program: &Program, park: &str) -> WebDriverResult<()> {
    enter(driver, &program.invite("admin@example.com")).await?;
    for (email, role) in [("officer@example.com", "officer"), ("boss@example.com", "manager")] {
        driver.goto(program.url("/staff/people")).await?;
        fill(driver, "#f-email", email).await?;
        put(driver, "select[name=role]", role).await?;
        fill(driver, "input[name=park]", park).await?;
        click(driver, "form[action$='/staff/people'] button.primary").await?;
        see(driver, ".list h2", email).await?;
    }
    driver.goto(program.url("/dev/mails")).await?;
    see(driver, ".list", "officer@example.com").await
}

async fn enter(driver: &WebDriver, link: &str) -> WebDriverResult<()> {
    driver.goto(link).await?;
    fill(driver, "#f-password", PASSWORD).await?;
    click(driver, ".narrow button.primary").await?;
    see(driver, "h1", "线索").await
}

/// The lead is new, gets its owner, the number is called, and the note is typed where the number was shown.
async fn monday(driver: &WebDriver, screen: Screen) -> WebDriverResult<()> {
    see(driver, ".list-new", "1").await?;
    click(driver, ".lead h2 a").await?;
    // Calling is within the first screen.
    const BOTTOM: &str = "return document.querySelector('form[action$=reveal] button').getBoundingClientRect().bottom;";
    let bottom = driver.execute(BOTTOM, Vec::new()).await?.convert::<f64>()?;
    assert!(bottom <= 844.0, "the button that shows the number ends at {bottom}");
    driver::picture(driver, screen, "20-lead").await?;
    click(driver, "#owner summary").await?;
    click(driver, "#owner form button").await?;
    see(driver, ".next", "officer@example.com").await?;
    click(driver, "form[action$=reveal] button").await?;
    see(driver, "a[href^='tel:']", "13800138000").await?;
    driver::picture(driver, screen, "21-contact").await?;
    const TAP: &str = "const link = document.querySelector('a[href^=\"tel:\"]');
        link.addEventListener('click', (event) => event.preventDefault());
        link.click();";
    driver.execute(TAP, Vec::new()).await?;
    let typing = "return document.activeElement && document.activeElement.id;";
    wait_for(driver, typing, "f-note-text").await?;
    fill(driver, "#f-note-text", "王工说先看资料，下周来").await?;
    put(driver, "#f-note-next_on", "2099-01-05").await?;
    click(driver, "form[action$=notes] button").await?;
    see(driver, ".notice.good", "记录已保存").await?;
    see(driver, ".history", "2099-01-05").await
}

/// An answer by a template counts, a visit is recorded, the stage moves.
async fn tuesday(driver: &WebDriver, screen: Screen) -> WebDriverResult<()> {
    click(driver, "#answer summary").await?;
    click(driver, "#answer .tags a").await?;
    let filled = "return document.querySelector('#f-answer-text').value.includes('已收到');";
    wait_for(driver, filled, true).await?;
    click(driver, "form[action$=reply] button").await?;
    see(driver, ".notice.good", "答复已放入发送队列").await?;
    click(driver, "#visit summary").await?;
    fill(driver, "#f-visit-who", "王工等2人").await?;
    click(driver, "#f-visit-listings input").await?;
    click(driver, "form[action$=visits] button").await?;
    see(driver, ".history", "王工等2人").await?;
    click(driver, "form[action$=stage] button.primary").await?;
    see(driver, ".next .badge", "研判").await?;
    driver::picture(driver, screen, "22-worked").await
}

/// The plot is sold: its lead says so, and another one is offered.
async fn wednesday(driver: &WebDriver, program: &Program, plot: &str, screen: Screen) -> WebDriverResult<()> {
    let lead = driver.current_url().await?.to_string();
    driver.goto(program.url(&format!("/staff/listings/plot/{plot}"))).await?;
    click(driver, "form[action$=status] button[value=sold]").await?;
    see(driver, ".badge", "已成交").await?;
    driver.goto(lead.split(['?', '#']).next().unwrap_or_default()).await?;
    see(driver, ".next .step", "替代").await?;
    driver::picture(driver, screen, "23-sold").await?;
    click(driver, "#instead a.button").await?;
    let filled = "return document.querySelector('#f-answer-text').value.includes('更合适');";
    wait_for(driver, filled, true).await?;
    click(driver, "form[action$=reply] button").await?;
    see(driver, ".notice.good", "答复已放入发送队列").await
}

/// A call is typed in; a view is saved; the keys move.
async fn thursday(driver: &WebDriver, program: &Program, screen: Screen) -> WebDriverResult<()> {
    driver.goto(program.url("/staff/leads/new")).await?;
    fill(driver, "#f-text", "示例轴承有限公司 李工 138 0013 8123，找30亩工业地，总投资8000万").await?;
    click(driver, "button[value=read]").await?;
    see(driver, ".echo", "30亩").await?;
    put(driver, "#f-source", "fair").await?;
    put(driver, "#f-basis", "oral").await?;
    driver::picture(driver, screen, "24-typed").await?;
    click(driver, "button[value=save]").await?;
    see(driver, ".notice.good", "线索已保存").await?;
    driver.goto(program.url("/staff?owner=me")).await?;
    click(driver, ".views summary").await?;
    fill(driver, "#f-view", "我的").await?;
    click(driver, ".save-view button").await?;
    see(driver, ".saved", "我的").await?;
    driver::picture(driver, screen, "25-desk").await?;
    if screen == Screen::Desk {
        driver.find(By::Css("body")).await?.send_keys("jj").await?;
        let at = "return [...document.querySelectorAll('.lead h2 a')].indexOf(document.activeElement);";
        wait_for(driver, at, 1).await?;
        driver.find(By::Css("body")).await?.send_keys("?").await?;
        wait_for(driver, "return document.querySelector('#keys').open;", true).await?;
    }
    Ok(())
}

/// Another enterprise's lead goes to another park: proposed by the officer, consented by the enterprise, accepted there.
async fn handed_over(
    officer: &WebDriver,
    (enterprise, receiver): (&WebDriver, &WebDriver),
    program: &Program,
    (park, screen): (&str, Screen),
) -> WebDriverResult<()> {
    program
        .import_parks("code,name,level,province,inbox_email,demo\nHX1,示例接收园区,省级,浙江省,hx@example.com,yes\n");
    enter(receiver, &program.invite_to("port@example.com", "officer", "HX1")).await?;
    let notice = program.call("/api/v1/notice", None)["version"].clone();
    let need = json!({ "kinds": ["park"], "land_mu": { "min": 20 } });
    let body = json!({ "requirement": need, "company": "示例港口机械有限公司", "contact": "李工",
        "phone": "138 0013 8456", "email": "li@example.com", "consent": { "notice_version": notice } });
    let sent = program.call("/api/v1/requirements", Some(&body));
    let reference = sent["reference"].as_str().expect("a reference").to_owned();
    let inquiry = json!({ "listings": [park], "consent": { "notice_version": notice, "parks": [park] } });
    program.call(&format!("/api/v1/requirements/{reference}/inquiries"), Some(&inquiry));
    officer.goto(program.url("/staff?q=8456")).await?;
    click(officer, ".lead h2 a").await?;
    let lead = officer.current_url().await?;
    click(officer, "#handover summary").await?;
    put(officer, "#f-handover-park", "HX1").await?;
    fill(officer, "#f-handover-reason", "我方不临港口").await?;
    click(officer, "form[action$=handover] button").await?;
    see(officer, ".handover-proposed", "等企业同意").await?;
    driver::picture(officer, screen, "26-proposed").await?;
    enterprise.goto(program.url(&format!("/requirements/{reference}"))).await?;
    driver::picture(enterprise, screen, "27-asked").await?;
    click(enterprise, "form[action*=handovers] button[value=yes]").await?;
    // Both the page before and the page after have the same heading; only the one after asks nothing.
    wait_for(enterprise, "return !document.querySelector('form[action*=handovers]');", true).await?;
    receiver.goto(program.url("/staff/tasks")).await?;
    see(receiver, ".list", "我方不临港口").await?;
    driver::picture(receiver, screen, "28-offered").await?;
    click(receiver, "form[action$=accept] button").await?;
    wait_for(receiver, "return !document.querySelector('form[action$=accept]');", true).await?;
    receiver.goto(program.url("/staff")).await?;
    see(receiver, ".lead h2", "示例港口机械").await?;
    officer.goto(lead.as_str()).await?;
    see(officer, ".handover-accepted", "对方园区已接收").await?;
    assert!(officer.find_all(By::Css("form[action$=reveal]")).await?.is_empty(), "readable without contact");
    Ok(())
}

/// The officer leaves: the next request is refused and no lead is without an owner. The manager signs the first lead.
async fn friday(officer: &WebDriver, manager: &WebDriver, program: &Program) -> WebDriverResult<()> {
    manager.goto(program.url("/staff/people")).await?;
    manager.find(By::LinkText("officer@example.com")).await?.click().await?;
    put(manager, "#f-heir", "boss@example.com").await?;
    click(manager, "form[action$=disable] button").await?;
    see(manager, ".badge", "停用").await?;
    officer.goto(program.url("/staff")).await?;
    see(officer, "h1", "登录").await?;
    manager.goto(program.url("/staff?owner=none")).await?;
    see(manager, ".empty", "没有符合条件的线索").await?;
    manager.goto(program.url("/staff?stage=assessed")).await?;
    click(manager, ".lead h2 a").await?;
    click(manager, "#out summary").await?;
    put(manager, "#f-jump-to", "signed").await?;
    fill(manager, "#f-jump-note", "已谈定").await?;
    fill(manager, "#f-jump-amount_wan", "12000").await?;
    let today = "return new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10);";
    let today = manager.execute(today, Vec::new()).await?.convert::<String>()?;
    put(manager, "#f-jump-signed_on", &today).await?;
    manager.find(By::XPath("//form[.//input[@value='jump']]//button")).await?.click().await?;
    see(manager, ".next .badge", "签约").await?;
    click(manager, "#funds summary").await?;
    fill(manager, "#f-funds-funds_wan", "3000").await?;
    put(manager, "#f-funds-paid_on", &today).await?;
    put(manager, "#f-funds-funds_origin", "foreign").await?;
    click(manager, "form[action$=funds] button").await?;
    see(manager, ".history", "银行回单").await?;
    bulletin(manager, program).await
}

/// The month's bulletin has the signature and the money, each with its lead.
async fn bulletin(manager: &WebDriver, program: &Program) -> WebDriverResult<()> {
    manager.goto(program.url("/staff/ledger/monthly")).await?;
    let page: String = text(manager, "main").await?.split_whitespace().collect();
    for figure in ["签约金额（万元）12,000", "到位资金（万元）3,000", "其中境外资金（万元）3,000"]
    {
        assert!(page.contains(figure), "{figure}: {page}");
    }
    Ok(())
}

/// The enterprise withdraws: the signed lead stays with its amount, and the firm's name is gone.
async fn withdrawn(
    enterprise: &WebDriver,
    manager: &WebDriver,
    program: &Program,
    reference: &str,
) -> WebDriverResult<()> {
    manager.goto(program.url("/staff?stage=signed")).await?;
    click(manager, ".lead h2 a").await?;
    let lead = manager.current_url().await?;
    enterprise.goto(program.url(&format!("/requirements/{reference}"))).await?;
    click(enterprise, "input[name=sure]").await?;
    click(enterprise, "form[action$=erase] button").await?;
    see(enterprise, "h1", "已撤回并删除").await?;
    manager.goto(lead.as_str()).await?;
    see(manager, "h1", "已撤回").await?;
    let page = text(manager, "main").await?;
    assert!(page.contains("12000") && page.contains("3000"), "amounts stay: {page}");
    assert!(!page.contains("示例零部件") && !page.contains("王工"), "no word of the firm: {page}");
    bulletin(manager, program).await
}

/// Keeps a picture of every page of the desk in both languages, where somebody wants them.
async fn pictures(
    driver: &WebDriver,
    program: &Program,
    (park, plot): (&str, &str),
    screen: Screen,
) -> WebDriverResult<()> {
    if std::env::var_os("LUODI_TEST_PICTURES").is_none() {
        return Ok(());
    }
    driver.goto(program.url("/staff?stage=signed")).await?;
    click(driver, ".lead h2 a").await?;
    let lead = driver.current_url().await?.path().to_owned();
    driver.goto(program.url("/staff/people")).await?;
    click(driver, ".list h2 a").await?;
    let person = driver.current_url().await?.path().to_owned();
    let plots = format!("plot_no,park_code,province,location\nJH-1,{park},浙江省,高速口旁，零地价供应\n");
    program.file("plots.csv", plots.as_bytes());
    program.run(&["import", "plots", "plots.csv"]);
    let pages = [
        ("desk", "/staff".to_owned()),
        ("desk-grouped", "/staff?group=stage".to_owned()),
        ("lead", lead),
        ("typed", "/staff/leads/new".to_owned()),
        ("callers", format!("/staff/listings/plot/{plot}/callers")),
        ("assignment", format!("/staff/assignment?park={park}")),
        ("tasks", "/staff/tasks".to_owned()),
        ("promises", "/staff/promises".to_owned()),
        ("weekly", "/staff/ledger/weekly".to_owned()),
        ("monthly", "/staff/ledger/monthly".to_owned()),
        ("signed-rows", "/staff/ledger/monthly/rows/signed".to_owned()),
        ("unmet", "/staff/unmet".to_owned()),
        ("listing", format!("/staff/listings/plot/{plot}")),
        ("park", "/staff/park".to_owned()),
        ("people", "/staff/people".to_owned()),
        ("person", person),
        ("me", "/staff/me".to_owned()),
    ];
    for (prefix, tongue) in [("", "zh"), ("/en", "en")] {
        for (name, path) in &pages {
            driver.goto(program.url(&format!("{prefix}{path}"))).await?;
            let height = "return Math.min(document.documentElement.scrollHeight, 6000);";
            let height = driver.execute(height, Vec::new()).await?.convert::<u32>()?;
            if screen == Screen::Desk {
                driver.set_window_rect(0, 0, 1280, height).await?;
            }
            driver::picture(driver, screen, &format!("page-{tongue}-{name}")).await?;
            const OUT: &str = "return document.documentElement.scrollWidth > document.documentElement.clientWidth;";
            let is_wide = driver.execute(OUT, Vec::new()).await?.convert::<bool>()?;
            assert!(!is_wide, "{prefix}{path} is wider than the screen");
        }
    }
    Ok(())
}

/// Sets the value of a control whose keys depend on the locale, as dates do.
async fn put(driver: &WebDriver, css: &str, value: &str) -> WebDriverResult<()> {
    driver.find(By::Css(css)).await?;
    let set = "document.querySelector(arguments[0]).value = arguments[1];";
    driver.execute(set, vec![css.into(), value.into()]).await.map(drop)
}

/// Waits until a script answers a value.
async fn wait_for(driver: &WebDriver, script: &str, wanted: impl Into<Value>) -> WebDriverResult<()> {
    let wanted = wanted.into();
    let patience = std::time::Instant::now() + std::time::Duration::from_secs(20);
    loop {
        let found = driver.execute(script, Vec::new()).await.and_then(|it| it.convert::<Value>());
        match found {
            Ok(value) if value == wanted => return Ok(()),
            Err(error) if std::time::Instant::now() > patience => return Err(error),
            other => assert!(std::time::Instant::now() <= patience, "{script} never answered {wanted}: {other:?}"),
        }
    }
}
