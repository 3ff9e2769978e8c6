"""The mailbox: one file per transmission on the operator's server, sealed, in a party's folder."""
