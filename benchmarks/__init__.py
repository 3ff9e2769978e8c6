"""What the road costs, beside the floor of the same run; `make bench` prints it."""
