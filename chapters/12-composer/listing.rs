//! 12 Composer for hire: whole pieces to order, and how well they are as ordered.

// ANCHOR: imports
use aeolian::bars::{CHORDS, Lesson, Lessons, Unit, copies, critic, floor, tunes};
use aeolian::composer::{
    Composer, FEATURES, Features, ForPage, Lengths, Mood, Order, Piece, Seeds, StyleEar,
    Writer, WriterKind, beside, bootstrap, comes_back, harmonious, harmonious_tunes,
    heard, moved, obeyed, pieces, returns, taught, wilson,
};
use aeolian::music::{Corpus, Note, Part};
use aeolian::page::{Live, Page, Show, Table, Takes};
use aeolian::plot::{self, Series};
use aeolian::sound::perform;
use std::fmt::Display;
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
    let own = page.own("styles", "the book's tunes", |music| {
        if ordered { listener(music) } else { judged(music) }
    })?;
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
    fn learned(
        kind: WriterKind,
        lessons: &Lessons,
        page: &Page,
    ) -> aeolian::Result<(Writer, Vec<u8>)> {
        let lengths = Lengths {
            rounds: page.shortened(24),
            epochs: page.shortened(12),
            steps: page.shortened(1000) as u64,
        };
        let progress = page.progress(&kind.to_string(), 0);
        taught(kind, lessons, lengths, &mut page.rng(2012), |done, all| {
            progress.at(done, all);
        })
    }
    // ANCHOR_END: writers

    // ANCHOR: piece
    let (mut writer, _) = learned(order.writer, &lessons, &page)?;
    let seeds: Seeds = [page.seed(7); 4];
    let piece = composer.compose(&order, &mut writer, seeds, None)?;
    let name = composer.styles[order.style].name.clone();
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
            let of_bar = piece.chords[bar].map(|chord| CHORDS[chord]);
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
    let bars = 4 * piece.style.bar as u32 * piece.score("", [true; 3]).resolution / 4;
    let from = piece.plan.phrases[0].from as u32 * bars / 4;
    let phrase = piece.score("Layer by layer", [true; 3]).part(from, from + bars);
    let mut layers = phrase.clone();
    for voice in &mut layers.voices {
        voice.notes.clear();
    }
    let (bass, both, melody) =
        ([false, false, true], [false, true, true], [true, false, false]);
    for (later, sounds) in (0..).zip([bass, both, melody, [true; 3]]) {
        for voice in (0..3_usize).filter(|voice| sounds[*voice]) {
            let notes = phrase.voices[voice].notes.iter();
            let moved =
                notes.map(|note| Note { onset: note.onset + later * bars, ..*note });
            layers.voices[voice].notes.extend(moved);
        }
    }
    let caption = "Four bars: the bass, bass and chords, the melody alone, all together";
    page.show("layers", &layers.captioned(caption))?;
    // ANCHOR_END: layers

    // ANCHOR: moods
    // The same seeds: only the mood is another. It asks for more notes or fewer, so each has its own melody.
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
    let mut rng = page.rng(1980);
    let mut table = Table::new(&[
        "feature",
        "own control",
        "95 %",
        "at −1",
        "at 1",
        "pleasant",
        "active",
    ]);
    let pleasant =
        moved(&mut composer, &mut writer, &order, |value| Features::at(value, 0.0))?;
    let active =
        moved(&mut composer, &mut writer, &order, |value| Features::at(0.0, value))?;
    for (number, name) in FEATURES.iter().enumerate() {
        let own = |value: f64| Features::NONE.with(number, value);
        let found = moved(&mut composer, &mut writer, &order, own)?;
        let (low, high) = bootstrap(&found, |found| obeyed(found, number), &mut rng);
        let [first, last] = [0, 8_usize].map(|place| {
            let sum: f64 = found.iter().map(|of_seed| of_seed[place].1[number]).sum();
            sum / found.len() as f64
        });
        table.row(&[
            name,
            &format!("{:.2}", obeyed(&found, number)),
            &format!("{low:.2} to {high:.2}"),
            &format!("{first:.2}"),
            &format!("{last:.2}"),
            &format!("{:.2}", obeyed(&pleasant, number)),
            &format!("{:.2}", obeyed(&active, number)),
        ]);
    }
    let caption =
        "Rank correlations of what is asked with what is heard, each of 72 pieces";
    page.show("mood-by-feature", &table.captioned(caption))?;
    // ANCHOR_END: mood-by-feature

    // ANCHOR: all-writers
    let (mut writers, mut saved): (Vec<Writer>, Vec<Vec<u8>>) = (vec![], vec![]);
    let mut by_writer: Vec<Vec<Piece>> = vec![];
    for kind in WriterKind::ALL {
        let (mut writer, bytes) = learned(kind, &lessons, &page)?;
        by_writer.push(pieces(&mut composer, &mut writer, 12)?);
        writers.push(writer);
        saved.push(bytes);
    }

    let one_bar = Lessons::of(&corpus, 1)?;
    let mut ear = StyleEar::taught(&one_bar, Part::Train, &composer, 5)?;
    // And one that has learned from just those tunes that the composer has not heard.
    let mut other_ear = StyleEar::taught(&one_bar, Part::Test, &composer, 5)?;

    /// A row of a table.
    fn row(table: &mut Table, cells: &[String]) {
        let cells: Vec<&dyn Display> = cells.iter().map(|cell| cell as _).collect();
        table.row(&cells);
    }

    /// A share with its interval, in percent.
    fn sure((hits, trials): (usize, usize)) -> String {
        let (low, high) = wilson(hits, trials);
        let share = 100.0 * hits as f64 / trials.max(1) as f64;
        format!("{share:.1} ({:.1} to {:.1})", 100.0 * low, 100.0 * high)
    }

    /// The test tunes of a style, and each writer's pieces.
    fn in_style(
        composer: &Composer,
        by_writer: &[Vec<Piece>],
        style: usize,
    ) -> Vec<Vec<Vec<Unit>>> {
        let tunes = composer.tunes.iter().filter(|tune| tune.part == Part::Test);
        let tunes = tunes.filter(|tune| tune.kind == style);
        let mut all: Vec<Vec<Vec<Unit>>> =
            vec![tunes.map(|tune| tune.usable().cloned().collect()).collect()];
        for pieces in by_writer {
            let of_style = pieces.iter().filter(|piece| piece.order.style == style);
            all.push(of_style.map(|piece| piece.melody.clone()).collect());
        }
        all
    }
    // ANCHOR_END: all-writers

    // ANCHOR: style-recognised
    let names: Vec<String> = WriterKind::ALL.iter().map(WriterKind::to_string).collect();
    let mut table = Table::new(&["style", "tunes", "chain", "hidden", "lstm", "gan"]);
    let (mut totals, mut others) = ([(0_usize, 0_usize); 5], [(0_usize, 0_usize); 5]);
    for style in 0..composer.styles.len() {
        let mut cells = vec![composer.styles[style].name.clone()];
        let columns = in_style(&composer, &by_writer, style);
        for (number, column) in columns.iter().enumerate() {
            let (mut right, mut by_other) = (0_usize, 0_usize);
            for bars in column {
                right += usize::from(ear.hears(bars, style)?);
                by_other += usize::from(other_ear.hears(bars, style)?);
            }
            let (total, other) = (&mut totals[number], &mut others[number]);
            *total = (total.0 + right, total.1 + column.len());
            *other = (other.0 + by_other, other.1 + column.len());
            cells.push(format!("{right} of {}", column.len()));
        }
        row(&mut table, &cells);
    }
    let mut cells = vec!["all (%)".to_string()];
    cells.extend(totals.map(sure));
    row(&mut table, &cells);
    // The tunes it has learned from it need not judge.
    let mut cells = vec!["by the other ear (%)".to_string(), "–".to_string()];
    cells.extend(others[1..].iter().map(|other| sure(*other)));
    row(&mut table, &cells);
    let caption = "How often an ear hears the kind: tunes it does not know, and pieces";
    page.show("style-recognised", &table.captioned(caption))?;
    // ANCHOR_END: style-recognised

    // ANCHOR: music
    // Tunes of the test part; what each writer writes by itself; what it writes to a plan. Up to 32 bars of each.
    let mut music: Vec<(String, Vec<Vec<Unit>>)> = vec![];
    {
        let tunes = composer.tunes.iter().filter(|tune| tune.part == Part::Test);
        let bars = tunes.map(|tune| tune.usable().take(32).cloned().collect::<Vec<_>>());
        music.push(("tunes".to_string(), bars.filter(|bars| bars.len() >= 16).collect()));
    }
    for (name, writer) in names.iter().zip(&mut writers) {
        let mut alone = vec![];
        for number in 0..4 * composer.styles.len() {
            alone.push(composer.unplanned(number / 4, 32, writer, &mut rng)?);
        }
        music.push((format!("{name}, alone"), alone));
    }
    for (name, pieces) in names.iter().zip(&by_writer) {
        let planned = pieces.iter().map(|piece| piece.melody.clone()).collect();
        music.push((format!("{name}, to a plan"), planned));
    }
    music.retain(|music| !music.1.is_empty());
    // ANCHOR_END: music

    // ANCHOR: form-returns
    let mut series = vec![];
    for name in ["tunes", "chain, to a plan", "chain, alone"] {
        for (_, music) in music.iter().filter(|music| music.0 == name) {
            let mut curve = vec![];
            for lag in 1..17_usize {
                let all: Vec<f64> =
                    music.iter().filter_map(|bars| comes_back(bars, lag)).collect();
                let mean = all.iter().sum::<f64>() / all.len().max(1) as f64;
                curve.push((lag as f64, 100.0 * mean));
            }
            series.push(Series::new(name, curve));
        }
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
    for (name, music) in &music {
        let shares: Vec<f64> = music.iter().map(|bars| 100.0 * returns(bars)).collect();
        let mean = |shares: &[f64]| shares.iter().sum::<f64>() / shares.len() as f64;
        let (low, high) = bootstrap(&shares, mean, &mut rng);
        let interval = format!("{low:.0} to {high:.0}");
        table.row(&[name, &format!("{:.0}", mean(&shares)), &interval]);
    }
    let caption = "Of up to 32 bars, those that were there before";
    page.show("ladder-of-forms", &table.captioned(caption))?;
    // ANCHOR_END: ladder-of-forms

    // ANCHOR: who-writes-best
    let mut trained_on = one_bar.units(Part::Train);
    trained_on.extend(one_bar.units(Part::Valid));
    let units = one_bar.units(Part::Test);
    let least = {
        let [real, others] = [Part::Test, Part::Train]
            .map(|part| one_bar.part(part).collect::<Vec<&Lesson>>());
        floor(&real, &others, 1)?
    };
    let heads =
        ["written by", "critic (%)", "copies (%)", "strong notes in the chord (%)"];
    let mut table = Table::new(&heads);
    let harmony = sure(harmonious_tunes(&composer, &mut rng));
    let copied = format!("{:.0}", 100.0 * copies(&units, &trained_on));
    table.row(&[&"people", &format!("{:.0}", 100.0 * least), &copied, &harmony]);
    for (name, pieces) in names.iter().zip(&by_writer) {
        let (real, made) = beside(one_bar.part(Part::Test), pieces, &ear.classes);
        let right = critic(&real, &made, 1);
        let right =
            right.map_or("–".to_string(), |right| format!("{:.0}", 100.0 * right));
        let copied = format!("{:.0}", 100.0 * copies(&made, &trained_on));
        table.row(&[name, &right, &copied, &sure(harmonious(pieces))]);
    }
    let caption = "How often a critic is right (50 is chance), copies, and harmony";
    page.show("who-writes-best", &table.captioned(caption))?;
    // ANCHOR_END: who-writes-best

    // ANCHOR: minute
    // A minute of music, three times; the quickest counts.
    let mut table = Table::new(&["writer", "notes (ms)", "notes and sound (ms)"]);
    for (writer, name) in writers.iter_mut().zip(&names) {
        let order = Order { seconds: 60.0, writer: writer.kind(), ..order.clone() };
        let mut times = (f64::MAX, f64::MAX);
        for seed in 0..3_u64 {
            let begun = Instant::now();
            let piece = composer.compose(&order, writer, [seed; 4], None)?;
            let written = begun.elapsed().as_secs_f64() * 1e3;
            perform(&piece.score("", [true; 3]))?;
            let sounded = begun.elapsed().as_secs_f64() * 1e3;
            times = (times.0.min(written), times.1.min(sounded));
        }
        table.row(&[name, &format!("{:.1}", times.0), &format!("{:.0}", times.1)]);
    }
    page.show("minute", &table.captioned("How long a minute of music takes"))?;
    // ANCHOR_END: minute

    // ANCHOR: packed
    let (about, models) = ForPage::of(&composer, (&writers, &saved), order.style, seeds)?;
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
