//! What of a melody stands in other music just so.

/// A run of symbols that stands in other music just so.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Borrowed {
    /// How many symbols it has.
    pub length: usize,
    /// Where it begins in what was written.
    pub from: usize,
    /// The number of the piece that it stands in, and where it begins there.
    pub source: (usize, usize),
}

/// The longest run of `written` that stands in the training music just so, the first if several are as long; none if they have no symbol in common.
pub fn longest_borrowed<S: AsRef<[usize]>>(written: &[usize], training: &[S]) -> Option<Borrowed> {
    let all = copied(written, training).into_iter();
    all.filter(|run| run.length > 0)
        .max_by_key(|run| (run.length, std::cmp::Reverse(run.from)))
}

/// The length of the [longest borrowed](longest_borrowed) run.
pub fn longest_copy<S: AsRef<[usize]>>(written: &[usize], training: &[S]) -> usize {
    longest_borrowed(written, training).map_or(0, |run| run.length)
}

/// The share of the runs of `n` symbols in `written` that the training music does not hold, 0 to 1. Zero where
/// there is no such run.
pub fn share_of_new<S: AsRef<[usize]>>(written: &[usize], training: &[S], n: usize) -> f64 {
    let n = n.max(1);
    let copied = copied(written, training);
    let ends = copied.get(n - 1..).unwrap_or(&[]);
    let new = ends.iter().filter(|run| run.length < n).count();
    new as f64 / ends.len().max(1) as f64
}

/// For each place of `written`: the longest run, ending there, that stands in the training music.
///
/// Goes through the training music once. A run that ends with its symbol at some place of `written` is longer by one than the run that
/// ended at the place before with the symbol before.
fn copied<S: AsRef<[usize]>>(written: &[usize], training: &[S]) -> Vec<Borrowed> {
    let mut symbols = written.to_vec();
    symbols.sort_unstable();
    symbols.dedup();
    // Where each symbol stands, the last place first, so that what is overwritten has been read.
    let mut places = vec![Vec::new(); symbols.len()];
    for (place, symbol) in written.iter().enumerate().rev() {
        if let Ok(known) = symbols.binary_search(symbol) {
            places[known].push(place);
        }
    }
    let mut longest = vec![Borrowed::default(); written.len()];
    // The moment at which a run ended before this place, and its length.
    let mut runs = vec![(0, 0); written.len() + 1];
    let mut moment = 0u64;
    for (number, piece) in training.iter().map(AsRef::as_ref).enumerate() {
        moment += 1; // no run crosses from piece to piece
        for (end, symbol) in piece.iter().enumerate() {
            moment += 1;
            let Ok(known) = symbols.binary_search(symbol) else {
                continue;
            };
            for &place in &places[known] {
                let (ended, length) = runs[place];
                let length = if ended == moment - 1 { length + 1 } else { 1 };
                runs[place + 1] = (moment, length);
                if length > longest[place].length {
                    longest[place] = Borrowed {
                        length,
                        from: place + 1 - length,
                        source: (number, end + 1 - length),
                    };
                }
            }
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copying_is_measured() {
        let training = [vec![1, 2, 3, 4], vec![5, 6]];
        assert_eq!(longest_copy(&[9, 2, 3, 4, 5, 6], &training), 3);
        assert_eq!(longest_copy(&[], &training), 0);
        assert_eq!(share_of_new(&[1, 2, 4, 5, 6], &training, 2), 0.5);
        assert_eq!(share_of_new(&[1], &training, 2), 0.0);
        assert_eq!(share_of_new(&[1, 2, 3], &training, 0), 0.0);
        assert_eq!(
            longest_copy(&[4, 5, 6], &training),
            2,
            "not from one piece into the next"
        );
        assert_eq!(longest_copy(&[usize::MAX; 3], &[[usize::MAX; 2]]), 2);
        let run = Borrowed {
            length: 2,
            from: 1,
            source: (1, 0),
        };
        assert_eq!(
            longest_borrowed(&[9, 5, 6, 1, 2], &training),
            Some(run),
            "the first of two"
        );
        assert_eq!(longest_borrowed(&[9, 8], &training), None);
    }
}
