"""Every convention that is costly to change has named tests: where the API states it, and who would notice its end."""

from __future__ import annotations

import ast

import pytest

from tests.architecture import source

_JOURNEY = "journeys/test_conventions"
# Convention → module of tests (below `tests/`) → claims. The journey tells the whole; the others the finer cases.
CONVENTIONS = {
    "ids": {
        _JOURNEY: ["test_ids_are_of_version_7_and_carry_their_object"],
        "tenants/test_ids": ["test_id_carries_the_number_of_its_object"],
        "resolvers/selection/test_records": ["test_node_of_no_object_is_null"],
        "services/records/test_relations": ["test_an_id_of_another_object_is_told_by_its_number"],
    },
    "API names": {
        _JOURNEY: ["test_names_of_a_tenant_are_pinyin_and_end_in_c"],
        "schema/metadata/test_naming": [
            "test_label_becomes_a_name",
            "test_tenant_ending_stays_last",
            "test_clash_appends_a_number_before_the_ending",
            "test_every_label_makes_a_graphql_name",
        ],
        "services/packs/test_files": ["test_names_stay_clear_of_each_other_and_of_tenants"],
    },
    "choices": {
        _JOURNEY: ["test_choices_are_keys_whose_words_stand_beside_them"],
        "schema/sdl/test_outputs": ["test_choice_has_a_label_in_a_language"],
        "services/query/test_records": ["test_a_choice_that_is_no_longer_defined_is_its_own_label"],
    },
    "mutations": {
        _JOURNEY: ["test_mutations_of_a_document_are_transactions_of_their_own_in_order"],
        "resolvers/test_mutations": [
            "test_mutations_run_in_order_and_a_later_failure_keeps_the_earlier",
            "test_payload_that_cannot_be_read_takes_the_write_back",
            "test_eleven_mutations_are_too_many",
        ],
    },
    "errors": {
        _JOURNEY: ["test_errors_of_the_input_are_in_the_payload_and_all_others_beside_it"],
        "resolvers/test_errors": [
            "test_error_names_code_family_and_request",
            "test_defect_is_logged_and_says_nothing",
            "test_payload_holds_what_is_wrong_with_the_input_and_nothing_else",
        ],
        "resolvers/test_records": ["test_record_out_of_sight_is_not_found_like_one_that_never_was"],
    },
    "null": {
        _JOURNEY: ["test_missing_is_the_default_and_null_is_empty"],
        "services/query/test_matching": ["test_filter_that_says_nothing_is_told_from_one_that_does"],
        "resolvers/selection/test_filters": ["test_null_operand_is_refused_by_name_and_place"],
    },
    "three-valued filters": {
        _JOURNEY: ["test_negative_filters_include_what_is_empty"],
        "services/query/test_conditions": [
            "test_random_filters_choose_what_the_reference_chooses",
            "test_relation_predicates_range_over_records_the_caller_may_see",
        ],
    },
    "clientMutationId": {
        _JOURNEY: ["test_mutation_sent_again_is_read_again_with_present_rights"],
        "services/test_idempotency": [
            "test_twins_at_the_same_time_happen_once",
            "test_another_body_under_the_same_key_is_a_conflict",
            "test_another_principal_has_keys_of_its_own",
            "test_a_refusal_is_not_remembered_and_nothing_of_it_written",
            "test_any_other_failure_leaves_no_row",
            "test_a_key_is_forgotten_after_seven_days",
        ],
    },
    "nullability": {
        _JOURNEY: ["test_generated_outputs_may_be_null_but_for_what_is_always_there"],
        "schema/sdl/test_outputs": ["test_only_what_is_always_there_is_non_null"],
    },
    "order": {
        _JOURNEY: ["test_empty_values_are_last_in_both_directions_and_cursors_belong_to_an_order"],
        "services/query/test_paging": [
            "test_both_directions_answer_every_record_once_in_order",
            "test_a_cursor_of_another_order_is_refused",
            "test_records_of_equal_keys_are_neither_skipped_nor_repeated",
        ],
    },
    "text order": {
        _JOURNEY: ["test_names_sort_by_sound_and_text_compares_by_code_point"],
        "schema/metadata/test_companions": ["test_chinese_sorts_by_sound"],
    },
    "scalars": {
        _JOURNEY: ["test_numbers_and_moments_are_text"],
        "schema/sdl/test_scalars": [
            "test_decimal_is_read_exactly",
            "test_long_is_bounded_by_64_bits",
            "test_moment_is_written_in_utc_with_microseconds",
        ],
        "services/query/test_text": ["test_values"],
    },
    "money": {
        _JOURNEY: ["test_money_has_a_currency_and_is_summed_by_it"],
        "services/query/test_aggregates": ["test_two_money_fields_do_not_mix_their_currencies"],
    },
    "time": {
        _JOURNEY: ["test_days_are_those_of_the_zone_and_weeks_begin_on_monday"],
        "services/query/test_relative_dates": ["test_weeks_begin_on_monday", "test_midnight_is_that_of_the_zone"],
    },
    "relations": {
        _JOURNEY: ["test_other_side_of_a_relation_is_named_after_the_many"],
        "services/metadata/test_free_names": ["test_relation_is_seen_as_the_plural_of_its_object"],
    },
    "several choices and history": {
        _JOURNEY: ["test_several_choices_are_a_list_and_history_is_kept_by_field"],
        "schema/metadata/test_physical": ["test_tags_have_an_inverted_index"],
        "services/records/test_trace": ["test_a_deed_is_told_by_field_number_and_audited_by_name"],
    },
    "soft delete": {
        _JOURNEY: ["test_deletion_takes_children_along_and_restoring_brings_back_exactly_those"],
        "services/records/test_deletion": [
            "test_a_restricted_relation_keeps_the_record",
            "test_its_unique_value_is_free_again",
        ],
        "services/records/test_restoration": ["test_restoring_undoes_exactly_what_the_deletion_did"],
        "services/query/test_relations": ["test_a_hidden_target_reads_null_by_record_and_by_id"],
    },
    "unique against the invisible": {
        _JOURNEY: ["test_value_taken_by_a_record_out_of_sight_is_refused_and_never_updated"],
        "services/records/test_upserting": ["test_a_record_out_of_sight_is_never_changed"],
    },
    "auto-number": {
        _JOURNEY: ["test_numbers_are_given_in_order_and_by_nobody_else"],
        "services/records/test_numbering": [
            "test_a_refused_record_may_leave_a_gap_but_never_a_twin",
            "test_a_format_with_a_period_counts_anew_in_each",
            "test_writers_of_one_period_do_not_share_a_number",
        ],
    },
    "labels": {
        _JOURNEY: ["test_labels_fall_back_to_the_other_language_and_the_name"],
        "schema/metadata/test_fields": ["test_words_fall_back_to_the_other_language_and_the_name"],
        "resolvers/test_schemas": ["test_tenants_of_equal_shape_share_a_schema"],
    },
    "versions": {"resolvers/test_sdl": ["test_committed_schema_is_that_of_the_demo_tenant"]},
}


def claims_of(name: str) -> frozenset[str]:
    """The tests of a module."""
    tree = ast.parse((source.ROOT / "tests" / f"{name}.py").read_text(encoding="utf-8"))
    return frozenset(
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    )


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_convention_has_the_tests_that_are_named_for_it(convention: str) -> None:
    """A test that is renamed takes its line here along; one that is dropped leaves a convention unguarded."""
    missing = {name: set(claims) - claims_of(name) for name, claims in CONVENTIONS[convention].items()}

    assert {name: claims for name, claims in missing.items() if claims} == {}


def test_every_test_of_the_journey_stands_for_a_convention() -> None:
    named = [claim for tests in CONVENTIONS.values() for claim in tests.get(_JOURNEY, [])]

    assert sorted(named) == sorted(claims_of(_JOURNEY))
