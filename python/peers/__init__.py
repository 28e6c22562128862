"""Benchmarks of the engines' own, or the plain loop of their documentation: what `npm run bench:fidelity` runs.

Each is run as `python -m peers.NAME JOB` in the engine's environment, and writes one JSON file in its own format.
"""
