"""What stands beside the road: one module or folder for each command of `python -m venaza`."""
