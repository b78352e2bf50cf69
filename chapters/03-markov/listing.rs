//! 03 What comes next?: chains over weather, words and tunes; how far back to look; and Xenakis.

// ANCHOR: imports
use aeolian::chance::dice::Game;
use aeolian::chance::oracle::{Hand, Oracle};
use aeolian::markov::{
    Chain, LongAndShort, MelodyModel, Settings, TransitionMatrix, Variable, Vocabulary,
    total_variation, xenakis,
};
use aeolian::music::{Alphabet, Melody, NoteBits, Part, Score, Split, abc};
use aeolian::page::{Live, Page, Show, Table, Takes};
use aeolian::plot::{self, Series};
use aeolian::predict::{
    Predictor, Sampling, TakingTurns, generate, generate_within, longest_copy, note_bits,
    share_of_new,
};
use ndarray::Array2;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use std::collections::HashMap;
use std::hash::Hash;
// ANCHOR_END: imports

// ANCHOR: diary
/// Half a year of weather, a letter a day: sun, cloud or rain.
const DIARY: &str = "\
    SSSRCCCSSCRSSSCRSRRRRSSSSSSSSSCCCCRCSRRRRCSSSCCRCRRSSRCRCSCR\
    CSSRRSSSSCSSSSCSCSSSSRRCRCCRRSRCSCCCSSSSSSSRCCRCSRRCSCRCRRRC\
    SSRCRCRRCSCSSSCCCRCSSSSSSSSSCRRRRSSSRRRSCCRCRSSCRRRRRCRRRCRR";
// ANCHOR_END: diary

