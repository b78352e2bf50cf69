//! 13 Whose music counts? A blind test, what is borrowed, who is a stranger to whom, how music is written down, and a duet.

// ANCHOR: imports
use aeolian::bars::{REST, Tune, Unit, plain, score, tunes};
use aeolian::composer::{
    Composer, ForPage, Heard, Lengths, Pair, Writer, WriterKind, critic_listens, pairs,
    pieces, recurrent, sung, taught, wilson,
};
use aeolian::markov::{Settings, Variable};
use aeolian::music::{Alphabet, Corpus, Melody, Note, Part, Piece, Step};
use aeolian::nn::Learner;
use aeolian::page::{Live, Page, Show, Table};
use aeolian::plot::{self, Series};
use aeolian::predict::{
    Borrowed, Sampling, TakingTurns, bits_per_note, bits_per_symbol, generate,
    longest_borrowed, share_of_new,
};
use aeolian::recurrent::Cell;
use aeolian::sound::{Instrument, mu_law};
use aeolian::wavenet::{Linear, Moment};
use ndarray::Array2;
use rand::seq::SliceRandom;
use serde_json::json;
// ANCHOR_END: imports

fn main() -> aeolian::Result<()> {
    // ANCHOR: listen
    let mut page = Page::open("13-whose")?;

    /// Whether a tune is heard by those who learn.
    fn is_heard(tune: &Tune) -> bool {
        tune.part != Part::Test
    }
    /// Whether a melody has twelve notes or more, all of whole sixteenths.
    fn in_sixteenths(melody: &Melody) -> bool {
        let whole = |step: &Step| {
            step.duration > 0 && (4 * step.duration).is_multiple_of(melody.resolution)
        };
        melody.steps.len() >= 12 && melody.steps.iter().all(whole)
    }
    /// What a composer has learned from: tunes, each with its style.
    fn learned_from(composer: &Composer) -> Vec<(usize, Vec<Unit>)> {
        let heard = composer.tunes.iter().filter(|tune| is_heard(tune));
        heard.map(|tune| (tune.kind, tune.usable().cloned().collect())).collect()
    }
    /// A composer who has listened to this music, if there is enough of it to judge what is composed.
    fn listener(music: &Corpus) -> aeolian::Result<(Corpus, Composer)> {
        let (kinds, tunes) = tunes(music);
        let composer = Composer::of(&kinds, tunes)?;
        let of_part = |heard: bool| {
            let tunes = composer.tunes.iter().filter(move |tune| is_heard(tune) == heard);
            tunes.filter(|tune| in_sixteenths(&music.pieces[tune.piece].score.melody()))
        };
        let fewest = [true, false].map(|heard| of_part(heard).count());
        if pairs(&composer, &learned_from(&composer)).len() < 4 || fewest.contains(&0) {
            return Err(aeolian::Error::value(
                "There are too few tunes to keep four for a test",
                "Give twenty tunes or more in sixteenths, with bars in 4/4, 2/4, 3/4 or 6/8",
            ));
        }
        Ok((music.clone(), composer))
    }
    let own = page.own("tunes", "the book's tunes", listener)?;
    let is_own = own.is_some();
    let (corpus, mut composer) = match own {
        Some(both) => both,
        None => listener(&page.book_tunes()?)?,
    };
    let lessons = composer.lessons();
    // ANCHOR_END: listen

    // ANCHOR: writers
    let lengths = Lengths {
        rounds: page.shortened(24),
        epochs: page.shortened(12),
        steps: page.shortened(1000) as u64,
    };
    let (mut writers, mut saved, mut composed) = (vec![], vec![], vec![]);
    for kind in WriterKind::ALL {
        let progress = page.progress(&kind.to_string(), 0);
        let (mut writer, bytes) =
            taught(kind, &lessons, lengths, &mut page.rng(2012), |done, all| {
                progress.at(done, all);
            })?;
        composed.push(pieces(&mut composer, &mut writer, 8)?);
        writers.push(writer);
        saved.push(bytes);
    }
    // ANCHOR_END: writers

    // ANCHOR: blind
    let contests: Vec<Vec<Pair>> =
        composed.iter().map(|pieces| pairs(&composer, &sung(pieces))).collect();
    let mut told = vec![];
    for (writer, pairs) in contests.iter().enumerate() {
        let sure = critic_listens(pairs, 4, 1)?;
        // Each tune once: a reader who has heard it would know it.
        for (pair, sure) in pairs.iter().zip(sure).skip(writer).step_by(contests.len()) {
            let letters =
                |clip: &Vec<Unit>| clip.iter().map(Unit::letters).collect::<Vec<_>>();
            let [person, model] = pair.clips.each_ref().map(letters);
            let title = corpus.pieces[pair.piece].name();
            told.push(json!([writer, pair.style, title, person, model, sure > 0.0]));
        }
    }
    told.shuffle(&mut page.rng(1950));
    let styles: Vec<_> = composer
        .styles
        .iter()
        .map(|style| json!([style.name, style.programs[0]]))
        .collect();
    let names = ["chain", "hidden states", "LSTM", "forger"];
    let about = json!({"writers": names, "styles": styles, "pairs": told});
    let mut clips = contests[0][0].clips.clone();
    let bar = clips[0][0].bar;
    clips[0].push(Unit { bar, symbols: vec![REST as u8; bar] });
    let program = composer.styles[contests[0][0].style].programs[0];
    let still = score("One of two", clips.iter().flatten(), program, 120.0);
    let live = Live::new("blind", page.seed(1950), still).playing_json(&about)?;
    page.show("blind", &live.captioned("Two clips: one by a person, one by a chain"))?;
    // ANCHOR_END: blind

    // ANCHOR: critic
    /// In how many pairs the critic finds the tune, when it has heard so many bars of each.
    fn found(pairs: &[Pair], bars: usize) -> aeolian::Result<usize> {
        let sure = critic_listens(pairs, bars, 1)?;
        Ok(sure.iter().filter(|sure| **sure > 0.0).count())
    }
    let others = pairs(&composer, &learned_from(&composer));
    let mut rows = vec![("other people".to_string(), others)];
    rows.extend(names.map(str::to_string).into_iter().zip(contests));
    let mut table = Table::new(&["clips by", "one bar (%)", "four bars (%)", "95 %"]);
    for (name, pairs) in &rows {
        let (one, four) = (found(pairs, 1)?, found(pairs, 4)?);
        let share = |right: usize| 100.0 * right as f64 / pairs.len().max(1) as f64;
        let (low, high) = wilson(four, pairs.len());
        let interval = format!("{:.0} to {:.0}", 100.0 * low, 100.0 * high);
        let [one, four] = [one, four].map(|right| format!("{:.0}", share(right)));
        table.row(&[name, &one, &four, &interval]);
    }
    let caption =
        format!("How often the critic finds the tune, of {} pairs", rows[1].1.len());
    page.show("critic", &table.captioned(&caption))?;
    // ANCHOR_END: critic

    // ANCHOR: steps
    /// A melody from note to note: so many semitones up or down, and how long, in 48ths of a
    /// quarter note. A rest is a step of its own.
    fn steps(melody: &Melody) -> Vec<usize> {
        let mut before: Option<usize> = None;
        let mut steps = vec![];
        for step in &melody.steps {
            let long = (48 * step.duration / melody.resolution) as usize;
            let up = match step.pitch.map(|pitch| usize::from(pitch.midi())) {
                Some(now) => 128 + now - before.replace(now).unwrap_or(now),
                None => 0,
            };
            steps.push(256 * long + up);
        }
        steps
    }
    // ANCHOR_END: steps

    // ANCHOR: music
    /// The pieces that were heard in training, or those that were not, moved to no sharps and flats.
    fn melodies(
        corpus: &Corpus,
        composer: &Composer,
        heard: bool,
    ) -> Vec<(String, Melody)> {
        let tunes = composer.tunes.iter().filter(|tune| is_heard(tune) == heard);
        let pieces = tunes.map(|tune| &corpus.pieces[tune.piece]);
        let named = |piece: &Piece| Some((piece.name(), plain(piece)?));
        pieces.filter_map(named).collect()
    }
    let known = melodies(&corpus, &composer, true);
    let sources: Vec<Vec<usize>> = known.iter().map(|known| steps(&known.1)).collect();
    let unheard = melodies(&corpus, &composer, false);
    let mut music: Vec<(String, Vec<Melody>)> =
        vec![("people".to_string(), unheard.into_iter().map(|piece| piece.1).collect())];

    let mut rng = page.rng(1790);
    let written = 4 * composer.styles.len();
    {
        let known: Vec<Melody> = known.iter().map(|known| known.1.clone()).collect();
        let alphabet = Alphabet::of(&known);
        let streams: Vec<Vec<usize>> =
            known.iter().map(|melody| alphabet.encode(melody)).collect();
        let chain = Variable::trained(Settings::LONG_TERM, alphabet.len(), &streams)?;
        let mut chain = TakingTurns::new(chain, alphabet.turns());
        let (end, drawn) = (alphabet.end(), Sampling::default());
        let mut all = vec![];
        for _ in 0..written {
            let tune = generate(&mut chain, &[], end, 400, drawn, &mut rng)?;
            all.push(alphabet.decode(&tune));
        }
        music.push(("chain of variable order (03)".to_string(), all));
    }
    let plain_net = recurrent(Cell::Rnn, &lessons, lengths.epochs, &mut rng, |_, _| {})?;
    let mut plain_net = Writer::Lstm(plain_net.player()?);
    for (name, number) in [
        ("hidden states (04)", 1_usize),
        ("plain recurrent net (06)", 4),
        ("LSTM (07)", 2),
        ("chain over two keys (10)", 0),
        ("forger (11)", 3),
    ] {
        let writer = writers.get_mut(number).unwrap_or(&mut plain_net);
        let mut all = vec![];
        for style in 0..composer.styles.len() {
            for _ in 0..4_u32 {
                let bars = composer.unplanned(style, 32, writer, &mut rng)?;
                all.push(score("", &bars, 73, 100.0).melody());
            }
        }
        music.push((name.to_string(), all));
    }
    // ANCHOR_END: music

    // ANCHOR: borrowed
    /// Of all runs of `n` notes, how many stand in one of the sources, in percent.
    fn borrowed(melodies: &[Melody], sources: &[Vec<usize>], n: usize) -> f64 {
        let (mut old, mut all) = (0.0, 0.0);
        for written in melodies.iter().map(steps) {
            let runs = written.len().saturating_sub(n - 1) as f64;
            old += runs * (1.0 - share_of_new(&written, sources, n));
            all += runs;
        }
        100.0 * old / f64::max(all, 1.0)
    }
    // ANCHOR_END: borrowed

    // ANCHOR: borrowed-shown
    let mut table = Table::new(&["music", "runs of 8 (%)", "longest run", "from"]);
    let mut series = vec![];
    for (name, melodies) in &music {
        let lengths = [1_usize, 2, 3, 4, 5, 6, 7, 8, 10, 12];
        let curve = lengths.map(|n| (n as f64, borrowed(melodies, &sources, n)));
        series.push(Series::new(name, curve));
        let runs = melodies
            .iter()
            .filter_map(|melody| longest_borrowed(&steps(melody), &sources));
        if let Some(run) = runs.max() {
            let share = format!("{:.1}", borrowed(melodies, &sources, 8));
            let notes = format!("{} notes", run.length);
            table.row(&[name, &share, &notes, &known[run.source.0].0]);
        }
    }
    let axes = ("notes in a row", "runs that stand in a tune heard in training (%)");
    let figure = plot::curves("What is borrowed", axes, &series);
    page.show(
        "borrowed",
        &(figure, table)
            .captioned("Runs of notes that stand in a tune heard in training"),
    )?;
    // ANCHOR_END: borrowed-shown

    // ANCHOR: borrowed-heard
    // The longest run that no person wrote: who wrote it, in which of their melodies.
    let mut longest = (Borrowed::default(), 0, 0);
    for (by, (_, melodies)) in music.iter().enumerate().skip(1) {
        for (number, melody) in melodies.iter().enumerate() {
            let run = longest_borrowed(&steps(melody), &sources).unwrap_or_default();
            longest = longest.max((run, by, number));
        }
    }
    let (run, by, number) = longest;

    /// The notes of a run, six before and six after, in 48ths of a quarter note.
    fn around(melody: &Melody, from: usize, length: usize) -> Vec<Step> {
        let fine = |step: &Step| Step {
            duration: 48 * step.duration / melody.resolution,
            ..*step
        };
        let before = from.min(6);
        let part = melody.steps.iter().skip(from - before).take(before + length + 6);
        part.map(fine).collect()
    }
    let mut side_by_side = around(&music[by].1[number], run.from, run.length);
    side_by_side.push(Step::rest(96));
    side_by_side.extend(around(&known[run.source.0].1, run.source.1, run.length));
    let heard = Melody { resolution: 48, steps: side_by_side };
    let (name, title) = (music[by].0.clone(), known[run.source.0].0.clone());
    let notes = run.length;
    let caption =
        format!("First the {name}, then \"{title}\": {notes} notes are the same");
    let heard = heard.score("Borrowed", 73).with_tempo(120.0);
    page.show("borrowed-heard", &heard.captioned(&caption))?;
    // ANCHOR_END: borrowed-heard

    // ANCHOR: kinds
    /// Tunes of each kind, as symbols.
    type Kinds = Vec<Vec<Vec<usize>>>;

    /// All tunes by kind, if there are two kinds of four tunes at least.
    fn by_kind(music: &Corpus) -> aeolian::Result<(Vec<String>, Kinds, Alphabet)> {
        let (names, tunes) = tunes(music);
        let mut melodies = vec![vec![]; names.len()];
        for tune in &tunes {
            melodies[tune.kind].extend(plain(&music.pieces[tune.piece]));
        }
        let alphabet = Alphabet::of(melodies.iter().flatten());
        let mut kinds: (Vec<String>, Kinds) = (vec![], vec![]);
        for (name, melodies) in names.into_iter().zip(melodies) {
            if melodies.len() >= 4 {
                kinds.0.push(name);
                kinds.1.push(melodies.iter().map(|tune| alphabet.encode(tune)).collect());
            }
        }
        if kinds.0.len() < 2 {
            return Err(aeolian::Error::value(
                "There are no two kinds of four tunes each",
                "Give two folders of tunes, or more",
            ));
        }
        Ok((kinds.0, kinds.1, alphabet))
    }
    let own = page.own("kinds", "the book's tunes", by_kind)?;
    let (kinds, by_kind, alphabet) = match own {
        Some(kinds) => kinds,
        None => by_kind(&page.book_tunes()?)?,
    };

    /// The tunes of a kind in two parts: every fourth tune is to be tried, from this one on, the others are to be learned.
    fn split(tunes: &[Vec<usize>], fold: usize) -> [Vec<&Vec<usize>>; 2] {
        let is_tried = |number: usize| number % 4 == fold;
        [false, true].map(|tried| {
            let all = tunes.iter().enumerate();
            all.filter(|tune| is_tried(tune.0) == tried).map(|tune| tune.1).collect()
        })
    }

    /// Bits a note of a chain of variable order.
    fn bits(
        alphabet: &Alphabet,
        [learned, tried]: [&[&Vec<usize>]; 2],
    ) -> aeolian::Result<f64> {
        let chain = Variable::trained(Settings::LONG_TERM, alphabet.len(), learned)?;
        bits_per_note(chain, alphabet, tried)
    }
    // ANCHOR_END: kinds

    // ANCHOR: strangers
    // As many tunes of each kind, so that no model knows more than another.
    let count = kinds.len();
    let fewest = by_kind.iter().map(Vec::len).min().unwrap_or(4);
    let least = fewest - fewest.div_ceil(4);
    let mut strange: Array2<f64> = Array2::zeros((count, count));
    for fold in 0..4 {
        let parts: Vec<_> = by_kind.iter().map(|tunes| split(tunes, fold)).collect();
        for (row, [learned, _]) in parts.iter().enumerate() {
            for (column, [_, tried]) in parts.iter().enumerate() {
                let found = bits(&alphabet, [&learned[..least], tried])?;
                strange[[row, column]] += found / 4.0;
            }
        }
    }
    // ANCHOR_END: strangers

    // ANCHOR: strangers-shown
    let axes = ("heard", "who hears: a model that has learned from");
    let mut short_names: Vec<String> = kinds.clone();
    for name in &mut short_names {
        name.truncate(name.find(" and ").unwrap_or(name.len()));
    }
    let figure =
        plot::heatmap("How strange it is", axes, &short_names, &short_names, &strange);
    let caption = format!("Bits a note. Each model has learned from {least} tunes");
    page.show("strangers", &figure.captioned(&caption))?;
    // ANCHOR_END: strangers-shown

    // ANCHOR: everything
    let mut table =
        Table::new(&["kind", "tunes", "of its own", "of all", "of all but its own"]);
    for (kind, name) in kinds.iter().enumerate() {
        let mut found = [0.0; 3];
        for fold in 0..4 {
            let [own, tried] = split(&by_kind[kind], fold);
            let others = by_kind.iter().enumerate().filter(|other| other.0 != kind);
            let others: Vec<&Vec<usize>> =
                others.flat_map(|other| split(other.1, fold)[0].clone()).collect();
            let all = [&own[..], &others].concat();
            for (found, learned) in found.iter_mut().zip([&own, &all, &others]) {
                *found += bits(&alphabet, [learned, &tried])? / 4.0;
            }
        }
        let found = found.map(|bits| format!("{bits:.2}"));
        table.row(&[name, &by_kind[kind].len(), &found[0], &found[1], &found[2]]);
    }
    let caption =
        "Bits a note of each kind, to models that have learned from its own, all, others";
    page.show("everything", &table.captioned(caption))?;
    // ANCHOR_END: everything

    // ANCHOR: heard-by-share
    // So many tunes in all, of which more and more are jigs. Each of sixteen times others are taken.
    let jigs = kinds.iter().position(|name| name == "jigs").unwrap_or(0);
    let all = by_kind[jigs].len() - by_kind[jigs].len().div_ceil(4);
    let mut curves: [Vec<f64>; 2] = [vec![0.0; all + 1], vec![0.0; all + 1]];
    for number in 0..16 {
        let [mut learned, tried] = split(&by_kind[jigs], number % 4);
        let [mut others, mut others_tried] = [vec![], vec![]];
        for (_, tunes) in by_kind.iter().enumerate().filter(|kind| kind.0 != jigs) {
            let [learned, tried] = split(tunes, number % 4);
            others.extend(learned);
            others_tried.extend(tried);
        }
        learned.shuffle(&mut rng);
        others.shuffle(&mut rng);
        for count in 0..=all {
            let left = others.len().min(all - count);
            let mixed = [&learned[..count], &others[..left]].concat();
            curves[0][count] += bits(&alphabet, [&mixed, &tried])? / 16.0;
            curves[1][count] += bits(&alphabet, [&mixed, &others_tried])? / 16.0;
        }
    }
    // ANCHOR_END: heard-by-share

    // ANCHOR: heard-by-share-shown
    let name = kinds[jigs].clone();
    let labels = [format!("at {name}"), "at all others".to_string()];
    let mut series = vec![];
    for (label, curve) in labels.iter().zip(curves) {
        let share = |count: usize| 100.0 * count as f64 / all as f64;
        let points = curve.iter().enumerate().map(|(count, bits)| (share(count), *bits));
        series.push(Series::new(label, points));
    }
    let across = format!("share of {name} in what was learned (%)");
    let figure =
        plot::curves("How many does it take?", (&across, "bits a note"), &series);
    let caption = format!("A model of {all} tunes, of which more and more are {name}");
    page.show("heard-by-share", &figure.captioned(&caption))?;
    // ANCHOR_END: heard-by-share-shown

    // ANCHOR: ways
    /// How a melody is written down.
    #[derive(Clone, Copy, PartialEq)]
    enum Form {
        Pitches,
        Intervals,
        Ratios,
        Grid,
    }

    /// A pitch of MIDI, or 128 for a rest.
    fn pitch_of(step: &Step) -> usize {
        step.pitch.map_or(128, |pitch| usize::from(pitch.midi()))
    }

    /// A symbol for a ratio of two lengths.
    fn ratio(long: usize, before: usize) -> usize {
        let mut common = (long, before);
        while common.1 > 0 {
            common = (common.1, common.0 % common.1);
        }
        300 + 32 * (long / common.0).min(31) + (before / common.0).min(31)
    }
    // ANCHOR_END: ways

    // ANCHOR: forms
    /// A melody whose durations are whole sixteenths, as symbols: for each note what it is, from 0
    /// on, and how long it lasts, from 300 on; or on the grid one for each sixteenth.
    fn symbols(melody: &Melody, form: Form) -> Vec<usize> {
        let (mut all, mut key, mut long) = (vec![], None, None);
        for step in &melody.steps {
            let sixteenths = (4 * step.duration / melody.resolution) as usize;
            let pitch = pitch_of(step);
            if form == Form::Grid {
                all.push(pitch);
                all.extend(vec![129; sixteenths - 1]); // held
                continue;
            }
            all.push(match form {
                Form::Pitches => pitch,
                _ if pitch == 128 => 256,
                _ => 128 + pitch - key.replace(pitch).unwrap_or(pitch),
            });
            all.push(match form {
                Form::Ratios => ratio(sixteenths, long.replace(sixteenths).unwrap_or(4)),
                _ => 300 + sixteenths,
            });
        }
        all
    }
    // ANCHOR_END: forms

    // ANCHOR: numbered
    /// The melodies that were heard in training, or the others, if they are in sixteenths; in their own keys, or without sharps and flats.
    fn on_grid(
        corpus: &Corpus,
        composer: &Composer,
        heard: bool,
        moved: bool,
    ) -> Vec<Melody> {
        let tunes = composer.tunes.iter().filter(|tune| is_heard(tune) == heard);
        let pieces = tunes.map(|tune| &corpus.pieces[tune.piece]);
        let melody = |piece: &Piece| {
            if moved { plain(piece) } else { Some(piece.score.melody()) }
        };
        pieces.filter_map(melody).filter(in_sixteenths).collect()
    }

    /// Bits a note of a chain of variable order that has learned melodies in one form, on others in the same.
    fn bits_in(form: Form, learned: &[Melody], tried: &[Melody]) -> aeolian::Result<f64> {
        let [learned, streams] = [learned, tried].map(|melodies| {
            melodies.iter().map(|tune| symbols(tune, form)).collect::<Vec<Vec<usize>>>()
        });
        let alphabet = match form {
            Form::Grid => 130,
            Form::Ratios => 300 + 32 * 32,
            _ => 300 + 128,
        };
        let turns = (0..alphabet).map(|symbol| usize::from(symbol >= 300)).collect();
        let chain = Variable::trained(Settings::LONG_TERM, alphabet, &learned)?;
        let bits = match form {
            Form::Grid => bits_per_symbol(&mut { chain }, &streams)?,
            _ => bits_per_symbol(&mut TakingTurns::new(chain, turns), &streams)?,
        };
        let symbols: usize = streams.iter().map(Vec::len).sum();
        let notes: usize = tried.iter().map(|melody| melody.steps.len()).sum();
        // Intervals do not say where they begin: that is one pitch of 128; nor ratios: one length of 32.
        let begins = match form {
            Form::Intervals => 7.0,
            Form::Ratios => 7.0 + 5.0,
            _ => 0.0,
        };
        let begins = begins * tried.len() as f64;
        Ok((bits * symbols as f64 + begins) / notes as f64)
    }
    // ANCHOR_END: numbered

    // ANCHOR: representations
    page.from_book(if is_own { "" } else { "the book's tunes" });
    let mut table = Table::new(&[
        "form",
        "numbers a note",
        "bits a note",
        "a semitone higher",
        "twice as slow",
    ]);
    for (name, form, moved) in [
        ("pitches, as written", Form::Pitches, false),
        ("pitches, in C", Form::Pitches, true),
        ("intervals", Form::Intervals, false),
        ("intervals, ratios of lengths", Form::Ratios, false),
        ("a grid of sixteenths, in C", Form::Grid, true),
    ] {
        let [learned, tried] =
            [true, false].map(|heard| on_grid(&corpus, &composer, heard, moved));
        let higher: Vec<Melody> =
            tried.iter().filter_map(|melody| melody.transposed(1)).collect();
        let mut slower = tried.clone();
        for step in slower.iter_mut().flat_map(|melody| &mut melody.steps) {
            step.duration *= 2;
        }
        let notes: usize = tried.iter().map(|melody| melody.steps.len()).sum();
        let numbers: usize = tried.iter().map(|melody| symbols(melody, form).len()).sum();
        let mut cells =
            vec![name.to_string(), format!("{:.1}", numbers as f64 / notes as f64)];
        for tried in [&tried, &higher, &slower] {
            cells.push(format!("{:.2}", bits_in(form, &learned, tried)?));
        }
        table.row(&[&cells[0], &cells[1], &cells[2], &cells[3], &cells[4]]);
    }
    // ANCHOR_END: representations

    // ANCHOR: sound
    /// The first twelve notes of each of these melodies as sound, a quarter note so many seconds long.
    fn sounds(melodies: &[Melody], up: i32, quarter: f64) -> Vec<Vec<Moment>> {
        let mut all = vec![];
        for melody in melodies.iter().filter_map(|melody| melody.transposed(up)) {
            let mut samples: Vec<f32> = vec![];
            for step in &melody.steps[..12] {
                let seconds =
                    quarter * f64::from(step.duration) / f64::from(melody.resolution);
                let end = samples.len() + (8000.0 * seconds) as usize;
                if let Some(pitch) = step.pitch {
                    samples.extend(Instrument::Pipe.tone(
                        pitch.hertz(),
                        seconds,
                        90,
                        8000,
                    ));
                }
                samples.resize(end, 0.0);
            }
            let code = |sample: &f32| mu_law::encode(*sample);
            let moment = |code: u8| Moment { code, ..Moment::default() };
            all.push(samples.iter().map(code).map(moment).collect());
        }
        all
    }
    let [learned, tried] = [true, false].map(|heard| {
        let all = on_grid(&corpus, &composer, heard, true).into_iter();
        all.take(8).collect::<Vec<Melody>>()
    });
    let linear = Linear::trained(16, false, &sounds(&learned, 0, 0.6))?;
    let mut cells = vec![];
    for (up, quarter) in [(0, 0.6), (1, 0.6), (0, 1.2)] {
        let sounds = sounds(&tried, up, quarter);
        let samples = sounds.iter().map(Vec::len).sum::<usize>() as f64;
        let a_note = samples / (12 * tried.len()) as f64;
        if cells.is_empty() {
            cells.push(format!("{a_note:.0}"));
        }
        cells.push(format!("{:.0}", linear.bits(&sounds) * a_note));
    }
    table.row(&[
        &"sound, 8,000 samples a second",
        &cells[0],
        &cells[1],
        &cells[2],
        &cells[3],
    ]);
    page.show(
        "representations",
        &table.captioned("The same tunes in six forms, and what a model of each pays"),
    )?;
    // ANCHOR_END: sound

    // ANCHOR: packed
    let seeds = [page.seed(1987); 4];
    let first = rows[1].1[0].style;
    let (about, models) = ForPage::of(&composer, (&writers, &saved), first, seeds)?;
    let mut styles: Vec<String> =
        composer.styles.iter().map(|style| style.name.clone()).collect();
    styles.rotate_left(first);
    // ANCHOR_END: packed

    // ANCHOR: duet
    // Two bars of a tune that nobody here has heard, and how the LSTM answers.
    let asked = Heard { bars: rows[1].1[0].clips[0][..2].to_vec(), ..Heard::default() };
    let answered = composer.answer(first, &asked, 2, &mut writers[2], &mut rng)?;
    let mut notes: Vec<Note> = score("", &answered.bars, 0, 100.0).voices.remove(0).notes;
    let later = 2 * asked.bars[0].bar as u32;
    notes.iter_mut().for_each(|note| note.onset += later);
    let still = score("A question and an answer", &asked.bars, 0, 100.0)
        .with_voice("answer", 0, notes);

    fn words(all: &[String]) -> Vec<&str> {
        all.iter().map(String::as_str).collect()
    }
    let mut live = Live::new("duet", page.seed(1987), still)
        .choice("does", "the machine", &["answers", "goes on", "accompanies"])
        .choice("model", "is a", &names);
    if styles.len() > 1 {
        live = live.choice("style", "style", &words(&styles));
    }
    let live = live
        .choice("bars", "bars in turn", &["2", "1", "4"])
        .slider("tempo", "beats a minute", (50.0, 160.0), 1.0, 100.0)
        .choice("beat", "beat", &["heard", "silent"])
        .playing_with(&about, &models)?;
    page.show("duet", &live.captioned("Two bars of a tune, and two by the LSTM"))?;
    // ANCHOR_END: duet
    Ok(())
}
