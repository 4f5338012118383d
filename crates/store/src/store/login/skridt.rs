//! What each [`Loginskridt`] is in SQL.
//!
//! The row of the account comes first in every set, so that two sets about one account follow each other.

use super::{Kontotilstand, Loginskridt, Sql, Store, Trin, Value};
use crate::Modulorden;
use crate::login::SESSIONER_MAX;
use crate::store::limit;
use uuid::Uuid;

/// Must change exactly one row.
fn krav(sql: Sql) -> Trin {
    Trin { sql, krav: Some(1) }
}

/// May change any number of rows.
fn frit(sql: Sql) -> Trin {
    Trin { sql, krav: None }
}

impl Store {
    /// The statements of one step, in order.
    pub(super) fn loginskridt(&self, skridt: Loginskridt) -> Vec<Trin> {
        vec![match skridt {
            Loginskridt::NyFaktor(..)
            | Loginskridt::FaktorBrugt { .. }
            | Loginskridt::FjernFaktor(..)
            | Loginskridt::FjernFaktorer(_)
            | Loginskridt::NyIdentitet { .. }
            | Loginskridt::FjernIdentiteter(_) => self.faktorskridt(skridt),
            Loginskridt::NytToken(noegle, token) => {
                let mut sql = self.sql("INSERT INTO logintoken (noegle, bruger, formaal, udloeber) VALUES (");
                let felter = [
                    Value::Bytes(noegle.to_vec()),
                    Value::Id(token.bruger),
                    Value::Int(token.formaal.kode()),
                    Value::Int(token.udloeber.micros()),
                ];
                sql.list(felter).push(")");
                return vec![
                    frit(self.bruger("DELETE FROM logintoken WHERE bruger = ", token.bruger)),
                    krav(sql),
                ];
            }
            Loginskridt::BrugToken(noegle, nu) => {
                let mut sql = self.sql("DELETE FROM logintoken WHERE noegle = ");
                sql.bind(Value::Bytes(noegle.to_vec())).push(" AND udloeber > ").int(nu.micros());
                krav(sql)
            }
            Loginskridt::FjernTokens(bruger) => {
                frit(self.bruger("DELETE FROM logintoken WHERE bruger = ", bruger))
            }
            Loginskridt::NySession(..) => return self.ny_session(skridt),
            Loginskridt::HarSession(bruger, id) => {
                let mut sql = self.bruger("UPDATE loginsession SET id = id WHERE bruger = ", bruger);
                sql.push(" AND id = ").bind(Value::Id(id));
                krav(sql)
            }
            Loginskridt::FjernSession(bruger, id) => {
                let mut sql = self.bruger("DELETE FROM loginsession WHERE bruger = ", bruger);
                sql.push(" AND id = ").bind(Value::Id(id));
                krav(sql)
            }
            Loginskridt::FjernSessioner(bruger, undtagen) => {
                let mut sql = self.bruger("DELETE FROM loginsession WHERE bruger = ", bruger);
                if let Some(undtagen) = undtagen {
                    sql.push(" AND id <> ").bind(Value::Id(undtagen));
                }
                frit(sql)
            }
            Loginskridt::Bekraeftet(id, nu) => {
                let mut sql = self.sql("UPDATE loginsession SET bekraeftet = ");
                sql.int(nu.micros()).push(" WHERE id = ").bind(Value::Id(id));
                krav(sql)
            }
            Loginskridt::HandlerSom(id, cvr) => {
                let mut sql = self.sql("UPDATE loginsession SET handler_som = ");
                sql.bind(Value::MaybeInt(cvr.map(|cvr| cvr.number().into())));
                sql.push(" WHERE id = ").bind(Value::Id(id));
                krav(sql)
            }
            Loginskridt::Indlogget { bruger, nu, .. } => {
                return vec![self.kontoskridt(skridt), self.orden(bruger, &Modulorden::login(nu))];
            }
            Loginskridt::Nulstil(bruger) => {
                return vec![self.kontoskridt(skridt), self.orden(bruger, &Modulorden::uden_login())];
            }
            konto => self.kontoskridt(konto),
        }]
    }

    /// A statement that ends with whose row it is about.
    fn bruger(&self, begyndelse: &str, bruger: Uuid) -> Sql {
        let mut sql = self.sql(begyndelse);
        sql.bind(Value::Id(bruger));
        sql
    }

