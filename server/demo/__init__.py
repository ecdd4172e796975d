"""The data that a first look needs: a shop that sells software, and a grocer's real receipts."""
