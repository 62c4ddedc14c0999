"""The single-source ledger 统一台账: each data element has one owner, is entered once and used by
all who may (一数一源)."""
