//! Pages of long lists: how each is gone through, and what is read of it.

use super::{Store, raekke};
use crate::modulliste::{INTET_SLUT, Krav, Stykke, Vej, antal, fold, hoejst_set, proev, stykke};
use crate::raekke::Trin;
use crate::sql::Value;
use crate::store::limit;
use crate::{Modulliste, Modulorden, Modulpost, Modulraekke, Modulside, StoreFejl, Ved};
use std::collections::HashMap;
use uuid::Uuid;

impl Store {
    /// What an entity sorts by in a column, from now on.
    pub(in crate::store) fn orden(&self, id: Uuid, o: &Modulorden) -> Trin {
        let mut sql = self.sql("INSERT INTO modulorden (art, id, kolonne, orden) VALUES (");
        let tekst = |t: &str| Value::Text(t.to_owned());
        sql.list([tekst(o.art), Value::Id(id), tekst(o.kolonne), tekst(&o.orden)]);
        sql.push(") ON CONFLICT (art, id, kolonne) DO UPDATE SET orden = excluded.orden");
        if o.hvis_intet {
            sql.push(" WHERE modulorden.orden < ").text_value(INTET_SLUT);
        }
        Trin { sql, krav: None }
    }

    /// A page of a long list, and how many there are.
    ///
    /// # Errors
    /// [`StoreFejl::Ugyldig`] without a key; [`StoreFejl::Database`].
    pub async fn modul_liste(&self, s: &Modulliste) -> Result<Modulside, StoreFejl> {
        if s.noegler.is_empty() {
            return Err(StoreFejl::Ugyldig("en liste skal have en nøgle"));
        }
        let (vej, rarest) = self.vej(s).await?;
        let naaet = self.ints(|dialect| antal(dialect, s, rarest), false).await?;
        let [naaet, set] = [0, 1].map(|nr| naaet.get(nr).map_or(0, |n: &i64| n.cast_unsigned()));
        let Some(mut fundne) = self.fundne(s, vej).await? else {
            return Ok(Modulside { borte: true, ..Modulside::default() });
        };
        let plads = usize::try_from(s.antal).unwrap_or(usize::MAX);
        let flere_fundet = fundne.len() > plads;
        fundne.truncate(plads);
        // What is found backwards ends before the entity it is counted from.
        let baglaens = matches!(s.ved, Some(Ved::Foer(_)));
        if baglaens {
            fundne.reverse();
        }
        let raekker = self.kroppe(s.art, fundne).await?;
        let flere = naaet > s.taelles || set >= hoejst_set(s, rarest);
        let videre = if baglaens { !raekker.is_empty() } else { flere_fundet };
        Ok(Modulside { raekker, videre, alle: naaet.min(s.taelles), flere, borte: false })
    }

    /// How the list is gone through, and the demand that finds the fewest.
    async fn vej(&self, s: &Modulliste) -> Result<(Vej, usize), StoreFejl> {
        let (krav, skelnende) = (s.krav(), s.skelnende());
        // One key alone, in the order of keys, is a walk; so is everything, in that of a column.
        if skelnende.is_empty() || (s.kolonne.is_none() && krav.len() == 1) {
            return Ok((s.kolonne.map_or(Vej::Fra(0), |_| Vej::Kolonnen), 0));
        }
        let antal = self.ints(|dialect| proev(dialect, s), false).await?;
        let er_ord = |nr: usize| matches!(krav[nr], Krav::Ord(_));
        let talt = skelnende.into_iter().zip(antal).map(|(nr, n)| (n.cast_unsigned(), er_ord(nr), nr));
        let (n, er_ord, rarest) = talt.min().unwrap_or_default();
        let vej = match s.kolonne {
            _ if n < s.sorteres_hoejst() => Vej::Fra(rarest),
            Some(_) => Vej::Kolonnen,
            None => Vej::Fra(if er_ord { 0 } else { rarest }),
        };
        Ok((vej, rarest))
    }

    /// Those of the page, and one more when there is one: what each sorts by, and which it is. Nothing when the entity they are
    /// counted from is not in the list.
    async fn fundne(&self, s: &Modulliste, vej: Vej) -> Result<Option<Vec<(String, Uuid)>>, StoreFejl> {
        let fra = match s.ved {
            None => None,
            Some(ved) => match self.orden_af(s, ved.id()).await? {
                None => return Ok(None),
                Some(orden) => Some((orden, ved.id(), matches!(ved, Ved::Fra(_)))),
            },
        };
        let tilbage = matches!(s.ved, Some(Ved::Foer(_)));
        // Those with a value come first, whichever way they are sorted.
        let mut stykker = match s.kolonne {
            None => vec![None],
            Some(_) if tilbage => vec![Some(true), Some(false)],
            Some(_) => vec![Some(false), Some(true)],
        };
        if let Some((orden, ..)) = &fra {
            let her = Some(orden.as_str() < INTET_SLUT);
            stykker = stykker.into_iter().skip_while(|intet| intet.is_some() && *intet != her).collect();
        }
        let behov = s.forbi.saturating_add(s.antal).saturating_add(1);
        let mut alle: Vec<(String, Uuid)> = Vec::new();
        for (nr, intet) in stykker.into_iter().enumerate() {
            let mangler = behov.saturating_sub(alle.len() as u64);
            if mangler == 0 {
                break;
            }
            let fra = fra.clone().filter(|_| nr == 0);
            let del = Stykke { intet, fra, baglaens: s.omvendt != tilbage, antal: mangler };
            let sql = stykke(self.sql("").dialect, s, vej, &del);
            for r in &self.query(sql).await? {
                alle.push((r.tekst(0)?, r.id(1)?));
            }
        }
        Ok(Some(alle.into_iter().skip(usize::try_from(s.forbi).unwrap_or(usize::MAX)).collect()))
    }

