//! Plain English: the mechanical part of the rules of `CONTRIBUTING.md`, over the doc lines of the product's sources
//! (`src` with its packages, and `migrations`; tests are left out), and the layout of templates.

use std::collections::{BTreeMap, BTreeSet};

use crate::architecture::{root, sources};

/// A pattern that a sentence of a doc comment must not have.
struct Rule {
    name: &'static str,
    reason: &'static str,
    breaks: fn(&Sentence) -> bool,
}

/// One sentence of a doc comment, in lower case and in words, with the text as written.
struct Sentence {
    text: String,
    words: Vec<String>,
    /// It is the first one after `# Errors`.
    is_error_list: bool,
}

const RULES: &[Rule] = &[
    Rule {
        name: "subject",
        reason: "rule 1 and 2: the sentence begins with the thing's noun or the function's verb",
        breaks: |it| {
            const FORBIDDEN: &[&str] =
                &["what", "whatever", "who", "whom", "whose", "whoever", "how", "so", "such", "that"];
            it.words.first().is_some_and(|word| FORBIDDEN.contains(&word.as_str()))
        },
    },
    Rule {
        name: "rate",
        reason: "rule 3: a rate is written with `per`",
        breaks: |it| {
            const UNITS: &[&str] = &["second", "minute", "hour", "day", "month", "year", "network", "phone", "mu"];
            const LINKS: &[&str] = &[
                "a", "about", "above", "after", "an", "and", "are", "as", "at", "be", "before", "below", "but", "by",
                "for", "from", "half", "has", "have", "holds", "in", "into", "is", "its", "names", "not", "of", "on",
                "one", "only", "or", "over", "than", "the", "to", "under", "until", "whether", "which", "with",
                "within",
            ];
            let lower = it.text.to_lowercase();
            let words: Vec<&str> = lower.split_whitespace().collect();
            words.windows(3).any(|at| {
                let unit = at[2].trim_end_matches(|c: char| !c.is_alphanumeric());
                let is_rate = (at[1] == "a" || at[1] == "an") && UNITS.contains(&unit);
                let after_noun = at[0].ends_with(char::is_alphanumeric) && !LINKS.contains(&at[0]);
                is_rate && (after_noun || at[0] == "once")
            })
        },
    },
    Rule {
        name: "metaphor",
        reason: "rule 4: things contain, are or represent; they do not stand, lie or lend",
        breaks: |it| {
            const METAPHORS: &[&str] =
                &["stand", "stands", "stood", "lie", "lies", "lend", "lends", "lent", "speaks", "farewell"];
            it.words.iter().any(|word| METAPHORS.contains(&word.as_str()))
        },
    },
    Rule {
        name: "speech",
        reason: "rule 4: rows, codes and files do not say, ask, tell or know",
        breaks: |it| {
            const THINGS: &[&str] = &[
                "row",
                "rows",
                "code",
                "codes",
                "file",
                "files",
                "record",
                "records",
                "column",
                "columns",
                "table",
                "tables",
                "listing",
                "listings",
                "requirement",
                "text",
                "word",
                "words",
                "header",
                "report",
                "map",
                "cell",
                "database",
                "index",
            ];
            const SPEECH: &[&str] = &["say", "says", "ask", "asks", "tell", "tells", "know", "knows"];
            it.words.windows(2).any(|at| THINGS.contains(&at[0].as_str()) && SPEECH.contains(&at[1].as_str()))
        },
    },
    Rule {
        name: "possessive",
        reason: "rule 6: a sentence that ends in a possessive leaves out its noun (`The database's.`)",
        breaks: |it| it.text.ends_with("'s") || it.text.ends_with("s'") || it.words.last().is_some_and(|w| w == "ours"),
    },
    Rule {
        name: "errors",
        reason: "rule 6: `# Errors` names the variants, types or statuses",
        breaks: |it| it.is_error_list && !it.text.contains(['`', '[']) && !it.text.contains(char::is_numeric),
    },
    Rule {
        name: "empty phrase",
        reason: "rule 6: the phrase adds no unit, bound, error, source or invariant",
        breaks: |it| {
            const EMPTY: &[&str] = &["as there", "as ever", "and the like", "for nothing", "as it stands", "as it is"];
            EMPTY.iter().any(|phrase| it.text.to_lowercase().ends_with(phrase))
        },
    },
    Rule {
        name: "vague person",
        reason: "rule 1: name the client, caller, operator, officer or process",
        breaks: |it| {
            const VAGUE: &[&str] = &["anew", "everybody", "nobody", "somebody", "whatever", "whoever", "neighbour"];
            it.words.iter().any(|word| VAGUE.contains(&word.as_str()))
        },
    },
];

