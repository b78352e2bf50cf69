//! Anything as symbols: words, weather, chords.

use std::collections::HashMap;
use std::hash::Hash;

/// A number for each different thing, in the order in which they were first met; and one more for the end.
#[derive(Clone, Debug)]
pub struct Vocabulary<T> {
    things: Vec<T>,
    symbols: HashMap<T, usize>,
}

impl<T: Eq + Hash + Clone> Vocabulary<T> {
    /// The vocabulary of these things.
    pub fn of(things: impl IntoIterator<Item = T>) -> Vocabulary<T> {
        let mut vocabulary = Vocabulary {
            things: Vec::new(),
            symbols: HashMap::new(),
        };
        for thing in things {
            if !vocabulary.symbols.contains_key(&thing) {
                vocabulary.symbols.insert(thing.clone(), vocabulary.things.len());
                vocabulary.things.push(thing);
            }
        }
        vocabulary
    }

    /// How many symbols there are, the end among them: the size of a model's alphabet.
    pub fn len(&self) -> usize {
        self.things.len() + 1
    }

    /// Never: there is always the end.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The symbol after the last thing.
    pub fn end(&self) -> usize {
        self.things.len()
    }

    /// The symbol of a thing, if it is known.
    pub fn symbol(&self, thing: &T) -> Option<usize> {
        self.symbols.get(thing).copied()
    }

    /// The thing of a symbol; none for the end.
    pub fn thing(&self, symbol: usize) -> Option<&T> {
        self.things.get(symbol)
    }

    /// The symbols of these things and then the end. Things that are not known are left out.
    pub fn encode<'a>(&self, things: impl IntoIterator<Item = &'a T>) -> Vec<usize>
    where
        T: 'a,
    {
        let known = things.into_iter().filter_map(|thing| self.symbol(thing));
        known.chain([self.end()]).collect()
    }

    /// The things of these symbols, up to the end.
    pub fn decode(&self, symbols: &[usize]) -> Vec<&T> {
        symbols.iter().map_while(|&symbol| self.thing(symbol)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_symbols_and_words_again() {
        let words: Vec<&str> = "what comes next is what came".split(' ').collect();
        let vocabulary = Vocabulary::of(words.iter().copied());
        assert_eq!((vocabulary.len(), vocabulary.end()), (6, 5));
        let symbols = vocabulary.encode(&words);
        assert_eq!(symbols, [0, 1, 2, 3, 0, 4, 5]);
        assert_eq!(
            vocabulary
                .decode(&symbols)
                .into_iter()
                .copied()
                .collect::<Vec<_>>(),
            words
        );
        assert_eq!(vocabulary.symbol(&"never"), None);
        assert_eq!(vocabulary.encode(&["never"]), [5]);
        assert_eq!(vocabulary.decode(&[99]), [&""; 0]);
    }
}
