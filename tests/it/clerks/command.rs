//! `luodi import` from outside: its report, its exit codes, its list, and a running server that sees the rows.

use serde_json::{Value, json};

use crate::cli::{Shell, errors, json as answer};

const FILE: &str = "plot_no,province,area_mu\nP-1,浙江省,30亩\nP-2,浙江省,约3\n";

fn import(shell: &Shell, arguments: &[&str]) -> (Option<i32>, Value) {
    let output = shell.run(&[&["import"], arguments].concat());
    (output.status.code(), answer(&output))
}

#[test]
fn the_report_has_its_fields_and_the_exit_code_tells_the_outcome() {
    let shell = Shell::new();
    let file = shell.file("plots.csv", FILE.as_bytes());
    let (code, dry) = import(&shell, &["plots", &file, "--dry-run"]);
    assert_eq!((code, &dry["import"]), (Some(2), &Value::Null));
    let (code, report) = import(&shell, &["plots", &file]);
    assert_eq!(code, Some(2));
    let counts = ["header_row", "sheet", "read", "created", "updated", "unchanged"].map(|field| report[field].clone());
    assert_eq!(counts, [json!(1), Value::Null, json!(2), json!(1), json!(0), json!(0)]);
    let fault = &report["rejected"][0];
    assert_eq!((&fault["row"], &fault["column"], &fault["value"]), (&json!(3), &json!("area_mu"), &json!("约3")));
    assert_eq!(fault["code"], "approximate");
    assert!(fault["reason"].as_str().is_some_and(|reason| reason.contains("约3") && reason.contains(" / ")));
    assert_eq!((&report["warnings"][0]["code"], &report["changes"]), (&json!("converted"), &json!([])));
    assert_eq!((&report["missing"], report.get("refused")), (&json!([]), None));

    let good = shell.file("good.csv", "地块编号,省份\nP-1,浙江\n".as_bytes());
    assert_eq!(import(&shell, &["plots", &good]).0, Some(0));
    let wrong = shell.file("wrong.csv", "地块编号,省份,颜色\nP-1,浙江,红\n".as_bytes());
    let (code, report) = import(&shell, &["plots", &wrong]);
    assert_eq!((code, &report["refused"]["code"]), (Some(1), &json!("unknown_column")));
    assert_eq!(report["refused"]["columns"], json!(["颜色"]));
    assert_eq!((&report["import"], &report["created"]), (&Value::Null, &json!(0)));
    assert_eq!(import(&shell, &["plots", &wrong, "--ignore", "颜色"]).0, Some(0));
    assert_eq!(import(&shell, &["plots", &wrong, "--map", "颜色=地块位置"]).0, Some(0));
    let binary = shell.file("plots.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    let (code, report) = import(&shell, &["plots", &binary]);
    assert_eq!((code, &report["refused"]["code"]), (Some(1), &json!("not_a_table")));
}

#[test]
fn imports_are_listed_with_their_file_and_taken_back() {
    let shell = Shell::new();
    let file = shell.file("plots.csv", FILE.as_bytes());
    let (_, report) = import(&shell, &["plots", &file]);
    let id = report["import"].as_str().expect("an id").to_owned();
    let (_, list) = import(&shell, &["list"]);
    let entry = &list["imports"][0];
    assert_eq!((&entry["id"], &entry["file"], &entry["by"]), (&json!(id), &json!("plots.csv"), &json!("operator")));
    assert_eq!(entry["digest"].as_str().map(str::len), Some(64));
    assert_eq!((&entry["counts"]["created"], &entry["counts"]["rejected"]), (&json!(1), &json!(1)));
    assert_eq!(import(&shell, &["undo", &id]), (Some(0), json!({"import": id, "restored": 0, "removed": 1})));
    let (code, again) = import(&shell, &["undo", &id]);
    assert_eq!((code, &again["refused"]["code"]), (Some(1), &json!("undone_before")));
    let export = shell.run(&["export", "plots"]).stdout;
    assert_eq!(String::from_utf8_lossy(&export).lines().count(), 1);
}

#[test]
fn columns_are_listed_in_both_languages() {
    let shell = Shell::new();
    for (table, lines) in [
        ("parks", ["code（园区代码）*", "approved_area_ha（核准面积） [ha]"]),
        ("plots", ["plot_no（地块编号）*: 地块号、宗地编号", "area_mu（面积） [mu]"]),
        ("spaces", ["space_no", "rent_yuan_m2_month"]),
        ("policies", ["policy_id", "title"]),
    ] {
        let output = shell.run(&["import", "columns", table]);
        let listed = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{}", errors(&output));
        for line in lines {
            assert!(listed.contains(line), "{line} in {listed}");
        }
    }
}
