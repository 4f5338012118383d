//! The automation: everything a person or a CI machine does with this repository, by one name.

mod bench;
mod demo;
mod fuzz;
mod install;
mod interop;
mod postgres;
mod run;
mod test;

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask demo [--reset] [--https ADDR] …   build, seed Korsbæk Kommune, serve
cargo xtask test                              the whole truth: every test, PostgreSQL, a real client, crashes
cargo xtask bench registers [--small]         measure; the report goes to docs/benchmarks.md
cargo xtask fuzz [SECONDS]                    throw random messages at the SOAP parser";

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = args.split_first().map_or(("", &[][..]), |(c, r)| (c.as_str(), r));
    match command {
        "demo" => demo::demo(rest),
        "test" => test::test(),
        "bench" => bench::bench(rest),
        "fuzz" => fuzz::fuzz(rest.first().map_or("60", String::as_str)),
        "" | "help" | "--help" => {
            println!("{HELP}");
            Ok(())
        }
        other => bail!("unknown command '{other}'\n{HELP}"),
    }
}
