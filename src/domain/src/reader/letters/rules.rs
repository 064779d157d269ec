//! The parser of rule files (`config/data/reader/*.txt`), which are compiled in and parsed once.
//!
//! A rule is one line, `name arguments: body`. Each block of rules follows a comment that gives its reason. In a body
//! `␣` is a blank and `⏎` a line feed, so that neither depends on an editor that keeps trailing blanks.

/// One rule with its position in the file, for error messages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RuleLine {
    file: &'static str,
    line: usize,
    head: &'static str,
    body: &'static str,
}

impl RuleLine {
    /// Formats an error with the file and the line of the rule.
    pub(crate) fn error(&self, reason: &str) -> String {
        format!("{}:{}: {reason}", self.file, self.line)
    }

    pub(crate) const fn head(&self) -> &'static str {
        self.head
    }

    pub(crate) const fn body(&self) -> &'static str {
        self.body
    }

    /// The first word of the head.
    pub(crate) fn name(&self) -> &'static str {
        self.head.split(' ').next().unwrap_or_default()
    }

    /// The integers behind the name in the head.
    ///
    /// # Errors
    /// A message with file and line where there are more or fewer than `N`, or one is no integer.
    pub(crate) fn numbers<const N: usize>(&self) -> Result<[i32; N], String> {
        let numbers: Result<Vec<i32>, _> = self.head.split(' ').skip(1).map(str::parse).collect();
        numbers.ok().and_then(|all| all.try_into().ok()).ok_or_else(|| self.error(&format!("expected {N} integers")))
    }

    /// The words of the body, which `|` separates.
    ///
    /// # Errors
    /// A message with `file:line` where a word is empty.
    pub(crate) fn words(&self) -> Result<impl Iterator<Item = &'static str>, String> {
        if self.body.split('|').any(str::is_empty) {
            return Err(self.error("empty word"));
        }
        Ok(self.body.split('|'))
    }

    /// The entries of the body that single blanks separate, with `␣` and `⏎` replaced.
    ///
    /// # Errors
    /// A message with `file:line` where an entry is empty.
    pub(crate) fn letters(&self) -> Result<Vec<Vec<char>>, String> {
        let all: Vec<Vec<char>> = self.body.split(' ').map(spelled).collect();
        if all.iter().any(Vec::is_empty) {
            return Err(self.error("two blanks in a row"));
        }
        Ok(all)
    }
}

/// The characters of an entry, with `␣` and `⏎` replaced.
pub(crate) fn spelled(entry: &str) -> Vec<char> {
    let one = |c: char| match c {
        '␣' => ' ',
        '⏎' => '\n',
        other => other,
    };
    entry.chars().map(one).collect()
}

/// Parses a rule file.
///
/// # Errors
/// A message with file and line: a line without `name: body`, an empty body, or a rule without a reason above its block.
pub(crate) fn parse(file: &'static str, data: &'static str) -> Result<Vec<RuleLine>, String> {
    let mut rules = Vec::new();
    let mut has_reason = false;
    for (line, text) in (1..).zip(data.lines()) {
        if text.is_empty() {
            has_reason = false;
        } else if let Some(reason) = text.strip_prefix('#') {
            has_reason |= !reason.trim().is_empty();
        } else {
            let (head, body) = text.split_once(": ").unwrap_or((text, ""));
            let rule = RuleLine { file, line, head, body };
            if head.trim().is_empty() || body.is_empty() {
                return Err(rule.error("expected `name: body`"));
            }
            if body.ends_with(' ') {
                return Err(rule.error("blank at the end of the line, where `␣` is meant"));
            }
            if !has_reason {
                return Err(rule.error("no reason above this block of rules"));
            }
            rules.push(rule);
        }
    }
    Ok(rules)
}

/// Unwraps what was parsed from a rule file.
///
/// # Panics
/// On any error: the files are compiled in, so a malformed rule is a fault of the build.
pub(crate) fn loaded<T>(parsed: Result<T, String>) -> T {
    parsed.unwrap_or_else(|error| panic!("{error}"))
}

/// A type that is parsed from the rules of one name.
pub(crate) trait Cue: Sized {
    /// # Errors
    /// A message with `file:line` where a rule is malformed.
    fn parse(rules: &[RuleLine]) -> Result<Self, String>;
}

/// The only rule of a name without arguments.
///
/// # Errors
/// A message with `file:line` where there are two rules, or arguments.
pub(crate) fn only(rules: &[RuleLine]) -> Result<&RuleLine, String> {
    match rules {
        [rule] if rule.head == rule.name() => Ok(rule),
        [rule] => Err(rule.error("unexpected argument")),
        [_, second, ..] => Err(second.error("second rule of this name")),
        [] => Err("no rule".to_owned()),
    }
}

