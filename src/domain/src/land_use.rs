//! land_use
