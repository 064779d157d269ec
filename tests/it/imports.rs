//! Import graph of the product's files, read as text: circles between files and the arrows of `ARCHITECTURE.md`.
//!
//! An edge goes from a file to the file that defines a name it imports, through re-exports. A parent that calls a
//! private child module (`child::function()`) without importing from it is composition and not an edge.

use std::collections::{BTreeMap, BTreeSet};

use crate::architecture::{root, sources};

/// A module or item, from its package's root: `["luodi", "web", "pages"]`.
type Names = Vec<String>;

#[derive(Default)]
struct Module {
    file: String,
    code: String,
    /// Imports by the name they have in this file.
    uses: BTreeMap<String, Names>,
    /// Re-exports by the name they have outside.
    exports: BTreeMap<String, Names>,
}

/// File name to the files it imports from.
pub(crate) type Graph = BTreeMap<String, BTreeSet<String>>;

fn module_of(file: &str) -> Option<Names> {
    let (package, inside) = match file.strip_prefix("src/domain/src/") {
        Some(inside) => ("domain", inside),
        None => ("luodi", file.strip_prefix("src/")?),
    };
    if inside.starts_with("domain/") || inside == "main.rs" {
        return None;
    }
    let path = inside.trim_end_matches(".rs");
    let path = path.strip_suffix("/mod").unwrap_or(path);
    let names = std::iter::once(package).chain(path.split('/').filter(|name| *name != "lib"));
    Some(names.map(str::to_owned).collect())
}

/// The source without comments and string contents.
fn code_of(text: &str) -> String {
    let mut code = String::new();
    // The tests of a file come last, and their `super` is the file itself.
    let product = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    for line in product.lines() {
        let line = line.split("//").next().unwrap_or_default();
        for (at, part) in line.split('"').enumerate() {
            code.push_str(if at % 2 == 0 { part } else { " " });
        }
        code.push('\n');
    }
    code
}

