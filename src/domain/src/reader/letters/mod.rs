pub(super) mod character;
pub(super) mod text;
