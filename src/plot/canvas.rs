//! The sheet that a figure is drawn on, and how a drawing becomes a [`Figure`].
//!
//! plotters writes fixed colours; a figure wants the colour of the page's text, dashes, classes. So what is handed
//! to plotters as a colour is only the number of an *ink*: a text of SVG attributes, which [`dressed`] puts in its
//! place. plotters also rounds to whole numbers, so it draws in tenths of a unit.

use super::Figure;
use super::theme::{TEXT_SIZE, TITLE_SIZE, WIDTH};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::cell::RefCell;

/// A place in tenths of a unit, from the upper left corner.
pub(super) type Place = (i32, i32);

/// A sheet that is being drawn on.
///
/// The backend writes to memory, which cannot fail: what it returns is ignored throughout.
pub(super) struct Canvas<'a> {
    pub area: DrawingArea<SVGBackend<'a>, Shift>,
    inks: RefCell<Vec<String>>,
}

impl Canvas<'_> {
    /// The colour that plotters is given to draw with these SVG attributes.
    pub fn ink(&self, attributes: impl Into<String>) -> RGBColor {
        let attributes = attributes.into();
        let mut inks = self.inks.borrow_mut();
        let known = inks.iter().position(|ink| *ink == attributes);
        let number = known.unwrap_or_else(|| {
            inks.push(attributes);
            inks.len() - 1
        });
        let [_, red, green, blue] = (number as u32).to_be_bytes();
        RGBColor(red, green, blue)
    }

    /// A line through places.
    pub fn line(&self, places: Vec<Place>, ink: RGBColor) {
        let _ = self.area.draw(&PathElement::new(places, ink));
    }

    /// A filled shape with these corners.
    pub fn polygon(&self, corners: Vec<Place>, ink: RGBColor) {
        let _ = self.area.draw(&Polygon::new(corners, ink));
    }

    /// A filled rectangle between two corners.
    pub fn rectangle(&self, corner: Place, opposite: Place, ink: RGBColor) {
        self.tinted(corner, opposite, ink, 1.0);
    }

    /// A filled rectangle between two corners, with an opacity of its own.
    pub fn tinted(&self, corner: Place, opposite: Place, ink: RGBColor, opacity: f64) {
        let _ = self
            .area
            .draw(&Rectangle::new([corner, opposite], ink.mix(opacity).filled()));
    }

    /// A filled circle.
    pub fn circle(&self, centre: Place, radius: i32, ink: RGBColor) {
        let _ = self.area.draw(&Circle::new(centre, radius, ink.filled()));
    }

    /// Words, placed by the given side or middle of them.
    pub fn text(&self, words: &str, place: Place, (across, up): (HPos, VPos), ink: RGBColor) {
        let style = self.text_style(ink).pos(Pos::new(across, up));
        let _ = self.area.draw_text(&clean(words), &style, place);
    }

    /// Words that read upwards, placed by the given side or middle of them.
    pub fn upright_text(&self, words: &str, place: Place, (across, up): (HPos, VPos), ink: RGBColor) {
        let style = self
            .text_style(ink)
            .transform(FontTransform::Rotate270)
            .pos(Pos::new(across, up));
        let _ = self.area.draw_text(&clean(words), &style, place);
    }

    /// How plotters is told to write: the ink says all but the anchor.
    pub fn text_style(&self, ink: RGBColor) -> TextStyle<'static> {
        TextStyle {
            font: FontDesc::new(
                FontFamily::SansSerif,
                f64::from(TEXT_SIZE) * 10.0,
                FontStyle::Normal,
            ),
            color: ink.to_backend_color(),
            pos: Pos::default(),
        }
    }

    /// The ink of labels.
    pub fn label_ink(&self) -> RGBColor {
        self.ink(format!(
            "fill=\"currentColor\" fill-opacity=\".85\" font-size=\"{TEXT_SIZE}0\""
        ))
    }

    /// The ink of what stands beside the marked places of an axis.
    pub fn tick_ink(&self) -> RGBColor {
        self.ink(format!(
            "class=\"tick\" fill=\"currentColor\" fill-opacity=\".85\" font-size=\"{TEXT_SIZE}0\""
        ))
    }

    /// The ink of what an axis is called.
    pub fn axis_ink(&self) -> RGBColor {
        self.ink(format!(
            "class=\"axis\" fill=\"currentColor\" fill-opacity=\".85\" font-size=\"{TEXT_SIZE}0\""
        ))
    }

    /// The ink of titles.
    pub fn title_ink(&self) -> RGBColor {
        self.ink(format!(
            "fill=\"currentColor\" font-size=\"{TITLE_SIZE}0\" font-weight=\"600\""
        ))
    }

    /// The ink of lines in the text's colour, so wide (in tenths of a unit) and so opaque.
    pub fn rule_ink(&self, width: i32, opacity: &str) -> RGBColor {
        self.ink(format!(
            "fill=\"none\" stroke=\"currentColor\" stroke-width=\"{width}\" stroke-opacity=\"{opacity}\""
        ))
    }
}

