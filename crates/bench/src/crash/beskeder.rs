//! Kill -9 while messages are sent and fetched, again and again: of the server, and of what it stands on.
//!
//! Two senders send to one dueslag and one receiver fetches, each coming back as soon as the server does. What had no reply
//! is sent again. In the end every message answered with 20 was delivered; what came more than once was the same message and
//! said so; and what one sender sent one at a time came in that order.

mod parter;

use crate::beskeder::{Beskeder, Broker, beskeder, dueslag};
use crate::server::{Server, command, flag};
use anyhow::{Context, Result, bail, ensure};
use clap::Parser;
use parter::{Afsender, fetch, send};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

const PORT: u16 = 18_943;
/// Longest time a round may go on without anything new being delivered.
const PATIENCE: Duration = Duration::from_secs(120);
/// A RabbitMQ that is killed sooner after it made a quorum queue may not know it again: that is its own to lose.
const QUEUE_KNOWN: Duration = Duration::from_secs(15);
/// Longest pause between reaching the point of a kill and the kill, in microseconds.
const JITTER_MICROS: u64 = 5_000;

/// How to crash.
#[derive(Debug, Parser)]
pub struct Args {
    /// The server.
    #[arg(long)]
    binary: PathBuf,
    /// Where data is kept.
    #[arg(long)]
    work: PathBuf,
    /// A scratch PostgreSQL (`postgres://…`); without it SQLite is used.
    #[arg(long)]
    postgres: Option<String>,
    /// A scratch RabbitMQ (`amqp://…`) that keeps the queues.
    #[arg(long)]
    broker: Option<String>,
    /// A program that kills the database or RabbitMQ and starts it again; then one in two kills is of that.
    #[arg(long)]
    ground: Option<PathBuf>,
    /// How many times everything is sent, fetched and looked over.
    #[arg(long, default_value_t = 5)]
    rounds: u64,
    /// Messages of a round, half of them from each sender.
    #[arg(long, default_value_t = 400)]
    messages: u64,
    /// How many times something is killed in a round.
    #[arg(long, default_value_t = 4)]
    kills: u64,
    /// Decides the moments; printed, so that a failure can be repeated.
    #[arg(long)]
    seed: Option<u64>,
}

impl Args {
    async fn start(&self, data: &Path) -> Result<Server> {
        let mut flags = flag("--database", self.postgres.as_deref());
        flags.extend(flag("--broker", self.broker.as_deref()));
        Server::start_with(&self.binary, data, &flags, PORT).await
    }
}

/// Kills what the server stands on, and returns when it is back.
async fn run_ground(program: &Path) -> Result<()> {
    let status = tokio::process::Command::new(program).status().await.context("start the program")?;
    ensure!(status.success(), "{}: {status}", program.display());
    Ok(())
}

/// Numbers that look random and are the same every time.
#[derive(Debug, Clone)]
struct Tilfaeldig(Uuid, u64);

impl Tilfaeldig {
    fn ny(seed: u64, navn: &str) -> Self {
        Self(Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{seed}/{navn}").as_bytes()), 0)
    }

    /// The next one, below `graense`.
    fn under(&mut self, graense: u64) -> u64 {
        self.1 += 1;
        Uuid::new_v5(&self.0, &self.1.to_be_bytes()).as_u64_pair().0 % graense.max(1)
    }
}

/// What was delivered so far.
#[derive(Debug, Default)]
struct Leveret {
    /// Which of each sender's.
    numre: [BTreeSet<u64>; 2],
    /// How many that came again.
    igen: u64,
}

fn laas<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Everything the sender, the receiver and the one who kills know of each other.
struct Verden {
    broker: Broker,
    dueslag: String,
    /// Those sent one at a time, and those sent many at a time.
    beskeder: [Beskeder; 2],
    /// Whether what comes more than once says so. RabbitMQ may have a message whose sender was never answered, and gets it
    /// again as a new one.
    siger_igen: bool,
    leveret: Mutex<Leveret>,
    /// Messages answered with 20, both senders'.
    besvaret: AtomicU64,
    /// When something new was last delivered.
    sidst: Mutex<Instant>,
    /// The receiver ends, with everything acknowledged.
    slut: AtomicBool,
}

impl Verden {
    /// Notes a delivery and judges it.
    fn leveret(&self, besked_id: &str, genleveret: bool, krop: &[u8]) -> Result<()> {
        let id = Uuid::try_parse(besked_id).context("a message without a BeskedId")?;
        let (navn, nr) = id.as_u64_pair();
        let afsender = self.beskeder.iter().position(|b| b.id(nr) == id);
        let afsender = afsender.with_context(|| format!("{id} ({navn:x}) was never sent"))?;
        let text = String::from_utf8_lossy(krop);
        ensure!(text.contains(besked_id), "what was delivered as {id} is another message");
        let mut leveret = laas(&self.leveret);
        let naeste = leveret.numre[afsender].len() as u64;
        if leveret.numre[afsender].insert(nr) {
            let foelger = nr == naeste || afsender > 0;
            ensure!(foelger, "number {nr} came where {naeste} was next: lost, or out of order");
            *laas(&self.sidst) = Instant::now();
        } else {
            ensure!(
                genleveret || !self.siger_igen,
                "number {nr} of sender {afsender} came again and did not say so"
            );
            leveret.igen += 1;
        }
        Ok(())
    }

