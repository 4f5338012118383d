//! Accounts: reading them, and sets of changes that happen whole or not at all.

use super::Store;
use crate::login::{
    Faktor, Faktorart, Konto, Kontotilstand, Loginhaendelse, Loginsession, Loginskridt, Logintoken,
    Tokenformaal,
};
use crate::raekke::{Raekke, Trin};
use crate::sql::{Sql, Value};
use crate::{StoreFejl, sql};
use bitemporal::Instant;
use uuid::Uuid;

mod skridt;

const KONTO: &str = "SELECT bruger, loginnavn, tilstand, adgangskode, fejl, laast_til, generation, oprettet, \
    sidste_login FROM konto WHERE ";
const FAKTOR: &str =
    "SELECT id, bruger, art, navn, noegle, data, taeller, oprettet, brugt FROM loginfaktor WHERE ";
const SESSION: &str = "SELECT id, bruger, oprettet, sidst, udloeber, bekraeftet, adresse, agent, amr, handler_som \
    FROM loginsession WHERE ";
const HAENDELSE: &str = "SELECT tid, bruger, af, slags, resultat, adresse, session, korrelation \
    FROM loginhaendelse WHERE ";
/// Most things to enter with that are read of one account.
const FAKTORER_MAX: i64 = 100;

impl Store {
    /// Does all of this and records what happened, in one transaction. `false` when something demanded could not be done:
    /// then nothing was done or recorded.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn skriv_login(
        &self,
        skridt: Vec<Loginskridt>,
        haendelser: Vec<Loginhaendelse>,
    ) -> Result<bool, StoreFejl> {
        let mut trin: Vec<Trin> = skridt.into_iter().flat_map(|s| self.loginskridt(s)).collect();
        trin.extend(haendelser.into_iter().map(|h| Trin { sql: self.haendelse(h), krav: Some(1) }));
        Ok(self.run(trin).await?.is_ok())
    }

    fn haendelse(&self, h: Loginhaendelse) -> Sql {
        let mut sql = self.sql(
            "INSERT INTO loginhaendelse (tid, bruger, af, slags, resultat, adresse, session, korrelation) VALUES (",
        );
        let felter = [
            Value::Int(h.tid.micros()),
            Value::MaybeId(h.bruger),
            Value::MaybeId(h.af),
            Value::Text(h.slags),
            Value::Text(h.resultat),
            Value::Text(h.adresse),
            Value::MaybeId(h.session),
            Value::Id(h.korrelation),
        ];
        sql.list(felter).push(")");
        sql
    }

    /// The account of a user.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn konto(&self, bruger: Uuid) -> Result<Option<Konto>, StoreFejl> {
        Ok(self.konti(&[bruger]).await?.pop())
    }

    /// The accounts of those of these users that have one, by UUID.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn konti(&self, brugere: &[Uuid]) -> Result<Vec<Konto>, StoreFejl> {
        let mut sql = self.sql(KONTO);
        sql.push("bruger IN (SELECT value FROM ")
            .table(Value::Ids(brugere.to_vec()))
            .push(") ORDER BY bruger");
        self.query(sql).await?.iter().map(konto).collect()
    }

    /// The account with this folded name.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn konto_ved_loginnavn(&self, loginnavn: &str) -> Result<Option<Konto>, StoreFejl> {
        let mut sql = self.sql(KONTO);
        sql.push("loginnavn = ").text_value(loginnavn);
        self.query(sql).await?.first().map(konto).transpose()
    }

    /// The account of somebody at an identity provider.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn konto_ved_identitet(&self, udsteder: &str, emne: &str) -> Result<Option<Konto>, StoreFejl> {
        let mut sql = self.sql(KONTO);
        sql.push("bruger = (SELECT bruger FROM loginidentitet WHERE udsteder = ").text_value(udsteder);
        sql.push(" AND emne = ").text_value(emne).push(")");
        self.query(sql).await?.first().map(konto).transpose()
    }

    /// Who a user is at identity providers: provider and subject.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn identiteter(&self, bruger: Uuid) -> Result<Vec<(String, String)>, StoreFejl> {
        let mut sql = self.sql("SELECT udsteder, emne FROM loginidentitet WHERE bruger = ");
        sql.bind(Value::Id(bruger)).push(" ORDER BY udsteder, emne LIMIT ").int(FAKTORER_MAX);
        self.query(sql).await?.iter().map(|row| Ok((row.tekst(0)?, row.tekst(1)?))).collect()
    }

    /// What an account is entered with beside the password, the oldest first.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn faktorer(&self, bruger: Uuid) -> Result<Vec<Faktor>, StoreFejl> {
        let mut sql = self.sql(FAKTOR);
        sql.push("bruger = ").bind(Value::Id(bruger)).push(" ORDER BY oprettet, id LIMIT ").int(FAKTORER_MAX);
        self.query(sql).await?.iter().map(faktor).collect()
    }

    /// The passkey with this id.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn faktor_ved_noegle(&self, noegle: &[u8]) -> Result<Option<Faktor>, StoreFejl> {
        let mut sql = self.sql(FAKTOR);
        sql.push("noegle = ").bind(Value::Bytes(noegle.to_vec()));
        self.query(sql).await?.first().map(faktor).transpose()
    }

    /// A token that was handed out and not used, whether it has expired or not.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn logintoken(&self, noegle: &[u8; 32]) -> Result<Option<Logintoken>, StoreFejl> {
        let mut sql = self.sql("SELECT bruger, formaal, udloeber FROM logintoken WHERE noegle = ");
        sql.bind(Value::Bytes(noegle.to_vec()));
        let token = |row: &Raekke| {
            Ok(Logintoken {
                bruger: row.id(0)?,
                formaal: kode(row.tal(1)?, Tokenformaal::af)?,
                udloeber: row.tid(2)?,
            })
        };
        self.query(sql).await?.first().map(token).transpose()
    }

    /// The session of a token, whether it has ended by time or not: one row by its key.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn loginsession(&self, noegle: &[u8; 32]) -> Result<Option<Loginsession>, StoreFejl> {
        let mut sql = self.sql(SESSION);
        sql.push("noegle = ").bind(Value::Bytes(noegle.to_vec()));
        self.query(sql).await?.first().map(session).transpose()
    }

    /// The sessions of a user, the last used first.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn loginsessioner(&self, bruger: Uuid) -> Result<Vec<Loginsession>, StoreFejl> {
        let mut sql = self.sql(SESSION);
        sql.push("bruger = ").bind(Value::Id(bruger)).push(" ORDER BY sidst DESC, id LIMIT ");
        sql.int(super::limit(crate::SESSIONER_MAX));
        self.query(sql).await?.iter().map(session).collect()
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn loginsession_set(&self, session: Uuid, nu: Instant) -> Result<(), StoreFejl> {
        let mut sql = self.sql("UPDATE loginsession SET sidst = ");
        sql.int(nu.micros()).push(" WHERE id = ").bind(Value::Id(session));
        sql.push(" AND sidst < ").int(nu.micros());
        self.run_one(sql).await.map(drop)
    }

    /// What happened from `fra` until before `til`, to one user or to all, the latest first.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn loginhaendelser(
        &self,
        bruger: Option<Uuid>,
        fra: Instant,
        til: Instant,
        antal: u64,
    ) -> Result<Vec<Loginhaendelse>, StoreFejl> {
        let mut sql = self.sql(HAENDELSE);
        if let Some(bruger) = bruger {
            sql.push("bruger = ").bind(Value::Id(bruger)).push(" AND ");
        }
        sql.push("tid >= ").int(fra.micros()).push(" AND tid < ").int(til.micros());
        sql.push(" ORDER BY tid DESC, id DESC LIMIT ").int(super::limit(antal));
        self.query(sql).await?.iter().map(haendelse).collect()
    }

    /// Forgets sessions and tokens whose time is over. Gives how many.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn ryd_login(&self, nu: Instant) -> Result<u64, StoreFejl> {
        let mut ryddet = 0;
        for begyndelse in
            ["DELETE FROM loginsession WHERE udloeber <= ", "DELETE FROM logintoken WHERE udloeber <= "]
        {
            let mut sql = self.sql(begyndelse);
            sql.int(nu.micros());
            ryddet += self.run_one(sql).await?;
        }
        Ok(ryddet)
    }

    /// Forgets what happened before then, so many events at most. Gives how many.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn glem_loginhaendelser(&self, foer: Instant, antal: u64) -> Result<u64, StoreFejl> {
        let mut sql =
            self.sql("DELETE FROM loginhaendelse WHERE id IN (SELECT id FROM loginhaendelse WHERE tid < ");
        sql.int(foer.micros()).push(" ORDER BY tid LIMIT ").int(super::limit(antal)).push(")");
        self.run_one(sql).await
    }
}

