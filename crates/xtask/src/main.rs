//! The automation: everything a person or a CI machine does with this repository, by one name.

mod bench;
mod browser;
mod crash;
mod demo;
mod fuzz;
mod install;
mod interop;
mod postgres;
mod rabbitmq;
mod run;
mod test;
mod ui;

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask demo [--reset] [--https ADDR] …   build, seed Korsbæk Kommune, serve
cargo xtask ui                                build the front end into ui/dist, which the server takes in
cargo xtask test                              the whole truth: every test, PostgreSQL, real clients, crashes, fuzzing
cargo xtask bench registers [--small]         measure; the report goes to docs/benchmarks.md
cargo xtask bench tokens                      measure the token service and what tokens cost; same report
cargo xtask bench beskeder [--small]          measure messages beside RabbitMQ; same report
cargo xtask bench administration              measure the pages of the Administrationsmodul; same report
cargo xtask crash registers|beskeder …        kill the server again and again (--rounds N --messages N; --postgresql or --rabbitmq)
cargo xtask interop zeep|adgang|c14n|besked   one suite of other people's programs alone
cargo xtask browser [JOURNEY]                 the Administrationsmodul in Chromium: journeys, and a look at every page
cargo xtask fuzz [SECONDS] [TARGET]           throw random messages at everything that reads them";

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = args.split_first().map_or(("", &[][..]), |(c, r)| (c.as_str(), r));
    match command {
        "demo" => demo::demo(rest),
        "ui" => ui::ui(),
        "test" => test::test(),
        "bench" => bench::bench(rest),
        "crash" => crash::crash(rest),
        "interop" => interop::suite(rest.first().map_or("", String::as_str)),
        "browser" => browser::alone(rest),
        "fuzz" => {
            let seconds = rest.first().map_or(Ok(60), |s| s.parse())?;
            fuzz::fuzz(seconds, rest.get(1).map(String::as_str))
        }
        "" | "help" | "--help" => {
            println!("{HELP}");
            Ok(())
        }
        other => bail!("unknown command '{other}'\n{HELP}"),
    }
}
