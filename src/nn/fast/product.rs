//! Products of matrices, fast.
//!
//! A matrix is first *packed* into panels of 32 columns, in the order in which the loop will read them, and a tile of 8 rows by 32
//! columns is computed at a time: 256 multiplications for each 40 numbers fetched (K. Goto and R. van de Geijn, *Anatomy of
//! high-performance matrix multiplication*, 2008).

use super::kernel::{self, COLUMNS, PanelRow, Place, ROWS};
use crate::{Error, Result};
use std::cell::RefCell;

/// So many steps of the inner size are done at a time: then a panel (32 KiB) stays in the nearest cache.
const INNER: usize = 256;

/// So many rows of `x` are done at a time: they stay in the second cache, while one panel after the other passes by.
const HEIGHT: usize = 64;

/// So many rows of a matrix are packed at a time, and of a transposed one.
const STRIP: usize = 8;
const STRIP_TRANSPOSED: usize = 64;

/// A matrix `[rows][columns]` as panels: `[columns / 32][rows][32]`, the last filled up with zeros.
#[derive(Clone, Debug, Default)]
pub struct Panels {
    rows: usize,
    columns: usize,
    /// Perhaps more than are needed now.
    values: Vec<PanelRow>,
}

impl Panels {
    /// Takes over a matrix `[rows][columns]`. The memory is used again.
    ///
    /// # Errors
    /// If the matrix is not of that size.
    pub fn pack(&mut self, rows: usize, columns: usize, matrix: &[f32]) -> Result<()> {
        check("The matrix", matrix, rows, columns)?;
        let panels = self.resize(rows, columns);
        for from in (0..rows).step_by(STRIP) {
            for left in (0..columns).step_by(COLUMNS) {
                let strip = &mut panels[left / COLUMNS * rows..][from..rows.min(from + STRIP)];
                for number in 0..strip.len() {
                    let row = &matrix[(from + number) * columns..][..columns];
                    copy_part(&mut strip[number].0, &row[left..]);
                }
            }
        }
        Ok(())
    }

    /// Takes over the transpose of a matrix `[columns][rows]`. The memory is used again.
    ///
    /// # Errors
    /// If the matrix is not of that size.
    pub fn pack_transposed(&mut self, rows: usize, columns: usize, matrix: &[f32]) -> Result<()> {
        check("The matrix", matrix, columns, rows)?;
        let panels = self.resize(rows, columns).chunks_exact_mut(rows.max(1));
        for (panel, matrix) in panels.zip(matrix.chunks((COLUMNS * rows).max(1))) {
            if matrix.len() < COLUMNS * rows {
                panel.fill(PanelRow::ZERO);
            }
            for (strip, panel) in panel.chunks_mut(STRIP_TRANSPOSED).enumerate() {
                for (column, values) in matrix.chunks_exact(rows).enumerate() {
                    for (PanelRow(to), value) in panel.iter_mut().zip(&values[strip * STRIP_TRANSPOSED..]) {
                        to[column] = *value;
                    }
                }
            }
        }
        Ok(())
    }

    /// Makes room, and gives it; what is in it is left open.
    fn resize(&mut self, rows: usize, columns: usize) -> &mut [PanelRow] {
        (self.rows, self.columns) = (rows, columns);
        let length = columns.div_ceil(COLUMNS) * rows;
        if self.values.len() < length {
            self.values.resize(length, PanelRow::ZERO);
        }
        &mut self.values[..length]
    }

    /// The panels `[rows][32]`.
    fn panels(&self) -> impl Iterator<Item = &[PanelRow]> {
        let length = self.columns.div_ceil(COLUMNS) * self.rows;
        self.values[..length].chunks_exact(self.rows.max(1))
    }
}

thread_local! {
    /// Where the factors of a gradient are packed: kept, so that no product asks for memory.
    static TILES: RefCell<Vec<[f32; ROWS]>> = const { RefCell::new(Vec::new()) };
    static GRADIENT: RefCell<Panels> = RefCell::default();
}

/// `y = x · w`, with `x` `[n][rows of w]` and `y` `[n][columns of w]`.
///
/// # Errors
/// If `x` or `y` is not of that size.
pub fn set_product(n: usize, x: &[f32], w: &Panels, y: &mut [f32]) -> Result<()> {
    put_product(n, x, w, y, false)
}

/// `y += x · w`, with `x` `[n][rows of w]` and `y` `[n][columns of w]`.
///
/// # Errors
/// If `x` or `y` is not of that size.
pub fn add_product(n: usize, x: &[f32], w: &Panels, y: &mut [f32]) -> Result<()> {
    put_product(n, x, w, y, true)
}

