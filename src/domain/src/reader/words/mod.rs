pub(super) mod dictionary;
pub(super) mod endings;
pub(super) mod gazetteer;
pub(super) mod lexicon;
pub(super) mod trie;
