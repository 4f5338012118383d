//! fundament
fn main() {}
