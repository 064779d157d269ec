//! uscc