    fn ny_session(&self, skridt: Loginskridt) -> Vec<Trin> {
        let Loginskridt::NySession(noegle, s) = skridt else { return Vec::new() };
        let mut sql = self.sql(
            "INSERT INTO loginsession (noegle, id, bruger, oprettet, sidst, udloeber, bekraeftet, adresse, agent, amr, \
             handler_som) VALUES (",
        );
        let felter = [
            Value::Bytes(noegle.to_vec()),
            Value::Id(s.id),
            Value::Id(s.bruger),
            Value::Int(s.oprettet.micros()),
            Value::Int(s.sidst.micros()),
            Value::Int(s.udloeber.micros()),
            Value::Int(s.bekraeftet.micros()),
            Value::Text(s.adresse),
            Value::Text(s.agent),
            Value::Text(s.amr),
            Value::MaybeInt(s.handler_som.map(|cvr| cvr.number().into())),
        ];
        sql.list(felter).push(")");
        let mut for_mange = self.bruger("DELETE FROM loginsession WHERE bruger = ", s.bruger);
        for_mange
            .push(" AND id NOT IN (SELECT id FROM loginsession WHERE bruger = ")
            .bind(Value::Id(s.bruger));
        for_mange.push(" ORDER BY sidst DESC, oprettet DESC, id LIMIT ").int(limit(SESSIONER_MAX)).push(")");
        vec![krav(sql), frit(for_mange)]
    }

    fn faktorskridt(&self, skridt: Loginskridt) -> Trin {
        match skridt {
            Loginskridt::NyFaktor(f, hoejst) => {
                let mut sql = self.sql(
                    "INSERT INTO loginfaktor (id, bruger, art, navn, noegle, data, taeller, oprettet, brugt) SELECT ",
                );
                let felter = [
                    Value::Id(f.id),
                    Value::Id(f.bruger),
                    Value::Int(f.art.kode()),
                    Value::Text(f.navn),
                    Value::Bytes(f.noegle),
                    Value::Bytes(f.data),
                    Value::Int(f.taeller),
                    Value::Int(f.oprettet.micros()),
                    Value::MaybeInt(f.brugt.map(|t| t.micros())),
                ];
                sql.list(felter).push(" WHERE (SELECT count(*) FROM loginfaktor WHERE bruger = ");
                sql.bind(Value::Id(f.bruger)).push(") < ").int(limit(hoejst)).push(" ON CONFLICT DO NOTHING");
                krav(sql)
            }
            Loginskridt::FaktorBrugt { id, taeller, nu } => {
                let mut sql = self.sql("UPDATE loginfaktor SET taeller = ");
                sql.int(taeller).push(", brugt = ").int(nu.micros()).push(" WHERE id = ").bind(Value::Id(id));
                sql.push(" AND (taeller < ")
                    .int(taeller)
                    .push(" OR (taeller = 0 AND ")
                    .int(taeller)
                    .push(" = 0))");
                krav(sql)
            }
            Loginskridt::FjernFaktor(bruger, id) => {
                let mut sql = self.bruger("DELETE FROM loginfaktor WHERE bruger = ", bruger);
                sql.push(" AND id = ").bind(Value::Id(id));
                krav(sql)
            }
            Loginskridt::NyIdentitet { bruger, udsteder, emne, nu } => {
                let mut sql =
                    self.sql("INSERT INTO loginidentitet (udsteder, emne, bruger, oprettet) VALUES (");
                let felter =
                    [Value::Text(udsteder), Value::Text(emne), Value::Id(bruger), Value::Int(nu.micros())];
                sql.list(felter).push(") ON CONFLICT DO NOTHING");
                krav(sql)
            }
            Loginskridt::FjernIdentiteter(bruger) => {
                frit(self.bruger("DELETE FROM loginidentitet WHERE bruger = ", bruger))
            }
            Loginskridt::FjernFaktorer(bruger) => {
                frit(self.bruger("DELETE FROM loginfaktor WHERE bruger = ", bruger))
            }
            _ => unreachable!("the caller sends no other"),
        }
    }

