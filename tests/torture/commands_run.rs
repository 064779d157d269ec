//! Commands that die half way beside a server at work, run again, and what must then be true.

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use crate::Findings;
use crate::database::Raw;
use crate::failpoint_run::ARMED;
use crate::http;
use crate::server::Setup;

/// Rows of an import in one transaction, and of one in stages.
const NEW_PARKS: usize = 30;
const MANY_PARKS: usize = 1_200;
/// Points of an import in one transaction.
const AT_ONCE: [&str; 2] = ["import.logged", "import.rows_stored"];
const BOUNCED: usize = 3;

/// Once as it is armed, which may fail, and then with nothing armed, which must not.
fn twice(setup: &Setup, arguments: &[&str], findings: &mut Findings) {
    setup.command(arguments).output().expect("runs");
    let output = setup.command(arguments).env_remove(ARMED).output().expect("runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    findings.figure(&format!("{arguments:?} again: {said}"), output.status, "exit 0", output.status.success());
}

/// All of a file's rows or none; once they are there the server shows them.
pub(crate) async fn import(setup: &Setup, server: SocketAddr, point: &str, findings: &mut Findings) {
    let rows = if AT_ONCE.contains(&point) { NEW_PARKS } else { MANY_PARKS };
    let mut csv = "code,name,level,province,inbox_email\n".to_owned();
    for number in 0..rows {
        csv.push_str(&format!("N{number:04},新园区{number},省级,浙江省,new-{number}@example.com\n"));
    }
    let file = setup.folder.join("more.csv");
    std::fs::write(&file, csv).expect("writes");
    let database = Raw::open(&setup.database_url).await;
    let stored = async || database.rows("SELECT code FROM listing_now WHERE code LIKE 'N%'").await.len();
    let file = file.display().to_string();
    let import = ["import", "parks", file.as_str()];
    setup.command(&import).output().expect("runs");
    let first = stored().await;
    findings.figure("rows of an import that failed", first, "0 or all", first == 0 || first == rows);
    twice(setup, &import, findings);
    let then = stored().await;
    findings.figure("rows of the import", then, &rows.to_string(), then == rows);
    let path = format!("/api/v1/listings/N{:04}", rows - 1);
    let shown = tokio::time::timeout(Duration::from_secs(10), async {
        while !http::get(server, &path).await.is_ok_and(|answer| answer.status == 200) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    let shown = shown.await.is_ok();
    findings.figure("the server shows what was imported", shown, "true", shown);
}

/// Whatever dies, no copy is readable by others, none is half, and none that is in place has a mail that would leave.
pub(crate) async fn backup_and_restore(setup: &Setup, findings: &mut Findings) {
    let folder = setup.folder.join("backup");
    let backup = folder.display().to_string();
    let copy = folder.join("luodi.db");
    setup.command(&["backup", &backup]).output().expect("runs");
    let open = open_to_others(&folder);
    findings.figure("copies that others could read", open, "0", open == 0);
    if !copy.exists() {
        twice(setup, &["backup", &backup], findings);
    }
    let restored = setup.folder.join("restored.db");
    let elsewhere = Setup { database_url: format!("sqlite://{}?mode=rwc", restored.display()), ..setup.clone() };
    let before = elsewhere.command(&["restore", &backup]).output().expect("runs");
    if !before.status.success() {
        findings.figure("a restore that died is not in place", !restored.exists(), "true", !restored.exists());
        let again = elsewhere.command(&["restore", &backup]).env_remove(ARMED).output().expect("runs");
        findings.figure("restored again", again.status, "exit 0", again.status.success());
    }
    let database = Raw::open(&elsewhere.database_url).await;
    let left = database.rows("SELECT id FROM outbox WHERE state = 'queued'").await.len();
    findings.figure("mails that a restored database would send", left, "0", left == 0);
    let held = database.rows("SELECT id FROM outbox WHERE state = 'held'").await.len();
    findings.figure("mails that it holds", held, "≥ 1", held >= 1);
}

fn open_to_others(folder: &Path) -> usize {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    files.filter(|file| file.metadata().is_ok_and(|about| about.permissions().mode() & 0o077 != 0)).count()
}

/// Reports of mails that came back, read twice over: one line and one task each.
pub(crate) async fn bounces(setup: &Setup, database: &Raw, findings: &mut Findings) {
    let sent = "SELECT message_id FROM outbox WHERE state = 'sent' AND purpose = 'inquiry' ORDER BY id";
    let mut mbox = String::new();
    for id in database.rows(sent).await.iter().take(BOUNCED) {
        mbox.push_str(&format!(
            "From MAILER-DAEMON Tue Nov 24 10:00:00 2026\nContent-Type: multipart/report; boundary=b\n\n--b\n\
             Content-Type: message/delivery-status\n\nAction: failed\nStatus: 5.1.1\n\n--b\n\
             Content-Type: message/rfc822\n\nMessage-ID: <{id}>\n\n--b--\n\n"
        ));
    }
    let file = setup.folder.join("bounces.mbox");
    std::fs::write(&file, mbox).expect("writes");
    let file = file.display().to_string();
    twice(setup, &["bounces", &file], findings);
    let recorded = "SELECT outbox_id FROM outbox_attempt WHERE outcome = 'bounced'";
    let tasks = "SELECT outbox_id FROM staff_task WHERE kind = 'mail_bounced'";
    for (what, sql) in [("returns recorded", recorded), ("tasks for them", tasks)] {
        let found = database.rows(sql).await.len();
        findings.figure(what, found, &BOUNCED.to_string(), found == BOUNCED);
    }
}
