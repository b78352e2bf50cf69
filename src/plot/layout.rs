//! Where states and the ways between them lie.

use super::canvas::{Canvas, Place, clean, shortened, width_of};
use super::theme::{TEXT_SIZE, WIDTH, colour};
use plotters::style::text_anchor::{HPos, VPos};
use std::f64::consts::TAU;

/// A point of the plane, in tenths of a unit.
pub(super) type Point = (f64, f64);

/// States on an ellipse.
pub(super) struct Layout {
    pub centres: Vec<Point>,
    pub middle: Point,
    /// Of a state's circle.
    pub radius: f64,
    pub names: Vec<String>,
    /// Whether the names fit into the circles.
    pub inside: bool,
    pub bottom: f64,
}

impl Layout {
    /// States on an ellipse, the first on top, then clockwise.
    pub fn new(states: &[String], count: usize, top: f64) -> Layout {
        let name = |i: usize| {
            states.get(i).map_or((i + 1).to_string(), |name| {
                shortened(&clean(name), TEXT_SIZE, 110)
            })
        };
        let names: Vec<String> = (0..count).map(name).collect();
        let widest = names
            .iter()
            .map(|name| width_of(name, TEXT_SIZE))
            .max()
            .unwrap_or(0);
        let (wide, high) = match count {
            0 | 1 => (0.0, 0.0),
            2 => (1500.0, 0.0),
            3 => (1600.0, 1500.0),
            4..=6 => (1900.0, 1600.0),
            _ => (2350.0, 2000.0),
        };
        let apart = match count {
            0..=2 => 1500.0,
            _ => 2.0 * high * (TAU / 2.0 / count as f64).sin(),
        };
        let most = (apart * 0.32).min(480.0);
        let needed = f64::from(widest) * 5.0 + 50.0;
        let inside = needed <= most;
        let radius = if inside {
            needed.max(240.0_f64.min(most))
        } else {
            most.min(210.0)
        };
        // Names that stand outside need room at both sides.
        let room = f64::from(WIDTH) * 5.0 - radius - 80.0 - f64::from(widest) * 10.0;
        let wide = if inside { wide } else { f64::min(wide, room) };
        let first = if count == 2 { TAU / 2.0 } else { -TAU / 4.0 };
        let angles = (0..count).map(|i| first + TAU * i as f64 / count as f64);
        let ring: Vec<Point> = angles
            .map(|angle| (wide * angle.cos(), high * angle.sin()))
            .collect();
        // Above the highest and below the lowest state: its circle, its loop, the loop's probability.
        let around = radius + LOOP + 200.0;
        let highest = ring.iter().map(|point| point.1).fold(0.0, f64::min);
        let lowest = ring.iter().map(|point| point.1).fold(0.0, f64::max);
        let middle = (f64::from(WIDTH) * 5.0, top + around - highest);
        let below = if count <= 2 { radius + 420.0 } else { around };
        Layout {
            bottom: if count == 0 {
                top + 700.0
            } else {
                middle.1 + lowest + below
            },
            centres: ring.iter().map(|&(x, y)| (middle.0 + x, middle.1 + y)).collect(),
            middle,
            radius,
            names,
            inside,
        }
    }

    /// The direction out of the ring at a state.
    pub fn outward(&self, i: usize) -> Point {
        let (dx, dy) = minus(self.centres[i], self.middle);
        let length = dx.hypot(dy);
        if length < 1.0 || self.centres.len() <= 2 {
            (0.0, -1.0)
        } else {
            (dx / length, dy / length)
        }
    }

    /// The line of an arrow from circle to circle.
    pub fn path(&self, from: usize, to: usize, width: f64) -> Vec<Point> {
        if from == to {
            // Beside the name, if that stands outside.
            let out = turned(self.outward(from), if self.inside { 0.0 } else { 1.2 });
            let reach = |angle: f64| plus(self.centres[from], turned(out, angle), self.radius + LOOP * 1.33);
            return self.between(from, to, [reach(-0.5), reach(0.5)]);
        }
        let (start, end) = (self.centres[from], self.centres[to]);
        let along = minus(end, start);
        // Bent to its right, so that the way back runs beside it, and as far as it takes to miss other states.
        let bent = |bend: f64| {
            let control = |part: f64| {
                (
                    start.0 + along.0 * part - along.1 * bend,
                    start.1 + along.1 * part + along.0 * bend,
                )
            };
            self.between(from, to, [control(0.3), control(0.7)])
        };
        let misses = |path: &Vec<Point>| {
            let others = self
                .centres
                .iter()
                .enumerate()
                .filter(|(i, _)| *i != from && *i != to);
            let gap = self.radius + width / 2.0 + 40.0;
            others
                .into_iter()
                .all(|(_, &centre)| path.iter().all(|&point| distance(point, centre) > gap))
        };
        let bends = [0.2, 0.14, 0.27, 0.08, 0.34, 0.03, -0.06];
        bends
            .into_iter()
            .map(bent)
            .find(misses)
            .unwrap_or_else(|| bent(0.2))
    }

