"""The demonstration: the public record of northwest Syria, replayed, with a tour through it."""