    fn antal_leveret(&self) -> u64 {
        laas(&self.leveret).numre.iter().map(|numre| numre.len() as u64).sum()
    }
}

/// Runs the rounds.
pub async fn run(args: &Args) -> Result<()> {
    let seed = args.seed.unwrap_or_else(|| u64::from(std::process::id()));
    println!("crash: {} rounds of {} messages, --seed {seed}", args.rounds, args.messages);
    let data = args.work.join("beskeder");
    let _ = std::fs::remove_dir_all(&data);
    std::fs::create_dir_all(&data)?;
    let place = data.to_str().context("a path that is not UTF-8")?.to_owned();
    let database = args.postgres.as_deref();
    let mut server = args.start(&data).await?;
    let verden = Arc::new(Verden {
        broker: Broker::ours(&server.demo).await?,
        dueslag: dueslag(&server.demo)?,
        beskeder: [beskeder(&server.demo, 1)?, beskeder(&server.demo, 2)?],
        siger_igen: args.broker.is_none(),
        leveret: Mutex::default(),
        besvaret: AtomicU64::new(0),
        sidst: Mutex::new(Instant::now()),
        slut: AtomicBool::new(false),
    });
    if args.broker.is_some() {
        verden.broker.depth(&verden.dueslag).await?;
        tokio::time::sleep(QUEUE_KNOWN).await;
    }
    let mut runde = Runde { args, seed, nr: 0, verden: verden.clone() };
    for nr in 0..args.rounds {
        runde.nr = nr;
        let hvor = || format!("round {nr}, --seed {seed}");
        server = runde.koer(server, &data).await.with_context(hvor)?;
        server.stop()?;
        let mut check = vec!["check", "--data", &place];
        check.extend(flag("--database", database));
        command(&args.binary, &check).with_context(hvor)?;
        server = args.start(&data).await?;
        let venter = verden.broker.depth(&verden.dueslag).await?;
        ensure!(venter == 0, "{}: {venter} messages wait that were acknowledged", hvor());
    }
    server.stop()?;
    let (antal, igen) = (verden.antal_leveret(), laas(&verden.leveret).igen);
    println!(
        "crash: {antal} messages answered and delivered in {} kills, {igen} came more than once",
        args.rounds * args.kills
    );
    Ok(())
}

/// One round.
struct Runde<'a> {
    args: &'a Args,
    seed: u64,
    nr: u64,
    verden: Arc<Verden>,
}

impl Runde<'_> {
    /// Sends and fetches the round's messages while the server is killed. Gives back the server that lived.
    async fn koer(&self, mut server: Server, data: &Path) -> Result<Server> {
        let Self { args, seed, nr, verden } = self;
        let halvdel = args.messages / 2;
        let fra = nr * halvdel;
        verden.slut.store(false, Ordering::Relaxed);
        let afsender = |hvem, i_gang| Afsender { hvem, numre: fra..fra + halvdel, i_gang };
        let afsendere = [afsender(0, 1), afsender(1, 32)].map(|a| tokio::spawn(send(verden.clone(), a)));
        let mut modtager =
            tokio::spawn(fetch(verden.clone(), Tilfaeldig::ny(*seed, &format!("{nr}/modtager"))));
        let mut tilfaeldig = Tilfaeldig::ny(*seed, &format!("{nr}/drab"));
        let mut drab: Vec<u64> = (0..args.kills).map(|_| tilfaeldig.under(halvdel * 2)).collect();
        drab.sort_unstable();
        *laas(&verden.sidst) = Instant::now();
        for punkt in drab {
            let naaet = || verden.besvaret.load(Ordering::Relaxed) >= fra * 2 + punkt;
            self.vent(naaet, &mut modtager).await?;
            tokio::time::sleep(Duration::from_micros(tilfaeldig.under(JITTER_MICROS))).await;
            match &args.ground {
                Some(program) if tilfaeldig.under(2) == 0 => run_ground(program).await?,
                _ => {
                    server.kill()?;
                    drop(server);
                    server = args.start(data).await?;
                }
            }
        }
        let alt = (fra + halvdel) * 2;
        self.vent(|| verden.besvaret.load(Ordering::Relaxed) >= alt, &mut modtager).await?;
        for a in afsendere {
            a.await??;
        }
        self.vent(|| verden.antal_leveret() >= alt, &mut modtager).await?;
        verden.slut.store(true, Ordering::Relaxed);
        modtager.await??;
        Ok(server)
    }

    /// Waits until something is so, as long as there is progress and the receiver finds nothing wrong.
    async fn vent(
        &self,
        naaet: impl Fn() -> bool,
        modtager: &mut tokio::task::JoinHandle<Result<()>>,
    ) -> Result<()> {
        while !naaet() {
            if modtager.is_finished() {
                modtager.await??;
                bail!("the receiver ended");
            }
            let sidst = *laas(&self.verden.sidst);
            let (besvaret, leveret) =
                (self.verden.besvaret.load(Ordering::Relaxed), self.verden.antal_leveret());
            ensure!(
                sidst.elapsed() < PATIENCE,
                "{besvaret} are answered, {leveret} delivered, and nothing happens"
            );
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(())
    }
}