/// A figure of this height, in units, drawn by `draw`.
pub(super) fn figure(title: &str, height: i32, draw: impl FnOnce(&Canvas)) -> Figure {
    let height = height.clamp(1, 4000);
    let mut drawn = String::new();
    let size = (WIDTH as u32 * 10, height as u32 * 10);
    let canvas = Canvas {
        area: SVGBackend::with_string(&mut drawn, size).into_drawing_area(),
        inks: RefCell::default(),
    };
    draw(&canvas);
    let _ = canvas.area.present();
    let inks = canvas.inks.take();
    drop(canvas);
    // Only a document of its own matches `svg:root`; within a page the page's colours hold.
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         font-family=\"system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif\">\n\
         <title>{}</title>\n\
         <style>svg:root{{color:#20242c;background:#fff}}svg:root>rect{{fill:#fff}}\
         @media(prefers-color-scheme:dark){{svg:root{{color:#bcbdd0;background:#161923}}svg:root>rect{{fill:#161923}}}}</style>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"none\"/>\n\
         <g transform=\"scale(.1)\" stroke-linejoin=\"round\" stroke-linecap=\"butt\">\n{}</g>\n</svg>\n",
        escaped(&clean(title)),
        dressed(&drawn, &inks)
    );
    Figure { svg }
}

/// The elements that plotters wrote, one a line, with the inks' attributes in place of colours. Neighbours of
/// one ink share a group.
fn dressed(drawn: &str, inks: &[String]) -> String {
    let mut svg = String::with_capacity(drawn.len());
    let mut group = None;
    for line in drawn.lines().skip(1) {
        let Some((number, ink)) = ink_of(line).and_then(|number| Some((number, inks.get(number)?))) else {
            match line {
                "</svg>" | "" => {}
                "</text>" => svg += "</text>\n",
                words => svg += words,
            }
            continue;
        };
        if group != Some(number) || ink.starts_with('<') {
            if group.take().is_some() {
                svg += "</g>\n";
            }
            if !ink.starts_with('<') {
                svg += &format!("<g {ink}>\n");
                group = Some(number);
            }
        }
        let mut element = line.replace(" opacity=\"1\"", "");
        for name in ["fill", "stroke", "stroke-width", "font-family", "font-size"] {
            remove_attribute(&mut element, name);
        }
        if ink.starts_with('<') {
            element = element.replacen("<rect", ink, 1); // a picture takes the place of a rectangle
        }
        svg += &element;
        if element.ends_with("/>") {
            svg.push('\n');
        }
    }
    if group.is_some() {
        svg += "</g>\n";
    }
    svg
}

/// The number of the ink that an element is drawn with.
fn ink_of(line: &str) -> Option<usize> {
    let at = line.find("=\"#").filter(|_| line.starts_with('<'))?;
    usize::from_str_radix(line.get(at + 3..at + 9)?, 16).ok()
}

fn remove_attribute(element: &mut String, name: &str) {
    let opening = format!(" {name}=\"");
    let Some(from) = element.find(&opening) else {
        return;
    };
    let value = from + opening.len();
    if let Some(length) = element[value..].find('"') {
        element.replace_range(from..=value + length, "");
    }
}

/// The same words on one line, without the characters that XML forbids.
pub(super) fn clean(words: &str) -> String {
    let allowed = |c: char| {
        if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') {
            ' '
        } else {
            c
        }
    };
    words.chars().map(allowed).collect()
}

fn escaped(words: &str) -> String {
    words
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// About how wide words are at this size of type: as wide as in DejaVu Sans, which few fonts exceed.
pub(super) fn width_of(words: &str, size: i32) -> i32 {
    let width = |c: char| match c {
        'i' | 'j' | 'l' | ' ' | '.' | ',' | '\'' | ':' | ';' | '|' | '!' => 0.32,
        'f' | 't' | 'r' | 'I' | '(' | ')' | '[' | ']' | '-' | '/' => 0.4,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 0.95,
        'A'..='Z' | '&' | '#' => 0.72,
        c if (c as u32) < 0x1100 => 0.63,
        _ => 1.0,
    };
    (words.chars().map(width).sum::<f64>() * f64::from(size)).ceil() as i32
}

/// The words broken into lines no wider than `width`, at most three.
pub(super) fn wrapped(words: &str, size: i32, width: i32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in clean(words).split_whitespace() {
        match lines.last_mut() {
            Some(line) if width_of(line, size) + width_of(word, size) + size / 3 <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_string()),
        }
    }
    let more = lines.len() > 3;
    lines.truncate(3);
    let last = lines.len().saturating_sub(1);
    for (i, line) in lines.iter_mut().enumerate() {
        *line = shortened(line, size, width);
        if more && i == last && !line.ends_with('…') {
            line.push('…');
        }
    }
    lines
}

/// The words, cut off with an ellipsis if they are wider than `width`.
pub(super) fn shortened(words: &str, size: i32, width: i32) -> String {
    let mut words = clean(words);
    if width_of(&words, size) <= width {
        return words;
    }
    while !words.is_empty() && width_of(&words, size) + size > width {
        words.pop();
    }
    words.trim_end().to_string() + "…"
}
