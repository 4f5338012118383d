//! One dueslag as this server hands it out: a window of messages leased from the store, shared by all its consumers.
//!
//! Nothing here waits while it holds the lock. What is decided about a message counts at once, and is written together
//! with what else was decided meanwhile; what cannot be written is tried again by [`Koe::pas`].

use crate::fejl::Fejl;
use crate::lager::{Laan, Lager};
use crate::tal::Dueslagstaeller;
use bitemporal::Instant;
use std::collections::{BTreeMap, HashMap};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use store::{Fejlaarsag, Koepost};
use tokio::sync::{Notify, oneshot};
use uuid::Uuid;

/// How long a dueslag is kept open after the last decision: RabbitMQ may still be passing it on.
const EFTER_AFGOERELSE: Duration = Duration::from_secs(1);
/// How long a question waits for what is being written.
const SKREVET_MAX: Duration = Duration::from_secs(1);
/// Most messages leased at a time.
const VINDUE_MAX: usize = 256;
/// How many bytes of messages a window may hold.
const VINDUE_BYTES: usize = 4 * 1024 * 1024;
/// Size of a message before any was seen.
const STOERRELSE: usize = 16 * 1024;
/// Most messages kept back because no agreement lets them out; beyond it nothing more is leased.
const HOLDT_MAX: usize = 10_000;

/// A message of the window.
#[derive(Debug, Clone)]
pub(crate) struct Post {
    pub(crate) koepost: Arc<Koepost>,
    /// Whether it has been handed out before.
    pub(crate) genleveret: bool,
    /// How many times it has come back.
    pub(crate) forsoeg: u32,
    /// Whether it was handed out by this server since it was leased.
    leveret: bool,
    /// Whether it is in the fejlkø by now.
    flyttet: bool,
}

/// What was decided about a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Afgoerelse {
    /// It was received.
    Kvitteret,
    /// It is in the fejlkø already.
    Flyttet,
    /// It goes to the fejlkø.
    Fejlkoe(Fejlaarsag),
    /// The lease is given back; with how often it has come back, when it was handed out meanwhile.
    Frigivet(Option<u32>),
}

/// What a look at the window gave.
pub(crate) enum Syn {
    /// A message, now handed out.
    Post(Post),
    /// Nothing yet: messages are being fetched.
    Vent,
    /// Nothing.
    Tom,
}

#[derive(Default)]
struct Indre {
    /// Leased and not handed out, by place.
    venter: BTreeMap<i64, Post>,
    /// Handed out, by number, and to whom.
    ude: HashMap<i64, (u64, Post)>,
    /// Leased, but no agreement lets them out as the policy is.
    holdt: BTreeMap<i64, Post>,
    aftagere: u32,
    haandtag: u32,
    /// The last number given to somebody who takes messages.
    sidste: u64,
    /// Messages are being fetched.
    henter: bool,
    /// There may be more in the store than is leased.
    mere: bool,
    /// Messages may be on loan to us that are not here: an answer was lost.
    usikker: bool,
    /// Decided and not yet being written.
    afgjort: Vec<(Afgoerelse, Arc<Koepost>)>,
    svar: Vec<oneshot::Sender<bool>>,
    /// When somebody decided something last.
    afgjort_sidst: Option<tokio::time::Instant>,
    /// Could not be written.
    igen: Vec<(Afgoerelse, Arc<Koepost>)>,
    skriver: bool,
    /// The messages that are being written about.
    skrives: Vec<i64>,
    /// Leases on their way back: nothing is leased meanwhile, or later messages would come first.
    frigives: usize,
    /// The mean size of messages.
    stoerrelse: usize,
}

/// One dueslag.
pub(crate) struct Koe {
    lager: Lager,
    pub(crate) dueslag: Uuid,
    taeller: Arc<Dueslagstaeller>,
    indre: Mutex<Indre>,
    /// Something may have changed.
    pub(crate) vaek: Notify,
}

impl Koe {
    pub(crate) fn ny(lager: Lager, dueslag: Uuid, taeller: Arc<Dueslagstaeller>) -> Self {
        let indre = Indre { mere: true, stoerrelse: STOERRELSE, ..Indre::default() };
        Self { lager, dueslag, taeller, indre: Mutex::new(indre), vaek: Notify::new() }
    }

    fn laas(&self) -> MutexGuard<'_, Indre> {
        self.indre.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody who takes messages begins; a consumer when `aftager`, otherwise for one message.
    pub(crate) fn begynd(&self, aftager: bool) -> u64 {
        let mut indre = self.laas();
        indre.aftagere += u32::from(aftager);
        indre.haandtag += 1;
        indre.sidste += 1;
        indre.sidste
    }

