"""Compare a schema with the last released one: what an older peer would no longer understand.

Within a major version ids and numbers are never used again, and fields are only appended, newer
than the release, so that an older peer's shorter body still decodes.
"""

from collections.abc import Iterator, Mapping, Sequence

from tocsin_protocol.release import (
    ConfigRelease,
    FieldRelease,
    Limits,
    MessageRelease,
    Release,
    version_of,
)


def breaks(released: Release, current: Release) -> list[str]:
    """One sentence for each promise of `released` that `current` does not keep."""
    old, new = version_of(released["version"]), version_of(current["version"])
    if new[0] > old[0]:
        return []  # another major version may do anything
    if new < old:
        return [f"the schema's version {current['version']} is older than {released['version']}"]
    return [
        *_message_breaks(released, current),
        *_removed_id_breaks(released, current),
        *_addition_breaks(released, current),
        *_record_breaks(released, current),
        *_name_breaks(released["names"], current["names"]),
        *_config_breaks(released["config"], current["config"]),
    ]


def _message_breaks(released: Release, current: Release) -> Iterator[str]:
    holders = {each["id"]: name for name, each in current["messages"].items()}
    for name, old in released["messages"].items():
        holder = holders.get(old["id"])
        if holder == name:
            yield from _changes(name, old, current["messages"][name], released["version"])
        elif holder is not None:
            yield f"id {old['id']:#04x} was {name} and is reused for {holder}"
        elif name in current["messages"]:
            yield f"{name} had id {old['id']:#04x} and has another"
        elif old["id"] not in current["removed_ids"]:
            yield f"{name} is gone, but its id {old['id']:#04x} is not listed in REMOVED_IDS"


def _removed_id_breaks(released: Release, current: Release) -> Iterator[str]:
    holders = {each["id"]: name for name, each in current["messages"].items()}
    for number in released["removed_ids"]:
        if number in holders:
            yield f"id {number:#04x} was removed and is reused for {holders[number]}"
        elif number not in current["removed_ids"]:
            yield f"id {number:#04x} was removed and is no longer listed in REMOVED_IDS"


def _changes(name: str, old: MessageRelease, new: MessageRelease, release: str) -> Iterator[str]:
    if old["direction"] != new["direction"]:
        yield f"{name} went {old['direction']} and goes {new['direction']}"
    if old["since"] != new["since"]:
        yield f"{name} came with {old['since']}, which cannot become {new['since']}"
    yield from _field_breaks(name, old["fields"], new["fields"])
    known = {each["name"] for each in old["fields"]}
    for each in new["fields"]:
        if each["name"] not in known and not _is_newer(each["since"], release):
            yield f"{name}.{each['name']} is not in release {release}: its since must be later"


def _field_breaks(
    owner: str, released: Sequence[FieldRelease], current: Sequence[FieldRelease]
) -> Iterator[str]:
    """Fields that are gone, moved or no longer hold what they held."""
    by_name = {each["name"]: each for each in current}
    kept = [each for each in released if each["name"] in by_name]
    for old in released:
        if old["name"] in by_name:
            yield from _narrowed(f"{owner}.{old['name']}", old, by_name[old["name"]])
        else:
            yield f"{owner}.{old['name']} is removed"
    if [*by_name][: len(kept)] != [each["name"] for each in kept]:
        yield f"the order of {owner}'s fields changed: new ones go to the end"


def _narrowed(place: str, old: Limits, new: Limits) -> Iterator[str]:
    if old["kind"] != new["kind"]:
        yield f"{place} was {old['kind']} and is {new['kind']}"
        return
    if old.get("minimum", 0) < new.get("minimum", 0):
        yield f"{place} is narrowed: its minimum was {old['minimum']} and is {new['minimum']}"
    if old.get("maximum", 0) > new.get("maximum", 0):
        yield f"{place} is narrowed: its maximum was {old['maximum']} and is {new['maximum']}"


def _addition_breaks(released: Release, current: Release) -> Iterator[str]:
    for name, new in current["messages"].items():
        if name not in released["messages"] and not _is_newer(new["since"], released["version"]):
            yield f"{name} is not in release {released['version']}: its since must be later"


def _is_newer(since: str, release: str) -> bool:
    return version_of(since) > version_of(release)


def _record_breaks(released: Release, current: Release) -> Iterator[str]:
    """Records stand one after another in arrays, so they cannot even grow."""
    for name, old in released["records"].items():
        new = current["records"].get(name)
        if new is None:
            yield f"record {name} is removed"
            continue
        yield from _field_breaks(name, old, new)
        if len(new) > len(old):
            yield f"record {name} has grown: an older peer could not tell its entries apart"


def _name_breaks(
    released: Mapping[str, Mapping[str, int]], current: Mapping[str, Mapping[str, int]]
) -> Iterator[str]:
    for name, old in released.items():
        if name not in current:
            yield f"enumeration {name} is removed"
            continue
        for member, value in old.items():
            if member not in current[name]:
                yield f"{name}.{member} is removed"
            elif current[name][member] != value:
                yield f"{name}.{member} was {value} and is {current[name][member]}"


def _config_breaks(
    released: Mapping[str, ConfigRelease], current: Mapping[str, ConfigRelease]
) -> Iterator[str]:
    for key, old in released.items():
        if key not in current:
            yield f"configuration key {key} ({old['name']}) is removed"
        elif current[key]["name"] != old["name"]:
            yield f"configuration key {key} was {old['name']} and is {current[key]['name']}"
        else:
            yield from _narrowed(f"configuration key {old['name']}", old, current[key])
