//! `--name value` pairs, and the seed that repeats a run.

use std::collections::HashMap;

/// What the command line asks for.
#[derive(Debug)]
pub(crate) struct Options {
    values: HashMap<String, String>,
    /// `TORTURE_SEED`, or drawn anew.
    pub(crate) seed: u64,
}

impl Options {
    pub(crate) fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut values = HashMap::new();
        while let Some(argument) = arguments.next() {
            let name = argument.strip_prefix("--").ok_or_else(|| format!("{argument} is no option"))?;
            let value = arguments.next().ok_or_else(|| format!("--{name} needs a value"))?;
            values.insert(name.to_owned(), value);
        }
        let seed = std::env::var("TORTURE_SEED").ok().and_then(|seed| seed.parse().ok());
        Ok(Self { values, seed: seed.unwrap_or_else(|| u64::from(rand::random::<u32>())) })
    }

    /// The same with these numbers where none were given.
    pub(crate) fn with(&self, numbers: &[(&str, usize)]) -> Self {
        let mut values: HashMap<_, _> =
            numbers.iter().map(|(name, number)| ((*name).to_owned(), number.to_string())).collect();
        values.extend(self.values.clone());
        Self { values, seed: self.seed }
    }

    /// The same as a command line.
    pub(crate) fn arguments(&self) -> impl Iterator<Item = String> {
        self.values.iter().flat_map(|(name, value)| [format!("--{name}"), value.clone()])
    }

    /// A number, or what it is without one.
    pub(crate) fn number(&self, name: &str, usual: usize) -> usize {
        self.values.get(name).and_then(|value| value.parse().ok()).unwrap_or(usual)
    }
}
