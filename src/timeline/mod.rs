//! Persons to stays: one insurer and one clinic at a time.
