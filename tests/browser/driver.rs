//! Chromium behind a chromedriver of our own.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use tempfile::TempDir;
use thirtyfour::error::WebDriverResult;
use thirtyfour::prelude::{WebDriver, WebElement};
use thirtyfour::{ChromiumLikeCapabilities as _, DesiredCapabilities, LoggingPrefsLogLevel};

/// What the pages are looked at with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Screen {
    /// 390 × 844, touched.
    Phone,
    /// 1280 × 900.
    Desk,
}

/// Whether pages may run their script.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Script {
    On,
    Off,
}

/// Chromium's word for a thing that sites may not do.
const BLOCKED: u8 = 2;

/// A running chromedriver; it ends with this value.
pub(crate) struct Browser {
    child: Child,
    port: String,
    downloads: TempDir,
}

/// Starts chromedriver, or says that there is none.
pub(crate) fn start() -> Option<Browser> {
    let installed = ["chromium", "chromedriver"].iter().all(|name| Path::new("/usr/bin").join(name).exists());
    if !installed {
        let required = std::env::var("LUODI_TEST_REQUIRE").unwrap_or_default();
        assert!(!required.split(',').any(|it| it == "chromium"), "chromium is required and not installed");
        say_skipped();
        return None;
    }
    let mut child =
        Command::new("/usr/bin/chromedriver").arg("--port=0").stdout(Stdio::piped()).spawn().expect("starts");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let port = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| line.split("successfully on port ").nth(1).map(|rest| rest.trim_end_matches('.').to_owned()));
    std::thread::spawn(move || lines.for_each(drop));
    let downloads = tempfile::tempdir().expect("a folder");
    Some(Browser { child, port: port.expect("a port"), downloads })
}

#[expect(clippy::print_stderr, reason = "a skipped test must be heard")]
fn say_skipped() {
    eprintln!("SKIPPED: the browser walk needs /usr/bin/chromium and /usr/bin/chromedriver");
}

impl Browser {
    /// Opens a window.
    pub(crate) async fn open(&self, screen: Screen) -> WebDriver {
        self.open_with(screen, Script::On).await
    }

    /// Opens a window whose pages may or may not run their script.
    pub(crate) async fn open_with(&self, screen: Screen, script: Script) -> WebDriver {
        let mut wanted = DesiredCapabilities::chrome();
        wanted.set_binary("/usr/bin/chromium").expect("a path");
        for arg in ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1280,900"] {
            wanted.add_arg(arg).expect("an argument");
        }
        wanted.set_browser_log_level(LoggingPrefsLogLevel::All).expect("a level");
        let mut preferences =
            json!({ "intl.accept_languages": "zh-CN", "download.default_directory": self.downloads.path() });
        if script == Script::Off {
            preferences["profile.managed_default_content_settings.javascript"] = BLOCKED.into();
        }
        wanted.add_experimental_option("prefs", preferences).expect("preferences");
        if screen == Screen::Phone {
            // Chromium 148 never acknowledges an emulated touch on a page whose script is off.
            let touch = script == Script::On;
            let phone = json!({ "deviceMetrics": { "width": 390, "height": 844, "pixelRatio": 2, "touch": touch } });
            wanted.add_experimental_option("mobileEmulation", phone).expect("a phone");
        }
        let driver = WebDriver::new(format!("http://127.0.0.1:{}", self.port), wanted).await.expect("a window");
        driver.set_implicit_wait_timeout(Duration::from_secs(10)).await.expect("a limit");
        driver
    }

    /// Waits for a download to its end, and takes it.
    pub(crate) async fn downloaded(&self, driver: &WebDriver, name: &str) -> WebDriverResult<Vec<u8>> {
        let path = self.downloads.path().join(name);
        let patience = Instant::now() + Duration::from_secs(20);
        // A download has its name when it is complete.
        while !path.exists() {
            assert!(Instant::now() <= patience, "{name} never came");
            driver.execute("return 0", Vec::new()).await?;
        }
        let bytes = std::fs::read(&path).expect("a file");
        std::fs::remove_file(path).expect("removed");
        Ok(bytes)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Brings an element into the middle, clear of the bar at the bottom, and clicks it.
pub(crate) async fn tap(driver: &WebDriver, element: &WebElement) -> WebDriverResult<()> {
    let middle = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
    driver.execute(middle, vec![element.to_json()?]).await?;
    element.click().await
}

/// Keeps a picture of what the window shows, where somebody wants them.
pub(crate) async fn picture(driver: &WebDriver, screen: Screen, name: &str) -> WebDriverResult<()> {
    let Some(folder) = std::env::var_os("LUODI_TEST_PICTURES").map(PathBuf::from) else { return Ok(()) };
    std::fs::create_dir_all(&folder).expect("a folder");
    let device = if screen == Screen::Phone { "phone" } else { "desk" };
    driver.screenshot(&folder.join(format!("{device}-{name}.png"))).await
}

/// Highest picture of a whole page, pixels.
const MOST_HEIGHT: u64 = 6_000;

/// Keeps one picture of a page from its top to its end, where somebody wants them.
pub(crate) async fn whole_page(driver: &WebDriver, name: &str) -> WebDriverResult<()> {
    const SIZE: &str = "return [innerWidth, document.documentElement.scrollHeight]";
    let Some(folder) = std::env::var_os("LUODI_TEST_PICTURES").map(PathBuf::from) else { return Ok(()) };
    std::fs::create_dir_all(&folder).expect("a folder");
    let [width, height] = driver.execute(SIZE, Vec::new()).await?.convert::<[u64; 2]>()?;
    let clip = json!({ "x": 0, "y": 0, "width": width, "height": height.min(MOST_HEIGHT), "scale": 1 });
    let asked = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
    let shot = driver.cdp().send_raw("Page.captureScreenshot", asked).await?;
    let bytes = STANDARD.decode(shot["data"].as_str().expect("a picture")).expect("base64");
    let name = name.replace(|letter: char| !letter.is_alphanumeric(), "-");
    std::fs::write(folder.join(format!("{name}.png")), bytes).expect("written");
    Ok(())
}

/// Most pictures of one page.
const MOST_PICTURES: u32 = 4;

/// Keeps pictures of a page from its top to its end, where somebody wants them.
pub(crate) async fn pictures(driver: &WebDriver, screen: Screen, name: &str) -> WebDriverResult<()> {
    if std::env::var_os("LUODI_TEST_PICTURES").is_none() {
        return Ok(());
    }
    let number = "return Math.ceil(document.documentElement.scrollHeight / innerHeight)";
    let number = driver.execute(number, Vec::new()).await?.convert::<u32>()?;
    for at in 0..number.min(MOST_PICTURES) {
        driver.execute("scrollTo(0, arguments[0] * innerHeight)", vec![at.into()]).await?;
        picture(driver, screen, &format!("{name}-{at}")).await?;
    }
    driver.execute("scrollTo(0, 0)", Vec::new()).await.map(drop)
}
