//! The reader's files import only downwards and in no circle.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The floors of the reader, the lowest first.
const FLOORS: [&str; 6] = ["letters", "words", "tokens", "meaning", "fields", "assemble"];

/// A file of the reader by its module path (`tokens::date::calendar`) with its source, tests left out.
fn sources() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/reader");
    let (mut found, mut folders) = (BTreeMap::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path());
        let (inner, files): (Vec<PathBuf>, Vec<PathBuf>) = entries.partition(|path| path.is_dir());
        folders.extend(inner);
        for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "rs")) {
            let inside = file.strip_prefix(&root).expect("inside").with_extension("");
            let names: Vec<&str> =
                inside.iter().filter_map(|name| name.to_str()).filter(|name| *name != "mod").collect();
            let source = fs::read_to_string(file).expect("a source");
            let product = source.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().to_owned();
            found.insert(names.join("::"), product);
        }
    }
    found
}

/// Modules of the reader that a source names, by the longest path that is a file. Paths are absolute, which is checked.
fn imports(source: &str, files: &BTreeMap<String, String>) -> BTreeSet<String> {
    let code: Vec<&str> = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let paths = code.iter().flat_map(|line| line.split("crate::reader::").skip(1));
    let module = |path: &str| {
        let end = path.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(path.len());
        let names: Vec<&str> = path[..end].split("::").filter(|name| !name.is_empty()).collect();
        (1..=names.len()).rev().map(|count| names[..count].join("::")).find(|path| files.contains_key(path))
    };
    paths.filter_map(module).collect()
}

fn floor(module: &str) -> Option<usize> {
    let first = module.split("::").next().unwrap_or_default();
    FLOORS.iter().position(|floor| *floor == first)
}

/// The upward imports among a set of files.
fn upward(files: &BTreeMap<String, String>) -> Vec<String> {
    let inside = |name: &String| floor(name).map(|own| (name.clone(), own));
    let mut wrong = Vec::new();
    for (name, own) in files.keys().filter_map(inside) {
        let above = imports(&files[&name], files).into_iter().filter(|other| floor(other).is_some_and(|it| it > own));
        wrong.extend(above.map(|other| format!("{name} imports {other}")));
    }
    wrong
}

/// Files that are reachable from themselves along imports.
fn circles(files: &BTreeMap<String, String>) -> Vec<String> {
    let graph: BTreeMap<&String, BTreeSet<String>> =
        files.iter().map(|(name, source)| (name, imports(source, files))).collect();
    let reached = |from: &String| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from.clone()]);
        while let Some(name) = open.pop() {
            open.extend(graph[&name].iter().filter(|next| **next != name && seen.insert((*next).clone())).cloned());
        }
        seen
    };
    files.keys().filter(|name| reached(name).contains(*name)).cloned().collect()
}

#[test]
fn each_floor_imports_only_from_the_ones_below() {
    let files = sources();
    assert!(FLOORS.iter().all(|floor| files.contains_key(*floor)), "a floor is missing");
    assert_eq!(upward(&files), Vec::<String>::new());
}

#[test]
fn no_files_of_the_reader_import_each_other_in_a_circle() {
    assert_eq!(circles(&sources()), Vec::<String>::new());
}

#[test]
fn paths_inside_the_reader_are_absolute_so_that_imports_can_be_followed() {
    for (name, source) in sources() {
        let relative = source.lines().find(|line| line.trim_start().starts_with("use super::"));
        assert_eq!(relative, None, "{name}");
    }
}

#[test]
fn an_upward_import_and_a_circle_are_found() {
    let files: BTreeMap<String, String> = [
        ("letters", ""),
        ("letters::a", "use crate::reader::words::b::word;"),
        ("words", ""),
        ("words::b", "fn c() { crate::reader::letters::a::d(); }"),
        ("words::e", "// use crate::reader::tokens::f;"),
    ]
    .map(|(name, source)| (name.to_owned(), source.to_owned()))
    .into();
    assert_eq!(upward(&files), ["letters::a imports words::b"]);
    assert_eq!(circles(&files), ["letters::a", "words::b"]);
}