    /// Somebody stops: what they have not settled goes back to its place.
    pub(crate) fn slut(self: &Arc<Self>, hvem: u64, aftager: bool, udleveringer_max: u32) {
        let mut indre = self.laas();
        indre.aftagere = indre.aftagere.saturating_sub(u32::from(aftager));
        indre.haandtag = indre.haandtag.saturating_sub(1);
        let numre: Vec<i64> =
            indre.ude.iter().filter(|(_, (ejer, _))| *ejer == hvem).map(|(nr, _)| *nr).collect();
        self.tilbage(&mut indre, hvem, &numre, udleveringer_max);
        self.frigiv_hvis_ledig(&mut indre);
        self.skriv(indre);
        self.vaek.notify_waiters();
    }

    /// How many consumers there are, and how many take messages in any way.
    pub(crate) fn aftagere(&self) -> (u32, u32) {
        let indre = self.laas();
        (indre.aftagere, indre.haandtag)
    }

    /// How many are handed out, or decided about and not yet written: they wait no longer.
    pub(crate) fn ude(&self) -> u64 {
        let indre = self.laas();
        (indre.ude.len() + indre.afgjort.len() + indre.igen.len()) as u64
    }

    /// Waits until what was decided is written, but not for long.
    pub(crate) async fn skrevet(&self) {
        loop {
            let mut vaekket = pin!(self.vaek.notified());
            vaekket.as_mut().enable();
            let faerdig = {
                let indre = self.laas();
                !indre.skriver && indre.afgjort.is_empty()
            };
            if faerdig || tokio::time::timeout(SKREVET_MAX, vaekket).await.is_err() {
                return;
            }
        }
    }

    /// Whether somebody waits for messages here and none is at hand.
    pub(crate) fn er_toem(&self) -> bool {
        let indre = self.laas();
        indre.aftagere > 0 && indre.venter.is_empty() && !indre.mere && !indre.henter
    }

    /// Whether nobody uses it, nothing is left to write, and what was written last has had time to arrive.
    pub(crate) fn er_ledig(&self) -> bool {
        let indre = self.laas();
        indre.haandtag == 0
            && indre.afgjort_sidst.is_none_or(|sidst| sidst.elapsed() > EFTER_AFGOERELSE)
            && !indre.henter
            && !indre.usikker
            && !indre.skriver
            && indre.afgjort.is_empty()
            && indre.igen.is_empty()
    }

    /// There may be new messages.
    pub(crate) fn ny_besked(&self) {
        self.laas().mere = true;
        self.vaek.notify_waiters();
    }

    /// The next message for `hvem`.
    pub(crate) fn tag(self: &Arc<Self>, hvem: u64) -> Syn {
        let mut indre = self.laas();
        if let Some((_, mut post)) = indre.venter.pop_first() {
            post.leveret = true;
            indre.ude.insert(post.koepost.nr, (hvem, post.clone()));
            return Syn::Post(post);
        }
        if indre.henter || indre.frigives > 0 {
            return Syn::Vent;
        }
        if !indre.mere || indre.holdt.len() >= HOLDT_MAX {
            return Syn::Tom;
        }
        (indre.henter, indre.mere) = (true, false);
        let antal = match indre.aftagere {
            0 => 1,
            _ => (VINDUE_BYTES / indre.stoerrelse.max(1)).clamp(1, VINDUE_MAX),
        };
        drop(indre);
        tokio::spawn(self.clone().hent(u32::try_from(antal).unwrap_or(1)));
        Syn::Vent
    }

    /// Leases more. A task of its own, so that nobody who stops waiting takes leases with them.
    async fn hent(self: Arc<Self>, antal: u32) {
        let forbrug = self.laas().aftagere > 0;
        let laant = match self.er_sikker().await {
            Ok(()) => self.lager.laan(self.dueslag, antal, forbrug).await,
            Err(fejl) => Err(fejl),
        };
        let mut indre = self.laas();
        indre.henter = false;
        match laant {
            Ok(Laan::Forfra) => {
                indre.venter.clear();
                indre.holdt.clear();
                indre.mere = true;
            }
            Ok(Laan::Igen) => indre.mere = true,
            Ok(Laan::Poster(poster)) => {
                indre.mere |= poster.len() >= antal as usize;
                if !poster.is_empty() {
                    indre.stoerrelse = poster.iter().map(|p| p.krop.len()).sum::<usize>() / poster.len();
                }
                for koepost in poster {
                    let (genleveret, forsoeg) = (koepost.genleveret, koepost.forsoeg);
                    let post = Post {
                        koepost: Arc::new(koepost),
                        genleveret,
                        forsoeg,
                        leveret: false,
                        flyttet: false,
                    };
                    indre.venter.insert(post.koepost.plads, post);
                }
            }
            Err(fejl) => {
                indre.usikker = true;
                tracing::error!(target: "besked", dueslag = %self.dueslag, %fejl, "køen kan ikke læses")
            }
        }
        if indre.haandtag == 0 {
            self.frigiv_hvis_ledig(&mut indre);
        }
        self.skriv(indre);
        self.vaek.notify_waiters();
    }

