//! States and the ways between them.

use super::Figure;
use super::axes::draw_titles;
use super::canvas::{Canvas, Place, clean, figure, shortened, width_of, wrapped};
use super::number::short;
use super::theme::{TEXT_SIZE, TITLE_SIZE, WIDTH, colour};
use ndarray::Array2;
use plotters::style::text_anchor::{HPos, VPos};
use std::f64::consts::TAU;

/// Transitions below this are not drawn: a hair's breadth would say more than there is.
const LEAST: f64 = 0.005;

/// A point of the plane, in tenths of a unit.
type Point = (f64, f64);

/// States as circles, transitions as arrows with their probabilities; `transitions` has shape [from, to].
/// An arrow has the colour of the state that it leaves, and is wider the more probable it is. Probabilities below
/// 0.005 are left out.
pub fn graph(title: &str, states: &[String], transitions: &Array2<f64>) -> Figure {
    let count = states
        .len()
        .max(transitions.nrows())
        .max(transitions.ncols())
        .min(40);
    let titles = wrapped(title, TITLE_SIZE, WIDTH - 20);
    let top = 12 + titles.len() as i32 * 25;
    let layout = Layout::new(states, count, f64::from(top * 10));
    let height = top + if count == 0 { 60 } else { layout.height as i32 / 10 };
    figure(title, height, |canvas| {
        draw_titles(canvas, &titles);
        if count == 0 {
            let middle = (WIDTH * 5, (top + 30) * 10);
            return canvas.text(
                "nothing to show",
                middle,
                (HPos::Center, VPos::Center),
                canvas.label_ink(),
            );
        }
        let most = transitions
            .iter()
            .copied()
            .filter(|value| value.is_finite())
            .fold(1.0, f64::max);
        let mut arrows = Vec::new();
        for ((from, to), &value) in transitions.indexed_iter() {
            if value.is_finite() && value / most >= LEAST && from < count && to < count {
                let width = 14.0 + 46.0 * value / most;
                arrows.push(Arrow {
                    from,
                    value,
                    width,
                    path: layout.path(from, to, width),
                });
            }
        }
        arrows.iter().for_each(|arrow| arrow.draw(canvas));
        layout.draw(canvas);
        write_values(canvas, &arrows, &layout);
    })
}

struct Layout {
    centres: Vec<Point>,
    middle: Point,
    /// Of a state's circle.
    radius: f64,
    names: Vec<String>,
    /// Whether the names fit into the circles.
    inside: bool,
    height: f64,
}

impl Layout {
    /// States on a circle, the first on top, then clockwise.
    fn new(states: &[String], count: usize, top: f64) -> Layout {
        let name = |i: usize| {
            states.get(i).map_or((i + 1).to_string(), |name| {
                shortened(&clean(name), TEXT_SIZE, 120)
            })
        };
        let names: Vec<String> = (0..count).map(name).collect();
        let widest = names
            .iter()
            .map(|name| width_of(name, TEXT_SIZE))
            .max()
            .unwrap_or(0);
        let ring: f64 = match count {
            0 | 1 => 0.0,
            2 => 1500.0,
            3..=5 => 1650.0,
            _ => 2050.0,
        };
        let most = if count > 1 {
            (ring * (TAU / 2.0 / count as f64).sin() * 0.62).min(480.0)
        } else {
            480.0
        };
        let needed = f64::from(widest) * 5.0 + 60.0;
        let inside = needed <= most;
        let radius = if inside {
            needed.max(240.0).min(most)
        } else {
            most.min(200.0)
        };
        let around = radius * 1.9 + if inside { 330.0 } else { 420.0 };
        let middle = (f64::from(WIDTH) * 5.0, top + ring + around);
        let first = if count == 2 { TAU / 2.0 } else { -TAU / 4.0 };
        let centre = |i: usize| {
            let angle = first + TAU * i as f64 / count as f64;
            (middle.0 + ring * angle.cos(), middle.1 + ring * angle.sin())
        };
        let centres: Vec<Point> = (0..count).map(centre).collect();
        let lowest = centres.iter().map(|centre| centre.1).fold(middle.1, f64::max);
        Layout {
            height: lowest - top + around.min(if count <= 2 { radius + 500.0 } else { around }),
            centres,
            middle,
            radius,
            names,
            inside,
        }
    }

