//! Publishing: Parquet tables, the manifest, and the single step that makes a run visible.
//!
//! This stage computes nothing. It takes Arrow record batches in the shape that `schemas/outputs/` describes and writes
//! them; the same batches give the same bytes. A run appears in the output folder as a whole or not at all. The origin
//! of rows is not known here, and no other stage renames files in the output folder.

mod archive;
mod closed;
mod corrections;
mod description;
mod disk;
mod document;
mod encode;
mod error;
mod figures;
mod file;
mod folder;
mod json;
mod left_out;
mod lock;
mod manifest;
mod operator;
mod order;
mod pending_folder;
mod pins;
mod quality;
mod retention;
mod run_id;
mod run_list;
#[cfg(test)]
mod sample;
mod sink;
mod summary_files;
mod table;
mod verify;
mod verify_all;
mod writer;

pub use archive::{ZipWriter, zip_of};
pub use closed::{ClosedMonth, ReplacedClosing};
pub use corrections::{BookedRow, BookedSum, Booking, MonthCorrections, booked_by};
pub use disk::Readers;
pub use document::Document;
pub use error::{PublishError, is_exhausted};
pub use figures::{FigureKey, FigureTable, Figures, SumKey, add_figures, kopecks_of, millionths_of, sums_of};
pub use folder::{BecomesCurrent, LatestRun, OutputFolder, PendingRun, Published, Remains, answers_folder};
pub use json::json_text;
pub use left_out::{LeftOut, MissingSender};
pub use lock::{HeldLock, Holder, NotTaken};
pub use manifest::{AdjoiningEnds, CareTotal, Engine, Event, Input, Insurer, Job, Manifest, Output, StageTime, Totals};
pub use operator::user_name;
pub use pending_folder::PendingFolder;
pub use pins::Pin;
pub use quality::{Quality, QualityFigures, SenderVolume, SenderVolumes};
pub use retention::{KeepReason, KeptRun, PrunePlan, Retention};
pub use run_id::{InputIdentity, run_id, sources_key};
pub use run_list::{ListedRun, RunList, UnreadableRun};
pub use sink::TableSink;
pub use summary_files::SummaryFiles;
pub use table::{OutputTable, TableSet, TableSpec};
pub use verify::{Difference, DifferenceKind, differences};
pub use verify_all::{Damage, FolderCheck, bytes_of_runs, check_folder};
pub use writer::{EncodedRowGroup, ROW_GROUP_ROWS, RowGroupEncoder, TableWriter, WrittenTable, write_table};
