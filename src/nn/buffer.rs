//! Memory that a layer keeps from one call to the next.

use super::fast;
use crate::{Error, Result};
use ndarray::ArrayView2;
use std::borrow::Cow;

/// Numbers in rows, whose memory is used again: after the first call of a size nothing is allocated.
#[derive(Clone, Debug, Default)]
pub(crate) struct Buffer {
    values: Vec<f32>,
    rows: usize,
    columns: usize,
}

impl Buffer {
    /// Takes a size; what the numbers are then is left open.
    pub(crate) fn resize(&mut self, rows: usize, columns: usize) -> &mut [f32] {
        (self.rows, self.columns) = (rows, columns);
        self.values.resize(rows * columns, 0.0);
        &mut self.values
    }

    /// Takes a size, all zeros.
    pub(crate) fn zeros(&mut self, rows: usize, columns: usize) -> &mut [f32] {
        self.resize(rows, columns).fill(0.0);
        &mut self.values
    }

    /// Takes over a matrix.
    pub(crate) fn copy(&mut self, from: ArrayView2<f32>) {
        let to = self.resize(from.nrows(), from.ncols());
        match from.as_slice() {
            Some(from) => to.copy_from_slice(from),
            None => to.iter_mut().zip(from).for_each(|(to, from)| *to = *from),
        }
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    pub(crate) fn values(&self) -> &[f32] {
        &self.values
    }

    pub(crate) fn values_mut(&mut self) -> &mut [f32] {
        &mut self.values
    }

    pub(crate) fn view(&self) -> ArrayView2<'_, f32> {
        view(self.rows, self.columns, &self.values)
    }
}

/// A slice as a matrix; empty if it is not of that size.
pub(crate) fn view(rows: usize, columns: usize, values: &[f32]) -> ArrayView2<'_, f32> {
    ArrayView2::from_shape((rows, columns), values).unwrap_or_else(|_| ArrayView2::from(&[[0.0; 0]; 0]))
}

/// Writes the row into each row of `to`.
pub(crate) fn fill_rows(to: &mut [f32], row: &[f32]) {
    to.chunks_exact_mut(row.len().max(1))
        .for_each(|to| to.copy_from_slice(row));
}

/// Adds each row of `from` to one row.
pub(crate) fn add_rows(to: &mut [f32], from: &[f32]) {
    from.chunks_exact(to.len().max(1))
        .for_each(|from| fast::add(to, from));
}

/// The rule of every layer: what `forward` keeps serves one `backward`.
///
/// # Errors
/// If nothing is kept. Afterwards nothing is.
pub(crate) fn take(kept: &mut bool, layer: &str) -> Result<()> {
    if std::mem::take(kept) {
        return Ok(());
    }
    Err(Error::value(
        format!("backward of {layer} has no forward to go back through"),
        "Call forward before each backward: what it keeps serves once",
    ))
}

/// Compares a shape with the one that is needed.
///
/// # Errors
/// If they differ.
pub(crate) fn check(what: &str, found: (usize, usize), needed: (usize, usize)) -> Result<()> {
    if found == needed {
        return Ok(());
    }
    Err(Error::value(
        format!(
            "{what} is {} x {}, not {} x {}",
            found.0, found.1, needed.0, needed.1
        ),
        "Give the shape that the layer was made for",
    ))
}

/// Compares rows with a batch: they have to be whole steps.
///
/// # Errors
/// If they are not.
pub(crate) fn check_batch(rows: usize, batch: usize) -> Result<()> {
    if batch > 0 && rows.is_multiple_of(batch) {
        return Ok(());
    }
    Err(Error::value(
        format!("{rows} rows are not whole steps of {batch} sequences"),
        "Give a row for each sequence at each step, step after step",
    ))
}

/// Makes room for a state `[B][H]` and those of the steps, `rows` in all. The first is the last of the steps before, or zero.
pub(crate) fn carry(state: &mut Buffer, goes_on: bool, rows: usize, batch: usize, units: usize) {
    let size = batch * units;
    let last = state.values.len();
    if goes_on && last >= size {
        state.values.copy_within(last - size.., 0);
        state.resize(batch + rows, units);
    } else {
        state.resize(batch + rows, units)[..size].fill(0.0);
    }
}

/// Rows that are heard one after the other: those of a matrix, or those of a table, as some numbers name them.
pub(crate) struct Rows<'a> {
    values: Cow<'a, [f32]>,
    width: usize,
    count: usize,
    named: Option<&'a [usize]>,
}

impl<'a> Rows<'a> {
    /// All rows of a matrix.
    pub(crate) fn of(matrix: ArrayView2<'a, f32>) -> Rows<'a> {
        Rows {
            values: match matrix.to_slice() {
                Some(values) => Cow::Borrowed(values),
                None => Cow::Owned(matrix.iter().copied().collect()),
            },
            width: matrix.ncols(),
            count: matrix.nrows(),
            named: None,
        }
    }

    /// The rows of a table with these numbers.
    ///
    /// # Errors
    /// If there is no such row.
    pub(crate) fn named(table: ArrayView2<'a, f32>, numbers: &'a [usize]) -> Result<Rows<'a>> {
        if let Some(number) = numbers.iter().find(|number| **number >= table.nrows()) {
            return Err(Error::value(
                format!("There is no row {number} in a table of {}", table.nrows()),
                "Name rows that the table has",
            ));
        }
        Ok(Rows {
            count: numbers.len(),
            named: Some(numbers),
            ..Rows::of(table)
        })
    }

    /// How many there are, and how many numbers each has.
    pub(crate) fn dim(&self) -> (usize, usize) {
        (self.count, self.width)
    }

    pub(crate) fn row(&self, number: usize) -> &[f32] {
        let number = self.named.map_or(number, |named| named[number]);
        &self.values[number * self.width..(number + 1) * self.width]
    }
}