fn put_product(n: usize, x: &[f32], w: &Panels, y: &mut [f32], add: bool) -> Result<()> {
    check("x", x, n, w.rows)?;
    check("y", y, n, w.columns)?;
    if !add && (n == 1 || w.rows == 0) {
        y.fill(0.0);
    }
    if w.rows == 0 || w.columns == 0 {
        return Ok(());
    }
    if n == 1 {
        add_row(x, w, y);
        return Ok(());
    }
    let mut tile = [[0.0; COLUMNS]; ROWS];
    for (x, y) in x.chunks(HEIGHT * w.rows).zip(y.chunks_mut(HEIGHT * w.columns)) {
        for from in (0..w.rows).step_by(INNER) {
            let to = w.rows.min(from + INNER);
            for (number, panel) in w.panels().enumerate() {
                let place = Place {
                    stride: w.columns,
                    left: number * COLUMNS,
                    add: add || from > 0,
                };
                kernel::product(x, w.rows, from, &panel[from..to], &mut tile, y, place);
            }
        }
    }
    Ok(())
}

/// `y += x · w` for one row alone, as in playing: `x` `[rows of w]`, `y` `[columns of w]`.
///
/// # Panics
/// If `x` or `y` is not of that size.
pub fn add_row(x: &[f32], w: &Panels, y: &mut [f32]) {
    assert_eq!(
        (x.len(), y.len()),
        (w.rows, w.columns),
        "one number for each row and column"
    );
    for (panel, y) in w.panels().zip(y.chunks_mut(COLUMNS)) {
        kernel::add_row(x, panel, y);
    }
}

/// `dw += xᵀ · dy`, with `x` `[n][rows]`, `dy` `[n][columns]` and `dw` `[rows][columns]`.
///
/// # Errors
/// If one of them is not of that size.
pub fn add_gradient(
    n: usize,
    x: &[f32],
    dy: &[f32],
    rows: usize,
    columns: usize,
    dw: &mut [f32],
) -> Result<()> {
    check("x", x, n, rows)?;
    check("dw", dw, rows, columns)?;
    check("dy", dy, n, columns)?;
    if rows == 0 || columns == 0 {
        return Ok(());
    }
    let mut tile = [[0.0; COLUMNS]; ROWS];
    GRADIENT.with_borrow_mut(|panels| {
        TILES.with_borrow_mut(|tiles| {
            for (x, dy) in x.chunks(INNER * rows).zip(dy.chunks(INNER * columns)) {
                let n = x.len() / rows;
                panels.pack(n, columns, dy)?;
                for (left, dw) in (0..rows).step_by(HEIGHT).zip(dw.chunks_mut(HEIGHT * columns)) {
                    let tiles = pack_columns(x, rows, left, rows.min(left + HEIGHT), tiles);
                    for (number, panel) in panels.panels().enumerate() {
                        let place = Place {
                            stride: columns,
                            left: number * COLUMNS,
                            add: true,
                        };
                        kernel::product_of_tiles(tiles, panel, &mut tile, dw, place);
                    }
                }
            }
            Ok(())
        })
    })
}

/// Copies as many numbers as fit, and zeros if there are fewer. Whole parts, of a size known beforehand, are copied without a call.
#[inline(always)]
fn copy_part<const N: usize>(to: &mut [f32; N], from: &[f32]) {
    match from.first_chunk::<N>() {
        Some(from) => *to = *from,
        None => {
            *to = [0.0; N];
            to[..from.len()].copy_from_slice(from);
        }
    }
}

/// So many tiles of so many steps.
fn room(tiles: &mut Vec<[f32; ROWS]>, count: usize, steps: usize) -> &mut [[f32; ROWS]] {
    if tiles.len() < count * steps {
        tiles.resize(count * steps, [0.0; ROWS]);
    }
    &mut tiles[..count * steps]
}

/// Columns `from..to` of `x` `[n][columns]` as the rows of tiles, `[(to - from) / 8][n][8]`, the last tile filled up with zeros or
/// with further columns.
fn pack_columns<'a>(
    x: &[f32],
    columns: usize,
    from: usize,
    to: usize,
    tiles: &'a mut Vec<[f32; ROWS]>,
) -> &'a [[f32; ROWS]] {
    let n = x.len() / columns;
    let count = (to - from).div_ceil(ROWS);
    let tiles = room(tiles, count, n);
    for row in 0..n {
        let x = &x[row * columns + from..(row + 1) * columns];
        for number in 0..count {
            copy_part(&mut tiles[number * n + row], &x[number * ROWS..]);
        }
    }
    tiles
}

fn check(name: &str, matrix: &[f32], rows: usize, columns: usize) -> Result<()> {
    if rows.checked_mul(columns) == Some(matrix.len()) {
        return Ok(());
    }
    Err(Error::value(
        format!("{name} has {} numbers, not {rows} x {columns}", matrix.len()),
        "Give the shape that the other factor asks for",
    ))
}

#[cfg(test)]
mod tests {
    use super::super::plain;
    use super::*;

