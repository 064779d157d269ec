pub(super) mod facts;
pub(super) mod frames;
pub(super) mod label;
pub(super) mod slot;
