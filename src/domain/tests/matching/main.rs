//! Matching from outside: the published examples, a plain second evaluator, and laws on random inventories.

mod examples;
mod tables;
