//! 02 Dice: a waltz whose every bar was chosen by two dice, and exactly how much chance there is in it.

// ANCHOR: imports
use aeolian::chance::dice::{Game, Waltz, chance_of_sum, entropy_bits};
use aeolian::page::{Page, Show, Table};
use aeolian::plot::{self, Series};
// ANCHOR_END: imports

fn main() -> aeolian::Result<()> {
    // ANCHOR: waltz
    let mut page = Page::open("02-dice")?;
    let mut rng = page.rng(1793);
    let game = Game::printed()?;
    let waltz = Waltz::throw(&mut rng);
    page.show(
        "waltz",
        &game.score(&waltz).captioned(
            "A waltz that the dice chose, on a piano: 24 bars, right hand \
             and left",
        ),
    )?;
    // ANCHOR_END: waltz

    // ANCHOR: two-dice
    let exact: Vec<f64> = (2..=12).map(chance_of_sum).collect();
    let labels: Vec<String> = (2..=12).map(|sum| sum.to_string()).collect();
    let mut thrown = vec![0.0; 11];
    for waltz in game.corpus(1000, &mut rng) {
        for sum in waltz.sums() {
            thrown[usize::from(sum) - 2] += 1.0 / 16_000.0;
        }
    }
    let series = [("exact", exact.clone()), ("16,000 throws", thrown)];
    let figure =
        plot::bars("The sum of two dice", ("sum", "probability"), &labels, &series);
    page.show(
        "two-dice",
        &figure.captioned(
            "How likely each sum of two dice is: a 7 six times as likely \
             as a 2 or a 12",
        ),
    )?;
    // ANCHOR_END: two-dice

    // ANCHOR: looked-up
    let mut looked_up =
        Table::new(&["bar", "dice", "measure", "chance of hearing it"]);
    for (bar, measure) in game.measures(&waltz).into_iter().enumerate() {
        let sum = waltz.sums()[bar];
        let number = game.number(bar, sum).unwrap_or_default();
        let mut chance = 0.0;
        for (other, probability) in game.choices(bar) {
            if other == measure {
                chance += probability;
            }
        }
        looked_up.row(&[&(bar + 1), &sum, &number, &format!("{chance:.3}")]);
    }
    page.show(
        "looked-up",
        &looked_up.captioned(
            "The waltz above, bar by bar: what the dice said and what the \
             table answered",
        ),
    )?;
    // ANCHOR_END: looked-up

    // ANCHOR: count
    page.show("waltz-count", &game.count().captioned("different waltzes"))?;
    // ANCHOR_END: count

    // ANCHOR: throw-entropy
    let throw_bits = 16.0 * entropy_bits(&exact);
    page.show(
        "throw-entropy-bits",
        &format!("{throw_bits:.3}").captioned("bits in sixteen throws of two dice"),
    )?;
    // ANCHOR_END: throw-entropy

    // ANCHOR: entropy
    let waltz_bits = game.entropy_bits();
    page.show(
        "waltz-entropy-bits",
        &format!("{waltz_bits:.3}").captioned("bits in a waltz"),
    )?;
    // ANCHOR_END: entropy

    // ANCHOR: information
    let information = game.information_bits(&waltz);
    page.show(
        "this-waltz-bits",
        &format!("{information:.1}").captioned("bits in the waltz that you heard"),
    )?;
    // ANCHOR_END: information

    // ANCHOR: common-and-rare
    let mut share = vec![0.0; 40];
    for waltz in game.corpus(20_000, &mut rng) {
        let bits = game.information_bits(&waltz) as usize;
        share[bits.clamp(35, 74) - 35] += 100.0 / 20_000.0;
    }
    let labels: Vec<String> = (35..75).map(|bits| bits.to_string()).collect();
    let axes = ("information (bits, rounded down)", "share of 20,000 waltzes (%)");
    let figure = plot::bars("How rare is a waltz?", axes, &labels, &[("", share)]);
    page.show(
        "common-and-rare",
        &figure.captioned(
            "Common waltzes stand on the left, rare ones on the right: \
             each bit more is half as likely",
        ),
    )?;
    // ANCHOR_END: common-and-rare

    // ANCHOR: five-waltzes
    let eight_bars = 8 * 6;
    let mut five = game.bars(&waltz).part(0, eight_bars);
    for other in game.corpus(4, &mut rng) {
        five = five.followed_by(&game.bars(&other).part(0, eight_bars));
    }
    page.show(
        "five-waltzes",
        &five
            .captioned("The first eight bars of five waltzes, one after the other"),
    )?;
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
        surprise.push((1.0 + now as f64 / 6.0, -f64::log2(chance)));
    }
    let series = [Series::new("", surprise.clone())];
    let axes = ("bar", "information (bits)");
    let figure = plot::scatter("Surprise, sixteenth by sixteenth", axes, &series);
    page.show(
        "surprise",
        &figure.captioned(
            "How much each sixteenth of the waltz tells: much where a bar \
             begins, nothing once only one measure fits",
        ),
    )?;
    // ANCHOR_END: surprise

    // ANCHOR: surprise-sum
    let told: f64 = surprise.iter().map(|moment| moment.1).sum();
    page.show(
        "surprise-sum",
        &format!("{told:.1}").captioned("bits, all 96 surprises added up"),
    )?;
    // ANCHOR_END: surprise-sum
    Ok(())
}
