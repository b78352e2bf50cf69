//! 01 Wind and water: instruments that nobody plays. Chance says when, physics how.

// ANCHOR: imports
use aeolian::chance::chimes::{self, Chimes, Tube};
use aeolian::chance::harp::{Harp, felt, shedding_hertz};
use aeolian::chance::waiting::{between, variation, waiting_time};
use aeolian::chance::water::{Suikinkutsu, minnaert_hertz};
use aeolian::chance::wind::Wind;
use aeolian::page::{Live, Page, Show};
use aeolian::plot::{self, Series};
use aeolian::sound::{cents, partials};
// ANCHOR_END: imports

fn main() -> aeolian::Result<()> {
    // ANCHOR: chimes
    let mut page = Page::open("01-wind")?;
    let mut rng = page.rng(1650);
    let mut wind_chimes = Chimes::default();
    if let Some(own) = page.music() {
        wind_chimes = Chimes::tuned_to(&own.clone().pitched()?);
    }
    let wind = Wind { mean: 4.5, intensity: 0.5, gust_seconds: 1.5 };
    let speeds = wind.speeds(9.0, &mut rng)?;
    let strikes = wind_chimes.strikes(&speeds, &mut rng)?;
    let rung = wind_chimes.ring(&strikes, 11.0)?;
    page.show("chimes", &rung.captioned("Wind chimes of six tubes in a gusty wind"))?;
    // ANCHOR_END: chimes

    // ANCHOR: wind
    let mut curve = vec![];
    for (i, speed) in speeds.iter().enumerate() {
        curve.push((i as f64 / 100.0, *speed));
    }
    let axes = ("time (s)", "speed (m/s)");
    let figure = plot::curves("The wind that played", axes, &[Series::new("", curve)]);
    page.show("wind", &figure.captioned("Gusts of wind, with eddies in them"))?;
    // ANCHOR_END: wind

    // ANCHOR: strikes
    let struck: Vec<_> =
        strikes.iter().map(|s| (s.seconds, s.tube as f64 + 1.0)).collect();
    let axes = ("time (s)", "tube");
    let figure = plot::scatter("What the clapper did", axes, &[Series::new("", struck)]);
    page.show("strikes", &figure.captioned("Each strike, close together in a gust"))?;
    // ANCHOR_END: strikes

    // ANCHOR: waiting-times
    let times: Vec<f64> = (0..20_000).map(|_| waiting_time(1.0, &mut rng)).collect();
    let (mut drawn, mut exact, mut labels) = (vec![], vec![], vec![]);
    for quarter in 0..20 {
        let (from, to) = (f64::from(quarter) / 4.0, f64::from(quarter + 1) / 4.0);
        let waits = times.iter().filter(|time| (from..to).contains(*time)).count();
        drawn.push(100.0 * waits as f64 / 20_000.0);
        exact.push(100.0 * ((-from).exp() - (-to).exp()));
        labels.push(format!("{from:.2}"));
    }
    let axes = ("waiting time (s, from)", "share of waits (%)");
    let series = [("20,000 drawn", drawn), ("exponential", exact)];
    let figure = plot::bars("How long until the next strike?", axes, &labels, &series);
    page.show("waiting-times", &figure.captioned("Waits at one strike a second"))?;
    // ANCHOR_END: waiting-times

    // ANCHOR: steady-variation
    let spread = format!("{:.2}", variation(&times).unwrap_or_default());
    page.show("steady-variation", &spread.captioned("deviation over mean, steady wind"))?;
    // ANCHOR_END: steady-variation

    // ANCHOR: gusty-variation
    let ten_minutes = wind.speeds(600.0, &mut rng)?;
    let strikes = wind_chimes.strikes(&ten_minutes, &mut rng)?;
    let moments: Vec<f64> = strikes.iter().map(|strike| strike.seconds).collect();
    let spread = format!("{:.2}", variation(&between(&moments)).unwrap_or_default());
    page.show("gusty-variation", &spread.captioned("deviation over mean, gusty wind"))?;
    // ANCHOR_END: gusty-variation

    // ANCHOR: tube
    let tube = Tube { hertz: 392.0 };
    let tone = tube.strike(0.7, 3.0)?;
    let figure = plot::spectrum("One tube, struck once", &tone);
    page.show("tube", &figure.captioned("Four partials, not whole multiples"))?;
    // ANCHOR_END: tube

    // ANCHOR: chime-partials
    let theory = chimes::partials(tube.hertz);
    let mut worst: f64 = 0.0;
    for (asked, found) in theory.iter().zip(partials(&tone, &theory)) {
        worst = worst.max(cents(*asked, found.unwrap_or(f64::INFINITY)).abs());
    }
    let worst = format!("{worst:.5}");
    page.show("chime-partials-cents", &worst.captioned("cents, the worst error"))?;
    // ANCHOR_END: chime-partials

    // ANCHOR: harp
    let harp = Harp::default();
    let breeze = Wind { mean: 3.2, intensity: 0.35, gust_seconds: 3.0 };
    let breeze = breeze.speeds(12.0, &mut rng)?;
    let sung = harp.play(&breeze)?;
    page.show("harp", &sung.captioned("An Aeolian harp of six equal strings"))?;
    // ANCHOR_END: harp

    // ANCHOR: harp-spectrogram
    let figure = plot::spectrogram("An Aeolian harp", &sung);
    page.show("harp-spectrogram", &figure.captioned("The wind lights up harmonics"))?;
    // ANCHOR_END: harp-spectrogram

    // ANCHOR: lock-in
    let string = harp.strings[2];
    let felt = felt(&breeze);
    let (mut vortices, mut sounding) = (vec![], vec![]);
    for (i, harmonic) in string.locked(&breeze).into_iter().enumerate() {
        let time = i as f64 / 100.0;
        vortices.push((time, shedding_hertz(felt[i], string.diameter)));
        // Between two harmonics there is nothing to draw.
        let hertz = harmonic.map_or(f64::NAN, |n| n as f64 * string.hertz);
        sounding.push((time, hertz));
    }
    let axes = ("time (s)", "frequency (Hz)");
    let series = [Series::new("string", sounding), Series::new("vortices", vortices)];
    let figure = plot::curves("A string and the wind", axes, &series);
    page.show("lock-in", &figure.captioned("The string keeps a harmonic, then jumps"))?;
    // ANCHOR_END: lock-in

    // ANCHOR: your-wind
    let strikes = wind_chimes.strikes(&breeze, &mut page.rng(1878))?;
    let mut both = wind_chimes.ring(&strikes, 12.0)?;
    both.mix(&sung, 0.0)?;
    let live = Live::new("wind", 1878, both.levelled())
        .slider("speed", "mean wind speed (m/s)", (0.0, 12.0), 0.1, 3.2)
        .slider("gusts", "gustiness", (0.0, 1.0), 0.01, 0.35)
        .choice("instruments", "in the wind", &["chimes and harp", "chimes", "harp"]);
    page.show("your-wind", &live.captioned("Chimes and harp in one wind: yours"))?;
    // ANCHOR_END: your-wind

    // ANCHOR: suikinkutsu
    let jar = Suikinkutsu::default();
    let drops = jar.drops(9.0, &mut rng)?;
    let sounding = jar.ring(&drops, 11.0)?;
    page.show("suikinkutsu", &sounding.captioned("Drops falling in a buried jar"))?;
    // ANCHOR_END: suikinkutsu

    // ANCHOR: drops
    let mut bubbles = vec![];
    for drop in &drops {
        if let Some(radius) = drop.bubble {
            bubbles.push((drop.seconds, minnaert_hertz(radius)));
        }
    }
    let axes = ("time (s)", "frequency (Hz)");
    let figure = plot::scatter("Bubbles of the drops", axes, &[Series::new("", bubbles)]);
    page.show("drops", &figure.captioned("When each drop fell and how high it rings"))?;
    // ANCHOR_END: drops
    Ok(())
}
