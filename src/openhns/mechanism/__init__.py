"""The mechanism and its policy, organisations and their vetting, people, roles, notes."""
