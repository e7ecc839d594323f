"""Which numbers a test build lets out of an issued handset that lists them all."""

from tocsin.guard import DialGuard

PERMITTED = ("+447700900123", "+447700900999", "+441414960112", "+12025550112", "+29020000")

EMERGENCY = ("999", "112", "911", "000", "110", "118", "119", "108", "995", "993", "18000")

# How an emergency number is written, or hidden from a careless check.
SPELLINGS = (
    "{}", " {}", "{} ", "{};", "{},", "{}w", "tel:{}", "+{}", "0{}", "00{}", "00000000{}",
    "141{}", "1470{}", "*31#{}", "#31#{}", "*{}#", "+44{}", "+440{}", "+44000{}", "+1{}",
    "+10000{}", "+1{}0", "0044{}", "+0044{}", "+00044{}", "+353{}", "+35300{}", "+44141{}",
    "+441470{}", "+440141{}", "+44(0){}", "+0000000{}", "+{}+44", "\t{}", "{}\r", "{}\n",
)  # fmt: skip

MALFORMED = (
    "", "+", "+44", "447700900123", "07700900123", "+44 7700 900123", "+44-7700-900123",
    "+447700900123;", "+447700900123,", "+447700900123p999", "+447700900123\n", "++447700900123",
    "+1234567", "+1234567890123456", "+٤٤٧٧٠٠٩٠٠١٢٣", "+44７７0090012３", "９９９",
)  # fmt: skip


def spellings() -> "list[str]":
    return [shape.format(number) for shape in SPELLINGS for number in EMERGENCY]


def run() -> None:
    refused = spellings() + list(MALFORMED)
    everything = list(PERMITTED) + refused
    guard = DialGuard(False)
    for number in PERMITTED:
        assert guard.permits(number, True, everything), number
        assert not guard.permits(number, False, everything), number
        assert not guard.permits(number, True, []), number
    for number in refused:
        assert not guard.permits(number, True, everything), number
    release = DialGuard(True)
    for number in EMERGENCY:
        assert release.permits(number, True, [number]), number
        assert not release.permits(number, True, []), number
        assert not release.permits(number, False, [number]), number
        assert not release.permits("+44000" + number, True, ["+44000" + number]), number
