//! A trained stack that plays: one sequence, one step at a time, with weights that were packed once.
//!
//! Shapes: `I` inputs, `G` gates (4 for each LSTM unit, 1 for each plain one), `H` units, `O` outputs; all vectors.

use super::activation;
use super::buffer;
use super::dense::Dense;
use super::embedding::Embedding;
use super::lstm;
use super::matmul::{self, Panels};
use super::recurrent::{Kind, Recurrent};
use super::stack::Stack;
use crate::Result;

/// A stack ready to play, and where in the music it is.
#[derive(Clone, Debug)]
pub(super) struct Live {
    layers: Vec<Layer>,
    dense: Affine,
    y: Vec<f32>,
}

/// `y = b + x · W`, packed.
#[derive(Clone, Debug, Default)]
struct Affine {
    panels: Panels,
    bias: Vec<f32>,
}

#[derive(Clone, Debug)]
struct Layer {
    input: Affine,
    recurrent: Panels,
    is_lstm: bool,
    a: Vec<f32>,
    h: Vec<f32>,
    c: Vec<f32>,
    c_before: Vec<f32>,
    tanh_c: Vec<f32>,
}

impl Affine {
    fn new(dense: &Dense) -> Result<Affine> {
        let (inputs, outputs) = dense.weight.shape();
        let mut panels = Panels::default();
        panels.pack(inputs, outputs, dense.weight.flat())?;
        Ok(Affine {
            panels,
            bias: dense.bias.flat().to_vec(),
        })
    }

    fn apply(&self, x: &[f32], y: &mut Vec<f32>) -> Result<()> {
        y.clone_from(&self.bias); // no allocation: it has the room
        matmul::add_product(1, x, &self.panels, y)
    }
}

impl Layer {
    fn new(layer: &Recurrent) -> Result<Layer> {
        let (input, recurrent, is_lstm) = match &layer.kind {
            Kind::Rnn(rnn) => (&rnn.input, &rnn.recurrent, false),
            Kind::Lstm(lstm) => (&lstm.input, &lstm.recurrent, true),
        };
        let (units, gates) = recurrent.shape();
        let gates_each = if is_lstm { 4 } else { 1 };
        buffer::check(
            "The recurrent weight",
            (units, gates),
            (units, gates_each * units),
        )?;
        let mut panels = Panels::default();
        panels.pack(units, gates, recurrent.flat())?;
        let zeros = || vec![0.0; units];
        Ok(Layer {
            input: Affine::new(input)?,
            recurrent: panels,
            is_lstm,
            a: vec![0.0; gates],
            h: zeros(),
            c: zeros(),
            c_before: zeros(),
            tanh_c: zeros(),
        })
    }

    /// One step, from what the gates hear of the input, which is in `a`.
    fn step(&mut self) -> Result<()> {
        matmul::add_product(1, &self.h, &self.recurrent, &mut self.a)?;
        if self.is_lstm {
            std::mem::swap(&mut self.c, &mut self.c_before);
            lstm::cells(
                self.h.len(),
                &mut self.a,
                &self.c_before,
                &mut self.c,
                &mut self.tanh_c,
                &mut self.h,
            );
        } else {
            activation::tanh(&mut self.a);
            self.h.copy_from_slice(&self.a);
        }
        Ok(())
    }
}

impl Live {
    pub(super) fn new(stack: &Stack) -> Result<Live> {
        let all = std::iter::once(&stack.first).chain(&stack.higher);
        Ok(Live {
            layers: all.map(Layer::new).collect::<Result<_>>()?,
            dense: Affine::new(&stack.dense)?,
            y: Vec::new(),
        })
    }

    /// What the first layer's gates hear of each row of a table: `b + x · W` `[V][G]`.
    pub(super) fn known(&self, table: &Embedding) -> Result<Vec<f32>> {
        let Some(first) = self.layers.first() else {
            return Ok(Vec::new());
        };
        let rows = table.table.shape().0;
        let mut known = vec![0.0; rows * first.input.bias.len()];
        buffer::fill_rows(&mut known, &first.input.bias);
        matmul::add_product(rows, table.table.flat(), &first.input.panels, &mut known)?;
        Ok(known)
    }

    /// All that was heard is gone.
    pub(super) fn forget(&mut self) {
        for layer in &mut self.layers {
            layer.h.fill(0.0);
            layer.c.fill(0.0);
        }
    }

    /// Hears an input `[I]`.
    pub(super) fn hear(&mut self, x: &[f32]) -> Result<()> {
        if let Some(first) = self.layers.first_mut() {
            first.input.apply(x, &mut first.a)?;
        }
        self.step()
    }

    /// Hears an input of which `b + x · W` `[G]` is known: it was looked up.
    pub(super) fn hear_known(&mut self, a: &[f32]) -> Result<()> {
        if let Some(first) = self.layers.first_mut() {
            first.a.clear();
            first.a.extend_from_slice(a);
        }
        self.step()
    }

    fn step(&mut self) -> Result<()> {
        let mut below: Option<&Layer> = None;
        for layer in &mut self.layers {
            if let Some(below) = below {
                layer.input.apply(&below.h, &mut layer.a)?;
            }
            layer.step()?;
            below = Some(layer);
        }
        Ok(())
    }

    /// The outputs `[O]` after what was heard.
    pub(super) fn outputs(&mut self) -> Result<&mut [f32]> {
        if let Some(highest) = self.layers.last() {
            self.dense.apply(&highest.h, &mut self.y)?;
        }
        Ok(&mut self.y)
    }

    /// The gates of a layer's LSTM at the last step: `i f g o`, `[4 H]`, and its memory `[H]`.
    pub(super) fn inside(&self, layer: usize) -> Option<(&[f32], &[f32])> {
        let layer = self.layers.get(layer).filter(|layer| layer.is_lstm)?;
        Some((&layer.a, &layer.c))
    }
}
