//! Files of this machine that a statement reads as tables, if the user allows it.

use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::Arc;

use polars::prelude::{
    CsvReadOptions, DataFrame, IntoLazy as _, JsonFormat, JsonReader, LazyFrame, PolarsError, PolarsResult, SerReader as _,
};

use super::fault::{Ended, guarded};
use super::scan::{ReadState, scan};
use super::statement::{FileReader, FileTable};
use super::{QueryError, system_error};

/// Opens a file as a table. Text is read as a whole, Parquet like the tables of the run.
///
/// # Errors
/// When the path is no file, the file cannot be read, or it is not of its kind.
pub(super) fn open(file: &FileTable, state: &Arc<ReadState>) -> Result<LazyFrame, QueryError> {
    let fault = |cause| QueryError::File { path: file.path.clone(), cause };
    let found = fs::metadata(&file.path).map_err(fault)?;
    if !found.is_file() {
        return Err(fault(std::io::Error::other("it is not a regular file")));
    }
    if file.reader == FileReader::Parquet {
        return scan(&file.name, &[PathBuf::from(&file.path)], state).map_err(|error| fault(error.cause));
    }
    // Types are detected from values, so errors may hold values from here on.
    state.note_values();
    let opened = File::open(&file.path).map_err(fault)?;
    let read = || match file.reader {
        FileReader::Csv => read_csv(opened),
        FileReader::JsonLines => JsonReader::new(opened).with_json_format(JsonFormat::JsonLines).finish(),
        FileReader::Parquet => Ok(DataFrame::empty()),
    };
    match guarded(read) {
        Ended::Well(frame) => Ok(frame.lazy()),
        Ended::Failed(PolarsError::IO { error, .. }) => Err(fault(system_error(&error))),
        Ended::Failed(_) | Ended::Panicked => {
            let kind =
                if file.reader == FileReader::Csv { "text with a header and commas" } else { "JSON with one object a line" };
            Err(fault(std::io::Error::other(format!("it is not {kind}, in UTF-8"))))
        }
    }
}

fn read_csv(file: File) -> PolarsResult<DataFrame> {
    let options = CsvReadOptions::default().with_has_header(true);
    let options = options.map_parse_options(|parse| parse.with_try_parse_dates(true).with_missing_is_null(true));
    options.into_reader_with_file_handle(file).finish()
}
