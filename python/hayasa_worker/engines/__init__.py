"""One file per engine; its name is the engine's id with `_` for `-`, and it defines `create_engine()`."""
