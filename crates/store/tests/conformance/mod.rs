//! What a store does, the same on every database.

#![allow(dead_code, reason = "each test binary uses its part")]

pub mod advis;
pub mod besked;
pub mod indeks;
pub mod indeksveje;
pub mod lister;
pub mod login;
pub mod modul;
pub mod modulliste;
pub mod once;
pub mod reading;
pub mod scene;
pub mod searching;
pub mod sideways;
pub mod spor;
pub mod together;
pub mod webhook;
pub mod writing;

/// Every conformance test as a test of the database that `$open` opens, given the test's name.
macro_rules! suite {
    ($open:path $(, #[$attribute:meta])?) => {
        $crate::conformance::suite!(@ $open, [$(#[$attribute])?]
            reading: a_new_object_can_be_read, many_are_read_in_the_order_asked, history_is_ascending,
                others_objects_do_not_exist, a_scan_gives_objects_with_keys;
            writing: a_lost_guard_writes_nothing, a_set_is_all_or_nothing, others_objects_cannot_be_written,
                several_registreringer_at_once, keys_follow_the_change, type_and_owner_are_guarded,
                a_large_set, history_can_be_rewritten, objects_can_be_removed, a_failing_set_harms_no_other;
            searching: patterns, only_the_star_is_wild, periods, all_conditions_must_hold, pages, owners,
                life_cycles, changes_since, common_values, many_values, everyone_sees_everything,
                keys_in_order, keys_are_added_to_what_is_as_it_was;
            sideways: the_outbox, the_access_log, refusals_are_logged, entities_have_versions,
                a_set_of_entities_is_all_or_nothing, several_kinds_are_read_as_they_were_at_one_moment,
                what_is_decided_from_all_is_decided_by_one, figures;
            once: keys_are_used_once, a_key_is_won_by_one, events_are_logged_before_they_count,
                the_log_by_transaction_and_in_pages, seals_fit, several_servers_seal, calls_are_counted_once;
            besked: a_message_is_taken_in_once, a_haendelse_is_distributed_with_its_message,
                loans_keep_order_and_come_back, loans_nobody_knows_of_come_back, what_is_received_is_gone, the_fejlkoe, no_message_is_lent_to_two;
            spor: a_message_leaves_a_trail, a_dueslag_has_figures, the_fejlkoe_is_emptied, a_message_is_placed_again,
                somebody_else_keeps_the_queues,
                what_is_old_is_forgotten_in_order, a_dueslag_is_pushed_by_one;
            lister: a_list_and_its_history, a_list_has_a_limit_and_writes_nothing_beyond_it, lists_are_found;
            modul: module_entities_are_found_by_keys_and_text, module_entities_are_guarded,
                the_log_of_the_module_is_a_chain, what_was_noted_must_still_be_there, of_those_who_write_the_same_one_is_first,
                of_those_who_want_the_same_one_gets_it;
            modulliste: every_list_is_as_a_naive_one_is, what_a_column_says_follows_what_is_written,
                keys_are_written_anew_only_for_what_was_read;
            advis: a_notice_is_in_the_write_of_what_it_is_about, notices_are_laid_once_read_and_forgotten,
                mails_are_gathered_and_sent_by_one, what_was_put_off_is_not_taken_at_once, rounds_never_go_back;
            webhook: one_delivery_at_a_time_is_made_to_a_webhook,
                what_fails_is_put_off_with_all_that_waits_and_taken_up_again,
                old_deliveries_are_forgotten_and_those_of_a_webhook_that_is_gone;
            login: an_account_is_one_users, attempts_are_counted, what_was_begun_before_a_change_does_not_count,
                factors_are_used_forward_only, tokens_and_identities, sessions_begin_and_end, events_are_kept;
            indeks: what_is_imported_is_there, an_update_keeps_what_it_takes_the_place_of,
                a_lost_guard_is_that_objects_alone, an_object_twice_in_a_call,
                others_index_objects_cannot_be_written, what_happens_to_index_objects_is_told,
                racing_index_writers, a_large_import, index_writes_have_limits, how_far_a_file_is_taken_on;
            indeksveje: index_keys_hold_in_periods, index_keys_are_found_by_how_they_begin,
                index_objects_are_found_by_names_and_times, as_many_ways_as_anybody_asks,
                more_than_asked_for_is_not_given, neighbours_are_found, index_objects_can_be_removed,
                deletions_are_proved, racing_removals;
            together: racing_writers, against_a_model);
    };
    (@ $open:path, $attributes:tt $($module:ident: $($test:ident),+);+) => {
        $($($crate::conformance::suite!(@one $open, $attributes, $module, $test);)+)+
    };
    (@one $open:path, [$(#[$attribute:meta])?], $module:ident, $test:ident) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
        $(#[$attribute])?
        async fn $test() {
            let store = $open(stringify!($test)).await;
            $crate::conformance::$module::$test(&store).await;
            store.close().await;
        }
    };
}
pub(crate) use suite;
