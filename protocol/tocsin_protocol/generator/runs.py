"""Cut a message's fields into runs: neighbours of fixed width share one struct call."""

from collections.abc import Iterable

from tocsin_protocol.message import Message
from tocsin_protocol.vocabulary import Field, Integer

Run = list[Field]


def runs(fields: Iterable[Field]) -> list[Run]:
    """The fields in order; each run is either all integers, or one field of varying length."""
    cut: list[Run] = []
    for each in fields:
        if isinstance(each.word, Integer) and cut and isinstance(cut[-1][0].word, Integer):
            cut[-1].append(each)
        else:
            cut.append([each])
    return cut


def message_runs(message: Message) -> list[Run]:
    """The runs of a message; none crosses from the fields of one version to those of another."""
    return [run for part in message.parts for run in runs(part)]


def integers(run: Run) -> list[tuple[str, Integer]]:
    """Names and words of a fixed run; empty for any other."""
    return [(each.name, each.word) for each in run if isinstance(each.word, Integer)]


def struct_format(run: Run) -> str:
    """The struct module's format of a fixed run."""
    return "<" + "".join(word.code for _, word in integers(run))


def is_narrower(word: Integer) -> bool:
    """Whether its range leaves out numbers its octets could hold, so decoding must check."""
    return word.maximum - word.minimum + 1 < 1 << 8 * word.max_bytes
