"""What must hold for any version of the schema."""

import json
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest

from tocsin_protocol import schema
from tocsin_protocol.schema.air import ANSWER_ACK, SEALED, TAG_REPORT
from tocsin_protocol.schema.config import VALUE_MAX_BYTES
from tocsin_protocol.schema.transfer import CHUNK_MAX_BYTES
from tocsin_protocol.vocabulary import Array, Blob, Choice, Member, Text, names

ROOT = Path(__file__).resolve().parents[2]
CHANNEL_HEADER_BYTES = 4
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


def test_every_message_of_a_session_fits_one_payload_when_it_is_sealed() -> None:
    room = schema.MAX_PAYLOAD_BYTES - CHANNEL_HEADER_BYTES - LINK_HEADER_BYTES - AEAD_TAG_BYTES
    for message in schema.MESSAGES:
        if message.roles:
            assert message.max_bytes <= room, message.name


def test_what_is_newer_than_the_first_release_says_so() -> None:
    released = json.loads((ROOT / "protocol" / "released" / "1.0.json").read_text())
    for group in (*schema.ENUMS, *schema.FLAGS):
        for member in group.members:
            known = released["names"].get(group.name, {member.name: 0})
            assert (member.since > (1, 0)) == (member.name not in known), (group.name, member.name)
    for key in schema.CONFIG:
        assert (key.since > (1, 0)) == (str(key.key) not in released["config"]), key.name


def test_a_transfer_chunk_may_be_longer_than_one_octet_counts() -> None:
    assert CHUNK_MAX_BYTES > 255
    assert Blob(255).max_bytes == 256
    assert Blob(256).max_bytes == 258


@pytest.mark.parametrize("word", [Text, lambda limit: Array(schema.RECORDS[0], limit)])
def test_no_other_length_takes_two_octets(word: Callable[[int], object]) -> None:
    word(255)
    with pytest.raises(ValueError, match="256 does not fit into one octet"):
        word(256)


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
