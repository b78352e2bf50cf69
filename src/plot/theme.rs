//! Colours, dashes and the sizes of type.

/// Width of every figure, in units of its `viewBox`; a unit is near a pixel on a desktop.
pub(super) const WIDTH: i32 = 640;

/// Sizes of type, in the same units: readable still when a phone shows the figure at half its width.
pub(super) const TITLE_SIZE: i32 = 19;
pub(super) const TEXT_SIZE: i32 = 16;

/// Colours of series, after Okabe and Ito (2008), whose palette the colour-blind can tell apart; lightened or
/// darkened until each stands out from white paper and from a dark page alike (contrast 3:1, WCAG 2.2).
pub(super) const SERIES: [&str; 8] = [
    "#2a88d0", "#d55e00", "#009e73", "#c35fa0", "#a87a00", "#7d5fd3", "#7d858f", "#c9434f",
];

/// What three of them mean wherever a figure has something to do with it: the music that is heard, what may come next, and the model: its
/// parts and what it holds. A chart of something else takes the colours in their order.
pub(super) const HEARD: usize = 0;
pub(super) const NEXT: usize = 1;
pub(super) const MODEL: usize = 2;

/// What is neither: operations, and a way that was found.
pub(super) const FOUND: usize = 5;
pub(super) const PLAIN: usize = 6;

/// Dashes of series, so that colour is never the only difference; in units, empty for a full line.
const DASHES: [&str; 8] = [
    "",
    "9 5",
    "3 4",
    "14 4 3 4",
    "6 3 2 3 2 3",
    "18 5",
    "2 6",
    "12 3 4 3 4 3",
];

/// The colour of a series; after the last it starts again.
pub(super) fn colour(series: usize) -> &'static str {
    SERIES[series % SERIES.len()]
}

/// The dash of a series as an attribute, in tenths of a unit; empty for a full line.
pub(super) fn dash(series: usize) -> String {
    let dash = DASHES[(series + series / SERIES.len()) % DASHES.len()];
    if dash.is_empty() {
        return String::new();
    }
    let tenths: Vec<String> = dash.split(' ').map(|length| format!("{length}0")).collect();
    format!(" stroke-dasharray=\"{}\"", tenths.join(" "))
}

/// The look of a filled mark of a series: solid, pale with an outline, or pale with a dashed outline.
pub(super) fn filling(series: usize) -> String {
    let colour = colour(series);
    match series % 3 {
        0 => format!("fill=\"{colour}\""),
        1 => format!("fill=\"{colour}\" fill-opacity=\".35\" stroke=\"{colour}\" stroke-width=\"16\""),
        _ => format!(
            "fill=\"{colour}\" fill-opacity=\".15\" stroke=\"{colour}\" stroke-width=\"18\" stroke-dasharray=\"40 25\""
        ),
    }
}

/// The colour map: from near black through violet and orange to pale yellow, for `part` from 0 to 1.
///
/// Lightness rises evenly in Oklab (Ottosson, 2020), so equal steps of the value look equally large,
/// on a grey print too; the hue turns from blue through red to yellow meanwhile.
pub(super) fn shade(part: f64) -> [u8; 3] {
    let part = if part.is_finite() {
        part.clamp(0.0, 1.0)
    } else {
        0.0
    };
    let lightness = 0.16 + 0.80 * part;
    let hue = (280.0 + 175.0 * part).to_radians();
    let mut chroma = 0.04 + 0.15 * (std::f64::consts::PI * part.powf(0.85)).sin();
    loop {
        let colour = from_oklab(lightness, chroma * hue.cos(), chroma * hue.sin());
        // A screen cannot show every colour: take the strongest of this hue and lightness that it can.
        if chroma < 0.01 || colour.iter().all(|light| (-0.001..=1.001).contains(light)) {
            return colour.map(|light| (encoded(light.clamp(0.0, 1.0)) * 255.0).round() as u8);
        }
        chroma -= 0.005;
    }
}

/// Oklab to linear light: red, green, blue. The matrices are those of Ottosson's definition.
fn from_oklab(lightness: f64, a: f64, b: f64) -> [f64; 3] {
    let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
    [
        4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
        -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
        -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s,
    ]
}

/// Linear light to the value that sRGB stores (IEC 61966-2-1).
fn encoded(light: f64) -> f64 {
    if light <= 0.003_130_8 {
        12.92 * light
    } else {
        1.055 * light.powf(1.0 / 2.4) - 0.055
    }
}

/// How bright a colour is, from 0 (black) to 1 (white): relative luminance, WCAG 2.2.
pub(super) fn luminance(colour: [u8; 3]) -> f64 {
    let light = colour.map(|value| {
        let value = f64::from(value) / 255.0;
        if value <= 0.040_45 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
}

/// `#rrggbb`.
pub(super) fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(hex: &str) -> [u8; 3] {
        [1, 3, 5].map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
    }

    fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
        let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
        a.max(b) / a.min(b)
    }

    #[test]
    fn every_series_stands_out_from_light_and_dark_pages() {
        for colour in SERIES {
            for page in ["#ffffff", "#161923"] {
                let contrast = contrast(parsed(colour), parsed(page));
                assert!(contrast >= 3.0, "{colour} on {page}: {contrast:.2}");
            }
        }
    }

    #[test]
    fn no_two_series_share_colour_or_dash() {
        for i in 0..SERIES.len() {
            for j in 0..i {
                assert_ne!(colour(i), colour(j));
                assert_ne!(dash(i), dash(j));
            }
        }
        assert_eq!(colour(8), colour(0), "the colours start again");
        assert_ne!(dash(8), dash(0), "but not with the same dash");
    }

    #[test]
    fn the_colour_map_grows_lighter_at_every_step() {
        let brightness: Vec<f64> = (0..=64).map(|i| luminance(shade(f64::from(i) / 64.0))).collect();
        assert!(brightness.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(brightness[0] < 0.02 && brightness[64] > 0.8);
        assert_eq!(shade(f64::NAN), shade(0.0));
    }

    #[test]
    fn black_or_white_can_be_read_on_every_shade() {
        for i in 0..=100 {
            let cell = shade(f64::from(i) / 100.0);
            let best = contrast(cell, [0; 3]).max(contrast(cell, [255; 3]));
            assert!(best >= 4.5, "{i}: {best}");
        }
    }
}
