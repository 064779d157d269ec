//! The house's invariants: who may name what. Read as text, from the source itself.

use std::path::{Path, PathBuf};

pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a folder with its text.
pub(crate) fn sources(folder: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<(String, String)>) {
        let entries = std::fs::read_dir(folder).expect("a folder");
        for path in entries.map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root()).expect("inside").display().to_string();
                found.push((name, std::fs::read_to_string(&path).expect("UTF-8")));
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    assert!(!found.is_empty(), "{folder} has sources");
    found
}

/// Lines of code that name one of these words, comments aside.
fn naming(folder: &str, words: &[&str]) -> Vec<String> {
    let mut lines = Vec::new();
    for (file, text) in sources(folder) {
        for (at, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if words.iter().any(|word| code.contains(word)) {
                lines.push(format!("{file}:{}: {}", at + 1, line.trim()));
            }
        }
    }
    lines
}

fn none(lines: &[String], rule: &str) {
    assert!(lines.is_empty(), "{rule}:\n{}", lines.join("\n"));
}

#[test]
fn the_domain_is_pure() {
    none(
        &naming(
            "src/domain/src",
            &[
                "tokio",
                "axum",
                "sea_orm",
                "lettre",
                "tantivy",
                "std::fs",
                "std::net",
                "std::env",
                "SystemTime",
                "Utc::now",
                "rand::",
            ],
        ),
        "domain does no IO and asks for neither time nor chance",
    );
    let manifest = std::fs::read_to_string(root().join("src/domain/Cargo.toml")).expect("a manifest");
    for word in ["tokio", "axum", "sea-orm", "rand"] {
        assert!(!manifest.contains(&format!("\n{word} =")), "domain's manifest names {word}");
    }
}

#[test]
fn web_names_no_database_no_index_and_no_mail_library() {
    none(
        &naming("src/web", &["sea_orm", "tantivy", "lettre", "meilisearch", "db::entity"]),
        "web goes through service",
    );
}

#[test]
fn service_names_no_web_library_and_no_concrete_adapter() {
    none(
        &naming(
            "src/service",
            &[
                "axum",
                "hyper",
                "tower",
                "tantivy",
                "lettre",
                "meilisearch",
                "Embedded",
                "SmtpMailer",
                "FileMailer",
                "db::entity",
            ],
        ),
        "service knows traits, not adapters",
    );
}

#[test]
fn entities_never_leave_db() {
    let outside: Vec<String> =
        naming("src", &["entity::"]).into_iter().filter(|line| !line.starts_with("src/db/")).collect();
    none(&outside, "entity types stay inside db");
}

#[test]
fn every_write_goes_through_the_one_door() {
    let begins: Vec<String> = naming("src", &[".begin(", ".begin_with_options(", ".begin_with_config("])
        .into_iter()
        .filter(|line| {
            // The transaction of `losses.rs` is always rolled back; `copy.rs` fills a database that nobody serves from yet.
            !["src/db/mod.rs", "src/db/together.rs", "src/db/operate.rs", "src/db/losses.rs", "src/db/copy.rs"]
                .iter()
                .any(|home| line.starts_with(home))
        })
        .collect();
    none(&begins, "only db::write begins transactions");
}

#[test]
fn the_outbox_has_one_owner_and_one_for_what_came_back() {
    let is_owner = |line: &String| ["src/db/outbox.rs", "src/db/returned.rs"].iter().any(|file| line.starts_with(file));
    let tables = ["entity::outbox", "outbox::Entity", "outbox_attempt::"];
    let mut elsewhere: Vec<String> = naming("src", &tables).into_iter().filter(|line| !is_owner(line)).collect();
    let grouped = naming("src/db", &["use super::entity::{"]).into_iter().filter(|line| line.contains("outbox"));
    elsewhere.extend(grouped.filter(|line| !is_owner(line)));
    none(&elsewhere, "only db/outbox.rs and db/returned.rs query the outbox and its attempts");
}

#[test]
fn stored_words_are_mapped_in_one_place_and_compared_as_types() {
    let mapped: Vec<String> = naming("src/db", &["::from_word("])
        .into_iter()
        .chain(naming("src/service", &["Stage::from_word(", "Role::from_word(", "InquiryState::from_word("]))
        .filter(|line| !line.starts_with("src/db/words.rs") && !line.starts_with("src/db/survey.rs"))
        .collect();
    none(&mapped, "db/words.rs alone maps stored words to types");
    let compared: Vec<String> = ["src/db", "src/service", "src/worker", "src/web/staff"]
        .iter()
        .flat_map(|folder| naming(folder, &[".state == \"", ".kind == \"", ".purpose == \"", ".state != \"", "eq(\""]))
        .collect();
    none(&compared, "states, purposes and kinds are compared as types");
}

