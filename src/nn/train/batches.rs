//! From pieces to batches, and from batches to windows.

use super::settings::Training;
use crate::nn::learner::Window;
use crate::threads::*;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// Cuts one long text into so many of one length, to be learned side by side: what is left at the end is not used, if the text is
/// long enough for one symbol each.
pub fn lanes<Item: Copy>(text: &[Item], count: usize) -> Vec<Vec<Item>> {
    let length = (text.len() / count.max(1)).max(1);
    text.chunks_exact(length)
        .take(count)
        .map(<[Item]>::to_vec)
        .collect()
}

/// Pieces in batches, by their number: those of like length together, so that little of a batch is empty. Empty pieces are left
/// out.
pub(super) fn batches<Item>(pieces: &[Vec<Item>], batch: usize) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..pieces.len()).collect();
    in_batches(&mut order, pieces, batch)
}

fn in_batches<Item>(order: &mut Vec<usize>, pieces: &[Vec<Item>], batch: usize) -> Vec<Vec<usize>> {
    let length = |piece: &usize| pieces.get(*piece).map_or(0, Vec::len);
    order.retain(|piece| length(piece) > 0);
    order.sort_by_key(length); // stable: pieces of one length stay in the order they were in
    if batch == 0 {
        return Vec::new();
    }
    order.chunks(batch).map(<[usize]>::to_vec).collect()
}

/// The batches of an epoch: other pieces together each time, in another order. Each epoch's draws begin anew, so that a
/// checkpoint need not keep them.
pub(super) fn shuffled<Item>(pieces: &[Vec<Item>], settings: &Training, epoch: usize) -> Vec<Vec<usize>> {
    let mut rng = ChaCha8Rng::seed_from_u64(settings.seed);
    rng.set_stream(epoch as u64);
    let mut order = batches(pieces, settings.batch).concat();
    order.shuffle(&mut rng);
    let mut batches = in_batches(&mut order, pieces, settings.batch);
    batches.shuffle(&mut rng);
    batches
}

/// How many windows of so many steps it takes to go through a batch.
pub(super) fn window_count<Item>(pieces: &[Vec<Item>], batch: &[usize], steps: usize) -> usize {
    longest(pieces, batch).div_ceil(steps.max(1))
}

/// The window of a batch that begins at step `from`, in parts. None after the end of its pieces.
pub(super) fn windows<Item: Copy + Send + Sync>(
    pieces: &[Vec<Item>],
    parts: &[&[usize]],
    from: usize,
    steps: usize,
) -> Option<Vec<Window<Item>>> {
    let longest = parts.iter().map(|part| longest(pieces, part)).max()?;
    let to = longest.min(from.saturating_add(steps));
    let cut = |part: &&[usize]| window(pieces, part, from, to);
    (from < longest).then(|| parts.par_iter().map(cut).collect())
}

fn longest<Item>(pieces: &[Vec<Item>], batch: &[usize]) -> usize {
    let lengths = batch.iter().filter_map(|piece| pieces.get(*piece)).map(Vec::len);
    lengths.max().unwrap_or(0)
}

fn window<Item: Copy>(pieces: &[Vec<Item>], part: &[usize], from: usize, to: usize) -> Window<Item> {
    let at = |piece: usize, step: usize| pieces.get(piece)?.get(step).copied();
    let rows = || (from..to).flat_map(|step| part.iter().map(move |piece| (*piece, step)));
    Window {
        batch: part.len(),
        heard: rows()
            .map(|(piece, step)| at(piece, step.checked_sub(1)?))
            .collect(),
        next: rows().map(|(piece, step)| at(piece, step)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_hold_every_step_of_every_piece_once_after_the_one_before_it() {
        let pieces = [vec![10, 11, 12, 13, 14], vec![20], vec![], vec![30, 31, 32]];
        let plan = batches(&pieces, 2);
        assert_eq!(plan, [vec![1, 3], vec![0]]);
        let parts: [&[usize]; 2] = [&[1], &[3]];
        let found: Vec<_> = (0..4)
            .filter_map(|number| windows(&pieces, &parts, 2 * number, 2))
            .collect();
        assert_eq!((found.len(), window_count(&pieces, &plan[0], 2)), (2, 2));
        let [left, right] = &found[0][..] else { panic!() };
        assert_eq!(
            (left.batch, &left.heard, &left.next),
            (1, &vec![None, Some(20)], &vec![Some(20), None])
        );
        assert_eq!(
            (&right.heard, &right.next),
            (&vec![None, Some(30)], &vec![Some(30), Some(31)])
        );
        let [left, right] = &found[1][..] else { panic!() };
        assert_eq!(
            (&left.next, &right.heard, &right.next),
            (&vec![None], &vec![Some(31)], &vec![Some(32)])
        );
        let found = windows(&pieces, &[&[0, 3], &[1]], 0, 4).unwrap();
        let [left, right] = &found[..] else { panic!() };
        assert_eq!((left.batch, right.batch), (2, 1));
        assert_eq!(
            left.next[..4],
            [Some(10), Some(30), Some(11), Some(31)],
            "step after step"
        );
        assert_eq!(left.count() + right.count(), 8);
    }

    #[test]
    fn each_epoch_has_every_piece_once_in_another_order() {
        let pieces = vec![vec![0; 3]; 50];
        let of = |epoch| {
            shuffled(
                &pieces,
                &Training {
                    batch: 8,
                    ..Training::default()
                },
                epoch,
            )
        };
        let mut all = of(1).concat();
        assert_ne!(all, of(2).concat());
        assert_eq!(all, of(1).concat());
        all.sort_unstable();
        assert_eq!(all, (0..50).collect::<Vec<_>>());
    }

    #[test]
    fn a_text_is_cut_into_lanes() {
        assert_eq!(lanes(&[1, 2, 3, 4, 5, 6, 7], 3), [[1, 2], [3, 4], [5, 6]]);
        assert_eq!(lanes(&[1, 2], 3), [[1], [2]]);
        assert_eq!(lanes::<u8>(&[], 3), Vec::<Vec<u8>>::new());
        assert_eq!(lanes(&[1], 0), Vec::<Vec<i32>>::new());
    }
}
