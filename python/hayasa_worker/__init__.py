"""The process that Python engines run in. Stdlib only: what an engine needs it imports in its own `load`."""