/// The rules of a file that no field of a `cues!` table has taken yet.
pub(crate) struct Untaken {
    file: &'static str,
    rules: Vec<RuleLine>,
}

impl Untaken {
    pub(crate) fn new(file: &'static str, data: &'static str) -> Result<Self, String> {
        Ok(Self { file, rules: parse(file, data)? })
    }

    /// Removes the rules of a name and parses them.
    ///
    /// # Errors
    /// A message with `file` where there is no such rule, with `file:line` where one is malformed.
    pub(crate) fn take<C: Cue>(&mut self, name: &str) -> Result<C, String> {
        let (taken, rest): (Vec<RuleLine>, Vec<RuleLine>) = self.rules.iter().partition(|rule| rule.name() == name);
        self.rules = rest;
        if taken.is_empty() {
            return Err(format!("{}: no rule `{name}`", self.file));
        }
        C::parse(&taken)
    }

    /// # Errors
    /// A message with `file:line` of the first rule that was not taken.
    pub(crate) fn finish(self) -> Result<(), String> {
        self.rules.first().map_or(Ok(()), |rule| Err(rule.error("unknown rule")))
    }
}

/// Declares a table of cues: a struct whose fields are parsed from the rules of the same names in one rule file. A rule
/// that is missing, unknown or malformed fails at the first use and in the test that the macro adds.
macro_rules! cues {
    ($(#[$meta:meta])* $name:ident in $file:literal { $($(#[$field_meta:meta])* $field:ident: $kind:ty),* $(,)? }) => {
        $(#[$meta])*
        struct $name { $($(#[$field_meta])* $field: $kind),* }

        impl $name {
            fn parse() -> Result<Self, String> {
                let data = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/data/reader/", $file));
                let mut rules = $crate::reader::letters::rules::Untaken::new(concat!("config/data/reader/", $file), data)?;
                let cues = Self { $($field: rules.take(stringify!($field))?),* };
                rules.finish()?;
                Ok(cues)
            }
        }

        static CUES: std::sync::LazyLock<$name> =
            std::sync::LazyLock::new(|| $crate::reader::letters::rules::loaded($name::parse()));

        #[cfg(test)]
        mod rule_file {
            #[test]
            fn every_rule_is_well_formed_and_used() {
                assert_eq!(super::$name::parse().err(), None);
            }
        }
    };
}

/// The text of a rule file that is no table of cues.
macro_rules! rule_file {
    ($file:literal) => {
        $crate::reader::letters::rules::parse(
            concat!("config/data/reader/", $file),
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/data/reader/", $file)),
        )
    };
}

pub(crate) use {cues, rule_file};

#[cfg(test)]
mod tests {
    use super::{Untaken, parse};
    use crate::reader::letters::sets::CharSet;

    #[test]
    fn a_malformed_rule_is_refused_with_its_file_and_line() {
        for (data, error) in [
            ("# A reason.\nname body\n", "f.txt:2: expected `name: body`"),
            ("# A reason.\nname: \n", "f.txt:2: expected `name: body`"),
            ("# A reason.\na: b\n\nc: d\n", "f.txt:4: no reason above this block of rules"),
            ("# A reason.\na: b \n", "f.txt:2: blank at the end of the line, where `␣` is meant"),
            ("#\na: b\n", "f.txt:2: no reason above this block of rules"),
        ] {
            assert_eq!(parse("f.txt", data).err().as_deref(), Some(error), "{data:?}");
        }
        let rules = parse("f.txt", "# A reason.\na 1 x: b||c\n").expect("rules");
        assert_eq!(rules[0].numbers::<2>().err().as_deref(), Some("f.txt:2: expected 2 integers"));
        assert_eq!(rules[0].words().err().as_deref(), Some("f.txt:2: empty word"));
    }

    #[test]
    fn a_rule_that_is_missing_unknown_or_doubled_is_refused() {
        let taken = |data: &'static str| {
            let mut rules = Untaken::new("f.txt", data)?;
            let _: CharSet = rules.take("a")?;
            rules.finish()
        };
        assert_eq!(taken("# A reason.\na: 元 ␣\n"), Ok(()));
        for (data, error) in [
            ("# A reason.\nb: 元\n", "f.txt: no rule `a`"),
            ("# A reason.\na: 元\nb: 元\n", "f.txt:3: unknown rule"),
            ("# A reason.\na: 元\na: 亩\n", "f.txt:3: second rule of this name"),
            ("# A reason.\na 1: 元\n", "f.txt:2: unexpected argument"),
            ("# A reason.\na: 元亩\n", "f.txt:2: expected single characters"),
            ("# A reason.\na: 元  亩\n", "f.txt:2: two blanks in a row"),
        ] {
            assert_eq!(taken(data).err().as_deref(), Some(error), "{data:?}");
        }
    }
}
