"""Programs in a notebook: `%load_ext lzn_dsl`, then cells that begin with `%%lzn NAME`."""
