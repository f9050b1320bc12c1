"""Run folders that earlier versions wrote: what their manifests lack is filled in when they are read."""

from __future__ import annotations

from typing import Any

__all__ = ["with_fields_of_names"]


def with_fields_of_names(manifest: dict[str, Any]) -> dict[str, Any]:
    """Return a manifest whose metrics have ``instrument``, ``part`` and ``own_name``.

    Earlier manifests have the name alone.  Neither an instrument's name nor a metric's own has a dot, so
    that the name says all three.

    >>> with_fields_of_names({"metrics": [{"name": "pool.trade.lent"}]})["metrics"]
    [{'name': 'pool.trade.lent', 'instrument': 'pool', 'part': 'trade', 'own_name': 'lent'}]
    """
    return manifest | {"metrics": [{**metric, **_fields(metric)} for metric in manifest["metrics"]]}


def _fields(metric: dict[str, Any]) -> dict[str, str]:
    if "own_name" in metric:
        return {}
    instrument, *part, own_name = metric["name"].split(".")
    return {"instrument": instrument, "part": ".".join(part), "own_name": own_name}
