//! What all stages speak of: identifiers and dates, fields and tables, row ids, interned texts, records and the keys by which they are found.
//!
//! Knows no file and no setting, and of rules the codes alone.

mod code;
mod field;
mod identifier;
mod identity_key;
mod interner;
mod records;
mod residence;
mod row_id;
mod row_sink;
mod row_texts;
mod sparse_attribute;
mod text_hash;

pub use code::{Code, Kind, Latitude, Severity, Subject};
pub use field::{Field, Table};
pub use identifier::{
    ClinicId, Date, DateFormat, Enp, EnpFault, EnpParts, EnpReading, InsurerId, NameFault, NameKey, NameQuality, OrganisationId,
    PolicyKind, SHORT_DOCUMENT_NUMBER_BYTES, SHORT_POLICY_NUMBER_BYTES, Sex, Snils, SnilsFault, address_key, birth_code,
    names_compatible, normalise_document_digits, normalise_document_number, normalise_name, normalise_policy_number,
    normalise_short_policy_number,
};
pub use identity_key::{document_key, key_of_document, key_of_form, policy_key};
pub use interner::{InternedText, InternedTexts, Interner, InternerCache};
pub use records::{
    Action, AttachmentRecord, Identity, QuarantinedRow, Record, RecordFlags, RegisterRecord, RowFinding, RowOwner, RowState,
};
pub use residence::Residence;
pub use row_id::{CountedChunk, RowId, RowIds};
pub use row_sink::{RowShape, RowSink, RowValues};
pub use row_texts::{RowTexts, TextKind};
pub use sparse_attribute::{AttributeKind, SparseAttribute};
pub use text_hash::{RowHash, hash_text};