    /// The direction out of the ring at a state.
    fn outward(&self, i: usize) -> Point {
        let (dx, dy) = minus(self.centres[i], self.middle);
        let length = dx.hypot(dy);
        if length < 1.0 || self.centres.len() <= 2 {
            (0.0, -1.0)
        } else {
            (dx / length, dy / length)
        }
    }

    /// The line of an arrow from circle to circle: bent to its right, so that the way back runs beside it.
    fn path(&self, from: usize, to: usize, width: f64) -> Vec<Point> {
        let gap = self.radius + 14.0;
        let (start, end) = (self.centres[from], self.centres[to]);
        let controls = if from == to {
            let out = self.outward(from);
            // Beside the name, if that stands outside.
            let out = if self.inside { out } else { turned(out, 0.9) };
            let reach = self.radius + 520.0;
            let (a, b) = (turned(out, -0.42), turned(out, 0.42));
            [plus(start, a, reach), plus(start, b, reach)]
        } else {
            let along = minus(end, start);
            let side = (-along.1 * 0.2, along.0 * 0.2);
            let third = |part: f64| {
                (
                    start.0 + along.0 * part + side.0,
                    start.1 + along.1 * part + side.1,
                )
            };
            [third(0.3), third(0.7)]
        };
        let bezier = |t: f64| {
            let weights = [
                (1.0 - t).powi(3),
                3.0 * t * (1.0 - t).powi(2),
                3.0 * t * t * (1.0 - t),
                t.powi(3),
            ];
            let points = [start, controls[0], controls[1], end];
            let sum = |part: fn(&Point) -> f64| {
                points
                    .iter()
                    .zip(weights)
                    .map(|(point, weight)| part(point) * weight)
                    .sum()
            };
            (sum(|point| point.0), sum(|point| point.1))
        };
        let far = |point: &Point, centre: Point, gap: f64| distance(*point, centre) > gap;
        let points = (0..=120).map(|i| bezier(f64::from(i) / 120.0));
        // The head takes the last stretch.
        let outside = points.enumerate().filter(|(i, point)| {
            (*i > 60 || far(point, start, gap))
                && (*i <= 60 || far(point, end, gap + head_length(width) * 0.0))
        });
        outside.map(|(_, point)| point).collect()
    }

    fn draw(&self, canvas: &Canvas) {
        let label = canvas.ink(format!("fill=\"currentColor\" font-size=\"{TEXT_SIZE}0\""));
        for (i, (&centre, name)) in self.centres.iter().zip(&self.names).enumerate() {
            let colour = colour(i);
            let ink = canvas.ink(format!(
                "class=\"data\" fill=\"{colour}\" fill-opacity=\".16\" stroke=\"{colour}\" stroke-width=\"24\""
            ));
            canvas.circle(whole(centre), self.radius as i32, ink);
            if self.inside {
                canvas.text(name, whole(centre), (HPos::Center, VPos::Center), label);
            } else {
                let out = self.outward(i);
                let side = match out.0 {
                    x if x > 0.3 => HPos::Left,
                    x if x < -0.3 => HPos::Right,
                    _ => HPos::Center,
                };
                canvas.text(
                    name,
                    whole(plus(centre, out, self.radius + 110.0)),
                    (side, VPos::Center),
                    label,
                );
            }
        }
    }
}

struct Arrow {
    from: usize,
    value: f64,
    width: f64,
    path: Vec<Point>,
}

fn head_length(width: f64) -> f64 {
    90.0 + width * 1.2
}