#[test]
fn a_query_on_leads_begins_with_a_scope() {
    let bare: Vec<String> = naming("src", &[" lead::Entity::find", "(lead::Entity::find"])
        .into_iter()
        .filter(|line| !line.starts_with("src/db/lead/"))
        .collect();
    none(&bare, "leads are found through `leads(scope)` alone");
    let beyond: Vec<String> = naming("src", &["every_lead()"])
        .into_iter()
        .filter(|line| !["src/db/lead/", "src/db/desk.rs", "src/db/filed.rs"].iter().any(|home| line.starts_with(home)))
        .collect();
    none(&beyond, "leads without a scope are found for their requirement and the service's own work alone");
}

#[test]
fn only_the_composition_root_names_concrete_adapters() {
    let elsewhere: Vec<String> = naming("src", &["SmtpMailer::new", "FileMailer::new", "Embedded::open", "Meili::new"])
        .into_iter()
        .filter(|line| !["src/app.rs", "src/mail/", "src/search/"].iter().any(|home| line.starts_with(home)))
        .collect();
    none(&elsewhere, "adapters are chosen in app.rs");
}

#[test]
fn every_module_opens_with_a_sentence_on_what_lives_there() {
    let silent: Vec<String> = ["src", "migrations/src", "tests"]
        .iter()
        .flat_map(|folder| sources(folder))
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|(file, _)| file)
        .collect();
    none(&silent, "a module opens with `//!`");
}

#[test]
fn every_dependency_says_why_it_is_there() {
    for manifest in ["Cargo.toml", "src/domain/Cargo.toml", "migrations/Cargo.toml"] {
        let text = std::fs::read_to_string(root().join(manifest)).expect("a manifest");
        let mut is_dependency = false;
        let mut before = "";
        for line in text.lines() {
            if line.starts_with('[') {
                is_dependency = line == "[dependencies]" || line == "[dev-dependencies]";
            } else if is_dependency && !line.is_empty() && !line.starts_with('#') {
                assert!(before.starts_with('#') || line.contains(" # "), "{manifest}: {line}");
            }
            before = line;
        }
    }
}

#[test]
fn no_lint_is_switched_off_without_a_reason() {
    let silenced = naming("src", &["#[allow(", "#![allow("]);
    none(&silenced, "exceptions are `#[expect(…, reason)]`");
    let bare: Vec<String> = naming("src", &["#[expect("]).into_iter().filter(|line| !line.contains("reason")).collect();
    none(&bare, "an exception says its reason");
}

#[test]
fn the_top_level_holds_only_what_the_plan_names() {
    const PLAN: &[&str] = &[
        "Cargo.toml",
        "Cargo.lock",
        "src",
        "migrations",
        "config",
        "tests",
        "findings",
        "compose.yaml",
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "LICENSE",
        "Dockerfile",
        "target",
        "var",
    ];
    let entries = std::fs::read_dir(root()).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    let foreign: Vec<String> = names.filter(|name| !name.starts_with('.') && !PLAN.contains(&name.as_str())).collect();
    none(&foreign, "the top level stays small");
}

/// What stands between double quotes after `before`, in the order of the text.
fn quoted_after<'t>(text: &'t str, before: &str) -> Vec<&'t str> {
    text.split(before).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn every_failpoint_is_listed_and_every_listed_one_is_in_its_place() {
    let files = sources("src");
    let own = files.iter().find(|(file, _)| file == "src/failpoint.rs").expect("the list");
    let list = own.1.split("pub const POINTS").nth(1).and_then(|rest| rest.split("];").next()).expect("the list");
    let listed: std::collections::BTreeSet<_> = quoted_after(list, "        \"").into_iter().collect();
    let others = files.iter().filter(|(file, _)| file != "src/failpoint.rs");
    let marked: std::collections::BTreeSet<_> =
        others.flat_map(|(_, text)| quoted_after(text, "failpoint!(\"")).collect();
    assert!(listed.len() > 25, "{} points", listed.len());
    assert_eq!(listed, marked);
}

/// The words that begin with `luodi_` in a text.
fn metrics_in(text: &str) -> std::collections::BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let named = words.filter(|word| word.starts_with("luodi_"));
    named.map(|word| word.trim_end_matches("_bucket").to_owned()).collect()
}

#[test]
fn alerts_and_dashboard_name_metrics_that_exist_and_each_alert_has_its_first_step() {
    let read = |file: &str| std::fs::read_to_string(root().join(file)).expect(file);
    let known: std::collections::BTreeSet<String> =
        sources("src").iter().flat_map(|(_, text)| metrics_in(text)).collect();
    for file in ["config/prometheus-rules.yml", "config/grafana.json"] {
        let unknown: Vec<String> = metrics_in(&read(file)).difference(&known).cloned().collect();
        assert_eq!(unknown, Vec::<String>::new(), "{file}");
    }
    let (rules, runbook) = (read("config/prometheus-rules.yml"), read("config/README.md"));
    let alerts: Vec<&str> = rules.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")).collect();
    assert!(!alerts.is_empty());
    for alert in alerts {
        assert!(runbook.contains(&format!("| `{alert}` |")), "{alert} has no first step");
    }
}
