//! 12 Composer for hire: whole pieces to order, and how well they are as ordered.

// ANCHOR: imports
use aeolian::bars::{
    Judge, Lesson, Lessons, Unit, copies, critic, floor, rank_correlation, tunes,
};
use aeolian::composer::{
    Composer, FEATURES, Features, Mood, Order, Packed, Piece, SavedStates, Seeds, Writer,
    WriterKind, bootstrap, comes_back, heard, on_chord, read_lstm, returns, wilson,
};
use aeolian::music::{Corpus, Part};
use aeolian::nn::{Saved, Training, train};
use aeolian::page::{Live, Page, Show, Table, Takes};
use aeolian::plot::{self, Series};
use aeolian::recurrent::{Architecture, SequenceModel};
use aeolian::sliders::Maker;
use aeolian::sound::perform;
use serde_json::json;
use std::time::Instant;
// ANCHOR_END: imports

fn main() -> aeolian::Result<()> {
    // ANCHOR: listen
    let mut page = Page::open_with(
        "12-composer",
        &[
            Takes::Word("mood", "calm, bright, sad or restless"),
            Takes::Word("style", "a kind of tunes, such as waltz"),
            Takes::Word("model", "who writes: chain, hidden, lstm or gan"),
            Takes::Number("tempo", "beats a minute, 40 to 200"),
            Takes::Number("length", "seconds, 10 to 300"),
        ],
    )?;
    let ordered = ["mood", "style", "model"].iter().any(|word| page.word(word).is_some())
        || ["tempo", "length"].iter().any(|number| page.number(number).is_some());

    /// A composer who has listened to this music.
    fn listener(music: &Corpus) -> aeolian::Result<(Corpus, Composer)> {
        let (kinds, tunes) = tunes(music);
        Ok((music.clone(), Composer::of(&kinds, tunes)?))
    }
    /// The same, if there is enough music to judge what is composed.
    fn judged(music: &Corpus) -> aeolian::Result<(Corpus, Composer)> {
        let bars = Lessons::of(music, 1)?;
        let [real, others] = [Part::Test, Part::Train]
            .map(|part| bars.part(part).collect::<Vec<&Lesson>>());
        floor(&real, &others, 1)?;
        listener(music)
    }
    let listens = if ordered { listener } else { judged };
    let own = page.own("styles", "the book's tunes", listens)?;
    let (corpus, mut composer) = match own {
        Some(both) => both,
        None => listener(&page.book_tunes()?)?,
    };
    let lessons = composer.lessons();
    // ANCHOR_END: listen

    // ANCHOR: order
    let mood: Mood = page.word("mood").unwrap_or("calm").parse()?;
    let waltz = composer.style("waltz").unwrap_or(0);
    let style = page.word("style").map_or(Ok(waltz), |name| composer.style(name))?;
    let order = Order {
        features: mood.features(),
        style,
        tempo: page.number("tempo").unwrap_or(90) as f64,
        seconds: page.number("length").unwrap_or(48) as f64,
        writer: page.word("model").unwrap_or("chain").parse()?,
    }
    .checked()?;
    // ANCHOR_END: order

    // ANCHOR: writers
    /// A writer who has learned, and what a page needs to have it, too.
    fn taught(
        kind: WriterKind,
        lessons: &Lessons,
        page: &Page,
    ) -> aeolian::Result<(Writer, Vec<u8>)> {
        let mut rng = page.rng(2012);
        Ok(match kind {
            WriterKind::Chain => (Writer::chain(lessons), vec![]),
            WriterKind::Hidden => {
                let models = Writer::hidden(lessons, page.shortened(24), &mut rng)?;
                let saved: Vec<_> = models.iter().map(SavedStates::of).collect();
                let filters = models.iter().map(|model| model.filter()).collect();
                (Writer::Hidden(filters), json!(saved).to_string().into_bytes())
            }
            WriterKind::Lstm => {
                let alphabet = aeolian::bars::WORDS + lessons.kinds.len();
                let size =
                    Architecture { units: 64, embedding: 16, ..Architecture::default() };
                let mut model = SequenceModel::new(alphabet, &size, &mut rng)?;
                let settings = Training {
                    epochs: page.shortened(12),
                    rate: 0.008,
                    ..Training::default()
                };
                let progress = page.progress("lstm", 0);
                train(&mut model, &Writer::told(lessons), &[], &settings, |now| {
                    progress.at(now.step, now.steps);
                })?;
                let bytes = model.to_bytes()?;
                (read_lstm(&bytes)?, bytes)
            }
            WriterKind::Gan => {
                let steps = page.shortened(1000) as u64;
                let bar = page.progress("game", steps);
                let (mut forger, scale) =
                    Writer::gan(lessons, steps, &mut rng, |done| bar.at(done, steps))?;
                let bytes = forger.to_bytes()?;
                let maker = Box::new(Maker::Forger(forger));
                (Writer::Gan(maker, lessons.kinds.len(), scale), bytes)
            }
        })
    }
    // ANCHOR_END: writers

    // ANCHOR: piece
    let (mut writer, _) = taught(order.writer, &lessons, &page)?;
    let seeds: Seeds = [page.seed(7); 4];
    let piece = composer.compose(&order, &mut writer, seeds, None)?;
    let name = &composer.styles[order.style].name;
    let title = format!("A {mood} piece after {name}");
    let caption_of_piece = format!(
        "{title}, {} beats a minute: {} bars, {:.1} s",
        order.tempo,
        piece.bars(),
        piece.seconds()
    );
    page.show("piece", &piece.score(&title, [true; 3]).captioned(&caption_of_piece))?;
    if ordered {
        std::process::exit(0); // an order is no lesson: the rest is for the page
    }
    // ANCHOR_END: piece

    // ANCHOR: plan
    let mut table = Table::new(&["phrase", "bars", "chords", "closes", "written anew"]);
    for phrase in &piece.plan.phrases {
        let bars = phrase.from..phrase.from + phrase.bars;
        let mut chords: Vec<&str> = vec![];
        for bar in bars.clone() {
            let of_bar = piece.chords[bar].map(|chord| aeolian::bars::CHORDS[chord]);
            chords.extend(if of_bar[0] == of_bar[1] { &of_bar[..1] } else { &of_bar });
        }
        let new: Vec<String> = bars
            .clone()
            .filter(|bar| piece.plan.bars[*bar].again.is_none())
            .map(|bar| (bar + 1).to_string())
            .collect();
        let new = if new.is_empty() { "–".to_string() } else { new.join(", ") };
        let from_to = format!("{}–{}", bars.start + 1, bars.end);
        let closes = format!("{:?}", phrase.close).to_lowercase();
        table.row(&[&phrase.name(), &from_to, &chords.join(" "), &closes, &new]);
    }
    let caption = format!("The plan of the piece above: {}", piece.plan);
    page.show("plan", &table.captioned(&caption))?;
    // ANCHOR_END: plan

    // ANCHOR: layers
    // The first phrase four times: the bass, with chords, the melody alone, and all.
    let first = &piece.plan.phrases[0];
    let bar = piece.score("", [true; 3]).resolution * piece.style.bar as u32 / 4;
    let mut layers = piece.score("", [false; 3]);
    layers.title = "Layer by layer".to_string();
    let all = piece.score("", [true; 3]);
    let phrase =
        all.part(first.from as u32 * bar, (first.from + first.bars) as u32 * bar);
    for voice in &phrase.voices {
        layers = layers.with_voice(&voice.name, voice.program, vec![]);
    }
    for (number, sounds) in
        [[false, false, true], [false, true, true], [true, false, false], [true; 3]]
            .into_iter()
            .enumerate()
    {
        let later = number as u32 * first.bars as u32 * bar;
        for (voice, sounds) in sounds.into_iter().enumerate() {
            let notes = phrase.voices[voice].notes.iter().filter(|_| sounds);
            layers.voices[voice].notes.extend(
                notes.map(|note| aeolian::music::Note {
                    onset: note.onset + later,
                    ..*note
                }),
            );
        }
    }
    let caption = "Four bars: the bass, bass and chords, the melody alone, all together";
    page.show("layers", &layers.captioned(caption))?;
    // ANCHOR_END: layers

    // ANCHOR: moods
    // The same plan, chords and seeds; only the mood is another. A mood writes its own melody, since it asks for more notes or fewer.
    let mut in_moods: Vec<Piece> = vec![];
    for mood in Mood::ALL {
        let order = Order {
            features: mood.features(),
            tempo: 120.0,
            seconds: 12.0,
            ..order.clone()
        };
        in_moods.push(composer.compose(&order, &mut writer, seeds, None)?);
    }
    let mut together = in_moods[0].score("One plan, four moods", [true; 3]);
    for piece in &in_moods[1..] {
        together = together.followed_by(&piece.score("", [true; 3]));
    }
    let caption = "One plan in four moods: calm, bright, sad, restless";
    page.show("moods", &together.captioned(caption))?;
    // ANCHOR_END: moods

    // ANCHOR: moods-heard
    let sound = perform(&together)?;
    let mut table =
        Table::new(&["mood", "pitch", "notes a beat", "silent (%)", "loudness (LUFS)"]);
    for (number, (mood, piece)) in Mood::ALL.iter().zip(&in_moods).enumerate() {
        let [_, pitch, notes, silent, _] = heard(piece);
        let from = number as f64 * piece.seconds();
        let loudness = sound.part(from, from + piece.seconds()).loudness();
        table.row(&[
            mood,
            &format!("{pitch:.1}"),
            &format!("{notes:.2}"),
            &format!("{:.0}", 100.0 * silent),
            &format!("{:.1}", loudness.unwrap_or(f64::NAN)),
        ]);
    }
    page.show("moods-heard", &table.captioned("The four moods above, measured"))?;
    // ANCHOR_END: moods-heard

    // ANCHOR: mood-by-feature
    /// Where a control stands, and what is heard, for each of eight seeds; `at` says what a place of the control asks for.
    fn moved(
        composer: &mut Composer,
        order: &Order,
        writer: &mut Writer,
        at: &dyn Fn(f64) -> Features,
    ) -> aeolian::Result<Vec<Vec<(f64, [f64; 5])>>> {
        let mut found = vec![];
        for seed in 0..8_u64 {
            let mut of_seed = vec![];
            for place in 0..9_u32 {
                let value = f64::from(place) / 4.0 - 1.0;
                let order = Order { features: at(value), seconds: 48.0, ..order.clone() };
                let piece = composer.compose(&order, writer, [1000 + seed; 4], None)?;
                of_seed.push((value, heard(&piece)));
            }
            found.push(of_seed);
        }
        Ok(found)
    }

    /// One feature of all.
    fn of_feature(found: &[Vec<(f64, [f64; 5])>], number: usize) -> Vec<Vec<(f64, f64)>> {
        let one = |of_seed: &Vec<(f64, [f64; 5])>| {
            of_seed.iter().map(|(value, heard)| (*value, heard[number])).collect()
        };
        found.iter().map(one).collect()
    }

    /// The mean rank correlation of each seed's pieces.
    fn obeyed(found: &[Vec<(f64, f64)>]) -> f64 {
        let all = found.iter().map(|of_seed| rank_correlation(of_seed));
        all.sum::<f64>() / found.len().max(1) as f64
    }

    let heads = [
        "feature",
        "own control",
        "95 %",
        "all seeds",
        "at −1",
        "at 1",
        "pleasant",
        "active",
    ];
    let mut table = Table::new(&heads);
    let mut rng = page.rng(1980);
    let pleasant = |value: f64| Features::at(value, 0.0);
    let active = |value: f64| Features::at(0.0, value);
    let pleasant = moved(&mut composer, &order, &mut writer, &pleasant)?;
    let active = moved(&mut composer, &order, &mut writer, &active)?;
    for (number, name) in FEATURES.iter().enumerate() {
        let own = |value: f64| Features::NONE.with(number, value);
        let found = moved(&mut composer, &order, &mut writer, &own)?;
        let found = of_feature(&found, number);
        let (low, high) = bootstrap(&found, obeyed, &mut rng);
        let mean = |place: usize| {
            let sum: f64 = found.iter().map(|of_seed| of_seed[place].1).sum();
            format!("{:.2}", sum / found.len() as f64)
        };
        let dials = [&pleasant, &active];
        let by_dial =
            dials.map(|found| format!("{:.2}", obeyed(&of_feature(found, number))));
        table.row(&[
            name,
            &format!("{:.2}", obeyed(&found)),
            &format!("{low:.2} to {high:.2}"),
            &format!("{:.2}", rank_correlation(&found.concat())),
            &mean(0),
            &mean(8),
            &by_dial[0],
            &by_dial[1],
        ]);
    }
    let caption =
        "Rank correlations of what is asked with what is heard, each of 72 pieces";
    page.show("mood-by-feature", &table.captioned(caption))?;
    // ANCHOR_END: mood-by-feature

    // ANCHOR: all-writers
    let mut writers: Vec<Writer> = vec![];
    let mut saved: Vec<Vec<u8>> = vec![];
    for kind in WriterKind::ALL {
        let (writer, bytes) = taught(kind, &lessons, &page)?;
        writers.push(writer);
        saved.push(bytes);
    }
    // ANCHOR_END: all-writers

    // ANCHOR: ear
    /// An ear as in chapter 11, and the number under which it knows each style.
    fn taught_ear(
        music: &Corpus,
        composer: &Composer,
    ) -> aeolian::Result<(Lessons, Judge, Vec<usize>)> {
        let one_bar = Lessons::of(music, 1)?;
        let mut train: Vec<(&Unit, usize)> = vec![];
        for kind in 0..one_bar.kinds.len() {
            let of_kind = one_bar.part(Part::Train).filter(|lesson| lesson.kind == kind);
            let bars: Vec<(&Unit, usize)> =
                of_kind.map(|one| (&one.unit, kind)).collect();
            // As many of each kind: else it would hear the larger ones everywhere.
            train.extend(bars.iter().cycle().take(if bars.is_empty() { 0 } else { 200 }));
        }
        let ear = Judge::taught(&train, one_bar.kinds.len(), 5)?;
        let mut numbers = vec![];
        for style in &composer.styles {
            let known = one_bar.kinds.iter().position(|kind| *kind == style.name);
            numbers.push(known.unwrap_or(0));
        }
        Ok((one_bar, ear, numbers))
    }

    /// Which kind all bars together sound like.
    fn sounds_like(ear: &mut Judge, bars: &[Unit]) -> aeolian::Result<usize> {
        let mut known: Vec<&Unit> = vec![];
        for bar in bars {
            if !bar.notes().is_empty() && !known.contains(&bar) {
                known.push(bar);
            }
        }
        let mut sums: Vec<f64> = vec![];
        for row in ear.judge(&known)? {
            sums.resize(row.len(), 0.0);
            for (sum, share) in sums.iter_mut().zip(row) {
                *sum += f64::from(share).max(1e-9).ln();
            }
        }
        let most = (0..sums.len()).max_by(|a, b| sums[*a].total_cmp(&sums[*b]));
        Ok(most.unwrap_or(0))
    }
    let (one_bar, mut ear, numbers) = taught_ear(&corpus, &composer)?;
    // ANCHOR_END: ear

    // ANCHOR: pieces
    /// So many pieces of about 32 bars in each style, by this writer, in no mood.
    fn pieces(
        composer: &mut Composer,
        writer: &mut Writer,
        count: u64,
    ) -> aeolian::Result<Vec<Piece>> {
        let mut all = vec![];
        for style in 0..composer.styles.len() {
            for seed in 0..count {
                let beats = composer.styles[style].beats as f64;
                let order = Order {
                    features: Features::NONE,
                    style,
                    tempo: 120.0,
                    seconds: 32.0 * beats / 2.0,
                    writer: writer.kind(),
                };
                all.push(composer.compose(&order, writer, [5000 + seed; 4], None)?);
            }
        }
        Ok(all)
    }
    let mut by_writer: Vec<Vec<Piece>> = vec![];
    for writer in &mut writers {
        by_writer.push(pieces(&mut composer, writer, 12)?);
    }
    // ANCHOR_END: pieces

    // ANCHOR: style-recognised
    let mut heads = vec!["style", "tunes"];
    let names: Vec<String> = WriterKind::ALL.iter().map(WriterKind::to_string).collect();
    heads.extend(names.iter().map(String::as_str));
    let mut table = Table::new(&heads);
    let mut totals = vec![(0_usize, 0_usize); 5];
    for (style, about) in composer.styles.iter().enumerate() {
        let tested = composer
            .tunes
            .iter()
            .filter(|tune| (tune.kind, tune.part) == (style, Part::Test));
        let mut columns: Vec<Vec<Vec<Unit>>> =
            vec![tested.map(|tune| tune.usable().cloned().collect()).collect()];
        for pieces in &by_writer {
            let of_style = pieces.iter().filter(|piece| piece.order.style == style);
            columns.push(of_style.map(|piece| piece.melody.clone()).collect());
        }
        let mut cells = vec![about.name.clone()];
        for (column, total) in columns.iter().zip(&mut totals) {
            let mut right = 0_usize;
            for bars in column {
                right += usize::from(sounds_like(&mut ear, bars)? == numbers[style]);
            }
            *total = (total.0 + right, total.1 + column.len());
            cells.push(format!("{right} of {}", column.len()));
        }
        let cells: Vec<&dyn std::fmt::Display> =
            cells.iter().map(|cell| cell as &dyn std::fmt::Display).collect();
        table.row(&cells);
    }
    let mut cells = vec!["all (%)".to_string()];
    for (right, count) in totals {
        let (low, high) = wilson(right, count);
        let share = 100.0 * right as f64 / count.max(1) as f64;
        cells.push(format!("{share:.0} ({:.0} to {:.0})", 100.0 * low, 100.0 * high));
    }
    let cells: Vec<&dyn std::fmt::Display> =
        cells.iter().map(|cell| cell as &dyn std::fmt::Display).collect();
    table.row(&cells);
    let caption = "How often an ear hears the kind: tunes it does not know, and pieces";
    page.show("style-recognised", &table.captioned(caption))?;
    // ANCHOR_END: style-recognised

    // ANCHOR: form-returns
    let mut real: Vec<Vec<Unit>> = vec![];
    for tune in composer.tunes.iter().filter(|tune| tune.part == Part::Test) {
        let bars: Vec<Unit> = tune.usable().take(32).cloned().collect();
        if bars.len() >= 16 {
            real.push(bars);
        }
    }
    let mut free: Vec<Vec<Vec<Unit>>> = vec![];
    for writer in &mut writers {
        let mut all = vec![];
        for style in 0..composer.styles.len() {
            for _ in 0..4_u32 {
                all.push(composer.unplanned(style, 32, writer, &mut rng)?);
            }
        }
        free.push(all);
    }
    let planned: Vec<Vec<Unit>> =
        by_writer[0].iter().map(|piece| piece.melody.clone()).collect();
    let mut series = vec![];
    for (name, music) in
        [("tunes", &real), ("to a plan", &planned), ("the chain alone", &free[0])]
    {
        let mut curve = vec![];
        for lag in 1..17_usize {
            let all: Vec<f64> =
                music.iter().filter_map(|bars| comes_back(bars, lag)).collect();
            let mean = all.iter().sum::<f64>() / all.len().max(1) as f64;
            curve.push((lag as f64, 100.0 * mean));
        }
        series.push(Series::new(name, curve));
    }
    let axes = ("bars before", "bars that are the same (%)");
    let figure = plot::curves("How music comes back", axes, &series);
    page.show(
        "form-returns",
        &figure.captioned("How often a bar is as the one so many bars before was"),
    )?;
    // ANCHOR_END: form-returns

    // ANCHOR: ladder-of-forms
    let mut table = Table::new(&["music", "bars that return (%)", "95 %"]);
    let mut rows: Vec<(String, Vec<f64>)> = vec![];
    for (kind, music) in WriterKind::ALL.iter().zip(&free) {
        let shares = music.iter().map(|bars| returns(bars)).collect();
        rows.push((format!("{kind}, alone"), shares));
    }
    for (kind, music) in WriterKind::ALL.iter().zip(&by_writer) {
        let shares = music.iter().map(|piece| returns(&piece.melody)).collect();
        rows.push((format!("{kind}, to a plan"), shares));
    }
    rows.push(("tunes".to_string(), real.iter().map(|bars| returns(bars)).collect()));
    rows.retain(|row| !row.1.is_empty());
    for (name, shares) in &rows {
        let mean = |shares: &[f64]| shares.iter().sum::<f64>() / shares.len() as f64;
        let (low, high) = bootstrap(shares, mean, &mut rng);
        let interval = format!("{:.0} to {:.0}", 100.0 * low, 100.0 * high);
        table.row(&[name, &format!("{:.0}", 100.0 * mean(shares)), &interval]);
    }
    let caption = "Of 32 bars, those that were there before";
    page.show("ladder-of-forms", &table.captioned(caption))?;
    // ANCHOR_END: ladder-of-forms

    // ANCHOR: who-writes-best
    /// For each real bar that has the bar of its style, one that was composed in this style.
    fn beside<'a>(
        real: &[&'a Lesson],
        pieces: &[Piece],
        numbers: &[usize],
    ) -> (Vec<&'a Lesson>, Vec<Unit>) {
        let (mut kept, mut made) = (vec![], vec![]);
        for (style, number) in numbers.iter().enumerate() {
            let mut bars: Vec<Unit> = vec![];
            let of_style = pieces.iter().filter(|piece| piece.order.style == style);
            for (unit, bar) in
                of_style.flat_map(|piece| piece.melody.iter().zip(&piece.plan.bars))
            {
                if bar.again.is_none() && bar.phrase.is_some() {
                    bars.push(unit.clone());
                }
            }
            let of_kind = real.iter().filter(|lesson| lesson.kind == *number);
            for (place, lesson) in of_kind.enumerate() {
                if let Some(bar) =
                    bars.get(place).filter(|bar| bar.bar == lesson.unit.bar)
                {
                    kept.push(*lesson);
                    made.push(bar.clone());
                }
            }
        }
        (kept, made)
    }

    /// The share of notes on strong steps that belong to their chords, in percent.
    fn in_chord(bars: &[(Unit, [usize; 2], usize)]) -> String {
        let (mut notes, mut right) = (0, 0);
        for (unit, chords, slots) in bars {
            let found = on_chord(unit, *chords, *slots);
            (notes, right) = (notes + found.0, right + found.1);
        }
        let share = 100.0 * right as f64 / notes.max(1) as f64;
        let (low, high) = wilson(right, notes);
        format!("{share:.1} ({:.1} to {:.1})", 100.0 * low, 100.0 * high)
    }
    let known = one_bar.units(Part::Train);
    let tested: Vec<&Lesson> = one_bar.part(Part::Test).collect();
    let others: Vec<&Lesson> = one_bar.part(Part::Train).collect();
    let units = one_bar.units(Part::Test);
    // Chords are found for the tunes as they are for a melody that is kept.
    let mut under = vec![];
    for tune in composer.tunes.iter().filter(|tune| tune.part == Part::Test) {
        let style = composer.styles[tune.kind].clone();
        let own = tune.usable().filter(|unit| unit.bar == style.bar);
        let bars: Vec<Unit> = own.cloned().collect();
        let chords = composer.harmony.found(&bars, &style, tune.kind, &mut rng);
        let slots = style.chords();
        under.extend(
            bars.into_iter().zip(chords).map(|(bar, chords)| (bar, chords, slots)),
        );
    }
    fn percent(share: f64) -> String {
        format!("{:.0}", 100.0 * share)
    }
    let heads =
        ["written by", "critic (%)", "copies (%)", "strong notes in the chord (%)"];
    let mut table = Table::new(&heads);
    let (least, known_bars) = (floor(&tested, &others, 1)?, copies(&units, &known));
    table.row(&[&"people", &percent(least), &percent(known_bars), &in_chord(&under)]);
    for (kind, pieces) in WriterKind::ALL.iter().zip(&by_writer) {
        let (real, made) = beside(&tested, pieces, &numbers);
        let right = critic(&real, &made, 1).map_or("–".to_string(), percent);
        let mut sung = vec![];
        for piece in pieces {
            for (bar, chords) in piece.melody.iter().zip(&piece.chords) {
                sung.push((bar.clone(), *chords, piece.style.chords()));
            }
        }
        let copied = percent(copies(&made, &known));
        table.row(&[kind, &right, &copied, &in_chord(&sung)]);
    }
    let caption = "How often a critic is right (50 is chance), copies, and harmony";
    page.show("who-writes-best", &table.captioned(caption))?;
    // ANCHOR_END: who-writes-best

    // ANCHOR: minute
    // A minute of music, three times; the quickest counts.
    let mut times = vec![(f64::MAX, f64::MAX); 4];
    for ((writer, kind), times) in writers.iter_mut().zip(WriterKind::ALL).zip(&mut times)
    {
        let order = Order { seconds: 60.0, writer: kind, ..order.clone() };
        for seed in 0..3_u64 {
            let begun = Instant::now();
            let piece = composer.compose(&order, writer, [seed; 4], None)?;
            let written = begun.elapsed().as_secs_f64() * 1e3;
            perform(&piece.score("", [true; 3]))?;
            let sounded = begun.elapsed().as_secs_f64() * 1e3;
            *times = (times.0.min(written), times.1.min(sounded));
        }
    }
    let mut table = Table::new(&["writer", "notes (ms)", "notes and sound (ms)"]);
    for (kind, (written, sounded)) in WriterKind::ALL.iter().zip(&times) {
        table.row(&[kind, &format!("{written:.1}"), &format!("{sounded:.0}")]);
    }
    page.show("minute", &table.captioned("How long a minute of music takes"))?;
    // ANCHOR_END: minute

    // ANCHOR: packed
    let scale = match &writers[3] {
        Writer::Gan(_, _, scale) => scale.clone(),
        _ => aeolian::bars::Scale::of(&known),
    };
    let hidden: Vec<SavedStates> = serde_json::from_slice(&saved[1]).unwrap_or_default();
    let about = json!({
        "tunes": Packed::of(&composer), "scale": scale, "hidden": hidden,
        "sizes": [saved[2].len(), saved[3].len()], "first": order.style, "seeds": seeds,
    });
    let models = [&saved[2][..], &saved[3]].concat();
    let moods: Vec<String> = Mood::ALL.iter().map(Mood::to_string).collect();
    // The style of the piece above stands first.
    let mut styles: Vec<String> =
        composer.styles.iter().map(|style| style.name.clone()).collect();
    styles.rotate_left(order.style);
    // ANCHOR_END: packed

    // ANCHOR: composer
    fn words(all: &[String]) -> Vec<&str> {
        all.iter().map(String::as_str).collect()
    }
    let still = piece.score(&title, [true; 3]);
    let mut live =
        Live::new("composer", page.seed(7), still).choice("mood", "mood", &words(&moods));
    if styles.len() > 1 {
        live = live.choice("style", "style", &words(&styles));
    }
    let live = live
        .slider("tempo", "beats a minute", (40.0, 200.0), 1.0, order.tempo)
        .slider("length", "seconds", (10.0, 300.0), 1.0, order.seconds)
        .choice("model", "written by", &words(&names))
        .playing_with(&about, &models)?;
    page.show("composer", &live.captioned(&caption_of_piece))?;
    // ANCHOR_END: composer
    Ok(())
}
