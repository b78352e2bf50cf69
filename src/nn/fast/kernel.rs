//! The innermost loops. Everything here is plain Rust; its shape is what makes it fast: arrays of known size, slices that were cut
//! to one length, and counted loops (an iterator's adapter may be a call that the compiler does not see through).
//!
//! Shapes: `K` inner size, 8 rows to a tile, 32 columns to a panel.

#![allow(clippy::needless_range_loop)]

use super::processor::{for_each_processor, multiply_add};
#[cfg(target_arch = "wasm32")]
use super::wasm;

/// Rows that are handled together: each number of a panel that is fetched serves eight times.
pub(super) const ROWS: usize = 8;

/// Columns of a panel: two of the widest vectors, so that a tile's 8 x 32 sums fill 16 of the 32 registers.
pub(super) const COLUMNS: usize = 32;

/// One row of a panel, at an address that is a multiple of 64 bytes: the processor fetches so many at once.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(super) struct PanelRow(pub [f32; COLUMNS]);

impl PanelRow {
    pub(super) const ZERO: PanelRow = PanelRow([0.0; COLUMNS]);
}

/// `sums += x · w`.
#[inline(always)]
fn add_scaled<const WIDTH: usize, const LANES: usize>(x: f32, w: &[f32; WIDTH], sums: &mut [f32; WIDTH]) {
    for column in 0..WIDTH {
        sums[column] = multiply_add::<LANES>(x, w[column], sums[column]);
    }
}

/// The sums of a tile: 8 rows of 32 columns.
pub(super) type Tile = [[f32; COLUMNS]; ROWS];

/// `WIDTH` columns of a tile, the first of them number `part * WIDTH`: 8 rows, of which `x` gives a column at each step, times a panel `w`
/// `[K][32]`.
#[cfg(not(target_arch = "wasm32"))] // there it is `wasm`'s
#[inline(always)]
fn part_of_tile<const WIDTH: usize, const LANES: usize>(
    x: impl Fn(usize) -> [f32; ROWS],
    w: &[PanelRow],
    part: usize,
    tile: &mut Tile,
) {
    // Eight arrays with names, not one of eight: only so does the compiler keep them in registers from the first step to
    // the last, twenty times as fast.
    let (mut s0, mut s1, mut s2, mut s3) = ([0.0; WIDTH], [0.0; WIDTH], [0.0; WIDTH], [0.0; WIDTH]);
    let (mut s4, mut s5, mut s6, mut s7) = ([0.0; WIDTH], [0.0; WIDTH], [0.0; WIDTH], [0.0; WIDTH]);
    for k in 0..w.len() {
        let ([x0, x1, x2, x3, x4, x5, x6, x7], PanelRow(w)) = (x(k), &w[k]);
        let Some(w) = w.as_chunks::<WIDTH>().0.get(part) else {
            break;
        };
        add_scaled::<WIDTH, LANES>(x0, w, &mut s0);
        add_scaled::<WIDTH, LANES>(x1, w, &mut s1);
        add_scaled::<WIDTH, LANES>(x2, w, &mut s2);
        add_scaled::<WIDTH, LANES>(x3, w, &mut s3);
        add_scaled::<WIDTH, LANES>(x4, w, &mut s4);
        add_scaled::<WIDTH, LANES>(x5, w, &mut s5);
        add_scaled::<WIDTH, LANES>(x6, w, &mut s6);
        add_scaled::<WIDTH, LANES>(x7, w, &mut s7);
    }
    let sums = [s0, s1, s2, s3, s4, s5, s6, s7];
    for row in 0..ROWS {
        if let Some(to) = tile[row].as_chunks_mut::<WIDTH>().0.get_mut(part) {
            *to = sums[row];
        }
    }
}

/// A tile for a processor that handles so many numbers at once: as many columns at a time as its registers hold.
#[cfg(not(target_arch = "wasm32"))] // there it is `wasm`'s
#[inline(always)]
fn whole_tile<const LANES: usize>(x: impl Fn(usize) -> [f32; ROWS], w: &[PanelRow], tile: &mut Tile) {
    match LANES {
        16 => part_of_tile::<32, LANES>(x, w, 0, tile),
        8 => {
            for part in 0..COLUMNS / 8 {
                part_of_tile::<8, LANES>(&x, w, part, tile);
            }
        }
        _ => {
            for part in 0..COLUMNS / 4 {
                part_of_tile::<4, LANES>(&x, w, part, tile);
            }
        }
    }
}

/// Where a tile goes: to rows that are `stride` long, from column `left` on, as far as there are so many rows and columns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub stride: usize,
    pub left: usize,
    /// Whether it is added to what is there.
    pub add: bool,
}

#[inline(always)]
fn put_tile(tile: &Tile, y: &mut [f32], Place { stride, left, add }: Place) {
    let (rows, width) = (ROWS.min(y.len() / stride), COLUMNS.min(stride - left));
    for row in 0..rows {
        let (sums, y) = (&tile[row], &mut y[row * stride + left..][..width]);
        match y.first_chunk_mut::<COLUMNS>() {
            Some(y) if add => {
                for column in 0..COLUMNS {
                    y[column] += sums[column];
                }
            }
            Some(y) => *y = *sums,
            None => {
                for column in 0..width {
                    y[column] = sums[column] + if add { y[column] } else { 0.0 };
                }
            }
        }
    }
}

