"""`python -m exitvoice` is the command `exitvoice`."""

from exitvoice.cli.app import main

if __name__ == "__main__":
    main()
