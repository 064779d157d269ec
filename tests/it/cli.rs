//! The command line from outside: what each command prints and how it exits.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) struct Shell {
    folder: TempDir,
}

impl Shell {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("runs")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let database = format!("sqlite://{}?mode=rwc", self.folder.path().join("luodi.db").display());
        let mut command = Command::new(env!("CARGO_BIN_EXE_luodi"));
        command.args(arguments).current_dir(self.folder.path());
        command.env("LUODI_PROFILE", "test").env("DATABASE_URL", database);
        command
    }

    pub(crate) fn file(&self, name: &str, text: &[u8]) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.display().to_string()
    }
}

pub(crate) fn json(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(text.trim()).unwrap_or_else(|_| panic!("{text} {}", String::from_utf8_lossy(&output.stderr)))
}

pub(crate) fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

const PARKS: &str = "code,name,level,province,city,county\nT1,示例园区,省级,浙江省,宁波市,北仑区\n";
const PLOTS: &str = "plot_no,province,area_mu,energy_va_wan_tce,park_code\n\
                     P1,浙江省,30,,T1\nP1,浙江省,31,,T1\nP2,浙江省,9*.5,3.3;4.8,\n,浙江省,1,,\n";

#[test]
fn an_import_reports_row_by_row_and_a_dry_run_changes_nothing() {
    let shell = Shell::new();
    let parks = shell.file("parks.csv", PARKS.as_bytes());
    assert!(shell.run(&["import", "parks", &parks]).status.success());
    let plots = shell.file("plots.csv", PLOTS.as_bytes());
    for arguments in [&["import", "plots", &plots, "--dry-run"][..], &["import", "plots", &plots]] {
        let output = shell.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{}", errors(&output));
        let report = json(&output);
        assert_eq!((&report["read"], &report["created"], &report["unchanged"]), (&4.into(), &1.into(), &0.into()));
        let rejected: Vec<String> = report["rejected"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|it| format!("{} {} {}", it["row"], it["column"], it["code"]))
            .collect();
        assert_eq!(
            rejected,
            [
                "3 \"plot_no\" \"duplicate_id\"",
                "4 \"area_mu\" \"not_a_number\"",
                "4 \"energy_va_wan_tce\" \"not_a_number\"",
                "5 \"plot_no\" \"blank_id\""
            ]
        );
    }
    let good = shell.file("good.csv", b"plot_no,province,area_mu\nP1,\xd5\xe3\xbd\xad\xca\xa1,31\n");
    let output = shell.run(&["import", "plots", &good]);
    assert_eq!(output.status.code(), Some(0), "GBK is understood: {}", errors(&output));
    assert_eq!(json(&output)["updated"], 1);
}

#[test]
fn an_unknown_or_missing_column_is_refused_by_name_with_the_nearest_ones() {
    let shell = Shell::new();
    let file = shell.file("plots.csv", "plot_no,aera_mu\nP1,30\n".as_bytes());
    let output = shell.run(&["import", "plots", &file]);
    assert_eq!(output.status.code(), Some(1));
    let refused = &json(&output)["refused"];
    assert_eq!(refused["columns"], serde_json::json!(["aera_mu", "province"]));
    let reason = refused["reason"].as_str().expect("a reason");
    for name in ["aera_mu", "province（省份）", "area_mu（面积）"] {
        assert!(reason.contains(name), "{name}: {reason}");
    }
}

