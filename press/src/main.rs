//! Makes the book (being written).
mod practise;

fn main() -> anyhow::Result<std::process::ExitCode> {
    practise::practise(std::path::Path::new("."), None, false, None)
}
