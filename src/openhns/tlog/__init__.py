"""The log: C2SP transparency logs on disk, written, proved and read back.

| module | specification |
|---|---|
| `ed25519` | RFC 8032, under one strict rule |
| `note` | c2sp.org/signed-note |
| `checkpoint` | c2sp.org/tlog-checkpoint |
| `cosignature` | c2sp.org/tlog-cosignature, Ed25519 |
| `merkle` | RFC 6962 section 2.1, RFC 9162 section 2.1 |
| `tiles`, `folder`, `reader` | c2sp.org/tlog-tiles |
| `proof` | c2sp.org/tlog-proof |
| `policy` | c2sp.org/tlog-policy |
| `audit` | a whole log replayed from its folder |

The room needs `cryptography` and the standard library, and imports nothing else of the house.
"""
