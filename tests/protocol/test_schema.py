"""What must hold for any version of the schema."""

from itertools import chain

import pytest

from tocsin_protocol import schema
from tocsin_protocol.schema.air import ANSWER_ACK, SEALED, TAG_REPORT
from tocsin_protocol.schema.config import VALUE_MAX_BYTES
from tocsin_protocol.vocabulary import Choice, Member, names

LINK_HEADER_BYTES = 2
ID_BYTES = 1
AEAD_TAG_BYTES = 16
SMS_MAX_BYTES = 133  # 140 less an application port header (3GPP TS 23.040 clause 9.2.3.24.4)


def test_message_ids_and_names_are_unique() -> None:
    assert len({each.id for each in schema.MESSAGES}) == len(schema.MESSAGES)
    assert len({each.name for each in schema.MESSAGES}) == len(schema.MESSAGES)


def test_every_link_message_fits_one_payload() -> None:
    for message in schema.MESSAGES:
        if message.direction.is_link:
            assert LINK_HEADER_BYTES + message.max_bytes <= schema.MAX_PAYLOAD_BYTES, message.name


def test_what_goes_over_the_air_fits_one_short_message() -> None:
    assert ID_BYTES + SEALED.max_bytes <= SMS_MAX_BYTES
    box = next(each.word for each in SEALED.fields if each.name == "box")
    for inner in (TAG_REPORT, ANSWER_ACK):
        assert 1 + ID_BYTES + inner.max_bytes + AEAD_TAG_BYTES <= box.max_bytes


def test_enumerations_have_unique_numbers_and_firmware_names() -> None:
    every = list(chain(schema.ENUMS, schema.FLAGS))
    assert len({each.prefix for each in every}) == len(every)
    for each in every:
        assert len({member.value for member in each.members}) == len(each.members)
        assert len({member.name for member in each.members}) == len(each.members)


def test_every_stage_has_a_known_reporter() -> None:
    for stage in schema.ENUMS[0].members:
        assert stage.extra["reporters"]
        assert set(stage.extra["reporters"]) <= set(schema.REPORTERS)


def test_only_the_far_end_reports_the_answer() -> None:
    reporters = {stage.name: stage.extra["reporters"] for stage in schema.ENUMS[0].members}
    assert reporters["ANSWERED"] == ("far end",)


def test_configuration_keys_are_unique_and_fit_their_message() -> None:
    assert len({each.key for each in schema.CONFIG}) == len(schema.CONFIG)
    assert len({each.name for each in schema.CONFIG}) == len(schema.CONFIG)
    for each in schema.CONFIG:
        assert each.decode(each.encode(each.default)) == each.default
        assert len(each.encode(each.default)) <= VALUE_MAX_BYTES


def test_an_enumeration_with_a_gap_is_no_word_of_the_vocabulary() -> None:
    gap = names("Gap", "GAP", "", Member("ONE", 1, ""), Member("THREE", 3, ""))
    with pytest.raises(ValueError, match="Gap must count up without gaps"):
        Choice(gap)
