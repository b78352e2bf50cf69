//! A small net, drawn whole: neurons in columns, every weight a way between them.

use super::Figure;
use super::canvas::{Canvas, Place, figure, width_of};
use super::frame::{draw_titles, title_lines};
use super::theme::{MODEL, TEXT_SIZE, WIDTH, colour};
use plotters::style::text_anchor::{HPos, VPos};

/// The radius of a neuron, and the distance between two of a layer, in tenths of a unit.
const RADIUS: i32 = 260;
const ROW: i32 = 1350;

/// A neuron of [`net`]: what stands in its circle, and below it, a line for each part between commas.
#[derive(Clone, PartialEq, Debug)]
pub struct Neuron {
    inside: String,
    below: String,
}

impl Neuron {
    /// Such words in the circle and below it.
    pub fn new(inside: &str, below: &str) -> Neuron {
        Neuron {
            inside: inside.to_string(),
            below: below.to_string(),
        }
    }
}

/// A weight of [`net`], from the neuron at this place of a layer to that at another of the next one.
#[derive(Clone, PartialEq, Debug)]
pub struct Weight {
    from: (usize, usize),
    to: usize,
    value: f64,
    label: String,
}

impl Weight {
    /// From the neuron `from` (layer, place) to that at place `to` of the next layer.
    pub fn new(from: (usize, usize), to: usize, value: f64, label: &str) -> Weight {
        Weight {
            from,
            to,
            value,
            label: label.to_string(),
        }
    }
}

/// Layers of neurons from left to right, and the weights between them: the larger, the wider; dashed, if negative. Made for up to
/// six layers of six.
pub fn net(title: &str, layers: &[Vec<Neuron>], weights: &[Weight]) -> Figure {
    let titles = title_lines(title);
    let top = 200 + titles.len() as i32 * 250;
    let most = layers.iter().map(Vec::len).max().unwrap_or(0).clamp(1, 12) as i32;
    let at = |layer: usize, place: usize| -> Place {
        let step = (WIDTH * 10 - 1600) / layers.len().saturating_sub(1).max(1) as i32;
        let free = most - layers.get(layer).map_or(0, Vec::len) as i32;
        (
            800 + step * layer as i32,
            top + RADIUS + free * ROW / 2 + ROW * place as i32,
        )
    };
    let strongest = weights.iter().map(|one| one.value.abs()).fold(1e-9, f64::max);
    let known = |one: &&Weight| {
        let next = layers.get(one.from.0 + 1).map_or(0, Vec::len);
        layers
            .get(one.from.0)
            .is_some_and(|layer| one.from.1 < layer.len())
            && one.to < next
    };
    figure(title, (top + most * ROW) / 10, |canvas| {
        draw_titles(canvas, &titles);
        for one in weights.iter().filter(known) {
            let ends = (at(one.from.0, one.from.1), at(one.from.0 + 1, one.to));
            draw_weight(canvas, ends, one, one.value.abs() / strongest);
        }
        for (layer, neurons) in layers.iter().enumerate() {
            for (place, neuron) in neurons.iter().enumerate().take(12) {
                draw_neuron(canvas, at(layer, place), neuron);
            }
        }
    })
}

fn draw_weight(canvas: &Canvas, ends: (Place, Place), weight: &Weight, part: f64) {
    let ((x, y), (u, v)) = ends;
    let (along, across) = (f64::from(u - x), f64::from(v - y));
    let length = along.hypot(across).max(1.0);
    let on = |distance: f64| -> Place {
        let part = distance / length;
        (x + (along * part) as i32, y + (across * part) as i32)
    };
    let dashed = if weight.value < 0.0 {
        " stroke-dasharray=\"70 45\""
    } else {
        ""
    };
    let width = 12.0 + 44.0 * part;
    let colour = colour(if weight.value < 0.0 { 1 } else { 0 });
    let ink = canvas.ink(format!(
        "class=\"data\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width:.0}\"{dashed}"
    ));
    let gap = f64::from(RADIUS) + 20.0;
    canvas.line(vec![on(gap), on(length - gap)], ink);
    // Nearer to where it comes from, so that the labels of ways that cross lie apart; beside its way.
    let (a, b) = on(0.34 * length);
    let out = f64::from(width_of(&weight.label, TEXT_SIZE) * 5 + 60) * across.abs() / length;
    let place = (a + out as i32, b - 50);
    canvas.text(
        &weight.label,
        place,
        (HPos::Center, VPos::Bottom),
        canvas.label_ink(),
    );
}

fn draw_neuron(canvas: &Canvas, (x, y): Place, neuron: &Neuron) {
    let colour = colour(MODEL);
    let ink = canvas.ink(format!(
        "class=\"data\" fill=\"{colour}\" fill-opacity=\".16\" stroke=\"{colour}\" stroke-width=\"24\""
    ));
    canvas.circle((x, y), RADIUS, ink);
    let ink = canvas.label_ink();
    canvas.text(&neuron.inside, (x, y), (HPos::Center, VPos::Center), ink);
    for (line, words) in neuron.below.split(", ").enumerate() {
        let below = (x, y + RADIUS + 50 + 230 * line as i32);
        canvas.text(words, below, (HPos::Center, VPos::Top), ink);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{marks, texts};
    use super::*;

    #[test]
    fn every_neuron_and_every_weight_is_there() {
        let layers = [
            vec![Neuron::new("x", "1"), Neuron::new("y", "0")],
            vec![Neuron::new("p", "0.7")],
        ];
        let weights = [
            Weight::new((0, 0), 0, 2.0, "w0"),
            Weight::new((0, 1), 0, -1.0, "w1"),
        ];
        let figure = net("A neuron", &layers, &weights);
        assert_eq!(marks(&figure), 5);
        for text in ["A neuron", "x", "y", "p", "1", "0", "0.7", "w0", "w1"] {
            assert!(texts(&figure).iter().any(|shown| shown == text), "{text}");
        }
    }

    #[test]
    fn weights_to_nowhere_are_left_out() {
        let layers = [vec![Neuron::new("x", "")]];
        let figure = net(
            "",
            &layers,
            &[
                Weight::new((0, 0), 3, f64::NAN, ""),
                Weight::new((9, 9), 0, 1.0, ""),
            ],
        );
        assert_eq!(marks(&figure), 1);
        assert!(net("", &[], &[]).svg().contains("svg"));
    }
}
