"""The parts of `benchmark/run`: processes, proxies, load and report."""