impl Arrow {
    fn draw(&self, canvas: &Canvas) {
        let Some(&tip) = self.path.last() else { return };
        let colour = colour(self.from);
        let length = head_length(self.width);
        let shaft: Vec<Point> = self
            .path
            .iter()
            .copied()
            .filter(|&point| distance(point, tip) > length * 0.8)
            .collect();
        let Some(&neck) = shaft.last() else { return };
        let line = format!(
            "class=\"data\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{:.0}\"",
            self.width
        );
        canvas.line(
            shaft.iter().map(|&point| whole(point)).collect(),
            canvas.ink(line),
        );
        let along = minus(tip, neck);
        let size = along.0.hypot(along.1).max(1.0);
        let along = (along.0 / size, along.1 / size);
        let half = 45.0 + self.width * 0.75;
        let back = plus(tip, along, -length);
        let corner = |sign: f64| whole(plus(back, (-along.1, along.0), sign * half));
        let head = canvas.ink(format!("fill=\"{colour}\""));
        canvas.polygon(vec![whole(tip), corner(1.0), corner(-1.0)], head);
    }
}

/// Writes each probability beside its arrow, where it covers nothing; one that finds no such place is left out.
fn write_values(canvas: &Canvas, arrows: &[Arrow], layout: &Layout) {
    let ink = canvas.ink(format!("fill=\"currentColor\" font-size=\"{}0\"", TEXT_SIZE - 1));
    let mut taken: Vec<(Point, Point)> = Vec::new(); // middle and half size
    for (i, arrow) in arrows.iter().enumerate() {
        let words = short((arrow.value * 1000.0).round() / 1000.0);
        let half = (f64::from(width_of(&words, TEXT_SIZE - 1)) * 5.0, 75.0);
        let free = |at: &Point| {
            let on_states = layout
                .centres
                .iter()
                .any(|&centre| distance(*at, centre) < layout.radius + half.0);
            let on_words = taken.iter().any(|(other, size)| {
                (at.0 - other.0).abs() < half.0 + size.0 + 20.0 && (at.1 - other.1).abs() < half.1 + size.1
            });
            !on_states && !on_words
        };
        let lines = |at: &Point| {
            let covers = |other: &Arrow| {
                let within = |point: &Point| {
                    (point.0 - at.0).abs() < half.0 + other.width / 2.0
                        && (point.1 - at.1).abs() < half.1 + other.width / 2.0
                };
                other.path.iter().any(within)
            };
            arrows
                .iter()
                .enumerate()
                .filter(|(j, other)| *j != i && covers(other))
                .count()
        };
        let candidates: Vec<Point> = beside(arrow, half).into_iter().filter(free).collect();
        if let Some(&best) = candidates.iter().min_by_key(|at| lines(at)) {
            canvas.text(&words, whole(best), (HPos::Center, VPos::Center), ink);
            taken.push((best, half));
        }
    }
}

/// Places for words of this half size beside an arrow: about its middle first, on the outer side of its bend first.
fn beside(arrow: &Arrow, half: Point) -> Vec<Point> {
    let mut places = Vec::new();
    for part in [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74] {
        let i = (part * arrow.path.len() as f64) as usize;
        let (Some(&before), Some(&at), Some(&after)) = (
            arrow.path.get(i.saturating_sub(1)),
            arrow.path.get(i),
            arrow.path.get(i + 1),
        ) else {
            continue;
        };
        let along = minus(after, before);
        let size = along.0.hypot(along.1).max(1.0);
        let side = (-along.1 / size, along.0 / size);
        // From the line to the middle of the words: their extent in that direction.
        let away = (side.0.abs() * half.0).max(side.1.abs() * half.1) + arrow.width / 2.0 + 30.0;
        places.extend([plus(at, side, away), plus(at, side, -away)]);
    }
    places
}

fn minus(a: Point, b: Point) -> Point {
    (a.0 - b.0, a.1 - b.1)
}

fn plus(a: Point, direction: Point, length: f64) -> Point {
    (a.0 + direction.0 * length, a.1 + direction.1 * length)
}

fn distance(a: Point, b: Point) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

fn turned((x, y): Point, angle: f64) -> Point {
    (
        x * angle.cos() - y * angle.sin(),
        x * angle.sin() + y * angle.cos(),
    )
}

fn whole((x, y): Point) -> Place {
    (x.round() as i32, y.round() as i32)
}