    /// Numbers between -1 and 1 that look random.
    fn numbers(count: usize, seed: usize) -> Vec<f32> {
        (0..count)
            .map(|i| ((i * 7919 + seed * 104_729) % 2001) as f32 / 1000.0 - 1.0)
            .collect()
    }

    fn assert_near(found: &[f32], expected: &[f32], inner: usize) {
        for (found, expected) in found.iter().zip(expected) {
            let off = (found - expected).abs();
            assert!(off < 1e-6 * inner.max(4) as f32, "{found} is not {expected}");
        }
    }

    /// Around the sizes of tiles, panels and blocks, and odd ones.
    const SHAPES: [(usize, usize, usize); 13] = [
        (1, 1, 1),
        (1, 7, 33),
        (1, 67, 100),
        (2, 3, 5),
        (7, 31, 31),
        (8, 32, 32),
        (9, 33, 65),
        (3, 257, 40),
        (65, 300, 70),
        (129, 5, 3),
        (300, 17, 64),
        (0, 4, 4),
        (4, 0, 4),
    ];

    #[test]
    fn every_product_is_that_of_the_three_plain_loops() {
        for (n, inner, columns) in SHAPES {
            let (x, w) = (numbers(n * inner, 1), numbers(inner * columns, 2));
            let dy = numbers(n * columns, 3);
            let mut panels = Panels::default();

            let (mut y, mut expected) = (dy.clone(), dy.clone());
            panels.pack(inner, columns, &w).unwrap();
            add_product(n, &x, &panels, &mut y).unwrap();
            plain::add_product(n, inner, columns, &x, &w, &mut expected);
            assert_near(&y, &expected, inner);

            let mut expected = vec![0.0; n * columns];
            set_product(n, &x, &panels, &mut y).unwrap();
            plain::add_product(n, inner, columns, &x, &w, &mut expected);
            assert_near(&y, &expected, inner);

            let (mut dx, mut expected) = (x.clone(), x.clone());
            panels.pack_transposed(columns, inner, &w).unwrap();
            add_product(n, &dy, &panels, &mut dx).unwrap();
            plain::add_product_transposed(n, inner, columns, &dy, &w, &mut expected);
            assert_near(&dx, &expected, columns);

            let (mut dw, mut expected) = (w.clone(), w.clone());
            add_gradient(n, &x, &dy, inner, columns, &mut dw).unwrap();
            plain::add_gradient(n, inner, columns, &x, &dy, &mut expected);
            assert_near(&dw, &expected, n);
        }
    }

    #[test]
    fn every_kind_of_processor_computes_the_same() {
        let (x, w) = (numbers(13 * 60, 1), numbers(50 * COLUMNS, 2));
        let w: Vec<PanelRow> = w.as_chunks().0.iter().map(|row| PanelRow(*row)).collect();
        let (mut found, mut tile) = ([0; 4].map(|_| numbers(13 * 40, 3)), [[0.0; COLUMNS]; ROWS]);
        let place = Place {
            stride: 40,
            left: 10,
            add: true,
        };
        kernel::product(&x, 60, 10, &w, &mut tile, &mut found[0], place);
        kernel::product_with::<16>(&x, 60, 10, &w, &mut tile, &mut found[1], place);
        kernel::product_with::<8>(&x, 60, 10, &w, &mut tile, &mut found[2], place);
        kernel::product_with::<4>(&x, 60, 10, &w, &mut tile, &mut found[3], place);
        for other in &found[1..] {
            assert_near(other, &found[0], 50);
        }
        assert_eq!(found[0][..10], numbers(10, 3), "what is left of its place stays");
    }

    #[test]
    fn panels_that_shrink_and_grow_keep_nothing_of_the_old_matrix() {
        let mut panels = Panels::default();
        panels.pack(3, 40, &numbers(120, 1)).unwrap();
        panels.pack_transposed(2, 33, &numbers(66, 2)).unwrap();
        let mut y = vec![0.0; 33];
        add_product(1, &[1.0, 0.0], &panels, &mut y).unwrap();
        let first: Vec<f32> = numbers(66, 2).chunks(2).map(|row| row[0]).collect();
        assert_eq!(y, first);
    }

    #[test]
    fn shapes_that_do_not_fit_are_refused() {
        let mut panels = Panels::default();
        assert!(panels.pack(2, 3, &[0.0; 5]).is_err());
        assert!(panels.pack_transposed(usize::MAX, 3, &[0.0; 5]).is_err());
        panels.pack(2, 3, &[0.0; 6]).unwrap();
        assert!(add_product(2, &[0.0; 3], &panels, &mut [0.0; 6]).is_err());
        let message = add_product(2, &[0.0; 4], &panels, &mut [0.0; 5])
            .unwrap_err()
            .to_string();
        assert!(message.contains("y has 5 numbers, not 2 x 3"), "{message}");
        assert!(add_gradient(2, &[0.0; 4], &[0.0; 6], 2, 3, &mut [0.0; 5]).is_err());
    }
}