/// Expands `a::{b, c::{self, d as e}}` into pairs of visible name and path.
fn expand(tree: &str, before: &[String], found: &mut Vec<(String, Names)>) {
    let tree = tree.trim();
    let (head, group) = match tree.split_once('{') {
        Some((head, rest)) => (head.trim().trim_end_matches("::"), rest.rsplit_once('}').map(|(inside, _)| inside)),
        None => (tree, None),
    };
    let (path, alias) = head.split_once(" as ").map_or((head, None), |(path, alias)| (path, Some(alias.trim())));
    let mut names = before.to_vec();
    names.extend(path.split("::").map(str::trim).filter(|name| !name.is_empty() && *name != "self").map(str::to_owned));
    if let Some(first) = path.split("::").next().filter(|first| *first == "self" && before.is_empty()) {
        names.insert(0, first.to_owned());
    }
    let Some(group) = group else {
        let own = names.last().cloned().unwrap_or_default();
        found.push((alias.map_or(own, str::to_owned), names));
        return;
    };
    let mut depth = 0;
    let mut start = 0;
    for (at, c) in group.char_indices().chain([(group.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                if !group[start..at].trim().is_empty() {
                    expand(&group[start..at], &names, found);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
}

/// Splits code into its `use` items (with whether each is public) and the rest.
fn split_uses(code: &str) -> (Vec<(bool, String)>, String) {
    let (mut uses, mut rest) = (Vec::new(), String::new());
    let mut open: Option<(bool, String)> = None;
    for line in code.lines() {
        let trimmed = line.trim();
        if open.is_none() {
            let item = trimmed.strip_prefix("pub(crate) ").or(trimmed.strip_prefix("pub(super) "));
            let item = item.or(trimmed.strip_prefix("pub "));
            if let Some(tree) = item.unwrap_or(trimmed).strip_prefix("use ") {
                open = Some((item.is_some(), tree.to_owned()));
            }
        } else if let Some((_, tree)) = &mut open {
            tree.push(' ');
            tree.push_str(trimmed);
        }
        match &open {
            Some((is_public, tree)) if tree.ends_with(';') => {
                uses.push((*is_public, tree.trim_end_matches(';').to_owned()));
                open = None;
            }
            Some(_) => {}
            None => {
                rest.push_str(line);
                rest.push('\n');
            }
        }
    }
    (uses, rest)
}

struct House {
    modules: BTreeMap<Names, Module>,
}

impl House {
    fn read() -> Self {
        let mut modules = BTreeMap::new();
        for (file, text) in sources("src") {
            if let Some(names) = module_of(&file) {
                let (_, code) = split_uses(&code_of(&text));
                modules.insert(names, Module { file, code, ..Module::default() });
            }
        }
        let mut house = Self { modules };
        for (file, text) in sources("src") {
            let Some(names) = module_of(&file) else { continue };
            for (is_public, tree) in split_uses(&code_of(&text)).0 {
                let mut found = Vec::new();
                expand(&tree, &[], &mut found);
                for (name, path) in found {
                    let Some(target) = house.absolute(&names, &path) else { continue };
                    let module = house.modules.get_mut(&names).expect("a module");
                    if is_public {
                        module.exports.insert(name.clone(), target.clone());
                    }
                    if !is_public || path[0] == "crate" || path[0] == "super" {
                        module.uses.insert(name, target);
                    }
                }
            }
        }
        house
    }

    /// The path from the package's root; none for other packages.
    fn absolute(&self, module: &[String], path: &[String]) -> Option<Names> {
        let mut base = module.to_vec();
        let mut rest = path;
        match path.first()?.as_str() {
            "crate" => (base, rest) = (vec![module[0].clone()], &path[1..]),
            "domain" => (base, rest) = (vec!["domain".to_owned()], &path[1..]),
            "self" => rest = &path[1..],
            "super" => {
                while rest.first().is_some_and(|name| name == "super") {
                    base.pop();
                    rest = &rest[1..];
                }
            }
            child => {
                let mut below = base.clone();
                below.push(child.to_owned());
                self.modules.get(&below)?;
            }
        }
        base.extend(rest.iter().cloned());
        Some(base)
    }

    /// The file that defines what a path names, and whether the path is a module itself.
    fn resolve(&self, path: &[String], depth: usize) -> Option<(String, bool)> {
        let mut at = 1;
        while at < path.len() && self.modules.contains_key(&path[..=at]) {
            at += 1;
        }
        let module = self.modules.get(&path[..at])?;
        if at == path.len() {
            return Some((module.file.clone(), true));
        }
        match module.exports.get(&path[at]) {
            Some(target) if depth < 8 => {
                let mut target = target.clone();
                target.extend_from_slice(&path[at + 1..]);
                self.resolve(&target, depth + 1)
            }
            _ => Some((module.file.clone(), false)),
        }
    }

    fn edges(&self, names: &[String], module: &Module) -> BTreeSet<String> {
        let mut files = BTreeSet::new();
        for target in module.uses.values() {
            if let Some((file, false)) = self.resolve(target, 0) {
                files.insert(file);
            }
        }
        for path in paths(&module.code) {
            let target = match module.uses.get(&path[0]) {
                Some(start) => Some(start.iter().chain(&path[1..]).cloned().collect()),
                None if ["crate", "super", "domain"].contains(&path[0].as_str()) => self.absolute(names, &path),
                None => None,
            };
            if let Some((file, _)) = target.and_then(|target: Names| self.resolve(&target, 0)) {
                files.insert(file);
            }
        }
        files.remove(&module.file);
        files
    }

    fn graph(&self) -> Graph {
        self.modules.iter().map(|(names, module)| (module.file.clone(), self.edges(names, module))).collect()
    }
}

/// Every `a::b::c` of the code, as names.
fn paths(code: &str) -> Vec<Names> {
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let parts = code.split(|c: char| !is_path(c)).filter(|part| part.contains("::"));
    parts
        .map(|part| part.split("::").filter(|name| !name.is_empty()).map(str::to_owned).collect::<Names>())
        .filter(|names| names.len() > 1)
        .collect()
}

fn reached(graph: &Graph, from: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![from.to_owned()];
    while let Some(file) = open.pop() {
        for next in graph.get(&file).into_iter().flatten() {
            if found.insert(next.clone()) {
                open.push(next.clone());
            }
        }
    }
    found
}

/// Strongly connected components of more than two files.
fn circles(graph: &Graph) -> Vec<Vec<String>> {
    let reach: BTreeMap<&String, BTreeSet<String>> = graph.keys().map(|file| (file, reached(graph, file))).collect();
    let mut found: Vec<Vec<String>> = Vec::new();
    for (file, below) in &reach {
        let mutual = below.iter().filter(|other| reach.get(other).is_some_and(|back| back.contains(*file)));
        let circle: Vec<String> = mutual.cloned().collect();
        if circle.len() > 2 && !found.contains(&circle) {
            found.push(circle);
        }
    }
    found
}

pub(crate) fn graph() -> Graph {
    House::read().graph()
}

#[test]
fn no_circle_of_imports_holds_more_than_two_files() {
    let graph = graph();
    assert!(graph.len() > 100 && graph.values().map(BTreeSet::len).sum::<usize>() > 300, "the graph has been read");
    let circles = circles(&graph);
    assert!(circles.is_empty(), "circles of imports: {circles:#?}");
}

#[test]
fn a_circle_is_found_and_a_chain_is_none() {
    let edge = |from: &str, to: &[&str]| (from.to_owned(), to.iter().map(|it| (*it).to_owned()).collect());
    let chain: Graph = [edge("a", &["b"]), edge("b", &["c", "a"]), edge("c", &[])].into();
    assert_eq!(circles(&chain), Vec::<Vec<String>>::new(), "two files may name each other");
    let circle: Graph = [edge("a", &["b"]), edge("b", &["c"]), edge("c", &["a"])].into();
    assert_eq!(circles(&circle), [["a", "b", "c"]]);
}

/// `src/web/pages/mod.rs` is in the room `web`, `src/app.rs` in `app`.
fn room(file: &str) -> Option<&str> {
    let inside = file.strip_prefix("src/")?;
    Some(inside.split(['/', '.']).next().unwrap_or(inside))
}

/// The floors of the diagram in `ARCHITECTURE.md`, from the top down, each with its rooms.
fn floors() -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("a document");
    let diagram = text.split("```").nth(1).expect("the diagram");
    let rooms = |floor: &str| {
        let names = floor.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|name| !name.is_empty());
        names.map(str::to_owned).collect::<Vec<_>>()
    };
    diagram.split('→').map(rooms).collect()
}

#[test]
fn every_import_follows_an_arrow_of_the_architecture() {
    let floors = floors();
    let floor_of = |room: &str| floors.iter().position(|floor| floor.iter().any(|it| it == room));
    let mut wrong = BTreeSet::new();
    for (file, targets) in graph() {
        let from = room(&file).expect("a room");
        for target in &targets {
            let to = room(target).expect("a room");
            if from == "lib" || to == "lib" || from == to {
                continue;
            }
            match (floor_of(from), floor_of(to)) {
                (Some(above), Some(below)) if above < below => {}
                (None, _) => drop(wrong.insert(format!("{from} is not in the diagram"))),
                (_, None) => drop(wrong.insert(format!("{to} is not in the diagram"))),
                _ => drop(wrong.insert(format!("{file} imports {target}: {from} → {to} goes upwards"))),
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The code map: what each row's first cell names in backticks, with the second cell.
fn code_map() -> Vec<(Vec<String>, String)> {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("a document");
    let map = text.split("## Code map").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("the code map");
    let rows = map.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let mut cells = row.trim_matches('|').split('|');
        let names = cells.next().unwrap_or_default().split('`').skip(1).step_by(2).map(str::to_owned).collect();
        (names, cells.next().unwrap_or_default().to_owned())
    })
    .collect()
}

#[test]
fn the_code_map_lists_each_room_and_only_what_exists() {
    let map = code_map();
    let listed: BTreeSet<String> = map.iter().flat_map(|(names, _)| names.clone()).collect();
    let gone: Vec<&String> = listed.iter().filter(|name| !root().join(name).exists()).collect();
    assert!(gone.is_empty(), "listed and absent: {gone:?}");
    let below = |folder: &str| {
        let entries = std::fs::read_dir(root().join(folder)).expect("a folder");
        let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
        names.map(|name| format!("{folder}/{name}")).collect::<Vec<_>>()
    };
    let mut rooms: Vec<String> =
        below("src").into_iter().chain(["migrations", "config", "tests"].map(str::to_owned)).collect();
    rooms.extend(
        below("src/domain/src").into_iter().filter(|name| name.ends_with("/matching") || name.ends_with("/reader")),
    );
    let entry_points = ["src/lib.rs", "src/main.rs"];
    let missing: Vec<String> =
        rooms.into_iter().filter(|room| !listed.contains(room) && !entry_points.contains(&room.as_str())).collect();
    assert!(missing.is_empty(), "not in the code map: {missing:?}");
}

#[test]
fn the_stages_of_the_reader_are_files_in_the_order_of_their_imports() {
    let map = code_map();
    let (_, text) = map.iter().find(|(names, _)| names.iter().any(|it| it == "src/domain/src/reader")).expect("a row");
    let stages: Vec<&str> = text.split('`').skip(1).step_by(2).filter(|name| !name.contains('/')).collect();
    assert!(stages.len() > 2, "the reader's row names its stages: {text}");
    for stage in stages {
        let inside = root().join("src/domain/src/reader").join(stage);
        assert!(inside.is_dir() || inside.with_extension("rs").is_file(), "{stage} is no stage of the reader");
    }
}

#[test]
fn the_stages_of_a_lead_in_the_architecture_are_those_of_the_program() {
    use domain::lead::Stage;
    use domain::requirement::Word as _;
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("a document");
    let line = text.split("Stages of a lead:").nth(1).and_then(|rest| rest.split("\n\n").next()).expect("the list");
    let named: BTreeSet<&str> = line.split('`').skip(1).step_by(2).collect();
    let words: BTreeSet<&str> = Stage::WORDS.iter().map(|(word, _)| *word).collect();
    assert_eq!(named, words);
}
