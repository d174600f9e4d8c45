//! Files to rows: mapped bytes, a layout, typed fields.
