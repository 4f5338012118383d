//! Many objects' new registreringer in one statement.
//!
//! The first parts decide who wins: a row of `objekt` inserted or updated under its guard. The other parts write for the
//! winners only. One round trip and one commit, however many callers share it.

use crate::log::pack;
use crate::sql::kode;
use crate::{LogLinje, Tilfoejelse};
use deadpool_postgres::GenericClient;
use oio::Cvr;
use std::collections::HashSet;
use tokio_postgres::Error;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

const APPEND: &str = r"
WITH saet AS (
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::int8[], $4::int8[], $5::int8[], $6::int8[], $7::text[])
        AS s (id, objekttype, ejer, foer, tidspunkt, livscyklus, handling)),
ny AS (
    INSERT INTO objekt (id, objekttype, ejer, tidspunkt, livscyklus)
    SELECT id, objekttype, ejer, tidspunkt, livscyklus FROM saet WHERE foer IS NULL
    ON CONFLICT (id) DO NOTHING RETURNING id),
rettet AS (
    UPDATE objekt o SET tidspunkt = s.tidspunkt, livscyklus = s.livscyklus FROM saet s
    WHERE o.id = s.id AND o.objekttype = s.objekttype AND o.ejer = s.ejer AND o.tidspunkt = s.foer
    RETURNING o.id),
vundet AS (SELECT id FROM ny UNION ALL SELECT id FROM rettet),
registreret AS (
    INSERT INTO registrering (objekt, tidspunkt, livscyklus, krop)
    SELECT r.* FROM unnest($8::uuid[], $9::int8[], $10::int8[], $11::bytea[])
        AS r (objekt, tidspunkt, livscyklus, krop) JOIN vundet v ON v.id = r.objekt),
fjernet AS (
    DELETE FROM noegle n
    USING unnest($12::int8[], $13::int8[], $14::text[], $15::uuid[], $16::int8[])
        AS k (ejer, felt, vaerdi, objekt, virk_fra) JOIN vundet v ON v.id = k.objekt
    WHERE n.ejer = k.ejer AND n.felt = k.felt AND n.vaerdi = k.vaerdi AND n.objekt = k.objekt
        AND n.virk_fra = k.virk_fra),
tilfoejet AS (
    INSERT INTO noegle (ejer, felt, vaerdi, objekt, virk_fra, virk_til)
    SELECT k.* FROM unnest($17::int8[], $18::int8[], $19::text[], $20::uuid[], $21::int8[], $22::int8[])
        AS k (ejer, felt, vaerdi, objekt, virk_fra, virk_til) JOIN vundet v ON v.id = k.objekt
    ON CONFLICT (ejer, felt, vaerdi, objekt, virk_fra) DO UPDATE SET virk_til = excluded.virk_til),
meldt AS (
    INSERT INTO haendelse (objekt, objekttype, ejer, tidspunkt, handling)
    SELECT s.id, s.objekttype, s.ejer, s.tidspunkt, s.handling FROM saet s JOIN vundet v ON v.id = s.id
    ORDER BY s.id),
logget AS (
    INSERT INTO adgangslog (tid, transaktion, system, myndighed, aftale, operation, objekttype, objekter, antal,
        udfald, regel)
    SELECT l.tid, l.transaktion, l.system, l.myndighed, l.aftale, l.operation, l.objekttype, l.objekter, l.antal,
        l.udfald, l.regel
    FROM unnest($23::int8[], $24::uuid[], $25::uuid[], $26::int8[], $27::uuid[], $28::text[], $29::text[],
            $30::bytea[], $31::int8[], $32::text[], $33::text[], $34::uuid[])
        AS l (tid, transaktion, system, myndighed, aftale, operation, objekttype, objekter, antal, udfald, regel, id)
        JOIN vundet v ON v.id = l.id)
SELECT id FROM vundet";

const LOG: &str = "INSERT INTO adgangslog (tid, transaktion, system, myndighed, aftale, operation, objekttype, \
    objekter, antal, udfald, regel) SELECT * FROM unnest($1::int8[], $2::uuid[], $3::uuid[], $4::int8[], \
    $5::uuid[], $6::text[], $7::text[], $8::bytea[], $9::int8[], $10::text[], $11::text[])";

type Parameter<'a> = &'a (dyn ToSql + Sync);

/// Writes for the objects whose guard holds, and gives those. No object twice; ascending, so that statements which
/// share objects tend to lock them in the same order. `linjer` are written for the objects they stand with.
pub(super) async fn append(
    client: &impl GenericClient,
    saet: &[&Tilfoejelse],
    linjer: &[(Uuid, &LogLinje)],
) -> Result<HashSet<Uuid>, Error> {
    let (objekter, registreringer) = (Objekter::of(saet), Registreringer::of(saet));
    let (vaek, til) = (Noegler::of(saet, |t| &t.noegler_vaek), Noegler::of(saet, |t| &t.noegler_til));
    let log = Linjer::of(linjer.iter().map(|(_, linje)| *linje));
    let vindere: Vec<Uuid> = linjer.iter().map(|(objekt, _)| *objekt).collect();
    let mut parameters: Vec<Parameter<'_>> = Vec::with_capacity(34);
    parameters.extend(objekter.parameters());
    parameters.extend(registreringer.parameters());
    parameters.extend(vaek.parameters());
    parameters.extend(til.parameters());
    parameters.push(&til.til);
    parameters.extend(log.parameters());
    parameters.push(&vindere);
    let statement = client.prepare_cached(APPEND).await?;
    let rows = client.query(&statement, &parameters).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Writes lines of the access log.
pub(super) async fn log(client: &impl GenericClient, linjer: &[LogLinje]) -> Result<(), Error> {
    let columns = Linjer::of(linjer.iter());
    let statement = client.prepare_cached(LOG).await?;
    client.execute(&statement, &columns.parameters()).await.map(drop)
}

/// The columns of `saet`.
#[derive(Default)]
struct Objekter<'a> {
    id: Vec<Uuid>,
    objekttype: Vec<&'a str>,
    ejer: Vec<i64>,
    foer: Vec<Option<i64>>,
    tidspunkt: Vec<i64>,
    livscyklus: Vec<i64>,
    handling: Vec<&'a str>,
}

