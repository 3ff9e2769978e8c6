"""The demonstration: the main road walked on a small example, with an account of each step."""
