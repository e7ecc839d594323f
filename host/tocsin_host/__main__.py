"""The `tocsin` command; `python -m tocsin_host` is that of this very interpreter."""

from tocsin_host import interrupt


def main() -> None:
    """Run it; Ctrl-C is seen to before anything is loaded that takes time."""
    interrupt.ends_the_process()
    from tocsin_host.cli import main as command

    command(prog_name="tocsin")


if __name__ == "__main__":
    main()
