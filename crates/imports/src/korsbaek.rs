//! KLE