/// [`product`] for a processor that handles so many numbers at once.
#[inline(always)]
pub(super) fn product_with<const LANES: usize>(
    x: &[f32],
    rows: usize,
    from: usize,
    w: &[PanelRow],
    tile: &mut Tile,
    y: &mut [f32],
    place: Place,
) {
    let n = x.len() / rows;
    for first in (0..n).step_by(ROWS) {
        // Where there are fewer than eight rows, the last stands for those that are missing.
        let row = |number: usize| &x[(n - 1).min(first + number) * rows + from..][..w.len()];
        let (x0, x1, x2, x3) = (row(0), row(1), row(2), row(3));
        let (x4, x5, x6, x7) = (row(4), row(5), row(6), row(7));
        #[cfg(target_arch = "wasm32")]
        wasm::whole_tile(
            |k| [x0[k], x1[k], x2[k], x3[k]],
            |k| [x4[k], x5[k], x6[k], x7[k]],
            w,
            tile,
        );
        #[cfg(not(target_arch = "wasm32"))]
        whole_tile::<LANES>(
            |k| [x0[k], x1[k], x2[k], x3[k], x4[k], x5[k], x6[k], x7[k]],
            w,
            tile,
        );
        put_tile(tile, &mut y[first * place.stride..], place);
    }
}

for_each_processor! {
    /// Some rows of `x`, `rows` long, of which `K` numbers from `from` on count, times a panel `w` `[K][32]`. It goes to as many
    /// rows of `y`.
    pub(super) fn product<const LANES: usize>(
        x: &[f32], rows: usize, from: usize, w: &[PanelRow], tile: &mut Tile, y: &mut [f32], place: Place,
    ) {
        product_with::<LANES>(x, rows, from, w, tile, y, place);
    }
}

for_each_processor! {
    /// As [`product`] with rows that are packed: tiles `[K][8]`, one after the other.
    pub(super) fn product_of_tiles<const LANES: usize>(
        x: &[[f32; ROWS]], w: &[PanelRow], tile: &mut Tile, y: &mut [f32], place: Place,
    ) {
        for number in 0..x.len() / w.len() {
            let x = &x[number * w.len()..][..w.len()];
            #[cfg(target_arch = "wasm32")]
            wasm::whole_tile(
                |k| [x[k][0], x[k][1], x[k][2], x[k][3]],
                |k| [x[k][4], x[k][5], x[k][6], x[k][7]],
                w,
                tile,
            );
            #[cfg(not(target_arch = "wasm32"))]
            whole_tile::<LANES>(|k| x[k], w, tile);
            put_tile(tile, &mut y[number * ROWS * place.stride..], place);
        }
    }
}

for_each_processor! {
    /// Adds the product of one row `x` `[K]` and a panel `w` `[K][32]` to `y`, at most 32 columns.
    pub(super) fn add_row<const LANES: usize>(x: &[f32], w: &[PanelRow], y: &mut [f32]) {
        if LANES <= 4 {
            // Eight vectors of sums wait for nothing, and more would not stay in the registers.
            let mut sums = [0.0; COLUMNS];
            let steps = x.len().min(w.len());
            for k in 0..steps {
                add_scaled::<COLUMNS, LANES>(x[k], &w[k].0, &mut sums);
            }
            let width = y.len().min(COLUMNS);
            let y = &mut y[..width];
            for column in 0..width {
                y[column] += sums[column];
            }
            return;
        }
        // Four sums of each column in turn: one would wait for itself at every step.
        let (mut s0, mut s1) = ([0.0; COLUMNS], [0.0; COLUMNS]);
        let (mut s2, mut s3) = ([0.0; COLUMNS], [0.0; COLUMNS]);
        let steps = x.len().min(w.len());
        let ((x, rest), (w, rest_of_panel)) = (x[..steps].as_chunks::<4>(), w[..steps].as_chunks::<4>());
        let fours = x.len().min(w.len());
        let (x, w) = (&x[..fours], &w[..fours]);
        for k in 0..fours {
            let ([x0, x1, x2, x3], [w0, w1, w2, w3]) = (x[k], &w[k]);
            add_scaled::<COLUMNS, LANES>(x0, &w0.0, &mut s0);
            add_scaled::<COLUMNS, LANES>(x1, &w1.0, &mut s1);
            add_scaled::<COLUMNS, LANES>(x2, &w2.0, &mut s2);
            add_scaled::<COLUMNS, LANES>(x3, &w3.0, &mut s3);
        }
        let steps = rest.len().min(rest_of_panel.len());
        for k in 0..steps {
            add_scaled::<COLUMNS, LANES>(rest[k], &rest_of_panel[k].0, &mut s0);
        }
        for column in 0..COLUMNS {
            s0[column] = (s0[column] + s1[column]) + (s2[column] + s3[column]);
        }
        let width = y.len().min(COLUMNS);
        let y = &mut y[..width];
        for column in 0..width {
            y[column] += s0[column];
        }
    }
}

for_each_processor! {
    /// `to += from`, number by number.
    pub(crate) fn add<const LANES: usize>(to: &mut [f32], from: &[f32]) {
        let n = to.len().min(from.len());
        let (to, from) = (&mut to[..n], &from[..n]);
        for k in 0..n {
            to[k] += from[k];
        }
    }
}
