//! Makes the book (being written): here only `practise [chapter] [watch] [hint=NAME]`.
mod practise;

fn main() -> anyhow::Result<std::process::ExitCode> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let chapter = words
        .iter()
        .find(|word| *word != "--watch" && !word.starts_with("--hint"));
    let hint = words.iter().find_map(|word| word.strip_prefix("--hint="));
    let watch = words.iter().any(|word| word == "--watch");
    practise::practise(
        std::path::Path::new("."),
        chapter.map(String::as_str),
        watch,
        hint,
    )
}