    /// After a lost answer: what is on loan to us and not here goes back first, or later messages would pass it.
    async fn er_sikker(&self) -> Result<(), Fejl> {
        if !self.laas().usikker {
            return Ok(());
        }
        let kendte: Vec<i64> = {
            let indre = self.laas();
            let her = indre.venter.values().chain(indre.holdt.values());
            let ude = indre.ude.values().map(|(_, post)| post);
            let afgjorte = indre.afgjort.iter().chain(&indre.igen).map(|(_, post)| post.nr);
            let skrives = indre.skrives.iter().copied();
            her.chain(ude).map(|post| post.koepost.nr).chain(afgjorte).chain(skrives).collect()
        };
        self.lager.frigiv_oevrige(self.dueslag, &kendte).await?;
        self.laas().usikker = false;
        Ok(())
    }

    /// Gives back what nobody consumes. RabbitMQ takes everything back at once, so there it waits for [`Koe::slip`].
    fn frigiv_hvis_ledig(&self, indre: &mut Indre) {
        if self.lager.er_indlejret() && indre.aftagere == 0 {
            self.frigiv_alle(indre);
        }
    }

    /// Nobody has used it for a while: what is left goes back.
    pub(crate) async fn slip(&self) {
        let (venter, holdt) = {
            let mut indre = self.laas();
            (std::mem::take(&mut indre.venter), std::mem::take(&mut indre.holdt))
        };
        let poster: Vec<Post> = venter.into_values().chain(holdt.into_values()).collect();
        let uroerte = poster.iter().filter(|p| !p.leveret).map(|p| p.koepost.clone());
        let uroerte: Vec<_> = uroerte.map(|post| (post, None)).collect();
        if let Err(fejl) = self.lager.frigiv(self.dueslag, &uroerte).await {
            tracing::error!(target: "besked", dueslag = %self.dueslag, %fejl, "beskeder kunne ikke gives tilbage");
        }
        self.lager.slip(self.dueslag).await;
    }

    /// A message that was taken and may not go out: it is kept back until [`Koe::politik_aendret`].
    pub(crate) fn hold(&self, nr: i64) {
        let mut indre = self.laas();
        if let Some((_, mut post)) = indre.ude.remove(&nr) {
            post.leveret = false;
            indre.holdt.insert(post.koepost.plads, post);
        }
    }

    /// A message has been moved to the fejlkø: it is not handed out, or not again. Gives whether it was here.
    pub(crate) fn flyttet(self: &Arc<Self>, system: Uuid, besked_id: &str) -> bool {
        let mut guard = self.laas();
        let indre = &mut *guard;
        let den = |post: &Post| post.koepost.system == system && post.koepost.besked_id == besked_id;
        let mut her = false;
        for poster in [&mut indre.venter, &mut indre.holdt] {
            for (_, post) in poster.extract_if(.., |_, post| den(post)) {
                her = true;
                indre.afgjort.push((Afgoerelse::Flyttet, post.koepost));
            }
        }
        for (_, post) in indre.ude.values_mut().filter(|(_, post)| den(post)) {
            her = true;
            post.flyttet = true;
        }
        self.skriv(guard);
        her
    }

    /// How many are at hand and not handed out.
    pub(crate) fn forud(&self) -> u64 {
        let indre = self.laas();
        (indre.venter.len() + indre.holdt.len()) as u64
    }