fn kode<T>(tal: i64, af: impl Fn(i64) -> Option<T>) -> Result<T, StoreFejl> {
    af(tal).ok_or_else(|| StoreFejl::database("ukendt kode i databasen"))
}

fn konto(row: &Raekke) -> Result<Konto, StoreFejl> {
    Ok(Konto {
        bruger: row.id(0)?,
        loginnavn: row.tekst(1)?,
        tilstand: kode(row.tal(2)?, Kontotilstand::af)?,
        adgangskode: row.tekst_hvis(3)?,
        fejl: row.lille(4)?,
        laast_til: row.tid_hvis(5)?,
        generation: row.tal(6)?,
        oprettet: row.tid(7)?,
        sidste_login: row.tid_hvis(8)?,
    })
}

fn faktor(row: &Raekke) -> Result<Faktor, StoreFejl> {
    Ok(Faktor {
        id: row.id(0)?,
        bruger: row.id(1)?,
        art: kode(row.tal(2)?, Faktorart::af)?,
        navn: row.tekst(3)?,
        noegle: row.bytes(4)?.to_vec(),
        data: row.bytes(5)?.to_vec(),
        taeller: row.tal(6)?,
        oprettet: row.tid(7)?,
        brugt: row.tid_hvis(8)?,
    })
}

fn session(row: &Raekke) -> Result<Loginsession, StoreFejl> {
    Ok(Loginsession {
        id: row.id(0)?,
        bruger: row.id(1)?,
        oprettet: row.tid(2)?,
        sidst: row.tid(3)?,
        udloeber: row.tid(4)?,
        bekraeftet: row.tid(5)?,
        adresse: row.tekst(6)?,
        agent: row.tekst(7)?,
        amr: row.tekst(8)?,
        handler_som: row.tal_hvis(9)?.map(sql::ejer).transpose()?,
    })
}

fn haendelse(row: &Raekke) -> Result<Loginhaendelse, StoreFejl> {
    Ok(Loginhaendelse {
        tid: row.tid(0)?,
        bruger: row.id_hvis(1)?,
        af: row.id_hvis(2)?,
        slags: row.tekst(3)?,
        resultat: row.tekst(4)?,
        adresse: row.tekst(5)?,
        session: row.id_hvis(6)?,
        korrelation: row.id(7)?,
    })
}
