//! Chains: what comes next, told from what has just been heard.

pub mod trie;