    /// What is not handed out and has been here since before `foer` goes to the fejlkø; everything else kept back is tried
    /// again. Gives how many went.
    pub(crate) fn ryd_gamle(self: &Arc<Self>, foer: Instant) -> usize {
        let mut indre = self.laas();
        let mut holdt = std::mem::take(&mut indre.holdt);
        indre.venter.append(&mut holdt);
        let gamle: Vec<Post> =
            indre.venter.extract_if(.., |_, post| post.koepost.tid < foer).map(|(_, post)| post).collect();
        let antal = gamle.len();
        let fejlkoe = Afgoerelse::Fejlkoe(Fejlaarsag::Udloebet);
        indre.afgjort.extend(gamle.into_iter().map(|post| (fejlkoe, post.koepost)));
        self.skriv(indre);
        self.vaek.notify_waiters();
        antal
    }

    /// What was kept back is tried again.
    pub(crate) fn politik_aendret(&self) {
        let mut indre = self.laas();
        let mut holdt = std::mem::take(&mut indre.holdt);
        indre.venter.append(&mut holdt);
        drop(indre);
        self.vaek.notify_waiters();
    }

    /// These are received, of those `hvem` has.
    pub(crate) fn kvitter(
        self: &Arc<Self>,
        hvem: u64,
        numre: &[i64],
    ) -> impl Future<Output = Result<(), Fejl>> + Send + use<> {
        self.afgoer(hvem, numre, Afgoerelse::Kvitteret)
    }

    /// These go to the fejlkø, of those `hvem` has.
    pub(crate) fn til_fejlkoe(
        self: &Arc<Self>,
        hvem: u64,
        numre: &[i64],
        aarsag: Fejlaarsag,
    ) -> impl Future<Output = Result<(), Fejl>> + Send + use<> {
        self.afgoer(hvem, numre, Afgoerelse::Fejlkoe(aarsag))
    }

    /// These go back to their place, of those `hvem` has.
    pub(crate) fn giv_tilbage(self: &Arc<Self>, hvem: u64, numre: &[i64], udleveringer_max: u32) {
        let mut indre = self.laas();
        self.tilbage(&mut indre, hvem, numre, udleveringer_max);
        self.frigiv_hvis_ledig(&mut indre);
        self.skriv(indre);
        self.vaek.notify_waiters();
    }

    fn afgoer(
        self: &Arc<Self>,
        hvem: u64,
        numre: &[i64],
        afgoerelse: Afgoerelse,
    ) -> impl Future<Output = Result<(), Fejl>> + Send + use<> {
        let mut indre = self.laas();
        let foer = indre.afgjort.len();
        indre.afgjort_sidst = Some(tokio::time::Instant::now());
        for nr in numre {
            if indre.ude.get(nr).is_some_and(|(ejer, _)| *ejer == hvem)
                && let Some((_, post)) = indre.ude.remove(nr)
            {
                indre.afgjort.push((afgoerelse, post.koepost));
            }
        }
        let svar = (indre.afgjort.len() > foer).then(|| {
            let (send, svar) = oneshot::channel();
            indre.svar.push(send);
            svar
        });
        self.skriv(indre);
        async move {
            let Some(svar) = svar else { return Ok(()) };
            match svar.await {
                Ok(true) => Ok(()),
                _ => Err(Fejl::Intern("kvitteringen er ikke skrevet endnu".into())),
            }
        }
    }

    /// Puts messages back in the window, or in the fejlkø when they have come back too often.
    fn tilbage(&self, indre: &mut Indre, hvem: u64, numre: &[i64], udleveringer_max: u32) {
        for nr in numre {
            if indre.ude.get(nr).is_none_or(|(ejer, _)| *ejer != hvem) {
                continue;
            }
            let Some((_, mut post)) = indre.ude.remove(nr) else { continue };
            if post.flyttet {
                indre.afgjort.push((Afgoerelse::Flyttet, post.koepost));
                continue;
            }
            Dueslagstaeller::op(&self.taeller.retur, 1);
            post.genleveret = true;
            post.forsoeg = post.forsoeg.saturating_add(1);
            self.lager.retur(self.dueslag, &post.koepost, post.forsoeg);
            if post.forsoeg > udleveringer_max {
                indre.afgjort.push((Afgoerelse::Fejlkoe(Fejlaarsag::LeveringOpgivet), post.koepost));
            } else {
                indre.venter.insert(post.koepost.plads, post);
            }
        }
    }

    fn frigiv_alle(&self, indre: &mut Indre) {
        let poster = std::mem::take(&mut indre.venter).into_values();
        let poster = poster.chain(std::mem::take(&mut indre.holdt).into_values());
        let frigivet: Vec<_> = poster
            .map(|post| (Afgoerelse::Frigivet(post.leveret.then_some(post.forsoeg)), post.koepost))
            .collect();
        indre.frigives += frigivet.len();
        indre.afgjort.extend(frigivet);
        indre.mere = true;
    }

