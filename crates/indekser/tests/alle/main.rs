//! The use cases of the indexes, each on both databases.

mod adgang;
mod byg;
mod eksempler;
mod fjern;
mod mange;
mod samtidig;
mod scene;
mod skriv;
mod soeg;
mod synlighed;
mod valider;

/// Each as a test of SQLite in memory, and of PostgreSQL in a schema of its own.
macro_rules! paa_begge {
    ($($modul:ident: $($navn:ident),+;)+) => {
        mod sqlite {
            $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $navn() {
                    crate::$modul::$navn(crate::scene::Scene::sqlite().await).await;
                }
            )+)+
        }
        mod postgres {
            $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                #[ignore = "needs FUNDAMENT_TEST_POSTGRES; cargo xtask test starts one"]
                async fn $navn() {
                    crate::$modul::$navn(crate::scene::Scene::postgres(stringify!($navn)).await).await;
                }
            )+)+
        }
    };
}

paa_begge! {
    adgang: nobody_without_an_agreement_gets_in, another_municipalitys_token_sees_and_changes_nothing,
        hidden_is_missing_byte_for_byte, what_was_shown_is_in_the_access_log;
    eksempler: the_examples_are_imported_searched_and_removed;
    skriv: documents_come_first_and_each_object_has_a_status, what_comes_again_is_as_good_as_stored,
        rules_and_rights_refuse_one_object_alone, an_update_is_the_next_registrering,
        an_update_that_comes_again_or_too_late, what_happened_is_in_the_outbox;
    soeg: cases_are_found_by_what_they_say, documents_and_cases_belong_together, what_is_related_is_included,
        pages_are_stable_while_data_changes, earlier_registreringer_are_searched, grants_and_payments;
    synlighed: everybody_sees_what_the_specification_says;
    fjern: a_case_goes_with_its_documents_and_all_its_history, grants_and_payments_go_or_stay,
        an_expression_removes_ones_own_alone;
    valider: an_import_is_judged_by_every_rule_and_stored_nowhere, an_update_is_judged_with_and_without_a_caller,
        nobody_is_told_what_keys_another_authority_has;
    samtidig: of_those_who_update_one_wins_each_round_and_none_is_lost, of_those_who_import_one_is_first;
    mange: a_whole_field_of_work_is_paged;
}
