//! 04 Hidden states: weather that nobody sees, chords that nobody wrote, and a chain of states behind the music.

// ANCHOR: imports
use aeolian::chance::dice::Game;
use aeolian::markov::Chain;
use aeolian::markov::hidden::{Chord, Chords, Harmoniser, HiddenMarkov};
use aeolian::markov::hidden::{PseudoCounts, Symbols, Training};
use aeolian::music::frames::{Frame, KEYS, frames, from_frames};
use aeolian::music::{Alphabet, Corpus, Melody, Note, Part, Pitch, Score, abc};
use aeolian::page::{Live, Page, Show, Table, Takes};
use aeolian::plot::{self, Series};
use aeolian::predict::bits_per_note;
use ndarray::{Array, Array1, Array2, ArrayView1, Axis, Dimension, array, s};
use rand_chacha::ChaCha8Rng;
// ANCHOR_END: imports

// ANCHOR: weather
const WEATHER: [&str; 2] = ["calm", "wind"];
const CHIME: [&str; 3] = ["silent", "some", "many"];

/// The weather and its chime as they are. Nobody in this chapter may look inside.
fn weather() -> aeolian::Result<HiddenMarkov<Symbols>> {
    let emission = Symbols::new(array![[0.6, 0.3, 0.1], [0.1, 0.4, 0.5]])?;
    HiddenMarkov::new(array![0.6, 0.4], array![[0.8, 0.2], [0.3, 0.7]], emission)
}
// ANCHOR_END: weather

// ANCHOR: ring
/// A second for each day: no tube of the chime rings, or two strokes are heard, or six.
fn ring(days: &[usize]) -> Score {
    let mut notes = vec![];
    for (day, &heard) in days.iter().enumerate() {
        for stroke in 0..[0, 2, 6][heard] {
            let onset = 12 * day + [0, 7, 2, 4, 9, 11][stroke];
            let tube = [72, 74, 76, 79, 81, 84][(5 * day + 2 * stroke + stroke / 3) % 6];
            let pitch = Pitch::from_midi(tube);
            notes.extend(pitch.map(|pitch| Note::new(onset as u32, 12, pitch)));
        }
    }
    let bells = 14; // among the instruments of General MIDI
    Score::new("The chime", 12).with_tempo(60.0).with_voice("chime", bells, notes)
}
// ANCHOR_END: ring