impl<'a> Objekter<'a> {
    fn of(saet: &[&'a Tilfoejelse]) -> Self {
        let mut c = Self::default();
        for t in saet {
            c.id.push(t.objekt.0);
            c.objekttype.push(t.objekttype);
            c.ejer.push(t.ejer.number().into());
            c.foer.push(t.foer.map(|f| f.micros()));
            c.tidspunkt.push(t.sidste().tidspunkt.micros());
            c.livscyklus.push(kode(t.sidste().livscyklus));
            c.handling.push(t.handling);
        }
        c
    }

    fn parameters(&self) -> [Parameter<'_>; 7] {
        [
            &self.id,
            &self.objekttype,
            &self.ejer,
            &self.foer,
            &self.tidspunkt,
            &self.livscyklus,
            &self.handling,
        ]
    }
}

/// The columns of `registrering`.
#[derive(Default)]
struct Registreringer<'a> {
    objekt: Vec<Uuid>,
    tidspunkt: Vec<i64>,
    livscyklus: Vec<i64>,
    krop: Vec<&'a [u8]>,
}

impl<'a> Registreringer<'a> {
    fn of(saet: &[&'a Tilfoejelse]) -> Self {
        let mut c = Self::default();
        for (t, ny) in saet.iter().flat_map(|t| t.registreringer.iter().map(move |ny| (t, ny))) {
            c.objekt.push(t.objekt.0);
            c.tidspunkt.push(ny.tidspunkt.micros());
            c.livscyklus.push(kode(ny.livscyklus));
            c.krop.push(&ny.krop);
        }
        c
    }

    fn parameters(&self) -> [Parameter<'_>; 4] {
        [&self.objekt, &self.tidspunkt, &self.livscyklus, &self.krop]
    }
}

/// The columns of `noegle`.
#[derive(Default)]
struct Noegler<'a> {
    ejer: Vec<i64>,
    felt: Vec<i64>,
    vaerdi: Vec<&'a str>,
    objekt: Vec<Uuid>,
    fra: Vec<i64>,
    til: Vec<i64>,
}

impl<'a> Noegler<'a> {
    fn of(saet: &[&'a Tilfoejelse], keys: impl Fn(&'a Tilfoejelse) -> &'a Vec<crate::Noegle>) -> Self {
        let mut c = Self::default();
        for (t, n) in saet.iter().flat_map(|t| keys(t).iter().map(move |n| (t, n))) {
            c.ejer.push(t.ejer.number().into());
            c.felt.push(n.felt);
            c.vaerdi.push(&n.vaerdi);
            c.objekt.push(t.objekt.0);
            c.fra.push(n.fra);
            c.til.push(n.til);
        }
        c
    }

    /// Those of the primary key; `til` stands after them.
    fn parameters(&self) -> [Parameter<'_>; 5] {
        [&self.ejer, &self.felt, &self.vaerdi, &self.objekt, &self.fra]
    }
}

/// The columns of `adgangslog`.
#[derive(Default)]
struct Linjer<'a> {
    tid: Vec<i64>,
    transaktion: Vec<Uuid>,
    system: Vec<Option<Uuid>>,
    myndighed: Vec<Option<i64>>,
    aftale: Vec<Option<Uuid>>,
    operation: Vec<&'a str>,
    objekttype: Vec<&'a str>,
    objekter: Vec<Vec<u8>>,
    antal: Vec<i64>,
    udfald: Vec<&'a str>,
    regel: Vec<&'a str>,
}

impl<'a> Linjer<'a> {
    fn of(linjer: impl Iterator<Item = &'a LogLinje>) -> Self {
        let mut c = Self::default();
        for l in linjer {
            c.tid.push(l.tid.micros());
            c.transaktion.push(l.transaktion);
            c.system.push(l.system);
            c.myndighed.push(l.myndighed.map(Cvr::number).map(i64::from));
            c.aftale.push(l.aftale);
            c.operation.push(&l.operation);
            c.objekttype.push(&l.objekttype);
            c.objekter.push(pack(&l.objekter));
            c.antal.push(l.antal.cast_signed());
            c.udfald.push(&l.udfald);
            c.regel.push(&l.regel);
        }
        c
    }

    fn parameters(&self) -> [Parameter<'_>; 11] {
        [
            &self.tid,
            &self.transaktion,
            &self.system,
            &self.myndighed,
            &self.aftale,
            &self.operation,
            &self.objekttype,
            &self.objekter,
            &self.antal,
            &self.udfald,
            &self.regel,
        ]
    }
}
