//! `cargo xtask test`: the whole truth.

use crate::browser;
use crate::crash;
use crate::fuzz;
use crate::install;
use crate::interop::{self, Ground};
use crate::postgres::Postgres;
use crate::rabbitmq::RabbitMq;
use crate::run::{self, Beside, answers, cargo, run, say, shared};
use crate::ui;
use anyhow::{Context, Result};

/// Rounds of the crash test.
const CRASHES: &str = "50";
/// Rounds of the crash test of messages, and messages of each.
const MESSAGE_ROUNDS: &str = "5";
const MESSAGES: &str = "400";
/// What of the distributor can depend on who keeps its queues.
const ON_OTHER_GROUND: [&str; 4] = ["test_send.py", "test_fetch.py", "test_rest.py", "test_nodes.py"];
/// Seconds of fuzzing, all targets together.
const FUZZ_SECONDS: u64 = 48;
/// Minutes one step may take. The longest, building everything, takes about 11 on two cores.
const STEP: u64 = 25;
/// Random documents whose canonical form is compared.
const DOCUMENTS: usize = 100_000;

/// Every test, with everything it needs.
pub fn test() -> Result<()> {
    run::limit(STEP);
    install::c_compiler()?;
    ui::ui()?;
    ui::check()?;
    install::debian("openssl", &["openssl"], || answers("openssl", &["version"]))?;
    let contracts = shared("FUNDAMENT_CONTRACTS", "contracts");
    let contracts = contracts
        .canonicalize()
        .with_context(|| format!("the official contracts are not in {}", contracts.display()))?;
    let data = shared("FUNDAMENT_DATA", "data");
    let data = data.canonicalize().with_context(|| format!("the KLE file is not in {}", data.display()))?;
    let postgres = Postgres::start(false)?;
    let rabbitmq = RabbitMq::start()?;
    std::thread::scope(|scope| -> Result<()> {
        // What is not asked for before all is built comes meanwhile.
        let coming = Beside::start(scope, "installing other people's programs", || {
            interop::prepare()?;
            browser::prepare().map(drop)
        })?;
        say("Building");
        run(&mut cargo(&["build", "--workspace", "--tests", "--bins"]))?;
        coming.end()
    })?;
    say("Every test, those that need PostgreSQL and the official files included");
    run(cargo(&["test", "--workspace", "--", "--include-ignored"])
        .env("FUNDAMENT_CONTRACTS", contracts)
        .env("FUNDAMENT_DATA", data)
        .env("FUNDAMENT_RABBITMQ", &rabbitmq.url)
        .env("FUNDAMENT_TEST_POSTGRES", &postgres.url))?;
    let [interop, adgang, mail, besked] =
        ["interop", "adgang", "mail", "besked"].map(|name| postgres.database(name));
    let (interop, adgang, mail, besked) = (interop?, adgang?, mail?, besked?);
    // A browser is one step after another, and so is each suite of clients: neither keeps two processors busy alone.
    std::thread::scope(|scope| -> Result<()> {
        let waiting = Beside::start(scope, "clients of others, and the fuzzers built", || {
            interop::adviser(Some(&mail))?;
            interop::besked("sqlite", Ground::default(), &rabbitmq, &[])?;
            interop::zeep("sqlite", None)?;
            interop::zeep("postgresql", Some(&interop))?;
            interop::adgang("sqlite", None)?;
            interop::adgang("postgresql", Some(&adgang))?;
            fuzz::build()
        })?;
        browser::browser(&[])?;
        waiting.end()
    })?;
    interop::besked("postgresql", Ground::of(Some(&besked)), &rabbitmq, &ON_OTHER_GROUND)?;
    let beside = Ground { database: None, broker: Some(&rabbitmq.url) };
    interop::besked("rabbitmq", beside, &rabbitmq, &ON_OTHER_GROUND)?;
    drop(rabbitmq);
    interop::c14n(DOCUMENTS)?;
    say(&format!("Kill -9 during a load, {CRASHES} times"));
    crash::rounds("registers", &["--rounds", CRASHES])?;
    say("Kill -9 while messages are sent and fetched");
    crash::rounds("beskeder", &["--rounds", MESSAGE_ROUNDS, "--messages", MESSAGES])?;
    fuzz::fuzz(FUZZ_SECONDS, None)
}
