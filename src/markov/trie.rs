//! How often was each run of symbols heard? The memory of every chain.

/// No node.
const NONE: u32 = u32::MAX;

/// The node of the empty run.
const ROOT: u32 = 0;

/// A run of symbols: the path from the root to this node.
#[derive(Clone, Debug)]
struct Node {
    /// The last symbol of the run.
    symbol: u32,
    /// How often the run was heard.
    count: u32,
    /// How many different symbols came before it.
    before: u32,
    child: u32,
    sibling: u32,
}

/// Every run of up to so many symbols that was heard, and how often: a tree in which a run is the path from
/// the root. It remembers where it is: the **contexts**, the nodes of the last 0, 1, 2, … symbols.
#[derive(Clone, Debug)]
pub struct Trie {
    nodes: Vec<Node>,
    contexts: Vec<u32>,
    order: usize,
}

/// What came after a context: (symbol, how often, after how many different symbols before the context).
pub type Continuation = (usize, u32, u32);

impl Trie {
    /// Nothing heard yet. Contexts have up to `order` symbols.
    pub fn new(order: usize) -> Trie {
        let root = Node {
            symbol: NONE,
            count: 0,
            before: 0,
            child: NONE,
            sibling: NONE,
        };
        Trie {
            nodes: vec![root],
            contexts: vec![ROOT],
            order,
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.nodes.truncate(1);
        self.nodes[0].child = NONE;
        self.contexts.truncate(1);
    }

    /// Goes to the begin of a piece. It is a context like others (with the symbol `begin`), but nothing that could follow.
    pub fn begin(&mut self) {
        self.contexts.truncate(1);
        if self.order > 0 {
            let node = self.child_or_new(ROOT, NONE);
            self.contexts.push(node);
        }
    }

    /// Hears the next symbol, and goes on to the contexts that end with it as far as they are known.
    pub fn go(&mut self, symbol: usize) {
        let symbol = symbol as u32;
        let mut known = 1;
        // contexts[k + 1] becomes the child of contexts[k]: keep the one before while overwriting.
        let mut parent = ROOT;
        for k in 0..self.order.min(self.contexts.len()) {
            let child = self.child(parent, symbol);
            if child == NONE {
                break;
            }
            known = k + 2;
            match self.contexts.get_mut(k + 1) {
                Some(next) => parent = std::mem::replace(next, child),
                None => self.contexts.push(child),
            }
        }
        self.contexts.truncate(known);
    }

    /// Counts this symbol as what came after each of the contexts; then goes on to it.
    pub fn learn(&mut self, symbol: usize) {
        let symbol_ = symbol as u32;
        let mut longer_is_new = false;
        for k in (0..self.contexts.len()).rev() {
            let nodes = self.nodes.len();
            let child = self.child_or_new(self.contexts[k], symbol_);
            let is_new = self.nodes.len() > nodes;
            let node = &mut self.nodes[child as usize];
            node.count = node.count.saturating_add(1);
            node.before += u32::from(longer_is_new);
            longer_is_new = is_new;
        }
        self.go(symbol);
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
        let new = self.nodes.len() as u32;
        let sibling = std::mem::replace(&mut self.nodes[parent as usize].child, new);
        self.nodes.push(Node {
            symbol,
            count: 0,
            before: 0,
            child: NONE,
            sibling,
        });
        new
    }

    /// How many contexts are known now: one of each length from 0.
    pub fn contexts(&self) -> usize {
        self.contexts.len()
    }

    pub fn nodes(&self) -> usize {
        self.nodes.len()
    }

    /// What came after the last `length` symbols.
    pub fn after(&self, length: usize) -> impl Iterator<Item = Continuation> + '_ {
        let first = self
            .contexts
            .get(length)
            .map_or(NONE, |&node| self.nodes[node as usize].child);
        let get = |node: u32| self.nodes.get(node as usize);
        let siblings = std::iter::successors(get(first), move |node| get(node.sibling));
        siblings
            .filter(|node| node.count > 0)
            .map(|node| (node.symbol as usize, node.count, node.before))
    }
}