fn main() -> aeolian::Result<()> {
    // ANCHOR: diary-heard
    let takes =
        [Takes::Text, Takes::Folds("test on each N-th part of the music in turn")];
    let mut page = Page::open_with("03-markov", &takes)?;
    let mut rng = page.rng(1913);
    let days: Vec<usize> = DIARY.chars().filter_map(|day| "SCR".find(day)).collect();
    let names = ["sun", "cloud", "rain"].map(String::from);

    /// A bar a day: sun climbs, cloud hangs, rain falls.
    const BARS: [&str; 3] = ["G4 C5 E5 G5:3", "A4 C5 A4 C5:3", "A5 F5 D5 A4:3"];

    fn heard(days: &[usize], title: &str) -> aeolian::Result<Score> {
        let bars: Vec<&str> = days.iter().map(|&day| BARS[day]).collect();
        let melody = Melody::parse(2, &bars.join(" "))?;
        Ok(melody.score(title, 11).with_tempo(132.0).with_metre(3, 4))
    }

    let score = heard(&days[..16], "The first sixteen days")?;
    page.show("diary-heard", &score.captioned("Sun climbs, cloud hangs, rain falls"))?;
    // ANCHOR_END: diary-heard

    // ANCHOR: transition-matrix
    let weather = TransitionMatrix::learned(3, &[&days])?;
    let mut table = Table::new(&["today", "then sun", "then cloud", "then rain"]);
    for (today, row) in weather.rows().outer_iter().enumerate() {
        let [sun, cloud, rain] = [0, 1, 2].map(|next| format!("{:.2}", row[next]));
        table.row(&[&names[today], &sun, &cloud, &rain]);
    }
    page.show("transition-matrix", &table.captioned("What came after what, as shares"))?;
    // ANCHOR_END: transition-matrix

    // ANCHOR: weather-graph
    let graph = plot::graph("Tomorrow's weather", &names, weather.rows());
    page.show("weather-graph", &graph.captioned("The same numbers, as ways to go"))?;
    // ANCHOR_END: weather-graph

    // ANCHOR: weather-walk
    let walk = weather.walk(0, 16, &mut rng);
    let score = heard(&walk, "Sixteen days that never were")?;
    let rows: Vec<Vec<f64>> = weather.rows().outer_iter().map(|r| r.to_vec()).collect();
    let live = Live::new("walk", 1906, score)
        .slider("tempo", "quarter notes a minute", (60.0, 240.0), 1.0, 132.0)
        .playing_json(&(&names, BARS, 2, 11, rows))?;
    page.show("weather-walk", &live.captioned("Weather that the chain made up"))?;
    // ANCHOR_END: weather-walk

    // ANCHOR: read
    type Followed<T> = HashMap<Vec<T>, Vec<T>>;

    /// Reads: after each run of `order` things, all that ever came next.
    fn read<T: Clone + Eq + Hash>(order: usize, lines: &[Vec<T>]) -> Followed<T> {
        let mut followed = Followed::new();
        for run in lines.iter().flat_map(|line| line.windows(order + 1)) {
            let (past, next) = run.split_at(order);
            followed.entry(past.to_vec()).or_insert(vec![]).push(next[0].clone());
        }
        followed
    }
    // ANCHOR_END: read

    // ANCHOR: write
    /// Writes: looks up the latest run, picks one of what came next, and does it again.
    fn write<T: Clone + Eq + Hash>(
        followed: &Followed<T>,
        start: &[T],
        length: usize,
        rng: &mut ChaCha8Rng,
    ) -> Vec<T> {
        let mut written = start.to_vec();
        while written.len() < length {
            let past = &written[written.len() - start.len()..];
            let next = followed.get(past).and_then(|came| came.choose(rng));
            let Some(next) = next else { break };
            written.push(next.clone());
        }
        written
    }
    // ANCHOR_END: write

    // ANCHOR: three-notes
    let mary: Vec<&str> =
        "E D C D E E E D D D E E E E D C D E E E E D D E D C".split(' ').collect();
    let followed = read(1, &[mary]);
    let mut table = Table::new(&["after", "came"]);
    let mut shares = Array2::zeros((3, 3));
    for (note, name) in ["C", "D", "E"].into_iter().enumerate() {
        let came = &followed[&vec![name]];
        table.row(&[&name, &came.join(" ")]);
        for (next, other) in ["C", "D", "E"].into_iter().enumerate() {
            let count = came.iter().filter(|&&came| came == other).count();
            shares[[note, next]] = count as f64 / came.len() as f64;
        }
    }
    let three = ["C", "D", "E"].map(String::from);
    let graph = plot::graph("Mary had a little lamb", &three, &shares);
    page.show(
        "three-notes",
        &(graph, table).captioned("The whole chain: what came after each note"),
    )?;
    // ANCHOR_END: three-notes

    // ANCHOR: sentence
    let mut prose: Vec<Vec<String>> = vec![];
    for sentence in page.prose()?.lines().filter(|line| !line.is_empty()) {
        prose.push(sentence.split(' ').map(String::from).collect());
    }
    let followed = read(1, &prose);
    let mut said = vec![];
    for sentence in prose.iter().take(3) {
        said.extend(write(&followed, &sentence[..1], 25, &mut rng));
    }
    page.show("sentence", &said.join(" ").captioned("by a chain of words"))?;
    // ANCHOR_END: sentence

    // ANCHOR: forecast
    let mut curves = vec![];
    for (today, name) in names.iter().enumerate() {
        let mut now = [0.0; 3];
        now[today] = 1.0;
        let rain = (0..=10)
            .map(|days| (f64::from(days), 100.0 * weather.forecast(&now, days)[2]));
        curves.push(Series::new(&format!("{name} today"), rain));
    }
    let axes = ("days ahead", "chance of rain (%)");
    let figure = plot::curves("A forecast forgets", axes, &curves);
    page.show("forecast", &figure.captioned("Three forecasts that become one"))?;
    // ANCHOR_END: forecast

    // ANCHOR: stationary
    let stationary = weather.stationary()?;
    let mut table = Table::new(&["weather", "stationary", "days in the diary"]);
    for (state, name) in names.iter().enumerate() {
        let share = days.iter().filter(|&&day| day == state).count() as f64 / 180.0;
        table.row(&[name, &format!("{:.3}", stationary[state]), &format!("{share:.3}")]);
    }
    page.show("stationary", &table.captioned("What every forecast ends in"))?;
    // ANCHOR_END: stationary

    // ANCHOR: mixing
    let mut mixing_days = 0;
    while (0..3).any(|today| {
        let now = [0, 1, 2].map(|state| if state == today { 1.0 } else { 0.0 });
        total_variation(&weather.forecast(&now, mixing_days), &stationary) > 0.01
    }) {
        mixing_days += 1;
    }
    page.show("mixing-days", &mixing_days.captioned("days until today is forgotten"))?;
    // ANCHOR_END: mixing

    // ANCHOR: sentences
    let words = Vocabulary::of(prose.iter().flatten().cloned());
    let books: Vec<Vec<usize>> =
        prose.iter().map(|sentence| words.encode(sentence)).collect();
    let (end, as_counted) = (words.end(), Sampling::default());
    let mut table = Table::new(&["order", "a sentence", "longest run of the book"]);
    for order in 0..=4 {
        let mut chain = Chain::trained(order, words.len(), &books)?.unsmoothed();
        let said = generate_within(&mut chain, 8..=25, end, as_counted, &mut rng)?;
        let text: Vec<String> = words.decode(&said).into_iter().cloned().collect();
        let copied = format!("{} of {} words", longest_copy(&said, &books), said.len());
        table.row(&[&order, &text.join(" "), &copied]);
    }
    page.show(
        "sentences",
        &table.captioned("The further it looks back, the better it quotes"),
    )?;
    // ANCHOR_END: sentences

    // ANCHOR: tunes
    let folds = page.number("folds");
    let corpus = page.tunes()?;
    let splits = corpus.melodies(folds)?;
    let mut table = Table::new(&["part", "melodies", "notes"]);
    for (part, melodies) in [
        ("train", &splits[0].train),
        ("valid", &splits[0].valid),
        ("test", &splits[0].test),
    ] {
        let notes: usize = melodies.iter().map(|melody| melody.steps.len()).sum();
        table.row(&[&part, &melodies.len(), &notes]);
    }
    page.show("tunes", &table.captioned("The music to learn from, and to be judged by"))?;
    // ANCHOR_END: tunes

    // ANCHOR: symbols
    let train = splits[0].train.clone();
    let alphabet = Alphabet::of(&train);
    let streams = alphabet.encode_all(&train);
    let names: Vec<String> =
        streams[0].iter().take(12).map(|&symbol| alphabet.name(symbol)).collect();
    page.show("symbols", &names.join("  ").captioned("a tune begins, as symbols"))?;
    // ANCHOR_END: symbols

    // ANCHOR: plain-tune
    let followed = read(4, &streams); // two notes: pitch, duration, pitch, duration
    let written = write(&followed, &streams[0][..4], 80, &mut rng);
    let score = alphabet.decode(&written).score("Read and written", 73).with_tempo(112.0);
    page.show("plain-tune", &score.captioned("A tune, by the same two functions"))?;
    // ANCHOR_END: plain-tune

    // ANCHOR: even
    let (pitches, durations) =
        (alphabet.pitch_len(), alphabet.len() - alphabet.pitch_len());
    let even = (pitches as f64).log2() + (durations as f64).log2();
    page.show(
        "even-bits",
        &format!("{even:.3}").captioned("bits a note, guessing evenly"),
    )?;
    // ANCHOR_END: even

    // ANCHOR: measured
    type Encode = fn(&Alphabet, &Melody) -> Vec<usize>;

    /// Trains a model on the training part of every split and measures it on the test part.
    fn measured<M: Predictor>(
        splits: &[Split],
        encode: Encode,
        train: impl Fn(&Alphabet, &[Vec<usize>]) -> aeolian::Result<M>,
    ) -> aeolian::Result<NoteBits> {
        let mut bits = NoteBits::default();
        for split in splits {
            let alphabet = Alphabet::of(&split.train);
            let encoded = |melodies: &[Melody]| -> Vec<Vec<usize>> {
                melodies.iter().map(|melody| encode(&alphabet, melody)).collect()
            };
            let mut model = train(&alphabet, &encoded(&split.train))?;
            bits += note_bits(&mut model, &alphabet, &encoded(&split.test))?;
        }
        Ok(bits)
    }
    // ANCHOR_END: measured

    // ANCHOR: fixed
    let mut fixed: Vec<NoteBits> = vec![];
    let progress = page.progress("training chains", 7);
    for order in 0..=6 {
        progress.at(order as u64, 7);
        fixed.push(measured(&splits, Alphabet::encode, |alphabet, tunes| {
            let chain = Chain::trained(2 * order, alphabet.len(), tunes)?;
            Ok(TakingTurns::new(chain, alphabet.turns()))
        })?);
    }
    drop(progress);
    let best = fixed.iter().map(NoteBits::per_note).fold(f64::INFINITY, f64::min);
    let bits = format!("{best:.3}");
    page.show("best-fixed-order-bits", &bits.captioned("bits a note, best fixed order"))?;
    // ANCHOR_END: fixed

    // ANCHOR: variable
    let variable = measured(&splits, Alphabet::encode, MelodyModel::trained)?;
    let bits = format!("{:.3}", variable.per_note());
    page.show("variable-order-bits", &bits.captioned("bits a note, variable order"))?;
    // ANCHOR_END: variable

    // ANCHOR: bits-by-order
    let long = measured(&splits, Alphabet::encode, |alphabet, tunes| {
        let long = Variable::trained(Settings::LONG_TERM, alphabet.len(), tunes)?;
        Ok(TakingTurns::new(long, alphabet.turns()))
    })?;
    let mut table = Table::new(&["model", "bits a note", "of pitch", "of duration"]);
    let (mut models, mut points) = (vec![], vec![]);
    for (order, bits) in fixed.iter().enumerate() {
        models.push((format!("order {order}"), *bits));
        points.push((order as f64, bits.per_note()));
    }
    models.push(("variable order, long-term".to_string(), long));
    models.push(("variable order, long- and short-term".to_string(), variable));
    for (model, bits) in &models {
        let bits = [bits.per_note(), bits.pitch_per_note(), bits.duration_per_note()];
        let [all, pitch, duration] = bits.map(|bits| format!("{bits:.3}"));
        table.row(&[model, &all, &pitch, &duration]);
    }
    let mut series = vec![Series::new("fixed order", points)];
    for (name, bits) in
        [("variable, long-term", long), ("variable, long- and short-term", variable)]
    {
        let across = [0.0, 6.0].map(|order| (order, bits.per_note()));
        series.push(Series::new(name, across));
    }
    let figure =
        plot::curves("What comes next?", ("order (notes)", "bits a note"), &series);
    let caption = "Bits a note on tunes that no model has seen; less is better";
    page.show("bits-by-order", &(figure, table).captioned(caption))?;
    // ANCHOR_END: bits-by-order

    // ANCHOR: pitches
    let pitches = measured(&splits, Alphabet::encode_pitches, |alphabet, tunes| {
        let long = Variable::trained(Settings::LONG_TERM, alphabet.pitch_len(), tunes)?;
        let short = Variable::short_term(Settings::SHORT_TERM, alphabet.pitch_len());
        Ok(LongAndShort::new(long, short))
    })?;
    let bits = format!("{:.3}", pitches.per_note());
    page.show("variable-order-pitch-bits", &bits.captioned("bits a pitch"))?;
    // ANCHOR_END: pitches

    // ANCHOR: fixed-pitches
    let mut best = f64::INFINITY;
    for order in 0..=6 {
        let bits = measured(&splits, Alphabet::encode_pitches, |alphabet, tunes| {
            Chain::trained(order, alphabet.pitch_len(), tunes)
        })?;
        best = best.min(bits.per_note());
    }
    let bits = format!("{best:.3}");
    page.show(
        "best-fixed-order-pitch-bits",
        &bits.captioned("bits a pitch, fixed order"),
    )?;
    // ANCHOR_END: fixed-pitches

    // ANCHOR: copying
    let mut table =
        Table::new(&["order", "new, of 4-note runs (%)", "longest copy (notes)"]);
    let mut new = vec![];
    for order in 0..=6 {
        let chain = Chain::trained(2 * order, alphabet.len(), &streams)?.unsmoothed();
        let mut chain = TakingTurns::new(chain, alphabet.turns());
        let (mut share, mut copied) = (0.0, 0);
        for _ in 0..20 {
            let sampling = Sampling::default();
            let tune =
                generate(&mut chain, &[], alphabet.end(), 128, sampling, &mut rng)?;
            share += 100.0 * share_of_new(&tune, &streams, 8) / 20.0;
            copied += longest_copy(&tune, &streams) / 2;
        }
        new.push((f64::from(order as u8), share));
        let copied = format!("{:.1}", copied as f64 / 20.0);
        table.row(&[&order, &format!("{share:.1}"), &copied]);
    }
    let figure = plot::curves(
        "From composing to copying",
        ("order (notes)", "four-note runs that no tune has (%)"),
        &[Series::new("", new)],
    );
    let caption = "Twenty melodies of each order, beside the tunes they learned from";
    page.show("copying-by-order", &(figure, table).captioned(caption))?;
    // ANCHOR_END: copying

    // ANCHOR: melody
    /// A tune of at least so many notes, and at most twice as many.
    fn tune(
        model: &mut impl Predictor,
        notes: usize,
        temperature: f64,
        rng: &mut ChaCha8Rng,
    ) -> aeolian::Result<Vec<usize>> {
        let sampling = Sampling { temperature, ..Sampling::default() };
        generate_within(model, 2 * notes..=4 * notes, 0, sampling, rng)
    }

    let long = Variable::trained(Settings::LONG_TERM, alphabet.len(), &streams)?;
    let mut long = TakingTurns::new(long, alphabet.turns());
    let new_tune = tune(&mut long, 36, 0.6, &mut rng)?;
    let score = alphabet.decode(&new_tune).score("A new tune", 73).with_tempo(112.0);
    page.show("melody", &score.captioned("A tune by the variable-order chain"))?;
    // ANCHOR_END: melody

    // ANCHOR: melody-new
    let new = format!("{:.0} %", 100.0 * share_of_new(&new_tune, &streams, 8));
    page.show("melody-new", &new.captioned("of its four-note runs are in no tune"))?;
    // ANCHOR_END: melody-new

    // ANCHOR: stuck
    let mut both = MelodyModel::trained(&alphabet, &streams)?;
    let stuck = tune(&mut both, 16, 0.8, &mut rng)?;
    let score = alphabet.decode(&stuck).score("Its own echo", 73).with_tempo(112.0);
    page.show(
        "stuck",
        &score.captioned("With the short-term memory, it follows itself"),
    )?;
    // ANCHOR_END: stuck

    // ANCHOR: temperatures
    let mut score = Score::new("Cold, warm, hot", 1);
    let mut chain = TakingTurns::new(
        Chain::trained(4, alphabet.len(), &streams)?.unsmoothed(),
        alphabet.turns(),
    );
    for temperature in [0.0, 0.7, 2.0] {
        let tune = tune(&mut chain, 10, temperature, &mut rng)?;
        let part = alphabet.decode(&tune).score("Cold, warm, hot", 0).with_tempo(120.0);
        score = if score.voices.is_empty() { part } else { score.followed_by(&part) };
    }
    page.show("temperatures", &score.captioned("Temperature 0, then 0.7, then 2"))?;
    // ANCHOR_END: temperatures

    // ANCHOR: endless
    let mut learned = String::new();
    for piece in corpus.divided(None)?.part(Part::Train) {
        let melody = piece.score.melody().score(&piece.score.title, 73);
        learned += &abc::encode(&melody)?;
        learned += "\n";
    }
    let endless = tune(&mut chain, 24, 1.0, &mut page.rng(1984))?;
    let score = alphabet.decode(&endless).score("It could go on", 73).with_tempo(112.0);
    let live = Live::new("tune", 1984, score)
        .slider("order", "notes that it looks back", (0.0, 8.0), 1.0, 2.0)
        .slider("temperature", "temperature", (0.0, 2.0), 0.05, 1.0)
        .slider("tempo", "quarter notes a minute", (60.0, 240.0), 1.0, 112.0)
        .playing(learned);
    page.show("endless", &live.captioned("A tune without end, on a flute"))?;
    // ANCHOR_END: endless

    // ANCHOR: dice
    page.from_book("the book's waltzes");
    let game = Game::printed()?;
    let mut waltzes = vec![];
    for waltz in game.corpus(440, &mut rng) {
        waltzes.push(game.melody(&waltz, Hand::Right));
    }
    let test = waltzes.split_off(400);
    let split = [Split { train: waltzes, valid: vec![], test }];
    let mut table = Table::new(&["model", "bits a note"]);
    for order in 0..=6 {
        let bits = measured(&split, Alphabet::encode, |alphabet, waltzes| {
            let chain = Chain::trained(2 * order, alphabet.len(), waltzes)?;
            Ok(TakingTurns::new(chain, alphabet.turns()))
        })?;
        table.row(&[&format!("order {order}"), &format!("{:.3}", bits.per_note())]);
    }
    let bits = measured(&split, Alphabet::encode, |alphabet, waltzes| {
        let long = Variable::trained(Settings::LONG_TERM, alphabet.len(), waltzes)?;
        Ok(TakingTurns::new(long, alphabet.turns()))
    })?;
    table.row(&[&"variable order, long-term", &format!("{:.3}", bits.per_note())]);
    let floor = measured(&split, Alphabet::encode, |alphabet, _| {
        Ok(Oracle::new(&game, Hand::Right, alphabet))
    })?;
    table.row(&[&"the table known", &format!("{:.3}", floor.per_note())]);
    page.show("dice", &table.captioned("Bits a note on 40 waltzes, after hearing 400"))?;
    // ANCHOR_END: dice

    // ANCHOR: dice-floor
    let bits = format!("{:.1}", (floor.pitch + floor.duration) / 40.0);
    page.show(
        "dice-floor-bits",
        &bits.captioned("bits a waltz, for a player who knows the table"),
    )?;
    // ANCHOR_END: dice-floor

    // ANCHOR: dice-entropy
    let bits = format!("{:.1}", game.melody_entropy_bits(Hand::Right));
    page.show(
        "dice-entropy-bits",
        &bits.captioned("bits of the right hand, worked out"),
    )?;
    // ANCHOR_END: dice-entropy

    // ANCHOR: xenakis-counts
    page.from_book("");
    let mut table = Table::new(&["step", "in the first state", "in the second"]);
    for (step, count) in xenakis::counts(8).into_iter().enumerate() {
        table.row(&[&step, &count, &(100 - count)]);
    }
    page.show("xenakis-counts", &table.captioned("100 systems, step by step"))?;
    // ANCHOR_END: xenakis-counts

    // ANCHOR: analogique
    let chosen = xenakis::screens(24, &mut rng)?;
    let screens: Vec<_> = chosen.into_iter().map(xenakis::Screen::number).collect();
    let cloud = xenakis::cloud(&screens, &mut rng)?;
    let figure = plot::spectrogram("Twenty-four screens", &cloud);
    page.show(
        "analogique",
        &(figure, cloud).captioned("A cloud of grains, screen after screen"),
    )?;
    // ANCHOR_END: analogique
    Ok(())
}
