"""Claims: what a sentence says, laid beside the words it rests on, for attribution and verification."""
