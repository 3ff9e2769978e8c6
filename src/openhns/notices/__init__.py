"""Notices to parties, their transmission by channel, receipts, objections, bundles."""
