//! Free text to a requirement.
