"""The demonstration's own screens: its door, its tour, and the record that it replays."""
