//! 11 Sliders: three makers of bars that are told what to make, how well they listen, and music made of what they make.

// ANCHOR: imports
use aeolian::bars::{
    BAR, Judge, Lesson, Lessons, MEASURES, Request, SYMBOLS, Unit, Vae, VaeShape, chords,
    copies, critic, floor, measures, rank_correlation, rows, score, strong_notes,
};
use aeolian::gan::{ExpertShape, Forger, ForgerShape, Game, Latent, Loss, Made, Rules};
use aeolian::music::{Corpus, Part};
use aeolian::nn::{Curve, Saved, Schedule};
use aeolian::page::{Live, Page, Show, Table};
use aeolian::plot::{self, Series};
use aeolian::sliders::{
    Asking, ChordChain, Form, Maker, Manner, Phrase, StepModel, StepShape, accompany,
    between, mix_kinds, move_slider, noise,
};
use ndarray::{Array2, s};
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde_json::json;
// ANCHOR_END: imports

fn main() -> aeolian::Result<()> {
    // ANCHOR: lessons
    let mut page = Page::open("11-sliders")?;
    let mut rng = page.rng(2018);

    fn views(lessons: &[Lesson]) -> Vec<&Lesson> {
        lessons.iter().collect()
    }

    /// The lessons of a part.
    fn part(lessons: &Lessons, part: Part) -> Vec<Lesson> {
        lessons.part(part).cloned().collect()
    }

    /// Single bars, and pairs of bars, of tunes enough for a critic.
    fn lessons_of(music: &Corpus) -> aeolian::Result<[Lessons; 2]> {
        let lessons = [Lessons::of(music, 1)?, Lessons::of(music, 2)?];
        let [real, others] = [Part::Test, Part::Train].map(|of| part(&lessons[0], of));
        floor(&views(&real), &views(&others), 1)?;
        Ok(lessons)
    }
    let own = page.own("bars", "the book's tunes", lessons_of)?;
    let [one_bar, two_bars] = match own {
        Some(lessons) => lessons,
        None => lessons_of(&page.book_tunes()?)?,
    };
    let kinds = one_bar.kinds.len();
    // ANCHOR_END: lessons

    // ANCHOR: nine-bars
    let mut nine = vec![];
    for kind in 0..kinds {
        let of_kind = two_bars.part(Part::Train).filter(|lesson| lesson.kind == kind);
        nine.extend(of_kind.map(|lesson| lesson.unit.clone()).nth(6));
    }
    let heard = score("Two bars of each kind", &nine, 73, 100.0);
    let caption = format!("Real music, two bars of each: {}", one_bar.kinds.join(", "));
    page.show("nine-bars", &heard.captioned(&caption))?;
    // ANCHOR_END: nine-bars

    // ANCHOR: measured
    let asking = Asking::of(&two_bars);
    let scale = asking.scale.clone();
    let mut table =
        Table::new(&["measure", "first pair of bars", "last", "1 is", "10 is"]);
    let ends = [nine.first(), nine.last()].map(|pair| pair.map(measures));
    for (number, name) in MEASURES.iter().enumerate() {
        let found = ends.map(|all| format!("{:.2}", all.unwrap_or_default()[number]));
        let [low, high] =
            [scale.low[number], scale.high[number]].map(|end| format!("{end:.2}"));
        table.row(&[name, &found[0], &found[1], &low, &high]);
    }
    page.show(
        "measured",
        &table.captioned("What is counted, and the ends of each slider"),
    )?;
    // ANCHOR_END: measured

    // ANCHOR: bank
    // Bars, and what would have asked for them: conditions that both nets are told.
    let told = Request::width(kinds);
    let mut bank: Vec<(Unit, Vec<f32>)> = vec![];
    for _ in 0..30_000_u32 {
        let (_, unit, request) = asking.pick(&mut rng);
        bank.push((unit, request.conditions()));
    }

    /// Sixty-four of them from this place on, and their conditions.
    fn batch(bank: &[(Unit, Vec<f32>)], step: u64) -> (Vec<&Unit>, Array2<f32>) {
        let from = (64 * step) as usize;
        let places = (from..from + 64).map(|place| &bank[place % bank.len()]);
        let (mut units, mut conditions) = (vec![], vec![]);
        for (unit, told) in places {
            units.push(unit);
            conditions.extend(told);
        }
        let told = conditions.len() / units.len();
        (units, Array2::from_shape_vec((64, told), conditions).unwrap_or_default())
    }
    // ANCHOR_END: bank

    // ANCHOR: vae
    let shape = VaeShape { bars: 1, conditions: told, latent: 16, hidden: [192, 96] };
    let mut vae = Vae::new(&shape, &mut rng)?;
    let steps = page.shortened(3000) as u64;
    {
        let bar = page.progress("autoencoder", steps);
        let mut number = 0;
        let next = |_: &mut ChaCha8Rng| {
            number += 1;
            batch(&bank, number)
        };
        vae.train(steps, 1.0, &mut rng, next, |done, _, _| bar.at(done, steps))?;
    }
    // ANCHOR_END: vae

    // ANCHOR: gan
    let forger = ForgerShape {
        latent: Latent { normals: 32, ..Latent::default() },
        told,
        hidden: vec![128, 192],
        curve: Curve::LeakyRelu,
        norm: true,
        made: Made::Symbols {
            sizes: vec![SYMBOLS; BAR],
            not_in_short: vec![12, 13, 14, 15],
        },
    };
    let expert = ExpertShape {
        told,
        group: Some(8),
        projects: true,
        ..ExpertShape::new(BAR * SYMBOLS, &[192, 128])
    };
    let steps = page.shortened(2000) as u64;
    let schedule =
        Schedule::WarmUpAndCosine { highest: 1e-3, lowest: 5e-5, warm_up: 0, steps };
    // ANCHOR_END: gan

    // ANCHOR: game
    let mut game = Game::new(
        Forger::new(&forger, &mut rng)?,
        expert.build(&mut rng)?,
        &Rules {
            loss: Loss::Relativistic,
            penalty: 0.3,
            nudge: 0.1,
            forger: schedule,
            expert: schedule,
            beta_1: 0.5,
            beta_2: 0.99,
            kept: 0.998,
            parts: 2,
            ..Rules::default()
        },
    )?;
    let bar = page.progress("game", steps);
    for step in 0..steps {
        let (units, conditions) = batch(&bank, step);
        let real = rows(units.into_iter(), 1);
        game.step(real.view(), conditions.view())?;
        bar.at(step + 1, steps);
    }
    drop(bar);
    // ANCHOR_END: game

    // ANCHOR: step
    let shape = StepShape { kinds, hidden: [128, 64], scale: scale.clone() };
    let mut step_model = StepModel::new(&shape, &mut rng)?;
    let steps = page.shortened(2500) as u64;
    let bar = page.progress("step by step", steps);
    step_model.train(
        steps,
        32,
        &mut rng,
        |rng| asking.pick(rng),
        |done, _| bar.at(done, steps),
    )?;
    drop(bar);
    let mut makers = [
        ("autoencoder", Maker::Vae(vae)),
        ("forger", Maker::Forger(game.mean_forger())),
        ("step by step", Maker::Step(step_model)),
    ];
    // ANCHOR_END: step

    // ANCHOR: kinds
    /// How much of a kind is in bars of twelve steps.
    fn in_three(lessons: &Lessons, kind: usize) -> f32 {
        let of_kind = lessons.all.iter().filter(|lesson| lesson.kind == kind);
        let bars: Vec<usize> = of_kind.map(|lesson| lesson.unit.bar).collect();
        let three = bars.iter().filter(|bar| **bar == 12).count();
        three as f32 / bars.len().max(1) as f32
    }

    // One noise for two bars, and one chord after the other: only the kind changes.
    let chances = noise(2, makers[2].1.noise(), &mut rng);
    let mut through = vec![];
    for kind in 0..kinds {
        let bar = if in_three(&one_bar, kind) > 0.5 { 12 } else { BAR };
        let mut before: Option<Unit> = None;
        for (row, of_bar) in [[0_usize, 4], [0, 0]].into_iter().enumerate() {
            let mut request = Request::open(bar, kinds);
            request.kinds = vec![0.0; kinds];
            request.kinds[kind] = 1.0;
            request.chords = Some(of_bar);
            let chance = chances.slice(s![row..row + 1, ..]);
            let made = makers[2].1.make(&[request], &[before.as_ref()], chance, 2.5)?;
            before = made.into_iter().next();
            through.extend(before.clone());
        }
    }
    let heard = score("One noise, nine kinds", &through, 73, 100.0);
    let caption =
        format!("The same noise as two bars of each: {}", one_bar.kinds.join(", "));
    page.show("kinds", &heard.captioned(&caption))?;
    // ANCHOR_END: kinds

    // ANCHOR: one-noise
    let mut denser = vec![];
    for place in 0..5_u8 {
        let mut request = Request::open(BAR, kinds);
        request.measures[0] = Some(f32::from(place) / 2.0 - 1.0);
        let chance = chances.slice(s![..1, ..]);
        denser.extend(makers[2].1.make(&[request], &[None], chance, 2.5)?);
    }
    let heard = score("One noise, denser and denser", &denser, 73, 100.0);
    page.show(
        "one-noise",
        &heard.captioned("One noise, with the density at 1, 3, 5, 8 and 10"),
    )?;
    // ANCHOR_END: one-noise

    // ANCHOR: ear
    let [train, real] = [Part::Train, Part::Test].map(|of| part(&one_bar, of));
    fn taught_ear(train: &[Lesson], kinds: usize) -> aeolian::Result<Judge> {
        let lessons: Vec<(&Unit, usize)> =
            train.iter().map(|lesson| (&lesson.unit, lesson.kind)).collect();
        Judge::taught(&lessons, kinds, 5)
    }
    let mut ear = taught_ear(&train, kinds)?;
    let heard = ear.judge(&real.iter().map(|lesson| &lesson.unit).collect::<Vec<_>>())?;
    let mut right = 0_usize;
    for (heard, lesson) in heard.iter().zip(&real) {
        let most = heard.iter().copied().fold(0.0, f32::max);
        right += usize::from(heard[lesson.kind] == most);
    }
    let share = (100.0 * right as f64 / real.len() as f64).round();
    page.show(
        "ear-right-percent",
        &share.captioned("% of bars of other tunes whose kind a network hears"),
    )?;
    // ANCHOR_END: ear

    // ANCHOR: manners
    /// As it is asked, asked louder, and the best of sixteen.
    const MANNERS: [(&str, Manner); 3] = [
        ("once", Manner { tries: 1, loudness: 1.0 }),
        ("louder", Manner { tries: 1, loudness: 2.5 }),
        ("best of 16", Manner { tries: 16, loudness: 1.0 }),
    ];

    /// The rank correlations of all pairs of kinds, with the mean curve.
    fn kind_orders(
        (maker, loudness): (&mut Maker, f32),
        (real, kinds): (&[Lesson], usize),
        ear: &mut Judge,
        rng: &mut ChaCha8Rng,
    ) -> aeolian::Result<(f64, Vec<(f64, f64)>)> {
        let real: Vec<&Lesson> = real.iter().collect();
        let (mut order, mut mean, mut pairs) = (0.0, vec![(0.0, 0.0); 5], 0.0);
        for (from, to) in (0..kinds * kinds).map(|pair| (pair / kinds, pair % kinds)) {
            if from == to {
                continue;
            }
            let found = mix_kinds(maker, loudness, &real, ear, (from, to, kinds), rng)?;
            order += rank_correlation(&found);
            pairs += 1.0;
            for (sum, one) in mean.iter_mut().zip(found) {
                *sum = (one.0, sum.1 + one.1);
            }
        }
        let pairs = f64::max(pairs, 1.0);
        let mean = mean.into_iter().map(|(weight, sum)| (weight, sum / pairs));
        Ok((order / pairs, mean.collect()))
    }
    // ANCHOR_END: manners

    // ANCHOR: slider-rank-correlations
    let mut heads = vec!["maker", "asked"];
    heads.extend(MEASURES);
    heads.push("kind");
    let mut table = Table::new(&heads);
    let (mut by_weight, mut by_slider) = (vec![], vec![]);
    for (name, maker) in &mut makers {
        for (asked, manner) in MANNERS {
            let mut cells = vec![name.to_string(), asked.to_string()];
            for measure in 0..MEASURES.len() {
                let at = (&views(&real)[..], kinds);
                let found = move_slider(maker, manner, at, &scale, measure, &mut rng)?;
                cells.push(format!("{:.2}", rank_correlation(&found)));
                let drawn =
                    asked == "once" || (asked, *name) == ("louder", "step by step");
                if measure == 3 && drawn {
                    by_slider.push((format!("{name}, {asked}"), found));
                }
            }
            let asks = (&mut *maker, manner.loudness);
            let (order, mean) = kind_orders(asks, (&real, kinds), &mut ear, &mut rng)?;
            let once = manner.tries == 1;
            cells.push(if once { format!("{order:.2}") } else { "–".to_string() });
            let cells: Vec<&dyn std::fmt::Display> =
                cells.iter().map(|cell| cell as &dyn std::fmt::Display).collect();
            table.row(&cells);
            if asked == "once" {
                by_weight.push(Series::new(name, mean));
            }
        }
    }
    let caption = "How well each slider is obeyed, as rank correlations: 1 is always";
    page.show("slider-rank-correlations", &table.captioned(caption))?;
    // ANCHOR_END: slider-rank-correlations

    // ANCHOR: kind-by-weight
    let figure = plot::curves(
        "How likely an ear hears the second kind",
        ("weight of the second kind", "probability"),
        &by_weight,
    );
    page.show(
        "kind-by-weight",
        &figure.captioned("The mean of all pairs of kinds, for each maker, asked once"),
    )?;
    // ANCHOR_END: kind-by-weight

    // ANCHOR: measure-by-slider
    let mut series = vec![];
    for (name, found) in &by_slider {
        let mut means = vec![];
        for at_place in found.chunk_by(|a, b| a.0 == b.0) {
            let sum: f64 = at_place.iter().map(|one| one.1).sum();
            means.push((at_place[0].0, sum / at_place.len() as f64));
        }
        series.push(Series::new(name, means));
    }
    let figure = plot::curves(
        "What the slider for leaps does",
        ("where it stands", "mean leap, on the same scale"),
        &series,
    );
    page.show(
        "measure-by-slider",
        &figure.captioned("Leaps asked for, and found in the mean of sixty bars"),
    )?;
    // ANCHOR_END: measure-by-slider

    // ANCHOR: critic-percent
    fn percent(share: f64) -> String {
        format!("{:.1}", 100.0 * share)
    }
    let trained_on = one_bar.units(Part::Train);
    let mut table = Table::new(&["bars of", "asked", "critic (%)", "copies (%)"]);
    let known = copies(&one_bar.units(Part::Test), &trained_on);
    let least = percent(floor(&views(&real), &views(&train), 1)?);
    table.row(&[&"real tunes", &"–", &least, &percent(known)]);
    for (name, maker) in &mut makers {
        for (asked, Manner { tries, loudness }) in MANNERS {
            let mut requests = vec![];
            for lesson in &real {
                let request = Request::of(lesson, kinds, &scale);
                requests.push(request.opened(0.7, &mut rng));
            }
            let made = maker.sieved(&requests, &scale, tries, loudness, &mut rng)?;
            let right = critic(&views(&real), &made, 1)?;
            let copied = copies(&made, &trained_on);
            table.row(&[name, &asked, &percent(right), &percent(copied)]);
        }
    }
    let caption = "How often a critic is right: 50 is chance. And exact copies";
    page.show("critic-percent", &table.captioned(caption))?;
    // ANCHOR_END: critic-percent

    // ANCHOR: pairs
    /// Two bars in a row, as real pairs would have asked for them.
    fn pairs_like(
        real: &[Lesson],
        (maker, loudness): (&mut Maker, f32),
        asking: &Asking,
        kinds: usize,
        rng: &mut ChaCha8Rng,
    ) -> aeolian::Result<Vec<Unit>> {
        let mut pairs: Vec<Unit> = vec![];
        for number in 0..2 {
            let mut requests = vec![];
            for lesson in real {
                let request = Request::of(&lesson.bar(number), kinds, &asking.scale);
                requests.push(request.opened(0.7, rng));
            }
            let chance = noise(requests.len(), maker.noise(), rng);
            let before: Vec<Option<&Unit>> =
                (0..requests.len()).map(|place| pairs.get(place)).collect();
            let made = maker.make(&requests, &before, chance.view(), loudness)?;
            if number == 0 {
                pairs = made;
                continue;
            }
            let both = pairs.iter_mut().zip(made);
            both.for_each(|(first, then)| first.symbols.extend(then.symbols));
        }
        Ok(pairs)
    }
    // ANCHOR_END: pairs

    // ANCHOR: critic-two-bars
    let [train_pairs, real_pairs] =
        [Part::Train, Part::Test].map(|of| part(&two_bars, of));
    let mut table = Table::new(&["pairs of bars of", "asked", "critic (%)"]);
    let least = floor(&views(&real_pairs), &views(&train_pairs), 1)?;
    table.row(&[&"real tunes", &"–", &percent(least)]);
    for (name, maker) in &mut makers {
        for (asked, Manner { loudness, .. }) in &MANNERS[..2] {
            let asks = (&mut *maker, *loudness);
            let made = pairs_like(&real_pairs, asks, &asking, kinds, &mut rng)?;
            let right = percent(critic(&views(&real_pairs), &made, 1)?);
            table.row(&[name, asked, &right]);
        }
    }
    let caption = "The same of two bars in a row; only the last maker hears the first";
    page.show("critic-two-bars", &table.captioned(caption))?;
    // ANCHOR_END: critic-two-bars

    // ANCHOR: strong
    /// The share of notes on strong steps that belong to their chords, in percent.
    fn strong_share(bars: &[Unit], chords: &[[usize; 2]]) -> String {
        let (mut notes, mut right) = (0, 0);
        for (unit, of_bar) in bars.iter().zip(chords) {
            let found = strong_notes(unit, *of_bar);
            (notes, right) = (notes + found.0, right + found.1);
        }
        format!("{:.1}", 100.0 * right as f64 / notes.max(1) as f64)
    }
    // ANCHOR_END: strong

    // ANCHOR: chord-tones-percent
    let tested = one_bar.units(Part::Test);
    let given: Vec<[usize; 2]> = tested.iter().map(chords).collect();
    let mut shuffled = given.clone();
    shuffled.shuffle(&mut rng);
    let mut table = Table::new(&["melody", "chords", "strong notes in the chord (%)"]);
    table.row(&[&"real", &"its own", &strong_share(&tested, &given)]);
    table.row(&[&"real", &"shuffled", &strong_share(&tested, &shuffled)]);
    for (name, maker) in &mut makers {
        for (asked, Manner { loudness, .. }) in &MANNERS[..2] {
            let mut requests = vec![];
            for (lesson, given) in real.iter().zip(&given) {
                let mut request = Request::of(lesson, kinds, &scale);
                (request.measures, request.chords) = ([None; 6], Some(*given));
                requests.push(request);
            }
            let made = maker.sieved(&requests, &scale, 1, *loudness, &mut rng)?;
            let how = format!("given, asked {asked}");
            table.row(&[name, &how, &strong_share(&made, &given)]);
        }
    }
    let caption = "Notes on the first step of half a bar that belong to its chord";
    page.show("chord-tones-percent", &table.captioned(caption))?;
    // ANCHOR_END: chord-tones-percent

    // ANCHOR: phrases
    let chain = ChordChain::of(&two_bars);
    let mut dance = Request::open(BAR, kinds);
    dance.kinds = vec![0.0; kinds];
    let reels = one_bar.kinds.iter().position(|kind| kind == "reels").unwrap_or(0);
    dance.kinds[reels] = 1.0;
    let random =
        Form::Confetti.phrase(&mut makers[2].1, &dance, &chain, 2.5, &mut rng)?;
    let song = Form::Song.phrase(&mut makers[2].1, &dance, &chain, 2.5, &mut rng)?;
    let bars: Vec<Unit> = random.iter().chain(&song).map(|bar| bar.0.clone()).collect();
    let heard = score("Eight bars and eight bars", &bars, 73, 120.0);
    let caption = "First eight bars, each of its own noise; then eight as A A′ B A′";
    page.show("phrases", &heard.captioned(caption))?;
    // ANCHOR_END: phrases

    // ANCHOR: phrases-measured
    /// The mean step over the bar line in white keys, and the share of bars (%) that were there before.
    fn over_the_line(phrases: &[Phrase]) -> (f64, f64) {
        let (mut steps, mut lines, mut again, mut count) = (0, 0, 0, 0);
        for phrase in phrases {
            for two in phrase.windows(2) {
                let (before, after) = (two[0].0.notes(), two[1].0.notes());
                if let (Some(last), Some(first)) = (before.last(), after.first()) {
                    steps += last.key.abs_diff(first.key);
                    lines += 1_usize;
                }
            }
            for (place, bar) in phrase.iter().enumerate() {
                again += usize::from(phrase[..place].iter().any(|one| one.0 == bar.0));
                count += 1_usize;
            }
        }
        let share = 100.0 * again as f64 / count.max(1) as f64;
        (steps as f64 / lines.max(1) as f64, share)
    }
    // ANCHOR_END: phrases-measured

    // ANCHOR: phrases-compared
    let mut table =
        Table::new(&["eight bars", "step over the bar line", "bars that return (%)"]);
    let mut pairs: Vec<Phrase> = vec![];
    for lesson in two_bars.part(Part::Test) {
        let mut halves = vec![];
        for symbols in lesson.unit.symbols.chunks(lesson.unit.bar) {
            halves
                .push((Unit { bar: lesson.unit.bar, symbols: symbols.to_vec() }, [0, 0]));
        }
        pairs.push(halves);
    }
    table.row(&[&"real pairs", &format!("{:.2}", over_the_line(&pairs).0), &"–"]);
    for (number, form, name) in [
        (0, Form::Confetti, "autoencoder, any"),
        (2, Form::Confetti, "step by step, any"),
        (2, Form::Song, "step by step, A A′ B A′"),
    ] {
        let mut made = vec![];
        for _ in 0..40_u32 {
            let maker = &mut makers[number].1;
            made.push(form.phrase(maker, &dance, &chain, 2.5, &mut rng)?);
        }
        let (step, again) = over_the_line(&made);
        table.row(&[&name, &format!("{step:.2}"), &format!("{again:.0}")]);
    }
    page.show("phrases-compared", &table.captioned("Forty times eight bars of each"))?;
    // ANCHOR_END: phrases-compared

    // ANCHOR: voices
    let heard = accompany("Melody, chords and bass", &song, 73, 120.0);
    page.show("voices", &heard.captioned("The second eight bars again, accompanied"))?;
    // ANCHOR_END: voices

    // ANCHOR: walk
    let ends = noise(2, makers[2].1.noise(), &mut rng);
    let mut walked = vec![];
    for place in 0..7_u8 {
        let share = f32::from(place) / 6.0;
        let here = between(ends.slice(s![..1, ..]), ends.slice(s![1.., ..]), share);
        let mut request = dance.clone();
        request.chords = Some([0, 4]);
        walked.extend(makers[2].1.make(&[request], &[None], here.view(), 2.5)?);
    }
    let heard = score("From one bar to another", &walked, 73, 120.0);
    page.show(
        "walk",
        &heard.captioned("Seven bars on the way from one noise to another"),
    )?;
    // ANCHOR_END: walk

    // ANCHOR: studio
    let mut shares = vec![];
    for kind in 0..kinds {
        shares.push(in_three(&one_bar, kind));
    }
    let mut models = vec![];
    for number in [2_usize, 0, 1] {
        models.push(match &mut makers[number].1 {
            Maker::Step(model) => model.to_bytes()?,
            Maker::Vae(model) => model.to_bytes()?,
            Maker::Forger(model) => model.to_bytes()?,
        });
    }
    let sizes: Vec<usize> = models.iter().map(Vec::len).collect();
    let about = json!({
        "kinds": one_bar.kinds, "in_three": shares, "scale": scale,
        "chain": chain, "sizes": sizes,
    });
    // ANCHOR_END: studio

    // ANCHOR: studio-panel
    let still = accompany("As the sliders stand at first", &song, 73, 100.0);
    let mut live = Live::new("studio", 2018, still);
    for (number, kind) in one_bar.kinds.iter().enumerate() {
        let at_first = if number == reels { 1.0 } else { 0.0 };
        let name = format!("kind{number}");
        live = live.slider(&name, kind, (0.0, 1.0), 0.05, at_first);
    }
    for (number, measure) in MEASURES.iter().enumerate() {
        let means = format!("{measure} (0: any)");
        live = live.slider(&format!("measure{number}"), &means, (0.0, 10.0), 0.5, 0.0);
    }
    let live = live
        .slider("tempo", "quarters a minute", (40.0, 200.0), 1.0, 100.0)
        .slider("tries", "tries", (1.0, 16.0), 1.0, 8.0)
        .slider("strictness", "loudness of asking", (1.0, 4.0), 0.1, 1.5)
        .choice("maker", "made", &["step by step", "by the autoencoder", "by the forger"])
        .choice("form", "form", &["A A′ B A′", "bar after bar"])
        .choice("metre", "metre", &["as the kinds have it", "in three", "in four"])
        .choice("instrument", "melody", &["flute", "violin", "vibraphone", "piano"])
        .playing_with(&about, &models.concat())?;
    page.show("studio", &live.captioned("A reel of eight bars, made when the book was"))?;
    // ANCHOR_END: studio-panel
    Ok(())
}
