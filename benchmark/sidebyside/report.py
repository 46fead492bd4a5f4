"""The figures as a table and as JSON."""

from __future__ import annotations

import platform
from pathlib import Path
from statistics import median


def spread(values: list[float]) -> dict[str, float]:
    return {"min": min(values), "median": median(values), "max": max(values)}


def summary(rounds: list[dict], starts: dict[str, list[float]], memory: dict[str, dict[str, float]]) -> dict:
    """One entry for each proxy, from the rounds of all of them."""
    names = list(dict.fromkeys(one["proxy"] for one in rounds))
    measured = {}
    for name in names:
        own = [one for one in rounds if one["proxy"] == name]
        measured[name] = {
            "cpu_us_per_request": spread([one["cpu_us_per_request"] for one in own]),
            "requests_per_second": spread([one["requests_per_second"] for one in own]),
            "p50_ms": median(one["p50_ms"] for one in own),
            "p99_ms": median(one["p99_ms"] for one in own),
            "core_used_by_others": max(one["core_used_by_others"] for one in own),
            "start_seconds": spread(starts[name]) if starts.get(name) else None,
            "resident_mib": memory[name],
        }
    for name in names:
        # Ratios within a round: what disturbs the machine for a while disturbs both.
        measured[name]["ratio_to_nginx"] = spread([
            one["cpu_us_per_request"] / nginx["cpu_us_per_request"]
            for one in rounds if one["proxy"] == name
            for nginx in rounds if nginx["proxy"] == "nginx" and nginx["round"] == one["round"]])
    return measured


def machine() -> dict[str, str]:
    model = next((line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())
    return {"processor": model, "kernel": platform.release()}


def table(measured: dict) -> str:
    head = ["proxy", "CPU us/request (range)", "ratio to nginx (range)", "requests/s", "p50 ms", "p99 ms",
            "start s (min/median/max)", "RSS MiB idle/loaded", "others on core"]
    rows = [head]
    for name, one in measured.items():
        cpu, ratio, start, memory = (one[key] for key in
                                     ("cpu_us_per_request", "ratio_to_nginx", "start_seconds", "resident_mib"))
        rows.append([
            name,
            f"{cpu['median']:.1f} ({cpu['min']:.1f}-{cpu['max']:.1f})",
            f"{ratio['median']:.2f} ({ratio['min']:.2f}-{ratio['max']:.2f})",
            f"{one['requests_per_second']['median']:.0f}",
            f"{one['p50_ms']:.1f}",
            f"{one['p99_ms']:.1f}",
            f"{start['min']:.2f}/{start['median']:.2f}/{start['max']:.2f}" if start else "-",
            f"{memory['idle']:.0f}/{memory['loaded']:.0f}",
            f"{one['core_used_by_others']:.0%}",
        ])
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)
