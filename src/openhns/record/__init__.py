"""Events, and the sequencer that puts them into the transparency log."""
