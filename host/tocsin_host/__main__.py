"""`python -m tocsin_host`: the `tocsin` command of this very interpreter."""

from tocsin_host.cli import main

main(prog_name="tocsin")