    /// What an entity of the list sorts by.
    async fn orden_af(&self, s: &Modulliste, id: Uuid) -> Result<Option<String>, StoreFejl> {
        let Some((felt, vaerdi)) = s.noegler.first() else { return Ok(None) };
        let (hvor, hvad) = match s.kolonne {
            None => ("", "n.orden"),
            Some(_) => (", modulorden o", "o.orden"),
        };
        let mut sql = self.sql(&format!("SELECT {hvad} FROM modulnoegle n{hvor} WHERE n.art = "));
        sql.text_value(s.art).push(" AND n.id = ").bind(Value::Id(id));
        sql.push(" AND n.felt = ").text_value(felt).push(" AND n.vaerdi = ").text_value(vaerdi);
        if let Some(kolonne) = s.kolonne {
            sql.push(" AND o.art = n.art AND o.id = n.id AND o.kolonne = ").text_value(kolonne);
        }
        self.query(sql).await?.first().map(|r| r.tekst(0)).transpose()
    }

    /// Entities of a kind by their UUIDs, after one of them.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn modulposter(
        &self,
        art: &str,
        efter: Option<Uuid>,
        antal: u64,
    ) -> Result<Vec<Modulraekke>, StoreFejl> {
        let mut sql = self.sql("SELECT id, version, krop FROM modulpost WHERE art = ");
        sql.text_value(art);
        if let Some(efter) = efter {
            sql.push(" AND id > ").bind(Value::Id(efter));
        }
        sql.push(" ORDER BY id LIMIT ").int(limit(antal));
        self.query(sql).await?.iter().map(raekke).collect()
    }

    /// Entities of a kind whose value in a column is less than this, the least first.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn modul_under(
        &self,
        (art, kolonne): (&str, &str),
        under: &str,
        antal: u64,
    ) -> Result<Vec<Modulraekke>, StoreFejl> {
        let mut sql = self.sql("SELECT p.id, p.version, p.krop FROM modulorden o CROSS JOIN modulpost p ");
        sql.push("WHERE p.art = o.art AND p.id = o.id AND o.art = ").text_value(art);
        sql.push(" AND o.kolonne = ").text_value(kolonne).push(" AND o.orden >= ").text_value(INTET_SLUT);
        sql.push(" AND o.orden < ")
            .text_value(under)
            .push(" ORDER BY o.orden, o.id LIMIT ")
            .int(limit(antal));
        self.query(sql).await?.iter().map(raekke).collect()
    }

    /// Finds and sorts these by what is said of them now, those of them that are still of the version they were read in. Nothing
    /// happens to the entities, so nothing is told of it.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn modul_noegler(&self, poster: &[Modulpost]) -> Result<(), StoreFejl> {
        let trin = |post: &Modulpost| {
            let mut sql = self.sql("UPDATE modulpost SET soeg = ");
            sql.text_value(&fold(&post.soeg)).push(" WHERE art = ").text_value(post.art);
            sql.push(" AND id = ").bind(Value::Id(post.id)).push(" AND version = ").int(post.foer);
            let vagt = Trin { sql, krav: Some(1) };
            [vec![vagt], self.noegler(post)].concat()
        };
        if self.run(poster.iter().flat_map(trin).collect()).await?.is_err() {
            // Somebody wrote one of them meanwhile: each by itself, but for those.
            for post in poster {
                let _ = self.run(trin(post)).await?;
            }
        }
        Ok(())
    }

    /// The entities themselves, in their order. What was removed meanwhile is not among them.
    async fn kroppe(
        &self,
        art: &str,
        fundne: Vec<(String, Uuid)>,
    ) -> Result<Vec<(String, Modulraekke)>, StoreFejl> {
        if fundne.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = self.sql("SELECT id, version, krop FROM modulpost WHERE art = ");
        let ids = fundne.iter().map(|(_, id)| *id).collect();
        sql.text_value(art).push(" AND id IN (SELECT value FROM ").table(Value::Ids(ids)).push(")");
        let raekker = self.query(sql).await?;
        let mut ved: HashMap<Uuid, Modulraekke> =
            raekker.iter().map(|r| Ok((r.id(0)?, raekke(r)?))).collect::<Result<_, StoreFejl>>()?;
        Ok(fundne.into_iter().filter_map(|(orden, id)| Some((orden, ved.remove(&id)?))).collect())
    }
}