fn main() -> aeolian::Result<()> {
    // ANCHOR: chime
    let takes = [
        Takes::Folds("keep one piece in N of your music for the test"),
        Takes::Number(
            "states",
            "states of the model that writes music: 64, at most 1000",
        ),
    ];
    let mut page = Page::open_with("04-hidden", &takes)?;
    // Of the seeds from 1870 on, the first that gives at least three mornings of each weather.
    let mut rng = page.rng(1871);
    let truth = weather()?;
    let (sky, heard) = truth.sample(10, &mut rng);
    let score = ring(&heard);
    page.show("chime", &score.captioned("The chime on ten days, a second each"))?;
    // ANCHOR_END: chime

    // ANCHOR: forward
    let emission = truth.emission().probabilities().to_owned();
    let transition = truth.transition().to_owned();
    let mut expected = truth.initial().to_owned();
    let mut bits = 0.0;
    let mut table = Table::new(&["day", "chime", "calm", "wind", "chance of this sound"]);
    for (day, &symbol) in heard.iter().enumerate() {
        let mut alpha = &expected * &emission.column(symbol);
        let chance = alpha.sum();
        alpha /= chance;
        expected = alpha.dot(&transition);
        bits -= chance.log2();
        let [calm, wind, chance] =
            [alpha[0], alpha[1], chance].map(|p| format!("{p:.3}"));
        table.row(&[&(day + 1), &CHIME[symbol], &calm, &wind, &chance]);
    }
    page.show("forward", &table.captioned("What the chime says of the sky, day by day"))?;
    // ANCHOR_END: forward

    // ANCHOR: diary-bits
    let same = -truth.log_likelihood(&heard)? / std::f64::consts::LN_2;
    assert!((same - bits).abs() < 1e-9);
    page.show("diary-bits", &format!("{bits:.2}").captioned("bits in the ten days"))?;
    // ANCHOR_END: diary-bits

    // ANCHOR: highest
    /// The place of the highest value.
    fn highest(values: ArrayView1<f64>) -> usize {
        let mut best = 0;
        for (place, value) in values.iter().enumerate() {
            if *value > values[best] {
                best = place;
            }
        }
        best
    }
    // ANCHOR_END: highest

    // ANCHOR: viterbi
    let mut best = &truth.initial() * &emission.column(heard[0]);
    let (mut pointers, mut weights) = (vec![], vec![&best / best.sum()]);
    let mut table = Table::new(&["day", "chime", "calm, best from", "wind, best from"]);
    for (day, &symbol) in heard.iter().enumerate().skip(1) {
        let ways = &transition * &best.insert_axis(Axis(1)); // from a row, to a column
        let from = [0, 1].map(|to| highest(ways.column(to)));
        best = array![ways[[from[0], 0]], ways[[from[1], 1]]] * emission.column(symbol);
        best /= best.sum(); // only which is larger counts
        weights.push(best.clone());
        let [calm, wind] =
            [0, 1].map(|to| format!("{:.3}, {}", best[to], WEATHER[from[to]]));
        table.row(&[&(day + 1), &CHIME[symbol], &calm, &wind]);
        pointers.push(from);
    }
    let mut path = vec![highest(best.view())];
    for from in pointers.iter().rev() {
        path.push(from[path[path.len() - 1]]);
    }
    path.reverse();
    page.show("viterbi", &table.captioned("The best way into each state, day by day"))?;
    // ANCHOR_END: viterbi

    // ANCHOR: filled
    let days: Vec<String> =
        heard.iter().map(|&symbol| CHIME[symbol].to_string()).collect();
    let states = WEATHER.map(String::from);
    let weights = Array2::from_shape_fn((days.len(), 2), |at| weights[at.0][at.1]);
    let pointers: Vec<Vec<usize>> = pointers.iter().map(|from| from.to_vec()).collect();
    let title = "The best way into each state, after 2, 4, 7 and 10 days";
    let until = [2, 4, 7, 10];
    let figure = plot::trellis_filled(title, &states, &days, &weights, &pointers, &until);
    page.show(
        "filled",
        &figure.captioned("Ways that lead nowhere are dropped; the last day decides"),
    )?;
    // ANCHOR_END: filled

    // ANCHOR: trellis
    assert_eq!(path, truth.viterbi(&heard)?.states);
    let posterior = truth.posterior(&heard)?;
    let title = "Ten days, and the likeliest path through them";
    let figure = plot::trellis(title, &states, &days, &posterior, &path);
    page.show("trellis", &figure.captioned("Circles: posterior; line: Viterbi"))?;
    // ANCHOR_END: trellis

    // ANCHOR: sky
    let was: Vec<String> = sky.iter().map(|&state| WEATHER[state].to_string()).collect();
    page.show("sky", &was.join(" ").captioned("the weather as it was"))?;
    // ANCHOR_END: sky

    // ANCHOR: days-right
    let (sky, heard) = truth.sample(10_000, &mut rng);
    let alpha = truth.forward(&heard)?.alpha;
    let posterior = truth.posterior(&heard)?;
    let alone = [0, 1, 2].map(|symbol| highest(emission.column(symbol)));
    let guesses = [
        ("nothing: always calm", vec![0; heard.len()]),
        ("the day alone", heard.iter().map(|&symbol| alone[symbol]).collect()),
        ("the days until then: forward", alpha.outer_iter().map(highest).collect()),
        ("all days: the posterior", posterior.outer_iter().map(highest).collect()),
        ("all days: Viterbi's path", truth.viterbi(&heard)?.states),
    ];
    let mut table = Table::new(&["judged by", "days right (%)"]);
    for (by, guess) in guesses {
        let right = guess.iter().zip(&sky).filter(|pair| pair.0 == pair.1).count();
        table.row(&[&by, &format!("{:.1}", right as f64 / 100.0)]);
    }
    page.show("days-right", &table.captioned("Ten thousand days, guessed in five ways"))?;
    // ANCHOR_END: days-right

    // ANCHOR: shares
    /// Divided by their sum, so that they add up to 1.
    fn shares<D: Dimension>(counts: Array<f64, D>) -> Array<f64, D> {
        let sum = counts.sum();
        counts / sum
    }
    // ANCHOR_END: shares

    // ANCHOR: expected
    /// How often each state is expected to have begun a diary, each step to have been taken, each sound to have come from each state.
    fn expected_counts(
        model: &HiddenMarkov<Symbols>,
        diaries: &[Vec<usize>],
    ) -> aeolian::Result<(Array1<f64>, Array2<f64>, Array2<f64>)> {
        let (chances, emission) = (model.transition(), model.emission().probabilities());
        let mut first = Array1::zeros(2);
        let (mut steps, mut sounds) = (Array2::zeros((2, 2)), Array2::zeros((2, 3)));
        for heard in diaries {
            let alpha = model.forward(heard)?.alpha;
            let mut later = Array1::ones(2); // how well each state explains the days to come
            for day in (0..heard.len()).rev() {
                let state = shares(&alpha.row(day) * &later);
                sounds.column_mut(heard[day]).scaled_add(1.0, &state);
                if day == 0 {
                    first += &state;
                    break;
                }
                let onwards = &later * &emission.column(heard[day]);
                let before = alpha.row(day - 1).insert_axis(Axis(1));
                steps += &shares(&chances * &before * &onwards);
                later = shares(chances.dot(&onwards)); // this is backward
            }
        }
        Ok((first, steps, sounds))
    }
    // ANCHOR_END: expected

    // ANCHOR: one-round
    /// Takes the counts that are expected for the truth: each row, divided by its sum, holds the new chances.
    fn one_round(
        model: &HiddenMarkov<Symbols>,
        diaries: &[Vec<usize>],
    ) -> aeolian::Result<HiddenMarkov<Symbols>> {
        let (first, mut steps, mut sounds) = expected_counts(model, diaries)?;
        for mut counts in steps.rows_mut().into_iter().chain(sounds.rows_mut()) {
            counts /= counts.sum();
        }
        HiddenMarkov::new(shares(first), steps, Symbols::new(sounds)?)
    }
    // ANCHOR_END: one-round

    // ANCHOR: first-round
    let diaries: Vec<Vec<usize>> =
        (0..200).map(|_| truth.sample(100, &mut rng).1).collect();
    let drawn = HiddenMarkov::random(Symbols::random(2, 3, &mut rng)?, &mut rng);
    let (mut model, mut rounds) = (drawn.clone(), 0);
    let mut table =
        Table::new(&["round", "0 to 1", "1 to 0", "silent in 0", "in 1", "bits a day"]);
    for round in [0, 1, 2, 5, 20, 100] {
        while rounds < round {
            model = one_round(&model, &diaries)?;
            rounds += 1;
        }
        let steps = model.transition();
        let silent = model.emission().probabilities().column(0).to_owned();
        let bits = model.bits_per_time(&diaries)?;
        let row = [steps[[0, 1]], steps[[1, 0]], silent[0], silent[1]];
        let [leave, back, first, second] = row.map(|chance| format!("{chance:.2}"));
        table.row(&[&round, &leave, &back, &first, &second, &format!("{bits:.4}")]);
    }
    page.show("first-round", &table.captioned("From chances at random, round by round"))?;
    // ANCHOR_END: first-round

    // ANCHOR: baum-welch
    let training =
        Training { iterations: 1, tolerance: 0.0, pseudo_counts: PseudoCounts::NONE };
    let mut same = drawn.clone();
    same.fit(&diaries, &training, |_, _| {})?;
    let off = &one_round(&drawn, &diaries)?.transition() - &same.transition();
    assert!(off.iter().all(|off| off.abs() < 1e-9));
    let training = Training { iterations: 100, tolerance: 0.0, ..Training::default() };
    let mut found = vec![];
    let mut curves = vec![];
    for start in 1..=4 {
        let mut model = HiddenMarkov::random(Symbols::random(2, 3, &mut rng)?, &mut rng);
        let nats = model.fit(&diaries, &training, |_, _| {})?;
        let bits = nats.iter().map(|nats| -nats / 20_000.0 / std::f64::consts::LN_2);
        let points = bits.enumerate().skip(1).map(|(i, bits)| (i as f64, bits));
        curves.push(Series::new(&format!("start {start}"), points));
        found.push((model.bits_per_time(&diaries)?, model));
    }
    let bits = truth.bits_per_time(&diaries)?;
    curves.push(Series::new("the truth", [(1.0, bits), (100.0, bits)]));
    let axes = ("iteration", "bits a day");
    let figure = plot::curves("Four starts of Baum–Welch", axes, &curves);
    page.show("baum-welch-curve", &figure.captioned("None ever gets worse"))?;
    // ANCHOR_END: baum-welch

    // ANCHOR: recovered
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    let learned = found.swap_remove(0).1;
    let silent = learned.emission().probabilities().column(0).to_owned();
    let names = if silent[0] > silent[1] { [0, 1] } else { [1, 0] };
    let mut table = Table::new(&["from", "to", "true", "learned"]);
    for (from, &a) in names.iter().enumerate() {
        for (to, &b) in names.iter().enumerate() {
            let (was, is) = (transition[[from, to]], learned.transition()[[a, b]]);
            table.row(&[&WEATHER[from], &WEATHER[to], &was, &format!("{is:.3}")]);
        }
    }
    page.show("recovered", &table.captioned("A sky that it never saw"))?;
    // ANCHOR_END: recovered

    // ANCHOR: part
    /// The scores of one part of the music.
    fn part(corpus: &Corpus, which: Part) -> Vec<Score> {
        corpus.part(which).map(|piece| piece.score.clone()).collect()
    }
    // ANCHOR_END: part

    // ANCHOR: chords
    let tunes = page.tunes()?.divided(page.number("folds"))?;
    let game = Game::printed()?;
    let waltzes = game.corpus(300, &mut rng);
    let waltzes: Vec<Score> = waltzes.iter().map(|waltz| game.bars(waltz)).collect();
    let learned = page.own("chords", "chords of the book's waltzes", |_| {
        Harmoniser::learn(&part(&tunes, Part::Train), &PseudoCounts::default())
    })?;
    let harmoniser = match learned {
        Some(harmoniser) => harmoniser,
        None => Harmoniser::learn(&waltzes, &PseudoCounts::default())?,
    };
    let names: Vec<String> = harmoniser.chords().iter().map(Chord::to_string).collect();
    let steps =
        harmoniser.transition().slice(s![..names.len(), ..names.len()]).to_owned();
    let figure = plot::graph("Which chord follows which", &names, &steps);
    page.show("chords", &figure.captioned("Learned from two hands, and moved to C"))?;
    // ANCHOR_END: chords

    // ANCHOR: chord-keys
    let emission = harmoniser.emission().to_owned();
    let figure = plot::keyboards("What each chord emits, C to B", &names, &emission);
    page.show(
        "chord-keys",
        &figure.captioned("A key is filled as far as the chord likes it"),
    )?;
    // ANCHOR_END: chord-keys

    // ANCHOR: harmonised
    let mut piece = tunes.part(Part::Test).next().unwrap_or(&tunes.pieces[0]).clone();
    for other in &tunes.pieces {
        if page.music().is_none() && other.score.title == "Clementine" {
            piece = other.clone();
        }
    }
    let tune = piece.score.clone();
    let live = Live::new("chords", 1870, harmoniser.harmonise(&tune)?)
        .slider("tempo", "quarter notes a minute", (60.0, 240.0), 1.0, 120.0)
        .choice("metre", "metre of your tune", &["3/4", "4/4", "2/4"])
        .choice("chords", "you hear", &["tune and chords", "the tune alone"])
        .playing_json(&(harmoniser.saved(), abc::encode(&tune).unwrap_or_default()))?;
    let caption = format!("{}, and chords nobody wrote", piece.name());
    page.show("harmonised", &live.captioned(&caption))?;
    // ANCHOR_END: harmonised

    // ANCHOR: harmonised-chords
    let chords = harmoniser.chords_for(&tune)?;
    let names: Vec<String> = chords.iter().map(|chord| chord.1.to_string()).collect();
    page.show("harmonised-chords", &names.join(" ").captioned("its chords"))?;
    // ANCHOR_END: harmonised-chords

    // ANCHOR: frames
    let own = page.own("frames", "the book's waltzes", |_| {
        Ok([Part::Train, Part::Valid, Part::Test].map(|which| part(&tunes, which)))
    })?;
    let beat = if own.is_some() { 1 } else { 2 }; // frames to a quarter note: a waltz counts eighths
    let scores = match own {
        Some(scores) => scores,
        None => [0..200, 200..250, 250..300].map(|which| waltzes[which].to_vec()),
    };
    let mut parts: Vec<Vec<Vec<Frame>>> = vec![];
    for scores in &scores {
        let mut part = vec![];
        for score in scores {
            part.push(frames(score, beat)?);
        }
        parts.push(part);
    }
    // ANCHOR_END: frames

    // ANCHOR: learn
    /// Baum–Welch with four strengths of smoothing: the model that the second part of the music likes best.
    fn learn(
        states: usize,
        parts: &[Vec<Vec<Frame>>],
        page: &Page,
        rng: &mut ChaCha8Rng,
    ) -> aeolian::Result<HiddenMarkov<Chords>> {
        let progress = page.progress(&format!("learning {states} states"), 4 * 60);
        let mut found = vec![];
        for emission in [0.1, 1.0, 4.0, 16.0] {
            let start = Chords::from_frames(states, &parts[0], rng)?;
            let mut model = HiddenMarkov::random(start, rng);
            let pseudo_counts = PseudoCounts { initial: 0.1, transition: 0.1, emission };
            let training = Training { iterations: 60, tolerance: 5e-4, pseudo_counts };
            model.fit(&parts[0], &training, |_, _| progress.step(""))?;
            found.push((model.bits_per_time(&parts[1])?, model));
        }
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        Ok(found.swap_remove(0).1)
    }
    // ANCHOR_END: learn

    // ANCHOR: names
    /// The name of a key of the piano.
    fn key_name(key: usize) -> String {
        Pitch::from_midi(21 + key as u8).map_or(String::new(), |pitch| pitch.to_string())
    }

    /// The keys that sound most in a state: three at most, the lowest first.
    fn state_name(keys: ArrayView1<f64>) -> String {
        let mut often: Vec<usize> = (0..KEYS).collect();
        often.sort_by(|&a, &b| keys[b].total_cmp(&keys[a]));
        often.truncate(3);
        often.retain(|&key| keys[key] > 0.3 || key == highest(keys));
        often.sort();
        let names: Vec<String> = often.into_iter().map(key_name).collect();
        names.join(" ")
    }

    /// The states in an order in which each likely leads to the next.
    fn in_order(model: &HiddenMarkov<Chords>) -> Vec<usize> {
        let mut order = vec![highest(model.initial())];
        while order.len() < model.states() {
            let mut next = model.transition().row(order[order.len() - 1]).to_owned();
            for &state in &order {
                next[state] = -1.0; // had its turn
            }
            order.push(highest(next.view()));
        }
        order
    }
    // ANCHOR_END: names

    // ANCHOR: states
    let dozen = learn(12, &parts, &page, &mut rng)?;
    let order = in_order(&dozen);
    let keys = dozen.emission().probabilities().select(Axis(0), &order);
    let steps = dozen.transition().select(Axis(0), &order).select(Axis(1), &order);
    let names: Vec<String> = keys.outer_iter().map(state_name).collect();
    let likely: Array2<f64> = steps.mapv(|p| if p < 0.15 { 0.0 } else { p });
    let figure = plot::graph("Twelve states, by their keys", &names, &likely);
    page.show("states", &figure.captioned("Who leads to whom"))?;
    // ANCHOR_END: states

    // ANCHOR: state-keys
    let used = (0..KEYS).filter(|&key| keys.column(key).iter().any(|&p| p > 0.2));
    let used: Vec<usize> = used.collect();
    let columns: Vec<String> = used.iter().map(|&key| key_name(key)).collect();
    let (title, axes) = ("How often each key sounds", ("key", "state"));
    let chances = keys.select(Axis(1), &used);
    let figure = plot::heatmap(title, axes, &names, &columns, &chances);
    page.show("state-keys", &figure.captioned("The same states: a row each"))?;
    // ANCHOR_END: state-keys

    // ANCHOR: bits-of-dozen
    let frame_bits = format!("{:.3}", dozen.bits_per_time(&parts[2])?);
    page.show(
        "bits-of-dozen",
        &frame_bits.captioned("bits a frame, with twelve states"),
    )?;
    // ANCHOR_END: bits-of-dozen

    // ANCHOR: bits-per-frame
    let states = page.number("states").unwrap_or(64).min(1000);
    let model = learn(states, &parts, &page, &mut rng)?;
    let frame_bits = format!("{:.3}", model.bits_per_time(&parts[2])?);
    page.show("bits-per-frame", &frame_bits.captioned("bits a frame"))?;
    // ANCHOR_END: bits-per-frame

    // ANCHOR: hidden-melody
    let mut music = model.sample(48, &mut rng).1;
    for _ in 0..1000 {
        if parts[0].iter().any(|piece| piece.last() == music.last()) {
            break; // it ends on a chord that music ends on
        }
        music = model.sample(48, &mut rng).1;
    }
    let mut score = from_frames("From hidden states", &music, beat);
    score.tempi = scores[0][0].tempi.clone();
    score.metres = scores[0][0].metres.clone();
    page.show("hidden-melody", &score.captioned("Music whose states nobody hears"))?;
    // ANCHOR_END: hidden-melody

    // ANCHOR: test-bits
    let train: Vec<Melody> =
        part(&tunes, Part::Train).iter().map(Score::melody).collect();
    let test: Vec<Melody> = part(&tunes, Part::Test).iter().map(Score::melody).collect();
    let alphabet = Alphabet::of(&train);
    let [streams, test] = [train, test].map(|melodies| alphabet.encode_all(&melodies));
    let start = Symbols::from_music(64, alphabet.len(), &streams, &mut rng)?;
    let mut hidden = HiddenMarkov::random(start, &mut rng);
    let progress = page.progress("learning tunes", 40);
    let pseudo_counts = PseudoCounts { initial: 0.05, transition: 0.05, emission: 0.05 };
    let training = Training { iterations: 40, tolerance: 1e-3, pseudo_counts };
    hidden.fit(&streams, &training, |_, _| progress.step(""))?;
    let bits = bits_per_note(hidden.filter(), &alphabet, &test)?;
    page.show("test-bits", &format!("{bits:.3}").captioned("bits a note"))?;
    // ANCHOR_END: test-bits

    // ANCHOR: chain-bits
    let chain = Chain::trained(2, alphabet.len(), &streams)?; // a note: pitch and duration
    let bits = bits_per_note(chain, &alphabet, &test)?;
    page.show("chain-bits", &format!("{bits:.3}").captioned("bits a note, order 1"))?;
    // ANCHOR_END: chain-bits
    Ok(())
}
