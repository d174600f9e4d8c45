//! Rows to records: the row checks, findings, quarantine and duplicates.