    fn kontoskridt(&self, skridt: Loginskridt) -> Trin {
        let spaerret = Kontotilstand::Spaerret.kode();
        let mut sql = self.sql("UPDATE konto SET ");
        match skridt {
            Loginskridt::Opret { bruger, loginnavn, nu } => {
                sql = self.sql(
                    "INSERT INTO konto (bruger, loginnavn, tilstand, fejl, generation, oprettet) VALUES (",
                );
                let felter = [
                    Value::Id(bruger),
                    Value::Text(loginnavn),
                    Value::Int(Kontotilstand::Inviteret.kode()),
                    Value::Int(0),
                    Value::Int(1),
                    Value::Int(nu.micros()),
                ];
                sql.list(felter).push(") ON CONFLICT DO NOTHING");
            }
            Loginskridt::Omdoeb { bruger, loginnavn } => {
                sql.push("loginnavn = ")
                    .text_value(&loginnavn)
                    .push(" WHERE bruger = ")
                    .bind(Value::Id(bruger));
                sql.push(" AND NOT EXISTS (SELECT 1 FROM konto WHERE loginnavn = ").text_value(&loginnavn);
                sql.push(" AND bruger <> ").bind(Value::Id(bruger)).push(")");
            }
            Loginskridt::Forsoeg { bruger, foer, laast_til, nu } => {
                sql.push("fejl = ").int(i64::from(foer) + 1).push(", laast_til = ");
                sql.bind(Value::MaybeInt(laast_til.map(|t| t.micros())));
                sql.push(" WHERE bruger = ").bind(Value::Id(bruger)).push(" AND fejl = ").int(foer.into());
                sql.push(" AND (laast_til IS NULL OR laast_til <= ").int(nu.micros()).push(")");
            }
            Loginskridt::Fortryd { bruger, foer } => {
                sql.push("laast_til = NULL, fejl = ").int(foer.into());
                sql.push(" WHERE bruger = ").bind(Value::Id(bruger));
                sql.push(" AND fejl = ").int(i64::from(foer) + 1);
                return frit(sql);
            }
            Loginskridt::Indlogget { bruger, generation, nu } => {
                sql.push("fejl = 0, laast_til = NULL, tilstand = ").int(Kontotilstand::Aktiv.kode());
                sql.push(", sidste_login = ").int(nu.micros());
                gaelder(&mut sql, bruger, generation, spaerret);
            }
            Loginskridt::Uaendret { bruger, generation } => {
                sql.push("generation = generation");
                gaelder(&mut sql, bruger, generation, spaerret);
            }
            Loginskridt::NyGeneration { bruger, generation } => {
                sql.push("generation = generation + 1");
                gaelder(&mut sql, bruger, generation, spaerret);
            }
            Loginskridt::Adgangskode { bruger, generation, hash } => {
                sql.push("generation = generation + 1, fejl = 0, laast_til = NULL, adgangskode = ")
                    .text_value(&hash);
                gaelder(&mut sql, bruger, generation, spaerret);
            }
            Loginskridt::Rehash { bruger, foer, hash } => {
                sql.push("adgangskode = ").text_value(&hash).push(" WHERE bruger = ").bind(Value::Id(bruger));
                sql.push(" AND adgangskode = ").text_value(&foer);
                return frit(sql);
            }
            Loginskridt::Spaer(bruger) => {
                sql.push("generation = generation + 1, tilstand = ").int(spaerret);
                sql.push(" WHERE bruger = ").bind(Value::Id(bruger)).push(" AND tilstand <> ").int(spaerret);
            }
            Loginskridt::Genaabn(bruger) => {
                // Whoever has been here before is not invited.
                sql.push("fejl = 0, laast_til = NULL, tilstand = CASE WHEN sidste_login IS NULL THEN ");
                sql.int(Kontotilstand::Inviteret.kode()).push(" ELSE ").int(Kontotilstand::Aktiv.kode());
                sql.push(" END WHERE bruger = ")
                    .bind(Value::Id(bruger))
                    .push(" AND tilstand = ")
                    .int(spaerret);
            }
            Loginskridt::Nulstil(bruger) => {
                sql.push("adgangskode = NULL, fejl = 0, laast_til = NULL, generation = generation + 1");
                sql.push(", sidste_login = NULL, tilstand = CASE WHEN tilstand = ")
                    .int(spaerret)
                    .push(" THEN ");
                sql.int(spaerret).push(" ELSE ").int(Kontotilstand::Inviteret.kode());
                sql.push(" END WHERE bruger = ").bind(Value::Id(bruger));
            }
            _ => unreachable!("the caller sends no other"),
        }
        krav(sql)
    }
}

/// The account is of this generation and not blocked.
fn gaelder(sql: &mut Sql, bruger: Uuid, generation: i64, spaerret: i64) {
    sql.push(" WHERE bruger = ").bind(Value::Id(bruger)).push(" AND generation = ").int(generation);
    sql.push(" AND tilstand <> ").int(spaerret);
}
