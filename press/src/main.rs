fn main() {
    println!("being built");
}
