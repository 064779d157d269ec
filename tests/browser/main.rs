//! The whole, in a real browser.

fn main() {}
