//! The record of a collaboration as a PDF.