/// The sentences of a file's doc comments, with the line on which each doc block begins.
fn sentences(text: &str) -> Vec<(usize, Sentence)> {
    let mut found = Vec::new();
    let mut block = String::new();
    let (mut start, mut after_errors, mut is_code) = (0, false, false);
    for (at, line) in text.lines().chain([""]).enumerate() {
        let trimmed = line.trim_start();
        let doc = ["///", "//!"].iter().find_map(|mark| trimmed.strip_prefix(mark)).map(str::trim);
        let doc = doc.filter(|doc| {
            is_code ^= doc.starts_with("```");
            !is_code && !doc.starts_with("```")
        });
        match doc {
            Some(doc) if !doc.is_empty() && !doc.starts_with('#') && !doc.starts_with("- ") => {
                if block.is_empty() {
                    start = at + 1;
                }
                block.push_str(doc);
                block.push(' ');
            }
            _ => {
                if !block.is_empty() {
                    push_sentences(&block, start, after_errors, &mut found);
                    block.clear();
                    after_errors = false;
                }
                if let Some(doc) = doc {
                    after_errors = doc.starts_with("# Errors") || after_errors && doc.is_empty();
                    if let Some(item) = doc.strip_prefix("- ") {
                        block = format!("{item} ");
                        start = at + 1;
                    }
                }
            }
        }
    }
    found
}

fn push_sentences(block: &str, start: usize, after_errors: bool, found: &mut Vec<(usize, Sentence)>) {
    for (nth, text) in block.split_inclusive(". ").enumerate() {
        let text = text.trim().trim_end_matches(['.', ':', ';']).to_owned();
        let lower = text.to_lowercase();
        let words = lower.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '\'').filter(|w| !w.is_empty());
        let words = words.map(str::to_owned).collect();
        found.push((start, Sentence { text, words, is_error_list: after_errors && nth == 0 }));
    }
}

fn broken() -> Vec<String> {
    let mut broken = Vec::new();
    let files = ["src", "migrations"].into_iter().flat_map(sources);
    for (file, text) in files.filter(|(file, _)| !file.contains("/tests/") && !file.contains("/examples/")) {
        for (line, sentence) in sentences(&text) {
            for rule in RULES.iter().filter(|rule| (rule.breaks)(&sentence)) {
                broken.push(format!("{file}:{line}: {}: {}", rule.name, sentence.text));
            }
        }
    }
    broken
}

#[test]
fn doc_comments_keep_the_mechanical_rules_of_plain_english() {
    let broken = broken();
    println!("sentences against the rules: {}", broken.len());
    let reasons: Vec<String> = RULES.iter().map(|rule| format!("{}: {}", rule.name, rule.reason)).collect();
    assert!(broken.is_empty(), "{}\n\n{}", broken.join("\n"), reasons.join("\n"));
}