#[test]
fn matching_over_files_needs_no_database_and_names_rejected_rows() {
    let shell = Shell::new();
    let (parks, plots) = (shell.file("parks.csv", PARKS.as_bytes()), shell.file("plots.csv", PLOTS.as_bytes()));
    let need = shell.file("need.json", br#"{"kinds":["plot"],"land_mu":{"min":30,"max":30},"regions":["330206"]}"#);
    let output = Command::new(env!("CARGO_BIN_EXE_luodi"))
        .args(["match", &need, "--parks", &parks, "--plots", &plots, "--limit", "5"])
        .env("DATABASE_URL", "sqlite:///nowhere/at/all.db")
        .output()
        .expect("runs");
    assert_eq!(output.status.code(), Some(2));
    let answer = json(&output);
    assert_eq!(answer["counts"]["considered"], 1);
    assert_eq!(answer["to_confirm"][0]["listing"]["id"], "P1", "its own province is wider than the county asked");
    assert_eq!(errors(&output).lines().count(), 4, "a line per rejected cell");
}

#[test]
fn a_refused_call_prints_no_answer_and_exits_with_1() {
    let shell = Shell::new();
    let plots = shell.file("plots.csv", b"plot_no,province\nP1,\n");
    let need = shell.file("need.json", b"{}");
    let wrong = shell.file("wrong.json", br#"{"land_mu":{"min":5,"max":3},"prefer":["use"]}"#);
    let twice = shell.file("twice.json", br#"{"tax_wan":1,"tax_wan":2}"#);
    for (arguments, said) in [
        (&["match", need.as_str(), "--plots", &plots, "--limit", "201"][..], "limit"),
        (&["match", &wrong, "--plots", &plots], "prefer.0"),
        (&["match", &twice, "--plots", &plots], "gives a field twice"),
        (&["match", "/nowhere.json", "--plots", &plots], "nowhere"),
        (&["import", "plots", "/nowhere.csv"], "nowhere"),
        (&["read", "40亩", "--now", "tomorrow"], "tomorrow"),
        (&["user", "add", "x@example.com", "--role", "king"], "king"),
        (&["user", "add", "x@example.com", "--role", "officer"], "--park"),
        (&["migrate", "sideways"], "sideways"),
    ] {
        let output = shell.run(arguments);
        assert_eq!((output.status.code(), output.stdout.is_empty()), (Some(1), true), "{arguments:?}");
        assert!(errors(&output).contains(said), "{arguments:?}: {}", errors(&output));
        assert!(errors(&output).matches("os error").count() < 2, "{arguments:?}: {}", errors(&output));
    }
}

#[test]
fn texts_are_read_line_by_line_in_their_order() {
    let shell = Shell::new();
    let output = shell.run(&["read", "要40亩工业地", "--now", "2026-11-24"]);
    assert_eq!(json(&output)["requirement"]["land_mu"]["min"], 40);
    let lines = shell.run(&["read", "--lines", "要40亩工业地\n租2000平厂房", "--now", "2026-11-24"]);
    assert_eq!(String::from_utf8_lossy(&lines.stdout).lines().count(), 2);
}

#[test]
fn exports_come_back_unchanged_and_a_link_replaces_the_one_before() {
    let shell = Shell::new();
    let parks = shell.file("parks.csv", PARKS.as_bytes());
    assert!(shell.run(&["import", "parks", &parks]).status.success());
    for format in ["csv", "xlsx"] {
        let out = shell.folder.path().join(format!("out.{format}")).display().to_string();
        assert!(shell.run(&["export", "parks", "--format", format, "--out", &out]).status.success());
        let report = json(&shell.run(&["import", "parks", &out]));
        assert_eq!((&report["read"], &report["unchanged"]), (&1.into(), &1.into()), "{format}");
    }
    let link = || shell.run(&["user", "add", "x@example.com", "--role", "officer", "--park", "T1"]).stdout;
    let (first, second) = (link(), link());
    assert!(first != second && String::from_utf8_lossy(&second).contains("/staff/link/"));
    let leads = shell.run(&["export", "leads"]).stdout;
    assert!(String::from_utf8_lossy(&leads).trim_start_matches('\u{feff}').starts_with("\"number\""));
}

#[test]
fn a_backup_is_restored_elsewhere_and_what_waited_is_held() {
    let shell = Shell::new();
    let parks = shell.file("parks.csv", PARKS.as_bytes());
    assert!(shell.run(&["import", "parks", &parks]).status.success());
    let backup = shell.folder.path().join("backup").display().to_string();
    assert!(shell.run(&["backup", &backup]).status.success());
    assert_eq!(shell.run(&["restore", &backup]).status.code(), Some(1), "nothing is overwritten");
    for file in ["luodi.db", "luodi.db-wal", "luodi.db-shm"] {
        let path = shell.folder.path().join(file);
        if Path::new(&path).exists() {
            std::fs::remove_file(path).expect("removed");
        }
    }
    let restored = shell.run(&["restore", &backup]);
    assert!(restored.status.success(), "{}", errors(&restored));
    assert!(String::from_utf8_lossy(&shell.run(&["doctor"]).stdout).contains("1 listings"));
}

#[test]
fn doctor_names_each_service_that_cannot_be_reached_goes_on_and_exits_1() {
    let shell = Shell::new();
    let parks = shell.file("parks.csv", PARKS.as_bytes());
    assert!(shell.run(&["import", "parks", &parks]).status.success());
    let healthy = shell.run(&["doctor"]);
    let text = String::from_utf8_lossy(&healthy.stdout).into_owned();
    assert!(healthy.status.success() && text.contains("relay: none: mails are files in"), "{text}");
    assert!(text.contains("disk: ok") && text.contains("index: embedded"), "{text}");
    let mut command = shell.command(&["doctor"]);
    command.env("SMTP_URL", "smtp://127.0.0.1:1").env("MEILI_URL", "http://127.0.0.1:1");
    let ill = command.output().expect("runs");
    let text = String::from_utf8_lossy(&ill.stdout).into_owned();
    assert_eq!(ill.status.code(), Some(1), "{text}");
    assert!(text.contains("relay: FAULT: connect: ") && text.contains("index: FAULT: "), "{text}");
    assert!(text.contains("outbox: 0 mails waiting"), "the other checks follow: {text}");
}

#[test]
fn config_check_names_what_differs_and_masks_secrets() {
    let shell = Shell::new();
    let mut command = shell.command(&["config", "check"]);
    command.env("SMTP_URL", "smtps://user:word@relay.example.org").env("LUODI__SECRETS__KEY_FILE", "");
    let done = command.output().expect("runs");
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success(), "{}", errors(&done));
    assert!(text.contains("mail.smtp_url = smtps://user:***@relay.example.org"), "{text}");
    assert!(text.contains("limits.enabled = false") && text.ends_with("configuration: ok (Test)\n"), "{text}");
    assert!(!text.contains("word"), "{text}");
    let wrong = shell.command(&["config", "check"]).env("LUODI__SERVER__LISTN", "x").output().expect("runs");
    assert!(wrong.status.code() == Some(1) && errors(&wrong).contains("listn"), "{}", errors(&wrong));
}

#[test]
fn migrate_down_deletes_nothing_unasked() {
    let shell = Shell::new();
    shell.run(&["migrate", "up"]);
    let park = shell.file("parks.csv", "code,name,level,province\nT1,示例园区,省级,浙江省\n".as_bytes());
    assert!(shell.run(&["import", "parks", &park]).status.success());
    let mut refused = shell.run(&["migrate", "down"]);
    while refused.status.success() {
        refused = shell.run(&["migrate", "down"]);
    }
    let told = errors(&refused);
    assert!(told.contains("would delete") && told.contains("nothing was changed") && told.contains("--step"), "{told}");
    let wrong = shell.run(&["migrate", "down", "--step", "m99_none"]);
    assert!(!wrong.status.success() && errors(&wrong).contains("m99_none"), "{}", errors(&wrong));
    assert!(shell.run(&["migrate", "down", "--yes"]).status.success());
}

#[test]
fn migrate_status_and_openapi_say_what_is_there() {
    let shell = Shell::new();
    let status = shell.run(&["migrate", "up"]);
    assert!(String::from_utf8_lossy(&status.stdout).lines().all(|line| line.ends_with(" applied")));
    let document = json(&shell.run(&["openapi"]));
    assert!(document["paths"]["/api/v1/matches"].is_object());
}
