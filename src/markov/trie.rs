//! How often was each run of symbols heard? The memory of every chain.

/// No node.
const NONE: u32 = u32::MAX;

/// The symbol that stands for the begin of a piece.
const BEGIN: u32 = u32::MAX;

/// What no alphabet reaches.
const UNKNOWN: u32 = u32::MAX - 1;

/// The node of the empty run.
const ROOT: u32 = 0;

/// What is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Counting {
    /// How often a run was heard.
    Times,
    /// In how many pieces. What one tune repeats ten times was heard in one tune.
    Pieces,
}

/// A run of symbols: the path from the root to this node.
#[derive(Clone, Debug)]
struct Node {
    /// The last symbol of the run.
    symbol: u32,
    count: u32,
    /// The piece in which it was last counted.
    piece: u32,
    /// The first of the runs that are longer by one symbol.
    child: u32,
    /// The next run that differs only in the last symbol.
    sibling: u32,
}

/// Every run of up to so many symbols that was learned, and its count: a tree in which a run is the path from the root.
/// It also knows where it is: its **contexts** are the nodes of the last 0, 1, 2, … symbols heard.
#[derive(Clone, Debug)]
pub struct Trie {
    nodes: Vec<Node>,
    contexts: Vec<u32>,
    order: usize,
    counting: Counting,
    piece: u32,
}

impl Trie {
    /// Nothing learned yet, at the begin of a piece. Contexts have up to `order` symbols.
    pub fn new(order: usize, counting: Counting) -> Trie {
        let mut trie = Trie {
            nodes: Vec::new(),
            contexts: Vec::new(),
            order,
            counting,
            piece: 0,
        };
        trie.clear();
        trie
    }

    /// How many symbols the longest contexts have that are learned.
    pub fn order(&self) -> usize {
        self.order
    }

    /// Unlearns everything and goes to the begin of a piece.
    pub fn clear(&mut self) {
        self.nodes.clear();
        self.nodes.push(Node {
            symbol: UNKNOWN,
            count: 0,
            piece: 0,
            child: NONE,
            sibling: NONE,
        });
        self.piece = 0;
        self.begin();
    }

    /// Goes to the begin of a piece. It is a context as a symbol would be, but nothing that could follow one.
    pub fn begin(&mut self) {
        self.piece = self.piece.saturating_add(1);
        self.contexts.clear();
        self.contexts.push(ROOT);
        if self.order > 0 {
            let begin = self.child_or_new(ROOT, BEGIN);
            self.contexts.push(begin);
        }
    }

    /// Hears a symbol: goes on to the contexts that end with it, as far as they are known.
    pub fn hear(&mut self, symbol: usize) {
        self.go(known(symbol));
    }

    /// Learns that this symbol came after each of the contexts; then hears it.
    pub fn learn(&mut self, symbol: usize) {
        let symbol = known(symbol);
        for length in 0..self.contexts.len() {
            let child = self.child_or_new(self.contexts[length], symbol);
            let node = &mut self.nodes[child as usize];
            if self.counting == Counting::Times || node.piece != self.piece {
                node.count = node.count.saturating_add(1);
                node.piece = self.piece;
            }
        }
        self.go(symbol);
    }

    fn go(&mut self, symbol: u32) {
        // From the longest on, since each context is made of the one that is shorter by a symbol.
        let longest = self.order.min(self.contexts.len());
        self.contexts.resize(longest + 1, NONE);
        for length in (0..longest).rev() {
            self.contexts[length + 1] = self.child(self.contexts[length], symbol);
        }
        let unknown = self.contexts.iter().position(|&context| context == NONE);
        self.contexts.truncate(unknown.unwrap_or(longest + 1));
    }

    fn child(&self, parent: u32, symbol: u32) -> u32 {
        let mut child = self.nodes[parent as usize].child;
        while child != NONE && self.nodes[child as usize].symbol != symbol {
            child = self.nodes[child as usize].sibling;
        }
        child
    }

    fn child_or_new(&mut self, parent: u32, symbol: u32) -> u32 {
        let child = self.child(parent, symbol);
        if child != NONE {
            return child;
        }
        let new = self.nodes.len() as u32; // 2^32 nodes would be 80 GB
        let sibling = std::mem::replace(&mut self.nodes[parent as usize].child, new);
        self.nodes.push(Node {
            symbol,
            count: 0,
            piece: 0,
            child: NONE,
            sibling,
        });
        new
    }

    /// How many symbols the longest context has that was ever followed by something.
    pub fn longest(&self) -> usize {
        let followed = |&length: &usize| self.after(length).next().is_some();
        (0..self.contexts.len()).rev().find(followed).unwrap_or(0)
    }

    /// What came after the last `length` symbols, each with its count. Nothing, if that context is not known.
    pub fn after(&self, length: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let node = |node: u32| self.nodes.get(node as usize);
        let context = self.contexts.get(length).and_then(|&context| node(context));
        let first = context.and_then(|context| node(context.child));
        let siblings = std::iter::successors(first, move |child| node(child.sibling));
        let counted = siblings.filter(|child| child.count > 0); // all but the begin
        counted.map(|child| (child.symbol as usize, f64::from(child.count)))
    }
}

fn known(symbol: usize) -> u32 {
    u32::try_from(symbol).unwrap_or(UNKNOWN).min(UNKNOWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(trie: &Trie, length: usize) -> Vec<(usize, f64)> {
        let mut after: Vec<_> = trie.after(length).collect();
        after.sort_by_key(|known| known.0);
        after
    }

    #[test]
    fn every_run_is_counted() {
        let mut trie = Trie::new(2, Counting::Times);
        [0, 1, 0, 2, 0, 1]
            .into_iter()
            .for_each(|symbol| trie.learn(symbol));
        assert_eq!(after(&trie, 0), [(0, 3.0), (1, 2.0), (2, 1.0)]);
        assert_eq!(
            (after(&trie, 1), after(&trie, 2)),
            (vec![(0, 1.0)], vec![(0, 1.0)])
        );
        trie.begin();
        assert_eq!(after(&trie, 1), [(0, 1.0)], "how the piece began");
        trie.hear(0);
        assert_eq!(after(&trie, 1), [(1, 2.0), (2, 1.0)]);
        assert_eq!((after(&trie, 2), trie.longest()), (vec![(1, 1.0)], 2));
        trie.hear(usize::MAX);
        assert_eq!((trie.longest(), after(&trie, 1).len()), (0, 0));
        trie.clear();
        assert!(after(&trie, 0).is_empty() && after(&trie, 99).is_empty());
    }

    #[test]
    fn what_one_piece_repeats_counts_once_if_pieces_are_counted() {
        let mut trie = Trie::new(1, Counting::Pieces);
        for piece in [[0, 1, 0, 1], [0, 1, 0, 0]] {
            trie.begin();
            piece.into_iter().for_each(|symbol| trie.learn(symbol));
        }
        assert_eq!(after(&trie, 0), [(0, 2.0), (1, 2.0)]);
        assert_eq!(after(&trie, 1), [(0, 1.0), (1, 2.0)]);
    }
}
