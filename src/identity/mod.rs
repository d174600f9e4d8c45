//! Records to persons.
