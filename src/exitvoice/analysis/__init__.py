"""Numbers to numbers: twin worlds, lives followed through both, sensitivity, discovery; siblings are independent."""