    /// Begins to write what was decided, unless it is being done.
    fn skriv(self: &Arc<Self>, mut indre: MutexGuard<'_, Indre>) {
        if indre.skriver || indre.afgjort.is_empty() {
            return;
        }
        // Without a runtime the process is ending, and the leases end with it.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            indre.skriver = true;
            runtime.spawn(self.clone().skriv_alle());
        }
    }

    async fn skriv_alle(self: Arc<Self>) {
        loop {
            let (afgjort, svar) = {
                let mut indre = self.laas();
                indre.skrives.clear();
                if indre.afgjort.is_empty() {
                    indre.skriver = false;
                    break;
                }
                indre.skrives = indre.afgjort.iter().map(|(_, post)| post.nr).collect();
                (std::mem::take(&mut indre.afgjort), std::mem::take(&mut indre.svar))
            };
            let mut grupper: HashMap<Afgoerelse, Vec<Arc<Koepost>>> = HashMap::new();
            let mut frigivet = Vec::new();
            for (afgoerelse, post) in afgjort {
                match afgoerelse {
                    // Together, or another server may take the last before the first is back.
                    Afgoerelse::Frigivet(forsoeg) => frigivet.push((post, forsoeg)),
                    _ => grupper.entry(afgoerelse).or_default().push(post),
                }
            }
            let mut alt = true;
            for (afgoerelse, poster) in grupper {
                match self.skriv_gruppe(afgoerelse, &poster).await {
                    Ok(()) => self.talt(afgoerelse, poster.len()),
                    Err(fejl) => {
                        alt = false;
                        self.mislykket(&fejl, poster.into_iter().map(|post| (afgoerelse, post)));
                    }
                }
            }
            match self.lager.frigiv(self.dueslag, &frigivet).await {
                Ok(()) => self.laas().frigives -= frigivet.len(),
                Err(fejl) => {
                    alt = false;
                    let igen =
                        frigivet.into_iter().map(|(post, forsoeg)| (Afgoerelse::Frigivet(forsoeg), post));
                    self.mislykket(&fejl, igen);
                }
            }
            for send in svar {
                let _ = send.send(alt);
            }
        }
        self.vaek.notify_waiters();
    }

    async fn skriv_gruppe(&self, afgoerelse: Afgoerelse, poster: &[Arc<Koepost>]) -> Result<(), Fejl> {
        match afgoerelse {
            // In the database the move ended the loan; by now somebody may have put the message back in the dueslag.
            Afgoerelse::Flyttet if self.lager.er_indlejret() => Ok(()),
            Afgoerelse::Kvitteret | Afgoerelse::Flyttet => self.lager.kvitter(self.dueslag, poster).await,
            Afgoerelse::Fejlkoe(aarsag) => {
                self.lager.til_fejlkoe(self.dueslag, poster, aarsag, (None, None)).await
            }
            Afgoerelse::Frigivet(forsoeg) => {
                let poster: Vec<_> = poster.iter().map(|post| (post.clone(), forsoeg)).collect();
                self.lager.frigiv(self.dueslag, &poster).await
            }
        }
    }

    fn talt(&self, afgoerelse: Afgoerelse, antal: usize) {
        match afgoerelse {
            Afgoerelse::Kvitteret => Dueslagstaeller::op(&self.taeller.ud, antal),
            Afgoerelse::Fejlkoe(_) => Dueslagstaeller::op(&self.taeller.fejl, antal),
            Afgoerelse::Flyttet | Afgoerelse::Frigivet(_) => {}
        }
    }

    /// Could not be written: tried again, but for what RabbitMQ was not told, which it hands out again.
    fn mislykket(&self, fejl: &Fejl, igen: impl Iterator<Item = (Afgoerelse, Arc<Koepost>)>) {
        tracing::error!(target: "besked", dueslag = %self.dueslag, %fejl, "køen kan ikke skrives");
        if self.lager.er_indlejret() {
            self.laas().igen.extend(igen);
        }
    }

    /// What could not be written is tried again, and so is what could not be read.
    pub(crate) fn pas(self: &Arc<Self>) {
        let mut indre = self.laas();
        if indre.usikker && !indre.henter {
            indre.henter = true;
            tokio::spawn(self.clone().hent(1));
        }
        if !indre.skriver && !indre.igen.is_empty() {
            let igen = std::mem::take(&mut indre.igen);
            indre.afgjort.extend(igen);
            self.skriv(indre);
        }
    }
}
