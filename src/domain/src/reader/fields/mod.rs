pub(super) mod levels;
pub(super) mod need;
pub(super) mod questions;
pub(super) mod settle;
pub(super) mod site;
pub(super) mod time;
pub(super) mod trade;
pub(super) mod wish;
