//! 02 Dice: a waltz whose every bar two dice chose, and how much chance is in it.

// ANCHOR: imports
use aeolian::chance::dice::{Game, Waltz, chance_of_sum, entropy_bits};
use aeolian::page::{Live, Page, Show, Table};
use aeolian::plot::{self, Series};
// ANCHOR_END: imports

fn main() -> aeolian::Result<()> {
    // ANCHOR: waltz
    let mut page = Page::open("02-dice")?;
    let mut rng = page.rng(1793);
    let game = match page.music() {
        Some(_) => Game::of_music(&page.tunes()?.pitched()?)?, // your own
        None => Game::printed()?,
    };
    let bars = format!("Only bars of {} sixteenths are thrown", game.sixteenths());
    page.note("bars-note", &bars)?;
    let waltz = Waltz::throw(&mut rng);
    let sums = waltz.sums().map(|sum| sum.to_string());
    let live = Live::new("dice", 16, game.score(&waltz))
        .slider("speed", "times as fast", (0.5, 2.0), 0.05, 1.0)
        .playing(sums.join(" "));
    page.show("waltz", &live.captioned("A waltz that the dice chose, on a piano"))?;
    // ANCHOR_END: waltz

    // ANCHOR: two-dice
    let exact: Vec<f64> = (2..=12).map(chance_of_sum).collect();
    let mut thrown = vec![0.0; 11];
    for waltz in game.corpus(1000, &mut rng) {
        for sum in waltz.sums() {
            thrown[usize::from(sum) - 2] += 1.0 / 16_000.0;
        }
    }
    let labels: Vec<String> = (2..=12).map(|sum| sum.to_string()).collect();
    let axes = ("sum", "probability");
    let series = [("exact", exact.clone()), ("16,000 throws", thrown)];
    let figure = plot::bars("The sum of two dice", axes, &labels, &series);
    page.show("two-dice", &figure.captioned("A 7 is six times as likely as a 2"))?;
    // ANCHOR_END: two-dice

    // ANCHOR: looked-up
    let mut table = Table::new(&["bar", "dice", "measure", "chance of hearing it"]);
    for (bar, measure) in game.measures(&waltz).into_iter().enumerate() {
        let sum = waltz.sums()[bar];
        let number = game.number(bar, sum).unwrap_or_default();
        let mut chance = 0.0;
        for (other, probability) in game.choices(bar) {
            if other == measure {
                chance += probability;
            }
        }
        table.row(&[&(bar + 1), &sum, &number, &format!("{chance:.3}")]);
    }
    page.show("looked-up", &table.captioned("The dice, and what the table said"))?;
    // ANCHOR_END: looked-up

    // ANCHOR: count
    page.show("waltz-count", &game.count().captioned("different waltzes"))?;
    // ANCHOR_END: count

    // ANCHOR: throw-entropy
    let bits = format!("{:.3}", 16.0 * entropy_bits(&exact));
    page.show("throw-entropy-bits", &bits.captioned("bits in sixteen throws"))?;
    // ANCHOR_END: throw-entropy

    // ANCHOR: entropy
    let bits = format!("{:.3}", game.entropy_bits());
    page.show("waltz-entropy-bits", &bits.captioned("bits in a waltz"))?;
    // ANCHOR_END: entropy

    // ANCHOR: information
    let bits = format!("{:.1}", game.information_bits(&waltz));
    page.show("this-waltz-bits", &bits.captioned("bits in the waltz above"))?;
    // ANCHOR_END: information

    // ANCHOR: common-and-rare
    let mut share = vec![0.0; 24];
    for waltz in game.corpus(20_000, &mut rng) {
        let bits = game.information_bits(&waltz) as usize;
        share[bits.clamp(37, 60) - 37] += 100.0 / 20_000.0;
    }
    let labels: Vec<String> = (37..=60).map(|bits| bits.to_string()).collect();
    let axes = ("information (bits, rounded down)", "share of 20,000 waltzes (%)");
    let figure = plot::bars("How rare is a waltz?", axes, &labels, &[("", share)]);
    page.show("common-and-rare", &figure.captioned("Common left, rare right"))?;
    // ANCHOR_END: common-and-rare

    // ANCHOR: five-waltzes
    let eight_bars = 8 * game.sixteenths() as u32;
    let mut five = game.bars(&waltz).part(0, eight_bars);
    for other in game.corpus(4, &mut rng) {
        five = five.followed_by(&game.bars(&other).part(0, eight_bars));
    }
    five.title = "Five waltzes".to_string();
    page.show("five-waltzes", &five.captioned("Eight bars each of five waltzes"))?;
    // ANCHOR_END: five-waltzes

    // ANCHOR: surprise
    let moments = game.moments(&waltz);
    let mut surprise = vec![];
    for now in 0..moments.len() {
        let mut chance = 0.0;
        for (moment, probability) in game.next(&moments[..now])? {
            if moment == moments[now] {
                chance += probability;
            }
        }
        surprise.push((1.0 + now as f64 / game.sixteenths() as f64, -f64::log2(chance)));
    }
    let series = [Series::new("", surprise.clone())];
    let axes = ("bar", "information (bits)");
    let figure = plot::scatter("Surprise, sixteenth by sixteenth", axes, &series);
    page.show("surprise", &figure.captioned("High where a bar begins"))?;
    // ANCHOR_END: surprise

    // ANCHOR: surprise-sum
    let told: f64 = surprise.iter().map(|moment| moment.1).sum();
    let bits = format!("{told:.1}");
    page.show("surprise-sum", &bits.captioned("bits, all surprises added up"))?;
    // ANCHOR_END: surprise-sum
    Ok(())
}
