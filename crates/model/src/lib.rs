//! Domain model of all stages: identifiers and dates, fields and tables, row ids, interned texts, records and their keys, codes of rules.
//!
//! Files, settings and the texts of rules are not known here.

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
    AttachmentMethod, Category, CategoryStatus, ClinicId, Date, DateFormat, DocumentKind, Enp, EnpFault, EnpHolder, EnpParts,
    EnpReading, InsurerId, MonthDay, NameFault, NameKey, NameQuality, OperationReason, OrganisationId, PersonId, PolicyKind,
    Profile, SHORT_DOCUMENT_NUMBER_BYTES, SHORT_POLICY_NUMBER_BYTES, Sex, Snils, SnilsFault, address_key, birth_code,
    names_compatible, normalise_document_digits, normalise_document_number, normalise_name, normalise_policy_number,
    normalise_short_policy_number,
};
pub use identity_key::{IdentityKeys, document_key, policy_key};
pub use interner::{InternedText, InternedTexts, Interner, InternerCache};
pub use records::{
    Action, AttachmentRecord, Identity, QuarantinedRow, Record, RecordFlags, RegisterRecord, RowFinding, RowOwner, RowState,
};
pub use residence::Residence;
pub use row_id::{CountedChunk, RecordPosition, RowId, RowIds, SourceLine};
pub use row_sink::{RowShape, RowSink, RowValues};
pub use row_texts::{RowTexts, TextKind};
pub use sparse_attribute::{AttributeKind, SparseAttribute};
pub use text_hash::{RowHash, hash_text};
