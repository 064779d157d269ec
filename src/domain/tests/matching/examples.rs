//! The published examples: verdicts, gaps, takes, counts and relaxations of an independent evaluator.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::matching::{Answer, Index, Ranking};
use domain::requirement::Requirement;
use serde_json::{Value, json};

use crate::tables::listings;

/// An inventory with requirements and their answers.
struct Examples {
    parks: &'static str,
    plots: &'static str,
    spaces: &'static str,
    requirements: &'static str,
    answers: &'static str,
}

macro_rules! examples {
    ($folder:literal) => {
        Examples {
            parks: include_str!(concat!("../data/", $folder, "parks.csv")),
            plots: include_str!(concat!("../data/", $folder, "plots.csv")),
            spaces: include_str!(concat!("../data/", $folder, "spaces.csv")),
            requirements: include_str!(concat!("../data/", $folder, "requirements.jsonl")),
            answers: include_str!(concat!("../data/", $folder, "answers.jsonl")),
        }
    };
}

const PUBLISHED: [(Examples, usize); 2] = [(examples!(""), 16), (examples!("facilities/"), 8)];

/// Numbers as the shortest decimal, so that `30.0000` equals `30`.
fn normal(value: &Value) -> Value {
    match value {
        Value::Number(number) => {
            let decimal = domain::decimal::Decimal::parse(&number.to_string()).expect("a decimal");
            Value::String(decimal.to_string())
        }
        Value::Array(items) => items.iter().map(normal).collect(),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), normal(value))).collect(),
        other => other.clone(),
    }
}

/// One listed match in the examples' form: no score, points, need or offer.
fn plain(listed: &Value) -> (String, Value) {
    let criteria: Vec<Value> = listed["criteria"]
        .as_array()
        .expect("criteria")
        .iter()
        .map(|judged| {
            let mut judged = judged.clone();
            let members = judged.as_object_mut().expect("an object");
            members.retain(|name, _| ["criterion", "mode", "verdict", "gap", "unit"].contains(&name.as_str()));
            judged
        })
        .collect();
    let mut plain = json!({ "criteria": criteria });
    if let Some(take) = listed.get("take_mu") {
        plain["take_mu"] = take.clone();
    }
    let id = listed.get("id").unwrap_or(&listed["listing"]["id"]);
    (id.as_str().expect("an id").to_owned(), normal(&plain))
}

fn group(answer: &Value, name: &str) -> BTreeMap<String, Value> {
    answer[name].as_array().expect("a list").iter().map(plain).collect()
}

fn relaxations(answer: &Value) -> BTreeMap<String, Value> {
    let list = answer["relaxations"].as_array().expect("a list");
    list.iter().map(|it| (format!("{}/{}", it["criterion"], it["unit"]), normal(&it["steps"]))).collect()
}

impl Examples {
    /// The requirements with their answers by the engine and as published.
    fn answers(&self) -> impl Iterator<Item = (&str, Answer, &str)> {
        let index = Index::build(listings(self.parks, self.plots, self.spaces), Ranking::default());
        let today = NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day");
        self.requirements.lines().zip(self.answers.lines()).map(move |(text, expected)| {
            let requirement: Requirement = serde_json::from_str(text).expect("a requirement");
            (text, index.answer(&requirement, 200, today), expected)
        })
    }
}

#[test]
fn every_published_example_is_answered_exactly() {
    for (examples, count) in PUBLISHED {
        assert_eq!(examples.requirements.lines().count(), count);
        examples.answers().enumerate().for_each(is_exact);
    }
}

fn is_exact((line, (requirement, found, expected)): (usize, (&str, Answer, &str))) {
    let expected: Value = serde_json::from_str(expected).expect("json");
    let found = serde_json::to_value(found).expect("json");
    assert_eq!(found["counts"], expected["counts"], "line {}: {requirement}", line + 1);
    for name in ["matched", "to_confirm", "near"] {
        assert_eq!(group(&found, name), group(&expected, name), "line {}: {name} of {requirement}", line + 1);
    }
    assert_eq!(relaxations(&found), relaxations(&expected), "line {}: {requirement}", line + 1);
}

#[test]
fn points_add_up_to_the_score_and_never_pass_their_maximum() {
    for (_, answer, _) in PUBLISHED.iter().flat_map(|(examples, _)| examples.answers()) {
        for listed in answer.matched.iter().chain(&answer.to_confirm).chain(&answer.near) {
            assert_eq!(listed.score, listed.criteria.iter().map(|judged| judged.points).sum::<u32>());
            assert!(listed.criteria.iter().all(|judged| judged.points <= judged.max_points));
        }
    }
}