    /// A cubic Bézier curve from one state to another, without what lies in their circles.
    pub fn between(&self, from: usize, to: usize, controls: [Point; 2]) -> Vec<Point> {
        let (start, end) = (self.centres[from], self.centres[to]);
        let bezier = |t: f64| {
            let rest = 1.0 - t;
            let weights = [
                rest.powi(3),
                3.0 * t * rest.powi(2),
                3.0 * t * t * rest,
                t.powi(3),
            ];
            let points = [start, controls[0], controls[1], end];
            points
                .iter()
                .zip(weights)
                .fold((0.0, 0.0), |sum, (point, weight)| plus(sum, *point, weight))
        };
        let gap = self.radius + 16.0;
        let outside = |(i, point): &(i32, Point)| distance(*point, if *i < 80 { start } else { end }) > gap;
        let points = (0..=160).map(|i| (i, bezier(f64::from(i) / 160.0)));
        points.filter(outside).map(|(_, point)| point).collect()
    }

    /// Where the name of a state stands: its anchor, and which side of it that is.
    pub fn name_place(&self, i: usize) -> (Point, HPos) {
        let (centre, out) = (self.centres[i], self.outward(i));
        match out.0 {
            _ if self.inside => (centre, HPos::Center),
            x if x > 0.3 => (plus(centre, out, self.radius + 60.0), HPos::Left),
            x if x < -0.3 => (plus(centre, out, self.radius + 60.0), HPos::Right),
            _ => (plus(centre, out, self.radius + 130.0), HPos::Center),
        }
    }

    /// The names, as what probabilities must not cover.
    pub fn name_labels(&self) -> Vec<Label> {
        let label = |(i, name): (usize, &String)| {
            let (anchor, side) = self.name_place(i);
            let half = (f64::from(width_of(name, TEXT_SIZE)) * 5.0, 90.0);
            let shift = match side {
                HPos::Left => half.0,
                HPos::Right => -half.0,
                HPos::Center => 0.0,
            };
            Label {
                words: String::new(),
                middle: (anchor.0 + shift, anchor.1),
                half,
            }
        };
        self.names.iter().enumerate().map(label).collect()
    }

    pub fn draw(&self, canvas: &Canvas) {
        let label = canvas.ink(format!("fill=\"currentColor\" font-size=\"{TEXT_SIZE}0\""));
        for (i, &centre) in self.centres.iter().enumerate() {
            let colour = colour(i);
            let ink = canvas.ink(format!(
                "class=\"data\" fill=\"{colour}\" fill-opacity=\".16\" stroke=\"{colour}\" stroke-width=\"24\""
            ));
            canvas.circle(whole(centre), self.radius as i32, ink);
        }
        for (i, name) in self.names.iter().enumerate() {
            let (anchor, side) = self.name_place(i);
            canvas.text(name, whole(anchor), (side, VPos::Center), label);
        }
    }
}

/// How far the arrow from a state to itself reaches out, in tenths of a unit.
pub(super) const LOOP: f64 = 420.0;

/// A probability and its place.
pub(super) struct Label {
    pub words: String,
    pub middle: Point,
    /// Half its width and height.
    pub half: Point,
}

impl Label {
    pub fn covers(&self, point: Point, more: f64) -> bool {
        (point.0 - self.middle.0).abs() < self.half.0 + more
            && (point.1 - self.middle.1).abs() < self.half.1 + more
    }
}

pub(super) fn length(path: &[Point]) -> f64 {
    path.windows(2).map(|pair| distance(pair[0], pair[1])).sum()
}

pub(super) fn minus(a: Point, b: Point) -> Point {
    (a.0 - b.0, a.1 - b.1)
}

pub(super) fn plus(a: Point, direction: Point, length: f64) -> Point {
    (a.0 + direction.0 * length, a.1 + direction.1 * length)
}

pub(super) fn distance(a: Point, b: Point) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

pub(super) fn turned((x, y): Point, angle: f64) -> Point {
    (
        x * angle.cos() - y * angle.sin(),
        x * angle.sin() + y * angle.cos(),
    )
}

pub(super) fn whole((x, y): Point) -> Place {
    (x.round() as i32, y.round() as i32)
}
