//! Word lists: the trie, the lexicon of tagged words, names of places, trades and people, and the dictionary that looks
//! all of them up at each position of a text once. Knows fields by their names, and no amounts.

pub(super) mod dictionary;
pub(super) mod facilities;
pub(super) mod field_words;
pub(super) mod gazetteer;
pub(super) mod lexicon;
pub(super) mod lists;
pub(super) mod people;
pub(super) mod slot;
pub(super) mod trades;
pub(super) mod trie;
