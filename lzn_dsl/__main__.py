"""`python -m lzn_dsl` is `lzn`."""

from lzn_dsl.cli.app import main

if __name__ == "__main__":
    main()
