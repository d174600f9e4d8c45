//! Columns of the published tables that answers read.

/// Columns of `findings`.
pub(super) mod finding {
    crate::table_reader::columns! {
        SOURCE: Text = "source",
        LINE: Int64 = "line",
        FIELD: Text = "field",
        CODE: Text = "code",
        PERSON: Int64 = "person_id",
        SEVERITY: Text = "severity",
    }
}

/// Columns of `duplicates`.
pub(super) mod duplicate {
    crate::table_reader::columns! {
        TABLE: Text = "table",
        SOURCE: Text = "source",
        LINE: Int64 = "line",
        KEPT_SOURCE: Text = "kept_source",
        KEPT_LINE: Int64 = "kept_line",
    }
}

/// Columns of `decisions`.
pub(super) mod decision {
    crate::table_reader::columns! {
        PERSON: Int64 = "person_id",
        SUBJECT: Text = "subject",
        PROFILE: Int32 = "profile",
        OUTCOME: Text = "outcome",
        RULE: Text = "rule",
        LOSING_CODE: Text = "losing_code",
        WINNING_CODE: Text = "winning_code",
        START: Date = "start",
        LOSER_SOURCE: Text = "loser_source",
        LOSER_LINE: Int64 = "loser_line",
        WINNER_SOURCE: Text = "winner_source",
        WINNER_LINE: Int64 = "winner_line",
    }
}

/// Columns of `persons`.
pub(super) mod register_row {
    crate::table_reader::columns! {
        PERSON: Int64 = "person_id",
        ENP: Text = "enp",
        CLINIC: Text = "clinic",
        ATTACHED_FROM: Date = "attached_from",
    }
}

/// Columns of `insurance_stays`.
pub(super) mod insurance {
    crate::table_reader::columns! {
        PERSON: Int64 = "person_id",
        INSURER: Text = "insurer",
        FROM: Date = "from",
        RECORD_SOURCES: Texts = "record_sources",
        RECORD_LINES: Numbers = "record_lines",
    }
}

/// Columns of `attachment_stays`.
pub(super) mod attachment {
    crate::table_reader::columns! {
        PERSON: Int64 = "person_id",
        PROFILE: Int32 = "profile",
        CLINIC: Text = "clinic",
        FROM: Date = "from",
        RECORD_SOURCES: Texts = "record_sources",
        RECORD_LINES: Numbers = "record_lines",
    }
}