#[test]
fn each_rule_finds_its_example_and_leaves_plain_sentences_alone() {
    let rules = |doc: &str| {
        let found = sentences(doc)
            .into_iter()
            .flat_map(|(_, sentence)| RULES.iter().filter(move |rule| (rule.breaks)(&sentence)).map(|rule| rule.name));
        found.collect::<Vec<_>>()
    };
    for (doc, rule) in [
        ("/// What a file is instead of CSV.", "subject"),
        ("/// A path. That it is relative was checked.", "subject"),
        ("/// Submits a network an hour, a phone a day.", "rate"),
        ("/// Written once a second.", "rate"),
        ("/// One row as it is found where it stands in a file.", "metaphor"),
        ("/// A value, where the record says one.", "speech"),
        ("/// Reads.\n///\n/// # Errors\n/// The database's.", "possessive"),
        ("/// Reads.\n///\n/// # Errors\n/// The disk.", "errors"),
        ("/// Loads.\n///\n/// # Errors\n/// As there.", "empty phrase"),
        ("/// Refuses whoever is late.", "vague person"),
    ] {
        assert!(rules(doc).contains(&rule), "{doc} breaks {rule}: {:?}", rules(doc));
    }
    for doc in [
        "/// Returns the row, at most 3 times per second.",
        "/// A day or a month as the locale writes it.",
        "/// Reads.\n///\n/// # Errors\n/// [`DbError`] where the connection fails.",
        "/// ```\n/// What(is_code);\n/// ```",
        "// What a plain comment begins with is left to its reader.",
    ] {
        assert_eq!(rules(doc), Vec::<&str>::new(), "{doc}");
    }
}

/// Longest line of a template, in characters: a page of a review tool shows it whole.
const LONGEST_TEMPLATE_LINE: usize = 140;

/// Removes what minijinja fills in, so that only the template's own markup is left.
fn markup_of(line: &str) -> String {
    let mut rest = line;
    let mut markup = String::new();
    while let Some(at) = ["{{", "{%", "{#"].iter().filter_map(|open| rest.find(open)).min() {
        markup.push_str(&rest[..at]);
        let end = ["}}", "%}", "#}"].iter().filter_map(|close| rest[at..].find(close)).min();
        rest = end.map_or("", |end| &rest[at + end + 2..]);
    }
    markup + rest
}

fn elements_opened(line: &str) -> usize {
    let markup = markup_of(line);
    markup.split('<').skip(1).filter(|tag| tag.starts_with(|c: char| c.is_ascii_alphabetic())).count()
}

#[test]
fn a_template_line_opens_at_most_one_element_and_is_short() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for folder in ["src/web/templates", "src/web/templates/staff", "src/mail/templates"] {
        for entry in std::fs::read_dir(root().join(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.extension().is_none_or(|extension| extension != "html") {
                continue;
            }
            seen += 1;
            let text = std::fs::read_to_string(&path).expect("UTF-8");
            for (at, line) in text.lines().enumerate() {
                if elements_opened(line) > 1 || line.chars().count() > LONGEST_TEMPLATE_LINE {
                    wrong.push(format!("{}:{}: {line}", path.display(), at + 1));
                }
            }
        }
    }
    assert!(seen > 20, "{seen} templates");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(elements_opened("<p>{{ t(\"<a>\") }}<b>x</b></p>"), 2);
}

/// Names that a library asks for in each file.
const ASKED_FOR: &[(&str, &str)] =
    &[("Model", "sea-orm's name of an entity's row"), ("Relation", "sea-orm's name of an entity's relations")];

/// Type names with their files: private ones of the file's own level, public ones of any level, since macros declare them
/// indented.
fn type_names() -> BTreeMap<String, BTreeSet<String>> {
    let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let files = ["src", "migrations"].into_iter().flat_map(sources);
    for (file, text) in files.filter(|(file, _)| !file.contains("/tests/") && !file.contains("/examples/")) {
        for line in text.lines() {
            let inner = line.trim_start();
            let item = inner.strip_prefix("pub(crate) ").or(inner.strip_prefix("pub(super) "));
            let item = item.or(inner.strip_prefix("pub ")).unwrap_or(line);
            let after =
                ["struct ", "enum ", "trait ", "type ", "union "].iter().find_map(|kind| item.strip_prefix(kind));
            let Some(after) = after else { continue };
            let name: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            // A macro's parameter, `$name`, is none.
            if name.is_empty() {
                continue;
            }
            names.entry(name).or_default().insert(file.clone());
        }
    }
    names
}

#[test]
fn a_type_name_has_one_meaning() {
    let mut wrong = Vec::new();
    for (name, files) in type_names() {
        if files.len() > 1 && !ASKED_FOR.iter().any(|(asked, _)| *asked == name) {
            wrong.push(format!("{name}: {files:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
