//! Definition and repetition levels of one column: Parquet's form of nulls and lists.
//!
//! ```text
//! optional column       rows         a    null  b
//!                       definition   1    0     1          the validity bits of Arrow, as they are
//! list column           rows         [a b]    []   [c null]
//!                       repetition   0 1      0    0 1     0 starts a row, 1 continues its list
//!                       definition   2 2      0    2 1     0 empty list, 1 null element, 2 value
//! values that follow                 a b           c
//! ```

use std::borrow::Cow;
use std::ops::Range;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::buffer::{BooleanBuffer, NullBuffer};

use super::hybrid::{push_hybrid, push_packed_header, push_run};

/// Rows and elements of a column. A row has one element or, in a list column, any number.
pub(super) struct Levels {
    rows: usize,
    /// In a list column, the first element of each row, then the number of all elements.
    lists: Option<Vec<usize>>,
    /// Whether each row has exactly one element.
    single: bool,
    /// Whether the schema lets elements be null.
    optional: bool,
    nulls: Option<NullBuffer>,
}

/// Column, split into levels and elements.
pub(super) struct SplitColumn {
    pub levels: Levels,
    pub elements: ArrayRef,
}

impl Levels {
    /// Splits a column into levels and elements. Lists themselves are never null.
    pub fn split(column: &ArrayRef, optional: bool) -> SplitColumn {
        let (lists, elements) = match column.as_list_opt::<i32>() {
            None => (None, column.clone()),
            Some(list) => {
                let offsets = list.offsets();
                let (first, last) = (offsets[0], offsets[offsets.len() - 1]);
                let elements = list.values().slice(first as usize, (last - first) as usize);
                (Some(offsets.iter().map(|offset| (offset - first) as usize).collect::<Vec<_>>()), elements)
            }
        };
        let single = lists.as_ref().is_none_or(|starts| starts.windows(2).all(|pair| pair[0] + 1 == pair[1]));
        let nulls = elements.logical_nulls().filter(|nulls| nulls.null_count() > 0);
        SplitColumn { levels: Self { rows: column.len(), lists, single, optional, nulls }, elements }
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of null elements.
    pub fn null_count(&self) -> usize {
        self.nulls.as_ref().map_or(0, NullBuffer::null_count)
    }

    /// Values of the elements that are not null.
    pub fn present<'v, T: Copy>(&self, values: &'v [T]) -> Cow<'v, [T]> {
        let Some(nulls) = &self.nulls else { return Cow::Borrowed(values) };
        let mut present = Vec::with_capacity(values.len() - nulls.null_count() + 1);
        for (chunk, values) in nulls.inner().bit_chunks().iter_padded().zip(values.chunks(64)) {
            if chunk == u64::MAX {
                present.extend_from_slice(values);
                continue;
            }
            let mut left = chunk;
            while left != 0 {
                present.push(values[left.trailing_zeros() as usize]);
                left &= left - 1;
            }
        }
        Cow::Owned(present)
    }

    /// Booleans of the elements that are not null.
    pub fn present_bits(&self, values: &BooleanBuffer) -> BooleanBuffer {
        match &self.nulls {
            None => values.clone(),
            Some(nulls) => nulls.inner().set_indices().map(|index| values.value(index)).collect(),
        }
    }

    /// Elements of a range of rows.
    fn elements(&self, rows: &Range<usize>) -> Range<usize> {
        match &self.lists {
            None => rows.clone(),
            Some(starts) => starts[rows.start]..starts[rows.end],
        }
    }

    /// Number of elements of a range of rows that are not null.
    pub fn count_present(&self, rows: &Range<usize>) -> usize {
        let elements = self.elements(rows);
        match &self.nulls {
            None => elements.len(),
            Some(nulls) => nulls.inner().slice(elements.start, elements.len()).count_set_bits(),
        }
    }

    /// Appends the levels of a range of rows. Returns the number of levels.
    pub fn push_levels(&self, rows: &Range<usize>, out: &mut Vec<u8>) -> usize {
        match (&self.lists, self.single) {
            (None, _) => {
                if self.optional {
                    with_length(out, |out| self.push_validity(rows, out));
                }
                rows.len()
            }
            (Some(_), true) => {
                with_length(out, |out| push_run(0, rows.len(), 1, out));
                with_length(out, |out| self.push_presence(rows.clone(), out));
                rows.len()
            }
            (Some(starts), false) => self.push_list_levels(&starts[rows.start..=rows.end], out),
        }
    }

    /// Appends the levels of lists with different numbers of elements.
    fn push_list_levels(&self, starts: &[usize], out: &mut Vec<u8>) -> usize {
        let (first, last) = (starts[0], starts[starts.len() - 1]);
        if starts.windows(2).any(|pair| pair[0] == pair[1]) {
            return self.push_levels_with_empty(starts, out);
        }
        let mut repetition = vec![1; last - first];
        starts[..starts.len() - 1].iter().for_each(|start| repetition[start - first] = 0);
        with_length(out, |out| push_hybrid(&repetition, 1, out));
        with_length(out, |out| self.push_presence(first..last, out));
        repetition.len()
    }

    /// Appends the definition levels of elements. No list among the rows may be empty.
    fn push_presence(&self, elements: Range<usize>, out: &mut Vec<u8>) {
        match (&self.nulls, self.optional) {
            (Some(nulls), _) => {
                let levels: Vec<u32> = elements.map(|element| 1 + u32::from(nulls.is_valid(element))).collect();
                push_hybrid(&levels, 2, out);
            }
            (None, true) => push_run(2, elements.len(), 2, out),
            (None, false) => push_run(1, elements.len(), 1, out),
        }
    }

    /// Appends the levels of lists, some of which are empty.
    fn push_levels_with_empty(&self, starts: &[usize], out: &mut Vec<u8>) -> usize {
        let (mut repetition, mut definition) = (Vec::new(), Vec::new());
        let (present, absent) = if self.optional { (2, 1) } else { (1, 1) };
        for pair in starts.windows(2) {
            repetition.push(0);
            if pair[0] == pair[1] {
                definition.push(0);
                continue;
            }
            repetition.resize(repetition.len() + pair[1] - pair[0] - 1, 1);
            let is_present = |element| self.nulls.as_ref().is_none_or(|nulls| nulls.is_valid(element));
            definition.extend((pair[0]..pair[1]).map(|element| if is_present(element) { present } else { absent }));
        }
        with_length(out, |out| push_hybrid(&repetition, 1, out));
        with_length(out, |out| push_hybrid(&definition, if self.optional { 2 } else { 1 }, out));
        repetition.len()
    }

    /// Appends definition levels of one bit: the validity bits.
    fn push_validity(&self, rows: &Range<usize>, out: &mut Vec<u8>) {
        match &self.nulls {
            None => push_run(1, rows.len(), 1, out),
            Some(nulls) => {
                push_packed_header(rows.len().div_ceil(8), out);
                push_bits(&nulls.inner().slice(rows.start, rows.len()), out);
            }
        }
    }
}

/// Appends booleans as bits; zeros fill the last byte.
pub(super) fn push_bits(bits: &BooleanBuffer, out: &mut Vec<u8>) {
    let end = out.len() + bits.len().div_ceil(8);
    bits.bit_chunks().iter_padded().for_each(|chunk| out.extend_from_slice(&chunk.to_le_bytes()));
    out.resize(end, 0);
}

/// Appends levels, preceded by the number of their bytes.
fn with_length(out: &mut Vec<u8>, push: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    push(out);
    let length = (out.len() - start - 4) as u32;
    out[start..start + 4].copy_from_slice(&length.to_le_bytes());
}
